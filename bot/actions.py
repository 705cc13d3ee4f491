"""What a person may change, from a chat or from the command line.

Each function checks what it was given, changes one thing, and returns what came of it. Bad input
raises BadInput or QueryError with one sentence for that person; nothing has changed then.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import AddressRefused, BadInput
from bot.news import schedule, telling, urls
from bot.news.chat import (
    MOST_FOLLOWED,
    MOST_THREADS,
    SHUT_OUT,
    Chat,
    ChatState,
    Habits,
    Mute,
    Subscription,
    Topic,
    mute_of_feed,
)
from bot.news.feed import Feed, Group, NewFeed, groups_of
from bot.news.hours import Quiet
from bot.news.query import FIELDS, Query
from bot.news.query_reader import parse_query, read_query
from bot.news.schedule import Bounds
from bot.news.text import cut, tidy
from bot.news.words import fold
from storage.interface import Chats, Feeds, Storage

MAX_TOPICS = 100
MAX_NAME = 60
_LONGEST_MUTE_DAYS = 366
_NAMED = re.compile(r'(?P<name>[^:"()|,]{1,200}):\s+(?P<query>\S.*)', re.DOTALL)
_FOR_A_WHILE = re.compile(r"(?P<number>\d{1,4})\s*(?P<unit>[mhdw])", re.IGNORECASE)
_UNIT_SECONDS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}


# --- feeds -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FeedWish:
    """A feed somebody wants in the catalogue; `named` says that they gave the title."""

    url: str
    title: str = ""
    group: str = ""
    named: bool = True


async def add_feeds(
    feeds: Feeds,
    wishes: Sequence[FeedWish],
    check: Callable[[str], object],
    bounds: Bounds,
    now: float,
    chance: Callable[[], float],
) -> list[Feed]:
    """Adds feeds to the catalogue and returns those that were not there.

    `check` raises AddressRefused for an address that must not be fetched.
    """
    for wish in wishes:
        check(wish.url)
    return await feeds.add(
        [
            NewFeed(
                urls.in_ascii(wish.url),
                tidy(wish.title),
                schedule.first_poll(now, bounds, chance()),
                wish.group,
                wish.named,
            )
            for wish in wishes
        ],
        now,
    )


async def import_feeds(
    feeds: Feeds,
    wishes: Sequence[FeedWish],
    check: Callable[[str], object],
    bounds: Bounds,
    now: float,
    chance: Callable[[], float],
) -> "Imported":
    """Adds what an operator's list names, and puts what was there into the groups it names."""
    added = await add_feeds(feeds, wishes, check, bounds, now, chance)
    new = {feed.url for feed in added}
    known = {wish.url: wish.group for wish in wishes if wish.url not in new}
    return Imported(tuple(added), await feeds.adopt(known) if known else 0)


@dataclass(frozen=True, slots=True)
class Imported:
    """The feeds that a list added, and how many that were there it put into another group."""

    added: tuple[Feed, ...]
    grouped: int


def sort_out(
    wishes: Sequence[FeedWish], check: Callable[[str], object]
) -> tuple[list[FeedWish], dict[str, str]]:
    """Those with an address that may be fetched, and why the others may not, by address."""
    good: list[FeedWish] = []
    refused: dict[str, str] = {}
    for wish in wishes:
        try:
            check(wish.url)
        except AddressRefused as error:
            refused[urls.without_credentials(wish.url)] = str(error)
        else:
            good.append(wish)
    return good, refused


def find_feeds(catalogue: Sequence[Feed], wanted: str) -> list[Feed]:
    """The feeds a person may mean: by number, address, host or title; else by part of a title."""
    key = fold(wanted.strip())
    exact = [feed for feed in catalogue if _is_called(feed, key)]
    return exact or [feed for feed in catalogue if key and key in fold(feed.title)]


def find_named(catalogue: Sequence[Feed], wanted: str) -> list[Feed | Group]:
    """The feeds and groups a person may mean: those called exactly so, else those whose name has
    that part. Groups stand first.
    """
    groups = groups_of(catalogue)
    key = fold(wanted.strip())
    named: list[Feed | Group] = [group for group in groups if fold(group.name) == key]
    feeds = find_feeds(catalogue, wanted)
    if named:
        return [*named, *(feed for feed in feeds if fold(feed.title) == key)]
    if any(_is_called(feed, key) for feed in feeds):
        return list(feeds)
    return [*(group for group in groups if key and key in fold(group.name)), *feeds]


