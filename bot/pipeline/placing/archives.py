"""What was out before the window began: it is kept to be found, and tells no story of these days.

First polls and archives bring most of it. It rings nobody, so that no news can be lost by it; in
the window it would take the place of what was told, and count as an outlet that tells it today.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.news.stories.clustering import WINDOW_SECONDS, Verdict
from bot.news.stories.placing import ReportPlace
from bot.news.story import Report
from storage.stories.stories import Stories


def is_archived(report: Report) -> bool:
    """Whether it rings nobody and was out before the window that it was seen in began."""
    return report.quiet and report.at < report.seen_at - WINDOW_SECONDS


@dataclass
class Archived:
    """The stories of such reports, for one batch. Only the link that another feed shows too says
    that two tell the same; what chats brought stands alone.
    """

    _stories: dict[int, int]
    _by_link: dict[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    async def among(cls, reports: Iterable[Report], stories: Stories) -> "Archived":
        """What is known of the archived ones of these reports."""
        asked = [each.id for each in reports if is_archived(each) and not each.guest]
        return cls(await stories.with_links_of(asked) if asked else {})

    def place(self, report: Report) -> ReportPlace:
        """Where such a report goes: into no window, so that it has no number."""
        story = self._stories.get(report.id)
        if report.canonical and not report.guest:
            if story is None:
                known, feed = self._by_link.get(report.canonical, (None, report.feed_id))
                story = None if feed == report.feed_id else known
            told = report.id if story is None else story
            self._by_link.setdefault(report.canonical, (told, report.feed_id))
        verdict = Verdict(None, "new") if story is None else Verdict(story, "link", 1.0)
        return ReportPlace(verdict, report.id if story is None else story, 0)
