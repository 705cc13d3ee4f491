"""The parser process that all tests of one process share: to start one takes longer than most of
them. What begins, fails or ends with its pool is tested on a pool of its own.
"""

import asyncio
import atexit
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

from bot.feeds.discover import PageLinks
from bot.feeds.fetching.robots import Permission
from bot.feeds.reading.worker import ParserPool
from bot.news.polling.parsed import ParsedFeed

T = TypeVar("T")


class SharedParser:
    """A pool on a loop of its own, which outlives the loops of the tests that ask it."""

    def __init__(self) -> None:
        self._pool = ParserPool(size=1)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the process and the loop."""
        ending = self._pool.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(ending, self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def parse(
        self, body: bytes, *, content_type: str | None = None, url: str | None = None
    ) -> ParsedFeed:
        """See `ParserPool.parse`."""
        return await self._there(self._pool.parse(body, content_type=content_type, url=url))

    async def links(self, body: bytes, *, content_type: str | None, url: str) -> PageLinks:
        """See `ParserPool.links`."""
        return await self._there(self._pool.links(body, content_type=content_type, url=url))

    async def lead(self, body: bytes, *, content_type: str | None, title: str, source: str) -> str:
        """See `ParserPool.lead`."""
        return await self._there(
            self._pool.lead(body, content_type=content_type, title=title, source=source)
        )

    async def judge(self, rules: bytes, *, url: str) -> Permission:
        """See `ParserPool.judge`."""
        return await self._there(self._pool.judge(rules, url=url))

    async def _there(self, asked: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asked, self._loop))


@cache
def shared_parser() -> SharedParser:
    """It; its process begins with the first document, and ends with the tests."""
    parser = SharedParser()
    atexit.register(parser.close)
    return parser
