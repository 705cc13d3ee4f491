"""/mute and /unmute: words and sources that this chat does not want to hear of for a time."""

import re
from enum import Enum

from msgspec.structs import replace

from bot.actions.mutes import mute_words, read_mute, unmute_words
from bot.aside import aside
from bot.errors import BadInput
from bot.news.telling.durations import split_until, without_time
from bot.news.text.patterns import late
from bot.news.text.plain import cut, tidy
from bot.news.text.words import fold
from bot.texts.html import bold, code, fitting, lines
from bot.texts.said import say, say_n
from handlers.call import Call
from handlers.commands import alert, channels, pause
from handlers.rights import OTHERS_CHANGE, may_change
from handlers.routing.no_things import Kind, kinds_of
from handlers.routing.whereabouts import without_here
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import arranged, keyboard
from handlers.screens.setting_screens import to_settings
from handlers.screens.threads import in_all_threads
from handlers.screens.wished import to_do
from handlers.surface import Action, Command, HelpLine, Purpose, Who, again, without_words

_SHOWN = 60
_LIKE_A_TIME = re.compile(r"\d{1,2}|\d+(?:[.,]\d+)?[a-z]+")
"""What somebody means as a time, be it none: `2x`, and no `5G`, `covid-19` or `2026`."""
_SOURCE = re.compile(r"^source:", re.IGNORECASE)
_EVERYTHING_WORDS = """
    everything all alles alle tout tous todo todos tudo tutto tutti всё все усе всі hepsi semua
    semuanya الكل همه הכול הכל सब 全部
"""
_EVERYTHING = frozenset(map(fold, _EVERYTHING_WORDS.split()))
_THIS_WORDS = """
    this|it|that|this one|this story|das|dies|diese meldung|diese nachricht|ça|cette actualité|esto
    |eso|esta noticia|isto|isso|esta notícia|questo|questa notizia|это|эту новость|це|цю новину|bunu
    |bu haberi|ini|berita ini|هذا|هذا الخبر|این|این خبر|את זה|זה|यह|यह ख़बर|这|这个|这条|这条新闻
"""
_THIS = late("|".join(fold(each.strip()) for each in _THIS_WORDS.split("|")))
_NAMING_NOTHING = {Kind.THIS, Kind.HERE, Kind.PLACE, Kind.ALERTS, Kind.ALL, Kind.BESIDE}
_TIMES = (
    (say_n("1 day", "{n} days", 1), "1d"),
    (say("1 week"), "1w"),
    (say("1 month"), "1month"),
)


class _NoThing(Enum):
    """What somebody means to mute who names no thing."""

    ALERT = "the alert that is replied to"
    CHAT = "what comes here"
    ALL = "everything"


async def mute(call: Call) -> None:
    """Mutes words, a query or with `source:NAME` a source, for the time named last. A time alone
    pauses the chat, since all is muted then; in reply to an alert, its story or source is offered.
    What is no thing, such as `this` or `here`, is never muted as words.
    """
    words = call.words.strip()
    first, time = _parted(call, words)
    first = without_here(first) or first
    if (meant := _no_thing(first)) and await _offer_of_alert(call, time):
        return
    if not words:
        await _show(call)
    elif meant is _NoThing.ALL:
        await (pause.stop(replace(call, words=time)) if time else pause.pauses(call))
    elif meant is _NoThing.CHAT:
        await _ask_to_pause(call, time)
    elif meant is _NoThing.ALERT:
        await _ask_which(call, words)
    else:
        await _mute(call, f"{first} {time}".strip())


async def _mute(call: Call, words: str) -> None:
    try:
        what, end = split_until(words, call.chat.timezone, call.now())
    except BadInput:
        if _LIKE_A_TIME.fullmatch(words.split()[-1]):
            raise
        await _ask_for_how_long(call, without_time(words))
        return
    seen = await call.storage.feeds.seen_by(call.chat.id)
    query, shown = await aside(read_mute, what, seen, call.chat.language)
    locale = call.locale
    seconds = end - locale.now
    until = await mute_words(call.storage, call.chat.id, query, seconds, locale.now, shown=shown)
    name, at = bold(cut(shown, 100)), locale.clock(until)
    said = [locale.t("Muted {words} until {time}.", words=name, time=at)]
    bare = what.strip('" ')
    if any(fold(feed.title) == fold(bare) for feed in seen):
        meant = code(f"/mute source:{cut(bare, 60)} 2d")
        said.append(locale.t("That mutes the words. To mute the source: {command}", command=meant))
    said.append(await in_all_threads(call))
    known = await call.storage.chats.mutes(call.chat.id, locale.now)
    undo = [
        (locale.plain("Unmute"), pack("unmute", each.id)) for each in known if each.query == query
    ]
    await call.answer(lines(*said), keyboard([*undo, (locale.plain("All muted"), pack("muted"))]))


def _parted(call: Call, words: str) -> tuple[str, str]:
    """What is to be muted, and for how long, both as they were said."""
    try:
        first, _ = split_until(words, call.chat.timezone, call.now())
    except BadInput:
        return words, ""
    return first, words[len(first) :].strip()


