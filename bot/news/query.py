"""Queries of topics and `/latest`: what they are made of, how they print, what they match.

`bot.news.query_reader` reads them. A word matches whole words only, folded and stemmed; `=word`
the folded form only. A word that the splitter takes apart (`F-35`, `AT&T`) is a phrase of its
parts. Nothing here loops longer than the product of the query's length and the text's.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from bot.news import words

MAX_NEAR = 50
FIELDS = ("title", "source", "lang", "link")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase: folded words that stand side by side.

    `exact` leaves stems out; `prefix` lets the last word go on; `field` narrows where to look.
    """

    words: tuple[str, ...]
    exact: bool = False
    prefix: bool = False
    field: str | None = None

    def __str__(self) -> str:
        text = " ".join(self.words)
        if len(self.words) > 1:
            text = f'"{text}"' if not self._glued() else "".join(self.words)
        text = f"{'=' if self.exact else ''}{text}{'*' if self.prefix else ''}"
        return f"{self.field}:{text}" if self.field else text

    def _glued(self) -> bool:
        return all(words.is_unspaced(word) for word in self.words)


@dataclass(frozen=True, slots=True)
class Near:
    """Two terms with at most `distance` words between their beginnings, in either order."""

    first: Term
    second: Term
    distance: int

    def __str__(self) -> str:
        return f"near({self.first} {self.second}, {self.distance})"


@dataclass(frozen=True, slots=True)
class Not:
    """What must not occur."""

    part: "Query"

    def __str__(self) -> str:
        return f"-{_in_brackets(self.part, And, Or)}"


