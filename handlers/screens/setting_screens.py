"""The screens of /settings: one a setting, with its choices as buttons, edited in place.

A choice sets what it says and nothing else. What was set by words of one's own stays among the
choices: their buttons carry it along.
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from msgspec.structs import replace

from bot.actions.habits import left_of_topic, left_over, local_time
from bot.actions.pausing import is_paused
from bot.actions.zones import likely_zones
from bot.news.chat import ChatState, FirstStep, Habits, Topic
from bot.news.telling import choosing, hours
from bot.news.telling.days import WEEK
from bot.news.telling.zones import ZonePlace
from bot.texts.catalogues import offered, spoken
from bot.texts.countries import country
from bot.texts.html import NOTHING, Html, bold, code, lines, literal
from bot.texts.languages import NAMES
from bot.texts.said import Arg, Said, say
from handlers.call import Call
from handlers.rights import OTHERS_CHANGE, may_change
from handlers.screens.callback_data import pack
from handlers.screens.keyboard import Button, arranged, keyboard
from handlers.screens.pages import BACK_AND_ON
from handlers.screens.setting_words import (
    SETTINGS,
    clock,
    clock_of,
    label,
    time_in,
    value,
    zone_name,
)
from handlers.screens.threads import in_all_threads

# A button of a screen about a channel names it, in front: `@-100…`.
_ROOM = 64 - 17
_LOOK = ("pictures", "previews", "buttons", "updates")
_SCREEN_OF = {"breaking": "quiet"} | dict.fromkeys(_LOOK, "look")
_TITLES = SETTINGS | {
    "look": say("Look"),
    "week": say("Once a week"),
    "interface": say("Interface language"),
}
_WITHIN = {"week": pack("setting", "digest")}


class Screen(NamedTuple):
    """What a screen says under its name, and its rows of buttons."""

    text: Html
    rows: list[list[Button]]


def is_setting(name: str) -> bool:
    """Whether a button of ours may name it."""
    return name in SETTINGS or name in SCREENS


async def open_setting(call: Call, name: str, own: str = "", asks: bool = True) -> None:
    """Shows the screen of a setting. `own` is offered too; `asks`: what is left over of a digest or
    a daily limit that was ended is asked about. Who may not change it reads what holds.
    """
    name = _SCREEN_OF.get(name, name)
    if name in SETTINGS and not await may_change(call):
        holds = bold(literal(label(call.chat.habits, name, call.locale)))
        await call.show(lines(holds, call.locale.t(OTHERS_CHANGE)), keyboard(to_settings(call)))
        return
    screen = await SCREENS[name](call, own)
    waiting = await left(call, name) if asks and name in _HOLDING else None
    question, answers = waiting or Screen(NOTHING, [])
    title = bold(call.locale.t(_TITLES[name]))
    to = _WITHIN.get(name, pack("settings"))
    back = [] if call.way_back else [(call.locale.plain(BACK_AND_ON[0]), to)]
    everywhere = await in_all_threads(call) if name in _OF_ALERTS else NOTHING
    text = lines(title, screen.text, everywhere, question)
    await call.show(text, keyboard(*answers, *screen.rows, back))


def to_settings(call: Call) -> list[Button]:
    """The way back to /settings, under what a press opened."""
    back = (call.locale.plain("← Settings"), pack("settings"))
    return [] if call.message_id is None or call.way_back else [back]


def paused(call: Call) -> Html:
    """Until when alerts are paused; nothing where they are not."""
    said = pause_of(call, call.locale.clock)
    return call.locale.t(said) if said else NOTHING


def pause_of(call: Call, at: Callable[[float], Arg]) -> Said | None:
    """The same to be said elsewhere than in a message, with the time as `at` puts it."""
    chat = call.chat
    if not is_paused(chat, call.now()):
        return None
    if chat.state is ChatState.STOPPED:
        return say("Paused until you resume.")
    return say("Paused until {time}.", time=at(chat.habits.paused_until))


async def still_paused(call: Call) -> Screen:
    """What stands on a screen that tells how something alerts, where alerts are paused: that they
    are, and *Resume* for who may. What was chosen a moment ago may have ended the pause.
    """
    stored = await call.storage.chats.get(call.chat.id)
    said = paused(replace(call, chat=stored or call.chat))
    goes_on = said and await may_change(call)
    return Screen(said, [[(call.locale.plain("Resume"), pack("resume"))]] if goes_on else [])


async def left(call: Call, name: str) -> Screen | None:
    """The question what becomes of stories that wait although the digest or the daily limit that
    held them was ended, on the screen of that setting.
    """
    waiting = await left_over(call.storage, call.chat.id, call.chat.habits)
    return _asked(call, waiting, pack("held", "now", name), pack("held", "later", name))


async def left_by(call: Call, topic: Topic, name: str) -> Screen | None:
    """The same question about what a topic held by one of its options, on the screen of that."""
    waiting = await left_of_topic(call.storage, call.chat.habits, topic)
    now, later = (pack("topic_held", topic.id, choice, name) for choice in ("now", "later"))
    return _asked(call, waiting, now, later)


def _asked(call: Call, waiting: tuple[int, float | None], now: str, later: str) -> Screen | None:
    count, due = waiting
    if not count or due is None:
        return None
    locale = call.locale
    text = locale.n(
        "1 story waits until {time}. Send it now?",
        "{n} stories wait until {time}. Send them now?",
        count,
        time=locale.clock(due),
    )
    at = locale.plain("Wait until {time}", time=time_of(due, call))
    return Screen(text, [[(locale.plain("Send now"), now), (at, later)]])


def becomes(call: Call, waiting: tuple[int, float | None], choice: str) -> Said:
    """What becomes of what waited, by the answer that was chosen."""
    count, due = waiting
    if not count or due is None:
        return say("Nothing waits any more.")
    if choice == "now":
        return say("They are on their way.")
    return say("They come at {time}.", time=time_of(due, call))


def time_of(at: float, call: Call) -> str:
    """The time of day in the chat's zone."""
    return local_time(call.chat.habits.timezone, at)


