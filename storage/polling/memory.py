"""What is remembered of the entries of feeds, by their keys: how each read, and when it was shown.

The keys of a feed lie in rows, packed (`storage.polling.packing`). A row is read and written within
one transaction, and whoever writes is alone: two processes that note something of one feed lose
nothing of each other's.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from bot.news.feed import PollRecord
from bot.news.polling.entry_keys import KEY_BYTES, Trace
from storage.database import Database, Row, Transaction
from storage.polling import packing
from storage.polling.packing import BUT_THE_DAY, FIRST, RECORD_BYTES, ROW_BYTES, SHOWN_DAYS
from storage.sql import as_list, lacks_record, numbers, tabled, with_record

_FEW = 16
"""So many keys of a feed, those of some four entries, are noted one by one, and nothing is read."""
_ROWS_AT_ONCE, _ROWS_READ = 30, 500
_GROWN_BYTES = 8 * ROW_BYTES
"""A row that such notes have made larger is parted at once: each writes it whole. To do so sooner
would write more than it saves; housekeeping parts what is smaller.
"""

Traces = Mapping[bytes, Trace]
_Written = tuple[int, bytes, int, int, int]


async def recall(database: Database, feed_id: int, keys: Collection[bytes]) -> dict[bytes, Trace]:
    """What is remembered of a feed's entries under these keys."""
    if not keys:
        return {}
    by_place = {packing.place_of(key): key for key in keys}
    rows = await database.rows(_RECALL, feed_id, as_list(by_place))
    found = {}
    for place, packed in rows:
        if packed and (trace := packing.known(packed, by_place[place])):
            found[by_place[place]] = trace
    return found


async def remember(transaction: Transaction, polls: Iterable[PollRecord], now: float) -> None:
    """Notes what polls found."""
    shown: defaultdict[int, dict[bytes, Trace]] = defaultdict(dict)
    for poll in polls:
        if poll.traces:
            shown[poll.feed.id] |= poll.traces
    day = packing.day_of(now)
    renewed = packing.renewed_before(day)
    few = [
        (feed_id, packing.place_of(key), packing.record_of(key, trace, day), day, renewed)
        for feed_id, traces in shown.items()
        if len(traces) <= _FEW
        for key, trace in traces.items()
    ]
    await transaction.run_many(_NOTE, few)
    if few:
        places = as_list((feed_id, place) for feed_id, place, *_ in few)
        await _part(transaction, await transaction.rows(_GROWN_OF, places))
    many = {feed_id: traces for feed_id, traces in shown.items() if len(traces) > _FEW}
    if many:
        await _remember_many(transaction, many, day)


async def _remember_many(transaction: Transaction, shown: Mapping[int, Traces], day: int) -> None:
    """Notes much of each feed at once: a row for each would be written as often as it has keys."""
    places = as_list(
        (feed_id, packing.place_of(key)) for feed_id, traces in shown.items() for key in traces
    )
    rows: defaultdict[int, dict[int, bytes]] = defaultdict(dict)
    for feed_id, begins, packed in await transaction.rows(_ROWS_OF, places):
        rows[feed_id][begins] = packed
    written = [
        (feed_id, *row)
        for feed_id, traces in shown.items()
        for row in _noted(rows[feed_id], traces, day)
    ]
    await transaction.run_many(_WRITE, written)


def _noted(before: Mapping[int, bytes], shown: Traces, day: int) -> Iterator[_Written]:
    """Of the rows of a feed those that change, as they are after these were shown."""
    begins = sorted(before)
    of_row: defaultdict[int, dict[bytes, Trace]] = defaultdict(dict)
    for key, trace in shown.items():
        nth = bisect_right(begins, packing.place_of(key))
        of_row[begins[nth - 1] if nth else FIRST][key] = trace
    for at, traces in of_row.items():
        known = before.get(at, b"")
        packed = packing.noted(known, traces, day)
        if packed is not known:
            yield from _rows(at, packed)


def _rows(begins: int, packed: bytes) -> Iterator[_Written]:
    """A row as it is written, or those that it is parted into."""
    for at, part in packing.parted(begins, packed):
        yield at, part, *packing.span(part)


