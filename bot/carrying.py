"""What a chat may carry away and bring back: its sources as a list, all it asked for as a document.

Bringing back adds and changes; it takes nothing away. What would change is planned first and
shown, so that a person can say yes to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import actions
from bot.catalogue import MOST_ADDED, Adding
from bot.errors import AddressRefused, QueryError
from bot.feeds.opml import OpmlFeed
from bot.news import schedule, urls
from bot.news.chat import MOST_FOLLOWED, Chat, Habits, Mute, Subscription, Topic, mute_of_feed
from bot.news.feed import Feed, NewFeed
from bot.news.query_reader import parse_query
from bot.news.saved import (
    Saved,
    SavedFeed,
    SavedFollow,
    SavedMute,
    SavedTopic,
    counted,
)
from bot.news.text import cut, tidy
from bot.news.words import fold
from storage.interface import Storage

MOST_LISTED = 500  # feeds of a list that a chat brings
_LONGEST_MUTE_SECONDS = 366 * 86_400.0


# --- away --------------------------------------------------------------------------------------


async def sources_of(storage: Storage, chat_id: int) -> list[Feed]:
    """The feeds that ring in a chat whole, or that its people added; in the order of titles. What
    other chats brought is theirs: its address may be a secret.
    """
    follows = await storage.chats.subscriptions(chat_id)
    ids = {s.feed_id for s in follows} | await storage.feeds.added_by(chat_id)
    groups = {s.group for s in follows if s.group}
    everything = any(s.is_all for s in follows)
    catalogue = await storage.feeds.all()
    return [
        feed
        for feed in catalogue
        if feed.id in ids or feed.group in groups or (everything and not feed.guest)
    ]


def habits_of(chat: Chat) -> Habits:
    """When and how a chat is told, its time zone included."""
    return replace(chat.habits, timezone=chat.timezone)


async def collect(storage: Storage, chat: Chat, now: float) -> Saved:
    """All that a chat asked for."""
    urls_by_id = {feed.id: feed.url for feed in await storage.feeds.all()}
    added = await storage.feeds.added_by(chat.id)
    own = [feed for feed in await storage.feeds.all() if feed.id in added]
    return Saved(
        chat.id,
        habits_of(chat),
        tuple(
            SavedFollow(s.thread_id, urls_by_id.get(s.feed_id or 0, ""), s.group)
            for s in await storage.chats.subscriptions(chat.id)
        ),
        tuple(
            SavedTopic(t.name, t.query, t.thread_id, t.muted_until, t.options)
            for t in await storage.chats.topics(chat.id)
        ),
        tuple(_saved_mute(mute, urls_by_id) for mute in await storage.chats.mutes(chat.id, now)),
        tuple(SavedFeed(feed.url, feed.title) for feed in own),
    )


def _saved_mute(mute: Mute, urls_by_id: dict[int, str]) -> SavedMute:
    if mute.feed_id is None:
        return SavedMute(mute.shown, mute.until, mute.query)
    return SavedMute(mute.shown, mute.until, url=urls_by_id.get(mute.feed_id, ""))


# --- back: a list ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a list: feeds that are new, that are followed newly or were already, whose
    address is refused, and that are too many; `closed` are new ones where chats add none, and
    `full` those that a chat cannot follow beside what it follows.
    """

    new: int = 0
    followed: int = 0
    there: int = 0
    refused: int = 0
    beyond: int = 0
    closed: int = 0
    full: int = 0


@dataclass(frozen=True, slots=True)
class Bringer:
    """Who brings feeds, and what they may: operators as many as they like, for everybody."""

    adding: Adding
    may_add: bool
    operator: bool


