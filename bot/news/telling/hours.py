"""Hours of the day in a chat's own zone: digest slots, quiet hours, the day. Pure.

A slot is a minute of the local day. Where the clocks jump over it, the slot is as long after
midnight as the day's clock said before the jump; where they go back and it comes twice, the first
counts. So each local day has each slot once (PEP 495, fold 0).
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.errors import BadInput
from bot.news.telling.spoken_hours import hours_as_in_english
from bot.news.telling.spoken_numbers import COUNTS
from bot.news.telling.spoken_times import (
    EVENING,
    EVERY_DAY,
    EVERY_HOUR,
    EVERY_SOME_HOURS,
    MORNING,
    NIGHT,
    NO,
    ONCE_A_DAY,
    ONLY,
    PLEASE,
    TWICE_A_DAY,
    YES,
)
from bot.texts.said import say, say_many

MOST_SLOTS = 24
MORNINGS, EVENINGS = (8 * 60,), (18 * 60,)
TWICE = (*MORNINGS, *EVENINGS)
"""When a chat that chose no hours gets what is gathered for it."""
HOURLY = tuple(range(0, 24 * 60, 60))
USUAL_NIGHT = (22 * 60, 7 * 60)
"""The quiet hours of a chat that names none."""
_NAMED = {
    "daily": MORNINGS, "once a day": MORNINGS, "every day": MORNINGS,
    "morning": MORNINGS, "mornings": MORNINGS, "evening": EVENINGS, "evenings": EVENINGS,
    "twice a day": TWICE, "twice daily": TWICE, "mornings and evenings": TWICE,
    "hourly": HOURLY, "every hour": HOURLY,
} | dict.fromkeys(MORNING, MORNINGS) | dict.fromkeys(EVENING, EVENINGS) | dict.fromkeys(
    TWICE_A_DAY, TWICE
) | dict.fromkeys(ONCE_A_DAY, MORNINGS) | dict.fromkeys(EVERY_HOUR, HOURLY)  # fmt: skip
_ON, _OFF = ("on", "yes", *YES), ("off", "none", "no", "never", "disable", "turn off", *NO)
_DAY_MINUTES = 1440
_LONGEST = 200
_TIME = re.compile(
    r"(?:(?P<clock>[01]\d|2[0-4])(?P<past>[0-5]\d)"
    r"|(?P<hour>[01]?\d|2[0-4])(?:[:.h](?P<minute>[0-5]\d)?)?)"
    r"(?:(?P<half>[ap])\.?m?\.?)?",
    re.ASCII,
)
_HALF_APART = re.compile(r"(?<=\d)\s+(?=[ap]\.?m\b)")
_BETWEEN_TIMES = re.compile(r"[\s,;&+]+(?:(?:and|at)\s+)?|^at\s+")
_RANGE = re.compile(
    r"(?:from\s+|between\s+)?(?P<start>\d[^\s-]*)"
    r"(?:\s*-\s*|\s+(?:to|till|until|and)\s+|\s+)(?P<end>\d[^\s-]*)"
)
_NO_HOURS = ("24-7", "24 7")
_FIGURES = re.compile(r"(?<!\d)(?P<hour>\d{1,2})[:.]?\d\d(?!\d)")
_HALF_A_DAY = 720
_MOST_QUIET = 14 * 60
"""Nobody means more silence than that who names two hours and no half of the day."""
_FIRST_EVENING, _LATE_EVENING, _EARLY, _USUAL_MORNING = 7 * 60, 10 * 60, 4 * 60, 6 * 60
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−~〜～", "-"))

Quiet = tuple[int, int]
"""The first minute of the day that is quiet, and the first that is not."""


def plainly(text: str) -> str:
    """What was typed, in small letters and digits of usual width and script, with one kind of
    dash, as it shows, and without what is only polite.
    """
    text = unicodedata.normalize("NFKC", text[:_LONGEST].translate(_DASHES))
    seen = "".join(
        str(unicodedata.decimal(sign, sign)) for sign in text if unicodedata.category(sign) != "Cf"
    )
    return PLEASE().sub("", " ".join(seen.casefold().split()))


def _times_of(text: str) -> str:
    return _HALF_APART.sub("", hours_as_in_english(plainly(text)))


def is_off(text: str) -> bool:
    """Whether somebody means that there should be none."""
    return plainly(text) in _OFF


def is_on(text: str) -> bool:
    """Whether somebody means: as is usual."""
    return plainly(text) in _ON


def is_night(text: str) -> bool:
    """Whether somebody means the usual night: `at night`, `nur nachts`."""
    return " ".join(word for word in plainly(text).split() if word not in ONLY) in NIGHT


def read_slots(text: str) -> tuple[int, ...]:
    """Minutes of the day of `08:00 18:00`, `8am and 6 pm`, `every 3 hours` or `daily`, rising, each
    once. Raises BadInput.
    """
    plain = plainly(text)
    if plain in _NAMED:
        return _NAMED[plain]
    if found := EVERY_SOME_HOURS().fullmatch(plain):
        number = found["number"]
        return _each(2 if number is None else COUNTS.get(number) or int(number))
    if plain and not (plain := EVERY_DAY().sub("", plain)):
        return MORNINGS
    typed = _times_of(plain)
    words = _BETWEEN_TIMES.sub(" ", typed).split()
    if not 0 < len(words) <= MOST_SLOTS:
        raise _no_slots()
    return tuple(sorted({_minute(word) % _DAY_MINUTES for word in words}))


def _each(hours: int) -> tuple[int, ...]:
    """Slots so many hours apart, one of them in the morning: those of each day are alike."""
    if not hours or 24 % hours:
        raise _no_slots()
    return tuple(range(MORNINGS[0] % (hours * 60), _DAY_MINUTES, hours * 60))


def _no_slots() -> BadInput:
    return BadInput(say_many("Send 1 to {n} times, such as 08:00 18:00.", MOST_SLOTS))


def _no_quiet() -> BadInput:
    return BadInput(say("I can't read those hours. Send 22:00-07:00, or off."))


def read_quiet(text: str) -> Quiet:
    """The hours of `22:00-07:00`, `10pm to 7am`, `22-7` or `10 to 7`. Of `10-7am` the shorter is
    meant, the night. Raises BadInput, also where it can't be told which hours are meant: `9 to 5`.
    """
    found = _RANGE.fullmatch(_times_of(text))
    if not found:
        raise _no_quiet()
    first, last = _minute(found["start"]), _minute(found["end"])
    start, end = first % _DAY_MINUTES, last % _DAY_MINUTES
    match _has_half(found["start"]), _has_half(found["end"]):
        case False, True if start < _HALF_A_DAY:
            start = min(start, start + _HALF_A_DAY, key=lambda each: _lasting(each, end))
        case True, False if end <= _HALF_A_DAY and _lasting(start, end) > _MOST_QUIET:
            end = (end + _HALF_A_DAY) % _DAY_MINUTES
        case False, False if found[0] in _NO_HOURS:
            raise _no_quiet()
        case False, False if start != end and not _is_exact(text):
            start, end = _night(first, last)
    if start == end:
        raise BadInput(say("Quiet hours can't last all day. /stop pauses all alerts."))
    return start, end


def _night(first: int, last: int) -> Quiet:
    """What is meant by two times without halves of the day, on a clock of twelve hours where that
    makes them a night. Raises BadInput where it makes none, and they would last too long.
    """
    start, end = first % _DAY_MINUTES, last % _DAY_MINUTES
    if _lasting(start, end) <= _MOST_QUIET and (first != _HALF_A_DAY or first < last):
        return start, end
    # Of an evening that begins early a working day may be meant as well: 9 to 5.
    latest = _EARLY if first >= _LATE_EVENING else _USUAL_MORNING
    if not (_FIRST_EVENING <= first < _HALF_A_DAY + 60 and latest <= last < first):
        raise _no_quiet()
    return (first + _HALF_A_DAY) % _DAY_MINUTES, end


def _lasting(start: int, end: int) -> int:
    """How many minutes it is from one to the other; a day where both are the same."""
    return (end - start) % _DAY_MINUTES or _DAY_MINUTES


def _is_exact(text: str) -> bool:
    """Whether both times stand on a clock of 24 hours: 10:00-07:00, 7:00-22:00."""
    written = list(_FIGURES.finditer(plainly(text)))
    return len(written) == 2 and (
        all(len(each["hour"]) == 2 for each in written)
        or any(not 1 <= int(each["hour"]) <= 12 for each in written)
    )


def read_time(text: str) -> int | None:
    """The minute of the day of `15:04` or `3pm`; None for a bare number, or no time."""
    typed = _times_of(text)
    try:
        return _minute(typed) % _DAY_MINUTES if ":" in typed or _has_half(typed) else None
    except BadInput:
        return None


def _has_half(typed: str) -> bool:
    found = _TIME.fullmatch(typed)
    return bool(found and found["half"])


def _minute(text: str) -> int:
    found = _TIME.fullmatch(text)
    minute = _of_day(found) if found else -1
    if not 0 <= minute <= _DAY_MINUTES:
        raise BadInput(
            say("I can't read '{text}' as a time. Send 08:00, 8am or off.", text=text[:20])
        )
    return minute


def _of_day(found: re.Match[str]) -> int:
    """The minute that a time says; -1 where it has a half of the day and is no time of it."""
    hour = int(found["clock"] or found["hour"])
    minute = int(found["past"] or found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return -1
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    return hour * 60 + minute


def shown_slots(slots: Sequence[int]) -> str:
    """Slots as people write them."""
    return " ".join(shown_minute(slot) for slot in slots)


def shown_minute(minute: int) -> str:
    """A minute of the day as 08:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def next_slot(slots: Sequence[int], timezone: str, now: float, days: Collection[int] = ()) -> float:
    """The first of these slots after `now`, in seconds since the epoch; with `days` only on those
    of the week, Monday being 0. `slots` is not empty.
    """
    zone = ZoneInfo(timezone)
    today = datetime.fromtimestamp(now, zone).date()
    # A zone may skip a whole day, as Samoa did in 2011: the day after has its slots.
    ahead = (today + timedelta(days=offset) for offset in range(-1, 16 if days else 4))
    times = (
        _at(day, slot, zone) for day in ahead if not days or day.weekday() in days for slot in slots
    )
    return min(time for time in times if time > now)


