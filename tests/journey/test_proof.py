"""The short form of `benchmarks.delivery`: the real process, failed and killed."""

import asyncio

import pytest

from benchmarks.delivery import broken_promises
from benchmarks.delivery_faults import CLASSES, measure_class, refused_connections
from benchmarks.delivery_kills import everything, killed_at, killed_in_a_digest
from benchmarks.delivery_limits import drain, stopped
from benchmarks.delivery_neighbours import NOBODY, WAYS, lateness
from bot import crash_points
from bot.errors import SettingsError

pytestmark = pytest.mark.slow


# What only waits is measured side by side.


async def test_faults_lose_nothing_and_repeat_only_what_was_unsure() -> None:
    names = ("429 with a time", "502 in HTML", "applied, then dropped, three times")
    classes = [each for each in CLASSES if each.name in names]
    rows = await asyncio.gather(
        *(measure_class(each, seed=7) for each in classes), refused_connections(seed=7)
    )
    assert len(rows) == 4
    assert broken_promises(rows) == []
    for row in rows:
        assert row.once + row.twice == row.expected
        assert row.met > 0


async def test_killed_at_named_points_nothing_is_lost_and_digests_come_once() -> None:
    alerts, digests = await asyncio.gather(
        killed_at(["placed", "claimed", "answered"], kills=6, seed=7),
        killed_in_a_digest(["gathering", "headed", "begun", "completed"], kills=4, seed=7),
    )
    assert broken_promises([alerts, digests]) == []
    assert (digests.once, digests.never) == (digests.expected, 0)


async def test_everything_at_once_breaks_no_promise_and_sigterm_ends_the_bot_in_time() -> None:
    row, stops = await asyncio.gather(everything(kills=2, seed=7), stopped(count=2, seed=7))
    assert broken_promises([row]) == []
    assert stops.count == 2
    assert not stops.broken(), stops


async def test_a_server_that_allows_less_is_learned_from_without_knocking_on() -> None:
    found = await drain(allowed=20, stories=6)
    assert found.violations == 0
    assert found.refused <= 28 - 20 + 1
    assert found.seconds <= 1.15 * found.ideal


async def test_a_chat_that_fails_keeps_no_other_waiting() -> None:
    (silent,) = (way for way in WAYS if way.name == "applied, then silence")
    usual, found = await asyncio.gather(lateness(NOBODY), lateness(silent))
    assert not found.late(usual), (found, usual)


def test_a_point_that_is_not_there_is_refused() -> None:
    with pytest.raises(SettingsError, match="CRASH_AT='nowhere:1' is none of fetched"):
        crash_points.arm("nowhere:1")
    crash_points.arm(None)
    crash_points.point("claimed")
