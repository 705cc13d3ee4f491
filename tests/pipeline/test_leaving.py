"""A slot that is left at any moment of a step repeats nothing: not a message, nor a request."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from bot.delivery.pace import Pace, PaceLimits
from bot.delivery.send import Sender
from bot.feeds.fetching.fetch import FetchOutcome, NotModified
from bot.loops import Outage, Stop
from bot.metrics import Metrics
from bot.news.members import SLOTS, slot_of_chat, slot_of_host
from bot.news.outbox import Unsure
from bot.news.polling.parsed import ParsedFeed
from bot.news.why import Code, NotAFeed, because
from bot.pipeline.deliver import Deliverer
from bot.pipeline.membership import Part
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import empty_database, locked, look
from tests.handlers.stage import Wire, bot_on
from tests.pollers import poller_on
from tests.storage.samples import add_feed, chat, placed, report, ring, store

# A server of PostgreSQL begins first.
pytestmark = pytest.mark.slow

CHAT, NOW = 5, 3_000.0
SLOT = slot_of_chat(CHAT)
ALL = frozenset(range(SLOTS))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return empty_database(tmp_path, "postgres")


@pytest.fixture
async def both(url: str) -> AsyncIterator[list[Storage]]:
    opened = [await open_storage(url, alone=True, now=NOW) for _ in range(2)]
    yield opened
    for each in opened:
        await each.close()


def _deliverer(storage: Storage, wire: Wire, slots: frozenset[int]) -> Deliverer:
    stop, metrics = Stop(), Metrics()
    pace = Pace(PaceLimits(0, 0, 0))
    sender = Sender(bot=bot_on(wire), pace=pace, now=lambda: NOW, sleep=stop.sleep, metrics=metrics)
    made = Deliverer(
        outbox=storage.outbox, schedules=storage.schedules, threads=storage.threads,
        sender=sender, now=lambda: NOW, stop=stop, wakeup=stop.wakeup(), metrics=metrics,
        resend_unknown=True, on_token_refused=lambda reason: None, buttons=lambda *_: None,
        check=lambda url: None,
        telegram=Outage("", ""),
        part=Part(count=SLOTS, slots=slots),
    )  # fmt: skip
    made.part.busy, made.part.gain = made.busy, made.gain
    return made


async def _queue(storage: Storage) -> None:
    await storage.chats.meet(chat(CHAT))
    await store(storage, report(1))
    await storage.stories.place([placed(1, None, ring(CHAT))], 2_900.0)


async def _step(deliverer: Deliverer) -> None:
    """A step without its rest."""
    deliverer.wakeup.ring()
    await deliverer.step()


async def _until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.005)


@contextmanager
def _unreadable(url: str, table: str) -> Iterator[Callable[[], bool]]:
    """Nobody can read a table meanwhile. Gives what tells whether somebody waits to."""
    from storage.postgres.connection import connect

    is_locked, over = Event(), Event()

    async def hold() -> None:
        connection = await connect(url)
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            is_locked.set()
            await asyncio.to_thread(over.wait)
        await connection.close()

    def waits() -> bool:
        return bool(look(url, "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'relation'"))

    with ThreadPoolExecutor(1) as thread:
        held = thread.submit(asyncio.run, hold())
        try:
            assert is_locked.wait(10)
            yield waits
        finally:
            over.set()
            held.result()


async def _leaves(part: Part, slot: int) -> frozenset[int]:
    """The others want a slot; returns what is given up."""
    await part.follow(ALL, SLOTS)
    assert not part.held
    return part.left() & {slot}


async def test_a_slot_that_is_left_while_it_is_asked_what_is_due_begins_nothing_there(
    url: str, both: list[Storage]
) -> None:
    wire = Wire()
    first, second = _deliverer(both[0], wire, ALL), _deliverer(both[1], wire, frozenset())
    await _step(first)
    await _queue(both[0])
    with _unreadable(url, "deliveries") as waits:
        step = asyncio.create_task(_step(first))
        await _until(waits)
        assert await _leaves(first.part, SLOT) == {SLOT}
        await first.part.follow(ALL - {SLOT}, SLOTS - 1)
    await step
    assert not first.busy()
    assert await both[0].outbox.due(NOW, [], 9)
    await second.part.follow(frozenset({SLOT}), 0)
    await _step(second)
    await _until(lambda: second._ended)
    await _step(second)
    await _step(first)
    assert [shown.chat_id for shown in wire.shown.values()] == [CHAT]
    assert (await both[0].stats()).deliveries == {"sent": 1}


async def test_a_slot_in_which_something_is_being_claimed_is_not_given_up(
    url: str, both: list[Storage]
) -> None:
    wire = Wire()
    first = _deliverer(both[0], wire, ALL)
    await _step(first)
    await _queue(both[0])
    with locked(url):
        step = asyncio.create_task(_step(first))
        await _until(lambda: first.busy() or step.done())
        assert await _leaves(first.part, SLOT) == frozenset()
    await step
    assert first.part.left() == ALL - {SLOT}
    await _until(lambda: first._ended)
    assert first.part.left() == ALL - {SLOT}
    await _step(first)
    assert first.part.left() == ALL
    assert await both[1].outbox.recover(True, NOW, [SLOT]) == Unsure()
    assert len(wire.shown) == 1


async def test_a_host_whose_slot_is_left_while_it_is_asked_what_is_due_is_not_asked(
    url: str, both: list[Storage]
) -> None:
    feed, asked = await add_feed(both[0]), []
    slot = slot_of_host("news.example")

    async def fetch(url: str, **_: str | None) -> FetchOutcome:
        asked.append(url)
        return NotModified(url, None, None, None, None)

    async def parse(body: bytes, *, content_type: str | None, url: str | None) -> ParsedFeed:
        raise NotAFeed(because(Code.POLL_FAILED))

    stop = Stop()
    poller = poller_on(
        both[0].feeds, fetch, parse, lambda: NOW, stop, part=Part(count=SLOTS, slots=ALL)
    )
    poller.part.busy = poller.busy
    poller.look_again()
    with _unreadable(url, "feeds") as waits:
        step = asyncio.create_task(poller.step())
        await _until(waits)
        assert await _leaves(poller.part, slot) == {slot}
        await poller.part.follow(ALL - {slot}, SLOTS - 1)
    await step
    assert (poller.under_way, asked) == (0, [])
    # It comes back, and is asked once. Until the answer is stored, it is busy.
    await poller.part.follow(ALL, 0)
    for _ in range(2):
        poller.look_again()
        await poller.step()
        await _until(lambda: not poller.at_work)
        assert poller.busy() in ({slot}, set())
    assert (asked, poller.busy()) == ([feed.url], set())
    await poller.end()
