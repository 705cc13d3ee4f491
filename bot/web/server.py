"""Health and metrics over HTTP, on WEB_LISTEN.

/healthz   the process lives
/readyz    the database does what is asked; 503 if it does not
/metrics   the counters, for Prometheus
"""

import asyncio
import base64
import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestPayloadError
from prometheus_client import generate_latest

from bot.errors import SettingsError, TocsinError
from bot.loops import Outage
from bot.metrics import Metrics
from bot.web.admission import MOST_CONNECTIONS, Admission
from storage.errors import StorageError

_MOST_BYTES = 5 * 1024 * 1024  # of a request's body
_WAITING_SECONDS = 20.0  # for the whole head of a request, the first of a connection or another


@asynccontextmanager
async def serve(
    listen: str,
    password: str | None,
    metrics: Metrics,
    ready: Callable[[], Awaitable[object]],
    more: Sequence[web.RouteDef] = (),
    *,
    waiting_seconds: float = _WAITING_SECONDS,
    most_connections: int = MOST_CONNECTIONS,
) -> AsyncIterator[str]:
    """Serves until the block ends; gives the address. `/metrics` wants the password, if any; `more`
    routes look after themselves. A connection is closed that brought no request, or
    took nothing of an answer, for `waiting_seconds`.
    """
    host, _, port = listen.rpartition(":")
    admission = Admission(most_connections, waiting_seconds)
    app = web.Application(client_max_size=_MOST_BYTES, middlewares=[admission.middleware])
    app.router.add_get("/healthz", _healthz)
    app.router.add_get("/readyz", _readyz(ready))
    app.router.add_get("/metrics", _metrics(metrics, password))
    app.router.add_routes(more)
    runner = web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        keepalive_timeout=waiting_seconds,
        logger=_logger(metrics),
    )
    await runner.setup()
    admission.server = runner.server
    try:
        listening = await _listening(admission, listen, host.strip("[]"), int(port))
        try:
            yield f"http://{host}:{listening.sockets[0].getsockname()[1]}"
        finally:
            listening.close()
    finally:
        await runner.cleanup()


def _logger(metrics: Metrics) -> logging.Logger:
    """aiohttp's, without what it says of requests that it cannot read: strangers write these, as
    many and as long as they like, and they are no errors of ours.
    """

    def is_ours(record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, HttpProcessingError | RequestPayloadError):
            return True
        metrics.unreadable_requests.inc()
        return False

    # A child that no one else has: a process may serve more than one port.
    logger = logging.Logger("aiohttp.server")
    logger.parent = logging.getLogger("aiohttp.server")
    logger.addFilter(is_ours)
    return logger


async def _listening(admission: Admission, listen: str, host: str, port: int) -> asyncio.Server:
    try:
        return await asyncio.get_running_loop().create_server(admission.protocol, host, port)
    except OSError as error:
        raise SettingsError(f"WEB_LISTEN={listen} cannot be used: {error.strerror}") from None


def readiness(
    database: Outage, read: Callable[[], Awaitable[object]]
) -> Callable[[], Awaitable[object]]:
    """Raises StorageError, when it is asked, where the database cannot be read, or is away as the
    loops find it: with a full disk all is read and nothing is stored.
    """

    async def ready() -> None:
        if said := database.lasting:
            raise StorageError(said)
        await read()

    return ready


async def _healthz(request: web.Request) -> web.Response:
    return web.Response(text="ok\n")


def _readyz(
    ready: Callable[[], Awaitable[object]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            await ready()
        except TocsinError as error:
            return web.Response(status=503, text=f"{error}\n")
        return web.Response(text="ready\n")

    return answer


def _metrics(
    metrics: Metrics, password: str | None
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        if password and not _knows(request, password):
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="Tocsin"'})
        return web.Response(
            body=generate_latest(metrics.registry),
            headers={"Content-Type": "text/plain; version=0.0.4"},
        )

    return answer


def _knows(request: web.Request, password: str) -> bool:
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    try:
        given = base64.b64decode(value, validate=True).decode().partition(":")[2]
    except ValueError:
        return False
    if kind.lower() != "basic":
        return False
    # Compared in constant time: the time taken must not tell how much of it was right.
    return hmac.compare_digest(given.encode(), password.encode())
