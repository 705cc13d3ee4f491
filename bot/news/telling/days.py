"""Days of the week as people write them: `weekdays`, `mon-fri`, `montags`. Monday is 0. Pure."""

from collections.abc import Sequence

from bot.news.telling.hours import day_began, plainly
from bot.news.telling.spoken_times import (
    CHINESE_DAY,
    DAYS,
    ONCE_A_WEEK,
    SINCE,
    THIS_WEEK,
    TODAY,
    WEEKDAYS_SAID,
    WEEKENDS_SAID,
    YESTERDAY,
)

WEEK = tuple(range(7))
WEEKDAYS, WEEKEND = WEEK[:5], WEEK[5:]
NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_NUMBERS = (
    {
        spelled: number
        for number, name in enumerate(NAMES)
        for spelled in (name, f"{name}s", name[:3])
    }
    | _SHORT
    | DAYS
)
_SEVERAL = {
    "weekday": WEEKDAYS, "weekdays": WEEKDAYS, "workdays": WEEKDAYS,
    "weekend": WEEKEND, "weekends": WEEKEND, "weekly": WEEK[:1],
}  # fmt: skip
_BEFORE = (
    "on", "every", "each", "am", "jeden", "le", "chaque", "el", "los", "cada", "na", "toda",
    "il", "la", "ogni", "в", "во", "по", "каждый", "каждую", "у", "кожен", "кожну",
    "hari", "setiap", "her", "يوم", "كل", "هر", "ביום", "יום", "हर", "每",
)  # fmt: skip
_BEFORE_DAYS = {"no": ("sábado", "domingo")}  # elsewhere it says that it is not on that day
_JOINING = ("and", "und", "et", "y", "e", "и", "і", "та", "ve", "dan", "و", "और", "和")


def day_named(word: str) -> int | None:
    """The day that a word names, which may have `on` or `jeden` before it."""
    typed = plainly(word)
    before, _, rest = typed.partition(" ")
    return _NUMBERS.get(rest if _leads(before, rest) else typed)


def newest_of(text: str, timezone: str, now: float) -> float | None:
    """Until when the newest stories came out of the days that are named, in seconds since 1970: now
    for `today`, `this week` and `since monday`, the last midnight for `yesterday`. None where words
    name none; a day of the week alone is a word like any other.
    """
    said = plainly(text)
    if said in YESTERDAY:
        return day_began(timezone, now)
    since, _, day = said.partition(" ")
    is_since = since in SINCE and (day in TODAY | YESTERDAY or day_named(day) is not None)
    return now if said in TODAY | THIS_WEEK or is_since else None


def split_days(text: str) -> tuple[tuple[int, ...], str]:
    """The days that a text names, and what else it says: `mon-fri 8am` is (0, 1, 2, 3, 4) and
    `8am`. No days where it names none; all seven are none too.
    """
    found: list[int] = []
    rest: list[str] = []
    typed = ONCE_A_WEEK().sub(" weekly ", plainly(text))
    typed = WEEKENDS_SAID().sub(" weekends ", WEEKDAYS_SAID().sub(" weekdays ", typed))
    for word in CHINESE_DAY().sub(r" \g<day> ", typed).replace(",", " ").split():
        days = _days_of(word)
        if days and rest and _leads(rest[-1], word):
            rest.pop()
        found += days
        if not days:
            rest.append(word)
    return as_days(found), " ".join(rest)


def _leads(before: str, day: str) -> bool:
    """Whether a word before a day goes with it."""
    return before in (*_BEFORE, *_JOINING) or day in _BEFORE_DAYS.get(before, ())


def as_days(numbers: Sequence[int]) -> tuple[int, ...]:
    """These days in the order of the week, each once; all seven are written as none."""
    days = tuple(sorted(set(numbers)))
    return () if days == WEEK else days


def _days_of(word: str) -> tuple[int, ...]:
    if word in _SEVERAL:
        return _SEVERAL[word]
    if word in _NUMBERS:  # such as segunda-feira
        return (_NUMBERS[word],)
    first, _, last = word.partition("-")
    begin, end = _NUMBERS.get(first), _NUMBERS.get(last or first)
    if begin is None or end is None:
        return ()
    return tuple((begin + offset) % 7 for offset in range((end - begin) % 7 + 1))
