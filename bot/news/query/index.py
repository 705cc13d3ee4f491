"""All chats' topics in one inverted index, so that a story is matched without a loop over them.

A query is found by two words that it requires, or by one if it requires no other: few texts have
both that do not match. Equal queries of many chats are kept and matched once.
"""

import sys
from collections.abc import Collection, Hashable, Iterator
from typing import Generic, NamedTuple, TypeVar

from bot.news.query.keys import (
    asks_for_any_word,
    head_of,
    keys_beneath,
    keys_of_kind,
    kind_of,
    plain_terms,
    ways,
)
from bot.news.query.match import And, Near, Not, Or, Query, StoryText, Term, match
from bot.news.text import words

Id = TypeVar("Id", bound=Hashable)


class TopicMatch(NamedTuple, Generic[Id]):
    """The topics of a query that a text matches, and the terms of it that the text has."""

    topics: Collection[Id]
    terms: frozenset[str]


class _Followed(Generic[Id]):
    """A query and the topics that follow it."""

    __slots__ = ("query", "topics")

    def __init__(self, query: Query) -> None:
        self.query = query
        self.topics: tuple[Id, ...] | set[Id] = ()

    def add(self, topic: Id) -> None:
        if isinstance(self.topics, set):
            self.topics.add(topic)
        elif len(self.topics) < _FEW:
            self.topics = (*self.topics, topic)
        else:
            self.topics = {*self.topics, topic}

    def discard(self, topic: Id) -> None:
        if isinstance(self.topics, set):
            self.topics.discard(topic)
        else:
            self.topics = tuple(other for other in self.topics if other != topic)


_FEW = 8  # an empty set is as large as a tuple of this many


class _Key(Generic[Id]):
    """A word that queries have, and the queries to be found by it."""

    __slots__ = ("alone", "any_word", "beside", "term", "uses")

    def __init__(self) -> None:
        self.uses = 0
        self.term: Term | None = None
        """The word as a term, for all queries that have it."""
        self.any_word: tuple[_Followed[Id], ...] = ()
        """Queries that ask for nothing but one of some words, this one among them."""
        self.alone: tuple[_Followed[Id], ...] = ()
        self.beside: dict[str, tuple[_Followed[Id], ...]] | None = None
        """By the other key that a text must have, too."""


class TopicIndex(Generic[Id]):
    """Finds the topics that match a text. Adding and discarding change it in place."""

    def __init__(self) -> None:
        self._query_of: dict[Id, _Followed[Id]] = {}
        self._followed: dict[Query, _Followed[Id]] = {}
        self._keys: _Keys[Id] = _Keys()
        self._pool = _Pool(self._keys)

    def __len__(self) -> int:
        return len(self._query_of)

    def __contains__(self, topic: object) -> bool:
        return topic in self._query_of

    def add(self, topic: Id, query: Query) -> None:
        """Follows `query` as `topic`, replacing what that topic followed before."""
        self.discard(topic)
        followed = self._followed.get(query)
        if followed is None:
            query = self._pool.shared(query)
            followed = self._followed[query] = _Followed(query)
            self._post(followed)
        followed.add(topic)
        self._query_of[topic] = followed

    def discard(self, topic: Id) -> None:
        """Forgets a topic; does nothing if it is not there."""
        followed = self._query_of.pop(topic, None)
        if followed is None:
            return
        followed.discard(topic)
        if not followed.topics:
            del self._followed[followed.query]
            self._remove(followed)

    def match(self, text: StoryText) -> list[TopicMatch[Id]]:
        """What matches the text, one a query, in no particular order. `topics` is the index's own
        and changes with it.
        """
        return [found for found in self.candidates(text) if found is not None]

    def candidates(self, text: StoryText) -> Iterator[TopicMatch[Id] | None]:
        """What `match` finds, one by one; None for each query that was read in vain. The index must
        not change meanwhile.
        """
        present = self._keys.of_text(text)
        any_word: dict[_Followed[Id], frozenset[str]] = {}
        candidates: set[_Followed[Id]] = set()
        for name, key in present.items():
            if key.any_word:
                terms = frozenset((name,))
                for followed in key.any_word:
                    known = any_word.get(followed)
                    any_word[followed] = known | terms if known else terms
            if key.alone:
                candidates.update(key.alone)
            if key.beside:
                for second in key.beside.keys() & present.keys():
                    candidates.update(key.beside[second])
        for followed, terms in any_word.items():
            yield TopicMatch(followed.topics, terms)
        for followed in candidates:
            held = match(followed.query, text, present.keys())
            yield None if held is None else TopicMatch(followed.topics, held)

    def _post(self, followed: _Followed[Id]) -> None:
        any_word = asks_for_any_word(followed.query)
        for term in plain_terms(followed.query):
            key = self._keys.use(term.words[0])
            key.term = key.term or term
        for first, second in ways(followed.query):
            key = self._keys.use(first)
            if second is not None:
                self._keys.use(second)
                key.beside = key.beside or {}
                name = sys.intern(second)
                key.beside[name] = (*key.beside.get(name, ()), followed)
            elif any_word:
                key.any_word = (*key.any_word, followed)
            else:
                key.alone = (*key.alone, followed)

    def _remove(self, followed: _Followed[Id]) -> None:
        for term in plain_terms(followed.query):
            self._keys.leave(term.words[0])
        for first, second in ways(followed.query):
            key = self._keys.leave(first)
            if second is not None:
                self._keys.leave(second)
                beside = key.beside or {}
                left = _without(beside.pop(second), followed)
                if left:
                    beside[sys.intern(second)] = left
            else:
                key.any_word = _without(key.any_word, followed)
                key.alone = _without(key.alone, followed)


