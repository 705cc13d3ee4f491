"""When a feed is polled next."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.polling.poll_hints import NO_HINTS, PollHints, hour_of
from bot.news.polling.rhythm import Rhythm, first_heard
from bot.news.polling.schedule import (
    Bounds,
    after_failure,
    after_success,
    after_try_later,
    first_poll,
    next_interval,
    while_pushed,
)

BOUNDS = Bounds(60, 3600)
NOW = 1_800_000_000.0

_bounds = st.tuples(st.floats(1, 10_000), st.floats(1, 10_000)).map(
    lambda pair: Bounds(min(pair), max(pair))
)
_chance = st.floats(0, 1)
_seconds = st.floats(0, 1_000_000)


_dates = st.lists(st.floats(NOW - 90 * 86_400, NOW), max_size=40)
_rhythms = _dates.map(lambda dates: first_heard(dates, NOW))
_wishes = st.builds(
    PollHints,
    st.none() | st.floats(0, 86_400),
    st.lists(st.integers(0, 23)).map(tuple),
    st.lists(st.integers(0, 6)).map(tuple),
)


@given(_rhythms, _wishes, st.none() | _seconds, _bounds)
def test_an_interval_keeps_its_bounds(
    rhythm: Rhythm, wishes: PollHints, wished: float | None, bounds: Bounds
) -> None:
    assert bounds.least <= next_interval(rhythm, wishes, wished, bounds, NOW) <= bounds.most


@given(_rhythms, _seconds, _seconds, _bounds)
def test_what_server_and_document_ask_for_is_honoured_within_the_bounds(
    rhythm: Rhythm, ttl: float, wished: float, bounds: Bounds
) -> None:
    interval = next_interval(rhythm, PollHints(ttl), wished, bounds, NOW)
    assert interval >= bounds.clamp(max(ttl, wished))


def test_a_silent_feed_slows_down_to_the_most_and_a_lively_one_is_polled_closest() -> None:
    def interval(gap: float) -> float:
        dates = [NOW - n * gap for n in range(40)]
        return next_interval(first_heard(dates, NOW), NO_HINTS, None, BOUNDS, NOW)

    minutes, hours, days = interval(300), interval(3600), interval(86_400)
    assert minutes == BOUNDS.least
    assert 60 <= hours <= 150
    assert 120 <= days <= 900
    silent = first_heard([NOW - 300 * 86_400], NOW)
    assert next_interval(silent, NO_HINTS, None, BOUNDS, NOW) == BOUNDS.most


def test_in_hours_in_which_nothing_is_to_come_a_feed_is_polled_rarest() -> None:
    lively = first_heard([NOW - n * 300 for n in range(40)], NOW)
    skipping = PollHints(hours=(hour_of(NOW),))
    assert next_interval(lively, skipping, None, BOUNDS, NOW) == BOUNDS.most
    assert next_interval(lively, skipping, None, BOUNDS, NOW + 4000) == BOUNDS.least


@given(st.floats(60, 3600), st.none() | st.floats(-1e5, 1e6), st.integers(0, 5))
def test_a_pushed_feed_is_polled_rarely_while_the_lease_holds_and_the_hub_keeps_its_word(
    interval: float, lease: float | None, missed: int
) -> None:
    until = None if lease is None else NOW + lease
    found = while_pushed(interval, NOW, until, missed, BOUNDS)
    if lease is None or lease <= 0 or missed >= 2:
        assert found == interval
    else:
        assert found == max(interval, min(max(until - NOW, 60), 3600))  # type: ignore[operator]


@given(_bounds, _chance)
def test_a_new_feed_is_polled_within_a_minute_and_its_least_interval(
    bounds: Bounds, chance: float
) -> None:
    assert NOW <= first_poll(NOW, bounds, chance) <= NOW + min(60, bounds.least) + 1e-3


def test_many_feeds_added_at_once_are_spread() -> None:
    times = {first_poll(NOW, BOUNDS, i / 100) for i in range(100)}
    assert len(times) == 100
    assert max(times) - min(times) > 50


@given(_seconds, _chance)
def test_polls_drift_apart_by_a_tenth_at_most(interval: float, chance: float) -> None:
    wait = after_success(NOW, interval, chance) - NOW
    assert 0.9 * interval - 1e-3 <= wait <= 1.1 * interval + 1e-3


@given(st.integers(1, 10_000), _bounds, _chance)
def test_back_off_never_shrinks_with_failures_and_ends_at_six_hours(
    failures: int, bounds: Bounds, chance: float
) -> None:
    wait = after_failure(NOW, failures, bounds, chance)
    assert wait <= after_failure(NOW, failures + 1, bounds, chance)
    assert NOW + min(bounds.least, 3600) / 2 <= wait <= NOW + 6 * 3600


@given(st.integers(1, 20), _chance, _chance)
def test_the_next_step_of_back_off_is_never_sooner_whatever_chance_says(
    failures: int, chance: float, later: float
) -> None:
    sooner = after_failure(NOW, failures, BOUNDS, chance)
    if 60 * 2**failures <= 6 * 3600:
        assert sooner <= after_failure(NOW, failures + 1, BOUNDS, later) + 1e-3


@given(st.floats(0, 1e7), _chance)
def test_a_server_that_named_a_time_is_never_asked_before(seconds: float, chance: float) -> None:
    again = after_try_later(NOW, seconds, chance)
    assert NOW + seconds <= again <= NOW + 1.1 * seconds + 1e-3
