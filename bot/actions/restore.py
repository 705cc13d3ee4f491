"""What a chat brings back of all that it asked for: planned first and shown, then done.

Bringing back adds and changes; it takes nothing away.
"""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from bot.actions import adding
from bot.actions.chats import check_thread, followed_threads
from bot.actions.export import Bringer, Brought, bring, by_address, habits_of, known_at
from bot.actions.habits import change_habits
from bot.actions.mutes import MAX_MUTE, MAX_MUTES
from bot.actions.topics import (
    MAX_NAME,
    MAX_TOPICS,
    MOST_WORDS,
    MOST_WORDS_KEPT,
    called_so,
    name_key,
    words_in,
)
from bot.aside import aside
from bot.errors import QueryError
from bot.feeds.opml import OpmlFeed
from bot.news.chat import (
    MOST_FOLLOWED,
    MOST_THREADS,
    Chat,
    Habits,
    Mute,
    Subscription,
    Topic,
    mute_of_feed,
)
from bot.news.feed import Feed
from bot.news.query.parse import parse_query
from bot.news.telling.saved import Saved, SavedMute, SavedSource
from bot.news.text import urls
from bot.news.text.plain import cut, tidy
from bot.news.text.words import fold
from bot.texts.said import Said, say, say_n
from bot.turns import asking
from storage.storage import Storage

_LONGEST_MUTE_SECONDS = 366 * 86_400.0


