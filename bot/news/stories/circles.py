"""Reports of guests, placed upon those of the operator's feeds.

A guest is a feed that only chats brought. Guests with exactly the same followers are a circle: a
report of one is placed by the operator's reports and by those of its circle, and teaches no other
feed. The operator's own reports are placed as if no guest existed; where one opens a story that
guests told before, the story takes theirs in, so that who follows them is not rung twice.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from bot.news.stories.ages import Ages
from bot.news.stories.clustering import (
    Clusterer,
    Known,
    Placed,
    Sighting,
    Verdict,
    judged,
    link_key,
    title_key,
)
from bot.news.stories.filed import Filed
from bot.news.stories.layer import Layer

MOST_OF_A_CIRCLE = 2_000
"""So many reports of a circle are held in memory,"""
MOST_OF_GUESTS = 10_000
"""so many of all guests together,"""
MOST_BYTES_OF_GUESTS = 24 * 1024 * 1024
"""and about so many bytes of them. The oldest leave, of the circle that takes the largest part: so
what some publish does not push out what others told.
"""
_ASKED_TERMS = 8
_MOST_HAVING = 100
_MOVED_AT_ONCE = 50
_SAID_BEFORE = 64
_CIRCLES_LOOKED_AT = 12
"""In so many circles that share words it is asked whether guests told a new story of the operator's
before, and in those that have its link or its headline.
"""
_BY_SIGN = ("link", "title")

Followers = frozenset[int]


@dataclass
class Circles:
    """The layers of all circles upon one clusterer. What it knows follows from the reports that it
    holds and from who follows their feeds now.
    """

    clusterer: Clusterer
    most_of_a_circle: int = MOST_OF_A_CIRCLE
    most: int = MOST_OF_GUESTS
    most_bytes: int = MOST_BYTES_OF_GUESTS
    newest: float = field(default=0.0, init=False)
    bytes: int = field(default=0, init=False)
    _layers: dict[Followers, Layer] = field(default_factory=dict, init=False)
    _followers: dict[int, Followers] = field(default_factory=dict, init=False)
    _of_feed: dict[int, dict[int, Filed]] = field(default_factory=dict, init=False)
    _live: dict[int, Filed] = field(default_factory=dict, init=False)
    _fullest: list[tuple[float, tuple[int, ...]]] = field(default_factory=list, init=False)
    _crowded_out: list[int] = field(default_factory=list, init=False)
    _having: dict[int, Counter[Layer]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._ages = Ages(self._live)

    @property
    def feeds(self) -> Iterable[int]:
        """The guests of which reports are held."""
        return self._of_feed.keys()

    def judge(self, sighting: Sighting, followers: Followers) -> Verdict:
        """Which story the report of a guest tells. Remembers nothing."""
        self.forget(sighting.at)
        layer = self._layers.get(followers) or Layer(self.clusterer.window, followers)
        return judged(self._known(layer), sighting, self.clusterer.terms)

    def is_opened(self, story: int, followers: Followers) -> bool:
        """Whether guests of a circle opened a story, and not the operator's feeds."""
        layer = self._layers.get(followers)
        return layer is not None and story in layer.opened

    def remember(self, placed: Placed, followers: Followers) -> None:
        """Takes in that a guest's report tells a story."""
        sighting = placed.sighting
        self.forget(sighting.at)
        if sighting.at < self.newest - self.clusterer.window_seconds:
            return
        card = placed.card or self.clusterer.card(sighting)
        terms = self.clusterer.window.vocabulary.filed(card.terms)
        report = Filed(
            placed.number, sighting.at, placed.story, sighting.outlet, sighting.feed,
            terms, card.heads, card.names, card.numbers, card.wording, card.link,
            card.headline, card.long,
        )  # fmt: skip
        self._live[report.number] = report
        self._ages.add(report)
        self._of_feed.setdefault(sighting.feed, {})[report.number] = report
        self._followers[sighting.feed] = followers
        self._put(report, placed.story, opened=placed.opened)
        self._crowd_out(self._layers[followers], self.most_of_a_circle)

    def moving(self, feed: int, followers: Followers) -> Iterator[None]:
        """Moves the reports of a guest to the circle that follows it now, a few at a time, so that
        others may work meanwhile; but nobody may ask anything here before it has ended.
        """
        if self._followers.get(feed, followers) == followers:
            return
        self._followers[feed] = followers
        for number, report in enumerate(self._of_feed[feed].values()):
            self._move(report, report.story, opened=self._is_opened(report))
            if number % _MOVED_AT_ONCE == 0:
                yield
        self._crowd_out(self._layers[followers], self.most_of_a_circle)

    def crowded_out(self) -> list[int]:
        """The numbers of the reports that left since this was last asked, though the window reaches
        back to them: which these are depends on what was there beside them.
        """
        numbers, self._crowded_out = self._crowded_out, []
        return numbers

    def told_before(self, sighting: Sighting) -> dict[int, Verdict]:
        """The stories of guests that this report of the operator's tells, which opens one, each
        with how it was judged.
        """
        found: dict[int, Verdict] = {}
        for layer in self._near(sighting) if self._layers else ():
            verdict = judged(self._known(layer), sighting, self.clusterer.terms)
            if verdict.story is not None and verdict.story in layer.opened:
                found.setdefault(verdict.story, verdict)
        return found

    def told_beside(self, sighting: Sighting, followers: Followers) -> list[int]:
        """The stories of other circles that a guest's report tells by its link or its headline, and
        of which some of these followers may have been told.
        """
        found: dict[int, None] = {}
        others = (
            layer
            for layer in self._having_sign(sighting)
            if layer.followers != followers and not layer.followers.isdisjoint(followers)
        )
        for layer in islice(others, _MOST_HAVING):
            verdict = judged(self._known(layer), sighting, self.clusterer.terms)
            # One in doubt rings: it would be shown nowhere else.
            sure = verdict.reason in _BY_SIGN and verdict.told is None
            if sure and verdict.story in layer.opened:
                found[verdict.story] = None
        return list(found)

    def take_in(self, stories: Iterable[int], into: int) -> None:
        """Lets a story of the operator's take in those of guests."""
        wanted = set(stories)
        for layer in list(self._layers.values()) if wanted else ():
            for story in [each for each in layer.told if each in wanted]:
                for report in list(layer.told.get(story, ())):
                    self._move(report, into, opened=False)

    def _known(self, layer: Layer) -> Known:
        clusterer = self.clusterer
        return Known(layer, clusterer.threshold, clusterer.window_seconds)

    def _near(self, sighting: Sighting) -> list[Layer]:
        """The circles that may know a report: those that have its link or its headline, and some of
        those that share its rarest words.
        """
        surely = dict.fromkeys(islice(self._having_sign(sighting), _MOST_HAVING))
        counts: Counter[Layer] = Counter()
        terms = self.clusterer.terms(sighting)
        vocabulary = self.clusterer.window.vocabulary
        known = vocabulary.asked((*terms.title, *terms.summary))
        having = [term for term in known if term in vocabulary.guests]
        for term in sorted(having, key=vocabulary.reports_with)[:_ASKED_TERMS]:
            for layer in islice(vocabulary.guests[term], _MOST_HAVING):
                counts[layer] += layer not in surely
        likely = (layer for layer, _ in counts.most_common(_CIRCLES_LOOKED_AT))
        return [layer for layer in dict.fromkeys((*surely, *likely)) if layer.opened]

    def _having_sign(self, sighting: Sighting) -> Iterator[Layer]:
        """The circles that have a report's link or its headline, each once."""
        link, title = (
            self._having.get(key, Counter()) for key in (link_key(sighting), title_key(sighting))
        )
        yield from link
        yield from (layer for layer in title if layer not in link)

    def _put(self, report: Filed, story: int, *, opened: bool) -> None:
        followers = self._followers[report.feed]
        layer = self._layers.get(followers)
        if layer is None:
            layer = self._layers[followers] = Layer(self.clusterer.window, followers)
        before = layer.bytes
        layer.put(report, story, opened=opened)
        self.bytes += layer.bytes - before
        for key in {report.link, report.title} - {0}:
            self._having.setdefault(key, Counter())[layer] += 1
        self._say_part(layer)

    def _say_part(self, layer: Layer) -> None:
        layer.part = self._part(layer)
        heapq.heappush(self._fullest, (-layer.part, layer.order))
        if len(self._fullest) > 2 * len(self._layers) + _SAID_BEFORE:
            self._fullest = [(-each.part, each.order) for each in self._layers.values()]
            heapq.heapify(self._fullest)

    def _part(self, layer: Layer) -> float:
        """What a circle takes of the room of all."""
        return max(len(layer.live) / self.most, layer.bytes / self.most_bytes)

    def _fullest_circle(self) -> Layer:
        """The circle that takes the largest part. What was said of one is more than it takes, or
        as much: whenever it takes more, that is said.
        """
        while True:
            part, order = self._fullest[0]
            layer = self._layers.get(frozenset(order))
            if layer is not None and layer.part == -part == self._part(layer):
                return layer
            heapq.heappop(self._fullest)
            if layer is not None and layer.part == -part:
                self._say_part(layer)

    def _drop(self, report: Filed) -> None:
        layer = report.layer
        assert layer is not None
        before = layer.bytes
        layer.drop(report)
        self.bytes += layer.bytes - before
        for key in {report.link, report.title} - {0}:
            having = self._having[key]
            having[layer] -= 1
            if not having[layer]:
                del having[layer]
            if not having:
                del self._having[key]
        if not layer.live:
            del self._layers[layer.followers]

    def _move(self, report: Filed, story: int, *, opened: bool) -> None:
        self._drop(report)
        self._put(report, story, opened=opened)

    def _is_opened(self, report: Filed) -> bool:
        return report.layer is not None and report.story in report.layer.opened

    def forget(self, now: float) -> None:
        """Lets go of what is older than the window at that time, or too much of guests."""
        self.newest = max(self.newest, now)
        since = self.newest - self.clusterer.window_seconds
        while (oldest := self._ages.oldest()) and oldest.at < since:
            self._let_go(oldest)
        while len(self._live) > self.most or self.bytes > self.most_bytes:
            fullest = self._fullest_circle()
            self._crowd_out(fullest, len(fullest.live) - 1)
        self.clusterer.window.vocabulary.clean()

    def _crowd_out(self, layer: Layer, most: int) -> None:
        """Lets the oldest of a circle go that are more than so many."""
        while len(layer.live) > most and (oldest := layer.ages.oldest()):
            self._let_go(oldest)
            self._crowded_out.append(oldest.number)

    def _let_go(self, report: Filed) -> None:
        self._drop(report)
        del self._live[report.number]
        of_feed = self._of_feed[report.feed]
        del of_feed[report.number]
        if not of_feed:
            del self._of_feed[report.feed]
            del self._followers[report.feed]
