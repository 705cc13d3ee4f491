"""Queries for people to read: with their words as they were typed, not folded. Pure."""

import unicodedata
from collections.abc import Iterator

from bot.news.query.introducing import is_introduced
from bot.news.query.lexemes import plain_signs
from bot.news.query.match import Query
from bot.news.text.patterns import late
from bot.news.text.words import split_words

_TYPED = late(r'[^\s()|,"=*:;]+')
# As a query prints: a field ends with a colon, and near begins a bracket.
_PRINTED = late(r'[^\s()"=*:,-]+(?=[\s)"*,]|$)')
_OPERATORS = frozenset(("OR", "AND", "NOT"))


def as_typed(query: Query, typed: str) -> str:
    """The query as it prints, each of its words spelled as in what was typed, where that has it.
    To be shown; what is stored is the query as it prints.
    """
    spelled: dict[str, str] = {}
    for folded, word in _words_in(typed):
        spelled.setdefault(folded, word)
    return _PRINTED().sub(lambda found: spelled.get(found[0], found[0]), str(query))


def named_by(typed: str, query: Query) -> str:
    """What that is called which somebody looks for: as it was typed, but a question by what it
    asks about. Where that would show an OR that nobody typed, as it was typed too.
    """
    plain = typed.rstrip("?？؟! ") or typed
    if not is_introduced(typed):
        return plain
    shown = as_typed(query, typed)
    return plain if " OR " in shown and " OR " not in typed else shown


def _words_in(typed: str) -> Iterator[tuple[str, str]]:
    """The words of a text folded, each with how it stands there."""
    for found in _TYPED().finditer(plain_signs(typed)):
        parts = "".join(c if _is_of_word(c) else " " for c in found[0]).split()
        for word in (_without_edges(found[0]), *parts):
            folded = split_words(word)
            if len(folded) == 1 and word not in _OPERATORS:
                yield folded[0], word


def _is_of_word(character: str) -> bool:
    """Whether it is a letter, a digit or a sign that goes with one."""
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _without_edges(text: str) -> str:
    """A word without the signs around it, but for the last dot of `U.S.`"""
    places = [place for place, character in enumerate(text) if _is_of_word(character)]
    if not places:
        return ""
    word = text[places[0] : places[-1] + 1]
    return f"{word}." if "." in word and text[places[-1] + 1 :].startswith(".") else word
