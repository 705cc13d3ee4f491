"""When a feed that says it has moved is believed."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.polling.entry_keys import entry_keys_of
from bot.news.polling.moves import (
    AGREEING_POLLS,
    AGREEING_SECONDS,
    Move,
    after_answer,
    is_agreed,
    is_the_same,
)
from bot.news.story import ParsedEntry

HOUR = 3600.0
HERE, THERE, ELSEWHERE = (f"https://{name}.example/feed" for name in ("here", "there", "else"))


def told(*places: tuple[float, str | None]) -> tuple[Move | None, float]:
    move, now = None, 0.0
    for now, place in places:
        move = after_answer(move, HERE, place, None, now)
    return move, now


def test_a_move_is_believed_after_three_polls_over_a_day() -> None:
    assert is_agreed(*told((0, THERE), (12 * HOUR, THERE), (24 * HOUR, THERE)))
    assert not is_agreed(*told((0, THERE), (24 * HOUR, THERE)))
    assert not is_agreed(*told((0, THERE), (1 * HOUR, THERE), (23 * HOUR, THERE)))


def test_another_place_or_none_begins_anew() -> None:
    day = 24 * HOUR
    assert not is_agreed(*told((0, THERE), (day, THERE), (2 * day, ELSEWHERE)))
    assert told((0, THERE), (day, None)) == (None, day)
    assert told((0, THERE), (1, ELSEWHERE))[0] == Move(ELSEWHERE, 1)


def test_what_a_clock_that_was_ahead_saw_first_begins_anew() -> None:
    day = 24 * HOUR
    move, now = told((30 * day, THERE), (0, THERE), (12 * HOUR, THERE), (day, THERE))
    assert move == Move(THERE, 0.0, 3)
    assert is_agreed(move, now)


def test_a_feed_that_names_its_own_address_does_not_move() -> None:
    assert after_answer(None, HERE, None, HERE, 0.0) is None


def test_what_the_server_says_counts_before_what_the_document_says() -> None:
    assert after_answer(None, HERE, THERE, ELSEWHERE, 0.0) == Move(THERE, 0.0)
    assert after_answer(None, HERE, None, ELSEWHERE, 0.0) == Move(ELSEWHERE, 0.0, hinted=True)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.sampled_from([HERE, THERE, ELSEWHERE, None]))))
def test_only_what_was_said_at_the_last_polls_and_for_a_day_is_believed(
    answers: list[tuple[float, str | None]],
) -> None:
    answers.sort(key=lambda answer: answer[0])
    move, now = told(*answers)
    if is_agreed(move, now):
        last = answers[-AGREEING_POLLS:]
        assert {place for _, place in last} in ({THERE}, {ELSEWHERE})
        assert any(now - at >= AGREEING_SECONDS for at, place in answers if place == last[0][1])


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_document_is_that_of_a_feed_if_most_of_its_entries_are_known(old: int, new: int) -> None:
    document = entry_keys_of(
        [ParsedEntry(str(n), None, f"Issue {n}", "", None, None) for n in range(old + new)]
    )
    memory = {marks.title for marks in document[:old]}
    assert is_the_same(document, memory) == (old > new)
