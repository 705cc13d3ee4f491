"""What became of a link, in words. Pure."""

from bot.news.history import Follow
from bot.news.query.near_miss import Miss
from bot.news.telling.explaining import (
    ChangedSince,
    ChatPaused,
    DeliveryRefused,
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
    Sending,
    StoredQuietly,
    StoryMuted,
    Undelivered,
    WasTold,
)
from bot.news.text.plain import cut, tidy
from bot.news.why import Code, Why
from bot.texts.html import Html, bold, code, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_many
from handlers.commands.why import how_joined, linked, named, some, topic_named
from handlers.screens.callback_data import pack

_REASON = 200
_NAME = 40
_MOST_NAMED = 5
_PARTS = 120


def title(reason: Reason) -> Said:
    """What became of it, in few words."""
    match reason:
        case WasTold():
            return say("It came")
        case PartOfTold():
            return say("Its story came")
        case Sending() | InQueue():
            return say("It is on its way")
        case ForSources(over=False) | QuietHours() | ForDigest():
            return say("Not yet")
        case OutcomeUnknown():
            return say("It may have come")
        case NotPlaced():
            return say("It is too new")
    return say("It did not come")


def heading(found: Explanation, locale: Locale) -> Html:
    """What became of it, the report that was asked about, and the story that it is part of."""
    heard = found.sighting.heard
    said = lines(
        bold(locale.t(title(found.reason))),
        locale.t(
            "{headline} ({source}, seen {time})",
            headline=linked(heard, locale),
            source=cut(tidy(heard.source), _NAME),
            time=locale.clock(heard.seen_at),
        ),
    )
    if found.within is None or isinstance(found.reason, PartOfTold):
        return said
    story = named(found.within, locale)
    return lines(said, locale.t("It is part of a story: {story}", story=story))


def setting_of(reason: Reason) -> tuple[Said, str] | None:
    """The button to what kept it: its label, and what it carries."""
    match reason:
        case QuietHours() | ForDigest(reason=Why(code=Code.QUIET_HOURS)):
            return say("Quiet hours"), pack("setting", "quiet")
        case ForDigest(reason=Why(code=Code.GATHERED)):
            return say("When alerts come"), pack("setting", "digest")
        case ForDigest(reason=Why(code=Code.CHAT_CAP)):
            return say("Daily limit"), pack("setting", "cap")
        case Muted(by=Why(code=Code.OTHER_LANGUAGE)):
            return say("Languages"), pack("language")
        case Muted(by=Why(code=Code.MUTED)):
            return say("Muted"), pack("muted")
        case ChatPaused(until=None):
            return say("Settings"), pack("settings")
        case ForDigest() | ForSources() | Muted() | FollowedLater() | ChangedSince() | NoTopic():
            return say("Topics"), pack("topics")
    return None


def sentence(reason: Reason, locale: Locale) -> Html:
    """The reason in words: those of a delivery here, those of what was not enqueued below."""
    match reason:
        case WasTold() as told:
            return _was_told(told, locale)
        case PartOfTold() as part:
            return _part_of_told(part, locale)
        case Sending():
            return locale.t("I am sending it now.")
        case InQueue() as waits:
            return _in_queue(waits, locale)
        case QuietHours(until=until):
            return locale.t("Quiet hours hold it until {time}.", time=locale.clock(until))
        case ForDigest() as held:
            return _for_digest(held, locale)
        case ForSources() as waits_for:
            return _for_sources(waits_for, locale)
        case DeliveryRefused() | OutcomeUnknown() | Dropped():
            return _ended(reason, locale)
    return _not_enqueued(reason, locale)


def _ended(reason: DeliveryRefused | OutcomeUnknown | Dropped, locale: Locale) -> Html:
    at, why = locale.clock(reason.at), _quoted(reason.reason, locale)
    match reason:
        case DeliveryRefused():
            return locale.t("Telegram refused it at {time}: {why}", time=at, why=why)
        case Dropped():
            return locale.t("I gave it up at {time}, before sending: {why}", time=at, why=why)
    return locale.t(
        "I sent it at {time}, and Telegram's answer was lost. Reason: {why}",
        time=at,
        why=why,
    )


def _was_told(told: WasTold, locale: Locale) -> Html:
    at = locale.clock(told.at)
    topics = [cut(tidy(wish.topic), _NAME) for wish in told.wishes if wish.topic]
    names = locale.list(topics[:_MOST_NAMED])
    if told.gathered and names:
        return locale.t("Sent in a digest at {time}, for {topics}.", time=at, topics=names)
    if told.gathered:
        return locale.t("Sent in a digest at {time}.", time=at)
    if names:
        return locale.t("Sent at {time}, for {topics}.", time=at, topics=names)
    return locale.t("Sent at {time}.", time=at)


def _part_of_told(part: PartOfTold, locale: Locale) -> Html:
    at, how = locale.clock(part.at), how_joined(part.joined)
    if part.by is not None and part.in_doubt:
        report = named(part.by, locale)
        return locale.t("Sent at {time}: {report}. It may not be the same.", time=at, report=report)
    if part.by is None:
        return locale.t("Sent at {time}. Why it is the same: {how}.", time=at, how=how)
    return locale.t(
        "Sent at {time}: {report}. Why it is the same: {how}.",
        time=at,
        report=named(part.by, locale),
        how=how,
    )


