"""What each chat was sent lately, and when its own limits let it be written to again. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.delivery.windows import TimeWindow

_FORGET_ABOVE = 10_000


@dataclass
class ChatWindows:
    """The windows of chats. `chat_seconds` lie between two messages to one, and a group gets so
    many `in_minute`; 0 stands for no limit. Memory: one or two windows a chat served lately.
    """

    chat_seconds: float
    in_minute: int
    _windows: dict[int, list[TimeWindow]] = field(default_factory=dict)
    _lately: dict[int, float] = field(default_factory=dict)
    """When each chat is ready in which something was counted lately."""
    _looked_at: float = 0.0

    def __contains__(self, chat_id: object) -> bool:
        return chat_id in self._windows

    def ready_at(self, chat_id: int, now: float) -> float:
        """When this chat may be written to, not before `now`."""
        return max(now, _ready_at(self._windows.get(chat_id, ())))

    def free_at(self, chat_id: int) -> float | None:
        """The same, whatever the time is; None of a chat of which nothing is known."""
        windows = self._windows.get(chat_id)
        return _ready_at(windows) if windows else None

    def lately_ready_at(self, chat_id: int, now: float) -> float:
        """The same as `ready_at`, by what was kept when something was counted."""
        return max(now, self._lately.get(chat_id, now))

    def counted_lately(self, now: float) -> dict[int, float]:
        """When each chat may be written to for which something counts still. Who rests no more is
        not looked at again until something is counted: all that are known may be ten thousand.
        """
        if now < self._looked_at:  # who was ready is so no more, perhaps
            self._look_at_all()
        self._looked_at = now
        self._lately = {chat_id: at for chat_id, at in self._lately.items() if at > now}
        return self._lately

    def told_at(self, chat_id: int) -> float:
        """When a message went to this chat last, as far as that is remembered."""
        windows = self._windows.get(chat_id)
        return windows[0].last if windows else 0.0

    def limits_of(self, kind: str) -> tuple[float, int]:
        """What holds for a chat of this kind."""
        return self.chat_seconds, self.in_minute if kind != "private" else 0

    def take(self, chat_id: int, kind: str, at: float) -> None:
        """Counts a message that goes."""
        self._note(chat_id, kind, at, TimeWindow.take)

    def arrived(self, chat_id: int, kind: str, at: float) -> None:
        """Counts the chat's last message as of its answer."""
        self._note(chat_id, kind, at, TimeWindow.moved)

    def forget(self, chat_id: int) -> None:
        """Begins anew with a chat."""
        self._windows.pop(chat_id, None)

    def forget_idle(self, now: float) -> bool:
        """Where many chats are known, forgets those of which nothing of the past matters any more;
        False where it did not look.
        """
        if len(self._windows) < _FORGET_ABOVE:
            return False
        self._windows = {
            chat_id: windows
            for chat_id, windows in self._windows.items()
            if not all(window.idle(now) for window in windows)
        }
        self._lately = {c: at for c, at in self._lately.items() if c in self._windows}
        return True

    def set_back(self, seconds: float) -> None:
        """The clock went back by so many seconds."""
        for windows in self._windows.values():
            for window in windows:
                window.set_back(seconds)
        self._look_at_all()

    def _look_at_all(self) -> None:
        self._lately = {chat_id: _ready_at(windows) for chat_id, windows in self._windows.items()}

    def _note(
        self, chat_id: int, kind: str, at: float, how: Callable[[TimeWindow, float], None]
    ) -> None:
        if not (windows := self._windows.get(chat_id)):
            if not (windows := self._fresh(kind)):
                return
            self._windows[chat_id] = windows
        for window in windows:
            how(window, at)
        self._lately[chat_id] = _ready_at(windows)

    def _fresh(self, kind: str) -> list[TimeWindow]:
        gap, in_minute = self.limits_of(kind)
        windows = [TimeWindow(1, gap)] if gap else []
        if in_minute:
            windows.append(TimeWindow(in_minute, 60.0))
        return windows


def _ready_at(windows: Iterable[TimeWindow]) -> float:
    return max((window.ready_at(0.0) for window in windows), default=0.0)
