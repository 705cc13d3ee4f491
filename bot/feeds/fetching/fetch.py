"""Fetching a feed's document over HTTP, within bounds, through the guard.

    fetched       a new document
    not modified  what we had still holds
    gone          410: the feed ended
    try later     the server asks for a pause
    failed        anything else, with the reason

All of these are values; `Fetcher.fetch` raises only when cancelled. No document is read here.
"""

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from msgspec import Struct
from yarl import URL

from bot.feeds.fetching.connections import Connections, NotConnected
from bot.feeds.fetching.exchange import Answer, Exchange, asking_for, posting
from bot.feeds.fetching.gate import Gate
from bot.feeds.fetching.guard import Guard
from bot.feeds.fetching.gzipped import BadBody, Inflater
from bot.feeds.fetching.headers import cache_seconds, linked, location, retry_after, why_status
from bot.feeds.fetching.resolver import Resolver
from bot.news.polling.politeness import Politeness, host_key
from bot.news.polling.schedule import SHORTEST_PAUSE
from bot.news.text.urls import LONGEST_URL, clean_link, joined
from bot.news.why import AddressRefused, Code, Why, because

MAX_BYTES = 5 * 1024 * 1024
MAX_REDIRECTS = 5
PAUSE_WITHOUT_TERM = 900.0  # seconds after a 429 that names none
_PER_HOST = 2
_LONGEST_VALIDATOR = 1000  # of an ETag or a date; a longer one is not worth storing
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5"
)


def user_agent(contact: str | None = None) -> str:
    """How an instance names itself, with whom to ask about its requests where that is known."""
    about = "self-hosted feed reader"
    return f"Tocsin/0.1 ({about}; +{contact})" if contact else f"Tocsin/0.1 ({about})"


USER_AGENT = user_agent()


class Fetched(Struct, frozen=True):
    """A document, decoded from its content encoding. `url` is where it was in the end.

    `permanent_url` is set where the server says the feed has moved for good; `cache_seconds` is
    how long it says the document holds, at most a day. `hub` and `own_url` are what its headers
    say of WebSub.
    """

    url: str
    body: bytes
    content_type: str | None
    etag: str | None
    last_modified: str | None
    permanent_url: str | None
    cache_seconds: float | None
    hub: str | None = None
    own_url: str | None = None


class NotModified(Struct, frozen=True):
    """The document has not changed; validators are those to send next time."""

    url: str
    etag: str | None
    last_modified: str | None
    permanent_url: str | None
    cache_seconds: float | None


class Gone(Struct, frozen=True):
    """The server says that the feed will not come back."""


class TryLater(Struct, frozen=True):
    """The server asks for a pause of `seconds`, between a minute and a day. `host` is who it is
    for (`politeness.host_key`), where it is known: a redirect may have led elsewhere.
    """

    seconds: float
    reason: Why
    host: str | None = None


class Failed(Struct, frozen=True):
    """No document; `reason` may be shown to anyone.

    `status` is that of the answer, None where there was none; `refused` says that the guard did
    not let it be fetched, `unreached` that no connection was made, or that not all came in time.
    """

    reason: Why
    status: int | None = None
    refused: bool = False
    unreached: bool = False


FetchOutcome = Fetched | NotModified | Gone | TryLater | Failed


