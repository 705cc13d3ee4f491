"""A poll of ever more feeds that have not changed: python -m benchmarks.speed.growing [--long]

CPU and memory of the whole process tree. A hundred feeds lie on a host at most, since two requests
go to a host at a time. The numbers of hosts are primes: a start spreads feeds over a thousand
moments by their numbers, and those of one host shall not come at one. That each was read once
before is put into the database, so that all answer 304.
"""

import asyncio
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import kills
from benchmarks.cold_feeds import ENTRIES
from benchmarks.cold_poll import Cost, measured, outlets
from benchmarks.speed.figures import Figure, Found, Goal, Growth, Scale, alone
from benchmarks.topics_scale import News
from bot.news.feed import NewFeed
from storage.open import open_storage

_HOSTS, _HOSTS_OF_MANY = 251, 1_009
_MANY = 100_000
_CHATS = 1_000
_MOST_SECONDS = 1_800.0
_MB = 1.048576  # MiB to MB
FEEDS, TOPICS = 10_000, 100_000


def _addresses(hosts: list[str], feeds: int) -> list[str]:
    some = hosts if feeds >= _MANY else hosts[:_HOSTS]
    return [f"{some[n % len(some)].rpartition('/')[0]}/{n}" for n in range(feeds)]


async def _add(folder: Path, urls: list[str]) -> None:
    now = time.time()
    storage = await open_storage(f"sqlite:///{folder}/bot.db", alone=False, now=now)
    try:
        for start in range(0, len(urls), 1_000):
            some = urls[start : start + 1_000]
            await storage.feeds.add([NewFeed(url, "Outlet", now) for url in some], now)
    finally:
        await storage.close()


def _remember(folder: Path, topics: int) -> None:
    """All feeds were read, and chats follow so many topics."""
    now = time.time()
    with closing(sqlite3.connect(folder / "bot.db")) as file:
        file.create_function(
            "etag", 1, lambda url: f'"{url.rpartition("/")[2]}-{ENTRIES}"', deterministic=True
        )
        file.execute("UPDATE feeds SET settled = 1, poll_at = 0, etag = etag(url)")
        if topics:
            chats = [(1 + n, now, now) for n in range(_CHATS)]
            file.executemany(
                "INSERT INTO chats (id, kind, title, state, language, timezone, since, changed_at)"
                " VALUES (?, 'private', 'Chat', 'active', 'en', 'UTC', ?, ?)",
                chats,
            )
            queries = enumerate(News().queries(topics))
            file.executemany(
                "INSERT INTO topics (chat_id, name, name_key, query, since) VALUES (?, ?, ?, ?, ?)",
                [(1 + n % _CHATS, f"Topic {n}", f"topic {n}", query, now) for n, query in queries],
            )
        file.commit()


def _poll(server: kills.Server, hosts: list[str], feeds: int, topics: int = 0) -> Cost:
    with TemporaryDirectory(prefix="tocsin-growing-") as name:
        folder = Path(name)
        asyncio.run(_add(folder, _addresses(hosts, feeds)))
        _remember(folder, topics)
        (folder / "feeds.txt").write_text("\n")
        env = kills.environment(
            server, folder, ALLOWED_PRIVATE_HOSTS="127.0.0.0/8", LOG_LEVEL="warning",
            # A start spreads its polls over as long; none is to be asked twice meanwhile.
            POLL_MIN_SECONDS=str(max(2, feeds // 500)), POLL_MAX_SECONDS="3600",
        )  # fmt: skip
        asked = f"SELECT count(*) FROM feeds WHERE answered_at >= {time.time()}"

        def done() -> bool:
            found = kills.rows(folder, asked)
            return bool(found) and found[0][0] >= feeds

        command = [sys.executable, "-m", "bot", "run"]
        return measured(command, env, done, most=_MOST_SECONDS)


def figures(scale: Scale) -> Iterator[Found]:
    """Memory with many feeds and topics, and how a poll grows with the feeds."""
    counts = (10, 100, 1_000, 10_000, _MANY) if scale.long else (10, 100, 1_000, 10_000)
    hosts = _HOSTS_OF_MANY if scale.long else _HOSTS
    with kills.server() as server, outlets(hosts) as served:
        many = _poll(server, served.feeds, FEEDS, TOPICS)
        yield Figure(
            f"memory, {FEEDS:,} feeds and {TOPICS:,} topics", "MB", many.memory * _MB, (Goal(200),),
            how="PSS of the process tree at its highest, all feeds 304, empty window",
        )  # fmt: skip
        found = [(count, _poll(server, served.feeds, count)) for count in counts]
    yield Growth("a cold poll, all 304", "feeds", "s of CPU", tuple((n, c.cpu) for n, c in found))
    yield Growth("memory", "feeds", "MB", tuple((n, c.memory * _MB) for n, c in found))


if __name__ == "__main__":
    alone(figures)
