"""What becomes of a bot that Telegram tells to wait: the real process before the playground's
server, counted in the server's books.

`python -m benchmarks.penalties [--only WORDS …]` takes some five minutes. Each request takes a
fifth of a second, so that many are in the air when a penalty begins. The server tells one chat to
wait, then the whole bot; or it slows many groups at once, or one. Ends with an error where a
message was lost, came twice, or was sent into a penalty though neither in the air nor a probe.
"""

import argparse
import asyncio
import functools
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.rig import Rig, rig
from bot.playground.bot_api.faults import FaultKind
from bot.playground.bot_api.ledger import LedgerEntry
from bot.playground.bot_api.limits import BotApiLimits

_FIRST = 950_000
_NO_RATES = BotApiLimits(
    per_second=10**9, private_burst=10**9, group_per_minute=10**9, edits_count_in_private=True,
    grace=0.0,
)  # fmt: skip
_WAY_SECONDS, _PENALTY_SECONDS, _SLOW_SECONDS = 0.2, 3.0, 8.0
# What was on its way to the bot, and was not read yet.
_READ_SECONDS = 0.1
_AT_ONCE = 3
# How much later than where nobody is slow the last message of another chat may be.
_LATER_SECONDS = 2.0


@dataclass(frozen=True)
class PenaltyWorld:
    """So many chats, half of them groups, which get so many stories."""

    chats: int
    stories: int
    per_second: int
    grows: float


WORLDS = (PenaltyWorld(2, 6, 28, 2.0), PenaltyWorld(12, 6, 28, 2.0), PenaltyWorld(2_000, 1, 0, 0.2))


@dataclass(frozen=True)
class PenaltyRow:
    """What came of it. Sent into a penalty were what was `in_the_air`, `probes`, and `others`. The
    first success came `after` the end of the bot's penalty; the last message to a chat that was
    not told to wait came after `last` seconds.
    """

    name: str
    chats: int
    restart: bool
    penalty: float | None
    in_the_air: int
    probes: int
    others: int
    after: float | None
    last: float
    lost: int
    twice: int

    def broken(self, usual: float) -> bool:
        """Whether something is not as promised; `usual` is the last message where nobody waits."""
        late = self.name == "one slow group" and self.last > usual + _LATER_SECONDS
        return bool(self.lost or self.twice or self.others) or late


def _first_one(r: Rig, chats: Sequence[int], tells: bool) -> None:
    r.playground.rates.lay_in_wait(chats[0], 2, tells=tells)


def _then_all(r: Rig, world: PenaltyWorld, tells: bool) -> None:
    r.playground.rates.lay_in_wait(None, _PENALTY_SECONDS, grows=world.grows, tells=tells)


def _slow(r: Rig, groups: Sequence[int]) -> None:
    for chat_id in groups:
        r.playground.rates.lay_in_wait(chat_id, _SLOW_SECONDS)


async def all_told(world: PenaltyWorld, restart: bool, tells: bool) -> PenaltyRow:
    """One chat is told to wait, then the whole bot, longer with each request sent meanwhile."""
    async with _rig(world) as r:
        chats = await _begin(r, world)
        _first_one(r, chats, tells)
        r.publish(world.stories)
        await r.until(lambda: _refused(r), "a refusal", 60)
        _then_all(r, world, tells)
        if restart:
            await r.until(lambda: len(_refused_chats(r)) > 1, "refusals", 60)
            await asyncio.sleep(4 * _WAY_SECONDS)  # nothing is in the air any more
            await _restart(r, signal.SIGKILL)
        await r.drained(seconds=300)
        name = "a penalty that grows" if tells else "a penalty without a time"
        return _row(r, name, world, chats, restart, everybody=True)


async def slow_mode(world: PenaltyWorld, restart: bool, share: float, name: str) -> PenaltyRow:
    """So many of the groups are slow, from the same moment on."""
    async with _rig(world) as r:
        chats = await _begin(r, world)
        groups = [chat for chat in chats if chat < 0]
        _slow(r, groups[: max(1, int(share * len(groups)))] if share else [])
        r.publish(world.stories)
        if restart:
            await r.until(lambda: _refused(r), "a refusal", 60)
            await _restart(r, signal.SIGTERM)
        await r.drained(seconds=300)
        return _row(r, name, world, chats, restart, everybody=False)


