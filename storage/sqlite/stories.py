"""Reports and stories in SQLite."""

from collections.abc import Collection, Sequence

from bot.news.clustering import Sighting
from bot.news.outbox import Placement, Ring
from bot.news.story import Report, Story
from storage.interface import StoryRow
from storage.sqlite.connection import Database, Row, Transaction
from storage.sqlite.retelling import edit_alerts, enqueue_updates

_STORY = (
    "SELECT s.id, s.sort_key, s.at, s.reports, coalesce(r.title_now, r.title) AS title,"
    " coalesce(r.summary_now, r.summary) AS summary, r.link, r.source, r.language, r.image"
    " FROM stories s JOIN reports r ON r.id = s.id"
)
_SEQUENCE = 1 << 20
_KEPT_SEARCHES = 10_000


class SqliteStories:
    """See `storage.interface.Stories`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unplaced(self, limit: int) -> list[Report]:
        """Reports that the desk has not placed yet, oldest first."""
        rows = await self._database.rows(
            "SELECT r.*, coalesce((SELECT guest FROM feeds f WHERE f.id = r.feed_id), 0) AS guest"
            " FROM reports r WHERE story_id IS NULL ORDER BY id LIMIT ?",
            limit,
        )
        return [_report(row) for row in rows]

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
        opened = [p for p in placements if p.story_id == p.report_id]
        joined = [p for p in placements if p.story_id != p.report_id]
        rings = [(p, ring) for p in placements for ring in p.rings]
        async with self._database.write() as transaction:
            await transaction.run_many(
                # Ordered by when the news came out; see the schema for sort_key.
                "INSERT INTO stories (id, sort_key, at, related_to)"
                f" SELECT id, cast(at AS INTEGER) * {_SEQUENCE} + id % {_SEQUENCE}, at, ? FROM"
                " (SELECT id, max(0, min(coalesce(published_at, seen_at), seen_at)) AS at"
                "  FROM reports WHERE id = ?)",
                [(p.related_to, p.story_id) for p in opened],
            )
            await transaction.run_many(
                "INSERT INTO story_keys (rowid, keys) SELECT sort_key, ? FROM stories WHERE id = ?",
                [(p.keys, p.story_id) for p in opened],
            )
            await transaction.run_many(
                "UPDATE stories SET reports = reports + 1 WHERE id = ?",
                [(p.story_id,) for p in joined],
            )
            await transaction.run_many(
                "UPDATE reports SET story_id = ?, title_key = ?, reason = ? WHERE id = ?",
                [(p.story_id, p.title_key, p.reason, p.report_id) for p in placements],
            )
            await edit_alerts(transaction, sorted({p.story_id for p in joined}), now)
            await enqueue_updates(
                transaction, [(p.report_id, p.story_id) for p in joined if p.update], now
            )
            await transaction.run_many(
                # Who muted a story muted what follows of it.
                "INSERT INTO muted_stories (story_id, chat_id, at)"
                " SELECT ?1, chat_id, ?2 FROM muted_stories WHERE story_id = ?3"
                " ON CONFLICT DO NOTHING",
                [(p.story_id, now, p.related_to) for p in opened if p.related_to],
            )
            before = await _count(transaction)
            await transaction.run_many(
                # The chat may have stopped or gone since it was matched: then nobody is rung.
                "INSERT INTO deliveries (chat_id, thread_id, story_id, report_id, created_at,"
                " state, due_at, silent, sources, error)"
                # Who was told of the story that it was taken out of knows of it: no sound.
                " SELECT id, ?1, ?2, ?3, ?4, ?6, ?7, max(?8, EXISTS (SELECT 1 FROM deliveries t"
                "  WHERE t.chat_id = c.id AND t.kind = 'alert' AND t.state = 'sent'"
                "  AND t.story_id = (SELECT apart FROM reports WHERE id = ?3))), ?9, ?10"
                " FROM chats c WHERE id = ?5"
                " AND state = 'active' AND NOT EXISTS"
                " (SELECT 1 FROM muted_stories m WHERE m.story_id = ?2 AND m.chat_id = c.id)"
                " ON CONFLICT (chat_id, thread_id, story_id) WHERE kind = 'alert' DO NOTHING",
                [
                    (
                        r.thread_id,
                        p.story_id,
                        p.report_id,
                        now,
                        r.chat_id,
                        r.telling.state,
                        r.telling.due_at,
                        r.telling.silent,
                        r.telling.sources,
                        r.telling.reason,
                    )
                    for p, r in rings
                    if not r.kept_by
                ],
            )
            enqueued = await _count(transaction) - before
            await transaction.run_many(
                "INSERT INTO matches (story_id, chat_id, thread_id, topic_id, report_id, terms, at,"
                " subscribed, kept_by)"
                " SELECT ?, id, ?, (SELECT id FROM topics WHERE id = ?), ?, ?, ?, ?, ? FROM chats"
                " WHERE id = ?",
                [
                    (
                        p.story_id,
                        r.thread_id,
                        topic,
                        p.report_id,
                        ", ".join(terms),
                        now,
                        topic is None,
                        r.kept_by,
                        r.chat_id,
                    )
                    for p, r in rings
                    for topic, terms in _wishes(r)
                ],
            )
        return enqueued

    async def newest(self, before: int | None, limit: int) -> list[StoryRow]:
        """Stories in falling order of sort_key, below `before` where given."""
        rows = await self._database.rows(
            f"{_STORY} WHERE s.sort_key < ? ORDER BY s.sort_key DESC LIMIT ?",
            _below(before),
            limit,
        )
        return [_row(row) for row in rows]

    async def with_keys(
        self, keys: Collection[str], before: int | None, limit: int, since: float
    ) -> list[StoryRow]:
        """As `newest`, of those that have one of the keys at least and came out after `since`."""
        rows = await self._database.rows(
            f"{_STORY} WHERE s.sort_key IN (SELECT rowid FROM story_keys WHERE story_keys MATCH ?"
            " AND rowid < ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?)"
            " ORDER BY s.sort_key DESC",
            _any_of(keys),
            _below(before),
            int(max(since, 0)) * _SEQUENCE,
            limit,
        )
        return [_row(row) for row in rows]

    async def count_with_keys(self, keys: Collection[str] | None, since: float) -> int:
        """How many stories came out after `since`; those that have one of the keys, where given."""
        first = int(max(since, 0)) * _SEQUENCE
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
        row = await self._database.row(f"{_STORY} WHERE s.id = ?", story_id)
        return _row(row).story if row else None

    async def newer_than(
        self, after: int, limit: int, keys: Collection[str] | None
    ) -> list[StoryRow]:
        """Stories in rising order of sort_key above `after`, with one of the keys where given."""
        if keys is None:
            rows = await self._database.rows(
                f"{_STORY} WHERE s.sort_key > ? ORDER BY s.sort_key LIMIT ?", after, limit
            )
        else:
            rows = await self._database.rows(
                f"{_STORY} WHERE s.sort_key IN (SELECT rowid FROM story_keys WHERE story_keys"
                " MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?) ORDER BY s.sort_key",
                _any_of(keys),
                after,
                limit,
            )
        return [_row(row) for row in rows]

    async def keep_search(self, words: str, now: float) -> int:
        """Keeps the words of a search under a number that fits into a button."""
        async with self._database.write() as transaction:
            rows = await transaction.rows(
                "INSERT INTO searches (words, used_at) VALUES (?, ?)"
                " ON CONFLICT (words) DO UPDATE SET used_at = excluded.used_at RETURNING id",
                words,
                now,
            )
            search_id = int(rows[0]["id"])
            await transaction.run("DELETE FROM searches WHERE id <= ?", search_id - _KEPT_SEARCHES)
        return search_id

    async def search_words(self, search_id: int) -> str | None:
        """The words kept under a number."""
        row = await self._database.row("SELECT words FROM searches WHERE id = ?", search_id)
        return row["words"] if row else None


def _wishes(ring: Ring) -> list[tuple[int | None, tuple[str, ...]]]:
    """Topics with the words that matched, and None for a subscription."""
    return [*ring.topic_terms, *([(None, ())] if ring.subscribed else [])]


async def _count(transaction: Transaction) -> int:
    rows = await transaction.rows("SELECT total_changes() AS n")
    return int(rows[0]["n"])


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
    )
