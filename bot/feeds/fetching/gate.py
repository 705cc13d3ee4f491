"""The gate to hosts that others name: searches and redirects wait here for their turn, and what a
host says of its limits is known to all. The pace is decided in `bot.news.polling.visits` and
`bot.news.polling.politeness`; polls of a host's own feeds ask the latter themselves.
"""

import asyncio
from collections.abc import Awaitable, Callable

from bot.news.polling.politeness import Politeness, host_key, is_platform
from bot.news.polling.visits import Visits

PATIENCE_SECONDS = 10.0


class Gate:
    """`now` gives seconds since the epoch; `politeness` are those of the polls."""

    def __init__(
        self,
        politeness: Politeness,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._politeness = politeness
        self._now = now
        self._sleep = sleep
        self._visits = Visits(politeness.gap)

    async def enter(self, url: str) -> float:
        """Waits until the host of an address may be visited, and gives 0. Where that is too long
        to wait for, gives the seconds until then.

        A pause that a host asked for ends visits of platforms, which count all requests together.
        Elsewhere one page's answer must not keep visitors from all others: see `closed`.
        """
        key = host_key(url)
        if is_platform(key) and (seconds := self.closed(url)):
            return seconds
        wait = self._visits.book(key, self._now(), PATIENCE_SECONDS)
        if wait > PATIENCE_SECONDS:
            return wait
        if wait > 0:
            await self._sleep(wait)
        return 0.0

    def close(self, url: str, seconds: float) -> None:
        """The host of an address asked to be left alone for so long."""
        key, now = host_key(url), self._now()
        self._visits.close(key, now, seconds)
        self._politeness.pause(key, now + seconds)

    def closed(self, url: str) -> float:
        """For how many seconds the host of an address wants to be left alone."""
        return self._visits.closed(host_key(url), self._now())
