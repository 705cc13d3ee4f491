"""Membership: this process's place among those of its database, and what it has of each role.

On SQLite there is one process, which has everything. Elsewhere a lease is renewed all the time, by
the server's clock; by this machine's own a process knows when it may begin nothing any more, as one
that was stopped and woken.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass

import structlog

from bot.errors import AlreadyRunning, TakenOver
from bot.loops import Now, Outage, Stop, Wakeup, each_to_its_end
from bot.metrics import Metrics
from bot.news.members import ALONE, LEASE_SECONDS, MARGIN_SECONDS, Held, MemberWish
from bot.pipeline.bells import Bells
from storage.database import Hold
from storage.errors import StorageError, database_outage

log = structlog.get_logger(__name__)

_ALONE_EVERY_SECONDS = 10.0
_RENEW_EVERY_SECONDS = 1.5
_SOON_SECONDS = 0.2
_LOOK_AGAIN_SECONDS = 1.0


def _clocks() -> tuple[float, float]:
    """One does not stand still while a process is stopped, the other not while its machine is."""
    return time.monotonic(), time.time()


@dataclass(kw_only=True)
class Part:
    """What of a role this process has: `slots` in which it may begin something (None: all), and
    those that it is `leaving`. `busy` says in which something is under way; `gain` makes ready for
    new ones.
    """

    count: int = ALONE
    slots: frozenset[int] | None = None
    leaving: frozenset[int] = frozenset()
    busy: Callable[[], Collection[int]] = tuple
    gain: Callable[[frozenset[int]], Awaitable[None]] | None = None
    bell: Callable[[], None] = lambda: None

    @property
    def held(self) -> bool:
        """Whether there is anything to do."""
        return self.slots is None or bool(self.slots)

    def has(self, slot: int) -> bool:
        """Whether what is in a slot is this process's to do."""
        return self.slots is None or slot in self.slots

    async def follow(self, mine: frozenset[int], surplus: int) -> None:
        """Goes on with the slots that are this process's by now, and begins to leave so many."""
        known = (self.slots or frozenset()) | self.leaving
        busy = set(self.busy())
        in_turn = sorted(
            known & mine, key=lambda slot: (slot not in self.leaving, slot in busy, slot)
        )
        self.leaving = frozenset(in_turn[:surplus])
        self.slots = frozenset(in_turn[surplus:])
        if gained := mine - known:
            if self.gain is not None:
                await self.gain(gained)
            self.slots |= gained
            self.bell()

    def left(self) -> frozenset[int]:
        """The slots that may be given up."""
        return self.leaving - set(self.busy())


class Membership:
    """One process's place. `on_taken_over` ends what it does; `on_rate` says how many messages a
    second it may send of `most` that the bot may. `database` says that this is away, as it does for
    the loops: who looks after the bot is told once.
    """

    def __init__(
        self,
        *,
        hold: Hold,
        bells: Bells,
        now: Now,
        stop: Stop,
        on_taken_over: Callable[[Exception], None],
        metrics: Metrics,
        most: float = 0.0,
        database: Outage | None = None,
        clocks: Callable[[], tuple[float, float]] = _clocks,
    ) -> None:
        self._hold = hold
        self._bells = bells
        self._now = now
        self._stop = stop
        self._on_taken_over = on_taken_over
        self._metrics = metrics
        self._clocks = clocks
        self._most = most
        self._database = database or database_outage()
        self.on_rate: Callable[[float], None] = lambda rate: None
        self.held = Held({}, {}, 0.0, 1)
        self._parts: dict[str, Part] = {}
        self._renewed: tuple[float, float] | None = None
        self._away = False
        self._wakeup = Wakeup() if hold.alone else bells.wakeup("members")

    @property
    def alone(self) -> bool:
        """Whether no other process may work on the database."""
        return self._hold.alone

    @property
    def others(self) -> bool:
        """Whether another one does."""
        return self.held.members > 1

    @property
    def number(self) -> int:
        """Its number among them; 0 where it is alone."""
        return self._hold.number

    def part(self, role: str, count: int = ALONE) -> Part:
        """What this process has of a role from now on: all where it is alone, else what `share`
        gives it.
        """
        slots = None if self.alone else frozenset[int]()
        part = Part(count=count, slots=slots)
        self._parts[role] = part
        return part

    def is_good(self) -> bool:
        """Whether this process may begin something: by its own clocks nobody can have taken it for
        dead.
        """
        if self.alone:
            return True
        if self._renewed is None:
            return False
        apart = zip(self._clocks(), self._renewed, strict=True)
        return all(now - then < LEASE_SECONDS - MARGIN_SECONDS for now, then in apart)

    async def renew(self) -> None:
        """Renews the lease, and rests. Ends this process's work where others have it."""
        began = self._clocks()
        try:
            await self._hold.renew(self._now())
        except (AlreadyRunning, TakenOver) as error:
            self._on_taken_over(error)
        except StorageError as error:
            if self.alone:
                raise
            if not self._database.failed(error, loop="lease") and not self._away:
                log.warning("the lease cannot be renewed; nothing begins", error=str(error))
            self._away = True
        else:
            self._renewed, self._away = began, False
        # Also while all else ends, which takes its time.
        await asyncio.sleep(self._rest())

    def _rest(self) -> float:
        """Seconds to the next renewal. A server that is back soon takes others for dead."""
        if self.alone:
            return _ALONE_EVERY_SECONDS
        return _SOON_SECONDS if self._away else _RENEW_EVERY_SECONDS

    async def share(self) -> None:
        """Takes what is to be had, leaves what is too much, and rests."""
        leaves = {role: part.left() for role, part in self._parts.items()}
        wish = MemberWish(
            {role: part.count for role, part in self._parts.items()},
            leaves, self._most, self.held.rate,
        )  # fmt: skip
        try:
            held = await self._hold.share(wish)
        except TakenOver as error:
            self._on_taken_over(error)
            return
        self._bells.others = held.members > 1
        if any(leaves.values()) or held.members != self.held.members:
            self._bells.ring("members")
        self._say(held)
        self.held = held
        self.on_rate(held.rate)
        # One role that cannot be made ready keeps no other from what it has.
        await each_to_its_end(
            *(
                part.follow(held.slots[role], held.surplus.get(role, 0))
                for role, part in self._parts.items()
            )
        )
        soon = any(part.leaving for part in self._parts.values())
        await self._wakeup.wait(_SOON_SECONDS if soon else _RENEW_EVERY_SECONDS)

    def _say(self, held: Held) -> None:
        self._metrics.members.set(held.members)
        for role, slots in held.slots.items():
            self._metrics.slots.labels(role).set(len(slots))
        if held.slots != self.held.slots or held.members != self.held.members:
            log.info("shared", members=held.members, **sizes(held.slots))


def sizes(slots: Mapping[str, Collection[int]]) -> dict[str, int]:
    """How many slots of each role."""
    return {role: len(some) for role, some in sorted(slots.items()) if some}


def where_held(
    part: Part, step: Callable[[], Awaitable[None]], stop: Stop
) -> Callable[[], Awaitable[None]]:
    """A step that is done only where this process has the role."""

    async def held() -> None:
        if part.held:
            await step()
        else:
            await stop.sleep(_LOOK_AGAIN_SECONDS)

    return held
