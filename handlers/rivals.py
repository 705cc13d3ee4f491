"""Whether another program that receives this bot's updates was there first. Pure.

Telegram ends the one's wait when the other asks, and says so to the first: both are refused, in
turn. Who came later, as long as it has never received for a minute, gives up; who received before
goes on, and asks soon again, so that the other is refused soon.
"""

from dataclasses import dataclass

_SETTLED_SECONDS = 60.0
_GIVES_UP_AFTER = 3
_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 5.0, 30.0


@dataclass
class Rivals:
    """What this process has seen of others; `now` is any clock that does not stand still."""

    _settled: bool = False
    _since: float | None = None
    _refused: int = 0

    def received(self, now: float) -> None:
        """Telegram answered, with updates or without."""
        if self._since is None:
            self._since = now
        if now - self._since >= _SETTLED_SECONDS:
            self._settled, self._refused = True, 0

    def refused(self) -> float | None:
        """Telegram says that another one receives. Seconds until it may be asked again; None where
        this process is to give up.
        """
        self._since = None
        self._refused += 1
        if not self._settled and self._refused >= _GIVES_UP_AFTER:
            return None
        times = self._refused - 1 if self._settled else 0
        return min(_PAUSE_SECONDS * 2.0 ** min(times, 10), _LONGEST_PAUSE_SECONDS)
