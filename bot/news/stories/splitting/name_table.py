"""Names of countries and cities in scripts that have no capitals, and those that German uses.

Made once, when first asked for, of what the project ships: the countries of the Unicode CLDR, as
Babel has them, and the cities of `bot/data/cities.txt`. It takes about 8 MB, and Babel's
countries as much; where no text asks for it, it is not made.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from babel import Locale
from msgspec import Struct

from bot.data.shipped import cities_text
from bot.news.stories.splitting.name_words import AMBIGUOUS, PLACES
from bot.news.text.patterns import late
from bot.news.text.words import UNSPACED, fold, is_unspaced, split_words

_UNCASED = late(f"[{UNSPACED}\u0590-\u06ff\u0750-\u077f\u0900-\u0e00\u10d0-\u10ff\uac00-\ud7af]")
_LANGUAGES = ("ar", "fa", "he", "hi", "ja", "ko", "th", "zh")
_SHORTEST = 3
_SHORTEST_CITY = 5
"""Shorter names are words of other kinds too; of cities, but for those"""
_WELL_KNOWN = 2000
"""of so many thousand people."""
_NO_PLACE = ("ZZ", "XA", "XB", "QO")
"""Codes of no place in particular."""
_GERMAN_SPEAKING = ("DE", "AT", "CH", "LI", "LU")
_LARGE = 1000
"""Of other countries the main names of cities of so many thousand people stand in German."""
Tails = Mapping[str, tuple[tuple[str, ...], ...]]


class NameTable(Struct, frozen=True):
    """Folded names: single `words`; `phrases`, by the first word what follows it; and those
    `unspaced`, by the first two characters what follows them, longest first.
    """

    words: frozenset[str]
    phrases: Tails
    unspaced: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def name_table() -> NameTable:
    """The names in scripts without capitals."""
    names = {fold(name) for name in _names() if _UNCASED().search(name)}
    names -= set(map(fold, AMBIGUOUS.split()))
    spaced = [split_words(name) for name in names if not is_unspaced(name[0])]
    return NameTable(
        frozenset(name[0] for name in spaced if len(name) == 1 and len(name[0]) >= _SHORTEST),
        _phrases(name for name in spaced if len(name) > 1 and len(name[0]) > 1),
        _unspaced(name for name in names if len(name) > 1 and all(map(is_unspaced, name))),
    )


@lru_cache(maxsize=1)
def german_names() -> frozenset[str]:
    """The names of places of one word that German texts use, folded."""
    found = set(_territories("de")) | set(PLACES["de"].split())
    for name, country, people, _ in _cities():
        if country in _GERMAN_SPEAKING or people >= _LARGE:
            found.add(name)
    return frozenset(
        word for word in map(fold, found) if len(word) >= _SHORTEST and " " not in word
    )


def _names() -> Iterable[str]:
    for language in _LANGUAGES:
        yield from _territories(language)
    for places in PLACES.values():
        yield from places.split()
    for _, _, people, others in _cities():
        yield from (
            name
            for name in others
            if len(name) >= _SHORTEST_CITY or people >= _WELL_KNOWN or is_unspaced(name[:1])
        )


def _territories(language: str) -> list[str]:
    territories = Locale.parse(language).territories
    return [name for code, name in territories.items() if code.isalpha() and code not in _NO_PLACE]


def _cities() -> Iterable[tuple[str, str, int, list[str]]]:
    for line in cities_text().splitlines():
        if line and not line.startswith("#"):
            name, country, _, people, _, others = line.split("\t")
            yield name, country, int(people), others.split("|") if others else []


def _phrases(names: Iterable[list[str]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for first, *rest in names:
        found.setdefault(first, []).append(tuple(rest))
    return {first: tuple(sorted(rests, key=len, reverse=True)) for first, rests in found.items()}


def _unspaced(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name[:2], []).append(name[2:])
    return {first: tuple(sorted(rests, key=len, reverse=True)) for first, rests in found.items()}
