"""python-telegram-bot's requests over aiohttp, which costs a fraction of its default client.

Errors keep as their `__cause__` whether the request went out at all: `NeverSent` or `AnswerLost`.
The exception's own class does not tell (a timeout may be either).
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, NoReturn

import aiohttp
from telegram import Message
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.news.why import Code, WithWhyError, because

_ANSWER_BYTES = 16 * 1024 * 1024
_JSON = {"Content-Type": "application/json"}
_message_id: ContextVar[int | None] = ContextVar("message_id", default=None)


class NeverSent(WithWhyError):  # noqa: N818  (says what happened)
    """No connection was made: Telegram has not seen the request."""


class HeldBack(NeverSent):
    """It was not tried: since its turn came Telegram has told the bot to wait."""


class LeaseOver(NeverSent):
    """It was not tried: the process's lease on its database is over, so that another may have what
    this one had.
    """


class AnswerLost(WithWhyError):  # noqa: N818
    """The request went out and no whole answer came: Telegram may have acted on it."""


class _Answer(bytes):
    """A body with what it says, so that it is read once."""

    said: dict[str, Any]


async def sent(request: Awaitable[object]) -> int:
    """The id of the message that a request of the library's sends. Over `AiohttpRequest` nothing
    else of the message is read: to make the library's object of it takes as long as the request.
    Raises what the request raises, and NetworkError from AnswerLost where no message is named.
    """
    _message_id.set(None)
    made = await request
    message_id = made.message_id if isinstance(made, Message) else _message_id.get()
    if message_id is None:
        _raise(AnswerLost(because(Code.TELEGRAM_STATUS, 200)))
    return message_id


class AiohttpRequest(BaseRequest):
    """One pool of connections. `seconds` bounds the wait for an answer, `connect_seconds` the
    wait for a connection, free or new. `heard` is called at every answer, whatever it says. While
    `may_begin` says no, no request begins: another process may have what this one had.

    Where the answer is a message, its id goes to `sent`, and the library sees `true`, as the Bot
    API answers edits of what was sent inline.
    """

    def __init__(
        self,
        *,
        seconds: float,
        connect_seconds: float,
        connections: int,
        heard: Callable[[], None] = lambda: None,
        may_begin: Callable[[], bool] = lambda: True,
    ) -> None:
        self._heard = heard
        self._may_begin = may_begin
        self._seconds = seconds
        self._connect_seconds = connect_seconds
        self._connections = connections
        self._timeout = self._timeout_of(seconds)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds an answer may take where the caller does not say."""
        return self._seconds

    async def initialize(self) -> None:
        """Opens the pool."""
        # The library's switch for times as timedelta: without it, every "retry after" that it
        # raises is a deprecation warning as well.
        os.environ.setdefault("PTB_TIMEDELTA", "true")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=15),
                cookie_jar=aiohttp.DummyCookieJar(),
                raise_for_status=False,
            )

    async def shutdown(self) -> None:
        """Closes the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def download(self, url: str, most_bytes: int) -> bytes | None:
        """The file at an address of the Bot API server, or None for one that is larger. Redirects
        are not followed: the address holds the token. Raises NetworkError.
        """
        if not self._may_begin():
            _raise(LeaseOver(because(Code.LEASE_OVER)))
        if self._session is None:
            _raise(NeverSent(because(Code.POOL_CLOSED)))
        try:
            async with asyncio.timeout(self._seconds + self._connect_seconds):
                async with self._session.get(url, allow_redirects=False) as response:
                    if response.status != 200:
                        raise NetworkError(f"Telegram answered {response.status} for a file")
                    body = await _bounded(response.content, most_bytes)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise NetworkError(f"The file was not received: {_kind(error)}") from None
        return body if len(body) <= most_bytes else None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Sends one request; returns HTTP status and body, whatever the status below 500."""
        if not self._may_begin():
            _raise(LeaseOver(because(Code.LEASE_OVER)))
        if self._session is None:
            _raise(NeverSent(because(Code.POOL_CLOSED)))
        seconds, timeout = self._seconds, self._timeout
        if isinstance(read_timeout, int | float):
            seconds, timeout = read_timeout, self._timeout_of(read_timeout)
        try:
            # Bounds a peer that drips its answer byte by byte.
            async with asyncio.timeout(seconds + 2 * self._connect_seconds):
                async with self._session.request(
                    method, url, timeout=timeout, **_body(request_data)
                ) as response:
                    body = await _bounded(response.content)
                    status = response.status
            self._heard()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            _raise(NeverSent(because(Code.TELEGRAM_UNREACHED, _kind(error))))
        except (aiohttp.SocketTimeoutError, TimeoutError):
            _raise(AnswerLost(because(Code.TELEGRAM_SILENT)), TimedOut)
        except aiohttp.InvalidURL:
            _raise(NeverSent(because(Code.NO_API_ADDRESS)))
        except (aiohttp.ClientError, OSError) as error:
            _raise(AnswerLost(because(Code.ANSWER_LOST, _kind(error))))
        answer = _read(body)
        if status >= 500 or answer is None:
            _raise(AnswerLost(because(Code.TELEGRAM_STATUS, status)))
        return status, answer

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What a body says, which `do_request` has read already."""
        if isinstance(payload, _Answer):
            return payload.said
        return BaseRequest.parse_json_payload(payload)

    def _timeout_of(self, seconds: float) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(
            connect=self._connect_seconds, sock_connect=self._connect_seconds, sock_read=seconds
        )


def _raise(cause: WithWhyError, kind: type[NetworkError] = NetworkError) -> NoReturn:
    """Raises the library's error for what happened, with that as its cause."""
    raise kind(str(cause)) from cause


async def _bounded(stream: aiohttp.StreamReader, most_bytes: int = _ANSWER_BYTES) -> bytes:
    """The whole body; one beyond the bound is cut soon after it, and so is no JSON any more."""
    parts: list[bytes] = []
    size = 0
    async for part in stream.iter_any():
        parts.append(part)
        size += len(part)
        if size > most_bytes:
            break
    return b"".join(parts)


def _kind(error: BaseException) -> str:
    """The error's class: its text may hold the address, and with it the token."""
    return type(error).__name__


def _read(body: bytes) -> _Answer | None:
    """A body and what it says; None for what is no answer of the Bot API."""
    try:
        said = json.loads(body)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    result = said.get("result")
    if isinstance(result, dict) and type(result.get("message_id")) is int:
        _message_id.set(result["message_id"])
        said["result"] = True
    answer = _Answer(body)
    answer.said = said
    return answer


def _body(data: RequestData | None) -> dict[str, Any]:
    """The arguments of aiohttp that make the body: JSON, which is read and written faster than a
    form, and a form where there are files.
    """
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": json.dumps(data.parameters).encode(), "headers": _JSON}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return {"data": form}