class Fetcher:
    """Fetches for all feeds; open it with `async with`.

    Whoever asks for an address answers for how closely its host is asked. Where a redirect leads
    to another host, `gate` is passed there; and it is told of every pause that a host asks for.

    Times are seconds, sizes bytes. `now` gives seconds since the epoch. `resolver` is for tests.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        max_bytes: int = MAX_BYTES,
        max_raw_bytes: int = MAX_BYTES,
        deadline: float = 30.0,
        connections: int = 100,
        now: Callable[[], float] = time.time,
        resolver: aiohttp.abc.AbstractResolver | None = None,
        user_agent: str = USER_AGENT,
        gate: Gate | None = None,
    ) -> None:
        self._guard = guard
        self._max_bytes = max_bytes
        self._max_raw_bytes = max_raw_bytes
        self._deadline = deadline
        self._most_connections = connections
        self._now = now
        self._resolver = resolver
        self._fields = f"User-Agent: {user_agent}\r\nAccept: {_ACCEPT}\r\nAccept-Encoding: gzip\r\n"
        self.gate = gate or Gate(Politeness(guard.is_ours), now)
        self._connections: Connections | None = None
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        resolver = self._resolver or Resolver()
        self._connections = Connections(self._guard, resolver, self._most_connections)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connections is not None:
            await self._connections.close()
            self._connections = None

    def _exchange(self, target: URL, request: bytes, *, safe: bool) -> Exchange:
        assert self._connections is not None, "a Fetcher is opened with `async with`"
        return Exchange(self._connections, target, request, safe=safe)

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> FetchOutcome:
        """Asks for the document at `url`, conditionally where validators are given.

        The deadline covers redirects and the whole body, but not the wait for a turn at a host
        on which many feeds live.
        """
        asked = {"If-None-Match": _validator(etag), "If-Modified-Since": _validator(last_modified)}
        conditions = {name: value for name, value in asked.items() if value}
        try:
            target = self._guard.check_url(url)
            async with self._turn(target.raw_host or ""):
                async with asyncio.timeout(self._deadline):
                    return await self._follow(target, conditions)
        except AddressRefused as error:
            return Failed(error.why, refused=True)
        except BadBody as error:
            return Failed(error.why, 200)
        except TimeoutError:
            return Failed(because(Code.NO_ANSWER, self._deadline), unreached=True)
        except _TROUBLE as error:
            return Failed(because(_code_of(error)), unreached=_is_unreached(error))

    async def post(self, url: str, form: Mapping[str, str]) -> int | Failed:
        """Sends a form, and gives the status of the answer, which is not read."""
        try:
            async with asyncio.timeout(self._deadline):
                return await self._send(url, form)
        except AddressRefused as error:
            return Failed(error.why)
        except TimeoutError:
            return Failed(because(Code.NO_ANSWER, self._deadline))
        except _TROUBLE as error:
            return Failed(because(_code_of(error)))

    async def _send(self, url: str, form: Mapping[str, str]) -> int:
        target = self._guard.check_url(url)
        for _ in range(MAX_REDIRECTS + 1):
            request = posting(target, self._fields, form)
            async with self._exchange(target, request, safe=False) as answer:
                place = location(answer.headers)
                if answer.status not in (307, 308) or place is None:
                    return answer.status
                target = self._next(target, place)
        return answer.status

    def _turn(self, host: str) -> asyncio.Semaphore:
        turn = self._turns.get(host)
        if turn is None:
            turn = self._turns[host] = asyncio.Semaphore(_PER_HOST)
        return turn

    async def _follow(self, target: URL, conditions: Mapping[str, str]) -> FetchOutcome:
        """Asks for a document at an address that the guard has let pass."""
        asked: set[URL] = set()
        permanent: URL | None = None
        only_permanent = True
        for _ in range(MAX_REDIRECTS + 1):
            request = asking_for(target, self._fields, conditions)
            async with self._exchange(target, request, safe=True) as answer:
                place = location(answer.headers)
                if answer.status not in (301, 302, 303, 307, 308) or place is None:
                    return await self._judge(answer, conditions, permanent)
            asked.add(target)
            before, target = target, self._next(target, place)
            if target in asked:
                return Failed(because(Code.CIRCLE), answer.status)
            only_permanent = only_permanent and answer.status in (301, 308)
            permanent = target if only_permanent else permanent
            if wait := await self._cross(before, target):
                crowded = host_key(str(target))
                why = because(Code.HOST_CROWDED)
                return TryLater(max(wait, SHORTEST_PAUSE), why, crowded)
        return Failed(because(Code.REDIRECTS, MAX_REDIRECTS), 301)

    async def _cross(self, before: URL, target: URL) -> float:
        """Passes the gate of another host; gives the seconds until then if that takes too long."""
        if host_key(str(target)) == host_key(str(before)):
            return 0.0
        return await self.gate.enter(str(target))

    def _next(self, target: URL, place: str) -> URL:
        return self._guard.check_url(joined(str(target), place), redirected=True)

    async def _judge(
        self,
        answer: Answer,
        conditions: Mapping[str, str],
        permanent: URL | None,
    ) -> FetchOutcome:
        # A longer address is followed and not kept: it is signed for a while.
        moved = str(permanent) if permanent and len(str(permanent)) <= LONGEST_URL else None
        headers = answer.headers
        etag, last_modified = (
            _validator(headers.get("ETag")),
            _validator(headers.get("Last-Modified")),
        )
        holds = cache_seconds(headers, self._now())
        match answer.status:
            case 200 | 203:  # as it is, or as a proxy on the way changed it
                body = await self._body(answer)
                kind = headers.get("Content-Type")
                hub, own_url = _linked(answer, "hub"), _linked(answer, "self")
                return Fetched(
                    str(answer.url), body, kind, etag, last_modified, moved, holds, hub, own_url
                )
            case 304 if conditions:
                etag = etag or conditions.get("If-None-Match")
                last_modified = last_modified or conditions.get("If-Modified-Since")
                return NotModified(str(answer.url), etag, last_modified, moved, holds)
            case 304:
                return Failed(because(Code.UNASKED), 304)
            case 410:
                return Gone()
            case 429 | 503:
                pause = retry_after(headers, self._now())
                if pause is None and answer.status == 429:
                    pause = PAUSE_WITHOUT_TERM
                if pause is not None:
                    self.gate.close(str(answer.url), pause)
                    said = host_key(str(answer.url))
                    return TryLater(pause, why_status(answer.status), said)
        return Failed(why_status(answer.status), answer.status)

    async def _body(self, answer: Answer) -> bytes:
        inflater = Inflater(answer.headers.getall("Content-Encoding", []), self._max_bytes)
        raw = 0
        async for chunk in answer.content.iter_chunked(64 * 1024):
            raw += len(chunk)
            if raw > self._max_raw_bytes:
                raise BadBody(because(Code.TOO_LARGE, self._max_raw_bytes))
            inflater.add(chunk)
        body = inflater.finish()
        if not body.strip():
            raise BadBody(because(Code.NO_BODY))
        return body


def _linked(answer: Answer, relation: str) -> str | None:
    """The address that a `Link` header names, made absolute; None unless it can be one."""
    target = linked(answer.headers.getall("Link", []), relation)
    return clean_link(joined(str(answer.url), target)) if target else None


def _validator(value: str | None) -> str | None:
    return value if value and len(value) <= _LONGEST_VALIDATOR and value.isprintable() else None


# What goes wrong between us and a server.
_TROUBLE = (aiohttp.ClientError, HttpProcessingError, OSError, ValueError)


def _is_unreached(error: Exception) -> bool:
    """Whether it may be our own connection that failed; a bad certificate was sent by somebody."""
    return isinstance(error, NotConnected) and error.code in (Code.UNRESOLVED, Code.UNREACHED)


def _code_of(error: Exception) -> Code:
    """What went wrong; says nothing of addresses, which may hold credentials."""
    match error:
        case NotConnected(code=code):
            return code
        case ssl.SSLError():
            return Code.INSECURE
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            return Code.CLOSED
        case aiohttp.ClientPayloadError():
            return Code.CUT_SHORT
        case HttpProcessingError():
            return Code.BAD_HTTP
        case ValueError():
            return Code.ADDRESS_UNREADABLE
        case _:
            return Code.BROKEN
