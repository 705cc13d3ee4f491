"""Who sees guests, which are feeds that only chats brought, and what they tell: chats that wrote
their address, and nobody else; no other may follow them. Every read that shows feeds or reports to
a chat, or counts them, asks here.
"""

from collections.abc import Collection

from storage import search_index
from storage.database import Transaction
from storage.sql import as_list, listed


def seen(row: str, chat: str, feed: str = "feed_id") -> str:
    """Whether a report, or a feed, may be shown to a chat and counted for it, as SQL: it is the
    operator's, or of a guest of which the chat wrote the address. The chat is a parameter, or a
    column named with its table; `feed` is the column with the number of the feed.
    """
    return (
        f"({row}.guest = 0 OR EXISTS (SELECT 1 FROM added_feeds v"
        f" WHERE v.feed_id = {row}.{feed} AND v.chat_id = {chat}))"
    )


def kept_by(chat: str) -> str:
    """The guests of which a chat wrote the address, as SQL."""
    return f"(SELECT feed_id FROM added_feeds WHERE chat_id = {chat})"


async def open_to_all(transaction: Transaction, feed_ids: Collection[int]) -> None:
    """Makes what feeds told that were guests until now what the operator's tell."""
    await search_index.open_to_all(transaction, feed_ids)
    for statement in _OPENED:
        await transaction.run(statement, as_list(feed_ids))


_OPENED = (
    f"UPDATE reports SET guest = 0 WHERE guest = 1 AND feed_id IN {listed()}",
    f"UPDATE stories SET opened_by = 0 WHERE opened_by <> 0 AND opened_by IN {listed()}",
)
