"""What goes out to servers and what comes back, to the byte: addresses as they were written, and
heads and frames of answers as servers send them.
"""

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import repeat
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.fetching.fetch import Failed, Fetched, Fetcher, NotModified
from bot.feeds.fetching.guard import Guard
from bot.news.text.urls import clean_link, joined
from bot.news.why import Code, because
from tests.feeds.test_fetch import FEED, answering, fetch, redirecting, serving, speaking

# --- heads ------------------------------------------------------------------------------------


def head_of(*fields: bytes, body: bytes = FEED) -> bytes:
    lines = b"".join(field + b"\r\n" for field in fields)
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%b\r\n%b" % (len(body), lines, body)


@pytest.mark.parametrize(
    "fields",
    [
        [b"Content-Security-Policy: " + b"default-src 'self'; " * 1_000],
        [b"X: " + b"y" * 64 * 1024],
        [b"Set-Cookie: visit=%d" % n for n in range(499)],
        [b"X-%d: " % n + b"y" * 60_000 for n in range(4)],
    ],
    ids=["a policy of 20 kB", "64 kB", "500 fields", "240 kB"],
)
async def test_a_long_head_is_read_as_servers_send_it(fields: list[bytes]) -> None:
    async with speaking(head_of(*fields)) as url:
        outcome = await fetch(url)
    assert isinstance(outcome, Fetched), outcome
    assert outcome.body == FEED


@pytest.mark.parametrize(
    "fields",
    [
        [b"X: " + b"y" * 66_000],
        [b"X: y"] * 510,
        [b"X-%d: " % n + b"y" * 60_000 for n in range(5)],
    ],
    ids=["a line", "lines", "in all"],
)
@pytest.mark.hostile(52)
async def test_a_head_beyond_its_bounds_is_refused(fields: list[bytes]) -> None:
    async with speaking(head_of(*fields)) as url:
        assert await fetch(url) == Failed(because(Code.BAD_HTTP))


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\n", b""], ids=["fields", "interim"])
@pytest.mark.hostile(52)
async def test_an_endless_head_is_given_up_at_its_bound(first: bytes) -> None:
    """Each line is one that might stand there; together they would fill the memory."""
    hint = b"" if first else b"HTTP/1.1 103 Early Hints\r\n"
    end = b"\r\n" if hint else b""
    lines = (hint + b"X-%d: " % n + b"y" * 60_000 + b"\r\n" + end for n in range(400))
    await _given_up_at_a_bound(first, lines)


async def _given_up_at_a_bound(first: bytes, rest: Iterable[bytes]) -> None:
    """Nobody hears all of an answer that goes on so."""
    taken = 0

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal taken
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(first)
            for each in rest:
                writer.write(each)
                await writer.drain()
                taken += len(each)
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
        assert await fetch(url) == Failed(because(Code.BAD_HTTP))
    assert taken < 8_000_000  # what the kernel's buffers hold is on its way already


async def test_a_connection_that_is_used_again_counts_each_head_anew() -> None:
    head = {f"X-{n}": "y" * 60_000 for n in range(3)}
    async with serving(answering(headers=head)) as url, Fetcher(Guard(["127.0.0.1"])) as fetcher:
        for _ in range(4):
            assert isinstance(await fetcher.fetch(url), Fetched)


@pytest.mark.parametrize(
    "named",
    ["UTF-8", "utf8", "none", "binary", "aws-chunked", "", ",", "identity", "8bit", '"UTF-8"',
     "application/rss+xml"],
)  # fmt: skip
async def test_an_encoding_that_names_no_compression_is_none(named: str) -> None:
    async with speaking(head_of(b"Content-Encoding: " + named.encode())) as url:
        outcome = await fetch(url)
        assert isinstance(outcome, Fetched), outcome
        assert outcome.body == FEED


