"""For how long alerts are paused."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.news.chat import Habits
from bot.news.telling.pausing import CHOICES, DAY, HOUR, MORNING, WEEK, pause_until

NOON = datetime.fromisoformat("2026-05-01T12:00:00+00:00").timestamp()


def test_each_choice_ends_when_it_says() -> None:
    ends = [pause_until(each, Habits(timezone="Europe/London"), NOON) for each in CHOICES]
    # In London it is an hour later: the morning comes at seven by Greenwich.
    assert ends == [NOON + HOUR, NOON + 19 * HOUR, NOON + DAY, NOON + WEEK]
    quiet = Habits(quiet=(22 * 60, 6 * 60 + 30))
    assert pause_until(MORNING, quiet, NOON) == NOON + 18.5 * HOUR
    assert pause_until("year", quiet, NOON) is None


@given(st.floats(NOON, NOON + 3e7), st.sampled_from(["UTC", "Asia/Kolkata", "America/Lima"]))
def test_the_morning_is_at_eight_by_the_chats_clock_and_within_a_day(now: float, zone: str) -> None:
    until = pause_until(MORNING, Habits(timezone=zone), now)
    assert until
    assert now < until <= now + DAY
    assert f"{datetime.fromtimestamp(until, ZoneInfo(zone)):%H:%M}" == "08:00"