def _is_called(feed: Feed, key: str) -> bool:
    return key in (
        f"#{feed.id}", fold(feed.url), fold(feed.title), fold(urls.host_of(feed.url) or "")
    )  # fmt: skip


async def remove_feed(feeds: Feeds, wanted: str) -> Feed:
    """Takes the one feed that `wanted` names out of the catalogue."""
    found = await _one_feed(feeds, wanted)
    await feeds.remove(found.id)
    return found


async def read_articles(feeds: Feeds, wanted: str, on: bool) -> Feed:
    """Reads the pages of a feed's articles where it gives headlines only, or no more."""
    found = await _one_feed(feeds, wanted)
    await feeds.read_articles(found.id, on)
    return found


async def _one_feed(feeds: Feeds, wanted: str) -> Feed:
    found = find_feeds(await feeds.all(), wanted)
    if len(found) != 1:
        raise BadInput(
            f"{len(found)} feeds fit {cut(wanted, 80)!r}; name one by its address."
            if found
            else f"No feed fits {cut(wanted, 80)!r}; `feeds list` shows them."
        )
    return found[0]


# --- chats -------------------------------------------------------------------------------------


async def resume(chats: Chats, chat: Chat, now: float) -> bool:
    """Serves a chat that had stopped or was blocked; False if it was served or must wait."""
    if chat.state in (ChatState.ACTIVE, ChatState.WAITING):
        return False
    await chats.set_state(chat.id, ChatState.ACTIVE, None, now)
    return True


async def stop(chats: Chats, chat: Chat, now: float) -> None:
    """Pauses a chat; what it follows is kept, what waits for it is not sent."""
    await chats.set_state(chat.id, ChatState.STOPPED, "the chat said /stop", now)


async def let_in(storage: Storage, chat_id: int, now: float) -> None:
    """Lets in a chat that waits for it or was shut out. Raises BadInput for one nobody knows."""
    pardoned = await storage.chats.pardon(chat_id)
    if await storage.chats.get(chat_id):
        await storage.chats.set_state(chat_id, ChatState.ACTIVE, None, now)
    elif not pardoned:
        raise BadInput(f"Chat {chat_id} has never written to this bot.")


async def shut_out(storage: Storage, chat_id: int, now: float) -> None:
    """Serves a chat no more until it is let in again, also where it has its data deleted, or has
    done so already.
    """
    if await storage.chats.get(chat_id):
        await storage.chats.set_state(chat_id, ChatState.WAITING, SHUT_OUT, now)
    else:
        await storage.chats.refuse(chat_id)


async def subscribe(
    chats: Chats, chat_id: int, thread_id: int, what: Feed | Group | None, now: float
) -> bool:
    """Follows every story of a feed, of the feeds that are in a group when it comes, or of all
    (None); False if the chat did already. Raises BadInput where it follows as many as it may.
    """
    wanted = _subscription(chat_id, thread_id, what)
    there = await chats.subscriptions(chat_id)
    if wanted not in there:
        check_room(there)
        await check_thread(chats, chat_id, thread_id)
    return await chats.subscribe(wanted, now)


def check_room(there: Sequence[Subscription]) -> None:
    """Raises BadInput where a chat that follows these may follow no more."""
    if len(there) >= MOST_FOLLOWED:
        raise BadInput(
            f"A chat follows at most {MOST_FOLLOWED} sources and groups; /unsubscribe one first."
        )


async def check_thread(chats: Chats, chat_id: int, thread_id: int) -> None:
    """Raises BadInput where a chat follows in as many threads as it may, and not in this one."""
    threads = await followed_threads(chats, chat_id)
    if thread_id not in threads and len(threads) >= MOST_THREADS:
        raise BadInput(
            f"A group follows in at most {MOST_THREADS} of its threads; end what one follows first."
        )


async def followed_threads(chats: Chats, chat_id: int) -> frozenset[int]:
    """The threads of a chat in which something is followed."""
    subscribed = {each.thread_id for each in await chats.subscriptions(chat_id)}
    return frozenset(subscribed | {each.thread_id for each in await chats.topics(chat_id)})


