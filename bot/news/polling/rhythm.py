"""A feed's rhythm: how often it brings news, at which hours and on which days. Pure.

Counted are occasions, not entries: what comes within five minutes came at once. Counts fade, by
half in four weeks; beside them a quick count, by half in three hours, notices that something is
going on now. From both follows when another look is worth a request.
"""

import math
from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from bot.news.polling.poll_hints import day_of, hour_of

_SLOT_SECONDS = 300.0
_FADE = 28 * 86_400 / math.log(2)  # mean life in seconds of a count
_PULSE_FADE = 3 * 3600 / math.log(2)
_OLDEST_SECONDS = 56 * 86_400.0
# What is believed of a feed of which nothing is known: one occasion in six hours, with the weight
# of half an occasion.
_PRIOR_WEIGHT, _PRIOR_SECONDS = 0.5, 6 * 3600.0
_HOUR_PRIOR, _DAY_PRIOR = 0.25, 1.0
_NONE_OF_HOURS, _NONE_OF_DAYS = (0.0,) * 24, (0.0,) * 7


class Rhythm(Struct, frozen=True):
    """Faded counts of occasions as they stood at `at`: by hour and by day of the week in UTC, and
    of the last hours (`pulse`); `span` is for how many seconds they were counted, faded likewise.
    `at` is None while nothing was counted.
    """

    at: float | None = None
    span: float = 0.0
    pulse: float = 0.0
    hours: tuple[float, ...] = _NONE_OF_HOURS
    days: tuple[float, ...] = _NONE_OF_DAYS


UNHEARD = Rhythm()


def first_heard(dates: Collection[float | None], now: float) -> Rhythm:
    """The rhythm as a feed's first document shows it: its dates reach back."""
    known = [min(date, now) for date in dates if date is not None]
    since = max(min(known, default=now), now - _OLDEST_SECONDS)
    return _counted(Rhythm(at=since), [date for date in known if date >= since], now)


def heard(
    rhythm: Rhythm, dates: Collection[float | None], answered_at: float | None, now: float
) -> Rhythm:
    """The rhythm after a poll that found entries with these dates, new since `answered_at`.

    An entry counts when it can have been seen first: one dated before the last poll was not shown
    then.
    """
    if not dates:
        return rhythm
    since = answered_at if answered_at is not None and answered_at <= now else now
    times = [now if date is None else min(max(date, since), now) for date in dates]
    return _counted(rhythm if rhythm.at is not None else Rhythm(at=since), times, now)


def worth_a_look(rhythm: Rhythm, last: float, cost: float, most: float) -> float:
    """Seconds after `last` at which news that came meanwhile will have waited `cost` seconds, taken
    together and on average; at most `most`.

    At a steady rate this is the square root of twice the cost times the mean gap, which for many
    feeds together gives the least lateness for a number of requests.
    """
    rhythm = _faded(rhythm, last)
    total = sum(rhythm.hours)
    passed = expected = waited = 0.0
    while passed < most:
        at = last + passed
        step = min(3600.0 - at % 3600.0, most - passed)
        rate = _rate(rhythm, total, at, passed)
        found = _within(rate, expected, cost - waited)
        if found <= step:
            return passed + found
        waited += expected * step + rate * step * step / 2
        expected += rate * step
        passed += step
    return most


def _within(rate: float, expected: float, missing: float) -> float:
    """Seconds until the news expected so far and what comes at `rate` waited so much more."""
    if rate <= 0:
        return missing / expected if expected > 0 else math.inf
    return (math.sqrt(expected * expected + 2 * rate * missing) - expected) / rate


def _rate(rhythm: Rhythm, total: float, at: float, passed: float) -> float:
    """Occasions a second to be expected at `at`, of `total` that were counted."""
    usual = (total + _PRIOR_WEIGHT) / (rhythm.span + _PRIOR_WEIGHT * _PRIOR_SECONDS)
    hour, day = hour_of(at), day_of(at)
    around = rhythm.hours[hour] / 2 + (rhythm.hours[hour - 1] + rhythm.hours[hour - 23]) / 4
    by_hour = 24 * (around + _HOUR_PRIOR) / (total + 24 * _HOUR_PRIOR)
    by_day = 7 * (rhythm.days[day] + _DAY_PRIOR) / (total + 7 * _DAY_PRIOR)
    now_on = rhythm.pulse * math.exp(-passed / _PULSE_FADE) / _PULSE_FADE
    return max(usual * by_hour * by_day, now_on)


def _counted(rhythm: Rhythm, times: Collection[float], now: float) -> Rhythm:
    rhythm = _faded(rhythm, now)
    hours, days, pulse = list(rhythm.hours), list(rhythm.days), rhythm.pulse
    for slot in {int(at // _SLOT_SECONDS) for at in times}:
        at = slot * _SLOT_SECONDS
        weight = math.exp(-max(now - at, 0) / _FADE)
        hours[hour_of(at)] += weight
        days[day_of(at)] += weight
        pulse += math.exp(-max(now - at, 0) / _PULSE_FADE)
    return replace(rhythm, hours=tuple(hours), days=tuple(days), pulse=pulse)


def _faded(rhythm: Rhythm, now: float) -> Rhythm:
    """The same counts as they stand at `now`. Where they were made later than that the clock was
    ahead: they are left as they are, but what was going on then is not going on now.
    """
    apart = now - rhythm.at if rhythm.at is not None else 0.0
    left = math.exp(-max(apart, 0.0) / _FADE)
    return Rhythm(
        at=now,
        span=rhythm.span * left + _FADE * (1 - left),
        pulse=rhythm.pulse * math.exp(-abs(apart) / _PULSE_FADE),
        hours=tuple([count * left for count in rhythm.hours]),
        days=tuple([count * left for count in rhythm.days]),
    )
