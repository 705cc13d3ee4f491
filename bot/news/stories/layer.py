"""What guests with the same followers told, seen upon the operator's window.

A layer counts for itself and changes nothing beneath it: whatever strangers publish, the window
judges the operator's reports by its own. It holds nothing but what follows from the set of its
reports, in whatever order they came: so a report can be moved from one layer to another, or to
another story, and a replay comes to the same.
"""

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from math import log
from operator import attrgetter

from bot.news.stories.ages import Ages
from bot.news.stories.filed import (
    Filed,
    StoryInView,
    StoryOfReports,
    boilerplate_of_reports,
    put_in,
    take_out,
)
from bot.news.stories.signs import Signs
from bot.news.stories.vocabulary import Term
from bot.news.stories.window import PRIOR_REPORTS, Window, bytes_of

_BYTES_OF_EACH = 700, 45, 560
_NONE: "array[int]" = array("I")
_placed = attrgetter("number")


class Layer:
    """Reports of guests upon a window, all of which the same `followers` have. `opened` are the
    stories that guests opened: how telling a word is follows from the operator's stories and these.
    `part` is what it took of the room of all guests when that was last said.
    """

    def __init__(self, beneath: Window, followers: frozenset[int] = frozenset()) -> None:
        self.beneath = beneath
        self.followers = followers
        self.order = tuple(sorted(followers))
        self.part = 0.0
        self.live: dict[int, Filed] = {}
        self.ages = Ages(self.live)
        self.told: dict[int, list[Filed]] = {}
        self.opened: dict[int, int] = {}
        self.signs = Signs()
        self.vocabulary = beneath.vocabulary
        self._filed = self._words = 0
        self._by_source: dict[str, list[Filed]] = {}

    @property
    def bytes(self) -> int:
        """About how much memory its reports take."""
        return bytes_of(len(self.live), self._filed, self._words, _BYTES_OF_EACH)

    def boilerplate(self, asked: frozenset[Term], source: str) -> set[Term]:
        """Those terms that a source has in most of what it says among guests."""
        return boilerplate_of_reports(asked, self._by_source.get(source, ()))

    def idf(self, terms: Iterable[Term]) -> list[float]:
        """How telling terms are: the fewer stories have one, the more."""
        top = log(PRIOR_REPORTS + len(self.beneath.stories) + len(self.opened))
        return [top - self.vocabulary.spread_of(term, self._stories(term)) for term in terms]

    def known_idf(self, terms: Iterable[Term]) -> list[float]:
        """The same for terms of the window's reports."""
        return self.idf(terms)

    def counts(self, terms: Sequence[Term]) -> tuple[list[int], list[int]]:
        """How many live reports have each term, and how many stories tell of it."""
        reports, stories = self.beneath.counts(terms)
        guests = self.vocabulary.guests
        having = [i for i, term in enumerate(terms) if self in guests.get(term, ())]
        for i in having:
            reports[i] += len(guests[terms[i]][self])
            stories[i] = self._stories(terms[i])
        return reports, stories

    def _stories(self, term: Term) -> int:
        found = (self.live[number].story for number in self._posts(term))
        of_guests = len({story for story in found if story in self.opened})
        return of_guests + (self.vocabulary.stories[term] if term >= 0 else 0)

    def newest_with(self, term: Term, most: int) -> Iterable[int]:
        """The newest reports with a term, those first. One of a guest has its number in the order
        of placing, below zero.
        """
        own = self._posts(term)[-most:]
        theirs = self.beneath.newest_with(term, most)
        if not own:
            return theirs
        placed = self.beneath.reports.number
        both = [(number, ~number) for number in own] + [(placed(row), row) for row in theirs]
        return [found for _, found in sorted(both, reverse=True)[:most]]

    def linked(self, link: int) -> Sequence[Filed]:
        """The reports with a link, of the operator's and of these guests."""
        return [*self.beneath.linked(link), *self.signs.links.get(link, ())]

    def titled(self, title: int) -> Sequence[Filed]:
        """The reports with a headline, of the operator's and of these guests."""
        return [*self.beneath.titled(title), *self.signs.titles.get(title, ())]

    @property
    def largest(self) -> int:
        """No story has more reports than so many, those of the operator's and these together."""
        return self.beneath.largest + len(self.live)

    def report(self, found: int) -> Filed:
        """A live report, of guests or of the operator's."""
        return self.live[~found] if found < 0 else self.beneath.report(found)

    def story_of(self, found: int) -> int:
        """The number of the story of a report."""
        return self.live[~found].story if found < 0 else self.beneath.story_of(found)

    def feed_of(self, found: int) -> int:
        """The feed of a report."""
        return self.live[~found].feed if found < 0 else self.beneath.feed_of(found)

    def size_of(self, found: int) -> int:
        """How many reports tell the story of a report, of the operator's and of these guests."""
        return self.story(found).size

    def story(self, found: int) -> StoryInView:
        """The story of a report: all that the operator's feeds and these guests tell of it."""
        story_id = self.story_of(found)
        own = self.told.get(story_id)
        theirs = self.beneath.stories.story(story_id)
        if own is None and theirs is not None:
            return theirs
        reports = [self.beneath.report(row) for row in theirs.serials] if theirs else []
        return StoryOfReports(story_id, sorted([*(own or ()), *reports], key=_placed))

    def put(self, report: Filed, story_id: int, *, opened: bool) -> None:
        """Takes in a report that tells a story, which guests `opened` or the operator's feeds."""
        report.story, report.layer = story_id, self
        insort(self.told.setdefault(story_id, []), report, key=_placed)
        if opened:
            self.opened[story_id] = self.opened.get(story_id, 0) + 1
        for term in report.terms:
            self._file(term, report.number)
        self.live[report.number] = report
        self.ages.add(report)
        self.signs.add(report)
        if report.source:
            put_in(self._by_source.setdefault(report.source, []), report)

    def drop(self, report: Filed) -> None:
        """Lets a report go."""
        story_id = report.story
        self.told[story_id].remove(report)
        if not self.told[story_id]:
            del self.told[story_id]
        if story_id in self.opened:
            self.opened[story_id] -= 1
            if not self.opened[story_id]:
                del self.opened[story_id]
        for term in report.terms:
            self._unfile(term, report.number)
        del self.live[report.number]
        self.signs.drop(report)
        if report.source:
            of_source = self._by_source[report.source]
            take_out(of_source, report)
            if not of_source:
                del self._by_source[report.source]

    def _posts(self, term: Term) -> "array[int]":
        of_layers = self.vocabulary.guests.get(term)
        return of_layers.get(self, _NONE) if of_layers else _NONE

    def _file(self, term: Term, number: int) -> None:
        posts = self.vocabulary.guests.setdefault(term, {}).setdefault(self, array("I"))
        self._filed += 1
        self._words += not posts
        posts.insert(bisect_left(posts, number), number)

    def _unfile(self, term: Term, number: int) -> None:
        of_layers = self.vocabulary.guests[term]
        of_layers[self].remove(number)
        self._filed -= 1
        if not of_layers[self]:
            self._words -= 1
            del of_layers[self]
        if not of_layers:
            del self.vocabulary.guests[term]
            self.vocabulary.unused(term)
