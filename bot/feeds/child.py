"""The program of a parser process: documents and pages in on stdin, what they say out on stdout,
until stdin ends.

Started by `bot.feeds.worker`, which also says how the two talk: sizes, a JSON head and the body
one way; a size and a JSON answer the other. A first byte says that it is ready.
"""

import ctypes
import json
import struct
import sys
import time
from dataclasses import asdict
from typing import Any, BinaryIO

from bot.feeds.article import lead_of
from bot.feeds.discover import page_links
from bot.feeds.parse import parse_document
from bot.news.why import NotAFeed

try:
    import resource
except ImportError:  # Windows has none; there the deadline alone bounds a document
    resource = None  # type: ignore[assignment]

_MOST_FILES = 64
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of <sched.h>
_CPU_SECONDS = 10  # of one document, should the parent that keeps the deadline be gone
_SIZES = struct.Struct(">II")
_SIZE = struct.Struct(">I")


def main() -> None:
    """Serves until stdin ends; `argv[1]` is the most memory in bytes."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    _bound_memory(int(sys.argv[1]))
    _leave_network()
    _bound_rest()
    sink.write(b"\x01")
    sink.flush()
    while sizes := source.read(_SIZES.size):
        head_size, body_size = _SIZES.unpack(sizes)
        head = json.loads(source.read(head_size))
        _bound_time()
        _answer(sink, _found(source.read(body_size), head))


def _found(body: bytes, head: dict[str, Any]) -> dict[str, Any]:
    content_type, url = head["content_type"], head["url"]
    if head["task"] == "links":
        return asdict(page_links(body, content_type=content_type, url=url))
    if head["task"] == "lead":
        title, source = head["title"], head["source"]
        return {"lead": lead_of(body, content_type=content_type, title=title, source=source)}
    if head["task"] == "robots":
        return _permission(body, url, head["agent"])
    begun = time.process_time()
    try:
        found = asdict(parse_document(body, content_type=content_type, url=url))
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


def _bound_memory(limit: int) -> None:
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _leave_network() -> None:
    """Enters a network of its own that has no way out, where the system lets this process; many
    containers do not (seccomp).
    """
    unshare = getattr(ctypes.CDLL(None), "unshare", None) if sys.platform == "linux" else None
    if unshare is not None and unshare(_NEW_NETWORK) != 0:
        # Whoever is not root needs to be so in a namespace of users first.
        unshare(_NEW_USER | _NEW_NETWORK)


def _bound_rest() -> None:
    """No file is written, few are open, and no process or thread begins. (Root is not held by the
    last: the bot should not run as root.)
    """
    sys.dont_write_bytecode = True  # it would be left half written
    if resource is None:
        return
    for name, most in (
        ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0), ("RLIMIT_NOFILE", _MOST_FILES), ("RLIMIT_NPROC", 0)
    ):  # fmt: skip
        if (what := getattr(resource, name, None)) is not None:
            _, hard = resource.getrlimit(what)
            limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (limit, limit))


def _bound_time() -> None:
    # The limit counts a process's whole life, so it moves along with every document.
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = int(used.ru_utime + used.ru_stime) + _CPU_SECONDS + 1
        if hard == resource.RLIM_INFINITY or soft < hard:
            resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


if __name__ == "__main__":
    main()
