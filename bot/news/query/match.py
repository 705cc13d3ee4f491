"""Queries of topics and `/latest`: what they are made of, how they print, what they match.

`bot.news.query.parse` reads them. A word matches whole words only, folded and stemmed; `=word`
the folded form only. A word that the splitter takes apart (`F-35`, `AT&T`) is a phrase of its
parts. Nothing here loops longer than the query's words and the text's, each once.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from dataclasses import field as _field
from functools import lru_cache
from itertools import islice, takewhile
from typing import Protocol

from msgspec import Struct

from bot.news.text import words

MAX_NEAR = 50
FIELDS = ("title", "source", "lang", "link")
_OTHER_FIELDS = ("source", "lang", "link")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase: folded words that stand side by side.

    `exact` leaves stems out; `prefix` lets the last word go on; `field` narrows where to look.
    """

    words: tuple[str, ...]
    exact: bool = False
    prefix: bool = False
    field: str | None = None
    plain: str | None = _field(init=False, compare=False, repr=False)
    """The word of a term that is one word, anywhere, in any of its forms; most are."""

    def __post_init__(self) -> None:
        narrowed = self.exact or self.prefix or self.field or len(self.words) > 1
        object.__setattr__(self, "plain", None if narrowed else self.words[0])

    def __str__(self) -> str:
        if self.plain:
            return self.plain
        text = " ".join(self.words)
        if len(self.words) > 1:
            text = f'"{text}"' if not self._glued() else "".join(self.words)
        text = f"{'=' if self.exact else ''}{text}{'*' if self.prefix else ''}"
        return f"{self.field}:{text}" if self.field else text

    def _glued(self) -> bool:
        return all(words.is_unspaced(word) for word in self.words)


class Near(Struct, frozen=True):
    """Two terms with at most `distance` words between their beginnings, in either order."""

    first: Term
    second: Term
    distance: int

    def __str__(self) -> str:
        return f"near({self.first} {self.second}, {self.distance})"


class Not(Struct, frozen=True):
    """What must not occur."""

    part: "Query"

    def __str__(self) -> str:
        return f"-{_in_brackets(self.part, And, Or)}"


class And(Struct, frozen=True):
    """What must all occur."""

    parts: tuple["Query", ...]

    def __str__(self) -> str:
        return " ".join(_in_brackets(part, And, Or) for part in self.parts)


class Or(Struct, frozen=True):
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

    See `StoryText.keys` for the other side. An index that looks a text up by its keys finds every
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
    if term.field in _OTHER_FIELDS:
        return frozenset(
            {f"{term.field}{term.words[0][:2]}" if term.prefix else f"{term.field}{term.words[0]}"}
        )
    *whole, last = term.words
    if term.prefix:
        if not whole:
            return frozenset({f"prefix{last[:2]}"})
    else:
        whole = [*whole, last]
    return words.stems_in_any_language(max(whole, key=len))


# --- matching ----------------------------------------------------------------------------------


class Places:
    """Where each word of a text stands: bit n of a word's number is set where it is the n-th.

    Shifting such a number moves all its places at once, so phrases cost the same wherever and
    however often their words occur.
    """

    def __init__(self, words: Sequence[str], first: int = 0) -> None:
        self.of: dict[str, int] = {}
        self._beginning: dict[str, int] = {}
        self._sorted: list[str] | None = None
        self.extend(words, first)

    def extend(self, words: Sequence[str], first: int) -> None:
        """Adds words, the first of which is the `first` of the text."""
        of = self.of
        for place, word in enumerate(words, first):
            of[word] = of.get(word, 0) | 1 << place

    def beginning(self, prefix: str) -> int:
        """The places of all words that begin so."""
        found = self._beginning.get(prefix)
        if found is None:
            found = 0
            for word in self._words_beginning(prefix):
                found |= self.of[word]
            self._beginning[prefix] = found
        return found

    def _words_beginning(self, prefix: str) -> Iterator[str]:
        if self._sorted is None:
            self._sorted = sorted(self.of)
        first = bisect_left(self._sorted, prefix)
        return takewhile(lambda word: word.startswith(prefix), islice(self._sorted, first, None))


class Readable(Protocol):
    """News that queries are matched against: reports, stories and what stands for them."""

    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def language(self) -> str | None: ...
    @property
    def link(self) -> str | None: ...


def text_of(news: Readable) -> "StoryText":
    """Its text, split once."""
    return StoryText(news.title, news.summary, news.source, news.language, news.link)


def keys_of(news: Readable) -> set[str]:
    """As `text_of(news).keys()`, for who asks nothing else."""
    language = words.language_of(f"{news.title} {news.summary}", news.language)
    found = {*words.words_of(news.title), *words.words_of(news.summary)}
    keys = words.stems_of_all(found, language)
    keys.update([f"prefix{beginning}" for beginning in {word[:2] for word in found}])
    keys.update(_keys_of_field("source", news.source))
    keys.update(_keys_of_field("lang", _spoken(news.language or language)))
    keys.update(_keys_of_field.__wrapped__("link", news.link or ""))
    return keys


