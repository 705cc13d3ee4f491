"""What guests bring is bounded, and polling them ends with the chats that brought them."""

import pytest
from msgspec.structs import replace

from bot.news.chat import ChatState
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.polling.quota import (
    ALERTS_AT_ONCE,
    ALERTS_OF_A_FEED,
    ENTRIES_OF_A_CHAT,
    ENTRIES_OF_A_GUEST,
    ENTRIES_OF_A_PERSON,
    PATIENCE_SECONDS,
    RINGS_ANEW_SECONDS,
)
from bot.news.why import quoted
from storage.open import open_storage
from storage.storage import Storage
from tests.storage.samples import add_feed, brought, chat, report, sql, traces_of

ADA, BEN = 1, 2
NOW, HOUR = 10_000.0, 3600.0


@pytest.fixture
async def town(storage: Storage) -> Storage:
    for chat_id in (ADA, BEN):
        await storage.chats.meet(chat(chat_id))
    return storage


async def brings(storage: Storage, chat_id: int, n: int) -> Feed:
    new = NewFeed(f"https://town{n}.example/feed", f"Town {n}", NOW)
    feed = await storage.feeds.bring(chat_id, 0, new, NOW)
    assert feed is not None
    return feed


async def publishes(
    storage: Storage, feed: Feed, first: int, count: int, now: float = NOW, *, quiet: bool = False
) -> int:
    """Stores a poll with so many new entries; returns how many are reports."""
    before = (await storage.stats()).reports
    made = [report(n, quiet=quiet) for n in range(first, first + count)]
    poll = PollRecord(replace(feed, settled=True, poll_at=now), traces_of(made), tuple(made))
    await storage.feeds.record([poll], now)
    assert len(await storage.feeds.recall(feed.id, list(traces_of(made)))) == count
    return (await storage.stats()).reports - before


async def left_out(storage: Storage) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for over in await storage.quotas.untold():
        found.setdefault(over.chat_id, {})[over.feed.title] = over.left_out
    return found


async def test_a_guest_brings_so_many_entries_an_hour_and_the_newest_of_them(town: Storage) -> None:
    feed = await brings(town, ADA, 1)
    assert await publishes(town, feed, 1, 900) == ENTRIES_OF_A_GUEST
    told = [each.title for each in await town.stories.unplaced(1000)]
    assert told == [f"Headline number {n}" for n in range(901 - ENTRIES_OF_A_GUEST, 901)]
    assert await publishes(town, feed, 1000, 40, NOW + 60) == 1
    assert await left_out(town) == {ADA: {"Town 1": 839}}
    assert await publishes(town, feed, 2000, 900, NOW + 2 * HOUR) == ENTRIES_OF_A_GUEST


async def test_what_is_over_is_said_once_until_a_week_has_passed(town: Storage) -> None:
    feed = await brings(town, ADA, 1)
    await publishes(town, feed, 1, 900)
    await town.quotas.tell(ADA, [feed.id])
    await publishes(town, feed, 1001, 900, NOW + HOUR)
    assert await left_out(town) == {}
    later = NOW + 9 * 24 * HOUR
    await town.feeds.tend_guests(later)
    await publishes(town, feed, 3001, 900, later)
    assert list(await left_out(town)) == [ADA]


@pytest.mark.slow
async def test_all_guests_of_a_chat_share_a_quota_and_leave_those_of_others_alone(
    town: Storage,
) -> None:
    feeds = [await brings(town, ADA, n) for n in range(30)]
    stored = [await publishes(town, feed, 1, 1000) for feed in feeds]
    assert sum(stored) == ENTRIES_OF_A_CHAT
    assert len((await left_out(town))[ADA]) == 30
    other = await brings(town, BEN, 99)
    assert await publishes(town, other, 1, 20) == 20
    # What floods one chat is nothing to the other that brought the same feed.
    await brought(town, feeds[0].url, BEN, now=NOW)
    assert await publishes(town, feeds[0], 2001, 10, NOW + HOUR / 2) == 10


