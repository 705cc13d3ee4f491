"""Feeds that only chats brought: some chat answers for each, or it goes."""

from collections import Counter

from storage.sqlite.connection import Transaction

_AT_ONCE = 500
_REST_SECONDS = 86_400.0
_SPOKEN_OF_SECONDS = 7 * 86_400.0
"""After a week within its quota a guest may be spoken of anew."""


async def tend(transaction: Transaction, most: int, before: float, now: float) -> int:
    """Hands guests that nobody answers for to a chat that follows them and answers for fewer than
    `most`; those of before then that nobody takes are deleted. Returns how many were.

    Without this two chats could fill the catalogue in turn, as each only answers for what it has.
    """
    await transaction.run(_REST, now, now + _REST_SECONDS)
    await transaction.run("DELETE FROM over_quota WHERE at < ?", now - _SPOKEN_OF_SECONDS)
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


def kept(feeds: str) -> str:
    """Whether a feed is to be polled, as SQL: it is the operator's, or of a chat that is served or
    said /stop. Whom nobody who brought it is left to hear is not asked for news.
    """
    return (
        f"({feeds}.guest = 0 OR EXISTS (SELECT 1 FROM added_feeds a JOIN chats c"
        f" ON c.id = a.chat_id WHERE a.feed_id = {feeds}.id AND c.state IN ('active', 'stopped')))"
    )


# So that those that are not polled do not stand before all that are, for as long as they are there.
_REST = f"UPDATE feeds SET poll_at = ?2 WHERE poll_at <= ?1 AND guest = 1 AND NOT {kept('feeds')}"
_ORPHANS = (
    "SELECT id, added_at FROM feeds WHERE guest = 1"
    " AND id NOT IN (SELECT feed_id FROM added_feeds) ORDER BY id LIMIT ?"
)
_FOLLOWERS = (
    "SELECT chat_id, min(since) AS since FROM subscriptions WHERE feed_id = ?"
    " GROUP BY chat_id ORDER BY since"
)
_HAND_OVER = "INSERT INTO added_feeds (feed_id, chat_id, at, inherited) VALUES (?, ?, ?, 1)"
