"""Articles: where a feed gives headlines only, its new stories' pages are read for their leads.

Only of feeds whose operator wants it, only for stories that ring, and only as far as `SECONDS`
allow: what is not read by then is told with its headline. All this happens before a poll is stored,
so that a crash means that the feed is polled again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import structlog
from msgspec.structs import replace
from yarl import URL

from bot.feeds.fetching.fetch import Fetched, FetchOutcome, TryLater
from bot.feeds.fetching.robots import Fetch, Judge, Robots
from bot.loops import Now
from bot.metrics import Metrics
from bot.news.feed import Feed
from bot.news.polling.politeness import Politeness, host_key
from bot.news.story import NewReport
from bot.news.text import urls
from bot.news.why import NotAFeed

log = structlog.get_logger(__name__)

SECONDS = 6.0
_ROBOTS_SHARE = 2 / 3
_PAUSE_SECONDS = 300.0
_MOST = 5
_HEADLINE_ONLY = 60  # characters of a summary that says no more than the headline
_LOOK_AGAIN_SECONDS = 0.05


class Lead(Protocol):
    """Reads a page for its lead; see `bot.feeds.reading.worker`."""

    def __call__(
        self, body: bytes, *, content_type: str | None, title: str, source: str
    ) -> Awaitable[str]: ...


@dataclass(kw_only=True)
class Articles:
    """Reads articles at the pace of their hosts, which polls and pages share."""

    fetch: Fetch
    lead: Lead
    judge: Judge
    politeness: Politeness
    now: Now
    sleep: Callable[[float], Awaitable[None]]
    metrics: Metrics
    seconds: float = SECONDS
    _free_at: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._robots = Robots(self.judge, self.now, seconds=self.seconds * _ROBOTS_SHARE)

    async def with_leads(
        self, feed: Feed, reports: tuple[NewReport, ...], held: str = ""
    ) -> tuple[NewReport, ...]:
        """The reports, those that say a headline only with the lead of their page. `held` is the
        host at which the caller has a turn, which its pages take: two polls of one host would wait
        for each other's turns.
        """
        wanted = [report for report in reversed(reports) if _wants(report)][:_MOST]
        leads: dict[bytes, str] = {}
        fetch = partial(self._paced, held)
        try:
            async with asyncio.timeout(self.seconds):
                for report in wanted:
                    if lead := await self._read(feed, report, fetch):
                        leads[report.key] = lead
        except TimeoutError:
            self.metrics.articles.labels("late").inc()
        return tuple(replace(r, summary=leads.get(r.key, r.summary)) for r in reports)

    async def _read(self, feed: Feed, report: NewReport, fetch: Fetch) -> str:
        outcome, lead = "failed", ""
        try:
            outcome, lead = await self._lead(feed, report, fetch)
        except NotAFeed as error:
            log.info("an article was not read", reason=str(error))
        except Exception:
            log.exception("an article could not be read", of=urls.without_credentials(feed.url))
        self.metrics.articles.labels(outcome).inc()
        return lead

    async def _lead(self, feed: Feed, report: NewReport, fetch: Fetch) -> tuple[str, str]:
        link = report.link or ""
        origin = _origin(link)
        if self._free_at.get(origin, 0.0) - self.now() > self.seconds:
            return "late", ""
        if self._is_inside(feed, link):
            return "forbidden", ""
        permission = await self._robots.permission(link, fetch)
        if not permission.allowed:
            return "forbidden", ""
        await self._until_free(origin)
        if permission.delay:
            self._leave(origin, permission.delay)
        page = await fetch(link)
        if not isinstance(page, Fetched) or not _is_page(page.content_type):
            return "failed", ""
        # A page that was reached by a redirect to another host is under that host's rules.
        if self._is_inside(feed, page.url) or not await self._may_stay(link, page.url, fetch):
            return "forbidden", ""
        lead = await self.lead(
            page.body, content_type=page.content_type, title=report.title, source=feed.title
        )
        return ("read", lead) if len(lead) > len(report.summary) else ("empty", "")

    def _is_inside(self, feed: Feed, place: str) -> bool:
        """Whether a page is at a host of the operator's own and its feed is not: whoever writes a
        public feed shall not have an intranet's pages told to its readers.
        """
        is_ours = self.politeness.is_ours
        return is_ours(urls.host_of(place)) and not is_ours(urls.host_of(feed.url))

    async def _may_stay(self, link: str, place: str, fetch: Fetch) -> bool:
        if place == link:
            return True
        return (await self._robots.permission(place, fetch)).allowed

    async def _paced(self, held: str, url: str) -> FetchOutcome:
        """Fetches an address when its host may be asked."""
        key = host_key(url)
        if key == held:
            while not self.politeness.may_go_on(key, self.now()):
                await self.sleep(_LOOK_AGAIN_SECONDS)
            self.politeness.go_on(key, self.now())
            return await self._timed(url)
        while not self.politeness.may_ask(key, self.now()):
            await self.sleep(_LOOK_AGAIN_SECONDS)
        self.politeness.begin(key, self.now())
        try:
            return await self._timed(url)
        finally:
            self.politeness.end(key)

    async def _timed(self, url: str) -> FetchOutcome:
        """Fetches an address; a host that takes too long for it is left alone for a while, since it
        would delay all alerts of its feed, and one that asks for a pause for as long as it asks.
        """
        began = self.now()
        try:
            outcome = await self.fetch(url)
        finally:
            if self.now() - began >= self.seconds / 2:
                self._leave(_origin(url), _PAUSE_SECONDS)
        if isinstance(outcome, TryLater):
            self._leave(_origin(url), outcome.seconds)
            self.politeness.pause(outcome.host or host_key(url), self.now() + outcome.seconds)
        return outcome

    async def _until_free(self, origin: str) -> None:
        """Keeps the delay that a host asks for between two pages."""
        while self._free_at.get(origin, 0.0) > self.now():
            await self.sleep(_LOOK_AGAIN_SECONDS)

    def _leave(self, origin: str, seconds: float) -> None:
        """Reads no page of a host for so long."""
        now = self.now()
        self._free_at = {o: at for o, at in self._free_at.items() if at > now}
        self._free_at[origin] = max(now + seconds, self._free_at.get(origin, 0.0))


def _origin(url: str) -> str:
    return str(URL(url).origin())


def _wants(report: NewReport) -> bool:
    return not report.quiet and bool(report.link) and len(report.summary) < _HEADLINE_ONLY


def _is_page(content_type: str | None) -> bool:
    return content_type is None or "html" in content_type.lower()