async def _digest(call: Call, own: str) -> Screen:
    locale = call.locale
    text = lines(
        locale.t("At once, or together in a digest."),
        locale.t("Other hours: {example}", example=code("/digest weekdays 7:30am")),
    )
    weekly = (locale.plain("Once a week…"), pack("setting", "week"))
    return Screen(text, [*_choices(call, "digest", own), [weekly], _to_zone(call)])


async def _week(call: Call, own: str) -> Screen:
    locale, habits = call.locale, call.chat.habits
    slots = habits.digest if len(habits.digest) == 1 else hours.MORNINGS
    buttons = []
    for day in WEEK:
        wanted = choosing.carried(replace(habits, digest=slots, days=(day,)), "digest")
        is_present = wanted == choosing.carried(habits, "digest")
        data = packed("digest", wanted, _kept(habits, "digest", own))
        buttons.append((_marked(locale.weekday(day), is_present), data))
    text = lines(
        locale.t("One digest a week, at {time}.", time=hours.shown_slots(slots)),
        locale.t("Another hour: {example}", example=code("/digest friday 6pm")),
    )
    return Screen(text, [buttons[i : i + 2] for i in range(0, len(buttons), 2)])


async def _quiet(call: Call, own: str) -> Screen:
    locale, habits = call.locale, call.chat.habits
    text = lines(
        locale.t(in_quiet_hours(habits)),
        locale.t("Other hours: {example}", example=code("/quiet 9:30pm-6am")),
    )
    rows = _choices(call, "quiet", own)
    return Screen(text, [*rows, [switch(call, "breaking")], _to_zone(call)])


def in_quiet_hours(habits: Habits) -> Said:
    """What comes then, and when the rest does. Pure."""
    if habits.breaking:
        return say("In quiet hours only major news comes. The rest comes after them.")
    return say("Nothing comes in quiet hours. It comes after them.")


async def _timezone(call: Call, own: str) -> Screen:
    locale, present = call.locale, call.chat.habits.timezone
    likely = [place.zone for place in await likely_zones(language_of(call))]
    zones = list(dict.fromkeys([present, *([own] if own else []), *likely]))
    city, time = code("/timezone Mumbai"), code("/timezone 3pm")
    # Elsewhere all would see where somebody is.
    private = call.here.kind == "private"
    other = say("Not here? Send your location, {city} or {time}", city=city, time=time)
    elsewhere = say("Not here? Send {city} or {time}", city=city, time=time)
    text = lines(_time_here(call), locale.t(other if private else elsewhere))
    buttons = [_zone_button(call, zone, clock(zone, locale), own) for zone in zones]
    return Screen(text, arranged(buttons))


def language_of(call: Call) -> str:
    """The language of the person's Telegram, or else of the chat."""
    told = call.user.language_code if call.user else None
    return told or call.here.language


def zones_offered(call: Call, places: tuple[ZonePlace, ...]) -> list[list[Button]]:
    """Places as buttons that set their zone, each with its country where it has one."""
    rows, language = [], call.locale.spoken
    for place in places:
        name = f"{place.name}, {country(place.country, language)}" if place.country else place.name
        shown = clock_of(name, place.zone, call.locale)
        rows.append([_zone_button(call, place.zone, shown, "")])
    return rows


def use_zone(call: Call, place: ZonePlace) -> Button:
    """A place as a button that sets its zone, with what time it is there; where the first minute
    asks for that, it goes on.
    """
    time = time_in(place.zone, call.locale)
    shown = call.locale.plain("Use {city} time ({time})", city=place.name, time=time)
    if call.chat.first_step is FirstStep.CLOCK:
        return shown, pack("first_zone", place.zone)
    return _zone_button(call, place.zone, shown, "")


