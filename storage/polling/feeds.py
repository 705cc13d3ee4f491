"""The catalogue: which feeds there are, who sees them, and which are to be polled."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.news.feed import Feed, NewFeed, PollRecord, StoredPolls, ToldTrouble
from bot.news.polling.entry_keys import Trace
from bot.news.why import Why
from storage import aside
from storage.aside import Queue
from storage.database import Database
from storage.polling import guest_loads, memory, polls
from storage.polling.due import due_ours
from storage.polling.feed_adding import add_feeds, bring_feeds
from storage.polling.feed_lists import feeds_of
from storage.polling.feed_moves import become_the_operators, begin_anew, give_address
from storage.polling.feed_rows import feed_of
from storage.polling.guests import tend
from storage.sql import as_list, by, listed, of_hosts_in, tabled
from storage.stories.visibility import seen

_SEEN = seen("f", "?1", "id")


class Census(Struct, frozen=True):
    """How many feeds there are, and how many of them fail at the moment or are suspended."""

    feeds: int
    failing: int


class Feeds:
    """The catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looked_to = ""  # the host at which the last look for what is due ended

    async def add(self, feeds: Sequence[NewFeed], now: float) -> list[Feed]:
        """Adds those that are not there yet and returns these only. An address that a feed had
        before it moved is there.
        """
        async with self._database.write() as transaction:
            return await add_feeds(transaction, feeds, now)

    async def bring(self, chat_id: int, thread_id: int, feed: NewFeed, now: float) -> Feed | None:
        """Adds a feed of a chat's people, which the chat follows and keeps from now on, beside
        others that brought it; None if it has it already, or the operator does.
        """
        async with self._database.write() as transaction:
            brought = await bring_feeds(transaction, chat_id, thread_id, [feed], now, guests=True)
        return brought[0] if brought else None

    async def hurry(self, feed_id: int, now: float) -> None:
        """Lets a feed that fails be tried at once."""
        async with self._database.write() as transaction:
            await transaction.run(
                "UPDATE feeds SET poll_at = min(poll_at, ?) WHERE id = ? AND failures > 0",
                now,
                feed_id,
            )

    async def adopt(self, groups: Mapping[str, str]) -> int:
        """Makes feeds, by their addresses, those of the operator, and puts them into groups; one
        with "" stays in its own. Returns how many are in another group now.
        """
        rows = as_list(groups.items())
        async with self._database.write() as transaction:
            # In this order: a guest ends with the last chat that keeps it.
            adopted = await transaction.rows(
                f"UPDATE feeds SET guest = 0 WHERE guest = 1 AND id IN (SELECT id FROM {_NAMED})"
                " RETURNING id, moved_here",
                rows,
            )
            await become_the_operators(transaction, adopted)
            await transaction.run(
                f"DELETE FROM added_feeds WHERE feed_id IN (SELECT id FROM {_NAMED})", rows
            )
            # From the list to the feeds: the other way round reads the list for each of them.
            others = await transaction.rows(
                f"SELECT n.folder, n.id FROM {_NAMED} n LEFT JOIN feeds f ON f.id = n.id"
                " WHERE n.folder <> '' AND coalesce(f.folder, n.folder) <> n.folder",
                rows,
            )
            grouped = {row["id"]: row["folder"] for row in others}
            await transaction.run_many(
                "UPDATE feeds SET folder = ?2 WHERE id = ?1", list(grouped.items())
            )
            return len(grouped)

    async def read_articles(self, feed_id: int, wanted: bool) -> None:
        """Says whether the pages of a feed's articles are read where it gives headlines only."""
        async with self._database.write() as transaction:
            await transaction.run(
                "UPDATE feeds SET full_text = ? WHERE id = ?", int(wanted), feed_id
            )

    async def at(self, url: str) -> Feed | None:
        """The feed that has this address, or had it before it moved."""
        row = await self._database.row(
            "SELECT * FROM feeds WHERE url = ?1"
            " OR id = (SELECT feed_id FROM former_addresses WHERE url = ?1)",
            url,
        )
        return feed_of(row) if row else None

    async def remove(self, feed_id: int) -> None:
        """Takes a feed out; its stories stay."""
        async with self._database.write() as transaction:
            await transaction.run("DELETE FROM feeds WHERE id = ?", feed_id)

    async def uncredit(self, feed_id: int, chat_id: int) -> None:
        """Forgets that a chat wrote the address of a guest: it follows it no longer, and the last
        one ends the feed.
        """
        async with self._database.write() as transaction:
            await transaction.run(
                "DELETE FROM added_feeds WHERE feed_id = ? AND chat_id = ?", feed_id, chat_id
            )

    async def tend_guests(self, now: float) -> int:
        """Deletes guests that no chat keeps; returns how many."""
        async with self._database.write() as transaction:
            return await tend(transaction, now)

    async def adders(self, feed_ids: Sequence[int]) -> dict[int, frozenset[int]]:
        """The chats whose people added these feeds, by feed; without those nobody added so."""
        rows = await self._database.rows(
            f"SELECT feed_id, chat_id FROM added_feeds WHERE feed_id IN {listed()}",
            as_list(feed_ids),
        )
        chats: dict[int, set[int]] = {}
        for row in rows:
            chats.setdefault(row["feed_id"], set()).add(row["chat_id"])
        return {feed_id: frozenset(found) for feed_id, found in chats.items()}

    async def failing(self, failures: int, waiting_since: float) -> list[Feed]:
        """Feeds that are suspended, failed so many times in a row, or have brought nothing since
        then because their hosts ask us to wait.
        """
        rows = await self._database.rows(
            "SELECT * FROM feeds WHERE suspended = 1 OR failures >= ?"
            " OR failures = 0 AND failing_since <= ? ORDER BY id",
            failures,
            waiting_since,
        )
        return await feeds_of(rows)

    async def told_troubles(self) -> list[ToldTrouble]:
        """Chats that were told of a feed's trouble, and not yet that it is over."""
        rows = await self._database.rows(
            # From the few of whom was told: the other way round reads all feeds for their order.
            "SELECT f.*, t.chat_id AS told_chat, t.at AS told_at FROM told_troubles t"
            " CROSS JOIN feeds f ON f.id = t.feed_id ORDER BY f.id"
        )
        return [ToldTrouble(row["told_chat"], feed_of(row), row["told_at"]) for row in rows]

    async def tell(self, chat_id: int, feed_ids: Sequence[int], now: float) -> None:
        """Notes that a chat was told that these feeds are in trouble."""
        async with self._database.write() as transaction:
            # A chat or a feed may have gone since the note was sent.
            await transaction.run(
                "INSERT INTO told_troubles (feed_id, chat_id, at)"
                " SELECT f.id, c.id, ?3 FROM feeds f, chats c"
                f" WHERE c.id = ?1 AND f.id IN {listed('?2')} ON CONFLICT DO NOTHING",
                chat_id,
                as_list(feed_ids),
                now,
            )

    async def untell(self, chat_id: int, feed_ids: Sequence[int]) -> None:
        """Takes that note back: the chat was told that it is over."""
        async with self._database.write() as transaction:
            await transaction.run(
                f"DELETE FROM told_troubles WHERE chat_id = ? AND feed_id IN {listed()}",
                chat_id,
                as_list(feed_ids),
            )

    async def added_by(self, chat_id: int) -> frozenset[int]:
        """The ids of the feeds that only chats brought of which this one wrote the address."""
        rows = await self._database.rows(
            "SELECT feed_id FROM added_feeds WHERE chat_id = ?", chat_id
        )
        return frozenset(row["feed_id"] for row in rows)

    async def move(self, feed_id: int, url: str, now: float) -> Feed | None:
        """Gives a feed another address, where it is polled at once, and keeps what is remembered
        of it. If another feed has that address, the two become one. Returns the feed that has it.
        """
        async with self._database.write() as transaction:
            stays = await give_address(transaction, feed_id, url, now)
            if stays == feed_id:
                await begin_anew(transaction, feed_id, now)
            rows = await transaction.rows("SELECT * FROM feeds WHERE id = ?", stays)
        return feed_of(rows[0]) if rows else None

    async def seen_by(self, chat_id: int) -> list[Feed]:
        """The feeds that a chat sees, in the order of their titles: the operator's, and those of
        which its people wrote the address.
        """
        rows = await self._database.rows(
            f"SELECT * FROM feeds f WHERE {_SEEN} ORDER BY lower(title), url", chat_id
        )
        return await feeds_of(rows)

    async def seen(self, feed_id: int, chat_id: int) -> Feed | None:
        """One feed, if that chat sees it."""
        row = await self._database.row(
            f"SELECT * FROM feeds f WHERE f.id = ?2 AND {_SEEN}", chat_id, feed_id
        )
        return feed_of(row) if row else None

    async def get(self, feed_id: int) -> Feed | None:
        """One feed, if it is in the catalogue."""
        row = await self._database.row("SELECT * FROM feeds WHERE id = ?", feed_id)
        return feed_of(row) if row else None

    async def all(self) -> list[Feed]:
        """The catalogue in the order of its titles: thousands of rows, a tenth of a second."""
        rows = await self._database.rows("SELECT * FROM feeds ORDER BY lower(title), url")
        return await feeds_of(rows)

    async def census(self, chat_id: int) -> Census:
        """How many a chat sees: the operator's, counted in an index, and those that it brought."""
        row = await self._database.row(
            "SELECT count(*) AS n, count(*) FILTER (WHERE suspended = 1 OR failures > 0) AS failing"
            f" FROM (SELECT suspended, failures FROM feeds {by('feeds_health')} WHERE guest = 0"
            "  UNION ALL SELECT f.suspended, f.failures FROM added_feeds a"
            "  JOIN feeds f ON f.id = a.feed_id WHERE a.chat_id = ? AND f.guest = 1)",
            chat_id,
        )
        return Census(row["n"], row["failing"]) if row else Census(0, 0)

    async def some(
        self, chat_id: int, feed_ids: Collection[int], groups: Collection[str] = ()
    ) -> list[Feed]:
        """Of these feeds and those of these groups what a chat sees, by their titles."""
        rows = await self._database.rows(
            f"SELECT * FROM feeds f WHERE (id IN {listed('?2')}"
            f" OR folder IN {listed('?3')}) AND {_SEEN}"
            " ORDER BY lower(title), url",
            chat_id,
            as_list(feed_ids),
            as_list(groups),
        )
        return await feeds_of(rows)

    async def of_hosts(self, hosts: Collection[str], seen_by: int | None = None) -> list[Feed]:
        """The feeds whose requests are counted for these hosts, by their titles; where a chat is
        named, those that it sees.
        """
        rows = await self._database.rows(
            f"SELECT * FROM feeds f {by('feeds_of_host')}"
            f" WHERE host IN {listed('?2')} AND (?1 IS NULL OR {_SEEN})"
            " ORDER BY lower(title), url",
            seen_by,
            as_list(hosts),
        )
        return await feeds_of(rows)

    async def due(
        self,
        now: float,
        limit: int,
        busy: Collection[str] = (),
        but: Collection[int] = (),
        slots: Collection[int] | None = None,
    ) -> list[Feed]:
        """The operator's feeds whose time has come, the longest overdue first, but not of hosts in
        `busy` nor those in `but`; of all hosts, or of those of some slots. Where a thousand wait
        for busy hosts, only some of the others, and others the next time.
        """
        rows, self._looked_to = await due_ours(
            self._database, now, limit, busy, but, slots, self._looked_to
        )
        return await feeds_of(rows)

    async def due_guests(
        self,
        now: float,
        limit: int,
        busy: Collection[str] = (),
        but: Collection[int] = (),
        without: Collection[int] = (),
        served: Mapping[int, int] | None = None,
        slots: Collection[int] | None = None,
        costly: Collection[int] = (),
        without_costly: Collection[int] = (),
    ) -> list[Feed]:
        """As `due`, those that only chats brought, each with one of the chats that did: in turn by
        chat, the one first whose number in `served` is lowest, and none of the chats in `without`;
        for what is in `costly` none of those in `without_costly` either.
        """
        rows = await guest_loads.due_guests(
            self._database, now, limit, busy, but, without, served or {}, slots, costly,
            without_costly,
        )  # fmt: skip
        return [replace(feed_of(row), brought_by=row["brought_by"]) for row in rows]

    async def begin(self, now: float, seconds: float | None) -> None:
        """Counts feeds for the hosts of this version, spreads those that are overdue over the next
        `seconds`, so that a start after a while does not fetch them all at once, and brings forward
        what a clock that was ahead put off, and those of which something was pushed last: it may
        have been lost. Without `seconds` others poll already.
        """
        async with self._database.write() as transaction:
            await polls.count_for_hosts(transaction)
            if seconds is not None:
                await polls.spread(transaction, now, seconds)
            await polls.bring_forward(transaction, now)
            await polls.look_after_pushes(transaction, now)

    async def poll_at(self, feed_id: int, at: float) -> None:
        """Has a feed polled at that time, by whoever polls it; once more where a poll that began
        before is under way.
        """
        async with self._database.write() as transaction:
            await transaction.run("UPDATE feeds SET poll_at = ? WHERE id = ?", at, feed_id)

    async def bring_forward(self, now: float) -> None:
        """Brings forward what was put off for longer than anything is: the clock was ahead."""
        async with self._database.write() as transaction:
            await polls.bring_forward(transaction, now)

    async def put_off(self, feed_id: int, until: float, reason: Why, now: float) -> None:
        """Leaves a feed alone until then, whose end of a poll cannot be stored, and sets that on
        record.
        """
        async with self._database.write() as transaction:
            await transaction.run(
                "UPDATE feeds SET poll_at = ?, failures = failures + 1, error = ? WHERE id = ?",
                until,
                reason.stored(),
                feed_id,
            )
            await aside.put(transaction, Queue.POLLS, feed_id, str(reason), now)

    async def next_poll_at(
        self, after: float | None = None, slots: Collection[int] | None = None
    ) -> float | None:
        """When the next feed is due, of those due after a time where given; None without such."""
        of_slots, given = of_hosts_in("host", "?2", slots)
        of_each = " UNION ALL ".join(
            f"SELECT min(poll_at) AS at FROM feeds {by(index)}"
            f" WHERE suspended = 0 AND guest = {guest} AND poll_at > ?1{of_slots}"
            for guest, index in enumerate(("feeds_due_ours", "feeds_due_guests"))
        )
        row = await self._database.row(
            f"SELECT min(at) AS at FROM ({of_each}) AS soonest",
            float("-inf") if after is None else after,
            *given,
        )
        return row["at"] if row else None

    async def recall(self, feed_id: int, keys: Collection[bytes]) -> dict[bytes, Trace]:
        """What is remembered of a feed's entries under these keys."""
        return await memory.recall(self._database, feed_id, keys)

    async def shown(self, feed_id: int) -> bytes:
        """What is kept of what a feed's last document showed; see `bot.news.polling.shown`."""
        row = await self._database.row("SELECT shown FROM shown_entries WHERE feed_id = ?", feed_id)
        return bytes(row["shown"]) if row else b""

    async def record(self, found: Sequence[PollRecord], now: float) -> StoredPolls:
        """Stores what polls found, new reports and the feeds' states."""
        if polls.all_as_before(found):
            await self._database.run(polls.ANSWERED, polls.answered(found))
            return StoredPolls()
        async with self._database.write() as transaction:
            return await polls.store(transaction, found, now)


# Feeds that a list names, by the address that they have or had.
_NAMED = (
    "(SELECT coalesce(f.id, m.feed_id) AS id, n.folder"
    f" FROM {tabled('?1', 'url text', 'folder text')} n"
    " LEFT JOIN feeds f ON f.url = n.url LEFT JOIN former_addresses m ON m.url = n.url)"
)
