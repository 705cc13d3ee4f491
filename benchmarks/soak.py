"""Months in minutes: python -m benchmarks.soak [--days 180] [--a-hour 12]

The real desk, database, digests and housekeeping under a clock that runs by the hour, with news of
invented words, and chats, hosts, pictures and people that are always new. What the process holds
is printed every tenth of the time; it fails where that grows after the first third.
"""

import argparse
import asyncio
import gc
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from benchmarks.topics_scale import News
from bot.delivery.message_ids import MessageIds
from bot.delivery.outcome import Wait
from bot.delivery.pace import Pace, PaceLimits
from bot.delivery.pictures import RefusedPictures
from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.chat import Chat, ChatState, Habits, Subscription, Topic
from bot.news.feed import NewFeed, PollRecord
from bot.news.outbox import DeliveryState, Settlement
from bot.news.polling.entry_keys import Trace
from bot.news.polling.politeness import Politeness
from bot.news.polling.slots import Slots
from bot.news.polling.visits import Visits
from bot.news.story import NewReport
from bot.news.why import quoted
from bot.pipeline.placing.desk import Desk
from bot.pipeline.placing.digests import Gatherer
from bot.pipeline.polling.housekeeping import BLOCKED_DAYS, prune
from storage.open import open_storage
from storage.storage import Storage

_HOUR, _DAY = 3600.0, 86_400.0
_FEEDS, _CHATS, _PASSING_A_DAY = 200, 60, 200
_RETENTION_DAYS = 30.0
_MAY_GROW_MB = 12.0


