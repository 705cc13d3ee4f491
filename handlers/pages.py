"""Lists a page at a time, and the buttons that turn the pages. Pure.

A button carries the number of the page that it leads to. The list may be shorter when it is
pressed: then it leads to the last page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from handlers.callback_data import pack
from handlers.keyboard import Button

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of several, counted from 0; of `size` things each."""

    number: int
    last: int
    size: int

    @property
    def is_last(self) -> bool:
        """Whether nothing follows."""
        return self.number == self.last

    def of(self, things: Sequence[T]) -> Sequence[T]:
        """What stands on the page."""
        return things[self.number * self.size : (self.number + 1) * self.size]

    def named(self) -> str:
        """Which page it is, for a heading; nothing where it is the only one."""
        return f", page {self.number + 1} of {self.last + 1}" if self.last else ""

    def turning(self, action: str, *arguments: int | str) -> list[Button]:
        """The buttons to the pages before and after; they carry the page behind the arguments."""
        return turning(
            pack(action, *arguments, self.number - 1) if self.number > 0 else None,
            pack(action, *arguments, self.number + 1) if not self.is_last else None,
        )


def page_of(count: int, size: int, wanted: int | None) -> Page:
    """The page that is wanted of `count` things, or the nearest that there is."""
    last = max(0, (count - 1) // size)
    return Page(min(max(wanted or 0, 0), last), last, size)


def turning(
    back: str | None, on: str | None, labels: tuple[str, str] = ("← Back", "More →")
) -> list[Button]:
    """The buttons that carry the way back and the way on, where there is one."""
    return [(label, data) for label, data in zip(labels, (back, on), strict=True) if data]
