"""What a flood of strangers' feeds costs the operator's: python -m benchmarks.guests [MINUTES]

Chats bring feeds that publish a thousand new entries at every poll, each with the headline of the
operator's report before it; a feed of the operator's publishes one report a minute. Database, desk
and clusterer are the real ones; there is no network and the clock is simulated, but for the time
that placing takes. Prints how long the operator's reports waited for their places, how many reports
wait, and how much memory the process has.
"""

import asyncio
import resource
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.chat import Chat, ChatState, Subscription
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.polling.entry_keys import Trace
from bot.news.story import NewReport
from bot.pipeline.placing.desk import Desk
from storage.open import open_storage
from storage.storage import Storage

CHATS, FEEDS, ENTRIES = 5, 30, 1_000
_SHARE_OF_A_MINUTE = 60.0
_NOON = 1_800_014_400.0
_WAITING = "SELECT count(*) FROM reports WHERE story_id IS NULL"


def _report(name: str, title: str, now: float) -> NewReport:
    summary = " ".join(f"{word}{name}" for word in title.split())
    return NewReport(
        name.encode().ljust(16, b"-"), f"https://{name}.example/", f"https://{name}.example/",
        title, summary, "en", None, now, quiet=False,
    )  # fmt: skip


async def _publish(storage: Storage, feed: Feed, reports: list[NewReport], now: float) -> None:
    traces = {each.key: Trace(b"title", b"text", each.published_at) for each in reports}
    poll = PollRecord(replace(feed, settled=True), traces, tuple(reports))
    await storage.feeds.record([poll], now)


async def _prepared(storage: Storage) -> tuple[Feed, list[Feed]]:
    guests = []
    for chat in range(1, CHATS + 1):
        await storage.chats.meet(
            Chat(chat, "private", "", ChatState.ACTIVE, None, "en", "UTC", 0.0, 1.0)
        )
        await storage.chats.subscribe(Subscription(chat, 0, None), 1.0)
    for n in range(FEEDS):
        new = NewFeed(f"https://guest{n}.example/", f"Guest {n}", _NOON)
        if brought := await storage.feeds.bring(1 + n % CHATS, 0, new, _NOON):
            guests.append(brought)
    (own,) = await storage.feeds.add([NewFeed("https://own.example/", "Own", _NOON)], _NOON)
    return own, guests


async def measure(minutes: int) -> None:
    """Simulates so many minutes of it; the desk works for a minute of each at most."""
    with tempfile.TemporaryDirectory() as folder:
        now, stop = [_NOON], Stop()
        path = Path(folder) / "guests.db"
        storage = await open_storage(f"sqlite:///{path}", alone=True, now=_NOON)
        desk = Desk(
            stories=storage.stories,
            window=storage.window,
            chats=storage.chats,
            digests=storage.digests,
            now=lambda: now[0],
            stop=stop,
            wakeup=stop.wakeup(),
            outbox=stop.wakeup(),
            metrics=Metrics(),
        )
        own, guests = await _prepared(storage)
        waited = []
        for minute in range(minutes):
            now[0] += 60
            title = f"Council {minute} of Ostwick votes on bridge {minute} after flood {minute}"
            for guest in await storage.feeds.due(now[0], 10_000):
                if guest.id == own.id:
                    continue
                flood = [
                    _report(f"g{guest.id}m{minute}n{n}", f"{title} {n}", now[0])
                    for n in range(ENTRIES)
                ]
                await _publish(storage, guest, flood, now[0])
            await _publish(storage, own, [_report(f"own{minute}", title, now[0])], now[0])
            waited.append(await _placed(path, desk))
        unplaced = _count(path, _WAITING)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        never = sum(each is None for each in waited)
        known = sorted(each for each in waited if each is not None)
        print(
            f"{minutes} minutes, {len(guests)} guests of {CHATS} chats: {never} of {minutes}"
            f" reports of the operator's not placed within their minute, the others after"
            f" {known[len(known) // 2] if known else 0:.2f} s in the median,"
            f" {known[-1] if known else 0:.2f} s at most; {unplaced} reports wait; {peak:.0f} MiB"
        )
        await storage.close()


async def _placed(path: Path, desk: Desk) -> float | None:
    """Lets the desk work for its minute; returns when the operator's report had its place."""
    began, placed = time.perf_counter(), None
    while time.perf_counter() - began < _SHARE_OF_A_MINUTE:
        if placed is None and not _count(path, f"{_WAITING} AND source = 'Own'"):
            placed = time.perf_counter() - began
        if not _count(path, _WAITING):
            break
        await desk.step()
    return placed


def _count(path: Path, sql: str) -> int:
    with closing(sqlite3.connect(path)) as file:
        return int(file.execute(sql).fetchone()[0])


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
