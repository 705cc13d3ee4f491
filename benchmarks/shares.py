"""What a few strangers' load does to everybody else: `python -m benchmarks.shares`.

Polls run on simulated time, with the real poller, politeness and database; all else on real time,
with real parts, and everything stays on this machine. A minute or two.
"""

import asyncio
import gc
import heapq
import itertools
import json
import random
import socket
import sqlite3
import statistics
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from bot.actions import refining, restore, search
from bot.data.shipped import aliases_text
from bot.feeds.fetching.fetch import Failed, Fetched, FetchOutcome, NotModified
from bot.feeds.fetching.guard import Guard
from bot.feeds.fetching.headers import why_status
from bot.feeds.fetching.resolver import Resolver
from bot.feeds.finder import TOO_MANY, Finder
from bot.feeds.reading.worker import ParserPool
from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.chat import Chat, ChatState, Subscription, Topic
from bot.news.feed import NewFeed, PollRecord
from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.schedule import Bounds
from bot.news.query.aliases import read_aliases
from bot.news.query.parse import parse_query
from bot.news.story import NewReport, ParsedEntry
from bot.news.telling.saved import read_saved
from bot.pipeline.placing.desk import Desk
from bot.pipeline.polling.poll import Poller
from bot.turns import Turns, on_behalf_of
from storage.open import open_storage
from storage.storage import Storage

_NOW = 1_800_000_000.0
_RANDOM = random.Random(12)


def _words(count: int, length: int = 6) -> list[str]:
    letters = "abcdefghijklmnoprstuvwy"
    return ["".join(_RANDOM.choices(letters, k=length)) for _ in range(count)]


_VOCABULARY = _words(3_000)


@asynccontextmanager
async def _stored() -> AsyncIterator[tuple[Storage, Path]]:
    with TemporaryDirectory(prefix="tocsin-shares-") as folder:
        path = Path(folder) / "shares.db"
        storage = await open_storage(f"sqlite:///{path}", alone=True, now=_NOW)
        try:
            yield storage, path
        finally:
            await storage.close()


def _chat(chat_id: int, kind: str = "private") -> Chat:
    return Chat(chat_id, kind, "", ChatState.ACTIVE, None, "en", "UTC", 0.0, _NOW)


def _report(n: int, at: float) -> NewReport:
    return NewReport(
        key=n.to_bytes(16, "big"),
        link=f"https://news.example/{n}",
        canonical=f"https://news.example/{n}",
        title=f"Ferry {' '.join(_RANDOM.choices(_VOCABULARY, k=8))}",
        summary=" ".join(_RANDOM.choices(_VOCABULARY, k=40)),
        language="en",
        image=None,
        published_at=at,
        quiet=False,
    )


async def _tell(storage: Storage, count: int, first: int = 1) -> None:
    """Stores reports of one feed of the operator's."""
    await storage.feeds.add([NewFeed("https://news.example/feed", "News", _NOW)], _NOW)
    feed = (await storage.feeds.all())[0]
    told = tuple(_report(n, _NOW - (first + count - n) * 10) for n in range(first, first + count))
    await storage.feeds.record([PollRecord(replace(feed, settled=True), reports=told)], _NOW)


def _desk(storage: Storage) -> Desk:
    stop = Stop()
    return Desk(
        stories=storage.stories,
        window=storage.window,
        chats=storage.chats,
        digests=storage.digests,
        now=lambda: _NOW,
        stop=stop,
        wakeup=stop.wakeup(),
        outbox=stop.wakeup(),
        metrics=Metrics(),
    )


@dataclass
class _Held:
    """For how long somebody held the loop, at most, in seconds: of its processor, and by the clock,
    which other threads and processes of this machine lengthen.
    """

    busy: float = 0.0
    late: float = 0.0

    async def watch(self) -> None:
        while True:
            began, busy = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.001)
            self.busy = max(self.busy, time.thread_time() - busy)
            self.late = max(self.late, time.perf_counter() - began - 0.001)

    def __str__(self) -> str:
        return f"the loop is held {self.busy * 1e3:.0f} ms ({self.late * 1e3:.0f} by the clock)"


@asynccontextmanager
async def _held() -> AsyncIterator[_Held]:
    held = _Held()
    watch = asyncio.create_task(held.watch())
    await asyncio.sleep(0)
    yield held
    watch.cancel()


# --- readers and the loop ----------------------------------------------------------------------


async def readers() -> str:
    """Two chats ask without end what a query of 300 beginnings would have brought."""
    query = parse_query(" OR ".join(f"{word[:4]}*" for word in _VOCABULARY[:300]))
    aliases = read_aliases(aliases_text())
    waits, asked = [], 0

    async def asks() -> None:
        nonlocal asked
        while True:
            found = await search.preview(storage.stories, query, _NOW)
            await refining.suggestions(storage.stories, query, found, aliases, _NOW)
            asked += 1

    async with _stored() as (storage, _):
        await _tell(storage, 4_000)
        desk = _desk(storage)
        while await storage.stories.unplaced(1):
            await desk.step()
        tasks = []
        for who in (1, 2):
            with on_behalf_of(who):
                tasks.append(asyncio.create_task(asks()))
        async with _held() as held:
            ends = time.perf_counter() + 15
            while time.perf_counter() < ends:
                began = time.perf_counter()
                with suppress(TimeoutError):
                    async with asyncio.timeout(20):
                        await storage.stories.unplaced(1)
                waits.append(time.perf_counter() - began)
                await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    worst = max(waits)
    return (
        f"a read of the pipeline waits {statistics.median(waits) * 1e3:.0f} ms, at most"
        f" {worst * 1e3:.0f}; {held}; {asked} answers"
    )


