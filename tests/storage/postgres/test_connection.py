"""One process or many on a PostgreSQL database: whoever writes is alone, and what is lost is found
again.
"""

import asyncio
from contextlib import suppress

import asyncpg
import pytest
from msgspec.structs import replace

from bot.news.chat import MOST_FOLLOWED, Habits, Subscription
from bot.news.feed import NewFeed, PollRecord
from storage.errors import RowRefusedError, StorageError, Trouble, database_outage
from storage.postgres.connection import translated
from storage.storage import Storage
from tests import postgres
from tests.databases import locked, look
from tests.storage.samples import add_feed, brought, chat, placed, report, ring, sql, store

# A server of PostgreSQL begins first.
pytestmark = pytest.mark.slow

_NUMBERS = range(1, 21)


# --- whoever writes is alone -------------------------------------------------------------------


async def test_versions_of_the_audience_follow_one_another_without_a_gap(
    storage: Storage, other: Storage
) -> None:
    for n in _NUMBERS:
        await storage.chats.meet(chat(n))
    await asyncio.gather(
        *[s.chats.set_habits(n, Habits(cap=n)) for n in _NUMBERS for s in (storage, other)]
    )
    # One that is undone takes no number with it.
    with pytest.raises(RowRefusedError):
        await sql(storage, "UPDATE chats SET state = 'blocked', title = NULL")
    await other.chats.set_habits(1, Habits(cap=3))
    versions = [v for (v,) in await sql(storage, "SELECT version FROM audience_changes ORDER BY 1")]
    assert versions == list(range(1, len(versions) + 1))
    audience = await other.chats.audience(await storage.chats.audience_version() - 2)
    assert audience.chats is not None


async def test_two_processes_together_follow_no_more_than_a_chat_may(
    storage: Storage, other: Storage
) -> None:
    await storage.chats.meet(chat(1))
    wanted = [NewFeed(f"https://n{n}.example/", "", 1.0) for n in range(MOST_FOLLOWED + 10)]
    feeds = await storage.feeds.add(wanted, 1.0)
    each = [Subscription(1, 0, feed.id) for feed in feeds]
    followed = await asyncio.gather(
        *[s.candidates.follow(each[n::7], 1.0) for n in range(7) for s in (storage, other)]
    )
    assert sum(followed) == MOST_FOLLOWED
    assert len(await other.chats.subscriptions(1)) == MOST_FOLLOWED


async def test_what_waits_goes_into_one_digest_whoever_gathers(
    storage: Storage, other: Storage
) -> None:
    await storage.chats.meet(chat(1))
    await store(storage, *[report(n) for n in _NUMBERS])
    await storage.stories.place([placed(n, None, ring(1)) for n in _NUMBERS], 1.0)
    await sql(storage, "UPDATE deliveries SET state = 'held', due_at = 5 RETURNING id")
    gathered = await asyncio.gather(*[s.digests.enqueue_due(9.0) for s in (storage, other) * 5])
    assert sum(gathered) == 1
    assert await sql(storage, "SELECT count(*) FROM deliveries WHERE digest_id IS NULL") == [(1,)]


async def test_a_delivery_is_claimed_once(storage: Storage, other: Storage) -> None:
    for n in _NUMBERS:
        await storage.chats.meet(chat(n))
    await store(storage, report(1))
    await storage.stories.place([placed(1, None, *[ring(n) for n in _NUMBERS])], 1.0)
    ids = [due.delivery_id for due in await other.outbox.due(9.0, (), 99)]
    claimed = await asyncio.gather(
        *[s.outbox.claim(ids[n:] + ids[:n], 9.0, 60.0) for n in range(5) for s in (storage, other)]
    )
    assert sorted(each.id for part in claimed for each in part) == sorted(ids)


async def test_a_guest_that_one_chat_leaves_while_another_brings_it_is_kept_by_that(
    storage: Storage, other: Storage
) -> None:
    for n in (1, 2):
        await storage.chats.meet(chat(n))
    for n in _NUMBERS:
        url = f"https://n{n}.example/feed"
        feed = await brought(storage, url, 1)
        await asyncio.gather(storage.feeds.uncredit(feed.id, 1), brought(other, url, 2))
        found = await other.feeds.at(url)
        assert found is not None
        assert await storage.feeds.added_by(2) >= {found.id}


async def test_feeds_that_are_moved_while_they_are_stored_keep_their_news(
    storage: Storage, other: Storage
) -> None:
    feed = await add_feed(storage)
    for n in _NUMBERS:
        old = await storage.feeds.get(feed.id)
        assert old is not None
        polled = PollRecord(replace(old, settled=True, etag=str(n)), {}, (report(n),))
        await asyncio.gather(
            storage.feeds.record([polled], 5.0),
            other.feeds.move(feed.id, f"https://m{n}.example/", 5.0),
        )
        now = await storage.feeds.get(feed.id)
        # Stored before the move, which forgets how it answered, or not at all.
        assert now is not None
        assert (now.url, now.etag) == (f"https://m{n}.example/", None)


async def test_reports_are_numbered_in_the_order_in_which_they_can_be_seen(
    storage: Storage, other: Storage
) -> None:
    feed = await add_feed(storage)
    seen: list[int] = []

    async def stores(s: Storage, first: int) -> None:
        for n in range(first, first + 10):
            record = PollRecord(replace(feed, settled=True), {}, (report(n), report(n + 1_000)))
            await s.feeds.record([record], 5.0)

    async def looks(stop: asyncio.Event) -> None:
        while not stop.is_set():
            for each in await other.stories.unplaced(999):
                if each.id not in seen:
                    assert each.id > max(seen, default=0)
                    seen.append(each.id)

    stop = asyncio.Event()
    looking = asyncio.create_task(looks(stop))
    await asyncio.gather(stores(storage, 1), stores(other, 100))
    stop.set()
    await looking


