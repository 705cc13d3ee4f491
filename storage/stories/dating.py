"""What was seen by a clock that was ahead is dated by the clock once that has been set right: until
it is as late it would stand before all that comes.
"""

from collections.abc import Sequence

from storage.database import Database, Row, Transaction
from storage.sql import as_list, by, listed, tabled
from storage.stories import search_index
from storage.stories.placing import SEQUENCE

_AHEAD_SECONDS = 60.0
"""What is later by less is left: clocks of processes differ."""
_AT_ONCE = 500


async def date_by_the_clock(database: Database, now: float) -> None:
    """Dates reports that are of a time to come, and their stories and alerts, as seen now: some
    hundred a transaction.
    """
    later = now + _AHEAD_SECONDS
    seen = await database.row(_REPORTS, later, 1)
    if seen is None and await database.row(_STORIES, _place_of(later), 1) is None:
        return
    while await _date_reports(database, now, later):
        pass
    left = True
    while left:
        async with database.write() as transaction:
            rows = await transaction.rows(_STORIES, _place_of(later), _AT_ONCE)
            await _date_stories(transaction, rows, now)
        left = len(rows) == _AT_ONCE


async def _date_reports(database: Database, now: float, later: float) -> bool:
    """Whether there may be more of them."""
    rows = await database.rows(_REPORTS, later, _AT_ONCE)
    if rows:
        ids = as_list(row["id"] for row in rows)
        async with database.write() as transaction:
            await transaction.run(_SEEN_NOW, now, ids)
            # Also of stories whose reports have dates of their own, which stay in their places.
            await transaction.run(_TOLD, as_list({row["story_id"] for row in rows} - {None}), now)
    return len(rows) == _AT_ONCE


def _place_of(at: float) -> int:
    return int(max(at, 0)) * SEQUENCE


async def _date_stories(transaction: Transaction, stories: Sequence[Row], now: float) -> None:
    """Gives stories the next places of this second, in their order."""
    second = _place_of(now)
    (last,) = await transaction.rows(_LAST, second, second + SEQUENCE)
    first = second if last["place"] is None else last["place"] + 1
    moved = [(row["id"], row["sort_key"], first + n) for n, row in enumerate(stories)]
    places = as_list(moved)
    await search_index.move(transaction, [(before, place) for _, before, place in moved])
    await transaction.run(_STORY, places, now)
    await transaction.run(_TOLD, as_list(story for story, *_ in moved), now)


_REPORTS = (
    f"SELECT id, story_id FROM reports r {by('reports_by_time')} WHERE r.seen_at > ?"
    " ORDER BY r.seen_at LIMIT ?"
)
_SEEN_NOW = f"UPDATE reports SET seen_at = ?1 WHERE id IN {listed('?2')}"
_STORIES = "SELECT id, sort_key FROM stories WHERE sort_key >= ? ORDER BY sort_key LIMIT ?"
_LAST = "SELECT max(sort_key) AS place FROM stories WHERE sort_key >= ? AND sort_key < ?"
_MOVED = tabled("?1", "id", "before", "place")
_STORY = f"UPDATE stories SET sort_key = m.place, at = ?2 FROM {_MOVED} m WHERE stories.id = m.id"
_TOLD = (
    f"UPDATE deliveries {by('deliveries_of_story')} SET"
    " created_at = CASE WHEN created_at > ?2 THEN ?2 ELSE created_at END,"
    " settled_at = CASE WHEN settled_at > ?2 THEN ?2 ELSE settled_at END,"
    " edited_at = CASE WHEN edited_at > ?2 THEN ?2 ELSE edited_at END"
    f" WHERE story_id IN {listed('?1')}"
)
