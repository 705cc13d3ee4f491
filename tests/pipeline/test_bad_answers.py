"""Bad answers between good ones: they are failures, and change nothing of what is remembered."""

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.news.feed import Feed, NewFeed
from tests.pipeline.conftest import Line

ONE = (
    "<item><title>Tide turns early</title><guid>1</guid><link>https://pier.example/1</link></item>"
)
TWO = "<item><title>Crane falls silent</title><guid>2</guid><link>https://pier.example/2</link></item>"


def document(*items: str) -> bytes:
    channel = f"<channel><title>Pier Post</title>{''.join(items)}</channel>"
    return f"<rss version='2.0'>{channel}</rss>".encode()


@dataclass
class Host:
    """Answers as it is told; remembers what it was asked with."""

    url: str = ""
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str | None] = field(default_factory=list)

    def says(self, body: bytes, status: int = 200, /, **headers: str) -> None:
        self.body, self.status = body, status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.headers.get("If-None-Match"))
        return web.Response(status=self.status, body=self.body, headers=self.headers)


@asynccontextmanager
async def host() -> AsyncIterator[Host]:
    made = Host()
    app = web.Application()
    app.router.add_get("/feed", made.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        made.url = str(server.make_url("/feed"))
        yield made


async def polled(line: Line, url: str) -> Feed:
    """The feed after one more poll of it."""
    (feed,) = [feed for feed in await line.storage.feeds.all() if feed.url == url]
    line.clock.now = max(line.clock.now, feed.poll_at)
    await line.poll()
    (feed,) = [feed for feed in await line.storage.feeds.all() if feed.url == url]
    return feed


LOGIN = b"<!doctype html><html><head><title>Log in</title></head><body>Who are you?</body></html>"
TAGGED = {"ETag": '"evil"', "Last_Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
BAD = [
    (b"", {**TAGGED}, "empty"),
    (b" \n ", {**TAGGED}, "empty"),
    (LOGIN, {**TAGGED, "Content_Type": "text/html"}, "web page"),
    (LOGIN, {**TAGGED, "Content_Type": "application/rss+xml"}, "web page"),
    (gzip.compress(document(ONE, TWO))[:-9], {**TAGGED, "Content_Encoding": "gzip"}, "too early"),
    (b'{"error": "quota"}', {**TAGGED}, "not a JSON Feed"),
    (b"<rss><a " + b" ".join(b"b%d='1'" % n for n in range(9000)) + b">", {**TAGGED}, "damaged"),
]


@pytest.mark.hostile(48, 55, 56, 57, 66, 73)
async def test_what_was_remembered_before_a_bad_answer_holds_after_it(line: Line) -> None:
    async with host() as pier:
        await line.storage.feeds.add([NewFeed(pier.url, "", line.clock())], line.clock())
        pier.says(document(ONE), ETag='"1"')
        before = await polled(line, pier.url)
        assert before.etag == '"1"'
        for number, (body, headers, said) in enumerate(BAD, 1):
            pier.says(body, **headers)
            feed = await polled(line, pier.url)
            assert said in str(feed.error)
            assert feed.failures == number
            kept = (feed.etag, feed.last_modified, feed.body_hash, feed.title, feed.reads)
            assert kept == ('"1"', None, before.body_hash, "Pier Post", before.reads)
            assert pier.asked[-1] == '"1"'
        pier.says(b"", 304)
        feed = await polled(line, pier.url)
        assert (feed.failures, feed.error, feed.etag) == (0, None, '"1"')
        stored = (await line.storage.stats()).reports
        pier.says(document(TWO, ONE), ETag='"2"')
        feed = await polled(line, pier.url)
        assert feed.etag == '"2"'
        assert (await line.storage.stats()).reports == stored + 1


@pytest.mark.hostile(58, 60)
async def test_a_host_cannot_send_a_feed_away_for_years(line: Line) -> None:
    async with host() as pier:
        await line.storage.feeds.add([NewFeed(pier.url, "", line.clock())], line.clock())
        pier.says(document(ONE), Cache_Control="max-age=31536000", ETag='"1"')
        feed = await polled(line, pier.url)
        assert feed.poll_at - line.clock.now <= 3600 * 1.2
        for said, least, most in (
            ("Fri, 31 Dec 9999 23:59:59 GMT", 86_000, 100_000),
            ("-9", 60, 80),
        ):
            pier.says(b"", 503, Retry_After=said)
            feed = await polled(line, pier.url)
            assert least <= feed.poll_at - line.clock.now <= most
            assert (feed.etag, feed.failures) == ('"1"', 0)
