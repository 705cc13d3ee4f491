"""Bells that ring in all processes of a database: what one has stored, another may wait for.

A bell that is lost costs a few seconds: every stage looks again by itself.
"""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress

from bot.loops import Stop, Wakeup
from storage.database import Hold
from storage.errors import StorageError

# What is rung for within this time is carried together.
_GATHER_SECONDS = 0.02
_LOOK_AGAIN_SECONDS = 5.0


class Bells:
    """The bells of one process, by name. `others`: whether there is anybody else to hear them."""

    def __init__(self, hold: Hold, stop: Stop) -> None:
        self.others = False
        self._hold = hold
        self._stop = stop
        # Alone there is nothing to carry, and nobody waits for it.
        self._pending = Wakeup() if hold.alone else stop.wakeup()
        self._wanted: set[str] = set()
        self._hear: defaultdict[str, list[Callable[[], None]]] = defaultdict(list)

    def wakeup(self, name: str) -> Wakeup:
        """What waits for a bell of this name, rung here or elsewhere."""
        wakeup = self._stop.wakeup()
        self.when(name, wakeup.ring)
        return wakeup

    def when(self, name: str, ring: Callable[[], None]) -> None:
        """Has `ring` called where a bell of this name is rung, here or elsewhere."""
        self._hear[name].append(ring)

    def rope(self, name: str) -> "Rope":
        """What rings the bells of this name."""
        return Rope(self, name)

    def ring(self, name: str) -> None:
        """Rings here at once, and elsewhere a moment later."""
        self.heard(name)
        if self.others:
            self._wanted.add(name)
            self._pending.ring()

    def heard(self, name: str) -> None:
        """Rings here only. A name that nobody waits for is of no interest."""
        for ring in self._hear.get(name, ()):
            ring()

    async def begin(self) -> None:
        """Hears others from now on."""
        await self._hold.hear(self.heard)

    async def step(self) -> None:
        """Carries what was rung for."""
        await self._pending.wait(_LOOK_AGAIN_SECONDS)
        if not self._wanted:
            return
        await self._stop.sleep(_GATHER_SECONDS)
        names, self._wanted = sorted(self._wanted), set()
        with suppress(StorageError):  # whoever waits looks again
            await self._hold.ring(names)


class Rope:
    """Rings all bells of a name."""

    def __init__(self, bells: Bells, name: str) -> None:
        self._bells = bells
        self._name = name

    def ring(self) -> None:
        """Says that there is work; safe to call any number of times."""
        self._bells.ring(self._name)
