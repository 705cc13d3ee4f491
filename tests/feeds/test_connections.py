"""Connections to hosts: which are used again, how long they are kept, and whom they trust."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from yarl import URL

from bot.feeds.fetching.connections import Connections
from bot.feeds.fetching.exchange import Exchange, asking_for
from bot.feeds.fetching.fetch import Failed, Fetched, Fetcher, FetchOutcome
from bot.feeds.fetching.guard import Guard
from bot.news.why import Code, because
from tests.feeds.names import Answers
from tests.feeds.test_fetch import FEED

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(FEED), FEED)
Answering = Callable[[int, int], Awaitable[bytes | None]]


@dataclass
class Host:
    """A server that knows its connections: it answers request number `nth` of connection number
    `n` as it is told, or hangs up.
    """

    port: int = 0
    made: int = 0
    open: int = 0
    asked: list[bytes] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def url(self, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}/feed"

    async def until_open(self, most: int) -> None:
        async with self.changed, asyncio.timeout(60):
            await self.changed.wait_for(lambda: self.open <= most)


@asynccontextmanager
async def hosting(
    answer: Answering, tls: ssl.SSLContext | None = None, at: str = "127.0.0.1"
) -> AsyncIterator[Host]:
    host = Host()

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host.made += 1
        host.open += 1
        number, nth = host.made, 0
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                host.asked.append(request)
                nth += 1
                said = await answer(number, nth)
                if said is None:
                    break
                writer.write(said)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            async with host.changed:
                host.open -= 1
                host.changed.notify_all()

    server = await asyncio.start_server(speak, at, 0, ssl=tls)
    host.port = server.sockets[0].getsockname()[1]
    async with server:
        yield host


async def always(connection: int, nth: int) -> bytes | None:
    return WHOLE


def fetcher(*allowed: str, **more: object) -> Fetcher:
    return Fetcher(Guard(["127.0.0.0/8", *allowed]), **more)  # type: ignore[arg-type]


async def test_a_connection_whose_answer_came_whole_is_used_again() -> None:
    async with hosting(always) as host:
        async with fetcher() as fetching:
            for _ in range(3):
                assert isinstance(await fetching.fetch(host.url()), Fetched)
        assert host.made == 1
        await host.until_open(0)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\npart",
        WHOLE + WHOLE,
    ],
    ids=["the server wants it closed", "the rest is not read", "more came than was asked for"],
)
async def test_what_may_hold_the_rest_of_an_answer_is_not_used_again(answer: bytes) -> None:
    async def first(connection: int, nth: int) -> bytes | None:
        return answer if connection == 1 else WHOLE

    async with hosting(first) as host, fetcher() as fetching:
        await fetching.fetch(host.url())
        assert isinstance(await fetching.fetch(host.url()), Fetched)
    assert host.made == 2


async def test_a_host_that_closed_a_kept_connection_is_asked_once_more() -> None:
    async def forgetful(connection: int, nth: int) -> bytes | None:
        return WHOLE if nth == 1 else None

    async with hosting(forgetful) as host, fetcher() as fetching:
        for _ in range(3):
            assert isinstance(await fetching.fetch(host.url()), Fetched)
    assert host.made == 3


async def test_a_host_that_hangs_up_at_once_is_not_asked_once_more() -> None:
    async def silent(connection: int, nth: int) -> bytes | None:
        return None

    async with hosting(silent) as host, fetcher() as fetching:
        assert await fetching.fetch(host.url()) == Failed(because(Code.CLOSED))
    assert host.made == 1


async def test_a_form_is_sent_once_and_never_on_a_connection_that_may_be_closed() -> None:
    async def forgetful(connection: int, nth: int) -> bytes | None:
        return WHOLE if nth == 1 and connection == 1 else None

    async with hosting(forgetful) as host, fetcher() as fetching:
        await fetching.fetch(host.url())
        assert await fetching.post(host.url(), {"hub": "tide"}) == Failed(because(Code.CLOSED))
    assert host.made == 2
    assert sum(b"POST" in request for request in host.asked) == 1


async def test_a_late_answer_is_not_taken_for_that_of_another() -> None:
    late = asyncio.Event()

    async def slow(connection: int, nth: int) -> bytes | None:
        if connection == 1:
            await late.wait()
            return WHOLE.replace(b"200 OK", b"410 Gone")
        return WHOLE

    async with hosting(slow) as host, fetcher(deadline=0.2) as fetching:
        assert await fetching.fetch(host.url()) == Failed(
            because(Code.NO_ANSWER, 0.2), unreached=True
        )
        late.set()
        assert isinstance(await fetching.fetch(host.url()), Fetched)
    assert host.made == 2


async def test_no_more_hosts_are_kept_than_the_bound_says() -> None:
    async with hosting(always, at="0.0.0.0") as host, fetcher() as fetching:
        for n in range(80):
            assert isinstance(await fetching.fetch(host.url(f"127.0.2.{n + 1}")), Fetched)
        await host.until_open(64)
        assert host.made == 80


async def test_a_connection_that_nobody_uses_is_closed_after_a_moment() -> None:
    async with hosting(always) as host:
        guard = Guard(["127.0.0.1"])
        connections = Connections(guard, Answers(), 2, kept_seconds=0.05)
        url = URL(host.url())
        async with Exchange(connections, url, asking_for(url, "", {}), safe=True) as answer:
            assert await answer.content.read() == FEED
        await host.until_open(0)
        await connections.close()


async def test_another_address_of_a_name_is_tried_where_one_is_silent() -> None:
    names = Answers(nas_example=[["127.0.0.9", "127.0.0.1"]])
    async with hosting(always) as host, fetcher("nas.example", resolver=names) as fetching:
        assert isinstance(await fetching.fetch(host.url("nas.example")), Fetched)


async def test_a_name_without_an_address_is_unknown() -> None:
    async with fetcher(resolver=Answers(nas_example=[[]])) as fetching:
        outcome = await fetching.fetch("http://nas.example/feed")
    assert outcome == Failed(because(Code.UNRESOLVED), unreached=True)


# --- certificates -------------------------------------------------------------------------------


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for nas.example, which signs itself, and what a server needs to show it."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl, which makes a certificate")
    key, made = folder / "key.pem", folder / "made.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-keyout", key, "-out", made, "-days", "2", "-subj", "/CN=nas.example",
         "-addext", "subjectAltName=DNS:nas.example"],
        check=True, capture_output=True,
    )  # fmt: skip
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(made, key)
    return made, shown


async def _fetched(host: Host, name: str, times: int = 1) -> list[FetchOutcome]:
    names = Answers(**{name.rstrip(".").replace(".", "_"): [["127.0.0.1"]]})
    names.names[name] = [["127.0.0.1"]]
    async with fetcher(name, resolver=names) as fetching:
        return [await fetching.fetch(host.url(name, "https")) for _ in range(times)]


async def test_a_certificate_that_is_trusted_for_its_name_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, shown = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    async with hosting(always, shown) as host:
        for name in ("nas.example", "nas.example."):
            outcomes = await _fetched(host, name, times=2)
            assert all(isinstance(outcome, Fetched) for outcome in outcomes), outcomes
        assert host.made == 2
        assert await _fetched(host, "other.example") == [Failed(because(Code.CERTIFICATE))]


async def test_a_certificate_of_a_stranger_is_refused(tmp_path: Path) -> None:
    _, shown = certificate(tmp_path)
    async with hosting(always, shown) as host:
        assert await _fetched(host, "nas.example") == [Failed(because(Code.CERTIFICATE))]
    assert host.asked == []
