"""Why a chat was told of a link, or what kept it away: one reason, from what is on record. Pure.

In this order, for each story that has the link:

1. There is a delivery: it was told; it is part of a story that was told by another report; it is
   being sent, waits in the queue, for the end of quiet hours, for a digest or for more sources;
   Telegram refused it; its outcome is unknown; or it was ended before it was sent.
2. Nobody has looked at it yet.
3. It was wanted, and muted: the story, or else a topic, a word or a source; or it came in a
   language that the chat had not chosen.
4. It was stored quietly: there when its feed was first read, part of an archive, or old.
5. The chat was paused, follows it only since, or its topic was changed since.
6. No topic matched; then the one that missed least is named.

Where a link has several stories, what came furthest counts.
"""

from collections.abc import Sequence

from msgspec import Struct

from bot.errors import QueryError
from bot.news.chat import ChatState
from bot.news.history import Case, Follow, Heard, Inquiry, LinkReport, Posted, Wish
from bot.news.outbox import DeliveryState
from bot.news.query.match import StoryText
from bot.news.query.near_miss import Miss, nearest_miss
from bot.news.query.parse import parse_query
from bot.news.telling.timing import QUIET_HOURS
from bot.news.why import Code, Why

_HUSHED_WITHIN_SECONDS = 60.0
_NOTHING = Miss((), ())


class WasTold(Struct, frozen=True):
    """It was told, in a message of its own or `gathered` in a digest."""

    at: float
    message_id: int | None
    thread_id: int
    wishes: tuple[Wish, ...]
    gathered: bool


class PartOfTold(Struct, frozen=True):
    """Its story was told by another report, to which it was attached."""

    at: float
    message_id: int | None
    thread_id: int
    by: Heard | None
    joined: str | None
    in_doubt: bool = False


class Sending(Struct, frozen=True):
    """It is on its way at this moment."""


class InQueue(Struct, frozen=True):
    """It waits to be sent: not before `not_before`, where that is set, as Telegram `asked` or
    since an attempt failed; `error` is what came of the last of the attempts.
    """

    ahead: int
    not_before: float | None
    asked: bool
    attempts: int
    error: Why | None


class QuietHours(Struct, frozen=True):
    """It is held until the chat's quiet hours end."""

    until: float


class ForDigest(Struct, frozen=True):
    """It is held for a digest, which comes at `due_at`, or is in the queue where that is None."""

    due_at: float | None
    reason: Why | None


class ForSources(Struct, frozen=True):
    """It waits, or waited in vain (`over`), for more sources to carry it."""

    needed: int
    now: int
    over: bool


class DeliveryRefused(Struct, frozen=True):
    """Telegram did not take it."""

    reason: Why | None
    at: float


class OutcomeUnknown(Struct, frozen=True):
    """It may have arrived: Telegram's answer was lost."""

    reason: Why | None
    at: float


class Dropped(Struct, frozen=True):
    """It was ended before it was sent."""

    reason: Why | None
    at: float


class NotPlaced(Struct, frozen=True):
    """It was seen a moment ago and nobody has looked at it yet."""

    seen_at: float


class StoryMuted(Struct, frozen=True):
    """The story was muted in this chat."""

    at: float


class Muted(Struct, frozen=True):
    """Something that the chat muted kept it away, or its language, or an alert to the same; `by`
    says what.
    """

    by: Why
    at: float


class RecordGone(Struct, frozen=True):
    """It was wanted, and what became of it is not on record any more."""

    wishes: tuple[Wish, ...]
    at: float


class StoredQuietly(Struct, frozen=True):
    """It was there when its feed was first read, or came later and was old: with an `archive`, or
    where another entry was deleted.
    """

    source: str
    seen_at: float
    archive: bool


class ChatPaused(Struct, frozen=True):
    """The chat was not served when it came; `until` is when it was resumed, if it was."""

    seen_at: float
    until: float | None
    reason: Why | None


class FollowedLater(Struct, frozen=True):
    """What would have brought it is followed only since."""

    follow: Follow
    seen_at: float


class ChangedSince(Struct, frozen=True):
    """What follows it now did not match when it came: the topic was changed since."""

    follow: Follow
    seen_at: float


