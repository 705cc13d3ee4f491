"""Poll: due feeds are fetched and parsed, and what is new is stored as reports.

A feed's new state and its reports go into one transaction; a crash before it means that the feed
is polled again, with its old state. One slow feed keeps nobody else waiting.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial

import structlog
from msgspec.structs import replace

from bot import crash_points
from bot.feeds.fetching.fetch import Fetched
from bot.loops import Bell, Now, Stop
from bot.metrics import Metrics
from bot.news.feed import Feed, PollRecord, StoredPolls
from bot.news.members import slot_of_host
from bot.news.polling.connectivity import Connectivity
from bot.news.polling.politeness import GAP_SECONDS, Politeness, host_key
from bot.news.polling.push import after_push
from bot.news.polling.quota import ALERTS_OF_A_FEED
from bot.news.polling.schedule import Bounds
from bot.news.polling.slots import AT_ONCE, Slots
from bot.news.text import urls
from bot.news.why import Code, NotAFeed, because
from bot.pipeline.membership import Part
from bot.pipeline.polling.articles import Articles
from bot.pipeline.polling.documents import Documents
from bot.pipeline.polling.offers import DocumentReader, Offers, Parse
from bot.pipeline.polling.poll_outcomes import Fetch, PollOutcomes
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
# News wait this long, where other polls are under way: within it they may end too.
_NEWS_BREATH_SECONDS = 0.02
# What becomes due within this time is asked for together, and not feed by feed: also where polls
# end meanwhile, unless they leave a slot to what waits for one.
_TICK_SECONDS = 0.25


@dataclass(kw_only=True)
class Poller:
    """Keeps as many polls under way as there are slots, and no host closer than politeness allows.
    `chance` gives numbers from 0 to 1; `visit` fetches where a feed says it has moved
    to, at the pace of visits. Polls without news wait `breath` seconds for others that end, those
    with news no longer than `news_breath`. `part` says whose feeds, by their hosts, are this
    process's.
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
    news_breath: float = _NEWS_BREATH_SECONDS
    part: Part = field(default_factory=Part)

    def __post_init__(self) -> None:
        self._wakeup = self.stop.wakeup()
        self._polls: dict[int, asyncio.Task[PollRecord]] = {}
        self._hosts: dict[int, str] = {}
        self._slots = Slots()
        reader = DocumentReader(self.parse, self._slots, self.now)
        self._offers = Offers(self._slots, self.now)
        self._documents = Documents(
            feeds=self.feeds,
            reader=reader,
            bounds=self.bounds,
            now=self.now,
            chance=self.chance,
            is_ours=self.politeness.is_ours,
            articles=self.articles,
        )
        self._outcomes = PollOutcomes(
            feeds=self.feeds,
            reader=reader,
            documents=self._documents,
            visit=self.visit or self.fetch,
            bounds=self.bounds,
            now=self.now,
            chance=self.chance,
            politeness=self.politeness,
            connectivity=self.connectivity,
        )
        self._unheeded = 0  # polls that ended and stand among the others still
        self._news_wait = False  # whether one of these has news
        self._unstored: list[PollRecord] = []
        self._breath: asyncio.TimerHandle | None = None
        self._looked_at = 0.0
        self._started_at = 0.0  # when it was last asked what is due
        self._look = True  # whether it is to be asked again before a tick has passed

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
        wait = self._rest_of_tick(now)
        if not wait:
            await self._start_due(now)
            self._started_at, self._look = now, len(self._polls) >= AT_ONCE
            wait = await self._seconds_to_next(now)
        if not await self._wakeup.wait(wait):
            self._look = True

    def offer(self, feed_id: int, document: Fetched) -> bool:
        """Takes what a hub pushed of a feed; False if too much waits already."""
        taken = self._offers.put(feed_id, document)
        if taken:
            self._wakeup.ring()
        return taken

    def look_again(self) -> None:
        """Has it looked now whether a feed is due."""
        self._look = True
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
        return len(self._polls) - self._unheeded

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
        while offered := self._offers.take():
            feed_id, document, _ = offered
            started = False
            try:
                started = await self._start_pushed(feed_id, document)
            except Exception as error:
                if is_down(error):
                    self._offers.give_back(offered)
                raise
            finally:
                # A slot that no poll will leave keeps its feed from ever being polled.
                if not started:
                    self._slots.leave(feed_id)

    async def _start_pushed(self, feed_id: int, document: Fetched) -> bool:
        """Begins to read what was pushed of a feed; False where that is not to be read here."""
        feed = await self.feeds.get(feed_id)
        if feed is None:
            return False
        if not self.part.has(slot_of_host(host_key(feed.url))):
            # Another process has its host since, and reads what is new there.
            await self._leave_to_another(feed)
            return False
        with on_behalf_of(self._slots.whose(feed_id)):
            task = asyncio.create_task(self._poll(feed, document))
        task.add_done_callback(partial(self._ended, feed_id))
        self._polls[feed_id] = task
        self._hosts[feed_id] = host_key(feed.url)
        return True

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
        without_costly = slots.without_room_for_costly()
        return await self.feeds.due_guests(
            now,
            AT_ONCE,
            self.politeness.busy(now),
            slots.passed_over(guests=True),
            slots.without_room(),
            slots.served,
            self.part.slots,
            slots.costly() if without_costly else (),
            without_costly,
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
        task.add_done_callback(partial(self._asked, feed.id, host))
        self._polls[feed.id] = task
        self._hosts[feed.id] = host
        return True

    def _asked(self, feed_id: int, host: str, task: asyncio.Task[PollRecord]) -> None:
        """A poll that asked a host has ended."""
        self.politeness.end(host)
        self._ended(feed_id, task)

    def _ended(self, feed_id: int, task: asyncio.Task[PollRecord]) -> None:
        """Lets a poll be stored with others that end within a breath: at once where news wait for
        none that is under way, or where all slots are taken and many of them by what has ended.
        """
        failed = task.cancelled() or task.exception() is not None
        if self._polls.get(feed_id) is task:
            self._unheeded += 1
        self._news_wait = self._news_wait or (not failed and bool(task.result().reports))
        full = self.under_way >= AT_ONCE and self._unheeded >= _MOST_ENDED
        if failed or full or (self._news_wait and not self.at_work):
            self._wakeup.ring()
        else:
            self._ring_within(
                min(self.breath, self.news_breath) if self._news_wait else self.breath
            )

    def _ring_within(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        at = loop.time() + seconds
        if self._breath is None or self._breath.when() > at:
            self._breathe()
            self._breath = loop.call_at(at, self._wakeup.ring)

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
        self._unheeded, self._news_wait = 0, False
        for feed_id in ended:
            task = self._polls.pop(feed_id)
            self._slots.leave(feed_id)
            self._unstored.append(self._outcomes.after_pause(self._hosts[feed_id], task.result()))
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
        for feed in stored.too_loud:
            log.warning(
                "a feed rings too much; what is over goes without ringing until it writes less",
                feed=urls.without_credentials(feed.url),
                an_hour=ALERTS_OF_A_FEED,
            )
        if stored.reports:
            crash_points.point("stored")
            self.metrics.reports.inc(stored.reports)
            self.desk.ring()

    async def _store_apart(self) -> StoredPolls:
        """Stores polls one by one: a feed whose words cannot be stored must stop no other."""
        reports, too_loud = 0, list[Feed]()
        for record in list(self._unstored):
            try:
                stored = await self.feeds.record([record], self.now())
                reports += stored.reports
                too_loud += stored.too_loud
            except Exception as error:
                if is_down(error):
                    raise
                log.exception("what a feed sent cannot be stored", feed=record.feed.id)
                self.metrics.set_aside.labels(Queue.POLLS).inc()
                await self._store_failure(record.feed)
            self._unstored.remove(record)
        return StoredPolls(reports, tuple(too_loud))

    async def _store_failure(self, polled: Feed) -> None:
        """Stores that a feed failed, so that it is not asked again at once."""
        reason = because(Code.UNSTORABLE)
        feed = await self.feeds.get(polled.id)
        if feed is None or feed.url != polled.url:
            return
        failed = self._outcomes.failed(feed, reason)
        try:
            await self.feeds.record([failed], self.now())
        except Exception as error:
            if is_down(error):
                raise
            await self.feeds.put_off(feed.id, failed.feed.poll_at, reason, self.now())

    def _rest_of_tick(self, now: float) -> float:
        """Seconds for which nobody asks what is due: it was asked a moment ago, and there was room
        for all of it.
        """
        passed = now - self._started_at
        return 0.0 if self._look or passed < 0 else max(min(_TICK_SECONDS, self.breath) - passed, 0)

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
            record = await self._outcomes.take(feed, outcome)
            kind = type(outcome).__name__.lower()
        except NotAFeed as error:
            record, kind = self._outcomes.failed(replace(feed, gone_at=None), error.why), "notafeed"
        except Exception:
            log.exception("a poll failed unexpectedly", feed=urls.without_credentials(feed.url))
            record, kind = self._outcomes.failed(feed, because(Code.POLL_FAILED)), "error"
        self.metrics.polls.labels(kind).inc()
        return record if self.part.slots is None else replace(record, began_at=began)
