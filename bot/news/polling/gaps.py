"""How often a feed has news, learned from what it published. Pure.

Gaps are averaged by their logarithms: most outlets publish in bursts and sleep at night, and one
night would outweigh a day of bursts.
"""

from collections.abc import Iterable
from itertools import pairwise
from math import exp, log

from msgspec import Struct

_SHORTEST, _LONGEST = 1.0, 90 * 86_400.0
_LEAST_SEEN = 4
_WEIGHT = 0.1  # of the newest gap, once some are known
_SILENT_GAPS, _SILENT_SECONDS = 5.0, 3600.0


class Gaps(Struct, frozen=True):
    """Seconds from one entry to the next, as a rule, and how many gaps say so."""

    every: float = 0.0
    seen: int = 0

    @property
    def is_known(self) -> bool:
        """Whether enough was seen to speak of a rule."""
        return self.seen >= _LEAST_SEEN


def of_dates(dates: Iterable[float | None]) -> Gaps:
    """The gaps of a document, by the dates of its entries."""
    known = sorted({date for date in dates if date is not None})
    gaps = Gaps()
    for earlier, later in pairwise(known):
        gaps = _with_gap(gaps, later - earlier)
    return gaps


def after_news(gaps: Gaps, last: float | None, count: int, now: float) -> Gaps:
    """The gaps after a poll found `count` new entries, the last ones having come at `last`."""
    if last is None or not count:
        return gaps
    return _with_gap(gaps, (now - last) / count)


def is_silent(gaps: Gaps, last: float | None, now: float) -> bool:
    """Whether the feed has had no news for much longer than it usually takes."""
    if last is None or not gaps.is_known:
        return False
    return now - last >= max(_SILENT_GAPS * gaps.every, _SILENT_SECONDS)


def _with_gap(gaps: Gaps, gap: float) -> Gaps:
    gap = min(max(gap, _SHORTEST), _LONGEST)
    if not gaps.seen:
        return Gaps(gap, 1)
    weight = max(1 / (gaps.seen + 1), _WEIGHT)
    every = exp((1 - weight) * log(max(gaps.every, _SHORTEST)) + weight * log(gap))
    return Gaps(every, min(gaps.seen + 1, 1000))
