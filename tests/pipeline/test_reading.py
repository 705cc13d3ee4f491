"""Documents that cost much, and floods of pushes: what others feel of them."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import NotAFeed
from bot.feeds.fetch import Fetched, FetchOutcome, NotModified
from bot.feeds.worker import TOO_LONG, ParserPool
from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.schedule import Bounds
from bot.news.slots import Slots
from bot.news.story import ParsedEntry, ParsedFeed
from bot.pipeline.poll import Poller
from bot.pipeline.reading import Offers, Reader
from storage.interface import Storage
from storage.open import open_storage
from tests.pipeline.conftest import Clock


def document(body: bytes = b"1", url: str = "https://town.example/feed") -> Fetched:
    return Fetched(url, body, "", None, None, None, None)


class Desk:
    """Reads documents, each as long as it is told; counts those that it has before it."""

    def __init__(self, seconds: float = 7.4) -> None:
        self.seconds = seconds
        self.now = self.most = 0
        self.go = asyncio.Event()

    async def __call__(
        self, body: bytes, *, content_type: str | None, url: str | None
    ) -> ParsedFeed:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.go.wait()
        finally:
            self.now -= 1
        entry = ParsedEntry(body.decode(), None, f"News {body.decode()}", "", None)
        return ParsedFeed("rss", "Town", None, (entry,), seconds=self.seconds)


async def test_costly_documents_are_read_one_at_a_time_and_others_beside_them() -> None:
    desk, slots = Desk(), Slots()
    for feed_id in range(20):
        slots.cost(feed_id, 7.4, 0.0)
    reader = Reader(desk, slots, lambda: 0.0)
    reads = [asyncio.create_task(reader.read(feed_id, document())) for feed_id in range(30)]
    await asyncio.sleep(0)
    assert desk.now == 1 + 10
    desk.go.set()
    await asyncio.gather(*reads)
    assert slots.is_costly(25)


async def test_a_document_that_took_too_long_is_a_costly_one() -> None:
    async def fails(body: bytes, *, content_type: str | None, url: str | None) -> ParsedFeed:
        raise NotAFeed(body.decode())

    slots = Slots()
    reader = Reader(fails, slots, lambda: 0.0)
    for feed_id, reason in ((1, TOO_LONG), (2, "this is a web page")):
        with pytest.raises(NotAFeed):
            await reader.read(feed_id, document(reason.encode()))
    assert [slots.is_costly(1), slots.is_costly(2)] == [True, False]


async def test_the_parser_says_what_a_document_cost() -> None:
    items = b"<item><title>Ferry</title></item>" * 900
    body = b"<rss version='2.0'><channel><title>x</title>" + items + b"</channel></rss>"
    async with ParserPool(size=1) as pool:
        assert 0 < (await pool.parse(body)).seconds < 10


async def test_of_each_feed_only_a_little_waits_and_a_flood_of_one_leaves_room() -> None:
    slots = Slots()
    offers = Offers(slots, lambda: 0.0)
    assert [offers.put(1, document()) for _ in range(5)] == [True] * 3 + [False] * 2
    assert all(offers.put(feed_id, document()) for feed_id in range(2, 100))
    slots.cost(200, 7.4, 0.0)
    assert not offers.put(200, document())
    assert len(offers.take()) == 8
    assert offers.take() == []
    slots.leave(1)
    assert [feed_id for feed_id, _ in offers.take()] == [1]


async def test_what_waits_is_bounded_in_bytes() -> None:
    offers = Offers(Slots(), lambda: 0.0)
    five = document(bytes(5 * 1024 * 1024))
    assert sum(offers.put(feed_id, five) for feed_id in range(50)) == 12


async def _polled(storage: Storage, urls: list[str], at: float) -> list[Feed]:
    """Feeds that had their first poll."""
    added = await storage.feeds.add([NewFeed(url, "", at) for url in urls], at)
    await storage.feeds.record([PollRecord(replace(feed, settled=True)) for feed in added], at)
    return added


async def test_feeds_of_costly_documents_and_pushes_leave_the_others_their_polls(
    tmp_path: Path,
) -> None:
    clock, stop, desk, asked = Clock(), Stop(), Desk(), set()

    async def fetch(
        url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> FetchOutcome:
        asked.add(url)
        if "costly" in url:
            return document(f"{url} {clock.now}".encode(), url)
        return NotModified(url, None, None, None, None)

    async def steps_until(wanted: list[str]) -> None:
        for _ in range(500):
            if asked >= set(wanted) and not (desk.go.is_set() and poller.under_way):
                return
            await asyncio.sleep(0.002)
            for bell in stop.wakeups:
                bell.ring()
            await poller.step()

    storage = await open_storage(f"sqlite:///{tmp_path}/x.db", alone=True, now=clock())
    poller = Poller(
        storage.feeds, fetch, desk, Bounds(60, 60), clock, lambda: 0.5, stop, stop.wakeup(),
        Metrics(),
    )  # fmt: skip
    costly = [f"https://costly{n}.example/feed" for n in range(100)]
    feeds = await _polled(storage, costly, clock())
    desk.go.set()
    await steps_until(costly)
    assert asked == set(costly)
    desk.go.clear()
    clock.now += 600
    good = [f"https://good{n}.example/feed" for n in range(60)]
    await _polled(storage, good, clock())
    for feed in feeds:
        poller.offer(feed.id, document(b"pushed", feed.url))
    asked.clear()
    await steps_until(good)
    assert set(good) <= asked
    assert len(asked - set(good)) <= 16
    assert desk.now == 1
    desk.go.set()
    await poller.end()
    await storage.close()
