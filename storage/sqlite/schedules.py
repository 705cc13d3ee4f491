"""The schedule of sending, in SQLite: penalties, and what was sent a moment ago."""

import json
from collections.abc import Mapping

from bot.news.outbox import Schedule
from storage.sqlite.connection import Database, Row

# The longest of Telegram's limits counts messages a minute.
_LATELY_SECONDS = 60.0
_MOST = 20_000


class SqliteSchedules:
    """See `storage.schedules.Schedules`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(
        self, holds: Mapping[int, float], held_until: float, lowered: int | None
    ) -> None:
        """Stores until when chats must be left alone, and the whole bot, and its lowered rate."""
        async with self._database.write() as transaction:
            await transaction.run_many(
                "UPDATE chats SET hold_until = max(hold_until, ?) WHERE id = ?",
                [(until, chat_id) for chat_id, until in holds.items()],
            )
            await transaction.run(
                "INSERT INTO facts VALUES ('pace', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                json.dumps([held_until, lowered]),
            )

    async def load(self, now: float) -> Schedule:
        """What a process that begins now must wait for, and has to count as sent."""
        async with self._database.read() as transaction:
            facts = await transaction.rows("SELECT value FROM facts WHERE name = 'pace'")
            held = await transaction.rows(
                "SELECT id, hold_until FROM chats WHERE hold_until > ? LIMIT ?", now, _MOST
            )
            sent = await transaction.rows(_SENT, now - _LATELY_SECONDS, _MOST)
        held_until, lowered = json.loads(facts[0]["value"]) if facts else (0.0, None)
        return Schedule(
            held_until,
            lowered,
            tuple((row["id"], row["hold_until"]) for row in held),
            tuple(_sent(row) for row in sent),
        )


# What ended, and what was edited, begun, or of unknown outcome. What was told within a digest had
# no message of its own.
_SENT = (
    "SELECT d.chat_id, c.kind, d.at FROM ("
    " SELECT chat_id, settled_at AS at FROM deliveries"
    "  WHERE settled_at > ?1 AND state IN ('sent', 'unknown')"
    "  AND digest_id IS NULL"
    " UNION ALL"
    " SELECT chat_id, edited_at FROM deliveries INDEXED BY deliveries_edited"
    "  WHERE edited_at > ?1"
    ") d JOIN chats c ON c.id = d.chat_id ORDER BY d.at DESC LIMIT ?2"
)


def _sent(row: Row) -> tuple[int, str, float]:
    return row["chat_id"], row["kind"], row["at"]
