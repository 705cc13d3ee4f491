"""The stories of the window by the rows of their reports."""

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from bot.news.stories.filed import Filed, tally
from bot.news.stories.report_table import ReportTable
from bot.news.stories.vocabulary import Term

_LARGE = 12
"""From so many reports on a story keeps the counts of its terms; before, it counts them anew."""


class _Several:
    """The rows of a story of several reports, in the order of placing."""

    __slots__ = ("counts", "serials")

    def __init__(self, serials: Sequence[int]) -> None:
        self.serials = array("I", serials)
        self.counts: dict[Term, int] | None = None


class StoryOfRows:
    """A story of the window: its reports are rows of a table."""

    __slots__ = ("_counts", "_table", "id", "serials")

    def __init__(
        self,
        table: ReportTable,
        story_id: int,
        serials: Sequence[int],
        counts: Mapping[Term, int] | None,
    ) -> None:
        self._table = table
        self._counts = counts
        self.id = story_id
        self.serials = serials

    @property
    def size(self) -> int:
        """How many reports tell it."""
        return len(self.serials)

    @property
    def first(self) -> Filed:
        """The report that was placed first."""
        return self._table.report(self.serials[0])

    @property
    def last(self) -> float:
        """When the newest came."""
        return max(map(self._table.came, self.serials))

    def has_feed(self, feed: int) -> bool:
        """Whether a report of this feed tells it."""
        return any(self._table.feed(serial) == feed for serial in self.serials)

    def tally(self, asked: frozenset[Term]) -> Mapping[Term, int]:
        """How many of its reports have each of the terms asked for; it may tell of others too."""
        if self._counts is not None:
            return self._counts
        return tally(asked, map(self._table.terms, self.serials))


class StoryTable:
    """Which rows tell each story. Most stories have one report: it stands for itself."""

    def __init__(self, table: ReportTable) -> None:
        self._table = table
        self._stories: dict[int, int | _Several] = {}
        self.largest = 1
        """No story has more reports than so many, or had."""

    def __len__(self) -> int:
        return len(self._stories)

    def __iter__(self) -> Iterator[int]:
        return iter(self._stories)

    def of_several(self) -> Iterator[Sequence[int]]:
        """The rows of each story that several tell."""
        return (each.serials for each in self._stories.values() if isinstance(each, _Several))

    def story(self, story_id: int) -> StoryOfRows | None:
        """A story, or None where no live report tells it."""
        found = self._stories.get(story_id)
        if found is None:
            return None
        if isinstance(found, int):
            return StoryOfRows(self._table, story_id, (found,), None)
        return StoryOfRows(self._table, story_id, found.serials, found.counts)

    def join(self, story_id: int, serial: int) -> None:
        """Notes that a row tells a story; rows come in the order of placing."""
        found = self._stories.setdefault(story_id, serial)
        if isinstance(found, int):
            if found == serial:
                return
            found = self._stories[story_id] = _Several([found])
        found.serials.append(serial)
        self.largest = max(self.largest, len(found.serials))
        if found.counts is not None:
            for term in self._table.terms(serial):
                found.counts[term] = found.counts.get(term, 0) + 1
        elif len(found.serials) >= _LARGE:
            found.counts = Counter(chain.from_iterable(map(self._table.terms, found.serials)))

    def leave(self, story_id: int, serial: int) -> None:
        """Notes that a row does not tell a story any more."""
        found = self._stories[story_id]
        if isinstance(found, int):
            del self._stories[story_id]
            return
        found.serials.remove(serial)
        if found.counts is not None:
            for term in self._table.terms(serial):
                found.counts[term] -= 1
                if not found.counts[term]:
                    del found.counts[term]
        if len(found.serials) == 1:
            self._stories[story_id] = found.serials[0]
