"""A clock that a visitor may put forward; bot, newsrooms and chats go by the same one."""

from collections.abc import Callable
from time import time
from zoneinfo import ZoneInfo

from bot.errors import BadInput
from bot.news.telling.hours import next_slot

_MOST_AHEAD = 366 * 86_400.0


class MovableClock:
    """The real time, and as many seconds ahead as somebody has put it. `moved` are called then."""

    def __init__(self, real: Callable[[], float] = time, *, ahead: float = 0.0) -> None:
        self._real = real
        self._ahead = ahead
        self._most = ahead + _MOST_AHEAD
        self.moved: list[Callable[[], None]] = []

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self._real() + self._ahead

    def skip(self, seconds: float) -> None:
        """Put the clock forward. Raises BadInput where it would be more than a year in all."""
        if self._ahead + seconds > self._most:
            raise BadInput("This clock is a year ahead. Start the playground anew.")
        self._ahead += seconds
        for tell in self.moved:
            tell()

    def skip_to(self, minute: int, zone: str) -> None:
        """Put the clock forward to the next such minute of the day in a zone such as Asia/Tokyo.

        Raises BadInput for a zone that is not known.
        """
        now = self()
        try:
            ZoneInfo(zone)
        except (KeyError, OSError, ValueError):
            raise BadInput(f"There is no time zone {zone[:60]!r}; one is Asia/Tokyo.") from None
        self.skip(next_slot([minute], zone, now) - now)
