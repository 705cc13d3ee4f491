"""Deliver: what is due is claimed, rendered, sent at the pace Telegram allows, and settled.

A delivery is `sending` on disk before it goes out, and what became of it is on disk before the
chat's next one is claimed. What cannot be settled (a full disk) stops new claims, and nothing is
sent that is not marked.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from msgspec.structs import asdict, replace

from bot import crash_points
from bot.delivery import outcome as outcomes
from bot.delivery.outcome import Outcome
from bot.delivery.pace import Lane, Pace
from bot.delivery.pictures import picture_of
from bot.delivery.render import Message
from bot.delivery.send import Address, Buttons, Manner, Sender, Tries
from bot.delivery.views import DeliveryView, locale_of, view_of
from bot.loops import Bell, Now, Outage, Stop, Wakeup
from bot.metrics import Metrics
from bot.news.members import slot_of_chat
from bot.news.outbox import Delivery, DeliveryKind, Due, EditRecord, Settlement, Unsure
from bot.news.telling.hours import quiet_until
from bot.news.why import Code, because
from bot.pipeline.membership import Part
from bot.pipeline.settlement import edit_record, settlement
from bot.texts.html import escape
from bot.texts.said import Said, say
from storage.aside import Queue
from storage.chats.threads import Threads
from storage.delivery.outbox import BEFORE_ALL, Outbox
from storage.delivery.schedules import Schedules

log = structlog.get_logger(__name__)

_AT_ONCE = 96
_TO_CHOOSE_FROM = 2
# In a burst a few answers are waited for, so that one transaction settles and claims many.
_MANY, _GATHER_SECONDS = 48, 0.01
_LEASE_SECONDS = 180.0
_LOOK_AGAIN_SECONDS = 5.0
_SOON_SECONDS = 0.5
_SHORTEST_WAIT_SECONDS = 0.002
_CLOCK_BACK_SECONDS = 5.0
_GROUPS_BEFORE = 0  # ids of private chats are greater


@dataclass(kw_only=True)
class Deliverer:
    """Keeps up to `_AT_ONCE` messages under way, one a chat, so that a chat's order is kept.

    `buttons` are what stands under a delivery; `check` refuses addresses of pictures. `part` says
    which chats are this process's, `may_begin` whether it may begin anything; `number` is its own
    among those that share, and `pace_bell` tells them of a penalty; `telegram` says that it is
    away.
    """

    outbox: Outbox
    schedules: Schedules
    threads: Threads
    sender: Sender
    now: Now
    stop: Stop
    wakeup: Wakeup
    metrics: Metrics
    resend_unknown: bool
    on_token_refused: Callable[[str], None]
    buttons: Callable[[Delivery, DeliveryView], Buttons | None]
    check: Callable[[str], object]
    telegram: Outage
    part: Part = field(default_factory=Part)
    may_begin: Callable[[], bool] = lambda: True
    number: int = 0
    pace_bell: Bell = field(default_factory=Wakeup)
    _under_way: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _claiming: set[int] = field(default_factory=set)
    _ended: list[Settlement] = field(default_factory=list)
    _edited: list[EditRecord] = field(default_factory=list)
    _reclaimed_at: float = 0.0
    _looked_at: float = 0.0
    _last_chat: int = BEFORE_ALL

    async def step(self) -> None:
        """Settles what ended, claims and starts what may go, and waits for either."""
        if len(self._under_way) > _MANY:
            await asyncio.sleep(_GATHER_SECONDS)
        await self._look_at_the_clock()
        await self._settle()
        await self._reclaim()
        started = await self._start_some()
        if not started + await self._start_edits():
            await self.wakeup.wait(await self._seconds_to_next())

    def busy(self) -> set[int]:
        """The slots of chats of which something is under way, or not on disk yet."""
        chats = {*self._under_way, *self._claiming, *self.sender.pace.unstored()}
        chats |= {ended.chat_id for ended in self._ended}
        chats |= {edited.chat_id for edited in self._edited}
        return set(map(slot_of_chat, chats))

    async def gain(self, slots: Collection[int]) -> None:
        """Goes on with the chats of these slots, which nobody has any more: what is `sending` there
        was under way in a process that is dead.
        """
        now = self.now()
        found = await self.outbox.recover(self.resend_unknown, now, slots)
        if found != Unsure():
            log.warning("another process ended while sending", **asdict(found))
            self._count(found)
        self.sender.pace.gain(await self.schedules.load(now, slots), now)

    async def _look_at_the_clock(self) -> None:
        """What waits must not wait for a clock that went back."""
        now, back = self.now(), self._looked_at - self.now()
        self._looked_at = now
        if back > _CLOCK_BACK_SECONDS:
            log.warning("the clock went back", seconds=round(back))
            self.sender.pace.set_back(back)
            await self.schedules.set_back(back, now)

    async def end(self, seconds: float) -> None:
        """Lets messages under way finish for some seconds; what is left is of unknown outcome."""
        tasks = list(self._under_way.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._settle()

    async def _settle(self) -> None:
        if self._edited:
            edited = list(self._edited)
            await self.outbox.record_edits(edited)
            del self._edited[: len(edited)]
        # First, so that a chat's message is not pending again before its penalty is on disk.
        if changed := self.sender.pace.to_store():
            known = await self.schedules.keep(*changed, self.now(), self.number)
            self.sender.pace.stored(*changed)
            if known != changed[1]:
                self.sender.pace.take_in(known, None, self.now())
            self.pace_bell.ring()
        if self._ended:
            settled = list(self._ended)
            self._count(await self.outbox.settle(settled, self.resend_unknown))
            crash_points.point("settled")
            if any(each.begun for each in settled):
                crash_points.point("begun")
            del self._ended[: len(settled)]

    def _count(self, unsure: Unsure) -> None:
        count_unsure(self.metrics, unsure)
        if unsure.given_up:
            log.warning("given up: nobody knows whether they arrived", messages=unsure.given_up)

    async def _reclaim(self) -> None:
        """Gives back claims that ran out; those under way here are not among them, however far
        the clock may have jumped.
        """
        now = self.now()
        if abs(now - self._reclaimed_at) < _LEASE_SECONDS:
            return
        self._reclaimed_at = now
        busy = [*self._under_way, *(settlement.chat_id for settlement in self._ended)]
        self._count(await self.outbox.reclaim(self.resend_unknown, now, busy, self.part.slots))

    async def _start_some(self) -> int:
        free = _AT_ONCE - len(self._under_way)
        now = self.now()
        if not self._may_start(free) or self.sender.pace.all_ready_at(now) > now:
            return 0
        pace = self.sender.pace
        busy = [*self._under_way, *pace.resting(now)]
        due = await self._due(now, busy, free * _TO_CHOOSE_FROM)
        chosen: dict[int, int] = {}
        for delivery in in_turn(due, pace)[:free]:
            chat_id = delivery.chat_id
            if self._is_ours(chat_id) and pace.ready_at(chat_id, now, lane_of(delivery)) <= now:
                pace.take(delivery.chat_id, delivery.chat_kind, now)
                chosen[delivery.delivery_id] = delivery.chat_id
        if not chosen:
            await self._look_for_a_probe(now)
            return 0
        return await self._claim(chosen, now)

    async def _due(self, now: float, busy: Collection[int], most: int) -> list[Due]:
        """What may be told to so many chats, which goes round: the chats of a long queue are not
        those that are looked at each time.
        """
        if self.sender.pace.paused():  # who may be probed is found first: a private chat
            return await self.outbox.due(now, busy, most, self.part.slots, _GROUPS_BEFORE)
        due = await self.outbox.due(now, busy, most, self.part.slots, self._last_chat)
        self._last_chat = due[-1].chat_id if len(due) >= most else BEFORE_ALL
        return due

    def _is_ours(self, chat_id: int) -> bool:
        """Whether a chat is this process's still: its slot may have been left since we asked."""
        return self.part.has(slot_of_chat(chat_id))

    def _may_start(self, free: int) -> bool:
        return not self.stop.wanted and free > 0 and self.part.held and self.may_begin()

    async def _look_for_a_probe(self, now: float) -> None:
        """Where all is paused, it may be that only refused chats have something to be told."""
        pace = self.sender.pace
        if not pace.paused() or self._under_way:
            return
        if not await self.outbox.due(now, pace.told_to_wait(now), 1):
            pace.nobody_to_probe(now)

    async def _claim(self, chosen: Mapping[int, int], now: float) -> int:
        """Claims deliveries to these chats and starts them; returns how many."""
        self._claiming = {*chosen.values()}
        try:
            claimed = await self.outbox.claim(list(chosen), now, _LEASE_SECONDS)
        finally:
            self._claiming = set()
        crash_points.point("claimed")
        for claim in claimed:
            task = asyncio.create_task(self._deliver(claim))
            self._under_way[claim.chat_id] = task
        for chat_id in {*chosen.values()} - {claim.chat_id for claim in claimed}:
            self.sender.pace.ended(chat_id, now)
        return len(claimed)

    async def _start_edits(self) -> int:
        """Edits go last, into what room the alerts have left."""
        free = _AT_ONCE - len(self._under_way)
        now = self.now()
        if not self._may_start(free) or self.sender.pace.all_ready_at(now, Lane.EDIT) > now:
            return 0
        # An edit that ended and is not recorded yet still looks due in the database.
        unrecorded = [record.chat_id for record in self._edited]
        busy = [*self._under_way, *self.sender.pace.resting(now), *unrecorded]
        started = 0
        for delivery in await self.outbox.due_edits(now, busy, free, self.part.slots):
            ready_at = self.sender.pace.ready_at(delivery.chat_id, now, Lane.EDIT)
            if self._is_ours(delivery.chat_id) and ready_at <= now:
                self.sender.pace.take(delivery.chat_id, delivery.chat_kind, now)
                task = asyncio.create_task(self._edit(delivery))
                self._under_way[delivery.chat_id] = task
                started += 1
        return started

    async def _edit(self, delivery: Delivery) -> None:
        outcome: Outcome = outcomes.Unknown(because(Code.EDIT_STOPPED))
        try:
            address = Address(delivery.chat_id, delivery.chat_kind, delivery.thread_id)
            view = view_of(delivery, self.now())
            manner = self._manner(delivery, view)
            outcome = await self.sender.revise(
                address, delivery.message_id or 0, view.message, manner
            )
            crash_points.point("edited")
        except Exception:
            log.exception("an edit failed unexpectedly", delivery=delivery.id)
            outcome = outcomes.Refused(because(Code.UNEXPECTED))
        finally:
            self._edited.append(edit_record(delivery, outcome, self.now()))
            del self._under_way[delivery.chat_id]
            self.metrics.edits.labels(type(outcome).__name__.lower()).inc()
            self.wakeup.ring()

    async def _seconds_to_next(self) -> float:
        if len(self._under_way) >= _AT_ONCE or not self.part.held:
            return _LOOK_AGAIN_SECONDS
        if not self.may_begin():
            return _SOON_SECONDS
        now = self.now()
        times = [now + _LOOK_AGAIN_SECONDS]
        if (ready := self.sender.pace.all_ready_at(now)) > now:
            # A penalty may be long, and the clock be put ahead meanwhile.
            return max(min(ready - now, _LOOK_AGAIN_SECONDS), _SHORTEST_WAIT_SECONDS)
        # Digests or edits may wait for room that alerts would have.
        if (opens := self.sender.pace.opens_at(now)) is not None:
            times.append(opens)
        times += self.sender.pace.resting(now).values()
        if (at := await self.outbox.next_due_at(now, self.part.slots)) is not None:
            times.append(at)
        return max(min(times) - now, _SHORTEST_WAIT_SECONDS)

    async def _deliver(self, delivery: Delivery) -> None:
        outcome: Outcome = outcomes.Unknown(because(Code.BOT_STOPPED))
        try:
            address = Address(delivery.chat_id, delivery.chat_kind, delivery.thread_id)
            drawn = self._drawn(delivery)
            if drawn is None:
                outcome = outcomes.Refused(because(Code.UNWRITABLE))
            elif delivery.kind is DeliveryKind.DIGEST:
                outcome = await self._digest(delivery, address, *drawn)
            else:
                view, manner = drawn
                outcome = await self._send(delivery, address, view.message, manner)
                crash_points.point("answered")
            if isinstance(outcome, outcomes.ThreadGone) and outcome.for_good and address.thread_id:
                await self._say_gone(delivery, address)
        except Exception as error:
            log.exception("a delivery failed unexpectedly", delivery=delivery.id)
            outcome = outcomes.Unknown(because(Code.UNEXPECTED_KIND, type(error).__name__))
        finally:
            # In `finally`, so that a cancelled send is settled too: it may have arrived.
            self._finish(delivery, outcome)

    async def _say_gone(self, delivery: Delivery, address: Address) -> None:
        """Says in the main thread that what one that is gone was told comes there now: once, for
        settling the first delivery takes along what is followed there.
        """
        try:
            if await self.outbox.is_followed_in(address.chat_id, address.thread_id):
                names = await self.threads.names(address.chat_id)
                said = locale_of(delivery, self.now()).t(_gone(names.get(address.thread_id)))
                await self.sender.reply(replace(address, thread_id=0), said)
        except Exception:
            # What became of the delivery is known all the same.
            log.exception("nobody is told that a thread is gone", delivery=delivery.id)

    def _drawn(self, delivery: Delivery) -> tuple[DeliveryView, Manner] | None:
        """The message and how it goes out. None if it cannot be made: nothing was sent then, and
        nothing will be; a digest gives its stories back, so that one keeps no other from its chat.
        """
        try:
            view = view_of(delivery, self.now())
            return view, self._manner(delivery, view)
        except Exception:
            log.exception("a message cannot be made", delivery=delivery.id)
            self.metrics.set_aside.labels(Queue.OUTBOX).inc()
            return None

    def _manner(self, delivery: Delivery, view: DeliveryView) -> Manner:
        if delivery.message_id:  # it was sent, and stays what it is
            picture = delivery.image if delivery.as_picture else None
        else:
            picture = picture_of(delivery, self.check)
        preview = delivery.link if delivery.previews else None
        silent = _silent(delivery, self.now())
        return Manner(delivery.reply_to, self.buttons(delivery, view), silent, picture, preview)

    async def _send(
        self, delivery: Delivery, address: Address, message: Message, manner: Manner
    ) -> Outcome:
        tries = Tries(delivery.attempts, delivery.not_found)
        return await self.sender.alert(address, message, tries, manner)

    async def _digest(
        self, delivery: Delivery, address: Address, view: DeliveryView, manner: Manner
    ) -> Outcome:
        """One of a digest's two steps: its first part, or that edited into the whole, which may
        be repeated safely.
        """
        if delivery.message_id is None:
            without_buttons = replace(manner, buttons=None)
            first = view.first or view.message
            outcome = await self._send(delivery, address, first, without_buttons)
            crash_points.point("headed")
            return outcome
        outcome = await self.sender.revise(address, delivery.message_id, view.message, manner)
        if isinstance(outcome, outcomes.BadMarkup):
            self.metrics.plain_resends.inc()
            log.error("Telegram could not read a digest; sent plain", said=str(outcome.reason))
            self.sender.pace.take(address.chat_id, address.kind, self.now())
            plain = replace(view.message, html=escape(view.message.plain))
            outcome = await self.sender.revise(address, delivery.message_id, plain, manner)
        crash_points.point("completed")
        self.metrics.edits.labels(type(outcome).__name__.lower()).inc()
        return outcome

    def _finish(self, delivery: Delivery, outcome: Outcome) -> None:
        now = self.now()
        self._ended.append(settlement(delivery, outcome, now))
        del self._under_way[delivery.chat_id]
        match outcome:
            case outcomes.Sent():
                self.telegram.worked()
                if delivery.kind is DeliveryKind.ALERT:
                    self.metrics.latency.observe(max(now - delivery.seen_at, 0))
            case outcomes.TokenRefused(reason=reason):
                self.on_token_refused(str(reason))
            case outcomes.Unknown():
                # While Telegram answers nothing but errors each message has one: that is said once.
                ours, said = outcome.reason.code in _OURS, str(outcome.reason)
                level = logging.WARNING if ours else logging.DEBUG
                log.log(level, "an outcome is unknown", delivery=delivery.id, reason=said)
                if not ours:
                    self.telegram.failed(outcome.reason, delivery=delivery.id)
            case outcomes.TryAgain(reason=reason):
                # As many as were claimed at that moment, each time; what stays away is said once.
                if reason.code is Code.TELEGRAM_UNREACHED:
                    self.telegram.failed(reason)
                log.debug("not delivered", delivery=delivery.id, outcome=str(outcome))
            case _:
                log.info("not delivered", delivery=delivery.id, outcome=str(outcome))
        self.wakeup.ring()


