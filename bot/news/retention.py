"""How much may be deleted for its age, and when. Pure.

What is old is judged by the clock, and clocks go wrong: one that is a year ahead would delete all
there is. So a jump must stand for a day before anything is deleted, and a day deletes a part only.
"""

from msgspec import Struct
from msgspec.structs import replace

_DAY = 86_400.0
JUMP = _DAY
"""By more than so many seconds a clock moves only where somebody sets it, or nobody looked."""
_INFLOWS = 2
_PART = 20
EVERY = 3600.0
LEAST = 500
"""So many rows a day may always go: a small table has no twentieth."""


class Tended(Struct, frozen=True):
    """When was looked last, by the clock of then; since when that clock is doubted, if it is; how
    many rows of each table were deleted in the day that began at `day`; and the last time at which
    the clock was `believed`.
    """

    seen: float
    doubted_since: float | None = None
    day: float = 0.0
    deleted: tuple[tuple[str, int], ...] = ()
    believed: float | None = None


def is_due(before: Tended, now: float) -> bool:
    """Whether it is time to look: an hour after the last look, whichever process took it, and at
    once where there was none or the clock went back since.
    """
    return before.day == 0.0 or not 0 <= now - before.seen < EVERY


def looked(before: Tended, now: float) -> Tended:
    """What is known after another look. The clock is doubted from a jump of more than a day on,
    either way, and believed again when it has stood for a day.
    """
    since, believed = before.doubted_since, before.believed
    if since is None:
        believed = before.seen
    if abs(now - before.seen) > JUMP:
        since = now
    elif since is not None and now - since >= _DAY:
        since = None
    if 0 <= now - before.day < _DAY:
        return replace(before, seen=now, doubted_since=since, believed=believed)
    return Tended(now, since, now, believed=believed)


def is_set_right(before: Tended, after: Tended) -> bool:
    """Whether what is dated later than the last look was dated by a clock that was ahead: it goes
    on within a day of where it was believed last, or what it was set to has stood for a day. One
    that is behind, as where a machine has no clock of its own, says nothing of what is stored.
    """
    if after.doubted_since is None:
        return before.doubted_since is not None
    return after.believed is not None and 0 <= after.seen - after.believed <= JUMP


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
