"""What is deleted for its age: never what waits, and not by a clock that has just jumped."""

from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from bot.loops import Stop
from bot.news.chat import ChatState, Subscription
from bot.news.feed import PollRecord
from bot.news.outbox import DeliveryState, Ring, Telling
from bot.news.polling.entry_keys import Trace
from bot.news.retention import LEAST
from bot.news.why import quoted
from bot.pipeline.polling.housekeeping import BLOCKED_DAYS, Housekeeper, prune
from storage.open import open_storage
from storage.storage import Storage
from storage.stories.search_index import keys_of
from tests.storage.samples import add_feed, chat, key, placed, report, sql, store

DAY = 86_400.0
NOON = 20_000 * DAY


@pytest.fixture
async def storage(url: str) -> AsyncIterator[Storage]:
    opened = await open_storage(url, alone=True, now=NOON)
    yield opened
    await opened.close()


async def _stories(storage: Storage, count: int, at: float) -> None:
    many = [report(n, published_at=at) for n in range(1, count + 1)]
    await store(storage, *many, now=at)
    unplaced = await storage.stories.unplaced(count)
    await storage.stories.place([placed(each.id) for each in unplaced], at)


async def _left(storage: Storage) -> int:
    return (await storage.stats()).stories


async def _round(storage: Storage, now: float) -> None:
    """One round of housekeeping at that time."""
    stop = Stop()
    stop.request()  # it shall not rest
    await Housekeeper(storage=storage, retention_days=1.0, now=lambda: now, stop=stop).step()


async def test_what_waits_is_kept_however_old_it_is(storage: Storage) -> None:
    await storage.chats.meet(chat(1))
    ways = (DeliveryState.HELD, DeliveryState.WAITING, DeliveryState.PENDING)
    many = [report(n, published_at=NOON) for n in range(4)]
    await store(storage, *many, now=NOON)
    unplaced = await storage.stories.unplaced(9)
    rings = [Ring(1, 0, (), True, None, Telling(way, NOON + 99 * DAY)) for way in ways]
    placements = [placed(r.id, None, ring) for r, ring in zip(unplaced, rings, strict=False)]
    await storage.stories.place([*placements, placed(unplaced[3].id)], NOON)
    assert await prune(storage, 1.0, NOON + 50 * DAY) == 1
    assert await _left(storage) == 3


@pytest.mark.slow
async def test_a_clock_that_jumped_deletes_nothing_until_it_has_stood_for_a_day(
    storage: Storage,
) -> None:
    feed = await add_feed(storage)
    await storage.chats.meet(chat(1))
    await storage.chats.set_state(1, ChatState.BLOCKED, quoted("gone"), NOON)
    await storage.feeds.record([PollRecord(feed, {key("page"): Trace(b"", b"", None)})], NOON)
    await _stories(storage, 3, NOON)
    wrong = NOON + 500 * DAY
    for hours in (0, 1, 12, 23):
        await _round(storage, wrong + hours * 3600)
        assert await _left(storage) == 3
        assert await storage.chats.get(1)
    await _round(storage, NOON + 2 * 3600)  # somebody set it right
    assert await _left(storage) == 3
    wrong = NOON + BLOCKED_DAYS * DAY + DAY
    for hours in range(0, 25, 12):
        await _round(storage, wrong + hours * 3600)
    assert await _left(storage) == 0
    assert await storage.chats.get(1) is None


@pytest.mark.slow
async def test_a_day_deletes_a_part_of_a_table_only(storage: Storage) -> None:
    await _stories(storage, 3 * LEAST, NOON)
    now = NOON + 30 * DAY
    await _round(storage, now)
    left = []
    for hours in (24, 25, 30, 48, 72):
        await _round(storage, now + hours * 3600)
        left.append(await _left(storage))
    assert left == [2 * LEAST, 2 * LEAST, 2 * LEAST, LEAST, 0]


async def test_what_a_process_looked_at_another_does_not_look_at_within_the_hour(
    storage: Storage,
) -> None:
    await _round(storage, NOON)
    await _stories(storage, 3, NOON - 30 * DAY)
    for seconds, left in ((60, 3), (3599, 3), (3600, 0)):
        await _round(storage, NOON + seconds)  # each time a new process
        assert await _left(storage) == left


async def test_one_process_looks_once_an_hour(storage: Storage) -> None:
    stop, now = Stop(), NOON
    stop.request()  # it shall not rest
    housekeeper = Housekeeper(storage=storage, retention_days=1.0, now=lambda: now, stop=stop)
    await housekeeper.step()
    await _stories(storage, 3, NOON - 30 * DAY)
    for seconds, left in ((3599, 3), (3600, 0)):
        now = NOON + seconds
        await housekeeper.step()
        assert await _left(storage) == left


