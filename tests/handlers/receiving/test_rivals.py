"""Of two programs that receive one bot's updates, the one gives up that came later."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.receiving.rivals import Rivals


def test_one_that_never_received_gives_up_at_the_third_refusal() -> None:
    young = Rivals()
    assert [young.refused() for _ in range(3)] == [5.0, 5.0, None]


def test_one_refusal_is_of_no_consequence() -> None:
    """Whoever had the updates before it may have been stopped in the middle of a wait."""
    young = Rivals()
    assert young.refused() == 5.0
    for at in range(0, 100, 25):
        young.received(float(at))
    assert [young.refused() for _ in range(9)] == [5.0, 10.0, 20.0, *[30.0] * 6]


@given(
    st.lists(st.floats(10, 20), min_size=1, max_size=20),
    st.booleans(),
    st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_the_one_that_received_before_outlives_the_other(
    gaps: list[float], both: bool, answered: list[bool]
) -> None:
    older, younger = Rivals(), Rivals()
    at = 0.0
    older.received(at)
    for gap in gaps:
        at += gap
        older.received(at)
    if both:
        at += 5.0  # it answers what it got with its first wait
        older.received(at)
        younger.received(at)
    # The newcomer ends the wait of the one that was there; then they take turns.
    for some in answered * 3:
        assert older.refused() is not None
        if some:
            younger.received(at + 1.0)
        at += 5.0
        if younger.refused() is None:
            return
        if some:
            older.received(at + 1.0)
        at += 5.0
    raise AssertionError("the younger one goes on")
