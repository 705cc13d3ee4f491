"""How long a queue takes to go out at the limits, and how soon the bot ends when it is told to."""

import asyncio
import random
import signal
import time
from dataclasses import dataclass

from benchmarks.rig import Rig, rig
from bot.playground.bot_api.faults import FaultKind
from bot.playground.bot_api.limits import BotApiLimits

_PER_SECOND = 28
_CHATS = 56
_STORIES = 12
_LATE = 1.1
_STOP_CHATS = tuple((940_000 + n, "private", 0) for n in range(8))
STOP_SECONDS = 10.0
# A feed shows its newest thirty. On a busy machine the bot is told to end before it polls, while
# older messages go out: what nobody could have read counted as lost.
_MOST_UNREAD = 20


@dataclass(frozen=True)
class Drain:
    """How long a queue took to go out at the limits, from its first request to its last message,
    and the least that takes: as many at once as a second allows, and so many more each second.
    """

    name: str
    messages: int
    seconds: float
    ideal: float
    violations: int
    refused: int

    def broken(self) -> bool:
        """Whether it took too long, or something was sent during a penalty."""
        return self.seconds > _LATE * self.ideal or bool(self.violations)


async def drain(allowed: int, stories: int = _STORIES) -> Drain:
    """A queue at 28 messages a second, before a server that allows so many."""
    chats = [(920_000 + n, "private", 0) for n in range(_CHATS)]
    limits = BotApiLimits(per_second=allowed)
    async with rig(
        chats, limits=limits, SEND_PER_SECOND=str(_PER_SECOND), SEND_PER_CHAT_SECONDS="1"
    ) as r:
        r.start()
        await r.polled()
        r.publish(stories)
        await r.drained()
        ledger = r.playground.ledger
        entries = ledger.find(method="sendMessage")
        sent = [entry.time for entry in entries if entry.applied]
        return Drain(
            f"28 a second, where the server allows {allowed}",
            len(sent),
            max(sent) - entries[0].time,
            # The first go at once, and so many more with every second.
            float((len(sent) - 1) // min(_PER_SECOND, allowed)),
            len(ledger.violations()),
            len(entries) - len(sent),
        )


def drain_line(each: Drain) -> str:
    """A row of the table."""
    return (
        f"| {each.name} | {each.messages} | {each.ideal:.0f} | {each.seconds:.1f} "
        f"| {each.refused} | {each.violations} |"
    )


@dataclass(frozen=True)
class Stops:
    """What came of so many SIGTERMs: the slowest end, exit codes that are not 0, and rows that were
    left in `sending`.
    """

    count: int
    slowest: float
    failed: int
    sending: int
    never: int

    def __add__(self, other: "Stops") -> "Stops":
        return Stops(
            self.count + other.count,
            max(self.slowest, other.slowest),
            self.failed + other.failed,
            self.sending + other.sending,
            self.never + other.never,
        )

    def broken(self) -> bool:
        """Whether one was too slow, or left something behind."""
        return self.slowest > STOP_SECONDS or bool(self.failed + self.sending + self.never)


async def stopped(count: int, seed: int) -> Stops:
    """The bot is told to end, again and again, while messages go out; every fourth time, answers
    are being waited for that do not come.
    """
    chance = random.Random(seed)
    found = Stops(0, 0.0, 0, 0, 0)
    async with rig(_STOP_CHATS, SEND_PER_CHAT_SECONDS="1") as r:
        r.start()
        await r.polled()
        for number in range(count):
            if number % 4 == 0:
                chat_id = chance.choice(_STOP_CHATS)[0]
                r.playground.faults.add(FaultKind.APPLY_THEN_HANG, chat_id=chat_id, seconds=60)
            before = len(r.playground.ledger)
            r.publish(2)
            if r.stories - r.count("SELECT count(*) FROM stories") > _MOST_UNREAD:
                await r.placed()
            await r.until(lambda b=before: len(r.playground.ledger) > b, "a send")  # type: ignore[misc]
            await asyncio.sleep(chance.uniform(0.0, 0.6))
            found += await _stop(r)
            r.start()
        r.playground.faults.clear()
        await r.drained()
        never = sum(
            not r.shown()[chat, story] for chat, _, _ in _STOP_CHATS for story in range(r.stories)
        )
        return found + Stops(0, 0.0, 0, 0, never)


async def _stop(r: Rig) -> Stops:
    began = time.monotonic()
    r.signal(signal.SIGTERM)
    await r.until(r.dead, "the end", seconds=60)
    sending = r.count("SELECT count(*) FROM deliveries WHERE state = 'sending'")
    return Stops(1, time.monotonic() - began, int(r.exit_code() != 0), sending, 0)
