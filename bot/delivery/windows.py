"""How many may go within a time: windows of events, and of messages that take their time to arrive.
Pure.
"""

from collections import deque
from dataclasses import dataclass, field

IN_THE_AIR_SECONDS = 2.0
"""A request without an answer after so many seconds has arrived, or never will."""
# Room left to others may be taken so long before as much comes free: none of it is wasted, and an
# answer waits no longer than this.
_LENT_SECONDS = 0.25


@dataclass
class TimeWindow:
    """At most `count` events in any `seconds`; a count of 0 stands for no limit."""

    count: int
    seconds: float
    _times: deque[float] = field(default_factory=deque)

    def ready_at(self, now: float) -> float:
        """The earliest time, not before `now`, at which one more event is allowed."""
        if not self.count or len(self._times) < self.count:
            return now
        return max(now, self._times[0] + self.seconds)

    @property
    def last(self) -> float:
        """When the last event was; 0 without one."""
        return self._times[-1] if self._times else 0.0

    def take(self, now: float) -> None:
        """Counts an event."""
        if self.count:
            self._times.append(now)
            if len(self._times) > self.count:
                self._times.popleft()

    def moved(self, now: float) -> None:
        """Counts the last event as of `now`: it may have reached the other side only then."""
        if self._times:
            self._times[-1] = now

    def set_back(self, seconds: float) -> None:
        """The clock went back by so many seconds."""
        self._times = deque(at - seconds for at in self._times)

    def idle(self, now: float) -> bool:
        """True if nothing of the past matters any more."""
        return not self._times or now - self._times[-1] >= self.seconds


@dataclass
class Flow:
    """At most `count` arrivals in any `seconds`, of messages that take their time; 0: no limit."""

    count: int
    seconds: float
    _landed: deque[float] = field(default_factory=deque)
    _in_air: deque[float] = field(default_factory=deque)

    def ready_at(self, now: float, leave: int = 0, keep: int = 0) -> float:
        """The earliest time at which one more may go, room for `keep` be kept, and room for
        `leave` be left or about to come free. It may turn out later while others are in the air:
        ask again then.
        """
        if not self.count:
            return now
        self._look(now)
        return max(
            self._free_at(now, self.count - keep),
            self._free_at(now, self.count - keep - leave, _LENT_SECONDS),
        )

    def counted(self, now: float) -> int:
        """How many messages the window holds."""
        self._look(now)
        return len(self._landed) + len(self._in_air)

    def _free_at(self, now: float, slots: int, early: float = 0.0) -> float:
        """When fewer than `slots` will be in the window, less `early` seconds."""
        over = len(self._landed) + len(self._in_air) - slots
        if over < 0:
            return now
        if slots > 0 and over < len(self._landed):
            return max(now, self._landed[over] + self.seconds - early)
        return now + self.seconds

    def take(self, now: float) -> None:
        """Counts a message that goes now."""
        if self.count:
            self._in_air.append(now)

    def arrived(self, now: float) -> None:
        """Counts a message as of its answer. Which one does not matter, only how many."""
        if self._in_air:
            self._in_air.popleft()
            self._landed.append(now)

    def set_back(self, seconds: float) -> None:
        """The clock went back by so many seconds."""
        self._landed = deque(at - seconds for at in self._landed)
        self._in_air = deque(at - seconds for at in self._in_air)

    def _look(self, now: float) -> None:
        while self._in_air and self._in_air[0] <= now - IN_THE_AIR_SECONDS:
            self._landed.append(self._in_air.popleft() + IN_THE_AIR_SECONDS)
        while self._landed and self._landed[0] <= now - self.seconds:
            self._landed.popleft()
