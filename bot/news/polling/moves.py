"""When a feed that says it has moved is believed. Pure.

A permanent redirect (RFC 9110, 301 and 308) is sometimes a mistake of a few hours, or the door of
a hotel's network. The new address is taken once several polls over a day agreed on it.
"""

from collections.abc import Sequence, Set

from msgspec import Struct

from bot.news.polling.entry_keys import EntryKeys

AGREEING_POLLS = 3
AGREEING_SECONDS = 86_400.0


class Move(Struct, frozen=True):
    """Where a feed says it is now, since when, and at how many polls in a row.

    `hinted` is said in the document (itunes:new-feed-url) rather than by the server.
    """

    to: str
    since: float
    polls: int = 1
    hinted: bool = False


def after_answer(
    move: Move | None, url: str, redirected: str | None, hint: str | None, now: float
) -> Move | None:
    """What is known of a move after a good answer of the feed at `url`, which may name a place."""
    to = redirected or hint
    if to is None or to == url:
        return None
    if move is None or move.to != to or move.since > now:  # seen by a clock that was ahead
        return Move(to, now, hinted=redirected is None)
    return Move(to, move.since, move.polls + 1, redirected is None)


def is_agreed(move: Move | None, now: float) -> bool:
    """Whether the move may be followed, should a feed be found there."""
    return (
        move is not None and move.polls >= AGREEING_POLLS and now - move.since >= AGREEING_SECONDS
    )


def is_the_same(document: Sequence[EntryKeys], memory: Set[bytes]) -> bool:
    """Whether a document is that of the feed whose keys are remembered so: most of its entries are
    known. A hint alone may stand in a template that was copied from another feed.
    """
    known = sum(not memory.isdisjoint(keys.keys) for keys in document)
    return known * 2 > len(document)
