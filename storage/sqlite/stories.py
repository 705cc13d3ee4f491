"""Reports and stories in SQLite."""

from collections.abc import Collection, Sequence

from bot.news.clustering import Sighting
from bot.news.outbox import Placement
from bot.news.story import Report, Story
from storage.aside import Queue
from storage.interface import StoryRow
from storage.sqlite import aside
from storage.sqlite.aside import IS_ASIDE
from storage.sqlite.connection import Database, Row
from storage.sqlite.guests import SEEN_REPORT
from storage.sqlite.placing import SEQUENCE, place

_STORY = (
    "SELECT s.id, s.sort_key, s.at, s.reports, coalesce(r.title_now, r.title) AS title,"
    " coalesce(r.summary_now, r.summary) AS summary, r.link, r.source, r.language, r.image"
    " FROM stories s JOIN reports r ON r.id = s.id"
)
# ?1 is the chat that reads, or NULL. Reports of guests open stories of their own.
_SEEN = SEEN_REPORT.format(report="r", chat="?1")
_KEY_SEEN = (
    "EXISTS (SELECT 1 FROM stories s JOIN reports r ON r.id = s.id"
    f" WHERE s.sort_key = story_keys.rowid AND {_SEEN})"
)
_KEPT_SEARCHES = 500  # of one chat


class SqliteStories:
    """See `storage.interface.Stories`."""

    def __init__(self, database: Database, reader: int | None = None) -> None:
        self._database = database
        self._reader = reader

    def seen_by(self, chat_id: int) -> "SqliteStories":
        """The same, where stories are read as a chat sees them."""
        return SqliteStories(self._database, chat_id)

    async def unplaced(self, limit: int) -> list[Report]:
        """Reports that the desk has not placed yet, oldest first."""
        rows = await self._database.rows(
            "SELECT r.*, coalesce(f.folder, '') AS folder"
            " FROM reports r LEFT JOIN feeds f ON f.id = r.feed_id"
            " WHERE r.story_id IS NULL"
            f" AND CAST(r.id AS TEXT) NOT IN {IS_ASIDE.format(queue=Queue.REPORTS)}"
            " ORDER BY r.id LIMIT ?",
            limit,
        )
        return [_report(row) for row in rows]

    async def set_aside(self, report_id: int, reason: str, now: float) -> None:
        """Keeps a report that cannot be placed from being tried again and again."""
        async with self._database.write() as transaction:
            await aside.put(transaction, Queue.REPORTS, report_id, reason, now)

    async def try_again(self) -> int:
        """Lets reports that were set aside be tried once more; returns how many."""
        return await aside.SqliteAside(self._database).lift(Queue.REPORTS)

    async def window(self, since: float) -> list[tuple[Sighting, int]]:
        """Placed reports seen since then with their stories, in the order of their placing."""
        rows = await self._database.rows(
            "SELECT canonical, title_key, seen_at, title, summary, source, language, feed_id,"
            " story_id FROM reports"
            " WHERE seen_at >= ? AND story_id IS NOT NULL ORDER BY id",
            since,
        )
        return [(_sighting(row), row["story_id"]) for row in rows]

    async def told_title(self, story_id: int, feed_id: int) -> str | None:
        """The headline under which a feed told a story last, if it did."""
        row = await self._database.row(
            "SELECT coalesce(title_now, title) AS title FROM reports"
            " WHERE story_id = ? AND feed_id = ? ORDER BY id DESC LIMIT 1",
            story_id,
            feed_id,
        )
        return row["title"] if row else None

    async def place(self, placements: Sequence[Placement], now: float) -> int:
        """Stores stories, matches and outbox rows; returns how many alerts were enqueued."""
        async with self._database.write() as transaction:
            return await place(transaction, placements, now)

    async def began(self) -> float | None:
        """When the oldest report that is stored was first seen."""
        row = await self._database.row("SELECT seen_at FROM reports ORDER BY id LIMIT 1")
        return row["seen_at"] if row else None

    async def newest(self, before: int | None, limit: int) -> list[StoryRow]:
        """Stories in falling order of sort_key, below `before` where given."""
        rows = await self._database.rows(
            f"{_STORY} WHERE s.sort_key < ?2 AND {_SEEN} ORDER BY s.sort_key DESC LIMIT ?3",
            self._reader,
            _below(before),
            limit,
        )
        return [_row(row) for row in rows]

    async def with_keys(
        self, keys: Collection[str], before: int | None, limit: int, since: float
    ) -> list[StoryRow]:
        """As `newest`, of those that have one of the keys at least and came out after `since`."""
        rows = await self._database.rows(
            f"{_STORY} WHERE s.sort_key IN (SELECT rowid FROM story_keys WHERE story_keys MATCH ?2"
            f" AND rowid < ?3 AND rowid >= ?4 AND {_KEY_SEEN} ORDER BY rowid DESC LIMIT ?5)"
            " ORDER BY s.sort_key DESC",
            self._reader,
            _any_of(keys),
            _below(before),
            int(max(since, 0)) * SEQUENCE,
            limit,
        )
        return [_row(row) for row in rows]

    async def count_with_keys(self, keys: Collection[str] | None, since: float) -> int:
        """How many stories came out after `since`; those that have one of the keys, where given.
        All of them, whoever reads: that says how common a word is.
        """
        first = int(max(since, 0)) * SEQUENCE
        if keys is None:
            row = await self._database.row(
                "SELECT count(*) AS n FROM stories WHERE sort_key >= ?", first
            )
        else:
            row = await self._database.row(
                "SELECT count(*) AS n FROM story_keys WHERE story_keys MATCH ? AND rowid >= ?",
                _any_of(keys),
                first,
            )
        return int(row["n"]) if row else 0

    async def story(self, story_id: int) -> Story | None:
        """One story, if it is still stored."""
        row = await self._database.row(
            f"{_STORY} WHERE s.id = ?2 AND {_SEEN}", self._reader, story_id
        )
        return _row(row).story if row else None

    async def newer_than(
        self, after: int, limit: int, keys: Collection[str] | None
    ) -> list[StoryRow]:
        """Stories in rising order of sort_key above `after`, with one of the keys where given."""
        if keys is None:
            rows = await self._database.rows(
                f"{_STORY} WHERE s.sort_key > ?2 AND {_SEEN} ORDER BY s.sort_key LIMIT ?3",
                self._reader,
                after,
                limit,
            )
        else:
            rows = await self._database.rows(
                f"{_STORY} WHERE s.sort_key IN (SELECT rowid FROM story_keys WHERE story_keys"
                f" MATCH ?2 AND rowid > ?3 AND {_KEY_SEEN} ORDER BY rowid LIMIT ?4)"
                " ORDER BY s.sort_key",
                self._reader,
                _any_of(keys),
                after,
                limit,
            )
        return [_row(row) for row in rows]

    async def keep_search(self, chat_id: int, words: str, now: float) -> int:
        """Keeps what a chat searched for under a number that fits into a button."""
        async with self._database.write() as transaction:
            rows = await transaction.rows(
                "INSERT INTO searches (chat_id, words, used_at) VALUES (?, ?, ?)"
                " ON CONFLICT (chat_id, words) DO UPDATE SET used_at = excluded.used_at"
                " RETURNING id",
                chat_id,
                words,
                now,
            )
            search_id = int(rows[0]["id"])
            await transaction.run(
                "DELETE FROM searches WHERE chat_id = ?1 AND id <= (SELECT id FROM searches"
                " WHERE chat_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2) AND id <> ?3",
                chat_id,
                _KEPT_SEARCHES,
                search_id,
            )
        return search_id

    async def search_words(self, chat_id: int, search_id: int) -> str | None:
        """What that chat keeps under a number."""
        row = await self._database.row(
            "SELECT words FROM searches WHERE id = ? AND chat_id = ?", search_id, chat_id
        )
        return row["words"] if row else None


