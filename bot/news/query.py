"""The query language of topics, `/latest` and `/search`: reading, printing, matching.

    query  = all ((OR | "|" | ",") all)*             OR binds loosest
    all    = part+                                   words beside each other must all occur
    part   = ("-" | NOT) part                        NOT binds tightest
           | "(" query ")" | near(a b, N)
           | [field ":"] ( word | =word | word* | "a phrase" )
    field  = title | source | lang | link

A word matches whole words only, folded and stemmed; `=word` the folded form only. A word that
the splitter takes apart (`F-35`, `AT&T`) is a phrase of its parts. Nothing here loops longer than
the product of the query's length and the text's.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from bot.errors import QueryError
from bot.news import words

MAX_QUERY = 1_000
MAX_TERMS = 100
MAX_DEPTH = 20
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


# --- reading -----------------------------------------------------------------------------------

_LEXEME = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<near>near\()"
    r"|(?P<open>\()|(?P<close>\))"
    r"|(?P<or>\||,|OR(?![^\s()|,\"]))|(?P<and>AND(?![^\s()|,\"]))"
    r"|(?P<not>NOT(?![^\s()|,\"])|[-−–](?=[^\s]))"
    r"|(?P<field>(?:title|source|lang|link):)"
    r'|(?P<quoted>=?"(?P<phrase>[^"]*)(?P<end>"?)(?P<phrase_more>\*?))'
    r'|(?P<word>[^\s()|,"]+)',
    re.IGNORECASE,
)
_DIGITS = re.compile("[0-9]+")
_OPERATORS = ("or", "and", "not")
_SAME_SIGNS = str.maketrans("“”„«»＂，،、（）", '"""""",,,()')


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str
    text: str
    place: int


def parse_query(text: str) -> Query:
    """Reads a query. Raises QueryError with one sentence and the place of what is wrong."""
    if len(text) > MAX_QUERY:
        raise QueryError(f"The query is longer than {MAX_QUERY} characters; shorten it.", MAX_QUERY)
    reader = _Reader(list(_lexemes(text)), len(text))
    query = reader.query(0)
    reader.expect_end()
    if cover(query) is None:
        raise QueryError("The query only says what to leave out; add a word that must occur.", 0)
    return query


def _lexemes(text: str) -> Iterator[_Lexeme]:
    plain = text.translate(_SAME_SIGNS)
    place = 0
    while place < len(plain):
        found = _LEXEME.match(plain, place)
        if found is None:
            raise QueryError(f"{plain[place]!r} cannot be read {_at(place)}.", place)
        kind = found.lastgroup or "word"
        for name in (
            "space",
            "near",
            "open",
            "close",
            "or",
            "and",
            "not",
            "field",
            "quoted",
            "word",
        ):
            if found[name] is not None:
                kind = name
                break
        lexeme = found[0]
        # Operators are words in capitals: "or" and "not" in a headline are ordinary words.
        if kind in _OPERATORS and lexeme.isalpha() and not lexeme.isupper():
            kind = "word"
        if kind == "quoted" and not found["end"]:
            raise QueryError(f"The quote that opens {_at(place)} is not closed.", place)
        if kind != "space":
            yield _Lexeme(kind, lexeme, place)
        place = found.end()


def _at(place: int) -> str:
    return f"at character {place + 1}"


class _Reader:
    """Recursive descent over the lexemes; depth and number of terms are bounded."""

    def __init__(self, lexemes: list[_Lexeme], end: int) -> None:
        self._lexemes = lexemes
        self._next = 0
        self._end = end
        self._terms = 0

    def _peek(self) -> _Lexeme | None:
        return self._lexemes[self._next] if self._next < len(self._lexemes) else None

    def _take(self, *kinds: str) -> _Lexeme | None:
        lexeme = self._peek()
        if lexeme and lexeme.kind in kinds:
            self._next += 1
            return lexeme
        return None

    def expect_end(self) -> None:
        lexeme = self._peek()
        if lexeme:
            raise QueryError(
                f"The closing bracket {_at(lexeme.place)} has no opening one.", lexeme.place
            )

    def query(self, depth: int) -> Query:
        if depth > MAX_DEPTH:
            raise QueryError(f"More than {MAX_DEPTH} brackets inside each other.", self._end)
        parts = [self._all(depth)]
        while operator := self._take("or"):
            parts.append(self._all(depth, after=operator))
        return _flat(Or, parts)

    def _all(self, depth: int, after: _Lexeme | None = None) -> Query:
        parts: list[Query] = []
        while (lexeme := self._peek()) and lexeme.kind not in ("or", "close"):
            if lexeme.kind == "and":
                self._next += 1
                following = self._peek()
                if not parts or following is None or following.kind in ("or", "and", "close"):
                    raise QueryError(
                        f"AND {_at(lexeme.place)} needs a word on each side.", lexeme.place
                    )
                continue
            parts.append(self._part(depth))
        if not parts:
            raise self._missing(after)
        return _flat(And, parts)

    def _missing(self, after: _Lexeme | None) -> QueryError:
        place = (self._peek() or _Lexeme("", "", self._end)).place
        if after:
            return QueryError(
                f"There is nothing after {after.text!r} {_at(after.place)}; add a word.",
                after.place,
            )
        if not self._lexemes:
            return QueryError("The query is empty; write the words that must occur.", 0)
        return QueryError(f"A word is missing {_at(place)}.", place)

    def _part(self, depth: int) -> Query:
        if lexeme := self._take("not"):
            following = self._peek()
            if following is None or following.kind in ("or", "close", "and"):
                raise QueryError(
                    f"There is nothing after {lexeme.text!r} {_at(lexeme.place)}; add a word.",
                    lexeme.place,
                )
            if depth > MAX_DEPTH:
                raise QueryError(f"More than {MAX_DEPTH} brackets inside each other.", lexeme.place)
            part = self._part(depth + 1)
            return part.part if isinstance(part, Not) else Not(part)
        if lexeme := self._take("open"):
            inner = self.query(depth + 1)
            self._close(lexeme)
            return inner
        if lexeme := self._take("near"):
            return self._near(lexeme)
        field = self._take("field")
        return self._term(field)

    def _close(self, opening: _Lexeme) -> None:
        if not self._take("close"):
            raise QueryError(
                f"The bracket that opens {_at(opening.place)} is not closed.", opening.place
            )

    def _term(self, field: _Lexeme | None) -> Term:
        lexeme = self._take("word", "quoted")
        if lexeme is None:
            at = field or self._peek() or _Lexeme("", "", self._end)
            raise QueryError(f"A word is missing {_at(at.place)}.", at.place)
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise QueryError(
                f"The query has more than {MAX_TERMS} words; shorten it.", lexeme.place
            )
        body = lexeme.text
        exact = body.startswith("=")
        prefix = body.endswith("*")
        found = tuple(words.split_words(body.strip("=*\"'")))
        if not found:
            raise QueryError(f"{lexeme.text!r} {_at(lexeme.place)} has no letters.", lexeme.place)
        if prefix and len(found[-1]) < 2 and not words.is_unspaced(found[-1]):
            raise QueryError(
                f"{lexeme.text!r} {_at(lexeme.place)}: write two letters or more before the *.",
                lexeme.place,
            )
        return Term(found, exact, prefix, field.text[:-1].lower() if field else None)

    def _near(self, opening: _Lexeme) -> Query:
        example = "write it as near(one two, 5)"
        first = self._term(self._take("field"))
        second = self._term(self._take("field"))
        comma = self._take("or")
        number = self._take("word")
        if not comma or comma.text != "," or not number or not _DIGITS.fullmatch(number.text):
            raise QueryError(
                f"near {_at(opening.place)} needs a distance: {example}.", opening.place
            )
        distance = int(number.text[:9])
        if not 1 <= distance <= MAX_NEAR:
            raise QueryError(f"The distance of near must be 1 to {MAX_NEAR}.", number.place)
        if not {first.field, second.field} <= {None, "title"}:
            raise QueryError("near looks in titles and summaries only.", opening.place)
        self._close(opening)
        return Near(first, second, distance)


def _flat(kind: type[And] | type[Or], parts: list[Query]) -> Query:
    """Joins parts, taking in those of the same kind, so that equal queries are equal values."""
    flat: list[Query] = []
    for part in parts:
        for inner in part.parts if isinstance(part, And | Or) and type(part) is kind else (part,):
            if inner not in flat:
                flat.append(inner)
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


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
