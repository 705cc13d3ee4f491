"""Where WebSub hubs call: a verification by GET, and what they push by POST."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from aiohttp import web

from bot.feeds.fetching.headers import linked
from bot.news.polling.push import Push
from bot.news.polling.shares import Shares
from bot.news.text.urls import clean_link
from bot.pipeline.polling.push import PushOutcome, Subscriber

_READING_SECONDS = 20.0
_AT_ONCE, _OF_CHATS, _OF_ONE_CHAT, _OF_ONE_FEED = 16, 8, 4, 2
_STATUS = {PushOutcome.TAKEN: 202, PushOutcome.UNKNOWN: 404, PushOutcome.TOO_MUCH: 503}


def routes(subscriber: Subscriber) -> list[web.RouteDef]:
    """The calls of hubs, under an address that names a subscription by its token."""
    bodies = _Bodies()

    async def verify(request: web.Request) -> web.Response:
        challenge = await subscriber.verify(request.match_info["token"], request.query)
        if challenge is None:
            return web.Response(status=404)
        # As plain text: what a stranger wrote is sent back.
        return web.Response(text=challenge, headers={"X-Content-Type-Options": "nosniff"})

    async def receive(request: web.Request) -> web.Response:
        push = await subscriber.known(request.match_info["token"])
        if push is None:
            return web.Response(status=404)
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            return web.Response(status=415)  # the signature is over the bytes as they were sent
        with bodies.one_more(push) as has_room:
            if not has_room:
                return web.Response(status=_STATUS[subscriber.refused()])
            return await _taken(subscriber, push.token, request)

    path = "/websub/{token:[A-Za-z0-9_-]{20,100}}"
    return [web.get(path, verify, allow_head=False), web.post(path, receive)]


async def _taken(subscriber: Subscriber, token: str, request: web.Request) -> web.Response:
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


class _Bodies:
    """Those that are being read or handed over. A hub is a stranger that may send its bodies as
    slowly as it likes: it must have neither all connections nor all memory.
    """

    def __init__(self) -> None:
        self._shares = Shares(_AT_ONCE, chats=_OF_CHATS, each=_OF_ONE_CHAT)
        self._of_feed: Counter[str] = Counter()

    @contextmanager
    def one_more(self, push: Push) -> Iterator[bool]:
        """Whether there is room for one of this subscription, which the block has."""
        if self._of_feed[push.token] >= _OF_ONE_FEED or not self._shares.take(push.brought_by):
            yield False
            return
        self._of_feed[push.token] += 1
        try:
            yield True
        finally:
            self._shares.leave(push.brought_by)
            self._of_feed[push.token] -= 1
            if not self._of_feed[push.token]:
                del self._of_feed[push.token]


def _topic(links: Sequence[str]) -> str | None:
    """What a push says it is about, written as we keep addresses."""
    named = linked(links, "self")
    return clean_link(named) or named if named else None
