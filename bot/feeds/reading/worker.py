"""Parsing strangers' documents in worker processes that can be killed.

A document can keep a parser busy for minutes or fill the memory; in a process of its own it costs
at most `deadline` seconds and `_MEMORY` bytes, and the next document gets a new process.

The processes are our own rather than `anyio.to_process`: those load the main program again (here
the whole bot, with its settings and the token in the environment), cannot be ended with the pool,
and lose step when a Ctrl-C reaches them. `bot.children` says how ours begin and end. Answers come
back as JSON, which cannot run anything here.
"""

import asyncio
import json
import struct
from collections import deque
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Protocol, Self

from bot import children
from bot.feeds.discover import MOST_BYTES as MOST_PAGE_BYTES
from bot.feeds.discover import PageLinks
from bot.feeds.fetching.robots import AGENT, Permission
from bot.feeds.reading.answers import feed_of
from bot.feeds.reading.article import MOST_BYTES as MOST_ARTICLE_BYTES
from bot.loops import each_to_its_end
from bot.news.polling.parsed import ParsedFeed
from bot.news.why import Code, NotAFeed, because, read_why
from bot.turns import Turns

_STARTING_SECONDS = 30.0  # a busy machine may need seconds to load the parser
_LOOK_SECONDS = 0.05
_MEMORY = 1024 * 1024 * 1024
_SIZES = struct.Struct(">II")  # of the request's JSON head and of the body
_SIZE = struct.Struct(">I")  # of the answer


class DocumentParser(Protocol):
    """What reads documents for a bot: a `ParserPool` of its own, or one that others have too."""

    async def parse(
        self, body: bytes, *, content_type: str | None = None, url: str | None = None
    ) -> ParsedFeed:
        """See `ParserPool.parse`."""

    async def links(self, body: bytes, *, content_type: str | None, url: str) -> PageLinks:
        """See `ParserPool.links`."""

    async def lead(self, body: bytes, *, content_type: str | None, title: str, source: str) -> str:
        """See `ParserPool.lead`."""

    async def judge(self, rules: bytes, *, url: str) -> Permission:
        """See `ParserPool.judge`."""


