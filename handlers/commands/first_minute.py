"""The first minute of a private chat: four steps in one message, each answered in place.

Any step can be left, and /start goes on with the one that is next. Buttons carry what they set, so
pressing them again does nothing new; nothing here takes away what was chosen before.
"""

from msgspec.structs import replace

from bot.actions.habits import change_habits, local_time, read_quiet_hours
from bot.actions.zones import find_zone, likely_times, likely_zones
from bot.errors import BadInput
from bot.news.chat import FirstStep, Habits
from bot.news.telling import choosing
from bot.news.telling.hours import USUAL_NIGHT
from bot.news.telling.zones import FoundPlaces, is_word_too
from bot.news.text.words import fold
from bot.texts.countries import countries
from bot.texts.html import Html, bold, code, lines, literal
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import first_languages, first_topics
from handlers.commands.presets import expected
from handlers.routing.listed import ENDS, bare
from handlers.routing.pleas import Plea, read_plea
from handlers.routing.replying import Meant, answer_in, is_for_commands
from handlers.screens import setting_screens as screens
from handlers.screens import setting_words
from handlers.screens.callback_data import Press, pack
from handlers.screens.first_steps import (
    after,
    back,
    heading,
    in_private,
    note_step,
    read_step,
    to,
    ways,
)
from handlers.screens.keyboard import Button, arranged, keyboard
from handlers.screens.wished import preset_named
from handlers.surface import Action, known

_NAMED = 3
_PLACES = ("Mumbai", "3pm")
_NIGHT = choosing.carried(Habits(quiet=USUAL_NIGHT), "quiet")


async def show(call: Call, step: FirstStep) -> None:
    """A step, or where it all leads to."""
    match step:
        case FirstStep.LANGUAGES:
            await first_languages.show(call)
        case FirstStep.TOPICS:
            await first_topics.show(call)
        case FirstStep.CLOCK:
            await _clock(call)
        case FirstStep.NIGHT:
            await _night(call)
        case FirstStep.THROUGH:
            call.services.answers.end_step(call.chat.id)
            await home(call, call.locale.t("All set"), back(step, call.locale))


async def go(call: Call, step: FirstStep) -> None:
    """Shows a step and remembers that the first minute goes on there."""
    await note_step(call, step)
    await show(call, step)


@in_private
async def turn(call: Call, press: Press) -> None:
    """Goes to the step that the button names."""
    step = read_step((*press.arguments, "")[0])
    if step is None:
        await call.note(say("This button is too old. Send /start for new ones."))
    else:
        await go(call, step)


async def _clock(call: Call) -> None:
    locale, present = call.locale, call.chat.timezone
    call.services.answers.ask_step(call.chat.id, FirstStep.CLOCK, call.now())
    likely = await likely_times(screens.language_of(call), locale.now)
    zones = [place.zone for place in likely]
    is_chosen = present != call.services.timezone
    if is_chosen and present not in zones:
        zones.insert(0, present)
    buttons = [_time(call, zone, ticked=is_chosen and zone == present) for zone in zones]
    other = (locale.plain("Other"), pack("first_place"))
    await call.show(
        lines(heading(FirstStep.CLOCK, locale), locale.t("What time is it for you?")),
        keyboard(*arranged(buttons), [other], ways(FirstStep.CLOCK, locale, chosen=is_chosen)),
    )


def _time(call: Call, zone: str, *, ticked: bool = False) -> Button:
    shown = setting_words.clock(zone, call.locale)
    label = call.locale.plain("✓ {choice}", choice=shown) if ticked else shown
    return label, pack("first_zone", zone)


@in_private
async def other_place(call: Call, _: Press) -> None:
    """Asks for the place in words, and offers more."""
    locale = call.locale
    call.services.answers.ask_step(call.chat.id, FirstStep.CLOCK, call.now())
    likely = await likely_zones(screens.language_of(call))
    await call.show(
        lines(
            heading(FirstStep.CLOCK, locale),
            locale.t("Send your city, your location, or what time it is."),
            locale.t("For example: {examples}", examples=locale.list(map(code, _PLACES))),
        ),
        keyboard(
            *arranged([_time(call, place.zone) for place in likely]),
            [(locale.plain("← Back"), to(FirstStep.CLOCK))],
        ),
    )


