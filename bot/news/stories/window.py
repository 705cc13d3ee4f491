"""What the last three days told: the reports of the window by term, and what each story says.

Holds only what can be rebuilt by adding the same reports in the same order, and counts in whole
numbers, so that forgetting a report leaves exactly what would be there had it never been added.
"""

import heapq
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import log
from typing import TYPE_CHECKING, Protocol

from bot.news.stories.stopwords import common_terms
from bot.news.stories.terms import Terms

if TYPE_CHECKING:
    from bot.news.stories.layer import Layer

PRIOR_REPORTS = 2000
"""Reports that we pretend to have seen before the first, so that idf means something on day one."""
_PRIOR_COMMON = 30
"""How many of them contain a common word."""
_LATELY = 12
"""Of the last so many reports of a source,"""
_BOILERPLATE = 8
"""if so many that tell different stories share a term, it is boilerplate there."""
_LARGE = 12
"""From so many reports on a story keeps the counts of its terms; before, it counts them anew."""
MOST_REPORTS = 60_000
"""So many reports a window holds,"""
MOST_BYTES = 96 * 1024 * 1024
"""and about so many bytes of them; then the oldest leave."""
_BYTES_A_REPORT = 700
_BYTES_A_TERM = 45
_BYTES_A_WORD = 270


class Term:
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
        "at", "feed", "headline", "heads", "layer", "link", "names", "number", "numbers", "source",
        "stock",
        "story", "terms", "title",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        at: float,
        story: "WindowStory",
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
        self.layer: Layer | None = None


class WindowStory:
    """A story of the window: its live reports in order, and how many of them have each term."""

    __slots__ = ("counts", "id", "last", "reports")

    def __init__(self, story_id: int) -> None:
        self.id = story_id
        self.reports: list[Filed] = []
        self.counts: dict[Term, int] | None = None
        self.last = 0.0

    def tally(self, asked: frozenset[Term]) -> Mapping[Term, int]:
        """How many of its reports have each of the terms asked for; it may tell of others too."""
        if self.counts is not None:
            return self.counts
        return tally(asked, self.reports)


def tally(asked: frozenset[Term], reports: Iterable[Filed]) -> dict[Term, int]:
    """How many reports have each of the terms; those that none has are left out."""
    found: dict[Term, int] = {}
    for report in reports:
        for term in asked.intersection(report.terms):
            found[term] = found.get(term, 0) + 1
    return found


class View(Protocol):
    """What is asked of reports when another is compared with them."""

    def telling(self, terms: Terms, source: str) -> tuple[list[Term], int]:
        """The terms as they stand, without the boilerplate of the source, and how many of them
        are of the title.
        """

    def idf(self, terms: Iterable[Term]) -> list[float]:
        """How telling terms are."""

    def counts(self, terms: Sequence[Term]) -> tuple[list[int], list[int]]:
        """How many live reports have each term, and how many stories tell of it."""

    def newest_with(self, term: Term, most: int) -> Iterable[int]:
        """The numbers of the newest reports with a term, those first."""

    @property
    def largest(self) -> int:
        """No story has more reports than so many."""

    def report(self, number: int) -> "Filed":
        """A live report by its number."""

    def story(self, report: "Filed") -> "WindowStory":
        """The story of a report, with all of it that can be seen here."""


def bytes_of(reports: int, terms: int, words: int, a_word: int = _BYTES_A_WORD) -> int:
    """About how much memory reports take that have so many terms together, of so many words."""
    return reports * _BYTES_A_REPORT + terms * _BYTES_A_TERM + words * a_word


