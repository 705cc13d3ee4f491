"""One stranger does everything at once, beside chats and feeds that must not feel it.

The real bot is a process before the playground's Bot API server; the operator's feeds and the
stranger's are served from addresses of the loopback network, each a host of its own. A calm run
comes first, then one with the stranger, then one in which they write in sixty groups as these:
`python -m benchmarks.stranger [--minutes 10]`. It fails where the bot refuses to read what the
stranger writes, which would cost nothing.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from aiohttp import web

from bot.news.chat import Chat, ChatState, Subscription
from bot.news.feed import NewFeed
from bot.news.query.parse import parse_query
from bot.news.telling.saved import Saved, SavedTopic, write_saved
from bot.playground.bot_api.limits import BotApiLimits
from bot.playground.chats.world import BEN_ID
from bot.playground.news.newsroom import quiet_newsroom
from bot.playground.server import Playground, start_playground
from storage.open import open_storage

CHATS, FEEDS = 20, 50
POLL_SECONDS = 20.0
NEWS_SECONDS = 120.0
GUESTS = 40
GROUPS = 5
MANY_GROUPS = 60
_FIRST = 910_000
_HONEST = 909_999
_ASKED = ("/latest", "/topic test storm", "/sources", "/top", "/settings", "/search harbour")
_PATIENCE_SECONDS = 90.0
# Beginnings that fit into the 2,000 characters that are read of a message.
_MOST_TYPED = 270
# How an answer begins, or what is in it, where the bot could not read what the stranger wrote.
_UNREAD = ("Nothing follows", "Use fewer", "I can't read", "can't be read", "no list or file")
_CHANCE = random.Random(5)


@dataclass
class ServedFeed:
    """What one host serves: its items, when they were published, and when it was asked."""

    host: str
    title: str
    slow: float = 0.0
    new_each_time: int = 0
    costly: bool = False
    items: list[tuple[str, str]] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    served: dict[str, float] = field(default_factory=dict)

    def document(self) -> str:
        """The feed as RSS; a flood has a thousand entries that were never seen."""
        for _ in range(self.new_each_time):
            number = _CHANCE.randrange(10**12)
            self.items.append((f"x{number}", f"Flood {number} of {self.title} rises again"))
        self.items = self.items[-max(30, self.new_each_time) :]
        deep = "<b>" * 3000 if self.costly else ""
        rows = "".join(
            f"<item><guid>{guid}</guid><title>{escape(title)}</title>"
            f"<link>http://{self.host}/{guid}</link><description>{deep}</description></item>"
            for guid, title in reversed(self.items)
        )
        return f'<rss version="2.0"><channel><title>{self.title}</title>{rows}</channel></rss>'


@dataclass
class Figures:
    """What a run came to: seconds between polls of a feed, from served to accepted, and from what a
    person in a chat of their own asks to the answer.
    """

    gaps: list[float]
    delays: list[float]
    answers: list[float]
    expected: int
    delivered: int
    memory_mb: float


class Town:
    """The feeds, served, and what became of them."""

    def __init__(self) -> None:
        self.feeds = [ServedFeed(f"127.1.0.{n + 1}", f"Outlet {n}") for n in range(FEEDS)]
        self.guests = [
            ServedFeed(
                f"127.2.{n // 200}.{n % 200 + 1}",
                f"Guest {n}",
                slow=25.0 if n % 3 == 0 else 0.0,
                new_each_time=1000 if n % 3 == 1 else 0,
                costly=n % 3 == 2,
            )
            for n in range(GUESTS)
        ]
        self.port = 0

    async def serve(self) -> web.AppRunner:
        """Serves all hosts on one port of the loopback network."""
        by_host = {feed.host: feed for feed in [*self.feeds, *self.guests]}

        async def answer(request: web.Request) -> web.Response:
            feed = by_host.get(request.host.partition(":")[0])
            if feed is None:
                return web.Response(status=404)
            feed.asked.append(time.monotonic())
            if feed.slow:
                await asyncio.sleep(feed.slow)
            for guid, _ in feed.items:
                feed.served.setdefault(guid, time.time())
            return web.Response(text=feed.document(), content_type="application/rss+xml")

        application = web.Application()
        application.router.add_get("/feed", answer)
        runner = web.AppRunner(application)
        await runner.setup()
        # Of every loopback address: each feed is a host of its own, as hosts are asked one by one.
        site = web.TCPSite(runner, "0.0.0.0", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        return runner

    def url(self, feed: ServedFeed) -> str:
        """Where a feed is."""
        return f"http://{feed.host}:{self.port}/feed"


async def _publish(town: Town, seconds: float) -> None:
    """Each of the operator's feeds has something new every two minutes, one after the other."""
    number, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        feed = town.feeds[number % FEEDS]
        feed.items.append((f"n{number}", f"Report {number}: {_sentence()}"))
        number += 1
        await asyncio.sleep(NEWS_SECONDS / FEEDS)


def _sentence() -> str:
    return " ".join("".join(_CHANCE.choices("abdeghiklmnorstu", k=7)) for _ in range(6))


