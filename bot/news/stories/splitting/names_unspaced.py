"""Names in Chinese and Japanese, which write neither capitals nor spaces.

Such are what a table has, what stands beside a title, foreign names by their characters, and what
stands before the ending of a place or a firm. Pure.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

from bot.news.stories.splitting import name_words as listed
from bot.news.stories.splitting.name_table import name_table
from bot.news.text.patterns import late
from bot.news.text.words import UNSPACED, fold

_OTHER = late(f"[^{UNSPACED}々]+")
_KANA = late("[\u3040-\u30ff]")
_HAN = "\u4e00-\u9fff"


def _any_of(words: Iterable[str]) -> str:
    """The longest first, as the first that fits is taken."""
    return "|".join(sorted(words, key=len, reverse=True))


_SURNAME = f"(?:{_any_of(listed.COMPOUND_SURNAMES)}|[{listed.SURNAMES}])"
_FOREIGN = late(f"[{listed.TRANSLITERATED}]{{3,}}")
_AFTER_TITLE = late(f"(?:{_any_of(listed.TITLES_BEFORE.split())})({_SURNAME}[{_HAN}]{{1,2}})")
_TITLE = late(_any_of(listed.TITLES_AFTER.split()))
_PERSON = late(f"(?<![{_HAN}]){_SURNAME}[{_HAN}]{{1,2}}\\Z")
_PLACE = late(f"[{listed.PLACE_SUFFIXES}](?![{listed.NO_PLACE_AFTER}])")
_ORGANISATION = late(_any_of(listed.ORGANISATION_SUFFIXES.split()))
_JAPANESE_TITLE = late(_any_of(listed.JAPANESE_TITLES.split()))
_JAPANESE_PERSON = late(f"(?:[{_HAN}々]{{2,4}}|[\u30a1-\u30f4ー・]{{3,}})\\Z")
_LONGEST_BEFORE = 12


def unspaced_names(text: str) -> list[str]:
    """The pairs of neighbouring characters of a text's names."""
    run = _OTHER().sub(" ", fold(text))
    if not run.strip():
        return []
    return [first + second for name in _names(run) for first, second in pairwise(name)]


def _names(run: str) -> list[str]:
    found, rest = _of_table(run)
    if _KANA().search(run):
        found += _before(_JAPANESE_TITLE(), _JAPANESE_PERSON(), rest)
    found += _AFTER_TITLE().findall(rest) + _before(_TITLE(), _PERSON(), rest)
    before_firms = (_two_before(rest, firm.start()) for firm in _ORGANISATION().finditer(rest))
    return [*found, *filter(None, before_firms), *_foreign(rest), *_places(rest)]


def _two_before(run: str, at: int) -> str:
    """The two characters before a place in a text, or "" where there are none."""
    found = run[max(0, at - 2) : at]
    return found if len(found) == 2 and " " not in found else ""


def _of_table(run: str) -> tuple[list[str], str]:
    """The names that the table has, the longest first, and the text with blanks for them."""
    table = name_table().unspaced
    found: list[str] = []
    at = 0
    while at < len(run) - 1:
        for rest in table.get(run[at : at + 2], ()):
            if run.startswith(rest, at + 2):
                length = 2 + len(rest)
                found.append(run[at : at + length])
                run = run[:at] + " " * length + run[at + length :]
                at += length - 1
                break
        at += 1
    return found, run


def _before(titles: re.Pattern[str], person: re.Pattern[str], run: str) -> list[str]:
    found = []
    for title in titles.finditer(run):
        begin = max(0, title.start() - _LONGEST_BEFORE)
        if name := person.search(run[begin : title.start()]):
            found.append(name[0])
    return found


def _foreign(run: str) -> list[str]:
    return [
        found
        for found in _FOREIGN().findall(run)
        if not any(word in found for word in listed.NO_TRANSLITERATION)
    ]


def _places(run: str) -> list[str]:
    """What stands before the ending of a place; of "in X city" X and the ending."""
    found = []
    for ending in _PLACE().finditer(run):
        name = _two_before(run, ending.start())
        if name and name[1] not in listed.NO_PLACE_BEFORE:
            found.append(name[1] + ending[0] if name[0] in listed.BEFORE_PLACES else name)
    return found
