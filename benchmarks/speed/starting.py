"""Starts, answers and the size of the database, with many stories stored:
python -m benchmarks.speed.starting [--long]

Databases are those of `benchmarks.aged`, of a month, whose last three days fill the window; stories
have the texts and words of `benchmarks.answers`. Long it is a million stories, else a tenth; of
the hundred thousand reports that are in the window's days then, it holds what it may.
"""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import aged, answers, kills
from benchmarks.cold_poll import outlets
from benchmarks.speed.figures import Figure, Found, Goal, Growth, Scale, alone
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.polling.entry_keys import Trace, entry_keys_of
from bot.news.polling.identity import judge
from bot.news.stories.cards import packed
from bot.news.stories.clustering import Clusterer, Sighting
from bot.news.story import ParsedEntry
from bot.news.text.plain import fold_title
from storage.open import open_storage
from storage.polling import memory

_DAYS, _WINDOW_SECONDS = 30, 72 * 3600.0
_MOST_SECONDS = 300.0
_MILLION = 1_000_000
_REMEMBERED = 500
_NUMBERS = count()
_ASKED = ("/search", "/top week")


def made(path: Path, stories: int) -> None:
    """A database as the bot would have left it just now, whose feeds are never asked."""
    now = time.time()
    age = aged.Age("a month of much news", _DAYS, stories, stories // 5)
    aged.make(path, age, answers.worded, now)
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE feeds SET suspended = 1")
        file.execute(
            "UPDATE reports SET placing = o.nth FROM"
            " (SELECT id, row_number() OVER (ORDER BY seen_at, id) AS nth FROM reports) o"
            " WHERE o.id = reports.id AND reports.seen_at >= ?",
            (now - _WINDOW_SECONDS,),
        )
        for fact, table in (("placing", "reports"), ("last_feed", "feeds")):
            last = f"(SELECT max(id) FROM {table})"
            file.execute(f"UPDATE facts SET value = {last} WHERE name = ?", (fact,))
        held = file.execute(
            "SELECT id, link, seen_at, title, summary, source, language, feed_id"
            " FROM reports WHERE seen_at >= ?",
            (now - _WINDOW_SECONDS,),
        ).fetchall()
        cards = Clusterer()
        rows = []
        for id_, link, at, title, summary, source, language, feed in held:
            told = title, summary, source, language, feed
            sighting = Sighting(link, fold_title(title, source), at, *told)
            rows.append((id_, at, packed(cards.card(sighting))))
        file.executemany("INSERT INTO report_terms VALUES (?, ?, ?)", rows)
        file.commit()


def _until(bot: subprocess.Popen[bytes], folder: Path, sql: str, began: float) -> float:
    """Seconds from the start until a statement finds a row."""
    while not kills.rows(folder, sql):
        if bot.poll() is not None or time.time() - began > _MOST_SECONDS:
            raise RuntimeError(f"waited in vain: {(folder / 'bot.log').read_text()[-2000:]}")
        time.sleep(0.02)
    return time.time() - began


@dataclass(frozen=True)
class Started:
    """Seconds from a start until the first poll is stored, and until what it brought is placed."""

    polled: float
    ready: float


def start(stories: int) -> tuple[Started, Started, float]:
    """A start that finds no window, as after a crash; one after a stop that left it; and the bytes
    of the database without what feeds are remembered by.
    """
    with TemporaryDirectory(prefix="tocsin-start-") as name, outlets(1) as served:
        folder = Path(name)
        made(folder / "bot.db", stories)
        size = _size(folder / "bot.db")
        (folder / "feeds.txt").write_text(served.feeds[0])
        with kills.server() as server:
            env = kills.environment(server, folder, ALLOWED_PRIVATE_HOSTS="127.0.0.0/8")
            crashed = _started(env, folder)
            served.post("turn")
            with closing(sqlite3.connect(folder / "bot.db")) as file:
                file.execute("UPDATE feeds SET poll_at = 0 WHERE suspended = 0")
                file.commit()
            return crashed, _started(env, folder), size


def _started(env: dict[str, str], folder: Path) -> Started:
    """Starts the bot, and stops it when all is ready."""
    began = time.time()
    process = kills.start_bot(env, folder)
    try:
        polled = f"SELECT 1 FROM feeds WHERE answered_at > {began}"
        placed = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM reports WHERE story_id IS NULL)"
        first = _until(process, folder, polled, began)
        return Started(first, _until(process, folder, placed, began))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


