"""/settings: how this chat is told, one row a setting; each opens a screen of choices."""

from bot.actions.habits import change_habits, left_of_digest, release_digest
from bot.news.telling import choosing
from bot.texts.html import bold, lines, literal
from bot.texts.said import say
from handlers import setting_screens as screens
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import Button, keyboard
from handlers.surface import Action, Command, HelpLine, MenuLine, Purpose, Who, again

_ROWS = (("digest",), ("quiet",), ("timezone",), ("cap", "silent"))


async def settings(call: Call) -> None:
    """A line that sums up what is set, and the settings."""
    locale, habits = call.locale, call.chat.habits
    heading = say("Settings of this channel") if call.place else say("Settings of this chat")

    def button(name: str) -> Button:
        return screens.label(habits, name, locale), pack("setting", name)

    rows = [[button(name) for name in row] for row in _ROWS]
    look = (locale.plain("Look"), pack("setting", "look"))
    rows += [
        [look, (locale.plain("Topics"), pack("topics"))],
        [(locale.plain("Sources"), pack("catalogue")), (locale.plain("Muted"), pack("muted"))],
    ]
    language_ = (locale.plain("Language"), pack("language"))
    channels = (locale.plain("Channels"), pack("channels"))
    rows.append([channels, language_] if call.chat.kind == "private" else [language_])
    said = lines(bold(locale.t(heading)), literal(screens.summary_line(habits, locale)))
    await call.show(said, keyboard(*rows))


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
    await call.note(screens.now_is(habits, name, now.locale))


async def held(call: Call, press: Press) -> None:
    """Sends what waits for a digest that was turned off, or leaves it for the hour that was set."""
    count, due = await left_of_digest(call.storage, call.chat.id)
    if not count or due is None or call.chat.habits.digest:
        note = say("Nothing waits any more.")
    elif press.arguments[:1] == ("now",):
        await release_digest(call.storage, call.chat.id, call.now())
        note = say("They are on their way.")
    else:
        note = say("They come at {time}.", time=screens.time_of(due, call))
    await screens.open_setting(call, "digest", asks=False)
    await call.note(note)


COMMANDS = (
    Command(
        "settings", settings, Who.ANYBODY,
        menu=MenuLine(70, say("When and how news comes")),
        help=HelpLine(Purpose.CHATS, 10, say("Settings"), say("when and how news comes")),
        actions=(
            Action("settings", again(settings), Who.ANYBODY),
            Action("setting", open_),
            Action("set", change),
            Action("held", held),
        ),
    ),
)  # fmt: skip
