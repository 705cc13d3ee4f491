"""Fetching over real HTTP from servers on 127.0.0.1, good ones and hostile ones."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email.utils import formatdate
from urllib.parse import urljoin

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.feeds.fetching.fetch import (
    USER_AGENT,
    Failed,
    Fetched,
    Fetcher,
    FetchOutcome,
    Gone,
    NotModified,
    TryLater,
)
from bot.feeds.fetching.guard import NOT_ALLOWED, Guard
from bot.news.why import Code, because
from tests.feeds.names import Answers, NoNames

NOW = 1_760_000_000.0
FEED = b"<rss version='2.0'><channel><title>A</title></channel></rss>"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/feed"))


@asynccontextmanager
async def speaking(*pieces: bytes, pause: float = 0, end: bool = True) -> AsyncIterator[str]:
    """A server that sends these bytes to whoever connects, HTTP or not."""
    done = asyncio.Event()

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause)
            if not end:
                await done.wait()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
    finally:
        done.set()
        server.close()
        await server.wait_closed()


async def fetch(
    url: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    max_bytes: int = 1_000_000,
    deadline: float = 5.0,
) -> FetchOutcome:
    guard = Guard(["127.0.0.1"])
    async with Fetcher(
        guard, now=lambda: NOW, max_bytes=max_bytes, max_raw_bytes=max_bytes, deadline=deadline
    ) as fetcher:
        return await fetcher.fetch(url, etag=etag, last_modified=last_modified)


def answering(
    status: int = 200, body: bytes = FEED, headers: dict[str, str] | None = None
) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, body=body, headers=headers)

    return answer


async def reason(handler: Handler) -> str:
    async with serving(handler) as url:
        outcome = await fetch(url)
    assert isinstance(outcome, Failed), outcome
    said = str(outcome.reason)
    assert "\n" not in said
    assert "127.0.0.1" not in said
    return said


async def test_a_document_comes_with_what_the_next_fetch_needs() -> None:
    seen: dict[str, str] = {}

    async def answer(request: web.Request) -> web.Response:
        seen.update(request.headers)
        headers = {"ETag": '"1"', "Last-Modified": "Thu, 09 Oct 2025 08:00:00 GMT"}
        headers |= {"Cache-Control": "public, max-age=600", "Content-Type": "application/rss+xml"}
        return web.Response(body=FEED, headers=headers)

    async with serving(answer) as url:
        outcome = await fetch(url)
    assert outcome == Fetched(
        url, FEED, "application/rss+xml", '"1"', "Thu, 09 Oct 2025 08:00:00 GMT", None, 600.0
    )
    assert seen["User-Agent"] == USER_AGENT
    assert seen["Accept-Encoding"] == "gzip"
    assert "Cookie" not in seen
    assert "If-None-Match" not in seen


async def test_a_conditional_fetch_is_answered_with_not_modified() -> None:
    async def answer(request: web.Request) -> web.Response:
        same = request.headers.get("If-None-Match") == '"1"'
        return web.Response(status=304 if same else 200, body=None if same else FEED)

    async with serving(answer) as url:
        assert await fetch(url, etag='"1"') == NotModified(url, '"1"', None, None, None)
        assert isinstance(await fetch(url, etag='"0"'), Fetched)


@pytest.mark.hostile(57)
async def test_not_modified_without_having_asked_is_a_failure() -> None:
    assert "without being asked" in await reason(answering(304, b""))


@pytest.mark.hostile(33)
async def test_a_validator_with_a_line_break_is_not_sent() -> None:
    async with serving(answering(200)) as url:
        assert isinstance(await fetch(url, etag='"1"\r\nX: y'), Fetched)


@pytest.mark.parametrize(
    "body",
    [gzip.compress(FEED), gzip.compress(FEED[:20]) + gzip.compress(FEED[20:]),
     gzip.compress(FEED) + b"\0" * 10],
    ids=["one member", "two members", "padding"],
)  # fmt: skip
async def test_gzip_is_decoded(body: bytes) -> None:
    async with serving(answering(body=body, headers={"Content-Encoding": "gzip"})) as url:
        outcome = await fetch(url)
    assert isinstance(outcome, Fetched)
    assert outcome.body == FEED


BOMB = gzip.compress(b"\0" * 20_000_000)


@pytest.mark.parametrize(
    ("encoding", "body", "said"),
    [
        ("gzip", BOMB, "larger than"),
        ("gzip, gzip", gzip.compress(BOMB), "more than once"),
        ("br", b"\x0b\x02\x80abc\x03", "not asked for"),
        ("zstd", b"(\xb5/\xfd", "not asked for"),
        ("deflate", zlib.compress(FEED), "not asked for"),
        ("gzip", gzip.compress(FEED)[:-9], "too early"),
        ("gzip", gzip.compress(FEED)[:5], "too early"),
        ("gzip", FEED, "damaged"),
        ("gzip", gzip.compress(b"") * 200, "damaged"),
        ("gzip", gzip.compress(b""), "empty"),
        ("identity", FEED * 20_000, "larger than"),
    ],
    ids=["45", "46", "47 brotli", "47 zstd", "47 deflate", "48", "48 header", "49", "members",
         "55", "plain"],
)  # fmt: skip
@pytest.mark.hostile(45, 46, 47, 48, 49, 55)
async def test_a_body_that_is_too_much_or_damaged_is_refused(
    encoding: str, body: bytes, said: str
) -> None:
    assert said in await reason(answering(body=body, headers={"Content-Encoding": encoding}))


@pytest.mark.hostile(50)
async def test_an_endless_body_ends_at_the_bound() -> None:

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65536)
        except ConnectionError:
            return response

    assert "larger than" in await reason(answer)


@pytest.mark.slow
@pytest.mark.hostile(51)
async def test_a_dripping_body_ends_at_the_deadline() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    async with speaking(head, *[b"x"] * 100, pause=0.1) as url:
        assert await fetch(url, deadline=0.5) == Failed(
            because(Code.NO_ANSWER, 0.5), unreached=True
        )


@pytest.mark.parametrize(
    "junk",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        b"<rss version='2.0'/>",
        b"\x15\x03\x01\x00\x02\x02\x28",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 8\r\n\r\n",
    ],
    ids=["52 long", "52 many", "54 junk", "54 alert", "53 two lengths"],
)
@pytest.mark.hostile(52, 53, 54)
async def test_what_is_no_proper_http_is_a_failure(junk: bytes) -> None:
    async with speaking(junk) as url:
        outcome = await fetch(url)
    assert isinstance(outcome, Failed)
    assert outcome.reason.code in (Code.BAD_HTTP, Code.CLOSED)


@pytest.mark.hostile(53)
async def test_a_body_shorter_than_promised_is_a_failure() -> None:
    async with speaking(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss/>") as url:
        assert await fetch(url) == Failed(because(Code.CUT_SHORT))


@pytest.mark.hostile(55)
async def test_an_empty_document_is_a_failure() -> None:
    assert (await reason(answering(body=b" \n"))) == "empty: the site sent nothing"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("0", 60.0),
        ("-5", 60.0),
        ("99999999999", 86_400.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        (formatdate(NOW + 300, usegmt=True), 300.0),
        (formatdate(NOW - 300, usegmt=True), 60.0),
        ("soon", 60.0),
        ("1" * 5000, 60.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.hostile(58)
async def test_retry_after_is_kept_within_a_minute_and_a_day(
    status: int, said: str, seconds: float
) -> None:
    async with serving(answering(status, headers={"Retry-After": said})) as url:
        outcome = await fetch(url)
    assert isinstance(outcome, TryLater)
    assert outcome.seconds == seconds


@pytest.mark.hostile(59)
async def test_other_statuses() -> None:
    async with serving(answering(410)) as url:
        assert await fetch(url) == Gone()
    async with serving(answering(429)) as url:
        assert isinstance(await fetch(url), TryLater)
    assert await reason(answering(404)) == "the site answered 404 Not Found"
    assert await reason(answering(503)) == "the site answered 503 Service Unavailable"
    assert await reason(answering(206)) == "the site answered 206 Partial Content"


@pytest.mark.hostile(60)
async def test_an_answer_is_not_believed_for_longer_than_a_day() -> None:
    async with serving(answering(headers={"Cache-Control": "max-age=31536000"})) as url:
        outcome = await fetch(url)
    assert isinstance(outcome, Fetched)
    assert outcome.cache_seconds == 86_400.0


def redirecting(**places: tuple[int, str]) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        name = request.path.strip("/")
        if name not in places:
            return web.Response(body=FEED)
        status, place = places[name]
        return web.Response(status=status, headers={"Location": place})

    return answer


@pytest.mark.parametrize(
    ("first", "second", "moved"),
    [(301, 308, "/end"), (301, 302, "/b"), (302, 301, None), (307, 303, None)],
)
async def test_only_an_unbroken_chain_of_permanent_redirects_moves_a_feed(
    first: int, second: int, moved: str | None
) -> None:
    async with serving(redirecting(feed=(first, "/b"), b=(second, "/end"))) as url:
        outcome = await fetch(url)
    assert isinstance(outcome, Fetched)
    assert outcome.url == url.replace("/feed", "/end")
    assert outcome.permanent_url == (url.replace("/feed", moved) if moved else None)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("/feed", "redirects in a circle"),
        ("file:///etc/passwd", "only http and https"),
        ("http://127.0.0.2/", "address not allowed"),
        ("http://169.254.169.254/latest/meta-data/", "address not allowed"),
        ("http://[::1]:1/", "address not allowed"),
        ("http://me:secret@example.com/", "user name or password"),
        ("http://example.com:22/", "address not allowed"),
        ("http://[", "no address"),
    ],
    ids=["42", "41", "40", "22", "40 v6", "35", "44", "unreadable"],
)
@pytest.mark.hostile(40, 41, 42, 43, 44)
async def test_a_redirect_meets_the_same_guard(place: str, said: str) -> None:
    names = Answers(example_com=[["93.184.215.14"]])
    async with (
        serving(redirecting(feed=(302, place))) as url,
        Fetcher(Guard(["127.0.0.1"]), resolver=names) as fetcher,
    ):
        outcome = await fetcher.fetch(url)
    assert isinstance(outcome, Failed)
    assert said in str(outcome.reason)
    assert "secret" not in str(outcome.reason)


@pytest.mark.hostile(7, 37, 38)
async def test_a_refused_address_is_never_connected_to() -> None:
    touched = False

    async def answer(request: web.Request) -> web.Response:
        nonlocal touched
        touched = True
        return web.Response(body=FEED)

    async with serving(answer) as url:
        names = Answers(stranger_example=[["127.0.0.1"]], nas_example=[["127.0.0.1"]])
        guard = Guard(["nas.example"])
        async with Fetcher(guard, resolver=names) as fetcher:
            assert await fetcher.fetch(url) == Failed(NOT_ALLOWED, refused=True)
            stranger = "http://stranger.example:8080/feed"
            assert await fetcher.fetch(stranger) == Failed(NOT_ALLOWED, refused=True)
            assert not touched
            allowed = url.replace("127.0.0.1", "nas.example")
            assert isinstance(await fetcher.fetch(allowed), Fetched)


async def test_trouble_on_the_way_is_told_in_plain_words() -> None:
    closed = f"http://127.0.0.1:{unused_port()}/"
    assert await fetch(closed) == Failed(because(Code.UNREACHED), unreached=True)
    async with speaking() as url:
        assert await fetch(url) == Failed(because(Code.CLOSED))
    async with serving(answering()) as url:
        assert await fetch(url.replace("http:", "https:")) == Failed(because(Code.INSECURE))


async def test_an_unknown_name_is_told_in_plain_words() -> None:
    async with Fetcher(Guard(), resolver=NoNames()) as fetcher:
        outcome = await fetcher.fetch("http://nowhere.example/")
    assert outcome == Failed(because(Code.UNRESOLVED), unreached=True)


@pytest.mark.slow
async def test_feeds_of_one_host_wait_for_their_turn_without_running_out_of_time() -> None:
    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(0.2)
        return web.Response(body=FEED)

    async with serving(slow) as url, Fetcher(Guard(["127.0.0.1"]), deadline=0.6) as fetcher:
        outcomes = await asyncio.gather(*(fetcher.fetch(url) for _ in range(8)))
    assert all(isinstance(outcome, Fetched) for outcome in outcomes)


@pytest.mark.parametrize(
    ("written", "hub"),
    [
        (b"https://hub.example/", "https://hub.example/"),
        (b"/hub", "/hub"),
        (b"https://hub.example/\xff", None),
        (b"https://[hub/", None),
        (b"javascript:alert(1)", None),
        (b"https://name:word@hub.example/", None),
    ],
)
async def test_a_link_in_the_headers_is_an_address_or_nothing(
    written: bytes, hub: str | None
) -> None:
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nLink: <%b>; rel=hub\r\n\r\n" % written
    async with speaking(head + FEED) as url:
        found = await fetch(url)
        assert isinstance(found, Fetched)
        assert found.hub == (hub and urljoin(url, hub))