_Posted = TypeVar("_Posted")


def _without(posted: tuple[_Posted, ...], one: _Posted) -> tuple[_Posted, ...]:
    return tuple([other for other in posted if other is not one])


class _Keys(Generic[Id]):
    """The keys in use, and which of them a text has.

    The language of a story is not known to a query. For each language that stories came in there
    is a table from stems to the words of queries; a word that is its own stem needs no place in it.
    """

    def __init__(self) -> None:
        self._by_kind: dict[str, dict[str, _Key[Id]]] = {"": {}}
        self._words = self._by_kind[""]
        self._beneath: dict[str, dict[str, _Key[Id]]] = {}
        """Keys of long beginnings, by their heads, which are keys in use too."""
        self._by_stem: dict[str, dict[str, str]] = {}

    def use(self, name: str) -> _Key[Id]:
        """Counts a use of a key, which is new with the first."""
        if head := head_of(name):
            self.use(head)
            keys = self._beneath.setdefault(head, {})
        else:
            keys = self._by_kind.setdefault(kind_of(name), {})
        key = keys.get(name)
        if key is None:
            key = keys[sys.intern(name)] = _Key()
            if keys is self._words:
                for language, table in self._by_stem.items():
                    _add_stems(table, sys.intern(name), language)
        key.uses += 1
        return key

    def of_word(self, word: str) -> _Key[Id] | None:
        """The key of a word, if it is in use."""
        return self._words.get(word)

    def leave(self, name: str) -> _Key[Id]:
        """Takes back a use; with the last the key is gone."""
        kind = kind_of(name)
        if head := head_of(name):
            self.leave(head)
        keys = self._beneath[head] if head else self._by_kind[kind]
        key = keys[name]
        key.uses -= 1
        if not key.uses:
            del keys[name]
            if keys is self._words:
                for language, table in self._by_stem.items():
                    _remove_stems(table, name, language)
            elif not keys and head:
                del self._beneath[head]
            elif not keys:
                del self._by_kind[kind]
        return key

    def of_text(self, text: StoryText) -> dict[str, _Key[Id]]:
        """All keys in use that the text has."""
        language = words.stemming(text.language)
        known = self._words
        alike = known.keys() & text.stems.keys()
        present = {
            word: known[word] for word, stem in words.stem_each(alike, language) if stem == word
        }
        table = self._table(language)
        for stem in table.keys() & text.stems.keys():
            for word in table[stem].split():
                present[word] = known[word]
        for kind, keys in self._by_kind.items():
            if kind:
                found = keys.keys() & keys_of_kind(text, kind)
                for name in found:
                    present[name] = keys[name]
                if heads := found & self._beneath.keys():
                    for head, name in keys_beneath(text, kind, heads):
                        if key := self._beneath[head].get(name):
                            present[name] = key
        return present

    def _table(self, language: str) -> dict[str, str]:
        table = self._by_stem.get(language)
        if table is None:
            table = self._by_stem[language] = {}
            for word in self._words:
                _add_stems(table, word, language)
        return table


def _stems_apart(word: str, language: str) -> list[str]:
    return [stem for _, stem in words.stem_each((word,), language) if stem != word]


def _add_stems(table: dict[str, str], word: str, language: str) -> None:
    for stem in _stems_apart(word, language):
        table[stem] = f"{table[stem]} {word}" if stem in table else word


def _remove_stems(table: dict[str, str], word: str, language: str) -> None:
    for stem in _stems_apart(word, language):
        left = [other for other in table[stem].split() if other != word]
        if left:
            table[stem] = " ".join(left)
        else:
            del table[stem]


class _Pool(Generic[Id]):
    """Makes queries of terms that others have too: a hundred thousand share most of theirs.

    What is just a word is kept with its key. Of other terms it forgets all now and then; what is
    made after that shares them again.
    """

    def __init__(self, keys: _Keys[Id]) -> None:
        self._keys = keys
        self._terms: dict[Term, Term] = {}

    def shared(self, query: Query) -> Query:
        """The same query in less room."""
        if isinstance(query, Term):
            return self._term(query)
        if isinstance(query, Not):
            return Not(self.shared(query.part))
        if isinstance(query, Near):
            return Near(self._term(query.first), self._term(query.second), query.distance)
        parts = tuple([self.shared(part) for part in query.parts])
        return And(parts) if isinstance(query, And) else Or(parts)

    def _term(self, term: Term) -> Term:
        if term.plain:
            key = self._keys.of_word(term.plain)
            return key.term if key and key.term else _own(term)
        known = self._terms.get(term)
        if known is None:
            if len(self._terms) >= _MOST_TERMS:
                self._terms.clear()
            known = _own(term)
            self._terms[known] = known
        return known


def _own(term: Term) -> Term:
    """The same term of words that are kept once."""
    words_of = tuple([sys.intern(word) for word in term.words])
    return Term(words_of, term.exact, term.prefix, term.field)


_MOST_TERMS = 10_000
