"""Milliseconds of what the bot asks its database, as it is after a month and after years:
python -m benchmarks.year [--ages "one month,two years"]

Each stage runs several times on a database that `benchmarks.aged` made; the median is shown. What
it costs must not grow with what was stored, but for those that say so.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import aged
from bot.news.chat import ChatState
from bot.news.feed import PollRecord
from bot.news.outbox import DeliveryState, Placement, Ring, Settlement, Telling
from bot.news.story import NewReport
from storage.open import open_storage
from storage.storage import Storage

_TIMES = 7
_DAY = 86_400.0
NOW = aged.NOW
Stage = Callable[[Storage, int], Awaitable[object]]


async def _reports(storage: Storage, turn: int, count: int = 1) -> list[int]:
    """Ids of reports that a feed brought just now."""
    feed = await storage.feeds.get(1 + turn)
    assert feed
    made = [
        NewReport(
            f"{turn} {n} {time.perf_counter_ns()}".encode(), None, None, f"News {turn} {n}",
            "", "en", None, NOW, False,
        )
        for n in range(count)
    ]  # fmt: skip
    await storage.feeds.record([PollRecord(feed, {}, tuple(made))], NOW)
    return [report.id for report in await storage.stories.unplaced(count)]


def _rings(turn: int, count: int) -> tuple[Ring, ...]:
    return tuple(
        Ring(1 + (turn * count + n) % aged.CHATS, 0, ((1 + n, ("word",)),), False, None,
             Telling(DeliveryState.PENDING))
        for n in range(count)
    )  # fmt: skip


class Stages:
    """What is measured, each with a preparation that is not."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.newest = 0

    async def opened(self, turn: int) -> Callable[[], Awaitable[object]]:
        (report,) = await _reports(self.storage, turn)
        self.newest = report
        placement = Placement(report, report, "w1 common", _rings(0, 100), "new")
        return lambda: self.storage.stories.place([placement], NOW)

    async def joined(self, turn: int) -> Callable[[], Awaitable[object]]:
        (report,) = await _reports(self.storage, turn)
        placement = Placement(report, self.newest, "", _rings(0, 100), "title", update=True)
        return lambda: self.storage.stories.place([placement], NOW)

    async def claimed(self, turn: int) -> Callable[[], Awaitable[object]]:
        await self.storage.outbox.recover(True, NOW)
        due = [d.delivery_id for d in await self.storage.outbox.due(NOW, (), 96)]
        return lambda: self.storage.outbox.claim(due, NOW, 60.0)

    async def settled(self, turn: int) -> Callable[[], Awaitable[object]]:
        await self.storage.outbox.recover(True, NOW)
        due = [d.delivery_id for d in await self.storage.outbox.due(NOW, (), 96)]
        claimed = await self.storage.outbox.claim(due, NOW, 60.0)
        ends = [
            Settlement(d.id, d.chat_id, DeliveryState.SENT, NOW + turn, message_id=10**7 + d.id)
            for d in claimed
        ]
        return lambda: self.storage.outbox.settle(ends, True)

    async def polled(self, turn: int) -> Callable[[], Awaitable[object]]:
        feed = await self.storage.feeds.get(1 + turn)
        assert feed
        return lambda: self.storage.feeds.record([PollRecord(feed)], NOW + turn)

    def asked(self, what: Callable[[Storage], Awaitable[object]]) -> "Prepared":
        """A stage that needs no preparation."""

        async def prepare(turn: int) -> Callable[[], Awaitable[object]]:
            return lambda: what(self.storage)

        return prepare


Prepared = Callable[[int], Awaitable[Callable[[], Awaitable[object]]]]


