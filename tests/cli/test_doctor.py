"""What the doctor does beside what it prints, which `test_command_line` looks at."""

import asyncio

import pytest
from msgspec.structs import replace

from bot.cli.doctor import (
    FEEDS_AT_ONCE,
    Finding,
    _feeds,
    _roles,
    _room,
    _too_loud,
    some_at_once,
)
from bot.news.feed import Feed, TooLoud
from bot.news.members import Member, Share
from bot.news.why import quoted
from bot.settings import load_settings
from tests.feeds.site import feed, site
from tests.news.telling.test_health import FEED


async def test_a_feed_is_begun_when_one_before_it_has_ended() -> None:
    before, most = len(asyncio.all_tasks()), 0

    async def look(number: int) -> Finding:
        nonlocal most
        most = max(most, len(asyncio.all_tasks()) - before)
        await asyncio.sleep(0)
        return Finding(f"feed {number}", True, "")

    found = [finding.check async for finding in some_at_once(look, range(500))]
    assert sorted(found) == sorted(f"feed {n}" for n in range(500))
    assert most <= FEEDS_AT_ONCE


async def test_what_is_under_way_ends_with_whoever_looked() -> None:
    before = asyncio.all_tasks()

    async def look(number: int) -> Finding:
        await asyncio.Event().wait() if number else None
        return Finding(f"feed {number}", True, "")

    looking = some_at_once(look, range(500))
    assert (await anext(looking)).check == "feed 0"
    left = asyncio.all_tasks() - before
    assert left
    await looking.aclose()  # type: ignore[attr-defined]
    await asyncio.wait(left)
    assert all(task.cancelled() for task in left)


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ("poll,desk,send", []),
        ("chat,poll", ["no process has desk, send: no alert is sent"]),
        ("chat,desk,send", ["no process has poll: no alert is sent"]),
    ],
)
def test_a_role_that_nobody_has_is_named_where_alerts_need_it(roles: str, said: list[str]) -> None:
    alone = load_settings(None, {"roles": roles})
    assert [each.detail for each in _roles(alone, []) if not each.ok] == said
    shared = load_settings(None, {"database_url": "postgresql://localhost/news"})
    first, *others = roles.split(",")
    both: list[tuple[Member, list[Share]]] = [
        (Member(1, "one", (first,)), []),
        (Member(2, "other", tuple(others)), []),
    ]
    assert [each.detail for each in _roles(shared, both) if not each.ok] == said
    assert _roles(shared, []) == []


@pytest.mark.parametrize(("free", "ok"), [(0, False), (199_000_000, False), (200_000_000, True)])
def test_little_room_beside_the_database_is_named_with_what_to_do(free: int, ok: bool) -> None:
    found = _room(free)
    assert (found.ok, bool(found.advice)) == (ok, not ok)
    assert found.detail == f"{free // 1_000_000} MB are free beside the database"


def test_a_feed_that_rings_too_much_is_named_with_what_to_do() -> None:
    found = _too_loud(TooLoud(FEED, 8796, 1_800_000_000.0))
    assert not found.ok
    assert found.detail == (
        "feed X rings too much: 8796 entries over 600 an hour were stored without ringing,"
        " the last at 2027-01-15 08:00 UTC"
    )
    assert "tocsin feeds remove '#1'" in found.advice


async def _looked_at(*feeds: Feed) -> list[Finding]:
    settings = load_settings(None, {"allowed_private_hosts": "127.0.0.1"})
    return [finding async for finding in _feeds(settings, list(feeds))]


async def test_a_feed_that_is_suspended_though_it_answers_is_named_with_how_it_is_woken() -> None:
    async with site() as pier:
        pier.pages["/f"] = feed("Pier", "Tide table")
        well = replace(FEED, id=1, url=f"{pier.url}/f")
        ended = replace(well, id=2, suspended=True, error=quoted("gone (410)"))
        one, other = await _looked_at(well, ended)
    assert (one.ok, one.detail) == (True, "1 entries")
    assert (other.ok, other.detail) == (False, "it answers, but is suspended: gone (410)")
    assert other.advice == f"Wake it: tocsin feeds add '{ended.url}'"


async def test_where_none_can_be_read_nobody_is_told_to_remove_all() -> None:
    async with site() as pier:
        lost = [replace(FEED, id=n, url=f"{pier.url}/{n}") for n in (1, 2)]
        *each, last = await _looked_at(*lost)
        alone = await _looked_at(lost[0])
    assert all("If it alone stays so: tocsin feeds move '#" in found.advice for found in each)
    assert last.detail == "none of them can be read from here"
    assert "Remove none" in last.advice
    assert len(alone) == 1
