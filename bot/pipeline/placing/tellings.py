"""When and how each chat is told of what was placed: by its wishes, and by how much it was told."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from msgspec.structs import replace

from bot.loops import Now
from bot.news.chat import Habits, Topic
from bot.news.outbox import DeliveryState, Placement, Ring, Ripe, Telling
from bot.news.telling.hours import day_began
from bot.news.telling.timing import telling
from bot.news.why import Code, because
from bot.pipeline.placing.audience import AudienceIndex
from storage.chats.chats import Chats
from storage.delivery.digests import Digests
from storage.errors import is_down

log = structlog.get_logger(__name__)


@dataclass
class ToldToday:
    """How much chats were told today; asked only for those that set a limit."""

    chats: Chats
    now: float
    _counts: dict[int, dict[int | None, int]] = field(default_factory=dict)

    async def by(
        self, chat_id: int, habits: Habits, topics: Sequence[Topic]
    ) -> Mapping[int | None, int]:
        """Alerts of the chat's local day, under None, and of each topic by its id."""
        if not habits.cap and not any(topic.options.cap for topic in topics):
            return {}
        if chat_id not in self._counts:
            since = day_began(habits.timezone, self.now)
            self._counts[chat_id] = await self.chats.told_since(chat_id, since)
        return self._counts[chat_id]

    def one_more(self, chat_id: int, topic_ids: Sequence[int]) -> None:
        """Counts what was decided a moment ago and is not stored yet."""
        if counts := self._counts.get(chat_id):
            for key in (None, *topic_ids):
                counts[key] = counts.get(key, 0) + 1


@dataclass(kw_only=True)
class Tellings:
    """Decides how chats are told, for a desk and its audience."""

    chats: Chats
    digests: Digests
    audience: AudienceIndex
    now: Now

    def today(self) -> ToldToday:
        """What chats were told today, for one batch of decisions."""
        return ToldToday(self.chats, self.now())

    async def told(self, placement: Placement, told: ToldToday) -> Placement:
        """The placement with when and how each chat is told."""
        if not placement.rings:
            return placement
        opens = placement.story_id == placement.report_id
        rings = tuple([await self._plan(ring, told, opens=opens) for ring in placement.rings])
        await asyncio.sleep(0)  # others work between two reports
        return replace(placement, rings=rings)

    async def planned(self, placements: list[Placement]) -> list[Placement]:
        """The placements with when and how each chat is told."""
        told = self.today()
        return [await self.told(placement, told) for placement in placements]

    async def _plan(self, ring: Ring, told: ToldToday, *, opens: bool) -> Ring:
        if ring.kept_by:
            return ring
        try:
            return await self._as_wished(ring, told, opens=opens)
        except Exception as error:
            if is_down(error):
                raise
            # One chat's wishes must not keep news from the others; where we are unsure, we ring.
            log.exception("a chat's wishes cannot be followed", chat=ring.chat_id)
            return replace(ring, telling=Telling(DeliveryState.PENDING))

    async def _as_wished(self, ring: Ring, told: ToldToday, *, opens: bool) -> Ring:
        habits = self.audience.habits(ring.chat_id)
        topics = [self.audience.topics[topic] for topic in ring.topic_ids]
        counts = await told.by(ring.chat_id, habits, topics)
        # A story is told by one report when it rings first; those that join it ripen.
        plan = telling(habits, topics, ring.subscribed, 1, counts, self.now())
        # What joins a story was told with it, mostly: to count it again would keep other news.
        if plan.state is DeliveryState.PENDING and opens:
            told.one_more(ring.chat_id, ring.topic_ids)
        return replace(ring, telling=plan)

    async def ripen(self, story_ids: Collection[int] | None) -> bool:
        """Decides anew what waited for more sources of these stories, or of any, or is held unless
        many carry it; returns whether there was any.
        """
        told = self.today()
        plans = []
        for ripe in await self.digests.ripe(story_ids, self.now()):
            try:
                if plan := await self._ripened(ripe, told):
                    plans.append((ripe.delivery_id, plan))
            except Exception as error:
                if is_down(error):
                    raise
                # It is told with its digest, or ends as what waited in vain.
                log.exception("what waits cannot be decided anew", delivery=ripe.delivery_id)
        if plans:
            await self.digests.replan(plans, self.now())
        return bool(plans)

    async def _ripened(self, ripe: Ripe, told: ToldToday) -> Telling | None:
        """How what waited is told now; None where it waits on. A mute ends, and whoever tells more
        of the story then has it decided anew.
        """
        habits = self.audience.habits(ripe.chat_id)
        topics = self.audience.awake(ripe.topic_ids, self.now())
        if self.audience.is_gone(ripe):
            return Telling(DeliveryState.DEAD, reason=because(Code.TOPICS_REMOVED))
        if self.audience.is_muted(ripe, topics, self.now()):
            return None
        counts = await told.by(ripe.chat_id, habits, topics)
        plan = telling(habits, topics, ripe.subscribed, ripe.sources, counts, self.now())
        if plan.state is DeliveryState.PENDING:
            told.one_more(ripe.chat_id, ripe.topic_ids)
        return plan
