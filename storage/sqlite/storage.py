"""The SQLite database as a whole."""

import asyncio
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from bot.errors import StorageUnusable
from bot.news.retention import Tended
from storage.interface import Stats
from storage.sqlite import ends, lock, pruning, schema
from storage.sqlite.alerts import SqliteAlerts
from storage.sqlite.aside import SqliteAside
from storage.sqlite.candidates import SqliteCandidates
from storage.sqlite.chats import SqliteChats
from storage.sqlite.connection import Database, connect
from storage.sqlite.digests import SqliteDigests
from storage.sqlite.feeds import SqliteFeeds
from storage.sqlite.history import SqliteRecords
from storage.sqlite.keepers import SqliteKeepers
from storage.sqlite.outbox import SqliteOutbox
from storage.sqlite.pushes import SqlitePushes
from storage.sqlite.quotas import SqliteQuotas
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
        self.aside = SqliteAside(database)
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
            tables = await view.rows(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                " AND name NOT LIKE 'story_keys%' ORDER BY name"
            )
            (sizes,) = await view.rows(ends.sizes_of([row["name"] for row in tables]))
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
            rows=json.loads(sizes["sizes"]),
            bytes=_bytes_of(self._path),
            set_aside={queue.value: n for queue, n in (await self.aside.counts()).items()},
        )

    async def prune(self, stories_before: float, records_before: float) -> int:
        """Deletes stories older than the one time and settled deliveries older than the other, all
        of them; returns how many stories went.
        """
        gone = await self.prune_some(stories_before, records_before, {})
        return gone["stories"]

    async def prune_some(
        self, stories_before: float, records_before: float, most: Mapping[str, int]
    ) -> dict[str, int]:
        """Deletes old stories, settled deliveries and what else is old, of each table so many rows
        at most as are named, a few hundred a transaction so that nobody waits long. What is still
        to be told keeps its story. Returns how many rows of each.
        """
        database, endless = self._database, pruning.ENDLESS
        overfull = await ends.overfull_before(database)
        oldest = stories_before if overfull is None else max(stories_before, overfull)
        await ends.end_set_aside(database, stories_before)
        return {
            "stories": await pruning.prune_stories(database, oldest, most.get("stories", endless)),
            "deliveries": await pruning.prune_records(
                database, records_before, most.get("deliveries", endless)
            ),
            "muted_stories": await pruning.prune_mutes(
                database, records_before, most.get("muted_stories", endless)
            ),
            "entries": await pruning.prune_entries(
                database, records_before, stories_before, most.get("entries", endless)
            ),
        }

    async def sizes(self, now: float) -> dict[str, tuple[int, int]]:
        """How many rows the tables that are pruned have, and how many of them the last day brought,
        where that matters.
        """
        return await pruning.sizes(self._database, now)

    async def tended(self, now: float) -> Tended:
        """When was looked last whether something is to be pruned."""
        return await pruning.tended(self._database, now)

    async def keep_tended(self, looked: Tended) -> None:
        """Remembers that."""
        await pruning.keep_tended(self._database, looked)

    async def tidy(self, now: float) -> None:
        """Ends what nobody asks for any more and what is too much, and empties the journal."""
        await ends.end_what_is_over(self._database, now)
        await ends.end_what_is_too_much(self._database)
        await self._database.checkpoint()

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


def _bytes_of(path: Path) -> dict[str, int]:
    """The sizes of the database and its journal."""
    journal = path.with_name(path.name + "-wal")
    return {
        "database": path.stat().st_size,
        "journal": journal.stat().st_size if journal.exists() else 0,
    }


def path_of(url: str) -> Path:
    """The file that a `sqlite:///…` address names."""
    return Path(url.removeprefix("sqlite:///"))


def holds_data(url: str) -> bool:
    """Whether there is a database at an address; makes none. Raises StorageUnusable where what is
    there cannot be used.
    """
    return schema.inspect(path_of(url)) > 0


def bring_up_to_date(path: Path) -> list[str]:
    """Applies the migrations that a database lacks, and returns their names. Raises AlreadyRunning
    where a bot works on it, which would go on with what it knew.
    """
    if schema.inspect(path) == schema.migrations()[-1][0]:
        return []
    held = lock.acquire(path)
    try:
        return schema.migrate(path)
    finally:
        held.close()


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
