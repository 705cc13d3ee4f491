"""Whether joining a report to a story would hide other news from who has read the alert.

Likeness asks whether two reports are about the same subject; a reader asks whether they would miss
something. Two signs of that were found on joins that readers judged (`docs/stories.md`): a report
that is little like what the alert told, and two headlines of one form, each with a telling word of
its own: another place, person, product or day in the same sentence. Pure.
"""

from collections.abc import Sequence
from itertools import pairwise

from bot.news.stories.filed import Filed
from bot.news.stories.likeness import Asked
from bot.news.stories.vocabulary import Term
from bot.news.stories.window import View

_LEAST_LIKE_THE_ALERT = 0.36
_ONE_FORM = 0.3
"""The share of neighbouring words in common from which two headlines are of one form."""
_TELLING = 6.0
"""The idf of a word that one story in four hundred has, or fewer."""


def is_other_news(window: View, asked: Asked, told: Filed, alike: float) -> bool:
    """Whether a report is other news than the one that the alert told, which it is `alike` by such
    a cosine.
    """
    return alike < _LEAST_LIKE_THE_ALERT or fills_its_form_otherwise(window, asked, told)


def fills_its_form_otherwise(window: View, asked: Asked, told: Filed) -> bool:
    """Whether two headlines are of one form, and each has a telling word that the other report
    lacks.
    """
    mine, theirs = asked.terms[: asked.heads], told.terms[: told.heads]
    if _shared_neighbours(mine, theirs) < _ONE_FORM:
        return False
    return each_has_its_own(window, asked, told)


def each_has_its_own(window: View, asked: Asked, told: Filed) -> bool:
    """Whether each of two headlines has a telling word, no figure, that the other report lacks."""
    mine, theirs = asked.terms[: asked.heads], told.terms[: told.heads]
    return _has_its_own(window, mine, told.terms) and _has_its_own(window, theirs, asked.terms)


def _shared_neighbours(mine: Sequence[Term], theirs: Sequence[Term]) -> float:
    """Of the pairs of words that stand beside each other in two headlines, the share that both
    have, 0 to 1.
    """
    ours, others = set(pairwise(mine)), set(pairwise(theirs))
    if not ours or not others:
        return 0.0
    return 2 * len(ours & others) / (len(ours) + len(others))


def _has_its_own(window: View, headline: Sequence[Term], elsewhere: Sequence[Term]) -> bool:
    own = [
        term for term in headline if term not in elsewhere and not window.vocabulary.is_figure(term)
    ]
    return any(idf > _TELLING for idf in window.idf(own))
