"""Hours of a chat's own day: slots, quiet hours, and what daylight saving does to them."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.news.telling.hours import (
    day_began,
    is_off,
    is_on,
    next_slot,
    quiet_until,
    read_quiet,
    read_slots,
    read_time,
    shown_minute,
    shown_slots,
)


def _at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _utc(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%m-%d %H:%M}"


ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]
YEAR_2026 = _at("2026-01-01T00:00:00+00:00")


@pytest.mark.parametrize(
    ("zone", "slot", "now", "told"),
    [
        # Clocks go forward: 01:30 does not exist in London on 29 March; it comes an hour "later".
        ("Europe/London", "01:30", "2026-03-29T00:10:00+00:00", "03-29 01:30"),
        ("Europe/London", "08:00", "2026-03-28T12:00:00+00:00", "03-29 07:00"),
        # Clocks go back: 01:30 comes twice on 25 October; the first counts, the second does not.
        ("Europe/London", "01:30", "2026-10-25T00:10:00+00:00", "10-25 00:30"),
        ("Europe/London", "01:30", "2026-10-25T00:30:00+00:00", "10-26 01:30"),
        ("America/New_York", "02:30", "2026-03-08T06:00:00+00:00", "03-08 07:30"),
        ("America/New_York", "01:30", "2026-11-01T05:00:00+00:00", "11-01 05:30"),
        ("America/New_York", "01:30", "2026-11-01T05:30:00+00:00", "11-02 06:30"),
        # Lord Howe moves by half an hour.
        ("Australia/Lord_Howe", "02:15", "2026-10-03T14:00:00+00:00", "10-03 15:45"),
        ("Australia/Lord_Howe", "01:45", "2026-04-04T14:00:00+00:00", "04-04 14:45"),
        ("Australia/Lord_Howe", "01:45", "2026-04-04T14:45:00+00:00", "04-05 15:15"),
        # Chile changes at midnight: the day of the change has no 00:00 and still has its slots.
        ("America/Santiago", "00:00", "2026-09-05T12:00:00+00:00", "09-06 04:00"),
        ("America/Santiago", "08:00", "2026-09-06T04:30:00+00:00", "09-06 11:00"),
        # Samoa skipped the thirtieth of December 2011 whole.
        ("Pacific/Apia", "08:00", "2011-12-29T20:00:00+00:00", "12-30 18:00"),
    ],
)
def test_slots_around_a_change_of_the_clocks(zone: str, slot: str, now: str, told: str) -> None:
    assert _utc(next_slot(read_slots(slot), zone, _at(now))) == told


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
def test_each_day_of_a_year_has_each_slot_once(zone: str) -> None:
    slots = read_slots("01:30 02:15 08:00 23:59")
    now, days = YEAR_2026, []
    while (now := next_slot(slots, zone, now)) < YEAR_2026 + 365 * 86_400:
        days.append(datetime.fromtimestamp(now, ZoneInfo(zone)).date())
    counts = {day: days.count(day) for day in days[4:-4]}
    assert set(counts.values()) == {4}


@pytest.mark.parametrize(
    ("zone", "quiet", "now", "ends"),
    [
        ("UTC", "22:00-07:00", "2026-05-01T21:59:00+00:00", None),
        ("UTC", "22:00-07:00", "2026-05-01T22:00:00+00:00", "05-02 07:00"),
        ("UTC", "22:00-07:00", "2026-05-02T06:59:59+00:00", "05-02 07:00"),
        ("UTC", "22:00-07:00", "2026-05-02T07:00:00+00:00", None),
        ("UTC", "13:00-15:00", "2026-05-02T14:00:00+00:00", "05-02 15:00"),
        ("UTC", "0-6", "2026-05-02T00:00:00+00:00", "05-02 06:00"),
        ("Europe/London", "22:00-07:00", "2026-03-28T23:00:00+00:00", "03-29 06:00"),
        ("Europe/London", "22:00-07:00", "2026-10-24T23:00:00+00:00", "10-25 07:00"),
        ("America/New_York", "22:00-07:00", "2026-03-08T06:59:00+00:00", "03-08 11:00"),
        ("Australia/Lord_Howe", "22:00-07:00", "2026-04-04T14:30:00+00:00", "04-04 20:30"),
        # Of quiet hours that begin in the hour that comes twice, the first time counts.
        ("Europe/London", "01:30-05:00", "2026-10-25T00:45:00+00:00", "10-25 05:00"),
    ],
)
def test_quiet_hours_end_when_the_local_clock_says_so(
    zone: str, quiet: str, now: str, ends: str | None
) -> None:
    until = quiet_until(read_quiet(quiet), zone, _at(now))
    assert (None if until is None else _utc(until)) == ends


@pytest.mark.parametrize("quiet", ["02:00-03:00", "02:30-03:00", "02:15-02:45"])
def test_quiet_hours_that_a_night_skips_do_not_hush_the_day_before(quiet: str) -> None:
    """Berlin skips them on the 29th of March."""
    noon = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
    assert quiet_until(read_quiet(quiet), "Europe/Berlin", noon) is None
    night = noon - 9.3 * 3600
    assert quiet_until(read_quiet(quiet), "Europe/Berlin", night) is not None


@given(
    st.sampled_from(ZONES),
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.floats(YEAR_2026, YEAR_2026 + 3e7),
)
def test_quiet_hours_never_last_longer_than_a_day_and_an_hour(
    zone: str, start: int, end: int, now: float
) -> None:
    if start != end and (until := quiet_until((start, end), zone, now)) is not None:
        assert now < until <= now + 25 * 3600
        assert quiet_until((start, end), zone, until) is None


@given(st.sampled_from(ZONES), st.floats(YEAR_2026, YEAR_2026 + 3e7))
def test_a_day_began_before_now_and_not_long_ago(zone: str, now: float) -> None:
    assert now - 25.5 * 3600 <= day_began(zone, now) <= now


@given(st.lists(st.integers(0, 1439), min_size=1, max_size=8))
def test_slots_are_read_as_they_are_shown(slots: list[int]) -> None:
    known = tuple(sorted(set(slots)))
    assert read_slots(shown_slots(known)) == known


@pytest.mark.parametrize(
    "text",
    ["", "25:00", "8:60", "nooon", "08:00 " * 25, "13pm", "0am", "8:30:00", "-1", "24:01", "٨٨"],
)
def test_what_is_no_hour_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_slots(text)


@pytest.mark.parametrize(
    "text",
    ["22:00", "22:00-22:00", "0-24", "a-b", "22:00-07:00-08:00", "-", "", "10pm", "8am-8am",
     "9 to 5", "8-5", "3-2", "1-0", "7-1", "24-7", "12-2", "7-22", "01-23", "nine to five"],
)  # fmt: skip
def test_what_are_no_quiet_hours_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_quiet(text)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("8am", "08:00"), ("8 am and 6:30 P.M.", "08:00 18:30"), ("8, 18", "08:00 18:00"),
        ("at 0730", "07:30"), ("12am 12pm", "00:00 12:00"), ("daily", "08:00"),
        ("Mornings and evenings", "08:00 18:00"), ("０８：００", "08:00"), ("20h30", "20:30"),
        ("8a & 6p", "08:00 18:00"), ("08\u2060:00", "08:00"), ("24:00", "00:00"),
        ("hourly", " ".join(f"{hour:02}:00" for hour in range(24))),
    ],
)  # fmt: skip
def test_times_are_read_as_people_type_them(text: str, slots: str) -> None:
    assert shown_slots(read_slots(text)) == slots


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("22:00-07:00", "22:00 07:00"), ("10pm-7am", "22:00 07:00"), ("22:00 to 7", "22:00 07:00"),
        ("22-7", "22:00 07:00"), ("10 PM – 7 AM", "22:00 07:00"), ("from 22 till 7", "22:00 07:00"),
        ("between 10pm and 7am", "22:00 07:00"), ("10-7am", "22:00 07:00"),
        ("9-5pm", "09:00 17:00"),
        ("22:00 07:00", "22:00 07:00"), ("22\u2060:00—7\u2060:00", "22:00 07:00"),
        ("2200~0700", "22:00 07:00"), ("12am-6am", "00:00 06:00"),
        ("10 to 7", "22:00 07:00"), ("11-7", "23:00 07:00"), ("12-6", "00:00 06:00"),
        ("10.30-6.30", "22:30 06:30"), ("9-6", "21:00 06:00"), ("1 to 7", "01:00 07:00"),
        ("24:00-7", "00:00 07:00"), ("12-14", "12:00 14:00"), ("10am-7", "10:00 19:00"),
        ("8-20", "08:00 20:00"),
        # On a clock of 24 hours they are meant as they stand.
        ("10:00-07:00", "10:00 07:00"), ("7:00-22:00", "07:00 22:00"), ("1000-0700", "10:00 07:00"),
    ],
)  # fmt: skip
def test_quiet_hours_are_read_as_people_type_them(text: str, hours: str) -> None:
    assert shown_slots(read_quiet(text)) == hours


HOURS = st.tuples(st.integers(0, 24), st.sampled_from(["", ".30", ":15", "h", " Uhr", "点"]))
RANGES = [
    "{}-{}",
    "{} to {}",
    "{} bis {}",
    "de {} à {}",
    "с {} до {}",
    "dalle {} alle {}",
    "{}到{}",
]


@given(HOURS, HOURS, st.sampled_from(RANGES))
def test_of_two_bare_hours_never_more_than_fourteen_are_quiet(
    first: tuple[int, str], last: tuple[int, str], said: str
) -> None:
    have_minutes = {".30", ":15"}.issuperset((first[1], last[1]))
    with suppress(BadInput):
        start, end = read_quiet(said.format(*(f"{hour}{behind}" for hour, behind in (first, last))))
        # A clock of 24 hours may say so: 7:00-22:00.
        assert have_minutes or (end - start) % 1440 <= 14 * 60


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_hours_are_read_as_they_are_exported(start: int, end: int) -> None:
    if start != end:
        assert read_quiet("-".join(map(shown_minute, (start, end)))) == (start, end)


@given(st.integers(0, 1439))
def test_a_time_of_twelve_hours_is_that_of_twenty_four(minute: int) -> None:
    hour, half = minute // 60, "am" if minute < 720 else "pm"
    typed = f"{hour % 12 or 12}:{minute % 60:02} {half}"
    assert read_slots(typed) == (minute,)
    assert read_time(typed) == read_time(f"{hour}:{minute % 60:02}") == minute


@given(st.text(max_size=300))
def test_whatever_is_typed_is_hours_or_refused(text: str) -> None:
    for read in (read_slots, read_quiet):
        with suppress(BadInput):
            assert all(0 <= minute < 1440 for minute in read(text) or ())
    assert read_time(text) is None or 0 <= (read_time(text) or 0) < 1440


def test_a_bare_number_is_no_time_of_day_and_words_turn_on_and_off() -> None:
    assert read_time("15") is None
    assert is_off(" OFF ")
    assert is_on("on")
    assert not is_on("off")
