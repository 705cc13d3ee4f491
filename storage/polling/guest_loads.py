"""Whose load a feed is: the operator's, or that of who keeps a chat which brought it; a private
chat has the id of its person, and where nobody is known to keep one it stands for itself. A poll is
that of one who has room, of several the one's who was served longest ago: what occupies one keeps
no feed from the others. Pushes are few, and count as the first one's.
"""

from collections.abc import Collection, Mapping

from storage.database import Database, Row
from storage.polling.guests import HEARD_STATES
from storage.sql import as_list, by, listed, of_hosts_in, tabled

_EACH_OFFERED = 8
_WHO = "coalesce(a.person, a.chat_id)"


def brought_by(feed: str) -> str:
    """SQL for who brought a feed first, of which this is the row's name: NULL where it is the
    operator's, 0 where nobody answers for it, or it is gone.
    """
    return (
        f"(CASE WHEN {feed}.guest = 0 THEN NULL ELSE coalesce((SELECT {_WHO} FROM added_feeds a"
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
    costly: Collection[int],
    without_costly: Collection[int],
) -> list[Row]:
    """The rows of `Feeds.due_guests`."""
    of_slots, given = of_hosts_in("f.host", "?10", slots)
    return await database.rows(
        _DUE_GUESTS.replace("{of_slots}", of_slots),
        now,
        as_list(busy),
        as_list(but),
        as_list(without),
        as_list(served.items()),
        _EACH_OFFERED,
        limit,
        as_list(costly),
        as_list(without_costly),
        *given,
    )


_DUE_GUESTS = (
    f"WITH served AS MATERIALIZED (SELECT * FROM {tabled('?5', 'chat', 'turn')} t),"
    " due AS MATERIALIZED (SELECT f.id, f.poll_at,"
    f"  CASE WHEN f.id IN {listed('?8')} THEN 1 ELSE 0 END AS costly"
    f"  FROM feeds f {by('feeds_due_guests')}"
    "  WHERE f.suspended = 0 AND f.guest = 1 AND f.poll_at <= ?1"
    f"  AND f.host NOT IN {listed('?2')}"
    f"  AND f.id NOT IN {listed('?3')}{{of_slots}}),"
    # Those who may have a feed asked; before what each has the turn in which it was served. To
    # join these is to go through all of them for each feed.
    f" keepers AS (SELECT d.id, d.poll_at, {_WHO} AS chat, a.at, 0 AS turn FROM due d"
    "  JOIN added_feeds a ON a.feed_id = d.id JOIN chats c ON c.id = a.chat_id"
    f"  WHERE c.state IN {HEARD_STATES} AND {_WHO} NOT IN {listed('?4')}"
    f"  AND NOT (d.costly = 1 AND {_WHO} IN {listed('?9')})"
    "  UNION ALL SELECT 0, -1, chat, 0, turn FROM served),"
    " of_each AS (SELECT id, poll_at, chat, at, max(turn) OVER w AS turn,"
    "  count(*) FILTER (WHERE id <> 0) OVER w AS nth"
    "  FROM keepers WINDOW w AS (PARTITION BY chat ORDER BY poll_at, id)),"
    # Each for the chat that was served longest ago.
    " whose AS (SELECT id, poll_at, chat, turn, nth,"
    "  row_number() OVER (PARTITION BY id ORDER BY turn, at, chat) AS place"
    "  FROM of_each WHERE id <> 0 AND nth <= ?6)"
    " SELECT f.*, w.chat AS brought_by FROM whose w JOIN feeds f ON f.id = w.id"
    # That chat first; of each what waits longest.
    " WHERE w.place = 1 ORDER BY w.nth, w.turn, w.poll_at LIMIT ?7"
)
