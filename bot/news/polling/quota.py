"""How many new entries a guest may bring, a feed that only chats brought, and a chat by all of its
guests. The operator's own feeds have no quota. Pure.

What is over a quota is known as seen and is no report. A quota is a bucket: so many entries at
once, and as many an hour in the long run.
"""

from collections.abc import Sequence

from msgspec import Struct

from bot.news.story import NewReport

ENTRIES_OF_A_GUEST = 100
"""New entries an hour of one guest,"""
ENTRIES_OF_A_CHAT = 300
"""and of all guests of a chat together."""
PATIENCE_SECONDS = 900.0
"""A guest that is over its quota is asked again when a quarter of it is free."""
_HOUR = 3600.0


class Spent(Struct, frozen=True):
    """How much of a quota was used up at a time."""

    entries: float = 0.0
    at: float = 0.0


def left(spent: Spent, most: int, now: float) -> int:
    """How many entries there is room for now."""
    return max(0, int(most - _now(spent, most, now)))


def after(spent: Spent, entries: int, most: int, now: float) -> Spent:
    """What is spent once so many more were taken."""
    return Spent(_now(spent, most, now) + entries, now)


def within(reports: Sequence[NewReport], room: int) -> tuple[NewReport, ...]:
    """Those that there is room for, in their order: what rings before what does not, and of these
    the newest, which stand last.
    """
    if len(reports) <= room:
        return tuple(reports)
    order = sorted(range(len(reports)), key=lambda i: (reports[i].quiet, -i))
    return tuple(reports[i] for i in sorted(order[:room]))


def _now(spent: Spent, most: int, now: float) -> float:
    # A clock that went back frees nothing and takes nothing.
    return max(0.0, spent.entries - max(0.0, now - spent.at) * most / _HOUR)
