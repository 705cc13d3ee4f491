"""The reports of the window as a table: a column for each thing that is known of them.

A hundred thousand objects would take five times the memory, and a start as long to make. A row is
made an object, `Filed`, when a report is compared with it.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import mul
from typing import Any, TypeVar, Union

from bot.news.stories.cards import Card, PlacedByCard
from bot.news.stories.filed import Filed
from bot.news.stories.ragged import Ragged
from bot.news.stories.splitting.terms import NO_NUMBERS, WORDING
from bot.news.stories.vocabulary import Term

_Number = TypeVar("_Number", int, float)
Column = Union["array[int]", "array[float]", bytearray]
_LONG, _DEAD = 2, 4
_MADE = 2_048
"""So many rows are kept as objects: the same ones are asked for again and again."""
_ROWS_DEAD = 1_024


class ReportTable:
    """Reports in the order of placing. A row is named by its `serial`, which grows by one from row
    to row and stays when rows before it are taken away.
    """

    def __init__(self) -> None:
        self._at = array("d")
        self._story = array("q")
        self._feed = array("q")
        self._source: list[str] = []
        self._number = array("q")
        self._link = array("Q")
        self._headline = array("Q")
        self._heads = bytearray()
        self._flags = bytearray()
        self._figures: dict[int, frozenset[str]] = {}
        self._terms = Ragged("I")
        self._names = Ragged("B")
        self.first = 0
        """The serial of the first row."""
        self._live = self._filed = 0
        self._made: dict[int, Filed] = {}

    def __len__(self) -> int:
        return self._live

    def __iter__(self) -> Iterator[int]:
        """The serials of its rows."""
        return (serial for serial, flags in enumerate(self._flags, self.first) if not flags & _DEAD)

    @property
    def filed(self) -> int:
        """How many terms its reports have together."""
        return self._filed

    def add(self, held: PlacedByCard, card: Card, source: str, terms: Sequence[Term]) -> int:
        """Adds a row, of which the terms are given as numbers, and returns its serial."""
        serial = self.first + len(self._number)
        self._at.append(held.at)
        self._story.append(held.story)
        self._feed.append(held.feed)
        self._source.append(source)
        self._number.append(held.number)
        self._link.append(card.link)
        self._headline.append(card.headline)
        self._heads.append(card.heads)
        self._flags.append(card.wording | _LONG * card.long)
        self._names.append(card.names)
        if card.numbers:
            self._figures[serial] = card.numbers
        self._terms.append(terms)
        self._live += 1
        self._filed += len(terms)
        return serial

    def extend(
        self, held: Sequence[PlacedByCard], cards: Sequence[Card], sources: Sequence[str],
        terms: Sequence[Sequence[Term]],
    ) -> None:  # fmt: skip
        """Adds rows, of which the terms are given as numbers."""
        first = self.first + len(self._number)
        self._at.extend([each.at for each in held])
        self._story.extend([each.story for each in held])
        self._feed.extend([each.feed for each in held])
        self._source.extend(sources)
        self._number.extend([each.number for each in held])
        self._link.extend([card.link for card in cards])
        self._headline.extend([card.headline for card in cards])
        self._heads.extend([card.heads for card in cards])
        self._flags.extend([card.wording | _LONG * card.long for card in cards])
        for serial, card in enumerate(cards, first):
            self._names.append(card.names)
            if card.numbers:
                self._figures[serial] = card.numbers
        for each in terms:
            self._terms.append(each)
        self._live += len(held)
        self._filed += sum(map(len, terms))

    def report(self, serial: int) -> Filed:
        """A row as an object."""
        made = self._made.get(serial)
        if made is None:
            if len(self._made) >= _MADE:
                self._made.clear()
            row = serial - self.first
            figures = self._figures.get(serial, NO_NUMBERS)
            terms = self._terms.row(row).tolist()
            made = self._made[serial] = _Row(self, serial, terms, self._heads[row], figures)
        return made

    def read(self, serial: int, into: Filed) -> None:
        """Sets all that is known of a row."""
        row, terms = serial - self.first, into.terms
        flags = self._flags[row]
        Filed.__init__(
            into, self._number[row], self._at[row], self._story[row], self._source[row],
            self._feed[row], terms, self._heads[row], self._names.row(row),
            self._figures.get(serial, NO_NUMBERS), flags & WORDING, self._link[row],
            self._headline[row], flags & _LONG > 0,
        )  # fmt: skip

    def terms(self, serial: int) -> list[Term]:
        """The terms of a report."""
        return self._terms.row(serial - self.first).tolist()

    def came(self, serial: int) -> float:
        """When a report came, in seconds."""
        return self._at[serial - self.first]

    def story(self, serial: int) -> int:
        """The number of the story of a report."""
        return self._story[serial - self.first]

    def feed(self, serial: int) -> int:
        """The feed of a report."""
        return self._feed[serial - self.first]

    def source(self, serial: int) -> str:
        """The source of a report."""
        return self._source[serial - self.first]

    def number(self, serial: int) -> int:
        """The number of a report in the order of placing."""
        return self._number[serial - self.first]

    def tells(self, serial: int, story: int) -> bool:
        """Whether a row is there still and tells a story."""
        row = serial - self.first
        return row >= 0 and self._story[row] == story and not self._flags[row] & _DEAD

    def is_linked(self, serial: int, link: int) -> bool:
        """Whether a row is there still and has the hash of a link."""
        row = serial - self.first
        return row >= 0 and self._link[row] == link and not self._flags[row] & _DEAD

    def is_titled(self, serial: int, title: int) -> bool:
        """Whether a row is there still and has the hash of a headline that is long."""
        row = serial - self.first
        return (
            row >= 0
            and self._headline[row] == title
            and self._flags[row] & (_LONG | _DEAD) == _LONG
        )

    def stories(self) -> Iterable[int]:
        """The number of the story of each row."""
        return self._story

    def links(self) -> Iterable[int]:
        """The hash of the link of each row, 0 for none."""
        return self._link

    def titles(self) -> Iterable[int]:
        """The hash of the headline of each row, 0 for one of few words."""
        return [
            headline if flags & _LONG else 0
            for headline, flags in zip(self._headline, self._flags, strict=True)
        ]

    def drop(self, serial: int) -> None:
        """Takes a row away."""
        row = serial - self.first
        self._flags[row] |= _DEAD
        self._filed -= len(self._terms.row(row))
        self._figures.pop(serial, None)
        self._made.pop(serial, None)
        self._live -= 1
        # What is forgotten stands at the front, or will.
        if len(self._flags) > 2 * self._live + _ROWS_DEAD or not self._live:
            self._trim()

    def _trim(self) -> None:
        rows = next((i for i, flags in enumerate(self._flags) if not flags & _DEAD), None)
        rows = len(self._flags) if rows is None else rows
        del self._at[:rows], self._story[:rows], self._feed[:rows], self._source[:rows]
        del self._number[:rows], self._link[:rows], self._headline[:rows], self._heads[:rows]
        del self._flags[:rows]
        self._terms.cut(rows)
        self._names.cut(rows)
        self.first += rows

    def sums(self) -> tuple[int, ...]:
        """How many reports there are, and sums of their numbers, stories, feeds and milliseconds,
        plain and by the low bits of the number. A report that changes by a millisecond or more,
        comes or goes changes one of them, and two that are exchanged do; several that change at
        once could cancel each other by chance.
        """
        numbers, stories = self._living(self._number), self._living(self._story)
        feeds = self._living(self._feed)
        times = [int(at * 1000) for at in self._living(self._at)]
        low = [number & 65_535 for number in numbers]
        return (
            len(numbers), sum(numbers), sum(stories), sum(feeds), sum(times),
            sum(map(mul, low, stories)), sum(map(mul, low, feeds)),
            sum(map(mul, low, [ms & 1_048_575 for ms in times])),
        )  # fmt: skip

    def _living(self, column: "array[_Number]") -> Sequence[_Number]:
        """What a column has of the reports that are there."""
        if self._live == len(self._flags):
            return column
        return list(compress(column, (not flags & _DEAD for flags in self._flags)))

    def columns(self) -> dict[str, Column]:
        """Its columns by their names; what is not there is in `rest`."""
        return {
            "at": self._at, "story": self._story, "feed": self._feed, "number": self._number,
            "link": self._link, "headline": self._headline, "heads": self._heads,
            "flags": self._flags, **self._terms.columns("terms"), **self._names.columns("names"),
        }  # fmt: skip

    def rest(self) -> dict[str, Any]:
        """What columns do not say, for JSON."""
        sources = {source: place for place, source in enumerate(dict.fromkeys(self._source))}
        return {
            "first": self.first,
            "filed": self._filed,
            "sources": list(sources),
            "source": [sources[source] for source in self._source],
            "figures": [(serial, sorted(of)) for serial, of in self._figures.items()],
        }

    def filled(self, rest: Mapping[str, Any]) -> None:
        """Goes on from columns that were filled in."""
        self._terms.filled()
        self._names.filled()
        self._source = [rest["sources"][place] for place in rest["source"]]
        self._figures = {serial: frozenset(of) for serial, of in rest["figures"]}
        self.first, self._filed = rest["first"], rest["filed"]
        self._live = sum(not flags & _DEAD for flags in self._flags)

    def sorting(self) -> Iterator[None]:
        """Puts the rows in the order of placing, a few milliseconds at a time; none may have been
        dropped.
        """
        order = sorted(range(len(self._number)), key=self._number.__getitem__)
        yield
        yield from self._terms.sorting(order)
        yield from self._names.sorting(order)
        figures = self._figures
        self._figures = {i: figures[row] for i, row in enumerate(order) if row in figures}
        yield
        self._at = _taken(self._at, order)
        self._story = _taken(self._story, order)
        self._feed = _taken(self._feed, order)
        self._source = [self._source[row] for row in order]
        self._number = _taken(self._number, order)
        yield
        self._link = _taken(self._link, order)
        self._headline = _taken(self._headline, order)
        self._heads = bytearray(map(self._heads.__getitem__, order))
        self._flags = bytearray(map(self._flags.__getitem__, order))


class _Row(Filed):
    """A row as an object, which lives no longer than the row. Most are only laid beside the report
    that asks: what is not asked for then is read when it is.
    """

    __slots__ = ("_serial", "_table")

    def __init__(
        self,
        table: ReportTable,
        serial: int,
        terms: list[Term],
        heads: int,
        numbers: frozenset[str],
    ) -> None:
        self._table = table
        self._serial = serial
        self.terms = terms
        self.heads = heads
        self.numbers = numbers

    def __getattr__(self, name: str) -> Any:
        self._table.read(self._serial, self)
        return object.__getattribute__(self, name)


def _taken(column: "array[_Number]", order: Sequence[int]) -> "array[_Number]":
    return array(column.typecode, map(column.__getitem__, order))