@pytest.mark.parametrize("named", ["aws-chunked, gzip", "gzip, UTF-8", "X-GZip;q=1", '"gzip"'])
async def test_gzip_beside_what_is_no_encoding_is_gzip(named: str) -> None:
    fields = b"Content-Encoding: " + named.encode()
    async with speaking(head_of(fields, body=gzip.compress(FEED))) as url:
        outcome = await fetch(url)
        assert isinstance(outcome, Fetched), outcome
        assert outcome.body == FEED


@pytest.mark.parametrize(
    "named", ["br", "Deflate", "zstd", "x-bzip2", "xz", "none, br", "compress"]
)
@pytest.mark.hostile(47)
async def test_a_compression_that_was_not_asked_for_stays_refused(named: str) -> None:
    async with speaking(head_of(b"Content-Encoding: " + named.encode())) as url:
        outcome = await fetch(url)
        assert isinstance(outcome, Failed)
        assert "not asked for" in str(outcome.reason)


# --- framing ----------------------------------------------------------------------------------

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunks_of(size: int, body: bytes) -> bytes:
    parts = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"", b"1\r\nx\r\n" * 10_000),
        (b"", b"1;a\r\nx\r\n" * 8_000),
        (b"5;", b"y" * 60_000),
        (b"5\r\nhello\r\n", b"0" * 60_000),
        (b"5\r\nhello\r\n0\r\n", b"X: " + b"y" * 1_000 + b"\r\n"),
        (b"5\r\nhello\r\n0\r\nX: ", b"y" * 60_000),
    ],
    ids=["bytes", "bytes with extensions", "extension", "zeros", "trailers", "trailer"],
)
@pytest.mark.hostile(52)
async def test_what_is_no_body_is_given_up_at_its_bound(first: bytes, again: bytes) -> None:
    """Each piece is one that might stand there, and none is a byte of a body that is too long."""
    await _given_up_at_a_bound(CHUNKED + first, repeat(again, 40_000_000 // len(again)))


@pytest.mark.parametrize(
    ("size", "length"), [(1, 50_000), (20, 900_000)], ids=["bytes of a small one", "short lines"]
)
async def test_a_document_in_small_chunks_is_read(size: int, length: int) -> None:
    document = FEED.ljust(length)
    async with speaking(CHUNKED + chunks_of(size, document)) as url:
        outcome = await fetch(url)
    assert isinstance(outcome, Fetched), outcome
    assert outcome.body == document


async def test_a_body_that_waits_to_be_read_is_not_taken_for_its_frame() -> None:
    document = FEED.ljust(900_000)
    async with speaking(head_of(body=document)) as url:
        assert isinstance(await fetch(url), Fetched)


@pytest.mark.parametrize("status", [b"304 Not Modified", b"204 No Content"])
@pytest.mark.parametrize(
    ("fields", "tail"),
    [
        (b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
        (b"", b"0\r\n\r\n"),
        (b"Content-Length: 5\r\n", b"hello"),
        (b"", b"<html>Nothing new.</html>"),
    ],
    ids=["the last chunk", "and not announced", "a body", "a page"],
)
@pytest.mark.parametrize("apart", [False, True])
async def test_what_follows_an_answer_without_body_is_dropped(
    status: bytes, fields: bytes, tail: bytes, apart: bool
) -> None:
    head = b"HTTP/1.1 %b\r\n%b\r\n" % (status, fields)
    pieces = [head[:-1], head[-1:] + tail[:1], tail[1:]] if apart else [head + tail]
    async with speaking(*pieces, pause=0.01 if apart else 0) as url:
        outcome = await fetch(url, etag='"1"')
    if status.startswith(b"304"):
        assert isinstance(outcome, NotModified), outcome
    else:
        assert outcome == Failed(because(Code.STATUS, 204, "No Content"), 204)


async def test_what_follows_is_not_taken_for_the_next_answer() -> None:
    """It comes once the connection waits for another request."""
    asked = 0

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                asked += 1
                writer.write(b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n")
                await asyncio.sleep(0)
                writer.write(b"0\r\n\r\n")
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server, Fetcher(Guard(["127.0.0.1"])) as fetcher:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
        for _ in range(10):
            assert isinstance(await fetcher.fetch(url, etag='"1"'), NotModified)
    assert asked == 10


@pytest.mark.parametrize("apart", [False, True])
async def test_of_a_body_that_was_counted_too_short_the_part_is_read(apart: bool) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(FEED) - 6)
    pieces = [head, FEED] if apart else [head + FEED]
    async with speaking(*pieces, pause=0.01 if apart else 0) as url:
        outcome = await fetch(url)
    assert isinstance(outcome, Fetched), outcome
    assert outcome.body == FEED[:-6]


async def test_a_frame_that_cannot_be_read_ends_the_answer_at_once() -> None:
    async with speaking(CHUNKED, b"5\r\nhello\r\n", b"?\r\n", pause=0.01, end=False) as url:
        assert await fetch(url) == Failed(because(Code.BAD_HTTP))


async def test_what_a_proxy_changed_on_the_way_is_a_document() -> None:
    async with serving(answering(203)) as url:
        outcome = await fetch(url)
    assert isinstance(outcome, Fetched), outcome
    assert outcome.body == FEED


# --- addresses --------------------------------------------------------------------------------


@asynccontextmanager
async def hearing(*places: bytes) -> AsyncIterator[tuple[str, list[str]]]:
    """A server that redirects to these places one after the other, then sends a feed; and what it
    was asked for, as it came over the wire.
    """
    asked: list[str] = []

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head.split(b"\r\n")[0].decode("latin-1").removesuffix(" HTTP/1.1"))
        step = len(asked) - 1
        if step < len(places):
            moved = b"HTTP/1.1 302 Found\r\nLocation: %b\r\n" % places[step]
            writer.write(moved + b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            writer.write(head_of(b"Connection: close"))
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


AS_WRITTEN = [
    "/a%2Fb%2fc?sig=Zm9v%2Bbar%3D%3D&by=ada%40harbour",
    "/feed%2C1,2:3%3A4@5%40/%7Eada/~ada/%7ebo",
    "/%c3%a9t%C3%A9?q=%e2%82%ac+%20&kind[]=a&empty=&flag",
    "//twice//over/;v=1?u=https://other.example/x?y=/../z",
    "/with/./dots/../in?it=%2e%2e",
    "/100%25?a='b'&c=(d)!*$",
]


@pytest.mark.parametrize("written", AS_WRITTEN)
async def test_an_address_goes_out_as_it_was_written(written: str) -> None:
    """Signed addresses are signed as they stand; what means the same to us is another to them."""
    async with hearing() as (base, asked):
        outcome = await fetch(base + written)
        assert isinstance(outcome, Fetched)
        assert outcome.url == base + written
    assert asked == [f"GET {written}"]


@pytest.mark.parametrize("written", AS_WRITTEN)
async def test_a_redirect_is_followed_to_the_address_as_it_was_written(written: str) -> None:
    async with hearing() as (base, asked), hearing((base + written).encode()) as (first, _):
        outcome = await fetch(first + "/start")
        assert isinstance(outcome, Fetched)
        assert outcome.url == base + written
    assert asked == [f"GET {written}"]


@pytest.mark.parametrize("written", [path for path in AS_WRITTEN if not path.startswith("//")])
async def test_a_redirect_on_one_host_too(written: str) -> None:
    async with hearing(written.encode()) as (base, asked):
        assert isinstance(await fetch(base + "/start"), Fetched)
    assert asked == ["GET /start", f"GET {written}"]


async def test_a_form_is_sent_to_a_hub_as_its_address_was_written() -> None:
    async with hearing() as (base, asked), Fetcher(Guard(["127.0.0.1"])) as fetcher:
        assert await fetcher.post(f"{base}/hub%2Fa?key=%7e%2C", {"hub.mode": "subscribe"}) == 200
    assert asked == ["POST /hub%2Fa?key=%7e%2C"]


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/my feed?a b", "/my%20feed?a%20b"),
        ("/été?ü", "/%C3%A9t%C3%A9?%C3%BC"),
        ('/"<>^`{|}', "/%22%3C%3E%5E%60%7B%7C%7D"),
        ("/100%?50%x", "/100%25?50%25x"),
        ("?only=query", "/?only=query"),
        ("/feed#part", "/feed"),
    ],
)
async def test_what_may_not_stand_in_an_address_is_escaped(written: str, sent: str) -> None:
    async with hearing() as (base, asked):
        assert isinstance(await fetch(base + written), Fetched)
    async with hearing(written.encode()) as (base, asked_again):
        assert isinstance(await fetch(base + "/start"), Fetched)
    first = "/start" if written.startswith("?") else ""
    assert asked == [f"GET {sent}"]
    assert asked_again[1:] == [f"GET {first + sent.removeprefix('/') if first else sent}"]


@pytest.mark.parametrize(
    ("place", "sent"),
    [
        (b"next%2fone?x=%7e", "/a//b/next%2fone?x=%7e"),
        (b"../up/./here/", "/a//up/here/"),
        (b"/caf\xe9", "/caf%E9"),
        (b"?page=2", "/a//b/start?page=2"),
    ],
)
async def test_a_relative_redirect_is_joined_as_it_was_written(place: bytes, sent: str) -> None:
    async with hearing(place) as (base, asked):
        assert isinstance(await fetch(base + "/a//b/start"), Fetched)
    assert asked == ["GET /a//b/start", f"GET {sent}"]


async def test_a_server_that_mends_the_spelling_of_an_address_is_no_circle() -> None:
    async with hearing(b"/~ada") as (base, asked):
        assert isinstance(await fetch(base + "/%7Eada"), Fetched)
    assert asked == ["GET /%7Eada", "GET /~ada"]


async def test_a_long_location_is_followed_and_not_kept_as_the_feeds_address() -> None:
    signed = "/signed?token=" + "Ab%2F" * 6_000
    async with hearing(signed.encode()) as (base, asked):
        outcome = await fetch(base + "/feed")
        assert isinstance(outcome, Fetched)
        assert outcome.url == base + signed
    assert asked[1] == f"GET {signed}"
    async with serving(redirecting(feed=(301, "/b?" + "x" * 3_000))) as url:
        outcome = await fetch(url)
        assert isinstance(outcome, Fetched)
        assert outcome.permanent_url is None
    async with hearing(b"http://127.0.0.2" + signed.encode()) as (base, asked):
        refused = await fetch(base + "/feed")
        assert isinstance(refused, Failed)
        assert refused.refused
        assert len(asked) == 1


_path = st.text(alphabet="ab%2F7e.~,:@;=!$'()*+ é|[]/", max_size=30)


@given(_path, _path)
def test_a_link_that_is_shown_is_sent_unchanged(path: str, query: str) -> None:
    """Articles, hubs and discovered feeds come as clean links; nothing is done to them twice."""
    link = clean_link(f"https://news.example/{path}?{query}")
    assert link
    assert str(Guard().check_url(link)) == link.removesuffix("?")


_plain = st.text(alphabet="ab.%2f", min_size=1, max_size=6)


@given(st.lists(_plain, max_size=4), st.lists(_plain, max_size=4), st.booleans())
def test_references_are_joined_as_the_standard_library_does(
    base: list[str], place: list[str], query: bool
) -> None:
    """Where no part is empty and nothing climbs above the front, they agree."""
    front, reference = "https://a.example/" + "/".join(base), "/".join(place)
    reference += "?x=../y" if query else ""
    found = joined(front, reference)
    assert urlsplit(found).netloc == "a.example"
    assert found.rstrip("/") == urljoin(front, reference).rstrip("/")
