"""Which parts of a headline a query matched, so that a reader sees why it is there. Pure."""

import re

from bot.news.query.match import And, Near, Not, Or, Query, Term
from bot.news.text import words

_PIECE = re.compile(r"\S+")
_EDGES = re.compile(r"^\W+|\W+$")

Piece = tuple[str, bool]
"""A part of a text, and whether the query asked for it."""


def marked(title: str, query: Query, language: str | None) -> list[Piece]:
    """The title in pieces that joined are the title again. Words are compared as the query
    compares them, by stem; a word of several parts is marked if one of them was asked for.
    """
    wanted = _Wanted(query, words.language_of(title, language))
    pieces: list[Piece] = []
    end = 0
    for found in _PIECE.finditer(title):
        core = _EDGES.sub("", found[0])
        if core and wanted.asks_for(core):
            start = found.start() + found[0].index(core)
            pieces += [(title[end:start], False), (core, True)]
            end = start + len(core)
    pieces.append((title[end:], False))
    return [piece for piece in pieces if piece[0]]


class _Wanted:
    def __init__(self, query: Query, language: str) -> None:
        self._language = language
        self._words: set[str] = set()
        self._stems: set[str] = set()
        self._beginnings: set[str] = set()
        for term in terms_of(query):
            if term.field in ("source", "lang", "link"):
                continue
            *whole, last = term.words
            (self._beginnings if term.prefix else self._words).add(last)
            self._words.update(whole)
        if not self._words:
            return
        for word in self._words:
            self._stems.update(words.stems(word, language))

    def asks_for(self, text: str) -> bool:
        parts = words.split_words(text)
        return any(
            part in self._words
            or any(part.startswith(beginning) for beginning in self._beginnings)
            or not self._stems.isdisjoint(words.stems(part, self._language))
            for part in parts
        )


def terms_of(query: Query) -> list[Term]:
    """What a query asks for, without what it leaves out."""
    match query:
        case Term():
            return [query]
        case Near(first=first, second=second):
            return [first, second]
        case Not():
            return []
        case And(parts=parts) | Or(parts=parts):
            return [term for part in parts for term in terms_of(part)]
