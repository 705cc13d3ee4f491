"""A start: the window is filled again with what was placed before."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager

import structlog

from bot.news.stories.cards import PlacedByCard, unpacked
from bot.news.stories.circles import Followers
from bot.news.stories.clustering import WINDOW_SECONDS, Placed
from bot.news.stories.placing import Placer
from storage.stories.stories import Stories

log = structlog.get_logger(__name__)

_AT_ONCE = 300
"""Reports whose cards are read: a few milliseconds of them."""
_SPLIT_AT_ONCE = 50
"""Reports of which the texts are read."""


async def reopened(
    stories: Stories, threshold: float, now: float, followers: Callable[[int], Followers]
) -> Placer:
    """A placer that knows what one would that had placed all stored reports. The newest are read
    first, until the window is full; others work in between.
    """
    placer = Placer(threshold, await stories.last_placing())
    opening = _Opening(stories, placer)
    with _uncollected():
        guests = await opening.operators(now - WINDOW_SECONDS)
        for _ in placer.clusterer.window.settling():
            await asyncio.sleep(0)
        await opening.guests(sorted(guests), followers)
    return placer


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
    def __init__(self, stories: Stories, placer: Placer) -> None:
        self._stories = stories
        self._placer = placer
        self._clusterer = placer.clusterer

    async def operators(self, since: float) -> list[int]:
        """Puts back the reports of the operator's feeds; returns the numbers of those of guests."""
        held: Sequence[PlacedByCard] = ()
        guests: list[int] = []
        while held := await self._stories.window(
            since, held[-1] if held else None, _AT_ONCE, only_guests=self._clusterer.window.is_full
        ):
            guests += [each.number for each in held if each.guest]
            await self._split(self._unread([each for each in held if not each.guest]))
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
            for placed in await self._stories.placed(numbers[start : start + _SPLIT_AT_ONCE]):
                yield placed
            await asyncio.sleep(0)


@contextmanager
def _logged(placed: Placed) -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception("the window cannot hold a report; nothing joins it", story=placed.story)
