"""Reports as they are compared, and the stories that they tell."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol

from bot.news.stories.vocabulary import Term

if TYPE_CHECKING:
    from bot.news.stories.layer import Layer

LATELY = 12
"""Of the last so many reports of a source,"""
BOILERPLATE = 8
"""if so many that tell different stories share a term, it is boilerplate there."""


class Filed:
    """A report of the window, with the number of its `story`; the first `heads` of its terms are in
    the title. What it is found by before its text is asked are hashes: its `link`, its `headline`,
    and that again as `title` where it is `long`.
    """

    __slots__ = (
        "_names", "again", "at", "feed", "headline", "heads", "layer", "link", "number", "numbers",
        "source", "story", "terms", "title", "wording",
    )  # fmt: skip

    def __init__(
        self, number: int, at: float, story: int, source: str, feed: int,
        terms: Sequence[Term], heads: int, names: Sequence[int], numbers: frozenset[str],
        wording: int, link: int, headline: int, long: bool,
    ) -> None:  # fmt: skip
        self.number = number
        self.at = at
        self.story = story
        self.source = source
        self.feed = feed
        self.terms = terms
        self.heads = heads
        self._names = names
        self.numbers = numbers
        self.wording = wording
        self.link = link
        self.headline = headline
        self.title = headline if long else 0
        self.layer: Layer | None = None
        self.again: tuple[Term, ...] | None = None
        """What it shares with the report of its source before it, once that was asked."""

    @property
    def names(self) -> tuple[Term, ...]:
        """Those of its terms that are names."""
        return tuple([self.terms[place] for place in self._names])


class StoryInView(Protocol):
    """A story with all of it that can be seen."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def size(self) -> int:
        """How many live reports tell it."""

    @property
    def first(self) -> Filed:
        """The report that was placed first."""

    @property
    def last(self) -> float:
        """When the newest came."""

    def has_feed(self, feed: int) -> bool:
        """Whether a report of this feed tells it."""

    def tally(self, asked: frozenset[Term]) -> Mapping[Term, int]:
        """How many of its reports have each of the terms asked for; it may tell of others too."""


class StoryOfReports:
    """A story by its reports, in the order of placing."""

    def __init__(self, story_id: int, reports: Sequence[Filed]) -> None:
        self.id = story_id
        self.reports = reports

    @property
    def size(self) -> int:
        """How many reports tell it."""
        return len(self.reports)

    @property
    def first(self) -> Filed:
        """The report that was placed first."""
        return self.reports[0]

    @property
    def last(self) -> float:
        """When the newest came."""
        return max([report.at for report in self.reports])

    def has_feed(self, feed: int) -> bool:
        """Whether a report of this feed tells it."""
        return any(report.feed == feed for report in self.reports)

    def tally(self, asked: frozenset[Term]) -> Mapping[Term, int]:
        """How many of its reports have each of the terms asked for."""
        return tally(asked, [report.terms for report in self.reports])


def tally(asked: frozenset[Term], reports: Iterable[Iterable[Term]]) -> dict[Term, int]:
    """How many reports, by their terms, have each of some; those that none has are left out."""
    found: dict[Term, int] = {}
    for terms in reports:
        for term in asked.intersection(terms):
            found[term] = found.get(term, 0) + 1
    return found


def put_in(of_source: list[Filed], report: Filed) -> None:
    """Puts a report among those of its source, in the order of placing."""
    place = bisect_left(of_source, report.number, key=attrgetter("number"))
    of_source.insert(place, report)
    for changed in of_source[place : place + 2]:
        changed.again = None


def take_out(of_source: list[Filed], report: Filed) -> None:
    """Takes a report from those of its source."""
    place = of_source.index(report)
    del of_source[place]
    if place < len(of_source):
        of_source[place].again = None


def boilerplate_of_reports(asked: frozenset[Term], of_source: Sequence[Filed]) -> set[Term]:
    """Those terms that most of the last reports of a source share, by those reports."""
    lately = of_source[-LATELY:]
    again = [_again(*pair) for pair in zip(lately[::2], lately[1::2], strict=False)]
    return boilerplate(asked, again, lambda: [(r.story, r.terms) for r in lately])


def _again(before: Filed, report: Filed) -> tuple[Term, ...]:
    if report.again is None:
        report.again = tuple(frozenset(report.terms).intersection(before.terms))
    return report.again


def boilerplate(
    asked: frozenset[Term],
    again: Iterable[Iterable[Term]],
    lately: Callable[[], Sequence[tuple[int, Sequence[Term]]]],
) -> set[Term]:
    """Those terms that most of the last reports of a source share though they tell different
    stories. `again` is what each second one of them shares with the one before; they themselves,
    `lately`, with the story and the terms of each, are asked for where that says too little.
    """
    # What eight of twelve have, two pairs of neighbours have: nothing else is counted.
    shared = list(chain.from_iterable(again))
    if len(set(shared)) == len(shared):
        return set()
    among = asked.intersection([term for term, pairs in Counter(shared).items() if pairs > 1])
    if not among:
        return set()
    reports = lately()
    return {
        term
        for term, count in tally(among, [terms for _, terms in reports]).items()
        if count >= BOILERPLATE
        and len({story for story, terms in reports if term in terms}) >= BOILERPLATE
    }
