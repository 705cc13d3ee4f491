"""Garden: what keeps the database small and the process known to be alive."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.errors import AlreadyRunning
from bot.loops import Now, Stop
from bot.news.clustering import WINDOW_SECONDS
from storage.interface import Storage

log = structlog.get_logger(__name__)

_LEASE_EVERY_SECONDS = 10.0
_PRUNE_EVERY_SECONDS = 3600.0
_RECORDS_DAYS = 400.0
BLOCKED_DAYS = 90.0
_DAY = 86_400.0


@dataclass
class Gardener:
    """Renews this process's lease and deletes what has outlived its time. `on_taken_over` is to
    end the process: two that send would tell everything twice.
    """

    storage: Storage
    retention_days: float
    now: Now
    stop: Stop
    on_taken_over: Callable[[str], None]
    _pruned_at: float = 0.0

    async def step(self) -> None:
        """One round, then a rest."""
        now = self.now()
        try:
            await self.storage.renew_lease(now)
        except AlreadyRunning as error:
            self.on_taken_over(str(error))
            return
        if now - self._pruned_at >= _PRUNE_EVERY_SECONDS:
            gone = await prune(self.storage, self.retention_days, now)
            self._pruned_at = now
            if gone:
                log.info("old stories deleted", stories=gone)
            chats = await self.storage.chats.forget_blocked(now - BLOCKED_DAYS * _DAY)
            if chats:
                log.info("chats that blocked the bot long ago deleted", chats=chats)
            feeds = await self.storage.feeds.tend_guests()
            if feeds:
                log.info("feeds that chats brought and left deleted", feeds=feeds)
        await self.stop.sleep(_LEASE_EVERY_SECONDS)


async def prune(storage: Storage, retention_days: float, now: float) -> int:
    """Deletes stories older than the retention, and records that no story can need any more."""
    records_days = max(_RECORDS_DAYS, 2 * retention_days)
    # A story in the desk's window must be there for the reports that may still join it.
    kept_seconds = max(retention_days * _DAY, WINDOW_SECONDS + _DAY)
    return await storage.prune(now - kept_seconds, now - records_days * _DAY)
