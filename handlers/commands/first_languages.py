"""The first minute begins: what the bot is, an alert as an example, and languages of the news."""

from msgspec.structs import replace

from bot.actions.languages import begun_with, choose, offered, read_languages
from bot.delivery import render
from bot.errors import BadInput
from bot.news.chat import FirstStep
from bot.news.telling.languages import (
    MOST_LANGUAGES,
    is_heard,
    own_language,
    read_language,
    spoken_in,
    with_language,
)
from bot.texts.html import NOTHING, Html, bold, html_of, joined, lines
from bot.texts.not_ours import line_for
from bot.texts.said import Said, say, say_many
from handlers.call import Call
from handlers.commands.presets import seen_of
from handlers.routing.listed import ENDS, bare
from handlers.routing.wishes import EVERYTHING
from handlers.screens.callback_data import Press, pack
from handlers.screens.first_steps import heading, in_private, ways
from handlers.screens.keyboard import Button, arranged, keyboard
from handlers.screens.pages import page_of
from handlers.screens.setting_screens import about, language_of
from handlers.surface import Action

_A_PAGE = 9
_LOOKED_AT = 50
_ALL = "all"


async def show(call: Call) -> None:
    """What the bot is, an alert as it would come, and the languages that are offered first."""
    locale = call.locale
    call.services.answers.ask_step(call.chat.id, FirstStep.LANGUAGES, call.now())
    chosen = call.chat.habits.languages
    own = own_language(language_of(call), call.services.language)
    begun = await begun_with(call.storage.stories, own, locale.now)
    codes = list(dict.fromkeys((own, "en", *chosen)))
    more = (locale.plain("More languages"), pack("first_more", 0))
    every = [] if chosen else [_every(call, chosen, "")]
    went_on = ways(FirstStep.LANGUAGES, locale, chosen=chosen != begun)
    text = joined("\n\n", filter(None, [await _example(call), _step(call, chosen)]))
    await call.show(text, keyboard(*_rows(call, codes, ""), every, [more], went_on))
    # By the next step there are numbers to show.
    await seen_of(call)


async def _example(call: Call) -> Html:
    """What the bot is, and the newest story in a language of the chat as its alert would be."""
    locale, chosen = call.locale, call.chat.habits.languages
    title = bold(locale.t("News alerts, one for each story"))
    for row in await call.stories.newest(None, _LOOKED_AT):
        story = row.story
        if is_heard(chosen, spoken_in(f"{story.title} {story.summary}", story.language)):
            feeds = (await call.storage.feeds.census(call.chat.id)).feeds
            like_this = locale.n(
                "I read 1 source. An alert looks like this:",
                "I read {n} sources. An alert looks like this:",
                feeds,
            )
            item = render.item_of(story)
            item = replace(item, summary=render.lead(item))
            return joined("\n\n", [lines(title, like_this), render.alert(item, locale).html])
    none_yet = locale.t("No stories yet. I am reading the sources for the first time.")
    return lines(title, none_yet)


def _step(call: Call, chosen: tuple[str, ...]) -> Html:
    locale = call.locale
    twice = (
        locale.t("The same story can come once in each language.") if len(chosen) != 1 else NOTHING
    )
    not_ours = html_of(line_for(language_of(call)))
    return lines(
        heading(FirstStep.LANGUAGES, locale), locale.t(_now(call, chosen)), twice, not_ours
    )


def _now(call: Call, chosen: tuple[str, ...]) -> Said:
    if not chosen:
        return say("Alerts come in every language.")
    names = call.locale.all_of(map(call.locale.name_of, chosen))
    return say("Alerts come in {languages}.", languages=names)


def _rows(call: Call, codes: list[str], page: int | str) -> list[list[Button]]:
    """Languages with a tick on those that are chosen."""
    locale, chosen = call.locale, call.chat.habits.languages

    def button(code: str) -> Button:
        name, is_on = locale.name_of(code), code in chosen
        label = locale.plain("✓ {choice}", choice=name) if is_on else name
        return label, pack("first_language", code, 0 if is_on else 1, page)

    return arranged([button(code) for code in codes])


def _every(call: Call, chosen: tuple[str, ...], page: int | str) -> Button:
    label = call.locale.plain("All languages")
    ticked = label if chosen else call.locale.plain("✓ {choice}", choice=label)
    return ticked, pack("first_language", _ALL, 1, page)


async def _show_more(call: Call, number: int) -> None:
    """All languages that news came in, a page at a time."""
    locale, chosen = call.locale, call.chat.habits.languages
    known = await offered(call.stories, chosen, call.now())
    shown = page_of(len(known), _A_PAGE, number)
    title = shown.under(heading(FirstStep.LANGUAGES, locale), locale)
    rows = _rows(call, list(shown.of(known)), shown.number)
    turning = shown.turning(locale, "first_more")
    done = (locale.plain("Done"), pack("first", FirstStep.LANGUAGES))
    every = [_every(call, chosen, shown.number)]
    text = lines(title, locale.t(_now(call, chosen)))
    await call.show(text, keyboard(*rows, every, turning, [done]))


@in_private
async def more(call: Call, press: Press) -> None:
    """A page of all languages."""
    await _show_more(call, press.number(0) or 0)


@in_private
async def change(call: Call, press: Press) -> None:
    """Chooses a language or leaves it, as the button says; or all of them."""
    wanted, on, page = (*press.arguments, "", "", "")[:3]
    before = call.chat.habits.languages
    known = read_language(wanted)
    if known:
        chosen = with_language(before, known, wanted=on == "1")
    else:
        chosen = () if wanted == _ALL else before
    if len(chosen) > MOST_LANGUAGES:
        await call.note(say_many("{n} languages at most, or all.", MOST_LANGUAGES))
        return
    if chosen != before:
        habits = await choose(call.storage, call.chat, chosen, call.now())
        call = about(call, habits)
    await call.note(_now(call, chosen))
    await (_show_more(call, int(page)) if page.isdecimal() else show(call))


async def took(call: Call, words: str) -> Call | None:
    """Chooses the languages that were written, and says which; the call with them from now on.
    None where that is not all that was written.
    """
    is_all = bare(words) in (*EVERYTHING, bare(call.locale.plain("All languages")))
    try:
        chosen = () if is_all else read_languages(words.strip(ENDS), call.locale, by_name=True)
    except BadInput:
        return None
    habits = await choose(call.storage, call.chat, chosen, call.now())
    await call.answer(call.locale.t(_now(call, chosen)))
    return about(call, habits)


ACTIONS = (Action("first_more", more), Action("first_language", change))