async def test_a_digest_of_which_nothing_is_left_is_not_sent(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(1))
    await storage.chats.subscribe(Subscription(1, 0, None), NOON)
    await store(storage, report(1), now=NOON)
    (told,) = await storage.stories.unplaced(1)
    ring = Ring(1, 0, (), True, None, Telling(DeliveryState.HELD, NOON + 60))
    await storage.stories.place([placed(told.id, None, ring)], NOON)
    assert await storage.digests.enqueue_due(NOON + 60) == 1
    (due,) = await storage.outbox.due(NOON + 60, [], 9)
    # As an older version deleted it: what was held did not count as waiting.
    await sql(storage, "DELETE FROM stories RETURNING id")
    assert await storage.outbox.claim([due.delivery_id], NOON + 60, 60) == []
    assert (await storage.stats()).deliveries == {"dead": 2}


async def _tells(storage: Storage, number: int, title: str, now: float) -> None:
    """A story without a date of its own, told to a chat."""
    await store(storage, report(number, title=title, published_at=None), now=now)
    (unplaced,) = await storage.stories.unplaced(9)
    keys = " ".join(keys_of(title, "", unplaced.source, "en", None))
    told = replace(placed(unplaced.id, None, Ring(1, 0, (), True)), keys=keys)
    await storage.stories.place([told], now)


async def _newest(storage: Storage) -> list[tuple[str, float]]:
    rows = await storage.stories.newest(None, 9)
    return [(row.story.title, row.story.at) for row in rows]


async def test_what_a_clock_that_was_ahead_has_seen_is_dated_once_it_is_set_right(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(1))
    await _round(storage, NOON)
    await _tells(storage, 1, "Ferry aground", NOON)
    wrong = NOON + 1000 * DAY
    await _round(storage, wrong)
    for n, title in ((2, "Mayor resigns"), (3, "Storm hits Saint Orla")):
        await _tells(storage, n, title, wrong + n)
    assert (await _newest(storage))[0][1] == wrong + 3
    await _round(storage, NOON + 60)
    assert await _newest(storage) == [
        ("Storm hits Saint Orla", NOON + 60),
        ("Mayor resigns", NOON + 60),
        ("Ferry aground", NOON),
    ]
    await _tells(storage, 4, "Harbour opens", NOON + 90)
    assert (await _newest(storage))[0] == ("Harbour opens", NOON + 90)
    found = await storage.stories.with_keys({"mayor"}, None, 9, 0.0)
    assert [(row.story.title, row.story.at) for row in found] == [("Mayor resigns", NOON + 60)]
    (counted,) = [(await storage.chats.told_since(1, NOON + 61))[None]]
    assert counted == 1  # the one that came since


@pytest.mark.slow
async def test_a_clock_that_is_behind_at_a_start_dates_nothing(storage: Storage) -> None:
    await storage.chats.meet(chat(1))
    await _round(storage, NOON)
    await _tells(storage, 1, "Ferry aground", NOON + 5)
    for hours in range(0, 50, 2):
        await _round(storage, NOON - 400 * DAY + hours * 3600)
    assert await _newest(storage) == [("Ferry aground", NOON + 5)]
    await _round(storage, NOON + 7200)
    assert await _newest(storage) == [("Ferry aground", NOON + 5)]


async def test_what_was_told_by_a_clock_ahead_was_told_now_also_where_the_story_has_a_date(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(1))
    await _round(storage, NOON)
    wrong = NOON + 30 * DAY
    await _round(storage, wrong)
    await store(storage, report(1, published_at=NOON), now=wrong)
    (unplaced,) = await storage.stories.unplaced(9)
    await storage.stories.place([placed(unplaced.id, None, Ring(1, 0, (), True))], wrong)
    await _round(storage, NOON + 60)
    (told,) = await sql(storage, "SELECT created_at FROM deliveries")
    assert told == (NOON + 60,)


@pytest.mark.slow
async def test_of_much_that_a_clock_ahead_has_seen_all_is_dated_in_its_order(
    storage: Storage,
) -> None:
    await _round(storage, NOON)
    await _stories(storage, 1200, NOON + 500 * DAY)
    ids = [row.story.id for row in await storage.stories.newest(None, 2000)]
    await storage.date_by_the_clock(NOON + 60)
    rows = await storage.stories.newest(None, 2000)
    assert [row.story.id for row in rows] == ids
    assert {row.story.at for row in rows} == {NOON + 60}
