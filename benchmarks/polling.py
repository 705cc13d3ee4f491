"""Polls two thousand feeds for a simulated week, and counts requests, lateness and rudeness.

Scheduling, politeness, parser and SQLite are the real ones; the clock is simulated, and the only
stub stands at the wire: `Web.fetch` answers as a well-made server would, with ETag and 304. The
clock moves in steps of five seconds, so lateness is up to five seconds too long. Run with
`python -m benchmarks.polling [--feeds 2000] [--days 7] [--seed 1]`.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.feeds.fetching.fetch import Fetched, FetchOutcome, NotModified
from bot.feeds.reading.parse import parse_document
from bot.loops import Stop, Wakeup
from bot.metrics import Metrics
from bot.news.feed import NewFeed
from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.schedule import Bounds
from bot.pipeline.polling.poll import Poller
from storage.open import open_storage

_START = 1_799_971_200.0  # a midnight
_DAY, _HOUR = 86_400.0, 3600.0
_TICK = 5.0
_SHOWN = 20
_PAGE = 4096
# Of a hundred feeds; the rest is monthly.
_SHARES = {"lively": 1, "hourly by day": 5, "daily at its hour": 25, "weekly": 39}
_PLATFORMS = {"reddit.com": 60.0, "youtube.com": 2.0, "github.com": 2.0, "substack.com": 2.0}


@dataclass
class Clock:
    """Simulated time, and who sleeps in it."""

    now: float = _START
    sleepers: list[tuple[float, asyncio.Future[None]]] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Sleeps in simulated time."""
        future = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.now + seconds, future))
        await future

    def advance(self, seconds: float) -> None:
        """Moves on and wakes who slept long enough."""
        self.now += seconds
        awake = [future for at, future in self.sleepers if at <= self.now]
        self.sleepers = [sleeper for sleeper in self.sleepers if sleeper[0] > self.now]
        for future in awake:
            future.set_result(None)


class SimulatedBell(Wakeup):
    """A bell whose wait moves the simulated clock instead of taking time."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.poller: Poller | None = None

    async def wait(self, seconds: float) -> bool:
        """Moves one step on, then lets everybody finish what needs no simulated time."""
        del seconds
        self._clock.advance(_TICK)
        poller = self.poller
        while poller is not None and poller.at_work > len(self._clock.sleepers):
            await asyncio.sleep(0)
        return True


class SimulatedStop(Stop):
    """Hands out one bell that moves the clock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.bell = SimulatedBell(clock)

    def wakeup(self) -> Wakeup:
        """The bell."""
        return self.bell


@dataclass
class SimulatedFeed:
    """A feed: when it publishes, and how much of it was fetched."""

    kind: str
    times: list[float]
    served: int = 0


class Web:
    """The servers of all feeds. Checks each request against what hosts put up with."""

    def __init__(self, clock: Clock, chance: random.Random) -> None:
        self._clock, self._chance = clock, chance
        self.outlets: dict[str, SimulatedFeed] = {}
        self.requests: Counter[str] = Counter()
        self.unchanged: Counter[str] = Counter()
        self.late: dict[str, array[float]] = defaultdict(lambda: array("d"))
        self.rude = 0
        self.most_at_once = 0
        self._under_way: Counter[str] = Counter()
        self._asked_at: dict[str, float] = {}

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> FetchOutcome:
        """Answers after a moment, as a server would."""
        host = _host(url)
        now = self._clock.now
        gap = now - self._asked_at.get(host, 0.0)
        self._asked_at[host] = now
        self._under_way[host] += 1
        self.most_at_once = max(self.most_at_once, self._under_way[host])
        if self._under_way[host] > 2 or gap < _PLATFORMS.get(host, 1.0):
            self.rude += 1
        await self._clock.sleep(self._chance.uniform(0.1, 2))
        self._under_way[host] -= 1
        return self._answer(url, self.outlets[url], etag)

    def _answer(self, url: str, outlet: SimulatedFeed, etag: str | None) -> FetchOutcome:
        published = bisect_right(outlet.times, self._clock.now)
        self.requests[outlet.kind] += 1
        if outlet.served and self._clock.now > _START + _DAY:  # the first day is for learning
            late = (self._clock.now - at for at in outlet.times[outlet.served : published])
            self.late[outlet.kind].extend(late)
        outlet.served = published
        tag = f'"{published}"'
        if etag == tag:
            self.unchanged[outlet.kind] += 1
            return NotModified(url, tag, None, None, None)
        return Fetched(url, _document(url, outlet.times, published), None, tag, None, None, None)


def _host(url: str) -> str:
    host = url.split("/")[2]
    return next((name for name in _PLATFORMS if host.endswith("." + name)), host)