def _rig(world: PenaltyWorld) -> AbstractAsyncContextManager[Rig]:
    private = [(_FIRST + n, "private", 0) for n in range(world.chats - world.chats // 2)]
    return rig(private, limits=_NO_RATES, SEND_PER_SECOND=str(world.per_second))


async def _begin(r: Rig, world: PenaltyWorld) -> list[int]:
    """The bot runs, and its chats follow everything: the private ones first."""
    made = r.playground.world
    groups = [made.add_group(f"Group {n}", kind="supergroup").id for n in range(world.chats // 2)]
    private = [_FIRST + n for n in range(world.chats - world.chats // 2)]
    await r.settle_in([(chat_id, "supergroup", 0) for chat_id in groups], None)
    r.playground.faults.add(FaultKind.DELAY, seconds=_WAY_SECONDS, times=None)
    r.start()
    await r.polled()
    return [*private, *groups]


async def _restart(r: Rig, sign: signal.Signals) -> None:
    r.signal(sign)
    await r.until(r.dead, "the end")
    r.start()


def _refused(r: Rig) -> list[LedgerEntry]:
    return r.playground.ledger.find(method="sendMessage", applied=False)


def _refused_chats(r: Rig) -> set[int]:
    return {entry.chat_id for entry in _refused(r)}


def _row(
    r: Rig, name: str, world: PenaltyWorld, chats: Sequence[int], restart: bool, *, everybody: bool
) -> PenaltyRow:
    entries = r.playground.ledger.find(method="sendMessage")
    into = [entry for entry in entries if entry.violation]
    known_at = _known_at(_refused(r)) + _READ_SECONDS
    probes = [entry for entry in into if entry.arrived > known_at]
    others = sum(b.arrived < a.time for a, b in pairwise(probes))
    until = r.playground.rates.ends_at(None)
    refused: set[int] = set() if everybody else _refused_chats(r)
    taken = [entry for entry in entries if entry.applied]
    shown = r.shown()
    return PenaltyRow(
        name,
        world.chats,
        restart,
        until - _refused(r)[0].time if everybody else None,
        len(into) - len(probes),
        len(probes) - others,
        others,
        min(entry.time for entry in taken if entry.time >= until) - until if everybody else None,
        max(entry.time for entry in taken if entry.chat_id not in refused) - entries[0].arrived,
        sum(not shown[chat, story] for chat in chats for story in range(r.stories)),
        sum(count > 1 for count in shown.values()),
    )


def _known_at(refused: Sequence[LedgerEntry]) -> float:
    """When the second chat was refused: from then on it is known that all may be meant."""
    return next((e.time for e in refused if e.chat_id != refused[0].chat_id), float("inf"))


Work = tuple[str, PenaltyWorld, Callable[[], Awaitable[PenaltyRow]]]


def works() -> list[Work]:
    """What is measured, the longest first."""
    found: list[Work] = []
    for world in reversed(WORLDS):
        for restart in (False, True):
            found += [
                ("penalty", world, functools.partial(all_told, world, restart, tells))
                for tells in (False, True)
            ]
            many = functools.partial(slow_mode, world, restart, 1.0, "slow mode in every group")
            found.append(("slow mode", world, many))
        for share, name in ((0.01, "one slow group"), (0.0, "nobody is slow")):
            one = functools.partial(slow_mode, world, False, share, name)
            found.append((name, world, one))
    return found


HEADING = (
    "| what | chats | restart | told s | in the air | probes | others | first success after s "
    "| last of others s | lost | twice |\n|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def line(each: PenaltyRow) -> str:
    """A row of the table."""
    told, after = (f"{n:.1f}" if n is not None else "" for n in (each.penalty, each.after))
    last = f"{each.last:.1f}" if each.penalty is None else ""
    return (
        f"| {each.name} | {each.chats} | {'yes' if each.restart else ''} | {told} "
        f"| {each.in_the_air} | {each.probes} | {each.others} | {after} | {last} "
        f"| {each.lost} | {each.twice} |"
    )


async def measure(only: Sequence[str]) -> list[str]:
    """Measures and prints what is wanted; returns what was not as promised."""
    free = asyncio.Semaphore(_AT_ONCE)

    async def row(work: Callable[[], Awaitable[PenaltyRow]]) -> PenaltyRow:
        async with free:
            found = await work()
            print(line(found), flush=True)
            return found

    print(HEADING, flush=True)
    wanted = [
        work
        for name, world, work in works()
        if any(words in f"{name} {world.chats}" for words in only)
    ]
    rows = await asyncio.gather(*(row(work) for work in wanted))
    usual = {each.chats: each.last for each in rows if each.name == "nobody is slow"}
    return [str(each) for each in rows if each.broken(usual.get(each.chats, float("inf")))]


def main(arguments: list[str] | None = None) -> None:
    """Prints the table; ends with an error if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", nargs="+", default=[""], metavar="WORDS", help="rows whose names have these words"
    )
    began = time.monotonic()
    broken = asyncio.run(measure(parser.parse_args(arguments).only))
    print(f"\n{(time.monotonic() - began) / 60:.1f} minutes")
    if broken:
        raise SystemExit("\n".join(["broken:", *broken]))


if __name__ == "__main__":
    main()
