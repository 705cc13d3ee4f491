"""What may be asked of a database about the pace of sending; see `storage.interface`."""

from collections.abc import Mapping
from typing import Protocol

from bot.news.outbox import Schedule


class Schedules(Protocol):
    """What of the pace of sending outlives a process."""

    async def keep(
        self, holds: Mapping[int, float], held_until: float, lowered: int | None
    ) -> None:
        """Stores until when chats must be left alone, and the whole bot, and its lowered rate."""

    async def load(self, now: float) -> Schedule:
        """What a process that begins now must wait for, and has to count as sent."""