_OURS = (Code.BOT_STOPPED, Code.EDIT_STOPPED, Code.UNEXPECTED_KIND)
"""Why an outcome is unknown though Telegram answers."""


def lane_of(due: Due) -> Lane:
    """Alerts, and digests that have begun, go before other digests and what changed of what was
    told.
    """
    return Lane.ALERT if due.kind is DeliveryKind.ALERT or due.begun else Lane.DIGEST


def in_turn(due: Sequence[Due], pace: Pace) -> list[Due]:
    """Digests that have begun, then alerts, then digests and updates, and among each the chat that
    was told longest ago: one with a long queue does not keep others from their first. While all is
    paused, the chat that is to be probed goes first.
    """
    return sorted(
        due,
        key=lambda d: (
            pace.rank(d.chat_id),
            not d.begun,
            d.kind is not DeliveryKind.ALERT,
            pace.told_at(d.chat_id),
            d.delivery_id,
        ),
    )


def count_unsure(metrics: Metrics, unsure: Unsure) -> None:
    """Counts what became of messages of unknown outcome."""
    metrics.resends.inc(unsure.resent)
    metrics.handed_over.inc(unsure.gathered)
    metrics.given_up.inc(unsure.given_up)


def _silent(delivery: Delivery, now: float) -> bool:
    """What was late may go out in quiet hours that began since it was decided: without a sound."""
    quiet = quiet_until(delivery.quiet, delivery.timezone, now) is not None
    return delivery.silent or (quiet and not delivery.breaking)


def _gone(thread: str | None) -> Said:
    if thread:
        return say("The thread {thread} is gone. Its alerts come here now.", thread=thread)
    return say("The thread I wrote to is gone. Its alerts come here now.")
