"""Who has what: everything has one owner soon, nobody has it twice, and the rate is kept."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from bot.news.members import (
    SLOTS,
    Held,
    Member,
    MemberWish,
    Share,
    fair_part,
    plan,
    slot_of_chat,
    slot_of_host,
)

_ROLES = {"desk": 1, "poll": SLOTS, "send": SLOTS}


@given(st.integers(0, 200), st.integers(1, 70))
def test_fair_parts_have_room_for_all_and_no_more_than_one_each_to_spare(
    slots: int, members: int
) -> None:
    fair = fair_part(slots, members)
    assert slots <= fair * members < slots + members


@given(st.integers(-(1 << 53), 1 << 53), st.text())
def test_every_chat_and_host_has_a_slot(chat: int, host: str) -> None:
    assert 0 <= slot_of_chat(chat) < SLOTS
    assert 0 <= slot_of_host(host) < SLOTS


@dataclass
class Town:
    """Processes on a table of shares, which take their turns as they like."""

    most: float
    members: dict[int, Member] = field(default_factory=dict)
    shares: set[Share] = field(default_factory=set)
    busy: dict[int, set[int]] = field(default_factory=dict)
    held: dict[int, Held] = field(default_factory=dict)

    def turn(self, me: int, roles: dict[str, int]) -> None:
        """One process asks; it leaves what it has too much of, but for what is under way."""
        self.members.setdefault(me, Member(me, f"process {me}"))
        known = self.held.get(me, Held({}, {}, 0.0, 1))
        leaves = {
            role: sorted(slots - self.busy.get(me, set()))[: known.surplus.get(role, 0)]
            for role, slots in known.slots.items()
        }
        wish = MemberWish(roles, leaves, self.most, known.rate)
        made = plan(me, wish, list(self.members.values()), sorted(self.shares, key=str))
        self.shares -= {Share(role, slot, me) for role, slot in made.leaves}
        taken = {Share(role, slot, me) for role, slot in made.takes}
        assert not {(s.role, s.slot) for s in taken} & {(s.role, s.slot) for s in self.shares}
        self.shares |= taken
        self.members[me] = Member(me, f"process {me}", tuple(sorted(roles)), made.recorded)
        self.held[me] = made.held
        assert made.held.slots == {
            role: frozenset(s.slot for s in self.shares if (s.role, s.member) == (role, me))
            for role in roles
        }

    def die(self, me: int) -> None:
        self.members.pop(me, None)
        self.held.pop(me, None)
        self.shares = {share for share in self.shares if share.member != me}


_TURNS = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["turn", "turn", "turn", "die"])))


@given(_TURNS, st.sampled_from([0.0, 1.0, 30.0]))
def test_no_slot_is_lost_and_the_whole_is_never_sent_faster_than_it_may(
    turns: list[tuple[int, str]], most: float
) -> None:
    town = Town(most)
    for me, what in turns:
        if what == "die":
            town.die(me)
        else:
            town.turn(me, _ROLES)
        assert sum(held.rate for held in town.held.values()) <= most + 1e-9
    for _ in range(4):
        for me in [*town.members] or [1]:
            town.turn(me, _ROLES)
    # After a few turns of all, everything has an owner, in even parts.
    assert len(town.shares) == sum(_ROLES.values())
    for role, count in _ROLES.items():
        parts = [len(held.slots[role]) for held in town.held.values()]
        assert max(parts) <= fair_part(count, len(parts))
    rates = [held.rate for held in town.held.values()]
    assert all(abs(rate - most / len(rates)) < 1e-9 for rate in rates)


def test_what_is_under_way_is_not_left_and_what_is_not_is() -> None:
    town = Town(0.0, busy={1: set(range(60))})
    for me in (1, 2, 1, 2, 1, 2):
        town.turn(me, _ROLES)
    assert town.held[1].slots["send"] == frozenset(range(60))
    assert town.held[2].slots["send"] == frozenset(range(60, 64))
    town.busy.clear()
    for me in (1, 2, 1, 2):
        town.turn(me, _ROLES)
    assert [len(town.held[me].slots["send"]) for me in (1, 2)] == [32, 32]


def test_a_newcomer_sends_nothing_until_the_others_send_less() -> None:
    town = Town(30.0)
    town.turn(1, _ROLES)
    assert town.held[1].rate == 30.0
    town.turn(2, _ROLES)
    assert town.held[2].rate == 0.0
    town.turn(1, _ROLES)
    assert town.held[1].rate == 15.0
    # It is not on record yet: what was sent a moment ago still counts.
    town.turn(2, _ROLES)
    assert town.held[2].rate == 0.0
    town.turn(1, _ROLES)
    town.turn(2, _ROLES)
    assert town.held[2].rate == 15.0


def test_who_only_polls_has_no_part_of_the_rate() -> None:
    town = Town(30.0)
    town.turn(1, _ROLES)
    town.turn(2, {"poll": SLOTS})
    town.turn(1, _ROLES)
    assert (town.held[1].rate, town.held[2].rate) == (30.0, 0.0)
