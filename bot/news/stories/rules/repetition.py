"""Forms that outlets fill in, and words that a whole subject shares, known by their repetition.

What a report has in common with the alert says that both tell one story only as far as other
stories of the window lack it. Nothing is counted or kept for that: the neighbours that a report
has in the window anyway are asked, so that forgetting and replaying leave no trace. Pure.
"""

from itertools import pairwise

from bot.news.stories.filed import Filed
from bot.news.stories.likeness import Asked, NearReports
from bot.news.stories.rules.other_news import each_has_its_own
from bot.news.stories.window import View

_OTHER_STORIES = 2
"""So many other stories make it nobody's own: one may be the same story, told before."""
_NEARLY_ALL = 0.9
_OF_A_FORM = 2
"""So many pairs of neighbouring words that two headlines share make a form."""
_LOOKED_AT = 100


def only_its_form_in_common(window: View, asked: Asked, told: Filed, near: NearReports) -> bool:
    """Whether a report has nothing of its own in common with the one that the alert told: nearly
    all of that stands in two other stories of the window as well, and the headlines are one form
    with a telling word each that the other report lacks.

    `near` are the report's neighbours, most alike first, as `likeness.neighbours` finds them.
    """
    mine, theirs = asked.terms[: asked.heads], told.terms[: told.heads]
    shared = set(pairwise(mine)).intersection(pairwise(theirs))
    if len(shared) < _OF_A_FORM:
        return False
    if not each_has_its_own(window, asked, told):
        return False
    return stock_share(window, asked, told, near) >= _NEARLY_ALL


def stock_share(window: View, asked: Asked, told: Filed, near: NearReports) -> float:
    """How much of what two reports have in common at least two other stories have too, 0 to 1, by
    weight, each in one of its reports; 0 where they have nothing in common.
    """
    theirs = set(told.terms)
    shared = [
        (term, weight)
        for term, weight in zip(asked.terms, asked.weights, strict=True)
        if term in theirs
    ]
    total = sum([weight for _, weight in shared])
    if total <= 0:
        return 0.0
    best: dict[int, float] = {}
    for report in map(window.report, near.first(_LOOKED_AT)):
        story = report.story
        if story != told.story:
            terms = set(report.terms)
            has = sum([weight for term, weight in shared if term in terms])
            best[story] = max(best.get(story, 0.0), has / total)
    most = sorted(best.values(), reverse=True)
    return min(1.0, most[_OTHER_STORIES - 1]) if len(most) >= _OTHER_STORIES else 0.0
