"""For how long, as people say it: `2d`, `1 week`, `an hour`, `tomorrow`, `until monday`. Pure."""

import re

from bot.errors import BadInput
from bot.news.telling.days import day_named
from bot.news.telling.hours import EVENINGS, MORNINGS, is_on, next_slot, plainly, read_time
from bot.news.telling.spoken_numbers import COUNTS, HOURS
from bot.news.telling.spoken_times import (
    DAYS,
    FOR,
    FOR_BEHIND,
    FOR_TODAY,
    FOREVER,
    HALF_AN_HOUR,
    IN_THE_MORNING,
    ONES,
    PAIRS,
    THE_WEEKEND,
    TO_THE_WEEKEND,
    TODAY,
    TOMORROW,
    TONIGHT,
    UNITS,
    UNTIL,
    UNTIL_BEHIND,
    UNTIL_JOINED,
)
from bot.news.text.patterns import late
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
_NUMBERED = ONES | PAIRS
_FOR = "|".join(each.strip() for each in FOR.split("|"))
_HAN = "[一二两三四五六七八九十]{1,2}"  # written together with what is counted
_HALF_HOUR = late(rf"(?:(?:{_FOR})\s+)?(?:{HALF_AN_HOUR})(?:\s+(?:{FOR_BEHIND}))?")
_LENGTH = late(
    rf"(?P<led>(?:{_FOR})\s+)?(?:(?P<number>\d{{1,4}})|(?P<spelled>[^\d\s]+(?=\s)|{_HAN}))?"
    rf"\s*(?P<unit>[^\d\s]+)(?:\s+(?:{FOR_BEHIND}))?",
    re.ASCII,
)
_TILL = "|".join(each.strip() for each in UNTIL.split("|"))
_UNTIL = late(rf"(?:{_TILL})\s+|^(?:{UNTIL_JOINED})|\s+(?:{UNTIL_BEHIND})$")
_MORNING = late(rf"\s+(?:{IN_THE_MORNING})$")
_LIKE_A_TIME = late(
    rf"(?i)(?<=\S)\s+(?:{_FOR}|{_TILL})\s+(?:\d|(?:{'|'.join([*UNITS, *COUNTS, *DAYS])})(?!\w)).*"
)
# A number, or what stands before an end, behind another sign of Chinese.
_UNSPACED_TIME = late(
    rf"(?<=[一-鿿])(?<![第直\d一二两三四五六七八九十])(?:{_HAN}|\d|{UNTIL_JOINED}|永远)"
)
_LONGEST_UNSPACED = 12
_BARE_BEHIND = "на"  # на неделю
_LONGEST = 5  # words: `for the next week`, `durante el fin de semana`
_MIDNIGHT = (0,)
_MONDAY, _SATURDAY = 0, 5


def read_until(text: str, timezone: str, now: float) -> float:
    """Until when somebody means, in seconds since 1970: after so long, or tomorrow at 08:00; with
    `until` on a day of the week at 08:00, or at a time of day; the weekend and today end at the
    chat's midnight; for ever is a year. Raises BadInput.
    """
    typed = plainly(text)
    if is_forever(text):
        return now + MOST_SECONDS
    if typed in FOR_TODAY or typed in TODAY:
        return next_slot(_MIDNIGHT, timezone, now)
    if THE_WEEKEND().fullmatch(typed):
        return next_slot(_MIDNIGHT, timezone, now, (_MONDAY,))
    if typed in TONIGHT:
        return next_slot(MORNINGS, timezone, now)
    named = _UNTIL().sub("", typed, count=1)
    if named in TOMORROW or _MORNING().sub("", named) in TOMORROW:
        # Who says so after midnight means the day that follows, all the same.
        return next_slot(MORNINGS, timezone, next_slot(_MIDNIGHT, timezone, now))
    until = _next(named, timezone, now) if named != typed else None
    return now + read_duration(text) if until is None else until


