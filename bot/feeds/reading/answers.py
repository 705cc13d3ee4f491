"""What a parser's process says of a document, and what is understood of it: both sides of one
answer, in values that JSON has.

An entry is a row of its fields in their order, its former reading last: as dictionaries the thirty
entries of a document cost four times as much.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.poll_hints import PollHints
from bot.news.story import ParsedEntry

_OF_ENTRY = [name for name in ParsedEntry.__struct_fields__ if name != "formerly"]
_OF_FEED = [field.name for field in fields(ParsedFeed) if field.name not in ("entries", "hints")]
_row = attrgetter(*_OF_ENTRY)


def said_of(feed: ParsedFeed) -> dict[str, Any]:
    """A feed in values that JSON has."""
    rows = [(*_row(entry), entry.formerly and _row(entry.formerly)) for entry in feed.entries]
    hints = (feed.hints.seconds, list(feed.hints.hours), list(feed.hints.days))
    return {name: getattr(feed, name) for name in _OF_FEED} | {"entries": rows, "hints": hints}


def feed_of(answer: Mapping[str, Any]) -> ParsedFeed:
    """The feed that an answer says. Raises TypeError or ValueError where it says none."""
    seconds, hours, days = answer["hints"]
    hints = PollHints(seconds, tuple(hours), tuple(days))
    entries = tuple(map(_entry, answer["entries"]))
    return ParsedFeed(**{**answer, "entries": entries, "hints": hints})


def _entry(row: Sequence[Any]) -> ParsedEntry:
    if formerly := row[-1]:
        row = [*row[:-1], ParsedEntry(*formerly)]
    return ParsedEntry(*row)
