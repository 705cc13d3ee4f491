"""Desk: each report in its turn. Which story does it tell, and who wants to hear it?

Story, matches and outbox rows are written in one transaction, so a crash leaves a report either
unplaced or wholly placed. A story's id is the id of the report that opened it: placing the same
reports again after a failure gives the same stories.
"""

import asyncio
from dataclasses import dataclass, field, replace

import structlog

from bot.errors import QueryError
from bot.loops import Now, Stop, Wakeup
from bot.metrics import Metrics
from bot.news.changes import is_substantial
from bot.news.chat import Audience, Subscription, Topic
from bot.news.clustering import STORY_THRESHOLD, WINDOW_SECONDS, Clusterer, Sighting, Verdict
from bot.news.outbox import Placement, Ring
from bot.news.query import Text
from bot.news.query_reader import parse_query
from bot.news.story import Report
from bot.news.text import fold_title
from bot.news.topics import TopicIndex
from storage.interface import Chats, StorageError, Stories

log = structlog.get_logger(__name__)

_BATCH = 50
_REBUILT_AT_ONCE = 50
_LOOK_AGAIN_SECONDS = 5.0
_LATE_SECONDS = 86_400.0


@dataclass
class Lens:
    """What all chats asked for, ready to be asked about a text."""

    version: int = -1
    _index: TopicIndex[int] = field(default_factory=TopicIndex)
    _topics: dict[int, Topic] = field(default_factory=dict)
    _subscriptions: dict[int | None, list[Subscription]] = field(default_factory=dict)

    def update(self, audience: Audience) -> None:
        """Takes in what changed; queries that stayed are not read again."""
        for topic in audience.topics:
            known = self._topics.get(topic.id)
            if known is None or known.query != topic.query:
                self._add(topic)
        self._topics = {topic.id: topic for topic in audience.topics}
        self._index.keep_only(self._topics)
        self._subscriptions = {}
        for subscription in audience.subscriptions:
            self._subscriptions.setdefault(subscription.feed_id, []).append(subscription)
        self.version = audience.version

    def _add(self, topic: Topic) -> None:
        try:
            self._index.add(topic.id, parse_query(topic.query))
        except QueryError as error:
            # Checked when it was followed; an older version may have read more than this one.
            log.warning("a stored topic cannot be read", topic=topic.id, error=str(error))

    def rings(self, report: Report, text: Text, now: float) -> tuple[Ring, ...]:
        """Who wants this report: one ring a chat and thread, naming the topics that match."""
        wanted: dict[tuple[int, int], tuple[list[int], set[str]]] = {}
        for feed_id in (None, report.feed_id):
            for subscription in self._subscriptions.get(feed_id, ()):
                wanted.setdefault((subscription.chat_id, subscription.thread_id), ([], set()))
        for found in self._index.match(text):
            topic = self._topics[found.topic]
            if topic.muted_until <= now:
                ids, terms = wanted.setdefault((topic.chat_id, topic.thread_id), ([], set()))
                ids.append(topic.id)
                terms.update(found.terms)
        return tuple(
            Ring(chat_id, thread_id, tuple(sorted(ids)), tuple(sorted(terms)))
            for (chat_id, thread_id), (ids, terms) in wanted.items()
        )


@dataclass
class Desk:
    """Places reports. One desk works on a database at a time."""

    stories: Stories
    chats: Chats
    now: Now
    stop: Stop
    wakeup: Wakeup
    outbox: Wakeup
    metrics: Metrics
    threshold: float = STORY_THRESHOLD
    _lens: Lens = field(default_factory=Lens)
    _clusterer: Clusterer | None = None

    async def step(self) -> None:
        """Places the next reports, or waits for some."""
        reports = await self.stories.unplaced(_BATCH)
        if not reports:
            await self.wakeup.wait(_LOOK_AGAIN_SECONDS)
            return
        if self._lens.version != await self.chats.audience_version():
            self._lens.update(await self.chats.audience())
        if apart := [report for report in reports if report.apart]:
            await self._open_apart(apart)
            return
        clusterer = self._clusterer or await self._open_window()
        placements = [self._place(report, clusterer) for report in reports]
        placements = [
            replace(placement, update=await self._is_update(report, placement))
            for report, placement in zip(reports, placements, strict=True)
        ]
        try:
            enqueued = await self.stories.place(placements, self.now())
        except StorageError:
            # The window may know a story that the database no longer has: both begin anew.
            self._clusterer = None
            log.exception("a batch could not be placed; each report becomes a story of its own")
            enqueued = await self._place_apart(placements)
        self.metrics.stories.inc(sum(p.story_id == p.report_id for p in placements))
        if enqueued or any(p.story_id != p.report_id for p in placements):
            self.metrics.alerts.inc(enqueued)
            self.outbox.ring()

    async def _open_apart(self, reports: list[Report]) -> None:
        """Gives reports that people took out of a story one of their own. The window learns it by
        being rebuilt, so that it knows them in the order in which a restart would.
        """
        self._clusterer = None
        placements = []
        for report in reports:
            placement = self._placement(report, Verdict(None, "taken out"))
            late = self.now() - report.seen_at > _LATE_SECONDS
            placements.append(replace(placement, rings=() if late else placement.rings))
        if await self.stories.place(placements, self.now()):
            self.outbox.ring()

    async def _is_update(self, report: Report, placement: Placement) -> bool:
        """Whether an outlet that told the story before now says what was not known."""
        if placement.story_id == report.id or report.quiet:
            return False
        before = await self.stories.told_title(placement.story_id, report.feed_id)
        return before is not None and is_substantial(before, report.title)

    async def _place_apart(self, placements: list[Placement]) -> int:
        """Places reports one by one, each as its own story: where we are unsure, we ring."""
        enqueued = 0
        for placement in placements:
            apart = replace(placement, story_id=placement.report_id, related_to=None)
            enqueued += await self.stories.place([apart], self.now())
        return enqueued

    async def _open_window(self) -> Clusterer:
        """Rebuilds the window from storage, in the order in which it was first built."""
        clusterer = Clusterer(self.threshold)
        window = await self.stories.window(self.now() - WINDOW_SECONDS)
        for number, (sighting, story_id) in enumerate(window):
            clusterer.remember(sighting, story_id)
            if number % _REBUILT_AT_ONCE == 0:
                await asyncio.sleep(0)  # the other loops go on meanwhile
        self._clusterer = clusterer
        return clusterer

    def _place(self, report: Report, clusterer: Clusterer) -> Placement:
        sighting = Sighting(
            report.canonical, fold_title(report.title, report.source), report.seen_at,
            report.title, report.summary, report.source, report.language, report.feed_id,
        )  # fmt: skip
        verdict = clusterer.judge(sighting)
        clusterer.remember(sighting, verdict.story or report.id)
        return self._placement(report, verdict)

    def _placement(self, report: Report, verdict: Verdict) -> Placement:
        story_id = verdict.story or report.id
        title_key = fold_title(report.title, report.source)
        text = Text(report.title, report.summary, report.source, report.language, report.link)
        rings = () if report.quiet else self._lens.rings(report, text, self.now())
        keys = " ".join(sorted(text.keys())) if story_id == report.id else ""
        return Placement(
            report.id, story_id, title_key, keys, rings, verdict.reason, verdict.related
        )
