"""Which of some reports came first, whichever of them left since."""

import heapq
from collections.abc import Mapping

from bot.news.stories.filed import Filed

_GONE = 64


class Ages:
    """Reports by when they were seen, of which only those count that are `live`."""

    def __init__(self, live: Mapping[int, Filed]) -> None:
        self._live = live
        self._heap: list[tuple[float, int]] = []

    def add(self, report: Filed) -> None:
        """Takes in a report that is live."""
        heapq.heappush(self._heap, (report.at, report.number))
        if len(self._heap) > 2 * len(self._live) + _GONE:
            self._heap = [(each.at, each.number) for each in self._live.values()]
            heapq.heapify(self._heap)

    def oldest(self) -> Filed | None:
        """The one that was seen first, of those seen at once what was placed first."""
        while self._heap:
            if report := self._live.get(self._heap[0][1]):
                return report
            heapq.heappop(self._heap)
        return None
