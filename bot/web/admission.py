"""How many connections are let in at a time: what strangers open must not use up the files that a
process may have open, with which it polls and keeps its database.
"""

import asyncio
import socket
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler

MOST_CONNECTIONS = 128


@dataclass(eq=False)
class _Connection:
    """One that was let in, and, once it has asked for something, the task that reads it."""

    transport: asyncio.Transport
    task: asyncio.Task[None] | None = None
    answering: bool = False
    leaving: bool = False

    def is_over(self) -> bool:
        """Whether it has no file any more, and nobody's request is being answered."""
        return not self.answering and self.transport.get_extra_info("socket").fileno() < 0

    def end_reading(self) -> None:
        """The rest of a request that was answered is read for some seconds, even if nobody is left
        to send it.
        """
        if self.task is not None:
            self.task.cancel()


class Admission:
    """Lets in at most `most` connections to `server`. Where there are as many, the oldest of those
    makes room on which nobody's request is being answered; nobody comes in where there is none. One
    whose other end takes nothing of an answer for `patience` seconds is given up, if Linux can.
    """

    def __init__(self, most: int, patience: float) -> None:
        self.server: web.Server | None = None
        self.patience = patience
        self._most = most
        self._inside: dict[web.RequestHandler, _Connection] = {}

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Knows whose request is being answered."""
        connection = self._inside.get(request.protocol)
        if connection is None:  # it went while its request was read
            return await handler(request)
        connection.task, connection.answering = request.task, True
        try:
            return await handler(request)
        finally:
            connection.answering = False

    def protocol(self) -> asyncio.Protocol:
        """For a connection that was opened."""
        return _Entering(self)

    def lets_in(self, transport: asyncio.Transport) -> web.RequestHandler | None:
        """What reads one more connection; None if nobody made room for it."""
        assert self.server is not None
        self._forget_what_is_over()
        if len(self._inside) >= self._most and not self._makes_room():
            return None
        reader = self.server()
        self._inside[reader] = _Connection(transport)
        return reader

    def _forget_what_is_over(self) -> None:
        for reader, connection in list(self._inside.items()):
            if connection.is_over():
                connection.end_reading()
                del self._inside[reader]

    def _makes_room(self) -> bool:
        for reader, connection in self._inside.items():
            if not connection.answering and not connection.leaving:
                connection.leaving = True
                reader.force_close()
                connection.transport.abort()  # an answer that nobody reads is not waited for
                connection.end_reading()
                return True
        return False


class _Entering(asyncio.Protocol):
    """Not decided before the connection stands: many are accepted at once."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        reader = self._admission.lets_in(transport)
        if reader is None:
            transport.abort()
            return
        _give_up_after(self._admission.patience, transport.get_extra_info("socket"))
        transport.set_protocol(reader)
        reader.connection_made(transport)


def _give_up_after(seconds: float, connected: socket.socket) -> None:
    # Or closing waits for ever until the other end has taken what was said.
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        milliseconds = int(seconds * 1000)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
