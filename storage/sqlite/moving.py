"""A feed gets another address, within a transaction; where another feed has it, the two become one.

Nothing rings twice for that: what either remembers of its entries, the one that stays remembers.
"""

from storage.sqlite.connection import Transaction


async def give_address(transaction: Transaction, feed_id: int, url: str, now: float) -> int:
    """Gives a feed an address; returns the id of the feed that has it now."""
    rows = await transaction.rows("SELECT id, url FROM feeds WHERE url = ? OR id = ?", url, feed_id)
    other = next((row["id"] for row in rows if row["id"] != feed_id), None)
    for row in rows:
        if row["id"] == feed_id and row["url"] != url:
            await transaction.run(_FORMERLY, row["url"], other or feed_id)
    await transaction.run("DELETE FROM former_addresses WHERE url = ?", url)
    if other:
        await _join(transaction, feed_id, other, now)
        return int(other)
    await transaction.run(
        "UPDATE feeds SET url = ?, moved_to = NULL, moved_since = NULL, moved_polls = 0,"
        " moved_hinted = 0 WHERE id = ?",
        url,
        feed_id,
    )
    return feed_id


async def begin_anew(transaction: Transaction, feed_id: int, now: float) -> None:
    """Forgets how a feed answered, and nothing of its entries: it is polled at once, whole."""
    await transaction.run(
        "UPDATE feeds SET etag = NULL, last_modified = NULL, body_hash = NULL, poll_at = ?,"
        " failures = 0, failing_since = NULL, error = NULL, suspended = 0, gone_at = NULL"
        " WHERE id = ?",
        now,
        feed_id,
    )


async def _join(transaction: Transaction, left: int, kept: int, now: float) -> None:
    """Moves all of one feed to another, and ends it."""
    await _join_adders(transaction, left, kept)
    for statement in _MOVES:
        await transaction.run(statement, left, kept)
    await transaction.run(_JOIN_STATE, left, kept, now)
    await transaction.run("DELETE FROM feeds WHERE id = ?", left)


async def _join_adders(transaction: Transaction, left: int, kept: int) -> None:
    """Chats may take out what chats added; what an operator put there stays the operator's."""
    rows = await transaction.rows(
        "SELECT count(DISTINCT feed_id) AS n FROM added_feeds WHERE feed_id IN (?, ?)", left, kept
    )
    if rows[0]["n"] < 2:
        await transaction.run("UPDATE feeds SET guest = 0 WHERE id = ?", kept)
        await transaction.run("DELETE FROM added_feeds WHERE feed_id IN (?, ?)", left, kept)


_FORMERLY = (
    "INSERT INTO former_addresses (url, feed_id) VALUES (?, ?)"
    " ON CONFLICT (url) DO UPDATE SET feed_id = excluded.feed_id"
)
_MOVES = (
    "UPDATE former_addresses SET feed_id = ?2 WHERE feed_id = ?1",
    # Inserted rather than changed: what is inserted and deleted tells the desk of a new audience.
    "INSERT OR IGNORE INTO subscriptions (chat_id, thread_id, feed_id, since)"
    " SELECT chat_id, thread_id, ?2, since FROM subscriptions WHERE feed_id = ?1",
    "INSERT OR IGNORE INTO added_feeds (feed_id, chat_id, at)"
    " SELECT ?2, chat_id, at FROM added_feeds WHERE feed_id = ?1",
    "INSERT INTO entries (feed_id, key, seen_at, title, summary, published_at, spare)"
    " SELECT ?2, key, seen_at, title, summary, published_at, spare FROM entries"
    " WHERE feed_id = ?1 ON CONFLICT (feed_id, key) DO UPDATE SET"
    " seen_at = max(seen_at, excluded.seen_at), spare = min(spare, excluded.spare)",
    "UPDATE reports SET feed_id = ?2 WHERE feed_id = ?1",
)
# The memory of the one makes the other no stranger; and what answers is not suspended.
_JOIN_STATE = (
    "UPDATE feeds SET settled = max(feeds.settled, o.settled), usual = max(feeds.usual, o.usual),"
    " newest_at = coalesce(max(feeds.newest_at, o.newest_at), feeds.newest_at, o.newest_at),"
    " poll_at = iif(feeds.suspended, ?3, feeds.poll_at),"
    " error = iif(feeds.suspended, NULL, feeds.error), suspended = 0, gone_at = NULL,"
    " folder = iif(feeds.folder = '', o.folder, feeds.folder),"
    " full_text = max(feeds.full_text, o.full_text)"
    " FROM (SELECT * FROM feeds WHERE id = ?1) AS o WHERE feeds.id = ?2"
)
