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

from bot.news.stories.filed import Filed, WindowStory, WindowTerm, put_in, take_out, telling
from bot.news.stories.signs import Signs
from bot.news.stories.terms import Terms
from bot.news.stories.window import PRIOR_REPORTS, Window, bytes_of

_BYTES_A_WORD = 560
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
        self.told: dict[int, WindowStory] = {}
        self.opened: dict[int, int] = {}
        self.signs = Signs()
        self._filed = self._words = 0
        self._by_source: dict[str, list[Filed]] = {}

    @property
    def bytes(self) -> int:
        """About how much memory its reports take."""
        return bytes_of(len(self.live), self._filed, self._words, _BYTES_A_WORD)

    def telling(self, terms: Terms, source: str) -> tuple[list[WindowTerm], int]:
        """The terms as they stand, without the boilerplate of the source among guests."""
        return telling(self.beneath.terms, terms, self._by_source.get(source, ()))

    def idf(self, terms: Iterable[WindowTerm]) -> list[float]:
        """How telling terms are: the fewer stories have one, the more."""
        top = log(PRIOR_REPORTS + len(self.beneath.told) + len(self.opened))
        return [top - log(self._stories(term) + term.prior) for term in terms]

    def counts(self, terms: Sequence[WindowTerm]) -> tuple[list[int], list[int]]:
        """How many live reports have each term, and how many stories tell of it."""
        reports = [len(term.posts) + len(self._posts(term)) for term in terms]
        return reports, [self._stories(term) for term in terms]

    def _stories(self, term: WindowTerm) -> int:
        found = (self.live[number].story.id for number in self._posts(term))
        return term.stories + len({story for story in found if story in self.opened})

    def newest_with(self, term: WindowTerm, most: int) -> Iterable[int]:
        """The numbers of the newest reports with a term, those first."""
        own = self._posts(term)[-most:]
        if not own:
            return reversed(term.posts[-most:])
        return sorted((*own, *term.posts[-most:]), reverse=True)[:most]

    @property
    def largest(self) -> int:
        """No story has more reports than so many, those of the operator's and these together."""
        return self.beneath.largest + len(self.live)

    def report(self, number: int) -> Filed:
        """A live report by its number."""
        return self.live.get(number) or self.beneath.live[number]

    def story(self, report: Filed) -> WindowStory:
        """The story of a report: all that the operator's feeds and these guests tell of it."""
        own = self.told.get(report.story.id)
        theirs = self.beneath.told.get(report.story.id)
        if own is None or theirs is None:
            return report.story
        whole = WindowStory(own.id)
        whole.reports = sorted((*own.reports, *theirs.reports), key=_placed)
        whole.last = max(own.last, theirs.last)
        return whole

    def put(self, report: Filed, story_id: int, *, opened: bool) -> None:
        """Takes in a report that tells a story, which guests `opened` or the operator's feeds."""
        story = self.told.setdefault(story_id, WindowStory(story_id))
        report.story, report.layer = story, self
        insort(story.reports, report, key=_placed)
        story.last = max(each.at for each in story.reports)
        if opened:
            self.opened[story_id] = self.opened.get(story_id, 0) + 1
        for term in report.terms:
            self._file(term, report.number)
        self.live[report.number] = report
        self.signs.add(report)
        if report.source:
            put_in(self._by_source.setdefault(report.source, []), report)

    def drop(self, report: Filed) -> None:
        """Lets a report go."""
        story = report.story
        story.reports.remove(report)
        if not story.reports:
            del self.told[story.id]
        if story.id in self.opened:
            self.opened[story.id] -= 1
            if not self.opened[story.id]:
                del self.opened[story.id]
        for term in report.terms:
            self._unfile(term, report.number)
        del self.live[report.number]
        self.signs.drop(report)
        if report.source:
            of_source = self._by_source[report.source]
            take_out(of_source, report)
            if not of_source:
                del self._by_source[report.source]

    def _posts(self, term: WindowTerm) -> "array[int]":
        return term.guests.get(self, _NONE) if term.guests else _NONE

    def _file(self, term: WindowTerm, number: int) -> None:
        if term.guests is None:
            term.guests = {}
            self.beneath.terms[term.text] = term
        posts = term.guests.setdefault(self, array("I"))
        self._filed += 1
        self._words += not posts
        posts.insert(bisect_left(posts, number), number)

    def _unfile(self, term: WindowTerm, number: int) -> None:
        guests = term.guests or {}
        guests[self].remove(number)
        self._filed -= 1
        if not guests[self]:
            self._words -= 1
            del guests[self]
        if not guests:
            term.guests = None
            self.beneath.let_go(term)