async def bringing_back() -> str:
    """A chat brings back a hundred topics of 300 words each."""
    long = " OR ".join(_words(300, 7))
    topics = [{"name": f"topic {n}", "query": f"{long} OR x{n}x"} for n in range(100)]
    data = json.dumps({"tocsin_chat": 1, "chat": 5, "topics": topics}).encode()
    async with _stored() as (storage, _):
        await storage.chats.meet(_chat(5))
        began = time.perf_counter()
        async with _held() as held:
            planned = await restore.plan(storage, _chat(5), 0, read_saved(data), _NOW)
        took = time.perf_counter() - began
    return f"{len(planned.new_topics)} topics in {took * 1e3:.0f} ms; {held}"


# --- topics ------------------------------------------------------------------------------------


async def _placed(asks: Callable[[Storage], "asyncio.Future[None]"], reports: int) -> str:
    async with _stored() as (storage, path):
        await asks(storage)
        desk = _desk(storage)
        await _tell(storage, 1)
        await desk.step()  # reads what chats asked for
        await desk.step()
        before = _size(path)
        await _tell(storage, reports, first=10)
        began = time.perf_counter()
        async with _held() as held:
            while await storage.stories.unplaced(1):
                await desk.step()
        took = (time.perf_counter() - began) / reports
        grown = (_size(path) - before) / reports
    return f"{took * 1e3:.0f} ms and {grown / 1024:.0f} KiB a report; {held}"


def _size(path: Path) -> int:
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_checkpoint(PASSIVE)")
        (pages,) = file.execute("PRAGMA page_count").fetchone()
        (size,) = file.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(size)


async def groups() -> str:
    """Fifty groups with a hundred topics each that match every report."""

    async def asks(storage: Storage) -> None:
        for group in range(-50, 0):
            await storage.chats.meet(_chat(group, "supergroup"))
            for n in range(100):
                word = _VOCABULARY[(n - group * 100) % 3_000]
                topic = Topic(0, group, 0, f"t{n}", f"ferry OR {word}", 0.0)
                await storage.chats.put_topic(topic, topic.name, _NOW)

    return await _placed(lambda storage: asyncio.ensure_future(asks(storage)), 20)


async def forum() -> str:
    """A forum that follows everything in a thousand threads, as an older version let it."""

    async def asks(storage: Storage) -> None:
        await storage.chats.meet(_chat(-1, "supergroup"))
        follows = [Subscription(-1, thread, None) for thread in range(1_000)]
        await storage.candidates.follow(follows, _NOW)

    return await _placed(lambda storage: asyncio.ensure_future(asks(storage)), 20)


# --- polls, on simulated time ------------------------------------------------------------------


@dataclass
class _World:
    """Simulated time, and when which address was asked."""

    now: float = _NOW
    asked: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[str, float] = field(default_factory=dict)
    costs: dict[str, Callable[[], float]] = field(default_factory=dict)
    _sleepers: list[tuple[float, int, "asyncio.Future[None]"]] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _parsers: Turns = field(default_factory=lambda: Turns(2, chats=1))

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        until: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._numbers), until))
        await until

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> FetchOutcome:
        self.asked[url].append(self.now)
        await self.sleep(self.answers.get(url, 0.2))
        if url not in self.costs:
            return NotModified(url, None, None, None, None)
        return Fetched(url, f"{url} {self.now}".encode(), "", None, None, None, None)

    async def parse(self, body: bytes, *, content_type: str | None, url: str | None) -> ParsedFeed:
        cost = self.costs[url or ""]()
        async with self._parsers.turn():
            await self.sleep(cost)
        entry = ParsedEntry("1", None, "Ferry", "", None)
        return ParsedFeed("rss", "Town", None, (entry,), seconds=cost)

    def tick(self) -> None:
        self.now += 0.5
        while self._sleepers and self._sleepers[0][0] <= self.now:
            until = heapq.heappop(self._sleepers)[2]
            if not until.done():
                until.set_result(None)


