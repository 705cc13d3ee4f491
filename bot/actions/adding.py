"""The catalogue as chats change it: feeds added by their people, and taken out again.

A feed that only chats brought is for the chats whose people wrote its address, and for no others:
whoever takes it out ends that for their chat, and the last one ends the feed.
"""

from collections.abc import Callable, Sequence
from enum import Enum

from msgspec import Struct

from bot.actions.chats import check_room, check_thread
from bot.actions.feeds import FeedWish, add_feeds, check_kept, find_feeds, hosts_of
from bot.aside import aside
from bot.errors import BadInput
from bot.feeds.finder import FoundFeed
from bot.news.chat import Subscription
from bot.news.feed import Feed, NewFeed
from bot.news.polling import schedule
from bot.news.polling.schedule import Bounds
from bot.news.text import urls
from bot.news.text.plain import cut, tidy
from bot.texts.said import say, say_many
from storage.polling.feeds import Feeds
from storage.storage import Storage

MOST_ADDED = 50  # feeds by the people of one chat


class FeedStanding(Enum):
    """How a feed that somebody asked for stood in the catalogue."""

    NEW = "new"
    WOKEN = "suspended until now"
    KNOWN = "known"


class Added(Struct, frozen=True):
    """A feed of the catalogue that a chat asked for, and whether the chat follows it newly."""

    feed: Feed
    standing: FeedStanding
    followed: bool


class Removal(Enum):
    """What became of a feed that somebody wanted out."""

    GONE = "taken out of the catalogue"
    LEFT = "no longer this chat's"


class Adding(Struct, frozen=True):
    """What adding a feed takes besides the feed; `check` raises AddressRefused."""

    check: Callable[[str], object]
    bounds: Bounds
    chance: Callable[[], float]


async def add_found(
    feeds: Feeds, found: FoundFeed, adding: Adding, now: float
) -> tuple[Feed, FeedStanding]:
    """The feed in the catalogue as one of the operator's, and how it stood there before.

    One under another spelling of its address is the same feed; one that was suspended is tried
    again. The title stays the document's own to change.
    """
    known = await known_at(feeds, found.url)
    if known:
        await feeds.adopt({known.url: ""})
        await feeds.hurry(known.id, now)
    if known and not known.suspended:
        return known, FeedStanding.KNOWN
    wish = FeedWish(known.url if known else found.url, found.title, named=False)
    added = await add_feeds(feeds, [wish], adding.check, adding.bounds, now, adding.chance)
    if added:
        return added[0], FeedStanding.WOKEN if known else FeedStanding.NEW
    return await _added_meanwhile(feeds, wish.url), FeedStanding.KNOWN


async def _added_meanwhile(feeds: Feeds, url: str) -> Feed:
    """The feed that has moved since, or that somebody else added in between."""
    there = await feeds.at(url)
    if there is None:
        raise BadInput(say("That source was removed meanwhile. Try again."))
    return there


async def add_for_chat(
    storage: Storage,
    chat_id: int,
    thread_id: int,
    found: FoundFeed,
    adding: Adding,
    now: float,
    *,
    unbounded: bool = False,
) -> Added:
    """Adds a feed to the catalogue and follows it in a chat. `unbounded` is for operators, whose
    feeds ring for all that follow everything.

    Raises BadInput where the chat's people added as many as they may.
    """
    await check_thread(storage.chats, chat_id, thread_id)
    if unbounded:
        feed, standing = await add_found(storage.feeds, found, adding, now)
    else:
        feed, standing = await _add_as_guest(storage, chat_id, thread_id, found, adding, now)
        if standing is FeedStanding.NEW:
            return Added(feed, standing, followed=True)
    followed = await storage.chats.subscribe(Subscription(chat_id, thread_id, feed.id), now)
    return Added(feed, standing, followed)


async def _add_as_guest(
    storage: Storage, chat_id: int, thread_id: int, found: FoundFeed, adding: Adding, now: float
) -> tuple[Feed, FeedStanding]:
    """What others brought is new to a chat that brings it too: it is not told of them."""
    feeds = storage.feeds
    known = await known_at(feeds, found.url)
    await _check_room(storage, chat_id, known)
    check_room(await storage.chats.subscriptions(chat_id))
    if known:
        await feeds.hurry(known.id, now)
        if not known.suspended and await feeds.seen(known.id, chat_id):
            return known, FeedStanding.KNOWN
    url = known.url if known else found.url
    check_kept(url, adding.check)
    new = NewFeed(
        url,
        tidy(found.title),
        schedule.first_poll(now, adding.bounds, adding.chance()),
        named=False,
    )
    if added := await feeds.bring(chat_id, thread_id, new, now):
        woken = known and known.suspended and not known.guest
        return added, FeedStanding.WOKEN if woken else FeedStanding.NEW
    return await _added_meanwhile(feeds, url), FeedStanding.KNOWN


async def _check_room(storage: Storage, chat_id: int, known: Feed | None) -> None:
    """Raises BadInput where the chat would keep one feed too many: it keeps what is new, and
    beside others what only chats brought.
    """
    added = await storage.feeds.added_by(chat_id)
    if known and (not known.guest or known.id in added):
        return
    if len(added) >= MOST_ADDED:
        raise BadInput(
            say_many("A chat adds {n} sources at most. /removefeed one first.", MOST_ADDED)
        )


async def seen_by(storage: Storage, chat_id: int, *, operator: bool = False) -> list[Feed]:
    """The catalogue as a chat's people see it: what the operator put there, and the feeds whose
    address they wrote themselves. It is all that they may name, follow, mute and ask about. An
    operator sees all, and follows like anybody else.
    """
    return await (storage.feeds.all() if operator else storage.feeds.seen_by(chat_id))


async def remove_for_chat(
    storage: Storage, chat_id: int, wanted: str, *, operator: bool
) -> tuple[Feed, Removal]:
    """Takes out the feed that a chat names. An operator takes out any, whoever follows it.

    Raises BadInput where it names none or several, or one that others put there.
    """
    seen = await seen_by(storage, chat_id, operator=operator)
    feed = _one(await aside(find_feeds, seen, wanted), wanted)
    if feed.id in await storage.feeds.added_by(chat_id):
        await storage.feeds.uncredit(feed.id, chat_id)
        return feed, Removal.LEFT
    if not operator:
        raise BadInput(say("This chat did not add that source. To unfollow it, send /unsubscribe."))
    await storage.feeds.remove(feed.id)
    return feed, Removal.GONE


async def known_at(feeds: Feeds, url: str) -> Feed | None:
    """The feed with this address, else with another spelling of it, which may differ by `www.`."""
    return find_known(await feeds.of_hosts(hosts_of(url)), url)


def find_known(catalogue: Sequence[Feed], url: str) -> Feed | None:
    """The feed with this address, else with another spelling of it."""
    exact = next((feed for feed in catalogue if feed.url == url), None)
    folded = urls.feed_form(url)
    return exact or next(
        (feed for feed in catalogue if folded and urls.feed_form(feed.url) == folded), None
    )


def _one(found: Sequence[Feed], wanted: str) -> Feed:
    if len(found) == 1:
        return found[0]
    name = cut(wanted, 60)
    if found:
        raise BadInput(
            say_many("{n} sources fit '{name}'. Send the address of one.", len(found), name=name)
        )
    raise BadInput(say("No source is called '{name}'. /sources shows all.", name=name))
