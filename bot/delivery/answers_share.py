"""The places of a chat that answers to people may take: they go before all else of their chat, and
leave some of its places, for a person who goes on asking must not keep the news from a group. Pure.
"""

from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass, field

from bot.delivery.windows import TimeWindow

# Answers leave so many-th a place of their chat to others.
_EVERY = 6


class AnswersTaken:
    """The answers in a chat, which leave every sixth place to what is told there: of the messages
    `in_minute`, 0 without a limit, so many are never theirs; and after some in a row, one is not.
    """

    def __init__(self, in_minute: int) -> None:
        left = max(1, in_minute // _EVERY)
        self.window = TimeWindow(max(1, in_minute - left) if in_minute else 0, 60.0)
        self.in_a_row = 0

    def ready_at(self, ready: float, left_until: float) -> float:
        """When one more may go where the chat is ready at `ready`; a place that is left to others
        is so until `left_until`.
        """
        at = self.window.ready_at(ready)
        return max(at, left_until) if self.in_a_row >= _EVERY - 1 else at

    def take(self, now: float, *, left: bool) -> None:
        """Counts an answer; before it, a place may have been `left` that nobody took."""
        self.window.take(now)
        self.in_a_row = 1 if left else self.in_a_row + 1


@dataclass
class AnswersShare:
    """The answers that wait for their turn, and those that chats had lately. Memory: one window a
    chat that was answered, until it is forgotten.
    """

    waiting: Counter[int] = field(default_factory=Counter)
    """How many wait in each chat in which any does."""
    _taken: dict[int, AnswersTaken] = field(default_factory=dict)
    _could_go: int = 0
    """How many of those that wait their chats would let go, as of a moment."""
    _could_go_at: float | None = None

    def wait(self, chat_id: int, more: int) -> None:
        """An answer to a person waits for its turn (1), or does so no more (-1)."""
        self._could_go_at = None
        self.waiting[chat_id] += more
        if not self.waiting[chat_id]:
            del self.waiting[chat_id]

    def could_go(self, now: float, is_free: Callable[[int], bool]) -> int:
        """How many of those that wait are kept by nothing of their own chats, which `is_free` says.
        It is asked for each of many chats, and looked at once for a moment.
        """
        if self._could_go_at != now:
            self._could_go_at = now
            self._could_go = sum(n for chat_id, n in self.waiting.items() if is_free(chat_id))
        return self._could_go

    def ready_at(self, chat_id: int, ready: float, left_until: float) -> float:
        """When an answer may go to a chat that is `ready` for any message; see `AnswersTaken`."""
        taken = self._taken.get(chat_id)
        return taken.ready_at(ready, left_until) if taken else ready

    def take(self, chat_id: int, in_minute: int, now: float, *, left: bool) -> None:
        """Counts an answer to a chat that may be told so much; see `AnswersTaken`."""
        self._taken.setdefault(chat_id, AnswersTaken(in_minute)).take(now, left=left)

    def take_other(self, chat_id: int) -> None:
        """Something else goes to the chat."""
        if taken := self._taken.get(chat_id):
            taken.in_a_row = 0

    def arrived(self, chat_id: int, now: float) -> None:
        """Counts the chat's last message as of now, if it was an answer."""
        if (taken := self._taken.get(chat_id)) and taken.in_a_row:
            taken.window.moved(now)

    def set_back(self, seconds: float) -> None:
        """The clock went back by so many seconds."""
        for taken in self._taken.values():
            taken.window.set_back(seconds)

    def keep(self, chats: Container[int]) -> None:
        """Forgets what others were answered."""
        self._taken = {c: taken for c, taken in self._taken.items() if c in chats}
