"""Feeds, from their rows and into them."""

import json
import struct
from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping
from typing import Any

from bot.news.feed import Feed
from bot.news.polling.gaps import Gaps
from bot.news.polling.identity import KnownBy, Policy
from bot.news.polling.listing import Listing
from bot.news.polling.moves import Move
from bot.news.polling.politeness import host_key
from bot.news.polling.poll_hints import NO_HINTS, PollHints
from bot.news.polling.rhythm import UNHEARD, Rhythm
from bot.news.why import read_why, read_whys, stored_whys
from storage.database import Row

_RHYTHM = struct.Struct("<3d31f")  # of counts seven digits, more than mean anything
# Not the address.
UPDATE_FEED = (
    "UPDATE feeds SET title = ?, language = ?, suspended = ?, settled = ?, etag = ?,"
    " last_modified = ?, body_hash = ?, poll_at = ?, interval = ?, failures = ?, error = ?,"
    " answered_at = ?, news_at = ?, failing_since = ?, known_by = ?, known_by_reason = ?,"
    " newest_at = ?, usual = ?, hushed = ?, hushed_at = ?, moved_to = ?, moved_since = ?,"
    " moved_polls = ?, moved_hinted = ?, gone_at = ?, gaps = ?, gaps_seen = ?, host = ?,"
    " rhythm = ?, wishes = ?, reads = ?, remembered_at = ?, hub = ?, topic = ?, missed = ?,"
    " leaning = ?, shown = ?, usual_at = ?"
    " WHERE id = ? AND url = ?"
)


def state_of(feed: Feed) -> tuple[Any, ...]:
    """The values of `UPDATE_FEED`."""
    return (
        feed.title, feed.language, int(feed.suspended), int(feed.settled), feed.etag,
        feed.last_modified, feed.body_hash, feed.poll_at, feed.interval, feed.failures,
        feed.error and feed.error.stored(), feed.answered_at, feed.news_at, feed.failing_since,
        feed.policy.known_by.value, stored_whys(feed.policy.reason), feed.newest_at, feed.usual,
        feed.hushed, feed.hushed_at, *_move_state(feed.move), feed.gone_at, feed.gaps.every,
        feed.gaps.seen,
        host_key(feed.url), rhythm_text(feed.rhythm), hints_text(feed.hints), feed.reads,
        feed.remembered_at, feed.hub, feed.topic, feed.missed, feed.listing.leaning,
        feed.listing.shown, feed.usual_at, feed.id, feed.url,
    )  # fmt: skip


def _move_state(move: Move | None) -> tuple[Any, ...]:
    if move is None:
        return (None, None, 0, 0)
    return (move.to, move.since, move.polls, int(move.hinted))


def _move(row: Mapping[str, Any]) -> Move | None:
    if row["moved_to"] is None:
        return None
    return Move(row["moved_to"], row["moved_since"], row["moved_polls"], bool(row["moved_hinted"]))


def feed_of(found: Row) -> Feed:
    """A feed from its row."""
    # A row is asked for its columns by going through them all: some forty of forty.
    row = dict(zip(found.keys(), found, strict=True))
    return Feed(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        named=bool(row["named"]),
        group=row["folder"],
        language=row["language"],
        suspended=bool(row["suspended"]),
        settled=bool(row["settled"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_hash=row["body_hash"],
        poll_at=row["poll_at"],
        interval=row["interval"],
        failures=row["failures"],
        error=read_why(row["error"]),
        answered_at=row["answered_at"],
        news_at=row["news_at"],
        failing_since=row["failing_since"],
        policy=Policy(_known_by(row["known_by"]), read_whys(row["known_by_reason"])),
        newest_at=row["newest_at"],
        usual=row["usual"],
        usual_at=row["usual_at"],
        hushed=row["hushed"],
        hushed_at=row["hushed_at"],
        move=_move(row),
        gone_at=row["gone_at"],
        gaps=Gaps(row["gaps"], row["gaps_seen"]),
        rhythm=rhythm_of(row["rhythm"]),
        hints=hints_of(row["wishes"]),
        reads=row["reads"],
        remembered_at=row["remembered_at"],
        hub=row["hub"],
        topic=row["topic"],
        pushed_until=row["pushed_until"],
        missed=row["missed"],
        full_text=bool(row["full_text"]),
        guest=bool(row["guest"]),
        listing=Listing(row["leaning"], row["shown"]),
    )


def _known_by(stored: str) -> KnownBy:
    try:
        return KnownBy(stored)
    except ValueError:
        return KnownBy.ID  # as if nothing were known: no feed must keep others from being read


def rhythm_text(rhythm: Rhythm) -> str:
    """The rhythm as numbers in base64, which are read in a tenth of the time that their digits
    take; empty where nothing was counted.
    """
    if rhythm.at is None:
        return ""
    times = (rhythm.at, rhythm.span, rhythm.pulse)
    return b2a_base64(_RHYTHM.pack(*times, *rhythm.hours, *rhythm.days), newline=False).decode()


def rhythm_of(text: str) -> Rhythm:
    """The rhythm that a row holds."""
    if not text:
        return UNHEARD
    try:
        if text.startswith("["):
            return _former_rhythm(text)
        at, span, pulse, *counts = _RHYTHM.unpack(a2b_base64(text))
        return Rhythm(at, span, pulse, tuple(counts[:24]), tuple(counts[24:]))
    except (ValueError, TypeError, struct.error):
        return UNHEARD  # it is learned anew; no feed must keep the others from being read


def _former_rhythm(text: str) -> Rhythm:
    """As versions before wrote it, which holds until a feed brings news."""
    at, span, pulse, hours, days = json.loads(text)
    return Rhythm(at, span, pulse, tuple(hours), tuple(days))


def hints_text(hints: PollHints) -> str:
    """The hints as JSON; empty where there are none."""
    if hints == NO_HINTS:
        return ""
    return json.dumps([hints.seconds, hints.hours, hints.days], separators=(",", ":"))


def hints_of(text: str) -> PollHints:
    """The hints that a row holds."""
    if not text:
        return NO_HINTS
    try:
        seconds, hours, days = json.loads(text)
        return PollHints(seconds, tuple(hours), tuple(days))
    except (ValueError, TypeError):
        return NO_HINTS
