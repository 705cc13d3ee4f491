"""What a chat may carry away and bring back: its sources as a list, all it asked for as a document.

Bringing back adds and changes; it takes nothing away. What would change is planned first and
shown, so that a person can say yes to it.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.actions import adding
from bot.actions.adding import MOST_ADDED, Adding
from bot.actions.chats import check_thread
from bot.actions.feeds import check_kept
from bot.feeds.opml import OpmlFeed
from bot.news.chat import MOST_FOLLOWED, Chat, Habits, Mute, Subscription
from bot.news.feed import Feed, NewFeed
from bot.news.polling import schedule
from bot.news.telling.saved import Saved, SavedFeed, SavedFollow, SavedMute, SavedSource, SavedTopic
from bot.news.text import urls
from bot.news.text.plain import tidy
from bot.news.why import AddressRefused
from storage.storage import Storage

MOST_LISTED = 500  # feeds of a list that a chat brings


# --- away --------------------------------------------------------------------------------------


class Recipient(Struct, frozen=True):
    """For whom something is written. The addresses of feeds that others brought are theirs, as
    they may hold a key; so may the operator's. An `operator` is given all.
    """

    chat_id: int
    added: frozenset[int] = frozenset()
    operator: bool = False

    def may_have(self, feed: Feed) -> bool:
        """Whether the address of a feed may be given away."""
        own = self.operator or feed.id in self.added
        return own or not (feed.guest or urls.may_hold_a_key(feed.url))


async def recipient(storage: Storage, chat_id: int, *, operator: bool) -> Recipient:
    """The people of a chat, or an operator in it."""
    return Recipient(chat_id, await storage.feeds.added_by(chat_id), operator)


async def sources_of(storage: Storage, to: Recipient) -> tuple[list[Feed], int]:
    """The feeds that ring in a chat whole, or that its people added, in the order of titles; and
    how many of them are left out since their address is not the reader's to have.
    """
    follows = await storage.chats.subscriptions(to.chat_id)
    ids = {s.feed_id for s in follows} | to.added
    groups = {s.group for s in follows if s.group}
    everything = any(s.is_all for s in follows)
    found = [
        feed
        for feed in await _seen_by(storage, to)
        if feed.id in ids or feed.group in groups or (everything and not feed.guest)
    ]
    given = [feed for feed in found if to.may_have(feed)]
    return given, len(found) - len(given)


async def _seen_by(storage: Storage, to: Recipient) -> list[Feed]:
    return await adding.seen_by(storage, to.chat_id, operator=to.operator)


def habits_of(chat: Chat) -> Habits:
    """When and how a chat is told, its time zone included."""
    return replace(chat.habits, timezone=chat.timezone)


async def collect(storage: Storage, chat: Chat, to: Recipient, now: float) -> Saved:
    """All that a chat asked for."""
    feeds = {feed.id: feed for feed in await _seen_by(storage, to)}
    return Saved(
        chat.id,
        habits_of(chat),
        tuple(
            SavedFollow(s.thread_id, *_named(feeds.get(s.feed_id or 0), to), s.group)
            for s in await storage.chats.subscriptions(chat.id)
        ),
        tuple(
            SavedTopic(t.name, t.query, t.thread_id, t.muted_until, t.options)
            for t in await storage.chats.topics(chat.id)
        ),
        tuple(_saved_mute(mute, feeds, to) for mute in await storage.chats.mutes(chat.id, now)),
        tuple(SavedFeed(feed.url, feed.title) for feed in feeds.values() if feed.id in to.added),
    )


def _saved_mute(mute: Mute, feeds: dict[int, Feed], to: Recipient) -> SavedMute:
    if mute.feed_id is None:
        return SavedMute(mute.shown, mute.until, mute.query)
    return SavedMute(mute.shown, mute.until, "", *_named(feeds.get(mute.feed_id), to))


def _named(feed: Feed | None, to: Recipient) -> tuple[str, SavedSource | None]:
    """A feed by its address, or where that is not to be given, as it is known here."""
    if feed is None:
        return "", None
    if to.may_have(feed):
        return feed.url, None
    return "", SavedSource(feed.id, tidy(feed.title), urls.host_of(feed.url))


# --- back: a list ------------------------------------------------------------------------------


class Brought(Struct, frozen=True):
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


class Bringer(Struct, frozen=True):
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
    await check_thread(storage.chats, chat_id, thread_id)
    listed = [replace(feed, url=urls.in_ascii(feed.url)) for feed in feeds[:MOST_LISTED]]
    known = by_address(await storage.feeds.all())
    seen = {feed.id for feed in await adding.seen_by(storage, chat_id)}
    there: dict[int, Feed] = {}
    wanted: dict[str, OpmlFeed] = {}
    groups: dict[str, str] = {}
    refused = 0
    for feed in listed:
        found = known_at(known, feed.url)
        groups[found.url if found else feed.url] = feed.group
        if found and (bringer.operator or found.id in seen):
            there[found.id] = found
        elif _is_refused(feed.url, bringer.adding):
            refused += 1
        else:
            # What others brought is new to this chat, which is not told of them.
            url = found.url if found else feed.url
            wanted.setdefault(urls.feed_form(url) or url, replace(feed, url=url))
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
    if bringer.operator:
        await storage.feeds.adopt(groups)
    new = await storage.candidates.bring(
        chat_id,
        thread_id,
        [_new_feed(feed, bringer, now) for feed in chosen],
        now,
        guests=not bringer.operator,
    )
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


def by_address(catalogue: Sequence[Feed]) -> dict[str, Feed]:
    """The catalogue by addresses as they are, and as they are folded."""
    found: dict[str, Feed] = {}
    for feed in catalogue:
        found.setdefault(feed.url, feed)
        if folded := urls.feed_form(feed.url):
            found.setdefault(folded, feed)
    return found


def known_at(known: dict[str, Feed], url: str) -> Feed | None:
    """The feed at an address, in any of its spellings."""
    return known.get(url) or known.get(urls.feed_form(url) or "")


def _is_refused(url: str, adding: Adding) -> bool:
    try:
        check_kept(url, adding.check)
    except AddressRefused:
        return True
    return False


def _new_feed(feed: OpmlFeed, bringer: Bringer, now: float) -> NewFeed:
    poll_at = schedule.first_poll(now, bringer.adding.bounds, bringer.adding.chance())
    # Groups are the operator's: who follows one must not hear what a stranger put there.
    group = feed.group if bringer.operator else ""
    return NewFeed(feed.url, tidy(feed.title), poll_at, group, named=False)
