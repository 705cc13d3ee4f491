"""What becomes of messages when Telegram answers badly: one class of faults after another."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.rig import Rig, rig
from bot.news.chat import Habits
from bot.playground.bot_api.faults import FaultKind

CHATS = 12
STORIES = 8
_FIRST = 900_000
_PRIVATE = tuple((_FIRST + n, "private", 0) for n in range(CHATS))
DAY = 86_400.0
HELD = "SELECT count(*) FROM deliveries WHERE state = 'held'"

Spoil = Callable[[Rig, random.Random], Awaitable[None]]


@dataclass(frozen=True)
class FaultRow:
    """What one class came to. `met` is how many messages met the fault; in an `unsure` class the
    answer that a message arrived was lost. What was `given_up` was of unknown outcome twice, and
    the bot's records say so. `unexplained` is what came twice although the bot knows of no unknown
    outcome.
    """

    name: str
    expected: int
    once: int
    twice: int
    never: int
    met: int
    violations: int
    given_up: int
    unexplained: int
    unsure: bool

    def __add__(self, other: "FaultRow") -> "FaultRow":
        return FaultRow(
            self.name,
            self.expected + other.expected,
            self.once + other.once,
            self.twice + other.twice,
            self.never + other.never,
            self.met + other.met,
            self.violations + other.violations,
            self.given_up + other.given_up,
            self.unexplained + other.unexplained,
            self.unsure,
        )


@dataclass(frozen=True)
class FaultClass:
    """A way in which requests go wrong, so many `times` in a row. `unsure` ones may repeat a
    message: the answer that it arrived was lost. The clock leaps by `jump` seconds where the bot
    has to wait longer.
    """

    name: str
    details: dict[str, Any]
    unsure: bool = False
    jump: float = 0.0
    times: int = 1


def _class(
    name: str, kind: FaultKind, *, unsure: bool = False, jump: float = 0, times: int = 1, **how: Any
) -> FaultClass:
    return FaultClass(name, {"kind": kind, "times": times, **how}, unsure, jump, times)


CLASSES: tuple[FaultClass, ...] = (
    _class("429 with a time", FaultKind.TOO_MANY, retry_after=1),
    _class("429 without a time", FaultKind.TOO_MANY_BARE, jump=46),
    _class(
        "400 chat not found, once",
        FaultKind.REFUSE,
        jump=301,
        description="Bad Request: chat not found",
    ),
    _class(
        "400 bad markup",
        FaultKind.REFUSE,
        description="Bad Request: can't parse entities: Unsupported start tag",
    ),
    _class("500, not applied", FaultKind.SERVER_ERROR),
    _class("500, applied", FaultKind.APPLY_THEN_ERROR, unsure=True),
    _class("502 in HTML", FaultKind.BAD_GATEWAY),
    _class("JSON cut short", FaultKind.TRUNCATED, unsure=True),
    _class("dropped before it is applied", FaultKind.DROP),
    _class("applied, then dropped", FaultKind.APPLY_THEN_DROP, unsure=True),
    _class("applied, then silence", FaultKind.APPLY_THEN_HANG, unsure=True, seconds=21),
    # The alert, its second try, and the first part of the digest that tells it then.
    _class("500, not applied, three times in a row", FaultKind.SERVER_ERROR, unsure=True, times=3),
    _class("applied, then dropped, three times", FaultKind.APPLY_THEN_DROP, unsure=True, times=3),
)


async def measure_class(kind: FaultClass, seed: int) -> FaultRow:
    """Half of the messages meet the fault on their first attempt."""
    chance = random.Random(seed)
    async with rig(_PRIVATE, jump=kind.jump) as r:
        r.start()
        await r.polled()
        faults = []
        # Each fault costs one request more, so every third of a chat's meets one: each message
        # is spoilt once at most. Those that leap, or wait long, meet two a chat.
        rare = kind.jump or "seconds" in kind.details or kind.times > 1
        step, most = (6, 2) if rare else (3, STORIES // 2)
        for chat_id, _, _ in _PRIVATE:
            start = chance.randrange(3)
            for n in range(most):
                place: dict[str, Any] = {"chat_id": chat_id, "after": start + step * n}
                faults.append(r.playground.faults.add(**kind.details, **place))
        r.publish(STORIES)
        await r.drained(leaps=bool(kind.jump))
        met = sum(fault.met for fault in faults) // kind.times
        return row(r, kind.name, _all(r), met, kind.unsure)


async def measure_digests(method: str, kind: FaultKind, seed: int) -> FaultRow:
    """Digests of which the first part, or the edit into the whole, is of unknown outcome."""
    chance, ahead = random.Random(seed), [1.0]
    async with rig(_PRIVATE, habits=Habits(digest=(0,)), ahead=ahead) as r:
        r.start()
        await r.polled()
        r.publish(STORIES)
        await r.until(lambda: r.count(HELD) == STORIES * CHATS, "held stories")
        r.kill()
        faults = [
            r.playground.faults.add(kind, method=method, chat_id=chat, times=chance.randint(1, 2))
            for chat, _, _ in chance.sample(_PRIVATE, CHATS // 2)
        ]
        ahead[0] += DAY
        r.start()
        await r.until(lambda: not r.count(HELD), "digests")
        await r.drained()
        met = sum(fault.met for fault in faults)
        return row(r, _digest_name(method, kind), _all(r), met)


def row(
    r: Rig, name: str, expected: set[tuple[int, int]], met: int, unsure: bool = False
) -> FaultRow:
    """The row of a class by the server's ledger."""
    shown = r.shown()
    return FaultRow(
        name,
        len(expected),
        sum(shown[pair] == 1 for pair in expected),
        sum(count > 1 for count in shown.values()),
        sum(shown[pair] == 0 for pair in expected),
        met,
        len(r.playground.ledger.violations()),
        r.count("SELECT count(*) FROM deliveries WHERE state = 'unknown'"),
        len({pair for pair, count in shown.items() if count > 1} - r.resent()),
        unsure,
    )


