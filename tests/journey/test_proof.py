"""The short form of `benchmarks.delivery`: the real process, failed and killed."""

import pytest

from benchmarks.delivery import broken_promises
from benchmarks.delivery_faults import CLASSES, measure_class, refused_connections
from benchmarks.delivery_kills import everything, killed_at, killed_in_a_digest
from benchmarks.delivery_limits import drain, stopped
from benchmarks.delivery_neighbours import NOBODY, WAYS, lateness
from bot import crash
from bot.errors import SettingsError

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "name", ["429 with a time", "502 in HTML", "applied, then dropped, three times"]
)
async def test_a_class_of_faults_loses_nothing_and_repeats_only_what_was_unsure(name: str) -> None:
    (kind,) = (each for each in CLASSES if each.name == name)
    row = await measure_class(kind, seed=7)
    assert row.met > 0
    assert broken_promises([row]) == []
    assert row.once + row.twice == row.expected


async def test_a_closed_port_costs_time_and_nothing_else() -> None:
    row = await refused_connections(seed=7)
    assert broken_promises([row]) == []
    assert row.once == row.expected


async def test_killed_at_named_points_nothing_is_lost() -> None:
    row = await killed_at(["placed", "claimed", "answered"], kills=6, seed=7)
    assert broken_promises([row]) == []


async def test_killed_at_any_point_of_a_digest_its_stories_come_once() -> None:
    row = await killed_in_a_digest(["gathering", "headed", "begun", "completed"], 4, seed=7)
    assert (row.once, row.never) == (row.expected, 0)


async def test_faults_limits_and_kills_at_once_break_no_promise() -> None:
    assert broken_promises([await everything(kills=2, seed=7)]) == []


async def test_a_server_that_allows_less_is_learned_from_without_knocking_on() -> None:
    found = await drain(allowed=20, stories=6)
    assert found.violations == 0
    assert found.refused <= 28 - 20 + 1
    assert found.seconds <= 1.15 * found.ideal


async def test_told_to_end_the_bot_ends_in_time_and_leaves_nothing_half_sent() -> None:
    found = await stopped(count=2, seed=7)
    assert found.count == 2
    assert not found.broken(), found


async def test_a_chat_that_fails_keeps_no_other_waiting() -> None:
    (silent,) = (way for way in WAYS if way.name == "applied, then silence")
    usual = await lateness(NOBODY)
    found = await lateness(silent)
    assert not found.late(usual), (found, usual)


def test_a_point_that_is_not_there_is_refused() -> None:
    with pytest.raises(SettingsError, match="CRASH_AT='nowhere:1' is none of fetched"):
        crash.arm("nowhere:1")
    crash.arm(None)
    crash.point("claimed")
