"""The demo in this process: bot, newsrooms and chats go by one clock, which is put forward."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bot.across import wheel
from bot.cli.demo import run_demo
from bot.errors import SettingsError, TocsinError
from bot.loops import Stop
from bot.playground.bot_api.refusals import WEBHOOK_ACTIVE
from bot.playground.chats.world import ADA_ID
from bot.playground.clock import MovableClock
from bot.playground.news.newsroom import sample_newsroom
from bot.playground.server import TOKEN, Playground
from bot.settings import Settings, load_settings
from tests.cli.shell import Shell
from tests.journey.town import until

pytestmark = pytest.mark.slow

EVENING = datetime(2027, 3, 7, 21, 55, tzinfo=UTC).timestamp()


def settings_for(overrides: dict[str, Any]) -> Settings:
    return load_settings(None, overrides)


@asynccontextmanager
async def quiet_demo(clock: MovableClock) -> AsyncIterator[Playground]:
    """The demo, its feeds read once; its newsrooms publish when they are told to."""
    async with open_demo(clock) as playground:
        visits = playground.kiosk.visits
        # Who has the document already has stored what was in it.
        names = playground.newsroom.outlets
        await until(lambda: all(visits[name, 304] for name in names), "all feeds read")
        yield playground


@asynccontextmanager
async def open_demo(clock: MovableClock) -> AsyncIterator[Playground]:
    """The same as soon as its page is open."""
    stop, opened = Stop(), asyncio.Queue[Playground]()
    newsroom = sample_newsroom(every=None, clock=clock)
    running = asyncio.create_task(
        run_demo(settings_for, 0, opened.put_nowait, stop, clock, newsroom)
    )
    try:
        yield await asyncio.wait_for(opened.get(), 15)
    finally:
        stop.request()
        await asyncio.wait_for(running, 15)


async def test_quiet_hours_end_when_the_morning_is_skipped_to() -> None:
    clock = MovableClock(ahead=EVENING - time.time())
    async with quiet_demo(clock) as here:

        def told(part: str) -> bool:
            chat = here.world.chats[ADA_ID]
            return any(part in message.text for message in chat.messages.values())

        async def asks(text: str) -> None:
            before = len(here.ledger.delivered(ADA_ID))
            here.people.say(ADA_ID, text)
            await until(lambda: len(here.ledger.delivered(ADA_ID)) > before, f"answer to {text}")

        await asks("/subscribe")
        await asks("/quiet 22:00-07:00")
        here.newsroom.publish("open-ledger", "Lighthouse of Marrow Bay lit", "<p>At dusk.</p>")
        await until(lambda: told("Lighthouse"), "an alert before the night")
        clock.skip(600)
        here.newsroom.publish("open-ledger", "Choir of Quillane sings at sea", "<p>At ten.</p>")
        visits = here.kiosk.visits
        read = visits["open-ledger", 200]
        await until(lambda: visits["open-ledger", 200] > read, "the feed read at night")
        seen = visits["open-ledger", 304]
        await until(lambda: visits["open-ledger", 304] > seen, "the story stored")
        assert not told("Choir")
        clock.skip_to(8 * 60, "UTC")
        await until(lambda: told("Choir"), "what the night held")
        assert all(entry.applied for entry in here.ledger)
        here.newsroom.publish("open-ledger", "Bakers of Velmora open early", "<p>At eight.</p>")
        await until(lambda: told("Bakers"), "an alert of the new day")


def test_what_a_real_bot_listens_to_is_nothing_to_the_demo(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = Shell(tmp_path).refused(
            2, "demo", "--port", port, WEBHOOK_URL="https://bot.example/tg", WEBHOOK_SECRET="x y",
            WEB_LISTEN="0.0.0.0:8080", WEBSUB_URL="bot.example",
        )  # fmt: skip
    assert said.startswith(f"Port {port} cannot be used")


async def test_the_demo_polls_whatever_webhook_is_set_and_draws_its_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "https://bot.example/tg")
    monkeypatch.setenv("WEBHOOK_SECRET", "hush")
    monkeypatch.setenv("WEB_LISTEN", "127.0.0.1:0")
    tokens = set()
    for _ in range(2):
        async with open_demo(MovableClock()) as here:
            here.people.say(ADA_ID, "/start")
            await until(partial(here.ledger.delivered, ADA_ID), "an answer")
            assert here.stage.updates.webhook_url == ""
            tokens.add(here.token)
    assert len(tokens - {TOKEN}) == 2


@pytest.mark.skipif(find_spec(wheel.NAME) is not None, reason="the wheel is installed")
async def test_what_is_not_there_is_said_before_the_page_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SEMANTIC", "on")
    opened: list[Playground] = []
    with pytest.raises(SettingsError, match="make semantic"):
        await run_demo(settings_for, 0, opened.append)
    assert opened == []


async def test_a_program_in_place_of_the_bot_is_named_without_a_token_to_mend() -> None:
    opened = asyncio.Queue[Playground]()
    running = asyncio.create_task(run_demo(settings_for, 0, opened.put_nowait))
    here = await asyncio.wait_for(opened.get(), 15)
    here.stage.updates.webhook_url = "http://127.0.0.1:9/"
    here.faults.add("refuse", method="deleteWebhook", times=None, description=WEBHOOK_ACTIVE)
    with pytest.raises(TocsinError, match="another program spoke to it as its bot") as ended:
        await asyncio.wait_for(running, 60)
    assert "TELEGRAM_TOKEN" not in str(ended.value)
