"""Processes that work on one database, and how they share what is to be done there. Pure.

What there is to do has roles, and a role has slots: one where one process at a time has it, or
64, over which the hosts of feeds and the chats are spread. Whoever has a slot is alone with all in
it, so what politeness, the pace of a chat and the order in it need may stay in its memory.
"""

from collections.abc import Collection, Mapping, Sequence
from hashlib import md5

from msgspec import Struct, field

SLOTS = 64
ALONE = 1

LEASE_SECONDS = 7.0
"""A member that has not renewed for so long is dead: it may have been stopped, and wake up."""
MARGIN_SECONDS = 1.5
"""So long before its lease is over a member begins nothing any more."""
GRACE_SECONDS = 3.0
"""So long after it renewed last, one whose connection is gone may come back."""


def slot_of_chat(chat_id: int) -> int:
    """Where a chat belongs; in SQL, `chat_id & 63`."""
    return chat_id & (SLOTS - 1)


def slot_of_host(host: str) -> int:
    """Where the feeds of a host belong; in SQL, `host_slot(host)`."""
    return int(md5(host.encode(), usedforsecurity=False).hexdigest()[:8], 16) & (SLOTS - 1)


class Member(Struct, frozen=True):
    """A process of a database: which roles it may have, and how many messages a second it may send
    of those that the bot may.
    """

    id: int
    name: str
    roles: tuple[str, ...] = ()
    rate: float = 0.0


class Share(Struct, frozen=True):
    """A slot of a role and who has it."""

    role: str
    slot: int
    member: int


class MemberWish(Struct, frozen=True):
    """What a process would have: roles with the number of their slots. It gives up the slots in
    `leaves`, in which it has nothing under way. The bot may send `most` messages a second (0: as
    many as it will), of which this process now sends `rate` at most.
    """

    roles: Mapping[str, int]
    leaves: Mapping[str, Collection[int]] = field(default_factory=dict)
    most: float = 0.0
    rate: float = 0.0


class Held(Struct, frozen=True):
    """What a process has: its slots by role, of which it should leave so many as `surplus` says,
    and how many messages a second it may send; `members` is how many there are.
    """

    slots: Mapping[str, frozenset[int]]
    surplus: Mapping[str, int]
    rate: float
    members: int


class MemberPlan(Struct, frozen=True):
    """What is to be written so that a wish is met, as far as it may be; what is held then."""

    takes: tuple[tuple[str, int], ...]
    leaves: tuple[tuple[str, int], ...]
    recorded: float
    held: Held

    def changes(self, me: Member, wish: MemberWish) -> bool:
        """Whether anything is to be written."""
        known = me.roles == tuple(sorted(wish.roles)) and me.rate == self.recorded
        return bool(self.takes or self.leaves) or not known


SENDING = ("chat", "send")
"""Who has one of these roles sends, and has a part of the rate."""


def fair_part(slots: int, members: int) -> int:
    """As many slots as one of so many members should have: together they have room for all."""
    return -(-slots // max(members, 1))


def plan(
    me: int, wish: MemberWish, members: Sequence[Member], shares: Sequence[Share]
) -> MemberPlan:
    """What a member takes of what nobody has, up to its fair part, what it gives up, and its rate;
    `members` are those that live, this one among them.
    """
    takes: list[tuple[str, int]] = []
    leaves: list[tuple[str, int]] = []
    slots: dict[str, frozenset[int]] = {}
    surplus: dict[str, int] = {}
    living = {member.id for member in members}
    for role, count in wish.roles.items():
        rivals = sum(member.id != me and role in member.roles for member in members)
        fair = fair_part(count, rivals + 1)
        of_role = [share for share in shares if share.role == role and share.member in living]
        mine = {share.slot for share in of_role if share.member == me}
        left = mine & set(wish.leaves.get(role, ())) if len(mine) > fair else set()
        left = set(sorted(left)[: len(mine) - fair])
        free = sorted(set(range(count)) - {share.slot for share in of_role})
        taken = free[: max(fair - len(mine), 0)]
        takes += [(role, slot) for slot in taken]
        leaves += [(role, slot) for slot in sorted(left)]
        slots[role] = frozenset((mine - left) | set(taken))
        surplus[role] = max(len(slots[role]) - fair, 0)
    recorded, rate = _rates(me, wish, members)
    return MemberPlan(
        tuple(takes), tuple(leaves), recorded, Held(slots, surplus, rate, len(members))
    )


def _rates(me: int, wish: MemberWish, members: Sequence[Member]) -> tuple[float, float]:
    """What is to be on record as this member's rate, and what it may send from now on. It sends
    less before that is on record, and more after: what is on record is never above the whole.
    """
    if not wish.most or not set(SENDING) & wish.roles.keys():
        return 0.0, 0.0
    on_record = next((member.rate for member in members if member.id == me), 0.0)
    others = [member for member in members if member.id != me and set(SENDING) & set(member.roles)]
    room = wish.most - sum(member.rate for member in members if member.id != me)
    may = max(min(wish.most / (len(others) + 1), room), 0.0)
    return max(may, min(on_record, wish.rate)), may
