"""A Bot API server that takes every message at once, as a process of its own, so that its work is
not counted: python -m benchmarks.speed.answerer. It says its port in one line.
"""

import asyncio
from contextlib import suppress

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
_SENT = (
    b'{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"text":"x"}}'
)
_ME = b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"Bot","username":"a_bot"}}'


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, kept alive."""
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length or 0))
            body = _ME if b"/getMe" in head.partition(b"\r\n")[0] else _SENT
            writer.write(_HEAD % (len(body), body))
    writer.close()


async def _serve() -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
