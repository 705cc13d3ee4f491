"""Health and metrics over real HTTP, and whose connections are kept."""

import asyncio
import select
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import islice

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot import app
from bot.errors import SettingsError
from bot.loops import Stop, wall_clock
from bot.metrics import Metrics
from bot.pipeline.bells import Bells
from bot.pipeline.membership import Membership
from bot.roles.by_settings import connectivity_of
from bot.roles.process import Process
from bot.settings import Settings
from bot.web.server import readiness, serve
from storage.errors import StorageError, Trouble, database_outage
from storage.storage import Storage


async def _get(url: str, password: str | None = None) -> tuple[int, str]:
    headers = {}
    if password is not None:
        headers["Authorization"] = aiohttp.encode_basic_auth("any", password, "utf-8")
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, await answer.text()


async def _well() -> None:
    return None


async def _ill() -> None:
    raise StorageError("The database cannot be used now: disk full.")


async def test_a_well_bot_says_so_and_shows_its_counters() -> None:
    metrics = Metrics()
    metrics.reports.inc(3)
    async with serve("127.0.0.1:0", None, metrics, _well) as url:
        assert await _get(f"{url}/healthz") == (200, "ok\n")
        assert await _get(f"{url}/readyz") == (200, "ready\n")
        status, text = await _get(f"{url}/metrics")
        assert status == 200
        assert "tocsin_reports_total 3.0" in text


async def test_a_database_that_does_not_answer_makes_it_unready_but_alive() -> None:
    async with serve("127.0.0.1:0", None, Metrics(), _ill) as url:
        assert await _get(f"{url}/healthz") == (200, "ok\n")
        assert await _get(f"{url}/readyz") == (503, "The database cannot be used now: disk full.\n")


async def test_a_database_that_takes_nothing_makes_it_unready_while_that_lasts() -> None:
    database = database_outage()
    async with serve("127.0.0.1:0", None, Metrics(), readiness(database, _well)) as url:
        assert await _get(f"{url}/readyz") == (200, "ready\n")
        database.failed(StorageError("The database cannot be used now: …", Trouble.FULL))
        assert await _get(f"{url}/readyz") == (503, "The database cannot be used now: …\n")
        assert await _get(f"{url}/healthz") == (200, "ok\n")
    async with serve("127.0.0.1:0", None, Metrics(), readiness(database_outage(), _ill)) as url:
        assert (await _get(f"{url}/readyz"))[0] == 503


async def test_the_bot_itself_is_unready_while_its_database_fails(storage: Storage) -> None:
    async with AsyncExitStack() as stack:
        stop, metrics, settings = Stop(), Metrics(), Settings()
        bells = Bells(storage.hold, stop)
        process = Process(
            settings=settings, storage=storage, stop=stop, now=wall_clock, stack=stack,
            metrics=metrics, connectivity=connectivity_of(settings), bells=bells,
            token_refused=lambda reason: None,
            membership=Membership(
                hold=storage.hold, bells=bells, now=wall_clock, stop=stop,
                on_taken_over=lambda error: None, metrics=metrics,
            ),
        )  # fmt: skip
        with capture_logs() as lines:
            await app._serve(process, "127.0.0.1:0", [])
        url = lines[-1]["address"]
        assert await _get(f"{url}/readyz") == (200, "ready\n")
        process.database.failed(StorageError("full", Trouble.FULL))
        assert await _get(f"{url}/readyz") == (503, "full\n")


async def test_the_counters_ask_for_the_password_where_there_is_one() -> None:
    async with serve("127.0.0.1:0", "open sesame", Metrics(), _well) as url:
        assert (await _get(f"{url}/metrics"))[0] == 401
        for wrong in ("", "open", "öffne"):
            assert (await _get(f"{url}/metrics", wrong))[0] == 401
        assert (await _get(f"{url}/metrics", "open sesame"))[0] == 200


