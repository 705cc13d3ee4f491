"""When a feed is polled next. Pure: old state, what happened, now and chance in; a time out."""

from msgspec import Struct

from bot.news.polling.poll_hints import PollHints, is_skipped
from bot.news.polling.rhythm import Rhythm, worth_a_look

_SPREAD_SECONDS = 60.0
_JITTER = 0.1
_COST_SECONDS = 2.0  # how much waiting of news a request is worth
PUSHES_MISSED = 2  # by polls in a row, until a hub is not relied on
_FAILURE_BASE_SECONDS = 60.0
GONE_APART_SECONDS = 3600.0  # between the two answers that are believed
_FAILURE_MOST_SECONDS = 6 * 3600.0
SHORTEST_PAUSE, LONGEST_PAUSE = 60.0, 86_400.0  # that a server's Retry-After is believed


class Bounds(Struct, frozen=True):
    """The least and most seconds between two polls of a feed."""

    least: float
    most: float

    def clamp(self, seconds: float) -> float:
        """The nearest allowed interval."""
        return min(max(seconds, self.least), self.most)


def first_poll(added: float, bounds: Bounds, chance: float) -> float:
    """When a feed just added is polled: soon, spread so that many added at once do not meet."""
    return added + chance * min(_SPREAD_SECONDS, bounds.least)


def next_interval(
    rhythm: Rhythm, hints: PollHints, wished: float | None, bounds: Bounds, now: float
) -> float:
    """Seconds from a poll now until the next, as the feed's own rhythm makes it worth a request.

    What the server (`wished`, from Cache-Control or Expires) and the document ask for is honoured
    within the bounds; in hours and days in which nothing is to come the feed is polled rarest.
    """
    own = worth_a_look(rhythm, now, _COST_SECONDS, bounds.most)
    interval = bounds.clamp(max(own, wished or 0.0, hints.seconds or 0.0))
    return bounds.most if is_skipped(hints, now + interval) else interval


def while_pushed(
    interval: float, now: float, pushed_until: float | None, missed: int, bounds: Bounds
) -> float:
    """The interval of a feed whose hub pushes it: the longest, but not beyond the lease.

    Polls that found what the hub should have pushed are `missed`; after two in a row the hub is
    not relied on.
    """
    if pushed_until is None or pushed_until <= now or missed >= PUSHES_MISSED:
        return interval
    return max(interval, bounds.clamp(min(bounds.most, pushed_until - now)))


def after_success(now: float, interval: float, chance: float) -> float:
    """The time of the next poll, `interval` from now, a little off so that feeds drift apart."""
    return now + interval * (1 + _JITTER * (2 * chance - 1))


def after_failure(now: float, failures: int, bounds: Bounds, chance: float) -> float:
    """The time of the next try after the `failures`-th failure in a row (1 is the first).

    Doubles from a minute, or from the feed's least interval where that is longer, to six hours,
    with full jitter in its upper half (Exponential Backoff And Jitter, AWS Architecture Blog).
    """
    base = min(max(_FAILURE_BASE_SECONDS, bounds.least), _FAILURE_MOST_SECONDS)
    wait = min(base * 2.0 ** min(failures - 1, 16), _FAILURE_MOST_SECONDS)
    return now + wait * (0.5 + chance / 2)


def while_cut_off(now: float, chance: float) -> float:
    """When a feed is asked again while this machine reaches nobody: within minutes."""
    return now + _FAILURE_BASE_SECONDS * (1 + 4 * chance)


def after_gone(now: float, chance: float) -> float:
    """When a host that said 410 Gone is asked whether it means it: after an hour at least."""
    return now + GONE_APART_SECONDS * (1 + _JITTER * chance)


def after_try_later(now: float, seconds: float, chance: float) -> float:
    """The time of the next try when the server said how long to wait: never before that."""
    return now + seconds * (1 + _JITTER * chance)


def brought_forward(now: float, interval: float, chance: float) -> float:
    """When a feed that answered is asked again whose next poll a clock that was ahead put off:
    within its interval, so that all of them do not meet.
    """
    return now + chance * (interval or _SPREAD_SECONDS)


def latest(now: float, interval: float, failures: int, *, told_to_wait: bool) -> float:
    """The latest time for which any of the above can have put a poll off. What is put off for
    longer was so by a clock that was ahead.
    """
    if failures:
        return now + _FAILURE_MOST_SECONDS
    if told_to_wait:
        return now + LONGEST_PAUSE * (1 + _JITTER)
    return now + max(interval * (1 + _JITTER), _SPREAD_SECONDS)
