"""How many messages a second Telegram lets the bot send, as learned from its refusals. Pure.

Told to wait as a whole, the bot sends no more than was taken in the second before, and half of what
it sent at the least. Later it tries one more a second; each time that this is refused it waits
twice as long before it tries again.
"""

from dataclasses import dataclass, field

_PATIENCE_SECONDS, _MOST_PATIENCE_SECONDS = 60.0, 3600.0


@dataclass
class Allowance:
    """At most `most` messages in a window; 0 stands for no limit, and nothing is learned then."""

    most: int
    count: int = field(init=False)
    _patience: float = _PATIENCE_SECONDS
    _raise_at: float = 0.0

    def __post_init__(self) -> None:
        self.count = self.most

    @property
    def lowered(self) -> int | None:
        """What is allowed, where that is less than it was set to."""
        return self.count if self.count < self.most else None

    def among(self, most: int) -> None:
        """It may be `most` from now on: others send the rest, at a rate as far lowered."""
        part = self.count / self.most if self.most and self.count < self.most else 1.0
        self.most = most
        self.count = min(max(1, round(part * most)), most)
        if self.count == most:
            self._raise_at, self._patience = 0.0, _PATIENCE_SECONDS

    def lower(self, taken: int, now: float) -> None:
        """The bot was told to wait when so many messages had been taken within a window."""
        if self.count < 2:
            return
        if self._raise_at:
            self._patience = min(2 * self._patience, _MOST_PATIENCE_SECONDS)
        self.count = min(max(taken, self.count // 2), self.count - 1)
        self._raise_at = now + self._patience

    def begin_at(self, count: int, now: float) -> None:
        """Goes on from what an earlier process had learned."""
        if 0 < count < self.most:
            self.count = count
            self._raise_at = now + self._patience

    def set_back(self, seconds: float) -> None:
        """The clock went back by so many seconds."""
        if self._raise_at:
            self._raise_at -= seconds

    def look(self, now: float) -> int:
        """What is allowed now."""
        if self._raise_at and now >= self._raise_at:
            self.count += 1
            self._raise_at = now + self._patience
            if self.count >= self.most:
                self.count, self._raise_at, self._patience = self.most, 0.0, _PATIENCE_SECONDS
        return self.count
