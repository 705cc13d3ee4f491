"""What is no update has no number, and stops nothing; who may begin nothing asks for nothing; who
waits for what fails is told so.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from telegram.request import RequestData

from bot.loops import Stop
from bot.metrics import Metrics
from handlers.receiving.entrance import Entrance
from handlers.receiving.presence import Presence
from handlers.receiving.updates import Listener, _number
from handlers.receiving.workers import Workers
from storage.open import open_storage
from tests.databases import empty_database
from tests.handlers.receiving.test_taking import posted
from tests.handlers.stage import BOT_ID, BOT_NAME, START, Wire, router
from tests.storage.samples import sql


@pytest.mark.parametrize("data", [None, 7, "x", [], {}, {"update_id": "x"}, {"update_id": None}])
def test_what_is_no_update_has_number_zero(data: object) -> None:
    assert _number(data) == 0


def test_an_update_has_its_number() -> None:
    assert _number({"update_id": 12}) == 12


async def test_a_process_whose_lease_is_over_asks_for_nothing_and_says_nothing(
    tmp_path: Path,
) -> None:
    storage = await open_storage(empty_database(tmp_path / "bot.db"), alone=True, now=START)
    wire, stop = Wire(), Stop()
    services = router(storage, wire, [START])._services
    listener = Listener(
        bot=services.sender.bot,
        presence=Presence(services, stop, lambda: None),
        workers=Workers(services),
        request=wire,
        stop=stop,
        metrics=Metrics(),
        on_token_refused=pytest.fail,
        may_begin=lambda: False,
    )
    with capture_logs() as said:
        await listener.step()
    await storage.close()
    assert (wire.shown, said) == ({}, [])


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
