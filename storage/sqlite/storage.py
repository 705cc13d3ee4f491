"""The SQLite database as a whole."""

import asyncio
import sqlite3
from pathlib import Path

from bot.errors import StorageUnusable
from storage.interface import Stats
from storage.sqlite import lock, pruning, schema
from storage.sqlite.alerts import SqliteAlerts
from storage.sqlite.candidates import SqliteCandidates
from storage.sqlite.chats import SqliteChats
from storage.sqlite.connection import Database, connect
from storage.sqlite.digests import SqliteDigests
from storage.sqlite.feeds import SqliteFeeds
from storage.sqlite.keepers import SqliteKeepers
from storage.sqlite.outbox import SqliteOutbox
from storage.sqlite.pushes import SqlitePushes
from storage.sqlite.quotas import SqliteQuotas
from storage.sqlite.records import SqliteRecords
from storage.sqlite.schedules import SqliteSchedules
from storage.sqlite.stories import SqliteStories

_DELAYS_SHOWN = 1000


class SqliteStorage:
    """See `storage.interface.Storage`."""

    def __init__(self, database: Database, held: lock.ProcessLock | None, path: Path) -> None:
        self._database = database
        self._path = path
        self._held = held
        self.feeds = SqliteFeeds(database)
        self.candidates = SqliteCandidates(database)
        self.pushes = SqlitePushes(database)
        self.quotas = SqliteQuotas(database)
        self.stories = SqliteStories(database)
        self.chats = SqliteChats(database)
        self.keepers = SqliteKeepers(database)
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
        pruned = await pruning.prune_stories(self._database, stories_before)
        await pruning.prune_records(self._database, records_before)
        await pruning.prune_entries(self._database, records_before, stories_before)
        return pruned

    async def is_worked_on(self, now: float) -> bool:
        """Whether a bot works on this database."""
        return lock.is_held(self._path) or await lock.is_leased(self._database, now)

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


def holds_data(url: str) -> bool:
    """Whether there is a database at an address; makes none. Raises StorageUnusable where what is
    there cannot be used.
    """
    return schema.inspect(path_of(url)) > 0


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
    return SqliteStorage(database, held, path)
