"""For how long, as people say it: `2d`, `1 week`, `an hour`, `tomorrow`, `until monday`. Pure."""

import re

from bot.errors import BadInput
from bot.news.telling.days import day_named
from bot.news.telling.hours import MORNINGS, is_on, next_slot, plainly, read_time
from bot.news.telling.spoken_times import UNITS
from bot.news.text.plain import cut
from bot.texts.said import say

MOST_SECONDS = 366 * 86_400.0
USUAL_SECONDS = 86_400.0
"""What `on` means."""
_UNITS = {
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "h": 3_600, "hr": 3_600, "hrs": 3_600, "hour": 3_600, "hours": 3_600,
    "d": 86_400, "day": 86_400, "days": 86_400,
    "w": 604_800, "week": 604_800, "weeks": 604_800,
    "month": 2_592_000, "months": 2_592_000, **UNITS,
}  # fmt: skip
_ONE = ("a", "an", "one")
_LENGTH = re.compile(r"(?:for\s+)?(?P<number>\d{1,4}|an?|one)\s*(?P<unit>[^\d\s]+)", re.ASCII)
_UNTIL = re.compile(r"(?:until|till|til)\s+")
_TOMORROW = ("tomorrow", "tomorrow morning")
_LONGEST = 3  # words: `until tomorrow morning`


def read_until(text: str, timezone: str, now: float) -> float:
    """Until when somebody means, in seconds since 1970: after so long, or tomorrow at 08:00; with
    `until` on a day of the week at 08:00, or at a time of day. Raises BadInput.
    """
    typed = plainly(text)
    named = _UNTIL.sub("", typed, count=1)
    if named in _TOMORROW:
        # Who says so after midnight means the day that follows, all the same.
        return next_slot(MORNINGS, timezone, next_slot((0,), timezone, now))
    until = _next(named, timezone, now) if named != typed else None
    return now + read_duration(text) if until is None else until


def _next(named: str, timezone: str, now: float) -> float | None:
    """The next time that is named, if one is."""
    if (day := day_named(named)) is not None:
        return next_slot(MORNINGS, timezone, now, (day,))
    minute = read_time(named)
    return None if minute is None else next_slot((minute,), timezone, now)


def read_duration(text: str) -> float:
    """Seconds of `30m`, `2 days`, `an hour` or `1 week`. Raises BadInput."""
    typed = plainly(text)
    found = _LENGTH.fullmatch(typed)
    seconds = USUAL_SECONDS if is_on(typed) else 0.0
    if found and found["unit"] in _UNITS:
        number = 1 if found["number"] in _ONE else int(found["number"])
        seconds = float(number * _UNITS[found["unit"]])
    if not 0 < seconds <= MOST_SECONDS:
        raise BadInput(
            say("I can't read '{text}'. Send 30m, 8h, 2d or 1w.", text=cut(text.strip(), 30))
        )
    return seconds


def split_until(text: str, timezone: str, now: float) -> tuple[str, float]:
    """What a text says first, and until when it says so at its end: `lottery 2 days`. Raises
    BadInput, which names the last word, where it says no time.
    """
    words = text.split()
    for most in range(min(_LONGEST, len(words) - 1), 1, -1):
        try:
            return " ".join(words[:-most]), read_until(" ".join(words[-most:]), timezone, now)
        except BadInput:
            continue
    return " ".join(words[:-1]), read_until(words[-1] if words else "", timezone, now)
