"""What could not be done and was set aside, so that it stops nothing else."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Queue(StrEnum):
    """Where it stood."""

    REPORTS = "reports"
    POLLS = "polls"
    OUTBOX = "outbox"
    EDITS = "edits"
    DIGESTS = "digests"
    PUSHES = "pushes"
    NOTICES = "notices"
    UPDATES = "updates"


@dataclass(frozen=True, slots=True)
class SetAside:
    """One thing: its number in its queue, why, when last (seconds since 1970), and how often."""

    queue: Queue
    item: str
    reason: str
    at: float
    times: int


class Aside(Protocol):
    """The record of what was set aside. Of each queue the newest thousand are kept."""

    async def put(self, queue: Queue, item: object, reason: str, now: float) -> None:
        """Notes that something was set aside."""

    async def counts(self) -> dict[Queue, int]:
        """How many of each queue are on record; without those that have none."""

    async def newest(self, limit: int) -> list[SetAside]:
        """What was set aside last."""

    async def lift(self, queue: Queue) -> int:
        """Lets what was set aside fewer than five times be tried again; returns how many."""