def _for_digest(held: ForDigest, locale: Locale) -> Html:
    at, why = held.due_at, _words(held.reason, locale) if held.reason else ""
    if at is None and why:
        return locale.t("It is in a digest that is on its way, because {why}.", why=why)
    if at is None:
        return locale.t("It is in a digest that is on its way.")
    time = locale.clock(at)
    if why:
        return locale.t("It waits for the digest at {time}, because {why}.", time=time, why=why)
    return locale.t("It waits for the digest at {time}.", time=time)


def _for_sources(waits: ForSources, locale: Locale) -> Html:
    needed, now = waits.needed, waits.now
    if not waits.over:
        said = say_many("Its topic waits for {n} sources. So far: {now}.", needed, now=now)
        return locale.t(said)
    said = say_many("Its topic waited three days for {n} sources. It had {now}.", needed, now=now)
    return locale.t(said)


def _in_queue(waits: InQueue, locale: Locale) -> Html:
    said = [locale.t("It comes next.")]
    if waits.ahead:
        said = [
            locale.n("1 other message comes first.", "{n} other messages come first.", waits.ahead)
        ]
    at = locale.clock(waits.not_before or 0.0)
    if waits.not_before is not None and waits.asked:
        said.append(locale.t("Telegram asked me to wait until {time}.", time=at))
    elif waits.not_before is not None:
        said.append(locale.t("It won't come before {time}.", time=at))
    if waits.error is not None:
        why, tries = _quoted(waits.error, locale), waits.attempts
        said.append(
            locale.n("I tried once: {why}", "I tried {n} times, the last: {why}", tries, why=why)
        )
    return joined(" ", said)


def _not_enqueued(reason: Undelivered, locale: Locale) -> Html:
    clock = locale.clock
    match reason:
        case NotPlaced():
            return locale.t("I saw it a moment ago. Ask again in a minute.")
        case StoryMuted(at=at):
            return locale.t("Its story was muted here at {time}.", time=clock(at))
        case Muted() as muted:
            return _muted(muted, locale)
        case RecordGone():
            return locale.t("It was meant for this chat. What became of it is not stored any more.")
        case StoredQuietly() as stored:
            return _stored_quietly(stored, locale)
        case ChatPaused() as paused:
            return _chat_paused(paused, locale)
        case FollowedLater(follow=follow):
            return locale.t(
                "It came before that. {what} has been followed since {time}.",
                what=_followed(follow),
                time=clock(follow.since),
            )
        case ChangedSince(follow=follow):
            return locale.t(
                "No topic here fitted it when it came. {what} was changed since, and fits now.",
                what=_followed(follow),
            )
        case NoTopic() as none:
            return _no_topic(none, locale)


def _muted(muted: Muted, locale: Locale) -> Html:
    at, by = locale.clock(muted.at), muted.by
    if by.code is Code.OTHER_LANGUAGE:
        language = locale.name_of(str(by.args[0]))
        return locale.t(
            "Not sent at {time}. It is in {language}, which is not chosen here.",
            time=at,
            language=language,
        )
    return locale.t("Not sent at {time}, because {why}.", time=at, why=_words(by, locale))


def _stored_quietly(stored: StoredQuietly, locale: Locale) -> Html:
    source = cut(tidy(stored.source), _NAME)
    if stored.archive:
        said = locale.t("{source} showed it among older stories.", source=source)
    else:
        said = locale.t("It was there before I first read {source}.", source=source)
    return joined(
        " ", [said, locale.t("There are no alerts for older stories. /latest finds them.")]
    )


def _chat_paused(paused: ChatPaused, locale: Locale) -> Html:
    why = _words(paused.reason, locale) if paused.reason else ""
    if paused.until is None and why:
        return locale.t("This chat was paused when I saw it, because {why}.", why=why)
    if paused.until is None:
        return locale.t("This chat was paused when I saw it.")
    until = locale.clock(paused.until)
    if why:
        return locale.t("This chat was paused until {time}, because {why}.", time=until, why=why)
    return locale.t("This chat was paused until {time}.", time=until)


def _no_topic(none: NoTopic, locale: Locale) -> Html:
    if not none.topics and not none.sources:
        return locale.t("This chat follows nothing yet. Name a topic: /topic ceasefire")
    said = []
    if none.sources:
        names = some(none.sources, _MOST_NAMED, locale)
        said.append(locale.t("This chat follows {names}.", names=names))
    if none.topics:
        said.append(locale.t("No topic fits this story."))
    if none.nearest:
        follow, miss = none.nearest
        topic = topic_named(follow.name)
        parts = locale.list(locale.t(part) for part in _missed(miss))
        said.append(locale.t("The nearest is {topic}: {parts}.", topic=topic, parts=parts))
    return joined(" ", said)


def _missed(miss: Miss) -> list[Said]:
    has, misses, left_out = (
        code(cut(", ".join(names), _PARTS)) for names in (miss.has, miss.misses, miss.left_out)
    )
    said = (
        (miss.has, say("it has {words}", words=has)),
        (miss.misses, say("it lacks {words}", words=misses)),
        (miss.left_out, say("it is left out by {words}", words=left_out)),
    )
    return [part for names, part in said if names]


def _followed(follow: Follow) -> Said | str:
    if follow.query is not None:
        return say("Topic {topic}", topic=topic_named(follow.name))
    if follow.group:
        return say("The group {group}", group=cut(tidy(follow.group), _NAME))
    return cut(tidy(follow.name), _NAME) if follow.feed_id else say("Every story")


def _words(why: Why, locale: Locale) -> str:
    return cut(tidy(locale.plain(why.said)), _REASON)


def _quoted(why: Why | None, locale: Locale) -> Html:
    return code(_words(why, locale)) if why else locale.t("no reason is known.")
