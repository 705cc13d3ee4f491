"""How many stories come: of all, on ready-made topics, from some feeds. Pure.

Stories of the last days are looked at by the hours in which they came out; where there are many, a
part of them stands for all of these hours. How many come a day is said only where whole days were
seen, and of a younger catalogue how many came since it began.
"""

import math
from collections.abc import Collection, Iterable

from msgspec import Struct

from bot.news.telling.languages import is_heard

DAY = 86_400.0
SLOT_SECONDS = 6 * 3600.0
SLOTS = 28  # seven days of them
A_SLOT = 150
"""So many stories stand for all of a slot."""
_FEW_DIGITS = 100


class StoryKind(Struct, frozen=True):
    """A story as far as volumes go: the topics that it is on, by key, in which languages it may
    be, and the feed that told it first. It stands for `weight` stories.
    """

    topics: frozenset[str]
    spoken: tuple[str, ...]
    feed: int
    weight: float


class Volume(Struct, frozen=True):
    """About so many `stories` in `days`."""

    stories: float
    days: float

    @property
    def a_day(self) -> float | None:
        """How many a day; None where no whole day was seen."""
        return self.stories / self.days if self.days >= 1 else None

    @property
    def least_a_day(self) -> float:
        """How many a day at least: as many as came, where no whole day was seen."""
        return self.stories if self.a_day is None else self.a_day


class Seen(Struct, frozen=True):
    """The stories that came in the last `days`, with a weight each."""

    kinds: tuple[StoryKind, ...]
    days: float

    def everything(self, languages: Collection[str]) -> Volume:
        """All that a chat hears which chose these languages, or none."""
        return self._volume(each for each in self.kinds if is_heard(languages, each.spoken))

    def on(self, topics: Collection[str], languages: Collection[str]) -> Volume:
        """Those on one of these topics at least."""
        return self.wanted(topics, (), languages)

    def wanted(
        self, topics: Collection[str], feeds: Collection[int], languages: Collection[str]
    ) -> Volume:
        """Those on one of these topics in these languages, and those of these feeds in any."""
        return self._volume(
            each
            for each in self.kinds
            if each.feed in feeds
            or (not each.topics.isdisjoint(topics) and is_heard(languages, each.spoken))
        )

    def _volume(self, kinds: Iterable[StoryKind]) -> Volume:
        return Volume(sum(each.weight for each in kinds), self.days)


def slot_of(at: float) -> int:
    """The number of the slot that a time is in."""
    return int(at // SLOT_SECONDS)


def slots_since(began: float, now: float) -> range:
    """The slots of the last seven days, newest first, but for those before the catalogue began."""
    newest = slot_of(now)
    return range(newest, max(slot_of(began), newest - SLOTS + 1) - 1, -1)


def rounded(number: float) -> int:
    """A number as people say it: 14, 140, 1,400."""
    if number < _FEW_DIGITS:
        return round(number)
    step: int = 10 ** (int(math.log10(number)) - 1)
    return round(number / step) * step
