"""Digests: what chats are told together, put into the outbox when its hour has come.

Also folds a backlog: when Telegram was away or a chat's queue is long, what comes late comes as
one message with all links, and not as a flood.
"""

from dataclasses import dataclass

from bot.loops import Bell, Now, Stop
from bot.news.stories.clustering import WINDOW_SECONDS
from storage.delivery.digests import Digests

FOLD_AFTER_SECONDS = 1800.0
FOLD_AT_LEAST = 6
_LOOK_AGAIN_SECONDS = 5.0


@dataclass(kw_only=True)
class Gatherer:
    """Enqueues digests. One works on a database at a time."""

    digests: Digests
    now: Now
    stop: Stop
    outbox: Bell

    def __post_init__(self) -> None:
        self._wakeup = self.stop.wakeup()

    async def step(self) -> None:
        """Enqueues what is due, and rests."""
        now = self.now()
        await self.digests.fold(now, FOLD_AFTER_SECONDS, FOLD_AT_LEAST)
        if await self.digests.enqueue_due(now):
            self.outbox.ring()
        else:
            await self.digests.give_up_waiting(now - WINDOW_SECONDS, now)
            at = await self.digests.next_at()
            wait = _LOOK_AGAIN_SECONDS if at is None else min(at - now, _LOOK_AGAIN_SECONDS)
            await self._wakeup.wait(max(wait, 0.1))
