"""/settings: how this chat is told, one row a setting; each opens a screen of choices."""

from bot.actions.habits import change_habits, left_over, release_left
from bot.actions.pausing import is_paused
from bot.news.telling import choosing
from bot.texts.catalogues import offered
from bot.texts.html import bold, lines, literal
from bot.texts.languages import NAMES
from bot.texts.said import say
from handlers.call import Call
from handlers.commands.presets import expected
from handlers.rights import OTHERS_CHANGE, may_change
from handlers.screens import setting_screens as screens
from handlers.screens import setting_words
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, keyboard
from handlers.surface import Action, Command, HelpLine, MenuLine, Purpose, Who, again

_FEW = 3
_ROWS = (("digest",), ("quiet",), ("timezone",), ("cap", "silent"))


async def settings(call: Call) -> None:
    """A line that sums up what is set, and the settings; to who may not change them, each as it
    holds.
    """
    locale, habits = call.locale, call.chat.habits
    heading = say("Settings of this channel") if call.place else say("Settings of this chat")
    said = lines(bold(locale.t(heading)), screens.paused(call))
    if await may_change(call):
        line = setting_words.summary_line(habits, locale, await expected(call))
        await call.show(lines(said, literal(line)), keyboard(*_rows(call)))
        return
    held = [setting_words.label(habits, name, locale) for row in _ROWS for name in row]
    held.append(_languages(call))
    text = lines(said, *map(literal, held), locale.t(OTHERS_CHANGE))
    await call.show(text, keyboard(_topics_and_sources(call)))


def _rows(call: Call) -> list[list[Button]]:
    locale, habits = call.locale, call.chat.habits

    def button(name: str) -> Button:
        return setting_words.label(habits, name, locale), pack("setting", name)

    resume = (locale.plain("Resume"), pack("resume"))
    news = (_languages(call), pack("language"))
    look, muted = (locale.plain("Look"), pack("setting", "look")), pack("muted")
    pause = (locale.plain("Pause"), pack("pause"))
    channels = (locale.plain("Channels"), pack("channels"))
    data = (locale.plain("Your data"), pack("help_on", Purpose.DATA.name))
    return [
        [resume] if is_paused(call.chat, locale.now) else [],
        *([button(name) for name in row] for row in _ROWS),
        [news],
        _topics_and_sources(call),
        [look, (locale.plain("Muted"), muted), pause],
        [screens.to_interface(call)],
        [*([channels] if call.chat.kind == "private" else []), data,
         (locale.plain("Help"), pack("help"))],
    ]  # fmt: skip


def _languages(call: Call) -> str:
    return call.locale.plain("Languages: {languages}", languages=_heard(call))


def _heard(call: Call) -> str:
    """The language of news; some by their codes, or how many there are."""
    chosen, locale = call.chat.habits.languages, call.locale
    if not chosen:
        return locale.plain("all")
    if len(chosen) == 1:
        return locale.name_of(chosen[0])
    return " ".join(chosen) if len(chosen) <= _FEW else locale.number(len(chosen))


def _topics_and_sources(call: Call) -> list[Button]:
    locale = call.locale
    return [(locale.plain("Topics"), pack("topics")), (locale.plain("Sources"), pack("catalogue"))]


async def open_(call: Call, press: Press) -> None:
    """Opens the screen of a setting. Buttons of before, which changed it, do so too."""
    name = press.arguments[0] if press.arguments else ""
    if screens.is_setting(name):
        await screens.open_setting(call, name)
    else:
        await settings(call)


async def change(call: Call, press: Press) -> None:
    """Sets what the button carries, and shows the screen of that setting as it is now."""
    name, value, own = (*press.arguments, "", "", "")[:3]
    before = call.chat.habits
    habits = choosing.chosen(before, name, value)
    if habits is None:
        await settings(call)
        return
    if habits != before:
        await change_habits(call.storage, call.chat, habits, call.now())
    now = screens.about(call, habits)
    await screens.open_setting(now, name, own if choosing.chosen(habits, name, own) else "")
    await call.note(setting_words.now_is(habits, name, now.locale))


async def interface(call: Call, press: Press) -> None:
    """Speaks to the chat in another language from now on, and says so in it."""
    language = (*press.arguments, "")[0]
    if language in offered() and language != call.chat.language:
        await call.storage.chats.set_language(call.chat.id, language)
        call = screens.in_language(call, language)
        await call.note(say("Interface: {language}", language=NAMES[language]))
    await screens.open_setting(call, "interface")


async def held(call: Call, press: Press) -> None:
    """Sends what still waits for a digest or by a daily limit that was ended, or leaves it for the
    hour that was set.
    """
    choice, name = (*press.arguments, "", "")[:2]
    habits = call.chat.habits
    waiting = await left_over(call.storage, call.chat.id, habits)
    if waiting[0] and choice == "now":
        await release_left(call.storage, call.chat.id, habits, call.now())
    note = screens.becomes(call, waiting, choice)
    # Buttons of before name no setting: it was the digest then.
    await screens.open_setting(call, "cap" if name == "cap" else "digest", asks=False)
    await call.note(note)


COMMANDS = (
    Command(
        "settings", settings, Who.ANYBODY, for_members=True,
        menu=MenuLine(70, say("When and how news comes")),
        help=HelpLine(Purpose.CHATS, 10, say("Settings"), say("when and how news comes")),
        actions=(
            Action("settings", again(settings), Who.ANYBODY),
            Action("setting", open_),
            Action("set", change),
            Action("held", held),
            Action("interface", interface),
        ),
    ),
)  # fmt: skip
