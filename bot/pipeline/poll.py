"""Poll: due feeds are fetched and parsed, and what is new is stored as reports.

A feed's new state and its reports go into one transaction; a crash before it means that the feed
is polled again, with its old state. One slow feed keeps nobody else waiting.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import structlog

from bot import crash
from bot.errors import NotAFeed
from bot.feeds.fetch import Failed, Fetched, FetchOutcome, Gone, NotModified, TryLater
from bot.loops import Now, Stop, Wakeup
from bot.metrics import Metrics
from bot.news import archive, gaps, moves, schedule, urls
from bot.news.archive import Past
from bot.news.feed import Feed, PollRecord
from bot.news.identity import Judgement, judge, keys_to_recall
from bot.news.marks import body_hash, marks_of
from bot.news.schedule import Bounds
from bot.news.story import NewReport, ParsedEntry, ParsedFeed
from storage.interface import Feeds

log = structlog.get_logger(__name__)

_AT_ONCE = 32
_LOOK_AGAIN_SECONDS = 5.0
_GONE = "the host says that this feed is gone (410)"
_GONE_ONCE = f"{_GONE}; it is asked once more before that is believed"


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
            crash.point("stored")
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
            record, kind = self._failed(replace(feed, gone_at=None), str(error)), "notafeed"
        except Exception:
            log.exception("a poll failed unexpectedly", feed=urls.without_credentials(feed.url))
            record, kind = self._failed(feed, "an unexpected error; see the log"), "error"
        self.metrics.polls.labels(kind).inc()
        return record

    async def _take(self, feed: Feed, outcome: FetchOutcome) -> PollRecord:
        match outcome:
            case Fetched():
                return await self._follow_move(await self._fetched(feed, outcome))
            case NotModified():
                return await self._follow_move(self._unchanged(feed, outcome))
            case Gone():
                return self._gone(feed)
            case TryLater(seconds=seconds, reason=reason):
                at = schedule.after_try_later(self.now(), seconds, self.chance())
                return PollRecord(replace(feed, poll_at=at, error=reason, gone_at=None))
            case Failed(reason=reason, status=status):
                # Without an answer nothing is known of what the host says.
                gone_at = feed.gone_at if status is None else None
                return self._failed(replace(feed, gone_at=gone_at), reason)

    async def _follow_move(self, record: PollRecord) -> PollRecord:
        """Gives the feed the address on which several polls agreed, if a feed is found there."""
        feed, now = record.feed, self.now()
        if feed.move is None or not moves.is_agreed(feed.move, now):
            return record
        to = feed.move.to
        if await self._is_feed(to):
            log.info("a feed has moved", feed=urls.without_credentials(feed.url), to=to)
            return replace(record, moved_to=to, feed=replace(feed, move=None))
        doubted = replace(feed.move, since=now, polls=0)
        return replace(record, feed=replace(feed, move=doubted))

    async def _is_feed(self, url: str) -> bool:
        outcome = await self.fetch(url)
        if not isinstance(outcome, Fetched):
            return False
        try:
            await self.parse(outcome.body, content_type=outcome.content_type, url=outcome.url)
        except NotAFeed:
            return False
        return True

    def _gone(self, feed: Feed) -> PollRecord:
        """410 is believed when it is said twice with time between: hosts say it by mistake too."""
        now = self.now()
        first = now if feed.gone_at is None else feed.gone_at
        believed = now - first >= schedule.GONE_APART_SECONDS
        record = self._failed(replace(feed, gone_at=first), _GONE if believed else _GONE_ONCE)
        at = schedule.after_gone(now, self.chance())
        return replace(record, feed=replace(record.feed, suspended=believed, poll_at=at))

    async def _fetched(self, feed: Feed, fetched: Fetched) -> PollRecord:
        digest = body_hash(fetched.body)
        if digest == feed.body_hash:
            return self._unchanged(feed, fetched)
        parsed = await self.parse(fetched.body, content_type=fetched.content_type, url=fetched.url)
        document = marks_of(parsed.entries)
        memory = await self.feeds.recall(feed.id, keys_to_recall(document))
        judged = judge(feed.policy, document, memory)
        if judged.policy != feed.policy:
            log.warning(
                "entries of a feed are known by less from now on",
                feed=urls.without_credentials(feed.url),
                known_by=judged.policy.known_by.value,
                reason=judged.policy.reason,
            )
        changed = replace(
            self._answered(feed, fetched, news=len(judged.new), hint=parsed.moved_to),
            title=_title(feed, parsed),
            language=parsed.language,
            settled=True,
            body_hash=digest,
            policy=judged.policy,
        )
        if not feed.settled:
            return self._first(changed, parsed, judged)
        return self._later(feed, changed, parsed, judged)

    def _first(self, feed: Feed, parsed: ParsedFeed, judged: Judgement) -> PollRecord:
        """What a first poll leaves: all of it known, and nobody rung."""
        reports = new_reports(parsed, judged.new, frozenset())
        feed = replace(feed, gaps=gaps.of_dates(entry.published for entry in parsed.entries))
        return PollRecord(self._with_news(feed, parsed, len(reports)), judged.traces, reports)

    def _later(self, before: Feed, feed: Feed, parsed: ParsedFeed, judged: Judgement) -> PollRecord:
        """What any other poll leaves: what is new rings, unless it is an archive."""
        new = [entry for _, entry in judged.new]
        past = Past(before.newest_at, before.usual, before.answered_at)
        ringing = archive.ringing(new, past, self.now())
        reports = new_reports(parsed, judged.new, ringing)
        feed = self._with_news(feed, parsed, len(reports))
        feed = replace(feed, usual=archive.usual_after(before.usual, len(new)))
        if len(ringing) < len(new):
            feed = replace(feed, hushed=len(new) - len(ringing), hushed_at=self.now())
        crash.point("fetched")
        return PollRecord(feed, judged.traces, reports, judged.rewritten)

    def _with_news(self, feed: Feed, parsed: ParsedFeed, news: int) -> Feed:
        now = self.now()
        return replace(
            feed,
            news_at=now if news else feed.news_at,
            gaps=gaps.after_news(feed.gaps, feed.news_at, news, now),
            newest_at=archive.newest_after(feed.newest_at, parsed.entries, now),
        )

    def _unchanged(self, feed: Feed, answer: Fetched | NotModified) -> PollRecord:
        # What the document says of a move, it still says.
        hint = feed.move.to if feed.move and feed.move.hinted else None
        return PollRecord(self._answered(feed, answer, news=0, hint=hint))

    def _answered(
        self, feed: Feed, answer: Fetched | NotModified, news: int, hint: str | None
    ) -> Feed:
        """The feed's state after a good answer."""
        now = self.now()
        interval = schedule.next_interval(
            feed.interval or self.bounds.least, news, self.bounds, answer.cache_seconds
        )
        return replace(
            feed,
            failures=0,
            failing_since=None,
            error=None,
            answered_at=now,
            interval=interval,
            poll_at=schedule.after_success(now, interval, self.chance()),
            etag=answer.etag,
            last_modified=answer.last_modified,
            move=moves.after_answer(feed.move, feed.url, answer.permanent_url, hint, now),
            gone_at=None,
        )

    def _failed(self, feed: Feed, reason: str) -> PollRecord:
        failures = feed.failures + 1
        at = schedule.after_failure(self.now(), failures, self.bounds, self.chance())
        log.info("a poll failed", feed=urls.without_credentials(feed.url), reason=reason)
        since = feed.failing_since if feed.failing_since is not None else self.now()
        return PollRecord(
            replace(feed, failures=failures, failing_since=since, error=reason, poll_at=at)
        )


def _title(feed: Feed, parsed: ParsedFeed) -> str:
    """What a person called the feed, else what it calls itself now, else where it lives."""
    if feed.named:
        return feed.title
    return parsed.title or feed.title or urls.host_of(feed.url)


def new_reports(
    parsed: ParsedFeed,
    new: Sequence[tuple[bytes, ParsedEntry]],
    ringing: Collection[ParsedEntry],
) -> tuple[NewReport, ...]:
    """Reports of the new entries, given with their keys; those that do not ring are quiet.

    Documents list the newest first; stored in reverse, alerts come in the order of events.
    """
    links = _links_of_one_entry(parsed)
    return tuple(
        _report(entry, key, parsed.language, entry not in ringing, links)
        for key, entry in reversed(new)
    )


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
