"""Housekeeping: what keeps the database small. One process does it for all."""

from dataclasses import dataclass

import structlog

from bot.loops import Now, Stop
from bot.news import retention
from bot.news.retention import Tended
from bot.news.stories.clustering import WINDOW_SECONDS
from storage.storage import Storage

log = structlog.get_logger(__name__)

_LOOK_EVERY_SECONDS = 10.0
_RECORDS_DAYS = 400.0
BLOCKED_DAYS = 90.0
_DAY = 86_400.0


@dataclass(kw_only=True)
class Housekeeper:
    """Deletes what has outlived its time, and dates what a clock that was ahead has seen."""

    storage: Storage
    retention_days: float
    now: Now
    stop: Stop
    _looked_at: float = 0.0

    async def step(self) -> None:
        """One round, then a rest."""
        now = self.now()
        if not 0 <= now - self._looked_at < retention.EVERY:
            # Whoever was here before may have looked a moment ago, and to look is to go through
            # all that feeds are remembered by.
            before = await self.storage.tended(now)
            is_due = retention.is_due(before, now)
            self._looked_at = now if is_due else before.seen
            if is_due:
                # Before the look is noted: what does not come to its end is done at the next.
                if retention.is_set_right(before, now):
                    await self.storage.date_by_the_clock(now)
                await self._prune(before, now)
                await self.storage.tidy(now)
        await self.stop.sleep(_LOOK_EVERY_SECONDS)

    async def _prune(self, before: Tended, now: float) -> None:
        feeds = await self.storage.feeds.tend_guests(now)
        if feeds:
            log.info("feeds that chats brought and left deleted", feeds=feeds)
        tended = retention.looked(before, now)
        if tended.doubted_since is not None:
            if before.doubted_since is None:
                log.warning(
                    "the clock jumped; nothing is deleted until it has stood for a day",
                    hours=round((now - before.seen) / 3600),
                )
            await self.storage.keep_tended(tended)
            return
        gone = await prune_some(self.storage, self.retention_days, tended, now)
        for table, rows in gone.items():
            tended = retention.deleted(tended, table, rows)
        await self.storage.keep_tended(tended)
        if gone["stories"]:
            log.info("old stories deleted", stories=gone["stories"])
        chats = await self.storage.chats.forget_blocked(now - BLOCKED_DAYS * _DAY)
        if chats:
            log.info("chats that blocked the bot long ago deleted", chats=chats)


async def prune_some(
    storage: Storage, retention_days: float, tended: Tended, now: float
) -> dict[str, int]:
    """Deletes what is old as far as a day may; returns how many rows of each table."""
    most = {
        table: max(0, retention.allowance(tended, table, rows, inflow))
        for table, (rows, inflow) in (await storage.sizes(now)).items()
    }
    return await storage.prune_some(*_bounds(retention_days, now), most)


async def prune(storage: Storage, retention_days: float, now: float) -> int:
    """Deletes all stories older than the retention, and records that no story can need any more."""
    return await storage.prune(*_bounds(retention_days, now))


def _bounds(retention_days: float, now: float) -> tuple[float, float]:
    """Before when stories are old, and when records."""
    records_days = max(_RECORDS_DAYS, 2 * retention_days)
    # A story in the desk's window must be there for the reports that may still join it.
    kept_seconds = max(retention_days * _DAY, WINDOW_SECONDS + _DAY)
    return now - kept_seconds, now - records_days * _DAY
