"""How much may be deleted, and when."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.retention import (
    EVERY,
    LEAST,
    Tended,
    allowance,
    deleted,
    is_due,
    is_set_right,
    looked,
)

DAY = 86_400.0
NOON = 20_000 * DAY


def test_a_jump_must_stand_for_a_day_either_way() -> None:
    for jump in (400 * DAY, 4 * DAY, DAY + 1, -2 * DAY):
        tended = looked(Tended(NOON), NOON + jump)
        assert allowance(tended, "stories", 10**6, 10**6) == 0
        for hour in range(1, 24):
            tended = looked(tended, NOON + jump + hour * 3600)
            assert allowance(tended, "stories", 10**6, 10**6) == 0
        tended = looked(tended, NOON + jump + DAY)
        assert allowance(tended, "stories", 10**6, 0) == 50_000


def test_a_night_off_is_no_jump() -> None:
    assert looked(Tended(NOON), NOON + DAY).doubted_since is None


def test_a_clock_that_is_set_right_again_is_doubted_from_then_on() -> None:
    ahead = looked(Tended(NOON), NOON + 365 * DAY)
    right = looked(ahead, NOON + 3600)
    assert right.doubted_since == NOON + 3600


def test_it_is_looked_once_an_hour_whoever_looked_last() -> None:
    last = looked(Tended(NOON), NOON)
    assert [is_due(last, NOON + s) for s in (0.0, EVERY - 1, EVERY, 9 * DAY)] == [
        False, False, True, True
    ]  # fmt: skip
    # The clock went back since, or nobody looked yet: what is stored is as old as its newest row.
    assert is_due(last, NOON - 1)
    assert is_due(Tended(NOON), NOON)


@given(
    rounds=st.lists(st.floats(0, 7200), max_size=60),
    rows=st.integers(0, 10**7),
    inflow=st.integers(0, 10**6),
)
def test_a_day_deletes_no_more_than_its_part(rounds: list[float], rows: int, inflow: int) -> None:
    now, tended = NOON, looked(Tended(NOON), NOON)
    most = max(2 * inflow, rows // 20, LEAST)
    gone: list[tuple[float, int]] = []
    for seconds in rounds:
        now += seconds
        tended = looked(tended, now)
        may = max(0, allowance(tended, "stories", rows, inflow))
        gone.append((tended.day, may))
        tended = deleted(tended, "stories", may)
    for day in {day for day, _ in gone}:
        assert sum(may for of, may in gone if of == day) <= most


def _ends(*clock: float) -> list[bool]:
    """Whether what is dated later was so by a clock that was ahead, at each look."""
    found, tended = [], looked(Tended(NOON), NOON)
    for now in clock:
        found.append(is_set_right(tended, now))
        tended = looked(tended, now)
    return found


def _hours(start: float, count: int) -> list[float]:
    return [start + hour * 3600 for hour in range(count)]


def test_a_clock_that_was_ahead_is_set_right_once_it_goes_on_where_it_was_believed() -> None:
    assert _ends(NOON + 900 * DAY, NOON + 60, NOON + 3660) == [False, True, False]


def test_a_clock_that_is_behind_says_nothing_of_what_is_stored_however_long() -> None:
    """hostile: a machine without a clock of its own begins in 1970"""
    for behind in (2 * DAY, 5 * DAY, 400 * DAY):
        assert not any(_ends(*_hours(NOON - behind, 60)))
        assert not any(_ends(*_hours(NOON - behind, 60), *_hours(NOON + 3 * DAY, 60)))
    assert not any(_ends(NOON + 3600, NOON + 1800, NOON + 1860))  # an hour is no jump


def test_a_clock_that_was_ahead_for_days_is_set_right_once_that_has_stood_for_a_day() -> None:
    ahead, back = _hours(NOON + 900 * DAY, 49), _hours(NOON + 2 * DAY + 60, 26)
    assert _ends(*ahead, *back)[len(ahead) :] == [False] * 24 + [True, False]


def test_a_machine_that_was_off_for_a_month_was_not_ahead() -> None:
    on_again = _hours(NOON + 40 * DAY, 24 * 32)
    assert not any(_ends(*on_again, *_hours(NOON + 39 * DAY, 60)))
