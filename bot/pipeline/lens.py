"""What all chats asked for, ready to be asked about a report."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from bot.errors import QueryError
from bot.news.chat import Audience, Habits, Mute, Subscription, Topic
from bot.news.outbox import Ring
from bot.news.query import Query, Text, match
from bot.news.query_reader import parse_query
from bot.news.story import Report
from bot.news.topics import TopicIndex

log = structlog.get_logger(__name__)

_USUAL = Habits()


@dataclass
class _Wish:
    subscribed: bool = False
    topics: list[tuple[Topic, tuple[str, ...]]] = field(default_factory=list)


@dataclass
class Lens:
    """Knows every subscription, topic, mute and habit as of `version`."""

    version: int = -1
    topics: Mapping[int, Topic] = field(default_factory=dict)
    _index: TopicIndex[int] = field(default_factory=TopicIndex)
    _subscriptions: dict[int | None, list[Subscription]] = field(default_factory=dict)
    _habits: Mapping[int, Habits] = field(default_factory=dict)
    _mutes: dict[int, list[tuple[Mute, Query]]] = field(default_factory=dict)

    def update(self, audience: Audience) -> None:
        """Takes in what changed; queries that stayed are not read again."""
        for topic in audience.topics:
            known = self.topics.get(topic.id)
            if (known is None or known.query != topic.query) and (query := _read(topic)):
                self._index.add(topic.id, query)
        self.topics = {topic.id: topic for topic in audience.topics}
        self._index.keep_only(self.topics)
        self._subscriptions = {}
        for subscription in audience.subscriptions:
            self._subscriptions.setdefault(subscription.feed_id, []).append(subscription)
        self._habits = audience.habits
        self._mutes = {}
        for mute in audience.mutes:
            if query := _read(mute):
                self._mutes.setdefault(mute.chat_id, []).append((mute, query))
        self.version = audience.version

    def habits(self, chat_id: int) -> Habits:
        """When and how a chat wants to be told."""
        return self._habits.get(chat_id, _USUAL)

    def rings(self, report: Report, text: Text, now: float) -> tuple[Ring, ...]:
        """Who wants this report: one ring a chat and thread, naming the topics that match. What
        is muted has a ring too, which says what keeps it away.
        """
        wishes: dict[tuple[int, int], _Wish] = {}
        for feed_id in (None, report.feed_id):
            for subscription in self._subscriptions.get(feed_id, ()):
                place = subscription.chat_id, subscription.thread_id
                wishes.setdefault(place, _Wish()).subscribed = True
        for found in self._index.match(text):
            topic = self.topics[found.topic]
            wish = wishes.setdefault((topic.chat_id, topic.thread_id), _Wish())
            wish.topics.append((topic, tuple(sorted(found.terms))))
        return tuple(
            self._ring(chat_id, thread_id, wish, text, now)
            for (chat_id, thread_id), wish in wishes.items()
        )

    def _ring(self, chat_id: int, thread_id: int, wish: _Wish, text: Text, now: float) -> Ring:
        awake = [each for each in wish.topics if each[0].muted_until <= now]
        kept_by = self._muted(chat_id, text, now)
        if kept_by is None and not awake and not wish.subscribed:
            kept_by = f"the topic {wish.topics[0][0].name} is muted"
        terms = tuple(sorted((t.id, words) for t, words in (wish.topics if kept_by else awake)))
        return Ring(chat_id, thread_id, terms, wish.subscribed, kept_by)

    def _muted(self, chat_id: int, text: Text, now: float) -> str | None:
        for mute, query in self._mutes.get(chat_id, ()):
            if mute.until > now and match(query, text) is not None:
                return f"{mute.shown} is muted"
        return None


def _read(wish: Topic | Mute) -> Query | None:
    try:
        return parse_query(wish.query)
    except QueryError as error:
        # Checked when it was stored; an older version may have read more than this one.
        log.warning("a stored query cannot be read", chat=wish.chat_id, error=str(error))
        return None
