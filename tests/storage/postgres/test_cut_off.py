"""A server that ends says so before it hangs up: whoever asks in between is answered on a new
connection, where nothing is lost by that.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.news.members import ALONE, MemberWish
from storage.errors import StorageError, is_down
from storage.open import open_storage
from storage.storage import Storage
from tests import postgres
from tests.storage.samples import add_feed, chat

# A server of PostgreSQL begins first.
pytestmark = pytest.mark.slow

_FIELDS = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"
_CUT_OFF = b"E" + (4 + len(_FIELDS)).to_bytes(4, "big") + _FIELDS


class _Relay:
    """Between us and the server, at the wire: it passes on what both say, until it says the last
    word of a server that ends to all who are connected, and hangs up on none of them.
    """

    def __init__(self, socket: Path) -> None:
        self._socket = str(socket)
        self._open: list[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = []
        self._told: list[asyncio.StreamWriter] = []
        self._serving: list[asyncio.Task[None]] = []

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving.append(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, server = await asyncio.open_unix_connection(self._socket)
        self._open.append((writer, server))
        answering = asyncio.create_task(_pass_on(answers, writer))
        # Until our side hangs up, whatever the server's does.
        await _pass_on(reader, server)
        server.close()
        await answering
        writer.close()

    async def cut_off(self) -> None:
        for ours, theirs in self._open:
            ours.write(_CUT_OFF)
            theirs.transport.abort()
            self._told.append(ours)
        self._open.clear()
        # Once around the loop, and what is on the loopback has been read.
        for _ in range(3):
            await asyncio.sleep(0)

    async def hang_up(self) -> None:
        """At last; the others do so then."""
        for ours in (*self._told, *(each for each, _ in self._open)):
            if not ours.is_closing():
                ours.write_eof()
        await asyncio.gather(*self._serving)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(65_536):
            writer.write(piece)


@pytest.fixture
async def relay() -> AsyncIterator[tuple[_Relay, int]]:
    made = _Relay(postgres.server() / ".s.PGSQL.5432")
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    yield made, listening.sockets[0].getsockname()[1]
    listening.close()


@pytest.fixture
async def storage(url: str, relay: tuple[_Relay, int]) -> AsyncIterator[Storage]:
    """What is reached through the relay."""
    name = url.split("@/")[1].split("?")[0]
    reached = f"postgresql://tocsin@127.0.0.1:{relay[1]}/{name}"
    opened = await open_storage(reached, alone=True, now=1_000.0)
    yield opened
    await relay[0].hang_up()
    await opened.close()


async def test_whoever_is_cut_off_while_idle_does_not_notice(
    relay: tuple[_Relay, int], storage: Storage
) -> None:
    await add_feed(storage)
    assert len(await storage.feeds.all()) == 1
    await storage.hold.members()
    await relay[0].cut_off()
    # By a statement, in a view, and where something is stored.
    assert len(await storage.feeds.all()) == 1
    await relay[0].cut_off()
    assert len(await storage.hold.members()) == 1
    await storage.chats.meet(chat(1))
    await relay[0].cut_off()
    held = await storage.hold.share(MemberWish({"desk": ALONE}, most=30.0))
    assert held.slots["desk"] == frozenset({0})
    await storage.renew_lease(1.0)
    await relay[0].cut_off()
    await storage.hold.ring(["desk"])


async def test_whoever_is_cut_off_in_the_middle_is_told_that_the_database_is_down_and_goes_on(
    relay: tuple[_Relay, int], storage: Storage
) -> None:
    async def stores() -> None:
        async with storage._database.write() as transaction:
            await transaction.run("UPDATE facts SET value = '7' WHERE name = 'placing'")
            await relay[0].cut_off()
            await transaction.run("UPDATE facts SET value = '8' WHERE name = 'placing'")

    with pytest.raises(StorageError, match="its connection was lost") as lost:
        await stores()
    assert is_down(lost.value)
    await storage.chats.meet(chat(1))
    assert await storage.window.last_placing() == 0
