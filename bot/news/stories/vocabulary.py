"""The terms of the window as numbers.

A million times a report of the window has a term: a number takes four bytes there, an object eight
and its own.
"""

from array import array
from collections.abc import Container, Iterable, Sequence
from math import log
from typing import TYPE_CHECKING, cast

from bot.news.stories.splitting.stopwords import common_terms

if TYPE_CHECKING:
    from bot.news.stories.layer import Layer
    from bot.news.stories.report_table import Column

Term = int
"""The place of a term in the vocabulary. A term that no report has is below zero: each report that
asks has its own.
"""
_COMMON, _FIGURE, _KINDS = 1, 2, 4
_PRIOR = (0.5, 30.0)
"""How many of the reports that we pretend to have seen contain a word, and a common one."""


def _kind(text: str) -> int:
    return _COMMON * (text in common_terms()) | _FIGURE * text[0].isdigit()


class _Terms(dict[str, Term]):
    """Terms by their text; one that is asked for by `[]` and not known is a new one."""

    def __init__(self, vocabulary: "Vocabulary") -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, text: str) -> Term:
        term = self[text] = self._vocabulary._new(text)
        return term


class Vocabulary:
    """The terms that live reports have. By the place of each: `posts`, the live reports of the
    operator's feeds that have it, in the order in which they were filed; `reports`, how many those
    are; `stories`, how many stories tell of it; and its `spread`: the higher, the less it tells.

    Reports of guests are kept apart: `guests` has their numbers, by term and by layer.
    """

    def __init__(self) -> None:
        self.terms: dict[str, Term] = _Terms(self)
        self.posts: list[array[int]] = []
        self.reports = array("I")
        self.stories = array("I")
        self.spread = array("d")
        self.guests: dict[Term, dict[Layer, array[int]]] = {}
        self._texts: list[str] = []
        self._kinds = bytearray()
        self._free: list[int] = []
        self._unused: set[Term] = set()

    def filed(self, texts: Iterable[str]) -> list[Term]:
        """The terms of a report that is to be filed at once."""
        if self._unused:
            self.clean()
        return list(map(self.terms.__getitem__, texts))

    def asked(self, texts: Sequence[str]) -> list[Term]:
        """The terms of a report that is not filed; those that no report has stay unknown."""
        found = list(map(self.terms.get, texts))
        if None in found:
            for place, term in enumerate(found):
                if term is None:
                    found[place] = -1 - _kind(texts[place]) - _KINDS * place
        return cast(list[Term], found)

    def text(self, term: Term) -> str:
        """How a term that is known is written."""
        return self._texts[term]

    def text_of(self, term: Term, asked: Sequence[str]) -> str:
        """The same, also of one that is not known, given the texts that were asked for."""
        return self._texts[term] if term >= 0 else asked[(-1 - term) // _KINDS]

    def is_common(self, term: Term) -> bool:
        """Whether it says little by itself, as `bot.news.stories.splitting.stopwords` lists."""
        return bool(self._kind_of(term) & _COMMON)

    def is_figure(self, term: Term) -> bool:
        """Whether it begins with a digit."""
        return bool(self._kind_of(term) & _FIGURE)

    def _kind_of(self, term: Term) -> int:
        return self._kinds[term] if term >= 0 else (-1 - term) % _KINDS

    def spread_of(self, term: Term, stories: int) -> float:
        """The spread of a term of which so many stories tell."""
        return log(stories + _PRIOR[self._kind_of(term) & _COMMON])

    def reports_with(self, term: Term) -> int:
        """How many reports of the operator's feeds have a term that is known."""
        return self.reports[term]

    def file(self, terms: Iterable[Term], serial: int, told: Container[Term]) -> int:
        """Files a report under its terms, some of which its story has `told`; returns how many of
        them no report had.
        """
        posts, reports_of, stories_of = self.posts, self.reports, self.stories
        spread_of, kinds, new = self.spread, self._kinds, 0
        for term in terms:
            posts[term].append(serial)
            reports_of[term] = reports = reports_of[term] + 1
            if reports == 1:
                new += 1
            if term not in told:
                stories_of[term] = stories = stories_of[term] + 1
                spread_of[term] = log(stories + _PRIOR[kinds[term] & _COMMON])
        return new

    def unfile(self, terms: Iterable[Term], serial: int) -> int:
        """Takes a report from its terms; returns how many of them no report has now. The next
        `clean` sees whether guests have those.
        """
        gone = 0
        for term in terms:
            # The oldest go first, so that what is sought stands at the front.
            self.posts[term].remove(serial)
            self.reports[term] -= 1
            if not self.reports[term]:
                gone += 1
                self._unused.add(term)
        return gone

    def posted(self) -> None:
        """Counts anew how many reports have each term."""
        self.reports = array("I", map(len, self.posts))

    def tell(self, terms: Iterable[Term], more: int) -> None:
        """Notes that so many more stories tell of terms."""
        stories_of, spread_of, kinds = self.stories, self.spread, self._kinds
        for term in terms:
            stories_of[term] = stories = stories_of[term] + more
            spread_of[term] = log(stories + _PRIOR[kinds[term] & _COMMON])

    def unused(self, term: Term) -> None:
        """Notes that reports may have a term no longer; the next `clean` sees whether it is so."""
        self._unused.add(term)

    def clean(self) -> None:
        """Forgets terms that neither the operator's reports nor those of guests have."""
        for term in self._unused:
            if not self.posts[term] and term not in self.guests:
                del self.terms[self._texts[term]]
                self._texts[term] = ""
                self._free.append(term)
        self._unused.clear()

    def columns(self) -> "dict[str, Column]":
        """What it knows of each term, by names; `texts` has the terms themselves."""
        return {"stories": self.stories, "spread": self.spread, "kinds": self._kinds}

    @property
    def texts(self) -> Sequence[str]:
        """How each term is written, "" where its place is free."""
        return self._texts

    def filled(self, texts: Sequence[str], posts: Iterable["array[int]"]) -> None:
        """Goes on from columns that were filled in."""
        self._texts, self.posts = list(texts), list(posts)
        self.posted()
        self.terms.update({text: term for term, text in enumerate(texts) if text})
        self._free = [term for term, text in enumerate(texts) if not text]
        self._unused = {term for term, of in enumerate(self.posts) if texts[term] and not of}

    def _new(self, text: str) -> Term:
        kind = _kind(text)
        spread = log(_PRIOR[kind & _COMMON])
        if self._free:
            term = self._free.pop()
            self._texts[term], self._kinds[term] = text, kind
            self.stories[term], self.spread[term] = 0, spread
            return term
        self._texts.append(text)
        self._kinds.append(kind)
        self.posts.append(array("I"))
        self.reports.append(0)
        self.stories.append(0)
        self.spread.append(spread)
        return len(self._texts) - 1
