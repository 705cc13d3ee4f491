"""The feeds over HTTP: conditional requests (RFC 9110, section 13), gzip, and a page an article."""

import gzip
import hashlib
import html
import re
from collections import Counter
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from aiohttp import web

from bot.playground.news.documents import CONTENT_TYPES, document
from bot.playground.news.newsroom import Newsroom, Outlet


class Kiosk:
    """Serves a newsroom. `visits` counts answers by feed and status."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self.visits: Counter[tuple[str, int]] = Counter()

    async def feed(self, request: web.Request) -> web.Response:
        """A feed's document, or 304 where the reader has it already."""
        name = request.match_info["name"]
        outlet = self._newsroom.outlets.get(name)
        if outlet is None:
            return web.Response(status=404, text="No such feed.")
        response = _answer(outlet, request)
        self.visits[name, response.status] += 1
        return response

    async def article(self, request: web.Request) -> web.Response:
        """A plain page for an invented article, since its own address leads nowhere."""
        item = self._newsroom.find(request.query.get("url", ""))
        if item is None:
            return web.Response(status=404, text="This invented article is not kept any more.")
        outlet = self._newsroom.outlets[item.feed]
        text = html.unescape(re.sub(r"<[^>]*>", " ", item.summary))
        page = _ARTICLE.format(
            language=outlet.language,
            title=html.escape(item.title),
            outlet=html.escape(outlet.title),
            text=html.escape(" ".join(text.split())),
        )
        return web.Response(text=page, content_type="text/html")

    async def picture(self, request: web.Request) -> web.Response:
        """A drawn picture for an invented address, always the same one for the same address."""
        drawn = _landscape(request.query.get("url", ""))
        return web.Response(text=drawn, content_type="image/svg+xml")


def _landscape(address: str) -> str:
    """Hills under a sun, in colours and shapes that the address chooses."""
    seed = hashlib.sha256(address.encode()).digest()
    hue, far, near, sun = seed[0] * 360 // 255, 40 + seed[1] // 4, 40 + seed[2] // 4, seed[3] * 3
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="450">'
        f'<rect width="800" height="450" fill="hsl({hue} 45% 78%)"/>'
        f'<circle cx="{20 + sun}" cy="{90 + far}" r="46" fill="hsl({hue + 40} 80% 88%)"/>'
        f'<path d="M0 330 Q200 {330 - 2 * far} 420 310 T800 {340 - far} V450 H0Z"'
        f' fill="hsl({hue + 20} 32% 52%)"/>'
        f'<path d="M0 400 Q260 {400 - near} 480 390 T800 {410 - near} V450 H0Z"'
        f' fill="hsl({hue + 30} 36% 34%)"/></svg>'
    )


_ARTICLE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/static/style.css">
<title>{title}</title>
<body class="article">
<main dir="auto"><p class="outlet">{outlet}</p><h1 dir="auto">{title}</h1><p dir="auto">{text}</p>
<p class="note" dir="ltr">Invented news, written for trying things out.</p></main>
</body></html>
"""


def _answer(outlet: Outlet, request: web.Request) -> web.Response:
    if outlet.trouble is not None:
        return web.Response(status=outlet.trouble, text="Out of order.")
    body = document(outlet).encode()
    changed = datetime.fromtimestamp(int(outlet.changed), UTC)
    headers = {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Cache-Control": "max-age=5",
        "Vary": "Accept-Encoding",
    }
    if _reader_has_it(request, headers["ETag"], changed):
        return web.Response(status=304, headers=headers)
    if (at := outlet.breaks_off_at.encode()) and at in body:
        body = body[: body.index(at) + len(at)]
    headers["Content-Type"] = CONTENT_TYPES[outlet.form]
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, mtime=0)
    return web.Response(body=body, headers=headers)


def _reader_has_it(request: web.Request, etag: str, changed: datetime) -> bool:
    """If-None-Match decides alone when it is there, as the RFC says."""
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return etag in known or "*" in known
    since = request.headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        return parsedate_to_datetime(since) >= changed
    except ValueError:
        return False