def _prefixes(most: int) -> str:
    """So many beginnings, of which one is enough."""
    heads = [f"{a}{b}*" for a in "abcdefghijklmnopqrs" for b in "aeioustnrlmpcdgh"]
    return " OR ".join(heads[:most])


def _plan() -> bytes:
    """A hundred topics for /import, each as long as may be."""
    topics = tuple(SavedTopic(f"T{n}", f"{_prefixes(300)} OR w{n}") for n in range(100))
    for topic in topics:
        parse_query(topic.query)
    return write_saved(Saved(0, topics=topics), time.time())


_ISOLATES = re.compile("[\u2066-\u2069]")


@dataclass
class _Stranger:
    """One account, in private and in groups of its own."""

    playground: Playground
    town: Town
    groups: list[int]

    async def everything(self, seconds: float) -> None:
        """Writes what costs most, without a pause, in private and in groups."""
        until, number = time.monotonic() + seconds, 0
        people, port, plan = self.playground.people, self.town.port, _plan()
        places = [BEN_ID, *self.groups]
        for feed in self.town.guests:
            people.say(BEN_ID, f"/addfeed {self.town.url(feed)}", user=BEN_ID)
            await asyncio.sleep(2)
        while time.monotonic() < until:
            number += 1
            place = places[number % len(places)]
            text = (
                f"/topic test {_prefixes(_MOST_TYPED)}",
                f"/latest {_prefixes(_MOST_TYPED)}",
                f"/search {_prefixes(200)}",
                f"/topic All{number % 100}: {_prefixes(_MOST_TYPED)}",
                "/subscribe",
                "/sources",
                f"/addfeed http://127.3.0.{number % 200 + 1}:{port}/feed",
                "/start",
            )[number % 8]
            people.say(place, text, user=BEN_ID)
            if number % 20 == 0:
                sent = people.send_document(BEN_ID, "all.json", plan, user=BEN_ID)
                people.say(BEN_ID, "/import", user=BEN_ID, reply_to=sent.id)
            self._take_what_is_offered()
            await asyncio.sleep(1.0)

    def _take_what_is_offered(self) -> None:
        """Presses what brings the topics of a file in, where that was offered last."""
        sent = self.playground.ledger.find(applied=True, method="sendMessage", chat_id=BEN_ID)
        offers = [each for each in sent if "This would change" in each.text]
        if offers and offers[-1].message_id:
            with suppress(Exception):  # pressed before, and gone
                self.playground.people.press(BEN_ID, offers[-1].message_id, user=BEN_ID)

    async def in_many_groups(self, seconds: float) -> None:
        """Writes one costly command in each of many groups, as the group, again and again."""
        until, number = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            for group in self.groups:
                number += 1
                text = f"/topic test {_prefixes(_MOST_TYPED)} OR w{number}"
                self.playground.people.say(group, text, user="anonymous")
            await asyncio.sleep(4.0)

    def check(self, wanted: tuple[str, ...]) -> None:
        """Raises AssertionError where what was written was not read, or did nothing."""
        sent = self.playground.ledger.find(applied=True)
        places = (BEN_ID, *self.groups)
        own = [_ISOLATES.sub("", each.text) for each in sent if each.chat_id in places]
        unread = [text for text in own if any(said in text for said in _UNREAD)]
        assert not unread, unread[0][:300]
        for each in wanted:
            assert any(each in text for text in own), (
                f"nothing says {each}: {Counter(t[:60] for t in own)}"
            )


async def _ask(playground: Playground, seconds: float) -> list[float]:
    """Seconds that each command of somebody else takes, one after the other."""
    took: list[float] = []
    until = time.monotonic() + seconds

    def answered() -> int:
        return len(playground.ledger.find(applied=True, method="sendMessage", chat_id=_HONEST))

    while time.monotonic() < until:
        before, began = answered(), time.monotonic()
        playground.people.say(_HONEST, _ASKED[len(took) % len(_ASKED)], user=_HONEST)
        while answered() == before and time.monotonic() < began + _PATIENCE_SECONDS:
            await asyncio.sleep(0.01)
        took.append(time.monotonic() - began)
        await asyncio.sleep(2.0)
    return took


def _memory(pid: int) -> float:
    """PSS of a process and its descendants, in MB (`/proc/PID/smaps_rollup`)."""
    children = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parts = stat.read_text().rpartition(")")[2].split()
            children[int(parts[1])].append(int(stat.parent.name))
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        waiting += children[one]
        with suppress(OSError):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024


async def _run(minutes: float, what: str = "") -> Figures:
    town = Town()
    runner = await town.serve()
    playground = await start_playground(
        newsroom=quiet_newsroom(), limits=BotApiLimits(enforced=False), clock=time.time
    )
    for n in range(CHATS):
        playground.world.add_private_chat(_FIRST + n)
    playground.world.add_private_chat(_HONEST)
    groups = [
        playground.world.add_group(f"Den {n}", admins=(BEN_ID,), members=()).id
        for n in range(MANY_GROUPS if what == "groups" else GROUPS)
    ]
    stranger = _Stranger(playground, town, groups)
    annoy = {"all": stranger.everything, "groups": stranger.in_many_groups}.get(what)
    with TemporaryDirectory() as name:
        url = f"sqlite:///{name}/bot.db"
        await _settle_in(town, url)
        process = _start(playground, name)
        try:
            figures = await _measured(town, playground, process, minutes * 60, annoy)
            if what:
                stranger.check(("Restored", "Following All") if what == "all" else ("storie",))
            return figures
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
            await playground.close()
            await runner.cleanup()


