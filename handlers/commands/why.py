"""/why in reply to an alert, an update or a digest: which topic, words and source brought it."""

from collections.abc import Sequence

from bot.delivery import render
from bot.delivery.digest_page import ranked
from bot.delivery.render import StoryView
from bot.news.history import Heard, SentMessage, ToldStory, Wish
from bot.news.outbox import DeliveryKind
from bot.news.text.plain import cut, tidy
from bot.texts.html import NOTHING, Html, bold, code, isolated, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_n
from handlers.call import Call
from handlers.commands import channels
from handlers.screens.callback_data import Press
from handlers.surface import Action, Command, HelpLine, Purpose, Where, Who

# Together they stay below what Telegram takes, whatever feeds and people write.
_MOST_WISHES = 6
_MOST_ATTACHED = 8
_MOST_STORIES = 10
_NAME = 60
_WORDS = 100
_TITLE = 100
_SOURCE = 40

_HOW = say(
    "Reply to an alert with /why to see what brought it. For a story that did not come: {command}",
    command=code("/whynot LINK"),
)
_UNKNOWN = say("I don't know that alert. Reply with /why to an alert, an update or a digest.")
_JOINED = {
    "link": say("the same link"),
    "title": say("the same headline"),
    "copy": say("the same text"),
    "alike": say("the same event in other words"),
}
_FIRST = say("the first to have it")
_PERHAPS = say("perhaps the same event")


async def why(call: Call) -> None:
    """Says why the message that is replied to came."""
    if call.reply_to is None:
        await call.answer(call.locale.t(_HOW))
        return
    replied = await channels.told(call)
    if replied is None and await channels.refused(call):
        return
    chat_id, message_id = replied or (call.chat.id, call.reply_to)
    await _explain(call, call.reply_to, await call.storage.history.told_by(chat_id, message_id))


async def pressed(call: Call, press: Press) -> None:
    """Says why the alert came whose button was pressed, also where that stands below a reply."""
    told = await call.storage.history.message_of(call.chat.id, press.number(0) or 0)
    if message_id := told or call.message_id:
        told_by = await call.storage.history.told_by(call.chat.id, message_id)
        await _explain(call, message_id, told_by)


async def _explain(call: Call, message_id: int, message: SentMessage | None) -> None:
    if message is None or not message.stories:
        await call.answer(call.locale.t(_UNKNOWN))
    else:
        await call.answer(explained(message, call.locale), reply_to=message_id)


def explained(message: SentMessage, locale: Locale) -> Html:
    """Why a message came, in words."""
    if message.kind is DeliveryKind.DIGEST:
        return _digest(message.stories, locale)
    return lines(*_alert(message, message.stories[0], locale))


def _alert(message: SentMessage, told: ToldStory, locale: Locale) -> list[Html]:
    is_update = message.kind is DeliveryKind.UPDATE
    said = [bold(locale.t("Why this update") if is_update else locale.t("Why this alert"))]
    said += [locale.t(_wanted(wish, told.rang)) for wish in told.wishes[:_MOST_WISHES]]
    more = len(told.wishes) - _MOST_WISHES
    if more > 0:
        said.append(locale.n("and 1 more topic", "and {n} more topics", more))
    if not told.wishes:
        said.append(locale.t("It was taken out of another story here, so it came alone."))
    said.append(locale.t(_source(told.rang, locale.clock(message.sent_at), locale)))
    if is_update:
        said.append(locale.t("This source has changed what it said before."))
    said += _all_attached(told.attached, told.rang, locale)
    if told.follows:
        said.append(
            locale.t("It may follow an earlier story: {story}", story=named(told.follows, locale))
        )
    return said


def _wanted(wish: Wish, heard: Heard | None) -> Said:
    """Why a story was wanted: the topic with its words, or what is followed whole."""
    if not wish.subscribed:
        words = code(cut(wish.words, _WORDS)) if wish.words else NOTHING
        if wish.topic is None:
            return say("A topic that was removed since: it found {words}.", words=words)
        topic = topic_named(wish.topic)
        return say("Topic {topic}: it found {words}.", topic=topic, words=words)
    source = cut(tidy(heard.source), _SOURCE) if heard else say("this source")
    if wish.group:
        group = cut(tidy(wish.group), _SOURCE)
        return say(
            "This chat follows the group {group}, which has {source}.", group=group, source=source
        )
    if wish.whole is None:
        return say("This chat followed every story, or every one of {source}.", source=source)
    if wish.whole:
        return say("This chat follows every story.")
    return say("This chat follows every story of {source}.", source=source)


