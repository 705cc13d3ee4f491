"""Desk: each report in its turn. Which story does it tell, and who wants to hear it?

Story, matches and outbox rows are written in one transaction, so a crash leaves a report either
unplaced or wholly placed. A story's id is the id of the report that opened it: placing the same
reports again after a failure gives the same stories.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from msgspec.structs import replace

from bot import crash_points
from bot.across.neighbours import Neighbours
from bot.loops import Bell, Now, Stop, Wakeup
from bot.metrics import Metrics
from bot.news.outbox import Placement, Ring
from bot.news.query.match import StoryText, keys_of, text_of
from bot.news.retention import JUMP
from bot.news.stories.cards import packed
from bot.news.stories.changes import is_substantial
from bot.news.stories.clustering import STORY_THRESHOLD, Sighting, Verdict
from bot.news.stories.placing import Placer, ReportPlace
from bot.news.story import Report
from bot.news.telling.elsewhere import opening_of
from bot.news.text.plain import fold_title
from bot.pipeline.placing.archives import Archived, is_archived
from bot.pipeline.placing.audience import AudienceIndex
from bot.pipeline.placing.reopening import left, reopened
from bot.pipeline.placing.tellings import Tellings
from storage.aside import Queue
from storage.chats.chats import Chats
from storage.delivery.digests import Digests
from storage.errors import StorageError, is_down
from storage.stories.stories import Stories
from storage.stories.window import StoredWindow

log = structlog.get_logger(__name__)

_BATCH = 50
_QUIET_BATCH = 250
"""So many are placed at once of what nobody waits for, unless something else comes."""
_QUIET_BETWEEN_HOPS = 4
_LOOK_AGAIN_SECONDS = 5.0
_LATE_SECONDS = 86_400.0
_ACROSS_SECONDS = 0.3


@dataclass(kw_only=True)
class Desk:
    """Places reports. One desk works on a database at a time."""

    stories: Stories
    window: StoredWindow
    chats: Chats
    digests: Digests
    now: Now
    stop: Stop
    wakeup: Wakeup
    outbox: Bell
    metrics: Metrics
    threshold: float = STORY_THRESHOLD
    across: Neighbours | None = None
    _audience: AudienceIndex = field(default_factory=AudienceIndex)
    _placer: Placer | None = None
    _moved: int | None = None
    _recovered: bool = False
    _begins: bool = True
    _many_quiet: bool = False
    """Whether there was more than a batch that nobody is told of."""
    _kept: object = None

    def __post_init__(self) -> None:
        self._tellings = Tellings(
            chats=self.chats, digests=self.digests, audience=self._audience, now=self.now
        )

    async def step(self) -> None:
        """Places the next reports, or waits for some."""
        if not self._recovered:
            # A crash may have come between a report and what ripened by it.
            await self._look()
            if self._begins:
                await self.stories.try_again()
                self._begins = False
            if await self._tellings.ripen(None):
                self.outbox.ring()
            self._recovered = True
        await self._tell_late()
        reports = await self._next()
        if not reports:
            await self.wakeup.wait(_LOOK_AGAIN_SECONDS)
            return
        await self._look()
        if self._placer is not None and self._placer.is_out_of_date(self.now()):
            self._placer = None
        placer = self._placer or await self._open_window()
        await self._keep_circles(placer)
        if apart := [report for report in reports if report.apart]:
            await self._open_apart(apart, placer)
            return
        # Strangers' reports wait until there are none of the operator's.
        reports = [report for report in reports if not report.guest] or reports
        placements = await self._across(reports, await self._judged(reports, placer))
        # Until what ripens by them is decided too; an error in between is made good by this.
        self._recovered = False
        try:
            enqueued = await self.stories.place(placements, self.now())
        except Exception as error:
            # The window knows reports and stories that the database has not: both begin anew.
            self._placer = None
            if is_down(error):
                raise
            log.exception("a batch could not be placed; its reports are placed one by one")
            enqueued = await self._place_apart(placements)
        crash_points.point("placed")
        await self._let_go(placer)
        self.metrics.stories.inc(sum(p.story_id == p.report_id for p in placements))
        if enqueued or any(p.story_id != p.report_id or p.takes_in for p in placements):
            self.metrics.alerts.inc(enqueued)
            self.outbox.ring()
        joined = {p.story_id for p in placements if p.story_id != p.report_id or p.takes_in}
        if joined and await self._tellings.ripen(joined):
            self.outbox.ring()
        self._recovered = True

    async def end(self) -> None:
        """Leaves the window for the next start, unless it may know what the database does not."""
        if self._placer is not None and self._recovered:
            try:
                await left(self.window, self._placer, self._kept)
            except StorageError as error:
                log.warning("the window is not kept; the next start makes it", error=str(error))

    async def _next(self) -> list[Report]:
        """The next reports, more of them where nobody is told of any: what rings comes first."""
        most = _QUIET_BATCH if self._many_quiet else _BATCH
        reports = await self.stories.unplaced(most)
        self._many_quiet = len(reports) >= _BATCH and all(report.quiet for report in reports)
        if self._many_quiet and most == _BATCH:
            return await self.stories.unplaced(_QUIET_BATCH)
        return reports if self._many_quiet else reports[:_BATCH]

    async def _has_come(self, before: Report) -> bool:
        """Whether something is there that goes before a report of many that are quiet: what polls
        bring for the first time rings the bell too, and waits behind it.
        """
        if not self.wakeup.rung:
            return False
        await self.wakeup.wait(0)
        first = await self.stories.unplaced(1)
        return not (first and first[0].quiet and first[0].guest == before.guest)

    async def _look(self) -> None:
        """Takes in what chats changed; a topic may ask for fewer sources now. The window begins
        anew where the feeds that it knows are others now.
        """
        if self._audience.version != await self.chats.audience_version():
            await self._audience.update(await self.chats.audience(self._audience.version))
        if self._moved != (moved := await self.stories.moved_version()):
            self._moved, self._placer = moved, None

    async def _keep_circles(self, placer: Placer) -> None:
        """Lets the window go on with the clock, and guests with who follows them now."""
        placer.wait(self.now())
        for feed_id in self._audience.refollowed:
            for _ in placer.circles.moving(feed_id, self._audience.followers(feed_id)):
                await asyncio.sleep(0)
        self._audience.refollowed.clear()
        await self._let_go(placer)

    async def _let_go(self, placer: Placer) -> None:
        """Notes what others crowded out of the window, which a restart would hold again."""
        if (numbers := placer.circles.crowded_out()) and self._placer is placer:
            await self.window.let_go(numbers)

    async def _judged(self, reports: Sequence[Report], placer: Placer) -> list[Placement]:
        """What becomes of reports, in their order; without those that cannot be judged, which are
        set aside. Many that are quiet are left for later where something new comes meanwhile.
        """
        told = self._tellings.today()
        archived = await Archived.among(reports, self.stories)
        judged: list[Placement] = []
        for number, report in enumerate(reports):
            if number and number % _BATCH == 0 and await self._has_come(report):
                break
            if not report.quiet or number % _QUIET_BETWEEN_HOPS == 0:
                await asyncio.sleep(0)  # others work between two reports
            try:
                if is_archived(report):
                    placement = await self._placement(report, archived.place(report))
                else:
                    placement = await self._place(report, placer)
                update = await self._is_update(report, placement)
                placement = replace(placement, update=update) if update else placement
                judged.append(await self._tellings.told(placement, told))
            except Exception as error:
                # The window may know it already: no later batch may join it. What joins it in this
                # one has no place there, and opens a story of its own.
                self._placer = None
                await self._set_aside(report.id, error)
        return judged

    async def _across(
        self, reports: Sequence[Report], placements: list[Placement]
    ) -> list[Placement]:
        """The placements with earlier stories that are the same in another language. What guests
        tell is for their followers, and is neither asked for nor named.
        """
        if self.across is None:
            return placements
        of = {report.id: report for report in reports if not report.guest}
        for each in placements:
            opens = each.placing and each.story_id == each.report_id
            if opens and (report := of.get(each.report_id)):
                rings = any(not ring.kept_by for ring in each.rings)
                (self.across.ask if rings else self.across.learn)(opening_of(report))
        found = await self.across.found(_ACROSS_SECONDS)
        placements = [replace(p, elsewhere=found.pop(p.report_id, None)) for p in placements]
        await self._tell_elsewhere(found)
        return placements

    async def _tell_late(self) -> None:
        """Has alerts edited that could not wait for what was found since."""
        if self.across is not None:
            await self._tell_elsewhere(await self.across.found(0))

    async def _tell_elsewhere(self, found: Mapping[int, int]) -> None:
        if found:
            await self.stories.tell_elsewhere(found, self.now())
            self.outbox.ring()

    async def _set_aside(self, report_id: int, error: Exception) -> None:
        """Keeps a report for which there is no place out of the way of those behind it."""
        if is_down(error):
            raise error
        log.exception("a report cannot be placed; it is set aside", report=report_id)
        await self.stories.set_aside(report_id, f"{type(error).__name__}: {error}", self.now())
        self.metrics.set_aside.labels(Queue.REPORTS).inc()

    async def _open_apart(self, reports: list[Report], placer: Placer) -> None:
        """Gives reports that people took out of a story one of their own. The window learns it by
        being rebuilt, so that it knows them in the order in which a restart would.
        """
        self._placer = None
        placements = []
        for report in reports:
            where = ReportPlace(Verdict(None, "taken out"), report.id, placer.next_number())
            try:
                placement = await self._placement(report, where)
            except Exception as error:
                await self._set_aside(report.id, error)
                continue
            late = self.now() - report.seen_at > _LATE_SECONDS
            placements.append(replace(placement, rings=() if late else placement.rings))
        if await self._place_apart(await self._tellings.planned(placements)):
            self.outbox.ring()

    async def _is_update(self, report: Report, placement: Placement) -> bool:
        """Whether an outlet that told the story before now says what was not known."""
        if placement.story_id == report.id or report.quiet:
            return False
        before = await self.stories.told_title(placement.story_id, report.feed_id)
        return before is not None and is_substantial(before, report.title)

    async def _place_apart(self, placements: list[Placement]) -> int:
        """Places reports one by one. One that has no place where it was to go becomes a story of
        its own: where we are unsure, we ring. One that has no place at all is set aside.
        """
        enqueued = 0
        for placement in placements:
            apart = replace(
                placement, story_id=placement.report_id, related_to=None, takes_in=(), doubted=(),
                doubtful=False, beside=(),
            )  # fmt: skip
            for each in (placement, apart):
                try:
                    enqueued += await self.stories.place([each], self.now())
                    break
                except Exception as error:
                    if is_down(error) or each is apart:
                        await self._set_aside(placement.report_id, error)
        return enqueued

    async def _open_window(self) -> Placer:
        """Rebuilds the window from storage, as if this process had placed all that is there."""
        self._placer, self._kept = await reopened(
            self.window, self.threshold, self.now(), self._audience.followers
        )
        self._audience.refollowed.clear()
        return self._placer

    async def _place(self, report: Report, placer: Placer) -> Placement:
        # Of a clock that was ahead: by its time all others would be too old for the window.
        at = min(report.seen_at, self.now() + JUMP)
        sighting = Sighting(
            report.canonical, fold_title(report.title, report.source), at,
            report.title, report.summary, report.source, report.language, report.feed_id,
        )  # fmt: skip
        if report.guest:
            where = placer.place_guest(
                sighting, report.id, self._audience.followers(report.feed_id)
            )
        else:
            where = placer.place(sighting, report.id)
        return await self._placement(report, where)

    async def _placement(self, report: Report, where: ReportPlace) -> Placement:
        story_id, keys = where.story, ""
        rings: tuple[Ring, ...] = ()
        opens = story_id == report.id
        if not report.quiet:
            text = text_of(report)
            rings = await self._rings(report, text)
            keys = " ".join(text.keys()) if opens else ""
        elif opens:
            keys = " ".join(keys_of(report))
        return Placement(
            report.id, story_id, keys, rings, where.verdict.reason,
            where.verdict.related, placing=where.number, takes_in=where.takes_in,
            doubted=where.doubted, doubtful=where.doubtful,
            terms=packed(where.card) if where.card else "", beside=where.beside,
        )  # fmt: skip

    async def _rings(self, report: Report, text: StoryText) -> tuple[Ring, ...]:
        """Who wants a report."""
        matching = await self._audience.matching(text)
        rings = self._audience.rings(report, text, self.now(), matching)
        await asyncio.sleep(0)  # others work between two reports
        return rings