class NoTopic(Struct, frozen=True):
    """Nothing that the chat follows asked for it. `nearest` is the topic that missed least."""

    source: str
    topics: int
    sources: tuple[str, ...]
    nearest: tuple[Follow, Miss] | None
    seen_at: float


Undelivered = (
    NotPlaced | StoryMuted | Muted | RecordGone | StoredQuietly | ChatPaused | FollowedLater
    | ChangedSince | NoTopic
)  # fmt: skip
Delivered = (
    WasTold | PartOfTold | Sending | InQueue | QuietHours | ForDigest | ForSources | DeliveryRefused
    | OutcomeUnknown | Dropped
)  # fmt: skip
Reason = Delivered | Undelivered

_FURTHEST_FIRST: tuple[type[Reason], ...] = (
    WasTold, PartOfTold, Sending, InQueue, QuietHours, ForDigest, ForSources, OutcomeUnknown,
    DeliveryRefused, Dropped, StoryMuted, Muted, RecordGone, NotPlaced, ChatPaused, FollowedLater,
    ChangedSince, NoTopic, StoredQuietly,
)  # fmt: skip


class Explanation(Struct, frozen=True):
    """The reason, and of which report: the one with the link. `within` is the report that stands
    for its story where that is another.
    """

    reason: Reason
    sighting: LinkReport
    within: Heard | None = None


def explain(inquiry: Inquiry, now: float) -> Explanation | None:
    """What became of a link in a chat, or None where no report has it."""
    found = [_of_case(inquiry, case, now) for case in inquiry.cases]
    return min(
        found,
        key=lambda each: (
            _FURTHEST_FIRST.index(type(each.reason)),
            -each.sighting.heard.seen_at,
        ),
        default=None,
    )


def _of_case(inquiry: Inquiry, case: Case, now: float) -> Explanation:
    rung = [sighting for sighting in case.sightings if not sighting.quiet]
    sighting = (rung or case.sightings)[0]
    if case.posted:
        ids = {each.heard.id for each in case.sightings}
        posted = min(
            case.posted, key=lambda each: (_ADVANCED.index(each.state), each.report_id not in ids)
        )
        own = [each for each in case.sightings if each.heard.id == posted.report_id]
        reason = _of_delivery(inquiry, case, posted, sighting, bool(own), now)
        return Explanation(reason, own[0] if own else sighting, None if own else posted.rang)
    return Explanation(_undelivered(inquiry, case, sighting), sighting)


_ADVANCED = (
    DeliveryState.SENT,
    DeliveryState.SENDING,
    DeliveryState.PENDING,
    DeliveryState.HELD,
    DeliveryState.WAITING,
    DeliveryState.UNKNOWN,
    DeliveryState.FAILED,
    DeliveryState.DEAD,
)


def _of_delivery(
    inquiry: Inquiry, case: Case, posted: Posted, sighting: LinkReport, own: bool, now: float
) -> Reason:
    at = posted.settled_at if posted.settled_at is not None else posted.created_at
    # What ended a digest ended its stories.
    error = posted.within_error if posted.within_state is not None else posted.error
    match posted.state:
        case DeliveryState.SENT if own:
            gathered = posted.within_state is not None
            return WasTold(at, posted.message_id, posted.thread_id, _kept(case), gathered)
        case DeliveryState.SENT:
            heard, rang = sighting.heard, posted.rang
            in_doubt = heard.doubtful or (rang is not None and rang.doubtful)
            message, thread = posted.message_id, posted.thread_id
            return PartOfTold(at, message, thread, rang, heard.joined, in_doubt)
        case DeliveryState.SENDING:
            return Sending()
        case DeliveryState.PENDING:
            return _in_queue(inquiry, posted, now)
        case DeliveryState.HELD:
            return _held(posted)
        case DeliveryState.WAITING:
            return ForSources(posted.sources or 1, case.sources, over=False)
        case DeliveryState.UNKNOWN:
            return OutcomeUnknown(error, at)
        case DeliveryState.FAILED:
            return DeliveryRefused(error, at)
        case DeliveryState.DEAD:
            if error is not None and error.code is Code.FEWER_SOURCES:
                return ForSources(posted.sources or 1, case.sources, over=True)
            return Dropped(error, at)


