"""A pause with an end: what waits for a chat meanwhile, and what becomes of it then."""

from bot.news.telling.timing import PAUSED
from storage.database import Database, Transaction
from storage.delivery.gathered import MOST_GATHERED, SOURCES, TOLD_ALONE
from storage.sql import by

_PAUSED = PAUSED.stored()
# By the index of what has not ended: a chat may have years of alerts behind it.
_PENDING = "state IN ('pending', 'sending') AND state = 'pending'"
_HELD = "state = 'held' AND digest_id IS NULL"


class Pauses:
    """What waits for chats that are paused for a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hold_back(self, chat_id: int, due_at: float, now: float) -> None:
        """What was to come to a chat before then comes in a digest then, and news of what it was
        told does not come. What is on its way arrives.
        """
        async with self._database.write() as transaction:
            await transaction.run(
                "UPDATE deliveries SET state = 'held', due_at = ?, error = ? WHERE chat_id = ?"
                f" AND kind = 'alert' AND {_PENDING} {TOLD_ALONE}",
                due_at,
                _PAUSED,
                chat_id,
            )
            await transaction.run(
                "UPDATE deliveries SET state = 'dead', settled_at = ?, error = ? WHERE chat_id = ?"
                f" AND kind = 'update' AND {_PENDING}",
                now,
                _PAUSED,
                chat_id,
            )
            await transaction.run(
                # As one whose time was changed already: no alert that arrives brings it forward.
                "UPDATE deliveries SET was_due_at = coalesce(was_due_at, due_at), due_at = ?1"
                f" WHERE chat_id = ?2 AND kind = 'digest' AND {_PENDING} AND message_id IS NULL",
                due_at,
                chat_id,
            )
            await transaction.run(
                f"UPDATE deliveries {by('deliveries_held_of_chat')} SET due_at = ?1"
                f" WHERE chat_id = ?2 AND {_HELD} AND due_at < ?1",
                due_at,
                chat_id,
            )

    async def let_go(self, chat_id: int, before: float, due_at: float) -> None:
        """What was to come to a chat at `before`, when its pause was to end, comes at `due_at`."""
        async with self._database.write() as transaction:
            for table, which in (
                ("deliveries", f"kind = 'digest' AND {_PENDING}"),
                (f"deliveries {by('deliveries_held_of_chat')}", _HELD),
            ):
                await transaction.run(
                    f"UPDATE {table} SET due_at = ? WHERE chat_id = ? AND {which} AND due_at = ?",
                    due_at,
                    chat_id,
                    before,
                )


async def leave_what_is_too_much(
    transaction: Transaction, chat_id: int, thread_id: int, now: float
) -> None:
    """Of what came while a chat was paused, one digest is enough: the stories of most sources."""
    await transaction.run(
        "UPDATE deliveries SET state = 'dead', settled_at = ?3 WHERE id IN (SELECT d.id"
        f" FROM deliveries d {by('deliveries_held_of_chat')} WHERE d.chat_id = ?1"
        " AND d.thread_id = ?2 AND d.state = 'held' AND d.digest_id IS NULL AND d.due_at <= ?3"
        f" AND d.error = ?4 ORDER BY {SOURCES} DESC, d.id DESC LIMIT -1 OFFSET ?5)",
        chat_id,
        thread_id,
        now,
        _PAUSED,
        MOST_GATHERED,
    )
