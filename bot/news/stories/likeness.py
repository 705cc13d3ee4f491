"""How likely it is that a report tells a story of the window.

The window's neighbours of a report name a few stories; each is described by some thirty numbers
(`bot.news.stories.features`), and small decision trees that `benchmarks.stories_train` grew turn
them into a chance. A story is compared in three ways: with its first report, which is what the
alert told; with the report of it that is nearest; and with all of it. A word that only one story
uses counts most.

A report asks some hundreds of others, and much of what it costs to place it is spent here: what is
asked of each is worked out once, and what nobody looks at not at all. The order in which numbers
are added is part of the result, so that a replay comes to the same to the last bit.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import inf, log, nextafter, sqrt
from operator import itemgetter, mul
from typing import NamedTuple

from bot.news.stories.filed import Filed, StoryInView
from bot.news.stories.splitting.terms import Terms
from bot.news.stories.vocabulary import Term, Vocabulary
from bot.news.stories.window import View

_ASKED_TERMS = 8
"""The rarest terms of a report look for its neighbours,"""
_ASKED_REPORTS = 100
"""each among so many of the reports that have it, newest first."""
_CLOSE = 200
"""of which so many are kept."""
_STORIES = 4
"""So many stories are looked at closely."""
_NEAREST = 10
_ENOUGH = 3 * _NEAREST
"""If so many are found by another term again, those found by several are looked at first."""


@dataclass
class Asked:
    """A report that asks for its story: its terms, the first `heads` of them in the title.

    `reports` and `stories` say how many of the window have each term, `weights` halves the idf
    below the title. `names` are the terms written as names; `of` is what the report was split into.
    `repeated` says that several stories of the window have this headline.

    The rest is for comparing: `places` says where each term stands, `own` are they as a set,
    `squares` those of the weights and `length` their sum. What is asked only of what is alike is
    worked out then.
    """

    terms: list[Term]
    heads: int
    numbers: frozenset[str]
    at: float
    idf: list[float]
    weights: list[float]
    reports: list[int]
    stories: list[int]
    names: frozenset[Term]
    of: Terms
    places: dict[Term, int]
    own: frozenset[Term]
    squares: list[float]
    length: float
    vocabulary: Vocabulary
    repeated: bool = False

    @cached_property
    def mass(self) -> float:
        """The sum of the weights."""
        return sum(self.weights)

    @cached_property
    def headline(self) -> float:
        """That of the weights of the headline."""
        return sum(self.weights[: self.heads])

    @cached_property
    def headline_length(self) -> float:
        """That of the squares of the headline's idf."""
        return sum(self.squares[: self.heads])

    @cached_property
    def rest(self) -> float:
        """That of the weights of the text, or of the headline where there is none; above 0."""
        return sum(self.weights[self.heads :] or self.weights) + 1e-9

    @cached_property
    def rarest_first(self) -> list[int]:
        """The places by their idf."""
        return sorted(range(len(self.idf)), key=self.idf.__getitem__, reverse=True)

    def text(self, term: Term) -> str:
        """How a term is written that it or a report of the window has."""
        return self.vocabulary.text_of(term, self.of.title + self.of.summary)


def ask(window: View, terms: Terms, source: str, at: float) -> Asked:
    """What the window is asked about a report; what its source says of everything is left out."""
    texts, heads = terms.title + terms.summary, len(terms.title)
    known = window.vocabulary.asked(texts)
    own = frozenset(known)
    named = _known(terms.names, texts, known) if terms.names else ()
    if boilerplate := window.boilerplate(own, source):
        heads = sum(term not in boilerplate for term in known[:heads])
        known = [term for term in known if term not in boilerplate]
        own -= boilerplate
    names = own.intersection(named)
    idf = window.idf(known)
    reports, stories = window.counts(known)
    weights = _weights(idf, heads)
    squares = list(map(mul, weights, weights))
    return Asked(
        known, heads, terms.numbers, at, idf, weights, reports, stories, names, terms,
        dict(zip(known, range(len(known)), strict=True)), own, squares, sum(squares),
        window.vocabulary,
    )  # fmt: skip


def _known(some: Iterable[str], texts: Sequence[str], known: Sequence[Term]) -> list[Term]:
    """Some of these texts as terms, those that are among them."""
    by_text = dict(zip(texts, known, strict=True))
    return [by_text[text] for text in some if text in by_text]


def _weights(idf: list[float], heads: int) -> list[float]:
    return idf[:heads] + [x / 2 for x in idf[heads:]]


