"""Connections to the hosts of feeds, each to an address that the guard let pass; one that is done
is kept for a moment, for another feed of its host.

Not by aiohttp's session and connector, which do for each request what a browser needs: they take
twice the time of what is done here for an answer without news. What comes in is read by aiohttp.
"""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

import aiohappyeyeballs
from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver
from msgspec import Struct
from yarl import URL

from bot.feeds.fetching.guard import Guard, GuardedResolver
from bot.feeds.fetching.head import AnswerReader
from bot.news.why import Code

_KEPT_SECONDS = 15.0
_MOST_KEPT = 64  # hosts
_NEXT_ADDRESS_SECONDS = 0.25  # until another address of a host is tried as well (RFC 8305)


class Endpoint(NamedTuple):
    """Where a connection leads. By its name, not its address: what was opened for one name is
    nothing that another may use.
    """

    host: str
    port: int
    encrypted: bool


class HostConnection(Struct, frozen=True):
    """What reads a connection, where it leads, and whether it was `used` before."""

    reader: AnswerReader
    endpoint: Endpoint
    used: bool = False


class NotConnected(OSError):  # noqa: N818  (a state of the network)
    """No connection was made, for a reason with this code."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


class Connections:
    """At most `most` at a time, and some that nobody uses, each for `kept_seconds`. `resolver` is
    asked for the addresses of names.
    """

    def __init__(
        self,
        guard: Guard,
        resolver: AbstractResolver,
        most: int,
        kept_seconds: float = _KEPT_SECONDS,
    ) -> None:
        self._guard = guard
        self._kept_seconds = kept_seconds
        self._resolver = GuardedResolver(guard, resolver)
        self._room = asyncio.Semaphore(most)
        self._kept: dict[Endpoint, list[tuple[AnswerReader, float]]] = {}
        self._sweep: asyncio.TimerHandle | None = None
        self._tls: ssl.SSLContext | None = None

    async def take(self, url: URL, *, new: bool = False) -> HostConnection:
        """A connection to the host of an address, none that was used before if it must be `new`;
        the caller gives it back. Raises AddressRefused or NotConnected.
        """
        endpoint = Endpoint(url.raw_host or "", url.port or 0, url.scheme == "https")
        await self._room.acquire()
        try:
            # Not by its truth: it has as many answers as were not read, which are none.
            if not new and (kept := self._waiting(endpoint)) is not None:
                return HostConnection(kept, endpoint, used=True)
            with self._guard.connecting(url):
                return HostConnection(await self._connect(endpoint), endpoint)
        except BaseException:
            self._room.release()
            raise

    def give(self, used: HostConnection) -> None:
        """Ends the use of a connection: it is kept if its answer has come to its end."""
        self._room.release()
        endpoint, connection = used.endpoint, used.reader
        if connection.should_close or not connection.is_connected():
            _close(connection)
            return
        loop = asyncio.get_running_loop()
        kept = self._kept.pop(endpoint, [])
        self._kept[endpoint] = [*kept, (connection, loop.time())]  # the latest stand last
        if len(self._kept) > _MOST_KEPT:
            self._forget(next(iter(self._kept)), float("inf"))
        if self._sweep is None:
            self._sweep = loop.call_later(self._kept_seconds, self._forget_old)

    async def close(self) -> None:
        """Closes those that nobody uses, and the resolver."""
        if self._sweep is not None:
            self._sweep.cancel()
        for endpoint in list(self._kept):
            self._forget(endpoint, float("inf"))
        await self._resolver.close()

    def _waiting(self, endpoint: Endpoint) -> AnswerReader | None:
        kept = self._kept.get(endpoint)
        while kept:
            connection, _ = kept.pop()
            if not kept:
                del self._kept[endpoint]
            if connection.is_connected() and not connection.should_close:
                return connection
            _close(connection)
        return None

    def _forget_old(self) -> None:
        loop = asyncio.get_running_loop()
        for endpoint in list(self._kept):
            self._forget(endpoint, loop.time() - self._kept_seconds)
        self._sweep = loop.call_later(self._kept_seconds, self._forget_old) if self._kept else None

    def _forget(self, endpoint: Endpoint, until: float) -> None:
        """Closes those of an endpoint that are kept since then or longer."""
        kept = self._kept.pop(endpoint)
        for connection, since in kept:
            if since <= until:
                _close(connection)
        if young := [each for each in kept if each[1] > until]:
            self._kept[endpoint] = young

    async def _connect(self, endpoint: Endpoint) -> AnswerReader:
        loop = asyncio.get_running_loop()
        addresses = await self._addresses(endpoint)
        try:
            connected = await self._socket(addresses)
            _, connection = await loop.create_connection(
                partial(AnswerReader, loop),
                sock=connected,
                ssl=self._encryption() if endpoint.encrypted else None,
                # Certificates name hosts without the dot at their end.
                server_hostname=endpoint.host.rstrip(".") if endpoint.encrypted else None,
            )
        except ssl.SSLCertVerificationError as error:
            raise NotConnected(Code.CERTIFICATE) from error
        except ssl.SSLError as error:
            raise NotConnected(Code.INSECURE) from error
        except OSError as error:
            raise NotConnected(Code.UNREACHED) from error
        return connection

    async def _addresses(self, endpoint: Endpoint) -> Sequence[AddrInfoType]:
        host, port, _ = endpoint
        if ":" in host:
            return [(socket.AF_INET6, socket.SOCK_STREAM, 0, "", (host, port, 0, 0))]
        with suppress(OSError):
            socket.inet_pton(socket.AF_INET, host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, port))]
        try:
            found = await self._resolver.resolve(host, port, socket.AF_UNSPEC)
        except OSError as error:
            raise NotConnected(Code.UNRESOLVED) from error
        if not found:
            raise NotConnected(Code.UNRESOLVED)
        return [
            (
                each["family"],
                socket.SOCK_STREAM,
                each["proto"],
                "",
                (each["host"], each["port"], 0, 0)
                if each["family"] == socket.AF_INET6
                else (each["host"], each["port"]),
            )
            for each in found
        ]

    async def _socket(self, addresses: Sequence[AddrInfoType]) -> socket.socket:
        """A socket that is connected to the first of these addresses that lets it be."""
        if len(addresses) > 1:
            return await aiohappyeyeballs.start_connection(
                addresses,
                happy_eyeballs_delay=_NEXT_ADDRESS_SECONDS,
                socket_factory=self._guard.socket_factory,
            )
        made = self._guard.socket_factory(addresses[0])
        try:
            made.setblocking(False)
            await asyncio.get_running_loop().sock_connect(made, addresses[0][4])
        except BaseException:
            made.close()
            raise
        return made

    def _encryption(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.set_alpn_protocols(["http/1.1"])
        return self._tls


def _close(connection: AnswerReader) -> None:
    transport = connection.transport
    if transport is None:
        return
    if transport.get_extra_info("sslcontext") is not None:
        connection.abort()  # nobody waits for a farewell
    else:
        connection.close()
