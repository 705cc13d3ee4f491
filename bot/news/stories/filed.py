"""Reports as the window files them: under their terms, within the story that they tell."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import log
from operator import attrgetter
from typing import TYPE_CHECKING

from bot.news.stories.cards import Card
from bot.news.stories.stopwords import common_terms
from bot.news.stories.terms import Terms

if TYPE_CHECKING:
    from bot.news.stories.layer import Layer

_PRIOR_COMMON = 30
"""How many of the reports that we pretend to have seen contain a common word."""
_LATELY = 12
"""Of the last so many reports of a source,"""
_BOILERPLATE = 8
"""if so many that tell different stories share a term, it is boilerplate there."""


class WindowTerm:
    """A term of the window: the numbers of the live reports that have it, in the order in which
    they were filed, and how many stories tell of it. The higher its `spread`, the less it tells.

    All that is of the operator's feeds; reports of guests are kept apart, by their layers.
    """

    __slots__ = ("guests", "posts", "prior", "spread", "stories", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.prior = _PRIOR_COMMON if text in common_terms() else 0.5
        self.stories = 0
        self.spread = log(self.prior)
        self.posts: array[int] = array("I")
        self.guests: dict[Layer, array[int]] | None = None

    @property
    def is_common(self) -> bool:
        """Whether it says little by itself, as `bot.news.stories.stopwords` lists."""
        return self.prior == _PRIOR_COMMON


class Filed:
    """A report of the window; the first `heads` of its terms are in the title."""

    __slots__ = (
        "again", "at", "feed", "headline", "heads", "layer", "link", "names", "number", "numbers",
        "source", "stock", "story", "terms", "title",
    )  # fmt: skip

    def __init__(
        self,
        card: Card,
        terms: tuple[WindowTerm, ...],
        source: str,
        at: float,
        story: "WindowStory",
        number: int,
        feed: int,
    ) -> None:
        self.number = number
        self.at = at
        self.story = story
        self.terms = terms
        self.heads = card.heads
        self.numbers = card.numbers
        self.source = source
        self.feed = feed
        # What it is found by before its text is asked.
        self.link = card.link
        self.headline = card.headline
        self.title = card.headline if card.long else 0
        self.names = tuple([terms[place] for place in card.names]) if card.names else ()
        self.stock = card.stock
        self.layer: Layer | None = None
        self.again: tuple[WindowTerm, ...] | None = None
        """What it shares with the report of its source before it, once that was asked."""


class WindowStory:
    """A story of the window: its live reports in order, and how many of them have each term."""

    __slots__ = ("counts", "id", "last", "reports")

    def __init__(self, story_id: int) -> None:
        self.id = story_id
        self.reports: list[Filed] = []
        self.counts: dict[WindowTerm, int] | None = None
        self.last = 0.0

    def tally(self, asked: frozenset[WindowTerm]) -> Mapping[WindowTerm, int]:
        """How many of its reports have each of the terms asked for; it may tell of others too."""
        if self.counts is not None:
            return self.counts
        return tally(asked, self.reports)


def tally(asked: frozenset[WindowTerm], reports: Iterable[Filed]) -> dict[WindowTerm, int]:
    """How many reports have each of the terms; those that none has are left out."""
    found: dict[WindowTerm, int] = {}
    for report in reports:
        for term in asked.intersection(report.terms):
            found[term] = found.get(term, 0) + 1
    return found


def telling(
    known: Mapping[str, WindowTerm], terms: Terms, of_source: Sequence[Filed]
) -> tuple[list[WindowTerm], int]:
    """The terms of a report without the boilerplate of its source, whose reports are given, and how
    many of them are of the title. A term never seen is new and stays out of the window.
    """
    titles = [known.get(text) or WindowTerm(text) for text in terms.title]
    found = titles + [known.get(text) or WindowTerm(text) for text in terms.summary]
    boilerplate = _boilerplate(frozenset(found), of_source)
    if not boilerplate:
        return found, len(titles)
    heads = sum(term not in boilerplate for term in titles)
    return [term for term in found if term not in boilerplate], heads


def _shared(before: Filed, report: Filed) -> tuple[WindowTerm, ...]:
    """The terms that a report has in common with the one of its source before it."""
    if report.again is None:
        report.again = tuple(frozenset(report.terms).intersection(before.terms))
    return report.again


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


def _boilerplate(asked: frozenset[WindowTerm], of_source: Sequence[Filed]) -> set[WindowTerm]:
    """Those terms that most of the last reports of a source share though they tell different
    stories.
    """
    lately = of_source[-_LATELY:]
    if len(lately) < _BOILERPLATE:
        return set()
    # What two of three have, two neighbours have: nothing else is counted.
    pairs = zip(lately[::2], lately[1::2], strict=False)
    among = asked.intersection(chain.from_iterable(_shared(*pair) for pair in pairs))
    if not among:
        return set()
    return {
        term
        for term, count in tally(among, lately).items()
        if count >= _BOILERPLATE
        and len({report.story.id for report in lately if term in report.terms}) >= _BOILERPLATE
    }
