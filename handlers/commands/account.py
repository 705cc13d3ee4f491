"""/status, /privacy and /forget: how a chat is served, and what is kept of it."""

from statistics import median

from bot.delivery.render import item_of, item_title
from bot.texts.html import Html, bold, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_n
from handlers.call import Call
from handlers.commands.groups import in_words
from handlers.commands.start import waits
from handlers.rights import may_change
from handlers.screens.callback_data import Press, pack
from handlers.screens.followed import followed
from handlers.screens.keyboard import keyboard
from handlers.screens.setting_screens import still_paused
from handlers.surface import Action, Command, HelpLine, Purpose, Where, Who
from storage.chats.chats import ChatStatus


async def status(call: Call) -> None:
    """Sources, last story, queue and delays, as this chat sees them."""
    storage, locale, pause = call.storage, call.locale, await still_paused(call)
    census = await storage.feeds.census(call.chat.id)
    newest = await call.stories.newest(None, 1)
    served = await storage.chats.status(call.chat.id)
    said = [
        bold(pause.text or locale.t("Alerts are on")),
        locale.t("Following: {what}", what=await followed(call) or locale.t("nothing yet")),
        *_queue(served, locale),
        locale.t("Sources: {n}, {trouble}", n=census.feeds, trouble=in_words(census.failing)),
    ]
    if newest:
        story = newest[0].story
        title, at = item_title(item_of(story), locale), locale.clock(story.at)
        said.append(locale.t("Newest story: {title}, {at}", title=title, at=at))
    buttons = (
        (locale.plain("Settings"), pack("settings")),
        (locale.plain("Topics"), pack("topics")),
        (locale.plain("Sources"), pack("catalogue")),
    )
    await call.answer(lines(*said), keyboard(*pause.rows, buttons))


def _queue(served: ChatStatus, locale: Locale) -> list[Html]:
    """What was sent, what waits, and how long alerts take."""
    sent, waiting, held, delays = served.sent, served.pending, served.held, served.delays
    on_way = say("Alerts sent: {sent}, on their way: {waiting}", sent=sent, waiting=waiting)
    said = [locale.t(on_way if waiting else say("Alerts sent: {sent}", sent=sent))]
    if served.digests:
        said.append(locale.t("Digests sent: {sent}", sent=served.digests))
    if held and served.held_until:
        at = locale.clock(served.held_until)
        said.append(
            locale.n(
                "1 story waits. The next digest comes at {at}.",
                "{n} stories wait. The next digest comes at {at}.",
                held,
                at=at,
            )
        )
    elif held:
        said.append(locale.n("1 story waits for more sources", "{n} stories wait for more sources",
                             held))  # fmt: skip
    if delays:
        usual = _about(median(delays))
        said.append(locale.t("From reading a story to its alert: about {time}", time=usual))
    return said


def _about(seconds: float) -> Said:
    """How long that is, as people say it."""
    if seconds < 100:
        return say_n("1 second", "{n} seconds", max(round(seconds), 1))
    return say_n("1 minute", "{n} minutes", round(seconds / 60))


async def privacy(call: Call) -> None:
    """What is stored, for how long, and how to delete it."""
    locale = call.locale
    parts = [bold(locale.t("What I store")), *_stored(call.services.retention_days, locale)]
    delete = (locale.plain("Delete everything"), pack("forget", "ask"))
    export = (locale.plain("Export"), pack("export"))
    buttons = [] if not await may_change(call) else [delete] if waits(call) else [export, delete]
    await call.answer(joined("\n\n", parts), keyboard(buttons))


def _stored(days: float, locale: Locale) -> list[Html]:
    """In parts: of the chat, of people, for how long, and who can read it."""
    return [
        lines(
            bold(locale.t("About this chat")),
            locale.t("• Its id, kind, title, language and settings"),
            locale.t("• What it follows and mutes"),
            locale.t("• What its threads are called"),
            locale.t("• Which alerts it got, and when"),
            locale.t("• Sources it added, and which of their troubles it heard of"),
            locale.t("• For buttons: its last searches, groups, addresses, and ids of files"),
        ),
        lines(
            bold(locale.t("About people, by their Telegram id")),
            locale.t(
                "• Who let me into a group or channel, or chose what it follows. I write to them"
                " when I can't write there."
            ),
            locale.t("• Who owns a group or channel where I know nobody else"),
            locale.t("• Who manages which channel"),
            locale.t("• Who pressed Not the same, as long as the story is kept"),
            locale.t(
                "Messages are stored only until they are answered. In groups I read only what is"
                " meant for me."
            ),
        ),
        lines(
            bold(locale.t("For how long")),
            locale.n("• Stories: 1 day", "• Stories: {n} days", round(days)),
            locale.t("• A chat that blocks me or waits to be let in: 90 days"),
            locale.t("• A chat that sent /stop: 400 days"),
        ),
        lines(
            bold(locale.t("Who can read it")),
            locale.t("Whoever runs this bot. Nobody else gets anything."),
        ),
        lines(
            locale.t("/forget deletes everything about this chat."),
            locale.t("If an operator shut it out, a hash of its id stays."),
        ),
    ]


async def forget(call: Call) -> None:
    """Asks before it deletes."""
    locale = call.locale
    delete = (locale.plain("Delete everything"), pack("forget", "yes"))
    keep = (locale.plain("Keep it all"), pack("forget", "no"))
    await call.ask(
        lines(
            bold(locale.t("Delete everything about this chat?")),
            locale.t("Topics, sources, settings and the record of alerts go for good."),
        ),
        keyboard([delete, keep]),
    )


async def forget_pressed(call: Call, press: Press) -> None:
    """Asks, deletes, or leaves it."""
    if "ask" in press.arguments:
        await forget(call)
        return
    keeps = "yes" not in press.arguments
    if keeps:
        said = say("Nothing was deleted.")
    elif await call.storage.chats.forget(call.chat.id):
        said = say("All is deleted, except the note that an operator shut this chat out.")
    else:
        said = say("Everything about this chat is deleted. To begin again: /start")
    way = [(call.locale.plain("Settings"), pack("settings"))] if keeps else []
    await call.show(call.locale.t(said), keyboard(way))


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
