"""How closely hosts are visited."""

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.polling.politeness import Politeness
from bot.news.polling.visits import Visits

NOW = 1_800_000_000.0
GAPS = {"reddit.com": 60.0, "a.example": 1.0}


def test_a_whole_search_takes_half_a_second_a_request_and_the_next_one_waits() -> None:
    visits = Visits(Politeness().gap)
    waits = [visits.book("a.example", NOW, 100) for _ in range(20)]
    assert waits[:17] == [n / 2 for n in range(17)]
    assert waits[17:] == [9, 10, 11]
    assert visits.book("b.example", NOW, 0) == 0


def test_what_is_too_long_to_wait_for_is_not_booked() -> None:
    visits = Visits(Politeness().gap)
    assert [visits.book("reddit.com", NOW, 10) for _ in range(3)] == [0.0, 0.5, 1.0]
    assert [visits.book("reddit.com", NOW, 10) for _ in range(9)] == [60.0] * 9
    assert visits.book("reddit.com", NOW + 60, 10) == 0.0


def test_the_operators_own_hosts_are_visited_at_once() -> None:
    visits = Visits(Politeness(lambda host: True).gap)
    assert {visits.book("127.0.0.1", NOW, 0) for _ in range(99)} == {0.0}


def test_a_clock_put_back_keeps_nobody_waiting_for_what_it_was() -> None:
    visits = Visits(Politeness().gap)
    visits.book("a.example", NOW, 10)
    visits.close("a.example", NOW, 600)
    assert visits.book("a.example", NOW - 1e6, 10) == 0
    assert visits.closed("a.example", NOW - 1e6) == 0


def test_a_pause_lasts_as_long_as_the_host_says_and_no_shorter_one_ends_it() -> None:
    visits = Visits(Politeness().gap)
    visits.close("a.example", NOW, 600)
    visits.close("a.example", NOW, 60)
    assert visits.closed("a.example", NOW + 1) == 599
    assert visits.closed("a.example", NOW + 600) == 0
    assert visits.closed("b.example", NOW) == 0


def test_hosts_of_long_ago_are_forgotten() -> None:
    visits = Visits(Politeness().gap)
    for n in range(5000):
        visits.book(f"{n}.example", NOW + n, 10)
        visits.close(f"{n}.example", NOW + n, 60)
    assert len(visits._booked) + len(visits._closed) < 1100


@given(
    st.lists(st.tuples(st.sampled_from(sorted(GAPS)), st.floats(0, 30)), max_size=80),
    st.floats(0, 20),
)
def test_whoever_wants_to_visit_a_host_it_is_visited_no_more_than_its_pace(
    wanted: list[tuple[str, float]], patience: float
) -> None:
    visits, now = Visits(Politeness().gap), NOW
    at: dict[str, list[float]] = defaultdict(list)
    for key, passed in wanted:
        now += passed
        wait = visits.book(key, now, patience)
        assert wait >= 0
        if wait <= patience:
            at[key].append(now + wait)
    for key, times in at.items():
        ahead = max(8.0, 2 * GAPS[key])
        assert all(b - a >= 0.5 - 1e-6 for a, b in pairwise(times))
        for first, begin in enumerate(times):
            for count, end in enumerate(times[first:], start=1):
                assert (count - 1) * GAPS[key] <= end - begin + ahead + 1e-3


@pytest.mark.slow
def test_hosts_that_want_to_be_left_alone_are_remembered_up_to_a_number() -> None:
    visits = Visits(lambda host: 1.0)
    for n in range(5_000):
        visits.close(f"h{n}.example", 0.0, 86_400.0)
        visits.book(f"h{n}.example", 0.0, 1e9)
    assert visits.closed("h4999.example", 1.0) > 0
    assert len(visits._closed) <= 1_001
    assert len(visits._booked) <= 1_001
