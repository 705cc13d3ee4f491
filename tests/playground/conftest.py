"""A playground for each test, the time it lives by, and an unmodified Bot to drive it with."""

from collections.abc import AsyncIterator
from importlib.util import find_spec

import aiohttp
import pytest
from telegram import Bot

from bot.playground.newsroom import quiet_newsroom
from bot.playground.server import Playground, start_playground

needs_tdlib = pytest.mark.skipif(
    find_spec("tdjson") is None, reason="tdjson is not installed: no verdict on HTML"
)


class Clock:
    """A time that passes only when told to."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _durations_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    # The coming default of python-telegram-bot; without it `retry_after` warns.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def playground(clock: Clock) -> AsyncIterator[Playground]:
    newsroom = quiet_newsroom(clock=clock)
    running = await start_playground(newsroom=newsroom, clock=clock, seed=1)
    yield running
    await running.close()


@pytest.fixture
async def bot(playground: Playground) -> AsyncIterator[Bot]:
    async with Bot(playground.token, base_url=f"{playground.url}/bot") as client:
        yield client


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
