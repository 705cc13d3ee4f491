"""A column of a table of which each row has any number of whole numbers."""

from array import array
from collections.abc import Iterable, Iterator, Sequence

_SORTED_AT_ONCE = 5_000


class Ragged:
    """The numbers of all rows in one array, and where each row of it ends. `typecode` is that of
    `array.array`.
    """

    def __init__(self, typecode: str) -> None:
        self._numbers: array[int] = array(typecode)
        self._ends = array("Q", [0])
        self._before = 0
        """How many numbers stood before those that are here."""

    def append(self, numbers: Iterable[int]) -> None:
        """Adds a row."""
        self._numbers.extend(numbers)
        self._ends.append(self._before + len(self._numbers))

    def row(self, row: int) -> "array[int]":
        """The numbers of a row."""
        ends, before = self._ends, self._before
        return self._numbers[ends[row] - before : ends[row + 1] - before]

    def cut(self, rows: int) -> None:
        """Takes away the first rows."""
        numbers = self._ends[rows] - self._before
        del self._numbers[:numbers], self._ends[:rows]
        self._before += numbers

    def columns(self, name: str) -> dict[str, "array[int]"]:
        """What it consists of, by names that begin so."""
        return {f"{name}.numbers": self._numbers, f"{name}.ends": self._ends}

    def filled(self) -> None:
        """Goes on from columns that were filled in."""
        self._before = self._ends[0]

    def sorting(self, order: Sequence[int]) -> Iterator[None]:
        """Puts the rows in another order, a few milliseconds at a time."""
        numbers, ends = array(self._numbers.typecode), array("Q", [0])
        for count, row in enumerate(order):
            numbers.extend(self.row(row))
            ends.append(len(numbers))
            if count % _SORTED_AT_ONCE == 0:
                yield
        self._numbers, self._ends, self._before = numbers, ends, 0
