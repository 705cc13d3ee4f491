"""Poll: due feeds are fetched and parsed, and what is new is stored as reports.

A feed's new state and its reports go into one transaction; a crash before it means that the feed
is polled again, with its old state. One slow feed keeps nobody else waiting.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

import structlog

from bot.errors import NotAFeed
from bot.feeds.fetch import Failed, Fetched, FetchOutcome, Gone, NotModified, TryLater
from bot.loops import Now, Stop, Wakeup
from bot.metrics import Metrics
from bot.news import schedule, urls
from bot.news.feed import Feed, PollRecord
from bot.news.identity import body_hash, entry_keys
from bot.news.schedule import Bounds
from bot.news.story import NewReport, ParsedEntry, ParsedFeed
from storage.interface import Feeds

log = structlog.get_logger(__name__)

_AT_ONCE = 32
_LOOK_AGAIN_SECONDS = 5.0


class Fetch(Protocol):
    """Fetches an address conditionally; see `bot.feeds.fetch`."""

    def __call__(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Awaitable[FetchOutcome]: ...


class Parse(Protocol):
    """Parses a document, or raises NotAFeed; see `bot.feeds.worker`."""

    def __call__(
        self, body: bytes, *, content_type: str | None, url: str | None
    ) -> Awaitable[ParsedFeed]: ...


@dataclass
class Poller:
    """Keeps up to `_AT_ONCE` polls under way. `chance` gives numbers from 0 to 1."""

    feeds: Feeds
    fetch: Fetch
    parse: Parse
    bounds: Bounds
    now: Now
    chance: Callable[[], float]
    stop: Stop
    desk: Wakeup
    metrics: Metrics

    def __post_init__(self) -> None:
        self._wakeup = self.stop.wakeup()
        self._polls: dict[int, asyncio.Task[PollRecord]] = {}

    async def step(self) -> None:
        """Starts polls that are due, stores those that ended, and waits for the next."""
        due = await self.feeds.due(self.now(), _AT_ONCE + len(self._polls))
        for feed in due:
            if feed.id not in self._polls and len(self._polls) < _AT_ONCE:
                task = asyncio.create_task(self._poll(feed))
                task.add_done_callback(lambda _: self._wakeup.ring())
                self._polls[feed.id] = task
        await self._store()
        await self._wakeup.wait(await self._seconds_to_next())

    @property
    def under_way(self) -> int:
        """How many feeds are being polled now."""
        return len(self._polls)

    async def end(self) -> None:
        """Gives up the polls under way; they are repeated when the bot runs again."""
        for task in self._polls.values():
            task.cancel()
        await asyncio.gather(*self._polls.values(), return_exceptions=True)
        self._polls.clear()

    async def _store(self) -> None:
        ended = [feed_id for feed_id, task in self._polls.items() if task.done()]
        records = [self._polls[feed_id].result() for feed_id in ended]
        if not records:
            return
        try:
            stored = await self.feeds.record(records, self.now())
        finally:
            # On an error the feeds are still due, and polled again with their old state.
            for feed_id in ended:
                del self._polls[feed_id]
        if stored:
            self.metrics.reports.inc(stored)
            self.desk.ring()

    async def _seconds_to_next(self) -> float:
        at = await self.feeds.next_poll_at()
        if at is None:
            return _LOOK_AGAIN_SECONDS
        wait = at - self.now()
        # A feed that is overdue and under way must not make this loop spin.
        return (
            min(wait, _LOOK_AGAIN_SECONDS) if wait > 0 else _LOOK_AGAIN_SECONDS * bool(self._polls)
        )

    async def _poll(self, feed: Feed) -> PollRecord:
        try:
            outcome = await self.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
            record = await self._take(feed, outcome)
            kind = type(outcome).__name__.lower()
        except NotAFeed as error:
            record, kind = self._failed(feed, str(error)), "notafeed"
        except Exception:
            log.exception("a poll failed unexpectedly", feed=urls.without_credentials(feed.url))
            record, kind = self._failed(feed, "an unexpected error; see the log"), "error"
        self.metrics.polls.labels(kind).inc()
        return record

    async def _take(self, feed: Feed, outcome: FetchOutcome) -> PollRecord:
        match outcome:
            case Fetched():
                return await self._fetched(feed, outcome)
            case NotModified():
                return self._unchanged(feed, outcome)
            case Gone():
                error = (
                    "the host says that this feed is gone (410); remove it or change its address"
                )
                return _only_state(replace(feed, suspended=True, error=error))
            case TryLater(seconds=seconds, reason=reason):
                at = schedule.after_try_later(self.now(), seconds, self.chance())
                return _only_state(replace(feed, poll_at=at, error=reason))
            case Failed(reason=reason):
                return self._failed(feed, reason)

    async def _fetched(self, feed: Feed, fetched: Fetched) -> PollRecord:
        digest = body_hash(fetched.body)
        if digest == feed.body_hash:
            return self._unchanged(feed, fetched)
        parsed = await self.parse(fetched.body, content_type=fetched.content_type, url=fetched.url)
        keys = entry_keys(parsed.entries)
        unseen = await self.feeds.unseen(feed.id, keys)
        reports = new_reports(parsed, keys, unseen, quiet=not feed.settled)
        changed = self._answered(feed, fetched, news=len(reports))
        return PollRecord(
            replace(
                changed,
                title=_title(feed, parsed),
                language=parsed.language,
                settled=True,
                body_hash=digest,
                news_at=self.now() if reports else feed.news_at,
            ),
            tuple(dict.fromkeys(keys)),
            reports,
        )

    def _unchanged(self, feed: Feed, answer: Fetched | NotModified) -> PollRecord:
        return _only_state(self._answered(feed, answer, news=0))

    def _answered(self, feed: Feed, answer: Fetched | NotModified, news: int) -> Feed:
        """The feed's state after a good answer."""
        now = self.now()
        interval = schedule.next_interval(
            feed.interval or self.bounds.least, news, self.bounds, answer.cache_seconds
        )
        return replace(
            feed,
            failures=0,
            error=None,
            answered_at=now,
            interval=interval,
            poll_at=schedule.after_success(now, interval, self.chance()),
            etag=answer.etag,
            last_modified=answer.last_modified,
        )

    def _failed(self, feed: Feed, reason: str) -> PollRecord:
        failures = feed.failures + 1
        at = schedule.after_failure(self.now(), failures, self.bounds, self.chance())
        log.info("a poll failed", feed=urls.without_credentials(feed.url), reason=reason)
        return _only_state(replace(feed, failures=failures, error=reason, poll_at=at))