@pytest.mark.slow
async def test_all_chats_of_a_person_share_a_quota_and_leave_those_of_others_alone(
    town: Storage,
) -> None:
    stored = 0
    for group in range(-6, 0):
        await town.chats.meet(chat(group, "group"))
        await town.keepers.keep(group, ADA, NOW)
        feeds = [await brings(town, group, 10 * group + n) for n in range(4)]
        stored += sum([await publishes(town, feed, 1, 1000) for feed in feeds])
    assert stored == ENTRIES_OF_A_PERSON
    assert await publishes(town, await brings(town, ADA, 98), 1, 20) == 0
    assert await publishes(town, await brings(town, BEN, 99), 1, 20) == 20
    await town.chats.forget(ADA)
    people = "SELECT count(person) FROM added_feeds WHERE person = ?"
    assert await sql(town, people, ADA) == [(0,)]
    assert await sql(town, "SELECT count(*) FROM person_intake") == [(1,)]
    await town.tidy(NOW + 25 * HOUR)
    assert await sql(town, "SELECT count(*) FROM person_intake") == [(0,)]


async def rings(storage: Storage, feed: Feed, first: int, count: int, now: float) -> int:
    """Stores a poll with so many new entries that would ring; returns how many do."""
    before = await _ringing(storage)
    assert await publishes(storage, feed, first, count, now) == count
    return len(await _ringing(storage)) - len(before)


async def _ringing(storage: Storage) -> list[str]:
    return [each.title for each in await storage.stories.unplaced(9999) if not each.quiet]


async def loud(
    storage: Storage, since: float = 0.0, until: float = 1e12
) -> list[tuple[str, int, float]]:
    found = await storage.quotas.too_loud(since, until)
    return [(each.feed.title, each.hushed, each.at) for each in found]


@pytest.mark.slow
async def test_what_an_operators_feed_brings_is_stored_and_rings_so_often_an_hour(
    town: Storage,
) -> None:
    feed = await add_feed(town)
    assert await rings(town, feed, 1, 200, NOW) == 200
    assert await loud(town) == []
    assert await rings(town, feed, 1001, 100, NOW + 60) == ALERTS_AT_ONCE - 200 + 10
    newest = [f"Headline number {n}" for n in range(1051, 1101)]
    assert (await _ringing(town))[200:] == newest
    # As many an hour in the long run, however often it is polled.
    told = [
        await rings(town, feed, 2000 + 100 * minute, 60, NOW + 60 + 60 * minute)
        for minute in range(1, 61)
    ]
    assert sum(told) == ALERTS_OF_A_FEED
    assert await loud(town) == [("The Example", 50 + 3600 - sum(told), NOW + 3660)]
    assert await left_out(town) == {}


async def test_what_does_not_ring_spends_nothing_of_an_operators_feed(town: Storage) -> None:
    feed = await add_feed(town)
    assert await publishes(town, feed, 1, 1000, quiet=True) == 1000
    assert await rings(town, feed, 2000, ALERTS_AT_ONCE, NOW + 1) == ALERTS_AT_ONCE


async def test_another_feed_rings_beside_one_that_rings_too_much(town: Storage) -> None:
    feed, other = await add_feed(town), await add_feed(town, "https://calm.example/feed")
    await rings(town, feed, 1, 999, NOW)
    assert await rings(town, other, 5000, 20, NOW) == 20


