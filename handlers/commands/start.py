"""/start, /stop and /help."""

import base64
import binascii

from bot.actions import chats as chats_actions
from bot.actions.chats import resume
from bot.actions.topics import read_topic
from bot.delivery.render import bold, escape
from bot.errors import TocsinError
from bot.news.chat import ChatState
from handlers.call import Call
from handlers.callback_data import pack
from handlers.commands import topic
from handlers.keyboard import keyboard
from handlers.rights import may_change, refuse

_PAYLOAD = "t-"

_COMMANDS = (
    ("/latest", "the newest stories; /latest ceasefire for those about it"),
    ("/topic", "what this chat follows; /topic ceasefire OR truce to follow more"),
    ("/subscribe", "every story, or /subscribe NAME for one source or group"),
    ("/unsubscribe", "the way back"),
    ("/sources", "the sources and how they are; /sources NAME for one"),
    ("/addfeed", "a source of yours, by the address of its site; /removefeed NAME ends it"),
    ("/search", "stored stories; /search ferry AND pier"),
    ("/digest", "stories gathered; /digest 08:00 18:00"),
    ("/quiet", "hours without alerts; /quiet 22:00-07:00"),
    ("/timezone", "where those hours are meant; /timezone Europe/London"),
    ("/cap", "at most so many alerts a day; /cap 12"),
    ("/mute", "words for a time, or source:NAME; /mute lottery 2d, /unmute"),
    ("/settings", "all of this as buttons"),
    ("/channels", "channels that you administer, managed from here"),
    ("/export", "what this chat follows, as files; /import brings them back"),
    ("/why", "in reply to an alert: why it came; /whynot LINK: what kept a story away"),
    ("/status", "how this chat is served"),
    ("/stop", "pause; /start goes on"),
    ("/privacy", "what is stored; /forget deletes it"),
)
_FOR_ALL = ("/latest", "/topic", "/sources", "/search", "/why", "/status", "/privacy")


async def start(call: Call) -> None:
    """One short screen with buttons; resumes a chat that had stopped."""
    resumed = False
    if await may_change(call):
        resumed = await resume(call.storage.chats, call.chat, call.now())
        if call.words.startswith(_PAYLOAD):
            await _follow_payload(call)
            return
    feeds = (await call.storage.feeds.census(call.chat.id)).feeds
    sources = "1 source" if feeds == 1 else f"{feeds} sources"
    hello = (
        "Welcome back: alerts are on again." if resumed else "I ring once for each piece of news."
    )
    text = (
        f"{bold(hello)}\n"
        f"I watch {sources} and tell this chat what happened: one alert for one story, "
        "with the link.\n\n"
        "Choose topics below, or name one of your own: /topic ceasefire"
    )
    await call.show(
        text,
        keyboard(
            [("Choose topics", pack("presets", 0)), ("Follow everything", pack("subscribe_all"))],
            [("Newest stories", pack("latest", 0)), ("My topics", pack("topics"))],
            [("Help", pack("help"))],
        ),
    )


async def _follow_payload(call: Call) -> None:
    """A deep link `t-…` carries a topic, as base64url; anything else is an ordinary start."""
    raw = call.words.removeprefix(_PAYLOAD)
    try:
        words = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)).decode()
        wish = read_topic(words, call.chat.language)
    except (binascii.Error, UnicodeDecodeError, TocsinError):
        await call.answer("This link carries no topic that I can read. /help shows what I can do.")
        return
    await topic.follow(call, wish)


async def stop(call: Call) -> None:
    """Pauses the chat."""
    if not await may_change(call):
        await refuse(call)
        return
    await chats_actions.stop(call.storage.chats, call.chat, call.now())
    await call.answer(
        "Paused: nothing rings here any more. What this chat follows is kept; /start goes on."
    )


async def help_(call: Call) -> None:
    """The commands that this person may use here."""
    everything = await may_change(call)
    lines = [
        f"{name} {escape('- ' + text)}"
        for name, text in _COMMANDS
        if (everything or name in _FOR_ALL) and _is_for(call, name)
    ]
    if not everything:
        lines.append("Administrators of this group can also change what it follows.")
    query = (
        "A topic is made of words that must all occur. OR or a comma between alternatives, "
        '"quotes" around a phrase, a minus before what to leave out.'
    )
    await call.show(f"{bold('What I can do here')}\n" + "\n".join(lines) + f"\n\n{escape(query)}")


def _is_for(call: Call, name: str) -> bool:
    return name != "/channels" or call.chat.kind == "private"


def waits(call: Call) -> bool:
    """True for a chat that no operator has let in."""
    return call.chat.state is ChatState.WAITING


async def explain_waiting(call: Call) -> None:
    """Says how to be let in."""
    await call.answer(
        "This bot serves invited chats only. Ask its operator to let in chat "
        f"<code>{call.chat.id}</code>."
    )
