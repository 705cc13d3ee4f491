"""What polls cost from a cold start, and how much memory they take, beside others:
python -m benchmarks.speed.polling [--peers PYTHON]

CPU and memory of the whole process tree, its start and end included. Each way of polling asks the
same thousand feeds of thirty entries (`benchmarks.cold_poll`): first with nothing known, then
with nothing changed, then with one new entry in three feeds of ten.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import kills
from benchmarks.cold_poll import Bot, Cost, FeedServer, Peer, outlets
from benchmarks.speed.figures import Figure, Found, Goal, Scale, alone

FEEDS = 1_000
_FEW = 10
_ENTRIES = 30
_OLD_SECONDS = 10 * 86_400.0
_MB = 1.048576  # MiB to MB
_NAMES = {
    "reader": "reader", "loop": "feedparser loop", "threads": "aiohttp, feedparser in threads",
}  # fmt: skip
LIMIT = "aiohttp, lxml, executemany"


@dataclass(frozen=True)
class Rounds:
    """What three polls cost, and by their CPU those of many and of few feeds where nothing has
    changed and no window is loaded.
    """

    first: Cost
    unchanged: Cost
    news: Cost
    many: float
    few: float

    def a_feed(self) -> float:
        """Milliseconds of CPU for a feed that has not changed; what the start costs is left out."""
        return max(self.many - self.few, 0.001) * 1000 / (FEEDS - _FEW)


def _three(poll: Callable[[], Cost], served: FeedServer) -> tuple[Cost, Cost, Cost]:
    first, unchanged = poll(), poll()
    served.post("turn")
    return first, unchanged, poll()


def _usual(poll: Callable[[], Cost], times: int) -> float:
    """CPU of a poll: the median of so many."""
    return median(poll().cpu for _ in range(times))


def _few(start: Callable[[Path, FeedServer], Callable[[], Cost]], times: int) -> float:
    """CPU of a poll of ten unchanged feeds."""
    with tempfile.TemporaryDirectory(prefix="tocsin-few-") as name, outlets(_FEW) as served:
        poll = start(Path(name), served)
        poll()
        return _usual(poll, times)


def _peer(python: str, way: str, times: int) -> Rounds:
    def start(folder: Path, served: FeedServer) -> Peer:
        return Peer(folder, served, python, way)

    few = _few(start, times)
    with tempfile.TemporaryDirectory(prefix="tocsin-peer-") as name, outlets(FEEDS) as served:
        poll = start(Path(name), served)
        return Rounds(*_three(poll, served), _usual(poll, times), few)


def _tocsin(server: kills.Server, times: int) -> tuple[Rounds, Cost]:
    """The rounds, and one of news with an empty window."""

    def start(folder: Path, served: FeedServer) -> Bot:
        return Bot(folder, server, served, "poll,desk,send,chat")

    few = _few(start, times)
    with tempfile.TemporaryDirectory(prefix="tocsin-poll-") as name, outlets(FEEDS) as served:
        bot = start(Path(name), served)
        costs = _three(bot, served)
        bot.age(_OLD_SECONDS)
        rounds = Rounds(*costs, _usual(bot, times), few)
        with closing(sqlite3.connect(Path(name) / "bot.db")) as known:
            known.execute("UPDATE feeds SET etag = NULL, body_hash = NULL WHERE id % 10 < 3")
            known.commit()
        return rounds, bot()


def _polling_only(server: kills.Server) -> Cost:
    with tempfile.TemporaryDirectory(prefix="tocsin-only-") as name, outlets(FEEDS) as served:
        return Bot(Path(name), server, served, "poll")()


def figures(scale: Scale) -> Iterator[Found]:
    """The rows that are about polling."""
    times = 3 if scale.long else 1
    others: dict[str, Rounds | None] = {
        way: _peer(scale.peers, way, times) if scale.peers else None for way in _NAMES
    }
    limit = _peer(scale.peers, "limit", times) if scale.peers else None
    with kills.server() as server:
        ours, emptied = _tocsin(server, times)
        only = _polling_only(server)

    def row(
        path: str, unit: str, of: Callable[[Rounds], float], *goals: Goal, how: str = ""
    ) -> Figure:
        peers = {_NAMES[way]: of(rounds) if rounds else None for way, rounds in others.items()}
        limits = {LIMIT: of(limit) if limit else None}
        return Figure(path, unit, of(ours), goals, peers, limits, how=how)

    yield row(
        "1,000 feeds, 300 with one new entry, cold process, 30,000 reports in the window",
        "s of CPU", lambda r: r.news.cpu,
        Goal(2.0), Goal(3, "reader"), Goal(2.2, "feedparser loop"),
        how="the whole process tree, from start to end",
    )  # fmt: skip
    yield row(
        "1,000 feeds, first poll, 30,000 entries, all placed", "s of CPU", lambda r: r.first.cpu,
        Goal(15.0), how="others only store what they read; Tocsin finds the story of each",
    )  # fmt: skip
    placing = (ours.first.cpu - only.cpu) * 1000 / (FEEDS * _ENTRIES)
    yield Figure(
        "placing a report while the window fills, on average", "ms of CPU", placing, (Goal(0.25),),
        how="the row above, less the same with ROLES=poll, by report",
    )  # fmt: skip
    yield row(
        "1,000 feeds, all 304, a feed", "ms of CPU", Rounds.a_feed, Goal(0.5),
        how="what 1,000 feeds cost more than ten, with an empty window: without the start",
    )  # fmt: skip
    yield row(
        "1,000 feeds, all 304, cold process", "s of CPU", lambda r: r.unchanged.cpu,
        how="the start of the process, and of Tocsin the window of 30,000 reports, included",
    )  # fmt: skip
    yield row(
        "memory, 1,000 feeds, 30,000 reports in the window", "MB", lambda r: r.news.memory * _MB,
        Goal(110), how="PSS of the process tree at its highest, in the first row's poll",
    )  # fmt: skip
    theirs = {
        _NAMES[way]: rounds.news.memory * _MB if rounds else None for way, rounds in others.items()
    }
    yield Figure(
        "memory, 1,000 feeds, empty window", "MB", emptied.memory * _MB, (Goal(80),), theirs,
        how="the same with reports too old for the window",
    )  # fmt: skip


if __name__ == "__main__":
    alone(figures)
