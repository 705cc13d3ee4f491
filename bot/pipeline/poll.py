"""Poll: due feeds are fetched and parsed, and what is new is stored as reports.

A feed's new state and its reports go into one transaction; a crash before it means that the feed
is polled again, with its old state. One slow feed keeps nobody else waiting.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog

from bot import crash
from bot.errors import NotAFeed
from bot.feeds.fetch import Failed, Fetched, FetchOutcome, Gone, NotModified, TryLater
from bot.loops import Now, Stop, Wakeup
from bot.metrics import Metrics
from bot.news import archive, gaps, moves, rhythm, schedule, urls
from bot.news.archive import Past
from bot.news.feed import Feed, PollRecord
from bot.news.identity import Judgement, judge, keys_to_recall
from bot.news.manners import Manners, host_key
from bot.news.marks import body_hash, marks_of, reads_hash
from bot.news.moves import Move
from bot.news.reach import Reach
from bot.news.rhythm import Rhythm
from bot.news.schedule import Bounds
from bot.news.story import ParsedFeed
from bot.pipeline.articles import Articles
from bot.pipeline.reports import new_reports
from storage.interface import Feeds, RowRefusedError, StorageError

log = structlog.get_logger(__name__)

_AT_ONCE = 32
_LOOK_AGAIN_SECONDS = 5.0
_GONE = "the host says that this feed is gone (410)"
_GONE_ONCE = f"{_GONE}; it is asked once more before that is believed"
_REMEMBER_SECONDS = 86_400.0
_CLOCK_BACK_SECONDS = 5.0
_OFFERED_MOST = 50  # of documents of up to 5 MiB


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
    """Keeps up to `_AT_ONCE` polls under way, and no host closer than manners allow. `chance` gives
    numbers from 0 to 1; `visit` fetches where a feed says it has moved to, at the pace of visits.
    """

    feeds: Feeds
    fetch: Fetch
    parse: Parse
    bounds: Bounds
    now: Now
    chance: Callable[[], float]
    stop: Stop
    desk: Wakeup
    metrics: Metrics
    manners: Manners = field(default_factory=Manners)
    reach: Reach = field(default_factory=Reach)
    articles: Articles | None = None
    visit: Fetch | None = None

    def __post_init__(self) -> None:
        self._wakeup = self.stop.wakeup()
        self._polls: dict[int, asyncio.Task[PollRecord]] = {}
        self._offered: list[tuple[int, Fetched]] = []
        self._unstored: list[PollRecord] = []
        self._looked_at = 0.0

    async def step(self) -> None:
        """Stores polls that ended, starts those that are due, and waits for the next."""
        await self._store()
        await self._start_offered()
        now = self.now()
        if now < self._looked_at - _CLOCK_BACK_SECONDS:
            log.warning("the clock went back", seconds=round(self._looked_at - now))
            self.manners.forget()
            await self.feeds.bring_forward(now)
        self._looked_at = now
        await self._start_due(now)
        await self._wakeup.wait(await self._seconds_to_next(now))

    def offer(self, feed_id: int, document: Fetched) -> bool:
        """Takes what a hub pushed of a feed; False if too much waits already."""
        if len(self._offered) >= _OFFERED_MOST:
            return False
        self._offered.append((feed_id, document))
        self._wakeup.ring()
        return True

    @property
    def under_way(self) -> int:
        """How many feeds are being polled now."""
        return len(self._polls)

    @property
    def at_work(self) -> int:
        """How many of them have not ended yet."""
        return sum(not task.done() for task in self._polls.values())

    async def end(self) -> None:
        """Gives up the polls under way; they are repeated when the bot runs again."""
        for task in self._polls.values():
            task.cancel()
        await asyncio.gather(*self._polls.values(), return_exceptions=True)
        self._polls.clear()

    async def _start_offered(self) -> None:
        """Reads what was pushed. A feed that is being polled is waited for: two readings at one
        time would both take an entry for new.
        """
        offered, self._offered = self._offered, []
        for feed_id, document in offered:
            if feed_id in self._polls or len(self._polls) >= _AT_ONCE:
                self._offered.append((feed_id, document))
            elif feed := await self.feeds.get(feed_id):
                task = asyncio.create_task(self._poll(feed, document))
                task.add_done_callback(lambda _: self._wakeup.ring())
                self._polls[feed_id] = task

    async def _start_due(self, now: float) -> None:
        started = True
        while started and len(self._polls) < _AT_ONCE:
            # Asked anew after each round: whoever waits for a busy host must not stand in the way
            # of the others, however many they are.
            busy = self.manners.busy(now)
            due = await self.feeds.due(now, _AT_ONCE + len(self._polls), busy)
            started = sum(self._start(feed, now) for feed in due) > 0

    def _start(self, feed: Feed, now: float) -> bool:
        host = host_key(feed.url)
        if feed.id in self._polls or len(self._polls) >= _AT_ONCE:
            return False
        if not self.manners.may_ask(host, now):
            return False
        self.manners.begin(host, now)
        task = asyncio.create_task(self._poll(feed))
        task.add_done_callback(lambda _: self._ended(host))
        self._polls[feed.id] = task
        return True

    def _ended(self, host: str) -> None:
        self.manners.end(host)
        self._wakeup.ring()

    async def _store(self) -> None:
        """Stores what polls that ended found. While that fails no other poll begins: what was
        fetched is kept, and no host is asked for what could not be kept.
        """
        ended = [feed_id for feed_id, task in self._polls.items() if task.done()]
        self._unstored += [self._polls.pop(feed_id).result() for feed_id in ended]
        if not self._unstored:
            return
        try:
            stored = await self.feeds.record(self._unstored, self.now())
        except Exception as error:
            if _is_down(error):
                raise
            log.exception("polls could not be stored together; they are stored one by one")
            stored = await self._store_apart()
        self._unstored.clear()
        if stored:
            crash.point("stored")
            self.metrics.reports.inc(stored)
            self.desk.ring()

    async def _store_apart(self) -> int:
        """Stores polls one by one: a feed whose words cannot be stored must stop no other."""
        stored = 0
        for record in list(self._unstored):
            try:
                stored += await self.feeds.record([record], self.now())
            except Exception as error:
                if _is_down(error):
                    raise
                log.exception("what a feed sent cannot be stored", feed=record.feed.id)
                if feed := await self.feeds.get(record.feed.id):
                    failed = self._failed(feed, "what it sent cannot be stored; see the log")
                    await self.feeds.record([failed], self.now())
            self._unstored.remove(record)
        return stored

    async def _seconds_to_next(self, looked_at: float) -> float:
        """Until a feed becomes due or a host free. What is due and was not started waits for a
        host or for a poll to end, which rings.
        """
        if len(self._polls) >= _AT_ONCE:
            return _LOOK_AGAIN_SECONDS
        times = (await self.feeds.next_poll_at(looked_at), self.manners.next_free_at(looked_at))
        waits = [at - self.now() for at in times if at is not None]
        return max(min([*waits, _LOOK_AGAIN_SECONDS]), 0.0)

    async def _poll(self, feed: Feed, pushed: Fetched | None = None) -> PollRecord:
        try:
            if pushed:
                return await self._pushed(feed, pushed)
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
        if self._is_ours(feed, outcome):
            at = schedule.while_cut_off(self.now(), self.chance())
            return PollRecord(replace(feed, poll_at=at))
        match outcome:
            case Fetched():
                return await self._follow_move(
                    await self._read_articles(feed, outcome, host_key(feed.url))
                )
            case NotModified():
                return await self._follow_move(self._unchanged(feed, outcome))
            case Gone():
                return self._gone(feed)
            case TryLater(seconds=seconds, reason=reason, host=host):
                at = schedule.after_try_later(self.now(), seconds, self.chance())
                until, own = self.now() + seconds, host_key(feed.url)
                platform = host in (None, own) and self.manners.pause(own, until)
                since = feed.failing_since if feed.failing_since is not None else self.now()
                waiting = replace(feed, poll_at=at, error=reason, gone_at=None, failing_since=since)
                return PollRecord(waiting, host_rests_until=until if platform else None)
            case Failed(reason=reason, status=status):
                # Without an answer nothing is known of what the host says.
                gone_at = feed.gone_at if status is None else None
                return self._failed(replace(feed, gone_at=gone_at), reason)

    def _is_ours(self, feed: Feed, outcome: FetchOutcome) -> bool:
        """Whether a feed could not be reached because this machine reaches nobody."""
        now, was = self.now(), self.reach.is_cut_off(self.now())
        if isinstance(outcome, Failed) and outcome.unreached:
            self.reach.silent(host_key(feed.url), now)
        elif not (isinstance(outcome, Failed) and outcome.refused):
            self.reach.heard(now)
        cut_off = self.reach.is_cut_off(now)
        if cut_off and not was:
            log.warning("no host can be reached; feeds are asked again within minutes")
        return cut_off and isinstance(outcome, Failed) and outcome.unreached

    async def _follow_move(self, record: PollRecord) -> PollRecord:
        """Gives the feed the address on which several polls agreed, if a feed is found there."""
        feed, now = record.feed, self.now()
        if feed.move is None or not moves.is_agreed(feed.move, now):
            return record
        if await self._is_there(feed, feed.move):
            to = urls.without_credentials(feed.move.to)
            log.info("a feed moves", feed=urls.without_credentials(feed.url), to=to)
            # What is known of the move goes when it is made, which may have to wait.
            return replace(record, moved_to=feed.move.to)
        doubted = replace(feed.move, since=now, polls=0)
        return replace(record, feed=replace(feed, move=doubted))

    async def _is_there(self, feed: Feed, move: Move) -> bool:
        """Whether the feed is found where it moves to: where its server redirects to, any feed;
        where only its document says so, one of the same entries.
        """
        outcome = await (self.visit or self.fetch)(move.to)
        if not isinstance(outcome, Fetched):
            return False
        try:
            found = await self.parse(
                outcome.body, content_type=outcome.content_type, url=outcome.url
            )
        except NotAFeed:
            return False
        if not move.hinted:
            return True
        document = marks_of(found.entries)
        memory = await self.feeds.recall(feed.id, keys_to_recall(document))
        return moves.is_the_same(document, memory.keys())

    def _gone(self, feed: Feed) -> PollRecord:
        """410 is believed when it is said twice with time between: hosts say it by mistake too."""
        now = self.now()
        first = now if feed.gone_at is None else feed.gone_at
        believed = now - first >= schedule.GONE_APART_SECONDS
        record = self._failed(replace(feed, gone_at=first), _GONE if believed else _GONE_ONCE)
        at = schedule.after_gone(now, self.chance())
        return replace(record, feed=replace(record.feed, suspended=believed, poll_at=at))

    async def _pushed(self, feed: Feed, document: Fetched) -> PollRecord:
        """What a pushed document leaves: its news. It may hold only what is new, and comes from the
        hub, so it says nothing of how the feed itself answers or when it is to be polled.
        """
        if feed.suspended or not feed.settled:
            return PollRecord(feed)
        try:
            record = await self._read_articles(feed, document)
        except NotAFeed:
            return PollRecord(feed)
        found = record.feed
        at = max((feed.answered_at or 0.0) + feed.interval, self.now())
        kept = replace(
            feed,
            # A host that asked for a pause, or fails, is left alone for as long as before.
            poll_at=feed.poll_at if feed.error else at,
            policy=found.policy,
            rhythm=found.rhythm,
            news_at=found.news_at,
            newest_at=found.newest_at,
            usual=found.usual,
            hushed=found.hushed,
            hushed_at=found.hushed_at,
            missed=0 if record.reports else feed.missed,
        )
        return replace(record, feed=kept)

    async def _read_articles(self, feed: Feed, fetched: Fetched, held: str = "") -> PollRecord:
        """What a document leaves; where wanted, with the leads of its new stories. `held` is the
        host at which this poll has a turn.
        """
        record = await self._fetched(feed, fetched)
        if self.articles is None or not feed.full_text or not record.reports:
            return record
        leads = await self.articles.with_leads(feed, record.reports, held)
        return replace(record, reports=leads)

    async def _fetched(self, feed: Feed, fetched: Fetched) -> PollRecord:
        digest = body_hash(fetched.body)
        if digest == feed.body_hash:
            return self._unchanged(feed, fetched)
        parsed = await self.parse(fetched.body, content_type=fetched.content_type, url=fetched.url)
        changed = self._read(feed, fetched, parsed, digest)
        if self._reads_the_same(feed, changed):
            return PollRecord(self._answered(changed, fetched, parsed.moved_to))
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
        changed = replace(changed, policy=judged.policy, remembered_at=self.now())
        missed = changed.missed + bool(judged.new and self._is_pushed(feed))
        changed = replace(changed, rhythm=self._rhythm(feed, parsed, judged), missed=missed)
        changed = self._answered(changed, fetched, parsed.moved_to)
        if not feed.settled:
            return self._first(changed, parsed, judged)
        return self._later(feed, changed, parsed, judged)

    def _read(self, feed: Feed, fetched: Fetched, parsed: ParsedFeed, digest: bytes) -> Feed:
        """The feed with what its document says of itself."""
        hub, topic, missed = self._pushed_by(feed, fetched, parsed)
        return replace(
            feed,
            title=_title(feed, parsed),
            language=parsed.language,
            settled=True,
            body_hash=digest,
            wishes=parsed.wishes,
            reads=reads_hash(parsed.entries),
            hub=hub,
            topic=topic,
            missed=missed,
        )

    def _pushed_by(
        self, feed: Feed, fetched: Fetched, parsed: ParsedFeed
    ) -> tuple[str | None, str, int]:
        """The hub, the topic and the missed pushes after a document. What works is kept: a feed
        that names itself anew in each answer must not be subscribed anew each time.
        """
        named = fetched.hub or parsed.hub
        hub = self._safe(named) if named else feed.hub if self._is_pushed(feed) else None
        if feed.topic and hub == feed.hub and feed.missed < schedule.PUSHES_MISSED:
            return hub, feed.topic, feed.missed
        own = fetched.own_url or parsed.own_url or feed.url
        return hub, own, 0 if own != feed.topic else feed.missed

    def _safe(self, hub: str) -> str:
        """A hub's address, by https: it is told a secret. The operator's own hosts as they are."""
        return hub if self.manners.is_ours(urls.host_of(hub)) else urls.encrypted(hub)

    def _reads_the_same(self, before: Feed, feed: Feed) -> bool:
        """True where only the wrapping of the entries changed, such as the date of the build. Once
        a day it counts as changed, so that what is still shown is not forgotten.
        """
        remembered = before.remembered_at
        return (
            before.reads == feed.reads
            and remembered is not None
            and 0 <= self.now() - remembered < _REMEMBER_SECONDS
        )

    def _is_pushed(self, feed: Feed) -> bool:
        return feed.pushed_until is not None and feed.pushed_until > self.now()

    def _rhythm(self, feed: Feed, parsed: ParsedFeed, judged: Judgement) -> Rhythm:
        if feed.rhythm.at is None:
            return rhythm.first_heard([entry.published for entry in parsed.entries], self.now())
        dates = [entry.published for _, entry in judged.new]
        return rhythm.heard(feed.rhythm, dates, feed.answered_at, self.now())

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
        return PollRecord(self._answered(feed, answer, hint))

    def _answered(self, feed: Feed, answer: Fetched | NotModified, hint: str | None) -> Feed:
        """The feed's state after a good answer."""
        now = self.now()
        interval = schedule.next_interval(
            feed.rhythm, feed.wishes, answer.cache_seconds, self.bounds, now
        )
        interval = schedule.while_pushed(interval, now, feed.pushed_until, feed.missed, self.bounds)
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


def _is_down(error: Exception) -> bool:
    """Whether the database itself failed, and not what it was given."""
    return isinstance(error, StorageError) and not isinstance(error, RowRefusedError)


def _title(feed: Feed, parsed: ParsedFeed) -> str:
    """What a person called the feed, else what it calls itself now, else where it lives."""
    if feed.named:
        return feed.title
    return parsed.title or feed.title or urls.host_of(feed.url)