class Months:
    """One bot, its clock, and who comes by."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.now = 1_800_000_000.0
        self.stop, self.metrics = Stop(), Metrics()
        self.chance, self.news = random.Random(5), News()
        self.pace, self.slots = Pace(PaceLimits(28, 1, 18)), Slots()
        self.politeness, self.visits = Politeness(), Visits(lambda host: 1.0)
        self.pictures, self.message_ids = RefusedPictures(), MessageIds()
        self.reports = self.passing = 0

    def clock(self) -> float:
        """The hour that it is."""
        return self.now

    async def begin(self) -> None:
        """Feeds, chats and their topics."""
        wanted = [NewFeed(f"https://f{n}.example/feed", f"Outlet {n}", 1.0) for n in range(_FEEDS)]
        self.feeds = await self.storage.feeds.add(wanted, self.now)
        bells = [self.stop.wakeup() for _ in range(2)]
        s = self.storage
        self.desk = Desk(
            stories=s.stories,
            window=s.window,
            chats=s.chats,
            digests=s.digests,
            now=self.clock,
            stop=self.stop,
            wakeup=bells[0],
            outbox=bells[1],
            metrics=self.metrics,
        )
        self.gatherer = Gatherer(digests=s.digests, now=self.clock, stop=self.stop, outbox=bells[1])
        for n in range(1, _CHATS + 1):
            await self._meet(n)
            await s.chats.subscribe(Subscription(n, 0, self.feeds[n].id), self.now)
            for query in self.news.queries(5):
                topic = Topic(0, n, 0, query[:40], query, 0.0)
                await s.chats.put_topic(topic, query[:40], self.now)
            if n % 4 == 0:
                await s.chats.set_habits(n, Habits(digest=(480,), cap=20))

    async def _meet(self, chat_id: int) -> None:
        kind = "private" if chat_id > 0 else "supergroup"
        state = ChatState.ACTIVE
        await self.storage.chats.meet(
            Chat(chat_id, kind, f"Chat {chat_id}", state, None, "en", "UTC", 0.0, self.now)
        )

    async def hour(self, count: int) -> None:
        """News come, are placed, told and settled."""
        self.now += _HOUR
        for feed in self.chance.sample(self.feeds, count):
            self.reports += 1
            title, summary, _, language, link = self.news.story()
            key = self.reports.to_bytes(16, "big")
            link = f"{link}/{self.reports}"
            made = NewReport(key, link, link, title, summary, language, None, self.now, False)
            traces = {key: Trace(b"title", b"summary", self.now)}
            await self.storage.feeds.record(
                [PollRecord(replace(feed, settled=True), traces, (made,))], self.now
            )
        while await self.storage.stories.unplaced(1):
            await self.desk.step()
        self._ring()
        await self.gatherer.step()
        await self._deliver()

    def _ring(self) -> None:
        for bell in self.stop.wakeups:
            bell.ring()

    async def _deliver(self) -> None:
        while due := await self.storage.outbox.due(self.now, (), 96):
            ids = [each.delivery_id for each in due]
            claimed = await self.storage.outbox.claim(ids, self.now, 60.0)
            ends = []
            for each in claimed:
                self.pace.take(each.chat_id, each.chat_kind, self.now)
                self.pace.answered(each.chat_id, each.chat_kind, self.now)
                ends.append(
                    Settlement(
                        each.id, each.chat_id, DeliveryState.SENT, self.now, message_id=each.id
                    )
                )
            await self.storage.outbox.settle(ends, True)

    async def day(self) -> None:
        """Who passes by, and housekeeping."""
        for _ in range(_PASSING_A_DAY):
            self.passing += 1
            n = self.passing
            host = f"h{n}.example"
            self.politeness.begin(host, self.now)
            self.politeness.end(host)
            self.visits.book(host, self.now, 10.0)
            self.visits.close(host, self.now, _DAY)
            self.slots.cost(100_000 + n, 9.0, self.now)
            self.pace.refused(-n, Wait(60.0), self.now, self.now)
            self.pictures.note(f"https://{host}/a.png", self.now)
            self.message_ids.saw(-n, n)
            if n % 20 == 0:
                await self._passer(-n)
        self.politeness.busy(self.now)
        self.pace.resting(self.now)
        await prune(self.storage, _RETENTION_DAYS, self.now)
        await self.storage.tidy(self.now)
        await self.storage.chats.forget_blocked(self.now - BLOCKED_DAYS * _DAY)

    async def _passer(self, chat_id: int) -> None:
        """A group that comes, follows, and is gone."""
        await self._meet(chat_id)
        query = self.news.queries(1)[0]
        topic = Topic(0, chat_id, 0, query[:40], query, 0.0)
        await self.storage.chats.put_topic(topic, query[:40], self.now)
        await self.storage.stories.keep_search(chat_id, query, self.now)
        await self.storage.chats.set_state(chat_id, ChatState.BLOCKED, quoted("kicked"), self.now)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


async def soak(folder: Path, days: int, a_hour: int) -> list[float]:
    """Megabytes that the process held, at ten moments."""
    path = folder / "soak.db"
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=1.0)
    months, held = Months(storage), []
    try:
        await months.begin()
        for day in range(1, days + 1):
            for _ in range(24):
                await months.hour(a_hour)
            await months.day()
            if day % max(1, days // 10) == 0:
                gc.collect()
                held.append(_resident_mb())
                print(_line(path, day, held[-1]), flush=True)
    finally:
        await storage.close()
    return held


def _line(path: Path, day: int, held: float) -> str:
    with closing(sqlite3.connect(path)) as file:
        (reports,) = file.execute("SELECT count(*) FROM reports").fetchone()
        (told,) = file.execute("SELECT count(*) FROM deliveries").fetchone()
    journal = path.with_name("soak.db-wal").stat().st_size / 1e6
    size = path.stat().st_size / 1e6
    return f"| {day} | {reports} | {told} | {size:.0f} | {journal:.1f} | {held:.1f} |"


def main(arguments: list[str] | None = None) -> None:
    """Prints the table, and fails where memory grows."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--days", type=int, default=180)
    reader.add_argument("--a-hour", type=int, default=12)
    chosen = reader.parse_args(arguments)
    print("| day | reports | deliveries | database MB | journal MB | resident MB |")
    print("|--:|--:|--:|--:|--:|--:|")
    with TemporaryDirectory() as folder:
        held = asyncio.run(soak(Path(folder), chosen.days, chosen.a_hour))
    grown = max(held[-3:]) - max(held[: len(held) // 3 + 1])
    print(f"grown by {grown:.1f} MB after the first third")
    if grown > _MAY_GROW_MB:
        raise SystemExit(f"memory grows: {grown:.1f} MB")


if __name__ == "__main__":
    main()