def _all(r: Rig) -> set[tuple[int, int]]:
    return {(chat, story) for chat, _, _ in _PRIVATE for story in range(r.stories)}


# --- what chats do -----------------------------------------------------------------------------


async def blocked(seed: int) -> FaultRow:
    """Half of the chats block the bot, in its middle, and come back; the others miss nothing."""
    chance = random.Random(seed)
    async with rig(_PRIVATE) as r:
        r.start()
        await r.polled()
        r.publish(STORIES // 2)
        await r.drained()
        gone = {chat for chat, _, _ in chance.sample(_PRIVATE, CHATS // 2)}
        for chat in gone:
            # Telegram refuses before it tells, if it tells at all.
            r.playground.world.chats[chat].members[r.playground.world.bot.id] = "kicked"
        r.publish(1)
        await r.drained()
        refused = r.playground.ledger.find(method="sendMessage", applied=False)
        for chat in gone:
            r.playground.people.move_bot(chat, "member", by=chat)
        active = "SELECT count(*) FROM chats WHERE state = 'active'"
        await r.until(lambda: r.count(active) == CHATS, "the return")
        r.publish(STORIES // 2)
        await r.drained()
        missed = {(chat, STORIES // 2) for chat in gone}
        return row(r, "403 blocked, and back", _all(r) - missed, len(refused))


async def topic_gone(seed: int) -> FaultRow:
    """Forums whose topics are deleted or closed while stories go to them."""
    chance, chats = random.Random(seed), []
    async with rig() as r:
        world, people = r.playground.world, r.playground.people
        for n in range(CHATS):
            forum = world.add_group(f"Forum {n}", forum=True)
            chats.append((forum.id, "supergroup", world.add_thread(forum, "News").id))
        await r.settle_in(chats, None)
        r.start()
        await r.polled()
        for _ in range(STORIES):
            r.publish(1)
            if chats and chance.random() < 0.8:
                for chat_id, _, thread in chance.sample(chats, 2):
                    people.set_topic(chat_id, thread, chance.choice(("closed", "deleted")))
            await asyncio.sleep(0.7)
        await r.drained()
        refused = r.playground.ledger.find(method="sendMessage", applied=False)
        everything = {(chat, story) for chat, _, _ in chats for story in range(r.stories)}
        return row(r, "400 topic gone", everything, len(refused))


async def migrated(seed: int) -> FaultRow:
    """Groups that become supergroups while stories go to them."""
    chance, chats = random.Random(seed), []
    async with rig() as r:
        for n in range(CHATS):
            group = r.playground.world.add_group(f"Group {n}", kind="group")
            chats.append((group.id, "group", 0))
        await r.settle_in(chats, None)
        r.start()
        await r.polled()
        left = list(chats)
        for _ in range(STORIES):
            r.publish(1)
            await asyncio.sleep(chance.uniform(0.4, 1.0))
            for chat_id, _, _ in left[:2]:
                r.playground.people.migrate(chat_id)
            left = left[2:]
        await r.drained()
        everything = {(chat, story) for chat, _, _ in chats for story in range(r.stories)}
        return row(r, "400 migrated", everything, CHATS)


async def refused_connections(seed: int) -> FaultRow:
    """The server's port is closed for a while, again and again."""
    chance = random.Random(seed)
    async with rig(_PRIVATE) as r:
        r.start()
        await r.polled()
        for n in range(STORIES // 2):
            await asyncio.sleep(chance.uniform(0.2, 0.8))
            r.door.shut()
            r.publish(2)
            await r.placed()
            await asyncio.sleep(chance.uniform(0.2, 1.5))
            await r.door.open()
            if n % 2:
                await r.drained()
        await r.drained()
        again = r.count("SELECT count(*) FROM deliveries WHERE attempts > 1")
        # Shutting the door resets what is under way: its outcome is unknown.
        return row(r, "connection refused", _all(r), again, unsure=True)


async def resets(seed: int) -> FaultRow:
    """All connections are reset at random moments while messages are under way."""
    chance = random.Random(seed)
    async with rig(_PRIVATE) as r:
        r.start()
        await r.polled()
        for _ in range(STORIES):
            before = len(r.playground.ledger)
            r.publish(1)
            wanted = before + chance.randrange(1, CHATS)
            await _answered(r, wanted)
            r.door.cut()
            await r.drained()
        lost = r.count("SELECT sum(resends) FROM deliveries")
        return row(r, "connections reset", _all(r), lost, unsure=True)


async def _answered(r: Rig, requests: int) -> None:
    await r.until(lambda: len(r.playground.ledger) >= requests, "sends")


def _digest_name(method: str, kind: FaultKind) -> str:
    part = "first part" if method == "sendMessage" else "whole"
    what = "applied, then dropped" if kind is FaultKind.APPLY_THEN_DROP else "500, not applied"
    return f"the {part} of a digest: {what}"


Change = Callable[[int], Awaitable[FaultRow]]


def _digests(method: str, kind: FaultKind) -> tuple[str, Change]:
    return _digest_name(method, kind), lambda seed: measure_digests(method, kind, seed)


CHANGES: tuple[tuple[str, Change], ...] = (
    *(
        _digests(method, kind)
        for method in ("sendMessage", "editMessageText")
        for kind in (FaultKind.SERVER_ERROR, FaultKind.APPLY_THEN_DROP)
    ),
    ("403 blocked, and back", blocked),
    ("400 topic gone", topic_gone),
    ("400 migrated", migrated),
    ("connection refused", refused_connections),
    ("connections reset", resets),
)
