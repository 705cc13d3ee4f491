"""Days of the week as people write them, and digests that come on some of them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.telling.days import NAMES, WEEK, WEEKDAYS, WEEKEND, as_days, newest_of, split_days
from bot.news.telling.hours import next_slot

YEAR_2026 = datetime.fromisoformat("2026-01-01T00:00:00+00:00").timestamp()
ZONES = st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe",
                         "Africa/Casablanca", "Pacific/Apia", "UTC"])  # fmt: skip


@pytest.mark.parametrize(
    ("text", "days", "rest"),
    [
        ("weekdays 8am", WEEKDAYS, "8am"),
        ("8am on weekdays", WEEKDAYS, "8am"),
        ("every weekday at 8:00 18:00", WEEKDAYS, "at 8:00 18:00"),
        ("Mon-Fri 8", WEEKDAYS, "8"),
        ("monday–friday 08:00", WEEKDAYS, "08:00"),
        ("weekends", WEEKEND, ""),
        ("montags 8 Uhr", (0,), "8 uhr"),
        ("jeden Montag und Freitag um 8", (0, 4), "um 8"),
        ("lundi 8h", (0,), "8h"),
        ("segunda-feira 8h", (0,), "8h"),
        ("по понедельникам в 8", (0,), "в 8"),
        ("сәрсенбі 8", (), "сәрсенбі 8"),
        ("Ｍｏｎｄａｙ 8am", (0,), "8am"),
        ("mondays", (0,), ""),
        ("no domingo 9h", (6,), "9h"),
        ("8am no weekends", WEEKEND, "8am no"),
        ("no mondays", (0,), "no"),
        ("werktags um 8", WEEKDAYS, "um 8"),
        ("am Wochenende 9 Uhr", WEEKEND, "9 uhr"),
        ("en semaine à 8h", WEEKDAYS, "à 8h"),
        ("le week-end", WEEKEND, ""),
        ("los fines de semana a las 9", WEEKEND, "a las 9"),
        ("по будням в 8", WEEKDAYS, "в 8"),
        ("у вихідні о 9", WEEKEND, "о 9"),
        ("hafta içi 8", WEEKDAYS, "8"),
        ("工作日早上8点", WEEKDAYS, "早上8点"),
        ("每周一8点", (0,), "8点"),
        ("星期一和星期五8点", (0, 4), "8点"),
        ("weekly", (0,), ""),
        ("every monday at 8am", (0,), "at 8am"),
        ("Mon, Wed and Fri 7pm", (0, 2, 4), "7pm"),
        ("fri-mon 9", (0, 4, 5, 6), "9"),
        ("sun sat thurs", (3, 5, 6), ""),
        ("mon-sun 8am", (), "8am"),
        ("daily", (), "daily"),
        ("08:00 18:00", (), "08:00 18:00"),
        ("10pm-7am", (), "10pm-7am"),
        ("moonday 8am", (), "moonday 8am"),
        ("-", (), "-"),
        ("mon-", (0,), ""),
        ("", (), ""),
    ],
)
def test_days_are_read_as_people_write_them(text: str, days: tuple[int, ...], rest: str) -> None:
    assert split_days(text) == (days, rest)


# A Friday, at noon in Tokyo.
NOON = datetime.fromisoformat("2026-05-01T12:00:00+09:00").timestamp()


@pytest.mark.parametrize(
    ("text", "hours_ago"),
    [
        ("today", 0), ("Heute", 0), ("за сегодня", 0), ("今天", 0), ("since monday", 0),
        ("seit Montag", 0), ("с понедельника", 0), ("desde ayer", 0), ("this week", 0),
        ("diese Woche", 0), ("за неделю", 0), ("本周", 0), ("هذا الأسبوع", 0), ("yesterday", 12),
        ("gestern", 12), ("вчера", 12), ("昨天", 12), ("أمس", 12), ("dün", 12),
    ],
)  # fmt: skip
def test_days_that_are_over_are_named_in_each_language(text: str, hours_ago: float) -> None:
    assert newest_of(text, "Asia/Tokyo", NOON) == NOON - hours_ago * 3600


@pytest.mark.parametrize(
    "text",
    ["", "ferry", "monday", "usa today", "ferry yesterday", "week", "since", "since ferry", "周",
     "yesterday's ferry", "sunday times"],
)  # fmt: skip
def test_words_to_look_for_name_no_days(text: str) -> None:
    assert newest_of(text, "UTC", NOON) is None


@given(st.text(max_size=60))
def test_whatever_is_written_the_days_are_of_one_week_in_order(text: str) -> None:
    days, _ = split_days(text)
    assert list(days) == sorted(set(days))
    assert set(days) < set(WEEK)


@given(st.sets(st.sampled_from(WEEK), min_size=1))
def test_days_are_read_back_from_their_names(days: set[int]) -> None:
    assert split_days(" ".join(NAMES[day] for day in days)) == (as_days(tuple(days)), "")


@given(
    ZONES,
    st.sets(st.integers(0, 1439), min_size=1, max_size=4),
    st.sets(st.sampled_from(WEEK), min_size=1),
    st.floats(YEAR_2026, YEAR_2026 + 3e7),
)
def test_a_digest_of_some_days_comes_on_those_within_a_week_and_a_day(
    zone: str, slots: set[int], days: set[int], now: float
) -> None:
    at = next_slot(tuple(slots), zone, now, tuple(days))
    assert now < at <= now + 8 * 86_400
    assert datetime.fromtimestamp(at, ZoneInfo(zone)).weekday() in days
    # It is the first: what comes sooner on any day comes on another day.
    sooner = next_slot(tuple(slots), zone, now)
    while sooner < at:
        assert datetime.fromtimestamp(sooner, ZoneInfo(zone)).weekday() not in days
        sooner = next_slot(tuple(slots), zone, sooner)
    assert sooner == at


def test_a_weekly_digest_comes_though_a_zone_skips_its_day() -> None:
    # Samoa skipped Friday, the thirtieth of December 2011.
    thursday = datetime.fromisoformat("2011-12-29T20:00:00+00:00").timestamp()
    at = next_slot((8 * 60,), "Pacific/Apia", thursday, (4,))
    assert thursday < at < thursday + 9 * 86_400
