"""What is no update has no number, and stops nothing; who may begin nothing asks for nothing; each
update is handed over once, however Telegram counts; who waits for what fails is told so.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs
from telegram.error import NetworkError
from telegram.request import RequestData

from bot.loops import Outage, Stop
from bot.metrics import Metrics
from handlers.receiving.entrance import Entrance
from handlers.receiving.presence import Presence
from handlers.receiving.updates import Listener, _number
from handlers.receiving.workers import Workers
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import ENGINE, empty_database
from tests.handlers.receiving.test_taking import posted
from tests.handlers.stage import ADA_ID, BEN_ID, BOT_ID, BOT_NAME, START, Wire, router
from tests.storage.samples import sql


@pytest.mark.parametrize("data", [None, 7, "x", [], {}, {"update_id": "x"}, {"update_id": None}])
def test_what_is_no_update_has_number_zero(data: object) -> None:
    assert _number(data) == 0


def test_an_update_has_its_number() -> None:
    assert _number({"update_id": 12}) == 12


class Queue(Wire):
    """Telegram, which answers each getUpdates with the next of `batches`, then with nothing, and
    keeps what was asked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[Any]] = []
        self.offsets: list[int] = []

    async def do_request(self, url: str, *rest: Any, **more: Any) -> tuple[int, bytes]:
        """One call of the Bot API."""
        parts = urlsplit(url)
        if not parts.path.endswith("/getUpdates"):
            return await super().do_request(url, *rest, **more)
        self.offsets.append(int(parse_qs(parts.query)["offset"][0]))
        result = self.batches.pop(0) if self.batches else []
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def answers(self, chat_id: int) -> int:
        """How often somebody was answered."""
        return sum(chat == chat_id for chat, _ in self.shown)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(empty_database(tmp_path / "bot.db"), alone=True, now=START)
    yield opened
    await opened.close()


def reached(clock: Callable[[], float]) -> Outage:
    """What says that Telegram is away."""
    return Outage("Telegram cannot be reached", "Telegram is reached again", clock=clock)


def listening(
    storage: Storage,
    wire: Wire,
    stop: Stop,
    *,
    may_begin: bool = True,
    clock: Callable[[], float] = lambda: 0.0,
) -> Listener:
    """A bot that has said who it is."""
    services = router(storage, wire, [START])._services
    presence = Presence(services, stop, lambda: None)
    presence.entrance = Entrance(services, BOT_NAME, BOT_ID)
    return Listener(
        bot=services.sender.bot,
        presence=presence,
        workers=Workers(services),
        request=wire,
        stop=stop,
        metrics=Metrics(),
        on_token_refused=pytest.fail,
        outage=reached(clock),
        may_begin=lambda: may_begin,
    )


def written(number: int, chat_id: int) -> Any:
    """A command of somebody, as Telegram gives it."""
    return json.loads(posted(number, chat_id, "/privacy").body)


async def stepped_until(listener: Listener, true: Callable[[], object]) -> None:
    """Lets the bot ask until `true()` holds."""
    async with asyncio.timeout(60):
        while not true():
            await listener.step()


async def test_a_process_whose_lease_is_over_asks_for_nothing_and_says_nothing(
    storage: Storage,
) -> None:
    wire = Queue()
    with capture_logs() as said:
        await listening(storage, wire, Stop(), may_begin=False).step()
    assert (wire.shown, wire.offsets, said) == ({}, [], [])


@pytest.mark.slow
async def test_a_lower_number_after_a_week_is_answered_once_and_confirmed(
    storage: Storage,
) -> None:
    wire = Queue()
    listener = listening(storage, wire, Stop())
    wire.batches = [[written(727_334_700, ADA_ID)]]
    await stepped_until(listener, lambda: 727_334_701 in wire.offsets)
    lower = [written(117_314_199, BEN_ID), written(117_314_200, ADA_ID)]
    wire.batches = [lower, lower]
    await stepped_until(listener, lambda: 117_314_201 in wire.offsets)
    assert (wire.answers(ADA_ID), wire.answers(BEN_ID)) == (2, 1)
    assert max(wire.offsets[wire.offsets.index(117_314_201) :]) == 117_314_201


