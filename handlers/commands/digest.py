"""/digest and /quiet: when this chat is told; and the pages of a digest."""

from bot.actions.habits import (
    change_habits,
    local_time,
    read_timezone,
    with_digest,
    with_quiet,
    with_timezone,
)
from bot.delivery.digest_page import digest_view
from bot.news.chat import Habits
from bot.news.telling import hours
from bot.news.telling.timing import USUAL_SLOTS
from bot.texts.html import Html, bold, code, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.callback_data import Press
from handlers.keyboard import keyboard
from handlers.pages import page_of
from handlers.surface import Action, Command, Line, Who, without_words

_OFF = ("off", "none", "no")


async def turn(call: Call, press: Press) -> None:
    """Another page of a digest, in place."""
    digest_id = press.number(0) or 0
    gathered = await call.storage.digests.gathered(call.chat.id, digest_id)
    if not gathered:
        await call.note(say("This digest is too old to turn its pages."))
        return
    view = digest_view(gathered, call.locale)
    page = page_of(len(view.pages), 1, press.number(1))
    buttons = keyboard(page.turning(call.locale, "digest", digest_id))
    await call.show(view.page(page.number).html, buttons)


async def digest(call: Call) -> None:
    """Gathers this chat's stories into digests at the hours it names, or tells them one by one."""
    words = call.words.strip().lower()
    if not words:
        await call.answer(_digest_now(call.chat.habits, call.locale))
    else:
        slots = () if words in _OFF else hours.read_slots(words)
        await _change(call, with_digest(call.chat.habits, slots))


async def quiet(call: Call) -> None:
    """Sets the hours in which nothing rings, or ends them."""
    words = call.words.strip().lower()
    if not words:
        await call.answer(_quiet_now(call.chat.habits, call.locale))
    else:
        wanted = None if words in _OFF else hours.read_quiet(words)
        await _change(call, with_quiet(call.chat.habits, wanted))


async def timezone(call: Call) -> None:
    """Sets the zone in which this chat's hours are meant."""
    if not call.words.strip():
        locale = call.locale
        await call.answer(
            locale.t(
                "The time zone of this chat is {zone}; it is now {time} there. Change it:"
                " {example}",
                zone=code(locale.timezone),
                time=locale.clock(locale.now),
                example=code("/timezone Europe/London"),
            )
        )
    else:
        zone = read_timezone(call.words)
        await _change(call, with_timezone(call.chat.habits, zone))


async def _change(call: Call, habits: Habits) -> None:
    await change_habits(call.storage, call.chat, habits, call.now())
    await call.answer(summary(habits, call.locale))


def summary(habits: Habits, locale: Locale) -> Html:
    """When a chat with these habits is told, in words."""
    time, zone = local_time(habits.timezone, locale.now), code(habits.timezone)
    said = [locale.t("It is {time} in {zone}.", time=time, zone=zone)]
    if habits.digest:
        said.append(
            locale.t(
                "Stories come gathered, at {hours}. {off} ends that.",
                hours=bold(hours.shown_slots(habits.digest)),
                off=code("/digest off"),
            )
        )
    else:
        said.append(locale.t("Stories come one by one, at once."))
    said.append(_quiet_now(habits, locale))
    if habits.cap:
        said.append(
            locale.n(
                "At most 1 alert a day; the rest comes as a digest.",
                "At most {n} alerts a day; the rest comes as a digest.",
                habits.cap,
            )
        )
    return lines(*said)


def _digest_now(habits: Habits, locale: Locale) -> Html:
    if habits.digest:
        return locale.t(
            "Digests come at {hours}. Other hours: {example}; one by one: {off}",
            hours=bold(hours.shown_slots(habits.digest)),
            example=code("/digest 07:30"),
            off=code("/digest off"),
        )
    usual = code(f"/digest {hours.shown_slots(USUAL_SLOTS)}")
    return locale.t("Stories come one by one. Gather them: {example}", example=usual)


def _quiet_now(habits: Habits, locale: Locale) -> Html:
    if habits.quiet is None:
        return locale.t("No quiet hours. Set some: {example}", example=code("/quiet 22:00-07:00"))
    # Html as they are: people copy them, and nothing in them is live.
    start, end = (Html(hours.shown_minute(minute)) for minute in habits.quiet)
    breaking = say("Only what many sources carry at once rings then.")
    return joined(
        " ",
        [
            locale.t("Quiet from {start} to {end}.", start=start, end=end),
            locale.t(breaking if habits.breaking else say("Nothing rings then.")),
            locale.t(
                "What came is delivered at {end}. {off} ends that.", end=end, off=code("/quiet off")
            ),
        ],
    )


COMMANDS = (
    Command(
        "digest", digest, shows=without_words,
        menu=Line(150, say("Stories gathered, at hours you choose")),
        help=Line(80, say("stories gathered; /digest 08:00 18:00")),
        actions=(Action("digest", turn, Who.ANYBODY),),
    ),
    Command(
        "quiet", quiet, shows=without_words,
        menu=Line(160, say("Hours in which nothing rings")),
        help=Line(90, say("hours without alerts; /quiet 22:00-07:00")),
    ),
    Command(
        "timezone", timezone, shows=without_words,
        menu=Line(170, say("The zone those hours are meant in")),
        help=Line(100, say("where those hours are meant; /timezone Europe/London")),
    ),
)  # fmt: skip