async def bring(
    storage: Storage,
    chat_id: int,
    thread_id: int,
    feeds: Sequence[OpmlFeed],
    bringer: Bringer,
    now: float,
) -> Brought:
    """Follows the feeds of a list in a chat. Those that are new become candidates: the poller asks
    them in their turn, and the chat is told then. Asks no server now.
    """
    listed = feeds[:MOST_LISTED]
    known = _by_address(await storage.feeds.all())
    there: dict[int, Feed] = {}
    wanted: dict[str, OpmlFeed] = {}
    refused = 0
    for feed in listed:
        found = known.get(feed.url) or known.get(urls.feed_form(feed.url) or "")
        if found:
            there[found.id] = found
        elif _is_refused(feed.url, bringer.adding):
            refused += 1
        else:
            wanted.setdefault(urls.feed_form(feed.url) or feed.url, feed)
    followed_before = await storage.chats.subscriptions(chat_id)
    follows = [Subscription(chat_id, thread_id, feed_id) for feed_id in there]
    unfollowed = [each for each in follows if each not in followed_before]
    fits = unfollowed[: max(0, MOST_FOLLOWED - len(followed_before))]
    room = 0 if not bringer.may_add else len(wanted)
    if bringer.may_add and not bringer.operator:
        left_to_follow = MOST_FOLLOWED - len(followed_before) - len(fits)
        left_to_add = MOST_ADDED - len(await storage.feeds.added_by(chat_id))
        room = max(0, min(left_to_add, left_to_follow))
    chosen = list(wanted.values())[:room]
    new = await storage.candidates.bring(
        chat_id,
        thread_id,
        [_new_feed(feed, bringer, now) for feed in chosen],
        now,
        guests=not bringer.operator,
    )
    if bringer.operator:
        await storage.feeds.adopt({feed.url: feed.group for feed in listed})
    followed = await storage.candidates.follow(fits, now)
    left = len(wanted) - len(chosen)
    return Brought(
        len(new),
        followed,
        len(there) - len(unfollowed),
        refused,
        (left if bringer.may_add else 0) + len(feeds) - len(listed),
        0 if bringer.may_add else left,
        len(unfollowed) - len(fits),
    )


def _by_address(catalogue: Sequence[Feed]) -> dict[str, Feed]:
    """The catalogue by addresses as they are, and as they are folded."""
    found: dict[str, Feed] = {}
    for feed in catalogue:
        found.setdefault(feed.url, feed)
        if folded := urls.feed_form(feed.url):
            found.setdefault(folded, feed)
    return found


def _is_refused(url: str, adding: Adding) -> bool:
    try:
        adding.check(url)
    except AddressRefused:
        return True
    return False


def _new_feed(feed: OpmlFeed, bringer: Bringer, now: float) -> NewFeed:
    poll_at = schedule.first_poll(now, bringer.adding.bounds, bringer.adding.chance())
    # Groups are the operator's: who follows one must not hear what a stranger put there.
    group = feed.group if bringer.operator else ""
    return NewFeed(feed.url, tidy(feed.title), poll_at, group, named=False)