class RestorePlan(Struct, frozen=True):
    """What bringing a document back would change. `habits` are the new ones where they differ;
    `left_out` says what cannot be brought back, in sentences.
    """

    habits: Habits | None = None
    new_topics: tuple[Topic, ...] = ()
    changed_topics: tuple[Topic, ...] = ()
    mutes: tuple[Mute, ...] = ()
    follows: tuple[Subscription, ...] = ()
    feeds: tuple[OpmlFeed, ...] = ()
    left_out: tuple[Said, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (
            self.habits or self.new_topics or self.changed_topics or self.mutes or self.follows
            or self.feeds
        )  # fmt: skip


async def plan(
    storage: Storage, chat: Chat, thread_id: int, saved: Saved, now: float
) -> RestorePlan:
    """What would change if a chat brought this back, from this thread."""
    await check_thread(storage.chats, chat.id, thread_id)
    # What others brought is not known here: its address brings it as if it were new.
    known = by_address(await adding.seen_by(storage, chat.id))
    threads = await _threads(storage, chat, thread_id, saved)
    topics, left_topics = await _topics(storage, chat, threads, saved, now)
    mutes, left_mutes = await _mutes(storage, chat, saved, known, now)
    before = {_place(topic): topic for topic in await storage.chats.topics(chat.id)}
    follows, left_follows = await _follows(storage, chat, threads, saved, known)
    habits = saved.habits
    unknown = {feed.url: OpmlFeed(feed.url, feed.title) for feed in saved.added}
    unknown |= {f.url: OpmlFeed(f.url) for f in saved.follows if f.url and f.url not in unknown}
    return RestorePlan(
        habits if habits != habits_of(chat) else None,
        tuple(topic for topic in topics if _place(topic) not in before),
        tuple(t for t in topics if _is_changed(t, before.get(_place(t)))),
        mutes,
        follows,
        tuple(feed for url, feed in unknown.items() if not known_at(known, url)),
        (*left_topics, *left_mutes, *left_follows),
    )


class _Threads(Struct, frozen=True):
    """The threads of a document that are kept, and where all the rest goes."""

    kept: frozenset[int]
    here: int

    def of(self, thread_id: int) -> int:
        return thread_id if thread_id in self.kept else self.here


async def _threads(storage: Storage, chat: Chat, thread_id: int, saved: Saved) -> _Threads:
    """Only threads that the chat is known to have: that the document is of this chat is what the
    document says, and each thread that it makes up would be told every story once more.
    """
    known = await storage.chats.threads(chat.id) if saved.chat_id == chat.id else frozenset()
    followed = await followed_threads(storage.chats, chat.id) | {thread_id}
    room = max(0, MOST_THREADS - len(followed))
    return _Threads(known & followed | {*sorted(known - followed)[:room]}, thread_id)


def _place(topic: Topic) -> str:
    """What a chat has only one topic of."""
    return name_key(topic.name, topic.thread_id)


def _is_changed(topic: Topic, before: Topic | None) -> bool:
    if before is None:
        return False
    return (topic.query, topic.options, topic.muted_until, topic.name) != (
        before.query, before.options, before.muted_until, before.name
    )  # fmt: skip


async def _topics(
    storage: Storage, chat: Chat, threads: _Threads, saved: Saved, now: float
) -> tuple[list[Topic], list[Said]]:
    there = await storage.chats.topics(chat.id)
    here = {_place(topic) for topic in there}
    named = Counter(fold(topic.name) for topic in saved.topics)
    found: dict[str, Topic] = {}
    asked = await storage.chats.words_asked(chat.id)
    room = min(MOST_WORDS - asked.here, MOST_WORDS_KEPT - asked.kept)
    words = {_place(topic): words_in(topic.query) for topic in there}
    unread = beyond = wordy = 0
    queries = await aside(_readable, [topic.query for topic in saved.topics])
    for topic, query in zip(saved.topics, queries, strict=True):
        if query is None:
            unread += 1
            continue
        name = cut(topic.name or query, MAX_NAME)
        thread = threads.of(topic.thread_id)
        known = [each.thread_id for each in called_so(there, name)]
        if known and thread not in known and named[fold(topic.name)] == 1:
            thread = known[0]  # it is changed where the chat follows it
        key = name_key(name, thread)
        if len(here | {key}) > MAX_TOPICS:
            beyond += 1
            continue
        more = words_in(query) - words.get(key, 0)
        if more > max(room, 0) and asking() is not None:
            wordy += 1
            continue
        room -= more
        words[key] = words_in(query)
        here.add(key)
        muted_until = min(topic.muted_until, now + _LONGEST_MUTE_SECONDS)
        found[key] = Topic(0, chat.id, thread, name, query, muted_until, topic.options)
    left: list[Said] = []
    if unread:
        left.append(say_n("1 topic that I can't read.", "{n} topics that I can't read.", unread))
    if beyond:
        left.append(
            say_n(
                "1 topic, because a chat has {most} at most.",
                "{n} topics, because a chat has {most} at most.",
                beyond,
                most=MAX_TOPICS,
            )
        )
    if wordy:
        left.append(say("topics that would be too many words"))
    return list(found.values()), left


def _readable(queries: Sequence[str]) -> list[str | None]:
    """Queries as they are stored, None for one that cannot be read."""
    return [_query(query) for query in queries]


def _query(text: str) -> str | None:
    try:
        query = str(parse_query(text))
        parse_query(query)  # what is stored must be readable again
    except QueryError:
        return None
    return query


async def _mutes(
    storage: Storage, chat: Chat, saved: Saved, known: dict[str, Feed], now: float
) -> tuple[tuple[Mute, ...], list[Said]]:
    numbered = {feed.id: feed for feed in known.values()}
    there = {mute.query: mute.until for mute in await storage.chats.mutes(chat.id, now)}
    found: dict[str, Mute] = {}
    left = 0
    for mute in saved.mutes:
        if mute.until <= now:
            continue
        query = _muted(mute, known, numbered)
        if query is None or len(there.keys() | found.keys() | {query}) > MAX_MUTES:
            left += 1
            continue
        until = min(mute.until, now + _LONGEST_MUTE_SECONDS)
        if there.get(query, 0.0) < until:
            found[query] = Mute(0, chat.id, cut(mute.shown, 100), query, until)
    if not left:
        return tuple(found.values()), []
    said = say_n("1 mute that I can't set here.", "{n} mutes that I can't set here.", left)
    return tuple(found.values()), [said]


def _muted(mute: SavedMute, known: dict[str, Feed], numbered: dict[int, Feed]) -> str | None:
    if mute.url or mute.source:
        feed = known_at(known, mute.url) if mute.url else _meant(mute.source, numbered)
        return mute_of_feed(feed.id) if feed else None
    return _query(mute.query) if len(mute.query) <= MAX_MUTE else None


def _meant(source: SavedSource | None, numbered: dict[int, Feed]) -> Feed | None:
    """The feed that a document names without its address, if it is the same one here."""
    feed = numbered.get(source.number) if source else None
    if source is None or feed is None:
        return None
    same = (tidy(feed.title), urls.host_of(feed.url)) == (source.title, source.host)
    return feed if same else None


async def _follows(
    storage: Storage, chat: Chat, threads: _Threads, saved: Saved, known: dict[str, Feed]
) -> tuple[tuple[Subscription, ...], list[Said]]:
    there = await storage.chats.subscriptions(chat.id)
    groups = {feed.group for feed in known.values()} | {each.group for each in there}
    visible = {feed.id: feed for feed in known.values()}
    found: dict[Subscription, None] = {}
    strange: set[str] = set()
    gone = 0
    for follow in saved.follows:
        thread = threads.of(follow.thread_id)
        feed = known_at(known, follow.url) if follow.url else _meant(follow.source, visible)
        gone += follow.source is not None and feed is None
        if follow.group and follow.group not in groups:
            strange.add(follow.group)
        elif feed or not (follow.url or follow.source):
            group = "" if feed else follow.group
            found[Subscription(chat.id, thread, feed.id if feed else None, group)] = None
    new = [each for each in found if each not in there]
    fits = tuple(new[: max(0, MOST_FOLLOWED - len(there))])
    left: list[Said] = []
    if strange:
        left.append(
            say_n(
                "1 group of sources that I don't have.",
                "{n} groups of sources that I don't have.",
                len(strange),
            )
        )
    if gone:
        left.append(say_n("1 source that I don't have.", "{n} sources that I don't have.", gone))
    if beyond := len(new) - len(fits):
        left.append(
            say_n(
                "1 source or group, because a chat follows {most} at most.",
                "{n} sources and groups, because a chat follows {most} at most.",
                beyond,
                most=MOST_FOLLOWED,
            )
        )
    return fits, left


async def restore(
    storage: Storage, chat: Chat, thread_id: int, planned: RestorePlan, bringer: Bringer, now: float
) -> Brought:
    """Does what was planned; says what became of the feeds."""
    if planned.habits:
        await change_habits(storage, chat, planned.habits, now)
    for topic in (*planned.new_topics, *planned.changed_topics):
        stored = await storage.chats.put_topic(topic, _place(topic), now)
        await storage.chats.set_options(stored.id, topic.options)
    for mute in planned.mutes:
        await storage.chats.mute(mute, now)
    await storage.candidates.follow(planned.follows, now)
    return await bring(storage, chat.id, thread_id, planned.feeds, bringer, now)