@in_private
async def zone(call: Call, press: Press) -> None:
    """Sets the clock and goes on."""
    habits = choosing.chosen(call.chat.habits, "timezone", (*press.arguments, "")[0])
    if habits is None:
        await go(call, FirstStep.CLOCK)
    else:
        await _set_clock(call, habits)


async def _set_clock(call: Call, habits: Habits) -> None:
    if habits != call.chat.habits:
        await change_habits(call.storage, call.chat, habits, call.now())
    now = screens.about(call, habits)
    time, place = (
        local_time(habits.timezone, call.now()),
        setting_words.zone_name(habits.timezone, call.locale),
    )
    await call.note(say("It is {time} in {place}.", time=time, place=place))
    await go(now, FirstStep.NIGHT)


async def took(call: Call, words: str, step: FirstStep) -> bool:
    """Takes what a person wrote for the answer to a step that they were asked; False where it is
    none.
    """
    meant = answer_in(words)
    if is_for_commands(words, step, known().commands):
        return False
    if bare(words) in _skips(call) or meant is Meant.LATER:
        await go(call, after(step))
        return True
    if meant and step is not FirstStep.NIGHT:
        await go(call, after(step))
        return True
    match step:
        case FirstStep.LANGUAGES:
            chosen = await first_languages.took(call, words)
            if chosen:
                await go(chosen, after(step))
            return chosen is not None
        case FirstStep.TOPICS:
            return await first_topics.took(call, words)
        case FirstStep.CLOCK:
            return await _took_place(call, words)
        case FirstStep.NIGHT:
            return await _took_hours(call, words, meant)
    return False


def _skips(call: Call) -> set[str]:
    """What stands on the buttons that leave a step."""
    labels = (say("Skip →"), say("Next →"), say("Later"))
    return {fold(call.locale.plain(label)).strip("→← ") for label in labels}


async def _took_hours(call: Call, words: str, meant: Meant | None) -> bool:
    present = call.chat.habits.quiet
    if meant or read_plea(words) is Plea.NIGHT:
        quiet = None if meant is Meant.NO else present or USUAL_NIGHT
    else:
        try:
            quiet = read_quiet_hours(words.strip(ENDS), present)
        except BadInput:
            return False
    await _set_night(call, replace(call.chat.habits, quiet=quiet))
    return True


async def _took_place(call: Call, words: str) -> bool:
    """Takes what a person wrote for the place that they were asked for; False where none is called
    so.
    """
    language, named = screens.language_of(call), words.strip(ENDS)
    try:
        found: FoundPlaces = await find_zone(named, language, call.now())
    except BadInput:
        return False
    if found.is_guess:
        return False
    habits = choosing.chosen(call.chat.habits, "timezone", found.places[0].zone)
    if found.is_sure and habits and not _is_in_the_news(call, named, language):
        await _set_clock(call, habits)
        return True
    locale = call.locale
    # None of them may be the place: another one can be written.
    call.services.answers.ask_step(call.chat.id, FirstStep.CLOCK, call.now())
    labels = [row[0][0] for row in screens.zones_offered(call, found.places)]
    zones = [pack("first_zone", place.zone) for place in found.places]
    rows = [[button] for button in zip(labels, zones, strict=True)]
    which = locale.t("Which place is nearest to you?")
    way_back = [(locale.plain("← Back"), to(FirstStep.CLOCK))]
    await call.answer(lines(heading(FirstStep.CLOCK, locale), which), keyboard(*rows, way_back))
    return True


def _is_in_the_news(call: Call, named: str, language: str) -> bool:
    """Whether somebody may look for news by what is a place as well: a country, or a word."""
    is_country = fold(named) in {fold(name) for name in countries(language)}
    return is_country or is_word_too(named) or preset_named(call, named) is not None


