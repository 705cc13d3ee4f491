"""In which order a feed lists its entries, and which of its new ones are old. Pure.

Most documents begin with the newest entry, some with the oldest. Dates tell, else the place of new
entries among those that were known; what polls have shown is remembered, since one document may
leave it open: where the newest entry is deleted, one slides in at the end, and where a document
that begins with the oldest has room for so many, the same is seen with every news.
"""

from collections.abc import Collection, Iterable, Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import Protocol

from msgspec import Struct

from bot.news.story import ParsedEntry

_SURE = 2  # polls in a row that show one order outweigh as many that seem to show another
_CLEARLY = 2  # times as many steps one way as the other


class Order(Enum):
    """Where a document has its newest entries."""

    UNKNOWN = auto()
    NEWEST_FIRST = auto()
    OLDEST_FIRST = auto()


class Listing(Struct, frozen=True):
    """What polls have shown of a feed's documents. `leaning` is above zero where news stood before
    what was known, below where they stood after it, by as many polls as say so, two at most.
    `shown` is how many entries the last document had; None while that is not known.
    """

    leaning: int = 0
    shown: int | None = None


Entries = Sequence[tuple[bytes, ParsedEntry]]
"""Entries with their keys."""


class Dated(Protocol):
    """An entry, or what is kept of one that was known before."""

    @property
    def published(self) -> float | None:
        """Its date."""


Listed = Sequence[tuple[bytes, Dated]]
"""All that a document lists, with keys."""


class Arranged(Struct, frozen=True):
    """The new entries of a document, the newest first; the keys of those that are `old`, having
    been there before they were seen; and what the document shows of its feed's listing.
    """

    new: Entries
    old: frozenset[bytes]
    listing: Listing

    @property
    def news(self) -> list[ParsedEntry]:
        """The new entries that are not old, the newest first."""
        return [entry for key, entry in self.new if key not in self.old]


def order_of(dates: Iterable[float | None]) -> Order:
    """The order of a document by the dates of its entries, where these tell clearly."""
    steps = [later - earlier for earlier, later in pairwise(d for d in dates if d is not None)]
    up, down = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    if up > _CLEARLY * down:
        return Order.OLDEST_FIRST
    return Order.NEWEST_FIRST if down > _CLEARLY * up else Order.UNKNOWN


def arrange(document: Listed, new: Collection[bytes], listing: Listing) -> Arranged:
    """Puts the new entries of a document, given in its order, each once, into that of events. All
    that is new is an entry.

    Old is what stands after everything that was known and has no date, or an older one than all of
    that; in a document that by its dates begins with the oldest, what stands before it and is
    older. A back-dated entry elsewhere is news, and so is whatever this leaves open.
    """
    known = [at for at, (key, _) in enumerate(document) if key not in new]
    dates = [document[at][1].published for at in known]
    by_dates = order_of(dates)
    place = _Place(document, known, len(document) - len(known), listing)
    order = by_dates if by_dates is not Order.UNKNOWN else place.order
    old = _old(place, order, by_dates, [date for date in dates if date is not None])
    if order is Order.UNKNOWN:
        order = order_of(entry.published for _, entry in document)
    ordered = _newest_first(document, order)
    leaning = place.leaning if by_dates is Order.UNKNOWN else listing.leaning
    return Arranged(
        tuple(
            (key, entry) for key, entry in ordered if key in new and isinstance(entry, ParsedEntry)
        ),
        old,
        Listing(leaning, len(document)),
    )


class _Place:
    """Where a document's new entries stand among the known, and what that says of its order."""

    def __init__(self, document: Listed, known: Sequence[int], new: int, listing: Listing) -> None:
        self.before = document[: known[0]] if known else ()
        self.after = document[known[-1] + 1 :] if known else ()
        self.known = len(known)
        self._only_before = len(self.before) == new > 0
        self._only_after = len(self.after) == new > 0
        self._was = listing
        # Without knowing whether something went, what stands at the end is no proof of anything.
        self._grew = listing.shown is not None and listing.shown <= self.known

    @property
    def order(self) -> Order:
        """The order as far as this document and those before it show; the end of one that only
        grew, in a feed of which nothing is known, is where its news come.
        """
        leaning = self._was.leaning
        if leaning < 0 or (not leaning and self._only_after and self._grew):
            return Order.OLDEST_FIRST
        return Order.NEWEST_FIRST if leaning > 0 or self._only_before else Order.UNKNOWN

    @property
    def leaning(self) -> int:
        """What is known of the order after this document; see `Listing`."""
        leaning = self._was.leaning
        if self._only_before:
            return min(max(leaning, 0) + 1, _SURE)
        if self._only_after and self._was.shown is not None:
            return max(leaning - 1, -_SURE)
        return leaning

    @property
    def slid_in(self) -> bool:
        """Whether undated entries at the end may be what slid in. Where there are many and little
        was known, that is a pinned entry above news.
        """
        return self._was.shown is not None and len(self.after) <= 2 * self.known


def _old(
    place: _Place, order: Order, by_dates: Order, known_dates: Sequence[float]
) -> frozenset[bytes]:
    oldest = min(known_dates, default=float("-inf"))

    def is_older(entry: Dated) -> bool:
        return entry.published is not None and entry.published < oldest

    if by_dates is Order.OLDEST_FIRST:
        return frozenset(key for key, entry in place.before if is_older(entry))
    undated = order is not Order.OLDEST_FIRST and place.slid_in
    return frozenset(
        key
        for key, entry in place.after
        if is_older(entry) or (undated and entry.published is None)
    )


def _newest_first(document: Listed, order: Order) -> list[tuple[bytes, Dated]]:
    """The document by date; what has none stays beside its neighbour."""
    ascending = document if order is Order.OLDEST_FIRST else document[::-1]
    date = next((e.published for _, e in ascending if e.published is not None), 0.0)
    dated: list[tuple[float, tuple[bytes, Dated]]] = []
    for item in ascending:
        date = date if item[1].published is None else item[1].published
        dated.append((date, item))
    dated.sort(key=lambda pair: pair[0])
    return [item for _, item in reversed(dated)]
