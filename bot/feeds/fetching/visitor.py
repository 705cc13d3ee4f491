"""Fetching addresses that somebody named, politely: at the pace of visits, and not while their
host asks to be left alone.
"""

from bot.feeds.fetching.fetch import Fetcher, FetchOutcome, TryLater
from bot.news.why import Code, because


class Visitor:
    """Fetches as `fetcher` does, through its gate."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> FetchOutcome:
        """As `Fetcher.fetch`; TryLater also where the host is not asked at all."""
        gate = self._fetcher.gate
        if not gate.closed(url) and (wait := await gate.enter(url)):
            return TryLater(wait, because(Code.HOST_BUSY))
        # Asked after the wait: the answer to another visit may have come in the meantime.
        if seconds := gate.closed(url):
            return TryLater(seconds, because(Code.LEFT_ALONE))
        return await self._fetcher.fetch(url, etag=etag, last_modified=last_modified)
