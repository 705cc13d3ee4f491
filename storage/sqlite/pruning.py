"""Deleting what has outlived its time, a few hundred rows a transaction: nobody waits long."""

import json

from storage.sqlite.connection import Database
from storage.sqlite.placing import SEQUENCE

_AT_ONCE = 500
_SHOWN_SECONDS = 2 * 86_400.0  # twice as often as what is shown is noted


async def prune_stories(database: Database, before: float) -> int:
    """Deletes stories from before then, and returns how many; what is still to be sent, or was
    joined since, stays.
    """
    pruned = 0
    while gone := await _prune_some_stories(database, before):
        pruned += gone
    return pruned


async def _prune_some_stories(database: Database, before: float) -> int:
    async with database.write() as transaction:
        rows = await transaction.rows(
            "SELECT id, sort_key FROM stories s WHERE sort_key < ?3 AND at < ?1 AND NOT EXISTS"
            " (SELECT 1 FROM reports r JOIN deliveries d ON d.report_id = r.id"
            "  WHERE r.story_id = s.id AND d.state IN ('pending', 'sending'))"
            " AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.story_id = s.id"
            "  AND r.seen_at >= ?1)"
            " ORDER BY sort_key LIMIT ?2",
            before,
            _AT_ONCE,
            # So that looking ends where what is kept begins.
            int(max(before, 0)) * SEQUENCE,
        )
        keys = json.dumps([row["sort_key"] for row in rows])
        ids = json.dumps([row["id"] for row in rows])
        await transaction.run(
            "DELETE FROM story_keys WHERE rowid IN (SELECT value FROM json_each(?))", keys
        )
        await transaction.run(
            "DELETE FROM stories WHERE id IN (SELECT value FROM json_each(?))", ids
        )
    return len(rows)


async def prune_records(database: Database, before: float) -> None:
    """Deletes deliveries settled before then, and what was muted before then."""
    for statement in (
        "DELETE FROM deliveries WHERE id IN"
        " (SELECT id FROM deliveries WHERE settled_at < ? LIMIT ?)",
        "DELETE FROM muted_stories WHERE (story_id, chat_id) IN"
        " (SELECT story_id, chat_id FROM muted_stories WHERE at < ? LIMIT ?)",
    ):
        gone = _AT_ONCE
        while gone == _AT_ONCE:
            async with database.write() as transaction:
                gone = await transaction.run(statement, before, _AT_ONCE)


async def prune_entries(database: Database, before: float, spare_before: float) -> None:
    """Forgets entries last shown before then; keys by which nothing is known now need not outlive
    the stories and go earlier. What stood in a feed's newest document stays, however long ago that
    was: it would be taken for new when the feed changes next.

    What is old is looked for without the writer, feed by feed; only the deleting waits for it.
    """
    for feed in await database.rows(_MEMORIES):
        shown = feed["newest"] - _SHOWN_SECONDS
        bounds = min(before, shown), min(spare_before, shown)
        if _is_before(feed["oldest"], bounds[0]) or _is_before(feed["oldest_spare"], bounds[1]):
            await _forget(database, feed["feed_id"], *bounds)


async def _forget(database: Database, feed_id: int, before: float, spare_before: float) -> None:
    after = b""
    while old := await database.rows(_OLD, feed_id, after, spare_before, before, _AT_ONCE):
        async with database.write() as transaction:
            # Asked again: it may have been shown since it was looked for.
            await transaction.run_many(
                "DELETE FROM entries WHERE feed_id = ? AND key = ? AND seen_at = ?",
                [(feed_id, row["key"], row["seen_at"]) for row in old],
            )
        after = old[-1]["key"]


def _is_before(at: float | None, bound: float) -> bool:
    return at is not None and at < bound


_MEMORIES = (
    "SELECT feed_id, max(seen_at) AS newest, min(iif(spare, NULL, seen_at)) AS oldest,"
    " min(iif(spare, seen_at, NULL)) AS oldest_spare FROM entries GROUP BY feed_id"
)
_OLD = (
    "SELECT key, seen_at FROM entries WHERE feed_id = ? AND key > ?"
    " AND seen_at < iif(spare, ?, ?) ORDER BY key LIMIT ?"
)
