"""A Bot API server that takes every message at once, in a process of its own: what is measured
before it is the sender. `python -m benchmarks.taker` prints its port.

It answers `sendMessage` with a whole message, as Telegram does, and keeps when each came;
`GET /count` tells how many so far, `GET /times` when each came, in seconds since 1970.
"""

import asyncio
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_UPDATES_SECONDS = 20.0
_ME = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "a_bot"}
_TEXT = "Dispatch from the coast\nHarbour Post · 12:30"
_SENT = {
    "from": _ME,
    "chat": {"id": 1_000_000, "first_name": "A person", "type": "private"},
    "date": 1_800_000_000,
    "text": _TEXT,
    "entities": [
        {"offset": 0, "length": 23, "type": "text_link", "url": "http://harbour.example/1"},
        {"offset": 0, "length": 23, "type": "bold"},
        {"offset": 24, "length": 12, "type": "italic"},
    ],
    "link_preview_options": {"is_disabled": True},
    "reply_markup": {"inline_keyboard": [[{"text": "Options", "callback_data": "v1:alert:1"}]]},
}
_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "


class _Connection(asyncio.Protocol):
    """One connection, kept alive; knows just enough of HTTP for clients that are measured."""

    def __init__(self, times: list[float]) -> None:
        self._times = times
        self._read = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head = self._read[:end]
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            size = end + 4 + int(length or 0)
            if len(self._read) < size:
                return
            self._read = self._read[size:]
            path = head.partition(b" HTTP/")[0].partition(b"?")[0]
            self._answer(path.rpartition(b"/")[2].decode())

    def _answer(self, method: str) -> None:
        match method:
            case "sendMessage":
                self._times.append(time.time())
                self._write({"message_id": len(self._times), **_SENT})
            case "getUpdates":
                loop = asyncio.get_running_loop()
                loop.call_later(_UPDATES_SECONDS, self._write, [])
            case "getMe":
                self._write(_ME)
            case "count":
                self._write(len(self._times))
            case "times":
                self._write(self._times)
            case _:
                self._write(True)

    def _write(self, result: object) -> None:
        body = json.dumps({"ok": True, "result": result})
        if self._transport and not self._transport.is_closing():
            self._transport.write(f"{_HEAD}{len(body)}\r\n\r\n{body}".encode())


@dataclass
class TakingServer:
    """Such a server, seen from outside."""

    port: int

    def count(self) -> int:
        """How many messages it has taken."""
        return int(self._ask("count"))

    def times(self) -> list[float]:
        """When each came, in seconds since 1970."""
        return list(self._ask("times"))

    def _ask(self, what: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{what}", timeout=30) as answer:
            return json.load(answer)["result"]


@contextmanager
def taker() -> Iterator[TakingServer]:
    """A server of its own process, which ends with the block."""
    command = [sys.executable, "-m", "benchmarks.taker"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield TakingServer(int(process.stdout.readline()))
        finally:
            process.kill()


async def _serve() -> None:
    times: list[float] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(times), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
