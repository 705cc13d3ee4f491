"""How much guests may bring."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.polling.quota import Spent, after, hushed, left, within
from tests.storage.samples import report

_moments = st.lists(st.tuples(st.floats(-4000, 4000), st.integers(0, 300)), max_size=40)


@given(_moments, st.integers(1, 200), st.integers(1, 500))
def test_no_more_is_taken_than_at_once_and_by_the_hour(
    moments: list[tuple[float, int]], most: int, an_hour: int
) -> None:
    spent, now, newest, taken = Spent(), 1e9, 1e9, 0
    for later, wanted in moments:
        now += later
        newest = max(newest, now)
        entries = min(wanted, left(spent, most, now, an_hour))
        spent = after(spent, entries, an_hour, now)
        taken += entries
        assert 0 <= left(spent, most, now, an_hour) <= most
    gone = sum(max(0.0, later) for later, _ in moments)
    assert taken <= most + gone * an_hour / 3600 + 1e-6


def test_what_is_spent_comes_back_within_the_hour() -> None:
    spent = after(Spent(), 100, 100, 1e9)
    assert [left(spent, 100, 1e9 + minutes * 60) for minutes in (0, 15, 60, 600)] == [
        0, 25, 100, 100,
    ]  # fmt: skip


@given(st.lists(st.booleans(), max_size=30), st.integers(0, 30))
def test_what_rings_and_is_new_goes_first_and_the_order_stays(quiet: list[bool], room: int) -> None:
    reports = [report(n, quiet=silent) for n, silent in enumerate(quiet)]
    taken = within(reports, room)
    assert len(taken) == min(room, len(reports))
    assert list(taken) == [each for each in reports if each in taken]
    ringing = [each for each in reports if not each.quiet]
    told = [each for each in taken if not each.quiet]
    assert told == ringing[len(ringing) - min(room, len(ringing)) :]


@given(st.lists(st.booleans(), max_size=30), st.integers(0, 30))
def test_what_there_is_no_room_for_is_there_and_quiet_and_the_newest_ring(
    quiet: list[bool], room: int
) -> None:
    reports = [report(n, quiet=silent) for n, silent in enumerate(quiet)]
    found = hushed(reports, room)
    assert [each.key for each in found] == [each.key for each in reports]
    ringing = [each for each in reports if not each.quiet]
    rings = [each for each in found if not each.quiet]
    assert rings == ringing[len(ringing) - min(room, len(ringing)) :]
