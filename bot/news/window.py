"""What the last three days told: the reports of the window by term, and what each story says.

Holds only what can be rebuilt by adding the same reports in the same order, and counts in whole
numbers, so that forgetting a report leaves exactly what would be there had it never been added.
"""

import heapq
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from math import log

from bot.news.background import common_terms
from bot.news.terms import Terms

_PRIOR_REPORTS = 2000
"""Reports that we pretend to have seen before the first, so that idf means something on day one."""
_PRIOR_COMMON = 30
"""How many of them contain a common word."""
_LATELY = 12
"""Of the last so many reports of a source,"""
_BOILERPLATE = 8
"""if so many that tell different stories share a term, it is boilerplate there."""
_LARGE = 12
"""From so many reports on a story keeps the counts of its terms; before, it counts them anew."""


class Term:
    """A term of the window: the numbers of the live reports that have it, in the order in which
    they were filed, and how many stories tell of it. The higher its `spread`, the less it tells.
    """

    __slots__ = ("posts", "prior", "spread", "stories", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.prior = _PRIOR_COMMON if text in common_terms() else 0.5
        self.stories = 0
        self.spread = log(self.prior)
        self.posts: array[int] = array("I")

    @property
    def is_common(self) -> bool:
        """Whether it says little by itself, as `bot.news.background` lists."""
        return self.prior == _PRIOR_COMMON

    def told_by(self, stories: int) -> None:
        """Notes how many stories tell of it, a logarithm each time that changes."""
        self.stories = stories
        self.spread = log(stories + self.prior)


class Filed:
    """A report of the window; the first `heads` of its terms are in the title."""

    __slots__ = (
        "at", "feed", "headline", "heads", "link", "names", "number", "numbers", "source", "stock",
        "story", "terms", "title",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        at: float,
        story: "Told",
        terms: tuple[Term, ...],
        heads: int,
        numbers: frozenset[str],
        source: str,
    ) -> None:
        self.number = number
        self.at = at
        self.story = story
        self.terms = terms
        self.heads = heads
        self.numbers = numbers
        self.source = source
        # What it is found by before its text is asked: hashes of its link and its title, or 0.
        self.link = 0
        self.title = 0
        self.headline = 0  # as the title, of any length
        self.feed = 0
        self.names: tuple[Term, ...] = ()
        self.stock = False


class Told:
    """A story of the window: its live reports in order, and how many of them have each term."""

    __slots__ = ("counts", "id", "last", "reports")

    def __init__(self, story_id: int) -> None:
        self.id = story_id
        self.reports: list[Filed] = []
        self.counts: dict[Term, int] | None = None
        self.last = 0.0

    def tally(self, asked: set[Term]) -> Mapping[Term, int]:
        """How many of its reports have each of the terms asked for; it may tell of others too."""
        if self.counts is not None:
            return self.counts
        return tally(asked, self.reports)


def tally(asked: set[Term], reports: Iterable[Filed]) -> dict[Term, int]:
    """How many reports have each of the terms; those that none has are left out."""
    found: dict[Term, int] = {}
    for report in reports:
        for term in asked.intersection(report.terms):
            found[term] = found.get(term, 0) + 1
    return found


@dataclass
class Window:
    """The live reports. Times may run backwards; age is judged against the newest seen."""

    seconds: float
    newest: float = 0.0
    terms: dict[str, Term] = field(default_factory=dict)
    told: dict[int, Told] = field(default_factory=dict)
    live: dict[int, Filed] = field(default_factory=dict)
    _by_source: dict[str, list[Filed]] = field(default_factory=dict)
    _by_age: list[tuple[float, int]] = field(default_factory=list)
    _next: int = 0

    def telling(self, terms: Terms, source: str) -> tuple[list[Term], int]:
        """The terms as they stand, without the boilerplate of the source, and how many of them
        are of the title. A term never seen is new and stays out of the window.
        """
        titles = [self.terms.get(text) or Term(text) for text in terms.title]
        known = titles + [self.terms.get(text) or Term(text) for text in terms.summary]
        boilerplate = self._boilerplate(set(known), source)
        if not boilerplate:
            return known, len(titles)
        heads = sum(term not in boilerplate for term in titles)
        return [term for term in known if term not in boilerplate], heads

    def idf(self, terms: Iterable[Term]) -> list[float]:
        """How telling terms are: the fewer stories have one, the more. About 0 to 7."""
        top = log(_PRIOR_REPORTS + len(self.told))
        return [top - term.spread for term in terms]

    def add(self, terms: Terms, source: str, at: float, story_id: int) -> Filed | None:
        """Takes in that a report with these terms tells that story; None if it is too old."""
        self.forget(at)
        if at < self.newest - self.seconds:
            return None
        story = self.told.get(story_id)
        if story is None:
            story = self.told[story_id] = Told(story_id)
        kept = tuple(self._kept(text) for text in (*terms.title, *terms.summary))
        number = self._next
        report = Filed(number, at, story, kept, len(terms.title), terms.numbers, source)
        report.stock = terms.stock
        report.names = tuple(self.terms[name] for name in terms.names if name in self.terms)
        self._next += 1
        known = story.tally(set(kept))
        for term in kept:
            term.posts.append(number)
            if term not in known:
                term.told_by(term.stories + 1)
        self._join(story, report)
        self.live[number] = report
        if source:
            self._by_source.setdefault(source, []).append(report)
        heapq.heappush(self._by_age, (at, number))
        return report

    def forget(self, now: float) -> list[Filed]:
        """Lets go of what is older than the window, and says what that was."""
        gone = []
        self.newest = max(self.newest, now)
        oldest = self.newest - self.seconds
        while self._by_age and self._by_age[0][0] < oldest:
            _, number = heapq.heappop(self._by_age)
            report = self.live.pop(number)
            self._drop(report)
            gone.append(report)
        return gone

    def _kept(self, text: str) -> Term:
        term = self.terms.get(text)
        if term is None:
            term = self.terms[text] = Term(text)
        return term

    def _join(self, story: Told, report: Filed) -> None:
        story.reports.append(report)
        story.last = max(story.last, report.at)
        if story.counts is not None:
            for term in report.terms:
                story.counts[term] = story.counts.get(term, 0) + 1
        elif len(story.reports) >= _LARGE:
            story.counts = Counter(chain.from_iterable(known.terms for known in story.reports))

    def _drop(self, report: Filed) -> None:
        story = report.story
        story.reports.remove(report)
        if story.counts is not None:
            for term in report.terms:
                story.counts[term] -= 1
                if not story.counts[term]:
                    del story.counts[term]
        known = story.tally(set(report.terms))
        for term in report.terms:
            # The oldest go first, so that what is sought stands at the front.
            term.posts.remove(report.number)
            if term not in known:
                term.told_by(term.stories - 1)
            if not term.posts:
                del self.terms[term.text]
        if not story.reports:
            del self.told[story.id]
        if report.source:
            of_source = self._by_source[report.source]
            of_source.remove(report)
            if not of_source:
                del self._by_source[report.source]

    def _boilerplate(self, asked: set[Term], source: str) -> set[Term]:
        """Those terms that most of the last reports of a source share though they tell different
        stories.
        """
        lately = self._by_source.get(source, [])[-_LATELY:] if source else []
        if len(lately) < _BOILERPLATE:
            return set()
        return {
            term
            for term, count in tally(asked, lately).items()
            if count >= _BOILERPLATE
            and len({report.story.id for report in lately if term in report.terms}) >= _BOILERPLATE
        }
