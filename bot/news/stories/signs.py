"""What a report of guests is found by before its text is asked: its link, and its headline."""

from bot.news.stories.filed import Filed


class Signs:
    """Reports by the hashes of their links and of their long headlines, in the order of adding."""

    def __init__(self) -> None:
        self.links: dict[int, list[Filed]] = {}
        self.titles: dict[int, list[Filed]] = {}

    def add(self, report: Filed) -> None:
        """Takes in a report with the link and the title that it has."""
        for known, key in ((self.links, report.link), (self.titles, report.title)):
            if key:
                known.setdefault(key, []).append(report)

    def drop(self, report: Filed) -> None:
        """Lets it go again."""
        for known, key in ((self.links, report.link), (self.titles, report.title)):
            if key:
                known[key].remove(report)
                if not known[key]:
                    del known[key]
