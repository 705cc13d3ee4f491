"""How many connections are let in at a time: what strangers open must not use up the files that a
process may have open, with which it polls and keeps its database.
"""

import asyncio
import socket

from aiohttp import web
from aiohttp.typedefs import Handler

MOST_CONNECTIONS = 128


class Admission:
    """Lets in at most `most` connections to `server`. Where there are as many, the oldest of those
    makes room on which nobody's request is being answered; nobody comes in where there is none. One
    whose other end takes nothing of an answer for `patience` seconds is given up, if Linux can.
    """

    def __init__(self, most: int, patience: float) -> None:
        self.server: web.Server | None = None
        self.patience = patience
        self._most = most
        self._answering: set[web.RequestHandler] = set()

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Knows whose request is being answered."""
        self._answering.add(request.protocol)
        try:
            return await handler(request)
        finally:
            self._answering.discard(request.protocol)

    def protocol(self) -> asyncio.Protocol:
        """For a connection that was opened."""
        return _Entering(self)

    def lets_in(self) -> web.RequestHandler | None:
        """What reads one more connection; None if nobody made room for it."""
        assert self.server is not None
        inside = self.server.connections
        if len(inside) >= self._most:
            open_still = (each for each in inside if each.transport is not None)
            leaving = next((each for each in open_still if each not in self._answering), None)
            if leaving is None:
                return None
            _end(leaving)
        return self.server()


class _Entering(asyncio.Protocol):
    """Not decided before the connection stands: many are accepted at once."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        reader = self._admission.lets_in()
        if reader is None:
            transport.abort()
            return
        _give_up_after(self._admission.patience, transport.get_extra_info("socket"))
        transport.set_protocol(reader)
        reader.connection_made(transport)


def _end(connection: web.RequestHandler) -> None:
    transport = connection.transport
    connection.force_close()
    if transport is not None:
        transport.abort()  # an answer that nobody reads is not waited for


def _give_up_after(seconds: float, connected: socket.socket) -> None:
    # Or closing waits for ever until the other end has taken what was said.
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        milliseconds = int(seconds * 1000)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