async def unsubscribe(
    chats: Chats, chat_id: int, thread_id: int, what: Feed | Group | None
) -> bool:
    """Ends what `subscribe` began; False if there was nothing to end."""
    return await chats.unsubscribe(_subscription(chat_id, thread_id, what))


def _subscription(chat_id: int, thread_id: int, what: Feed | Group | None) -> Subscription:
    if isinstance(what, Group):
        return Subscription(chat_id, thread_id, None, what.name)
    return Subscription(chat_id, thread_id, what.id if what else None)


# --- topics ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TopicWish:
    """A topic as a person wrote it."""

    name: str
    query: Query


def read_topic(text: str, language: str) -> TopicWish:
    """Reads `QUERY` or `NAME: QUERY` as a person who speaks this language typed it. Raises
    QueryError or BadInput.
    """
    text = text.strip()
    named = _NAMED.fullmatch(text)
    if named and named["name"].strip().lower() not in FIELDS:
        name = tidy(named["name"])
        query = read_query(named["query"], language)
    else:
        query = read_query(text, language)
        name = cut(tidy(text), MAX_NAME)
    if not name or len(name) > MAX_NAME:
        raise BadInput(f"The name of a topic has 1 to {MAX_NAME} characters.")
    parse_query(str(query))  # what is stored must be readable again, and may be longer
    return TopicWish(name, query)


def kept_topic(query: str) -> TopicWish:
    """The topic that a button offers: its query as it is stored, which is its name too."""
    return TopicWish(cut(tidy(query), MAX_NAME), parse_query(query))


async def follow(chats: Chats, chat_id: int, thread_id: int, wish: TopicWish, now: float) -> Topic:
    """Follows a topic; one of the same name is replaced."""
    known = await chats.topics(chat_id)
    key = fold(wish.name)
    if len(known) >= MAX_TOPICS and all(fold(topic.name) != key for topic in known):
        raise BadInput(f"A chat follows at most {MAX_TOPICS} topics; remove one first.")
    await check_thread(chats, chat_id, thread_id)
    topic = Topic(0, chat_id, thread_id, wish.name, str(wish.query), 0.0)
    return await chats.put_topic(topic, key, now)


async def change_query(chats: Chats, topic: Topic, query: Query, now: float) -> Topic:
    """Gives a topic another query and leaves the rest of it. Raises QueryError."""
    text = str(query)
    parse_query(text)  # what is stored must be readable again
    return await chats.put_topic(replace(topic, query=text), fold(topic.name), now)


