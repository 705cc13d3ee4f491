"""The clock that a visitor may put forward."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.playground.clock import MovableClock
from tests.playground.conftest import Clock

EIGHT = 8 * 60
DAY = 86_400.0


@given(
    st.floats(1_500_000_000, 2_500_000_000),
    st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Europe/Lisbon"]),
)
def test_the_next_morning_is_eight_there_and_at_most_a_long_day_away(now: float, zone: str) -> None:
    clock = MovableClock(lambda: now)
    clock.skip_to(EIGHT, zone)
    there = datetime.fromtimestamp(round(clock(), 3), ZoneInfo(zone))
    assert (there.hour, there.minute, there.second) == (8, 0, 0)
    assert 0 < clock() - now <= DAY + 3_601


def test_time_goes_on_from_there_and_all_who_asked_hear_of_it(clock: Clock) -> None:
    clock.now = datetime(2031, 5, 4, 21, tzinfo=UTC).timestamp()
    moved, heard = MovableClock(clock), []
    moved.moved.append(lambda: heard.append(moved()))
    moved.skip_to(EIGHT, "UTC")
    assert heard == [moved()] == [datetime(2031, 5, 5, 8, tzinfo=UTC).timestamp()]
    clock.now += 5
    assert moved() == heard[0] + 5


@pytest.mark.parametrize("zone", ["Nowhere/Land", "", "../etc", "Asia", "x" * 5_000, "a\0b"])
def test_a_zone_that_is_not_known_is_named(zone: str, clock: Clock) -> None:
    moved = MovableClock(clock)
    with pytest.raises(BadInput, match="There is no time zone"):
        moved.skip_to(EIGHT, zone)
    assert moved() == clock.now


def test_the_clock_stays_within_a_year(clock: Clock) -> None:
    moved = MovableClock(clock, ahead=-1_000 * DAY)
    moved.skip(366 * DAY)
    with pytest.raises(BadInput, match="a year ahead"):
        moved.skip(1)
    assert moved() == clock.now - 634 * DAY
