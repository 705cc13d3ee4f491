"""What became of a link, in words. Pure."""

from bot.delivery.render import code, escape, isolated
from bot.news.history import Follow
from bot.news.telling.explaining import (
    ChangedSince,
    ChatPaused,
    Dropped,
    Explanation,
    FollowedLater,
    ForDigest,
    ForSources,
    InQueue,
    Muted,
    NoTopic,
    NotPlaced,
    OutcomeUnknown,
    PartOfTold,
    QuietHours,
    Reason,
    RecordGone,
    Refused,
    Sending,
    StoredQuietly,
    StoryMuted,
    Undelivered,
    WasTold,
)
from bot.news.text.plain import cut, tidy
from bot.news.why import Why
from handlers.commands.why import Clock, how_joined, linked, named, topic_named

_REASON = 200
_NAME = 40
_MOST_NAMED = 5
_PARTS = 120


def heading(found: Explanation, clock: Clock) -> str:
    """The report that was asked about, and the story that it is part of."""
    heard = found.sighting.heard
    source = isolated(cut(tidy(heard.source), _NAME))
    said = f"{linked(heard)} ({source}, seen {clock(heard.seen_at)})"
    if found.within is not None and not isinstance(found.reason, PartOfTold):
        said += f"\nIt is part of a story: {named(found.within)}"
    return said


def sentence(reason: Reason, clock: Clock) -> str:
    """The reason in words: those of a delivery here, those of what was not enqueued below."""
    match reason:
        case WasTold(at=at, wishes=wishes, gathered=gathered):
            names = [isolated(cut(tidy(w.topic), _NAME)) for w in wishes if w.topic]
            by = f", for {', '.join(names[:_MOST_NAMED])}" if names else ""
            return f"Told here{' in a digest' if gathered else ''} at {clock(at)}{by}."
        case PartOfTold(at=at, by=by, joined=joined):
            teller = f" by {named(by)}" if by else ""
            return (
                "Not told by itself: it is part of a story already told at "
                f"{clock(at)}{teller}. What it shares with it: {how_joined(joined)}."
            )
        case Sending():
            return "It is being sent at this moment."
        case InQueue() as waits:
            return _in_queue(waits, clock)
        case QuietHours(until=until):
            return f"Quiet hours hold it until {clock(until)}. /quiet changes them."
        case ForDigest(due_at=due_at, reason=said):
            why = f": {escape(cut(str(said), _REASON))}" if said else ""
            comes = "waits in the queue" if due_at is None else f"comes at {clock(due_at)}"
            return f"Held for the digest that {comes}{why}."
        case ForSources(needed=needed, now=now, over=over):
            carried = f"{needed} independent sources carry it, and {now} did"
            return (
                f"It waited until {carried} in three days: given up."
                if over
                else f"Waiting until {carried} so far."
            )
        case Refused(reason=said, at=at):
            return f"Telegram refused it at {clock(at)}: {_quoted(said)}"
        case OutcomeUnknown(reason=said, at=at):
            return (
                f"Outcome unknown: it was sent at {clock(at)} and Telegram's answer was "
                f"lost, so it may have arrived. {_quoted(said)}"
            )
        case Dropped(reason=said, at=at):
            return f"Dropped at {clock(at)} before it was sent: {_quoted(said)}"
    return _not_enqueued(reason, clock)


def _in_queue(waits: InQueue, clock: Clock) -> str:
    said = "Waiting in the queue"
    if waits.ahead:
        said += f" behind {waits.ahead} other{'s' if waits.ahead > 1 else ''} of this chat"
    if waits.not_before is not None:
        until = clock(waits.not_before)
        said += f"; Telegram asked to wait until {until}" if waits.asked else f" until {until}"
    if waits.error:
        said += f". Tried {waits.attempts} times, last: {_quoted(waits.error)}"
    return said + "."


def _not_enqueued(reason: Undelivered, clock: Clock) -> str:
    match reason:
        case NotPlaced():
            return "Seen a moment ago; it has not been looked at yet. Ask again in a minute."
        case StoryMuted(at=at):
            return f"Its story was muted here at {clock(at)}."
        case Muted(by=by, at=at):
            return f"Kept away at {clock(at)}: {escape(cut(str(by), _REASON))}."
        case RecordGone():
            return "It was wanted here, but what became of it is no longer on record."
        case StoredQuietly(source=source, archive=archive):
            name = isolated(cut(tidy(source), _NAME))
            when = (
                f"It came with an archive that {name} showed at once, or below all it showed before"
                if archive
                else f"It was there when {name} was first read"
            )
            return f"{when}: such stories are stored quietly. /latest finds them."
        case ChatPaused(until=until, reason=said):
            resumed = f", until {clock(until)}" if until is not None else ""
            told = f" ({escape(cut(str(said), _REASON))})" if said else ""
            return f"This chat was paused when it came{resumed}{told}."
        case FollowedLater(follow=follow):
            since = clock(follow.since)
            return f"It came before: {_followed(follow)} is followed since {since}."
        case ChangedSince(follow=follow):
            return (
                f"Nothing asked for it when it came. {_followed(follow)} fits it as it reads now: "
                "it was changed since."
            )
        case NoTopic() as none:
            return _no_topic(none)


def _no_topic(none: NoTopic) -> str:
    if not none.topics and not none.sources:
        return "This chat follows nothing yet: /topic and words, or /subscribe."
    said = []
    if none.sources:
        names = [isolated(cut(tidy(name), _NAME)) for name in none.sources[:_MOST_NAMED]]
        more = (
            f" and {len(none.sources) - len(names)} more" if len(none.sources) > len(names) else ""
        )
        said.append(f"Of sources, this chat follows {', '.join(names)}{more}.")
    if none.topics:
        said.append("No topic matched.")
    if none.nearest:
        follow, miss = none.nearest
        parts = [
            f"{what} {code(cut(', '.join(names), _PARTS))}"
            for what, names in (
                ("has", miss.has), ("misses", miss.misses), ("left out by", miss.left_out)
            )
            if names
        ]  # fmt: skip
        said.append(f"Nearest: {topic_named(follow.name, follow.query)}: {', '.join(parts)}.")
    return " ".join(said)


def _followed(follow: Follow) -> str:
    if follow.query is not None:
        return f"Topic {topic_named(follow.name, follow.query)}"
    if follow.group:
        return f"The group {isolated(cut(tidy(follow.group), _NAME))}"
    return isolated(cut(tidy(follow.name), _NAME)) if follow.feed_id else "Every story"


def _quoted(reason: Why | None) -> str:
    return code(cut(tidy(str(reason)), _REASON)) if reason else "no reason is on record."