async def test_that_a_feed_begins_to_ring_too_much_is_said_once(town: Storage, url: str) -> None:
    feed = await add_feed(town)

    async def begins(storage: Storage, first: int, now: float) -> list[str]:
        made = tuple(report(n) for n in range(first, first + 300))
        poll = PollRecord(replace(feed, settled=True, poll_at=now), {}, made)
        return [each.title for each in (await storage.feeds.record([poll], now)).too_loud]

    assert await begins(town, 1, NOW) == ["The Example"]
    assert await begins(town, 1000, NOW + 60) == []
    # Also for who comes after a restart.
    again = await open_storage(url, alone=False, now=NOW)
    assert await begins(again, 2000, NOW + RINGS_ANEW_SECONDS) == []
    await again.close()
    hushed = await loud(town)
    assert hushed == [("The Example", 60 + 290 + 60, NOW + RINGS_ANEW_SECONDS)]
    later = NOW + 3 * RINGS_ANEW_SECONDS
    assert await begins(town, 3000, later) == ["The Example"]
    assert await loud(town) == [("The Example", 60, later)]
    assert await loud(town, later + 1) == []
    # By a clock that was ahead.
    assert await loud(town, 0.0, later - 1) == []


async def test_a_guest_is_not_among_what_rings_too_much(town: Storage) -> None:
    await publishes(town, await brings(town, ADA, 1), 1, 900)
    assert await loud(town) == []


async def test_of_a_first_document_nothing_is_said(town: Storage) -> None:
    feed = await brings(town, ADA, 1)
    assert await publishes(town, feed, 1, 500, quiet=True) == ENTRIES_OF_A_GUEST
    assert await left_out(town) == {}


async def test_a_guest_over_its_quota_is_asked_again_later(town: Storage) -> None:
    feed = await brings(town, ADA, 1)
    await publishes(town, feed, 1, 900)
    assert await town.feeds.due_guests(NOW + PATIENCE_SECONDS - 1, 9) == []
    assert len(await town.feeds.due_guests(NOW + PATIENCE_SECONDS, 9)) == 1


async def due(storage: Storage, now: float) -> set[str]:
    ours, guests = await storage.feeds.due(now, 9), await storage.feeds.due_guests(now, 9)
    return {feed.title for feed in (*ours, *guests)}


async def test_polling_ends_with_the_chat_that_brought_a_feed(town: Storage) -> None:
    await add_feed(town)
    shared = await brings(town, ADA, 1)
    await brings(town, ADA, 2)
    await brought(town, shared.url, BEN, now=NOW)
    everything = {"The Example", "Town 1", "Town 2"}
    assert await due(town, NOW) == everything
    await town.chats.set_state(ADA, ChatState.STOPPED, None, NOW)
    assert await due(town, NOW) == everything
    for state in (ChatState.BLOCKED, ChatState.WAITING):
        await town.chats.set_state(ADA, state, quoted("gone"), NOW)
        assert await due(town, NOW) == {"The Example", "Town 1"}
    await town.feeds.tend_guests(NOW)
    assert await town.feeds.next_poll_at(NOW) == NOW + 24 * HOUR
    await town.chats.set_state(ADA, ChatState.ACTIVE, None, NOW + 9)
    assert await due(town, NOW + 9) == everything
    await town.chats.forget(ADA)
    assert await due(town, NOW + 9) == {"The Example", "Town 1"}


async def test_who_names_a_feed_that_rests_has_it_asked_at_once(town: Storage) -> None:
    feed = await brings(town, ADA, 1)
    await town.chats.set_state(ADA, ChatState.BLOCKED, quoted("gone"), NOW)
    await town.feeds.tend_guests(NOW)
    await brought(town, feed.url, BEN, now=NOW + 9)
    assert await due(town, NOW + 9) == {"Town 1"}


async def test_a_feed_of_nobody_has_no_subscription_at_its_hub(town: Storage) -> None:
    feed = await brings(town, ADA, 1)
    hub = replace(feed, hub="https://hub.example/", topic=feed.url, settled=True)
    await town.feeds.record([PollRecord(hub)], NOW)
    assert [each.feed_id for each in await town.pushes.wanted(9)] == [feed.id]
    await town.chats.set_state(ADA, ChatState.BLOCKED, quoted("gone"), NOW)
    assert await town.pushes.wanted(9) == []
