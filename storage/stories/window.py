"""What the desk's window is made of again at a start: the reports that it held, by their cards, and
the window itself as a stop left it.
"""

from collections.abc import AsyncIterator, Collection, Iterable
from itertools import islice

from bot.news.retention import JUMP
from bot.news.stories.cards import PlacedByCard, unpacked
from bot.news.stories.clustering import WINDOW_SECONDS, Placed
from storage.database import Database
from storage.sql import as_list, by, listed
from storage.stories.story_rows import sighting_of

_EVER = 1e15
_SPAN = WINDOW_SECONDS + JUMP
"""What was seen later than so many seconds after the window begins was seen by a clock that was
ahead: beside it all others would be too old.
"""
_KEPT = "window"
_PIECES_AT_ONCE = 16


class StoredWindow:
    """The window of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def held(
        self, since: float, before: PlacedByCard | None, limit: int, *, only_guests: bool = False
    ) -> list[PlacedByCard]:
        """Placed reports seen since then, the newest first and of those seen at once what was
        placed last, below one of them where given.
        """
        rows = await self._database.rows(
            "SELECT r.placing, r.seen_at, r.story_id, coalesce(r.feed_id, 0) AS feed, r.source,"
            f" r.guest, t.terms FROM reports r {by('reports_by_time')}"
            " LEFT JOIN report_terms t ON t.report_id = r.id"
            " WHERE r.placing IS NOT NULL AND r.story_id IS NOT NULL"
            f" AND r.seen_at BETWEEN ?1 AND ?1 + {_SPAN}"
            " AND (r.seen_at, r.placing) < (?2, ?3) AND r.guest >= ?4"
            " ORDER BY r.seen_at DESC, r.placing DESC LIMIT ?5",
            since,
            before.at if before else _EVER,
            before.number if before else 0,
            int(only_guests),
            limit,
        )
        return [PlacedByCard(*row) for row in rows]

    async def placed(self, numbers: Collection[int]) -> list[Placed]:
        """Placed reports with their texts, by their numbers in the order of placing, and in it."""
        rows = await self._database.rows(
            "SELECT r.link, r.canonical, r.seen_at, r.title, r.summary, r.source, r.language,"
            " r.feed_id, r.story_id, r.placing, r.guest, s.opened_by, t.terms FROM reports r"
            " JOIN stories s ON s.id = r.story_id"
            " LEFT JOIN report_terms t ON t.report_id = r.id"
            f" WHERE r.placing IN {listed()} ORDER BY r.placing",
            as_list(numbers),
        )
        return [
            Placed(
                sighting_of(row), row["story_id"], row["placing"], bool(row["guest"]),
                row["opened_by"] != 0, unpacked(row["terms"]),
            )
            for row in rows
        ]  # fmt: skip

    async def last_placing(self) -> int:
        """The last number that was given in the order of placing."""
        row = await self._database.row("SELECT value FROM facts WHERE name = 'placing'")
        return int(row["value"] or 0) if row else 0

    async def sums(self, since: float, first: tuple[float, int]) -> tuple[tuple[int, ...], int]:
        """The sums over the operator's placed reports seen since then, from the `first` on (when it
        was seen, and its number), as `bot.news.stories.report_table.ReportTable.sums` has them; and
        how many there are of guests since then.
        """
        (row,) = await self._database.rows(_SUMS, since, *first)
        *sums, guests = (int(total or 0) for total in row)
        return tuple(sums), guests

    async def guests(self, since: float) -> list[int]:
        """The numbers of guests' placed reports seen since then."""
        rows = await self._database.rows(f"SELECT placing {_PLACED} AND guest = 1", since)
        return [row["placing"] for row in rows]

    async def let_go(self, numbers: Collection[int]) -> None:
        """Takes reports of guests out of the order of placing: no window holds them any more."""
        await self._database.run(
            f"UPDATE reports SET placing = NULL WHERE guest = 1 AND placing IN {listed()}",
            as_list(numbers),
        )

    async def keep(self, version: str, parts: Iterable[tuple[str, bytes]]) -> None:
        """Keeps the parts of a window, in pieces with their names, instead of those before."""
        async with self._database.write() as transaction:
            await transaction.run("DELETE FROM window_parts")
            numbered = ((number, *part) for number, part in enumerate(parts))
            while some := list(islice(numbered, _PIECES_AT_ONCE)):
                await transaction.run_many("INSERT INTO window_parts VALUES (?, ?, ?)", some)
            await transaction.run(_MARK, _KEPT, version)

    async def keep_again(self, version: str) -> None:
        """Lets what was used be used once more: nothing has changed since."""
        await self._database.run(_MARK, _KEPT, version)

    async def use(self, version: str) -> bool:
        """Whether there is a window of this version to be used. That uses it up: whatever comes of
        it, it comes once.
        """
        async with self._database.write() as transaction:
            used = await transaction.run(
                "DELETE FROM facts WHERE name = ? AND value = ?", _KEPT, version
            )
        return used > 0

    async def parts(self) -> AsyncIterator[tuple[str, bytes]]:
        """The pieces that are kept, in their order."""
        after = -1
        while rows := await self._database.rows(
            "SELECT number, name, piece FROM window_parts WHERE number > ? ORDER BY number LIMIT ?",
            after,
            _PIECES_AT_ONCE,
        ):
            after = rows[-1]["number"]
            for row in rows:
                yield row["name"], row["piece"]


_PLACED = (
    f"FROM reports {by('reports_by_placing')}"
    " WHERE placing > 0 AND story_id IS NOT NULL"
    f" AND seen_at BETWEEN ?1 AND ?1 + {_SPAN}"
)
# What guests told, and what came before the first, is nothing in each sum but the last.
_SUMS = (
    "SELECT sum(ours), sum(placing * ours), sum(story_id * ours), sum(feed * ours), sum(ms * ours),"
    " sum(low * story_id * ours), sum(low * feed * ours), sum(low * (ms & 1048575) * ours),"
    " sum(guest) FROM (SELECT guest, placing, placing & 65535 AS low, story_id,"
    " coalesce(feed_id, 0) AS feed, CAST(seen_at * 1000 AS INTEGER) AS ms,"
    " CASE WHEN guest = 0 AND (seen_at, placing) >= (?2, ?3) THEN 1 ELSE 0 END AS ours"
    f" {_PLACED}) p"
)
_MARK = "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
