"""The catalogue as chats change it: feeds added by their people, and taken out again.

A feed that people of a chat added belongs to the chats that follow it by name: whoever takes it
out ends that for their chat, and the last one ends the feed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from bot import actions
from bot.actions import FeedWish
from bot.errors import BadInput
from bot.feeds.finder import FoundFeed
from bot.news import schedule, urls
from bot.news.chat import Subscription
from bot.news.feed import Feed, NewFeed
from bot.news.manners import host_key
from bot.news.schedule import Bounds
from bot.news.text import cut, tidy
from storage.interface import Feeds, Storage

MOST_ADDED = 50  # feeds by the people of one chat


class Standing(Enum):
    """How a feed that somebody asked for stood in the catalogue."""

    NEW = "new"
    WOKEN = "suspended until now"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Added:
    """A feed of the catalogue that a chat asked for, and whether the chat follows it newly."""

    feed: Feed
    standing: Standing
    followed: bool


class Removal(Enum):
    """What became of a feed that somebody wanted out."""

    GONE = "taken out of the catalogue"
    LEFT = "kept for others, and no longer followed here"


@dataclass(frozen=True, slots=True)
class Adding:
    """What adding a feed takes besides the feed; `check` raises AddressRefused."""

    check: Callable[[str], object]
    bounds: Bounds
    chance: Callable[[], float]


async def add_found(
    feeds: Feeds, found: FoundFeed, adding: Adding, now: float
) -> tuple[Feed, Standing]:
    """The feed in the catalogue as one of the operator's, and how it stood there before.

    One under another spelling of its address is the same feed; one that was suspended is tried
    again. The title stays the document's own to change.
    """
    known = await known_at(feeds, found.url)
    if known:
        await feeds.adopt({known.url: ""})
        await feeds.hurry(known.id, now)
    if known and not known.suspended:
        return known, Standing.KNOWN
    wish = FeedWish(known.url if known else found.url, found.title, named=False)
    added = await actions.add_feeds(feeds, [wish], adding.check, adding.bounds, now, adding.chance)
    if added:
        return added[0], Standing.WOKEN if known else Standing.NEW
    return await _added_meanwhile(feeds, wish.url), Standing.KNOWN


async def _added_meanwhile(feeds: Feeds, url: str) -> Feed:
    """The feed that has moved since, or that somebody else added in between."""
    there = await feeds.at(url)
    if there is None:
        raise BadInput("That feed was taken out in the meantime; try again.")
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
    await actions.check_thread(storage.chats, chat_id, thread_id)
    if unbounded:
        feed, standing = await add_found(storage.feeds, found, adding, now)
    else:
        feed, standing = await _add_as_guest(storage, chat_id, thread_id, found, adding, now)
        if standing is Standing.NEW:
            return Added(feed, standing, followed=True)
    followed = await storage.chats.subscribe(Subscription(chat_id, thread_id, feed.id), now)
    # What an operator put there stays the operator's.
    if not unbounded and (await storage.feeds.concerned(feed.id)).adders:
        await storage.feeds.credit(feed.id, chat_id, now)
    return Added(feed, standing, followed)


async def _add_as_guest(
    storage: Storage, chat_id: int, thread_id: int, found: FoundFeed, adding: Adding, now: float
) -> tuple[Feed, Standing]:
    known = await known_at(storage.feeds, found.url)
    await _check_room(storage, chat_id, known)
    actions.check_room(await storage.chats.subscriptions(chat_id))
    if known and not known.suspended:
        await storage.feeds.hurry(known.id, now)
        return known, Standing.KNOWN
    url = known.url if known else found.url
    adding.check(url)
    new = NewFeed(
        url,
        tidy(found.title),
        schedule.first_poll(now, adding.bounds, adding.chance()),
        named=False,
    )
    if added := await storage.feeds.bring(chat_id, thread_id, new, now):
        return added, Standing.WOKEN if known else Standing.NEW
    return await _added_meanwhile(storage.feeds, url), Standing.KNOWN


async def _check_room(storage: Storage, chat_id: int, known: Feed | None) -> None:
    """Raises BadInput where the chat would answer for one feed too many. It answers for what is
    new, and beside others for what only chats brought.
    """
    added = await storage.feeds.added_by(chat_id)
    if known and (not known.guest or known.id in added):
        return
    if len(added) >= MOST_ADDED:
        raise BadInput(f"A chat adds at most {MOST_ADDED} feeds; /removefeed one first.")


async def seen_by(storage: Storage, chat_id: int, *, operator: bool = False) -> list[Feed]:
    """The catalogue as a chat's people see it: what other chats brought is left out, unless the
    chat follows it. An operator sees all.
    """
    everything = await storage.feeds.all()
    if operator:
        return everything
    own = await storage.feeds.added_by(chat_id)
    own |= {each.feed_id for each in await storage.chats.subscriptions(chat_id) if each.feed_id}
    return [feed for feed in everything if not feed.guest or feed.id in own]


async def move_feed(
    feeds: Feeds, wanted: str, url: str, check: Callable[[str], object], now: float
) -> tuple[Feed, bool]:
    """Gives the one feed that `wanted` names another address; returns the feed that has it now,
    and whether another had it, so that the two are one now. Raises BadInput or AddressRefused.
    """
    feed = _one(actions.find_feeds(await feeds.all(), wanted), wanted)
    check(url)
    moved = await feeds.move(feed.id, url, now)
    if moved is None:
        raise BadInput("That feed was taken out in the meantime.")
    return moved, moved.id != feed.id


async def remove_for_chat(
    storage: Storage, chat_id: int, wanted: str, *, operator: bool
) -> tuple[Feed, Removal]:
    """Takes out the feed that a chat names. An operator takes out any, whoever follows it.

    Raises BadInput where it names none or several, or one that others put there.
    """
    feed = _one(actions.find_feeds(await storage.feeds.all(), wanted), wanted)
    concerned = await storage.feeds.concerned(feed.id)
    if operator and chat_id not in concerned.adders:
        await storage.feeds.remove(feed.id)
        return feed, Removal.GONE
    if chat_id not in concerned.adders:
        raise BadInput(
            "This chat did not add that source, so it cannot take it out;"
            " /unsubscribe ends it here."
        )
    if (concerned.followers | concerned.adders) - {chat_id}:
        await _leave(storage, chat_id, feed)
        return feed, Removal.LEFT
    await storage.feeds.remove(feed.id)
    return feed, Removal.GONE


async def _leave(storage: Storage, chat_id: int, feed: Feed) -> None:
    for subscription in await storage.chats.subscriptions(chat_id):
        if subscription.feed_id == feed.id:
            await storage.chats.unsubscribe(subscription)
    await storage.feeds.uncredit(feed.id, chat_id)


async def known_at(feeds: Feeds, url: str) -> Feed | None:
    """The feed with this address, else with another spelling of it, which may differ by `www.`."""
    host = urls.host_of(url)
    bare = host.removeprefix("www.")
    spelled = {host_key(f"https://{name}/") for name in (host, bare, f"www.{bare}")}
    return find_known(await feeds.of_hosts(spelled), url)


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
    said = f"{len(found)} sources fit" if found else "No source is called"
    advice = "name one by its address." if found else "/sources shows all."
    raise BadInput(f"{said} {cut(wanted, 60)!r}; {advice}")
