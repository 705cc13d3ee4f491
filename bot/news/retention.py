"""How much may be deleted for its age, and when. Pure.

What is old is judged by the clock, and clocks go wrong: one that is a year ahead would delete all
there is. So a jump must stand for a day before anything is deleted, and a day deletes a part only.
"""

from msgspec import Struct
from msgspec.structs import replace

_DAY = 86_400.0
JUMP = _DAY
"""By more than so many seconds a clock moves only where somebody sets it, or nobody looked."""
_NOT_AHEAD_AFTER = 30 * _DAY
"""A clock that jumped ahead and went on for so long was right: the machine was off before."""
_INFLOWS = 2
_PART = 20
EVERY = 3600.0
LEAST = 500
"""So many rows a day may always go: a small table has no twentieth."""


class Tended(Struct, frozen=True):
    """When was looked last, by the clock of then; since when that clock is doubted, if it is; and
    how many rows of each table were deleted in the day that began at `day`. Where the clock jumped
    ahead by more than a day: it was `believed` last, and jumped to `ahead`.
    """

    seen: float
    doubted_since: float | None = None
    day: float = 0.0
    deleted: tuple[tuple[str, int], ...] = ()
    believed: float | None = None
    ahead: float | None = None


def is_due(before: Tended, now: float) -> bool:
    """Whether it is time to look: an hour after the last look, whichever process took it, and at
    once where there was none or the clock went back since.
    """
    return before.day == 0.0 or not 0 <= now - before.seen < EVERY


def looked(before: Tended, now: float) -> Tended:
    """What is known after another look. The clock is doubted from a jump of more than a day on,
    either way, and believed again when it has stood for a day.
    """
    since = _doubted_since(before, now)
    believed, ahead = before.believed, before.ahead
    if ahead is None and now - before.seen > JUMP:
        believed, ahead = before.seen, now
    elif ahead is not None and (now - ahead > _NOT_AHEAD_AFTER or is_set_right(before, now)):
        believed = ahead = None
    is_new_day = not 0 <= now - before.day < _DAY
    day, gone = (now, ()) if is_new_day else (before.day, before.deleted)
    return Tended(now, since, day, gone, believed, ahead)


def is_set_right(before: Tended, now: float) -> bool:
    """Whether what is dated later than this look was so by a clock that was ahead: the clock is
    back between where it was believed last and where it jumped to, within a day of the former or
    for a day. One that only ever went back may be wrong itself, and says nothing of what is stored.
    """
    if before.believed is None or before.ahead is None:
        return False
    is_back = before.believed <= now < before.ahead
    has_stood = before.doubted_since is not None and _doubted_since(before, now) is None
    return is_back and (now - before.believed <= JUMP or has_stood)


def _doubted_since(before: Tended, now: float) -> float | None:
    if abs(now - before.seen) > JUMP:
        return now
    since = before.doubted_since
    return None if since is None or now - since >= _DAY else since


def allowance(tended: Tended, table: str, rows: int, inflow: int) -> int:
    """How many rows of a table may be deleted now: of those of a day twice as many as the last day
    brought or a twentieth of all, whichever is more, without those that went already.
    """
    if tended.doubted_since is not None:
        return 0
    return max(_INFLOWS * inflow, rows // _PART, LEAST) - dict(tended.deleted).get(table, 0)


def deleted(tended: Tended, table: str, rows: int) -> Tended:
    """With so many rows more that were deleted."""
    counts = dict(tended.deleted)
    counts[table] = counts.get(table, 0) + rows
    return replace(tended, deleted=tuple(sorted(counts.items())))