async def part_large(database: Database) -> None:
    """Parts the rows that have become too large, some at once. Looked for without the writer."""
    large = [(row["feed_id"], row["begins"]) for row in await database.rows(_LARGE)]
    for at in range(0, len(large), _ROWS_AT_ONCE):
        async with database.write() as transaction:
            some = as_list(large[at : at + _ROWS_AT_ONCE])
            await _part(transaction, await transaction.rows(_ROWS_OF, some))


async def _part(transaction: Transaction, rows: Collection[Row]) -> None:
    if not rows:
        return
    parts = [(feed_id, *row) for feed_id, *known in rows for row in _rows(*known)]
    await transaction.run_many(_WRITE, parts)


async def move(transaction: Transaction, left: int, kept: int) -> None:
    """Gives what is remembered of one feed to another of which nothing is remembered."""
    await transaction.run(_MOVE, left, kept)


async def count(database: Database) -> int:
    """How many keys are remembered."""
    row = await database.row(f"SELECT coalesce(sum({_KEYS}), 0) AS n FROM entries")
    return int(row["n"]) if row else 0


async def forget(database: Database, before: float, spare_before: float, most: int) -> int:
    """Forgets entries last shown before then; keys by which nothing is known now need not outlive
    the stories and go earlier. What stood in a feed's newest document stays, however long ago that
    was: it would be taken for new when the feed changes next. Returns how many, `most` at most and
    those of a row more.

    Which feeds have such is looked for without the writer, which is taken for some hundred keys at
    once.
    """
    forgotten = 0
    for feed in await database.rows(_OF_FEEDS):
        shown = feed["newest"] - SHOWN_DAYS
        since = min(packing.day_of(before), shown)
        spare_since = min(packing.day_of(spare_before), shown)
        if feed["oldest"] < since or feed["oldest_spare"] < spare_since:
            left = most - forgotten
            forgotten += await _forget(database, feed["feed_id"], since, spare_since, left)
    return forgotten


async def forget_too_many(database: Database, most: int, now: float) -> None:
    """Forgets what was shown longest ago where a feed has more than `most` keys, by whole days, and
    no key by which an entry of its newest document is known. Of the days in which that was noted
    only spare keys go: those that it shows are noted again within half a day.
    """
    for row in await database.rows(_MANY, most):
        own, spare = await _days(database, row["feed_id"])
        since, spare_since = _within(own, spare, most, packing.day_of(now))
        await _forget(database, row["feed_id"], since, spare_since, row["n"])


async def _days(database: Database, feed_id: int) -> tuple[Counter[int], Counter[int]]:
    """How many keys of a feed were shown on each day last: its own ones, and the spare ones."""
    own, spare = Counter[int](), Counter[int]()
    begins = FIRST
    while rows := await database.rows(_SOME, feed_id, begins, _ROWS_READ):
        for row in rows:
            days = packing.days_of_each(row["packed"])
            own.update(days.own)
            spare.update(days.spare)
        begins = rows[-1]["begins"] + 1
    return own, spare


def _within(own: Counter[int], spare: Counter[int], most: int, today: int) -> tuple[int, int]:
    """The days from which on a feed has no more than `most` keys, and from which on spare ones."""
    keys = own + spare
    # A clock that was ahead has noted some for days that are to come.
    since = max((day for day in keys if day <= today), default=max(keys)) - SHOWN_DAYS
    left = sum(n for day, n in keys.items() if day >= since)
    if left <= most:
        for day in sorted((day for day in keys if day < since), reverse=True):
            left += keys[day]
            if left > most:
                return day + 1, day + 1
        return 0, 0
    spare_since = since
    for day in sorted(day for day in spare if day >= since):
        if left <= most:
            break
        left -= spare[day]
        spare_since = day + 1
    return since, spare_since


