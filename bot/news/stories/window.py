"""What the last three days told: the reports of the window by term, and what each story says.

Holds only what can be rebuilt by adding the same reports in the same order, and counts in whole
numbers, so that forgetting a report leaves exactly what would be there had it never been added.
"""

import heapq
from array import array
from collections import Counter
from collections.abc import Container, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import log
from typing import Any, Protocol

from bot.news.stories.cards import Card, PlacedByCard
from bot.news.stories.filed import Filed, StoryInView
from bot.news.stories.report_table import Column, ReportTable
from bot.news.stories.row_index import RowIndex
from bot.news.stories.source_reports import SourceReports
from bot.news.stories.story_table import StoryOfRows, StoryTable
from bot.news.stories.vocabulary import Term, Vocabulary

PRIOR_REPORTS = 2000
"""Reports that we pretend to have seen before the first, so that idf means something on day one."""
MOST_REPORTS = 60_000
"""So many reports a window holds,"""
MOST_BYTES = 96 * 1024 * 1024
"""and about so many bytes of them; then the oldest leave."""
MANY = 3_000
"""To let go of more reports at once takes as long as to make a window anew without them."""
_BYTES_OF_EACH = 270, 9, 330
"""So many bytes a report, one of its terms, and a word take, about."""
_SETTLED_AT_ONCE = 1_000
_SERIAL_BITS = 32
_SERIAL = 2**_SERIAL_BITS - 1


class View(Protocol):
    """What is asked of reports when another is compared with them. A report is named by a number
    of the view's own, as `newest_with` and its kin return it.
    """

    vocabulary: Vocabulary

    def boilerplate(self, asked: frozenset[Term], source: str) -> set[Term]:
        """Those terms that a source has in most of what it says."""

    def idf(self, terms: Iterable[Term]) -> list[float]:
        """How telling terms are."""

    def known_idf(self, terms: Iterable[Term]) -> list[float]:
        """The same for terms of the window's reports."""

    def counts(self, terms: Sequence[Term]) -> tuple[list[int], list[int]]:
        """How many live reports have each term, and how many stories tell of it."""

    def newest_with(self, term: Term, most: int) -> Iterable[int]:
        """The newest reports with a term, those first."""

    def linked(self, link: int) -> Sequence[Filed]:
        """The reports with a link."""

    def titled(self, title: int) -> Sequence[Filed]:
        """The reports with a headline."""

    @property
    def largest(self) -> int:
        """No story has more reports than so many."""

    def report(self, found: int) -> Filed:
        """A live report."""

    def story_of(self, found: int) -> int:
        """The number of the story of a report."""

    def feed_of(self, found: int) -> int:
        """The feed of a report."""

    def size_of(self, found: int) -> int:
        """How many reports that are seen here tell the story of a report."""

    def story(self, found: int) -> StoryInView:
        """The story of a report, with all of it that can be seen here."""


def bytes_of(
    reports: int, terms: int, words: int, of_each: tuple[int, int, int] = _BYTES_OF_EACH
) -> int:
    """About how much memory reports take that have so many terms together, of so many words."""
    a_report, a_term, a_word = of_each
    return reports * a_report + terms * a_term + words * a_word


