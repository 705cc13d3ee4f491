"""Whose load a feed is: the operator's, or that of the chat that brought it first."""

from collections.abc import Collection, Mapping

from storage.database import Database, Row
from storage.polling.guests import is_polled
from storage.sql import as_list, by, listed, of_hosts_in, tabled

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
    slots: Collection[int] | None,
) -> list[Row]:
    """The rows of `Feeds.due_guests`."""
    of_slots, given = of_hosts_in("f.host", "?8", slots)
    return await database.rows(
        _DUE_GUESTS.replace("{of_slots}", of_slots),
        now,
        as_list(busy),
        as_list(but),
        as_list(without),
        as_list(served.items()),
        _EACH_OFFERED,
        limit,
        *given,
    )


_DUE_GUESTS = (
    f"WITH served AS MATERIALIZED (SELECT * FROM {tabled('?5', 'chat', 'turn')} t),"
    f" due AS MATERIALIZED (SELECT f.id, f.poll_at, {brought_by('f')} AS chat"
    f"  FROM feeds f {by('feeds_due_guests')}"
    f"  WHERE f.suspended = 0 AND f.guest = 1 AND f.poll_at <= ?1 AND {is_polled('f')}"
    f"  AND f.host NOT IN {listed('?2')}"
    f"  AND f.id NOT IN {listed('?3')}{{of_slots}}),"
    " of_each AS (SELECT id, chat, poll_at,"
    "  row_number() OVER (PARTITION BY chat ORDER BY poll_at, id) AS nth FROM due"
    f"  WHERE chat NOT IN {listed('?4')})"
    " SELECT f.*, e.chat AS brought_by FROM of_each e JOIN feeds f ON f.id = e.id"
    " LEFT JOIN served s ON s.chat = e.chat WHERE e.nth <= ?6"
    # The chat first that was served longest ago; of each what waits longest.
    " ORDER BY e.nth, coalesce(s.turn, 0), e.poll_at LIMIT ?7"
)
