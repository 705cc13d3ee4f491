"""When a message may go, so that Telegram's limits are kept. Pure: `now` is handed in.

Limits are windows: at most so many messages in any so many seconds. That is stricter than a token
bucket, which lets a burst through on top of its rate (Bot API FAQ: about 30 a second over all,
one a second to a chat, 20 a minute to a group).
"""

from collections import deque
from dataclasses import dataclass, field

_FORGET_ABOVE = 10_000


@dataclass
class Window:
    """At most `count` events in any `seconds`; a count of 0 stands for no limit."""

    count: int
    seconds: float
    _times: deque[float] = field(default_factory=deque)

    def ready_at(self, now: float) -> float:
        """The earliest time, not before `now`, at which one more event is allowed."""
        if not self.count or len(self._times) < self.count:
            return now
        return max(now, self._times[0] + self.seconds)

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

    def idle(self, now: float) -> bool:
        """True if nothing of the past matters any more."""
        return not self._times or now - self._times[-1] >= self.seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages a second over all, seconds between two to a chat, messages a minute to a group;
    0 stands for no limit.
    """

    per_second: float
    per_chat_seconds: float
    per_group_per_minute: int


@dataclass
class Pace:
    """Keeps the limits over all chats. Memory: one or two windows a chat served lately."""

    limits: Limits
    _all: Window = field(init=False)
    _chats: dict[int, list[Window]] = field(default_factory=dict)
    _held: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rate = self.limits.per_second
        count = max(1, int(rate)) if rate else 0
        self._all = Window(count, count / rate if rate else 0.0)

    def ready_at(self, chat_id: int, kind: str, now: float) -> float:
        """The earliest time at which a message to this chat may go."""
        windows = self._windows(chat_id, kind, now)
        held = self._held.get(chat_id, now)
        return max([self._all.ready_at(now), held, *(window.ready_at(now) for window in windows)])

    def hold(self, chat_id: int, until: float) -> None:
        """Telegram has said that this chat is to be left alone until then."""
        self._held[chat_id] = max(until, self._held.get(chat_id, 0.0))

    def all_ready_at(self, now: float) -> float:
        """The earliest time at which any message may go."""
        return self._all.ready_at(now)

    def resting(self, now: float) -> dict[int, float]:
        """Chats that may not be written to yet, with the time when they may."""
        ready = {
            chat_id: max(window.ready_at(now) for window in windows)
            for chat_id, windows in self._chats.items()
        }
        self._held = {chat_id: at for chat_id, at in self._held.items() if at > now}
        for chat_id, at in self._held.items():
            ready[chat_id] = max(at, ready.get(chat_id, 0.0))
        return {chat_id: at for chat_id, at in ready.items() if at > now}

    def take(self, chat_id: int, kind: str, now: float) -> None:
        """Counts a message that goes now."""
        self._all.take(now)
        for window in self._windows(chat_id, kind, now):
            window.take(now)

    def answered(self, chat_id: int, kind: str, now: float) -> None:
        """Counts the chat's last message as of its answer."""
        for window in self._windows(chat_id, kind, now):
            window.moved(now)

    def _windows(self, chat_id: int, kind: str, now: float) -> list[Window]:
        if chat_id not in self._chats:
            if len(self._chats) >= _FORGET_ABOVE:
                self._forget_idle(now)
            windows = self._fresh(kind)
            if not windows:
                return []
            self._chats[chat_id] = windows
        return self._chats[chat_id]

    def _fresh(self, kind: str) -> list[Window]:
        gap, in_minute = self.limits.per_chat_seconds, self.limits.per_group_per_minute
        windows = [Window(1, gap)] if gap else []
        if kind != "private" and in_minute:
            windows.append(Window(in_minute, 60.0))
        return windows

    def _forget_idle(self, now: float) -> None:
        self._chats = {
            chat_id: windows
            for chat_id, windows in self._chats.items()
            if not all(window.idle(now) for window in windows)
        }
