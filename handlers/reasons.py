"""What became of a link, in words. Pure."""

from bot.news.history import Follow
from bot.news.query.near_miss import Miss
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
from bot.news.why import Code, Why
from bot.texts.html import Html, code, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say
from handlers.commands.why import how_joined, linked, named, some, topic_named

_REASON = 200
_NAME = 40
_MOST_NAMED = 5
_PARTS = 120


def heading(found: Explanation, locale: Locale) -> Html:
    """The report that was asked about, and the story that it is part of."""
    heard = found.sighting.heard
    said = locale.t(
        "{headline} ({source}, seen {time})",
        headline=linked(heard, locale),
        source=cut(tidy(heard.source), _NAME),
        time=locale.clock(heard.seen_at),
    )
    if found.within is None or isinstance(found.reason, PartOfTold):
        return said
    story = named(found.within, locale)
    return lines(said, locale.t("It is part of a story: {story}", story=story))


def sentence(reason: Reason, locale: Locale) -> Html:
    """The reason in words: those of a delivery here, those of what was not enqueued below."""
    match reason:
        case WasTold() as told:
            return _was_told(told, locale)
        case PartOfTold() as part:
            return _part_of_told(part, locale)
        case Sending():
            return locale.t("It is being sent at this moment.")
        case InQueue() as waits:
            return _in_queue(waits, locale)
        case QuietHours(until=until):
            at = locale.clock(until)
            return locale.t("Quiet hours hold it until {time}. /quiet changes them.", time=at)
        case ForDigest() as held:
            return _for_digest(held, locale)
        case ForSources() as waits_for:
            return _for_sources(waits_for, locale)
        case Refused() | OutcomeUnknown() | Dropped():
            return _ended(reason, locale)
    return _not_enqueued(reason, locale)


def _ended(reason: Refused | OutcomeUnknown | Dropped, locale: Locale) -> Html:
    at, why = locale.clock(reason.at), _quoted(reason.reason, locale)
    match reason:
        case Refused():
            return locale.t("Telegram refused it at {time}: {why}", time=at, why=why)
        case Dropped():
            return locale.t("Dropped at {time} before it was sent: {why}", time=at, why=why)
    return locale.t(
        "Outcome unknown: it was sent at {time} and Telegram's answer was lost, so it may have"
        " arrived. {why}",
        time=at,
        why=why,
    )


def _was_told(told: WasTold, locale: Locale) -> Html:
    at = locale.clock(told.at)
    topics = [cut(tidy(wish.topic), _NAME) for wish in told.wishes if wish.topic]
    names = locale.list(topics[:_MOST_NAMED])
    if told.gathered and names:
        return locale.t("Told here in a digest at {time}, for {topics}.", time=at, topics=names)
    if told.gathered:
        return locale.t("Told here in a digest at {time}.", time=at)
    if names:
        return locale.t("Told here at {time}, for {topics}.", time=at, topics=names)
    return locale.t("Told here at {time}.", time=at)


def _part_of_told(part: PartOfTold, locale: Locale) -> Html:
    at, how = locale.clock(part.at), how_joined(part.joined)
    if part.by is None:
        return locale.t(
            "Not told by itself: it is part of a story already told at {time}. What it shares with"
            " it: {how}.",
            time=at,
            how=how,
        )
    return locale.t(
        "Not told by itself: it is part of a story already told at {time} by {report}. What it"
        " shares with it: {how}.",
        time=at,
        report=named(part.by, locale),
        how=how,
    )


def _for_digest(held: ForDigest, locale: Locale) -> Html:
    if held.due_at is None:
        said = locale.t("Held for the digest that waits in the queue")
    else:
        at = locale.clock(held.due_at)
        said = locale.t("Held for the digest that comes at {time}", time=at)
    if held.reason is None:
        return locale.t("{sentence}.", sentence=said)
    return locale.t("{sentence}: {why}.", sentence=said, why=_words(held.reason, locale))


def _for_sources(waits: ForSources, locale: Locale) -> Html:
    counts = {"needed": waits.needed, "now": waits.now}
    if not waits.over:
        return locale.t(
            "Waiting until {needed} independent sources carry it, and {now} did so far.", **counts
        )
    return locale.t(
        "It waited until {needed} independent sources carry it, and {now} did in three days:"
        " given up.",
        **counts,
    )


