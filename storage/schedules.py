"""The schedule of sending: penalties, and what was sent a moment ago."""

import json
from collections.abc import Mapping

from bot.news.outbox import Schedule
from bot.news.penalty import Penalty, penalty_of
from storage.database import Database, Row
from storage.sql import by

# The longest of Telegram's limits counts messages a minute.
_LATELY_SECONDS = 60.0
_MOST = 20_000
_CLOCK_BACK_SECONDS = 5.0


class Schedules:
    """What of the pace of sending outlives a process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(
        self, holds: Mapping[int, float], penalty: Penalty, lowered: int | None, now: float
    ) -> None:
        """Stores until when chats must be left alone, the bot's penalty, and its lowered rate."""
        async with self._database.write() as transaction:
            await transaction.run_many(
                "UPDATE chats SET hold_until = max(hold_until, ?) WHERE id = ?",
                [(until, chat_id) for chat_id, until in holds.items()],
            )
            await transaction.run(_KEEP, _as_kept(penalty, lowered, now))

    async def load(self, now: float) -> Schedule:
        """What a process that begins now must wait for, and has to count as sent. Where the clock
        has been put back since `keep`, what waits waits as long as it was to.
        """
        penalty, lowered, noted_at = await self._kept()
        if noted_at > now + _CLOCK_BACK_SECONDS:
            await self.set_back(noted_at - now, now)
            penalty, lowered, _ = await self._kept()
        async with self._database.read() as transaction:
            held = await transaction.rows(
                "SELECT id, hold_until FROM chats WHERE hold_until > ? LIMIT ?", now, _MOST
            )
            sent = await transaction.rows(_SENT, now - _LATELY_SECONDS, _MOST)
        return Schedule(
            penalty,
            lowered,
            tuple((row["id"], row["hold_until"]) for row in held),
            tuple(_sent(row) for row in sent),
        )

    async def set_back(self, seconds: float, now: float) -> None:
        """The clock went back by so many seconds: what waits, waits as long as it was to."""
        penalty, lowered, _ = await self._kept()
        async with self._database.write() as transaction:
            await transaction.run(
                "UPDATE chats SET hold_until = hold_until - ?1 WHERE hold_until > ?2", seconds, now
            )
            # Of what is pending this is when it is tried again; of what is held, an hour of day.
            await transaction.run(
                f"UPDATE deliveries {by('deliveries_pending')} SET due_at = due_at - ?1"
                " WHERE state = 'pending' AND due_at > ?2",
                seconds,
                now,
            )
            await transaction.run(
                f"UPDATE deliveries {by('deliveries_open')} SET was_due_at = was_due_at - ?1"
                " WHERE state IN ('pending', 'sending') AND was_due_at > ?2",
                seconds,
                now,
            )
            set_back = _as_kept(penalty.set_back(seconds), lowered, now)
            await transaction.run(_KEEP, set_back)

    async def _kept(self) -> tuple[Penalty, int | None, float]:
        """The bot's penalty, its lowered rate, and when that was stored."""
        row = await self._database.row("SELECT value FROM facts WHERE name = 'pace'")
        if row is None:
            return Penalty(), None, 0.0
        penalty, lowered, noted_at = json.loads(row["value"])
        return penalty_of(json.dumps(penalty)), lowered, noted_at


def _as_kept(penalty: Penalty, lowered: int | None, now: float) -> str:
    return json.dumps([json.loads(penalty.as_json()), lowered, now])


_KEEP = (
    "INSERT INTO facts VALUES ('pace', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
# What ended, and what was edited, begun, or of unknown outcome. What was told within a digest had
# no message of its own.
_SENT = (
    "SELECT d.chat_id, c.kind, d.at FROM ("
    " SELECT chat_id, settled_at AS at FROM deliveries"
    "  WHERE settled_at > ?1 AND state IN ('sent', 'unknown')"
    "  AND digest_id IS NULL"
    " UNION ALL"
    f" SELECT chat_id, edited_at FROM deliveries {by('deliveries_edited')}"
    "  WHERE edited_at > ?1"
    ") d JOIN chats c ON c.id = d.chat_id ORDER BY d.at DESC LIMIT ?2"
)


def _sent(row: Row) -> tuple[int, str, float]:
    return row["chat_id"], row["kind"], row["at"]
