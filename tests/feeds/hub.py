"""A WebSub hub, and the publisher beside it, over HTTP on loopback; knows nothing of our code."""

import asyncio
import hashlib
import hmac
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass
class Hub:
    """Keeps subscriptions as the Recommendation says. `lease` is what it grants, `says` what it
    answers to requests; with `verifies` off it never comes back.
    """

    lease: int = 86_400
    says: int = 202
    verifies: bool = True
    url: str = ""
    topic: str = ""
    items: list[str] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    verified: list[tuple[str, int, str]] = field(default_factory=list)
    subscribers: dict[str, dict[str, str]] = field(default_factory=dict)
    fetched: int = 0
    _later: set[asyncio.Task[Any]] = field(default_factory=set)

    async def subscribe(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        if self.says == 202 and self.verifies:
            task = asyncio.create_task(self.verify(form))
            self._later.add(task)
            task.add_done_callback(self._later.discard)
        return web.Response(status=self.says)

    async def verify(self, form: dict[str, str], **other: str) -> tuple[int, str]:
        query = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": "tide-and-time",
            "hub.lease_seconds": str(self.lease),
        } | {name.replace("_", ".", 1): value for name, value in other.items()}
        status, text = await self.call("GET", form["hub.callback"], params=query)
        self.verified.append((query["hub.mode"], status, text))
        if (status, text) == (200, "tide-and-time"):
            if form["hub.mode"] == "subscribe":
                self.subscribers[form["hub.callback"]] = form
            else:
                self.subscribers.pop(form["hub.callback"], None)
        return status, text

    async def publish(
        self, body: bytes | None = None, *, method: str = "sha256", **other: str
    ) -> list[int]:
        """Pushes the feed, or that body, to all subscribers; gives their answers."""
        found = []
        for callback, form in self.subscribers.items():
            sent = self.document() if body is None else body
            made = hmac.new(form["hub.secret"].encode(), sent, getattr(hashlib, method))
            headers = {
                "Content-Type": "application/rss+xml",
                "Link": f'<{self.url}>; rel="hub", <{self.topic}>; rel="self"',
                "X-Hub-Signature": f"{method}={made.hexdigest()}",
            } | {name.replace("_", "-"): value for name, value in other.items()}
            status, _ = await self.call("POST", callback, data=io.BytesIO(sent), headers=headers)
            found.append(status)
        return found

    async def call(self, how: str, url: str, **what: Any) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as session,
            session.request(how, url, **what) as answer,
        ):
            return answer.status, await answer.text()

    def document(self, *titles: str) -> bytes:
        items = "".join(
            f"<item><title>{title}</title><guid>{title}</guid>"
            f"<link>https://harbour.example/{title.replace(' ', '-')}</link></item>"
            for title in (titles or self.items)
        )
        return f"<rss version='2.0'><channel><title>Quay</title>{items}</channel></rss>".encode()

    async def feed(self, request: web.Request) -> web.Response:
        self.fetched += 1
        links = {"Link": f'<{self.url}>; rel="hub", <{self.topic}>; rel="self"'}
        return web.Response(body=self.document(), content_type="text/xml", headers=links)


@asynccontextmanager
async def open_hub(**how: Any) -> AsyncIterator[Hub]:
    hub = Hub(**how)
    app = web.Application()
    app.router.add_post("/hub", hub.subscribe)
    app.router.add_get("/feed", hub.feed)
    async with TestServer(app, host="127.0.0.1") as server:
        hub.url, hub.topic = str(server.make_url("/hub")), str(server.make_url("/feed"))
        yield hub