@dataclass
class Window:
    """The live reports. Times may run backwards; age is judged against the newest seen. Its own
    number for a report is the row of it, as `bot.news.stories.report_table` has it.
    """

    seconds: float
    most_reports: int = MOST_REPORTS
    most_bytes: int = MOST_BYTES
    newest: float = 0.0
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    reports: ReportTable = field(default_factory=ReportTable)
    stories: StoryTable = field(init=False)
    sources: SourceReports = field(init=False)
    _links: RowIndex = field(default_factory=RowIndex)
    _titles: RowIndex = field(default_factory=RowIndex)
    _by_age: list[int] = field(default_factory=list)
    _next: int = 0
    _words: int = 0
    _grown: bool = True
    """Whether a report came since it was seen what must go."""
    _left_for_room: float = float("-inf")
    """When the newest report came that left for want of room."""

    def __post_init__(self) -> None:
        self.stories = StoryTable(self.reports)
        self.sources = SourceReports(self.reports)

    @property
    def bytes(self) -> int:
        """About how much memory its reports take."""
        return bytes_of(len(self.reports), self.reports.filed, self._words)

    @property
    def largest(self) -> int:
        """No story has more reports than so many, or had."""
        return self.stories.largest

    def boilerplate(self, asked: frozenset[Term], source: str) -> set[Term]:
        """Those terms that a source has in most of what it says."""
        return self.sources.boilerplate(asked, source)

    def idf(self, terms: Iterable[Term]) -> list[float]:
        """How telling terms are: the fewer stories have one, the more. About 0 to 7."""
        top, spread = log(PRIOR_REPORTS + len(self.stories)), self.vocabulary.spread
        new = self.vocabulary.spread_of
        return [top - (spread[term] if term >= 0 else new(term, 0)) for term in terms]

    def known_idf(self, terms: Iterable[Term]) -> list[float]:
        """The same for terms of the window's reports."""
        top, spread = log(PRIOR_REPORTS + len(self.stories)), self.vocabulary.spread
        return [top - spread[term] for term in terms]

    def counts(self, terms: Sequence[Term]) -> tuple[list[int], list[int]]:
        """How many live reports have each term, and how many stories tell of it."""
        reports, stories = self.vocabulary.reports, self.vocabulary.stories
        if min(terms, default=0) >= 0:
            return list(map(reports.__getitem__, terms)), list(map(stories.__getitem__, terms))
        return (
            [reports[term] if term >= 0 else 0 for term in terms],
            [stories[term] if term >= 0 else 0 for term in terms],
        )

    def newest_with(self, term: Term, most: int) -> Iterable[int]:
        """The newest reports with a term that is known, those first."""
        return reversed(self.vocabulary.posts[term][-most:])

    def linked(self, link: int) -> Sequence[Filed]:
        """The reports with a link."""
        reports = self.reports
        found = self._links.may_have(link) if link else ()
        return [reports.report(row) for row in found if reports.is_linked(row, link)]

    def titled(self, title: int) -> Sequence[Filed]:
        """The reports with a headline."""
        reports = self.reports
        found = self._titles.may_have(title) if title else ()
        return [reports.report(row) for row in found if reports.is_titled(row, title)]

    def report(self, found: int) -> Filed:
        """A live report by its row."""
        return self.reports.report(found)

    def story_of(self, found: int) -> int:
        """The number of the story of a report."""
        return self.reports.story(found)

    def feed_of(self, found: int) -> int:
        """The feed of a report."""
        return self.reports.feed(found)

    def size_of(self, found: int) -> int:
        """How many live reports tell the story of a report."""
        return self.stories.size(self.reports.story(found))

    def story(self, found: int) -> StoryOfRows:
        """The story of a report."""
        return self.stories.of_row(found)

    def add(
        self,
        card: Card,
        source: str,
        at: float,
        story_id: int,
        number: int | None = None,
        feed: int = 0,
    ) -> bool:
        """Takes in that a report with this card tells that story, unless it is too old, also
        beside one that left for want of room.

        `number` is its place in the order of placing, above those before it; else the next one.
        """
        self.forget(at)
        if at < max(self.newest - self.seconds, self._left_for_room):
            return False
        number = self._next if number is None else number
        self._next = number + 1
        terms = self.vocabulary.filed(card.terms)
        held = PlacedByCard(number, at, story_id, feed, source, guest=0, packed=None)
        serial = self.reports.add(held, card, source, terms)
        before = self.stories.story(story_id)
        told: Container[Term] = before.tally(frozenset(terms)) if before else ()
        self._words += self.vocabulary.file(terms, serial, told)
        self.stories.join(story_id, serial, before)
        self.sources.add(source, serial)
        if card.link:
            self._links.add(card.link, serial, self.reports.first)
        if title := card.headline if card.long else 0:
            self._titles.add(title, serial, self.reports.first)
        heapq.heappush(self._by_age, _age_of(at, serial))
        self._grown = True
        return True

    def put_back(
        self, held: Sequence[PlacedByCard], cards: Sequence[Card], sources: Sequence[str]
    ) -> None:
        """As `add`, for what was added before a restart: in any order, into a window that has only
        such reports. Nobody may ask or forget anything before `settling` has ended.
        """
        terms = [self.vocabulary.filed(card.terms) for card in cards]
        self.reports.extend(held, cards, sources, terms)
        self._words, self._grown = len(self.vocabulary.terms), True

    def settling(self) -> Iterator[None]:
        """Puts what was put back in order and counts it, a few milliseconds at a time."""
        reports, vocabulary = self.reports, self.vocabulary
        yield from reports.sorting()
        for serial in range(len(reports)):
            for posts in map(vocabulary.posts.__getitem__, reports.terms(serial)):
                posts.append(serial)
            self.sources.add(reports.source(serial), serial)
            self._by_age.append(_age_of(reports.came(serial), serial))
            if serial % _SETTLED_AT_ONCE == 0:
                yield
        vocabulary.posted()
        self.stories.fill()
        yield
        self._links.fill(reports.links())
        self._titles.fill(reports.titles())
        self._by_age.sort()
        yield
        if self._by_age:
            self.newest = max(self.newest, reports.came(self._by_age[-1] & _SERIAL))
            self._next = reports.number(len(reports) - 1) + 1
        again = yield from self._again()
        for count, term in enumerate(vocabulary.terms.values()):
            vocabulary.tell((term,), vocabulary.reports_with(term) - again[term])
            if count % _SETTLED_AT_ONCE == 0:
                yield

    def _again(self) -> Generator[None, None, Counter[Term]]:
        """Returns how many of the reports that have a term are not the first of their story."""
        again: Counter[Term] = Counter()
        for number, serials in enumerate(self.stories.of_several()):
            counts = Counter(chain.from_iterable(map(self.reports.terms, serials)))
            again.update({term: count - 1 for term, count in counts.items() if count > 1})
            if number % _SETTLED_AT_ONCE == 0:
                yield
        return again

    def columns(self) -> dict[str, Column]:
        """What it consists of, by names; the rest is in `rest`."""
        reports, vocabulary = self.reports.columns(), self.vocabulary.columns()
        first = self.reports.first
        return {
            **{f"reports.{name}": column for name, column in reports.items()},
            **{f"terms.{name}": column for name, column in vocabulary.items()},
            "stories": self.stories.column(),
            "links": self._links.column(first),
            "titles": self._titles.column(first),
        }

    def rest(self) -> dict[str, Any]:
        """What columns do not say, for JSON."""
        return {
            "reports": self.reports.rest(),
            "stories": self.stories.rest(),
            "newest": self.newest,
            "next": self._next,
            "words": self._words,
        }

    def filling(
        self, rest: Mapping[str, Any], texts: Sequence[str], posts: Iterable["array[int]"]
    ) -> Iterator[None]:
        """Goes on from columns that were filled in, a few milliseconds at a time; before, it had
        nothing.
        """
        self.vocabulary.filled(texts, posts)
        yield
        self.reports.filled(rest["reports"])
        yield
        self.stories.filled(rest["stories"])
        for serial in self.reports:
            self.sources.add(self.reports.source(serial), serial)
            self._by_age.append(_age_of(self.reports.came(serial), serial))
            if serial % _SETTLED_AT_ONCE == 0:
                yield
        self._by_age.sort()
        self.newest, self._next = rest["newest"], rest["next"]
        self._words = rest["words"]
        # Terms of guests alone: those put back theirs again.
        self.vocabulary.clean()

    def leaves_many(self, time: float, many: int = MANY) -> bool:
        """Whether as many reports came before then."""
        ages, bound = self._by_age, _age_of(time, 0)
        # It is a heap: below one that came later there is none that came before.
        places, count = [0], 0
        while places and count < many:
            place = places.pop()
            if place < len(ages) and ages[place] < bound:
                count += 1
                places += (2 * place + 1, 2 * place + 2)
        return count >= many

    @property
    def first(self) -> tuple[float, int]:
        """When the oldest of its reports came, and its number; zeros where there is none."""
        if not self._by_age:
            return 0.0, 0
        row = self._by_age[0] & _SERIAL
        return self.reports.came(row), self.reports.number(row)

    def leave(self, time: float) -> None:
        """Lets go of what came before then, however new the newest is."""
        self._leave(time)

    def forget(self, now: float) -> None:
        """Lets go of what is older than the window, or too much for it."""
        if now <= self.newest and not self._grown:
            return
        self.newest, self._grown = max(self.newest, now), False
        self._leave(self.newest - self.seconds)

    def _leave(self, oldest: float) -> None:
        while self._by_age:
            came = self.reports.came(self._by_age[0] & _SERIAL)
            if came >= oldest:
                if not self.is_full:
                    break
                # A small one that is older must not stay where a large one had to leave.
                self._left_for_room = max(self._left_for_room, came)
            self._drop(heapq.heappop(self._by_age) & _SERIAL)
        self.vocabulary.clean()

    @property
    def is_full(self) -> bool:
        """Whether it has more than it may hold, so that the oldest must leave."""
        return len(self.reports) > self.most_reports or self.bytes > self.most_bytes

    def _drop(self, serial: int) -> None:
        reports, vocabulary = self.reports, self.vocabulary
        story_id, terms = reports.story(serial), reports.terms(serial)
        self.sources.drop(reports.source(serial), serial)
        self.stories.leave(story_id, serial, terms)
        reports.drop(serial)
        story = self.stories.story(story_id)
        known: Container[Term] = story.tally(frozenset(terms)) if story else ()
        self._words -= vocabulary.unfile(terms, serial)
        vocabulary.tell([term for term in terms if term not in known], -1)


def _age_of(at: float, serial: int) -> int:
    """Sorts reports by when they came, to the microsecond; a pair would take twice the memory."""
    return int(at * 1e6) << _SERIAL_BITS | serial
