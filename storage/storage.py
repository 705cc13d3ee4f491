"""A database as a whole: its parts, what it holds, and what is done with all of it at once.

Each method of each part is one transaction, or one consistent read. One that fails raises
`storage.errors.StorageError`, and nothing of it has happened.
"""

from collections.abc import Mapping

from msgspec import Struct

from bot.news.retention import Tended
from storage import ends, pruning
from storage.aside import Aside
from storage.chats.chats import Chats
from storage.chats.introductions import Introductions
from storage.chats.keepers import Keepers
from storage.chats.pauses import Pauses
from storage.chats.threads import Threads
from storage.database import Database, Hold
from storage.delivery.alerts import Alerts
from storage.delivery.digests import Digests
from storage.delivery.outbox import Outbox
from storage.delivery.schedules import Schedules
from storage.polling import memory
from storage.polling.candidates import Candidates
from storage.polling.feeds import Feeds
from storage.polling.pushes import Pushes
from storage.polling.quotas import Quotas
from storage.stories import dating
from storage.stories.history import History
from storage.stories.stories import Stories
from storage.stories.window import StoredWindow
from storage.updates import Updates


class Stats(Struct, frozen=True):
    """Counts over the whole database; `delays` as in ChatStatus, newest thousand. `rows` are those
    of each table, `bytes` the sizes of its files, `set_aside` what could not be done, by queue.
    """

    feeds: int
    failing_feeds: int
    reports: int
    stories: int
    chats: dict[str, int]
    topics: int
    subscriptions: int
    deliveries: dict[str, int]
    delays: tuple[float, ...]
    rows: dict[str, int]
    bytes: dict[str, int]
    set_aside: dict[str, int]


_DELAYS_SHOWN = 1000


class Storage:
    """One database; each part of it is an attribute."""

    def __init__(self, database: Database, hold: Hold) -> None:
        self._database = database
        self.hold = hold
        self.feeds = Feeds(database)
        self.candidates = Candidates(database)
        self.pushes = Pushes(database)
        self.quotas = Quotas(database)
        self.stories = Stories(database)
        self.window = StoredWindow(database)
        self.chats = Chats(database)
        self.introductions = Introductions(database)
        self.keepers = Keepers(database)
        self.threads = Threads(database)
        self.alerts = Alerts(database)
        self.digests = Digests(database)
        self.outbox = Outbox(database)
        self.pauses = Pauses(database)
        self.aside = Aside(database)
        self.schedules = Schedules(database)
        self.history = History(database)
        self.updates = Updates(database)

    async def stats(self) -> Stats:
        """Counts over everything."""
        tables = await self._database.tables()
        async with self._database.read() as view:
            (counts,) = await view.rows(
                "SELECT (SELECT count(*) FROM feeds) AS feeds,"
                " (SELECT count(*) FROM feeds WHERE failures > 0) AS failing,"
                " (SELECT count(*) FROM reports) AS reports,"
                " (SELECT count(*) FROM stories) AS stories,"
                " (SELECT count(*) FROM topics WHERE removed_at IS NULL) AS topics,"
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
            sizes = await view.rows(ends.sizes_of(tables))
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
            rows={row["name"]: row["n"] for row in sizes},
            bytes=await self._database.sizes(),
            set_aside={queue.value: n for queue, n in (await self.aside.counts()).items()},
        )

    async def try_writing(self) -> None:
        """Writes something, and takes it back. Raises StorageError where nothing can be written."""
        await self._database.try_writing()

    async def free_bytes(self) -> int | None:
        """The room beside the database; None where that is another machine's to know."""
        return await self._database.free_bytes()

    async def prune(self, stories_before: float, records_before: float) -> int:
        """Deletes stories older than the one time and settled deliveries older than the other, all
        of them; returns how many stories went. What is still to be told keeps its story.
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
            "entries": await memory.forget(
                database, records_before, stories_before, most.get("entries", endless)
            ),
        }

    async def sizes(self, now: float) -> dict[str, tuple[int, int]]:
        """How many rows the tables that are pruned have, and how many of them the last day brought,
        where that matters.
        """
        return await pruning.sizes(self._database, now)

    async def tended(self, now: float) -> Tended:
        """When was looked last whether something is to be pruned; where never yet, when the newest
        of what is stored was.
        """
        return await pruning.tended(self._database, now)

    async def keep_tended(self, looked: Tended) -> None:
        """Remembers when it was looked whether something is to be pruned."""
        await pruning.keep_tended(self._database, looked)

    async def date_by_the_clock(self, now: float) -> None:
        """Dates what was seen by a clock that was ahead as seen now."""
        await dating.date_by_the_clock(self._database, now)

    async def tidy(self, now: float) -> None:
        """Ends what nobody asks for any more and what one chat or feed has too much of, and gives
        back the room of the journal. Nothing that waits, and no record that a story was told.
        """
        await ends.end_what_is_over(self._database, now)
        await ends.end_what_is_too_much(self._database, now)
        await self._database.checkpoint()

    async def is_worked_on(self, now: float) -> bool:
        """Whether a bot works on this database, in this process or another."""
        return await self.hold.is_worked_on(now)

    async def renew_lease(self, now: float) -> None:
        """Says that this process still works on the database. Raises AlreadyRunning if another one
        says so meanwhile, and TakenOver if others have what it had.
        """
        await self.hold.renew(now)

    async def close(self) -> None:
        """Ends all connections, then gives up the lock."""
        try:
            await self.hold.release()
        finally:
            await self._database.close()
            self.hold.close()
