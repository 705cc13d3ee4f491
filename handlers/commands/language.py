"""/language: in which languages news alerts here, as buttons with a tick."""

from collections.abc import Sequence

from bot.actions.languages import choose, heard, read_languages
from bot.news.telling.languages import MOST_LANGUAGES, read_language, with_language
from bot.texts.catalogues import offered as offered_of_ours
from bot.texts.html import Html, bold, code, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_many
from handlers.call import Call
from handlers.rights import OTHERS_CHANGE, may_change
from handlers.screens import setting_screens as screens
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, arranged, keyboard
from handlers.screens.pages import page_of
from handlers.surface import Action, Command, HelpLine, Purpose, Who, again, without_words

_A_PAGE = 8
_ALL = "all"


async def language(call: Call) -> None:
    """Shows the languages of the news; with words, chooses them. Where no news would come in any,
    they are offered only.
    """
    chosen = call.chat.habits.languages
    wanted: tuple[str, ...] = ()
    if call.words.strip():
        wanted = read_languages(call.words, call.locale)
        present = await heard(call.stories, call.now())
        if not wanted or not present or set(wanted) & set(present):
            await choose(call.storage, call.chat, wanted, call.now())
            chosen, wanted = wanted, ()
    await _show(call, chosen, 0, wanted)


async def page(call: Call, press: Press) -> None:
    """Another page of languages, in place."""
    await _show(call, call.chat.habits.languages, press.number(0) or 0)


async def change(call: Call, press: Press) -> None:
    """Chooses a language or leaves it, as the button says; or all of them."""
    arguments = press.arguments
    wanted = arguments[0] if len(arguments) == 3 else ""
    before = call.chat.habits.languages
    if wanted == _ALL:
        chosen: tuple[str, ...] = ()
    elif known := read_language(wanted):
        chosen = with_language(before, known, wanted=arguments[1] == "1")
    else:
        await call.note(say("This button is old. Send /language for new ones."))
        return
    if len(chosen) > MOST_LANGUAGES:
        await call.note(say_many("{n} languages at most, or all.", MOST_LANGUAGES))
        return
    if chosen != before:
        await choose(call.storage, call.chat, chosen, call.now())
    await call.note(_now(call, chosen))
    await _show(call, chosen, press.number(2) or 0)


def _now(call: Call, chosen: Sequence[str]) -> Said:
    if not chosen:
        return say("Alerts come in every language.")
    names = call.locale.all_of(map(call.locale.name_of, chosen))
    return say("Alerts come in {languages}.", languages=names)


async def _show(
    call: Call, chosen: tuple[str, ...], number: int, wanted: tuple[str, ...] = ()
) -> None:
    """The screen. What is `wanted` though no news comes in it stands first on it."""
    locale = call.locale
    present = await heard(call.stories, call.now())
    silent = wanted or [each for each in chosen if present and each not in present]
    rest = [each for each in (*present, *chosen) if each not in wanted]
    known = [*wanted, *dict.fromkeys(rest)]
    shown = page_of(len(known), _A_PAGE, number)

    def button(each: str) -> Button:
        ticked, name = each in chosen, locale.name_of(each)
        data = pack("language_set", each, 0 if ticked else 1, shown.number)
        return _label(locale, name, ticked=ticked), data

    rows = arranged([button(each) for each in shown.of(known)])
    every = _label(locale, locale.plain("All languages"), ticked=not chosen)
    rows.append([(every, pack("language_set", _ALL, 1, shown.number))])
    rows.append(shown.turning(locale, "language_page"))
    heading = shown.under(bold(locale.t("Languages of news")), locale)
    if len(offered_of_ours()) > 1:
        rows.append([screens.to_interface(call)])
    rows.append(screens.to_settings(call))
    said = _about(call, chosen)
    if silent:
        names = locale.all_of(map(locale.name_of, silent))
        none = locale.t("This week no source had news in {languages}.", languages=names)
        anyway = locale.t("Press it to choose it all the same.") if wanted else ""
        said = [joined(" ", [none, anyway]) if anyway else none, *said]
    if not await may_change(call):
        said, rows = [*said[:-1], locale.t(OTHERS_CHANGE)], [screens.to_settings(call)]
    await call.show(lines(heading, *said), keyboard(*rows))


def _label(locale: Locale, name: str, *, ticked: bool) -> str:
    return locale.plain("✓ {choice}", choice=name) if ticked else name


def _about(call: Call, chosen: Sequence[str]) -> list[Html]:
    locale = call.locale
    said = [locale.t(_now(call, chosen))]
    if chosen:
        field = code("lang:fr")
        said.append(locale.t("/search and /latest find the rest."))
        said.append(locale.t("Sources you follow always come, and topics with {field}",
                             field=field))  # fmt: skip
    said.append(locale.t("Other languages: {example}", example=code("/language de en")))
    return said


COMMANDS = (
    Command(
        "language", language, shows=without_words,
        help=HelpLine(
            Purpose.LESS, 20, say("Languages of news"),
            say("languages of news"), "/language de en",
        ),
        actions=(
            Action("language", again(language), Who.ANYBODY),
            Action("language_page", page, Who.ANYBODY),
            Action("language_set", change),
        ),
    ),
)  # fmt: skip
