"""What was posted is taken from the database, begun, handled and ended: real SQLite, the real
router, and a wire that can be held.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from telegram.request import RequestData

from bot.loops import Stop
from bot.news.members import slot_of_chat
from handlers.receiving.entrance import Entrance
from handlers.receiving.presence import Presence
from handlers.receiving.taking import MOST_TRIES, Taker
from handlers.receiving.workers import Workers
from storage.aside import Queue
from storage.errors import StorageError
from storage.open import open_storage
from storage.storage import Storage
from storage.updates import PostedUpdate, UpdateTries
from tests.databases import empty_database, locked
from tests.handlers.stage import ADA_ID, BEN_ID, BOT_ID, BOT_NAME, START, Wire, router
from tests.storage.samples import sql


class HeldWire(Wire):
    """A wire that keeps answers to some chats under way until they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[int, asyncio.Event] = {}
        self.sending: list[int] = []
        self.most_at_once = 0

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Does what a method asks for, when its chat is let go."""
        chat_id = int((request_data.json_parameters if request_data else {}).get("chat_id", 0))
        self.sending.append(chat_id)
        self.most_at_once = max(self.most_at_once, len(self.sending))
        try:
            if chat_id in self.held:
                await self.held[chat_id].wait()
            await asyncio.sleep(0.005)  # long enough for others to come between
            return await super().do_request(url, method, request_data)
        finally:
            self.sending.remove(chat_id)

    def sent(self, chat_id: int) -> int:
        """How many messages a chat got."""
        return sum(1 for chat, _ in self.shown if chat == chat_id)


@dataclass
class Process:
    """One process that answers what was posted, on a database that others may share."""

    storage: Storage
    wire: HeldWire
    mine: Callable[[], Collection[int] | None] = lambda: None
    may_begin: Callable[[], bool] = lambda: True
    stop: Stop = field(default_factory=Stop)
    aside: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        services = router(self.storage, self.wire, [START])._services
        self.bell = self.stop.wakeup()
        self.workers = Workers(services)
        presence = Presence(services, self.stop, self.bell.ring)
        presence.entrance = Entrance(services, BOT_NAME, BOT_ID)
        self.taker = Taker(
            updates=self.storage.updates,
            presence=presence,
            workers=self.workers,
            now=lambda: START,
            stop=self.stop,
            bell=self.bell,
            set_aside=lambda: self.aside.append(True),
            mine=self.mine,
            may_begin=self.may_begin,
        )
        self.loop = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while not self.stop.wanted:
            await self.taker.step()

    async def end(self) -> None:
        """Ends as a process does that is asked to."""
        self.stop.request()
        await asyncio.gather(self.loop, return_exceptions=True)
        await self.workers.end()
        await self.taker.end()


def posted(number: int, chat_id: int, text: str = "/status", **person: str) -> PostedUpdate:
    """A command that somebody wrote, as Telegram posts it."""
    update = {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": int(START),
            "chat": {"id": chat_id, "type": "private", "first_name": "Ada"},
            "from": {"id": chat_id, "is_bot": False, "first_name": "Ada"} | person,
            "text": text,
        },
    }
    return PostedUpdate(number, chat_id, json.dumps(update))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return empty_database(tmp_path / "taking.db")


@pytest.fixture
async def storage(url: str) -> AsyncIterator[Storage]:
    opened = await open_storage(url, alone=True, now=START)
    yield opened
    await opened.close()


async def _until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.005)


async def _waiting(storage: Storage) -> list[tuple[int, int]]:
    """The numbers of what waits, and their tries."""
    return [(each.id, each.tries) for each in await storage.updates.waiting([], None, 99)]


async def _until_all_are_handled(storage: Storage) -> None:
    async with asyncio.timeout(60):
        while await _waiting(storage):
            await asyncio.sleep(0.005)


@pytest.mark.slow
async def test_chats_wait_for_no_other_and_each_gets_its_answers_in_order(
    storage: Storage,
) -> None:
    wire = HeldWire()
    wire.held[ADA_ID] = asyncio.Event()
    process = Process(storage, wire)
    words = ["/help", "/status", "/privacy"]
    await storage.updates.keep([posted(n, ADA_ID, w) for n, w in enumerate(words, 1)], START)
    await storage.updates.keep([posted(9, BEN_ID)], START)
    process.bell.ring()
    await _until(lambda: wire.sent(BEN_ID) and wire.sending == [ADA_ID])
    assert not wire.sent(ADA_ID)
    wire.held[ADA_ID].set()
    await _until_all_are_handled(storage)
    in_turn = [shown.text for (chat, _), shown in sorted(wire.shown.items()) if chat == ADA_ID]
    await process.end()
    alone = HeldWire()
    process = Process(storage, alone)
    for n, word in enumerate(words, 11):
        await storage.updates.keep([posted(n, ADA_ID, word)], START)
        process.bell.ring()
        await _until_all_are_handled(storage)
        assert alone.sent(ADA_ID) == n - 10
    await _until_all_are_handled(storage)
    assert in_turn == [shown.text for _, shown in sorted(alone.shown.items())]
    await process.end()


@pytest.mark.slow
async def test_chats_whose_first_is_slow_keep_no_other_from_its_answer(storage: Storage) -> None:
    wire = HeldWire()
    slow = [BEN_ID + n for n in range(1, 22)]
    for chat in slow:
        wire.held[chat] = asyncio.Event()
    floods = [posted(n, slow[n % len(slow)]) for n in range(51 * len(slow))]
    await storage.updates.keep([*floods, posted(len(floods), ADA_ID)], START)
    process = Process(storage, wire)
    await _until(lambda: wire.sent(ADA_ID))
    assert [chat for chat in slow if wire.sent(chat)] == []
    await process.end()


@pytest.mark.slow
async def test_of_a_chat_fifty_wait_and_what_is_left_is_said(storage: Storage) -> None:
    wire = HeldWire()
    wire.held[ADA_ID] = asyncio.Event()
    words = ["/help"] * 51 + ["/status"] * 30
    await storage.updates.keep([posted(n, ADA_ID, w) for n, w in enumerate(words, 1)], START)
    process = Process(storage, wire)
    async with asyncio.timeout(60):
        while await _waiting(storage) != [(1, 1), *[(n, 0) for n in range(2, 52)]]:
            await asyncio.sleep(0.005)
    wire.held[ADA_ID].set()
    await _until_all_are_handled(storage)
    await _until(lambda: not process.workers._workers)
    assert "/status (30 times)" in wire.shown[max(wire.shown)].text
    await process.end()


async def test_who_is_asked_to_end_gives_back_what_is_under_way_and_that_is_no_try(
    storage: Storage,
) -> None:
    wire = HeldWire()
    wire.held[ADA_ID] = asyncio.Event()
    await storage.updates.keep([posted(1, ADA_ID), posted(2, ADA_ID), posted(3, BEN_ID)], START)
    process = Process(storage, wire)
    await _until(lambda: wire.sent(BEN_ID) and ADA_ID in wire.sending)
    await process.end()
    assert await _waiting(storage) == [(1, 0), (2, 0)]
    wire.held.clear()
    other = Process(storage, wire)
    await _until_all_are_handled(storage)
    assert (wire.sent(ADA_ID), wire.sent(BEN_ID)) == (2, 1)
    await other.end()


async def test_what_was_begun_before_a_crash_is_handled_alone(storage: Storage) -> None:
    updates = storage.updates
    suspects = [posted(n, ADA_ID + n) for n in range(1, 6)]
    await updates.keep(suspects, START)
    assert (
        len(await updates.mark([UpdateTries(each.id, 0, 1) for each in suspects], [], START)) == 5
    )
    wire = HeldWire()
    process = Process(storage, wire)
    await _until_all_are_handled(storage)
    assert [wire.sent(each.chat_id) for each in suspects] == [1] * 5
    assert wire.most_at_once == 1
    await process.end()


async def test_what_was_begun_too_often_is_set_aside_and_the_next_of_its_chat_answered(
    storage: Storage,
) -> None:
    updates = storage.updates
    await updates.keep([posted(1, ADA_ID), posted(2, ADA_ID)], START)
    assert await updates.mark([UpdateTries(1, 0, MOST_TRIES)], [], START)
    wire = HeldWire()
    process = Process(storage, wire)
    await _until_all_are_handled(storage)
    assert wire.sent(ADA_ID) == 1
    assert process.aside == [True]
    (record,) = await storage.aside.newest(9)
    assert (record.queue, record.item) == (Queue.UPDATES, "1")
    await process.end()


@pytest.mark.slow
@pytest.mark.slow
async def test_who_waits_for_what_fails_is_told_so_once_in_their_language(
    storage: Storage,
) -> None:
    await sql(storage, "DROP TABLE topics")
    wire, language = HeldWire(), {"language_code": "de"}
    process = Process(storage, wire)
    await storage.updates.keep([posted(1, ADA_ID, "/topic", **language)], START)
    await storage.updates.keep([posted(2, ADA_ID, "/topic ferry", **language)], START)
    with capture_logs() as logged:
        process.bell.ring()
        await _until_all_are_handled(storage)
        await _until(lambda: not process.workers._workers)
    (said,) = wire.shown.values()
    assert said.text == ("Hier ist etwas schiefgegangen. Versuch es in einer Minute noch einmal.")
    assert process.aside == [True, True]
    assert any(each.get("exc_info") for each in logged)
    await process.end()


async def test_a_process_answers_its_own_slots_only(storage: Storage) -> None:
    chats = [ADA_ID + n for n in range(8)]
    await storage.updates.keep([posted(n, chat) for n, chat in enumerate(chats, 1)], START)
    wires = [HeldWire(), HeldWire()]
    halves = [range(0, 64, 2), range(1, 64, 2)]
    first = Process(storage, wires[0], lambda: halves[0])
    second = Process(storage, wires[1], lambda: halves[1])
    await _until_all_are_handled(storage)
    for half, wire in zip(halves, wires, strict=True):
        assert [wire.sent(chat) for chat in chats] == [int(slot_of_chat(c) in half) for c in chats]
    await first.end()
    await second.end()


async def test_what_was_taken_and_is_another_process_s_since_is_left_to_that(
    storage: Storage,
) -> None:
    wire, slots = HeldWire(), [slot_of_chat(ADA_ID)]
    wire.held[ADA_ID] = asyncio.Event()
    await storage.updates.keep([posted(1, ADA_ID), posted(2, ADA_ID)], START)
    process = Process(storage, wire, lambda: slots)
    await _until(lambda: wire.sending)
    slots.clear()
    wire.held[ADA_ID].set()
    await _until(lambda: not process.workers._workers)
    await process.end()
    # The first was under way already, and nobody else began the second yet.
    assert wire.sent(ADA_ID) == 1
    assert await _waiting(storage) == [(2, 0)]


@pytest.mark.slow
async def test_an_end_that_cannot_be_noted_is_noted_later_and_nothing_answered_twice(
    storage: Storage, url: str
) -> None:
    wire = HeldWire()
    wire.held[ADA_ID] = asyncio.Event()
    await storage.updates.keep([posted(1, ADA_ID)], START)
    process = Process(storage, wire)
    await _until(lambda: wire.sending)
    with locked(url):
        wire.held[ADA_ID].set()
        with pytest.raises(StorageError):
            await process.loop
    assert wire.sent(ADA_ID) == 1
    process.loop = asyncio.create_task(process._run())
    await _until_all_are_handled(storage)
    await process.end()
    assert wire.sent(ADA_ID) == 1


async def test_what_is_no_update_is_read_as_none_whatever_it_is(storage: Storage) -> None:
    process = Process(storage, HeldWire())
    wrong: list[object] = [7, "x", [], {"update_id": 7, "message": 7}]
    for data in wrong:
        assert process.workers.read(0, data) is None  # type: ignore[arg-type]
    await process.end()
