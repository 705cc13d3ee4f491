"""The numbers by which a report is compared with a story, and the chance that it tells that story.
The order in which numbers are added is part of the result.
"""

from collections.abc import Container, Mapping, Sequence
from math import exp, log, sqrt
from typing import NamedTuple

from bot.news.stories.likeness import Asked, Compared, NearStory, RivalStories, compare
from bot.news.stories.likeness_trees import total_of
from bot.news.stories.vocabulary import Term
from bot.news.stories.window import View

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


def chance(features: Sequence[float]) -> float:
    """The chance that the report tells the story, by the trees; 0 to 1."""
    return 1 / (1 + exp(-total_of(features)))


def features_of(
    window: View, asked: Asked, near: NearStory, told: Compared, rivals: RivalStories
) -> list[float]:
    """The numbers named in `FEATURES`, in that order. `told` is what the alert told, the first
    report of the story, beside the one that asks; `rivals` are of the other stories near.
    """
    story = near.story
    size = story.size
    if size == 1:
        has: Container[Term] = told.both
        known, core, nearest = [(i, 1) for i in told.shared], [], told
    else:
        tally = story.tally(asked.own.union(near.nearest.terms, told.report.terms))
        has = tally
        known = [(i, tally[term]) for i, term in enumerate(asked.terms) if term in tally]
        core = _core(window, tally, size, (*told.report.terms, *near.nearest.terms))
        alone = near.nearest is told.report
        nearest = told if alone else compare(window, asked, near.nearest)
    evidence = _of_known(asked, size, known)
    return [
        rivals.share,
        _title_cosine(asked, nearest),
        evidence.in_text / asked.rest,
        asked.heads / 10,
        asked.mass / 50,
        *_of_owned(asked, size, evidence),
        *_of_first(asked, told, core, evidence.mass if size == 1 else _weight(asked, told)),
        *_of_all(asked, near, nearest, evidence, has),
        rivals.rival,
    ]


class _Evidence(NamedTuple):
    """Sums over the terms of a report that a story knows: of their weights, all, those of the text
    and those of the headline; as often as the story has them; and as far as it owns them. `chosen`
    is the term that it owns most, -1 for none, which that many `times` its reports have.
    """

    mass: float
    in_text: float
    titled: float
    often: float
    owned: float
    none_owned: float
    chosen: int
    times: int


def _of_known(asked: Asked, size: int, known: Sequence[tuple[int, int]]) -> _Evidence:
    idf, weights, reports, heads = asked.idf, asked.weights, asked.reports, asked.heads
    # Without a text the headline stands for it.
    first = heads if heads < len(weights) else 0
    enough = 1 + 0.15 * size
    mass = in_text = titled = often = owned_mass = best = 0.0
    none_owned, chosen, most = 1.0, -1, 0
    for i, count in known:
        weight, telling, having = weights[i], idf[i], reports[i] + 1
        owned = count / having
        mass += weight
        often += weight * (count / enough if count < enough else 1.0)
        owned_mass += weight * owned
        lost = telling * owned / _MOST_IDF
        none_owned *= 1 - (lost if lost < 0.98 else 0.98)
        if i < heads:
            titled += weight
        if i >= first:
            in_text += weight
        if (most_owned := telling * count / having) >= best:
            best, chosen, most = most_owned, i, count
    return _Evidence(mass, in_text, titled, often, owned_mass, none_owned, chosen, most)


def _title_cosine(asked: Asked, nearest: Compared) -> float:
    """How alike two headlines are, 0 to 1."""
    heads, theirs = asked.heads, nearest.report.heads
    titles = nearest.report.terms[:theirs]
    shared = sum(
        [asked.squares[i] for i in nearest.shared if i < heads and asked.terms[i] in titles]
    )
    length = sqrt(asked.headline_length * sum([x * x for x in nearest.idf[:theirs]]))
    return shared / (length + 1e-9)


def _of_owned(asked: Asked, size: int, evidence: _Evidence) -> tuple[float, ...]:
    """The term that the story owns most: how often, how widely, how rarely elsewhere."""
    chosen, count = evidence.chosen, evidence.times
    if chosen < 0:
        return (0.0,) * 5
    return (
        log(1 + count),
        count / size,
        log(1 + asked.stories[chosen]),
        asked.idf[chosen] / _MOST_IDF,
        count / (asked.reports[chosen] + 1),
    )


def _weight(asked: Asked, told: Compared) -> float:
    return sum([asked.weights[i] for i in told.shared])


def _of_first(
    asked: Asked, told: Compared, core: Sequence[tuple[Term, float]], share: float
) -> list[float]:
    """By the first report of the story, with which so much of the asking one's weight is shared."""
    evidence = [
        share / (asked.mass + 1e-9),
        min(1.0, share / (sum(told.weights) + 1e-9)),
        max([asked.idf[i] for i in told.shared], default=0.0) / _MOST_IDF,
    ]
    if not core:
        return [*evidence, evidence[0], 0.0, 0.0]
    has = [weight for term, weight in core if term in asked.own]
    misses = [weight for term, weight in core if term not in asked.own]
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
    idf = window.known_idf(core)
    return [(term, x * tally[term] / size) for term, x in zip(core, idf, strict=True)]


def _of_all(
    asked: Asked, near: NearStory, nearest: Compared, evidence: _Evidence, has: Container[Term]
) -> tuple[float, ...]:
    story, total = near.story, asked.mass + 1e-9
    terms, idf = asked.terms, asked.idf
    unknown = 0.0
    for i in asked.rarest_first:
        if terms[i] not in has:
            unknown = idf[i]
            break
    differ = asked.numbers and nearest.report.numbers and not asked.numbers & nearest.report.numbers
    return (
        evidence.mass / total,
        evidence.often / total,
        evidence.titled / (asked.headline + 1e-9),
        nearest.alike,
        _headline_known(asked, nearest),
        1 - evidence.none_owned,
        evidence.owned / total,
        log(1 + evidence.mass),
        1.0 if differ else 0.0,
        max(0.0, unknown) / _MOST_IDF,
        log(story.size),
        max(0.0, asked.at - story.last) / 86_400,
    )


def _headline_known(asked: Asked, nearest: Compared) -> float:
    """How much of the headline of a report the asking one has."""
    idf = nearest.idf[: nearest.report.heads]
    told = sum([x for x, t in zip(idf, nearest.report.terms, strict=False) if t in asked.own])
    return told / (sum(idf) + 1e-9)
