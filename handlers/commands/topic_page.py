"""The page of one topic: how it alerts, and a screen of choices for each of its options.

A choice sets what it says and nothing else; numbers of one's own stay among the choices, since the
buttons carry them along. Buttons of before, which went from value to value, open the screen.
"""

from msgspec.structs import replace

from bot.actions import topics as topics_actions
from bot.actions.habits import left_of_topic
from bot.actions.search import Budget
from bot.news.chat import Topic, TopicOptions
from bot.news.query.match import Query
from bot.news.query.outline import outline
from bot.news.query.parse import parse_query
from bot.news.query.spelled import as_typed
from bot.news.telling.choosing import MAX_CAP
from bot.texts.html import NOTHING, Html, bold, code, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_many, say_n
from handlers.call import Call
from handlers.rights import OTHERS_CHANGE, may_change
from handlers.screens import previews
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, keyboard
from handlers.screens.pages import BACK_AND_ON
from handlers.screens.setting_screens import becomes, left_by, still_paused
from handlers.screens.threads import forum_of

_SHORT = 80
_SOURCES = (1, 2, 3)
_CAPS = (0, 3, 5, 10)
_MUTES = (
    (3_600, say_n("1 hour", "{n} hours", 1)), (28_800, say_n("1 hour", "{n} hours", 8)),
    (86_400, say_n("1 day", "{n} days", 1)), (604_800, say("1 week")),
)  # fmt: skip
_LONGEST_MUTE = 366 * 86_400
_MOST_SOURCES = 20
# What a page may spend on counting: who opens one wants to press, not to wait.
_ROWS, _SECONDS = 600, 0.15


async def pressed(call: Call, press: Press) -> Topic | None:
    """The topic that a button names; says so where it is gone."""
    for topic in await call.storage.chats.topics(call.chat.id):
        if topic.id == press.number(0):
            return topic
    await call.note(say("That topic is gone already."))
    return None


async def show(call: Call, press: Press) -> None:
    """Shows the page of a topic."""
    if topic := await pressed(call, press):
        await show_topic(call, topic)


async def show_topic(call: Call, topic: Topic) -> None:
    """The page: what the topic listens to, how it alerts, and a button for each of its options, for
    who may change them.
    """
    locale, back = call.locale, [(call.locale.plain(BACK_AND_ON[0]), pack("topics"))]
    query = parse_query(topic.query)
    there, pause = await forum_of(call), await still_paused(call)
    text = lines(
        bold(topic.name),
        await _listens(call, topic, query),
        _how(topic, locale),
        there.alerts(topic.thread_id) if there.has_threads else NOTHING,
        pause.text,
    )
    if not await may_change(call):
        await call.show(lines(text, locale.t(OTHERS_CHANGE)), keyboard(back))
        return
    rows = [[_row(call, topic, name) for name in row] for row in _ROWS_OF_PAGE]
    words = (locale.plain("Edit words"), pack("words", topic.id, 0))
    thread = [_row(call, topic, "thread")] if there.has_threads else []
    await call.show(
        text,
        keyboard(
            *pause.rows,
            *rows,
            [words, _row(call, topic, "rename")],
            thread,
            [
                _row(call, topic, "mute"),
                (locale.plain("Remove"), pack("unfollow", topic.id)),
            ],
            back,
        ),
    )


_ROWS_OF_PAGE = (("digest", "silent"), ("sources", "cap"))


async def _listens(call: Call, topic: Topic, query: Query) -> Html:
    """The words where they are few, else how many they are; and how much they bring."""
    locale, words = call.locale, as_typed(query, topic.name.lower())
    found = await previews.counted(call, query, budget=Budget(_ROWS, _SECONDS))
    parts: list[Html] = []
    if len(topic.query) > _SHORT:
        has = outline(query)
        parts.append(locale.n("1 word", "{n} words", has.words))
        if has.left_out:
            parts.append(locale.n("1 exclusion", "{n} exclusions", has.left_out))
    elif words != topic.name:
        parts.append(code(words))
    parts.append(locale.t(replace(previews.about(found), begins=not parts)))
    if found.languages > 1:
        parts.append(locale.n("1 language", "{n} languages", found.languages))
    return joined(" · ", parts)