@dataclass(frozen=True, slots=True)
class And:
    """What must all occur."""

    parts: tuple["Query", ...]

    def __str__(self) -> str:
        return " ".join(_in_brackets(part, And, Or) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Of what one at least must occur."""

    parts: tuple["Query", ...]

    def __str__(self) -> str:
        return " OR ".join(_in_brackets(part, Or) for part in self.parts)


Query = Term | Near | Not | And | Or


def _in_brackets(part: Query, *kinds: type) -> str:
    return f"({part})" if isinstance(part, kinds) else str(part)


# --- what an index needs to know ---------------------------------------------------------------


def cover(query: Query) -> frozenset[str] | None:
    """Keys of which every matching text has at least one, or None where no such set exists.

    See `Text.keys` for the other side. An index that looks a text up by its keys finds every
    query that can match it, and few others.
    """
    match query:
        case Term():
            return _term_cover(query)
        case Near(first=first, second=second):
            return _best((_term_cover(first), _term_cover(second)))
        case Not():
            return None
        case And(parts=parts):
            return _best(cover(part) for part in parts)
        case Or(parts=parts):
            covers = [cover(part) for part in parts]
            return None if None in covers else frozenset().union(*(c for c in covers if c))


def has_cover(query: Query) -> bool:
    """True if `cover` finds keys: False for what only says what must not occur. Stems nothing."""
    match query:
        case Not():
            return False
        case And(parts=parts):
            return any(has_cover(part) for part in parts)
        case Or(parts=parts):
            return all(has_cover(part) for part in parts)
    return True


def _best(covers: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """The cover with the rarest-looking keys: long words are rarer than short ones."""
    known = [found for found in covers if found]
    return max(known, key=lambda keys: min(len(key) for key in keys), default=None)


def _term_cover(term: Term) -> frozenset[str]:
    if term.field in ("source", "lang", "link"):
        return frozenset(
            {f"{term.field}{term.words[0][:2]}" if term.prefix else f"{term.field}{term.words[0]}"}
        )
    *whole, last = term.words
    if term.prefix:
        if not whole:
            return frozenset({f"prefix{last[:2]}"})
    else:
        whole = [*whole, last]
    word = max(whole, key=len)
    return frozenset({word}) if term.exact else words.stems_in_any_language(word)


# --- matching ----------------------------------------------------------------------------------


class Text:
    """A story's text, split once, against which any number of queries can be matched."""

    def __init__(
        self, title: str, summary: str = "", source: str = "", language: str | None = None,
        link: str | None = None,
    ) -> None:  # fmt: skip
        self.language = words.language_of(f"{title} {summary}", language)
        title_words = words.split_words(title)
        # The gap keeps a phrase from beginning in the title and ending in the summary.
        self._title_end = len(title_words)
        gap = [""] * (MAX_NEAR + 1)
        self._words = [*title_words, *gap, *words.split_words(summary)]
        self._places: dict[str, list[int]] = {}
        self._stems: dict[str, list[int]] = {}
        for place, word in enumerate(self._words):
            if word:
                self._places.setdefault(word, []).append(place)
                for stem in words.stems(word, self.language):
                    self._stems.setdefault(stem, []).append(place)
        self._sorted = sorted(self._places)
        self._fields = {
            "source": words.split_words(source),
            "lang": words.split_words((language or self.language).replace("-", " ")),
            "link": words.split_words(link or ""),
        }

    def keys(self) -> frozenset[str]:
        """Everything by which an index may find a query that matches this text; see `cover`."""
        keys = {*self._places, *self._stems}
        keys.update(f"prefix{word[:2]}" for word in self._places)
        for field, found in self._fields.items():
            keys.update(f"{field}{word}" for word in found)
            keys.update(f"{field}{word[:2]}" for word in found)
        return frozenset(keys)

    def places(self, term: Term) -> list[int]:
        """Where a term begins, in words from the start of the title."""
        starts, *following = (self._of_word(term, i) for i in range(len(term.words)))
        for i, places in enumerate(following, 1):
            starts = {place for place in starts if place + i in places}
        if term.field == "title":
            return sorted(place for place in starts if place < self._title_end)
        return sorted(starts)

    def _of_word(self, term: Term, i: int) -> set[int]:
        word = term.words[i]
        if term.prefix and i == len(term.words) - 1:
            return {place for known in self._beginning(word) for place in self._places[known]}
        found = set(self._places.get(word, ()))
        if not term.exact:
            for stem in words.stems(word, self.language):
                found.update(self._stems.get(stem, ()))
        return found

    def _beginning(self, prefix: str) -> Iterator[str]:
        first = bisect_left(self._sorted, prefix)
        return takewhile(lambda word: word.startswith(prefix), islice(self._sorted, first, None))

    def in_field(self, term: Term) -> bool:
        """True if the words of the term stand side by side in the field it names."""
        found = self._fields[term.field or ""]
        last = len(term.words) - 1
        return any(
            all(
                found[start + i].startswith(word)
                if term.prefix and i == last
                else found[start + i] == word
                for i, word in enumerate(term.words)
            )
            for start in range(len(found) - last)
        )


def match(query: Query, text: Text) -> frozenset[str] | None:
    """The terms of the query that the text has, printed, or None if the query does not match."""
    match query:
        case Term(field="source" | "lang" | "link"):
            return frozenset({str(query)}) if text.in_field(query) else None
        case Term():
            return frozenset({str(query)}) if text.places(query) else None
        case Near(first=first, second=second, distance=distance):
            close = _close_to(text.places(first), text.places(second), distance)
            return frozenset({str(first), str(second)}) if close else None
        case Not(part=part):
            return frozenset() if match(part, text) is None else None
        case And(parts=parts):
            found: frozenset[str] = frozenset()
            for part in parts:
                terms = match(part, text)
                if terms is None:
                    return None
                found |= terms
            return found
        case Or(parts=parts):
            each = [terms for part in parts if (terms := match(part, text)) is not None]
            return frozenset().union(*each) if each else None


def _close_to(some: list[int], others: list[int], distance: int) -> bool:
    return _follows(some, others, distance) or _follows(others, some, distance)


def _follows(some: list[int], others: list[int], distance: int) -> bool:
    """True if one of `others`, sorted, comes after one of `some` by at most `distance`."""
    nexts = ((place, bisect_right(others, place)) for place in some)
    return any(i < len(others) and others[i] - place <= distance for place, i in nexts)