async def _polls(own: list[str], guests: dict[int, list[str]], world: _World) -> str:
    async with _stored() as (storage, _):
        for chat_id, urls in guests.items():
            await storage.chats.meet(_chat(chat_id))
            for url in urls:
                feed = await storage.feeds.bring(chat_id, 0, NewFeed(url, "", _NOW), _NOW)
                assert feed
                await storage.feeds.record([PollRecord(replace(feed, settled=True))], _NOW)
        added = await storage.feeds.add([NewFeed(url, "", _NOW) for url in own], _NOW)
        await storage.feeds.record([PollRecord(replace(f, settled=True)) for f in added], _NOW)
        stop = Stop()
        poller = Poller(
            breath=0.0,
            feeds=storage.feeds,
            fetch=world.fetch,
            parse=world.parse,
            bounds=Bounds(30, 30),
            now=world.clock,
            chance=lambda: 0.5,
            stop=stop,
            desk=stop.wakeup(),
            metrics=Metrics(),
        )
        while world.now < _NOW + 900:
            for _ in range(3):
                for bell in stop.wakeups:
                    bell.ring()
                await poller.step()
                await asyncio.sleep(0)
            world.tick()
        await poller.end()
    gaps = [
        later - earlier
        for url in own
        for earlier, later in itertools.pairwise([*world.asked[url], world.now])
        if earlier > _NOW + 120
    ]
    return (
        f"an operator's feed is asked every {statistics.mean(gaps):.0f} s, at most {max(gaps):.0f}"
    )


def _named(kind: str, count: int) -> list[str]:
    return [f"https://{kind}{n}.example/feed" for n in range(count)]


async def slow_feeds(slow: int = 150) -> str:
    """150 feeds of three chats that answer after 25 seconds, beside fifty of the operator's."""
    world, urls = _World(), _named("slow", slow)
    world.answers = dict.fromkeys(urls, 25.0)
    return await _polls(_named("own", 50), {n: urls[n::3] for n in range(3) if urls}, world)


async def platform(many: int = 100) -> str:
    """A hundred feeds of two chats on a platform, beside four of the operator's there."""
    there = "https://www.youtube.com/feeds/videos.xml?channel_id="
    urls = [f"{there}g{n}" for n in range(many)]
    own = [f"{there}own{n}" for n in range(4)]
    return await _polls(own, {n: urls[n::2] for n in range(2) if urls}, _World())


async def costly(many: int = 60) -> str:
    """Sixty feeds of two chats that cost eight seconds at every second reading."""
    world, urls, own = _World(), _named("costly", many), _named("own", 50)
    for url in urls:
        turns = itertools.cycle((8.0, 0.01))
        world.costs[url] = lambda turns=turns: next(turns)  # type: ignore[misc]
    for url in own:
        world.costs[url] = lambda: 0.014
    return await _polls(own, {n: urls[n::2] for n in range(2) if urls}, world)


# --- names and searches ------------------------------------------------------------------------


async def names() -> str:
    """Fifty names of one chat's feeds that are looked up for two seconds each."""

    def ask(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        if host.startswith("slow"):
            time.sleep(2)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", port))]

    resolver = Resolver(ask)
    with on_behalf_of(1):
        slow = [asyncio.create_task(resolver.resolve(f"slow{n}", 80)) for n in range(50)]
    await asyncio.sleep(0.1)
    waited = []
    for look in (lambda: resolver.resolve("own", 80), lambda: asyncio.to_thread(int)):
        began = time.perf_counter()
        await look()
        waited.append(time.perf_counter() - began)
    for each in slow:
        each.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    return f"another name waits {waited[0]:.2f} s, another thread {waited[1]:.2f} s"


class _SlowSites:
    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> FetchOutcome:
        await asyncio.sleep(40 if "slow" in url else 0.05)
        return Failed(why_status(404), 404)


async def searches(slow: int) -> str:
    """Chats with searches that do not end, and one more that searches."""
    async with ParserPool(size=1) as parser:
        finder = Finder(_SlowSites(), parser, Guard().check_url)
        tasks = []
        for who in range(slow):
            with on_behalf_of(who):
                url = f"https://slow{who}.example/"
                tasks.append(asyncio.create_task(finder.find(url)))
        await asyncio.sleep(0)
        began = time.perf_counter()
        with on_behalf_of(999):
            found = await finder.find("https://quick.example/feed")
        took = time.perf_counter() - began
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    said = "is refused" if found.reason == TOO_MANY else "searches"
    return f"one more {said} after {took:.1f} s"


def main() -> None:
    """Prints a line for each case."""
    cases = (
        ("two chats search without end", readers),
        ("/import of 100 long topics", bringing_back),
        ("50 groups, 100 topics each, all match", groups),
        ("a forum of 1,000 threads", forum),
        ("50 feeds of the operator's alone", lambda: slow_feeds(0)),
        ("beside 150 that answer after 25 s", slow_feeds),
        ("4 feeds of a platform alone", lambda: platform(0)),
        ("beside 100 of chats there", platform),
        ("50 feeds that are parsed, alone", lambda: costly(0)),
        ("beside 60 that cost 8 s every second time", costly),
        ("50 names that take 2 s", names),
        ("5 chats with slow /addfeed", lambda: searches(5)),
        ("20 chats with slow /addfeed", lambda: searches(20)),
    )
    gc.freeze()  # as the bot does when it begins
    for name, case in cases:
        print(f"{name}: {asyncio.run(case())}", flush=True)


if __name__ == "__main__":
    main()
