"""Whether joining a report to a story would hide other news from who has read the alert.

Likeness asks whether two reports are about the same subject; a reader asks whether they would miss
something. Two signs of that were found on joins that readers judged (`docs/stories.md`): a report
that is little like what the alert told, and two headlines of one form, each with a telling word of
its own: another place, person, product or day in the same sentence. Pure.
"""

import re
from collections.abc import Container, Sequence
from itertools import pairwise

from bot.news.stories.filed import Filed
from bot.news.stories.likeness import Asked
from bot.news.stories.splitting.calendar_words import weekday_of
from bot.news.stories.splitting.contest_words import ended_otherwise
from bot.news.stories.splitting.outcome_words import goes_otherwise, tells_of_a_toll
from bot.news.stories.splitting.terms import DENIES, DENIES_ANYWHERE, REPEATS
from bot.news.stories.vocabulary import Term
from bot.news.stories.window import View

_LEAST_LIKE_THE_ALERT, _LITTLE_LIKE_THE_ALERT = 0.36, 0.5
_ONE_FORM = 0.3
"""The share of neighbouring words in common from which two headlines are of one form."""
_NEARLY_ONE = 0.6
"""The share of words in common from which a small word or other figures make other news."""
_HOURS_LATER_SECONDS, _LATER_SECONDS = 6 * 3600, 12 * 3600
_FEWEST_WORDS, _LONG_WORD = 2, 6
_COUNT = re.compile("(?!(?:19|20)[0-9]{2}$)[1-9][0-9]{0,6}")
_DOUBLED = re.compile(r"([^\W\d])\1+")
_SAYS_SOMETHING = 3.0
"""The idf of a word that one story in twenty has, or fewer."""
_TELLING = 6.0
"""The idf of a word that one story in four hundred has, or fewer."""


def is_other_news(window: View, asked: Asked, told: Filed, alike: float) -> bool:
    """Whether a report is other news than the one that the alert told, which it is `alike` by such
    a cosine.
    """
    return (
        alike < _LEAST_LIKE_THE_ALERT
        or says_otherwise(window, asked, told)
        or (alike < _LITTLE_LIKE_THE_ALERT and _is_of_other_days_or_figures(asked, told))
    )


def _is_of_other_days_or_figures(asked: Asked, told: Filed) -> bool:
    """Whether both reports name days of the week, and none in common, or hours later figures: the
    next of its kind. Within hours one report counts what another did not yet.
    """
    if abs(asked.at - told.at) >= _HOURS_LATER_SECONDS and _have_other_figures(asked, told):
        return True
    days = weekday_of(asked.of.language)
    mine = {day for term in asked.terms if (day := days.get(asked.text(term))) is not None}
    theirs = {day for term in told.terms if (day := days.get(asked.text(term))) is not None}
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def says_otherwise(window: View, asked: Asked, told: Filed) -> bool:
    """Whether two headlines are nearly the same, and what they do not share makes other news: a
    telling word each, one word replaced by another, a "not"; half a day later also an "again", or
    other figures.
    """
    if fills_its_form_otherwise(window, asked, told) or _differ_in_one_word(window, asked, told):
        return True
    if _went_otherwise(asked, told):
        return True
    if _shared(asked.terms[: asked.heads], told.terms[: told.heads]) < _NEARLY_ONE:
        return False
    one, other = asked.of.wording, told.wording
    if _denies(one, other) or _denies(other, one):
        return True
    later = abs(asked.at - told.at) >= _LATER_SECONDS
    return later and (bool((one ^ other) & REPEATS) or _have_other_figures(asked, told))


def fills_its_form_otherwise(window: View, asked: Asked, told: Filed) -> bool:
    """Whether two headlines are of one form, and each has a telling word that the other report
    lacks.
    """
    mine, theirs = asked.terms[: asked.heads], told.terms[: told.heads]
    if _shared_neighbours(mine, theirs) < _ONE_FORM:
        return False
    return each_has_its_own(window, asked, told)


def _differ_in_one_word(window: View, asked: Asked, told: Filed) -> bool:
    """Whether one word of a headline stands in the place of another, and each report lacks the
    word of the other: it approves and it rejects, on Saturday and on Sunday.
    """
    mine, theirs = asked.terms[: asked.heads], told.terms[: told.heads]
    if len(mine) != len(theirs) or len(mine) < _FEWEST_WORDS:
        return False
    own = [pair for pair in zip(mine, theirs, strict=True) if pair[0] != pair[1]]
    if len(own) != 1:
        return False
    one, other = own[0]
    if one in told.terms or other in asked.own or min(window.idf((one, other))) <= _SAYS_SOMETHING:
        return False
    is_figure = window.vocabulary.is_figure
    return not (is_figure(one) or is_figure(other) or _is_akin(asked.text(one), asked.text(other)))


