"""Processes on one database: who is taken for dead stores nothing, and others have what it had."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import pytest

from bot.errors import AlreadyRunning, TakenOver
from bot.news.members import ALONE, SLOTS, Held, MemberWish, slot_of_host
from storage.errors import StorageError
from storage.open import migrate, open_storage
from storage.storage import Storage
from tests import postgres
from tests.databases import look
from tests.storage.samples import add_feed, chat

# A server of PostgreSQL begins first.
pytestmark = pytest.mark.slow

_WISH = MemberWish({"desk": ALONE, "send": SLOTS}, most=30.0)


@pytest.fixture
async def other(url: str, storage: Storage) -> AsyncIterator[Storage]:
    """A second process that works on the database."""
    opened = await open_storage(url, alone=True, now=1_000.0)
    yield opened
    await opened.close()


async def test_a_second_process_joins_and_finds_what_the_first_left(
    storage: Storage, other: Storage
) -> None:
    first = await storage.hold.share(_WISH)
    assert (len(first.slots["desk"]), len(first.slots["send"]), first.rate) == (1, 64, 30.0)
    second = await other.hold.share(_WISH)
    assert second.slots == {"desk": frozenset(), "send": frozenset()}
    assert second.members == 2
    first = await storage.hold.share(_WISH)
    assert first.surplus == {"desk": 0, "send": 32}
    leaves = {"send": sorted(first.slots["send"])[:40]}
    first = await storage.hold.share(MemberWish(_WISH.roles, leaves, 30.0, 15.0))
    assert len(first.slots["send"]) == 32
    second = await other.hold.share(_WISH)
    assert first.slots["send"] | second.slots["send"] == frozenset(range(64))
    assert len(second.slots["send"]) == 32
    assert (first.rate, second.rate) == (15.0, 15.0)


async def test_two_that_share_at_every_moment_never_have_the_same_slot(
    storage: Storage, other: Storage
) -> None:
    held: dict[int, Held] = {}
    for n in range(20):
        for each in (storage, other):
            known = held.get(id(each))
            leaves = known.slots if known else {}
            wish = MemberWish(
                _WISH.roles, leaves if n % 2 else {}, 30.0, known.rate if known else 0.0
            )
            held[id(each)] = await each.hold.share(wish)
        await asyncio.gather(*[each.hold.share(_WISH) for each in (storage, other)])
        mine, theirs = [(await each.hold.share(_WISH)).slots["send"] for each in (storage, other)]
        assert not mine & theirs
    assert len(mine | theirs) == 64


async def test_who_ended_leaves_everything_at_once(storage: Storage, other: Storage) -> None:
    await storage.hold.share(_WISH)
    await storage.close()
    second = await other.hold.share(_WISH)
    assert (second.slots["desk"], second.members) == (frozenset({0}), 1)


async def test_one_that_stood_still_for_longer_than_its_lease_can_store_nothing(
    url: str, storage: Storage, other: Storage
) -> None:
    await storage.hold.share(_WISH)
    _as_if_renewed(url, storage, 60)
    # Nobody has noticed yet: it has what it has.
    await add_feed(storage)
    assert (await other.hold.share(_WISH)).slots["send"] == frozenset()
    _some_time_later(other)
    assert len((await other.hold.share(_WISH)).slots["send"]) == 64
    with pytest.raises(StorageError, match="another process has taken over"):
        await storage.chats.meet(chat(1))
    with pytest.raises(TakenOver):
        await storage.renew_lease(1.0)
    with pytest.raises(TakenOver):
        await storage.hold.share(_WISH)


async def test_one_that_renews_is_left_what_it_has(storage: Storage, other: Storage) -> None:
    await storage.hold.share(_WISH)
    for _ in range(3):
        await storage.renew_lease(1.0)
        assert (await other.hold.share(_WISH)).slots["desk"] == frozenset()


async def test_one_whose_connection_was_cut_comes_back(
    url: str, storage: Storage, other: Storage
) -> None:
    await storage.hold.share(_WISH)
    _cut(url)
    assert (await other.hold.share(_WISH)).slots["desk"] == frozenset()
    await _comes_back(storage)
    assert (await storage.hold.share(_WISH)).slots["desk"] == frozenset({0})
    assert await other.is_worked_on(1.0)


async def test_one_whose_connection_is_gone_is_dead_before_its_lease_is_over(
    url: str, storage: Storage, other: Storage
) -> None:
    await storage.hold.share(_WISH)
    _cut(url)
    _as_if_renewed(url, storage, 4.5)
    assert (await other.hold.share(_WISH)).slots["desk"] == frozenset({0})
    with pytest.raises(TakenOver):
        await storage.renew_lease(1.0)


async def test_who_was_silent_before_the_server_went_is_dead_when_it_is_back(
    url: str, storage: Storage, other: Storage
) -> None:
    await storage.hold.share(_WISH)
    _as_if_renewed(url, storage, 6)
    _server_starts_again()
    await _comes_back(other)
    assert (await _shares(other)).slots["desk"] == frozenset({0})
    with pytest.raises(TakenOver):
        await _comes_back(storage)


async def test_a_lease_stands_still_while_there_is_no_server(
    url: str, storage: Storage, other: Storage
) -> None:
    await storage.hold.share(_WISH)
    # As if the server had been away for ten seconds, and the last to renew was not the first one.
    for each, ago in ((storage, 14), (other, 10)):
        _as_if_renewed(url, each, ago)
    _server_starts_again()
    # Who only looks finds all alive, before any is back.
    names = [member.name for member, _ in await _once_back(storage.hold.members)]
    assert len(names) == 2
    await _comes_back(other)
    assert (await _shares(other)).slots["desk"] == frozenset()
    await _comes_back(storage)
    assert (await _shares(storage)).slots["desk"] == frozenset({0})


async def test_who_joins_first_leaves_the_others_their_time(url: str, storage: Storage) -> None:
    await storage.hold.share(_WISH)
    _as_if_renewed(url, storage, 10)
    _server_starts_again()
    newcomer = await open_storage(url, alone=True, now=1_000.0)
    assert (await newcomer.hold.share(_WISH)).slots["desk"] == frozenset()
    await _comes_back(storage)
    # The time is given once for each start.
    _as_if_renewed(url, storage, 60)
    _cut(url)
    await _comes_back(newcomer)
    assert (await newcomer.hold.share(_WISH)).slots["desk"] == frozenset({0})
    await newcomer.close()


async def test_one_that_is_gone_is_dead_also_where_the_clock_went_back_meanwhile(
    url: str, storage: Storage, other: Storage
) -> None:
    await storage.hold.share(_WISH)
    _cut(url)
    _as_if_the_clock_went_back(url)
    await _comes_back(other)
    ((living, _),) = await other.hold.members()
    assert living.id == other.hold.number
    assert (await other.hold.share(_WISH)).slots["desk"] == frozenset({0})


async def test_one_that_stands_still_while_the_clock_goes_back_has_no_longer_lease(
    url: str, storage: Storage, other: Storage
) -> None:
    await storage.hold.share(_WISH)
    _as_if_the_clock_went_back(url)
    assert (await other.hold.share(_WISH)).slots["desk"] == frozenset()
    _as_if_renewed(url, storage, 8)
    assert (await other.hold.share(_WISH)).slots["desk"] == frozenset()
    _some_time_later(other)
    assert (await other.hold.share(_WISH)).slots["desk"] == frozenset({0})


async def test_where_the_clock_goes_forward_nobody_that_renews_is_taken_for_dead(
    url: str, storage: Storage, other: Storage
) -> None:
    third = await open_storage(url, alone=True, now=1_000.0)
    await storage.hold.share(_WISH)
    everybody = (storage, other, third)
    slots = [(await each.hold.share(_WISH)).slots for each in everybody]
    look(url, "UPDATE members SET until = until - 60")
    for first in everybody:
        await first.renew_lease(1.0)
        for each in everybody:
            assert (await each.hold.share(_WISH)).members == 3
    for each in everybody:
        _some_time_later(each)
        await each.renew_lease(1.0)
    assert [(await each.hold.share(_WISH)).slots for each in everybody] == slots
    await third.close()


async def test_a_server_that_starts_again_with_its_clock_behind_takes_nobody_for_dead(
    url: str, storage: Storage, other: Storage
) -> None:
    await storage.hold.share(_WISH)
    _as_if_renewed(url, storage, 2)
    silent = await open_storage(url, alone=True, now=1_000.0)
    _as_if_renewed(url, silent, 6)
    _as_if_the_clock_went_back(url)
    _server_starts_again()
    await _comes_back(other)
    held = await _shares(other)
    assert (held.slots["desk"], held.members) == (frozenset(), 2)
    await _comes_back(storage)
    assert (await _shares(storage)).slots["desk"] == frozenset({0})
    with suppress(StorageError):
        await silent.close()


async def test_bells_are_heard_by_the_others_only_also_after_a_cut(
    url: str, storage: Storage, other: Storage
) -> None:
    heard: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
    await storage.hold.hear(lambda name: heard.put_nowait(("first", name)))
    await other.hold.hear(lambda name: heard.put_nowait(("second", name)))
    await storage.hold.ring(["desk", "poll"])
    async with asyncio.timeout(60):
        assert [await heard.get(), await heard.get()] == [("second", "desk"), ("second", "poll")]
        _cut(url)
        for each in (storage, other):
            await _comes_back(each)
        await storage.hold.ring(["send"])
        assert await heard.get() == ("second", "send")
    assert heard.empty()


async def test_what_each_has_is_named(storage: Storage, other: Storage) -> None:
    await storage.hold.share(_WISH)
    ((first, shares), (second, none)) = await other.hold.members()
    assert first.name == second.name
    assert first.name.startswith("tocsin, process ")
    assert (first.roles, len(shares), none) == (("desk", "send"), 65, [])


async def test_hosts_have_the_same_slot_in_the_database(url: str) -> None:
    hosts = ["harbour.example", "a.b.c.example", "xn--strae-oqa.example", "", "ÿ.example"]
    for host in hosts:
        assert look(url, "SELECT host_slot(?)", host) == [(slot_of_host(host),)]


async def test_tables_are_not_renewed_while_a_process_works(url: str, storage: Storage) -> None:
    look(url, "DELETE FROM tocsin_schema WHERE number = (SELECT max(number) FROM tocsin_schema)")
    with pytest.raises(AlreadyRunning, match=r"^tocsin, process \d+ on .* works on this database"):
        await migrate(url)


T = TypeVar("T")


async def _once_back(ask: Callable[[], Awaitable[T]]) -> T:
    """What is answered as soon as its connection has been made anew."""
    async with asyncio.timeout(60):
        while True:
            with suppress(StorageError):
                return await ask()


async def _shares(storage: Storage) -> Held:
    return await _once_back(lambda: storage.hold.share(_WISH))


async def _comes_back(storage: Storage) -> None:
    """Renews as a process does, which may learn only now that its connection is gone."""
    with suppress(StorageError):
        await storage.renew_lease(1.0)
    await storage.renew_lease(1.0)


def _as_if_renewed(url: str, storage: Storage, ago: float) -> None:
    """Of the process that joined first."""
    look(url, f"UPDATE members SET until = until - {ago} WHERE id = {storage.hold.number}")


def _some_time_later(storage: Storage) -> None:
    """Lets a lease pass by this process's own clock."""
    from storage.postgres.members import PostgresHold  # asyncpg may be missing

    hold = storage.hold
    assert isinstance(hold, PostgresHold)
    now = hold.clock() + 7.0
    hold.clock = lambda: now


def _as_if_the_clock_went_back(url: str) -> None:
    look(url, "UPDATE members SET until = until + 3600")


def _server_starts_again() -> None:
    folder = postgres.server()
    postgres.end(folder)
    postgres.begin(folder)


def _cut(url: str) -> None:
    """Ends all connections to a database but the one that says so."""
    look(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
