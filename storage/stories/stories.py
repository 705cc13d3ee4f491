"""Reports and stories."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from bot.news.outbox import Placement
from bot.news.story import Report, Story
from storage import aside
from storage.aside import IS_ASIDE, Queue
from storage.database import Database, Row
from storage.delivery.edits import edit_alerts
from storage.sql import as_list, by, either, listed
from storage.stories import links, search_index
from storage.stories.outlets import carried_by
from storage.stories.placing import SEQUENCE, place, tell_elsewhere
from storage.stories.story_rows import REPORT, report_of, story_of
from storage.stories.visibility import kept_by

_STORY = (
    "SELECT s.id, s.sort_key, s.at, s.reports, coalesce(r.title_now, r.title) AS title,"
    " coalesce(r.summary_now, r.summary) AS summary, r.link, r.source, r.language, r.image,"
    " r.feed_id"
    " FROM stories s JOIN reports r ON r.id = s.id"
)
_WITH_LINKS = (
    "SELECT a.id, a.link AS asked_link, a.canonical AS asked_canonical, r.story_id, r.link,"
    f" r.canonical FROM reports a JOIN reports r {by('reports_by_link')}"
    " ON r.link_mark = a.link_mark JOIN stories s ON s.id = r.story_id"
    f" WHERE a.id IN {listed()} AND r.guest = 0 AND s.opened_by = 0"
    " AND coalesce(r.feed_id, 0) <> coalesce(a.feed_id, 0) ORDER BY r.id"
)
_KEPT_SEARCHES = 500  # of one chat
_ONE_SEARCH = either("(chat_id, words, shown)", "(chat_id, md5(words), md5(shown))")
_NEWEST_LOOKED_AT = 5_000


class StoryRow(Struct, frozen=True):
    """A story with its place in time: stories with a lower `sort_key` are older."""

    story: Story
    sort_key: int


class CarriedStory(Struct, frozen=True):
    """A story, and how many independent outlets carry it, of those that whoever reads sees."""

    story: Story
    outlets: int


class Sample(Struct, frozen=True):
    """The newest stories of some hours, each with the feed that told it first, and how many there
    are in all.
    """

    stories: list[tuple[Story, int]]
    count: int


class Stories:
    """Reports and the stories they tell."""

    def __init__(self, database: Database, chat_id: int = 0) -> None:
        self._database = database
        self._chat = chat_id

    def seen_by(self, chat_id: int) -> "Stories":
        """The same, as a chat sees it: with the stories of those guests whose address it wrote.
        Without a chat there are the operator's only.
        """
        return Stories(self._database, chat_id)

    async def unplaced(self, limit: int) -> list[Report]:
        """Reports that the desk has not placed yet: those of guests behind others, what is quiet
        behind what rings, and then the oldest first.
        """
        rows = await self._database.rows(
            f"SELECT {REPORT} FROM reports r {by('reports_unplaced')}"
            " LEFT JOIN feeds f ON f.id = r.feed_id"
            " WHERE r.story_id IS NULL"
            f" AND CAST(r.id AS TEXT) NOT IN {IS_ASIDE.format(queue=Queue.REPORTS)}"
            " ORDER BY r.guest, r.quiet, r.id LIMIT ?",
            limit,
        )
        return [report_of(row) for row in rows]

    async def set_aside(self, report_id: int, reason: str, now: float) -> None:
        """Keeps a report that cannot be placed from being tried again and again, on record."""
        async with self._database.write() as transaction:
            await aside.put(transaction, Queue.REPORTS, report_id, reason, now)

    async def try_again(self) -> int:
        """Lets reports that were set aside fewer than five times be tried once more; returns how
        many.
        """
        return await aside.Aside(self._database).lift(Queue.REPORTS)

    async def told_title(self, story_id: int, feed_id: int) -> str | None:
        """The headline under which a feed told a story last, if it did."""
        row = await self._database.row(
            "SELECT coalesce(title_now, title) AS title FROM reports"
            " WHERE story_id = ? AND feed_id = ? ORDER BY id DESC LIMIT 1",
            story_id,
            feed_id,
        )
        return row["title"] if row else None

    async def with_links_of(self, report_ids: Collection[int]) -> dict[int, int]:
        """The newest stories that other feeds of the operator's told under the links of reports, by
        the ids of those reports.
        """
        rows = await self._database.rows(_WITH_LINKS, as_list(report_ids))
        return {
            row["id"]: row["story_id"]
            for row in rows
            if links.canonical_of(row["asked_link"], row["asked_canonical"])
            == links.canonical_of(row["link"], row["canonical"])
        }

    async def place(self, placements: Sequence[Placement], now: float) -> int:
        """Stores stories, matches and outbox rows; returns how many alerts were enqueued.

        A chat that was told of a story in a thread is not told again; the alerts it has are due
        to be edited when a report joins their story.
        """
        async with self._database.write() as transaction:
            return await place(transaction, placements, now)

    async def moved_version(self) -> int:
        """A number that changes whenever reports become another feed's, or a guest's become the
        operator's.
        """
        row = await self._database.row("SELECT value FROM facts WHERE name = 'reports_moved'")
        return int(row["value"]) if row else 0

    async def tell_elsewhere(self, found: Mapping[int, int], now: float) -> None:
        """Keeps which reports tell stories in another language, by the ids of the stories; alerts
        that were sent are due to be edited.
        """
        async with self._database.write() as transaction:
            await tell_elsewhere(transaction, found)
            await edit_alerts(transaction, found.items(), now)

    async def began(self) -> float | None:
        """When the oldest report that is stored was first seen; None where there is none."""
        row = await self._database.row("SELECT seen_at FROM reports ORDER BY id LIMIT 1")
        return row["seen_at"] if row else None

    async def languages(self, since: float, limit: int) -> list[tuple[str, int]]:
        """What feeds say of the languages of the newest stories that came out after `since`, so
        many at most, each with how many have a report in it.
        """
        rows = await self._database.rows(
            "SELECT r.language, count(DISTINCT t.id) AS n FROM (SELECT s.id FROM stories s"
            "  WHERE s.opened_by = 0 AND s.sort_key >= ? ORDER BY s.sort_key DESC LIMIT ?) t"
            " JOIN reports r ON r.story_id = t.id"
            " WHERE r.guest = 0 AND r.language IS NOT NULL GROUP BY r.language",
            key_at(since),
            limit,
        )
        return [(row["language"], row["n"]) for row in rows]

    async def newest(self, before: int | None, limit: int) -> list[StoryRow]:
        """Stories in falling order of sort_key, below `before` where given."""
        order = "s.sort_key < ?1 ORDER BY s.sort_key DESC LIMIT ?2"
        rows = await self._database.rows(
            f"SELECT * FROM (SELECT * FROM ({_STORY} WHERE s.opened_by = 0 AND {order})"
            f" UNION ALL SELECT * FROM ({_STORY} WHERE {_of_guests('?3')} AND {order}))"
            " ORDER BY sort_key DESC LIMIT ?2",
            _below(before),
            limit,
            self._chat,
        )
        return [_row(row) for row in rows]

    async def newest_of(self, feed_id: int, limit: int) -> list[Story]:
        """The newest reports of a feed, newest first, of the few thousand newest of all."""
        rows = await self._database.rows(
            "SELECT r.id, coalesce(r.title_now, r.title) AS title,"
            " coalesce(r.summary_now, r.summary, '') AS summary, r.link, r.source, r.language,"
            " r.image, min(coalesce(r.published_at, r.seen_at), r.seen_at) AS at, 1 AS reports"
            " FROM reports r WHERE r.id > (SELECT coalesce(max(id), 0) - ?3 FROM reports)"
            " AND r.feed_id = ?1 ORDER BY r.id DESC LIMIT ?2",
            feed_id,
            limit,
            _NEWEST_LOOKED_AT,
        )
        return [story_of(row) for row in rows]

    async def most_carried(self, since: float, limit: int) -> list[CarriedStory]:
        """Of the stories that came out after `since` those that most independent outlets carry, in
        falling order, the newest first of those alike; at least two outlets carry each.
        """
        rows = await self._database.rows(_MOST_CARRIED, key_at(since), since, limit, self._chat)
        return [CarriedStory(_row(row).story, row["outlets"]) for row in rows]

    async def with_keys(
        self, keys: Collection[str], before: int | None, limit: int, since: float
    ) -> list[StoryRow]:
        """As `newest`, of those that have one of the keys at least and came out after `since`."""
        rows = await self._database.rows(
            f"{_STORY} WHERE s.sort_key IN {search_index.BELOW} ORDER BY s.sort_key DESC",
            await self._matching(keys),
            _below(before),
            key_at(since),
            limit,
        )
        return [_row(row) for row in rows]

    async def count_with_keys(self, keys: Collection[str] | None, since: float) -> int:
        """How many stories came out after `since`; those that have one of the keys, where given.
        All of them, whoever reads: that says how common a word is.
        """
        first = key_at(since)
        if keys is None:
            row = await self._database.row(
                "SELECT (SELECT count(*) FROM stories s WHERE s.opened_by = 0 AND s.sort_key >= ?1)"
                f" + (SELECT count(*) FROM stories s WHERE {_of_guests('?2')}"
                "  AND s.sort_key >= ?1) AS n",
                first,
                self._chat,
            )
        else:
            row = await self._database.row(
                search_index.COUNT,
                await self._matching(keys),
                first,
            )
        return int(row["n"]) if row else 0

    async def sample(self, since: float, until: float, limit: int) -> Sample:
        """Of what came out from `since` on and before `until` the newest stories, so many at most;
        of those that all see.
        """
        hours = key_at(since), int(max(until, 0)) * SEQUENCE
        where = "s.opened_by = 0 AND s.sort_key >= ?1 AND s.sort_key < ?2"
        rows = await self._database.rows(
            f"{_STORY} WHERE {where} ORDER BY s.sort_key DESC LIMIT ?3", *hours, limit
        )
        count = len(rows)
        if count == limit:
            (row,) = await self._database.rows(
                f"SELECT count(*) AS n FROM stories s WHERE {where}", *hours
            )
            count = int(row["n"])
        return Sample([(_row(row).story, row["feed_id"] or 0) for row in rows], count)

    async def story(self, story_id: int) -> Story | None:
        """One story, if it is still stored."""
        row = await self._database.row(
            f"{_STORY} WHERE s.id = ?1 AND (s.opened_by = 0 OR {_of_guests('?2')})",
            story_id,
            self._chat,
        )
        return _row(row).story if row else None

    async def newer_than(
        self, after: int, limit: int, keys: Collection[str] | None
    ) -> list[StoryRow]:
        """Stories in rising order of sort_key above `after`, with one of the keys where given."""
        if keys is None:
            order = "s.sort_key > ?1 ORDER BY s.sort_key LIMIT ?2"
            rows = await self._database.rows(
                f"SELECT * FROM (SELECT * FROM ({_STORY} WHERE s.opened_by = 0 AND {order})"
                f" UNION ALL SELECT * FROM ({_STORY} WHERE {_of_guests('?3')} AND {order}))"
                " ORDER BY sort_key LIMIT ?2",
                after,
                limit,
                self._chat,
            )
        else:
            rows = await self._database.rows(
                f"{_STORY} WHERE s.sort_key IN {search_index.ABOVE} ORDER BY s.sort_key",
                await self._matching(keys),
                after,
                limit,
            )
        return [_row(row) for row in rows]

    async def _matching(self, keys: Collection[str]) -> str:
        """What finds the stories with these keys that the chat sees."""
        guests = await self._database.rows(
            f"SELECT feed_id FROM {kept_by('?')} AS f"
            " WHERE EXISTS (SELECT 1 FROM stories s WHERE s.opened_by = f.feed_id"
            "  AND s.opened_by <> 0)",
            self._chat,
        )
        return search_index.expression(keys, [row["feed_id"] for row in guests])

    async def keep_search(self, chat_id: int, words: str, now: float, shown: str = "") -> int:
        """Keeps what a chat searched for under a number that fits into a button, with how it is
        `shown` where that is not its words; of one chat only the newest few hundred.
        """
        async with self._database.write() as transaction:
            rows = await transaction.rows(
                "INSERT INTO searches (chat_id, words, used_at, shown) VALUES (?, ?, ?, ?)"
                f" ON CONFLICT {_ONE_SEARCH} DO UPDATE SET used_at = excluded.used_at"
                " RETURNING id",
                chat_id,
                words,
                now,
                shown,
            )
            search_id = int(rows[0]["id"])
            await transaction.run(
                "DELETE FROM searches WHERE id IN (SELECT id FROM searches WHERE chat_id = ?1"
                " ORDER BY id = ?3 DESC, used_at DESC, id DESC LIMIT -1 OFFSET ?2)",
                chat_id,
                _KEPT_SEARCHES,
                search_id,
            )
        return search_id

    async def search_words(self, chat_id: int, search_id: int) -> str | None:
        """What that chat keeps under a number; None also for what another chat keeps."""
        row = await self._database.row(
            "SELECT words FROM searches WHERE id = ? AND chat_id = ?", search_id, chat_id
        )
        return row["words"] if row else None

    async def search_shown(self, chat_id: int, search_id: int) -> str:
        """How what that chat keeps under a number is shown: its words where nothing else is."""
        row = await self._database.row(
            "SELECT coalesce(nullif(shown, ''), words) AS shown FROM searches"
            " WHERE id = ? AND chat_id = ?",
            search_id,
            chat_id,
        )
        return row["shown"] if row else ""


def _of_guests(chat: str) -> str:
    """Stories that guests opened of which a chat wrote the address, as SQL."""
    return f"s.opened_by <> 0 AND s.opened_by IN {kept_by(chat)}"


# ?1 the first place, ?2 since when, ?3 how many, ?4 the chat that reads. The number that is kept
# with a story counts what all see; what guests of the chat told since then is counted in.
_MOST_CARRIED = (
    f"SELECT * FROM (SELECT c.*, {carried_by('c.id', '?4')} AS outlets"
    f" FROM ({_STORY} WHERE s.sort_key >= ?1 AND (s.opened_by = 0 OR {_of_guests('?4')})"
    " AND s.id IN (SELECT id FROM ("
    "  SELECT id FROM stories WHERE sort_key >= ?1 AND outlets > 1"
    "  ORDER BY outlets DESC, sort_key DESC LIMIT ?3)"
    " UNION SELECT r.story_id FROM added_feeds a JOIN reports r ON r.feed_id = a.feed_id"
    "  WHERE a.chat_id = ?4 AND r.guest = 1 AND r.seen_at >= ?2)) c) o"
    " WHERE outlets > 1 ORDER BY outlets DESC, sort_key DESC LIMIT ?3"
)


def key_at(at: float) -> int:
    """The `sort_key` that stories before a second lie below, and all others do not."""
    return int(max(at, 0)) * SEQUENCE


def _below(before: int | None) -> int:
    return before if before is not None else (1 << 62)


def _row(row: Row) -> StoryRow:
    return StoryRow(story_of(row), row["sort_key"])
