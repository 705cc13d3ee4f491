"""Whose load a feed is: the operator's, or that of the chat that brought it first."""

import json
from collections.abc import Collection, Mapping

from storage.database import Database, Row
from storage.guests import is_polled

_EACH_OFFERED = 8


def brought_by(feed: str) -> str:
    """SQL for the chat that brought a feed, of which this is the row's name: NULL where it is the
    operator's, 0 where nobody answers for it, or it is gone.
    """
    return (
        f"(CASE WHEN {feed}.guest = 0 THEN NULL ELSE coalesce((SELECT a.chat_id FROM added_feeds a"
        f" WHERE a.feed_id = {feed}.id ORDER BY a.at, a.chat_id LIMIT 1), 0) END)"
    )


async def due_guests(
    database: Database,
    now: float,
    limit: int,
    busy: Collection[str],
    but: Collection[int],
    without: Collection[int],
    served: Mapping[int, int],
) -> list[Row]:
    """The rows of `Feeds.due_guests`."""
    return await database.rows(
        _DUE_GUESTS,
        now,
        json.dumps(list(busy)),
        json.dumps(list(but)),
        json.dumps(list(without)),
        json.dumps(served),
        _EACH_OFFERED,
        limit,
    )


_DUE_GUESTS = (
    "WITH served AS MATERIALIZED"
    " (SELECT cast(key AS INTEGER) AS chat, value AS turn FROM json_each(?5)),"
    f" due AS MATERIALIZED (SELECT f.id, f.poll_at, {brought_by('f')} AS chat"
    "  FROM feeds f INDEXED BY feeds_due_guests"
    f"  WHERE f.suspended = 0 AND f.guest = 1 AND f.poll_at <= ?1 AND {is_polled('f')}"
    "  AND f.host NOT IN (SELECT value FROM json_each(?2))"
    "  AND f.id NOT IN (SELECT value FROM json_each(?3))),"
    " of_each AS (SELECT id, chat, poll_at,"
    "  row_number() OVER (PARTITION BY chat ORDER BY poll_at, id) AS nth FROM due"
    "  WHERE chat NOT IN (SELECT value FROM json_each(?4)))"
    " SELECT f.*, e.chat AS brought_by FROM of_each e JOIN feeds f ON f.id = e.id"
    " LEFT JOIN served s ON s.chat = e.chat WHERE e.nth <= ?6"
    # The chat first that was served longest ago; of each what waits longest.
    " ORDER BY e.nth, coalesce(s.turn, 0), e.poll_at LIMIT ?7"
)
