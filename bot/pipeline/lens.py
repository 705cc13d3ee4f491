"""What all chats asked for, ready to be asked about a report."""

import asyncio
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
_CHATS_AT_ONCE = 50


@dataclass
class _Wish:
    subscribed: bool = False
    topics: list[tuple[Topic, tuple[str, ...]]] = field(default_factory=list)


@dataclass
class _Asked:
    """What one chat asked for."""

    subscriptions: list[Subscription] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    mutes: list[tuple[Mute, Query]] = field(default_factory=list)
    habits: Habits = _USUAL


@dataclass
class Lens:
    """Knows every subscription, topic, mute and habit as of `version`."""

    version: int | None = None
    topics: dict[int, Topic] = field(default_factory=dict)
    _index: TopicIndex[int] = field(default_factory=TopicIndex)
    _chats: dict[int, _Asked] = field(default_factory=dict)
    _subscriptions: dict[int | None, dict[Subscription, None]] = field(default_factory=dict)

    async def update(self, audience: Audience) -> None:
        """Takes in what changed; queries that stayed are not read again. Lets others work in
        between, so nothing may be asked of it meanwhile.
        """
        asked = _by_chat(audience)
        told_of = self._chats.keys() if audience.chats is None else audience.chats
        for chat_id in told_of - asked.keys():
            self._replace(chat_id, _Asked())
            self._chats.pop(chat_id, None)
        for number, (chat_id, wishes) in enumerate(asked.items(), 1):
            self._replace(chat_id, wishes)
            if number % _CHATS_AT_ONCE == 0:
                await asyncio.sleep(0)
        self.version = audience.version

    def _replace(self, chat_id: int, wishes: _Asked) -> None:
        before = self._chats.get(chat_id, _Asked())
        for gone in {t.id for t in before.topics} - {t.id for t in wishes.topics}:
            known = self.topics.get(gone)
            # A chat that became another has taken its topics along.
            if known and known.chat_id == chat_id:
                del self.topics[gone]
                self._index.discard(gone)
        for topic in wishes.topics:
            self._follow(topic)
        for subscription in before.subscriptions:
            of_feed = self._subscriptions[subscription.feed_id]
            del of_feed[subscription]
            if not of_feed:
                del self._subscriptions[subscription.feed_id]
        for subscription in wishes.subscriptions:
            self._subscriptions.setdefault(subscription.feed_id, {})[subscription] = None
        self._chats[chat_id] = wishes

    def _follow(self, topic: Topic) -> None:
        known = self.topics.get(topic.id)
        self.topics[topic.id] = topic
        if known is not None and known.query == topic.query:
            return
        if query := _read(topic):
            self._index.add(topic.id, query)
        else:
            self._index.discard(topic.id)

    def habits(self, chat_id: int) -> Habits:
        """When and how a chat wants to be told."""
        asked = self._chats.get(chat_id)
        return asked.habits if asked else _USUAL

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
            terms = tuple(sorted(found.terms))
            for topic in [self.topics[topic_id] for topic_id in found.topics]:
                wish = wishes.setdefault((topic.chat_id, topic.thread_id), _Wish())
                wish.topics.append((topic, terms))
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
        asked = self._chats.get(chat_id)
        for mute, query in asked.mutes if asked else ():
            if mute.until > now and match(query, text) is not None:
                return f"{mute.shown} is muted"
        return None


def _by_chat(audience: Audience) -> dict[int, _Asked]:
    asked: dict[int, _Asked] = {}
    for subscription in audience.subscriptions:
        asked.setdefault(subscription.chat_id, _Asked()).subscriptions.append(subscription)
    for topic in audience.topics:
        asked.setdefault(topic.chat_id, _Asked()).topics.append(topic)
    for mute in audience.mutes:
        if query := _read(mute):
            asked.setdefault(mute.chat_id, _Asked()).mutes.append((mute, query))
    for chat_id, habits in audience.habits.items():
        asked.setdefault(chat_id, _Asked()).habits = habits
    return asked


def _read(wish: Topic | Mute) -> Query | None:
    try:
        return parse_query(wish.query)
    except QueryError as error:
        # Checked when it was stored; an older version may have read more than this one.
        log.warning("a stored query cannot be read", chat=wish.chat_id, error=str(error))
        return None
