"""/status, /privacy and /forget: how a chat is served, and what is kept of it."""

from statistics import median

from bot.actions.pausing import is_paused
from bot.delivery.render import item_of, item_title
from bot.news.chat import ChatState, Subscription
from bot.texts.html import Html, bold, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import keyboard
from handlers.surface import Action, Command, HelpLine, Purpose, Where, Who
from storage.chats import ChatStatus


async def status(call: Call) -> None:
    """Sources, last story, queue and delays, as this chat sees them."""
    storage, locale = call.storage, call.locale
    census = await storage.feeds.census(call.chat.id)
    newest = await call.stories.newest(None, 1)
    served = await storage.chats.status(call.chat.id)
    follows = await storage.chats.subscriptions(call.chat.id)
    topics = len(await storage.chats.topics(call.chat.id))
    said = [
        bold(locale.t("How this chat is served")),
        locale.t("Alerts are on.")
        if not is_paused(call.chat, call.now()) and call.chat.state is ChatState.ACTIVE
        else locale.t("Paused; /start goes on."),
        locale.t(
            "Follows {what} and {topics}.",
            what=_followed(follows, locale),
            topics=locale.n("1 topic", "{n} topics", topics),
        ),
        locale.t(
            "Sources: {feeds}, of which {failing} fail at the moment.",
            feeds=census.feeds,
            failing=census.failing,
        ),
    ]
    if newest:
        story = newest[0].story
        title, at = item_title(item_of(story)), locale.clock(story.at)
        said.append(locale.t("Last story: {title}, {at}", title=title, at=at))
    await call.answer(lines(*said, *_queue(served, locale)))


def _followed(follows: list[Subscription], locale: Locale) -> Html:
    """What a chat follows whole."""
    if any(s.is_all for s in follows):
        return locale.t("every story")
    groups = len({s.group for s in follows if s.group})
    sources = sum(1 for s in follows if not s.group)
    parts = [locale.n("1 source", "{n} sources", sources)]
    if groups:
        parts.append(locale.n("1 group", "{n} groups", groups))
    return locale.list(parts)


def _queue(served: ChatStatus, locale: Locale) -> list[Html]:
    """What was sent, what waits, and how long alerts take."""
    sent, waiting, held, delays = served.sent, served.pending, served.held, served.delays
    said = [locale.t("Alerts sent: {sent}; waiting: {waiting}.", sent=sent, waiting=waiting)]
    if held and served.held_until:
        at = locale.clock(served.held_until)
        said.append(locale.t("Gathered for later: {n}, the next at {at}.", n=held, at=at))
    elif held:
        said.append(locale.t("Gathered for later: {n}.", n=held))
    if delays:
        said.append(
            locale.t(
                "From the feed to this chat: {middle} in the middle, {most} at most, of the last"
                " {n}.",
                middle=_seconds(median(delays)),
                most=_seconds(max(delays)),
                n=len(delays),
            )
        )
    return said


def _seconds(value: float) -> Said:
    if value < 120:
        return say("{seconds} s", seconds=f"{value:.1f}")
    return say("{minutes} min", minutes=round(value / 60))


async def privacy(call: Call) -> None:
    """What is stored, for how long, and how to delete it."""
    end = call.locale.t(
        "/forget deletes everything about this chat. Of one that an operator shut out a hash of"
        " its id stays, so that it stays shut out."
    )
    stored = _stored(call.services.retention_days, call.locale)
    await call.answer(joined("\n\n", [stored, end]))


def _stored(days: float, locale: Locale) -> Html:
    return lines(
        bold(locale.t("What this bot stores")),
        locale.t(
            "Of this chat: its id, kind and title, what it follows, its language and time zone, and"
            " which alerts it was sent and when, which sources it added and which of their troubles"
            " it was told of. So that buttons work: what it searched for last with /latest, names"
            " of groups, addresses offered by /addfeed, and what Telegram calls a file sent with"
            " /import."
        ),
        locale.t(
            "Of people: the Telegram id of who let the bot into a group or channel or chose what it"
            " follows, to tell them when it may not write there, for which channel a person speaks,"
            " and who pressed Not the same, for as long as the story is kept. Nothing else:"
            " messages are not stored, and in groups the bot sees commands only."
        ),
        locale.t(
            "Stories from public feeds are kept for {days} days. What belongs to a chat that blocks"
            " the bot, or waits to be let in, is deleted after 90 days, of one that said /stop"
            " after 400.",
            days=f"{days:g}",
        ),
        locale.t(
            "Nothing is given to anybody. This is a self-hosted instance of Tocsin; whoever runs it"
            " can read its database."
        ),
    )


async def forget(call: Call) -> None:
    """Asks before it deletes."""
    locale = call.locale
    delete = (locale.plain("Delete"), pack("forget", "yes"))
    keep = (locale.plain("Keep"), pack("forget", "no"))
    await call.answer(
        lines(
            bold(locale.t("Delete everything about this chat?")),
            locale.t("What it follows and the record of its alerts go at once and for good."),
        ),
        keyboard([delete, keep]),
    )


async def forget_pressed(call: Call, press: Press) -> None:
    """Deletes, or not."""
    if "yes" not in press.arguments:
        said = say("Nothing was deleted.")
    elif await call.storage.chats.forget(call.chat.id):
        said = say(
            "Everything about this chat is deleted, but for a mark that an operator refused it."
        )
    else:
        said = say("Everything about this chat is deleted. /start begins anew.")
    await call.show(call.locale.t(said))


COMMANDS = (
    Command(
        "status", status, Who.ANYBODY, for_members=True,
        help=HelpLine(Purpose.CHATS, 20, say("How it goes"), say("what came, and what waits")),
    ),
    Command(
        "privacy", privacy, Who.ANYBODY, where=Where.HERE, for_members=True, uninvited=True,
        help=HelpLine(
            Purpose.DATA, 30, say("What is stored"),
            say("what is stored, and for how long"),
        ),
    ),
    Command(
        "forget", forget, uninvited=True,
        help=HelpLine(
            Purpose.DATA, 40, say("Delete everything"),
            say("delete everything about this chat"),
        ),
        actions=(Action("forget", forget_pressed),),
    ),
)  # fmt: skip
