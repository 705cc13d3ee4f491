"""Deleting what has outlived its time, a few hundred rows a transaction: nobody waits long."""

import json

from msgspec.structs import asdict

from bot.news.retention import Tended
from storage.database import Database
from storage.polling import memory
from storage.sql import as_list, listed
from storage.stories import search_index
from storage.stories.placing import SEQUENCE

ENDLESS = 1 << 62
_AT_ONCE = 500
_DAY = 86_400.0


async def tended(database: Database, now: float) -> Tended:
    """When was looked last; where never yet, when the newest of what is stored was."""
    row = await database.row("SELECT value FROM facts WHERE name = 'tended'")
    if row:
        known = json.loads(row["value"])
        counts = tuple((table, count) for table, count in known.pop("deleted"))
        return Tended(**known, deleted=counts)
    newest = await database.row(
        "SELECT max(coalesce((SELECT max(seen_at) FROM reports), 0), coalesce((SELECT"
        " max(settled_at) FROM deliveries WHERE settled_at IS NOT NULL), 0)) AS at"
    )
    return Tended((newest and newest["at"]) or now)


async def keep_tended(database: Database, looked: Tended) -> None:
    """Remembers when it was looked whether something is to be pruned."""
    async with database.write() as transaction:
        await transaction.run(
            "INSERT INTO facts VALUES ('tended', ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            json.dumps(asdict(looked)),
        )


async def sizes(database: Database, now: float) -> dict[str, tuple[int, int]]:
    """How many rows the tables that are pruned have, and how many of them the last day brought; of
    tables that grow by far less than a twentieth a day that is not counted.
    """
    row = await database.row(
        "SELECT (SELECT count(*) FROM stories) AS stories,"
        " (SELECT count(*) FROM reports WHERE seen_at >= ?1) AS new_stories,"
        " (SELECT count(*) FROM deliveries) AS deliveries,"
        " (SELECT count(*) FROM deliveries WHERE settled_at >= ?1) AS new_deliveries,"
        " (SELECT count(*) FROM muted_stories) AS muted_stories",
        now - _DAY,
    )
    assert row is not None
    return {
        "stories": (row["stories"], row["new_stories"]),
        "deliveries": (row["deliveries"], row["new_deliveries"]),
        "muted_stories": (row["muted_stories"], 0),
        "entries": (await memory.count(database), 0),
    }


async def prune_stories(database: Database, before: float, most: int) -> int:
    """Deletes `most` stories from before then at most, and returns how many; what is still to be
    told, waits or is held, or was joined since, stays.
    """
    pruned = 0
    while gone := await _prune_some_stories(database, before, min(_AT_ONCE, most - pruned)):
        pruned += gone
    return pruned


async def _prune_some_stories(database: Database, before: float, most: int) -> int:
    async with database.write() as transaction:
        rows = await transaction.rows(
            "SELECT id FROM stories s WHERE sort_key < ?3 AND at < ?1 AND NOT EXISTS"
            " (SELECT 1 FROM reports r JOIN deliveries d ON d.report_id = r.id"
            "  WHERE r.story_id = s.id AND d.state IN ('pending', 'sending', 'held', 'waiting'))"
            " AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.story_id = s.id"
            "  AND r.seen_at >= ?1)"
            " ORDER BY sort_key LIMIT ?2",
            before,
            max(most, 0),
            # So that looking ends where what is kept begins.
            int(max(before, 0)) * SEQUENCE,
        )
        ids = [row["id"] for row in rows]
        await search_index.drop(transaction, ids)
        await transaction.run(f"DELETE FROM stories WHERE id IN {listed()}", as_list(ids))
    return len(rows)


async def prune_records(database: Database, before: float, most: int) -> int:
    """Deletes `most` deliveries settled before then at most; returns how many."""
    return await _prune_table(
        database,
        "DELETE FROM deliveries WHERE id IN"
        " (SELECT id FROM deliveries WHERE settled_at < ? LIMIT ?)",
        before,
        most,
    )


async def prune_mutes(database: Database, before: float, most: int) -> int:
    """The same of the stories that were muted before then."""
    return await _prune_table(
        database,
        "DELETE FROM muted_stories WHERE (story_id, chat_id) IN"
        " (SELECT story_id, chat_id FROM muted_stories WHERE at < ? LIMIT ?)",
        before,
        most,
    )


async def _prune_table(database: Database, statement: str, before: float, most: int) -> int:
    pruned = 0
    while (wanted := min(_AT_ONCE, most - pruned)) > 0:
        async with database.write() as transaction:
            gone = await transaction.run(statement, before, wanted)
        pruned += gone
        if gone < wanted:
            break
    return pruned
