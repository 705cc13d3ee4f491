"""From when on a digest gathers: what its heading says. Pure."""

from collections.abc import Iterable

from bot.news.telling.hours import Quiet, next_slot, quiet_until

_LOOKED_BACK_SECONDS = 3 * 86_400.0


def gathered_since(
    held_at: Iterable[float],
    told_at: float,
    digest: tuple[int, ...],
    quiet: Quiet | None,
    timezone: str,
) -> float | None:
    """The hour from which on the stories of a digest were held, in seconds since 1970: the digest
    or the quiet hours before the first of them. Where a chat has neither, or was told a story by
    itself since then, at `told_at`, that first moment; None for no story.
    """
    first = min(held_at, default=None)
    if first is None:
        return None
    is_quiet = quiet_until(quiet, timezone, first) is not None
    starts = (*digest, quiet[0]) if quiet and is_quiet else digest
    since = _slot_before(starts, timezone, first) if starts else first
    return first if since < told_at else since


def _slot_before(slots: tuple[int, ...], timezone: str, at: float) -> float:
    """The last of these slots up to a time."""
    slot = at - _LOOKED_BACK_SECONDS
    while (following := next_slot(slots, timezone, slot)) <= at:
        slot = following
    return slot
