"""Which of the operator's feeds are due.

They are looked at in the order of their time. Where a thousand that are due wait for hosts that are
busy, the others are found host by host, a thousand hosts at a time: however many wait, a look costs
no more than that.
"""

from collections.abc import Collection

from storage.database import Database, Row
from storage.sql import as_list, by, listed, of_hosts_in

_MOST = 1_000


async def due_ours(
    database: Database,
    now: float,
    limit: int,
    busy: Collection[str],
    but: Collection[int],
    slots: Collection[int] | None,
    after: str,
) -> tuple[list[Row], str]:
    """The rows of `Feeds.due`, and the host at which a look by hosts ended that went on `after`
    that of the look before; "" where none remained.
    """
    of_slots, given = of_hosts_in("host", "?5", slots)
    values = (now, as_list(busy), as_list(but), limit)
    rows = await database.rows(_IN_ORDER.replace("{of_slots}", of_slots), *values, *given)
    found = [row for row in rows if row["id"] is not None]
    if rows[0]["looked_at"] < _MOST:
        return found, ""
    of_slots, given = of_hosts_in("h.host", "?6", slots)
    others = await database.rows(_BY_HOSTS.replace("{of_slots}", of_slots), *values, after, *given)
    known = {row["id"] for row in found}
    found += [row for row in others if row["id"] is not None and row["id"] not in known]
    return sorted(found, key=lambda row: float(row["poll_at"]))[:limit], others[0]["looked_to"]


_OURS = "suspended = 0 AND guest = 0"
_LONGEST = f"FROM feeds {by('feeds_due_ours')} WHERE {_OURS} AND poll_at <= ?1{{of_slots}}"
_IN_ORDER = (
    "WITH chosen AS MATERIALIZED (SELECT id, poll_at"
    f" FROM (SELECT id, host, poll_at {_LONGEST} ORDER BY poll_at LIMIT {_MOST}) AS longest"
    f" WHERE host NOT IN {listed('?2')} AND id NOT IN {listed('?3')}"
    # In the order of the rows within, so that no more of them are read than are wanted.
    " LIMIT ?4),"
    " looked AS (SELECT CASE WHEN (SELECT count(*) FROM chosen) >= ?4 THEN 0"
    f"  ELSE (SELECT count(*) FROM (SELECT 1 {_LONGEST} LIMIT {_MOST}) AS due) END AS looked_at)"
    " SELECT looked.looked_at, f.* FROM looked LEFT JOIN chosen ON 1 = 1"
    " LEFT JOIN feeds f ON f.id = chosen.id ORDER BY chosen.poll_at"
)
_OF_HOSTS = f"FROM feeds {by('feeds_due_of_host')} WHERE {_OURS}"
_BY_HOSTS = (
    "WITH RECURSIVE hosts (host, nth) AS MATERIALIZED ("
    f" SELECT (SELECT min(host) {_OF_HOSTS} AND host > ?5), 1"
    f" UNION ALL SELECT (SELECT min(host) {_OF_HOSTS} AND host > h.host), h.nth + 1"
    f"  FROM hosts h WHERE h.host IS NOT NULL AND h.nth < {_MOST}),"
    " of_each AS (SELECT (SELECT id"
    f"   {_OF_HOSTS} AND host = h.host AND poll_at <= ?1 AND id NOT IN {listed('?3')}"
    "    ORDER BY poll_at LIMIT 1) AS id"
    f"  FROM hosts h WHERE h.host NOT IN {listed('?2')}{{of_slots}}),"
    " chosen AS (SELECT f.id, f.poll_at FROM of_each JOIN feeds f ON f.id = of_each.id"
    "  ORDER BY f.poll_at LIMIT ?4),"
    # The last one has no host where none remained.
    " looked AS (SELECT CASE WHEN count(*) = count(host) THEN max(host) ELSE '' END AS looked_to"
    "  FROM hosts)"
    " SELECT looked.looked_to, f.* FROM looked LEFT JOIN chosen ON 1 = 1"
    " LEFT JOIN feeds f ON f.id = chosen.id ORDER BY chosen.poll_at"
)
