"""Reading documents for the poller, so that costly ones keep no others waiting; and what hubs push,
until it is read.
"""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Protocol

from bot.feeds.fetching.fetch import Fetched
from bot.loops import Now
from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.shares import Who
from bot.news.polling.slots import Slots
from bot.news.why import Code, NotAFeed
from bot.turns import Turns, asking

_TOO_LONG_SECONDS = 10.0
_OFFERED_OF_ONE = 3
_OFFERED_MOST = 200
_OFFERED_BYTES = 64 * 1024 * 1024

Offered = tuple[int, Fetched, Who]
"""A document that was pushed, with its feed and for whom that is polled."""


class Parse(Protocol):
    """Parses a document, or raises NotAFeed; see `bot.feeds.reading.worker`."""

    def __call__(
        self, body: bytes, *, content_type: str | None, url: str | None
    ) -> Awaitable[ParsedFeed]: ...


class DocumentReader:
    """Reads documents of feeds that are known to be costly one at a time."""

    def __init__(self, parse: Parse, slots: Slots, now: Now) -> None:
        self._parse = parse
        self._slots = slots
        self._now = now
        self._costly = Turns(1, chats=1)

    async def read(self, feed_id: int, fetched: Fetched) -> ParsedFeed:
        """What a feed's document says. Raises NotAFeed."""
        costly = self._slots.is_costly(feed_id)
        try:
            async with self._costly.turn() if costly else nullcontext():
                parsed = await self._parse(
                    fetched.body, content_type=fetched.content_type, url=fetched.url
                )
        except NotAFeed as error:
            if error.why.code is Code.TOO_SLOW:
                self._slots.cost(feed_id, _TOO_LONG_SECONDS, self._now())
            raise
        self._slots.cost(feed_id, parsed.seconds, self._now())
        return parsed


class Offers:
    """What was pushed and waits, of each feed a little, so that none keeps others out; of what
    chats brought half of all, and of one chat an eighth of that.
    """

    def __init__(self, slots: Slots, now: Now) -> None:
        self._slots = slots
        self._now = now
        self._waiting: list[Offered] = []

    def put(self, feed_id: int, document: Fetched) -> bool:
        """Takes a document; False if its hub has to push it again later."""
        who = asking()
        of_feed = sum(known == feed_id for known, *_ in self._waiting)
        if of_feed >= _OFFERED_OF_ONE or self._slots.rests(feed_id, self._now()):
            return False
        size = len(document.body)
        parts = [(lambda _: True, 1)]
        if who is not None:
            parts += [(lambda whose: whose is not None, 2), (lambda whose: whose == who, 16)]
        if not all(self._has_room(among, size, part) for among, part in parts):
            return False
        self._waiting.append((feed_id, document, who))
        return True

    def _has_room(self, among: Callable[[Who], bool], size: int, part: int) -> bool:
        """Whether one more of such a size fits into a part of the whole, beside its kind."""
        sizes = [len(waiting.body) for _, waiting, whose in self._waiting if among(whose)]
        return len(sizes) < _OFFERED_MOST // part and (
            not sizes or sum(sizes) + size <= _OFFERED_BYTES // part
        )

    def take(self) -> Offered | None:
        """The first whose feed has a slot now, which it took; the others wait on."""
        for place, (feed_id, document, who) in enumerate(self._waiting):
            if self._slots.take(feed_id, who, pushed=True):
                del self._waiting[place]
                return feed_id, document, who
        return None

    def give_back(self, offered: Offered) -> None:
        """Has a document wait again that was taken and not read. Its feed's slot is to be left."""
        self._waiting.insert(0, offered)
