"""What settings are called, and how each is set, in few words."""

from bot.actions.habits import local_time
from bot.news.chat import Habits
from bot.news.telling import hours
from bot.news.telling.days import WEEKDAYS, WEEKEND
from bot.news.telling.zones import shown_zone
from bot.texts.countries import zone_city
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_n

SETTINGS: dict[str, Said] = {
    "digest": say("When"),
    "quiet": say("Quiet hours"),
    "timezone": say("Time zone"),
    "cap": say("Daily limit"),
    "silent": say("Sound"),
    "breaking": say("Major news when quiet"),
    "pictures": say("Pictures"),
    "previews": say("Link previews"),
    "buttons": say("Options under alerts"),
    "updates": say("Updates"),
}


def value(habits: Habits, name: str, locale: Locale) -> str:
    """How a setting is set, in few words."""
    match name:
        case "digest":
            return _when(habits, locale)
        case "quiet":
            return _hours(habits.quiet) if habits.quiet else locale.plain("off")
        case "timezone":
            return clock(habits.timezone, locale)
        case "cap" if habits.cap:
            return locale.plain_n("1 a day", "{n} a day", habits.cap)
        case "cap":
            return locale.plain("none")
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
    return clock_of(zone_name(timezone, locale), timezone, locale)


def zone_name(timezone: str, locale: Locale) -> str:
    """A zone by its city as the reader calls it, or by how far it is from Greenwich."""
    return zone_city(timezone, locale.spoken) or shown_zone(timezone)


def clock_of(place: str, timezone: str, locale: Locale) -> str:
    """A place of that zone, and what time it is there."""
    return locale.plain("{place} {time}", place=place, time=time_in(timezone, locale))


def time_in(timezone: str, locale: Locale) -> str:
    """The time of day in a zone."""
    return local_time(timezone, locale.now)


def _when(habits: Habits, locale: Locale) -> str:
    shown = hours.shown_slots(habits.digest)
    if habits.digest and habits.days:
        return _on_days(habits, locale)
    match habits.digest:
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


def _on_days(habits: Habits, locale: Locale) -> str:
    hourly = habits.digest == hours.HOURLY
    shown = locale.plain("every hour") if hourly else hours.shown_slots(habits.digest)
    return locale.plain("{days}, {hours}", days=days_of(habits.days, locale), hours=shown)


def days_of(days: tuple[int, ...], locale: Locale) -> str:
    """Days of the week in few words."""
    if days == WEEKDAYS:
        return locale.plain("Weekdays")
    if days == WEEKEND:
        return locale.plain("Weekends")
    if len(days) == 1:
        return locale.plain("Every {day}", day=locale.weekday(days[0]))
    return " ".join(locale.weekday(day, short=True) for day in days)


def _hours(quiet: hours.Quiet) -> str:
    return "–".join(map(hours.shown_minute, quiet))


def summary_line(habits: Habits, locale: Locale, a_day: float | None = None) -> str:
    """All that matters of when a chat is told: At once · quiet 22:00–07:00 · London 12:46. `a_day`
    is about how many alerts that makes, where that is known.
    """
    parts = [_when(habits, locale)]
    if habits.quiet:
        parts.append(locale.plain("quiet {hours}", hours=_hours(habits.quiet)))
    if habits.cap:
        most = say_n("at most 1 a day", "at most {n} a day", habits.cap)
        parts.append(locale.plain(most))
    if habits.silent:
        parts.append(locale.plain("no sound"))
    parts.append(clock(habits.timezone, locale))
    if a_day is not None:
        parts.append(_about(a_day, locale))
    return " · ".join(parts)


def _about(a_day: float, locale: Locale) -> str:
    """As people round: 3, 14, 30, 250."""
    step = 1 if a_day < 20 else 5 if a_day < 100 else 10
    n = round(a_day / step) * step
    if n < 1:
        return locale.plain("less than 1 a day")
    return locale.plain_n("about 1 a day", "about {n} a day", n)
