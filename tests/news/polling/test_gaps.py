"""How often a feed has news."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.polling.gaps import Gaps, after_news, is_silent, of_dates

NOW = 1_800_000_000.0
_times = st.floats(0, 4e9)


def test_a_steady_feed_has_its_rhythm_from_its_first_document() -> None:
    gaps = of_dates([NOW - 240 * n for n in range(20)] + [None])
    assert gaps.is_known
    assert gaps.every == pytest.approx(240)


def test_a_night_does_not_hide_the_rhythm_of_the_day() -> None:
    day = [NOW - 600 * n for n in range(30)]
    night_before = [NOW - 600 * 30 - 8 * 3600 - 600 * n for n in range(30)]
    assert of_dates(day + night_before).every < 1200


def test_a_rhythm_follows_what_polls_find() -> None:
    gaps = Gaps()
    assert after_news(gaps, None, 3, NOW) == gaps
    for n in range(60):
        gaps = after_news(gaps, NOW + n * 1200, 2, NOW + (n + 1) * 1200)
    assert gaps.every == pytest.approx(600)
    for n in range(60):
        gaps = after_news(gaps, NOW + n * 60, 1, NOW + (n + 1) * 60)
    assert gaps.every < 90


def test_silence_is_much_longer_than_usual_and_an_hour_at_least() -> None:
    quick = Gaps(60.0, 10)
    assert not is_silent(quick, NOW, NOW + 1800)
    assert is_silent(quick, NOW, NOW + 3601)
    daily = Gaps(86_400.0, 10)
    assert not is_silent(daily, NOW, NOW + 4 * 86_400)
    assert is_silent(daily, NOW, NOW + 5 * 86_400)
    assert not is_silent(Gaps(60.0, 1), NOW, NOW + 1e6)
    assert not is_silent(quick, None, NOW)


@given(st.lists(st.none() | _times, max_size=50), st.lists(st.tuples(_times, _times), max_size=20))
def test_any_dates_and_clocks_give_a_rhythm_within_bounds(
    dates: list[float | None], polls: list[tuple[float, float]]
) -> None:
    gaps = of_dates(dates)
    for last, now in polls:
        gaps = after_news(gaps, last, 1, now)
    assert gaps.every == 0 or 0.99 <= gaps.every <= 91 * 86_400
    assert 0 <= gaps.seen <= 1000
