"""The stories of the window by the rows of their reports."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from bot.news.stories.filed import Filed, tally
from bot.news.stories.report_table import ReportTable
from bot.news.stories.row_index import RowIndex
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
        came, serials = self._table.came, self.serials
        return came(serials[0]) if len(serials) == 1 else max(map(came, serials))

    def has_feed(self, feed: int) -> bool:
        """Whether a report of this feed tells it."""
        return any(self._table.feed(serial) == feed for serial in self.serials)

    def tally(self, asked: frozenset[Term]) -> Mapping[Term, int]:
        """How many of its reports have each of the terms asked for; it may tell of others too."""
        if self._counts is not None:
            return self._counts
        return tally(asked, map(self._table.terms, self.serials))


class StoryTable:
    """Which rows tell each story. Most stories have one report: those are found by the hash of
    their number, and the others are held.
    """

    def __init__(self, table: ReportTable) -> None:
        self._table = table
        self._several: dict[int, _Several] = {}
        self._rows = RowIndex()
        self._count = self._highest = 0
        self.largest = 1
        """No story has more reports than so many, or had."""

    def __len__(self) -> int:
        return self._count

    def story(self, story_id: int) -> StoryOfRows | None:
        """A story, or None where no live report tells it."""
        several = self._several.get(story_id)
        if several is not None:
            return StoryOfRows(self._table, story_id, several.serials, several.counts)
        alone = self._alone(story_id)
        return None if alone is None else StoryOfRows(self._table, story_id, (alone,), None)

    def of_row(self, serial: int) -> StoryOfRows:
        """The story of a row, which is live."""
        story_id = self._table.story(serial)
        several = self._several.get(story_id)
        if several is None:
            return StoryOfRows(self._table, story_id, (serial,), None)
        return StoryOfRows(self._table, story_id, several.serials, several.counts)

    def size(self, story_id: int) -> int:
        """How many rows tell a story that is there."""
        several = self._several.get(story_id)
        return 1 if several is None else len(several.serials)

    def of_several(self) -> Iterator[Sequence[int]]:
        """The rows of each story that several tell."""
        return (each.serials for each in self._several.values())

    def _alone(self, story_id: int) -> int | None:
        if story_id > self._highest:
            return None
        found = self._rows.may_have(_hash_of(story_id))
        return next((row for row in found if self._table.tells(row, story_id)), None)

    def join(self, story_id: int, serial: int, before: StoryOfRows | None) -> None:
        """Notes that a row tells a story, of which it is said what it was `before`; rows come in
        the order of placing.
        """
        several = self._several.get(story_id)
        if before is None:
            self._count += 1
        elif several is None:
            several = self._several[story_id] = _Several(before.serials)
        self._rows.add(_hash_of(story_id), serial, self._table.first)
        self._highest = max(self._highest, story_id)
        if several is not None:
            several.serials.append(serial)
            self._grown(several)

    def fill(self) -> None:
        """Takes in all rows of the table; there were none before."""
        self._rows.fill(map(_hash_of, self._table.stories()))
        again = 0
        for alike in self._rows.alike():
            of_story: dict[int, list[int]] = {}
            for serial in alike:
                of_story.setdefault(self._table.story(serial), []).append(serial)
            for story_id, serials in of_story.items():
                if len(serials) > 1:
                    again += len(serials) - 1
                    several = self._several[story_id] = _Several(serials)
                    self._grown(several)
        self._count = len(self._table) - again
        self._highest = max(self._table.stories(), default=0)

    def column(self) -> "array[int]":
        """By which rows stories are found; the rest is in `rest`."""
        return self._rows.column(self._table.first)

    def rest(self) -> dict[str, Any]:
        """What the column does not say, for JSON."""
        several = [(story, each.serials.tolist()) for story, each in self._several.items()]
        return {"count": self._count, "largest": self.largest, "several": several}

    def filled(self, rest: Mapping[str, Any]) -> None:
        """Goes on from a column that was filled in."""
        self._count, self.largest = rest["count"], rest["largest"]
        self._highest = max(self._table.stories(), default=0)
        for story_id, serials in rest["several"]:
            several = self._several[story_id] = _Several(serials)
            self._grown(several)

    def _grown(self, several: _Several) -> None:
        self.largest = max(self.largest, len(several.serials))
        if several.counts is not None:
            for term in self._table.terms(several.serials[-1]):
                several.counts[term] = several.counts.get(term, 0) + 1
        elif len(several.serials) >= _LARGE:
            several.counts = Counter(chain.from_iterable(map(self._table.terms, several.serials)))

    def leave(self, story_id: int, serial: int, terms: Iterable[Term]) -> None:
        """Notes that a row, which has these terms, does not tell a story any more."""
        several = self._several.get(story_id)
        if several is None:
            self._count -= 1
            return
        several.serials.remove(serial)
        if len(several.serials) == 1:
            del self._several[story_id]
        elif several.counts is not None:
            for term in terms:
                several.counts[term] -= 1
                if not several.counts[term]:
                    del several.counts[term]


def _hash_of(story_id: int) -> int:
    """Spreads numbers that follow one another over 64 bits: Fibonacci hashing (Knuth, volume 3,
    6.4). Never 0, which is none.
    """
    return (2 * story_id + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
