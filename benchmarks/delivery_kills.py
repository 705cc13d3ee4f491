"""What becomes of messages when the bot is killed at named points, and in the worst of weather."""

import asyncio
import dataclasses
import functools
import random
import time
from collections.abc import Awaitable, Callable, Sequence

from benchmarks.delivery_faults import DAY, HELD, FaultRow, row
from benchmarks.rig import Rig, rig
from bot.crash_points import POINTS
from bot.news.chat import Habits
from bot.playground.bot_api.faults import FaultKind
from bot.playground.bot_api.limits import BotApiLimits

CHATS = 8
_STORIES_A_KILL = 4
_FIRST = 910_000
_PRIVATE = tuple((_FIRST + n, "private", 0) for n in range(CHATS))
_ONE_BY_ONE = ("fetched", "stored", "placed", "claimed", "answered", "settled")
_OF_DIGESTS = ("gathering", "headed", "begun", "completed")
_DUE = "SELECT count(*) FROM deliveries WHERE edit_due_at IS NOT NULL"


def _all(r: Rig) -> set[tuple[int, int]]:
    return {(chat, story) for chat, _, _ in _PRIVATE for story in range(r.stories)}


async def killed_at(points: Sequence[str], kills: int, seed: int) -> FaultRow:
    """The bot kills itself at these points in turn, so many times, while stories go out."""
    chance = random.Random(seed)
    most = {"answered": CHATS * _STORIES_A_KILL, "claimed": 6, "settled": 6}
    async with rig(_PRIVATE, fused=True) as r:
        r.start()
        await r.polled()
        for n in range(kills):
            # Drained first, so that no message is under way at two kills.
            await r.drained()
            point = points[n % len(points)]
            await r.arm(f"{point}:{chance.randint(1, most.get(point, 1))}")
            r.publish(_STORIES_A_KILL)
            await _until_dead(r, n)
            r.start()
        await r.drained()
        return row(r, _name(points), _all(r), kills, unsure=True)


def _name(points: Sequence[str]) -> str:
    return "kill: " + ", ".join(POINTS[point] for point in points)


async def killed_in_a_digest(points: Sequence[str], kills: int, seed: int) -> FaultRow:
    """As above, while the digests of all chats go out; a day passes each time."""
    chance = random.Random(seed)
    async with rig(_PRIVATE, habits=Habits(digest=(0,)), jump=DAY) as r:
        r.start()
        await r.polled()
        for n in range(kills):
            r.publish(_STORIES_A_KILL)
            await r.until(lambda: r.count(HELD) >= CHATS * _STORIES_A_KILL, "held stories")
            point = points[n % len(points)]
            # Several first parts are stored at once.
            most = 1 if point == "begun" else CHATS
            await r.arm(f"{point}:{chance.randint(1, most)}")
            r.leap()
            await r.until(r.dead, f"kill {n}")
            r.start()
            await r.until(lambda: not r.count(HELD), "digests")
            await r.drained()
        return row(r, _name(points), _all(r), kills)


async def killed_while_editing(kills: int, seed: int) -> FaultRow:
    """As above, between Telegram's answer to an edit and its record; never: edits that are lost."""
    chance = random.Random(seed)
    async with rig(_PRIVATE, jump=61.0) as r:
        r.start()
        await r.polled()
        for n in range(kills):
            r.publish(1)
            await r.drained()
            r.repeat(1)
            await r.until(lambda: r.count(_DUE) == CHATS, "edits that are due")
            await r.arm(f"edited:{chance.randint(1, CHATS)}")
            r.leap()
            await r.until(r.dead, f"kill {n}")
            r.start()
            await r.until(lambda: not r.count(_DUE), "edits")
        unedited = _unedited(r)
        found = row(r, _name(["edited"]), _all(r), kills, unsure=True)
        return dataclasses.replace(found, once=found.once - unedited, never=found.never + unedited)


def _unedited(r: Rig) -> int:
    chats = [r.playground.world.chats[chat] for chat, _, _ in _PRIVATE]
    return sum("Also" not in m.text for chat in chats for m in chat.messages.values())


async def _until_dead(r: Rig, kill: int) -> None:
    """Waits for the bot's end; more stories come where those there did not bring it about."""
    deadline = time.monotonic() + 60
    while not r.dead():
        for _ in range(50):
            if r.dead():
                return
            await asyncio.sleep(0.1)
        if time.monotonic() > deadline:
            raise TimeoutError(f"kill {kill} did not happen")
        r.publish(1)


async def everything(kills: int, seed: int) -> FaultRow:
    """Faults of all kinds at random places, limits that are enforced, connections that are reset,
    and kills at random moments.
    """
    chance = random.Random(seed)
    async with rig(_PRIVATE, limits=BotApiLimits(), SEND_PER_CHAT_SECONDS="1") as r:
        r.start()
        await r.polled()
        for n in range(kills):
            r.publish(2)
            for chat_id, _, _ in chance.sample(_PRIVATE, 4):
                _spoil(r, chance, chat_id)
            await asyncio.sleep(chance.uniform(0.5, 3.0))
            if n % 3 == 2:
                r.door.cut()
            r.kill()
            r.start()
        await r.drained(seconds=400)
        return row(r, "everything at once, and kills", _all(r), kills, unsure=True)


def _spoil(r: Rig, chance: random.Random, chat_id: int) -> None:
    kind = chance.choice(
        (
            FaultKind.TOO_MANY,
            FaultKind.SERVER_ERROR,
            FaultKind.BAD_GATEWAY,
            FaultKind.TRUNCATED,
            FaultKind.APPLY_THEN_DROP,
        )
    )
    r.playground.faults.add(
        kind, method="*", chat_id=chat_id, after=chance.randrange(4), retry_after=1, seconds=1
    )


Killing = Callable[[int, int], Awaitable[FaultRow]]


def killings() -> list[tuple[str, Killing]]:
    """All of them with their names, each called with the number of kills and a seed."""

    def at(
        kill: Callable[[Sequence[str], int, int], Awaitable[FaultRow]], point: str
    ) -> tuple[str, Killing]:
        return _name([point]), functools.partial(kill, [point])

    return [
        *(at(killed_at, point) for point in _ONE_BY_ONE),
        *(at(killed_in_a_digest, point) for point in _OF_DIGESTS),
        (_name(["edited"]), killed_while_editing),
    ]
