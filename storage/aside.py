"""What was set aside."""

from enum import StrEnum

from msgspec import Struct

from storage.database import Database, Transaction


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


class SetAside(Struct, frozen=True):
    """One thing: its number in its queue, why (an exception's words, for operators), when last
    (seconds since 1970), and how often.
    """

    queue: Queue
    item: str
    reason: str
    at: float
    times: int


_MOST_TIMES = 5
_MOST_OF_A_QUEUE = 1_000
_REASON = 300
# Reports are more than a record: one that is not on it any more would be placed.
_KEPT_WHOLE = Queue.REPORTS

IS_ASIDE = "(SELECT item FROM set_aside WHERE queue = '{queue}' AND resting = 1)"
"""The items of a queue that are not to be tried now."""


class Aside:
    """The record of what was set aside. Of each queue the newest thousand are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, queue: Queue, item: object, reason: str, now: float) -> None:
        """Notes that something was set aside."""
        async with self._database.write() as transaction:
            await put(transaction, queue, item, reason, now)

    async def counts(self) -> dict[Queue, int]:
        """How many of each queue are on record; without those that have none."""
        rows = await self._database.rows("SELECT queue, count(*) AS n FROM set_aside GROUP BY 1")
        return {Queue(row["queue"]): row["n"] for row in rows}

    async def newest(self, limit: int) -> list[SetAside]:
        """What was set aside last."""
        rows = await self._database.rows(
            "SELECT * FROM set_aside ORDER BY at DESC, item LIMIT ?", limit
        )
        return [
            SetAside(Queue(row["queue"]), row["item"], row["reason"], row["at"], row["times"])
            for row in rows
        ]

    async def lift(self, queue: Queue) -> int:
        """Lets what was set aside fewer than five times be tried again; returns how many."""
        async with self._database.write() as transaction:
            return await transaction.run(
                "UPDATE set_aside SET resting = 0 WHERE queue = ? AND resting = 1 AND times < ?",
                queue,
                _MOST_TIMES,
            )


async def put(
    transaction: Transaction, queue: Queue, item: object, reason: str, now: float
) -> None:
    """Notes that something was set aside, within a transaction."""
    await transaction.run(
        "INSERT INTO set_aside (queue, item, reason, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (queue, item) DO UPDATE SET reason = excluded.reason, at = excluded.at,"
        " times = set_aside.times + 1, resting = 1",
        queue,
        str(item),
        reason[:_REASON],
        now,
    )
    if queue is not _KEPT_WHOLE:
        await transaction.run(
            "DELETE FROM set_aside WHERE queue = ?1 AND at < (SELECT at FROM set_aside"
            " WHERE queue = ?1 ORDER BY at DESC LIMIT 1 OFFSET ?2)",
            queue,
            _MOST_OF_A_QUEUE - 1,
        )
