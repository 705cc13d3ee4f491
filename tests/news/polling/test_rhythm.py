"""A feed's rhythm, and when another look is worth a request."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.polling.rhythm import UNHEARD, Rhythm, first_heard, heard, worth_a_look

NOW = 1_800_000_000.0
DAY = 86_400.0
MOST = 3600.0


def every(gap: float, days: float) -> list[float]:
    """At this gap on average, but at no particular hour."""
    return [NOW - (n + n * 0.618 % 1 - 0.5) * gap for n in range(1, int(days * DAY / gap) + 1)]


def wait(rhythm: Rhythm, at: float = NOW, most: float = MOST) -> float:
    return worth_a_look(rhythm, at, 2.0, most)


@pytest.mark.parametrize(
    ("gap", "least", "longest"),
    [(600, 30, 60), (3600, 60, 130), (6 * 3600, 150, 330), (7 * DAY, 600, 1800)],
)
def test_at_a_steady_rate_a_feed_is_looked_at_by_the_root_of_its_gap(
    gap: float, least: float, longest: float
) -> None:
    assert least <= wait(first_heard(every(gap, 56), NOW + gap / 2), NOW + gap / 2) <= longest


@given(st.lists(st.floats(NOW - 200 * DAY, NOW + DAY), max_size=50), st.floats(1, 1e6))
def test_a_look_is_always_ahead_and_never_beyond_the_most(dates: list[float], most: float) -> None:
    assert 0 < wait(first_heard(dates, NOW), NOW, most) <= most


@given(st.lists(st.floats(NOW - 50 * DAY, NOW), max_size=50), st.floats(0, 5 * DAY))
def test_more_patience_never_means_an_earlier_look(dates: list[float], later: float) -> None:
    rhythm = first_heard(dates, NOW)
    waits = [worth_a_look(rhythm, NOW + later, cost, 1e6) for cost in (0.5, 1, 2, 4, 100)]
    assert all(sooner <= later for sooner, later in pairwise(waits))


def test_a_feed_that_writes_in_the_morning_is_looked_at_closely_then_and_rarely_at_night() -> None:
    midnight = NOW - NOW % DAY
    mornings = [midnight - n * DAY + 8 * 3600 + m * 600 for n in range(28) for m in range(6)]
    rhythm = first_heard(mornings, midnight)
    assert wait(rhythm, midnight + 8 * 3600) < 90
    assert wait(rhythm, midnight + 20 * 3600) > 5 * wait(rhythm, midnight + 8 * 3600)


def test_a_long_quiet_wait_ends_soon_after_the_busy_hour_has_begun() -> None:
    midnight = NOW - NOW % DAY
    mornings = [midnight - n * DAY + 8 * 3600 + m * 300 for n in range(40) for m in range(12)]
    rhythm = first_heard(mornings, midnight)
    began = midnight + 6.5 * 3600
    assert began + wait(rhythm, began, 4 * 3600) < midnight + 8.1 * 3600


def test_weekends_off_are_learned() -> None:
    monday = NOW - (NOW % DAY) - 1 * DAY  # NOW is a Friday
    while (int(monday // DAY) + 3) % 7:
        monday -= DAY
    dates = [
        monday - week * 7 * DAY + day * DAY + hour * 3600
        for week in range(1, 8)
        for day in range(5)
        for hour in range(24)
    ]
    rhythm = first_heard(dates, monday)
    assert wait(rhythm, monday + 5.5 * DAY) > 2 * wait(rhythm, monday + 1.5 * DAY)


def test_what_came_at_once_counts_once() -> None:
    one = heard(first_heard([], NOW), [NOW + 100], NOW, NOW + 100)
    many = heard(first_heard([], NOW), [NOW + 100 + n / 100 for n in range(50)], NOW, NOW + 101)
    assert sum(many.hours) == pytest.approx(sum(one.hours), rel=1e-3)


def test_news_bring_a_silent_feed_nearer_for_some_hours() -> None:
    silent = first_heard([NOW - 50 * DAY], NOW)
    woken = heard(silent, [NOW - 5], NOW - 3000, NOW)
    assert wait(silent) > 2000
    assert wait(woken) < 400
    assert wait(woken, NOW + 2 * DAY) > 1500


def test_dates_that_no_poll_can_have_missed_count_at_the_time_of_the_poll() -> None:
    rhythm = heard(first_heard([], NOW), [NOW - 90 * DAY, None, NOW + 9 * DAY], NOW - 1, NOW + 2)
    assert sum(rhythm.hours) == pytest.approx(2, abs=0.01)  # five minutes end at NOW


def test_without_news_nothing_changes_and_a_clock_that_goes_back_harms_nothing() -> None:
    rhythm = first_heard(every(3600, 5), NOW)
    assert heard(rhythm, [], NOW, NOW + 5) is rhythm
    back = heard(rhythm, [NOW - 40 * DAY], NOW, NOW - 40 * DAY)
    assert back.at == NOW - 40 * DAY
    assert all(math.isfinite(count) for count in (*back.hours, *back.days, back.span))
    assert 0 < wait(back, NOW - 40 * DAY) <= MOST


@pytest.mark.parametrize("ahead", [30, 365])
def test_a_clock_that_was_ahead_has_a_feed_asked_no_more_often_than_before(ahead: float) -> None:
    rhythm = first_heard(every(3600, 20), NOW)
    usual = wait(heard(rhythm, [NOW], NOW - 60, NOW), NOW + 1800)
    rhythm = heard(rhythm, [NOW + ahead * DAY], NOW, NOW + ahead * DAY)
    assert wait(rhythm) > 100
    for hour in range(1, 200):
        at = NOW + hour * 3600
        rhythm = heard(rhythm, [at], at - 60, at)
    assert wait(rhythm, at + 1800) == pytest.approx(usual, rel=0.5)


def test_a_feed_of_which_nothing_is_known_is_looked_at_every_few_minutes() -> None:
    assert 200 < wait(UNHEARD) < 400
