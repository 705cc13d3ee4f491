"""How many messages a second the bot can send on this machine: one story to many chats, before a
server that takes everything at once.

`python -m benchmarks.throughput [--chats 10000]`. The server here knows five methods and counts;
the playground's would be slower than the bot.
"""

import argparse
import asyncio
import json
import time
from pathlib import Path

from benchmarks.rig import Rig, rig

_FIRST = 1_000_000


class Counter:
    """Answers sendMessage as fast as it can."""

    def __init__(self) -> None:
        self.times: list[float] = []

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
                await reader.readexactly(int(length or 0))
                path = head.partition(b" HTTP/")[0].partition(b"?")[0]
                result = await self._result(path.rpartition(b"/")[2])
                body = b'{"ok":true,"result":' + result + b"}"
                size = str(len(body)).encode()
                kind = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                writer.write(kind + size + b"\r\n\r\n" + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _result(self, method: bytes) -> bytes:
        if method == b"sendMessage":
            self.times.append(time.monotonic())
            number = len(self.times)
            sent = {"message_id": number, "date": 1, "chat": {"id": _FIRST, "type": "private"}}
            return json.dumps({**sent, "text": "taken"}).encode()
        if method == b"getMe":
            return b'{"id":1,"is_bot":true,"first_name":"Bot","username":"a_bot"}'
        if method == b"getUpdates":
            await asyncio.sleep(20)
            return b"[]"
        return b"true"


async def measure(chats: int) -> dict[str, float]:
    """Messages a second, and the bot's memory in MB before and after."""
    counter = Counter()
    server = await asyncio.start_server(counter.handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with rig([(_FIRST + n, "private", 0) for n in range(chats)], api_port=port) as r:
        r.start()
        await r.polled()
        before = _memory(r)
        r.publish(1)
        await r.until(lambda: len(counter.times) >= chats, "the last message", seconds=120)
        await r.drained()
        after = _memory(r)
        twice = r.count("SELECT count(*) FROM deliveries WHERE attempts > 1 OR state <> 'sent'")
    server.close()
    seconds = counter.times[-1] - counter.times[0]
    return {
        "messages": len(counter.times),
        "seconds": round(seconds, 2),
        "a second": round(len(counter.times) / seconds),
        "MB before": before,
        "MB after": after,
        "not sent once": twice,
    }


def _memory(r: Rig) -> float:
    """Resident memory of the bot in MB."""
    for line in Path(f"/proc/{r.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def main(arguments: list[str] | None = None) -> None:
    """Prints one line of figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=10_000)
    given = parser.parse_args(arguments)
    print(", ".join(f"{k}: {v}" for k, v in asyncio.run(measure(given.chats)).items()))


if __name__ == "__main__":
    main()
