"""Whether an equal headline stands over something else, as "Two arrested after fatal stabbing" does
every other week. Pure.
"""

from bot.news.stories.filed import Filed
from bot.news.stories.splitting.calendar_words import calendar_terms
from bot.news.stories.splitting.terms import Terms
from bot.news.stories.window import View

_SERIES_SECONDS = 18 * 3600
_LATER_SECONDS = 12 * 3600


def is_of_a_series(window: View, terms: Terms, before: Filed, seconds: float) -> bool:
    """Whether one outlet tells something else under a headline that it had so many seconds before:
    another text, or hours later no text at all. A text that was cut is no other.
    """
    theirs = set(map(window.vocabulary.text, before.terms[before.heads :]))
    mine = set(terms.summary)
    if not mine and not theirs:
        return seconds >= _SERIES_SECONDS
    return not (mine <= theirs or theirs <= mine)


def is_of_another_day(
    window: View, terms: Terms, before: Filed, seconds: float, language: str | None
) -> bool:
    """Whether another outlet tells something else under a headline that was told so many seconds
    before: half a day later each of the texts has a name, a figure or a day that the other report
    has not, and no figure is in both.
    """
    if seconds < _LATER_SECONDS:
        return False
    theirs = list(map(window.vocabulary.text, before.terms))
    figures = set(filter(_is_figure, terms.summary))
    were = set(filter(_is_figure, theirs[before.heads :]))
    if figures & were:
        return False
    days = calendar_terms((language or "en")[:2])
    names = map(window.vocabulary.text, before.names)
    said = figures.union(terms.names, days.intersection(terms.summary))
    was_said = were.union(names, days.intersection(theirs))
    return not said.issubset(theirs) and not was_said.issubset(terms.title + terms.summary)


def _is_figure(term: str) -> bool:
    return term[0].isdigit()
