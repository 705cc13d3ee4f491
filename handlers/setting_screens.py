"""The screens of /settings: one a setting, with its choices as buttons, edited in place.

A choice sets what it says and nothing else. What was set by words of one's own stays among the
choices: their buttons carry it along.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import NamedTuple

from bot.actions.habits import left_of_digest, local_time
from bot.actions.zones import likely_zones
from bot.news.chat import Habits
from bot.news.telling import choosing, hours
from bot.news.telling.zones import ZonePlace, shown_zone
from bot.texts.countries import country
from bot.texts.html import NOTHING, Html, bold, code, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_n
from handlers.call import Call
from handlers.callback_data import pack
from handlers.keyboard import Button, keyboard
from handlers.pages import BACK_AND_ON

# A button of a screen about a channel names it, in front: `@-100…`.
_ROOM = 64 - 17
SETTINGS: dict[str, Said] = {
    "digest": say("When"),
    "quiet": say("Quiet hours"),
    "timezone": say("Time zone"),
    "cap": say("Daily limit"),
    "silent": say("Sound"),
    "breaking": say("Major news in quiet hours"),
    "pictures": say("Pictures"),
    "previews": say("Link previews"),
    "buttons": say("Options under alerts"),
    "updates": say("Updates"),
}
_LOOK = ("pictures", "previews", "buttons", "updates")
_SCREEN_OF = {"breaking": "quiet"} | dict.fromkeys(_LOOK, "look")


class Screen(NamedTuple):
    """What a screen says under its name, and its rows of buttons."""

    text: Html
    rows: list[list[Button]]


def value(habits: Habits, name: str, locale: Locale) -> str:
    """How a setting is set, in few words."""
    match name:
        case "digest":
            return _when(habits.digest, locale)
        case "quiet":
            return _hours(habits.quiet) if habits.quiet else locale.plain("off")
        case "timezone":
            return clock(habits.timezone, locale)
        case "cap" if habits.cap:
            return locale.plain_n("1 a day", "{n} a day", habits.cap)
        case "cap":
            return locale.plain("all")
    wanted = getattr(habits, name) != (name == "silent")
    return locale.plain("on") if wanted else locale.plain("off")


def label(habits: Habits, name: str, locale: Locale) -> str:
    """A setting with how it is set."""
    return locale.plain(now_is(habits, name, locale))


def now_is(habits: Habits, name: str, locale: Locale) -> Said:
    """The note on a press: what holds now."""
    return say("{setting}: {value}", setting=SETTINGS[name], value=value(habits, name, locale))


def clock(timezone: str, locale: Locale) -> str:
    """A zone and what time it is there: London 12:46."""
    return _clock(shown_zone(timezone), timezone, locale)


def _clock(place: str, timezone: str, locale: Locale) -> str:
    time = local_time(timezone, locale.now)
    return locale.plain("{place} {time}", place=place, time=time)


def is_setting(name: str) -> bool:
    """Whether a button of ours may name it."""
    return name in SETTINGS or name in _SCREENS


async def open_setting(call: Call, name: str, own: str = "", asks: bool = True) -> None:
    """Shows the screen of a setting. `own` is offered too; `asks`: what is left of a digest that
    was turned off is asked about.
    """
    name = _SCREEN_OF.get(name, name)
    screen = await _SCREENS[name](call, own)
    waiting = await left(call) if asks and name == "digest" else None
    question, answers = waiting or Screen(NOTHING, [])
    title = bold(call.locale.t(SETTINGS.get(name, say("Look"))))
    back = [] if call.way_back else [(call.locale.plain(BACK_AND_ON[0]), pack("settings"))]
    text = lines(title, screen.text, question)
    await call.show(text, keyboard(*answers, *screen.rows, back))


def to_settings(call: Call) -> list[Button]:
    """The way back to /settings, under what a press opened."""
    back = (call.locale.plain("← Settings"), pack("settings"))
    return [] if call.message_id is None or call.way_back else [back]


async def left(call: Call) -> Screen | None:
    """The question what becomes of stories that wait for a digest which was turned off."""
    count, due = await left_of_digest(call.storage, call.chat.id)
    if call.chat.habits.digest or not count or due is None:
        return None
    locale = call.locale
    text = locale.n(
        "1 story waits for {time}. Send it now?",
        "{n} stories wait for {time}. Send them now?",
        count,
        time=locale.clock(due),
    )
    at = locale.plain("Wait until {time}", time=time_of(due, call))
    buttons = [(locale.plain("Send now"), pack("held", "now")), (at, pack("held", "later"))]
    return Screen(text, [buttons])


def time_of(at: float, call: Call) -> str:
    """The time of day in the chat's zone."""
    return local_time(call.chat.habits.timezone, at)


async def _digest(call: Call, own: str) -> Screen:
    locale = call.locale
    text = lines(
        locale.t("At once, or together in a digest at set hours."),
        _time_here(call),
        locale.t("Other hours: {example}", example=code("/digest 7:30am 7pm")),
    )
    return Screen(text, [*_choices(call, "digest", own), _to_zone(call)])