def quiet_until(quiet: Quiet | None, timezone: str, now: float) -> float | None:
    """When the quiet hours end that `now` lies in; None outside of them."""
    if quiet is None:
        return None
    start, end = quiet
    # Inside means that the end comes before the next beginning, and that the last to come was a
    # beginning: on the day that skips an hour, the two of that hour may come at once.
    until = next_slot((end,), timezone, now)
    if until > next_slot((start,), timezone, now):
        return None
    return until if _last_slot(end, timezone, now) < _last_slot(start, timezone, now) else None


def _last_slot(slot: int, timezone: str, now: float) -> float:
    """The last time until `now` that was this slot, in seconds since the epoch."""
    zone = ZoneInfo(timezone)
    today = datetime.fromtimestamp(now, zone).date()
    times = (_at(today - timedelta(days=days), slot, zone) for days in range(-1, 4))
    return max(time for time in times if time <= now)


def day_began(timezone: str, now: float) -> float:
    """When the chat's local day began."""
    zone = ZoneInfo(timezone)
    return min(_at(datetime.fromtimestamp(now, zone).date(), 0, zone), now)


def _at(day: date, minute: int, zone: ZoneInfo) -> float:
    local = datetime(day.year, day.month, day.day, tzinfo=zone)
    return local.replace(hour=minute // 60, minute=minute % 60).timestamp()
