import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.speed.figures import LINEAR, Figure, Goal, Growth, heard, told

_SIZES = (10.0, 100.0, 1_000.0, 10_000.0)


def _grown(exponent: float, fixed: float = 0.0) -> Growth:
    return Growth("a poll", "feeds", "s", tuple((n, fixed + n**exponent) for n in _SIZES))


@given(st.floats(0.1, 3))
def test_the_exponent_is_that_of_the_power(exponent: float) -> None:
    assert math.isclose(_grown(exponent).slope(), exponent, abs_tol=1e-6)
    assert math.isclose(_grown(exponent).slope_at_the_end(), exponent, abs_tol=1e-6)


def test_what_is_fixed_does_not_hide_how_the_rest_grows() -> None:
    grown = _grown(2, fixed=100_000)
    assert grown.slope() < LINEAR < grown.slope_at_the_end()
    assert not grown.is_linear()
    assert _grown(1, fixed=50).is_linear()


def test_less_is_better_unless_said_otherwise() -> None:
    spent = Figure("a poll", "s", 2.0, (Goal(2.0), Goal(3, "reader"), Goal(4, "reader")),
                   {"reader": 6.0})  # fmt: skip
    assert spent.times_better(6.0) == 3
    assert [spent.reaches(goal) for goal in spent.goals] == [True, True, False]
    sent = Figure("sending", "a second", 2_000, (Goal(2_001),), {"bare": 500}, more_is_better=True)
    assert sent.times_better(500) == 4
    assert sent.reaches(sent.goals[0]) is False


def test_a_goal_against_who_is_not_there_is_not_judged() -> None:
    figure = Figure("a poll", "s", 2.0, (Goal(3, "reader"),), {"reader": None})
    assert figure.reaches(figure.goals[0]) is None


@pytest.mark.parametrize(
    "found",
    [
        Figure("a poll", "s", 2.0, (Goal(3, "reader"),), {"reader": None}, {"bare": 0.5}, how="so"),
        _grown(1),
    ],
)
def test_figures_travel_as_lines(found: Figure | Growth) -> None:
    assert "\n" not in told(found)
    assert heard(told(found)) == found