_SIZES = (
    "SELECT sum(pgsize) FROM dbstat WHERE name {} (SELECT name FROM sqlite_master"
    " WHERE tbl_name = 'entries')"
)


def _size(path: Path) -> float:
    """Bytes of all but what feeds are remembered by."""
    with closing(sqlite3.connect(path)) as file:
        return float(file.execute(_SIZES.format("NOT IN")).fetchone()[0])


async def _polled(path: Path) -> int:
    """Has feeds show thirty entries, and then some more one by one; returns how many keys they are
    remembered by.
    """
    now = time.time()
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=now)
    try:
        new = [NewFeed(f"https://outlet{n}.example/feed", "", now) for n in range(_REMEMBERED)]
        feeds = await storage.feeds.add(new, now)
        for shown in (30, *[1] * 45):
            polls = [PollRecord(feed, _traces(feed, shown, now)) for feed in feeds]
            await storage.feeds.record(polls, now)
        await storage.tidy(now)
        return await memory.count(storage._database)
    finally:
        await storage.close()


def _traces(feed: Feed, entries: int, now: float) -> Mapping[bytes, Trace]:
    """What new entries of a feed leave behind."""
    made = []
    for _ in range(entries):
        name = f"{feed.url}/{next(_NUMBERS)}"
        made.append(ParsedEntry(name, name, f"News of {name}", f"What {name} says.", now))
    return judge(feed.policy, entry_keys_of(made), {}).traces


def _seen_keys() -> float:
    """Bytes of what an entry is remembered by, for each key, as polls leave it."""
    with TemporaryDirectory() as name:
        path = Path(name) / "keys.db"
        keys = asyncio.run(_polled(path))
        with closing(sqlite3.connect(path)) as file:
            return float(file.execute(_SIZES.format("IN")).fetchone()[0]) / keys


def _help() -> float:
    """Seconds until `tocsin --help` has spoken: the median of nine."""
    times = []
    for _ in range(9):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "bot", "--help"], stdout=subprocess.DEVNULL, check=True
        )
        times.append(time.perf_counter() - began)
    return median(times)


def _answers(stories: int) -> dict[str, float]:
    with TemporaryDirectory() as name:
        found = asyncio.run(answers.measure(Path(name) / "answers.db", stories, _ASKED))
    return {command: median(times) for command, times in found.items()}


def figures(scale: Scale) -> Iterator[Found]:
    """The rows of starts and sizes, and how they grow with the stories."""
    counts = [100, 1_000, 10_000, 100_000, *([_MILLION] if scale.long else [])]
    starts = {count: start(count) for count in counts}
    crashed, stopped, size = starts[counts[-1]]
    # What does not grow with the stories, such as feeds and chats, is there once.
    a_story = (size - starts[counts[0]][2]) / (counts[-1] - counts[0])
    path = f"start with {counts[-1]:,} stories stored, {counts[-1] // 10:,} in the window"
    for after, found in (("after a crash", crashed), ("after a stop", stopped)):
        yield Figure(f"{path}, {after}: first poll", "s", found.polled, (Goal(2.0),),
                     how="one feed, stored")  # fmt: skip
        yield Figure(f"{path}, {after}: all ready", "s", found.ready, (Goal(3.0),),
                     how="what that poll brought is placed, so the window is there")  # fmt: skip
    yield Figure("`tocsin --help`", "s", _help(), (Goal(0.25),), how="the median of nine")
    of = "" if scale.long else f", reckoned from {counts[-1]:,}"
    yield Figure("database of a million stories, search included", "MB",
                 (size + a_story * (_MILLION - counts[-1])) / 1e6, (Goal(1_000),),
                 how=f"with a message for every fifth{of}")  # fmt: skip
    yield Figure("seen keys, a million", "MB", _seen_keys() * _MILLION / 1e6, (Goal(30),),
                 how="with when and how each entry read, as polls leave them")  # fmt: skip
    asked = {count: _answers(count) for count in counts[1:]}
    yield Growth("start after a crash until all is ready", "stories stored", "s",
                 tuple((count, found[0].ready) for count, found in starts.items()))  # fmt: skip
    yield Growth("size of the database", "stories stored", "MB",
                 tuple((n, found[2] / 1e6) for n, found in starts.items()))  # fmt: skip
    for command in _ASKED:
        yield Growth(f"answer to `{command}`", "stories stored", "ms",
                     tuple((count, found[command]) for count, found in asked.items()))  # fmt: skip


if __name__ == "__main__":
    alone(figures)