# --- back: all that a chat asked for -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing a document back would change. `habits` are the new ones where they differ;
    `left_out` says what cannot be brought back, in sentences.
    """

    habits: Habits | None = None
    new_topics: tuple[Topic, ...] = ()
    changed_topics: tuple[Topic, ...] = ()
    mutes: tuple[Mute, ...] = ()
    follows: tuple[Subscription, ...] = ()
    feeds: tuple[OpmlFeed, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (
            self.habits or self.new_topics or self.changed_topics or self.mutes or self.follows
            or self.feeds
        )  # fmt: skip


async def plan(storage: Storage, chat: Chat, thread_id: int, saved: Saved, now: float) -> Plan:
    """What would change if a chat brought this back, from this thread."""
    known = _by_address(await storage.feeds.all())
    threads = await _threads(storage, chat, thread_id, saved)
    topics, left_topics = await _topics(storage, chat, threads, saved)
    mutes, left_mutes = await _mutes(storage, chat, saved, known, now)
    before = {fold(topic.name): topic for topic in await storage.chats.topics(chat.id)}
    follows, left_follows = await _follows(storage, chat, threads, saved, known)
    habits = saved.habits
    unknown = {feed.url: OpmlFeed(feed.url, feed.title) for feed in saved.added}
    unknown |= {f.url: OpmlFeed(f.url) for f in saved.follows if f.url and f.url not in unknown}
    return Plan(
        habits if habits != habits_of(chat) else None,
        tuple(topic for topic in topics if fold(topic.name) not in before),
        tuple(t for t in topics if _is_changed(t, before.get(fold(t.name)))),
        mutes,
        follows,
        tuple(feed for url, feed in unknown.items() if not _known(known, url)),
        (*left_topics, *left_mutes, *left_follows),
    )


@dataclass(frozen=True, slots=True)
class _Threads:
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
    return _Threads(known, thread_id)


def _known(known: dict[str, Feed], url: str) -> Feed | None:
    return known.get(url) or known.get(urls.feed_form(url) or "")


def _is_changed(topic: Topic, before: Topic | None) -> bool:
    if before is None:
        return False
    return (topic.query, topic.options, topic.muted_until, topic.name) != (
        before.query, before.options, before.muted_until, before.name
    )  # fmt: skip


async def _topics(
    storage: Storage, chat: Chat, threads: _Threads, saved: Saved
) -> tuple[list[Topic], list[str]]:
    here = {fold(topic.name) for topic in await storage.chats.topics(chat.id)}
    found: dict[str, Topic] = {}
    unread = beyond = 0
    for topic in saved.topics:
        try:
            query = str(parse_query(topic.query))
            parse_query(query)  # what is stored must be readable again
        except QueryError:
            unread += 1
            continue
        name = cut(topic.name or query, actions.MAX_NAME)
        thread = threads.of(topic.thread_id)
        if len(here | {fold(name)}) > actions.MAX_TOPICS:
            beyond += 1
            continue
        here.add(fold(name))
        found[fold(name)] = Topic(0, chat.id, thread, name, query, topic.muted_until, topic.options)
    left = []
    if unread:
        left.append(f"{counted(unread, 'topic')} that cannot be read.")
    if beyond:
        left.append(f"{counted(beyond, 'topic')}: a chat follows {actions.MAX_TOPICS} at most.")
    return list(found.values()), left


async def _mutes(
    storage: Storage, chat: Chat, saved: Saved, known: dict[str, Feed], now: float
) -> tuple[tuple[Mute, ...], list[str]]:
    there = {mute.query: mute.until for mute in await storage.chats.mutes(chat.id, now)}
    found: dict[str, Mute] = {}
    left = 0
    for mute in saved.mutes:
        if mute.until <= now:
            continue
        query = _muted(mute, known)
        if query is None or len(there.keys() | found.keys() | {query}) > actions.MAX_MUTES:
            left += 1
            continue
        until = min(mute.until, now + _LONGEST_MUTE_SECONDS)
        if there.get(query, 0.0) < until:
            found[query] = Mute(0, chat.id, cut(mute.shown, 100), query, until)
    said = [f"{counted(left, 'mute')} of what is not known here."] if left else []
    return tuple(found.values()), said


def _muted(mute: SavedMute, known: dict[str, Feed]) -> str | None:
    if mute.url:
        feed = _known(known, mute.url)
        return mute_of_feed(feed.id) if feed else None
    try:
        return str(parse_query(mute.query)) if len(mute.query) <= actions.MAX_MUTE else None
    except QueryError:
        return None


async def _follows(
    storage: Storage, chat: Chat, threads: _Threads, saved: Saved, known: dict[str, Feed]
) -> tuple[tuple[Subscription, ...], list[str]]:
    there = await storage.chats.subscriptions(chat.id)
    groups = {feed.group for feed in await storage.feeds.all()} | {each.group for each in there}
    found: dict[Subscription, None] = {}
    strange: set[str] = set()
    for follow in saved.follows:
        thread = threads.of(follow.thread_id)
        feed = _known(known, follow.url) if follow.url else None
        if follow.group and follow.group not in groups:
            strange.add(follow.group)
        elif feed or not follow.url:
            group = "" if feed else follow.group
            found[Subscription(chat.id, thread, feed.id if feed else None, group)] = None
    new = [each for each in found if each not in there]
    fits = tuple(new[: max(0, MOST_FOLLOWED - len(there))])
    left = (
        [f"{counted(len(strange), 'group')} of sources that this bot has not."] if strange else []
    )
    if beyond := len(new) - len(fits):
        left.append(f"{beyond} followed whole: a chat follows {MOST_FOLLOWED} at most.")
    return fits, left


async def restore(
    storage: Storage, chat: Chat, thread_id: int, planned: Plan, bringer: Bringer, now: float
) -> Brought:
    """Does what was planned; says what became of the feeds."""
    if planned.habits:
        await actions.change_habits(storage, chat, planned.habits, now)
    for topic in (*planned.new_topics, *planned.changed_topics):
        stored = await storage.chats.put_topic(topic, fold(topic.name), now)
        await storage.chats.set_options(stored.id, topic.options)
    for mute in planned.mutes:
        await storage.chats.mute(mute, now)
    await storage.candidates.follow(planned.follows, now)
    return await bring(storage, chat.id, thread_id, planned.feeds, bringer, now)
