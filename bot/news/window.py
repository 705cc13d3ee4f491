"""What the last three days told: the reports of the window by term, and what each story says.

Holds only what can be rebuilt by adding the same reports in the same order, and counts in whole
numbers, so that forgetting a report leaves exactly what would be there had it never been added.
"""

import heapq
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
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
_LARGE = 4
"""From so many reports on a story counts its terms in a dictionary; before, it asks its reports."""


class Term:
    """A term of the window: how many live reports and stories have it, and which, oldest first."""

    __slots__ = ("common", "posts", "reports", "stories", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.common = text in common_terms()
        self.reports = 0
        self.stories = 0
        self.posts: array[int] = array("I")


class Filed:
    """A report of the window; the first `heads` of its terms are in the title."""

    __slots__ = ("at", "feed", "heads", "link", "numbers", "source", "story", "terms", "title")

    def __init__(
        self,
        at: float,
        story: "Told",
        terms: tuple[Term, ...],
        heads: int,
        numbers: frozenset[str],
        source: str,
    ) -> None:
        self.at = at
        self.story = story
        self.terms = terms
        self.heads = heads
        self.numbers = numbers
        self.source = source
        # What it is found by before its text is asked: hashes of its link and its title, or 0.
        self.link = 0
        self.title = 0
        self.feed = 0


class Told:
    """A story of the window: its live reports in order, and how many of them have each term."""

    __slots__ = ("counts", "id", "last", "reports")

    def __init__(self, story_id: int) -> None:
        self.id = story_id
        self.reports: list[Filed] = []
        self.counts: dict[Term, int] | None = None
        self.last = 0.0

    def count(self, term: Term) -> int:
        """How many of its reports have the term."""
        if self.counts is not None:
            return self.counts.get(term, 0)
        return sum(term in report.terms for report in self.reports)


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

    def telling(self, texts: Iterable[str], source: str) -> list[Term]:
        """The terms as they stand, without the boilerplate of the source. A term never seen is
        new and stays out of the window.
        """
        found = [self.terms.get(text) or Term(text) for text in texts]
        lately = self._by_source.get(source, [])[-_LATELY:] if source else []
        if len(lately) < _BOILERPLATE:
            return found
        return [term for term in found if not _is_boilerplate(term, lately)]

    def idf(self, term: Term) -> float:
        """How telling a term is: the fewer stories have it, the more. About 0 to 7."""
        seen = term.stories + (_PRIOR_COMMON if term.common else 0.5)
        return log((_PRIOR_REPORTS + len(self.told)) / seen)

    def add(self, terms: Terms, source: str, at: float, story_id: int) -> Filed | None:
        """Takes in that a report with these terms tells that story; None if it is too old."""
        self.forget(at)
        if at < self.newest - self.seconds:
            return None
        story = self.told.get(story_id)
        if story is None:
            story = self.told[story_id] = Told(story_id)
        kept = tuple(self._kept(text) for text in (*terms.title, *terms.summary))
        report = Filed(at, story, kept, len(terms.title), terms.numbers, source)
        number = self._next
        self._next += 1
        for term in kept:
            term.reports += 1
            term.stories += story.count(term) == 0
            term.posts.append(number)
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

    def newest_with(self, term: Term, limit: int) -> Iterator[Filed]:
        """The live reports that have the term, those filed last first."""
        live = self.live
        for number in reversed(term.posts):
            if report := live.get(number):
                yield report
                limit -= 1
                if not limit:
                    return

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
            story.counts = {}
            for known in story.reports:
                for term in known.terms:
                    story.counts[term] = story.counts.get(term, 0) + 1

    def _drop(self, report: Filed) -> None:
        story = report.story
        story.reports.remove(report)
        if story.counts is not None:
            for term in report.terms:
                story.counts[term] -= 1
                if not story.counts[term]:
                    del story.counts[term]
        for term in report.terms:
            term.reports -= 1
            term.stories -= story.count(term) == 0
            self._tidy(term)
        if not story.reports:
            del self.told[story.id]
        if report.source:
            of_source = self._by_source[report.source]
            of_source.remove(report)
            if not of_source:
                del self._by_source[report.source]

    def _tidy(self, term: Term) -> None:
        if not term.reports:
            self.terms.pop(term.text, None)
        elif len(term.posts) > 2 * term.reports + 8:
            term.posts = array("I", [number for number in term.posts if number in self.live])


def _is_boilerplate(term: Term, lately: list[Filed]) -> bool:
    if term.reports < _BOILERPLATE:
        return False
    return len({r.story.id for r in lately if term in r.terms}) >= _BOILERPLATE
