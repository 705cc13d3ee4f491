"""One chat fails for good, in one way after another: how late are the messages of the others?"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks import kills
from benchmarks.rig import STORY, Rig, rig
from bot.playground.bot_api.faults import FaultKind

OTHERS = 16
STORIES = 8
_FIRST = 930_000
_BETWEEN_SECONDS = 1.1
_OTHERS = tuple((_FIRST + n, "private", 0) for n in range(OTHERS))
# How much later than where nobody fails the median, the 95th of 100 and the last may be.
BOUND_SECONDS = (0.5, 1.0, 2.0)


@dataclass(frozen=True)
class WayToFail:
    """A way in which a chat fails: by its answers, or by what its people do after two stories."""

    name: str
    kind: str = "private"
    fault: dict[str, Any] = field(default_factory=dict)
    happens: Callable[[Rig, int, int], object] | None = None


@dataclass(frozen=True)
class Lateness:
    """Seconds from the first sight of a story to its arrival, over all of the other chats."""

    name: str
    messages: int
    middle: float
    most: float
    last: float

    def late(self, usual: "Lateness") -> bool:
        """Whether these messages are later than they may be."""
        found = (self.middle - usual.middle, self.most - usual.most, self.last - usual.last)
        all_there = self.messages == OTHERS * STORIES
        return not all_there or any(d > most for d, most in zip(found, BOUND_SECONDS, strict=True))


def _refused(name: str, description: str, kind: str = "private") -> WayToFail:
    fault = {"kind": FaultKind.REFUSE, "description": description}
    return WayToFail(name, kind, fault)


def _topic(state: str) -> Callable[[Rig, int, int], object]:
    return lambda r, chat, thread: r.playground.people.set_topic(chat, thread, state)


NOBODY = WayToFail("nobody")
WAYS: tuple[WayToFail, ...] = (
    _refused("blocked", "Forbidden: bot was blocked by the user"),
    _refused("kicked", "Forbidden: bot was kicked from the supergroup chat", "supergroup"),
    _refused("deactivated", "Forbidden: user is deactivated"),
    _refused("chat not found", "Bad Request: chat not found"),
    _refused(
        "rights taken",
        "Bad Request: not enough rights to send text messages to the chat",
        "supergroup",
    ),
    WayToFail("thread closed", "forum", happens=_topic("closed")),
    WayToFail("thread deleted", "forum", happens=_topic("deleted")),
    _refused("all threads closed", "Bad Request: TOPIC_CLOSED", "forum"),
    WayToFail(
        "slow mode, 429 with a time", "supergroup", {"kind": FaultKind.TOO_MANY, "retry_after": 5}
    ),
    WayToFail("429 without a time", fault={"kind": FaultKind.TOO_MANY_BARE}),
    WayToFail("no answer, not taken", fault={"kind": FaultKind.DELAY, "seconds": 30}),
    WayToFail("applied, then silence", fault={"kind": FaultKind.APPLY_THEN_HANG, "seconds": 30}),
    WayToFail("5xx always", fault={"kind": FaultKind.SERVER_ERROR}),
    WayToFail("connection dropped always", fault={"kind": FaultKind.DROP}),
    WayToFail("migrated", "group", happens=lambda r, chat, _: r.playground.people.migrate(chat)),
    _refused("markup refused", "Bad Request: can't parse entities: Unsupported start tag"),
)


async def lateness(way: WayToFail) -> Lateness:
    """How late the others' messages are while one chat fails so."""
    async with rig(_OTHERS, SEND_PER_SECOND="28", SEND_PER_GROUP_PER_MINUTE="18") as r:
        chat, thread = _failing(r, way.kind)
        await r.settle_in([(chat, "supergroup" if thread else way.kind, thread)], None)
        if way.fault:
            r.playground.faults.add(**way.fault, chat_id=chat, times=None)
        r.start()
        await r.polled()
        for number in range(STORIES):
            if way.happens and number == 2:
                way.happens(r, chat, thread)
            r.publish(1)
            await asyncio.sleep(_BETWEEN_SECONDS)
        wanted = {(other, story) for other, _, _ in _OTHERS for story in range(STORIES)}
        await r.until(lambda: wanted <= set(r.shown()), "the others' messages")
        return _measured(way.name, r, {other for other, _, _ in _OTHERS})


def _failing(r: Rig, kind: str) -> tuple[int, int]:
    """A chat of this kind, and the thread that its stories go to."""
    world = r.playground.world
    if kind == "private":
        return world.add_private_chat(_FIRST - 1).id, 0
    if kind == "forum":
        forum = world.add_group("Forum", forum=True)
        return forum.id, world.add_thread(forum, "News").id
    return world.add_group("Group", kind="group" if kind == "group" else "supergroup").id, 0


def _measured(name: str, r: Rig, others: set[int]) -> Lateness:
    seen = {
        int(number): at
        for title, at in kills.rows(r.folder, "SELECT title, seen_at FROM reports")
        for number in STORY.findall(title)
    }
    late = sorted(
        entry.time - seen[int(number)]
        for entry in r.playground.ledger.delivered()
        if entry.chat_id in others
        for number in set(STORY.findall(entry.text))
    )
    at = len(late) - 1
    return Lateness(name, len(late), late[at // 2], late[at * 95 // 100], late[at])


def lateness_line(each: Lateness, usual: Lateness) -> str:
    """A row of the table: each figure, and what it is where nobody fails."""
    pairs = zip(
        (each.middle, each.most, each.last), (usual.middle, usual.most, usual.last), strict=True
    )
    shown = " | ".join(f"{found:.2f} ({other:.2f})" for found, other in pairs)
    return f"| {each.name} | {each.messages} | {shown} |"
