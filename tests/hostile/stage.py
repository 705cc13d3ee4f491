"""The real parts that meet hostile input, around a server on loopback that says anything."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.delivery import render
from bot.feeds.check import FeedCheck, check
from bot.feeds.fetching.fetch import Fetcher
from bot.feeds.fetching.guard import Guard
from bot.feeds.fetching.ourselves import Ourselves
from bot.feeds.reading.worker import ParserPool
from bot.texts.locale import Locale
from tests.hostile.tries import GOOD, TRIES, Try

NOW = 1_800_000_000.0
_PUBLIC = "93.184.215.14"
_NAMES = {
    "town.example": ["127.0.0.1"],
    "localhost": ["127.0.0.1"],
    "public.example": [_PUBLIC],
    "inside.example": ["10.0.0.7"],
    "mixed.example": [_PUBLIC, "10.0.0.7"],
    "rebinding.example": ["169.254.169.254"],
    "alias.example": ["127.0.0.1"],
}


class Names(AbstractResolver):
    """Knows the names of the tries; what is a number in disguise is left to the C library, which
    asks nobody for it.
    """

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """As aiohttp's."""
        known = _NAMES.get(host.rstrip("."))
        if known is None:
            found = socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)
            known = [str(found[0][4][0])]
        kind = socket.AF_INET
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)
            for address in known
        ]

    async def close(self) -> None:
        """Nothing to close."""


@dataclass
class Stage:
    """Where a try meets fetcher, guard and parser; `visits` are the paths that were asked for."""

    fetcher: Fetcher
    hasty: Fetcher
    parser: ParserPool
    brief_parser: ParserPool
    port: int
    visits: list[str]

    async def check(self, one: Try) -> FeedCheck:
        """What comes of a try, as `tocsin feeds check` has it."""
        address = one.address.format(port=self.port, path=TRIES.index(one))
        fetcher = self.hasty if one.drips else self.fetcher
        return await check(address, fetcher, self.brief_parser if one.heavy else self.parser)

    async def good(self, *, heavy: bool = False) -> FeedCheck:
        """What comes of a feed with nothing wrong in it."""
        parser = self.brief_parser if heavy else self.parser
        return await check(f"http://town.example:{self.port}/good", self.fetcher, parser)


def alerts(found: FeedCheck) -> list[str]:
    """The first twenty entries as the messages that chats would get."""
    feed = found.feed
    if feed is None:
        return []
    source = feed.title or "A feed"
    return [
        render.alert(
            render.StoryView(e.title, e.summary, e.link, source, min(e.published or NOW, NOW)),
            Locale("en", "UTC", NOW),
        ).html
        for e in feed.entries[:20]
    ]


@asynccontextmanager
async def stage(
    *, answer: float, drip: float, reading: float, heavy: float
) -> AsyncIterator[Stage]:
    """Opens the parts, with deadlines in seconds: of an answer, of one that drips, of reading a
    document, and of reading a heavy one.
    """
    visits: list[str] = []
    server = await asyncio.start_server(
        lambda reader, writer: _serve(reader, writer, visits), "127.0.0.1", 0, limit=1 << 20
    )
    port = server.sockets[0].getsockname()[1]
    ours = Ourselves.at(["https://bell.example/websub"], "0.0.0.0:8443")
    guard = Guard(["town.example"], ours)
    patient = Fetcher(guard, resolver=Names(), deadline=answer, now=lambda: NOW)
    brief = Fetcher(guard, resolver=Names(), deadline=drip, now=lambda: NOW)
    parser, hurried = ParserPool(size=1, deadline=reading), ParserPool(size=1, deadline=heavy)
    async with patient, brief, parser, hurried:
        yield Stage(patient, brief, parser, hurried, port, visits)
    server.close()
    await server.wait_closed()


async def _serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, visits: list[str]
) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ")[1].decode("latin-1").lstrip("/")
        visits.append(path)
        number = path.partition("?")[0]
        one = TRIES[int(number)] if number.isdigit() else None
        if path.startswith("next"):
            hop = f"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: {path}x\r\n\r\n"
            writer.write(hop.encode())
        elif one is None or one.pieces is None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(GOOD) + GOOD)
        else:
            for piece in one.pieces():
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(one.drips)
        await writer.drain()
    writer.close()
