"""Feeds that a list brought, in SQLite."""

import json
from collections.abc import Sequence

from bot.news.chat import Subscription
from bot.news.feed import Candidate, Feed, NewFeed
from storage.sqlite.connection import Database
from storage.sqlite.feeds import bring_feeds, feed_of
from storage.sqlite.guests import follow


class SqliteCandidates:
    """See `storage.candidates.Candidates`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bring(
        self, chat_id: int, thread_id: int, feeds: Sequence[NewFeed], now: float, *, guests: bool
    ) -> list[Feed]:
        """Adds feeds for a chat, which follows them from now on."""
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

    async def waiting(self) -> list[Candidate]:
        """All that nobody was told of yet, by chat and thread."""
        rows = await self._database.rows(
            "SELECT f.*, c.chat_id AS of_chat, c.thread_id AS of_thread, c.at AS since"
            " FROM candidates c JOIN feeds f ON f.id = c.feed_id"
            " ORDER BY c.chat_id, c.thread_id, f.id"
        )
        return [
            Candidate(row["of_chat"], row["of_thread"], feed_of(row), row["since"]) for row in rows
        ]

    async def told(self, chat_id: int, feed_ids: Sequence[int], unread: Sequence[int]) -> None:
        """Notes that a chat was told, and takes out what is no feed and only its own."""
        async with self._database.write() as transaction:
            await transaction.run(
                "DELETE FROM candidates WHERE chat_id = ?"
                " AND feed_id IN (SELECT value FROM json_each(?))",
                chat_id,
                json.dumps(list(feed_ids)),
            )
            # Of guests each is ended with the last chat that keeps it.
            await transaction.run(
                "DELETE FROM added_feeds WHERE chat_id = ?"
                " AND feed_id IN (SELECT value FROM json_each(?))"
                " AND feed_id IN (SELECT id FROM feeds WHERE settled = 0)",
                chat_id,
                json.dumps(list(unread)),
            )
