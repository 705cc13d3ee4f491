"""Queries for people to read: with their words as they were typed, not folded. Pure."""

import unicodedata
from collections.abc import Iterator

from bot.news.query.lexemes import plain_signs
from bot.news.query.match import Query
from bot.news.text.patterns import late
from bot.news.text.words import split_words

_TYPED = late(r'[^\s()|,"=*:;]+')
# As a query prints: a field ends with a colon, and near begins a bracket.
_PRINTED = late(r'[^\s()"=*:,-]+(?=[\s)"*,]|$)')
_OPERATORS = frozenset(("OR", "AND", "NOT"))
_EDGES = "'’‘.!?…-–—"


def as_typed(query: Query, typed: str) -> str:
    """The query as it prints, each of its words spelled as in what was typed, where that has it.
    To be shown; what is stored is the query as it prints.
    """
    spelled: dict[str, str] = {}
    for folded, word in _words_in(typed):
        spelled.setdefault(folded, word)
    return _PRINTED().sub(lambda found: spelled.get(found[0], found[0]), str(query))


def _words_in(typed: str) -> Iterator[tuple[str, str]]:
    """The words of a text folded, each with how it stands there."""
    for found in _TYPED().finditer(plain_signs(typed)):
        whole = found[0].strip(_EDGES)
        for word in (whole, *_parts(whole)):
            folded = split_words(word)
            if len(folded) == 1 and word not in _OPERATORS:
                yield folded[0], word


def _parts(word: str) -> list[str]:
    """The parts of a word between its signs, but for those that go with a letter."""
    return "".join(
        c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in word
    ).split()
