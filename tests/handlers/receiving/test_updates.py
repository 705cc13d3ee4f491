"""What is no update has no number, and stops nothing; who may begin nothing asks for nothing."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.loops import Stop
from bot.metrics import Metrics
from handlers.receiving.presence import Presence
from handlers.receiving.updates import Listener, _number
from handlers.receiving.workers import Workers
from storage.open import open_storage
from tests.databases import empty_database
from tests.handlers.stage import START, Wire, router


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