async def _answered(url: str, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    writer.write(request)
    try:
        return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\n" + b"X" * 60_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 9_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n\x1b[2J\x1b[31mowned\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nZZ" + b"b" * 60_000,
        b"POST /read HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde",
    ],
)
async def test_a_request_that_cannot_be_read_is_counted_and_not_logged(
    request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    metrics = Metrics()

    async def read(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    async with serve("127.0.0.1:0", None, metrics, _well, [web.post("/read", read)]) as url:
        assert (await _answered(url, request_))[8:11] in (b" 40", b" 50")
        text = (await _get(f"{url}/metrics"))[1]
    assert "tocsin_unreadable_requests_total 0.0" not in text
    assert [each for each in caplog.records if each.name == "aiohttp.server"] == []


async def test_an_error_of_ours_in_an_answer_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def fail(request: web.Request) -> web.Response:
        raise ValueError("the tide")

    metrics = Metrics()
    async with serve("127.0.0.1:0", None, metrics, _well, [web.get("/fail", fail)]) as url:
        assert (await _get(f"{url}/fail"))[0] == 500
        assert "tocsin_unreadable_requests_total 0.0" in (await _get(f"{url}/metrics"))[1]
    assert "the tide" in caplog.text


async def test_an_address_in_use_is_a_bad_setting() -> None:
    async with serve("127.0.0.1:0", None, Metrics(), _well) as url:
        taken = url.removeprefix("http://")
        with pytest.raises(SettingsError, match=f"WEB_LISTEN={taken} cannot be used"):
            async with serve(taken, None, Metrics(), _well):
                pass


class _Caller:
    """A connection of its own, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def says(self, *lines: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())

    def asks(self, path: str) -> None:
        self.says(f"GET {path} HTTP/1.1", "Host: h", "")

    def posts_a_part(self, path: str) -> None:
        self.says(
            f"POST {path} HTTP/1.1", "Host: h", "Content-Length: 99", "", "The rest comes never"
        )

    async def is_answered(self) -> bool:
        """True once an answer came, False where the connection is closed instead."""
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return False
        length = head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
        await self._reader.readexactly(int(length))
        return head.startswith(b"HTTP/1.1 200")

    def leaves(self) -> None:
        self._writer.close()


@asynccontextmanager
async def _calling(url: str) -> AsyncIterator[_Caller]:
    host, port = url.removeprefix("http://").split(":")
    caller = _Caller(*await asyncio.open_connection(host, int(port)))
    try:
        yield caller
    finally:
        caller.leaves()


async def test_a_connection_without_a_whole_request_is_closed() -> None:
    async with (
        serve("127.0.0.1:0", None, Metrics(), _well, waiting_seconds=1.0) as url,
        _calling(url) as silent,
        _calling(url) as half,
        _calling(url) as kept,
        _calling(url) as half_again,
    ):
        half.says("GET /healthz HTTP/1.1", "Host: h")
        for caller in (kept, half_again):
            caller.asks("/healthz")
            assert await caller.is_answered()
        half_again.says("GET /healthz HTTP/1.1")
        for caller in (silent, half, kept, half_again):
            assert not await caller.is_answered()


async def test_a_request_that_is_being_answered_is_waited_for() -> None:
    done = asyncio.Event()
    async with (
        serve("127.0.0.1:0", None, Metrics(), done.wait, waiting_seconds=0.5) as url,
        _calling(url) as asking,
    ):
        asking.asks("/readyz")
        async with _calling(url) as silent:
            assert not await silent.is_answered()
        done.set()
        assert await asking.is_answered()


@pytest.mark.skipif(
    not hasattr(socket, "TCP_USER_TIMEOUT"), reason="a system that has no such term"
)
@pytest.mark.slow
async def test_whoever_takes_no_answer_is_given_up() -> None:
    async with serve("127.0.0.1:0", None, Metrics(), _well, waiting_seconds=1.0) as url:
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect(("127.0.0.1", int(url.rpartition(":")[2])))
            deaf.setblocking(False)
            ended = select.poll()
            ended.register(deaf, 0)  # errors and ends are told anyway
            while not ended.poll(0):
                with suppress(BlockingIOError, ConnectionError):
                    deaf.send(b"GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n" * 100)
                await asyncio.sleep(0.02)


async def test_where_too_many_are_connected_the_oldest_that_asks_nothing_makes_room() -> None:
    done, asked = asyncio.Event(), asyncio.Semaphore(0)

    async def slow() -> None:
        asked.release()
        await done.wait()

    async with (
        serve("127.0.0.1:0", None, Metrics(), slow, most_connections=3) as url,
        _calling(url) as asking,
        _calling(url) as oldest,
        _calling(url) as younger,
    ):
        asking.asks("/readyz")
        await asked.acquire()
        oldest.asks("/healthz")
        assert await oldest.is_answered()
        async with _calling(url) as late:
            late.asks("/healthz")
            assert await late.is_answered()
            assert not await oldest.is_answered()
            for caller in (younger, late):
                caller.asks("/readyz")
                await asked.acquire()
            async with _calling(url) as one_too_many:
                assert not await one_too_many.is_answered()
            done.set()
            for caller in (asking, younger, late):
                assert await caller.is_answered()


async def test_who_went_in_the_middle_of_a_request_leaves_room() -> None:
    done, asked = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        asked.set()
        await done.wait()

    async with (
        serve("127.0.0.1:0", None, Metrics(), slow, most_connections=3) as url,
        _calling(url) as asking,
    ):
        for _ in range(2):
            async with _calling(url) as going:
                going.posts_a_part("/nothing")
                assert not await going.is_answered()
        for _ in range(2):  # by now the server knows who went
            asking.asks("/healthz")
            assert await asking.is_answered()
        asking.asks("/readyz")
        await asked.wait()
        async with _calling(url) as late:
            late.asks("/healthz")
            assert await late.is_answered()
        done.set()
        assert await asking.is_answered()


async def test_many_at_once_are_no_more_than_may_be() -> None:
    async with serve("127.0.0.1:0", None, Metrics(), _well, most_connections=3) as url:
        port = int(url.rpartition(":")[2])
        opened = await asyncio.gather(
            *(asyncio.open_connection("127.0.0.1", port) for _ in range(50))
        )
        callers = [_Caller(*each) for each in opened]
        ends = [asyncio.create_task(caller.is_answered()) for caller in callers]
        for end in islice(asyncio.as_completed(ends), 47):
            assert not await end
        callers[-1].asks("/healthz")
        assert await ends[-1]
        for end in ends:
            end.cancel()
        for caller in callers:
            caller.leaves()