def _in_queue(inquiry: Inquiry, posted: Posted, now: float) -> InQueue:
    not_before = max(posted.due_at, inquiry.hold_until)
    return InQueue(
        posted.ahead,
        not_before if not_before > now else None,
        inquiry.hold_until >= posted.due_at,
        posted.attempts,
        # Before the first attempt it says why it was held before.
        posted.error if posted.attempts else None,
    )


def _held(posted: Posted) -> QuietHours | ForDigest:
    if posted.within_state is not None:
        return ForDigest(None, posted.error)
    if posted.error == QUIET_HOURS:
        return QuietHours(posted.due_at)
    return ForDigest(posted.due_at, posted.error)


def _undelivered(inquiry: Inquiry, case: Case, sighting: LinkReport) -> Reason:
    seen_at = sighting.heard.seen_at
    if sighting.story_id is None:
        return NotPlaced(seen_at)
    wanted = _kept(case)
    wanted_at = max((wish.at for wish in wanted), default=0.0)
    if wanted and case.muted_at is not None and case.muted_at <= wanted_at:
        return StoryMuted(case.muted_at)
    muted = [(wish.kept_by, wish.at) for wish in case.wishes if wish.kept_by]
    if muted and not wanted:
        return Muted(*muted[-1])
    if wanted:
        return RecordGone(wanted, wanted_at)
    if sighting.quiet:
        return StoredQuietly(sighting.heard.source, seen_at, _is_archive(sighting))
    return _unwanted(inquiry, sighting)


def _kept(case: Case) -> tuple[Wish, ...]:
    """The wishes that nothing kept away; a topic that several reports matched stands once."""
    kept = {(w.topic, w.subscribed): w for w in case.wishes if not w.kept_by}
    return tuple(kept.values())


def _is_archive(sighting: LinkReport) -> bool:
    """Whether a quiet report came later than the first poll of its feed, as with an archive."""
    seen_at, hushed_at = sighting.heard.seen_at, sighting.hushed_at
    hushed = hushed_at is not None and 0.0 <= seen_at - hushed_at <= _HUSHED_WITHIN_SECONDS
    return sighting.earlier or hushed


def _unwanted(inquiry: Inquiry, sighting: LinkReport) -> Reason:
    seen_at = sighting.heard.seen_at
    if inquiry.state is not ChatState.ACTIVE and inquiry.changed_at <= seen_at:
        return ChatPaused(seen_at, None, inquiry.reason)
    text = _text(sighting)
    missed = [(follow, _miss(follow, sighting, text)) for follow in inquiry.follows]
    fitting = [follow for follow, miss in missed if miss == _NOTHING]
    if fitting:
        follow = min(fitting, key=lambda each: each.since)
        if follow.since > seen_at:
            return FollowedLater(follow, seen_at)
        if inquiry.state is ChatState.ACTIVE and inquiry.since < seen_at < inquiry.changed_at:
            return ChatPaused(seen_at, inquiry.changed_at, inquiry.reason)
        return ChangedSince(follow, seen_at)
    topics = [follow for follow in inquiry.follows if follow.query is not None]
    return NoTopic(
        sighting.heard.source,
        len(topics),
        tuple(follow.name for follow in inquiry.follows if follow.query is None),
        _nearest(missed),
        seen_at,
    )


def _text(sighting: LinkReport) -> StoryText:
    """The text by which the desk matched the report."""
    heard = sighting.heard
    return StoryText(
        sighting.text_title, sighting.summary, heard.source, sighting.language, heard.link
    )


def _miss(follow: Follow, sighting: LinkReport, text: StoryText) -> Miss | None:
    """What the report lacks of what is followed: nothing where it fits; None where there is no
    query to lack something of, or none that can be read.
    """
    if follow.query is None:
        if follow.group:
            return _NOTHING if follow.group == sighting.group else None
        return _NOTHING if follow.feed_id in (None, sighting.feed_id) else None
    try:
        return nearest_miss(parse_query(follow.query), text) or _NOTHING
    except QueryError:
        return None


def _nearest(missed: Sequence[tuple[Follow, Miss | None]]) -> tuple[Follow, Miss] | None:
    known = [(follow, miss) for follow, miss in missed if miss]
    return min(known, key=lambda each: each[1].distance, default=None)
