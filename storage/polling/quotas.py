"""Feeds over their quotas."""

from collections.abc import Sequence

from bot.news.feed import OverQuota, TooLoud
from storage.database import Database
from storage.polling.feed_rows import feed_of
from storage.sql import as_list, listed


class Quotas:
    """Feeds that chats brought and of which entries were left out, and feeds of the operator's of
    which some did not ring.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def untold(self) -> list[OverQuota]:
        """Feeds over a quota, with the chats that brought them and were not told of it."""
        rows = await self._database.rows(
            "SELECT f.*, o.chat_id AS of_chat, i.left_out FROM over_quota o"
            " JOIN feeds f ON f.id = o.feed_id JOIN feed_intake i ON i.feed_id = f.id"
            " WHERE o.told = 0 ORDER BY o.chat_id, f.id"
        )
        return [OverQuota(row["of_chat"], feed_of(row), row["left_out"]) for row in rows]

    async def too_loud(self, since: float, until: float) -> list[TooLoud]:
        """Feeds of the operator's that rang more than they may between two times, as far as is
        known: the last time is.
        """
        rows = await self._database.rows(
            "SELECT f.*, i.left_out, i.hushed_at AS over_at FROM feed_intake i"
            " CROSS JOIN feeds f ON f.id = i.feed_id"
            " WHERE i.hushed_at >= ? AND i.hushed_at <= ? AND f.guest = 0 ORDER BY f.id",
            since,
            until,
        )
        return [TooLoud(feed_of(row), row["left_out"], row["over_at"]) for row in rows]

    async def tell(self, chat_id: int, feed_ids: Sequence[int]) -> None:
        """Notes that a chat was told of these."""
        async with self._database.write() as transaction:
            await transaction.run(
                f"UPDATE over_quota SET told = 1 WHERE chat_id = ? AND feed_id IN {listed()}",
                chat_id,
                as_list(feed_ids),
            )