async def test_who_sends_the_same_for_ever_is_not_asked_again_at_once(storage: Storage) -> None:
    wire, stop = Queue(), Stop()
    listener = listening(storage, wire, stop)
    wire.batches = [[written(7, ADA_ID)]]
    await stepped_until(listener, lambda: 8 in wire.offsets)
    wire.batches = [[written(7, ADA_ID), {}]] * 3
    with capture_logs() as said:
        step = asyncio.create_task(listener.step())
        async with asyncio.timeout(60):
            while not said:
                await asyncio.sleep(0.005)
        assert not step.done()
        stop.request()
        await step
    assert [each["event"] for each in said] == ["Telegram sends what cannot be confirmed"]
    assert (wire.answers(ADA_ID), len(wire.batches)) == (1, 2)


class Away(Queue):
    """Telegram, which nothing reaches while it is `away`."""

    away = True

    async def do_request(self, url: str, *rest: Any, **more: Any) -> tuple[int, bytes]:
        """One call of the Bot API."""
        if self.away:
            raise NetworkError("no connection to Telegram")
        return await super().do_request(url, *rest, **more)


class Restless(Stop):
    """A stop whose sleeps take no time of ours, but some of the clock's."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    async def sleep(self, seconds: float) -> None:
        """Puts the clock forward."""
        self.now += seconds


async def test_that_telegram_is_away_is_said_once_an_hour_and_when_it_is_back(
    storage: Storage,
) -> None:
    wire, stop = Away(), Restless()
    listener = listening(storage, wire, stop, clock=lambda: stop.now)
    with capture_logs() as logged:
        while stop.now < 7_000:
            await listener.step()
        wire.away = False
        for _ in range(8):
            stop.now += 25
            await listener.step()
    said = [(line["event"], line.get("error")) for line in logged if line["log_level"] != "debug"]
    away = ("Telegram cannot be reached", "no connection to Telegram")
    assert said == [away, away, ("Telegram is reached again", None)]


async def test_a_database_that_cannot_be_written_is_said_once_and_whoever_waits_is_told(
    storage: Storage,
) -> None:
    setting = "default_transaction_read_only" if ENGINE == "postgres" else "query_only"
    said_to = "SET" if ENGINE == "postgres" else "PRAGMA"
    await storage._database.run(f"{said_to} {setting} = on")
    people = [json.loads(posted(n, n, "/start").body) for n in range(1, 6)]
    wire, stop = Queue(), Stop()
    listener = listening(storage, wire, stop)
    wire.batches = [people]
    with capture_logs() as logged:
        await stepped_until(listener, lambda: all(map(wire.answers, range(1, 6))))
    (said,) = [line for line in logged if line["log_level"] != "debug"]
    assert said["event"] == "the database fails; what needs it is tried again and again"
    assert "it cannot be written" in said["error"]
    assert "exc_info" not in said
    assert listener._workers._services.metrics.bad_updates._value.get() == 5
    await storage._database.run(f"{said_to} {setting} = off")


class PolledWire(Wire):
    """A wire that hands updates over, each once."""

    def __init__(self, *waiting: dict[str, Any]) -> None:
        super().__init__()
        self.waiting = list(waiting)

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Does what a method asks for."""
        if "/getUpdates" not in url:
            return await super().do_request(url, method, request_data)
        found, self.waiting = self.waiting, []
        return 200, json.dumps({"ok": True, "result": found}).encode()


async def test_who_polled_updates_fail_is_told_so_once_a_minute(tmp_path: Path) -> None:
    storage = await open_storage(empty_database(tmp_path / "bot.db"), alone=True, now=START)
    await sql(storage, "DROP TABLE topics")
    people = [json.loads(posted(n, n % 2 + 1, "/topic").body) for n in range(1, 9)]
    wire, stop, clock = PolledWire(*people), Stop(), [START]
    services = router(storage, wire, clock)._services
    presence, workers = Presence(services, stop, lambda: None), Workers(services)
    presence.entrance = Entrance(services, BOT_NAME, BOT_ID)
    listener = Listener(
        bot=services.sender.bot,
        presence=presence,
        workers=workers,
        request=wire,
        stop=stop,
        metrics=services.metrics,
        on_token_refused=pytest.fail,
        outage=reached(lambda: 0.0),
    )

    async def handled() -> None:
        await listener.step()
        async with asyncio.timeout(60):
            while workers._workers:
                await asyncio.sleep(0.005)

    with capture_logs() as logged:
        await handled()
        assert sorted(chat for chat, _ in wire.shown) == [1, 2]
        clock[0] += 60
        wire.waiting = [json.loads(posted(10, 1, "/topic").body)]
        await handled()
    await storage.close()
    assert sorted(chat for chat, _ in wire.shown) == [1, 1, 2]
    said = {each.text for each in wire.shown.values()}
    assert said == {"Something went wrong here. Try again in a minute."}
    assert sum("exc_info" in each for each in logged) == 9