def _went_otherwise(asked: Asked, told: Filed) -> bool:
    """Whether two headlines say that something, a contest or a toll went another way; not where one
    says "not".
    """
    language = asked.of.language
    in_all = list(map(asked.text, told.terms))
    mine, theirs = list(map(asked.text, asked.terms[: asked.heads])), in_all[: told.heads]
    if not (asked.of.wording | told.wording) & DENIES and goes_otherwise(
        mine, theirs, in_all, language
    ):
        return True
    in_both = set(map(asked.text, asked.own.intersection(told.terms)))
    return ended_otherwise(mine, theirs, in_both, language) or (
        _is_a_multiple(mine, theirs, in_all)
        and tells_of_a_toll(mine, language)
        and tells_of_a_toll(theirs, language)
    )


def _is_a_multiple(mine: Sequence[str], theirs: Sequence[str], in_all: Container[str]) -> bool:
    """Whether each figure of a headline is twice each of the other at least, and new."""
    new, old = _counts(mine), _counts(theirs)
    return bool(new and old) and min(new) >= 2 * max(old) and str(min(new)) not in in_all


def _counts(headline: Sequence[str]) -> list[int]:
    """Its whole numbers, but for years."""
    return [int(term) for term in headline if _COUNT.fullmatch(term)]


def _is_akin(one: str, other: str) -> bool:
    """Whether two stems are most likely of one word: China and Chinese, line and line-up."""
    short, long = sorted((one, other), key=len)
    same = _same_beginning(short, long)
    return (same >= 4 and 4 * same >= 3 * len(short)) or _is_spelled_otherwise(one, other)


def _is_spelled_otherwise(one: str, other: str) -> bool:
    """Whether two stems are one letter apart: Zelensky and Zelenskyy."""
    short, long = sorted((one, other), key=len)
    if len(long) < _LONG_WORD or len(long) - len(short) > 1 or one[0] != other[0]:
        return False
    same = _same_beginning(short, long)
    return long[same + 1 :] in (short[same:], short[same + 1 :])


def _same_beginning(short: str, long: str) -> int:
    pairs = enumerate(zip(short, long, strict=False))
    return next((place for place, (a, b) in pairs if a != b), len(short))


def _denies(one: int, other: int) -> bool:
    """Whether one headline, by its wording, denies what the other report denies nowhere."""
    return bool(one & DENIES) and not other & DENIES_ANYWHERE


def _have_other_figures(asked: Asked, told: Filed) -> bool:
    """Whether both reports have figures, and none in common."""
    is_figure = asked.vocabulary.is_figure
    mine = set(filter(is_figure, asked.terms))
    theirs = set(filter(is_figure, told.terms))
    return bool(mine) and bool(theirs) and mine.isdisjoint(theirs)


def _shared(mine: Sequence[Term], theirs: Sequence[Term]) -> float:
    """The part of the terms of two headlines that both have, 0 to 1."""
    both = len(set(mine).intersection(theirs))
    return both / (len(mine) + len(theirs) - both) if both else 0.0


def each_has_its_own(window: View, asked: Asked, told: Filed) -> bool:
    """Whether each of two headlines has a telling word, no figure, that the other report lacks."""
    mine, theirs = asked.terms[: asked.heads], told.terms[: told.heads]
    return _has_its_own(window, asked, mine, told.terms) and _has_its_own(
        window, asked, theirs, asked.terms
    )


def _shared_neighbours(mine: Sequence[Term], theirs: Sequence[Term]) -> float:
    """Of the pairs of words that stand beside each other in two headlines, the share that both
    have, 0 to 1.
    """
    ours, others = set(pairwise(mine)), set(pairwise(theirs))
    if not ours or not others:
        return 0.0
    return 2 * len(ours & others) / (len(ours) + len(others))


def _has_its_own(
    window: View, asked: Asked, headline: Sequence[Term], elsewhere: Sequence[Term]
) -> bool:
    own = [
        term for term in headline if term not in elsewhere and not window.vocabulary.is_figure(term)
    ]
    telling = [term for term, idf in zip(own, window.idf(own), strict=True) if idf > _TELLING]
    if not telling:
        return False
    spelled = {_without_doubles(asked.text(term)) for term in elsewhere}
    return any(_without_doubles(asked.text(term)) not in spelled for term in telling)


def _without_doubles(word: str) -> str:
    """One form for names that are written with a letter once and twice: Zelensky, Zelenskyy. No
    other likeness makes two names one: Niger is not Nigeria.
    """
    return _DOUBLED.sub(r"\1", word)
