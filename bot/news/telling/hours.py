"""Hours of the day in a chat's own zone: digest slots, quiet hours, the day. Pure.

A slot is a minute of the local day. Where the clocks jump over it, the slot is as long after
midnight as the day's clock said before the jump; where they go back and it comes twice, the first
counts. So each local day has each slot once (PEP 495, fold 0).
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.errors import BadInput
from bot.texts.said import say

MOST_SLOTS = 8
_DAY_MINUTES = 1440
_TIME = re.compile(
    r"(?P<hour>[01]?\d|2[0-4])(?:[:.h](?P<minute>[0-5]\d)?)?", re.IGNORECASE | re.ASCII
)
_RANGE = re.compile(r"(?P<start>\S+?)\s*[-–—]\s*(?P<end>\S+)")

Quiet = tuple[int, int]
"""The first minute of the day that is quiet, and the first that is not."""


def read_slots(text: str) -> tuple[int, ...]:
    """Minutes of the day of `08:00 18:00`, rising, each once. Raises BadInput."""
    words = text.replace(",", " ").split()
    if not 0 < len(words) <= MOST_SLOTS:
        raise BadInput(say("Name 1 to {most} times, for example 08:00 18:00.", most=MOST_SLOTS))
    return tuple(sorted({_minute(word) % _DAY_MINUTES for word in words}))


def read_quiet(text: str) -> Quiet:
    """The hours of `22:00-07:00`. Raises BadInput."""
    found = _RANGE.fullmatch(text.strip())
    if not found:
        raise BadInput(say("Quiet hours are written as 22:00-07:00."))
    start, end = _minute(found["start"]), _minute(found["end"]) % _DAY_MINUTES
    if start % _DAY_MINUTES == end:
        raise BadInput(say("Quiet hours cannot last all day; /stop pauses a chat."))
    return start % _DAY_MINUTES, end


def _minute(text: str) -> int:
    found = _TIME.fullmatch(text)
    minute = int(found["hour"]) * 60 + int(found["minute"] or 0) if found else -1
    if not 0 <= minute <= _DAY_MINUTES:
        raise BadInput(say("'{text}' is no time of day; write it as 08:00.", text=text[:20]))
    return minute


def shown_slots(slots: Sequence[int]) -> str:
    """Slots as people write them."""
    return " ".join(shown_minute(slot) for slot in slots)


def shown_minute(minute: int) -> str:
    """A minute of the day as 08:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def next_slot(slots: Sequence[int], timezone: str, now: float) -> float:
    """The first of these slots after `now`, in seconds since the epoch. `slots` is not empty."""
    zone = ZoneInfo(timezone)
    today = datetime.fromtimestamp(now, zone).date()
    # A zone may skip a whole day, as Samoa did in 2011: the day after has its slots.
    days = [today + timedelta(days=offset) for offset in range(-1, 4)]
    times = (_at(day, slot, zone) for day in days for slot in slots)
    return min(time for time in times if time > now)


def quiet_until(quiet: Quiet | None, timezone: str, now: float) -> float | None:
    """When the quiet hours end that `now` lies in; None outside of them."""
    if quiet is None:
        return None
    start, end = quiet
    # Inside means that the end comes before the next beginning.
    until = next_slot((end,), timezone, now)
    return until if until <= next_slot((start,), timezone, now) else None


def day_began(timezone: str, now: float) -> float:
    """When the chat's local day began."""
    zone = ZoneInfo(timezone)
    return min(_at(datetime.fromtimestamp(now, zone).date(), 0, zone), now)


def _at(day: date, minute: int, zone: ZoneInfo) -> float:
    local = datetime(day.year, day.month, day.day, tzinfo=zone)
    return local.replace(hour=minute // 60, minute=minute % 60).timestamp()
