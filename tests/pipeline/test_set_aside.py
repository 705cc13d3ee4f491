"""One row that cannot be handled stops nothing: it is set aside on record, and the rest goes on.

What poisons a row is in the database itself: a trigger that refuses it, or what no version writes.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace

from bot.loops import Stop
from bot.news.chat import Subscription
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.outbox import DeliveryState, EditRecord, Settlement
from bot.news.why import quoted
from bot.notices.apart import Apart
from bot.pipeline.placing.desk import Desk
from storage.aside import Queue
from storage.errors import StorageError
from storage.open import open_storage
from storage.sql import either
from storage.storage import Storage
from tests.databases import locked, look, refuse
from tests.desks import desk_on
from tests.pipeline.conftest import Clock
from tests.storage.samples import chat, placed, report, ring, traces_of

_NOW = 1_800_000_000.0


class Bench:
    """A database that a test may poison, and a desk on it."""

    def __init__(self, storage: Storage, url: str) -> None:
        self.storage, self.url, self.now = storage, url, Clock(_NOW)
        self.stop = Stop()
        self.desk = self.new_desk()

    def new_desk(self) -> Desk:
        """As after a start."""
        return desk_on(self.storage, self.now, self.stop)

    def poison(self, sql: str, *values: object) -> None:
        """Changes the file as nothing of ours would."""
        look(self.url, sql, *values)

    def refuse(self, what: str, where: str) -> None:
        """A trigger that refuses a row."""
        kind, _, table = what.partition(" ON ")
        refuse(self.url, kind, table, where)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return look(self.url, sql)

    async def say(self, *titles: str) -> Feed:
        """Reports of one feed, the first of them first."""
        feed = next(iter(await self.storage.feeds.due(1e12, 1)))
        made = [report(n, title=title) for n, title in enumerate(titles, 1)]
        polled = PollRecord(replace(feed, settled=True), traces_of(made), tuple(made))
        await self.storage.feeds.record([polled], _NOW)
        return feed

    async def place(self) -> None:
        """Until nothing is left to place."""
        while await self.storage.stories.unplaced(1):
            await self.desk.step()

    async def aside(self) -> dict[str, str]:
        """What was set aside, by its queue."""
        return {each.queue.value: each.item for each in await self.storage.aside.newest(99)}


@asynccontextmanager
async def _bench(url: str, chats: int) -> AsyncIterator[Bench]:
    storage = await open_storage(url, alone=True, now=_NOW)
    try:
        await storage.feeds.add([NewFeed("https://news.example/feed", "The Example", 1.0)], 1.0)
        for n in range(1, chats + 1):
            await storage.chats.meet(chat(n))
            await storage.chats.subscribe(Subscription(n, 0, None), 1.0)
        yield Bench(storage, url)
    finally:
        await storage.close()


@pytest.fixture
async def bench(url: str) -> AsyncIterator[Bench]:
    async with _bench(url, chats=3) as made:
        yield made


async def _told(bench: Bench, count: int = 1) -> None:
    """Alerts of `count` stories, pending for each chat."""
    await bench.say(*[f"Dispatch number {n} from the harbour" for n in range(count)])
    rings = [ring(n) for n in (1, 2, 3)]
    await bench.storage.stories.place([placed(n, None, *rings) for n in range(1, count + 1)], _NOW)


async def _sent(bench: Bench) -> None:
    due = [each.delivery_id for each in await bench.storage.outbox.due(_NOW, (), 9)]
    claimed = await bench.storage.outbox.claim(due, _NOW, 60.0)
    ends = [
        Settlement(each.id, each.chat_id, DeliveryState.SENT, _NOW, message_id=each.id)
        for each in claimed
    ]
    await bench.storage.outbox.settle(ends, True)


# --- reports -----------------------------------------------------------------------------------


async def test_a_report_that_has_no_place_is_set_aside_and_those_behind_it_are_told(
    bench: Bench,
) -> None:
    bench.refuse("INSERT ON stories", "NEW.id = 2")
    await bench.say("A ferry sank off the coast", "Poisoned words", "Trams stand still downtown")
    await bench.place()
    assert await bench.aside() == {"reports": "2"}
    assert {row[0] for row in bench.rows("SELECT story_id FROM deliveries")} == {1, 3}


async def test_the_others_of_its_batch_keep_the_stories_they_belong_to(bench: Bench) -> None:
    bench.refuse("INSERT ON stories", "NEW.id = 2")
    same = "Ferry to Lund Island resumes after the storm"
    await bench.say(same, "Poisoned words", same)
    await bench.place()
    found = bench.rows("SELECT id, story_id FROM reports ORDER BY id")
    # One feed's own repetition may open a story of its own; nothing of it is lost.
    assert [row[1] is None for row in found] == [False, True, False]
    assert await bench.aside() == {"reports": "2"}


async def test_what_was_set_aside_is_tried_again_by_a_new_start_and_leaves_the_record(
    bench: Bench,
) -> None:
    bench.refuse("INSERT ON stories", "NEW.id = 1")
    await bench.say("A ferry sank off the coast")
    await bench.place()
    assert await bench.aside() == {"reports": "1"}
    bench.poison(f"DROP TRIGGER refused{either('', ' ON stories')}")
    assert await bench.storage.stories.unplaced(9) == []
    for bell in bench.stop.wakeups:
        bell.ring()
    bench.desk = bench.new_desk()
    await bench.desk.step()
    assert await bench.aside() == {}
    assert bench.rows("SELECT count(*) FROM deliveries") == [(3,)]


@pytest.mark.slow
async def test_a_report_is_tried_five_times_at_most(bench: Bench) -> None:
    bench.refuse("INSERT ON stories", "true")
    await bench.say("A ferry sank off the coast")
    for _ in range(7):
        bench.desk = bench.new_desk()
        bench.desk.wakeup.ring()
        await bench.desk.step()
    (one,) = await bench.storage.aside.newest(9)
    assert (one.queue, one.times) == (Queue.REPORTS, 5)


@pytest.mark.slow
async def test_nothing_is_set_aside_where_the_database_itself_cannot_be_written(
    bench: Bench,
) -> None:
    await bench.say("A ferry sank off the coast")
    for bell in bench.stop.wakeups:
        bell.ring()
    with locked(bench.url), pytest.raises(StorageError):
        await bench.desk.step()
    assert await bench.aside() == {}
    await bench.place()
    assert bench.rows("SELECT count(*) FROM deliveries") == [(3,)]


async def test_wishes_that_cannot_be_read_or_followed_keep_no_news_from_others(
    bench: Bench,
) -> None:
    bench.poison("UPDATE chats SET habits = ? WHERE id = 1", json.dumps({"unheard": 1}))
    bench.poison("UPDATE chats SET habits = ? WHERE id = 2", json.dumps({"cap": "many"}))
    await bench.say("A ferry sank off the coast")
    await bench.place()
    told = bench.rows("SELECT chat_id FROM deliveries WHERE state = 'pending' ORDER BY 1")
    assert told == [(1,), (2,), (3,)]


# --- polls -------------------------------------------------------------------------------------


async def test_a_feed_whose_row_cannot_be_read_keeps_no_other_from_being_polled(
    bench: Bench,
) -> None:
    await bench.storage.feeds.add([NewFeed("https://other.example/feed", "Other", 2.0)], 2.0)
    bench.poison(
        "UPDATE feeds SET rhythm = '[', wishes = '{}', known_by = 'star' WHERE title = 'Other'"
    )
    assert len(await bench.storage.feeds.due(_NOW, 9)) == 2


async def test_a_poll_whose_end_cannot_be_stored_is_put_off_on_record(bench: Bench) -> None:
    (feed,) = await bench.storage.feeds.due(_NOW, 9)
    await bench.storage.feeds.put_off(feed.id, _NOW + 600, quoted("it cannot be stored"), _NOW)
    assert await bench.storage.feeds.due(_NOW, 9) == []
    assert await bench.aside() == {"polls": str(feed.id)}


# --- outbox, edits, digests --------------------------------------------------------------------


async def test_a_delivery_that_cannot_be_read_fails_and_the_others_go_out(bench: Bench) -> None:
    await _told(bench)
    bench.poison("UPDATE deliveries SET kind = 'postcard' WHERE chat_id = 2")
    due = [each for (each,) in bench.rows("SELECT id FROM deliveries")]
    claimed = await bench.storage.outbox.claim(due, _NOW, 60.0)  # type: ignore[arg-type]
    assert sorted(each.chat_id for each in claimed) == [1, 3]
    assert await bench.aside() == {"outbox": "2"}


async def test_what_is_due_is_found_although_a_row_before_it_cannot_be_read(bench: Bench) -> None:
    await _told(bench)
    bench.poison("UPDATE deliveries SET kind = 'postcard' WHERE chat_id = 1")
    assert [each.chat_id for each in await bench.storage.outbox.due(_NOW, (), 9)] == [2, 3]
    assert await bench.aside() == {"outbox": "1"}


async def test_an_end_that_cannot_be_stored_stops_no_other(bench: Bench) -> None:
    await _told(bench)
    bench.refuse("UPDATE ON deliveries", "NEW.state = 'sent' AND NEW.chat_id = 2")
    await _sent(bench)
    states = bench.rows("SELECT chat_id, state FROM deliveries ORDER BY 1")
    assert states == [(1, "sent"), (2, "failed"), (3, "sent")]
    assert await bench.aside() == {"outbox": "2"}


async def test_an_alert_that_cannot_be_drawn_again_keeps_no_edit_from_others(
    bench: Bench,
) -> None:
    await _told(bench)
    await _sent(bench)
    bench.poison("UPDATE deliveries SET edit_due_at = ?", _NOW)
    bench.poison("UPDATE deliveries SET kind = 'postcard' WHERE chat_id = 1")
    edits = await bench.storage.outbox.due_edits(_NOW + 1, (), 9)
    assert [each.chat_id for each in edits] == [2, 3]
    assert await bench.aside() == {"edits": "1"}


async def test_an_edit_whose_end_cannot_be_stored_stops_no_other(bench: Bench) -> None:
    await _told(bench)
    await _sent(bench)
    bench.poison("UPDATE deliveries SET edit_due_at = ?", _NOW)
    bench.refuse("UPDATE OF edit_due_at ON deliveries", f"NEW.edit_due_at > {_NOW}")
    retry = {1: _NOW + 60, 2: None, 3: None}
    await bench.storage.outbox.record_edits(
        [EditRecord(n, n, _NOW, _NOW, retry_at=at) for n, at in retry.items()]
    )
    assert bench.rows("SELECT DISTINCT edit_due_at FROM deliveries") == [(None,)]
    assert await bench.aside() == {"edits": "1"}


async def test_a_digest_that_cannot_be_gathered_waits_and_those_of_others_go_out(
    bench: Bench,
) -> None:
    await _told(bench, count=2)
    bench.poison("UPDATE deliveries SET state = 'held', due_at = ?", _NOW)
    bench.refuse("INSERT ON deliveries", "NEW.chat_id = 1")
    assert await bench.storage.digests.enqueue_due(_NOW) == 2
    assert await bench.storage.digests.enqueue_due(_NOW) == 0
    gathered = bench.rows(
        "SELECT DISTINCT chat_id FROM deliveries WHERE digest_id IS NOT NULL ORDER BY 1"
    )
    assert gathered == [(2,), (3,)]
    assert await bench.aside() == {"digests": "chat 1, thread 0"}
    assert await bench.storage.digests.next_at() == _NOW + 3600


# --- notices -----------------------------------------------------------------------------------


async def test_a_chat_that_cannot_be_told_is_left_alone_for_an_hour_and_others_are_told(
    bench: Bench,
) -> None:
    told: list[int] = []
    apart = Apart(bench.storage.aside, bench.now)

    async def tell(chat_id: int) -> None:
        told.append(chat_id)
        if chat_id == 1:
            raise ValueError(chat_id)

    for later in (0, 3_000, 3_700):
        bench.now.now = _NOW + later
        for each in (1, 2):
            await apart.tell(each, lambda each=each: tell(each))  # type: ignore[misc]
    assert told == [1, 2, 2, 1, 2]
    assert await bench.aside() == {"notices": "chat 1"}


@pytest.mark.slow
async def test_the_record_of_what_was_set_aside_has_an_end(bench: Bench) -> None:
    for n in range(1_005):
        await bench.storage.aside.put(Queue.NOTICES, f"chat {n}", "why", _NOW + n)
    assert await bench.storage.aside.counts() == {Queue.NOTICES: 1_000}
