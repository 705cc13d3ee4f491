"""What the threads of a forum are called."""

from storage.database import Database

MOST_NAMED = 200
"""So many threads of a chat are known by name: those in which something is followed, then those of
which something was heard last.
"""
HEARD_SECONDS = 86_400.0
"""How exactly that is noted: a write for each command would be too many."""

_FOLLOWED = (
    "CASE WHEN EXISTS (SELECT 1 FROM topics t"
    " WHERE t.chat_id = n.chat_id AND t.thread_id = n.thread_id)"
    " OR EXISTS (SELECT 1 FROM subscriptions s"
    " WHERE s.chat_id = n.chat_id AND s.thread_id = n.thread_id) THEN 1 ELSE 0 END"
)


class Threads:
    """Names of threads, by chat and number; the main thread has neither."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def names(self, chat_id: int) -> dict[int, str]:
        """What the threads of a chat are called, as far as that is known."""
        rows = await self._database.rows(
            "SELECT thread_id, name FROM thread_names WHERE chat_id = ?", chat_id
        )
        return {row["thread_id"]: row["name"] for row in rows}

    async def learn(self, chat_id: int, thread_id: int, name: str, now: float) -> None:
        """Notes what a thread was called at first, unless a name of it is known already: then that
        something is still written there, so that its name is kept.
        """
        known = await self._database.row(
            "SELECT at FROM thread_names WHERE chat_id = ? AND thread_id = ?", chat_id, thread_id
        )
        if known is None:
            await self.rename(chat_id, thread_id, name, now)
        elif known["at"] < now - HEARD_SECONDS:
            async with self._database.write() as transaction:
                await transaction.run(
                    "UPDATE thread_names SET at = ? WHERE chat_id = ? AND thread_id = ?",
                    now,
                    chat_id,
                    thread_id,
                )

    async def rename(self, chat_id: int, thread_id: int, name: str, now: float) -> None:
        """Notes what a thread is called now; of a chat that is not known nothing is noted."""
        async with self._database.write() as transaction:
            await transaction.run(
                "INSERT INTO thread_names (chat_id, thread_id, name, at)"
                " SELECT id, ?, ?, ? FROM chats WHERE id = ?"
                " ON CONFLICT (chat_id, thread_id) DO UPDATE"
                " SET name = excluded.name, at = excluded.at"
                " WHERE thread_names.name <> excluded.name",
                thread_id,
                name,
                now,
                chat_id,
            )
            await transaction.run(
                "DELETE FROM thread_names WHERE chat_id = ?1 AND thread_id NOT IN"
                " (SELECT thread_id FROM thread_names n WHERE chat_id = ?1"
                f"  ORDER BY {_FOLLOWED} DESC, at DESC, thread_id DESC LIMIT ?2)",
                chat_id,
                MOST_NAMED,
            )
