"""Whether an earlier story is the same news in another language, by how near their texts are to a
multilingual encoder, and by their names and figures. Pure.

The encoder alone takes a quake for the next one: it knows what a text is about, not of whom. So
where both texts are in Latin letters they must have a name in common, and figures must not differ.
The bounds were chosen on invented pairs; docs/stories.md has the figures.
"""

import re

from msgspec import Struct

from bot.news.story import Report, Story
from bot.news.telling.languages import spoken_in
from bot.news.text.patterns import late
from bot.news.text.plain import cut
from bot.news.text.words import fold

VOUCHED = 0.87
"""The least likeness where a name or a figure is in both texts."""
UNVOUCHED = 0.90
"""The least likeness where nothing speaks for it and nothing against it."""
MOST_CHARACTERS = 300
"""Of an opening's text: more costs time and says little."""
MOST_OPENINGS = 5_000
"""The newest ones are compared."""

_NAME = late(r"[^\W\d_]{4,}")
_SAME_NAME = 6  # letters: endings differ by language
_FIGURE = late(r"\d{1,3}(?:[ .,'\u00a0\u202f\u066c]\d{3})+(?!\d)|\d+(?:[.,\u066b]\d+)?")
_LAST_LATIN = "\u024f"


class Opening(Struct, frozen=True):
    """The report that opened a story, as it is compared: `at` in seconds since 1970, and the
    languages that it may be in.
    """

    id: int
    at: float
    text: str
    languages: tuple[str, ...]


def opening_of(news: Report | Story) -> Opening:
    """A report that opened a story, or a story as that report tells it."""
    text = f"{news.title}. {news.summary}" if news.summary else news.title
    return Opening(news.id, news.at, cut(text, MOST_CHARACTERS), spoken_in(text, news.language))


def is_elsewhere(opening: Opening, earlier: Opening, likeness: float) -> bool:
    """Whether the earlier one tells the same in another language. `likeness` is the cosine of
    their texts. Where nobody knows a language, it is no other one.
    """
    if not opening.languages or not earlier.languages:
        return False
    if not set(opening.languages).isdisjoint(earlier.languages):
        return False
    bound = _bound(opening.text, earlier.text)
    return bound is not None and likeness >= bound


def _bound(one: str, other: str) -> float | None:
    """How near two texts must be; None where their names or figures speak against it."""
    names = not _names(one).isdisjoint(_names(other))
    if not names and _is_latin(one) and _is_latin(other):
        return None
    first, second = _figures(one), _figures(other)
    figures = not first.isdisjoint(second)
    if first and second and not figures:
        return None
    return VOUCHED if names or figures else UNVOUCHED


def _names(text: str) -> set[str]:
    return {
        fold(word)[:_SAME_NAME]
        for word in _NAME().findall(text)
        if word[0].isupper() and word[0] <= _LAST_LATIN
    }


def _is_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return 2 * sum(letter <= _LAST_LATIN for letter in letters) > len(letters)


def _figures(text: str) -> set[str]:
    return {_plain(figure) for figure in _FIGURE().findall(text)}


def _plain(figure: str) -> str:
    """A figure as every language writes it: without a mark between thousands, with a point."""
    digits = "".join(str(int(each)) if each.isdecimal() else each for each in figure)
    whole, *rest = re.split(r"\D", digits)
    if rest and all(len(part) == 3 for part in rest):
        return whole + "".join(rest)
    return ".".join([whole, *rest])
