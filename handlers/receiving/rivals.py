"""Whether another program that receives this bot's updates was there first. Pure.

Telegram ends the one's wait when the other asks, and says so to the first: both are refused, in
turn, the older one first. Who had received for a minute goes on, and asks soon again, so that the
other is refused soon; of two that had not, the one gives up that had received for less.
"""

from dataclasses import dataclass

_SETTLED_SECONDS = 60.0
_GIVES_UP_AFTER, _ONCE_MORE_SECONDS = 3, 5.0
_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 5.0, 30.0


@dataclass
class Rivals:
    """What this process has seen of others; `now` is any clock that does not stand still."""

    _settled: bool = False
    _first: float | None = None
    _last: float = 0.0
    _refused: int = 0
    _patience: int = 0

    def received(self, now: float) -> None:
        """Telegram answered, with updates or without."""
        self._first = now if self._first is None else self._first
        self._last = now
        if now - self._first >= _SETTLED_SECONDS:
            self._settled, self._refused = True, 0

    def refused(self) -> float | None:
        """Telegram says that another one receives. Seconds until it may be asked again; None where
        this process is to give up.
        """
        if not self._patience:
            self._patience = _GIVES_UP_AFTER
            if self._first is not None:
                self._patience += 1 + int((self._last - self._first) / _ONCE_MORE_SECONDS)
        self._first = None
        self._refused += 1
        if not self._settled:
            return None if self._refused >= self._patience else _PAUSE_SECONDS
        return min(_PAUSE_SECONDS * 2.0 ** min(self._refused - 1, 10), _LONGEST_PAUSE_SECONDS)
