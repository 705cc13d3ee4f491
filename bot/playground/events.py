"""What watchers of the playground are told, as it happens."""

import asyncio
from collections import deque
from typing import Any

Json = dict[str, Any]


class Events:
    """A numbered stream; the newest `cap` are kept for watchers who come back."""

    def __init__(self, cap: int = 2_000) -> None:
        self._kept: deque[tuple[int, Json]] = deque(maxlen=cap)
        self._changed = asyncio.Event()
        self.last = 0
        self.closed = False

    def tell(self, kind: str, **details: Any) -> None:
        """Add an event and wake everybody who waits."""
        self.last += 1
        self._kept.append((self.last, {"type": kind, **details}))
        self._wake()

    async def after(self, number: int) -> list[tuple[int, Json]]:
        """The events later than `number`; waits for one, and gives [] once closed."""
        while self.last <= number and not self.closed:
            await self._changed.wait()
        return [event for event in self._kept if event[0] > number]

    def close(self) -> None:
        """Let all watchers go."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        # A fresh event for the next round: whoever waits on the old one is let through.
        self._changed.set()
        self._changed = asyncio.Event()