def is_forever(text: str) -> bool:
    """Whether somebody means: without an end."""
    return plainly(text) in FOREVER


def _next(named: str, timezone: str, now: float) -> float | None:
    """The next time that is named, if one is."""
    if named in TONIGHT:
        return next_slot(EVENINGS, timezone, now)
    if named in TO_THE_WEEKEND or THE_WEEKEND().fullmatch(named):
        return next_slot(_MIDNIGHT, timezone, now, (_SATURDAY,))
    if (day := day_named(named)) is not None:
        return next_slot(MORNINGS, timezone, now, (day,))
    named = str(HOURS.get(named, named))
    minute = read_time(f"{named}:00" if named.isdecimal() else named)
    return None if minute is None else next_slot((minute,), timezone, now)


def read_duration(text: str) -> float:
    """Seconds of `30m`, `2 days`, `an hour` or `1 week`. Raises BadInput."""
    typed = plainly(text)
    seconds = USUAL_SECONDS if is_on(typed) else _length(typed)
    if not 0 < seconds <= MOST_SECONDS:
        raise _unread(text)
    return seconds


def _unread(text: str) -> BadInput:
    return BadInput(
        say("I can't read '{text}'. Send 30m, 8h, 2d or 1w.", text=cut(text.strip(), 30))
    )


def _length(typed: str) -> float:
    """Seconds of a length of time; 0 for what is none."""
    if _HALF_HOUR().fullmatch(typed):
        return _UNITS["hour"] / 2
    found = _LENGTH().fullmatch(typed)
    if not found:
        return 0.0
    led, number, spelled, unit = found.group("led", "number", "spelled", "unit")
    if unit in _NUMBERED and not number and not spelled:
        return float(_NUMBERED[unit])
    count = int(number) if number else COUNTS.get(spelled, 0)
    if led and led.strip() == _BARE_BEHIND and not number and not spelled:
        count = 1
    return float(count * _UNITS.get(unit, 0))


def split_until(text: str, timezone: str, now: float) -> tuple[str, float]:
    """What a text says first, and until when it says so at its end: `lottery 2 days`. Nothing comes
    first where it says only that. Raises BadInput, which names the last word, where it says no
    time; a unit alone, which says one of it in some languages, is as likely a word.
    """
    if found := _behind_unspaced(text, timezone, now):
        return found
    words = text.split()
    for most in range(min(_LONGEST, len(words)), 1, -1):
        try:
            return " ".join(words[:-most]), read_until(" ".join(words[-most:]), timezone, now)
        except BadInput:
            continue
    last = words[-1] if words else ""
    if is_on(last) or (len(words) == 1 and plainly(last) in ONES):  # `hands on`, and no time
        raise _unread(last)
    if len(words) > 1 and (plainly(last) in TODAY or THE_WEEKEND().fullmatch(plainly(last))):
        raise _unread(last)  # `Hill Today` and `lost weekend` are names
    return " ".join(words[:-1]), read_until(last, timezone, now)


def _behind_unspaced(text: str, timezone: str, now: float) -> tuple[str, float] | None:
    """What Chinese says first and until when, with no blank between them: `足球一周`."""
    typed = text.strip()
    for begins in _UNSPACED_TIME().finditer(typed, max(0, len(typed) - _LONGEST_UNSPACED)):
        first, time = typed[: begins.start()], typed[begins.start() :]
        try:
            return first.strip(), read_until(time, timezone, now)
        except BadInput:
            continue
    return None


def is_time(text: str, timezone: str, now: float) -> bool:
    """Whether somebody says for how long, and nothing else."""
    try:
        read_until(text, timezone, now)
    except BadInput:
        return False
    return True


def without_time(text: str) -> str:
    """The words without what was meant as a time at their end, though it says none: `for 2 moons`,
    `bis Montag früh`.
    """
    return _LIKE_A_TIME().sub("", text)
