"""What the last three days told: the reports of the window by term, and what each story says.

Holds only what can be rebuilt by adding the same reports in the same order, and counts in whole
numbers, so that forgetting a report leaves exactly what would be there had it never been added.
"""

import heapq
from array import array
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import log
from operator import attrgetter
from typing import Protocol

from bot.news.stories.cards import Card
from bot.news.stories.filed import Filed, WindowStory, WindowTerm, take_out, telling
from bot.news.stories.terms import Terms

PRIOR_REPORTS = 2000
"""Reports that we pretend to have seen before the first, so that idf means something on day one."""
_LARGE = 12
"""From so many reports on a story keeps the counts of its terms; before, it counts them anew."""
MOST_REPORTS = 60_000
"""So many reports a window holds,"""
MOST_BYTES = 96 * 1024 * 1024
"""and about so many bytes of them; then the oldest leave."""
_BYTES_A_REPORT = 700
_BYTES_A_TERM = 45
_BYTES_A_WORD = 270
_SETTLED_AT_ONCE = 5_000

_placed = attrgetter("number")


class View(Protocol):
    """What is asked of reports when another is compared with them."""

    def telling(self, terms: Terms, source: str) -> tuple[list[WindowTerm], int]:
        """The terms as they stand, without the boilerplate of the source, and how many of them
        are of the title.
        """

    def idf(self, terms: Iterable[WindowTerm]) -> list[float]:
        """How telling terms are."""

    def counts(self, terms: Sequence[WindowTerm]) -> tuple[list[int], list[int]]:
        """How many live reports have each term, and how many stories tell of it."""

    def newest_with(self, term: WindowTerm, most: int) -> Iterable[int]:
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


class _Terms(dict[str, WindowTerm]):
    """Terms by their text; one that is asked for by `[]` and not known is a new one."""

    def __missing__(self, text: str) -> WindowTerm:
        term = self[text] = WindowTerm(text)
        return term


@dataclass
class Window:
    """The live reports. Times may run backwards; age is judged against the newest seen."""

    seconds: float
    most_reports: int = MOST_REPORTS
    most_bytes: int = MOST_BYTES
    newest: float = 0.0
    terms: dict[str, WindowTerm] = field(default_factory=_Terms)
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

    def telling(self, terms: Terms, source: str) -> tuple[list[WindowTerm], int]:
        """The terms as they stand, without the boilerplate of the source, and how many of them
        are of the title. A term never seen is new and stays out of the window.
        """
        return telling(self.terms, terms, self._by_source.get(source, ()))

    def idf(self, terms: Iterable[WindowTerm]) -> list[float]:
        """How telling terms are: the fewer stories have one, the more. About 0 to 7."""
        top = log(PRIOR_REPORTS + len(self.told))
        return [top - term.spread for term in terms]

    def counts(self, terms: Sequence[WindowTerm]) -> tuple[list[int], list[int]]:
        """How many live reports have each term, and how many stories tell of it."""
        return [len(term.posts) for term in terms], [term.stories for term in terms]

    def newest_with(self, term: WindowTerm, most: int) -> Iterable[int]:
        """The numbers of the newest reports with a term, those first."""
        return reversed(term.posts[-most:])

    def report(self, number: int) -> Filed:
        """A live report by its number."""
        return self.live[number]

    def story(self, report: Filed) -> WindowStory:
        """The story of a report."""
        return report.story

    def add(
        self,
        card: Card,
        source: str,
        at: float,
        story_id: int,
        number: int | None = None,
        feed: int = 0,
    ) -> Filed | None:
        """Takes in that a report with this card tells that story; None if it is too old.

        `number` is its place in the order of placing, above those before it; else the next one.
        """
        self.forget(at)
        if at < self.newest - self.seconds:
            return None
        number = self._next if number is None else number
        self._next = number + 1
        story = self._story(story_id)
        report = Filed(card, self.kept(card.terms), source, at, story, number, feed)
        self._file(report)
        self._join(story, report)
        self.live[number] = report
        if source:
            self._by_source.setdefault(source, []).append(report)
        heapq.heappush(self._by_age, (at, number))
        return report

    def _story(self, story_id: int) -> WindowStory:
        story = self.told.get(story_id)
        if story is None:
            story = self.told[story_id] = WindowStory(story_id)
        return story

    def put_back(
        self, card: Card, source: str, at: float, story_id: int, number: int, feed: int
    ) -> Filed:
        """As `add`, for what was added before a restart: in any order, and nobody may ask or forget
        anything before `settling` has ended.
        """
        story, terms = self._story(story_id), self.kept(card.terms)
        report = Filed(card, terms, source, at, story, number, feed)
        for term in terms:
            term.posts.append(number)
        self._filed += len(terms)
        self._words = len(self.terms)
        story.reports.append(report)
        self.live[number] = report
        if source:
            self._by_source.setdefault(source, []).append(report)
        self._by_age.append((at, number))
        return report

    def settling(self) -> Iterator[None]:
        """Puts what was put back in order and counts it, a few milliseconds at a time."""
        heapq.heapify(self._by_age)
        self.newest = max(self.newest, max(self._by_age, default=(0.0, 0))[0])
        self._next = max(self.live, default=-1) + 1
        for reports in self._by_source.values():
            reports.sort(key=_placed)
        yield
        again = yield from self._settling_stories()
        for number, term in enumerate(self.terms.values(), 1):
            if len(term.posts) > 1:
                term.posts = array("I", sorted(term.posts))
            term.stories = len(term.posts) - again[term]
            term.spread = log(term.stories + term.prior)
            if number % _SETTLED_AT_ONCE == 0:
                yield

    def _settling_stories(self) -> Generator[None, None, Counter[WindowTerm]]:
        """Returns how many of the reports that have a term are not the first of their story."""
        again: Counter[WindowTerm] = Counter()
        for number, story in enumerate(self.told.values(), 1):
            reports = story.reports
            story.last = max(story.last, *[report.at for report in reports])
            if len(reports) > 1:
                reports.sort(key=_placed)
                counts = Counter(chain.from_iterable(report.terms for report in reports))
                again.update({term: count - 1 for term, count in counts.items() if count > 1})
                self.largest = max(self.largest, len(reports))
                if len(reports) >= _LARGE:
                    story.counts = counts
            if number % _SETTLED_AT_ONCE == 0:
                yield
        return again

    def forget(self, now: float) -> list[Filed]:
        """Lets go of what is older than the window, or too much for it, and says what that was."""
        gone = []
        self.newest = max(self.newest, now)
        oldest = self.newest - self.seconds
        while self._by_age and (self._by_age[0][0] < oldest or self.is_full):
            _, number = heapq.heappop(self._by_age)
            report = self.live.pop(number)
            self._drop(report)
            gone.append(report)
        return gone

    @property
    def is_full(self) -> bool:
        """Whether it has more than it may hold, so that the oldest must leave."""
        return len(self.live) > self.most_reports or self.bytes > self.most_bytes

    def kept(self, texts: Sequence[str]) -> tuple[WindowTerm, ...]:
        """The terms of a report that is to be filed. One that nobody uses is let go by `drop`."""
        return tuple(map(self.terms.__getitem__, texts))

    def let_go(self, term: WindowTerm) -> None:
        """Forgets a term if neither the operator's reports nor those of guests have it."""
        if not term.posts and not term.guests:
            self.terms.pop(term.text, None)

    def _file(self, report: Filed) -> None:
        """Files a report under its terms, before it joins its story."""
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
            take_out(of_source, report)
            if not of_source:
                del self._by_source[report.source]
