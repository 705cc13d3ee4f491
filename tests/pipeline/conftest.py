"""The parts of the pipeline, wired by hand around a real database and real feeds."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.feeds.fetching.fetch import Fetcher
from bot.feeds.fetching.gate import Gate
from bot.feeds.fetching.guard import Guard
from bot.feeds.fetching.visitor import Visitor
from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.feed import Feed, NewFeed
from bot.news.polling.politeness import Politeness
from bot.pipeline.placing.desk import Desk
from bot.pipeline.polling.poll import Poller
from bot.playground.news.newsroom import quiet_newsroom
from bot.playground.server import Playground, start_playground
from storage.open import open_storage
from storage.polling import packing
from storage.storage import Storage
from tests.databases import look
from tests.desks import desk_on
from tests.parsers import shared_parser
from tests.pollers import poller_on


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Line:
    """One feed, one poller, one desk."""

    playground: Playground
    storage: Storage
    poller: Poller
    desk: Desk
    clock: Clock
    stop: Stop
    url: str

    async def poll(self) -> None:
        """Polls what is due now and stores what came of it."""
        await self.poller.step()
        while self.poller.under_way:
            self.ring()
            await self.poller.step()

    def ring(self) -> None:
        """The next step shall not wait for a clock that stands still."""
        for bell in self.stop.wakeups:
            bell.ring()

    async def feed(self) -> Feed:
        """The feed as it is stored."""
        (stored,) = await self.storage.feeds.all()
        return stored

    def visits(self) -> dict[int, int]:
        """How often the feed's host answered, by status."""
        return {status: count for (_, status), count in self.playground.kiosk.visits.items()}

    async def shown_on(self, key: bytes) -> int:
        """The day on which what is remembered under a key was noted last."""
        for (row,) in look(self.url, "SELECT packed FROM entries"):
            places = range(0, len(row), packing.RECORD_BYTES)
            for at, day in zip(places, packing.days(row), strict=True):
                if row[at:].startswith(key):
                    return day
        raise AssertionError("nothing is remembered under that key")

    async def place(self) -> None:
        """Places everything that was stored."""
        while await self.storage.stories.unplaced(1):
            await self.desk.step()


@pytest.fixture
async def line(url: str) -> AsyncIterator[Line]:
    clock, stop, metrics = Clock(), Stop(), Metrics()
    playground = await start_playground(newsroom=quiet_newsroom("harbour-post"), clock=clock)
    storage = await open_storage(url, alone=True, now=clock())
    feed = playground.feeds["harbour-post"]
    await storage.feeds.add([NewFeed(feed, "", clock())], clock())
    guard = Guard(["127.0.0.1"])
    politeness = Politeness(guard.is_ours)
    async with Fetcher(guard, now=clock, gate=Gate(politeness, clock)) as fetcher:
        bell = stop.wakeup()
        poller = poller_on(
            storage.feeds,
            fetcher.fetch,
            shared_parser().parse,
            clock,
            stop,
            desk=bell,
            metrics=metrics,
            politeness=politeness,
            visit=Visitor(fetcher).fetch,
        )
        desk = desk_on(storage, clock, stop, wakeup=bell, metrics=metrics)
        yield Line(playground, storage, poller, desk, clock, stop, url)
        await poller.end()
    await storage.close()
    await playground.close()