async def _settle_in(town: Town, url: str) -> None:
    storage = await open_storage(url, alone=False, now=time.time())
    now = time.time()
    for n in range(CHATS):
        await storage.chats.meet(
            Chat(_FIRST + n, "private", "", ChatState.ACTIVE, None, "en", "UTC", 0.0, now)
        )
        await storage.chats.subscribe(Subscription(_FIRST + n, 0, None), now)
    await storage.feeds.add([NewFeed(town.url(feed), "", now) for feed in town.feeds], now)
    await storage.close()


def _start(playground: Playground, folder: str) -> subprocess.Popen[bytes]:
    env = {
        **os.environ,
        "TELEGRAM_TOKEN": playground.token,
        "TELEGRAM_API_URL": playground.url,
        "DATABASE_URL": f"sqlite:///{folder}/bot.db",
        "ALLOWED_PRIVATE_HOSTS": "127.0.0.0/8",
        "POLL_MIN_SECONDS": str(int(POLL_SECONDS)),
        "POLL_MAX_SECONDS": str(int(POLL_SECONDS)),
        "SEND_PER_CHAT_SECONDS": "0",
        "LOG_LEVEL": "warning",
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    with Path(folder, "bot.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], env=env, cwd=folder, stdout=log, stderr=log
        )


async def _measured(
    town: Town,
    playground: Playground,
    process: subprocess.Popen[bytes],
    seconds: float,
    annoy: Callable[[float], Awaitable[None]] | None,
) -> Figures:
    deadline = time.monotonic() + 120
    while not all(feed.asked for feed in town.feeds):
        if time.monotonic() > deadline or process.poll() is not None:
            raise TimeoutError("the bot did not begin to poll")
        await asyncio.sleep(0.2)
    began, most = time.monotonic(), 0.0
    tasks = [asyncio.ensure_future(_publish(town, seconds))]
    asking = asyncio.create_task(_ask(playground, seconds))
    if annoy:
        tasks.append(asyncio.ensure_future(annoy(seconds)))
    while time.monotonic() < began + seconds:
        most = max(most, _memory(process.pid))
        await asyncio.sleep(2)
    ended = time.monotonic()
    await asyncio.gather(*tasks)
    await asyncio.sleep(2 * POLL_SECONDS + 10)
    gaps = [
        later - earlier
        for feed in town.feeds
        for earlier, later in zip(feed.asked, feed.asked[1:], strict=False)
        if began <= earlier and later <= ended
    ]
    delays, expected, delivered = _delays(town, playground)
    return Figures(gaps, delays, await asking, expected, delivered, most)


def _delays(town: Town, playground: Playground) -> tuple[list[float], int, int]:
    """Seconds from the answer that first held an entry to the message of each chat."""
    served = {
        title: feed.served[guid]
        for feed in town.feeds
        for guid, title in feed.items
        if guid in feed.served
    }
    told: dict[tuple[int, str], float] = {}
    for entry in playground.ledger.find(applied=True, method="sendMessage"):
        headline = entry.text.splitlines()[0] if entry.text else ""
        if entry.chat_id >= _FIRST and headline in served:
            told.setdefault((entry.chat_id, headline), entry.time)
    expected = len(served) * CHATS
    return [at - served[title] for (_, title), at in told.items()], expected, len(told)


def _row(name: str, found: Figures) -> str:
    p95 = statistics.quantiles(found.delays, n=20)[-1]
    return (
        f"| {name} | {statistics.fmean(found.gaps):.2f} | {max(found.gaps):.1f} |"
        f" {statistics.median(found.delays):.2f} | {p95:.2f} | {max(found.delays):.1f} |"
        f" {statistics.median(found.answers):.2f} | {max(found.answers):.1f} |"
        f" {found.delivered} of {found.expected} | {found.memory_mb:.0f} |"
    )


def main(arguments: list[str] | None = None) -> None:
    """Prints a row for a calm run and two with the stranger."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--calm-minutes", type=float, default=3)
    known = parser.parse_args(arguments)
    print(
        "| | s between polls | longest | served to sent, median | p95 | most |"
        " a command answered, median | most | told | MB |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    calm = asyncio.run(_run(known.calm_minutes))
    print(_row("calm", calm), flush=True)
    with_stranger = asyncio.run(_run(known.minutes, "all"))
    print(_row("beside the stranger", with_stranger), flush=True)
    in_groups = asyncio.run(_run(known.calm_minutes, "groups"))
    print(_row(f"beside {MANY_GROUPS} groups of theirs", in_groups), flush=True)
    late = statistics.fmean(with_stranger.gaps) / statistics.fmean(calm.gaps) - 1
    print(f"\nPolls later by {late:.1%}")


if __name__ == "__main__":
    main(sys.argv[1:])
