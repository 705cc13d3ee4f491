"""Which reports tell the same story.

Here: the same canonical link, or the same normalised title of four words and more, within the
window. Where we are unsure it is a new story: a wrong join hides news, a repeat only annoys.
"""

from collections import deque
from dataclasses import dataclass, field

WINDOW_SECONDS = 72 * 3600
MIN_TITLE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the clusterer needs to know of a report: `at` in seconds, links and titles as
    `bot.news.urls.canonical` and `bot.news.text.fold_title` make them.
    """

    canonical: str | None
    title_key: str
    at: float


@dataclass
class Clusterer:
    """Holds the window's stories and places one report after another.

    Memory: two dictionary entries a report of the window. Times may run backwards a little, as
    reports of different feeds do; a report's age is judged against the newest one seen.
    """

    window_seconds: float = WINDOW_SECONDS
    _by_link: dict[str, tuple[float, int]] = field(default_factory=dict)
    _by_title: dict[str, tuple[float, int]] = field(default_factory=dict)
    _order: deque[tuple[float, Sighting]] = field(default_factory=deque)
    _newest: float = 0.0

    def find(self, sighting: Sighting) -> int | None:
        """The story of the window that this report tells, or None for a new one."""
        self._forget(sighting.at)
        for known, key in (
            (self._by_link, sighting.canonical),
            (self._by_title, self._title(sighting)),
        ):
            found = known.get(key) if key else None
            if found and abs(sighting.at - found[0]) <= self.window_seconds:
                return found[1]
        return None

    def remember(self, sighting: Sighting, story_id: int) -> None:
        """Takes in that this report tells that story."""
        self._forget(sighting.at)
        for known, key in (
            (self._by_link, sighting.canonical),
            (self._by_title, self._title(sighting)),
        ):
            if key:
                # A report that comes late must not make its story look older than it is.
                at = max(sighting.at, known[key][0]) if key in known else sighting.at
                known[key] = (at, story_id)
        self._order.append((sighting.at, sighting))

    def _title(self, sighting: Sighting) -> str | None:
        enough = len(sighting.title_key.split()) >= MIN_TITLE_WORDS
        return sighting.title_key if enough else None

    def _forget(self, now: float) -> None:
        self._newest = max(self._newest, now)
        oldest = self._newest - self.window_seconds
        while self._order and self._order[0][0] < oldest:
            at, sighting = self._order.popleft()
            self._drop(self._by_link, sighting.canonical, at)
            self._drop(self._by_title, self._title(sighting), at)

    def _drop(self, known: dict[str, tuple[float, int]], key: str | None, at: float) -> None:
        # A later report may have renewed the key; only what is as old as this one goes.
        if key in known and known[key][0] <= at:
            del known[key]
