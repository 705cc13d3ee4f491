"""The SQLite database as a whole."""

import asyncio
import json
import sqlite3
from pathlib import Path

from bot.errors import StorageUnusable
from storage.interface import Stats
from storage.sqlite import lock, schema
from storage.sqlite.alerts import SqliteAlerts
from storage.sqlite.candidates import SqliteCandidates
from storage.sqlite.chats import SqliteChats
from storage.sqlite.connection import Database, connect
from storage.sqlite.digests import SqliteDigests
from storage.sqlite.feeds import SqliteFeeds
from storage.sqlite.outbox import SqliteOutbox
from storage.sqlite.pushes import SqlitePushes
from storage.sqlite.records import SqliteRecords
from storage.sqlite.schedules import SqliteSchedules
from storage.sqlite.stories import SqliteStories

_DELAYS_SHOWN = 1000
_PRUNE_AT_ONCE = 500


class SqliteStorage:
    """See `storage.interface.Storage`."""

    def __init__(self, database: Database, held: lock.ProcessLock | None) -> None:
        self._database = database
        self._held = held
        self.feeds = SqliteFeeds(database)
        self.candidates = SqliteCandidates(database)
        self.pushes = SqlitePushes(database)
        self.stories = SqliteStories(database)
        self.chats = SqliteChats(database)
        self.alerts = SqliteAlerts(database)
        self.digests = SqliteDigests(database)
        self.outbox = SqliteOutbox(database)
        self.schedules = SqliteSchedules(database)
        self.records = SqliteRecords(database)

    async def stats(self) -> Stats:
        """Counts over everything."""
        async with self._database.read() as view:
            (counts,) = await view.rows(
                "SELECT (SELECT count(*) FROM feeds) AS feeds,"
                " (SELECT count(*) FROM feeds WHERE failures > 0) AS failing,"
                " (SELECT count(*) FROM reports) AS reports,"
                " (SELECT count(*) FROM stories) AS stories,"
                " (SELECT count(*) FROM topics) AS topics,"
                " (SELECT count(*) FROM subscriptions) AS subscriptions"
            )
            chats = await view.rows("SELECT state, count(*) AS n FROM chats GROUP BY state")
            deliveries = await view.rows(
                "SELECT state, count(*) AS n FROM deliveries GROUP BY state"
            )
            delays = await view.rows(
                "SELECT d.settled_at - r.seen_at AS delay FROM deliveries d"
                " JOIN reports r ON r.id = d.report_id WHERE d.state = 'sent' AND d.kind = 'alert'"
                " ORDER BY d.id DESC LIMIT ?",
                _DELAYS_SHOWN,
            )
        return Stats(
            feeds=counts["feeds"],
            failing_feeds=counts["failing"],
            reports=counts["reports"],
            stories=counts["stories"],
            chats={row["state"]: row["n"] for row in chats},
            topics=counts["topics"],
            subscriptions=counts["subscriptions"],
            deliveries={row["state"]: row["n"] for row in deliveries},
            delays=tuple(row["delay"] for row in delays),
        )

    async def prune(self, stories_before: float, records_before: float) -> int:
        """Deletes old stories and settled deliveries, a few hundred a transaction so that nobody
        waits long; what is still to be sent keeps its story.
        """
        pruned = 0
        while gone := await self._prune_some(stories_before, records_before):
            pruned += gone
        return pruned

    async def _prune_some(self, stories_before: float, records_before: float) -> int:
        async with self._database.write() as transaction:
            rows = await transaction.rows(
                "SELECT id, sort_key FROM stories s WHERE at < ? AND NOT EXISTS"
                " (SELECT 1 FROM reports r JOIN deliveries d ON d.report_id = r.id"
                "  WHERE r.story_id = s.id AND d.state IN ('pending', 'sending'))"
                " AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.story_id = s.id"
                "  AND r.seen_at >= ?)"
                " ORDER BY sort_key LIMIT ?",
                stories_before,
                stories_before,
                _PRUNE_AT_ONCE,
            )
            keys = json.dumps([row["sort_key"] for row in rows])
            ids = json.dumps([row["id"] for row in rows])
            await transaction.run(
                "DELETE FROM story_keys WHERE rowid IN (SELECT value FROM json_each(?))", keys
            )
            await transaction.run(
                "DELETE FROM stories WHERE id IN (SELECT value FROM json_each(?))", ids
            )
            await transaction.run("DELETE FROM deliveries WHERE settled_at < ?", records_before)
            await transaction.run("DELETE FROM muted_stories WHERE at < ?", records_before)
            # What stood in the feed's newest document stays, however long ago that was: it would
            # be taken for new when the feed changes next.
            await transaction.run(
                # Keys by which nothing is known now need not outlive the stories.
                "DELETE FROM entries WHERE seen_at < iif(spare, ?2, ?1) AND seen_at < 2 * -86400 +"
                " (SELECT max(e.seen_at) FROM entries e WHERE e.feed_id = entries.feed_id)",
                records_before,
                stories_before,
            )
        return len(rows)

    async def renew_lease(self, now: float) -> None:
        """Says that this process still works on the database."""
        if self._held:
            await self._held.renew(self._database, now)

    async def close(self) -> None:
        """Ends all connections, then gives up the lock."""
        try:
            if self._held:
                await self._held.release(self._database)
        finally:
            await self._database.close()
            if self._held:
                self._held.close()


def path_of(url: str) -> Path:
    """The file that a `sqlite:///…` address names."""
    return Path(url.removeprefix("sqlite:///"))


async def open_sqlite(url: str, *, alone: bool, now: float) -> SqliteStorage:
    """Opens the database, bringing its schema up to date.

    `alone` takes the lock and the lease that keep a second bot away. Raises StorageUnusable or
    AlreadyRunning, and leaves the file as it was then.
    """
    path = path_of(url)
    version = await asyncio.to_thread(schema.inspect, path)
    held = None
    try:
        if alone or version < schema.migrations()[-1][0]:
            held = lock.acquire(path)
        await asyncio.to_thread(schema.migrate, path)
        database = await connect(path)
    except (OSError, sqlite3.Error) as error:
        raise StorageUnusable(f"{path} cannot be opened: {error}.") from error
    finally:
        if held and not alone:
            held.close()
            held = None
    if held:
        try:
            await held.take_lease(database, now)
        except BaseException:
            await database.close()
            held.close()
            raise
    return SqliteStorage(database, held)
