"""How likely it is that a report tells a story of the window.

The window's neighbours of a report name a few stories; each is described by some thirty numbers
(`FEATURES`), and small decision trees that `benchmarks.stories_train` grew turn them into a chance.
A story is compared in three ways: with its first report, which is what the alert told; with the
report of it that is nearest; and with all of it. A word that only one story uses counts most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from bot.news.likeness_trees import BASE, TREES
from bot.news.terms import Terms
from bot.news.window import Filed, Term, Told, Window

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
    """A report that asks for its story: its terms, the first `heads` of them in the title."""

    terms: list[Term]
    heads: int
    numbers: frozenset[str]
    at: float
    idf: list[float]

    weights: list[float]


def ask(window: Window, terms: Terms, source: str, at: float) -> Asked:
    """What the window is asked about a report; what its source says of everything is left out."""
    titles = window.telling(terms.title, source)
    known = titles + window.telling(terms.summary, source)
    idf = [window.idf(term) for term in known]
    weights = [x * (1 if i < len(titles) else 0.5) for i, x in enumerate(idf)]
    return Asked(known, len(titles), terms.numbers, at, idf, weights)


@dataclass(slots=True)
class Near:
    """A story that a report may tell, the report of it that is nearest, and the evidence."""

    story: Told
    nearest: Filed
    rival: float
    share: float


def neighbours(window: Window, asked: Asked) -> list[tuple[Filed, float]]:
    """Reports that share telling terms, most alike first."""
    order = sorted(
        range(len(asked.terms)),
        key=lambda i: (asked.terms[i].reports * (1 if i < asked.heads else 2), i),
    )
    found: dict[Filed, float] = {}
    weights = asked.weights
    for i in [i for i in order if asked.terms[i].reports][:_ASKED_TERMS]:
        for report in window.newest_with(asked.terms[i], _ASKED_REPORTS):
            found[report] = found.get(report, 0.0) + weights[i]
    return sorted(found.items(), key=lambda item: -item[1])[:_CLOSE]


def stories_near(found: Sequence[tuple[Filed, float]]) -> list[Near]:
    """The stories of the neighbours, those with the nearest report first."""
    best: dict[Told, tuple[Filed, float]] = {}
    for report, weight in found:
        best.setdefault(report.story, (report, weight))
    ranked = sorted(best, key=lambda story: -best[story][1] * _favour(story))[:_STORIES]
    shares = _share(found[:_NEAREST])
    near = []
    for story in ranked:
        report, weight = best[story]
        rival = max((best[other][1] for other in ranked if other is not story), default=0.0)
        near.append(Near(story, report, rival / (weight + 1e-9), shares.get(story, 0.0)))
    return near


def _favour(story: Told) -> float:
    return 1 + 0.1 * log(len(story.reports))


def _share(found: Sequence[tuple[Filed, float]]) -> dict[Told, float]:
    """How much of what is near belongs to each story."""
    total = sum(weight * weight for _, weight in found) + 1e-9
    shares: dict[Told, float] = {}
    for report, weight in found:
        shares[report.story] = shares.get(report.story, 0.0) + weight * weight / total
    return shares


def chance(features: Sequence[float]) -> float:
    """The chance that the report tells the story, by the trees; 0 to 1."""
    total = BASE
    for splits, leaves in TREES:
        at = 0
        while at < len(splits):
            feature, limit = splits[at]
            at = 2 * at + (1 if features[feature] <= limit else 2)
        total += leaves[at - len(splits)]
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def features_of(window: Window, asked: Asked, near: Near) -> list[float]:
    """The numbers named in `FEATURES`, in that order."""
    counts = [near.story.count(term) for term in asked.terms]
    return [
        near.share,
        *_of_nearest(window, asked, near.nearest, counts),
        *_of_owned(asked, near.story, counts),
        *_of_first(window, asked, near),
        *_of_all(window, asked, near, counts),
    ]


def _of_nearest(
    window: Window, asked: Asked, nearest: Filed, counts: list[int]
) -> tuple[float, ...]:
    weights, heads = asked.weights, asked.heads
    titles = nearest.terms[: nearest.heads]
    shared = sum(x * x for x, t in zip(asked.idf, asked.terms[:heads], strict=False) if t in titles)
    mine = sum(x * x for x in asked.idf[:heads])
    theirs = sum(window.idf(term) ** 2 for term in titles)
    rest = weights[heads:] or weights
    rest_counts = counts[heads:] or counts
    summary_known = _known(rest, rest_counts) / (sum(rest) + 1e-9)
    return shared / (sqrt(mine * theirs) + 1e-9), summary_known, heads / 10, sum(weights) / 50


def _of_owned(asked: Asked, story: Told, counts: list[int]) -> list[float]:
    """The term that the story owns most: how often, how widely, how rarely elsewhere."""
    best = sorted(
        (
            (x * count / (term.reports + 1), i)
            for i, (x, count, term) in enumerate(zip(asked.idf, counts, asked.terms, strict=True))
            if count
        ),
        reverse=True,
    )
    if not best:
        return [0.0] * 5
    i = best[0][1]
    term, count = asked.terms[i], counts[i]
    often = log(1 + count), count / len(story.reports)
    return [*often, log(1 + term.stories), asked.idf[i] / _MOST_IDF, count / (term.reports + 1)]


def _of_first(window: Window, asked: Asked, near: Near) -> list[float]:
    story, first, nearest = near.story, near.story.reports[0], near.nearest
    size = len(story.reports)
    total = sum(asked.weights) + 1e-9
    told = sum(window.idf(t) * (1 if i < first.heads else 0.5) for i, t in enumerate(first.terms))
    weights = asked.weights
    shared = [i for i, term in enumerate(asked.terms) if term in first.terms]
    share = sum(weights[i] for i in shared)
    core = _core(window, story, first, nearest) if size > 1 else []
    mass = sum(weight for _, weight in core)
    has = [weight for term, weight in core if term in asked.terms]
    misses = [weight for term, weight in core if term not in asked.terms]
    return [
        share / total,
        min(1.0, share / (told + 1e-9)),
        max((asked.idf[i] for i in shared), default=0.0) / _MOST_IDF,
        sum(has) / mass if core else share / total,
        max(has, default=0.0) / _MOST_IDF,
        max(misses, default=0.0) / _MOST_IDF,
    ]


def _core(window: Window, story: Told, first: Filed, nearest: Filed) -> list[tuple[Term, float]]:
    """What most reports of the story have, of the terms of two of them."""
    size = len(story.reports)
    core = []
    for term in dict.fromkeys((*first.terms, *nearest.terms)):
        count = story.count(term)
        if count >= max(2, 0.4 * size):
            core.append((term, window.idf(term) * count / size))
    return core


def _of_all(window: Window, asked: Asked, near: Near, counts: list[int]) -> list[float]:
    story, nearest, idf, weights = near.story, near.nearest, asked.idf, asked.weights
    size, total = len(story.reports), sum(weights) + 1e-9
    often = [min(1.0, count / (1 + 0.15 * size)) for count in counts]
    owned = [count / (t.reports + 1) for count, t in zip(counts, asked.terms, strict=True)]
    none_owned = 1.0
    for x, own in zip(idf, owned, strict=True):
        none_owned *= 1 - min(0.98, x * own / _MOST_IDF)
    known = _known(weights, counts)
    owned_mass = sum(a * own for a, own in zip(weights, owned, strict=True)) / total
    return [
        known / total,
        sum(a * p for a, p in zip(weights, often, strict=True)) / total,
        _known(weights[: asked.heads], counts) / (sum(weights[: asked.heads]) + 1e-9),
        *_cosine(window, asked, nearest),
        1 - none_owned,
        owned_mass,
        log(1 + known),
        float(bool(asked.numbers and nearest.numbers and not asked.numbers & nearest.numbers)),
        max((x for x, count in zip(idf, counts, strict=True) if not count), default=0.0)
        / _MOST_IDF,
        log(size),
        max(0.0, asked.at - story.last) / 86_400,
        near.rival,
    ]


def _cosine(window: Window, asked: Asked, nearest: Filed) -> tuple[float, float]:
    """With the nearest report: the cosine, and how much of its title the report has."""
    weights = asked.weights
    dot = sum(a * a for a, term in zip(weights, asked.terms, strict=True) if term in nearest.terms)
    theirs = [window.idf(term) for term in nearest.terms]
    length = sqrt(sum((x if i < nearest.heads else x / 2) ** 2 for i, x in enumerate(theirs)))
    titled = theirs[: nearest.heads]
    told = sum(x for x, t in zip(titled, nearest.terms, strict=False) if t in asked.terms)
    cosine = dot / (sqrt(sum(a * a for a in weights)) * length + 1e-9)
    return cosine, told / (sum(titled) + 1e-9)


def _known(weights: Iterable[float], counts: Iterable[int]) -> float:
    return sum(a for a, count in zip(weights, counts, strict=False) if count)
