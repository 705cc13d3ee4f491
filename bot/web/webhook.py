"""Where Telegram posts updates."""

import asyncio
import hmac
from collections.abc import Callable

from aiohttp import web

from bot.pipeline.receive import PostOutcome, Receiver

_MOST_BYTES = 1024 * 1024
_READING_SECONDS = 20.0
# All but 200 lets Telegram post the same again.
_STATUS = {
    PostOutcome.TAKEN: 200,
    PostOutcome.REPEATED: 200,
    PostOutcome.UNREADABLE: 400,
    PostOutcome.TOO_MUCH: 503,
    PostOutcome.NOT_STORED: 503,
}


def routes(
    path: str, secret: str, receiver: Receiver, heard: Callable[[], None]
) -> list[web.RouteDef]:
    """The calls of Telegram, at `path`; `heard` is called at each that knows the secret."""

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        # Compared in constant time: the time taken must not tell how much of it was right.
        if not hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode()):
            return _refused(receiver, "wrongsecret", 403)
        heard()
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            return _refused(receiver, "unreadable", 415)  # it could be small here and large there
        try:
            async with asyncio.timeout(_READING_SECONDS):
                body = await _read(request)
        except TimeoutError:
            return _refused(receiver, "slow", 408)
        if body is None:
            return _refused(receiver, "toolarge", 413)
        return web.Response(status=_STATUS[await receiver.receive(body)])

    return [web.post(path, receive)]


def _refused(receiver: Receiver, outcome: str, status: int) -> web.Response:
    receiver.metrics.posts.labels(outcome).inc()
    return web.Response(status=status)


async def _read(request: web.Request) -> bytes | None:
    """The body; None for one that is too large, which is not read to its end."""
    if (request.content_length or 0) > _MOST_BYTES:
        return None
    body = bytearray()
    async for part in request.content.iter_any():
        body += part
        if len(body) > _MOST_BYTES:
            return None
    return bytes(body)
