"""The program of a parser process: documents and pages in on stdin, what they say out on stdout,
until stdin ends.

Started by `bot.feeds.reading.worker`, which also says how the two talk: sizes, a JSON head and the
body one way; a size and a JSON answer the other. A first byte says that it is ready.
"""

import json
import struct
import sys
import time
from typing import Any, BinaryIO

from msgspec.structs import asdict

from bot.confined import bound_memory, bound_rest, bound_time, leave_network
from bot.feeds.reading.answers import said_of
from bot.feeds.reading.parse import parse_document
from bot.news.why import NotAFeed

_CPU_SECONDS = 10  # of one document, should the parent that keeps the deadline be gone
_SIZES = struct.Struct(">II")
_SIZE = struct.Struct(">I")


def main() -> None:
    """Serves until stdin ends; `argv[1]` is the most memory in bytes."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    bound_memory(int(sys.argv[1]))
    leave_network()
    bound_rest()
    sink.write(b"\x01")
    sink.flush()
    while sizes := source.read(_SIZES.size):
        head_size, body_size = _SIZES.unpack(sizes)
        head = json.loads(source.read(head_size))
        bound_time(_CPU_SECONDS)
        _answer(sink, _found(source.read(body_size), head))


def _found(body: bytes, head: dict[str, Any]) -> dict[str, Any]:
    content_type, url = head["content_type"], head["url"]
    if head["task"] == "links":
        from bot.feeds.discover import page_links  # with the first page: most read feeds only

        return asdict(page_links(body, content_type=content_type, url=url))
    if head["task"] == "lead":
        from bot.feeds.reading.article import lead_of

        title, source = head["title"], head["source"]
        return {"lead": lead_of(body, content_type=content_type, title=title, source=source)}
    if head["task"] == "robots":
        return _permission(body, url, head["agent"])
    begun = time.process_time()
    try:
        found = said_of(parse_document(body, content_type=content_type, url=url))
        return found | {"seconds": time.process_time() - begun}
    except NotAFeed as error:
        return {"why": error.why.stored()}


def _permission(body: bytes, url: str, agent: str) -> dict[str, Any]:
    import protego  # with the first page: most instances read none

    rules = protego.Protego.parse(body.decode("utf-8-sig", "replace"))
    delay = rules.crawl_delay(agent) or 0.0
    longest = 86_400.0
    return {
        "allowed": bool(rules.can_fetch(url, agent)),
        "delay": delay if 0 <= delay <= longest else longest,
    }


def _answer(sink: BinaryIO, found: dict[str, Any]) -> None:
    answer = json.dumps(found).encode()
    sink.write(_SIZE.pack(len(answer)) + answer)
    sink.flush()


if __name__ == "__main__":
    main()
