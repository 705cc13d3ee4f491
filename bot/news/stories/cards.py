"""What a report is to the window, and how that is stored with it: a start need not split texts
again.
"""

from collections.abc import Sequence
from typing import NamedTuple

from bot.news.stories.splitting.terms import NO_NUMBERS, WORDING, Terms

VERSION = "4"
"""Rises where `terms_of` splits a text otherwise than before, or where what is stored is written
otherwise: what another version wrote is then made anew.
"""
_FIELD, _ITEM = "\x1f", "\x1e"
_MOST_TERMS, _HASH = 255, 2**64 - 1


class Card(NamedTuple):
    """What the window files a report by: its `terms`, the first `heads` of them of the title, and
    by their places those that are `names`; the figures of the title, and its `wording`, as
    `Terms` has it. Hashes say what it is found by: its `link`, or 0 without one, and its
    `headline`, which finds others where it is `long`.
    """

    terms: Sequence[str]
    heads: int
    names: Sequence[int] = ()
    numbers: frozenset[str] = NO_NUMBERS
    wording: int = 0
    link: int = 0
    headline: int = 0
    long: bool = False


class PlacedByCard(NamedTuple):
    """A report as it was placed, without its text; `packed` is its card, as it is stored. One of a
    `guest` has a 1 there.
    """

    number: int
    at: float
    story: int
    feed: int
    source: str
    guest: int
    packed: str | None


def card_of(terms: Terms, link: int = 0, headline: int = 0, *, long: bool = False) -> Card:
    """The card of a report that was split so."""
    texts = terms.title + terms.summary
    named = set(terms.names)
    names = tuple([place for place, text in enumerate(texts) if text in named]) if named else ()
    return Card(texts, len(terms.title), names, terms.numbers, terms.wording, link, headline, long)


def packed(card: Card) -> str:
    """The card as one text, some two hundred characters."""
    lists = map(str, card.names), sorted(card.numbers), card.terms
    flags, signs = f"{card.long:d}{card.wording}", (f"{card.link:x}", f"{card.headline:x}")
    fields = (VERSION, flags, str(card.heads), *signs, *map(_ITEM.join, lists))
    return _FIELD.join(fields)


def unpacked(text: str | None) -> Card | None:
    """What `packed` made, or None where it was of another version, or is damaged."""
    fields = (text or "").split(_FIELD)
    if len(fields) != 8 or fields[0] != VERSION:
        return None
    _, flags, heads, link, headline, names, numbers, terms = fields
    try:
        card = Card(
            terms.split(_ITEM) if terms else (),
            int(heads),
            tuple(map(int, names.split(_ITEM))) if names else (),
            frozenset(numbers.split(_ITEM)) if numbers else NO_NUMBERS,
            int(flags[1:]),
            int(link, 16),
            int(headline, 16),
            flags[0] == "1",
        )
    except ValueError:
        return None
    places = max(card.names, default=0), min(card.names, default=0), card.heads
    within = all(0 <= place <= len(card.terms) <= _MOST_TERMS for place in places)
    within = within and not card.wording & ~WORDING
    return card if within and 0 <= card.link <= _HASH and 0 <= card.headline <= _HASH else None
