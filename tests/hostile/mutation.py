"""Documents made from our own fixtures by many small changes, and the whole way of one of them:
served over HTTP, fetched, unpacked, decoded, parsed, cleaned, rendered, and judged by TDLib.
"""

import asyncio
import gzip
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import strategies as st

from bot.delivery.verdict import markup_is_readable
from bot.feeds.check import FeedCheck
from bot.feeds.fetching.fetch import Fetched, Fetcher
from bot.feeds.fetching.guard import Guard
from bot.feeds.reading.parse import parse_document
from bot.news.why import NotAFeed
from tests.hostile.stage import alerts

_FIXTURES = Path(__file__).parents[1] / "feeds" / "fixtures"
SEEDS = tuple(path.read_bytes() for path in sorted(_FIXTURES.iterdir()) if path.is_file())
_PIECES = (
    "<", ">", "&", "&#", "&#xD83D;", "&amp;amp;", "&lt;b&gt;", "&nbsp;", "]]>", "<![CDATA[",
    "<!--", "-->", "<?xml", "?>", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "&a;", "\x00", "\x0b",
    "\ufeff", "\u202e", "\u2066", "e\u0301\u0301", "👩\u200d🚀", "🇳🇴", "\ud83d", "/stop", "@admin",
    "#x", "$AAPL", "12:30", "http://h.example/", "javascript:alert(1)", "tg://user?id=1", "<item>",
    "</item>", "<entry>", "</entry>", "<title>", "</title>", "<link>", "<link href='x'/>",
    "<guid>", "</guid>", "<media:content url='x'/>", "<enclosure url='p.jpg'/>", "<script>",
    "</p>", "<br/>", "<div>" * 40, " a='1'" * 40, "word " * 100,
    "<pubDate>Wed, 29 Oct 2025 14:58:20 +9900</pubDate>", "2025-W44-3", "10000-01-01",
    "1761749900", "encoding='utf-16'", "encoding='gb18030'", "xml:base='http://['", "xmlns=''",
    "xmlns:a='b'", "type='xhtml'", "type='html'", "isPermaLink='false'", '{"items":[', '"id":',
    "[" * 50, "]", "}", '"title":"x"', "null", "1e999", "NaN", "\\ud83d", "\r\n", "\t", "'", '"',
    "=", "/", "\\",
)  # fmt: skip
_CODECS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1251", "koi8-r",
    "windows-1252", "shift_jis", "gb18030", "big5", "euc-kr", "iso-2022-jp", "iso-8859-7",
)  # fmt: skip
_TYPES = (
    None, "application/rss+xml", "text/xml; charset=utf-8", "text/html; charset=iso-8859-1",
    "text/xml; charset=utf-16", "application/json; charset=gb18030", "x; charset=utf-7", "charset=",
)  # fmt: skip
_piece = st.sampled_from(_PIECES) | st.text(max_size=6)
_place = st.floats(0, 1, exclude_max=True)
_insertion = st.tuples(st.just("put"), _place, _piece)
_deletion = st.tuples(st.just("cut"), _place, st.integers(1, 60))
_copy = st.tuples(
    st.just("copy"), _place, st.tuples(_place, st.integers(1, 400), st.integers(1, 9))
)
_byte = st.tuples(st.just("byte"), _place, st.integers(0, 255))


@dataclass(frozen=True)
class Mutant:
    """What a server sends: packed or not, with a type and an encoding of its body."""

    body: bytes
    content_type: str | None
    packed: bool


@st.composite
def mutants(draw: st.DrawFn) -> Mutant:
    """A fixture with up to twelve changes, in some encoding, perhaps packed and damaged."""
    text = draw(st.sampled_from(SEEDS)).decode("utf-8", "replace")
    for change in draw(st.lists(_insertion | _deletion | _copy, max_size=8)):
        text = _changed(text, *change)
    body = text[:60_000].encode(draw(st.sampled_from(_CODECS)), "replace")
    packed = draw(st.integers(0, 9)) == 7  # zeros come oftener than others
    body = gzip.compress(body, 1) if packed and draw(st.booleans()) else body
    for _, place, value in draw(st.lists(_byte, max_size=4)):
        at = int(place * len(body))
        body = body[:at] + bytes([value]) + body[at + 1 :]
    if draw(st.integers(0, 9)) == 7:
        body = body[: int(draw(_place) * len(body))]
    return Mutant(body, draw(st.sampled_from(_TYPES)), packed)


def _changed(text: str, kind: str, place: float, what: object) -> str:
    at = int(place * len(text))
    match kind, what:
        case "put", str(piece):
            return text[:at] + piece + text[at:]
        case "cut", int(length):
            return text[:at] + text[at + length :]
        case "copy", (float(start), int(length), int(times)):
            begin = int(start * len(text))
            return text[:at] + text[begin : begin + length] * times + text[at:]
    return text


@dataclass
class Tally:
    """What came of all runs, by kind; the slowest, and what was sent in it."""

    outcomes: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    slowest: float = 0.0
    slowest_body: bytes = b""


class Road:
    """The way from a server to a message; `take` raises for whatever should not happen on it."""

    def __init__(self, fetcher: Fetcher, url: str, shelf: list[Mutant], tally: Tally) -> None:
        self._fetcher = fetcher
        self._url = url
        self._shelf = shelf
        self.tally = tally

    async def take(self, mutant: Mutant) -> None:
        """One document's whole way."""
        self._shelf[:] = [mutant]
        began = time.perf_counter()
        self.tally.outcomes[await self._come(mutant)] += 1
        took = time.perf_counter() - began
        if took > self.tally.slowest:
            self.tally.slowest, self.tally.slowest_body = took, mutant.body

    async def _come(self, mutant: Mutant) -> str:
        outcome = await self._fetcher.fetch(self._url)
        if not isinstance(outcome, Fetched):
            return "not fetched"
        try:
            feed = parse_document(
                outcome.body, content_type=outcome.content_type, url="https://h.example/feed"
            )
        except NotAFeed as error:
            return "no feed" if str(error).isprintable() else "an error of several lines"
        for html in alerts(FeedCheck(self._url, None, feed)):
            self.tally.messages += 1
            assert markup_is_readable(html) is not False, html
        return feed.kind


@asynccontextmanager
async def road() -> AsyncIterator[Road]:
    """Opens a server on loopback that sends the mutant of the moment, and a fetcher for it."""
    shelf: list[Mutant] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(_answer(shelf[0]))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
    async with Fetcher(Guard(["127.0.0.1"])) as fetcher:
        yield Road(fetcher, url, shelf, Tally())
    server.close()
    await server.wait_closed()


def _answer(mutant: Mutant) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(mutant.body)}\r\n"
    head += f"Content-Type: {mutant.content_type}\r\n" if mutant.content_type else ""
    head += "Content-Encoding: gzip\r\n" if mutant.packed else ""
    return head.encode() + b"\r\n" + mutant.body
