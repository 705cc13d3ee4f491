"""An end for what would grow as long as the bot runs and strangers come. Nothing that waits to be
told ends here, and no record that keeps a story from being told twice.

The figures stand in docs/operating.md. Some hundred rows a transaction: nobody waits long.
"""

from storage.chats.chats import BROUGHT_BACK_SECONDS
from storage.database import Database
from storage.polling import memory
from storage.updates import MOST_REMEMBERED, REMEMBERED_DAYS

_DAY = 86_400.0
_AT_ONCE = 500

WAITING_DAYS, STOPPED_DAYS, SEARCHES_DAYS = 90, 400, 400
MOST_KEYS_OF_A_FEED = 100_000
MOST_RECORDS_OF_A_CHAT = 50_000
MOST_PUSHED_OF_A_FEED = 10_000
ASIDE_DAYS = 30
MOST_STORIES = 3_000_000


async def end_what_is_over(database: Database, now: float) -> None:
    """What nobody asks for any more, by its time."""
    for statement, before in (
        (_WAITING, now - WAITING_DAYS * _DAY),
        (_STOPPED, now - STOPPED_DAYS * _DAY),
        (_SEARCHES, now - SEARCHES_DAYS * _DAY),
        (_MUTES, now),
        (_TOPICS, now - BROUGHT_BACK_SECONDS),
        (_ASIDE, now - ASIDE_DAYS * _DAY),
        (_UPDATES, now - REMEMBERED_DAYS * _DAY),
        (_FAILED_UPDATES, now - ASIDE_DAYS * _DAY),
        (_INTAKES, now - _DAY),
    ):
        await _repeat(database, statement, before)


async def end_set_aside(database: Database, before: float) -> None:
    """Reports that could not be placed go when their stories would."""
    await _repeat(database, _UNPLACED, before)
    await _repeat(database, _UNPLACED_ASIDE, "reports")


async def end_what_is_too_much(database: Database, now: float) -> None:
    """The oldest of what one feed or chat has too much of. Looked for without the writer."""
    await memory.forget_too_many(database, MOST_KEYS_OF_A_FEED, now)
    await memory.part_large(database)
    for row in await database.rows(_MANY_RECORDS, MOST_RECORDS_OF_A_CHAT):
        await _end_records(database, row["chat_id"], row["n"] - MOST_RECORDS_OF_A_CHAT)
    for row in await database.rows(_MANY_PUSHED, MOST_PUSHED_OF_A_FEED):
        await _repeat(database, _PUSHED, row["token"], MOST_PUSHED_OF_A_FEED)
    await end_many_updates(database)


async def end_many_updates(database: Database, most: int = MOST_REMEMBERED) -> None:
    """The numbers of the oldest updates that were handled."""
    await _repeat(database, _MANY_UPDATES, most)


async def _end_records(database: Database, chat_id: int, too_many: int) -> None:
    gone = _AT_ONCE
    while gone == _AT_ONCE and too_many > 0:
        async with database.write() as transaction:
            gone = await transaction.run(f"{_RECORDS} LIMIT {_AT_ONCE})", chat_id, too_many)
        too_many -= gone


async def overfull_before(database: Database) -> float | None:
    """When the oldest story came out that there is still room for; None where there is room."""
    row = await database.row(
        "SELECT at FROM stories ORDER BY sort_key DESC LIMIT 1 OFFSET ?", MOST_STORIES
    )
    return row["at"] if row else None


async def _repeat(database: Database, statement: str, *values: object) -> None:
    """Deletes what a statement names, so many at once, until it names fewer."""
    gone = _AT_ONCE
    while gone == _AT_ONCE:
        async with database.write() as transaction:
            gone = await transaction.run(f"{statement} LIMIT {_AT_ONCE})", *values)


# Who was shut out stays so: an operator gave a reason.
_WAITING = (
    "DELETE FROM chats WHERE id IN (SELECT id FROM chats"
    " WHERE state IN ('stopped', 'waiting') AND changed_at < ? AND state = 'waiting'"
    " AND reason IS NULL"
)
_STOPPED = (
    "DELETE FROM chats WHERE id IN (SELECT id FROM chats"
    " WHERE state IN ('stopped', 'waiting') AND changed_at < ? AND state = 'stopped'"
)
_SEARCHES = "DELETE FROM searches WHERE id IN (SELECT id FROM searches WHERE used_at < ?"
_MUTES = "DELETE FROM mutes WHERE id IN (SELECT id FROM mutes WHERE until <= ?"
_TOPICS = "DELETE FROM topics WHERE id IN (SELECT id FROM topics WHERE removed_at <= ?"
_ASIDE = (
    "DELETE FROM set_aside WHERE (queue, item) IN (SELECT queue, item FROM set_aside"
    " WHERE at < ? AND queue <> 'reports'"
)
_UPDATES = (
    "DELETE FROM updates WHERE id IN (SELECT id FROM updates WHERE handled_at < ? AND body IS NULL"
)
_FAILED_UPDATES = "DELETE FROM updates WHERE id IN (SELECT id FROM updates WHERE handled_at < ?"
# A quota is whole again after an hour.
_INTAKES = (
    "DELETE FROM person_intake WHERE person IN (SELECT person FROM person_intake WHERE at < ?"
)
_MANY_UPDATES = (
    "DELETE FROM updates WHERE id IN (SELECT id FROM updates WHERE body IS NULL AND handled_at <="
    " (SELECT handled_at FROM updates WHERE handled_at IS NOT NULL"
    "  ORDER BY handled_at DESC LIMIT 1 OFFSET ?)"
)
_UNPLACED = (
    "DELETE FROM reports WHERE id IN (SELECT r.id FROM set_aside a JOIN reports r"
    " ON r.id = CAST(a.item AS INTEGER) WHERE a.queue = 'reports' AND a.resting = 1"
    " AND r.story_id IS NULL AND r.seen_at < ?"
)
_UNPLACED_ASIDE = (
    "DELETE FROM set_aside WHERE queue = ?1 AND item IN (SELECT item FROM set_aside"
    " WHERE queue = ?1 AND NOT EXISTS (SELECT 1 FROM reports r"
    "  WHERE r.id = CAST(item AS INTEGER) AND r.story_id IS NULL)"
)
_MANY_RECORDS = "SELECT chat_id, count(*) AS n FROM deliveries GROUP BY chat_id HAVING count(*) > ?"
# The story of a record that goes is gone itself, so that it cannot be told again.
_RECORDS = (
    "DELETE FROM deliveries WHERE id IN (SELECT id FROM (SELECT id, story_id, settled_at"
    "  FROM deliveries WHERE chat_id = ?1 ORDER BY created_at LIMIT ?2) d"
    " WHERE d.settled_at IS NOT NULL AND NOT EXISTS"
    "  (SELECT 1 FROM stories s WHERE s.id = d.story_id)"
)
_MANY_PUSHED = "SELECT token, count(*) AS n FROM pushed GROUP BY token HAVING count(*) > ?"
_PUSHED = (
    "DELETE FROM pushed WHERE (token, hash) IN (SELECT token, hash FROM pushed WHERE token = ?1"
    " AND at <= (SELECT at FROM pushed WHERE token = ?1 ORDER BY at DESC LIMIT 1 OFFSET ?2)"
)


def sizes_of(names: list[str]) -> str:
    """One statement that counts the rows of each of these tables."""
    return " UNION ALL ".join(
        f"SELECT '{name}' AS name, count(*) AS n FROM {name}" for name in names
    )
