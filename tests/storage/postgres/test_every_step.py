"""Two processes change one thing: the second begins between any two steps of the first, and goes as
far as it can. Whatever comes of it could have come of one after the other.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from bot.news.chat import Habits, Subscription
from bot.news.feed import NewFeed, PollRecord
from bot.news.polling.entry_keys import Trace
from storage.database import Database, Row, Transaction
from storage.storage import Storage
from tests.storage.samples import add_feed, brought, chat, key, placed, report, ring, sql, store

# A server of PostgreSQL begins first.
pytestmark = pytest.mark.slow

Step = Callable[[], Awaitable[None]]
Work = Callable[[Storage], Awaitable[object]]

_MOST_STEPS = 60


class Stepped:
    """A database that says before each thing that is asked of it that it comes."""

    def __init__(self, database: Database, step: Step) -> None:
        self._database = database
        self._step = step

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """As the database; the commit is a step too."""
        await self._step()
        async with self._database.write() as transaction:
            yield SteppedTransaction(transaction, self._step)
            await self._step()

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """As the database: what is read together is one step."""
        return self._database.read()

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        """As the database."""
        await self._step()
        return await self._database.rows(sql, *values)

    async def row(self, sql: str, *values: Any) -> Row | None:
        """As the database."""
        await self._step()
        return await self._database.row(sql, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)


class SteppedTransaction:
    """A transaction of it."""

    def __init__(self, transaction: Transaction, step: Step) -> None:
        self._transaction = transaction
        self._step = step

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        """As the transaction."""
        await self._step()
        return await self._transaction.rows(sql, *values)

    async def run(self, sql: str, *values: Any) -> int:
        """As the transaction."""
        await self._step()
        return await self._transaction.run(sql, *values)

    async def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """As the transaction."""
        await self._step()
        await self._transaction.run_many(sql, values)


async def _as_far_as_it_goes(work: asyncio.Task[object], watch: Storage) -> None:
    """Returns when the work is done, or waits for who writes."""
    while not work.done():
        waiting = await watch._database.rows(
            "SELECT 1 AS one FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        if waiting:
            return
        await asyncio.sleep(0.002)


async def _interleaved(
    storage: Storage, other: Storage, first: Work, second: Work, at: int
) -> bool:
    """Has the second work begin before step `at` of the first; whether there is such a step."""
    steps = 0
    begun: asyncio.Task[object] | None = None

    async def step() -> None:
        nonlocal steps, begun
        if steps == at:
            begun = asyncio.create_task(_awaited(second(other)))
            await _as_far_as_it_goes(begun, storage)
        steps += 1

    await first(Storage(Stepped(storage._database, step), storage.hold))
    if begun is None:
        return False
    await begun
    return True


async def _awaited(work: Awaitable[object]) -> object:
    return await work


async def _at_every_step(
    storage: Storage, other: Storage, first: Work, second: Work, holds: Step, begin: Step
) -> None:
    """Tries each step of either; `begin` makes what they meet, `holds` looks at what came of it."""
    for one, two in ((first, second), (second, first)):
        for at in range(_MOST_STEPS):
            await begin()
            there = await _interleaved(storage, other, one, two, at)
            if not there:
                assert at > 1
                break
            await holds()
        else:
            pytest.fail(f"more than {_MOST_STEPS} steps")


async def test_the_versions_of_the_audience(storage: Storage, other: Storage) -> None:
    async def begin() -> None:
        for each in (1, 2):
            await storage.chats.meet(chat(each))

    seen = [0]

    async def holds() -> None:
        versions = await sql(storage, "SELECT version FROM audience_changes ORDER BY version")
        numbers = [int(str(number)) for (number,) in versions]
        assert numbers == list(range(numbers[0], numbers[-1] + 1))
        known = (await storage.chats.audience(seen[0])).version
        assert known > seen[0]
        seen[0] = known

    caps = iter(range(1, 1_000))
    await _at_every_step(
        storage, other,
        lambda s: s.chats.set_habits(1, Habits(cap=next(caps))),
        lambda s: s.chats.set_habits(2, Habits(cap=next(caps))),
        holds, begin,
    )  # fmt: skip


async def test_what_waits_goes_into_one_digest(storage: Storage, other: Storage) -> None:
    await storage.chats.meet(chat(1))
    numbers = iter(range(1, 10_000))

    async def begin() -> None:
        await sql(storage, "DELETE FROM deliveries RETURNING id")
        await store(storage, *[report(next(numbers)) for _ in range(3)])
        reports = await storage.stories.unplaced(10)
        await storage.stories.place([placed(each.id, None, ring(1)) for each in reports], 1.0)
        await sql(storage, "UPDATE deliveries SET state = 'held', due_at = 5 RETURNING id")

    async def holds() -> None:
        assert await sql(storage, "SELECT count(*) FROM deliveries WHERE kind = 'digest'") == [(1,)]
        free = "SELECT count(*) FROM deliveries WHERE kind = 'alert' AND digest_id IS NULL"
        assert await sql(storage, free) == [(0,)]

    def gather(s: Storage) -> Awaitable[object]:
        return s.digests.enqueue_due(9.0)

    await _at_every_step(storage, other, gather, gather, holds, begin)


async def test_a_delivery_is_claimed_by_one(storage: Storage, other: Storage) -> None:
    await storage.chats.meet(chat(1))
    numbers = iter(range(1, 10_000))
    claimed: list[int] = []

    async def begin() -> None:
        claimed.clear()
        await sql(storage, "DELETE FROM deliveries RETURNING id")
        await store(storage, report(next(numbers)))
        (each,) = await storage.stories.unplaced(10)
        await storage.stories.place([placed(each.id, None, ring(1))], 1.0)

    async def holds() -> None:
        assert len(claimed) == 1

    async def claim(s: Storage) -> None:
        due = await s.outbox.due(9.0, (), 5)
        taken = await s.outbox.claim([each.delivery_id for each in due], 9.0, 60.0)
        claimed.extend(each.id for each in taken)

    await _at_every_step(storage, other, claim, claim, holds, begin)


async def test_a_guest_stays_while_a_chat_keeps_it(storage: Storage, other: Storage) -> None:
    """The last chat lets go of a feed while another brings the same address."""
    for each in (1, 2):
        await storage.chats.meet(chat(each))
    address = "https://guest.example/feed"
    feed = [0]

    async def begin() -> None:
        await sql(storage, "DELETE FROM feeds RETURNING id")
        feed[0] = (await brought(storage, address, 1)).id

    async def let_go(s: Storage) -> None:
        await s.chats.unsubscribe(Subscription(1, 0, feed[0]))
        await s.feeds.uncredit(feed[0], 1)
        await s.feeds.tend_guests(2.0)

    async def bring(s: Storage) -> None:
        assert await s.feeds.bring(2, 0, NewFeed(address, "", 2.0, named=False), 2.0)

    async def holds() -> None:
        there = await storage.feeds.at(address)
        assert there
        assert [each.feed_id for each in await storage.chats.subscriptions(2)] == [there.id]
        assert await storage.feeds.adders([there.id]) == {there.id: frozenset({2})}

    await _at_every_step(storage, other, let_go, bring, holds, begin)


async def test_one_feed_has_an_address(storage: Storage, other: Storage) -> None:
    """A feed moves to where another is being added."""
    old, new = "https://old.example/feed", "https://new.example/feed"
    feed = [0]

    async def begin() -> None:
        await sql(storage, "DELETE FROM feeds RETURNING id")
        await sql(storage, "DELETE FROM former_addresses RETURNING url")
        (added,) = await storage.feeds.add([NewFeed(old, "", 1.0)], 1.0)
        feed[0] = added.id

    async def holds() -> None:
        assert await sql(storage, "SELECT url FROM feeds") == [(new,)]
        there = await storage.feeds.at(old)
        assert there
        assert there.url == new

    await _at_every_step(
        storage, other,
        lambda s: s.feeds.move(feed[0], new, 2.0),
        lambda s: s.feeds.add([NewFeed(new, "", 2.0)], 2.0),
        holds, begin,
    )  # fmt: skip


async def test_reports_are_there_in_the_order_of_their_numbers(
    storage: Storage, other: Storage
) -> None:
    """Whoever reads what is to be placed never finds later one that stands before."""
    numbers = iter(range(1, 10_000))
    placed_last = [0]

    async def begin() -> None:
        pass

    async def record(s: Storage) -> None:
        await store(s, report(next(numbers)), report(next(numbers)))

    async def place() -> None:
        if found := [each.id for each in await storage.stories.unplaced(100)]:
            assert found[0] > placed_last[0]
            placed_last[0] = found[-1]
            await storage.stories.place([placed(each) for each in found], 1.0)

    async def record_and_place(s: Storage) -> None:
        await record(s)
        await place()

    await record_and_place(storage)
    await _at_every_step(storage, other, record, record_and_place, place, begin)


async def test_what_two_polls_of_a_feed_note_is_remembered(
    storage: Storage, other: Storage
) -> None:
    """A poll that began before its slot went to another process is stored after all."""
    feed = await add_feed(storage)
    numbers = iter(range(1, 1_000_000))
    noted: dict[bytes, Trace] = {}

    def note(keys: int) -> Work:
        async def work(s: Storage) -> None:
            shown = {key(str(next(numbers))): Trace(b"ttl", b"sum", 1.0) for _ in range(keys)}
            noted.update(shown)
            await s.feeds.record([PollRecord(feed, shown)], 2.0)

        return work

    async def begin() -> None:
        pass

    async def holds() -> None:
        assert await storage.feeds.recall(feed.id, noted) == noted

    for one, two in ((3, 3), (40, 3), (40, 40)):
        await _at_every_step(storage, other, note(one), note(two), holds, begin)
    await _at_every_step(storage, other, note(40), lambda s: s.tidy(2.0), holds, begin)
