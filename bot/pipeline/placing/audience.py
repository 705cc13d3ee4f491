"""What all chats asked for, ready to be asked about a report."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import structlog

from bot.errors import QueryError
from bot.news.chat import Audience, Habits, Mute, Subscription, Topic
from bot.news.outbox import Ring, Ripe
from bot.news.query.index import TopicIndex, TopicMatch
from bot.news.query.match import Query, StoryText, match, text_of
from bot.news.query.parse import parse_query
from bot.news.story import Report
from bot.news.telling.languages import is_heard, says_language, spoken_in
from bot.news.telling.naming import named
from bot.news.why import Code, Why, because

log = structlog.get_logger(__name__)

_USUAL = Habits()
_CHATS_AT_ONCE = 50
_TOPICS_AT_ONCE = 10
_QUERIES_AT_ONCE = 20
_MOST_TERMS = 12
_ALL = ""


@dataclass
class _Wish:
    """What brings a report to a place; `by_name`: its feed is followed there itself."""

    subscribed: bool = False
    by_name: bool = False
    topics: list[tuple[Topic, tuple[str, ...]]] = field(default_factory=list)


@dataclass
class _About:
    """A report that is asked about, and when."""

    report: Report
    text: StoryText
    now: float

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """The languages that it may be in; looked for where a chat has chosen some."""
        said = f"{self.report.title} {self.report.summary}"
        return spoken_in(said, self.report.language)

    @cached_property
    def other_language(self) -> Why:
        """Why it is kept away where that is none that was chosen."""
        return because(Code.OTHER_LANGUAGE, self.spoken[0])


@dataclass
class _Asked:
    """What one chat asked for."""

    subscriptions: list[Subscription] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    mutes: list[tuple[Mute, Query | int]] = field(default_factory=list)
    habits: Habits = _USUAL


@dataclass
class AudienceIndex:
    """Knows every subscription, topic, mute and habit as of `version`."""

    version: int | None = None
    refollowed: set[int] = field(default_factory=set)
    """Feeds whose followers may have changed; whoever looks empties it."""
    topics: dict[int, Topic] = field(default_factory=dict)
    _index: TopicIndex[int] = field(default_factory=TopicIndex)
    _saying_language: set[int] = field(default_factory=set)
    _chats: dict[int, _Asked] = field(default_factory=dict)
    _subscriptions: dict[int | str, dict[Subscription, None]] = field(default_factory=dict)

    async def update(self, audience: Audience) -> None:
        """Takes in what changed; queries that stayed are not read again. Lets others work in
        between, so nothing may be asked of it meanwhile.
        """
        asked = await _by_chat(audience)
        told_of = self._chats.keys() if audience.chats is None else audience.chats
        for chat_id in told_of - asked.keys():
            await self._replace(chat_id, _Asked())
            self._chats.pop(chat_id, None)
        for number, (chat_id, wishes) in enumerate(asked.items(), 1):
            await self._replace(chat_id, wishes)
            if number % _CHATS_AT_ONCE == 0:
                await asyncio.sleep(0)
        self.version = audience.version

    async def _replace(self, chat_id: int, wishes: _Asked) -> None:
        before = self._chats.get(chat_id, _Asked())
        for gone in {t.id for t in before.topics} - {t.id for t in wishes.topics}:
            known = self.topics.get(gone)
            # A chat that became another has taken its topics along.
            if known and known.chat_id == chat_id:
                del self.topics[gone]
                self._index.discard(gone)
                self._saying_language.discard(gone)
        read = 0
        for topic in wishes.topics:
            read += self._follow(topic)
            if read >= _TOPICS_AT_ONCE:
                read = 0
                await asyncio.sleep(0)
        for subscription in before.subscriptions:
            key = _what(subscription)
            alike = self._subscriptions[key]
            del alike[subscription]
            if not alike:
                del self._subscriptions[key]
        changed = set(before.subscriptions) ^ set(wishes.subscriptions)
        self.refollowed.update(each.feed_id for each in changed if each.feed_id is not None)
        for subscription in wishes.subscriptions:
            self._subscriptions.setdefault(_what(subscription), {})[subscription] = None
        self._chats[chat_id] = wishes

    def _follow(self, topic: Topic) -> bool:
        """Returns whether its query had to be read."""
        known = self.topics.get(topic.id)
        self.topics[topic.id] = topic
        if known is not None and known.query == topic.query:
            return False
        self._saying_language.discard(topic.id)
        if query := _read(topic):
            self._index.add(topic.id, query)
            if says_language(query):
                self._saying_language.add(topic.id)
        else:
            self._index.discard(topic.id)
        return True

    def habits(self, chat_id: int) -> Habits:
        """When and how a chat wants to be told."""
        asked = self._chats.get(chat_id)
        return asked.habits if asked else _USUAL

    def followers(self, feed_id: int) -> frozenset[int]:
        """The chats that follow a feed by name."""
        return frozenset(each.chat_id for each in self._subscriptions.get(feed_id, ()))

    async def matching(self, text: StoryText) -> list[TopicMatch[int]]:
        """The topics that match a text, for `rings`; lets others work in between."""
        found = []
        for number, each in enumerate(self._index.candidates(text), 1):
            if each is not None:
                found.append(each)
            if number % _QUERIES_AT_ONCE == 0:
                await asyncio.sleep(0)
        return found

    def rings(
        self,
        report: Report,
        text: StoryText,
        now: float,
        matching: Sequence[TopicMatch[int]] | None = None,
    ) -> tuple[Ring, ...]:
        """Who wants this report: one ring a chat and thread, naming topics that match (see
        `bot.news.telling.naming`). What is muted, or is in a language that the chat did not choose,
        has a ring too, which says what keeps it away.
        """
        wishes: dict[tuple[int, int], _Wish] = {}
        followers: set[int] = set()
        # A feed in no group has "" for one, which stands for the whole catalogue.
        keys: set[int | str] = {_ALL, report.group, report.feed_id}
        for key in keys:
            for subscription in self._subscriptions.get(key, ()):
                wish = wishes.setdefault((subscription.chat_id, subscription.thread_id), _Wish())
                wish.subscribed = True
                wish.by_name |= key == report.feed_id
                if key != _ALL:
                    followers.add(subscription.chat_id)
        if report.guest:
            # Who may add feeds must not ring where nobody asked for them.
            wishes = {place: wish for place, wish in wishes.items() if place[0] in followers}
        for found in self._index.match(text) if matching is None else matching:
            terms = tuple(sorted(found.terms)[:_MOST_TERMS])
            for topic in [self.topics[topic_id] for topic_id in found.topics]:
                if report.guest and topic.chat_id not in followers:
                    continue
                wish = wishes.setdefault((topic.chat_id, topic.thread_id), _Wish())
                wish.topics.append((topic, terms))
        places = Counter(chat_id for chat_id, _ in wishes)
        about = _About(report, text, now)
        return tuple(
            self._ring(place, wish, about, places[place[0]]) for place, wish in wishes.items()
        )

    def _ring(self, place: tuple[int, int], wish: _Wish, about: _About, places: int) -> Ring:
        chat_id, thread_id = place
        awake = [each for each in wish.topics if each[0].muted_until <= about.now]
        subscribed = wish.subscribed
        kept_by = self._muted(chat_id, about.report.feed_id, about.text, about.now)
        if kept_by is None and not awake and not subscribed:
            kept_by = because(Code.TOPIC_MUTED, wish.topics[0][0].name)
        if kept_by is None and not self._is_heard(chat_id, wish, about):
            heard = [each for each in awake if each[0].id in self._saying_language]
            if heard:
                awake, subscribed = heard, False
            else:
                kept_by = about.other_language
        wanted = named(wish.topics if kept_by else awake, places)
        terms = tuple(sorted((t.id, words) for t, words in wanted))
        return Ring(chat_id, thread_id, terms, subscribed, kept_by)

    def _is_heard(self, chat_id: int, wish: _Wish, about: _About) -> bool:
        """Whether a report is in a language of the chat, or its feed is followed by name."""
        chosen = self.habits(chat_id).languages
        return not chosen or wish.by_name or is_heard(chosen, about.spoken)

    def _muted(self, chat_id: int, feed_id: int, text: StoryText, now: float) -> Why | None:
        asked = self._chats.get(chat_id)
        for mute, query in asked.mutes if asked else ():
            if mute.until <= now:
                continue
            # A source is muted by its number: another whose name begins so must ring.
            hit = query == feed_id if isinstance(query, int) else match(query, text) is not None
            if hit:
                return because(Code.MUTED, mute.shown)
        return None

    def awake(self, topic_ids: Sequence[int], now: float) -> list[Topic]:
        """Those of these topics that are there and not muted."""
        known = (self.topics[each] for each in topic_ids if each in self.topics)
        return [topic for topic in known if topic.muted_until <= now]

    def is_gone(self, ripe: Ripe) -> bool:
        """Whether nothing is followed any more of what wanted a delivery when it began to wait."""
        return not ripe.subscribed and not any(each in self.topics for each in ripe.topic_ids)

    def is_muted(self, ripe: Ripe, awake: Sequence[Topic], now: float) -> bool:
        """Whether a mute keeps a delivery away by now, of whose topics these are awake."""
        if not awake and not ripe.subscribed:
            return True
        return self._muted(ripe.chat_id, ripe.feed_id, text_of(ripe.headline), now) is not None


def _what(subscription: Subscription) -> int | str:
    """What is followed: a feed by its number, a group by its name, or all."""
    return subscription.group if subscription.feed_id is None else subscription.feed_id


async def _by_chat(audience: Audience) -> dict[int, _Asked]:
    asked: dict[int, _Asked] = {}
    for subscription in audience.subscriptions:
        asked.setdefault(subscription.chat_id, _Asked()).subscriptions.append(subscription)
    for topic in audience.topics:
        asked.setdefault(topic.chat_id, _Asked()).topics.append(topic)
    for number, mute in enumerate(audience.mutes, 1):
        if number % _TOPICS_AT_ONCE == 0:
            await asyncio.sleep(0)
        query = mute.feed_id or _read(mute)
        if query is not None:
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
