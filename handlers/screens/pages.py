"""Lists a page at a time, and the buttons that turn the pages. Pure.

A button carries the number of the page that it leads to. The list may be shorter when it is
pressed: then it leads to the last page.
"""

from collections.abc import Sequence
from typing import TypeVar

from msgspec import Struct

from bot.texts.html import Html
from bot.texts.locale import Locale
from bot.texts.said import Said, say
from handlers.screens.callback_data import pack
from handlers.screens.keyboard import Button

T = TypeVar("T")


class Page(Struct, frozen=True):
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

    def under(self, heading: Html, locale: Locale) -> Html:
        """A heading that says which page it is; as it is where there is no other."""
        if not self.last:
            return heading
        return locale.t(
            "{heading}, page {page} of {pages}",
            heading=heading,
            page=self.number + 1,
            pages=self.last + 1,
        )

    def turning(self, locale: Locale, action: str, *arguments: int | str) -> list[Button]:
        """The buttons to the pages before and after; they carry the page behind the arguments."""
        return turning(
            locale,
            pack(action, *arguments, self.number - 1) if self.number > 0 else None,
            pack(action, *arguments, self.number + 1) if not self.is_last else None,
        )


def page_of(count: int, size: int, wanted: int | None) -> Page:
    """The page that is wanted of `count` things, or the nearest that there is."""
    last = max(0, (count - 1) // size)
    return Page(min(max(wanted or 0, 0), last), last, size)


BACK_AND_ON = (say("← Back"), say("More →"))


def turning(
    locale: Locale, back: str | None, on: str | None, labels: tuple[Said, Said] = BACK_AND_ON
) -> list[Button]:
    """The buttons that carry the way back and the way on, where there is one."""
    named = zip(labels, (back, on), strict=True)
    return [(locale.plain(label), data) for label, data in named if data]