def _no_thing(words: str) -> _NoThing | None:
    """What words mean that name nothing to be muted; None where they name something."""
    if not words or fold(words) in _EVERYTHING:
        return _NoThing.ALL
    if _THIS().fullmatch(fold(words)):
        return _NoThing.ALERT
    kinds = kinds_of(words)
    if kinds is None or kinds - _NAMING_NOTHING:
        return None
    if Kind.THIS in kinds and not kinds & {Kind.HERE, Kind.PLACE}:
        return None if Kind.BESIDE in kinds else _NoThing.ALERT  # "This Is It" is a name
    return _NoThing.CHAT if kinds - {Kind.BESIDE} else None


async def _offer_of_alert(call: Call, time: str) -> bool:
    """Offers to mute the story or the source of the alert that is replied to, if one is."""
    if call.place is not None:
        return False
    found = await alert.replied_to(call)
    if found is None:
        return await channels.told(call) is None and await channels.refused(call)
    said = lines(bold(call.locale.t("Mute")), cut(tidy(found.title), 100))
    await call.ask_anew(said, keyboard(*alert.mutes(found, call, alert.until_said(call, time))))
    return True


async def _ask_which(call: Call, words: str) -> None:
    """Where an alert is meant and none was replied to."""
    which = call.locale.t("Reply to the alert you mean: {example}", example=code(f"/mute {words}"))
    pauses = (call.locale.plain("Pause"), pack("pause"))
    await call.answer(which, keyboard([pauses, (call.locale.plain("All muted"), pack("muted"))]))


async def _ask_to_pause(call: Call, time: str) -> None:
    """Where the chat is meant, or a part of it: that can be paused, but only as a whole."""
    to_pause = (call.locale.plain("Pause"), pack("pause"))
    button = await to_do(call, "stop", time) if time else to_pause
    said = lines(bold(call.locale.t("Did you mean this?")), await in_all_threads(call))
    await call.ask_anew(said, keyboard([button]))


async def _ask_for_how_long(call: Call, words: str) -> None:
    """Where no time was named: some as buttons, which do what was written with them."""
    locale, shown = call.locale, cut(words, _SHOWN)
    named = cut(_SOURCE.sub("", words).strip('" '), _SHOWN)
    buttons = []
    for label, time in _TIMES:
        kept = await call.storage.stories.keep_search(call.chat.id, f"{words} {time}", call.now())
        buttons.append((locale.plain(label), pack("do", "mute", kept)))
    asked = locale.t("Mute {words} for how long?", words=bold(named))
    other = locale.t("Or send {example}", example=code(f"/mute {shown} 2d"))
    await call.ask_anew(lines(asked, other), keyboard(buttons))


async def unmute(call: Call) -> None:
    """Ends the mute of a word or a source."""
    words = call.words.strip()
    if not words:
        await _show(call)
    else:
        known = await unmute_words(call.storage, call.chat.id, words, call.now())
        name = bold(cut(known.shown, 100))
        every = (call.locale.plain("All muted"), pack("muted"))
        await call.answer(call.locale.t("Unmuted {words}.", words=name), keyboard([every]))


async def unmute_pressed(call: Call, press: Press) -> None:
    """Ends the mute whose button was pressed."""
    for known in await call.storage.chats.mutes(call.chat.id, call.now()):
        if known.id == press.number(0):
            await call.storage.chats.unmute(known.id)
    await _show(call)


async def _show(call: Call) -> None:
    locale = call.locale
    known = (await call.storage.chats.mutes(call.chat.id, locale.now))[:30]
    usage = lines(
        locale.t("To mute words: {example}", example=code("/mute lottery 2d")),
        locale.t("To mute a source: {example}", example=code("/mute source:NAME 2d")),
    )
    may = await may_change(call)
    if not may:
        usage = locale.t(OTHERS_CHANGE)
    if not known:
        said = lines(bold(locale.t("Nothing is muted")), usage)
        await call.show(said, keyboard(to_settings(call)))
        return
    muted = [
        locale.t("• {words} until {time}", words=cut(m.shown, 100), time=locale.clock(m.until))
        for m in known
    ]
    buttons = [(locale.plain("Unmute {words}", words=m.shown), pack("unmute", m.id)) for m in known]
    text = fitting([bold(locale.t("Muted")), *muted, usage], "\n")
    rows = arranged(buttons) if may else []
    await call.show(text, keyboard(*rows, to_settings(call)))


COMMANDS = (
    Command(
        "mute", mute, shows=without_words,
        help=HelpLine(
            Purpose.LESS, 30, say("Muted words and sources"),
            say("mute words or a source for a while"), "/mute lottery 2d",
        ),
        actions=(Action("muted", again(mute), Who.ANYBODY),),
    ),
    Command(
        "unmute", unmute, shows=without_words,
        help=HelpLine(
            Purpose.LESS, 40, say("Unmute"),
            say("unmute words or a source"), "/unmute lottery",
        ),
        actions=(Action("unmute", unmute_pressed),),
    ),
)  # fmt: skip