def _title(feed: Feed, parsed: ParsedFeed) -> str:
    """What a person called the feed, else what it calls itself now, else where it lives."""
    if feed.named:
        return feed.title
    return parsed.title or feed.title or urls.host_of(feed.url)


def _only_state(feed: Feed) -> PollRecord:
    return PollRecord(feed, (), ())


def new_reports(
    parsed: ParsedFeed, keys: list[bytes], unseen: set[bytes], *, quiet: bool
) -> tuple[NewReport, ...]:
    """The entries that were not seen before, oldest first, each once.

    Documents list the newest first; stored in reverse, alerts come in the order of events.
    """
    found: dict[bytes, NewReport] = {}
    links = _links_of_one_entry(parsed)
    for entry, key in zip(reversed(parsed.entries), reversed(keys), strict=True):
        if key in unseen and key not in found:
            found[key] = _report(entry, key, parsed.language, quiet, links)
    return tuple(found.values())


def _links_of_one_entry(parsed: ParsedFeed) -> frozenset[str]:
    """The canonical links that stand for one entry. One that several entries share is an address
    of the outlet, such as a status page; taken for a story's it would silence all but the first.
    """
    found = Counter(urls.canonical(entry.link) for entry in parsed.entries if entry.link)
    return frozenset(link for link, count in found.items() if link and count == 1)


def _report(
    entry: ParsedEntry, key: bytes, language: str | None, quiet: bool, links: frozenset[str]
) -> NewReport:
    link = urls.clean_link(entry.link) if entry.link else None
    canonical = urls.canonical(entry.link) if entry.link else None
    return NewReport(
        key=key,
        link=link,
        canonical=canonical if link and canonical in links else None,
        title=entry.title,
        summary=entry.summary,
        language=language,
        image=entry.image,
        published_at=entry.published,
        quiet=quiet,
        original=entry.original,
    )
