"""Feeds that a list brought."""

from collections.abc import Sequence

from bot.news.chat import Subscription
from bot.news.feed import Feed, NewFeed
from storage.database import Database
from storage.polling.feed_adding import bring_feeds
from storage.polling.feed_rows import feed_of
from storage.polling.guests import follow
from storage.sql import as_list, listed

_AT_ONCE = 100


class Candidates:
    """Feeds that are followed already and that nobody has read yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bring(
        self, chat_id: int, thread_id: int, feeds: Sequence[NewFeed], now: float, *, guests: bool
    ) -> list[Feed]:
        """Adds feeds for a chat, which follows them from now on; `guests` are the chat's own.
        Returns those that were not there.
        """
        async with self._database.write() as transaction:
            added = await bring_feeds(transaction, chat_id, thread_id, feeds, now, guests=guests)
            await transaction.run_many(
                "INSERT INTO candidates (chat_id, feed_id, thread_id, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                [(chat_id, feed.id, thread_id, now) for feed in added],
            )
        return added

    async def follow(self, subscriptions: Sequence[Subscription], now: float) -> int:
        """Follows many at once, as many as a chat may; returns how many of them newly."""
        async with self._database.write() as transaction:
            return await follow(transaction, subscriptions, now)

    async def over(self, failures: int, before: float) -> list[tuple[int, int]]:
        """Chats and threads all of whose candidates were read, failed so often, are suspended, or
        were brought before then.
        """
        rows = await self._database.rows(
            # From the few candidates to their feeds, never the other way.
            "SELECT c.chat_id, c.thread_id FROM candidates c CROSS JOIN feeds f ON f.id = c.feed_id"
            " GROUP BY c.chat_id, c.thread_id HAVING min(CASE WHEN f.settled = 1 OR f.failures >= ?"
            "  OR f.suspended = 1 OR c.at < ? THEN 1 ELSE 0 END) = 1 ORDER BY min(c.at) LIMIT ?",
            failures,
            before,
            _AT_ONCE,
        )
        return [(row["chat_id"], row["thread_id"]) for row in rows]

    async def of(self, chat_id: int, thread_id: int) -> list[Feed]:
        """The feeds that a chat's list brought in a thread, and that it was not told of yet."""
        rows = await self._database.rows(
            "SELECT f.* FROM candidates c CROSS JOIN feeds f ON f.id = c.feed_id"
            " WHERE c.chat_id = ? AND c.thread_id = ? ORDER BY f.id",
            chat_id,
            thread_id,
        )
        return [feed_of(row) for row in rows]

    async def note_told(self, chat_id: int, feed_ids: Sequence[int], unread: Sequence[int]) -> None:
        """Notes that a chat was told what became of its candidates, and takes those `unread` out
        of the catalogue that are no feeds and that only this chat brought and follows.
        """
        async with self._database.write() as transaction:
            await transaction.run(
                f"DELETE FROM candidates WHERE chat_id = ? AND feed_id IN {listed()}",
                chat_id,
                as_list(feed_ids),
            )
            # Of guests each is ended with the last chat that keeps it.
            await transaction.run(
                "DELETE FROM added_feeds WHERE chat_id = ?"
                f" AND feed_id IN {listed()}"
                " AND feed_id IN (SELECT id FROM feeds WHERE settled = 0)",
                chat_id,
                as_list(unread),
            )
