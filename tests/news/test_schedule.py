"""When a feed is polled next."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.schedule import (
    Bounds,
    after_failure,
    after_success,
    after_try_later,
    first_poll,
    next_interval,
)

BOUNDS = Bounds(60, 3600)
NOW = 1_800_000_000.0

_bounds = st.tuples(st.floats(1, 10_000), st.floats(1, 10_000)).map(
    lambda pair: Bounds(min(pair), max(pair))
)
_chance = st.floats(0, 1)
_seconds = st.floats(0, 1_000_000)


@given(_seconds, st.integers(0, 50), _bounds, st.none() | _seconds)
def test_an_interval_keeps_its_bounds(
    interval: float, news: int, bounds: Bounds, wished: float | None
) -> None:
    assert bounds.least <= next_interval(interval, news, bounds, wished) <= bounds.most


@given(_seconds, _bounds)
def test_news_never_lengthens_and_quiet_never_shortens(interval: float, bounds: Bounds) -> None:
    interval = bounds.clamp(interval)
    assert next_interval(interval, 1, bounds, None) <= interval
    assert next_interval(interval, 0, bounds, None) >= interval


@given(_seconds, st.integers(0, 1), _bounds, _seconds)
def test_what_the_server_asks_for_is_honoured_within_the_bounds(
    interval: float, news: int, bounds: Bounds, wished: float
) -> None:
    assert next_interval(interval, news, bounds, wished) >= bounds.clamp(wished)


def test_a_feed_without_news_slows_down_to_the_most_and_news_bring_it_back() -> None:
    interval = BOUNDS.least
    for _ in range(40):
        interval = next_interval(interval, 0, BOUNDS, None)
    assert interval == BOUNDS.most
    for _ in range(10):
        interval = next_interval(interval, 3, BOUNDS, None)
    assert interval == BOUNDS.least


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
