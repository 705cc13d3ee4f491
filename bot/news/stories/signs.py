"""What a report is found by before its text is asked: its link, and its headline."""

from dataclasses import dataclass, field

from bot.news.stories.filed import Filed


@dataclass
class Signs:
    """Reports by hashes of their links and of their titles; nothing is found under 0."""

    links: dict[int, list[Filed]] = field(default_factory=dict)
    titles: dict[int, list[Filed]] = field(default_factory=dict)

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
