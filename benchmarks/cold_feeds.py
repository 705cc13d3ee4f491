"""A thousand outlets for `benchmarks.cold_poll`: each at an address of its own on loopback, with
thirty entries of invented words, and validators that are kept.

Started as a process of its own, so that its work is not counted; it says where it listens in one
line of JSON. `POST /turn` lets three in ten publish one entry more, `GET /counts` says what was
answered.
"""

import asyncio
import json
import random
import resource
import sys
import time
from collections import Counter
from email.utils import formatdate
from functools import cache
from html import escape
from itertools import product
from socketserver import TCPServer

from aiohttp import web

ENTRIES = 30
_APART_SECONDS = 3 * 3600
_SYLLABLES = [*map("".join, product("bcdfglmnprstvw", "aiou"))][::3]
_WORDS = [a + b + c for a in _SYLLABLES for b in _SYLLABLES for c in ("", "n", "ri", "stel")]


def host(feed: int) -> str:
    """The loopback address of a feed's server."""
    return f"127.0.{1 + feed // 250}.{1 + feed % 250}"


def brings_news(feed: int) -> bool:
    """Whether a feed has one more entry after the turn."""
    return feed % 10 < 3


def _words(chance: random.Random, least: int, most: int) -> str:
    text = " ".join(chance.choices(_WORDS, k=chance.randint(least, most)))
    return text.capitalize()


@cache
def _entry(feed: int, number: int, began: float) -> str:
    """One entry: of RSS with a summary, of RSS with the whole article beside it, or of Atom."""
    chance = random.Random(f"{feed}:{number}")
    link = f"http://{host(feed)}/articles/{number}-{chance.choice(_WORDS)}"
    title, at = _words(chance, 6, 11), began + (number - ENTRIES) * _APART_SECONDS
    summary = f"<p>{_words(chance, 25, 45)} &amp; <a href='{link}'>{_words(chance, 2, 3)}</a>.</p>"
    article = "".join(f"<p>{_words(chance, 30, 60)}.</p>" for _ in range(4))
    if feed % 3 == 0:
        iso = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
        return (
            f"<entry><title>{title}</title><id>tag:{host(feed)},2026:{number}</id>"
            f'<link rel="alternate" type="text/html" href="{link}"/>'
            f"<published>{iso}</published><updated>{iso}</updated>"
            f"<author><name>{_words(chance, 2, 2)}</name></author>"
            f'<summary type="html">{escape(summary)}</summary></entry>'
        )
    whole = f"<content:encoded><![CDATA[{article}]]></content:encoded>" if feed % 3 == 1 else ""
    return (
        f"<item><title>{title}</title><link>{link}</link>"
        f"<dc:creator><![CDATA[{_words(chance, 2, 2)}]]></dc:creator>"
        f"<pubDate>{formatdate(at, usegmt=True)}</pubDate>"
        f"<category><![CDATA[{chance.choice(_WORDS)}]]></category>"
        f'<guid isPermaLink="false">{host(feed)}/?p={number}</guid>'
        f"<description><![CDATA[{summary}]]></description>{whole}</item>\n"
    )


def document(feed: int, newest: int, began: float) -> bytes:
    """A feed's document whose newest entry has this number."""
    entries = "".join(_entry(feed, n, began) for n in range(newest, newest - ENTRIES, -1))
    title, home = f"Outlet {feed}", f"http://{host(feed)}/"
    if feed % 3 == 0:
        text = (
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title><id>{home}</id>'
            f'<link href="{home}"/><updated>2026-01-01T00:00:00Z</updated>{entries}</feed>'
        )
    else:
        text = (
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:atom="http://www.w3.org/2005/Atom"'
            ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
            f"<title>{title}</title><link>{home}</link><description>{title}</description>"
            "<language>en-GB</language><sy:updatePeriod>hourly</sy:updatePeriod>"
            f"<sy:updateFrequency>1</sy:updateFrequency>{entries}</channel></rss>"
        )
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode()


class Outlets:
    """The servers of all feeds, in one process."""

    def __init__(self, feeds: int) -> None:
        self.feeds = feeds
        self.began = time.time()
        self.turned = False
        self.counts: Counter[int] = Counter()
        self._made: dict[tuple[int, int], bytes] = {}

    async def answer(self, request: web.Request) -> web.Response:
        """A feed's document, or that it has not changed."""
        feed = int(request.match_info["feed"])
        newest = ENTRIES + (self.turned and brings_news(feed))
        etag = f'"{feed}-{newest}"'
        if request.headers.get("If-None-Match") == etag:
            self.counts[304] += 1
            return web.Response(status=304, headers={"ETag": etag})
        self.counts[200] += 1
        if (feed, newest) not in self._made:
            self._made[feed, newest] = document(feed, newest, self.began)
        kind = "application/atom+xml" if feed % 3 == 0 else "application/rss+xml"
        body = self._made[feed, newest]
        return web.Response(body=body, headers={"ETag": etag, "Content-Type": kind})

    async def turn(self, _: web.Request) -> web.Response:
        """Lets some feeds publish, and counts anew."""
        self.turned = True
        self.counts.clear()
        return web.Response()

    async def forget(self, _: web.Request) -> web.Response:
        """Counts anew."""
        self.counts.clear()
        return web.Response()

    async def said(self, _: web.Request) -> web.Response:
        """How often each status was answered."""
        return web.json_response(self.counts)

    async def serve(self) -> None:
        """Answers until the process ends."""
        app = web.Application()
        app.router.add_get("/feed/{feed}", self.answer)
        app.router.add_get("/counts", self.said)
        app.router.add_post("/turn", self.turn)
        app.router.add_post("/forget", self.forget)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        assert runner.server is not None
        loop, port = asyncio.get_running_loop(), _free_port()
        hosts = ["127.0.0.1", *(host(feed) for feed in range(self.feeds))]
        await loop.create_server(runner.server, hosts, port)
        urls = [f"http://{host(feed)}:{port}/feed/{feed}" for feed in range(self.feeds)]
        print(json.dumps({"url": f"http://127.0.0.1:{port}", "feeds": urls}), flush=True)
        await asyncio.Event().wait()


def _free_port() -> int:
    with TCPServer(("127.0.0.1", 0), None) as server:  # type: ignore[arg-type]
        return int(server.server_address[1])


def main() -> None:
    """Serves as many feeds as the argument says."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(Outlets(int(sys.argv[1])).serve())


if __name__ == "__main__":
    main()
