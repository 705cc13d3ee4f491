"""What may be asked of a database about the pace of sending; see `storage.interface`."""

from collections.abc import Mapping
from typing import Protocol

from bot.news.outbox import Schedule
from bot.news.penalty import Penalty


class Schedules(Protocol):
    """What of the pace of sending outlives a process."""

    async def keep(
        self, holds: Mapping[int, float], penalty: Penalty, lowered: int | None, now: float
    ) -> None:
        """Stores until when chats must be left alone, the bot's penalty, and its lowered rate."""

    async def load(self, now: float) -> Schedule:
        """What a process that begins now must wait for, and has to count as sent. Where the clock
        has been put back since `keep`, what waits waits as long as it was to.
        """

    async def set_back(self, seconds: float, now: float) -> None:
        """The clock went back by so many seconds: what waits, waits as long as it was to."""
