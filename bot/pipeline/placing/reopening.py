"""A start: the window is filled again with what was placed before."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager

import structlog

from bot.news.retention import JUMP
from bot.news.stories.cards import PlacedByCard, unpacked
from bot.news.stories.circles import Followers
from bot.news.stories.clustering import WINDOW_SECONDS, Placed
from bot.news.stories.kept_window import VERSION, Filling, parts_of
from bot.news.stories.placing import Placer
from bot.news.stories.window import Window
from storage.stories.window import StoredWindow

log = structlog.get_logger(__name__)

_AT_ONCE = 300
"""Reports whose cards are read: a few milliseconds of them."""
_SPLIT_AT_ONCE = 50
"""Reports of which the texts are read."""


async def reopened(
    stored: StoredWindow, threshold: float, now: float, followers: Callable[[int], Followers]
) -> tuple[Placer, object]:
    """A placer that knows what one would that had placed all stored reports: with the window that
    a stop left, if it is all that should be in it; else made anew from the newest on, until it is
    full. Others work in between. And how the window that is kept looks, or None.
    """
    since = now - WINDOW_SECONDS
    with _uncollected():
        placer = Placer(threshold, await stored.last_placing())
        guests = await _as_left(stored, placer.clusterer.window, since)
        kept = None if guests is None else state(placer)
        if guests is None:
            placer = Placer(threshold, placer.last)
            guests = await _Opening(stored, placer).operators(since)
        await _Opening(stored, placer).guests(sorted(guests), followers)
    return placer, kept


async def left(stored: StoredWindow, placer: Placer, kept: object) -> None:
    """Leaves the window for the next start, where it does not look as the one that is `kept`."""
    if kept == state(placer):
        await stored.keep_again(VERSION)
    else:
        await stored.keep(VERSION, parts_of(placer.clusterer.window))


def state(placer: Placer) -> object:
    """Is another one as soon as the window has changed."""
    window = placer.clusterer.window
    return placer.last, len(window.reports), window.newest


async def _as_left(stored: StoredWindow, window: Window, since: float) -> list[int] | None:
    """Fills the window as a stop left it, and returns the numbers of guests' reports; None where
    none is there, or where the database says anything else of a single report.
    """
    if not await stored.use(VERSION):
        return None
    try:
        filling = Filling(window)
        async for name, part in stored.parts():
            filling.put(name, part)
        for _ in filling.ending():
            await asyncio.sleep(0)
    except (ValueError, LookupError, TypeError):
        log.exception("the window that was left is damaged; it is made anew")
        return None
    if window.leaves_many(since) or window.newest > since + WINDOW_SECONDS + JUMP:
        return None
    window.leave(since)
    sums, guests = await stored.sums(since, window.first)
    if sums != window.reports.sums():
        return None
    return await stored.guests(since) if guests else []


@contextmanager
def _uncollected() -> Iterator[None]:
    """All that is made here stays: looking for garbage among it again and again costs a fifth."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class _Opening:
    def __init__(self, stored: StoredWindow, placer: Placer) -> None:
        self._stored = stored
        self._placer = placer
        self._clusterer = placer.clusterer

    async def operators(self, since: float) -> list[int]:
        """Puts back the reports of the operator's feeds; returns the numbers of those of guests."""
        held: Sequence[PlacedByCard] = ()
        guests: list[int] = []
        while held := await self._stored.held(
            since, held[-1] if held else None, _AT_ONCE, only_guests=self._clusterer.window.is_full
        ):
            guests += [each.number for each in held if each.guest]
            await self._split(self._unread([each for each in held if not each.guest]))
            await asyncio.sleep(0)
        for _ in self._clusterer.window.settling():
            await asyncio.sleep(0)
        return guests

    def _unread(self, held: Sequence[PlacedByCard]) -> list[PlacedByCard]:
        """Puts back reports by their cards, and returns those of which they cannot be read."""
        cards = [unpacked(each.packed) for each in held]
        read = [each for each, card in zip(held, cards, strict=True) if card]
        self._clusterer.put_back(read, [card for card in cards if card])
        return [each for each, card in zip(held, cards, strict=True) if not card]

    async def _split(self, held: Sequence[PlacedByCard]) -> None:
        """Puts back reports whose cards are to be made anew from their texts."""
        of = {each.number: each for each in held}
        async for placed in self._placed(sorted(of)):
            with _logged(placed):
                card = self._clusterer.card(placed.sighting)
                self._clusterer.put_back((of[placed.number],), (card,))

    async def guests(self, numbers: Sequence[int], followers: Callable[[int], Followers]) -> None:
        """Takes in what guests told, in the order in which it was placed."""
        async for placed in self._placed(numbers):
            with _logged(placed):
                self._placer.circles.remember(placed, followers(placed.sighting.feed))

    async def _placed(self, numbers: Sequence[int]) -> AsyncIterator[Placed]:
        for start in range(0, len(numbers), _SPLIT_AT_ONCE):
            for placed in await self._stored.placed(numbers[start : start + _SPLIT_AT_ONCE]):
                yield placed
            await asyncio.sleep(0)


@contextmanager
def _logged(placed: Placed) -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception("the window cannot hold a report; nothing joins it", story=placed.story)