def _in_queue(waits: InQueue, locale: Locale) -> Html:
    said = locale.t("Waiting in the queue")
    if waits.ahead:
        said = locale.n(
            "Waiting in the queue behind 1 other of this chat",
            "Waiting in the queue behind {n} others of this chat",
            waits.ahead,
        )
    at = locale.clock(waits.not_before or 0.0)
    if waits.not_before is None:
        said = locale.t("{sentence}.", sentence=said)
    elif waits.asked:
        said = locale.t("{sentence}; Telegram asked to wait until {time}.", sentence=said, time=at)
    else:
        said = locale.t("{sentence} until {time}.", sentence=said, time=at)
    if waits.error is None:
        return said
    why, tries = _quoted(waits.error, locale), waits.attempts
    tried = locale.n("Tried once, last: {why}.", "Tried {n} times, last: {why}.", tries, why=why)
    return joined(" ", [said, tried])


def _not_enqueued(reason: Undelivered, locale: Locale) -> Html:
    clock = locale.clock
    match reason:
        case NotPlaced():
            return locale.t(
                "Seen a moment ago; it has not been looked at yet. Ask again in a minute."
            )
        case StoryMuted(at=at):
            return locale.t("Its story was muted here at {time}.", time=clock(at))
        case Muted() as muted:
            return _muted(muted, locale)
        case RecordGone():
            return locale.t("It was wanted here, but what became of it is no longer on record.")
        case StoredQuietly() as stored:
            return _stored_quietly(stored, locale)
        case ChatPaused() as paused:
            return _chat_paused(paused, locale)
        case FollowedLater(follow=follow):
            return locale.t(
                "It came before: {what} is followed since {time}.",
                what=_followed(follow),
                time=clock(follow.since),
            )
        case ChangedSince(follow=follow):
            return locale.t(
                "Nothing asked for it when it came. {what} fits it as it reads now: it was changed"
                " since.",
                what=_followed(follow),
            )
        case NoTopic() as none:
            return _no_topic(none, locale)


def _muted(muted: Muted, locale: Locale) -> Html:
    at, by = locale.clock(muted.at), muted.by
    if by.code is Code.OTHER_LANGUAGE:
        return locale.t(
            "Kept away at {time}: it is in {language}, and this chat did not choose that. /language"
            " changes it.",
            time=at,
            language=locale.name_of(str(by.args[0])),
        )
    return locale.t("Kept away at {time}: {why}.", time=at, why=_words(by, locale))


def _stored_quietly(stored: StoredQuietly, locale: Locale) -> Html:
    source = cut(tidy(stored.source), _NAME)
    if stored.archive:
        return locale.t(
            "It came with an archive that {source} showed at once, or below all it showed before:"
            " such stories are stored quietly. /latest finds them.",
            source=source,
        )
    return locale.t(
        "It was there when {source} was first read: such stories are stored quietly. /latest finds"
        " them.",
        source=source,
    )


def _chat_paused(paused: ChatPaused, locale: Locale) -> Html:
    if paused.until is None:
        said = locale.t("This chat was paused when it came")
    else:
        until = locale.clock(paused.until)
        said = locale.t("This chat was paused when it came, until {time}", time=until)
    if paused.reason is None:
        return locale.t("{sentence}.", sentence=said)
    return locale.t("{sentence} ({why}).", sentence=said, why=_words(paused.reason, locale))


def _no_topic(none: NoTopic, locale: Locale) -> Html:
    if not none.topics and not none.sources:
        return locale.t("This chat follows nothing yet: /topic and words, or /subscribe.")
    said = []
    if none.sources:
        names = some(none.sources, _MOST_NAMED, locale)
        said.append(locale.t("Of sources, this chat follows {names}.", names=names))
    if none.topics:
        said.append(locale.t("No topic matched."))
    if none.nearest:
        follow, miss = none.nearest
        topic = topic_named(follow.name, follow.query)
        parts = locale.list(locale.t(part) for part in _missed(miss))
        said.append(locale.t("Nearest: {topic}: {parts}.", topic=topic, parts=parts))
    return joined(" ", said)


def _missed(miss: Miss) -> list[Said]:
    has, misses, left_out = (
        code(cut(", ".join(names), _PARTS)) for names in (miss.has, miss.misses, miss.left_out)
    )
    said = (
        (miss.has, say("has {words}", words=has)),
        (miss.misses, say("misses {words}", words=misses)),
        (miss.left_out, say("left out by {words}", words=left_out)),
    )
    return [part for names, part in said if names]


def _followed(follow: Follow) -> Said | str:
    if follow.query is not None:
        return say("Topic {topic}", topic=topic_named(follow.name, follow.query))
    if follow.group:
        return say("The group {group}", group=cut(tidy(follow.group), _NAME))
    return cut(tidy(follow.name), _NAME) if follow.feed_id else say("Every story")


def _words(why: Why, locale: Locale) -> str:
    return cut(tidy(locale.plain(why.said)), _REASON)


def _quoted(why: Why | None, locale: Locale) -> Html:
    return code(_words(why, locale)) if why else locale.t("no reason is on record.")
