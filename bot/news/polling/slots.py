"""How the poller shares its slots and the parser: the operator's feeds never wait for those that
chats brought, nor feeds that cost little for those that cost much. Pure; `now` is an argument.

What a document costs is known once it was read. A feed of costly ones is read one at a time with
all the others of its kind, and they fill at most half the slots; a feed that is pushed is read
again when sixty times what it cost has passed, unless that was little: no hub keeps the parser
busy. Of each kind chats together have half, and one chat a part of that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from bot.news.polling.shares import ANY_CHAT, Shares, Who

AT_ONCE = 32
COSTLY_SECONDS = 0.25  # of the parser; a document takes it 0.014 in the median
_CHEAPER = 0.9  # what is left of a cost at each document that cost less
_REST, _REST_FROM_SECONDS, _MOST_REST_SECONDS = 60.0, 0.05, 600.0
_MOST_KNOWN = 10_000
_MOST_SERVED = 1_000
_MOST_COST = 10.0  # no document is read for longer


class SlotKind(Enum):
    """What occupies a slot."""

    POLL = auto()
    COSTLY = auto()
    PUSH = auto()


def _kinds() -> dict[SlotKind, Shares]:
    return {
        SlotKind.POLL: Shares(AT_ONCE, chats=AT_ONCE // 2, each=4),
        SlotKind.COSTLY: Shares(AT_ONCE // 2, chats=AT_ONCE // 4, each=2),
        SlotKind.PUSH: Shares(AT_ONCE // 4, chats=AT_ONCE // 8, each=1),
    }


@dataclass
class Slots:
    """Which feeds occupy a slot, and what feeds cost: seconds of the parser, by feed. `served`
    numbers the turns of chats, the last one of each.
    """

    taken: dict[int, SlotKind] = field(default_factory=dict)
    served: dict[int, int] = field(default_factory=dict)
    _whose: dict[int, Who] = field(default_factory=dict)
    _all: Shares = field(default_factory=lambda: Shares(AT_ONCE, chats=AT_ONCE // 2, each=4))
    _of_kind: Mapping[SlotKind, Shares] = field(default_factory=_kinds)
    _turn: int = 0
    _costs: dict[int, float] = field(default_factory=dict)
    _rests_until: dict[int, float] = field(default_factory=dict)

    def is_costly(self, feed_id: int) -> bool:
        """Whether documents of the feed were costly to read lately."""
        return feed_id in self._costs

    def take(self, feed_id: int, who: Who = None, *, pushed: bool = False) -> bool:
        """Takes a slot for a feed that is ours or some chat's, if there is one for its kind; the
        caller calls `leave`.
        """
        polled = SlotKind.COSTLY if self.is_costly(feed_id) else SlotKind.POLL
        kind = SlotKind.PUSH if pushed else polled
        if feed_id in self.taken or not self._all.may(who) or not self._of_kind[kind].take(who):
            return False
        self._all.take(who)
        self.taken[feed_id], self._whose[feed_id] = kind, who
        self._serve(who)
        return True

    def leave(self, feed_id: int) -> None:
        """A feed's poll has ended."""
        if kind := self.taken.pop(feed_id, None):
            who = self._whose.pop(feed_id)
            self._of_kind[kind].leave(who)
            self._all.leave(who)

    def whose(self, feed_id: int) -> Who:
        """Whose share the slot is that a feed occupies."""
        return self._whose.get(feed_id)

    def passed_over(self, *, guests: bool = False) -> frozenset[int]:
        """The feeds that cannot begin whatever their time: those that have begun, and costly ones
        while their slots are taken.
        """
        full = not self._of_kind[SlotKind.COSTLY].may(ANY_CHAT if guests else None)
        return frozenset(self.taken.keys() | (self._costs.keys() if full else set()))

    def has_room_for_guests(self) -> bool:
        """Whether some chat's feed may begin."""
        return self._all.may(ANY_CHAT)

    def without_room(self) -> frozenset[int]:
        """The chats that have as many slots as one may."""
        return self._all.without_room()

    def costly(self) -> frozenset[int]:
        """The feeds whose documents were costly lately."""
        return frozenset(self._costs)

    def without_room_for_costly(self) -> frozenset[int]:
        """The chats that have as many slots for costly feeds as one may."""
        return self._of_kind[SlotKind.COSTLY].without_room()

    def cost(self, feed_id: int, seconds: float, now: float) -> None:
        """Notes what reading a feed's document cost. One that is cheap does not make a feed cheap
        whose others are not.
        """
        self._forget()
        lately = max(seconds, _CHEAPER * self._costs.get(feed_id, 0.0))
        if lately >= COSTLY_SECONDS:
            self._costs[feed_id] = min(lately, _MOST_COST)
        else:
            self._costs.pop(feed_id, None)
        if seconds >= _REST_FROM_SECONDS:
            self._rests_until[feed_id] = now + min(_REST * seconds, _MOST_REST_SECONDS)

    def rests(self, feed_id: int, now: float) -> bool:
        """Whether nothing pushed of a feed is taken now, for what its last document cost."""
        until = self._rests_until.get(feed_id, now)
        if until > now and until - now <= _MOST_REST_SECONDS:
            return True
        self._rests_until.pop(feed_id, None)
        return False

    def _serve(self, who: Who) -> None:
        if who is None:
            return
        self._turn += 1
        self.served.pop(who, None)
        self.served[who] = self._turn
        if len(self.served) > _MOST_SERVED:
            del self.served[next(iter(self.served))]

    def _forget(self) -> None:
        # Which are costly is learned anew at the next poll.
        if len(self._costs) > _MOST_KNOWN:
            self._costs.clear()
        if len(self._rests_until) > _MOST_KNOWN:
            self._rests_until.clear()
