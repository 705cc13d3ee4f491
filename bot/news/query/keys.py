"""Keys by which an index of topics finds the queries that a text may match.

A key is a word of a query (any of its forms), `=word` (this form), `word*` (a beginning), or one
of these after the name of a field, as in `source:wire`. No folded word has such signs in it.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import product
from typing import NamedTuple

from bot.news.query.match import And, Near, Not, Or, Query, StoryText, Term

LONGEST_BEGINNING = 16
"""Letters of a beginning that a key has; the rest is left to matching. With fewer, queries of words
that differ from common ones only behind them are read in vain for nearly every text.
"""
_HEAD = 5
"""Letters of a beginning by which a longer one is looked for."""
_MOST_PAIRS = 64


class Way(NamedTuple):
    """Two keys, or one, of which every text that matches in this way has both."""

    first: str
    second: str | None


def ways(query: Query) -> tuple[Way, ...]:
    """The ways to match a query: a text that matches has the keys of one of them at least.

    Equal queries have equal ways. A query that only says what to leave out has none.
    """
    return tuple(dict.fromkeys(_ways(query) or ()))


def _ways(query: Query) -> list[Way] | None:
    if isinstance(query, Term):
        return [_way_of_term(query)]
    if isinstance(query, Not):
        return None
    if isinstance(query, Or):
        of_parts = [_ways(part) for part in query.parts]
        if None in of_parts:
            return None
        return [way for found in of_parts for way in found or ()]
    parts = query.parts if isinstance(query, And) else (query.first, query.second)
    return _narrowest([found for part in parts if (found := _ways(part))])


def _narrowest(choices: list[list[Way]]) -> list[Way] | None:
    """Of what must all hold, the fewest ways of the longest words: long words are rare."""
    if not choices:
        return None
    best, *others = sorted(choices, key=_breadth)
    if others and all(way.second is None for way in best):
        other = others[0]
        if len(best) * len(other) <= _MOST_PAIRS:
            return [_pair(a.first, b.first) for a, b in product(best, other)]
    return best


def _breadth(some: list[Way]) -> tuple[int, int, int]:
    shortest = min(len(way.second or way.first) for way in some)
    return len(some), -sum(way.second is not None for way in some), -shortest


def _pair(one: str, other: str) -> Way:
    """The shorter first: fewer keys come first then, each of more ways, which takes less room."""
    if one == other:
        return Way(one, None)
    return Way(*sorted((one, other), key=lambda key: (len(key), key)))


def _way_of_term(term: Term) -> Way:
    last = len(term.words) - 1
    keys = {
        _key(term, word, is_beginning=term.prefix and i == last): None
        for i, word in enumerate(term.words)
    }
    rarest = sorted(keys, key=len, reverse=True)[:2]
    return _pair(rarest[0], rarest[-1])


def _key(term: Term, word: str, is_beginning: bool) -> str:
    key = f"{word[:LONGEST_BEGINNING]}*" if is_beginning else word
    if term.field and term.field != "title":
        return f"{term.field}:{key}"
    return f"={key}" if term.exact and not is_beginning else key


def plain_terms(query: Query) -> Iterator[Term]:
    """All terms that are just a word, also those that must not occur."""
    if isinstance(query, Term):
        if query.plain:
            yield query
    elif not isinstance(query, Near):
        for part in (query.part,) if isinstance(query, Not) else query.parts:
            yield from plain_terms(part)


def asks_for_any_word(query: Query) -> bool:
    """True if the query is a plain word, or several of which one is enough."""
    parts = query.parts if isinstance(query, Or) else (query,)
    return all(isinstance(part, Term) and part.plain for part in parts)


def kind_of(key: str) -> str:
    """What a text is to be asked for to have this key: its stems (""), its folded words ("="),
    their beginnings of so many letters ("*3"), or the same of a field ("source:", "source:*3").
    Long beginnings are found by their heads (`head_of`): each kind costs every text its words.
    """
    field, _, word = key.rpartition(":")
    kind = f"{field}:" if field else ""
    if word.endswith("*"):
        return f"{kind}*{len(word) - 1}"
    return kind or ("=" if word.startswith("=") else "")


def keys_of_kind(text: StoryText, kind: str) -> Iterable[str]:
    """The text's keys of a kind other than "", whose keys depend on the language."""
    if kind == "=":
        return [f"={word}" for word in text.words.of]
    field, _, beginning = kind.rpartition(":")
    among = text.field(field).of if field else text.words.of
    start = f"{field}:" if field else ""
    if beginning:
        length = int(beginning[1:])
        return {f"{start}{word[:length]}*" for word in among}
    return [start + word for word in among]


def head_of(key: str) -> str | None:
    """The key of a shorter beginning, which each text with the key of a long one has; else None."""
    field, colon, word = key.rpartition(":")
    return (
        f"{field}{colon}{word[:_HEAD]}*" if word.endswith("*") and len(word) > _HEAD + 1 else None
    )


def keys_beneath(text: StoryText, kind: str, heads: Collection[str]) -> Iterator[tuple[str, str]]:
    """The text's keys of long beginnings that have one of these heads, which are of a kind, each
    behind its head.
    """
    field = kind.rpartition(":")[0]
    among = text.field(field).of if field else text.words.of
    start = f"{field}:" if field else ""
    by_letters = {head[len(start) : -1]: head for head in heads}
    for word in among:
        if head := by_letters.get(word[:_HEAD]):
            for length in range(_HEAD + 1, min(len(word), LONGEST_BEGINNING) + 1):
                yield head, f"{start}{word[:length]}*"
