"""How likely it is that a report tells a story of the window.

The window's neighbours of a report name a few stories; each is described by some thirty numbers
(`FEATURES`), and small decision trees that `benchmarks.stories_train` grew turn them into a chance.
A story is compared in three ways: with its first report, which is what the alert told; with the
report of it that is nearest; and with all of it. A word that only one story uses counts most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from operator import itemgetter

from bot.news.stories.likeness_trees import total_of
from bot.news.stories.terms import Terms
from bot.news.stories.window import Filed, Term, View, WindowStory

_ASKED_TERMS = 8
"""The rarest terms of a report look for its neighbours,"""
_ASKED_REPORTS = 150
"""each among so many of the reports that have it, newest first."""
_CLOSE = 200
"""of which so many are kept."""
_STORIES = 4
"""So many stories are looked at closely."""
_NEAREST = 10
_MOST_IDF = 7.0

_FEATURE_LIST = """
    share title_cosine summary_known title_length mass
    best_reports best_share best_stories best_idf best_owned
    first_known first_told first_best core core_best core_missing
    known known_often title_known cosine near_told owned owned_mass known_mass
    numbers_differ unknown_best size idle rival
"""
FEATURES = tuple(_FEATURE_LIST.split())
# What must not lower the chance when it grows, and what must not raise it.
_RISING_LIST = """
    share title_cosine summary_known best_share best_idf best_owned first_known first_told
    first_best core core_best known known_often title_known cosine near_told owned owned_mass
    known_mass
"""
_FALLING_LIST = "best_stories core_missing numbers_differ idle rival"
RISING = frozenset(_RISING_LIST.split())
FALLING = frozenset(_FALLING_LIST.split())


@dataclass(slots=True)
class Asked:
    """A report that asks for its story: its terms, the first `heads` of them in the title.

    `reports` and `stories` say how many of the window have each term, `weights` halves the idf
    below the title. `names` are the terms written as names; `of` is what the report was split into.
    `repeated` says that several stories of the window have this headline.
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
    repeated: bool = False


def ask(window: View, terms: Terms, source: str, at: float) -> Asked:
    """What the window is asked about a report; what its source says of everything is left out."""
    known, heads = window.telling(terms, source)
    idf = window.idf(known)
    reports, stories = window.counts(known)
    names = frozenset(term for term in known if term.text in terms.names)
    weights = _weights(idf, heads)
    return Asked(known, heads, terms.numbers, at, idf, weights, reports, stories, names, terms)


def _weights(idf: list[float], heads: int) -> list[float]:
    return idf[:heads] + [x / 2 for x in idf[heads:]]


@dataclass(slots=True)
class Near:
    """A story that a report may tell, the report of it that is nearest, and the evidence."""

    story: WindowStory
    nearest: Filed
    rival: float
    share: float


def neighbours(window: View, asked: Asked) -> list[tuple[Filed, float]]:
    """Reports that share telling terms, most alike first."""
    reports, heads = asked.reports, asked.heads
    known = [i for i, count in enumerate(reports) if count]
    known.sort(key=lambda i: reports[i] if i < heads else 2 * reports[i])
    found: dict[int, float] = {}
    for i in known[:_ASKED_TERMS]:
        weight = asked.weights[i]
        for number in window.newest_with(asked.terms[i], _ASKED_REPORTS):
            found[number] = found.get(number, 0.0) + weight
    nearest = sorted(found.items(), key=itemgetter(1), reverse=True)[:_CLOSE]
    near = window.reports(number for number, _ in nearest)
    return list(zip(near, (weight for _, weight in nearest), strict=True))


def stories_near(window: View, found: Sequence[tuple[Filed, float]]) -> list[Near]:
    """The stories of the neighbours, those with the nearest report first."""
    best: dict[int, tuple[Filed, float]] = {}
    stories: dict[int, WindowStory] = {}
    for report, weight in found:
        story = report.story.id
        if story not in best:
            best[story], stories[story] = (report, weight), window.story(report)
    ranked = sorted(best, key=lambda each: -best[each][1] * _favour(stories[each]))[:_STORIES]
    shares = _share(found[:_NEAREST])
    near = []
    for each in ranked:
        report, weight = best[each]
        rival = max((best[other][1] for other in ranked if other != each), default=0.0)
        near.append(Near(stories[each], report, rival / (weight + 1e-9), shares.get(each, 0.0)))
    return near


def _favour(story: WindowStory) -> float:
    size = len(story.reports)
    return 1 + 0.1 * log(size) if size > 1 else 1.0


def _share(found: Sequence[tuple[Filed, float]]) -> dict[int, float]:
    """How much of what is near belongs to each story."""
    total = sum(weight * weight for _, weight in found) + 1e-9
    shares: dict[int, float] = {}
    for report, weight in found:
        shares[report.story.id] = shares.get(report.story.id, 0.0) + weight * weight / total
    return shares


def chance(features: Sequence[float]) -> float:
    """The chance that the report tells the story, by the trees; 0 to 1."""
    return 1 / (1 + exp(-total_of(features)))


def features_of(window: View, asked: Asked, near: Near) -> list[float]:
    """The numbers named in `FEATURES`, in that order."""
    tally = near.story.tally({*asked.terms, *near.nearest.terms, *near.story.reports[0].terms})
    counts = [tally.get(term, 0) for term in asked.terms]
    return [
        near.share,
        *_of_nearest(window, asked, near.nearest, counts),
        *_of_owned(asked, near.story, counts),
        *_of_first(window, asked, near, tally),
        *_of_all(window, asked, near, counts),
    ]