async def _cap(call: Call, own: str) -> Screen:
    locale = call.locale
    text = lines(
        locale.t("At most this many alerts a day. The rest comes in a digest."),
        locale.t("Another number: {example}", example=code("/cap 20")),
        locale.t("For one topic: {example}", example=code("/cap Ferries 3")),
    )
    return Screen(text, _choices(call, "cap", own, across=2))


async def _silent(call: Call, _: str) -> Screen:
    locale = call.locale
    text = lines(
        locale.t("Off: alerts come without a sound."),
        locale.t("Each topic has its own sound too."),
    )
    return Screen(text, [[_choice(call, "silent", each, "") for each in ("0", "1")]])


async def _interface(call: Call, _: str) -> Screen:
    locale = call.locale
    text = lines(
        locale.t("My own texts come in this language."),
        locale.t("News can come in other languages: Languages of news."),
    )
    chosen = spoken(call.chat.language).language
    ours = [(_marked(NAMES[each], each == chosen), pack("interface", each)) for each in offered()]
    return Screen(text, [*arranged(ours), [(locale.plain("Languages of news"), pack("language"))]])


async def _look(call: Call, _: str) -> Screen:
    locale = call.locale
    said = {
        "pictures": locale.t("Pictures: the photo of a story."),
        "previews": locale.t("Link previews: a small preview below the text."),
        "buttons": locale.t("Options: the button under each alert."),
        "updates": locale.t("Updates: what changed, in reply to the alert."),
    }
    # Readers of a channel may not change anything, so alerts there have no options.
    names = [name for name in _LOOK if name != "buttons" or call.chat.kind != "channel"]
    return Screen(lines(*(said[name] for name in names)), [[switch(call, name)] for name in names])


SCREENS: dict[str, Callable[[Call, str], Awaitable[Screen]]] = {
    "digest": _digest,
    "week": _week,
    "quiet": _quiet,
    "timezone": _timezone,
    "cap": _cap,
    "silent": _silent,
    "look": _look,
    "interface": _interface,
}
_HOLDING = ("digest", "cap")
_OF_ALERTS = ("digest", "week", "quiet", "cap", "silent", "look")


def _choices(call: Call, name: str, own: str, across: int = 1) -> list[list[Button]]:
    habits = call.chat.habits
    buttons = [
        _choice(call, name, each, own)
        for each in choosing.offered(habits, name, *([own] if own else []))
    ]
    return [buttons[i : i + across] for i in range(0, len(buttons), across)]


def _choice(call: Call, name: str, carried: str, own: str) -> Button:
    habits, locale = call.chat.habits, call.locale
    present = choosing.carried(habits, name)
    shown = locale.begun(value(choosing.chosen(habits, name, carried) or habits, name, locale))
    return _marked(shown, carried == present), packed(name, carried, _kept(habits, name, own))


def _kept(habits: Habits, name: str, own: str) -> str:
    """The value of one's own that buttons carry along: the present one, where it is such."""
    present = choosing.carried(habits, name)
    usual = choosing.offered(Habits(), name) if name != "silent" else [present]
    return present if present not in usual else own


def _zone_button(call: Call, zone: str, shown: str, own: str) -> Button:
    present = call.chat.habits.timezone
    return _marked(shown, zone == present), packed("timezone", zone, own or present)


def switch(call: Call, name: str) -> Button:
    """On and off: the button carries which of them it sets."""
    is_on = getattr(call.chat.habits, name)
    shown = call.locale.plain(SETTINGS[name])
    return _marked(shown, is_on), packed(name, "0" if is_on else "1", "")


def _marked(shown: str, is_present: bool) -> str:
    return f"✓ {shown}" if is_present else shown


def packed(name: str, carried: str, own: str) -> str:
    """A button that sets this value and carries one's own value along, where there is room."""
    fitting = [
        parts for parts in ((name, carried, own), (name, carried)) if _length(parts) <= _ROOM
    ]
    parts = next((each for each in fitting if each[-1]), (name, choosing.KEPT))
    return pack("set", *parts)


def _length(parts: tuple[str, ...]) -> int:
    return len(":".join(("v1", "set", *parts)))


def _time_here(call: Call) -> Html:
    locale, zone = call.locale, call.chat.habits.timezone
    return locale.t(
        "It is {time} in {zone} now.",
        time=local_time(zone, locale.now),
        zone=bold(zone_name(zone, locale)),
    )


def _to_zone(call: Call) -> list[Button]:
    shown = label(call.chat.habits, "timezone", call.locale)
    return [(shown, pack("setting", "timezone"))]


def to_interface(call: Call) -> Button:
    """A button to the screen of the language in which the chat is spoken to."""
    language = NAMES[spoken(call.chat.language).language]
    shown = call.locale.plain("Interface: {language}", language=language)
    return shown, pack("setting", "interface")


def in_language(call: Call, language: str) -> Call:
    """The call once its chat is spoken to in this language."""
    return replace(call, chat=replace(call.chat, language=language))


def about(call: Call, habits: Habits) -> Call:
    """The call once the chat's habits are these."""
    return replace(call, chat=replace(call.chat, habits=habits, timezone=habits.timezone))
