"""A small web site on 127.0.0.1 whose pages a test sets and changes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from html import escape
from urllib.parse import quote

from aiohttp import web
from aiohttp.test_utils import TestServer

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Page:
    """What a path answers with."""

    body: str = ""
    content_type: str = HTML
    status: int = 200
    location: str | None = None
    seconds: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """Pages by path with query; all else is 404. `visits` counts what was asked for. A page that
    says when it was written is sent to those only who ask for what is newer than they know.
    """

    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    visits: Counter[str] = field(default_factory=Counter)

    async def answer(self, request: web.Request) -> web.Response:
        self.visits[request.path_qs] += 1
        page = self.pages.get(request.path_qs, Page("Nothing here.", status=404))
        await asyncio.sleep(page.seconds)
        known, written = request.headers.get("If-Modified-Since"), page.headers.get("Last-Modified")
        if known and written and _time(written) <= _time(known):
            return web.Response(status=304)
        headers = {"Content-Type": page.content_type, **page.headers}
        if page.location:
            headers["Location"] = page.location
        return web.Response(body=page.body.encode(), status=page.status, headers=headers)

    def moves(self, path: str, location: str, status: int = 301) -> None:
        """Lets a path redirect."""
        self.pages[path] = Page(status=status, location=location)


def _time(text: str) -> float:
    return parsedate_to_datetime(text).timestamp()


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    made = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", made.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        made.url = str(server.make_url("")).rstrip("/")
        yield made


def feed(title: str, *headlines: str) -> Page:
    """An RSS feed with these headlines, the newest first."""
    site = title.lower().replace(" ", "-")
    items = "".join(
        f"<item><title>{escape(text)}</title><guid>{escape(text)}</guid>"
        f"<link>https://{site}.example/{quote(text)}</link></item>"
        for text in headlines
    )
    return Page(
        f"<rss version='2.0'><channel><title>{escape(title)}</title>"
        f"<language>en</language>{items}</channel></rss>",
        "application/rss+xml",
    )


def page(*links: tuple[str, str], body: str = "") -> Page:
    """A page that declares feeds: types, and addresses."""
    declared = "".join(
        f'<link rel="alternate" type="application/{kind}" href="{escape(href)}">'
        for kind, href in links
    )
    return Page(f"<!doctype html><html><head>{declared}</head><body>{body}</body></html>")
