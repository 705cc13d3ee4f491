"""Feeds that only chats brought: some chat answers for each, or it goes."""

from collections import Counter

from storage.sqlite.connection import Transaction

_AT_ONCE = 500


async def tend(transaction: Transaction, most: int, before: float, now: float) -> int:
    """Hands guests that nobody answers for to a chat that follows them and answers for fewer than
    `most`; those of before then that nobody takes are deleted. Returns how many were.

    Without this two chats could fill the catalogue in turn, as each only answers for what it has.
    """
    orphans = await transaction.rows(_ORPHANS, _AT_ONCE)
    counts = await transaction.rows("SELECT chat_id, count(*) AS n FROM added_feeds GROUP BY 1")
    answers = Counter({row["chat_id"]: row["n"] for row in counts})
    gone = 0
    for orphan in orphans:
        followers = await transaction.rows(_FOLLOWERS, orphan["id"])
        heir = next((row["chat_id"] for row in followers if answers[row["chat_id"]] < most), None)
        if heir is not None:
            answers[heir] += 1
            await transaction.run(_HAND_OVER, orphan["id"], heir, now)
        elif orphan["added_at"] < before:
            gone += await transaction.run("DELETE FROM feeds WHERE id = ?", orphan["id"])
    return gone


_ORPHANS = (
    "SELECT id, added_at FROM feeds WHERE guest = 1"
    " AND id NOT IN (SELECT feed_id FROM added_feeds) ORDER BY id LIMIT ?"
)
_FOLLOWERS = (
    "SELECT chat_id, min(since) AS since FROM subscriptions WHERE feed_id = ?"
    " GROUP BY chat_id ORDER BY since"
)
_HAND_OVER = "INSERT INTO added_feeds (feed_id, chat_id, at, inherited) VALUES (?, ?, ?, 1)"