@dataclass
class Window:
    """The live reports. Times may run backwards; age is judged against the newest seen."""

    seconds: float
    most_reports: int = MOST_REPORTS
    most_bytes: int = MOST_BYTES
    newest: float = 0.0
    terms: dict[str, Term] = field(default_factory=dict)
    told: dict[int, WindowStory] = field(default_factory=dict)
    live: dict[int, Filed] = field(default_factory=dict)
    largest: int = 1
    """No story has more reports than so many, or had."""
    _by_source: dict[str, list[Filed]] = field(default_factory=dict)
    _by_age: list[tuple[float, int]] = field(default_factory=list)
    _next: int = 0
    _filed: int = 0
    _words: int = 0

    @property
    def bytes(self) -> int:
        """About how much memory its reports take."""
        return bytes_of(len(self.live), self._filed, self._words)

    def telling(self, terms: Terms, source: str) -> tuple[list[Term], int]:
        """The terms as they stand, without the boilerplate of the source, and how many of them
        are of the title. A term never seen is new and stays out of the window.
        """
        return telling(self.terms, terms, self._by_source.get(source, ()))

    def idf(self, terms: Iterable[Term]) -> list[float]:
        """How telling terms are: the fewer stories have one, the more. About 0 to 7."""
        top = log(PRIOR_REPORTS + len(self.told))
        return [top - term.spread for term in terms]

    def counts(self, terms: Sequence[Term]) -> tuple[list[int], list[int]]:
        """How many live reports have each term, and how many stories tell of it."""
        return [len(term.posts) for term in terms], [term.stories for term in terms]

    def newest_with(self, term: Term, most: int) -> Iterable[int]:
        """The numbers of the newest reports with a term, those first."""
        return reversed(term.posts[-most:])

    def report(self, number: int) -> Filed:
        """A live report by its number."""
        return self.live[number]

    def story(self, report: Filed) -> WindowStory:
        """The story of a report."""
        return report.story

    def add(
        self, terms: Terms, source: str, at: float, story_id: int, number: int | None = None
    ) -> Filed | None:
        """Takes in that a report with these terms tells that story; None if it is too old.

        `number` is its place in the order of placing, above those before it; else the next one.
        """
        self.forget(at)
        if at < self.newest - self.seconds:
            return None
        story = self.told.get(story_id)
        if story is None:
            story = self.told[story_id] = WindowStory(story_id)
        report = filed(
            self.kept(terms), terms, source, at, self._next if number is None else number, story
        )
        self._next = report.number + 1
        self._file(report)
        self._join(story, report)
        self.live[report.number] = report
        if source:
            self._by_source.setdefault(source, []).append(report)
        heapq.heappush(self._by_age, (at, report.number))
        return report

    def forget(self, now: float) -> list[Filed]:
        """Lets go of what is older than the window, or too much for it, and says what that was."""
        gone = []
        self.newest = max(self.newest, now)
        oldest = self.newest - self.seconds
        while self._by_age and (self._by_age[0][0] < oldest or self._is_full()):
            _, number = heapq.heappop(self._by_age)
            report = self.live.pop(number)
            self._drop(report)
            gone.append(report)
        return gone

    def _is_full(self) -> bool:
        return len(self.live) > self.most_reports or self.bytes > self.most_bytes

    def kept(self, terms: Terms) -> tuple[Term, ...]:
        """The terms of a report that is to be filed. One that nobody uses is let go by `drop`."""
        known = self.terms.get
        return tuple([known(text) or self._new(text) for text in terms.title + terms.summary])

    def let_go(self, term: Term) -> None:
        """Forgets a term if neither the operator's reports nor those of guests have it."""
        if not term.posts and not term.guests:
            self.terms.pop(term.text, None)

    def _new(self, text: str) -> Term:
        term = self.terms[text] = Term(text)
        return term

    def _file(self, report: Filed) -> None:
        """Files a report under its terms, before it joins its story. A start does this for every
        report of the window, and every term of it.
        """
        number, words = report.number, 0
        for term in report.terms:
            posts = term.posts
            if not posts:
                words += 1
            posts.append(number)
        self._filed += len(report.terms)
        self._words += words
        news = report.terms
        if report.story.reports:
            known = report.story.tally(frozenset(report.terms))
            news = tuple([term for term in report.terms if term not in known])
        for term in news:
            term.stories += 1
            term.spread = log(term.stories + term.prior)

    def _join(self, story: WindowStory, report: Filed) -> None:
        story.reports.append(report)
        self.largest = max(self.largest, len(story.reports))
        story.last = max(story.last, report.at)
        if story.counts is not None:
            for term in report.terms:
                story.counts[term] = story.counts.get(term, 0) + 1
        elif len(story.reports) >= _LARGE:
            story.counts = Counter(chain.from_iterable(known.terms for known in story.reports))

    def _drop(self, report: Filed) -> None:
        story = report.story
        self._filed -= len(report.terms)
        story.reports.remove(report)
        if story.counts is not None:
            for term in report.terms:
                story.counts[term] -= 1
                if not story.counts[term]:
                    del story.counts[term]
        known = story.tally(frozenset(report.terms))
        for term in report.terms:
            # The oldest go first, so that what is sought stands at the front.
            term.posts.remove(report.number)
            if term not in known:
                term.stories -= 1
                term.spread = log(term.stories + term.prior)
            self._words -= not term.posts
            self.let_go(term)
        if not story.reports:
            del self.told[story.id]
        if report.source:
            of_source = self._by_source[report.source]
            of_source.remove(report)
            if not of_source:
                del self._by_source[report.source]


def filed(
    kept: tuple[Term, ...], terms: Terms, source: str, at: float, number: int, story: WindowStory
) -> Filed:
    """A report as it is filed under its terms."""
    report = Filed(number, at, story, kept, len(terms.title), terms.numbers, source)
    report.stock = terms.stock
    if terms.names:
        report.names = tuple([term for term in kept if term.text in terms.names])
    return report


def telling(
    known: Mapping[str, Term], terms: Terms, of_source: Sequence[Filed]
) -> tuple[list[Term], int]:
    """The terms of a report without the boilerplate of its source, whose reports are given, and how
    many of them are of the title. A term never seen is new and stays out of the window.
    """
    titles = [known.get(text) or Term(text) for text in terms.title]
    found = titles + [known.get(text) or Term(text) for text in terms.summary]
    boilerplate = _boilerplate(frozenset(found), of_source)
    if not boilerplate:
        return found, len(titles)
    heads = sum(term not in boilerplate for term in titles)
    return [term for term in found if term not in boilerplate], heads


def _boilerplate(asked: frozenset[Term], of_source: Sequence[Filed]) -> set[Term]:
    """Those terms that most of the last reports of a source share though they tell different
    stories.
    """
    lately = of_source[-_LATELY:]
    if len(lately) < _BOILERPLATE:
        return set()
    return {
        term
        for term, count in tally(asked, lately).items()
        if count >= _BOILERPLATE
        and len({report.story.id for report in lately if term in report.terms}) >= _BOILERPLATE
    }
