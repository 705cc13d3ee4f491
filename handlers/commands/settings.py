"""/settings: when and how this chat is told, as buttons, edited in place."""

from dataclasses import replace
from typing import TypeVar

from bot.actions.habits import change_habits
from bot.delivery.render import bold, code
from bot.news.chat import Habits
from bot.news.telling import hours
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.commands.digest import summary
from handlers.keyboard import keyboard
from handlers.surface import Action, Command, Line, Who, again

T = TypeVar("T")

_DIGESTS: tuple[tuple[int, ...], ...] = ((), (8 * 60,), (8 * 60, 18 * 60), (18 * 60,))
_QUIETS: tuple[tuple[int, int] | None, ...] = (None, (22 * 60, 7 * 60), (23 * 60, 8 * 60))
_CAPS = (0, 12, 30)


async def settings(call: Call) -> None:
    """Shows them all."""
    await _show(call, call.chat.habits)


async def language(call: Call) -> None:
    """Says in which language the bot speaks: one, so far."""
    await call.answer(
        "This bot speaks English only so far; stories come in the languages of their sources. "
        f"A topic may name one: {code('/topic Berlin lang:de')}"
    )


async def change(call: Call, press: Press) -> None:
    """Turns one setting on, off or to its next value."""
    habits = _turned(call.chat.habits, press.arguments[0] if press.arguments else "")
    if habits != call.chat.habits:
        await change_habits(call.storage, call.chat, habits, call.now())
    await _show(call, habits)
    await call.note()


def _turned(habits: Habits, name: str) -> Habits:
    match name:
        case "digest":
            return replace(habits, digest=_next(_DIGESTS, habits.digest))
        case "quiet":
            return replace(habits, quiet=_next(_QUIETS, habits.quiet))
        case "breaking":
            return replace(habits, breaking=not habits.breaking)
        case "cap":
            return replace(habits, cap=_next(_CAPS, habits.cap))
        case "buttons":
            return replace(habits, buttons=not habits.buttons)
        case "updates":
            return replace(habits, updates=not habits.updates)
        case "silent":
            return replace(habits, silent=not habits.silent)
        case "pictures":
            return replace(habits, pictures=not habits.pictures)
        case "previews":
            return replace(habits, previews=not habits.previews)
        case _:
            return habits


def _next(values: tuple[T, ...], value: T) -> T:
    return values[(values.index(value) + 1) % len(values)] if value in values else values[0]


async def _show(call: Call, habits: Habits) -> None:
    digest = hours.shown_slots(habits.digest) or "off"
    quiet = "off"
    if habits.quiet:
        quiet = "-".join(hours.shown_minute(minute) for minute in habits.quiet)
    own = f"Other hours: {code('/digest 07:30')}, {code('/quiet 21:00-06:30')}, {code('/cap 20')}"
    await call.show(
        f"{bold(f'Settings of this {_what(call)}')}\n{summary(habits, call.now())}\n{own}, "
        f"{code('/timezone Europe/London')}",
        keyboard(
            [(f"Digest: {digest}", _turn("digest")), (f"Quiet: {quiet}", _turn("quiet"))],
            [
                (f"Breaking news in quiet hours: {_on(habits.breaking)}", _turn("breaking")),
            ],
            [
                (f"Alerts a day: {habits.cap or 'all'}", _turn("cap")),
                (f"Updates: {_on(habits.updates)}", _turn("updates")),
            ],
            [
                (f"Sound: {_on(not habits.silent)}", _turn("silent")),
                (f"Button under alerts: {_on(habits.buttons)}", _turn("buttons")),
            ],
            [
                (f"Pictures: {_on(habits.pictures)}", _turn("pictures")),
                (f"Link previews: {_on(habits.previews)}", _turn("previews")),
            ],
            [("Topics", pack("topics")), ("Muted", pack("muted"))],
            [("Channels", pack("channels"))] if call.chat.kind == "private" else [],
        ),
    )


def _what(call: Call) -> str:
    return "channel" if call.place else "chat"


def _turn(name: str) -> str:
    return pack("setting", name)


def _on(wanted: bool) -> str:
    return "on" if wanted else "off"


COMMANDS = (
    Command(
        name="settings",
        handler=settings,
        menu=Line(200, "All of this as buttons"),
        help=Line(130, "all of this as buttons"),
        actions=(
            Action("settings", again(settings)),
            Action("setting", change, Who.CHANGERS),
        ),
    ),
    Command(
        name="language",
        handler=language,
        menu=Line(175, "The language I speak"),
        help=Line(105, "the language I speak"),
    ),
)
