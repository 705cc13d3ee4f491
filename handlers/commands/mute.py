"""/mute and /unmute: words and sources that this chat does not want to hear of for a time."""

import re

from bot.actions.mutes import mute_words, read_mute, unmute_words
from bot.actions.topics import read_duration
from bot.delivery import render
from bot.delivery.render import bold, clock, code, escape
from bot.news.text.plain import cut
from bot.news.text.words import fold
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import arranged, keyboard
from handlers.surface import Action, Command, Line, Who, again, without_words

_WITH_TIME = re.compile(r"(?P<what>.+?)\s+(?P<time>\d{1,4}\s*[mhdw])", re.IGNORECASE | re.DOTALL)


async def mute(call: Call) -> None:
    """Mutes words, a query or with `source:NAME` a source, for the time named last."""
    words = call.words.strip()
    if not words:
        await _show(call)
        return
    found = _WITH_TIME.fullmatch(words)
    seconds = read_duration(found["time"] if found else words.rpartition(" ")[2])
    what = found["what"] if found else words
    seen = await call.storage.feeds.seen_by(call.chat.id)
    query, shown = read_mute(what, seen, call.chat.language)
    now = call.now()
    until = await mute_words(call.storage, call.chat.id, query, seconds, now, shown=shown)
    at = clock(until, call.chat.timezone, now)
    said = f"{bold(cut(shown, 100))} is silent here until {at}."
    if any(fold(feed.title) == fold(what.strip()) for feed in seen):
        meant = code(f"/mute source:{cut(what.strip(), 60)} 2d")
        said += f" These are words; the source of that name is muted by {meant}"
    await call.answer(said)


async def unmute(call: Call) -> None:
    """Lets a word or a source ring again."""
    words = call.words.strip()
    if not words:
        await _show(call)
    else:
        known = await unmute_words(call.storage, call.chat.id, words, call.now())
        await call.answer(f"{bold(cut(known.shown, 100))} may ring again.")


async def unmute_pressed(call: Call, press: Press) -> None:
    """Lets the one whose button was pressed ring again."""
    for known in await call.storage.chats.mutes(call.chat.id, call.now()):
        if known.id == press.number(0):
            await call.storage.chats.unmute(known.id)
    await _show(call)
    await call.note()


async def _show(call: Call) -> None:
    now = call.now()
    known = await call.storage.chats.mutes(call.chat.id, now)
    usage = f"Mute words: {code('/mute lottery 2d')}, or a source: {code('/mute source:NAME 2d')}"
    if not known:
        await call.show(f"{escape('Nothing is muted here.')} {usage}")
        return
    lines = [
        f"• {escape(cut(each.shown, 100))} until {clock(each.until, call.chat.timezone, now)}"
        for each in known[:30]
    ]
    buttons = [(f"Unmute {each.shown}", pack("unmute", each.id)) for each in known[:30]]
    text = render.fitting([bold("Muted here"), usage, *lines], "\n")
    await call.show(text, keyboard(*arranged(buttons)))


COMMANDS = (
    Command(
        name="mute",
        handler=mute,
        who=Who.CHANGERS,
        shows=without_words,
        menu=Line(180, "A word or a source, for a time"),
        help=Line(120, "words for a time, or source:NAME; /mute lottery 2d, /unmute"),
        actions=(Action("muted", again(mute)),),
    ),
    Command(
        name="unmute",
        handler=unmute,
        who=Who.CHANGERS,
        shows=without_words,
        menu=Line(190, "What is muted, and the way back"),
        actions=(Action("unmute", unmute_pressed, Who.CHANGERS),),
    ),
)
