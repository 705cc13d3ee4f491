"""Poll: due feeds are fetched and parsed, and what is new is stored as reports.

A feed's new state and its reports go into one transaction; a crash before it means that the feed
is polled again, with its old state. One slow feed keeps nobody else waiting.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog

from bot import crash_points
from bot.feeds.fetching.fetch import Failed, Fetched, FetchOutcome, Gone, NotModified, TryLater
from bot.loops import Bell, Now, Stop
from bot.metrics import Metrics
from bot.news.feed import Feed, PollRecord
from bot.news.members import slot_of_host
from bot.news.polling import moves, schedule
from bot.news.polling.connectivity import Connectivity
from bot.news.polling.entry_keys import entry_keys_of
from bot.news.polling.identity import keys_to_recall
from bot.news.polling.moves import Move
from bot.news.polling.politeness import GAP_SECONDS, Politeness, host_key
from bot.news.polling.push import after_push
from bot.news.polling.schedule import Bounds
from bot.news.polling.slots import AT_ONCE, Slots
from bot.news.text import urls
from bot.news.why import Code, NotAFeed, Why, because
from bot.pipeline.articles import Articles
from bot.pipeline.documents import Documents
from bot.pipeline.membership import Part
from bot.pipeline.offers import DocumentReader, Offers, Parse
from bot.turns import on_behalf_of
from storage.aside import Queue
from storage.errors import is_down
from storage.polling.feeds import Feeds

log = structlog.get_logger(__name__)

_LOOK_AGAIN_SECONDS = 5.0
_CLOCK_BACK_SECONDS = 5.0
# Polls that end within this time of one another and bring nothing are stored together: one
# transaction and one look at what is due cost as much as some twenty polls that found nothing.
_BREATH_SECONDS, _MOST_ENDED = 0.25, AT_ONCE // 2
# What becomes due within this time is asked for together, and not feed by feed.
_TICK_SECONDS = 0.25


class Fetch(Protocol):
    """Fetches an address conditionally; see `bot.feeds.fetching.fetch`."""

    def __call__(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Awaitable[FetchOutcome]: ...


@dataclass(kw_only=True)
class Poller:
    """Keeps as many polls under way as there are slots, and no host closer than politeness allows.
    `chance` gives numbers from 0 to 1; `visit` fetches where a feed says it has moved
    to, at the pace of visits. Polls without news wait `breath` seconds for others that end. `part`
    says whose feeds, by their hosts, are this process's.
    """

    feeds: Feeds
    fetch: Fetch
    parse: Parse
    bounds: Bounds
    now: Now
    chance: Callable[[], float]
    stop: Stop
    desk: Bell
    metrics: Metrics
    politeness: Politeness = field(default_factory=Politeness)
    connectivity: Connectivity = field(default_factory=Connectivity)
    articles: Articles | None = None
    visit: Fetch | None = None
    breath: float = _BREATH_SECONDS
    part: Part = field(default_factory=Part)

    def __post_init__(self) -> None:
        self._wakeup = self.stop.wakeup()
        self._polls: dict[int, asyncio.Task[PollRecord]] = {}
        self._hosts: dict[int, str] = {}
        self._slots = Slots()
        self._reader = DocumentReader(self.parse, self._slots, self.now)
        self._offers = Offers(self._slots, self.now)
        self._documents = Documents(
            feeds=self.feeds,
            reader=self._reader,
            bounds=self.bounds,
            now=self.now,
            chance=self.chance,
            is_ours=self.politeness.is_ours,
            articles=self.articles,
        )
        self._unstored: list[PollRecord] = []
        self._breath: asyncio.TimerHandle | None = None
        self._looked_at = 0.0

    async def step(self) -> None:
        """Stores polls that ended, starts those that are due, and waits for the next."""
        await self._store()
        await self._start_offered()
        now = self.now()
        if now < self._looked_at - _CLOCK_BACK_SECONDS:
            log.warning("the clock went back", seconds=round(self._looked_at - now))
            self.politeness.forget()
            await self.feeds.bring_forward(now)
        self._looked_at = now
        await self._start_due(now)
        await self._wakeup.wait(await self._seconds_to_next(now))

    def offer(self, feed_id: int, document: Fetched) -> bool:
        """Takes what a hub pushed of a feed; False if too much waits already."""
        taken = self._offers.put(feed_id, document)
        if taken:
            self._wakeup.ring()
        return taken

    def look_again(self) -> None:
        """Has it looked now whether a feed is due."""
        self._wakeup.ring()

    def busy(self) -> set[int]:
        """The slots of hosts of which something is under way, or not on disk yet."""
        return set(map(slot_of_host, self._hosts.values()))

    async def gain(self, slots: Collection[int]) -> None:
        """Goes on with the hosts of these slots. Whoever had them may have asked them a moment ago:
        they are left their gap.
        """
        self.politeness.rest(slots, self.now())
        await self.stop.sleep(GAP_SECONDS)

    async def pass_on(self, feed_id: int) -> bool:
        """Has another process poll a feed of which something was pushed; False where none does."""
        if self.part.slots is None:
            return False
        feed = await self.feeds.get(feed_id)
        if feed is None or self.part.has(slot_of_host(host_key(feed.url))):
            return False
        await self._leave_to_another(feed)
        return True

    async def _leave_to_another(self, feed: Feed) -> None:
        """Has a feed polled by the process that has its host."""
        fails = feed.error is not None
        at = after_push(feed.poll_at, self.now(), fails=fails, failures=feed.failures)
        await self.feeds.poll_at(feed.id, at)

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
        self._breathe()
        for task in self._polls.values():
            task.cancel()
        await asyncio.gather(*self._polls.values(), return_exceptions=True)
        self._polls.clear()

    async def _start_offered(self) -> None:
        """Reads what was pushed. A feed that is being polled is waited for: two readings at one
        time would both take an entry for new.
        """
        for feed_id, document in self._offers.take():
            feed = await self.feeds.get(feed_id)
            if feed is None:
                self._slots.leave(feed_id)
                continue
            if not self.part.has(slot_of_host(host_key(feed.url))):
                # Another process has its host since, and reads what is new there.
                self._slots.leave(feed_id)
                await self._leave_to_another(feed)
                continue
            with on_behalf_of(self._slots.whose(feed_id)):
                task = asyncio.create_task(self._poll(feed, document))
            task.add_done_callback(self._ended)
            self._polls[feed_id] = task
            self._hosts[feed_id] = host_key(feed.url)

    async def _start_due(self, now: float) -> None:
        if not self.part.held:
            return
        for ask in (self._due_ours, self._due_guests):
            more = True
            # Asked anew while there may be more: whoever waits for a busy host, or for a slot of
            # its kind, must not stand in the way of the others, however many they are.
            while more and len(self._polls) < AT_ONCE:
                due = await ask(now)
                started = sum(self._start(feed, now) for feed in due)
                more = started > 0 and len(due) == AT_ONCE

    async def _due_ours(self, now: float) -> list[Feed]:
        busy, passed_over = self.politeness.busy(now), self._slots.passed_over()
        return await self.feeds.due(now, AT_ONCE, busy, passed_over, self.part.slots)

    async def _due_guests(self, now: float) -> list[Feed]:
        """What chats brought, in turn: a host that is free is theirs where ours do not want it."""
        slots = self._slots
        if not slots.has_room_for_guests():
            return []
        return await self.feeds.due_guests(
            now,
            AT_ONCE,
            self.politeness.busy(now),
            slots.passed_over(guests=True),
            slots.without_room(),
            slots.served,
            self.part.slots,
        )

    def _start(self, feed: Feed, now: float) -> bool:
        host = host_key(feed.url)
        # A slot may have been left since it was asked what is due.
        if not self.part.has(slot_of_host(host)) or not self.politeness.may_ask(host, now):
            return False
        if not self._slots.take(feed.id, feed.brought_by):
            return False
        self.politeness.begin(host, now)
        with on_behalf_of(feed.brought_by):
            task = asyncio.create_task(self._poll(feed))
        task.add_done_callback(lambda _: self.politeness.end(host))
        task.add_done_callback(self._ended)
        self._polls[feed.id] = task
        self._hosts[feed.id] = host
        return True

    def _ended(self, task: asyncio.Task[PollRecord]) -> None:
        """Lets news be stored at once; a poll without any waits for others that end, unless all
        slots are taken and many of them by what has ended.
        """
        news = task.cancelled() or task.exception() or task.result().reports
        full = self.under_way >= AT_ONCE and self.under_way - self.at_work >= _MOST_ENDED
        if news or full:
            self._wakeup.ring()
        elif self._breath is None:
            loop = asyncio.get_running_loop()
            self._breath = loop.call_later(self.breath, self._wakeup.ring)

    def _breathe(self) -> None:
        if self._breath is not None:
            self._breath.cancel()
            self._breath = None

    async def _store(self) -> None:
        """Stores what polls that ended found. While that fails no other poll begins: what was
        fetched is kept, and no host is asked for what could not be kept.
        """
        self._breathe()
        ended = [feed_id for feed_id, task in self._polls.items() if task.done()]
        for feed_id in ended:
            self._unstored.append(self._polls.pop(feed_id).result())
            self._slots.leave(feed_id)
        if not self._unstored:
            return
        try:
            stored = await self.feeds.record(self._unstored, self.now())
        except Exception as error:
            if is_down(error):
                raise
            log.exception("polls could not be stored together; they are stored one by one")
            stored = await self._store_apart()
        self._unstored.clear()
        self._hosts = {feed_id: self._hosts[feed_id] for feed_id in self._polls}
        if stored:
            crash_points.point("stored")
            self.metrics.reports.inc(stored)
            self.desk.ring()

    async def _store_apart(self) -> int:
        """Stores polls one by one: a feed whose words cannot be stored must stop no other."""
        stored = 0
        for record in list(self._unstored):
            try:
                stored += await self.feeds.record([record], self.now())
            except Exception as error:
                if is_down(error):
                    raise
                log.exception("what a feed sent cannot be stored", feed=record.feed.id)
                self.metrics.set_aside.labels(Queue.POLLS).inc()
                await self._store_failure(record.feed)
            self._unstored.remove(record)
        return stored

    async def _store_failure(self, polled: Feed) -> None:
        """Stores that a feed failed, so that it is not asked again at once."""
        reason = because(Code.UNSTORABLE)
        feed = await self.feeds.get(polled.id)
        if feed is None or feed.url != polled.url:
            return
        failed = self._failed(feed, reason)
        try:
            await self.feeds.record([failed], self.now())
        except Exception as error:
            if is_down(error):
                raise
            await self.feeds.put_off(feed.id, failed.feed.poll_at, reason, self.now())

    async def _seconds_to_next(self, looked_at: float) -> float:
        """Until a feed becomes due or a host free. What is due and was not started waits for a
        host or for a poll to end, which rings.
        """
        if len(self._polls) >= AT_ONCE:
            return _LOOK_AGAIN_SECONDS
        if not self.part.held:
            return _LOOK_AGAIN_SECONDS
        next_at = await self.feeds.next_poll_at(looked_at, self.part.slots)
        times = (next_at, self.politeness.next_free_at(looked_at))
        waits = [at - self.now() for at in times if at is not None]
        return max(min([*waits, _LOOK_AGAIN_SECONDS]), _TICK_SECONDS)

    async def _poll(self, feed: Feed, pushed: Fetched | None = None) -> PollRecord:
        began = self.now()
        try:
            if pushed:
                return await self._documents.pushed(feed, pushed)
            outcome = await self.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
            record = await self._take(feed, outcome)
            kind = type(outcome).__name__.lower()
        except NotAFeed as error:
            record, kind = self._failed(replace(feed, gone_at=None), error.why), "notafeed"
        except Exception:
            log.exception("a poll failed unexpectedly", feed=urls.without_credentials(feed.url))
            record, kind = self._failed(feed, because(Code.POLL_FAILED)), "error"
        self.metrics.polls.labels(kind).inc()
        return record if self.part.slots is None else replace(record, began_at=began)

    async def _take(self, feed: Feed, outcome: FetchOutcome) -> PollRecord:
        if self._is_ours(feed, outcome):
            at = schedule.while_cut_off(self.now(), self.chance())
            return PollRecord(replace(feed, poll_at=at))
        match outcome:
            case Fetched():
                return await self._follow_move(
                    await self._documents.read(feed, outcome, host_key(feed.url))
                )
            case NotModified():
                return await self._follow_move(self._documents.unchanged(feed, outcome))
            case Gone():
                return self._gone(feed)
            case TryLater(seconds=seconds, reason=reason, host=host):
                at = schedule.after_try_later(self.now(), seconds, self.chance())
                until, own = self.now() + seconds, host_key(feed.url)
                platform = host in (None, own) and self.politeness.pause(own, until)
                since = feed.failing_since if feed.failing_since is not None else self.now()
                waiting = replace(feed, poll_at=at, error=reason, gone_at=None, failing_since=since)
                return PollRecord(waiting, host_rests_until=until if platform else None)
            case Failed(reason=reason, status=status):
                # Without an answer nothing is known of what the host says.
                gone_at = feed.gone_at if status is None else None
                return self._failed(replace(feed, gone_at=gone_at), reason)

    def _is_ours(self, feed: Feed, outcome: FetchOutcome) -> bool:
        """Whether a feed could not be reached because this machine reaches nobody."""
        now, was = self.now(), self.connectivity.is_cut_off(self.now())
        if isinstance(outcome, Failed) and outcome.unreached:
            self.connectivity.silent(host_key(feed.url), now)
        elif not (isinstance(outcome, Failed) and outcome.refused):
            self.connectivity.heard(now)
        cut_off = self.connectivity.is_cut_off(now)
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
            found = await self._reader.read(feed.id, outcome)
        except NotAFeed:
            return False
        if not move.hinted:
            return True
        document = entry_keys_of(found.entries)
        memory = await self.feeds.recall(feed.id, keys_to_recall(document))
        return moves.is_the_same(document, memory.keys())

    def _gone(self, feed: Feed) -> PollRecord:
        """410 is believed when it is said twice with time between: hosts say it by mistake too."""
        now = self.now()
        first = now if feed.gone_at is None else feed.gone_at
        believed = now - first >= schedule.GONE_APART_SECONDS
        why = because(Code.GONE if believed else Code.GONE_ONCE)
        record = self._failed(replace(feed, gone_at=first), why)
        at = schedule.after_gone(now, self.chance())
        return replace(record, feed=replace(record.feed, suspended=believed, poll_at=at))

    def _failed(self, feed: Feed, reason: Why) -> PollRecord:
        failures = feed.failures + 1
        at = schedule.after_failure(self.now(), failures, self.bounds, self.chance())
        log.info("a poll failed", feed=urls.without_credentials(feed.url), reason=str(reason))
        since = feed.failing_since if feed.failing_since is not None else self.now()
        return PollRecord(
            replace(feed, failures=failures, failing_since=since, error=reason, poll_at=at)
        )
