"""Where WebSub hubs call: a verification by GET, and what they push by POST."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from bot.feeds.fetching.headers import linked
from bot.news.text.urls import clean_link
from bot.pipeline.polling.push import PushOutcome, Subscriber

_READING_SECONDS = 20.0
_STATUS = {PushOutcome.TAKEN: 202, PushOutcome.UNKNOWN: 404, PushOutcome.TOO_MUCH: 503}


def routes(subscriber: Subscriber) -> list[web.RouteDef]:
    """The calls of hubs, under an address that names a subscription by its token."""

    async def verify(request: web.Request) -> web.Response:
        challenge = await subscriber.verify(request.match_info["token"], request.query)
        if challenge is None:
            return web.Response(status=404)
        # As plain text: what a stranger wrote is sent back.
        return web.Response(text=challenge, headers={"X-Content-Type-Options": "nosniff"})

    async def receive(request: web.Request) -> web.Response:
        token = request.match_info["token"]
        if not await subscriber.knows(token):
            return web.Response(status=404)
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            return web.Response(status=415)  # the signature is over the bytes as they were sent
        try:
            async with asyncio.timeout(_READING_SECONDS):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        taken = await subscriber.receive(
            token,
            body,
            request.headers.get("X-Hub-Signature"),
            _topic(request.headers.getall("Link", [])),
            request.headers.get("Content-Type"),
        )
        return web.Response(status=_STATUS[taken])

    path = "/websub/{token:[A-Za-z0-9_-]{20,100}}"
    return [web.get(path, verify, allow_head=False), web.post(path, receive)]


def _topic(links: Sequence[str]) -> str | None:
    """What a push says it is about, written as we keep addresses."""
    named = linked(links, "self")
    return clean_link(named) or named if named else None
