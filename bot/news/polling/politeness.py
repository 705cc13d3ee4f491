"""How closely hosts may be asked: which feed now, and when the next. Pure; `now` is an argument.

Feeds of one host share its pace. Of platforms on which many feeds live under many names, the name
of the platform counts, since that is what counts our requests. Elsewhere it is the host's own
name: the outlets of one domain are often different machines, and whoever shares an address with
others did not choose them.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import lru_cache

from bot.news.members import slot_of_host
from bot.news.text import urls

_AT_ONCE = 2
GAP_SECONDS = 1.0
_GAPS = {  # least seconds from one request to the next
    "reddit.com": 60.0,  # answers 429 to readers without an account that ask faster
    "youtube.com": 2.0,
    "github.com": 2.0,
    "gitlab.com": 2.0,
    "medium.com": 2.0,
    "substack.com": 2.0,
    "tumblr.com": 2.0,
    "wordpress.com": 1.0,
    "blogspot.com": 1.0,
    "blogger.com": 1.0,
    "feedburner.com": 1.0,
    "livejournal.com": 2.0,
    "google.com": 5.0,
    "bsky.app": 1.0,
    "vimeo.com": 2.0,
    "stackexchange.com": 5.0,
    "stackoverflow.com": 5.0,
    "arxiv.org": 3.0,  # asks for one request in three seconds
}


@lru_cache(maxsize=4096)  # asked about a feed's address some six times a poll
def host_key(url: str) -> str:
    """Whom a request to this address is counted for: a platform, or a host by its name."""
    host = urls.host_of(url)
    labels = host.split(".")
    platforms = (".".join(labels[n:]) for n in range(len(labels) - 1))
    return next((name for name in platforms if name in _GAPS), host)


def is_platform(key: str) -> bool:
    """Whether this is one of the platforms that count all requests to them together."""
    return key in _GAPS


@dataclass
class Politeness:
    """Who is being asked, and since when. `is_ours` tells hosts of the operator's own, which are
    asked two at a time, and as often as feeds want.
    """

    is_ours: Callable[[str], bool] = lambda host: False
    _under_way: Counter[str] = field(default_factory=Counter)
    _free_at: dict[str, float] = field(default_factory=dict)

    def may_ask(self, key: str, now: float) -> bool:
        """True if the host may be asked now."""
        return self._under_way[key] < _AT_ONCE and self._free_at.get(key, now) <= now

    def begin(self, key: str, now: float) -> None:
        """A request begins; the caller has asked `may_ask` and calls `end` in any case."""
        self._under_way[key] += 1
        self.go_on(key, now)

    def may_go_on(self, key: str, now: float) -> bool:
        """True if who is asking the host already may ask once more in place of that."""
        return self._free_at.get(key, now) <= now

    def go_on(self, key: str, now: float) -> None:
        """Another request follows one that began and did not `end`."""
        if gap := self.gap(key):
            self._free_at[key] = now + gap

    def end(self, key: str) -> None:
        """A request has ended."""
        self._under_way[key] -= 1
        if self._under_way[key] <= 0:
            del self._under_way[key]

    def pause(self, key: str, until: float) -> bool:
        """A platform asked for a pause: for all its feeds, as it counts them together. Of other
        hosts only the feed waits, which is the caller's: one of many may be what is limited.
        Returns whether it is a platform.
        """
        if not is_platform(key):
            return False
        self._free_at[key] = max(until, self._free_at.get(key, until))
        return True

    def paused_until(self, key: str) -> float:
        """Until when the feeds of a platform are not asked; long ago where they may be, and for all
        other hosts.
        """
        return self._free_at.get(key, 0.0) if is_platform(key) else 0.0

    def rest(self, slots: Collection[int], now: float) -> None:
        """Platforms that another process may have asked a moment ago get their gap. Other hosts are
        not known by name: the caller waits for `GAP_SECONDS`.
        """
        for key, gap in _GAPS.items():
            if slot_of_host(key) in slots:
                self._free_at[key] = max(now + gap, self._free_at.get(key, 0.0))

    def forget(self) -> None:
        """Forgets who was asked when: the clock went back. Who is being asked is still known."""
        self._free_at.clear()

    def busy(self, now: float) -> frozenset[str]:
        """The hosts that may not be asked now."""
        self._forget(now)
        full = {key for key, count in self._under_way.items() if count >= _AT_ONCE}
        return frozenset(full | self._free_at.keys())

    def next_free_at(self, now: float) -> float | None:
        """When the first host that may not be asked now may be asked again."""
        return min((at for at in self._free_at.values() if at > now), default=None)

    def gap(self, key: str) -> float:
        """Least seconds between two requests to a host."""
        return _GAPS.get(key, 0.0 if self.is_ours(key) else GAP_SECONDS)

    def _forget(self, now: float) -> None:
        self._free_at = {key: at for key, at in self._free_at.items() if at > now}
