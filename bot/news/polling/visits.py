"""How closely hosts are visited: asked because of what somebody else said. Pure; `now` is an
argument.

A search for feeds, and the address that a redirect or a document names, lead to hosts that a
stranger chose. Visits have a pace of their own beside the polls of a host's feeds: whoever makes
us visit a host again and again delays other visits, and never its news.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

_APART_SECONDS = 0.5  # a person waits for them
_AHEAD_SECONDS = 8.0  # a whole search, as far as that is ahead of one request a second
_AHEAD_GAPS = 2  # on a platform that is asked rarely
_LONGEST_PAUSE = 90_000.0  # a day and a little
_MOST_HOSTS = 1000


@dataclass
class Visits:
    """When hosts were visited, and which of them want to be left alone. `gap` gives the seconds
    from one request to the next that a host is to be asked, 0 for the operator's own.
    """

    gap: Callable[[str], float]
    _booked: dict[str, tuple[float, float]] = field(default_factory=dict)
    _closed: dict[str, float] = field(default_factory=dict)

    def book(self, key: str, now: float, patience: float) -> float:
        """Seconds until a visit may begin. If that is more than `patience`, it is not booked.

        A few go ahead of the pace, half a second apart; in the long run it is kept.
        """
        gap = self.gap(key)
        if not gap:
            return 0.0
        last, paid = self._booked.get(key, (now - gap, now))
        ahead = max(_AHEAD_SECONDS, _AHEAD_GAPS * gap)
        if paid > now + ahead + gap + patience:  # the clock was put back
            last, paid = now - gap, now
        at = max(now, last + min(gap, _APART_SECONDS), paid - ahead)
        if at - now <= patience:
            self._forget(now)
            self._booked[key] = at, max(paid, at) + gap
        return at - now

    def close(self, key: str, now: float, seconds: float) -> None:
        """A host asks to be left alone for so long."""
        self._forget(now)
        self._closed[key] = max(now + seconds, self._closed.get(key, now))

    def closed(self, key: str, now: float) -> float:
        """Seconds for which a host still wants to be left alone, 0 if it does not."""
        left = self._closed.get(key, now) - now
        return left if 0 < left < _LONGEST_PAUSE else 0.0

    def _forget(self, now: float) -> None:
        if len(self._booked) + len(self._closed) > _MOST_HOSTS:
            self._booked = {key: at for key, at in self._booked.items() if at[1] > now}
            self._closed = {key: at for key, at in self._closed.items() if at > now}
        # Hosts that want to be left alone for a day may be brought by the thousand.
        for known in (self._booked, self._closed):
            while len(known) > _MOST_HOSTS:
                del known[next(iter(known))]
