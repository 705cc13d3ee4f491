"""Which topics are named where many of a chat match one report. Pure.

Each that is named is stored with the words that matched, for each report of a story: a hundred
topics that match everything would be most of the database. Those that ask to be told soonest are
named: when and how the chat is told hangs on them.
"""

from collections.abc import Sequence

from bot.news.chat import Topic

MOST_NAMED = 20
"""Topics of one chat that are named for one report, over all its threads; one each at least."""

Matched = tuple[Topic, tuple[str, ...]]


def named(matched: Sequence[Matched], places: int) -> Sequence[Matched]:
    """Those that are named in one of so many places in which the chat is told of a report."""
    most = max(MOST_NAMED // places, 1)
    return matched if len(matched) <= most else sorted(matched, key=_soonest)[:most]


def _soonest(matched: Matched) -> tuple[int, bool, bool, bool, int]:
    topic = matched[0]
    options = topic.options
    return options.sources, options.digest, options.silent, options.cap > 0, topic.id
