"""What was posted is answered by processes that share a database: once, and each chat in order."""

import asyncio
from collections.abc import AsyncIterator
from itertools import cycle, islice
from pathlib import Path

import pytest
from telegram.request import RequestData

from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.members import SLOTS, slot_of_chat
from bot.pipeline.bells import Bells
from bot.pipeline.membership import Membership
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import empty_database
from tests.handlers.receiving.test_taking import HeldWire, Process, posted
from tests.handlers.stage import ADA_ID, BEN_ID, START

# A server of PostgreSQL begins first.
pytestmark = pytest.mark.slow

WORDS = ["/help", "/status", "/privacy"]
CHATS = [ADA_ID + n for n in range(12)]


class NotedWire(HeldWire):
    """A wire that notes what was written to whom, in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.written: dict[int, list[str]] = {}

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_: object,
        **__: object,
    ) -> tuple[int, bytes]:
        """Does what a method asks for, and notes it."""
        asked = request_data.json_parameters if request_data else {}
        answer = await super().do_request(url, method, request_data)
        if url.endswith("/sendMessage"):
            self.written.setdefault(int(asked["chat_id"]), []).append(asked["text"][:20])
        return answer


class Place(Process):
    """A process that answers what its membership gives it."""

    def __init__(self, storage: Storage, wire: HeldWire) -> None:
        stop = Stop()
        bells = Bells(storage.hold, stop)
        self.bells = bells
        self.membership = Membership(
            hold=storage.hold, bells=bells, now=lambda: START, stop=stop,
            on_taken_over=lambda error: None, metrics=Metrics(),
        )  # fmt: skip
        self.part = self.membership.part("updates", SLOTS)
        super().__init__(storage, wire, lambda: self.part.slots, stop=stop)
        self.part.busy, self.part.bell = self.taker.busy, self.bell.ring

    async def share(self) -> None:
        """One round, without the rest."""
        self.bells.heard("members")
        await self.membership.share()


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[list[Storage]]:
    url = empty_database(tmp_path / "shared.db", "postgres")
    both = [await open_storage(url, alone=True, now=START) for _ in range(2)]
    yield both
    for each in both:
        await each.close()


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(empty_database(tmp_path / "one.db"), alone=True, now=START)
    yield opened
    await opened.close()


async def _is_all_answered(storage: Storage) -> bool:
    return not await storage.updates.waiting([], None, 1)


async def test_each_is_answered_once_and_in_order_while_slots_move(opened: list[Storage]) -> None:
    wire = NotedWire()
    first = Place(opened[0], wire)
    await first.share()
    assert first.part.slots == frozenset(range(SLOTS))
    number, rounds = 0, 6

    async def write() -> None:
        nonlocal number
        for word in WORDS:
            each = [posted(number + n, chat, word) for n, chat in enumerate(CHATS, 1)]
            number += len(CHATS)
            await opened[0].updates.keep(each, START)
        first.bell.ring()

    await write()
    second = Place(opened[1], wire)
    for _ in range(rounds - 2):
        await second.share()
        await write()
        second.bell.ring()
        await first.share()
    async with asyncio.timeout(60):
        while not (first.part.slots and len(first.part.slots) == 32 and not first.part.leaving):
            await first.share()
    await second.share()
    assert second.part.slots == frozenset(range(SLOTS)) - first.part.slots
    # The second ends, and the first has everything again.
    await write()
    second.bell.ring()
    await second.end()
    await opened[1].close()
    await first.share()
    assert first.part.slots == frozenset(range(SLOTS))
    async with asyncio.timeout(60):
        while not await _is_all_answered(opened[0]):
            await asyncio.sleep(0.005)
    await first.end()
    begins = wire.written[CHATS[0]][:3]
    assert len(set(begins)) == 3
    for chat in CHATS:
        assert wire.written[chat] == list(islice(cycle(begins), len(WORDS) * rounds)), chat


async def test_a_slot_is_busy_until_the_end_is_stored(opened: list[Storage]) -> None:
    wire = NotedWire()
    wire.held[ADA_ID] = asyncio.Event()
    process = Place(opened[0], wire)
    await process.share()
    await opened[0].updates.keep([posted(1, ADA_ID), posted(2, ADA_ID)], START)
    process.bell.ring()
    async with asyncio.timeout(60):
        while not wire.sending:
            await asyncio.sleep(0.005)
    assert process.taker.busy() == {slot_of_chat(ADA_ID)}
    wire.held[ADA_ID].set()
    async with asyncio.timeout(60):
        while process.taker.busy():
            await asyncio.sleep(0)
    assert await _is_all_answered(opened[0])
    await process.end()


async def test_who_may_begin_nothing_begins_nothing_and_then_all_in_order(
    storage: Storage,
) -> None:
    wire = NotedWire()
    asked: list[bool] = []

    def may_begin() -> bool:
        """At one moment it may not, and at the next it may."""
        asked.append(True)
        return len(asked) > 1

    await storage.updates.keep([posted(n, ADA_ID, w) for n, w in enumerate(WORDS, 1)], START)
    process = Process(storage, wire, may_begin=may_begin)
    async with asyncio.timeout(60):
        while not await _is_all_answered(storage):
            await asyncio.sleep(0.005)
    for n, word in enumerate(WORDS, 11):
        await storage.updates.keep([posted(n, BEN_ID, word)], START)
        process.bell.ring()
        async with asyncio.timeout(60):
            while not await _is_all_answered(storage):
                await asyncio.sleep(0.005)
    await process.end()
    assert wire.written[ADA_ID] == wire.written[BEN_ID]


async def test_who_may_not_begin_holds_what_it_took_and_gives_it_back_in_the_end(
    storage: Storage,
) -> None:
    await storage.updates.keep([posted(1, ADA_ID)], START)
    wire = NotedWire()
    asked: list[bool] = []

    def may_begin() -> bool:
        asked.append(True)
        return False

    process = Process(storage, wire, may_begin=may_begin)
    async with asyncio.timeout(60):
        while not asked:
            await asyncio.sleep(0)
    assert process.taker.busy() == {slot_of_chat(ADA_ID)}
    await process.end()
    assert not wire.written
    assert [each.tries for each in await storage.updates.waiting([], None, 9)] == [0]


async def test_a_slot_that_comes_back_keeps_the_order_of_a_chat(storage: Storage) -> None:
    wire, slots = NotedWire(), {slot_of_chat(ADA_ID)}
    wire.held[ADA_ID] = asyncio.Event()
    await storage.updates.keep([posted(n, ADA_ID, w) for n, w in enumerate(WORDS * 2, 1)], START)
    asked: list[int] = []

    def mine() -> set[int]:
        """Without the slot at the moment at which the second is to begin."""
        asked.append(len(wire.written.get(ADA_ID, ())))
        return set() if asked.count(1) == 1 and asked[-1] == 1 else slots

    process = Process(storage, wire, mine)
    async with asyncio.timeout(60):
        while not wire.sending:
            await asyncio.sleep(0.005)
        wire.held[ADA_ID].set()
        while not await _is_all_answered(storage):
            process.bell.ring()
            await asyncio.sleep(0.005)
    await process.end()
    begins = wire.written[ADA_ID][:3]
    assert len(set(begins)) == 3
    assert wire.written[ADA_ID] == begins * 2
