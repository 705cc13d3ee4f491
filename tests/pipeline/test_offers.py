"""Documents that cost much, and floods of pushes: what others feel of them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.feeds.fetching.fetch import Fetched, FetchOutcome, NotModified
from bot.loops import Stop
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.schedule import Bounds
from bot.news.polling.slots import Slots
from bot.news.story import ParsedEntry
from bot.news.why import Code, NotAFeed, because
from bot.pipeline.polling.offers import DocumentReader, Offers
from bot.pipeline.polling.poll import Poller
from bot.turns import on_behalf_of
from storage.errors import StorageError
from storage.open import open_storage
from storage.polling.feeds import Feeds
from storage.storage import Storage
from tests.databases import empty_database
from tests.parsers import shared_parser
from tests.pipeline.conftest import Clock
from tests.pollers import poller_on
from tests.storage.samples import chat


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
    reader = DocumentReader(desk, slots, lambda: 0.0)
    reads = [asyncio.create_task(reader.read(feed_id, document())) for feed_id in range(30)]
    await asyncio.sleep(0)
    assert desk.now == 1 + 10
    desk.go.set()
    await asyncio.gather(*reads)
    assert slots.is_costly(25)


async def test_a_document_that_took_too_long_is_a_costly_one() -> None:
    async def fails(body: bytes, *, content_type: str | None, url: str | None) -> ParsedFeed:
        raise NotAFeed(because(Code.TOO_SLOW if body == b"slow" else Code.WEB_PAGE))

    slots = Slots()
    reader = DocumentReader(fails, slots, lambda: 0.0)
    for feed_id, body in ((1, b"slow"), (2, b"<html>")):
        with pytest.raises(NotAFeed):
            await reader.read(feed_id, document(body))
    assert [slots.is_costly(1), slots.is_costly(2)] == [True, False]


async def test_the_parser_says_what_a_document_cost() -> None:
    items = b"<item><title>Ferry</title></item>" * 900
    body = b"<rss version='2.0'><channel><title>x</title>" + items + b"</channel></rss>"
    assert 0 < (await shared_parser().parse(body)).seconds < 10


async def test_of_each_feed_only_a_little_waits_and_a_flood_of_one_leaves_room() -> None:
    slots = Slots()
    offers = Offers(slots, lambda: 0.0)
    assert [offers.put(1, document()) for _ in range(5)] == [True] * 3 + [False] * 2
    assert all(offers.put(feed_id, document()) for feed_id in range(2, 100))
    slots.cost(200, 7.4, 0.0)
    assert not offers.put(200, document())
    assert len(_taken(offers)) == 8
    assert _taken(offers) == []
    slots.leave(1)
    assert _taken(offers) == [1]


def _taken(offers: Offers) -> list[int]:
    """The feeds of all that can be taken now."""
    return [feed_id for feed_id, *_ in iter(offers.take, None)]


async def test_what_waits_is_bounded_in_bytes() -> None:
    offers = Offers(Slots(), lambda: 0.0)
    five = document(bytes(5 * 1024 * 1024))
    assert sum(offers.put(feed_id, five) for feed_id in range(50)) == 12


async def _polled(storage: Storage, urls: list[str], at: float) -> list[Feed]:
    """Feeds that had their first poll."""
    added = await storage.feeds.add([NewFeed(url, "", at) for url in urls], at)
    await storage.feeds.record([PollRecord(replace(feed, settled=True)) for feed in added], at)
    return added


@pytest.mark.slow
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

    storage = await open_storage(empty_database(tmp_path / "x.db"), alone=True, now=clock())
    poller = poller_on(storage.feeds, fetch, desk, clock, stop, bounds=Bounds(60, 60))
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


async def test_costly_documents_of_chats_wait_for_the_operators() -> None:
    desk, slots = Desk(), Slots()
    read: list[int] = []
    for feed_id in range(20):
        slots.cost(feed_id, 7.4, 0.0)
    reader = DocumentReader(desk, slots, lambda: 0.0)

    async def reads(feed_id: int) -> None:
        await reader.read(feed_id, document())
        read.append(feed_id)

    tasks = []
    for feed_id, who in ((1, 7), (2, 7), (3, 7), (4, 8), (5, None)):
        with on_behalf_of(who):
            tasks.append(asyncio.create_task(reads(feed_id)))
    await asyncio.sleep(0)
    desk.go.set()
    await asyncio.gather(*tasks)
    assert read == [1, 5, 2, 4, 3]


async def test_pushes_of_chats_leave_room_for_those_of_others_and_of_ours() -> None:
    offers = Offers(Slots(), lambda: 0.0)
    with on_behalf_of(7):
        assert sum(offers.put(feed_id, document()) for feed_id in range(200)) == 12
    for who in range(8, 40):
        with on_behalf_of(who):
            for feed_id in range(who * 1_000, who * 1_000 + 12):
                offers.put(feed_id, document())
    assert sum(offers.put(feed_id, document()) for feed_id in range(500, 800)) == 100


async def test_what_is_pushed_while_the_database_is_down_is_read_and_its_feed_polled_again(
    tmp_path: Path,
) -> None:
    class Down(Feeds):
        """A catalogue on a disk that fails when it is told to."""

        fails = False

        async def get(self, feed_id: int) -> Feed | None:
            if self.fails:
                raise StorageError("disk I/O error")
            return await super().get(feed_id)

    clock, stop, asked = Clock(), Stop(), []

    async def fetch(
        url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> FetchOutcome:
        asked.append(url)
        return NotModified(url, None, None, None, None)

    async def steps(times: int = 20) -> None:
        for _ in range(times):
            await asyncio.sleep(0)
            for bell in stop.wakeups:
                bell.ring()
            await poller.step()

    storage = await open_storage(empty_database(tmp_path / "x.db"), alone=True, now=clock())
    feeds, desk = Down(storage.feeds._database), Desk(0.0)
    desk.go.set()
    poller = poller_on(feeds, fetch, desk, clock, stop, bounds=Bounds(60, 60))
    urls = [f"https://town{n}.example/feed" for n in range(3)]
    polled = await _polled(storage, urls, clock())
    clock.now += 600
    await steps()
    feeds.fails = True
    for number, feed in enumerate(polled[:2]):
        assert poller.offer(feed.id, document(b"%d" % number, feed.url))
    with pytest.raises(StorageError):
        await poller.step()
    feeds.fails = False
    await steps()
    assert sorted(r.title for r in await storage.stories.unplaced(9)) == ["News 0", "News 1"]
    asked.clear()
    clock.now += 600
    await steps()
    assert sorted(asked) == urls
    await poller.end()
    await storage.close()


class Slow:
    """Servers that answer when they are let go; counts who is asked, in order."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go = asyncio.Event()

    async def __call__(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> FetchOutcome:
        self.asked.append(url)
        if "slow" in url:
            await self.go.wait()
        return NotModified(url, None, None, None, None)


async def _brought(storage: Storage, chat_id: int, urls: list[str], at: float) -> None:
    await storage.chats.meet(chat(chat_id))
    for url in urls:
        brought = await storage.feeds.bring(chat_id, 0, NewFeed(url, "", at), at)
        assert brought
        await storage.feeds.record([PollRecord(replace(brought, settled=True))], at)


@dataclass
class Polls:
    """A poller on servers that are slow as told."""

    storage: Storage
    poller: Poller
    servers: Slow
    clock: Clock
    stop: Stop

    async def steps(self, times: int = 20) -> None:
        for _ in range(times):
            await asyncio.sleep(0)
            for bell in self.stop.wakeups:
                bell.ring()
            await self.poller.step()


@pytest.fixture
async def polls(tmp_path: Path) -> AsyncIterator[Polls]:
    clock, stop, servers = Clock(), Stop(), Slow()
    storage = await open_storage(empty_database(tmp_path / "x.db"), alone=True, now=clock())
    poller = poller_on(storage.feeds, servers, Desk(), clock, stop, bounds=Bounds(60, 60))
    yield Polls(storage, poller, servers, clock, stop)
    await poller.end()
    await storage.close()


@pytest.mark.slow
async def test_slow_feeds_of_chats_leave_the_operators_their_polls(polls: Polls) -> None:
    at = polls.clock()
    for who in (7, 8, 9):
        await _brought(
            polls.storage, who, [f"https://slow{who}-{n}.example/" for n in range(50)], at - 600
        )
    await polls.steps(5)
    assert len(polls.servers.asked) == 3 * 4
    await _polled(polls.storage, [f"https://own{n}.example/" for n in range(60)], at)
    await polls.steps(100)
    assert len([url for url in polls.servers.asked if "own" in url]) == 60


async def test_many_feeds_of_chats_on_a_platform_wait_for_the_operators_own_there(
    polls: Polls,
) -> None:
    at = polls.clock()
    many = [f"https://www.youtube.com/feeds/videos.xml?channel_id=a{n}" for n in range(50)]
    bens = "https://www.youtube.com/feeds/videos.xml?channel_id=bens"
    await _brought(polls.storage, 7, many, at - 600)
    await _brought(polls.storage, 8, [bens], at - 10)
    await polls.steps()
    own = "https://www.youtube.com/feeds/videos.xml?channel_id=own"
    await _polled(polls.storage, [own], at)
    for _ in range(2):
        polls.clock.now += 2.5
        await polls.steps()
    # One request in two seconds: the first was begun, then it is the operator's turn, then Ben's.
    assert polls.servers.asked == [many[0], own, bens]