async def _quiet(call: Call, own: str) -> Screen:
    locale, habits = call.locale, call.chat.habits
    breaking = (
        locale.t("Only major news comes then.")
        if habits.breaking
        else locale.t("Nothing comes then.")
    )
    text = lines(
        locale.t("No alerts in these hours. They come at the end."),
        breaking if habits.quiet else NOTHING,
        _time_here(call),
        locale.t("Other hours: {example}", example=code("/quiet 9:30pm-6am")),
    )
    rows = _choices(call, "quiet", own)
    if habits.quiet:
        rows.append([_switch(call, "breaking")])
    return Screen(text, [*rows, _to_zone(call)])


async def _timezone(call: Call, own: str) -> Screen:
    locale, present = call.locale, call.chat.habits.timezone
    likely = [place.zone for place in await likely_zones(language_of(call))]
    zones = list(dict.fromkeys([present, *([own] if own else []), *likely]))
    text = lines(
        _time_here(call),
        locale.t(
            "Not listed? Write your city, an offset, or your time: {examples}",
            examples=locale.list(
                map(code, ("/timezone Mumbai", "/timezone UTC+3", "/timezone 3pm"))
            ),
        ),
    )
    buttons = [_zone_button(call, zone, clock(zone, locale), own) for zone in zones]
    return Screen(text, [buttons[i : i + 2] for i in range(0, len(buttons), 2)])


def language_of(call: Call) -> str:
    """The language of the person's Telegram, or else of the chat."""
    told = call.user.language_code if call.user else None
    return told or call.here.language


def zones_offered(call: Call, places: tuple[ZonePlace, ...]) -> list[list[Button]]:
    """Places as buttons that set their zone, each with its country where it has one."""
    rows = []
    for place in places:
        name = f"{place.name}, {country(place.country)}" if place.country else place.name
        shown = _clock(name, place.zone, call.locale)
        rows.append([_zone_button(call, place.zone, shown, "")])
    return rows


async def _cap(call: Call, own: str) -> Screen:
    locale = call.locale
    text = lines(
        locale.t("How many alerts a day come one by one. The rest comes in a digest."),
        locale.t("Another number: {example}", example=code("/cap 20")),
        locale.t("For one topic: {example}", example=code("/cap Ferries 3")),
    )
    return Screen(text, _choices(call, "cap", own, across=2))


async def _silent(call: Call, _: str) -> Screen:
    text = call.locale.t("Off: alerts arrive here without a sound. Topics have their own switch.")
    return Screen(text, [[_choice(call, "silent", each, "") for each in ("0", "1")]])


async def _look(call: Call, _: str) -> Screen:
    locale = call.locale
    said = {
        "pictures": locale.t("Pictures: the photo of a story, above its words."),
        "previews": locale.t("Link previews: Telegram's small preview, below them."),
        "buttons": locale.t("Options: the button under each alert."),
        "updates": locale.t("Updates: news of a story, in reply to its alert."),
    }
    # Readers of a channel may not change anything, so alerts there have no options.
    names = [name for name in _LOOK if name != "buttons" or call.chat.kind != "channel"]
    return Screen(lines(*(said[name] for name in names)), [[_switch(call, name)] for name in names])


_SCREENS: dict[str, Callable[[Call, str], Awaitable[Screen]]] = {
    "digest": _digest,
    "quiet": _quiet,
    "timezone": _timezone,
    "cap": _cap,
    "silent": _silent,
    "look": _look,
}


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
    shown = value(choosing.chosen(habits, name, carried) or habits, name, locale)
    usual = choosing.offered(Habits(), name) if name != "silent" else [present]
    kept = present if present not in usual else own
    return _marked(shown, carried == present), packed(name, carried, kept)


def _zone_button(call: Call, zone: str, shown: str, own: str) -> Button:
    present = call.chat.habits.timezone
    return _marked(shown, zone == present), packed("timezone", zone, own or present)


def _switch(call: Call, name: str) -> Button:
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
        "It is {time} in {zone}.",
        time=local_time(zone, locale.now),
        zone=bold(shown_zone(zone)),
    )


def _to_zone(call: Call) -> list[Button]:
    shown = label(call.chat.habits, "timezone", call.locale)
    return [(shown, pack("setting", "timezone"))]


def _when(digest: tuple[int, ...], locale: Locale) -> str:
    shown = hours.shown_slots(digest)
    match digest:
        case ():
            return locale.plain("At once")
        case hours.MORNINGS:
            return locale.plain("Mornings, {hours}", hours=shown)
        case hours.EVENINGS:
            return locale.plain("Evenings, {hours}", hours=shown)
        case hours.TWICE:
            return locale.plain("Mornings and evenings, {hours}", hours=shown)
        case hours.HOURLY:
            return locale.plain("Every hour")
    return shown


def _hours(quiet: hours.Quiet) -> str:
    return "–".join(map(hours.shown_minute, quiet))


def about(call: Call, habits: Habits) -> Call:
    """The call once the chat's habits are these."""
    return replace(call, chat=replace(call.chat, habits=habits, timezone=habits.timezone))


def summary_line(habits: Habits, locale: Locale) -> str:
    """All that matters of when a chat is told: At once · quiet 22:00–07:00 · London 12:46."""
    parts = [_when(habits.digest, locale)]
    if habits.quiet:
        parts.append(locale.plain("quiet {hours}", hours=_hours(habits.quiet)))
    if habits.cap:
        most = say_n("at most 1 a day", "at most {n} a day", habits.cap)
        parts.append(locale.plain(most))
    if habits.silent:
        parts.append(locale.plain("no sound"))
    return " · ".join([*parts, clock(habits.timezone, locale)])