def topic_named(name: str) -> Html:
    """A topic by its name. What it looks for may be long, and what it found stands beside it."""
    return bold(cut(tidy(name), _NAME))


def _source(rang: Heard | None, sent: Html, locale: Locale) -> Said:
    if rang is None:
        return say("Sent {sent}. Its source is no longer stored.", sent=sent)
    source, seen = _teller(rang, locale), locale.clock(rang.seen_at)
    return say("Source: {source}, seen {seen}, sent {sent}.", source=source, seen=seen, sent=sent)


def _teller(heard: Heard, locale: Locale) -> Html:
    """Whose report it is, and whose work."""
    source = isolated(cut(tidy(heard.source), _SOURCE))
    if not heard.original or heard.original == heard.source:
        return source
    original = cut(tidy(heard.original), _SOURCE)
    return locale.t("{source}, from {original}", source=source, original=original)


def named(heard: Heard, locale: Locale) -> Html:
    """A report by its headline, linked, and its source."""
    source = cut(tidy(heard.source), _SOURCE)
    return locale.t("{headline} ({source})", headline=linked(heard, locale), source=source)


def linked(heard: Heard, locale: Locale) -> Html:
    """The headline of a report, linked where it can be."""
    item = StoryView(cut(tidy(heard.title), _TITLE), "", heard.link, heard.source, 0.0)
    return render.headline(item, locale, strong=False)


def how_joined(joined: str | None) -> Said:
    """What a report has in common with its story."""
    return _JOINED.get(joined or "", _FIRST)


def _all_attached(attached: Sequence[Heard], rang: Heard | None, locale: Locale) -> list[Html]:
    if not attached:
        return []
    said = [locale.t("Also in this story:")]
    said += [_attached(each, rang, locale) for each in attached[:_MOST_ATTACHED]]
    more = len(attached) - _MOST_ATTACHED
    return said + ([locale.t("and {n} more", n=more)] if more > 0 else [])


def _attached(heard: Heard, rang: Heard | None, locale: Locale) -> Html:
    in_doubt = heard.doubtful or (rang is not None and rang.doubtful)
    return locale.t(
        "• {headline} ({source}: {how})",
        headline=linked(heard, locale),
        source=_teller(heard, locale),
        how=_PERHAPS if in_doubt else how_joined(heard.joined),
    )


def _digest(stories: Sequence[ToldStory], locale: Locale) -> Html:
    heading = bold(locale.t("Why this digest"))
    count = say_n("1 story", "{n} stories", len(stories))
    said = [locale.t("{heading}: {count}", heading=heading, count=count)]
    for told in ranked(stories)[:_MOST_STORIES]:
        gone = locale.t("A story that is no longer stored")
        story = linked(told.rang, locale) if told.rang else gone
        said += [Html("• ") + story, _briefly(told, locale)]
    if len(stories) > _MOST_STORIES:
        said.append(locale.t("and {n} more", n=len(stories) - _MOST_STORIES))
    return lines(*said)


def _briefly(told: ToldStory, locale: Locale) -> Html:
    wishes = [_brief_wish(wish, locale) for wish in told.wishes[:2]]
    reports = [told.rang, *told.attached] if told.rang else list(told.attached)
    names = list(dict.fromkeys(each.source for each in reports))
    return joined(" · ", [*wishes, some(names, 2, locale)])


def some(names: Sequence[str], most: int, locale: Locale) -> Html:
    """The first of these names, and how many more there are."""
    shown = locale.list(cut(tidy(name), _SOURCE) for name in names[:most])
    more = len(names) - most
    return locale.t("{names} and {more} more", names=shown, more=more) if more > 0 else shown


def _brief_wish(wish: Wish, locale: Locale) -> Html:
    if wish.topic is not None:
        return isolated(cut(tidy(wish.topic), _SOURCE)) + " " + code(cut(wish.words, _SOURCE))
    return (
        locale.t("follows all its news") if wish.subscribed else locale.t("a topic removed since")
    )


COMMANDS = (
    Command(
        "why", why, Who.ANYBODY, where=Where.HERE, for_members=True,
        help=HelpLine(
            Purpose.READ, 40, say("Why did it come?"),
            say("why an alert came (reply to it)"),
        ),
        actions=(Action("why", pressed, under_news=True),),
    ),
)  # fmt: skip