def _any_of(keys: Collection[str]) -> str:
    """An FTS5 expression; keys are made of letters and digits, so quoting them is enough."""
    return " OR ".join(f'"{key}"' for key in sorted(keys))


def _below(before: int | None) -> int:
    return before if before is not None else (1 << 62)


def _row(row: Row) -> StoryRow:
    story = Story(
        id=row["id"],
        title=row["title"],
        summary=row["summary"],
        link=row["link"],
        source=row["source"],
        language=row["language"],
        image=row["image"],
        at=row["at"],
        reports=row["reports"],
    )
    return StoryRow(story, row["sort_key"])


def _sighting(row: Row) -> Sighting:
    return Sighting(
        canonical=row["canonical"],
        title_key=row["title_key"] or "",
        at=row["seen_at"],
        title=row["title"],
        summary=row["summary"],
        source=row["source"],
        language=row["language"],
        feed=row["feed_id"] or 0,
    )


def _report(row: Row) -> Report:
    return Report(
        id=row["id"],
        feed_id=row["feed_id"] or 0,
        source=row["source"],
        link=row["link"],
        canonical=row["canonical"],
        title=row["title"],
        summary=row["summary"],
        language=row["language"],
        image=row["image"],
        published_at=row["published_at"],
        seen_at=row["seen_at"],
        quiet=bool(row["quiet"]),
        original=row["original"],
        apart=bool(row["apart"]),
        guest=bool(row["guest"]),
        group=row["folder"],
    )
