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
from handlers.rights import may_change
from handlers.surface import Action, Command, Line, Where, Who, again, known, where_of

_PAYLOAD = "t-"


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
    await chats_actions.stop(call.storage.chats, call.chat, call.now())
    await call.answer(
        "Paused: nothing rings here any more. What this chat follows is kept; /start goes on."
    )


async def help_(call: Call) -> None:
    """The commands that this person may use here."""
    everything = await may_change(call)
    listed = known().help(where_of(call.chat.kind), members=not everything)
    lines = [f"/{name} {escape('- ' + text)}" for name, text in listed]
    if not everything:
        lines.append("Administrators of this group can also change what it follows.")
    query = (
        "A topic is made of words that must all occur. OR or a comma between alternatives, "
        '"quotes" around a phrase, a minus before what to leave out.'
    )
    await call.show(f"{bold('What I can do here')}\n" + "\n".join(lines) + f"\n\n{escape(query)}")


def waits(call: Call) -> bool:
    """True for a chat that no operator has let in."""
    return call.chat.state is ChatState.WAITING


async def explain_waiting(call: Call) -> None:
    """Says how to be let in."""
    await call.answer(
        "This bot serves invited chats only. Ask its operator to let in chat "
        f"<code>{call.chat.id}</code>."
    )


COMMANDS = (
    Command(
        name="start",
        handler=start,
        menu=Line(140, "Begin, or go on after /stop"),
    ),
    Command(
        name="help",
        handler=help_,
        where=Where.HERE,
        for_members=True,
        menu=Line(80, "What I can do here"),
        actions=(Action("help", again(help_)),),
    ),
    Command(
        name="stop",
        handler=stop,
        who=Who.CHANGERS,
        menu=Line(240, "Pause alerts"),
        help=Line(180, "pause; /start goes on"),
    ),
)
