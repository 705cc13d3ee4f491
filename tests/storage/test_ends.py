"""What grows has an end; what waits, and what keeps a story from being told twice, has none."""

import pytest

from bot.news.chat import SHUT_OUT, ChatState, Mute
from bot.news.feed import NewFeed, PollRecord
from bot.news.polling.entry_keys import Trace
from bot.news.why import Code, because
from storage import ends
from storage.aside import Queue
from storage.polling import memory, packing
from storage.sql import either
from storage.storage import Storage
from tests.storage.samples import add_feed, chat, key, placed, report, ring, sql, store

_DAY = 86_400.0
_NOW = 1_000 * _DAY
_NEWEST = 20


class File:
    """The database as another program sees it."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    async def run(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        return await sql(self.storage, statement, *values)

    async def fill(self, statement: str, count: int) -> None:
        """Inserts the rows of a SELECT over n from 1 to count."""
        head, _, select = statement.partition(" SELECT ")
        await self.run(
            f"{head} WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s"
            f" WHERE n < {count}) SELECT {select} FROM s"
        )

    async def count(self, table: str) -> int:
        ((n,),) = await self.run(f"SELECT count(*) FROM {table}")
        assert isinstance(n, int)
        return n


@pytest.fixture
def file(storage: Storage) -> File:
    return File(storage)


async def test_chats_that_were_never_let_in_and_those_that_stopped_long_ago_go(
    storage: Storage,
) -> None:
    for n, (state, reason, age) in enumerate(
        [
            (ChatState.WAITING, None, ends.WAITING_DAYS + 1),
            (ChatState.WAITING, None, ends.WAITING_DAYS - 1),
            (ChatState.WAITING, SHUT_OUT, 9_000),
            (ChatState.STOPPED, because(Code.SAID_STOP), ends.STOPPED_DAYS + 1),
            (ChatState.STOPPED, because(Code.SAID_STOP), ends.STOPPED_DAYS - 1),
            (ChatState.ACTIVE, None, 9_000),
        ],
        start=1,
    ):
        await storage.chats.meet(chat(n))
        await storage.chats.set_state(n, state, reason, _NOW - age * _DAY)
    await storage.tidy(_NOW)
    assert [n for n in range(1, 7) if await storage.chats.get(n)] == [2, 3, 5, 6]


async def test_searches_and_mutes_go_by_their_time(storage: Storage, file: File) -> None:
    await storage.chats.meet(chat(1))
    await storage.stories.keep_search(1, "old", _NOW - (ends.SEARCHES_DAYS + 1) * _DAY)
    await storage.stories.keep_search(1, "new", _NOW)
    for shown, until in (("over", _NOW - 1), ("not yet", _NOW + 1)):
        await storage.chats.mute(Mute(0, 1, shown, shown, until), 0.0)
    await storage.tidy(_NOW)
    assert await file.run("SELECT words FROM searches") == [("new",)]
    assert await file.run("SELECT shown FROM mutes") == [("not yet",)]


@pytest.mark.slow
async def test_a_feed_is_remembered_by_so_many_keys_and_by_all_of_its_newest_document(
    storage: Storage, file: File
) -> None:
    feed = await add_feed(storage)
    each = ends.MOST_KEYS_OF_A_FEED // 4
    trace = Trace(b"ttl", b"sum", None)
    days = (*range(5), _NEWEST)
    packed = b"".join(
        packing.record_of(key(f"{day:02}{n:06}"), trace, day) for day in days for n in range(each)
    )
    await file.run(
        "INSERT INTO entries VALUES (?, ?, ?, ?, 0, ?)",
        *(feed.id, packing.FIRST, packed, _NEWEST, packing.NEVER),
    )
    await storage.tidy(_NOW)
    asked = [key(f"{day:02}{n:06}") for n in (0, each - 1) for day in days]
    # A part of a day goes with all of it.
    left = {known[:2] for known in await storage.feeds.recall(feed.id, asked)}
    assert left == {b"02", b"03", b"04", b"%d" % _NEWEST}
    assert await memory.count(storage._database) == 4 * each


async def test_a_feed_with_too_much_of_one_day_keeps_what_its_entries_are_known_by(
    storage: Storage,
) -> None:
    """hostile: other headlines and dates at every poll"""
    feed = await add_feed(storage)
    own = {key(f"id{n}"): Trace(b"ttl", b"sum", None) for n in range(40)}
    spare = {key(f"t{n}"): Trace(b"ttl", b"sum", None, spare=True) for n in range(200)}
    older = {key(f"old{n}"): Trace(b"ttl", b"sum", None, spare=True) for n in range(5)}
    await storage.feeds.record([PollRecord(feed, older)], _NOW - 2 * _DAY)
    await storage.feeds.record([PollRecord(feed, own | spare)], _NOW)
    await memory.forget_too_many(storage._database, 242, _NOW)
    assert await storage.feeds.recall(feed.id, [*own, *spare, *older]) == own | spare
    await memory.forget_too_many(storage._database, 100, _NOW)
    assert await storage.feeds.recall(feed.id, [*own, *spare]) == own


async def test_what_a_clock_that_was_ahead_noted_makes_nothing_old_that_is_shown(
    storage: Storage,
) -> None:
    feed = await add_feed(storage)
    ahead = {key(f"a{n}"): Trace(b"ttl", b"sum", None) for n in range(40)}
    shown = {key(f"b{n}"): Trace(b"ttl", b"sum", None) for n in range(20)}
    await storage.feeds.record([PollRecord(feed, ahead)], _NOW + 9 * _DAY)
    await storage.feeds.record([PollRecord(feed, shown)], _NOW)
    await memory.forget_too_many(storage._database, 50, _NOW)
    assert await storage.feeds.recall(feed.id, shown) == shown


async def test_what_a_feed_shows_stays_however_much_it_is(storage: Storage) -> None:
    feed = await add_feed(storage)
    shown = {key(str(n)): Trace(b"ttl", b"sum", None) for n in range(40)}
    await storage.feeds.record([PollRecord(feed, shown)], _NOW)
    await memory.forget_too_many(storage._database, 30, _NOW)
    assert await storage.feeds.recall(feed.id, shown) == shown


async def test_of_a_chat_the_newest_records_stay_and_those_of_stories_that_are_there(
    storage: Storage, file: File
) -> None:
    await storage.chats.meet(chat(1))
    await store(storage, report(1))
    await storage.stories.place([placed(1, None, ring(1))], 1.0)
    await file.run("UPDATE deliveries SET state = 'sent', settled_at = 1, created_at = 1")
    most = ends.MOST_RECORDS_OF_A_CHAT
    await file.fill(
        "INSERT INTO deliveries (chat_id, story_id, report_id, state, created_at, settled_at)"
        " SELECT 1, 1000 + n, 1000 + n, 'sent', 10 + n, 10 + n",
        most + 600,
    )
    await storage.tidy(_NOW)
    assert (
        await file.count("deliveries") == most + 1
    )  # the record of the story that is still stored
    assert await file.run("SELECT count(*) FROM deliveries WHERE story_id = 1") == [(1,)]


async def test_a_report_that_could_not_be_placed_goes_when_its_story_would(
    storage: Storage, file: File
) -> None:
    await store(storage, report(1), report(2), now=_NOW - 100 * _DAY)
    await storage.stories.set_aside(1, "no place", _NOW)
    await storage.prune(_NOW - 90 * _DAY, 0.0)
    assert await file.run("SELECT id FROM reports") == [(2,)]
    assert await file.count("set_aside") == 0


async def test_the_record_of_what_was_set_aside_is_kept_for_a_month(storage: Storage) -> None:
    await storage.aside.put(Queue.PUSHES, 1, "why", _NOW - (ends.ASIDE_DAYS + 1) * _DAY)
    await storage.aside.put(Queue.PUSHES, 2, "why", _NOW)
    await storage.tidy(_NOW)
    assert [each.item for each in await storage.aside.newest(9)] == ["2"]


async def test_sizes_are_counted_by_table(storage: Storage) -> None:
    await storage.feeds.add([NewFeed("https://a.example/", "A", 1.0)], 1.0)
    await storage.aside.put(Queue.EDITS, 7, "why", _NOW)
    found = await storage.stats()
    assert found.rows["feeds"] == 1
    assert {"reports", "entries", "matches", "deliveries", "pushes", "chats", "searches"} <= set(
        found.rows
    )
    assert found.set_aside == {"edits": 1}
    assert found.bytes["database"] > 0


async def test_the_catalogue_is_counted_and_asked_by_site(storage: Storage, file: File) -> None:
    for n in range(4):
        await storage.feeds.add([NewFeed(f"https://h{n % 2}.example/{n}", f"T{n}", 1.0)], 1.0)
    await file.run("UPDATE feeds SET failures = 2 WHERE title = 'T1'")
    await file.run("UPDATE feeds SET suspended = 1, failures = 9 WHERE title = 'T2'")
    census = await storage.feeds.census(1)
    assert (census.feeds, census.failing) == (4, 2)
    assert [f.title for f in await storage.feeds.of_hosts(["h1.example"])] == ["T1", "T3"]
    assert [f.title for f in await storage.feeds.some(1, [1], [])] == ["T0"]


def _bytes(number: str) -> str:
    """The key of a number, as SQL."""
    return either(f"CAST('k' || {number} AS BLOB)", f"convert_to('k' || {number}, 'UTF8')")
