"""/settings: when and how this chat is told, as buttons, edited in place."""

from dataclasses import replace
from typing import Any, TypeVar

from bot.actions.habits import change_habits
from bot.news.chat import Habits
from bot.news.telling import hours
from bot.texts.html import bold, code, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.commands.digest import summary
from handlers.keyboard import Button, keyboard
from handlers.surface import Action, Command, Line, Who, again

T = TypeVar("T")

_DIGESTS: tuple[tuple[int, ...], ...] = ((), (8 * 60,), (8 * 60, 18 * 60), (18 * 60,))
_QUIETS: tuple[tuple[int, int] | None, ...] = (None, (22 * 60, 7 * 60), (23 * 60, 8 * 60))
_CAPS = (0, 12, 30)
_SWITCHES = ("breaking", "buttons", "updates", "silent", "pictures", "previews")
_ROWS = (
    ("digest", "quiet"), ("breaking",), ("cap", "updates"), ("silent", "buttons"),
    ("pictures", "previews"),
)  # fmt: skip
_EXAMPLES = ("/digest 07:30", "/quiet 21:00-06:30", "/cap 20", "/timezone Europe/London")


async def settings(call: Call) -> None:
    """Shows them all."""
    await _show(call, call.chat.habits)


async def change(call: Call, press: Press) -> None:
    """Turns one setting on, off or to its next value."""
    habits = _turned(call.chat.habits, press.arguments[0] if press.arguments else "")
    if habits != call.chat.habits:
        await change_habits(call.storage, call.chat, habits, call.now())
    await _show(call, habits)


def _turned(habits: Habits, name: str) -> Habits:
    match name:
        case "digest":
            return replace(habits, digest=_next(_DIGESTS, habits.digest))
        case "quiet":
            return replace(habits, quiet=_next(_QUIETS, habits.quiet))
        case "cap":
            return replace(habits, cap=_next(_CAPS, habits.cap))
        case _ if name in _SWITCHES:
            turned: dict[str, Any] = {name: not getattr(habits, name)}
            return replace(habits, **turned)
    return habits


def _next(values: tuple[T, ...], value: T) -> T:
    return values[(values.index(value) + 1) % len(values)] if value in values else values[0]


async def _show(call: Call, habits: Habits) -> None:
    locale, values = call.locale, shown(habits, call.locale)
    heading = say("Settings of this channel") if call.place else say("Settings of this chat")
    own = locale.t("Other hours: {examples}", examples=locale.list(map(code, _EXAMPLES)))

    def button(name: str) -> Button:
        setting, value = values[name]
        label = locale.plain("{setting}: {value}", setting=setting, value=value)
        return label, pack("setting", name)

    rows = [[button(name) for name in row] for row in _ROWS]
    rows.append([(locale.plain("Topics"), pack("topics")), (locale.plain("Muted"), pack("muted"))])
    if call.chat.kind == "private":
        rows.append([(locale.plain("Channels"), pack("channels"))])
    said = lines(bold(locale.t(heading)), summary(habits, locale), own)
    await call.show(said, keyboard(*rows))


def shown(habits: Habits, locale: Locale) -> dict[str, tuple[Said, str]]:
    """What each setting is called, and how it is set, by its name in `Habits`."""
    off, quiet = locale.plain("off"), habits.quiet

    def state(wanted: bool) -> str:
        return locale.plain("on") if wanted else off

    return {
        "digest": (say("Digest"), hours.shown_slots(habits.digest) or off),
        "quiet": (say("Quiet"), "-".join(map(hours.shown_minute, quiet)) if quiet else off),
        "breaking": (say("Breaking news in quiet hours"), state(habits.breaking)),
        "cap": (
            say("Alerts a day"), locale.number(habits.cap) if habits.cap else locale.plain("all")
        ),
        "buttons": (say("Button under alerts"), state(habits.buttons)),
        "updates": (say("Updates"), state(habits.updates)),
        "pictures": (say("Pictures"), state(habits.pictures)),
        "previews": (say("Link previews"), state(habits.previews)),
        "silent": (say("Sound"), state(not habits.silent)),
    }  # fmt: skip


COMMANDS = (
    Command(
        "settings", settings, Who.ANYBODY,
        menu=Line(200, say("All of this as buttons")),
        help=Line(130, say("all of this as buttons")),
        actions=(
            Action("settings", again(settings), Who.ANYBODY),
            Action("setting", change),
        ),
    ),
)  # fmt: skip