@lru_cache(maxsize=32)  # those of a feed say the same, one after the other
def _keys_of_field(name: str, text: str) -> list[str]:
    found = set(words.split_words(text))
    return [f"{name}{key}" for key in found | {word[:2] for word in found}]


def _spoken(language: str) -> str:
    return language.replace("-", " ")


class StoryText:
    """A story's text, split once, against which any number of queries can be matched."""

    def __init__(
        self, title: str, summary: str = "", source: str = "", language: str | None = None,
        link: str | None = None,
    ) -> None:  # fmt: skip
        self.language = words.language_of(f"{title} {summary}", language)
        title_words = words.words_of(title)
        self._in_title = (1 << len(title_words)) - 1
        self.words = Places(title_words)
        # The gap keeps a phrase from beginning in the title and ending in the summary.
        self.words.extend(words.words_of(summary), len(title_words) + MAX_NEAR + 1)
        self.stems = self._stemmed()
        self._unsplit = {
            "source": source,
            "lang": _spoken(language or self.language),
            "link": link or "",
        }
        self._fields: dict[str, Places] = {}

    def _stemmed(self) -> dict[str, int]:
        of = self.words.of
        if not words.stemming(self.language):
            return of.copy()
        stems: dict[str, int] = {}
        for word, stem in words.stem_each(of, self.language):
            stems[stem] = stems.get(stem, 0) | of[word]
        return stems

    def field(self, name: str) -> Places:
        """The words of the source, language or link."""
        found = self._fields.get(name)
        if found is None:
            found = self._fields[name] = Places(words.split_words(self._unsplit[name]))
        return found

    def keys(self) -> frozenset[str]:
        """Everything by which an index may find a query that matches this text; see `cover`. Of a
        word its stems are enough: whoever asks for one form only asks by them too.
        """
        keys = set(self.stems)
        keys.update([f"prefix{word[:2]}" for word in self.words.of])
        for name in self._unsplit:
            found = self.field(name).of
            keys.update([f"{name}{word}" for word in found])
            keys.update([f"{name}{word[:2]}" for word in found])
        return frozenset(keys)

    def places(self, term: Term) -> int:
        """Where a term begins, as bits: in words from the start of the title, or of the field."""
        if term.field in _OTHER_FIELDS:
            return self._starts(term, self.field(term.field or ""), stemmed=False)
        starts = self._starts(term, self.words, stemmed=not term.exact)
        return starts & self._in_title if term.field else starts

    def _starts(self, term: Term, among: Places, stemmed: bool) -> int:
        last = len(term.words) - 1
        starts = -1
        for i, word in enumerate(term.words):
            if i == last and term.prefix:
                found = among.beginning(word)
            else:
                found = self._stem_places(word) if stemmed else among.of.get(word, 0)
            starts &= found >> i
            if not starts:
                break
        return starts

    def _stem_places(self, word: str) -> int:
        found = 0
        for stem in words.stems(word, self.language):
            found |= self.stems.get(stem, 0)
        return found


def match(query: Query, text: StoryText, present: Set[str] | None = None) -> frozenset[str] | None:
    """The terms of the query that the text has, printed, or None if the query does not match.

    `present`, for those who know it already, is which of the query's plain words the text has.
    """
    found: set[str] = set()
    return frozenset(found) if _holds(query, text, present, found) else None


def _holds(query: Query, text: StoryText, present: Set[str] | None, found: set[str]) -> bool:
    """True if the query matches; what of it the text has is added to `found` even if not."""
    if isinstance(query, Term):
        return _term_holds(query, text, present, found)
    if isinstance(query, And):
        return all(_holds(part, text, present, found) for part in query.parts)
    if isinstance(query, Or):
        return _any_holds(query, text, present, found)
    if isinstance(query, Not):
        return not _holds(query.part, text, present, set())
    close = _close_to(text.places(query.first), text.places(query.second), query.distance)
    if close:
        found.update((str(query.first), str(query.second)))
    return close


def _term_holds(term: Term, text: StoryText, present: Set[str] | None, found: set[str]) -> bool:
    if present is not None and term.plain:
        if term.plain not in present:
            return False
        found.add(term.plain)
        return True
    if not text.places(term):
        return False
    found.add(str(term))
    return True


def _any_holds(query: Or, text: StoryText, present: Set[str] | None, found: set[str]) -> bool:
    """Asks every part, since all that hold are named; those of a part that fails are not."""
    held = False
    for part in query.parts:
        if isinstance(part, Term):
            held |= _term_holds(part, text, present, found)
        elif (terms := match(part, text, present)) is not None:
            held = True
            found |= terms
    return held


def _close_to(some: int, others: int, distance: int) -> bool:
    return bool(_following(some, distance) & others or _following(others, distance) & some)


def _following(places: int, distance: int) -> int:
    """The places that come after one of these by at most `distance`."""
    reach, reached = 1, places << 1
    while reach < distance:
        step = min(reach, distance - reach)
        reached |= reached << step
        reach += step
    return reached
