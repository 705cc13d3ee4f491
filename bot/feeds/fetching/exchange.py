"""One request and its answer (RFC 9112)."""

from collections.abc import Mapping
from types import TracebackType
from urllib.parse import urlencode

from aiohttp import ClientOSError, ServerDisconnectedError, StreamReader
from msgspec import Struct
from multidict import CIMultiDictProxy
from yarl import URL

from bot.feeds.fetching.connections import Connections, HostConnection

_FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{}"

_SWITCHING = 101  # to another protocol: nothing else follows


class Answer(Struct, frozen=True):
    """The head of an answer, and its body as it comes."""

    url: URL
    status: int
    headers: CIMultiDictProxy[str]
    content: StreamReader


def asking_for(url: URL, fields: str, conditions: Mapping[str, str]) -> bytes:
    """A GET; `fields` are those of every request, lines with their ends."""
    own = "".join(f"{name}: {value}\r\n" for name, value in conditions.items())
    return f"GET {_begun(url)}{fields}{own}\r\n".encode()


def posting(url: URL, fields: str, form: Mapping[str, str]) -> bytes:
    """A POST of a form."""
    body = urlencode(form)
    return f"POST {_begun(url)}{fields}{_FORM.format(len(body), body)}".encode()


def _begun(url: URL) -> str:
    """The rest of the first line, and the host. What the guard let pass has no line in it."""
    return f"{url.raw_path_qs} HTTP/1.1\r\nHost: {url.host_port_subcomponent}\r\n"


class Exchange:
    """The answer to a request while the block lasts. A request that is `safe` is made once more
    where a connection that had been used before was closed meanwhile.

    Raises AddressRefused, NotConnected, HttpProcessingError, and what aiohttp says of a connection
    that ends early.
    """

    __slots__ = ("_connection", "_connections", "_request", "_safe", "_url")

    def __init__(self, connections: Connections, url: URL, request: bytes, *, safe: bool) -> None:
        self._connections = connections
        self._url = url
        self._request = request
        self._safe = safe
        self._connection: HostConnection | None = None

    async def __aenter__(self) -> Answer:
        try:
            if self._safe:
                connection = self._connection = await self._connections.take(self._url)
                try:
                    return await self._ask(connection)
                except (ClientOSError, ServerDisconnectedError):
                    if not connection.used:
                        raise
                self._leave(whole=False)
            self._connection = await self._connections.take(self._url, new=True)
            return await self._ask(self._connection)
        except BaseException:
            self._leave(whole=False)
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()

    async def _ask(self, connection: HostConnection) -> Answer:
        reader = connection.reader
        reader.expect()
        if reader.transport is None:
            raise ServerDisconnectedError
        reader.transport.write(self._request)
        while True:
            message, content = await reader.read()
            if not 100 <= message.code < 200 or message.code == _SWITCHING:
                return Answer(self._url, message.code, message.headers, content)

    def _leave(self, *, whole: bool = True) -> None:
        """Gives the connection back; it is used again only if the answer to this came `whole`."""
        if self._connection is not None:
            if not whole:  # else its rest would be taken for the answer to another request
                self._connection.reader.force_close()
            self._connections.give(self._connection)
            self._connection = None