def _how(topic: Topic, locale: Locale) -> Html:
    """How a topic alerts, in one line."""
    if topic.muted_until > locale.now:
        return locale.t("Muted until {time}.", time=locale.clock(topic.muted_until))
    options = topic.options
    parts = [value(options, "digest")]
    parts.append(say("no sound") if options.silent else say("with sound"))
    if options.sources > 1:
        parts.append(say_many("when {n} sources have it", options.sources))
    if options.cap:
        parts.append(say_n("1 alert a day", "{n} alerts a day", options.cap))
    return joined(" · ", map(locale.t, parts))


_NAMES: dict[str, Said] = {
    "digest": say("When"),
    "silent": say("Sound"),
    "sources": say("Wait for more sources"),
    "cap": say("Daily limit"),
    "thread": say("Thread"),
    "rename": say("Rename"),
    "mute": say("Mute"),
}


def value(options: TopicOptions, name: str) -> Said:
    """How an option is set, in few words. Pure."""
    match name:
        case "digest":
            return say("In digests") if options.digest else say("At once")
        case "silent":
            return say("off") if options.silent else say("on")
        case "sources" if options.sources > 1:
            return say_many("{n} sources", options.sources)
        case "sources":
            return say("no")
        case "cap" if options.cap:
            return say_many("{n} a day", options.cap)
    return say("none")


def _row(call: Call, topic: Topic, name: str) -> Button:
    """The button that opens the screen of an option, with how it is set."""
    locale, shown = call.locale, _NAMES[name]
    if name == "mute" and topic.muted_until > locale.now:
        shown = say("Muted now")
    elif name in _CHOICES:
        label = say("Wait") if name == "sources" else shown
        shown = say("{setting}: {value}", setting=label, value=value(topic.options, name))
    return locale.plain(shown), pack("option", topic.id, name)


async def change(call: Call, press: Press) -> None:
    """Opens the screen of an option; where the button carries a value, sets it first."""
    topic = await pressed(call, press)
    if topic is None:
        return
    _, name, chosen, own = (*press.arguments, "", "", "", "")[:4]
    if name not in _NAMES:
        await show_topic(call, topic)
        return
    options = _set(topic.options, name, chosen)
    if options:
        await call.storage.chats.set_options(topic.id, options)
        topic = replace(topic, options=options)
        now = say("{setting}: {value}", setting=_NAMES[name], value=value(options, name))
        await call.note(now)
    await open_option(call, topic, name, own)


def _set(options: TopicOptions, name: str, chosen: str) -> TopicOptions | None:
    """The options with what a button carries; None for what no button of ours does. Pure."""
    most = {"digest": 1, "silent": 1, "sources": _MOST_SOURCES, "cap": MAX_CAP}.get(name)
    if most is None or not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 5):
        return None
    number = int(chosen)
    if number > most or (name == "sources" and not number):
        return None
    if name == "digest":
        return replace(options, digest=bool(number))
    if name == "silent":
        return replace(options, silent=bool(number))
    return replace(options, sources=number) if name == "sources" else replace(options, cap=number)


async def open_option(
    call: Call,
    topic: Topic,
    name: str,
    own: str = "",
    wrong: Html = NOTHING,
    *,
    asks: bool = True,
) -> None:
    """Shows the screen of an option: what it does, and its choices. `own` is offered too; `asks`:
    what the topic held and would now tell at once is asked about.
    """
    locale = call.locale
    title = bold(locale.t("{topic}: {setting}", topic=topic.name, setting=_NAMES[name]))
    if name in _CHOICES:
        said, rows = _explained(topic, name, locale), _choices(topic, name, own, locale)
    else:
        said, rows = await _OTHERS[name](call, topic)
    waiting = await left_by(call, topic, name) if asks and name in _HOLDING else None
    question, answers = waiting or (NOTHING, [])
    back = (locale.plain(BACK_AND_ON[0]), pack("topic", topic.id))
    await call.show(lines(title, wrong, said, question), keyboard(*answers, *rows, [back]))


