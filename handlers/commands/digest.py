"""/digest, /quiet and /timezone: when this chat is told; and the pages of a digest."""

from msgspec.structs import replace

from bot.actions.habits import (
    change_habits,
    local_time,
    read_digest,
    read_quiet_hours,
    send_waiting,
)
from bot.actions.zones import find_zone
from bot.delivery.digest_page import digest_view
from bot.news.chat import Habits
from bot.news.telling import hours
from bot.news.telling.spoken_times import NOW
from bot.texts.html import Html, bold, joined, lines, literal
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.routing.pleas import Plea, read_plea
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import keyboard
from handlers.screens.pages import page_of
from handlers.screens.setting_screens import (
    about,
    language_of,
    left,
    open_setting,
    still_paused,
    switch,
    zones_offered,
)
from handlers.screens.setting_words import summary_line, zone_name
from handlers.screens.threads import in_all_threads
from handlers.surface import Action, Command, HelpLine, MenuLine, Purpose, Who, without_words


async def turn(call: Call, press: Press) -> None:
    """Another page of a digest, in place."""
    digest_id = press.number(0) or 0
    gathered = await call.storage.digests.gathered(call.chat.id, digest_id)
    if not gathered:
        await call.note(say("This digest is too old to turn its pages."))
        return
    habits = call.chat.habits
    view = digest_view(gathered, call.locale, habits.digest, habits.quiet)
    page = page_of(len(view.pages), 1, press.number(1))
    buttons = keyboard(page.turning(call.locale, "digest", digest_id))
    await call.show(view.page(page.number).html, buttons)


async def digest(call: Call) -> None:
    """Tells this chat's stories in digests at the hours it names, or one by one."""
    if not call.words.strip():
        await open_setting(call, "digest")
        return
    if asks_now(call.words):
        await send_now(call)
        return
    habits = call.chat.habits
    now = await _change(call, read_digest(call.words, habits))
    await answer(now, "digest", asks=bool(habits.digest))


def asks_now(words: str) -> bool:
    """Whether what waits is wanted this moment, and the hours are to stay: `now`."""
    return hours.plainly(words) in NOW or read_plea(words) is Plea.WAITING


async def send_now(call: Call) -> None:
    """Sends what waits, and leaves the hours as they are. In a pause nothing is sent."""
    pause = await still_paused(call)
    if pause.text:
        await call.answer(pause.text, keyboard(*pause.rows))
        return
    locale = call.locale
    count = await send_waiting(call.storage, call.chat.id, call.now())
    said = say("They are on their way.") if count else say("Nothing waits.")
    line, settings = summary_line(call.chat.habits, locale), locale.plain("Settings")
    shown = lines(bold(locale.t(said)), literal(line))
    await call.answer(shown, keyboard([(settings, pack("settings"))]))


async def quiet(call: Call) -> None:
    """Sets the hours without alerts, or ends them."""
    if not call.words.strip():
        await open_setting(call, "quiet")
        return
    habits = call.chat.habits
    wanted = read_quiet_hours(call.words, habits.quiet)
    await answer(await _change(call, replace(habits, quiet=wanted)), "quiet")


async def timezone(call: Call) -> None:
    """Sets the zone in which this chat's hours are meant, or asks which place is."""
    if not call.words.strip():
        await open_setting(call, "timezone")
        return
    found = await find_zone(call.words, language_of(call), call.now())
    if not found.is_sure:
        one = len(found.places) == 1
        asked = say("Did you mean this?") if one else say("Which place is nearest to you?")
        await call.ask_anew(call.locale.t(asked), keyboard(*zones_offered(call, found.places)))
        return
    zone = found.places[0].zone
    await answer(await _change(call, replace(call.chat.habits, timezone=zone)), "timezone")


async def _change(call: Call, habits: Habits) -> Call:
    await change_habits(call.storage, call.chat, habits, call.now())
    return about(call, habits)


async def answer(call: Call, name: str, *, asks: bool = False) -> None:
    """Says how a setting is now, and in a line what holds besides. It `asks` what becomes of what
    is left over of a digest or a daily limit.
    """
    locale, habits = call.locale, call.chat.habits
    question = await left(call, name) if asks else None
    asked, rows = question or ("", [])
    if name == "quiet" and habits.quiet:
        rows = [*rows, [switch(call, "breaking")]]
    settings = (locale.plain("Settings"), pack("settings"))
    line, where = literal(summary_line(habits, locale)), await in_all_threads(call)
    said = lines(_NOW[name](habits, locale), line, where, asked)
    await call.answer(said, keyboard(*rows, [settings]))


def _when(habits: Habits, locale: Locale) -> Html:
    if not habits.digest:
        return bold(locale.t("Stories come at once, one by one."))
    return bold(locale.t("Stories come in a digest."))


def _quiet(habits: Habits, locale: Locale) -> Html:
    if habits.quiet is None:
        return bold(locale.t("No quiet hours."))
    # Html as they are: people copy them, and nothing in them is live.
    start, end = (Html(hours.shown_minute(minute)) for minute in habits.quiet)
    rest = say("Only major news comes then.") if habits.breaking else say("Nothing comes then.")
    return lines(
        bold(locale.t("Quiet from {start} to {end}.", start=start, end=end)),
        joined(" ", [locale.t(rest), locale.t("The rest comes at {end}.", end=end)]),
    )


def _limit(habits: Habits, locale: Locale) -> Html:
    if not habits.cap:
        return bold(locale.t("No daily limit: all alerts come."))
    most = locale.n("At most 1 alert a day.", "At most {n} alerts a day.", habits.cap)
    return lines(bold(most), locale.t("The rest comes in a digest."))


def _zone(habits: Habits, locale: Locale) -> Html:
    time, zone = local_time(habits.timezone, locale.now), zone_name(habits.timezone, locale)
    return bold(locale.t("It is {time} in {zone} now.", time=time, zone=zone))


_NOW = {"digest": _when, "quiet": _quiet, "cap": _limit, "timezone": _zone}


COMMANDS = (
    Command(
        "digest", digest, shows=without_words,
        menu=MenuLine(60, say("Stories together, at set hours")),
        help=HelpLine(
            Purpose.WHEN, 10, say("When"),
            say("at once, or in a digest at set hours"), "/digest 8am 6pm",
        ),
        actions=(Action("digest", turn, Who.ANYBODY, under_news=True),),
    ),
    Command(
        "quiet", quiet, shows=without_words,
        help=HelpLine(
            Purpose.WHEN, 20, say("Quiet hours"),
            say("hours with major news at most"), "/quiet 10pm-7am",
        ),
    ),
    Command(
        "timezone", timezone, shows=without_words,
        help=HelpLine(
            Purpose.WHEN, 30, say("Time zone"),
            say("the time zone of those hours"), "/timezone London",
        ),
    ),
)  # fmt: skip
