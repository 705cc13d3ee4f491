"""What guests with the same followers told, seen upon the operator's window.

A layer counts for itself and changes nothing beneath it: whatever strangers publish, the window
judges the operator's reports by its own. It holds nothing but what follows from the set of its
reports, in whatever order they came: so a report can be moved from one layer to another, or to
another story, and a replay comes to the same.
"""

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable
from math import log
from operator import attrgetter

from bot.news.signs import Signs
from bot.news.terms import Terms
from bot.news.window import PRIOR_REPORTS, Filed, Term, Told, Window, bytes_of, telling

_NONE: "array[int]" = array("I")
_placed = attrgetter("number")


class Layer:
    """Reports of guests upon a window, all of which the same `followers` have. `opened` are the
    stories that guests opened: how telling a word is follows from the operator's stories and these.
    """

    def __init__(self, beneath: Window, followers: frozenset[int] = frozenset()) -> None:
        self.beneath = beneath
        self.followers = followers
        self.live: dict[int, Filed] = {}
        self.told: dict[int, Told] = {}
        self.opened: dict[int, int] = {}
        self.signs = Signs()
        self.bytes = 0
        self._stories: dict[Term, dict[int, int]] = {}
        self._by_source: dict[str, list[Filed]] = {}

    def telling(self, terms: Terms, source: str) -> tuple[list[Term], int]:
        """The terms as they stand, without the boilerplate of the source among guests."""
        return telling(self.beneath.terms, terms, self._by_source.get(source, ()))

    def idf(self, terms: Iterable[Term]) -> list[float]:
        """How telling terms are: the fewer stories have one, the more."""
        top = log(PRIOR_REPORTS + len(self.beneath.told) + len(self.opened))
        return [top - log(self.stories_with(term) + term.prior) for term in terms]

    def reports_with(self, term: Term) -> int:
        """How many live reports have a term."""
        return len(term.posts) + len(self._posts(term))

    def stories_with(self, term: Term) -> int:
        """How many stories tell of a term."""
        return term.stories + len(self._stories.get(term, ()))

    def newest_with(self, term: Term, most: int) -> Iterable[int]:
        """The numbers of the newest reports with a term, those first."""
        own = self._posts(term)[-most:]
        if not own:
            return reversed(term.posts[-most:])
        return sorted((*own, *term.posts[-most:]), reverse=True)[:most]

    def report(self, number: int) -> Filed:
        """A live report by its number."""
        return self.live.get(number) or self.beneath.live[number]

    def story(self, report: Filed) -> Told:
        """The story of a report: all that the operator's feeds and these guests tell of it."""
        own = self.told.get(report.story.id)
        theirs = self.beneath.told.get(report.story.id)
        if own is None or theirs is None:
            return report.story
        whole = Told(own.id)
        whole.reports = sorted((*own.reports, *theirs.reports), key=_placed)
        whole.last = max(own.last, theirs.last)
        return whole

    def put(self, report: Filed, story_id: int, *, opened: bool) -> None:
        """Takes in a report that tells a story, which guests `opened` or the operator's feeds."""
        story = self.told.setdefault(story_id, Told(story_id))
        report.story, report.layer = story, self
        insort(story.reports, report, key=_placed)
        story.last = max(each.at for each in story.reports)
        if opened:
            self.opened[story_id] = self.opened.get(story_id, 0) + 1
        for term in report.terms:
            self._file(term, report.number)
            if opened:
                having = self._stories.setdefault(term, {})
                having[story_id] = having.get(story_id, 0) + 1
        self.live[report.number] = report
        self.bytes += bytes_of(len(report.terms))
        self.signs.add(report)
        if report.source:
            insort(self._by_source.setdefault(report.source, []), report, key=_placed)

    def drop(self, report: Filed) -> None:
        """Lets a report go."""
        story = report.story
        story.reports.remove(report)
        if not story.reports:
            del self.told[story.id]
        if opened := story.id in self.opened:
            _count_down(self.opened, story.id)
        for term in report.terms:
            if opened:
                _count_down(self._stories[term], story.id)
                if not self._stories[term]:
                    del self._stories[term]
            self._unfile(term, report.number)
        del self.live[report.number]
        self.bytes -= bytes_of(len(report.terms))
        self.signs.drop(report)
        if report.source:
            of_source = self._by_source[report.source]
            of_source.remove(report)
            if not of_source:
                del self._by_source[report.source]

    def _posts(self, term: Term) -> "array[int]":
        return term.guests.get(self, _NONE) if term.guests else _NONE

    def _file(self, term: Term, number: int) -> None:
        if term.guests is None:
            term.guests = {}
            self.beneath.terms[term.text] = term
        posts = term.guests.setdefault(self, array("I"))
        posts.insert(bisect_left(posts, number), number)

    def _unfile(self, term: Term, number: int) -> None:
        guests = term.guests or {}
        guests[self].remove(number)
        if not guests[self]:
            del guests[self]
        if not guests:
            term.guests = None
            self.beneath.let_go(term)


def _count_down(counts: dict[int, int], key: int) -> None:
    counts[key] -= 1
    if not counts[key]:
        del counts[key]
