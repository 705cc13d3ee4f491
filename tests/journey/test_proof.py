"""The short form of `benchmarks.delivery`: the real process, failed and killed."""

import pytest

from benchmarks.delivery import broken_promises, drain
from benchmarks.delivery_faults import CLASSES, measure_class, refused_connections
from benchmarks.delivery_kills import everything, killed_at, killed_while_gathering
from bot import crash
from bot.errors import SettingsError

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["429 with a time", "502 in HTML", "applied, then dropped"])
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


@pytest.mark.parametrize("point", ["placed", "claimed", "answered"])
async def test_killed_at_a_point_nothing_is_lost(point: str) -> None:
    row = await killed_at(point, kills=2, seed=7)
    assert broken_promises([row]) == []
    assert row.never == 0


async def test_killed_while_a_digest_is_put_together_it_comes_once() -> None:
    row = await killed_while_gathering(kills=1, seed=7)
    assert (row.once, row.never) == (row.expected, 0)


async def test_faults_limits_and_kills_at_once_break_no_promise() -> None:
    assert broken_promises([await everything(kills=2, seed=7)]) == []


async def test_a_server_that_allows_less_is_learned_from_without_knocking_on() -> None:
    found = await drain(allowed=20)
    assert found.violations == 0
    assert found.seconds <= 1.15 * found.ideal


def test_a_point_that_is_not_there_is_refused() -> None:
    with pytest.raises(SettingsError, match="CRASH_AT='nowhere:1' is none of fetched"):
        crash.arm("nowhere:1")
    crash.arm(None)
    crash.point("claimed")
