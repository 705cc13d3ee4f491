"""A feed gets another address, within a transaction; where another feed has it, the two become one.

The one that stays was polled for itself, and what it remembers is enough: what the other remembers
could silence it, and a stranger wrote that where the other is a guest. So a guest brings those who
follow it, and neither memory nor reports.

A guest that moves to where no feed is keeps both, for those who follow it. Where the operator takes
it over from there, it begins as one that is new: the operator named that address and no other.
"""

from collections.abc import Collection, Sequence

from storage.database import Row, Transaction
from storage.polling import memory
from storage.sql import as_list, listed
from storage.stories import outlets, search_index


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
    before = next((row["url"] for row in rows if row["id"] == feed_id), url)
    # What another server said of its document says nothing of one that was not fetched yet.
    await transaction.run(
        "UPDATE feeds SET url = ?, moved_here = max(moved_here, ?), moved_to = NULL,"
        " moved_since = NULL, moved_polls = 0, moved_hinted = 0, etag = NULL,"
        " last_modified = NULL WHERE id = ?",
        url,
        int(_without_scheme(before) != _without_scheme(url)),
        feed_id,
    )
    return feed_id


def _without_scheme(url: str) -> str:
    """What stays where a site goes over to https, or to its name with or without www."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


async def must_wait(transaction: Transaction, feed_id: int, url: str) -> bool:
    """True while a guest that moves to another feed's address has told what is not placed: in that
    feed's name it would ring for everybody, in none for nobody. It moves at a later poll.
    """
    rows = await transaction.rows(
        "SELECT 1 FROM feeds f WHERE f.id = ?1 AND f.guest = 1"
        " AND EXISTS (SELECT 1 FROM feeds o WHERE o.url = ?2 AND o.id <> ?1)"
        " AND EXISTS (SELECT 1 FROM reports r WHERE r.feed_id = ?1 AND r.story_id IS NULL)",
        feed_id,
        url,
    )
    return bool(rows)


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
    """Moves to one feed what may come along of another, and ends that."""
    rows = await transaction.rows(
        "SELECT id, guest, moved_here FROM feeds WHERE id IN (?, ?)", left, kept
    )
    feeds = {row["id"]: row for row in rows}
    if not (feeds[left]["guest"] and feeds[kept]["guest"]):
        # Chats may take out what chats added; what an operator put there stays the operator's.
        # Both first: a guest ends with the last chat that keeps it, and one that is left would
        # before its followers have come along. What it told is as that of one that was taken out.
        await transaction.run("UPDATE feeds SET guest = 0 WHERE id IN (?, ?)", left, kept)
        if feeds[kept]["guest"]:
            await become_the_operators(transaction, [feeds[kept]])
        await transaction.run("DELETE FROM added_feeds WHERE feed_id IN (?, ?)", left, kept)
    for statement in _FOLLOWERS:
        await transaction.run(statement, left, kept)
    # From now on: it must not count as the one that brought the other first.
    await transaction.run(_KEEPERS, left, kept, now)
    if not feeds[left]["guest"]:
        if await transaction.run(_REPORTS, left, kept):
            await transaction.run(_MOVED)
        await outlets.count_of(transaction, [kept])
        await transaction.run(_WISHES, left, kept)
        if await transaction.rows("SELECT 1 FROM feeds WHERE id = ? AND settled = 0", kept):
            await memory.move(transaction, left, kept)
            await transaction.run(_KNOWS, left, kept)
    await transaction.run(_AWAKE, kept, now)
    await transaction.run("DELETE FROM feeds WHERE id = ?", left)


_FORMERLY = (
    "INSERT INTO former_addresses (url, feed_id) VALUES (?, ?)"
    " ON CONFLICT (url) DO UPDATE SET feed_id = excluded.feed_id"
)
_FOLLOWERS = (
    "UPDATE former_addresses SET feed_id = ?2 WHERE feed_id = ?1",
    # Inserted rather than changed: what is inserted and deleted tells the desk of a new audience.
    "INSERT INTO subscriptions (chat_id, thread_id, feed_id, since)"
    " SELECT chat_id, thread_id, ?2, since FROM subscriptions WHERE feed_id = ?1"
    " ON CONFLICT DO NOTHING",
)
_KEEPERS = (
    "INSERT INTO added_feeds (feed_id, chat_id, at, person)"
    " SELECT ?2, chat_id, ?3, person FROM added_feeds WHERE feed_id = ?1 ON CONFLICT DO NOTHING"
)
_REPORTS = "UPDATE reports SET feed_id = ?2 WHERE feed_id = ?1"
# The desk holds reports by their feeds, and asks whether these are still the same.
_MOVED = (
    "INSERT INTO facts VALUES ('reports_moved', '1') ON CONFLICT (name)"
    " DO UPDATE SET value = CAST(facts.value AS INTEGER) + 1"
)
_WISHES = (
    "UPDATE feeds SET folder = CASE feeds.folder WHEN '' THEN o.folder ELSE feeds.folder END,"
    " full_text = max(feeds.full_text, o.full_text)"
    " FROM (SELECT folder, full_text FROM feeds WHERE id = ?1) AS o WHERE feeds.id = ?2"
)
_KNOWS = (
    "UPDATE feeds SET settled = o.settled, usual = o.usual, usual_at = o.usual_at,"
    " newest_at = o.newest_at, leaning = o.leaning, shown = o.shown"
    " FROM (SELECT settled, usual, usual_at, newest_at, leaning, shown"
    "  FROM feeds WHERE id = ?1) AS o WHERE feeds.id = ?2"
)
# A feed was found at its address: it is not suspended.
_AWAKE = (
    "UPDATE feeds SET suspended = 0, gone_at = NULL, error = NULL, poll_at = ?2"
    " WHERE id = ?1 AND suspended = 1"
)


async def become_the_operators(transaction: Transaction, guests: Sequence[Row]) -> None:
    """Lets feeds that were guests until now speak for the operator."""
    moved = [row["id"] for row in guests if row["moved_here"]]
    if moved:
        for statement in _AS_NEW:
            await transaction.run(statement, as_list(moved))
        await transaction.run(_MOVED)
    await _open_to_all(transaction, [row["id"] for row in guests if not row["moved_here"]])


# What it told is as that of a feed that was taken out.
_AS_NEW = (
    f"UPDATE reports SET feed_id = NULL WHERE feed_id IN {listed()}",
    f"DELETE FROM entries WHERE feed_id IN {listed()}",
    f"DELETE FROM shown_entries WHERE feed_id IN {listed()}",
    "UPDATE feeds SET settled = 0, etag = NULL, last_modified = NULL, body_hash = NULL,"
    " known_by = 'id', known_by_reason = NULL, newest_at = NULL, usual = 0, usual_at = NULL,"
    " leaning = 0, shown = NULL, reads = NULL, remembered_at = NULL, hub = NULL, topic = NULL,"
    " moved_here = 0"
    f" WHERE id IN {listed()}",
)


async def _open_to_all(transaction: Transaction, feed_ids: Collection[int]) -> None:
    """Makes what these feeds told what the operator's tell."""
    if not feed_ids:
        return  # as at each start: all that is stored would be gone through to find nothing
    await search_index.open_to_all(transaction, feed_ids)
    if sum([await transaction.run(each, as_list(feed_ids)) for each in _OPENED]):
        await transaction.run(_MOVED)
    await outlets.count_of(transaction, feed_ids)


_OPENED = (
    f"UPDATE reports SET guest = 0 WHERE guest = 1 AND feed_id IN {listed()}",
    f"UPDATE stories SET opened_by = 0 WHERE opened_by <> 0 AND opened_by IN {listed()}",
)
