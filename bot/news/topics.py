"""All chats' topics in one inverted index, so that a story is matched without a loop over them."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.news.query import Query, Text, cover, match

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True, slots=True)
class TopicMatch(Generic[Id]):
    """A topic that a text matches, and the terms of its query that the text has."""

    topic: Id
    terms: frozenset[str]


class TopicIndex(Generic[Id]):
    """Finds the topics that match a text. Equal queries of many chats are matched once."""

    def __init__(self) -> None:
        self._topics: dict[Query, set[Id]] = {}
        self._query_of: dict[Id, Query] = {}
        self._by_key: dict[str, set[Query]] = {}

    def __len__(self) -> int:
        return len(self._query_of)

    def __contains__(self, topic: object) -> bool:
        return topic in self._query_of

    def add(self, topic: Id, query: Query) -> None:
        """Follows `query` as `topic`, replacing what that topic followed before."""
        self.discard(topic)
        self._query_of[topic] = query
        sharing = self._topics.setdefault(query, set())
        if not sharing:
            for key in cover(query) or ():
                self._by_key.setdefault(key, set()).add(query)
        sharing.add(topic)

    def discard(self, topic: Id) -> None:
        """Forgets a topic; does nothing if it is not there."""
        query = self._query_of.pop(topic, None)
        if query is None:
            return
        sharing = self._topics[query]
        sharing.discard(topic)
        if sharing:
            return
        del self._topics[query]
        for key in cover(query) or ():
            queries = self._by_key[key]
            queries.discard(query)
            if not queries:
                del self._by_key[key]

    def keep_only(self, topics: Iterable[Id]) -> None:
        """Forgets every topic that is not among `topics`."""
        for topic in self._query_of.keys() - set(topics):
            self.discard(topic)

    def match(self, text: Text) -> list[TopicMatch[Id]]:
        """Every topic that matches the text, in no particular order."""
        keys = text.keys()
        candidates = {query for key in keys for query in self._by_key.get(key, ())}
        return [
            TopicMatch(topic, terms)
            for query in candidates
            if (terms := match(query, text)) is not None
            for topic in self._topics[query]
        ]