async def test_a_writer_that_cannot_have_its_turn_says_so_and_others_read(
    url: str, storage: Storage
) -> None:
    with locked(url):
        writing = asyncio.create_task(add_feed(storage))
        assert await storage.feeds.all() == []
        with pytest.raises(StorageError, match="cannot be used now"):
            await writing
    await add_feed(storage)


async def test_what_was_refused_and_swallowed_is_not_taken_for_stored(storage: Storage) -> None:
    async def swallows() -> None:
        async with storage._database.write() as transaction:
            await transaction.run("UPDATE facts SET value = '7' WHERE name = 'placing'")
            with suppress(RowRefusedError):
                await transaction.run("INSERT INTO facts VALUES ('placing', '1')")

    with pytest.raises(StorageError, match="undid"):
        await swallows()
    assert await storage.window.last_placing() == 0


async def test_one_who_is_cancelled_leaves_the_writer_as_it_was(storage: Storage) -> None:
    for _ in _NUMBERS:
        task = asyncio.create_task(storage.chats.meet(chat(1)))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert len(await storage.feeds.add([NewFeed("https://a.example/", "", 1.0)], 1.0)) == 1


@pytest.mark.parametrize("value", ["a\0b", "\ud800", 1 << 70])
async def test_what_cannot_be_stored_is_the_fault_of_the_row(
    storage: Storage, value: object
) -> None:
    with pytest.raises(RowRefusedError):
        await sql(storage, "INSERT INTO facts VALUES ('odd', ?) RETURNING name", value)
    assert await storage.feeds.all() == []


async def test_a_trial_is_taken_back_and_the_disk_is_the_servers(storage: Storage) -> None:
    await storage.try_writing()
    assert await sql(storage, "SELECT name FROM facts WHERE name = 'trial'") == []
    assert await storage.free_bytes() is None


async def test_a_database_that_only_reads_is_named_without_a_trace(storage: Storage) -> None:
    outage = database_outage()
    await storage._database.run("SET default_transaction_read_only = on")
    for ask in (storage.try_writing(), add_feed(storage)):
        with pytest.raises(StorageError, match="it cannot be written") as raised:
            await ask
        assert outage.failed(raised.value)
    await storage._database.run("SET default_transaction_read_only = off")
    await storage.try_writing()


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (asyncpg.DiskFullError("could not extend file"), Trouble.FULL),
        (asyncpg.LockNotAvailableError("canceling statement"), Trouble.LOCKED),
        (asyncpg.DataCorruptedError("invalid page in block 3"), Trouble.DAMAGED),
        (asyncpg.PostgresIOError("could not read block 3"), Trouble.DISK),
        (asyncpg.AdminShutdownError("terminating connection"), Trouble.AWAY),
        (OSError("Connection refused"), Trouble.AWAY),
        (asyncpg.QueryCanceledError("statement timeout"), Trouble.OTHER),
        (asyncpg.UndefinedTableError("no such table"), None),
    ],
)
def test_what_is_wrong_with_a_server_is_told_by_its_error(
    error: Exception, trouble: Trouble | None
) -> None:
    with pytest.raises(StorageError) as raised, translated():
        raise error
    assert raised.value.trouble is trouble
    assert database_outage().failed(raised.value) is (trouble is not None)


# --- what is lost is found again ---------------------------------------------------------------


async def test_a_connection_that_was_cut_is_opened_anew(url: str, storage: Storage) -> None:
    await add_feed(storage)
    _cut(url)
    assert len(await storage.feeds.all()) == 1
    await storage.chats.meet(chat(1))
    await storage.renew_lease(2.0)


@pytest.mark.slow
async def test_a_server_that_starts_again_is_found_again(url: str, storage: Storage) -> None:
    await add_feed(storage)
    postgres.end(postgres.server())
    with pytest.raises(StorageError, match="cannot be reached"):
        await storage.feeds.all()
    with pytest.raises(StorageError):
        await storage.renew_lease(2.0)
    begin = asyncio.create_task(asyncio.to_thread(postgres.begin, postgres.server()))
    assert len(await storage.feeds.all()) == 1
    await begin
    await storage.renew_lease(3.0)
    await storage.chats.meet(chat(1))
    assert await storage.is_worked_on(3.0)


def _cut(url: str) -> None:
    """Ends all connections to a database but the one that says so."""
    look(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


async def test_one_that_stands_still_in_the_middle_of_a_transaction_keeps_nobody_out_for_long(
    storage: Storage, other: Storage
) -> None:
    async def stand_still() -> None:
        async with other._database.write() as transaction:
            await transaction.run("UPDATE chats SET title = 'Half done' WHERE id = 1")
            # It does nothing more; the server ends that before others give up.
            await storage.chats.set_language(1, "de")
            await transaction.run("UPDATE chats SET title = 'Done' WHERE id = 1")

    await storage.chats.meet(chat(1))
    with pytest.raises(StorageError):
        await stand_still()
    assert await sql(storage, "SELECT title, language FROM chats") == [("Chat 1", "de")]
    await other.chats.set_language(1, "fr")
