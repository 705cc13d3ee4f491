"""/start, /stop and /help."""

import base64
import binascii

from bot.actions.pausing import go_on
from bot.actions.topics import read_topic
from bot.errors import TocsinError
from bot.news.chat import ChatState
from bot.texts.html import bold, code, joined, lines
from bot.texts.said import say
from handlers.call import Call
from handlers.callback_data import pack
from handlers.commands import topic
from handlers.keyboard import keyboard
from handlers.rights import may_change
from handlers.surface import (
    Command,
    HelpLine,
    Purpose,
    Who,
)

_PAYLOAD = "t-"


async def start(call: Call) -> None:
    """One short screen with buttons; resumes a chat that had stopped."""
    resumed = False
    if await may_change(call):
        resumed = await go_on(call.storage, call.chat, call.now())
        if call.words.startswith(_PAYLOAD):
            await _follow_payload(call)
            return
    feeds = (await call.storage.feeds.census(call.chat.id)).feeds
    locale = call.locale
    hello = (
        locale.t("Welcome back: alerts are on again.")
        if resumed
        else locale.t("I ring once for each piece of news.")
    )
    watched = locale.n(
        "I watch 1 source and tell this chat what happened: one alert for one story, with the"
        " link.",
        "I watch {n} sources and tell this chat what happened: one alert for one story, with the"
        " link.",
        feeds,
    )
    choose = locale.t("Choose topics below, or name one of your own: /topic ceasefire")
    everything = (locale.plain("Follow everything"), pack("subscribe_all"))
    await call.show(
        joined("\n\n", [lines(bold(hello), watched), choose]),
        keyboard(
            [(locale.plain("Choose topics"), pack("presets", 0)), everything],
            [
                (locale.plain("Newest stories"), pack("latest", 0)),
                (locale.plain("My topics"), pack("topics")),
            ],
            [(locale.plain("Help"), pack("help"))],
        ),
    )


async def _follow_payload(call: Call) -> None:
    """A deep link `t-…` carries a topic, as base64url; anything else is an ordinary start."""
    raw = call.words.removeprefix(_PAYLOAD)
    try:
        words = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)).decode()
        wish = read_topic(words, call.chat.language)
    except (binascii.Error, UnicodeDecodeError, TocsinError):
        said = say("This link carries no topic that I can read. /help shows what I can do.")
        await call.answer(call.locale.t(said))
        return
    await topic.follow(call, wish)


def waits(call: Call) -> bool:
    """True for a chat that no operator has let in."""
    return call.chat.state is ChatState.WAITING


async def explain_waiting(call: Call) -> None:
    """Says how to be let in."""
    said = say(
        "This bot serves invited chats only. Ask its operator to let in chat {number}.",
        number=code(str(call.chat.id)),
    )
    await call.answer(call.locale.t(said))


COMMANDS = (
    Command(
        "start", start, Who.ANYBODY, changes=True,
        help=HelpLine(Purpose.CHATS, 40, say("Begin again"), say("begin, or resume after a pause")),
    ),
)  # fmt: skip