async def topic_named(chats: Chats, chat_id: int, name: str) -> Topic:
    """The chat's topic of that name, or the one whose name begins so."""
    topics = await chats.topics(chat_id)
    key = fold(name.strip())
    exact = [topic for topic in topics if fold(topic.name) == key]
    found = exact or [topic for topic in topics if key and fold(topic.name).startswith(key)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(topic.name for topic in topics[:10]) or "none yet"
    raise BadInput(f"No one topic is called {cut(name, 60)!r}. This chat follows: {names}.")


async def unfollow(chats: Chats, topic: Topic) -> None:
    """Ends a topic."""
    await chats.remove_topic(topic.id)


async def mute(chats: Chats, topic: Topic, seconds: float, now: float) -> float:
    """Keeps a topic silent for so long; returns until when."""
    await chats.mute_topic(topic.id, now + seconds)
    return now + seconds


def read_duration(text: str) -> float:
    """Seconds of `30m`, `8h`, `2d` or `1w`. Raises BadInput."""
    found = _FOR_A_WHILE.fullmatch(text.strip())
    seconds = int(found["number"]) * _UNIT_SECONDS[found["unit"].lower()] if found else 0
    if not 0 < seconds <= _LONGEST_MUTE_DAYS * 86_400:
        raise BadInput(f"{cut(text, 30)!r} is no time I know; write it as 30m, 8h, 2d or 1w.")
    return float(seconds)


# --- habits ------------------------------------------------------------------------------------


def read_timezone(text: str) -> str:
    """The name of a time zone of the IANA database, found in any capitals. Raises BadInput."""
    wanted = text.strip().replace(" ", "_").casefold()
    zones = available_timezones()
    for zone in sorted(zones):
        if zone.casefold() == wanted or zone.casefold().rpartition("/")[2] == wanted:
            return zone
    near = get_close_matches(wanted, [zone.casefold() for zone in zones], 3, 0.6)
    like = ", ".join(sorted(zone for zone in zones if zone.casefold() in near))
    raise BadInput(
        f"No time zone is called {cut(text.strip(), 40)!r}; write it as Europe/London"
        + (f", or did you mean {like}?" if like else ".")
    )


def local_time(timezone: str, now: float) -> str:
    """The time of day in a zone, as 08:00."""
    return f"{datetime.fromtimestamp(now, ZoneInfo(timezone)):%H:%M}"


def with_digest(habits: Habits, slots: tuple[int, ...]) -> Habits:
    """Gathers stories at these minutes of the day; none: one by one."""
    return replace(habits, digest=slots)


def with_quiet(habits: Habits, quiet: Quiet | None) -> Habits:
    """Keeps these hours quiet."""
    return replace(habits, quiet=quiet)


def with_timezone(habits: Habits, timezone: str) -> Habits:
    """Means the chat's hours in another zone."""
    return replace(habits, timezone=timezone)


async def change_habits(storage: Storage, chat: Chat, habits: Habits, now: float) -> None:
    """Changes when and how a chat is told; what is held for it comes by the new habits."""
    await storage.chats.set_habits(chat.id, habits)
    before = chat.habits
    hours = (habits.digest, habits.quiet, habits.timezone)
    if hours != (before.digest, before.quiet, before.timezone):
        held = telling.held_until(habits, now)
        await storage.digests.hold_until(chat.id, held, (telling.QUIET_HOURS, telling.GATHERED))


MAX_CAP = 1_000


def read_cap(text: str) -> int:
    """How many alerts a day of `12`; 0 for `off`, which means all. Raises BadInput."""
    word = text.strip().lower()
    if word in ("off", "all", "none", "no"):
        return 0
    number = int(word) if word.isascii() and word.isdigit() and len(word) < 6 else 0
    if not 1 <= number <= MAX_CAP:
        raise BadInput(
            f"{cut(text.strip(), 30)!r} is no number of alerts a day; write 1 to {MAX_CAP}, or off."
        )
    return number


# --- mutes -------------------------------------------------------------------------------------

MAX_MUTES = 100
MAX_MUTE = 200


_SOURCE = re.compile(r'source:\s*"?(?P<name>[^"]*)"?', re.IGNORECASE)


def read_mute(text: str, seen: Sequence[Feed], language: str) -> tuple[str, str]:
    """What to mute, and what a person calls it: words, or with `source:NAME` one of the feeds that
    the chat sees. A feed is never meant by words: whoever names it could keep them from being one.

    Raises QueryError for words that cannot be read, and BadInput where no one source is named.
    """
    text = text.strip()
    if named := _SOURCE.fullmatch(text):
        feed = _source_named(seen, named["name"])
        return mute_of_feed(feed.id), feed.title or urls.host_of(feed.url)
    if len(text) > MAX_MUTE:
        raise BadInput(f"What is muted has {MAX_MUTE} characters at most; name fewer words.")
    return str(read_query(text, language)), tidy(text)


def _source_named(seen: Sequence[Feed], name: str) -> Feed:
    found = find_feeds(seen, name)
    if len(found) != 1:
        said = f"{len(found)} sources fit" if found else "No source is called"
        raise BadInput(
            f"{said} {cut(name, 60)!r}; /sources shows all, and the button under an alert mutes"
            " its source."
        )
    return found[0]


async def mute_words(
    storage: Storage, chat_id: int, query: str, seconds: float, now: float, *, shown: str
) -> float:
    """Mutes what matches a query in a chat for so long; returns until when."""
    if len(await storage.chats.mutes(chat_id, now)) >= MAX_MUTES:
        raise BadInput(f"A chat mutes at most {MAX_MUTES} words; /unmute some first.")
    until = now + seconds
    await storage.chats.mute(Mute(0, chat_id, cut(shown, 100), query, until), now)
    return until


async def unmute_words(storage: Storage, chat_id: int, text: str, now: float) -> Mute:
    """Lets what was muted under this name ring again. Raises BadInput."""
    known = await storage.chats.mutes(chat_id, now)
    for mute in known:
        if fold(mute.shown) == fold(text.strip()):
            await storage.chats.unmute(mute.id)
            return mute
    names = ", ".join(mute.shown for mute in known[:10]) or "nothing"
    raise BadInput(f"{cut(text, 60)!r} is not muted here. Muted is: {names}.")