class ParserPool:
    """At most `size` worker processes; open it with `async with`, which ends them. One of them is
    kept for what is ours; chats have the others in turn, for what their people ask and their feeds
    bring.

    Processes start when first needed, one at a time: another one when those that run stay busy for
    `patience` seconds, since a start costs as much as fifty documents. One that had nothing to do
    for `idle` seconds ends, but for the last. `deadline` is seconds of wall time for one document.
    """

    def __init__(
        self,
        *,
        size: int = 2,
        deadline: float = 10.0,
        patience: float = 0.5,
        idle: float = 60.0,
    ) -> None:
        self._size = size
        self._deadline = deadline
        self._patient_seconds = patience
        self._idle_seconds = idle
        self._turns = Turns(size, chats=max(size - 1, 1))
        self._idle: dict[asyncio.subprocess.Process, asyncio.TimerHandle] = {}
        """Those that wait, longest first, and what ends them in time."""
        self._ending: set[asyncio.Task[None]] = set()
        self._all: set[asyncio.subprocess.Process] = set()
        self._starting = 0
        self._waiting: deque[asyncio.Future[asyncio.subprocess.Process]] = deque()
        """Who waits for a process that is busy or starts, the first first."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for timer in self._idle.values():
            timer.cancel()
        await each_to_its_end(*map(self._end, list(self._all)), *self._ending)

    async def parse(
        self, body: bytes, *, content_type: str | None = None, url: str | None = None
    ) -> ParsedFeed:
        """As `bot.feeds.reading.parse.parse_document`, in a worker; raises NotAFeed also for a
        document that takes too long or breaks its worker.
        """
        answer = await self._asked("feed", body, content_type, url)
        if (why := read_why(answer.get("why"))) is not None:
            raise NotAFeed(why)
        return feed_of(answer)

    async def links(self, body: bytes, *, content_type: str | None, url: str) -> PageLinks:
        """As `bot.feeds.discover.page_links`, in a worker; raises NotAFeed for a page that takes
        too long or breaks its worker.
        """
        answer = await self._asked("links", body[:MOST_PAGE_BYTES], content_type, url)
        return PageLinks(tuple(answer["declared"]), tuple(answer["hinted"]))

    async def lead(self, body: bytes, *, content_type: str | None, title: str, source: str) -> str:
        """As `bot.feeds.reading.article.lead_of`, in a worker; raises NotAFeed for a page that
        takes too long or breaks its worker.
        """
        body = body[:MOST_ARTICLE_BYTES]
        answer = await self._asked("lead", body, content_type, None, title=title, source=source)
        return str(answer["lead"])

    async def judge(self, rules: bytes, *, url: str) -> Permission:
        """What a robots.txt says of an address, read in a worker; raises NotAFeed for one that
        takes too long.
        """
        answer = await self._asked("robots", rules, None, url, agent=AGENT)
        return Permission(bool(answer["allowed"]), float(answer["delay"]))

    async def _asked(
        self, task: str, body: bytes, content_type: str | None, url: str | None, **more: str
    ) -> Mapping[str, Any]:
        head = json.dumps({"task": task, "content_type": content_type, "url": url, **more}).encode()
        request = _SIZES.pack(len(head), len(body)) + head + body
        async with self._turns.turn():
            return await self._ask(request)

    async def _ask(self, request: bytes) -> Mapping[str, Any]:
        worker = await self._worker()
        try:
            async with asyncio.timeout(self._deadline):
                answer = await _exchange(worker, request)
        except (TimeoutError, OSError, EOFError, ValueError, TypeError) as error:
            await self._end(worker)
            raise NotAFeed(because(Code.TOO_SLOW)) from error
        except BaseException:  # cancelled: the worker is in the middle of a document
            await self._end(worker)
            raise
        self._rest(worker)
        return answer

    def _rest(self, worker: asyncio.subprocess.Process) -> None:
        """Hands a process that is free to who has waited longest, or lets it wait."""
        while self._waiting:
            if not (waiting := self._waiting.popleft()).done():
                waiting.set_result(worker)
                return
        loop = asyncio.get_running_loop()
        self._idle[worker] = loop.call_later(self._idle_seconds, self._retire, worker)

    def _retire(self, worker: asyncio.subprocess.Process) -> None:
        """Ends a process that has waited long, if another one is left."""
        if len(self._all) > 1:
            del self._idle[worker]
            self._all.discard(worker)
            ending = asyncio.create_task(self._end(worker))
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    async def _freed(self) -> asyncio.subprocess.Process | None:
        """A process that was busy, if that does not take long, or that starts now."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            await asyncio.wait([waiting], timeout=self._patient_seconds)
            # Where a start takes long, another one beside it would take longer.
            while self._starting and not waiting.done():
                await asyncio.wait([waiting], timeout=_LOOK_SECONDS)
        except asyncio.CancelledError:
            if waiting.done():
                self._rest(waiting.result())
            raise
        finally:
            waiting.cancel()
        return None if waiting.cancelled() else waiting.result()

    async def _worker(self) -> asyncio.subprocess.Process:
        while self._idle:
            worker, timer = self._idle.popitem()
            timer.cancel()
            if worker.returncode is None:
                return worker
            await self._end(worker)
        if (self._all or self._starting) and (freed := await self._freed()):
            return freed
        return await self._started()

    async def _started(self) -> asyncio.subprocess.Process:
        """A new process, once it is ready. Raises NotAFeed where none can be had."""
        self._starting += 1
        try:
            worker = await children.start("bot.feeds.reading.child", str(_MEMORY))
            self._all.add(worker)
            await self._ready(worker)
        except (TimeoutError, EOFError, OSError) as error:
            raise NotAFeed(because(Code.NO_PARSER)) from error
        finally:
            self._starting -= 1
        return worker

    async def _ready(self, worker: asyncio.subprocess.Process) -> None:
        """Waits until a process says that it is ready, or ends it."""
        assert worker.stdout is not None
        try:
            async with asyncio.timeout(_STARTING_SECONDS):
                await worker.stdout.readexactly(1)
        except BaseException:
            await self._end(worker)
            raise

    async def _end(self, worker: asyncio.subprocess.Process) -> None:
        self._all.discard(worker)
        await children.end(worker)


async def _exchange(worker: asyncio.subprocess.Process, request: bytes) -> Mapping[str, Any]:
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(request)
    await worker.stdin.drain()
    (size,) = _SIZE.unpack(await worker.stdout.readexactly(_SIZE.size))
    answer = json.loads(await worker.stdout.readexactly(size))
    if not isinstance(answer, dict):
        raise TypeError("a worker answers with an object")
    return answer
