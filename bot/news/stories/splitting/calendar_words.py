"""Days of the week and months, as the languages of the world write them.

They are written with a capital as names are in English, Greek, Turkish, Indonesian and others, and
say of a report when it was written, never what it is about. The words are those of the Unicode
CLDR, as `bot/data/calendars.txt` has them. Not as Babel reads them: that takes 4.6 MB and 20 ms for
the first language, in which the first alert waits, and gives one language the months of another
that was asked for before.
"""

from collections.abc import Mapping
from functools import lru_cache

from bot.data.shipped import calendars_text
from bot.news.text.words import split_words, stems

_SHORTEST = 3
"""Shorter short forms ("Do", "Su") are words of other kinds too."""
_UNMISTAKABLE = frozenset(["en", "de", "fr", "nl", "sv", "da", "nb", "nn", "no", "fi", "hi"])
"""Languages whose days of the week mean nothing else."""


@lru_cache(maxsize=64)
def calendar_terms(language: str) -> frozenset[str]:
    """Folded words and stems of days and months in a language (`en`, `el`, …) and in English.

    A language that the table does not know has the English ones only.
    """
    found: set[str] = set()
    for known in dict.fromkeys(("en", language)):
        for name in _names(known):
            for word in split_words(name):
                if len(word) >= _SHORTEST and not word.isdigit():
                    found.update((word, *stems(word, known)))
    return frozenset(found)


@lru_cache(maxsize=64)
def weekday_of(language: str) -> Mapping[str, int]:
    """Which day of the week, 0 to 6, folded words and stems name in a language. Nothing where the
    stem of one of the seven is that of another word too: `sábado` and `sabe`, `среда` and `среди`.
    """
    if language not in _UNMISTAKABLE:
        return {}
    found: dict[str, int] = {}
    # Behind the seven stand other forms of them.
    for day, name in enumerate(_line(language).partition(";")[0].split("|")[:7]):
        for word in split_words(name):
            found.update(dict.fromkeys((word, *stems(word, language)), day))
    return found


def _names(language: str) -> list[str]:
    return _line(language).replace(";", "|").split("|")


def _line(language: str) -> str:
    _, found, rest = f"\n{calendars_text()}".partition(f"\n{language}\t")
    return rest.partition("\n")[0] if found else ""