async def _night(call: Call) -> None:
    call.services.answers.ask_step(call.chat.id, FirstStep.NIGHT, call.now())
    locale, habits = call.locale, call.chat.habits
    hours = choosing.carried(habits, "quiet") if habits.quiet else _NIGHT
    shown = setting_words.value(choosing.chosen(habits, "quiet", hours) or habits, "quiet", locale)
    label = locale.plain("Quiet {hours}", hours=shown)
    quiet = locale.plain("✓ {choice}", choice=label) if habits.quiet else label
    on = locale.plain("Next →") if habits.quiet else locale.plain("Later")
    place = bold(setting_words.zone_name(habits.timezone, call.locale))
    await call.show(
        lines(
            heading(FirstStep.NIGHT, locale),
            locale.t(screens.in_quiet_hours(habits)),
            locale.t(
                "It is {time} in {zone}.",
                time=local_time(habits.timezone, locale.now),
                zone=place,
            ),
        ),
        keyboard(
            [(quiet, pack("first_night", hours))],
            [*back(FirstStep.NIGHT, locale), (on, to(after(FirstStep.NIGHT)))],
        ),
    )


@in_private
async def night(call: Call, press: Press) -> None:
    """Sets quiet hours and ends the first minute."""
    habits = choosing.chosen(call.chat.habits, "quiet", (*press.arguments, "")[0])
    if habits is None:
        await go(call, FirstStep.NIGHT)
    else:
        await _set_night(call, habits)


async def _set_night(call: Call, habits: Habits) -> None:
    if habits != call.chat.habits:
        await change_habits(call.storage, call.chat, habits, call.now())
    now = screens.about(call, habits)
    await call.note(setting_words.now_is(habits, "quiet", now.locale))
    await go(now, FirstStep.THROUGH)


async def home(call: Call, title: Html, last: list[Button]) -> None:
    """What holds here, in few lines, and where to go on; `last` is one row more."""
    locale = call.locale
    await call.show(
        lines(
            bold(title),
            await _follows(call),
            literal(setting_words.summary_line(call.chat.habits, locale, await expected(call))),
            locale.t("Change anything: /settings"),
        ),
        keyboard(
            [
                (locale.plain("Newest stories"), pack("latest", 0)),
                (locale.plain("Topics"), pack("topics")),
            ],
            [
                (locale.plain("Settings"), pack("settings")),
                (locale.plain("Help"), pack("help")),
            ],
            last,
        ),
    )


async def _follows(call: Call) -> Html:
    """What the chat follows: topics by name, the rest in numbers."""
    chats, locale = call.storage.chats, call.locale
    topics = await chats.topics(call.chat.id)
    whole = await chats.subscriptions(call.chat.id)
    sources = sum(1 for each in whole if each.feed_id is not None)
    groups = sum(1 for each in whole if each.group)
    named = _NAMED if len(topics) <= _NAMED else _NAMED - 1
    parts = [locale.plain("everything")] if any(each.is_all for each in whole) else []
    parts += [topic.name for topic in topics[:named]]
    if left := len(topics) - named if len(topics) > named else 0:
        parts.append(locale.plain_n("1 more topic", "{n} more topics", left))
    if sources:
        parts.append(locale.plain_n("1 source", "{n} sources", sources))
    if groups:
        parts.append(locale.plain_n("1 group", "{n} groups", groups))
    if not parts:
        return locale.t("You follow nothing yet, so no alerts come.")
    return locale.t("You follow {what}.", what=locale.all_of(parts))


def steps_button(call: Call) -> Button:
    """The way to the first steps, for who left them, is through, or was never asked."""
    step = call.chat.first_step or FirstStep.LANGUAGES
    return call.locale.plain("Set up step by step"), to(step)


ACTIONS = (
    Action("first", turn),
    Action("first_place", other_place),
    Action("first_zone", zone),
    Action("first_night", night),
)