def _of_nearest(window: View, asked: Asked, nearest: Filed, counts: list[int]) -> tuple[float, ...]:
    weights, heads = asked.weights, asked.heads
    titles = nearest.terms[: nearest.heads]
    shared = sum(x * x for x, t in zip(asked.idf, asked.terms[:heads], strict=False) if t in titles)
    mine = sum(x * x for x in asked.idf[:heads])
    theirs = sum(x * x for x in window.idf(titles))
    rest = weights[heads:] or weights
    rest_counts = counts[heads:] or counts
    summary_known = _known(rest, rest_counts) / (sum(rest) + 1e-9)
    return shared / (sqrt(mine * theirs) + 1e-9), summary_known, heads / 10, sum(weights) / 50


def _of_owned(asked: Asked, story: WindowStory, counts: list[int]) -> list[float]:
    """The term that the story owns most: how often, how widely, how rarely elsewhere."""
    best, chosen = 0.0, -1
    for i, count in enumerate(counts):
        if count and (owned := asked.idf[i] * count / (asked.reports[i] + 1)) >= best:
            best, chosen = owned, i
    if chosen < 0:
        return [0.0] * 5
    count = counts[chosen]
    often = log(1 + count), count / len(story.reports)
    stories, idf = asked.stories[chosen], asked.idf[chosen]
    return [*often, log(1 + stories), idf / _MOST_IDF, count / (asked.reports[chosen] + 1)]


def _of_first(window: View, asked: Asked, near: Near, tally: Mapping[Term, int]) -> list[float]:
    first, size = near.story.reports[0], len(near.story.reports)
    total = sum(asked.weights) + 1e-9
    told = sum(_weights(window.idf(first.terms), first.heads))
    theirs = set(first.terms)
    shared = [i for i, term in enumerate(asked.terms) if term in theirs]
    share = sum([asked.weights[i] for i in shared])
    evidence = [
        share / total,
        min(1.0, share / (told + 1e-9)),
        max([asked.idf[i] for i in shared], default=0.0) / _MOST_IDF,
    ]
    core = _core(window, tally, size, (*first.terms, *near.nearest.terms)) if size > 1 else []
    if not core:
        return [*evidence, evidence[0], 0.0, 0.0]
    has = [weight for term, weight in core if term in asked.terms]
    misses = [weight for term, weight in core if term not in asked.terms]
    mass = sum(has) + sum(misses)
    return [
        *evidence,
        sum(has) / mass,
        max(has, default=0.0) / _MOST_IDF,
        max(misses, default=0.0) / _MOST_IDF,
    ]


def _core(
    window: View, tally: Mapping[Term, int], size: int, among: Sequence[Term]
) -> list[tuple[Term, float]]:
    """What most reports of a story of this size have, among some terms."""
    enough = max(2, 0.4 * size)
    core = [term for term in dict.fromkeys(among) if tally.get(term, 0) >= enough]
    idf = window.idf(core)
    return [(term, x * tally[term] / size) for term, x in zip(core, idf, strict=True)]


def _of_all(window: View, asked: Asked, near: Near, counts: list[int]) -> list[float]:
    story, nearest, weights, heads = near.story, near.nearest, asked.weights, asked.heads
    size, total = len(story.reports), sum(weights) + 1e-9
    enough = 1 + 0.15 * size
    known = known_often = owned_mass = titled = 0.0
    none_owned, unknown = 1.0, 0.0
    for i, count in enumerate(counts):
        if not count:
            unknown = max(unknown, asked.idf[i])
            continue
        weight, owned = weights[i], count / (asked.reports[i] + 1)
        known += weight
        known_often += weight * min(1.0, count / enough)
        owned_mass += weight * owned
        none_owned *= 1 - min(0.98, asked.idf[i] * owned / _MOST_IDF)
        if i < heads:
            titled += weight
    return [
        known / total,
        known_often / total,
        titled / (sum(weights[:heads]) + 1e-9),
        *_cosine(window, asked, nearest),
        1 - none_owned,
        owned_mass / total,
        log(1 + known),
        float(bool(asked.numbers and nearest.numbers and not asked.numbers & nearest.numbers)),
        unknown / _MOST_IDF,
        log(size),
        max(0.0, asked.at - story.last) / 86_400,
        near.rival,
    ]


def cosine_with(window: View, asked: Asked, report: Filed) -> float:
    """How alike two reports are as a whole, 0 to 1: what tells more counts more."""
    return _cosine(window, asked, report)[0]


def _cosine(window: View, asked: Asked, nearest: Filed) -> tuple[float, float]:
    """With a report: the cosine, and how much of its title the asked one has."""
    weights, heads = asked.weights, nearest.heads
    mine, theirs = set(asked.terms), set(nearest.terms)
    dot = sum([a * a for a, term in zip(weights, asked.terms, strict=True) if term in theirs])
    idf = window.idf(nearest.terms)
    length = sqrt(sum([x * x for x in _weights(idf, heads)]) * sum([a * a for a in weights]))
    told = sum([x for x, t in zip(idf[:heads], nearest.terms, strict=False) if t in mine])
    return min(1.0, dot / (length + 1e-9)), told / (sum(idf[:heads]) + 1e-9)


def _known(weights: Sequence[float], counts: Sequence[int]) -> float:
    return sum([a for a, count in zip(weights, counts, strict=True) if count])
