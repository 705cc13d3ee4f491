"""How fast Telegram lets a bot send, and the penalties for going faster.

The real limits are not documented exactly; these are the figures Telegram's FAQ names.
"""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from msgspec import Struct

Key = int | str
_BOT = "bot"


class BotApiLimits(Struct, frozen=True):
    """Messages a bot may send; `enforced=False` counts penalties but refuses nothing.

    `grace` is how long after a 429 a request may still arrive without being held against the
    sender: it was on its way already.
    """

    per_second: int = 30
    private_per_second: float = 1.0
    private_burst: int = 5
    group_per_minute: int = 20
    edits_count_in_private: bool = False
    grace: float = 0.25
    enforced: bool = True


class RateDecision(Struct, frozen=True):
    """`retry_after` in whole seconds when refused, unless that is kept secret (`untold`);
    `violation` when sent during a penalty.
    """

    retry_after: int | None
    violation: bool
    untold: bool = False


@dataclass
class _Penalty:
    announced: float | None
    until: float
    grows: float = 1.0
    tells: bool = True
    seconds: float = 0.0

    def judge(self, now: float, grace: float) -> RateDecision:
        """A request meets it: it begins with the first one, and later ones lengthen it."""
        if self.announced is None:
            self.announced, self.until = now, now + self.seconds
        violation = now - self.announced > grace
        self.until += self.grows if violation else 0
        return self.answer(now, violation=violation)

    def answer(self, now: float, *, violation: bool) -> RateDecision:
        """The refusal in its words."""
        if not self.tells:
            return RateDecision(None, violation, untold=True)
        return RateDecision(math.ceil(self.until - now), violation)


@dataclass
class _Bucket:
    tokens: float
    filled: float


@dataclass
class RateBook:
    """Counts what was sent, chat by chat and over all."""

    limits: BotApiLimits
    _windows: dict[Key, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _buckets: dict[int, _Bucket] = field(default_factory=dict)
    _penalties: dict[Key, _Penalty] = field(default_factory=dict)

    def judge(self, now: float, chat_id: int, *, private: bool, edit: bool) -> RateDecision:
        """Count one message at `now` and say whether it may pass."""
        penalty = self._penalty(now, chat_id)
        if penalty:
            # Telegram lengthens the wait of a bot that keeps knocking.
            judged = penalty.judge(now, self.limits.grace)
            return judged if self.limits.enforced else RateDecision(None, judged.violation)
        if not self.limits.enforced:
            return RateDecision(None, False)
        key, wait = self._longest_wait(now, chat_id, private=private, edit=edit)
        if wait <= 0:
            self._count(now, chat_id, private=private, edit=edit)
            return RateDecision(None, False)
        self.punish(now, key, math.ceil(wait))
        return RateDecision(math.ceil(wait), False)

    def punish(self, now: float, key: Key | None, seconds: float) -> None:
        """Open a penalty for a chat, or for the whole bot when `key` is None; it is told now."""
        self._penalties[_BOT if key is None else key] = _Penalty(now, now + seconds)

    def lay_in_wait(
        self, key: Key | None, seconds: float, *, grows: float = 1, tells: bool = True
    ) -> None:
        """Let a penalty begin with the next request of a chat, or of the bot; every one sent into
        it afterwards makes it `grows` seconds longer. Without `tells` its answers name no time.
        """
        key = _BOT if key is None else key
        self._penalties[key] = _Penalty(None, math.inf, grows, tells, seconds)

    def ends_at(self, key: Key | None) -> float:
        """When the last penalty of a chat, or of the whole bot, ends or has ended; 0 without."""
        penalty = self._penalties.get(_BOT if key is None else key)
        return penalty.until if penalty else 0.0

    def _penalty(self, now: float, chat_id: int) -> _Penalty | None:
        for key in (_BOT, chat_id):
            penalty = self._penalties.get(key)
            if penalty and now < penalty.until:
                return penalty
        return None

    def _longest_wait(
        self, now: float, chat_id: int, *, private: bool, edit: bool
    ) -> tuple[Key, float]:
        whole_bot = self._window_wait(_BOT, now, self.limits.per_second, 1.0)
        if not private:
            here = self._window_wait(chat_id, now, self.limits.group_per_minute, 60.0)
        elif self._spares(edit):
            here = 0.0
        else:
            here = self._bucket_wait(chat_id, now)
        return (chat_id, here) if here >= whole_bot else (_BOT, whole_bot)

    def _spares(self, edit: bool) -> bool:
        return edit and not self.limits.edits_count_in_private

    def _window_wait(self, key: Key, now: float, most: int, span: float) -> float:
        window = self._windows[key]
        while window and window[0] <= now - span:
            window.popleft()
        return window[0] + span - now if len(window) >= most else 0.0

    def _bucket_wait(self, chat_id: int, now: float) -> float:
        most, rate = float(self.limits.private_burst), self.limits.private_per_second
        bucket = self._buckets.setdefault(chat_id, _Bucket(most, now))
        bucket.tokens = min(most, bucket.tokens + (now - bucket.filled) * rate)
        bucket.filled = now
        return 0.0 if bucket.tokens >= 1 else (1 - bucket.tokens) / rate

    def _count(self, now: float, chat_id: int, *, private: bool, edit: bool) -> None:
        self._windows[_BOT].append(now)
        if not private:
            self._windows[chat_id].append(now)
        elif not self._spares(edit):
            self._buckets[chat_id].tokens -= 1