def stages(storage: Storage, stories: int) -> dict[str, Prepared]:
    """By name, in the order of a story's way."""
    made = Stages(storage)
    asked = made.asked
    link = f"https://x.example/{stories}"
    return {
        "poll: feeds that are due": asked(lambda s: s.feeds.due(NOW + 60, 64)),
        "poll: the next that will be": asked(lambda s: s.feeds.next_poll_at(NOW)),
        "poll: entries recalled": asked(lambda s: s.feeds.recall(9, [b"x" * 8] * 60)),
        "poll: its end stored": made.polled,
        "desk: reports unplaced": asked(lambda s: s.stories.unplaced(50)),
        "desk: a story that rings in 100 chats": made.opened,
        "desk: a report that joins it": made.joined,
        "desk: what ripens": asked(lambda s: s.digests.ripe(None, NOW)),
        "desk: what ripens of one story": asked(lambda s: s.digests.ripe({stories}, NOW)),
        "desk: a headline told before": asked(lambda s: s.stories.told_title(stories, 3)),
        "desk: a chat's day under its cap": asked(lambda s: s.chats.told_since(1, NOW - _DAY)),
        "desk: what chats ask for changed": asked(lambda s: s.chats.audience_version()),
        "desk: what feeds told moved": asked(lambda s: s.stories.moved_version()),
        "deliver: due": asked(lambda s: s.outbox.due(NOW, (), 384)),
        "deliver: 96 claimed": made.claimed,
        "deliver: 96 settled": made.settled,
        "deliver: the next moment": asked(lambda s: s.outbox.next_due_at(NOW)),
        "deliver: edits due": asked(lambda s: s.outbox.due_edits(NOW + 600, (), 96)),
        "deliver: claims that ran out": asked(lambda s: s.outbox.reclaim(True, NOW, ())),
        "deliver: what was sent in the last minute": asked(lambda s: s.schedules.load(NOW + 60)),
        "digests: backlogs": asked(lambda s: s.digests.fold(NOW, 1800, 6)),
        "digests: due": asked(lambda s: s.digests.enqueue_due(NOW)),
        "digests: the next": asked(lambda s: s.digests.next_at()),
        "digests: given up": asked(lambda s: s.digests.give_up_waiting(NOW - _DAY, NOW)),
        "notices: lists that were read": asked(lambda s: s.candidates.over(2, NOW)),
        "notices: feeds in trouble": asked(lambda s: s.feeds.failing(5, NOW - _DAY)),
        "notices: chats that were cut off": asked(lambda s: s.keepers.cut_off(NOW - _DAY)),
        "housekeeping: guests": asked(lambda s: s.feeds.tend_guests(NOW)),
        "housekeeping: nothing to end": asked(lambda s: s.tidy(NOW)),
        "housekeeping: nothing to prune": asked(lambda s: s.prune(0.0, 0.0)),
        "/addfeed: whether it is known": asked(
            lambda s: s.feeds.of_hosts(["outlet7.example", "www.outlet7.example"])
        ),
        "/start": asked(lambda s: s.feeds.census(1)),
        "/status": asked(_status),
        "/latest": asked(lambda s: s.stories.newest(None, 6)),
        "/latest with words": asked(lambda s: s.stories.with_keys(["w7"], None, 50, 0.0)),
        "/topic: how many of a week": asked(
            lambda s: s.stories.count_with_keys(["w7"], NOW - 7 * _DAY)
        ),
        "/why": asked(lambda s: s.history.told_by(1, 7)),
        "/whynot": asked(lambda s: s.history.of_link(1, link, link)),
        "a button under an alert": asked(lambda s: s.alerts.get(stories)),
        "threads of a chat": asked(lambda s: s.chats.threads(1)),
        "/stop and /start of a chat": asked(_stop),
    }


async def _status(storage: Storage) -> None:
    await storage.feeds.census(1)
    await storage.stories.newest(None, 1)
    await storage.chats.status(1)


async def _stop(storage: Storage) -> None:
    await storage.chats.set_state(1, ChatState.STOPPED, None, NOW)
    await storage.chats.set_state(1, ChatState.ACTIVE, None, NOW)


async def measure(path: Path, age: aged.Age) -> dict[str, float]:
    """Milliseconds by stage, on a database of that age."""
    await asyncio.to_thread(aged.make, path, age)
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=NOW)
    try:
        return {
            name: await _median(prepare) for name, prepare in stages(storage, age.stories).items()
        }
    finally:
        await storage.close()


async def _median(prepare: Prepared) -> float:
    times = []
    for turn in range(_TIMES):
        work = await prepare(turn)
        began = time.perf_counter()
        await work()
        times.append((time.perf_counter() - began) * 1_000)
    return statistics.median(times)


def _table(found: dict[str, dict[str, float]]) -> str:
    lines = [
        f"| ms | {' | '.join(found)} |",
        f"|---|{'--:|' * len(found)}",
    ]
    for stage in next(iter(found.values())):
        shown = " | ".join(f"{of[stage]:.2f}" for of in found.values())
        lines.append(f"| {stage} | {shown} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Prints the table."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--ages", default="one month,one year,five years")
    wanted = reader.parse_args(arguments).ages.split(",")
    found = {}
    for age in aged.AGES:
        if age.name in wanted:
            with TemporaryDirectory() as folder:
                found[age.name] = asyncio.run(measure(Path(folder) / "aged.db", age))
    print(_table(found))


if __name__ == "__main__":
    main()
