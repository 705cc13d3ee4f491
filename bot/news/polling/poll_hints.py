"""How often a feed's document asks to be read. Pure.

RSS 2.0 says `ttl`, `skipHours` and `skipDays`; the syndication module `updatePeriod` and
`updateFrequency`. What HTTP says of time is read in `bot.feeds.fetching.headers`.
"""

from collections.abc import Iterable

from msgspec import Struct

_MOST_SECONDS = 86_400.0
_PERIODS = {
    "hourly": 3_600.0,
    "daily": 86_400.0,
    "weekly": 604_800.0,
    "monthly": 2_629_800.0,
    "yearly": 31_557_600.0,
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class PollHints(Struct, frozen=True):
    """Seconds that should pass between two polls, at most a day, and the hours (0 to 23) and days
    of the week (Monday is 0), in UTC, in which nothing new comes.
    """

    seconds: float | None = None
    hours: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


NO_HINTS = PollHints()


def read_hints(
    ttl: str, period: str, frequency: str, hours: Iterable[str], days: Iterable[str]
) -> PollHints:
    """The hints in the words of a document; what cannot be read counts as not said.

    An update once an hour is not believed: WordPress writes it into every feed, whatever the
    outlet does, and nobody means it.
    """
    known_days = {day.strip().lower() for day in days}
    return PollHints(
        _longest(_minutes(ttl), _period(period, frequency)),
        tuple(sorted({int(hour.strip()[:4]) % 24 for hour in hours if _small(hour)})),
        tuple(n for n, day in enumerate(_DAYS) if day in known_days),
    )


def hour_of(at: float) -> int:
    """The hour of the day in UTC, 0 to 23."""
    return int(at // 3600) % 24


def day_of(at: float) -> int:
    """The day of the week in UTC; Monday is 0. The first day of 1970 was a Thursday."""
    return (int(at // 86_400) + 3) % 7


def is_skipped(hints: PollHints, at: float) -> bool:
    """True in hours and days in which the feed says that nothing comes.

    A document that names every hour or every day says nothing.
    """
    by_hour = len(hints.hours) < 24 and hour_of(at) in hints.hours
    return by_hour or (len(hints.days) < 7 and day_of(at) in hints.days)


def _small(text: str) -> bool:
    return text.strip().isascii() and text.strip().isdigit() and int(text.strip()[:4]) <= 24


def _minutes(text: str) -> float | None:
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        return None
    return min(float(text[:9]) * 60, _MOST_SECONDS)


def _period(period: str, frequency: str) -> float | None:
    seconds = _PERIODS.get(period.strip().lower())
    frequency = frequency.strip()
    if seconds is None:
        return None
    times = int(frequency[:6]) if frequency.isascii() and frequency.isdigit() else 1
    if period.strip().lower() == "hourly" and times <= 1:
        return None
    return min(seconds / max(times, 1), _MOST_SECONDS)


def _longest(*values: float | None) -> float | None:
    return max((value for value in values if value is not None), default=None)