def _document(url: str, times: list[float], published: int) -> bytes:
    items = [
        {
            "id": f"{url}#{n}",
            "url": f"{url}/{n}",
            "title": f"Report {n} of {url.rpartition('/')[2]}",
            "date_published": datetime.fromtimestamp(times[n], UTC).isoformat(),
        }
        for n in reversed(range(max(0, published - _SHOWN), published))
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()


def _times(kind: str, days: float, chance: random.Random) -> list[float]:
    """When a feed of that kind publishes, from eight weeks before the start on."""
    first, last = _START - 56 * _DAY, _START + days * _DAY
    if kind == "daily at its hour":
        hour = chance.uniform(0, 24) * _HOUR
        return [at + hour + chance.gauss(0, 600) for at in _steps(first, last, _DAY)]
    if kind == "weekly":
        hour = chance.uniform(0, 7 * 24) * _HOUR
        return [at + hour + chance.gauss(0, 3600) for at in _steps(first, last, 7 * _DAY)]
    gap = {"lively": 600.0, "hourly by day": _HOUR * 2 / 3, "monthly": 30 * _DAY}[kind]
    found, at = [], first - gap * chance.random()
    while (at := at + chance.expovariate(1 / gap)) < last:
        if kind != "hourly by day" or 6 <= at % _DAY / _HOUR < 22:
            found.append(at)
    return found


def _steps(first: float, last: float, step: float) -> Iterator[float]:
    while first < last:
        yield first
        first += step


def _kind(n: int) -> str:
    place = n * 37 % 100
    for kind, share in _SHARES.items():
        if place < share:
            return kind
        place -= share
    return "monthly"


def _url(n: int) -> str:
    if n % 50 == 7:
        return f"https://r{n}.reddit.com/{n}"
    if n % 10 == 3:
        return f"https://n{n}.{('youtube.com', 'github.com', 'substack.com')[n // 10 % 3]}/{n}"
    return f"https://host{n % 701}.example/{n}"


def _memory() -> float:
    with Path("/proc/self/statm").open() as file:
        return int(file.read().split()[1]) * _PAGE / 2**20


async def measure(feeds: int, days: float, seed: int, folder: Path) -> None:
    """Runs the simulation and prints what came of it."""
    chance, clock = random.Random(seed), Clock()
    stop, web = SimulatedStop(clock), Web(clock, chance)
    storage = await open_storage(f"sqlite:///{folder}/polling.db", alone=True, now=clock())
    for n in range(feeds):
        kind = "any, on reddit.com" if n % 50 == 7 else _kind(n)
        web.outlets[_url(n)] = SimulatedFeed(kind, _times(_kind(n), days, chance))
    added = [NewFeed(url, "", _START + chance.random() * 600) for url in web.outlets]
    await storage.feeds.add(added, clock())

    async def parse(body: bytes, *, content_type: str | None, url: str | None) -> ParsedFeed:
        return parse_document(body, content_type=content_type, url=url)

    poller = Poller(
        breath=0.0,
        feeds=storage.feeds,
        fetch=web.fetch,
        parse=parse,
        bounds=Bounds(60, 3600),
        now=clock,
        chance=chance.random,
        stop=stop,
        desk=Wakeup(),
        metrics=Metrics(),
    )
    stop.bell.poller = poller
    began, memory, marks = time.monotonic(), [], 100_000
    while clock.now < _START + days * _DAY:
        await poller.step()
        if web.requests.total() >= marks:
            memory.append(f"{_memory():.0f}")
            marks += 100_000
    await poller.end()
    await storage.close()
    _report(web, days)
    print(f"memory in MiB after each 100,000 polls: {', '.join(memory) or 'too few polls'}")
    print(f"took {time.monotonic() - began:.0f} s")


def _report(web: Web, days: float) -> None:
    kinds = Counter(outlet.kind for outlet in web.outlets.values())
    print(f"{len(web.outlets)} feeds, {days:g} days, {web.requests.total()} requests")
    print(f"rude requests: {web.rude}; most at once to a host: {web.most_at_once}")
    for kind, count in kinds.most_common():
        late = sorted(web.late[kind])
        asked = web.requests[kind]
        middle, ninety_five = (late[int(len(late) * q)] if late else 0.0 for q in (0.5, 0.95))
        print(
            f"{kind:20} {count:5} feeds  {asked / count / days:7.1f} requests a feed and day, "
            f"{web.unchanged[kind] / asked:6.1%} of them 304; lateness: median {middle:5.0f} s, "
            f"p95 {ninety_five:5.0f} s of {len(late)} items"
        )


def main(arguments: list[str] | None = None) -> None:
    """Measures, on a database that is thrown away."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--days", type=float, default=7)
    parser.add_argument("--seed", type=int, default=1)
    known = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="tocsin-polling-") as folder:
        asyncio.run(measure(known.feeds, known.days, known.seed, Path(folder)))


if __name__ == "__main__":
    main()
