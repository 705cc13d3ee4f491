"""/help: all commands by what they are for; a button for each, so that nothing has to be typed."""

from itertools import groupby

from msgspec.structs import replace

from bot.texts.html import Html, bold, code, joined, lines
from bot.texts.said import say
from handlers.call import Call
from handlers.rights import may_change
from handlers.routing.obeying import obey
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, arranged, keyboard
from handlers.screens.pages import BACK_AND_ON
from handlers.surface import (
    Action,
    Command,
    HelpLine,
    MenuLine,
    Purpose,
    Where,
    Who,
    again,
    known,
    where_of,
)


async def help_(call: Call) -> None:
    """What each command is for, and a button for each purpose."""
    everything, locale = await may_change(call), call.locale
    said = [bold(locale.t("What I can do here"))]
    if call.here.kind == "private":
        said.append(locale.t("Send words to search news, or a link to add its source."))
    buttons = []
    for purpose, listed in groupby(_listed(call, everything=everything), _purpose_of):
        names = joined(" ", (Html(f"/{name}") for name, _ in listed))
        name = bold(locale.t(purpose.value))
        said.append(locale.t("{purpose}: {commands}", purpose=name, commands=names))
        buttons.append((locale.plain(purpose.value), pack("help_on", purpose.name)))
    if not everything:
        said.append(locale.t("Administrators choose what comes here."))
    settings = (locale.plain("Settings"), pack("settings"))
    await call.show(joined("\n\n", said), keyboard(*arranged(buttons), [settings]))


async def page(call: Call, press: Press) -> None:
    """The commands for one purpose: what each does, an example, and a button that does it."""
    purpose = _named(press)
    listed = [
        line
        for line in _listed(call, everything=await may_change(call))
        if _purpose_of(line) is purpose
    ]
    if purpose is None or not listed:
        await help_(call)
        return
    locale = call.locale
    said = [_described(call, name, line) for name, line in listed]
    buttons: list[Button] = [
        (locale.plain(line.label), pack(line.opens) if line.opens else _to_do(name))
        for name, line in listed
    ]
    back = (locale.plain(BACK_AND_ON[0]), pack("help"))
    text = joined("\n\n", [bold(locale.t(purpose.value)), *said])
    await call.show(text, keyboard(*arranged(buttons), [back]))


def _described(call: Call, name: str, line: HelpLine) -> Html:
    locale = call.locale
    what = locale.t("{command}: {what}", command=Html(f"/{name}"), what=line.text)
    return lines(what, code(line.example) if line.example else "")


def _to_do(name: str) -> str:
    return pack("help_do", name)


async def do(call: Call, press: Press) -> None:
    """Does what a command alone does, with the way back to where it stands in /help."""
    command = known().commands.get(press.arguments[0] if press.arguments else "")
    if command is None or command.help is None:
        await help_(call)
        return
    to = pack("help_on", command.help.purpose.name)
    back = (call.locale.plain(BACK_AND_ON[0]), to)
    await obey(replace(call, words="", way_back=back), command)


def _listed(call: Call, *, everything: bool) -> list[tuple[str, HelpLine]]:
    return known().help(where_of(call.chat.kind), members=not everything)


def _purpose_of(line: tuple[str, HelpLine]) -> Purpose:
    return line[1].purpose


def _named(press: Press) -> Purpose | None:
    name = press.arguments[0] if press.arguments else ""
    return Purpose[name] if name in Purpose.__members__ else None


COMMANDS = (
    Command(
        "help", help_, Who.ANYBODY, where=Where.HERE, for_members=True,
        menu=MenuLine(80, say("All I can do")),
        actions=(
            Action("help", again(help_), Who.ANYBODY),
            Action("help_on", page, Who.ANYBODY),
            Action("help_do", do, Who.ANYBODY),
        ),
    ),
)  # fmt: skip
