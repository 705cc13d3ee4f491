"""Turns at what tasks share, by `bot.news.polling.shares`; and for whom a task works."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from bot.news.polling.shares import ANY_CHAT, Line, Shares, Who

_asking: ContextVar[Who] = ContextVar("asking", default=None)


def asking() -> Who:
    """The chat for which this task works; None for ours."""
    return _asking.get()


@contextmanager
def on_behalf_of(who: Who) -> Iterator[None]:
    """What begins in this block is a chat's, the tasks that it creates too."""
    token = _asking.set(who)
    try:
        yield
    finally:
        _asking.reset(token)


@dataclass(eq=False)
class _Ticket:
    who: Who
    granted: asyncio.Future[None]
    served: bool = False


class Turns:
    """Lets so many tasks go on at a time, see `Shares`; the others wait for their turn."""

    def __init__(self, size: int, *, chats: int, each: int = 1, ours: int | None = None) -> None:
        self._shares = Shares(size, chats, each, ours)
        self._line: Line[_Ticket] = Line(self._shares)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for a turn, which ends with the block."""
        who = await self.take()
        try:
            yield
        finally:
            self.give(who)

    async def take(self) -> Who:
        """Waits for a turn; the caller gives back what this returns."""
        ticket = _Ticket(asking(), asyncio.get_running_loop().create_future())
        self._line.join(ticket, ticket.who)
        self._hand_on()
        try:
            await ticket.granted
        except asyncio.CancelledError:
            if ticket.served:
                self.give(ticket.who)
            else:
                self._line.quit(ticket, ticket.who)
            raise
        return ticket.who

    def give(self, who: Who) -> None:
        """Ends a turn."""
        self._shares.leave(who)
        self._hand_on()

    def has_room(self) -> bool:
        """Whether there is room for one more of ours, or of some chat that has none."""
        return self._shares.may(None if asking() is None else ANY_CHAT)

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._line)

    def _hand_on(self) -> None:
        while (ticket := self._line.next()) is not None:
            ticket.served = True
            if not ticket.granted.cancelled():  # else its task gives it back
                ticket.granted.set_result(None)
