"""Feeds whose hosts are another process's: who polls them, and what becomes of a hub's document."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

from bot.feeds.fetching.fetch import Fetched, Fetcher
from bot.feeds.fetching.guard import Guard
from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.feed import NewFeed
from bot.news.members import SLOTS, slot_of_host
from bot.news.polling.politeness import GAP_SECONDS, Politeness
from bot.news.why import Code, because
from bot.pipeline.bells import Bells
from bot.pipeline.membership import Membership, Part
from bot.roles import polling
from bot.roles.by_settings import connectivity_of
from bot.roles.process import Process
from bot.settings import Settings
from bot.web import websub
from bot.web.server import serve
from storage.open import open_storage
from tests.databases import empty_database
from tests.feeds.hub import Hub, open_hub
from tests.parsers import shared_parser
from tests.pipeline.conftest import Clock, Line
from tests.pipeline.test_push import Quay
from tests.pollers import poller_on

# A server of PostgreSQL begins first.
pytestmark = pytest.mark.slow

ALL = frozenset(range(SLOTS))
HOST = slot_of_host("127.0.0.1")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return empty_database(tmp_path, "postgres")


@asynccontextmanager
async def _process(url: str, hub: Hub, clock: Clock, slots: frozenset[int]) -> AsyncIterator[Quay]:
    """A process that polls feeds of these slots and is called by hubs."""
    stop, metrics, port = Stop(), Metrics(), unused_port()
    storage, guard = await open_storage(url, alone=True, now=clock()), Guard(["127.0.0.1"])
    bells = Bells(storage.hold, stop)
    settings = Settings(websub_url=f"http://127.0.0.1:{port}", web_listen=f"127.0.0.1:{port}")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(storage.close)
        fetcher = await stack.enter_async_context(Fetcher(guard, now=clock))
        poller = poller_on(
            storage.feeds, fetcher.fetch, shared_parser().parse, clock, stop,
            metrics=metrics, politeness=Politeness(guard.is_ours),
            part=Part(count=SLOTS, slots=slots),
        )  # fmt: skip
        bells.when("poll", poller.look_again)
        await bells.begin()
        bells.others = True
        process = Process(
            settings=settings, storage=storage, stop=stop, now=clock, stack=stack, metrics=metrics,
            connectivity=connectivity_of(settings), token_refused=lambda reason: None,
            bells=bells,
            membership=Membership(
                hold=storage.hold, bells=bells, now=clock, stop=stop,
                on_taken_over=lambda error: None, metrics=metrics,
            ),
        )  # fmt: skip
        subscriber = await polling._subscriber(process, fetcher, poller)
        assert subscriber
        routes = websub.routes(subscriber)
        await stack.enter_async_context(
            serve(f"127.0.0.1:{port}", None, metrics, storage.feeds.all, routes)
        )
        stack.push_async_callback(poller.end)
        quay = Quay(hub, storage, poller, subscriber, clock, stop, metrics)
        carrying = asyncio.create_task(_carry(bells, stop))
        try:
            yield quay
        finally:
            stop.request()
            await carrying


async def _carry(bells: Bells, stop: Stop) -> None:
    while not stop.wanted:
        await bells.step()


async def test_what_a_hub_sends_of_a_feed_that_another_polls_is_polled_by_that_at_once(
    url: str,
) -> None:
    clock = Clock()
    async with (
        open_hub(items=["Old news"]) as hub,
        _process(url, hub, clock, ALL - {HOST}) as called,
        _process(url, hub, clock, frozenset({HOST})) as polls,
    ):
        await called.storage.feeds.add([NewFeed(hub.topic, "", clock())], clock())
        await called.poll()
        assert hub.fetched == 0
        await polls.poll()
        assert hub.fetched == 1
        await called.subscribe()
        clock.now = (await polls.feed()).poll_at
        await polls.poll()
        clock.now += 60
        assert (await polls.feed()).poll_at > clock()
        polls.poller._wakeup.ring()
        await polls.poller._wakeup.wait(0)
        hub.items.insert(0, "Boats raced by night")
        assert await hub.publish() == [202]
        assert (await called.feed()).poll_at == clock()
        assert (called.count("passedon"), called.count("taken")) == (1, 0)
        async with asyncio.timeout(60):
            while not polls.poller._wakeup.rung:
                await asyncio.sleep(0.005)
        await called.poll()
        assert await called.titles() == []
        await polls.poll()
        assert await called.titles() == ["Boats raced by night"]
        assert await hub.publish() == [202]
        assert called.count("repeated") == 1


async def test_a_document_whose_host_went_elsewhere_is_left_to_whoever_polls_it(
    url: str,
) -> None:
    clock = Clock()
    async with (
        open_hub(items=["Old news"]) as hub,
        _process(url, hub, clock, ALL) as quay,
    ):
        await quay.storage.feeds.add([NewFeed(hub.topic, "", clock())], clock())
        await quay.poll()
        feed = await quay.feed()
        document = Fetched(hub.topic, hub.document("Lost and found"), None, None, None, None, None)
        assert quay.poller.offer(feed.id, document)
        await quay.poller.part.follow(ALL - {HOST}, 0)
        clock.now += 1
        await quay.poll()
        assert hub.fetched == 1
        assert (await quay.feed()).poll_at == clock()
        assert quay.poller.busy() == set()
        assert await quay.titles() == []


async def test_a_push_is_passed_on_where_its_host_is_no_slot_of_ours(url: str) -> None:
    clock = Clock()
    async with (
        open_hub(items=["Old news"]) as hub,
        _process(url, hub, clock, ALL) as quay,
    ):
        (feed,) = await quay.storage.feeds.add([NewFeed(hub.topic, "", clock())], clock())
        part, pass_on = quay.poller.part, quay.poller.pass_on
        assert not await pass_on(feed.id)
        part.slots = ALL - {HOST}
        assert await pass_on(feed.id)
        assert not await pass_on(feed.id + 1)
        part.slots = None
        assert not await pass_on(feed.id)


async def test_what_is_pushed_while_the_feed_is_polled_has_it_polled_once_more(url: str) -> None:
    clock = Clock()
    async with (
        open_hub(items=["Old news"]) as hub,
        _process(url, hub, clock, ALL - {HOST}) as called,
        _process(url, hub, clock, frozenset({HOST})) as polls,
    ):
        await called.storage.feeds.add([NewFeed(hub.topic, "", clock())], clock())
        await polls.poll()
        feed = await polls.feed()
        clock.now = feed.poll_at
        await polls.poller._start_due(clock())
        clock.now += 5
        assert await called.poller.pass_on(feed.id)
        pushed_at = clock()
        await asyncio.wait(polls.poller._polls.values())
        clock.now += 1
        await polls.poller._store()
        assert (await polls.feed()).poll_at == pushed_at


async def test_a_push_has_a_feed_that_fails_asked_within_minutes(url: str) -> None:
    clock = Clock()
    async with (
        open_hub(items=["Old news"]) as hub,
        _process(url, hub, clock, ALL - {HOST}) as called,
    ):
        storage = called.storage
        (feed,) = await storage.feeds.add([NewFeed(hub.topic, "", clock())], clock())
        await storage.feeds.put_off(feed.id, clock() + 86_400, because(Code.NO_ANSWER, 20), clock())
        for _ in range(3):
            assert await called.poller.pass_on(feed.id)
            clock.now += 10
        assert (await called.feed()).poll_at == clock() - 30 + 300


async def test_hosts_that_another_had_are_asked_after_their_gap_only(line: Line) -> None:
    poller, platforms = line.poller, ("reddit.com", "google.com")
    gained = {slot_of_host("reddit.com")}
    assert slot_of_host("google.com") not in gained
    gain = asyncio.create_task(poller.gain(gained))
    while not (busy := poller.politeness.busy(line.clock.now)):
        await asyncio.sleep(0)
    assert busy & {*platforms} == {"reddit.com"}
    assert all(slot_of_host(host) in gained for host in busy)
    # Those that are not known by name are left the time itself.
    assert not gain.done()
    line.clock.now += GAP_SECONDS
    assert "reddit.com" in poller.politeness.busy(line.clock.now)
    line.stop.request()
    await gain
    line.clock.now += 60.0
    assert not poller.politeness.busy(line.clock.now)