async def held(call: Call, press: Press) -> None:
    """Sends what a topic held and would now tell at once, or leaves it for its hour."""
    topic = await pressed(call, press)
    if topic is None:
        return
    _, choice, name = (*press.arguments, "", "", "")[:3]
    waiting = await left_of_topic(call.storage, call.chat.habits, topic)
    if waiting[0] and choice == "now":
        await call.storage.digests.release_by_topic(topic, call.now())
    await open_option(call, topic, name if name in _HOLDING else "cap", asks=False)
    await call.note(becomes(call, waiting, choice))


def _choices(topic: Topic, name: str, own: str, locale: Locale) -> list[list[Button]]:
    options = topic.options
    present = str(int(getattr(options, name)))
    usual = {"sources": _SOURCES, "cap": _CAPS}.get(name, (0, 1))
    kept = own if _set(options, name, own) and int(own) not in usual else ""
    if int(present) not in usual:
        kept = present
    numbers = sorted({*usual, int(present), *([int(kept)] if kept else [])})
    buttons = []
    for number in numbers:
        chosen = _set(options, name, str(number)) or options
        label = locale.plain(replace(value(chosen, name), begins=True))
        mark = f"✓ {label}" if str(number) == present else label
        own_too = [kept] if kept else []
        buttons.append((mark, pack("option", topic.id, name, number, *own_too)))
    return [buttons[i : i + 2] for i in range(0, len(buttons), 2)]


async def _thread(call: Call, topic: Topic) -> tuple[Html, list[list[Button]]]:
    locale = call.locale
    alerts = (await forum_of(call)).alerts(topic.thread_id)
    if topic.thread_id != call.thread_id:
        return alerts, [[(locale.plain("Move here"), pack("here", topic.id))]]
    command = code(f"/topic {topic.name}")
    move = locale.t("To move it, send this in another thread: {command}", command=command)
    return lines(alerts, move), []


async def _rename(call: Call, topic: Topic) -> tuple[Html, list[list[Button]]]:
    if call.here.kind == "private" and call.here.id == call.chat.id:
        words = f"rename {topic.name}: "
        call.services.answers.begin_command(call.chat.id, "topic", words, call.now())
        return call.locale.t("Send the new name."), []
    command = code(f"/topic rename {topic.name}: {call.locale.plain('NEW NAME')}")
    return call.locale.t("Send this with the new name: {command}", command=command), []


async def _mute(call: Call, topic: Topic) -> tuple[Html, list[list[Button]]]:
    locale = call.locale
    buttons = [(locale.plain(said), pack("topic_mute", topic.id, s)) for s, said in _MUTES]
    rows = [buttons[:2], buttons[2:]]
    if topic.muted_until <= locale.now:
        return locale.t("No alerts of this topic for how long?"), rows
    rows.append([(locale.plain("Unmute"), pack("topic_mute", topic.id, 0))])
    return _how(topic, locale), rows


def _explained(topic: Topic, name: str, locale: Locale) -> Html:
    """What an option with choices does."""
    match name:
        case "digest":
            return locale.t("At once, or together in the next digest.")
        case "silent":
            return locale.t("Off: its alerts come without a sound.")
        case "sources":
            return locale.t("An alert comes when this many sources have the story.")
    return lines(
        locale.t("At most this many alerts a day. The rest comes in a digest."),
        locale.t("Another number: {example}", example=code(f"/cap {topic.name} 7")),
    )


_CHOICES = ("digest", "silent", "sources", "cap")
_HOLDING = ("digest", "cap")
_OTHERS = {"thread": _thread, "rename": _rename, "mute": _mute}


async def mute(call: Call, press: Press) -> None:
    """Mutes a topic for as long as the button says, or ends that."""
    topic = await pressed(call, press)
    seconds = press.number(1)
    if topic is None or seconds is None or not 0 <= seconds <= _LONGEST_MUTE:
        return
    until = await topics_actions.mute(call.storage.chats, topic, seconds, call.now())
    await show_topic(call, replace(topic, muted_until=until))
    await call.note(say("Muted.") if seconds else say("Unmuted."))
