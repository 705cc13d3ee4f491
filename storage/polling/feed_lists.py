"""Feeds from many rows, beside the loop."""

from collections.abc import Sequence

from bot.aside import aside
from bot.news.feed import Feed
from storage.database import Row
from storage.polling.feed_rows import feed_of

_MANY = 200
"""So many take five milliseconds."""


async def feeds_of(rows: Sequence[Row]) -> list[Feed]:
    """The feeds of these rows. A catalogue of a hundred thousand takes two seconds, in which
    everybody else would wait.
    """
    if len(rows) <= _MANY:
        return _made(rows)
    return await aside(_made, rows)


def _made(rows: Sequence[Row]) -> list[Feed]:
    return [feed_of(row) for row in rows]
