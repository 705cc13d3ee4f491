"""Rows of the window by a hash of something they have: of their link, or of their headline."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain, groupby

_HALF = 32
_ROW = 2**_HALF - 1
_LATE = 4_000
"""So many rows are found by a dictionary, which takes ten times as much memory for each; then they
are sorted in among the others.
"""


class RowIndex:
    """Rows by hashes of 64 bits, each as one number: half of the hash, and the serial behind it.
    Whoever asks sees whether the rows that are found are live still and have the whole hash: what
    is gone is let go when others are sorted in.
    """

    def __init__(self, most_late: int = _LATE) -> None:
        self._most_late = most_late
        self._sorted = array("Q")
        self._late: dict[int, list[int]] = {}
        self._count = self._first = 0

    def __len__(self) -> int:
        return len(self._sorted) + self._count

    def may_have(self, key: int) -> list[int]:
        """The serials of rows with this hash, and now and then of another, as they were added."""
        half, rows = key >> _HALF, self._sorted
        place, found = bisect_left(rows, half << _HALF), []
        while place < len(rows) and rows[place] >> _HALF == half:
            found.append(rows[place] & _ROW)
            place += 1
        found += self._late.get(half, ())
        return found

    def add(self, key: int, serial: int, first: int) -> None:
        """Takes in a row, later than all before it; no row before the `first` is live."""
        if self._count >= self._most_late:
            self._sort_in(first)
        self._late.setdefault(key >> _HALF, []).append(serial)
        self._count += 1

    def _sort_in(self, first: int) -> None:
        late = [half << _HALF | each for half, serials in self._late.items() for each in serials]
        kept = sorted(chain(self._sorted, late))
        if first - self._first >= self._most_late:
            kept = [each for each in kept if each & _ROW >= first]
            self._first = first
        self._sorted = array("Q", kept)
        self._late, self._count = {}, 0

    def column(self, first: int) -> "array[int]":
        """All of it, once the late rows are sorted in; no row before the `first` is live."""
        if self._late:
            self._sort_in(first)
        return self._sorted

    def alike(self) -> Iterator[list[int]]:
        """The serials of several rows that were filled in and may have one hash, each time."""
        for _, run in groupby(self._sorted, key=lambda each: each >> _HALF):
            serials = [each & _ROW for each in run]
            if len(serials) > 1:
                yield serials

    def fill(self, keys: Iterable[int]) -> None:
        """Takes in the hash of each row, 0 for none, from the first on; there were none before."""
        having = [key >> _HALF << _HALF | serial for serial, key in enumerate(keys) if key]
        self._sorted = array("Q", sorted(having))
