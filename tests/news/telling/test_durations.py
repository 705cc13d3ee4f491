"""For how long, as people say it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.news.telling.durations import MOST_SECONDS, read_duration, read_until, split_until

# A Friday.
NOON = datetime.fromisoformat("2026-05-01T12:00:00+00:00").timestamp()
HOUR, DAY = 3_600.0, 86_400.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30m", 1_800), ("8h", 8 * HOUR), ("2d", 2 * DAY), ("1w", 7 * DAY), ("2D", 2 * DAY),
        ("1 week", 7 * DAY), ("2 days", 2 * DAY), ("an hour", HOUR), ("a day", DAY),
        ("one week", 7 * DAY), ("90 min", 5_400), ("for 3 hours", 3 * HOUR), ("2 ｄ", 2 * DAY),
        ("\u20682d\u2069", 2 * DAY), ("on", DAY), ("1 month", 30 * DAY), ("3 hrs", 3 * HOUR),
    ],
)  # fmt: skip
def test_a_length_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0h", "2 fortnights", "367d", "53w", "-2d", "d", "h8", "2"])
def test_what_says_no_length_is_refused_with_what_to_send(text: str) -> None:
    with pytest.raises(BadInput, match=r"Send 30m, 8h, 2d or 1w\."):
        read_duration(text)


@pytest.mark.parametrize(
    ("text", "zone", "until"),
    [
        ("tomorrow", "UTC", "Sat 08:00"),
        ("until tomorrow", "Asia/Tokyo", "Fri 23:00"),
        ("tomorrow morning", "America/New_York", "Sat 12:00"),
        ("until monday", "UTC", "Mon 08:00"),
        ("till Sun", "UTC", "Sun 08:00"),
        ("until friday", "UTC", "Fri 08:00"),
        ("until 6pm", "UTC", "Fri 18:00"),
        ("until 8:30", "Europe/London", "Sat 07:30"),
        ("2d", "UTC", "Sun 12:00"),
    ],
)
def test_an_end_is_by_the_clock_of_the_chat(text: str, zone: str, until: str) -> None:
    at = read_until(text, zone, NOON)
    assert f"{datetime.fromtimestamp(at, UTC):%a %H:%M}" == until
    assert NOON < at <= NOON + 7 * DAY


@pytest.mark.parametrize(
    ("text", "what", "after"),
    [
        ("lottery 2d", "lottery", 2 * DAY),
        ("lottery 2 days", "lottery", 2 * DAY),
        ("lottery for an hour", "lottery", HOUR),
        ("lottery tomorrow", "lottery", 20 * HOUR),
        ("lottery until tomorrow morning", "lottery", 20 * HOUR),
        ("black friday until monday", "black friday", 2 * DAY + 20 * HOUR),
        ('source:"Harbour Post" 1 week', 'source:"Harbour Post"', 7 * DAY),
        ("ferry 3pm 8h", "ferry 3pm", 8 * HOUR),
    ],
)
def test_words_end_with_for_how_long(text: str, what: str, after: float) -> None:
    assert split_until(text, "UTC", NOON) == (what, NOON + after)


@pytest.mark.parametrize("text", ["", "lottery", "black friday", "lottery 2 fortnights"])
def test_words_without_a_length_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="I can't read"):
        split_until(text, "UTC", NOON)


@given(st.text(max_size=60), st.sampled_from(["UTC", "Asia/Kolkata", "America/Lima"]))
def test_whatever_is_read_ends_later_and_within_a_year(text: str, zone: str) -> None:
    try:
        _, until = split_until(text, zone, NOON)
    except BadInput:
        return
    assert NOON < until <= NOON + MOST_SECONDS


@pytest.mark.parametrize(
    ("text", "first", "seconds"),
    [
        ("足球一周", "足球", 604_800),
        ("足球三天", "足球", 259_200),
        ("足球2小时", "足球", 7_200),
        ("足球十二个小时", "足球", 43_200),
    ],
)
def test_chinese_has_no_blank_before_its_time(text: str, first: str, seconds: float) -> None:
    assert split_until(text, "UTC", 0.0) == (first, seconds)


@pytest.mark.parametrize("text", ["第三天", "一带一路", "世界杯", "五星期刊"])
def test_chinese_words_that_only_look_like_a_time_are_none(text: str) -> None:
    with pytest.raises(BadInput):
        split_until(text, "UTC", 0.0)


@pytest.mark.parametrize(
    "text",
    [
        "the weekend", "weekend", "for the weekend", "over the weekend", "this weekend",
        "saturday and sunday", "übers Wochenende", "am Wochenende", "für das Wochenende",
        "el fin de semana", "durante el fin de semana", "este finde", "pour le week-end",
        "ce week-end", "nel weekend", "per il fine settimana", "no fim de semana",
        "o final de semana", "на выходные", "эти выходные", "на вихідні", "hafta sonu",
        "bu hafta sonu için", "akhir pekan ini", "周末", "这个周末",
    ],
)  # fmt: skip
@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_the_weekend_ends_on_monday_at_the_midnight_of_the_chat(text: str, zone: str) -> None:
    ends = datetime.fromtimestamp(read_until(text, zone, NOON), ZoneInfo(zone))
    assert f"{ends:%a %H:%M}" == "Mon 00:00"
    assert read_until(text, zone, NOON) - NOON < 3 * DAY
    assert read_until(text, zone, NOON + DAY) == read_until(text, zone, NOON)


@pytest.mark.parametrize(
    "text",
    ["until the weekend", "bis zum Wochenende", "hasta el fin de semana", "jusqu'au week-end",
     "fino al weekend", "até o fim de semana", "до выходных", "до вихідних", "hafta sonuna kadar",
     "sampai akhir pekan", "到周末"],
)  # fmt: skip
def test_until_the_weekend_ends_where_it_begins(text: str) -> None:
    assert read_until(text, "UTC", NOON) == NOON + DAY / 2


@pytest.mark.parametrize(
    "text",
    ["today", "for today", "für heute", "pour aujourd'hui", "por hoy", "por hoje", "per oggi",
     "на сегодня", "на сьогодні", "bugünlük", "untuk hari ini", "لليوم", "برای امروز", "להיום",
     "आज के लिए", "今天"],
)  # fmt: skip
def test_today_ends_at_midnight(text: str) -> None:
    assert read_until(text, "UTC", NOON) == NOON + DAY / 2


@pytest.mark.parametrize(
    "text",
    ["USA Today", "source:Russia Today", "lost weekend", "weekend box office", "black weekend",
     "weekends", "Weekend Post", "los fines de semana", "周末票房"],
)  # fmt: skip
def test_names_with_a_day_in_them_are_no_time(text: str) -> None:
    with pytest.raises(BadInput):
        split_until(text, "UTC", NOON)
