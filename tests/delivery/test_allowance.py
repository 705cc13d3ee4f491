"""What the bot is allowed is learned from refusals, and tried again ever more rarely."""

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.allowance import Allowance

START = 1_800_000_000.0


def test_it_falls_to_what_was_taken_and_rises_by_one() -> None:
    allowed = Allowance(28)
    allowed.lower(20, START)
    assert (allowed.look(START), allowed.lowered) == (20, 20)
    assert allowed.look(START + 59) == 20
    assert allowed.look(START + 60) == 21
    assert allowed.look(START + 120) == 22


def test_a_rise_that_is_refused_is_tried_again_after_twice_the_time() -> None:
    allowed = Allowance(28)
    allowed.lower(20, START)
    assert allowed.look(START + 60) == 21
    allowed.lower(20, START + 61)
    assert allowed.look(START + 180) == 20
    assert allowed.look(START + 181) == 21


def test_it_falls_by_half_at_most_and_never_to_nothing() -> None:
    allowed = Allowance(28)
    for expected in (14, 7, 3, 1, 1):
        allowed.lower(0, START)
        assert allowed.look(START) == expected


def test_what_an_earlier_process_learned_is_gone_on_from() -> None:
    allowed = Allowance(28)
    allowed.begin_at(20, START)
    assert allowed.look(START) == 20
    assert allowed.look(START + 60) == 21
    other = Allowance(10)
    other.begin_at(20, START)  # it was set lower meanwhile
    assert (other.look(START), other.lowered) == (10, None)


@given(
    st.integers(1, 40),
    st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 60)), st.floats(0, 4000)), max_size=60),
)
def test_it_stays_between_one_and_what_is_set_and_comes_back(
    most: int, events: list[tuple[int | None, float]]
) -> None:
    allowed, now = Allowance(most), START
    for taken, later in events:
        now += later
        if taken is not None:
            allowed.lower(taken, now)
        assert 1 <= allowed.look(now) <= most
    for _ in range(most):
        now += 3600
        allowed.look(now)
    assert allowed.lowered is None


def test_without_a_limit_nothing_is_learned() -> None:
    allowed = Allowance(0)
    allowed.lower(20, START)
    assert (allowed.look(START), allowed.lowered) == (0, None)
