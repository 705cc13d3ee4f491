"""What documents say of how often to read them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.polling.poll_hints import NO_HINTS, PollHints, day_of, hour_of, is_skipped, read_hints

FRIDAY_0800 = 1_800_000_000.0 - 1_800_000_000.0 % 86_400 + 8 * 3600


def test_minutes_periods_hours_and_days_are_read() -> None:
    said = read_hints("15", "daily", "24", ["3", " 4 ", "24"], ["Saturday", " sunday"])
    assert said == PollHints(3600.0, (0, 3, 4), (5, 6))
    assert read_hints("120", "hourly", "2", (), ()).seconds == 7200
    assert read_hints("", "hourly", "2", (), ()).seconds == 1800


def test_once_an_hour_is_what_a_program_writes_and_nobody_means() -> None:
    assert read_hints("", "hourly", "1", (), ()) == NO_HINTS
    assert read_hints("", "hourly", "", (), ()) == NO_HINTS


def test_what_cannot_be_read_is_not_said() -> None:
    assert read_hints("soon", "fortnightly", "x", ["25", "-1", "noon"], ["Doomsday"]) == NO_HINTS
    assert read_hints("0", "", "0", (), ()) == NO_HINTS


def test_nobody_is_waited_for_longer_than_a_day() -> None:
    assert read_hints("999999999999", "yearly", "1", (), ()).seconds == 86_400


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.lists(st.text()))
def test_any_words_are_taken(ttl: str, period: str, frequency: str, listed: list[str]) -> None:
    read_hints(ttl, period, frequency, listed, listed)


def test_an_hour_with_a_separator_or_thousands_of_zeros_is_read() -> None:
    assert read_hints("", "", "", ["7\x1f", "0" * 5_000], ()).hours == (0, 7)


def test_hours_and_days_are_those_of_utc() -> None:
    assert (hour_of(FRIDAY_0800), day_of(FRIDAY_0800)) == (8, 4)
    assert is_skipped(PollHints(hours=(8,)), FRIDAY_0800)
    assert is_skipped(PollHints(days=(4,)), FRIDAY_0800)
    assert not is_skipped(PollHints(hours=(9,), days=(5,)), FRIDAY_0800)


def test_a_feed_that_skips_all_hours_skips_none() -> None:
    assert not is_skipped(PollHints(hours=tuple(range(24)), days=tuple(range(7))), FRIDAY_0800)
