"""How many new entries a guest may bring, a feed that only chats brought, and a chat by all of its
guests, and a person by all of their chats; and how many may ring of a feed of the operator's. Pure.

What a guest brings over its quota is known as seen and is no report; of the operator's feeds it is
one that does not ring. A quota is a bucket: so many entries at once, and as many an hour in the
long run, or as many as `an_hour` says.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.news.story import NewReport

ENTRIES_OF_A_GUEST = 100
"""New entries an hour of one guest,"""
ENTRIES_OF_A_CHAT = 300
"""and of all guests of a chat together,"""
ENTRIES_OF_A_PERSON = 900
"""and of all chats together that one person keeps."""
ALERTS_AT_ONCE = 240
"""New entries of a feed of the operator's that ring at once,"""
ALERTS_OF_A_FEED = 600
"""and an hour in the long run: an agency writes some hundred an hour in all of its services, and
ten a minute leave half of what a group may be sent to other feeds.
"""
RINGS_ANEW_SECONDS = 6 * 3600.0
"""A feed that rang no more than it may for so long begins anew when it rings too much."""
PATIENCE_SECONDS = 900.0
"""A guest that is over its quota is asked again when a quarter of it is free."""
_HOUR = 3600.0


class Spent(Struct, frozen=True):
    """How much of a quota was used up at a time."""

    entries: float = 0.0
    at: float = 0.0


def left(spent: Spent, most: int, now: float, an_hour: int | None = None) -> int:
    """How many entries there is room for now."""
    return max(0, int(most - _now(spent, an_hour or most, now)))


def after(spent: Spent, entries: int, an_hour: int, now: float) -> Spent:
    """What is spent once so many more were taken."""
    return Spent(_now(spent, an_hour, now) + entries, now)


def within(reports: Sequence[NewReport], room: int) -> tuple[NewReport, ...]:
    """Those that there is room for, in their order: what rings before what does not, and of these
    the newest, which stand last.
    """
    if len(reports) <= room:
        return tuple(reports)
    order = sorted(range(len(reports)), key=lambda i: (reports[i].quiet, -i))
    return tuple(reports[i] for i in sorted(order[:room]))


def hushed(reports: Sequence[NewReport], room: int) -> tuple[NewReport, ...]:
    """The same reports, of which as many ring as there is room for, the newest."""
    ringing = within([report for report in reports if not report.quiet], room)
    rings = {id(report) for report in ringing}
    return tuple(r if r.quiet or id(r) in rings else replace(r, quiet=True) for r in reports)


def _now(spent: Spent, an_hour: int, now: float) -> float:
    # A clock that went back frees nothing and takes nothing.
    return max(0.0, spent.entries - max(0.0, now - spent.at) * an_hour / _HOUR)