class NearReports:
    """Reports that share telling terms, as the window numbers them, most alike first, by their
    `weight`. Of some thousand the first hundred are asked for, mostly: those `at_least` so alike
    are put in order.
    """

    __slots__ = ("_first", "_whole", "weight")

    def __init__(self, weight: dict[int, float], at_least: float) -> None:
        self.weight = weight
        self._first = self._in_order([n for n, w in weight.items() if w >= at_least])[:_CLOSE]
        self._whole: list[int] | None = None

    def __iter__(self) -> Iterator[int]:
        yield from self._first
        if len(self._first) < min(_CLOSE, len(self.weight)):
            self._whole = self._whole or self._in_order(self.weight)[:_CLOSE]
            yield from self._whole[len(self._first) :]

    def first(self, most: int) -> list[int]:
        """So many at most."""
        return list(islice(self, most))

    def _in_order(self, numbers: Iterable[int]) -> list[int]:
        """Of those alike in the order in which they were found."""
        return sorted(numbers, key=self.weight.__getitem__, reverse=True)


def neighbours(window: View, asked: Asked) -> NearReports:
    """Reports that share telling terms, most alike first."""
    reports, heads = asked.reports, asked.heads
    ranks = reports[:heads] + [2 * count for count in reports[heads:]]
    known = [i for i, count in enumerate(reports) if count]
    known.sort(key=ranks.__getitem__)
    found: dict[int, float] = {}
    most, again = 0.0, 0
    for i in known[:_ASKED_TERMS]:
        weight = asked.weights[i]
        most = max(most, weight)
        for number in window.newest_with(asked.terms[i], _ASKED_REPORTS):
            if number in found:
                found[number] += weight
                again += 1
            else:
                found[number] = weight
    # Where many share several terms, those are enough: they weigh more than one term alone.
    return NearReports(found, nextafter(most, inf) if again >= _ENOUGH else most)


@dataclass(slots=True)
class NearStory:
    """A story that a report may tell, and the report of it that is nearest, with its weight."""

    story: StoryInView
    nearest: Filed
    weight: float


def stories_near(window: View, found: NearReports) -> list[NearStory]:
    """The stories of the neighbours, those with the nearest report first."""
    ranked: list[_Candidate] = []
    lowest = 0.0
    seen: set[int] = set()
    favour = _favour(window.largest)
    for number in found:
        weight = found.weight[number]
        # Those that follow are no more alike, and none is of a story that many more tell.
        if len(ranked) == _STORIES and weight * favour <= lowest:
            break
        story_id = window.story_of(number)
        if story_id in seen:
            continue
        seen.add(story_id)
        size = window.size_of(number)
        rank = weight * _favour(size) if size > 1 else weight
        if len(ranked) == _STORIES and rank <= lowest:
            continue
        ranked.append((rank, number, weight))
        if len(ranked) > 1 and rank > lowest:
            # Of those alike the first come first.
            ranked.sort(key=_rank_of, reverse=True)
        del ranked[_STORIES:]
        lowest = ranked[-1][0]
    return [NearStory(window.story(n), window.report(n), weight) for _, n, weight in ranked]


_Candidate = tuple[float, int, float]
"""A story by its rank, the nearest report of it, and the weight of that."""
_rank_of = itemgetter(0)


def _favour(size: int) -> float:
    return 1 + 0.1 * log(size)


class RivalStories(NamedTuple):
    """How near the nearest other story is beside one, and how much of what is near is of that one,
    0 to 1.
    """

    rival: float
    share: float


def rivals_of(
    window: View, found: NearReports, stories: Sequence[NearStory], near: NearStory
) -> RivalStories:
    """What the other stories near say of one of them."""
    rival = max([other.weight for other in stories if other is not near], default=0.0)
    story, total, own = near.story.id, 0.0, 0.0
    for number in found.first(_NEAREST):
        squared = found.weight[number] ** 2
        total += squared
        if window.story_of(number) == story:
            own += squared
    return RivalStories(rival / (near.weight + 1e-9), own / (total + 1e-9))


@dataclass(slots=True)
class Compared:
    """A report of the window beside the one that asks: the idf and the weights of its terms, which
    of them both have, as a set (`both`) and by their places in the asking one (`shared`), and how
    `alike` the two are as a whole, 0 to 1: the cosine, in which what tells more counts more.
    """

    report: Filed
    both: frozenset[Term]
    idf: list[float]
    weights: list[float]
    shared: list[int]
    alike: float


def compare(window: View, asked: Asked, report: Filed) -> Compared:
    """Lays a report of the window beside the one that asks."""
    both = asked.own.intersection(report.terms)
    idf = window.known_idf(report.terms)
    weights = _weights(idf, report.heads)
    shared = sorted(map(asked.places.__getitem__, both))
    dot = sum(map(asked.squares.__getitem__, shared))
    length = sqrt(sum(map(mul, weights, weights)) * asked.length)
    return Compared(report, both, idf, weights, shared, min(1.0, dot / (length + 1e-9)))
