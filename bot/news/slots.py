"""How the poller shares its slots and the parser: feeds that cost little never wait for those that
cost much. Pure; `now` is an argument.

What a document costs is known once it was read. A feed of costly ones is read one at a time with
all the others of its kind, and they fill at most half the slots; a feed that is pushed is read
again when sixty times what it cost has passed, unless that was little: no hub keeps the parser
busy.
"""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum, auto

AT_ONCE = 32
COSTLY_SECONDS = 0.25  # of the parser; a document takes it 0.014 in the median
_REST, _REST_FROM_SECONDS, _MOST_REST_SECONDS = 60.0, 0.05, 600.0
_MOST_KNOWN = 10_000


class Kind(Enum):
    """What occupies a slot."""

    POLL = auto()
    COSTLY = auto()
    PUSH = auto()


_MOST = {Kind.POLL: AT_ONCE, Kind.COSTLY: AT_ONCE // 2, Kind.PUSH: AT_ONCE // 4}


@dataclass
class Slots:
    """Which feeds occupy a slot, and what feeds cost: seconds of the parser, by feed."""

    taken: dict[int, Kind] = field(default_factory=dict)
    _costs: dict[int, float] = field(default_factory=dict)
    _rests_until: dict[int, float] = field(default_factory=dict)

    def is_costly(self, feed_id: int) -> bool:
        """Whether the feed's last document was costly to read."""
        return feed_id in self._costs

    def take(self, feed_id: int, *, pushed: bool = False) -> bool:
        """Takes a slot for a feed, if there is one for its kind; the caller calls `leave`."""
        kind = Kind.PUSH if pushed else Kind.COSTLY if self.is_costly(feed_id) else Kind.POLL
        held = Counter(self.taken.values())
        if feed_id in self.taken or len(self.taken) >= AT_ONCE or held[kind] >= _MOST[kind]:
            return False
        self.taken[feed_id] = kind
        return True

    def leave(self, feed_id: int) -> None:
        """A feed's poll has ended."""
        self.taken.pop(feed_id, None)

    def passed_over(self) -> frozenset[int]:
        """The feeds that cannot begin whatever their time: those that have begun, and costly ones
        while their slots are taken.
        """
        costly = sum(kind is Kind.COSTLY for kind in self.taken.values())
        full = costly >= _MOST[Kind.COSTLY]
        return frozenset(self.taken.keys() | (self._costs.keys() if full else set()))

    def cost(self, feed_id: int, seconds: float, now: float) -> None:
        """Notes what reading a feed's document cost."""
        self._forget()
        if seconds >= COSTLY_SECONDS:
            self._costs[feed_id] = seconds
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

    def _forget(self) -> None:
        # Which are costly is learned anew at the next poll.
        if len(self._costs) > _MOST_KNOWN:
            self._costs.clear()
        if len(self._rests_until) > _MOST_KNOWN:
            self._rests_until.clear()
