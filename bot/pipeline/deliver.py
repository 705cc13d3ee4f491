"""Deliver: what is due is claimed, rendered, sent at the pace Telegram allows, and settled.

A delivery is `sending` on disk before it goes out, and what became of it is on disk before the
chat's next one is claimed. What cannot be settled (a full disk) stops new claims, and nothing is
sent that is not marked.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import structlog

from bot.delivery import outcome as outcomes
from bot.delivery import render
from bot.delivery.outcome import Outcome
from bot.delivery.send import Address, Sender
from bot.loops import Now, Stop, Wakeup
from bot.metrics import Metrics
from bot.news.outbox import Delivery, DeliveryState, Settlement
from storage.interface import Outbox

log = structlog.get_logger(__name__)

_AT_ONCE = 64
_LEASE_SECONDS = 180.0
_LOOK_AGAIN_SECONDS = 5.0
_SHORTEST_WAIT_SECONDS = 0.002


@dataclass
class Deliverer:
    """Keeps up to `_AT_ONCE` messages under way, one a chat, so that a chat's order is kept."""

    outbox: Outbox
    sender: Sender
    now: Now
    stop: Stop
    wakeup: Wakeup
    metrics: Metrics
    resend_unknown: bool
    on_token_refused: Callable[[str], None]
    _under_way: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _ended: list[Settlement] = field(default_factory=list)

    async def step(self) -> None:
        """Settles what ended, claims and starts what may go, and waits for either."""
        await self._settle()
        if not await self._start_some():
            await self.wakeup.wait(await self._seconds_to_next())

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
        if self._ended:
            settled = list(self._ended)
            await self.outbox.settle(settled, self.resend_unknown)
            del self._ended[: len(settled)]

    async def _start_some(self) -> int:
        free = _AT_ONCE - len(self._under_way)
        now = self.now()
        if self.stop.wanted or free <= 0 or self.sender.pace.all_ready_at(now) > now:
            return 0
        resting = self.sender.pace.resting(now)
        due = await self.outbox.due(now, [*self._under_way, *resting], free)
        chosen = []
        for delivery in due:
            if self.sender.pace.ready_at(delivery.chat_id, delivery.chat_kind, now) <= now:
                self.sender.pace.take(delivery.chat_id, delivery.chat_kind, now)
                chosen.append(delivery.delivery_id)
        if not chosen:
            return 0
        claimed = await self.outbox.claim(chosen, now, _LEASE_SECONDS)
        for claim in claimed:
            task = asyncio.create_task(self._deliver(claim))
            self._under_way[claim.chat_id] = task
        return len(claimed)

    async def _seconds_to_next(self) -> float:
        if len(self._under_way) >= _AT_ONCE:
            return _LOOK_AGAIN_SECONDS
        now = self.now()
        times = [now + _LOOK_AGAIN_SECONDS]
        if (ready := self.sender.pace.all_ready_at(now)) > now:
            return max(ready - now, _SHORTEST_WAIT_SECONDS)
        times += self.sender.pace.resting(now).values()
        if (at := await self.outbox.next_due_at(now)) is not None:
            times.append(at)
        return max(min(times) - now, _SHORTEST_WAIT_SECONDS)

    async def _deliver(self, delivery: Delivery) -> None:
        outcome: Outcome = outcomes.Unknown("the bot stopped while sending")
        try:
            address = Address(delivery.chat_id, delivery.chat_kind, delivery.thread_id)
            message = render.alert(_item(delivery), delivery.timezone, self.now())
            outcome = await self.sender.alert(address, message, delivery.attempts)
        except Exception as error:
            log.exception("a delivery failed unexpectedly", delivery=delivery.id)
            outcome = outcomes.Unknown(f"unexpected {type(error).__name__}")
        finally:
            # In `finally`, so that a cancelled send is settled too: it may have arrived.
            self._finish(delivery, outcome)

    def _finish(self, delivery: Delivery, outcome: Outcome) -> None:
        now = self.now()
        self._ended.append(settlement(delivery, outcome, now))
        del self._under_way[delivery.chat_id]
        match outcome:
            case outcomes.Sent():
                self.metrics.latency.observe(max(now - delivery.seen_at, 0))
            case outcomes.TokenRefused(reason=reason):
                self.on_token_refused(reason)
            case outcomes.Unknown():
                log.warning("an outcome is unknown", delivery=delivery.id, reason=outcome.reason)
                self.metrics.resends.inc(self.resend_unknown)
            case _:
                log.info("not delivered", delivery=delivery.id, outcome=str(outcome))
        self.wakeup.ring()


def _item(delivery: Delivery) -> render.Item:
    return render.Item(
        delivery.title,
        delivery.summary,
        delivery.link,
        delivery.source,
        delivery.at,
        delivery.topics,
    )


def settlement(delivery: Delivery, outcome: Outcome, now: float) -> Settlement:
    """What an outcome means for the delivery and its chat."""
    later = Settlement(delivery.id, delivery.chat_id, DeliveryState.PENDING, now)
    match outcome:
        case outcomes.Sent(message_id=message_id):
            return replace(later, state=DeliveryState.SENT, message_id=message_id)
        case outcomes.TryAgain(seconds=seconds, reason=reason):
            return replace(later, error=reason, retry_at=now + seconds)
        case outcomes.Wait(seconds=seconds):
            return replace(later, hold_until=now + seconds)
        case outcomes.Moved(chat_id=chat_id):
            return replace(later, migrate_to=chat_id)
        case outcomes.TokenRefused(reason=reason):
            return replace(later, error=reason)
        case outcomes.ThreadGone(reason=reason) if delivery.thread_id:
            return replace(later, error=reason, to_main_thread=True)
        case outcomes.Blocked(reason=reason) | outcomes.ThreadGone(reason=reason):
            return replace(later, state=DeliveryState.DEAD, error=reason, block_reason=reason)
        case outcomes.BadMarkup(reason=reason) | outcomes.Refused(reason=reason):
            return replace(later, state=DeliveryState.FAILED, error=reason)
        case outcomes.Unknown(reason=reason):
            return replace(later, state=DeliveryState.UNKNOWN, error=reason)
