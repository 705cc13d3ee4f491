"""What rings when a feed shows far more new entries at once than it usually does.

A feed that is moved, repaired or widened shows its archive as if it were news. It is stored, so
that it can be found, but rings only for what is fresh. Pure.
"""

from collections.abc import Sequence

from msgspec import Struct

from bot.news.story import ParsedEntry

_MANY = 20
_TOO_MANY = 200
_STALE_SECONDS = 3 * 86_400.0
_FRESH_SECONDS = 86_400.0
_AT_LEAST = 10
_AN_HOUR = 20
_LEARN = 0.25
_HABIT_SECONDS = 6 * 3600.0


class Past(Struct, frozen=True):
    """What a feed brought before: the newest date of its entries, how many new ones a poll that
    finds some usually finds, and when the feed answered last.
    """

    newest_at: float | None
    usual: float
    answered_at: float | None


def ringing(new: Sequence[ParsedEntry], past: Past, now: float) -> frozenset[ParsedEntry]:
    """Which of the new entries ring, the newest being first: all, unless it is an archive.

    Of an archive, what is dated within a day rings, and the first ten that have no date. Where
    hundreds come at once dates are not believed either: the newest of them ring, as many as an
    outlet can have written since the last poll.
    """
    if not _is_archive(new, past, now):
        return frozenset(new)
    fresh = [e for e in new if e.published is not None and e.published > now - _FRESH_SECONDS]
    if _beyond(len(new), _TOO_MANY, past):
        hours = (now - past.answered_at) / 3600 if past.answered_at is not None else 0.0
        fresh.sort(key=lambda entry: entry.published or 0.0, reverse=True)
        fresh = fresh[: max(_AT_LEAST, int(_AN_HOUR * hours))]
    undated = [entry for entry in new if entry.published is None]
    return frozenset(fresh + undated[: max(0, _AT_LEAST - len(fresh))])


def _is_archive(new: Sequence[ParsedEntry], past: Past, now: float) -> bool:
    if not _beyond(len(new), _MANY, past):
        return False
    stale_before = max(now - _STALE_SECONDS, _by_now(past.newest_at, now) or 0.0)
    dates = [entry.published for entry in new if entry.published is not None]
    stale = sum(1 for date in dates if date < stale_before)
    undated = len(new) - len(dates)
    return (
        stale * 2 > len(new) or _beyond(undated, _MANY, past) or _beyond(len(new), _TOO_MANY, past)
    )


def _beyond(count: int, limit: int, past: Past) -> bool:
    """True for more than the limit, and more than twice what is usual for this feed."""
    return count > max(limit, 2 * past.usual)


def usual_after(
    usual: float, usual_at: float | None, news: int, now: float
) -> tuple[float, float | None]:
    """What is usual after a poll that found so many new entries, and when hundreds at once were
    learned from last.

    One flood does not make a habit, three of a kind do: some outlets publish a day's issue at once.
    From hundreds it is learned once in six hours, however often the feed is polled: what a broken
    feed shows for some minutes is no habit of its outlet. A time that is to come was noted by a
    clock ahead.
    """
    if not news:
        return usual, usual_at
    if news > _TOO_MANY:
        if usual_at is not None and 0 <= now - usual_at < _HABIT_SECONDS:
            return usual, usual_at
        usual_at = now
    return usual + _LEARN * (news - usual), usual_at


def newest_after(
    newest_at: float | None, dates: Sequence[float | None], now: float
) -> float | None:
    """The newest date after a poll that found these; one in the future counts as now."""
    found = [min(at, now) for at in dates if at is not None]
    before = _by_now(newest_at, now)
    if before is not None:
        found.append(before)
    return max(found, default=None)


def _by_now(newest_at: float | None, now: float) -> float | None:
    """The newest date before a poll; None where a clock that was ahead took it for past."""
    return newest_at if newest_at is not None and newest_at <= now else None
