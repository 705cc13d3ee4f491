"""A playground for each test, the time it lives by, an unmodified Bot to drive it with, and its
page in Chromium.
"""

from collections.abc import AsyncIterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import aiohttp
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.playground.news.newsroom import quiet_newsroom
from bot.playground.server import Playground, start_playground
from tests.chromium import ARGUMENTS, CHROMIUM

needs_tdlib = pytest.mark.skipif(
    find_spec("tdjson") is None, reason="tdjson is not installed: no verdict on HTML"
)

if TYPE_CHECKING:
    from playwright.async_api import Page


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


def client_of(playground: Playground) -> Bot:
    """The library as it comes, but that it reads no certificates, which takes longer than a test:
    the playground is not encrypted.
    """
    requests = (HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2))
    return Bot(
        playground.token,
        base_url=f"{playground.url}/bot",
        base_file_url=f"{playground.url}/file/bot",
        get_updates_request=next(requests),
        request=next(requests),
    )


@pytest.fixture
async def bot(playground: Playground) -> AsyncIterator[Bot]:
    async with client_of(playground) as client:
        yield client


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def page(playground: Playground) -> AsyncIterator["Page"]:
    """The chat page; an error or a complaint of it fails the test."""
    # Here, for it takes half a second to load, and few tests open a page.
    from playwright.async_api import async_playwright

    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        shown = await browser.new_page(viewport={"width": 1280, "height": 800})
        troubles: list[str] = []
        shown.on("pageerror", lambda error: troubles.append(str(error)))
        shown.on("console", lambda line: troubles.append(line.text))
        await shown.goto(playground.url)
        yield shown
        await browser.close()
        assert troubles == []