async def _forget(database: Database, feed_id: int, since: int, spare_since: int, most: int) -> int:
    """Forgets of one feed what was shown before these days; returns how many keys."""
    forgotten, begins = 0, FIRST
    while forgotten < most:
        async with database.write() as transaction:
            rows = await transaction.rows(_OLD, feed_id, begins, since, spare_since, _ROWS_AT_ONCE)
            left = {row["begins"]: packing.kept(row["packed"], since, spare_since) for row in rows}
            await transaction.run_many(
                _WRITE,
                [(feed_id, *row) for at, now in left.items() if now for row in _rows(at, now)],
            )
            empty = [(feed_id, at) for at, now in left.items() if not now]
            await transaction.run_many(_DROP, empty)
        gone = sum(len(row["packed"]) - len(left[row["begins"]]) for row in rows)
        forgotten += gone // RECORD_BYTES
        if len(rows) < _ROWS_AT_ONCE:
            break
        begins = rows[-1]["begins"] + 1
    return forgotten


_KEYS = f"length(packed) / {RECORD_BYTES}"
_RECALL = (
    "SELECT k.value, (SELECT packed FROM entries WHERE feed_id = ?1 AND begins <= k.value"
    f"  ORDER BY begins DESC LIMIT 1) FROM {numbers('?2')} k"
)
_ROWS_OF = (
    "SELECT e.feed_id, e.begins, e.packed FROM (SELECT DISTINCT k.feed_id, (SELECT max(begins)"
    "  FROM entries WHERE feed_id = k.feed_id AND begins <= k.place) AS begins"
    f"  FROM {tabled('?1', 'feed_id', 'place')} k) w"
    " JOIN entries e ON e.feed_id = w.feed_id AND e.begins = w.begins"
)
_WRITE = (
    "INSERT INTO entries (feed_id, begins, packed, newest, oldest, oldest_spare)"
    " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (feed_id, begins) DO UPDATE SET"
    " packed = excluded.packed, newest = excluded.newest, oldest = excluded.oldest,"
    " oldest_spare = excluded.oldest_spare"
)
_GROWN_OF = f"{_ROWS_OF} WHERE length(e.packed) > {_GROWN_BYTES}"
# Rows that become a little too large so are parted when housekeeping comes by.
_NOTE = (
    "INSERT INTO entries (feed_id, begins, packed, newest, oldest, oldest_spare) VALUES (?1,"
    " coalesce((SELECT max(begins) FROM entries WHERE feed_id = ?1 AND begins <= ?2),"
    f"  {FIRST}), ?3, ?4, ?4, ?4) ON CONFLICT (feed_id, begins) DO UPDATE SET packed ="
    f" {with_record('entries.packed', 'excluded.packed', KEY_BYTES, RECORD_BYTES)},"
    " newest = max(entries.newest, excluded.newest),"
    " oldest = min(entries.oldest, excluded.oldest),"
    " oldest_spare = min(entries.oldest_spare, excluded.oldest_spare)"
    f" WHERE {lacks_record('entries.packed', 'excluded.packed', BUT_THE_DAY, '?5')}"
)
_LARGE = f"SELECT feed_id, begins FROM entries WHERE length(packed) > {ROW_BYTES}"
_DROP = "DELETE FROM entries WHERE feed_id = ? AND begins = ?"
_MOVE = (
    "UPDATE entries SET feed_id = ?2 WHERE feed_id = ?1"
    " AND NOT EXISTS (SELECT 1 FROM entries WHERE feed_id = ?2)"
)
_OF_FEEDS = (
    "SELECT feed_id, max(newest) AS newest, min(oldest) AS oldest,"
    " min(oldest_spare) AS oldest_spare FROM entries GROUP BY feed_id"
)
_MANY = f"SELECT feed_id, sum({_KEYS}) AS n FROM entries GROUP BY feed_id HAVING sum({_KEYS}) > ?"
_SOME = (
    "SELECT begins, packed FROM entries WHERE feed_id = ? AND begins >= ? ORDER BY begins LIMIT ?"
)
_OLD = (
    "SELECT begins, packed FROM entries WHERE feed_id = ?1 AND begins >= ?2"
    " AND (oldest < ?3 OR oldest_spare < ?4) ORDER BY begins LIMIT ?5"
)
