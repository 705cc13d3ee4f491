"""What may be said and pressed: each command is declared once, in the module that answers it.

Router, menus, /help, who may do what, which chats are answered at all and which commands are about
a channel follow from it. A module of `handlers.commands` declares its commands in `COMMANDS`, with
the buttons that belong to each, and in `ACTIONS` the buttons that belong to no command.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from enum import Enum, Flag, auto
from functools import lru_cache, wraps
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TypeVar

import msgspec
from msgspec import Struct

from bot.texts.said import Said, say
from handlers import commands
from handlers.call import Call
from handlers.screens.callback_data import Press

T = TypeVar("T")
CommandHandler = Callable[[Call], Awaitable[None]]
PressHandler = Callable[[Call, Press], Awaitable[None]]


_NOT_HERE = say("That does not work here.")


class Who(Enum):
    """Who may use a command, or press a button."""

    ANYBODY = "anybody"
    CHANGERS = "who may change the chat: in a group its administrators"
    OPERATORS = "the people in ADMIN_IDS"


class Where(Flag):
    """Where a command works. `FOR_CHANNEL`: while somebody speaks for a channel in private, it is
    about that channel; without it, about the private chat.
    """

    PRIVATE = auto()
    GROUP = auto()
    CHANNEL = auto()
    FOR_CHANNEL = auto()
    HERE = PRIVATE | GROUP | CHANNEL
    EVERYWHERE = HERE | FOR_CHANNEL


class Purpose(Enum):
    """What commands are for: the parts of /help, in their order, each with its name."""

    READ = say("Read")
    FOLLOW = say("Follow")
    WHEN = say("When")
    LESS = say("Fewer alerts")
    CHATS = say("This chat")
    DATA = say("Your data")


class MenuLine(Struct, frozen=True):
    """A line of the menu, which is in the order of `place`: eight of them, for all that is done
    each day.
    """

    place: int
    text: Said


class HelpLine(Struct, frozen=True):
    """A line of /help, among those of its purpose in the order of `place`: what a button for it
    says, what it does, and an example that can be copied. The button does what the command alone
    does, or `opens` the screen of an action.
    """

    purpose: Purpose
    place: int
    label: Said
    text: Said
    example: str = ""
    opens: str = ""


class Action(Struct, frozen=True):
    """What a button does: its name in callback data, and who may press it: not anybody, unless it
    is said here. One that stands `under_news` carries the number of the delivery that it is under:
    no other is taken under an alert or a digest.
    """

    name: str
    handler: PressHandler
    who: Who = Who.CHANGERS
    under_news: bool = False


def never(words: str) -> bool:
    """No words."""
    return False


def without_words(words: str) -> bool:
    """The command alone."""
    return not words


@dataclass(frozen=True, slots=True)
class Command:
    """A command, as who may change the chat uses it unless another is said. With words that it
    `shows` something on it changes nothing, and anybody may.

    `changes` says of one that anybody may use that it changes something all the same. `elsewhere`
    answers where it does not work. `for_members`: the menu and /help of a group name
    it also to members who may change nothing. `uninvited`: it answers, with its buttons, chats
    that are not let in.
    """

    name: str
    handler: CommandHandler
    who: Who = Who.CHANGERS
    _: KW_ONLY
    shows: Callable[[str], bool] = never
    changes: bool = False
    where: Where = Where.EVERYWHERE
    elsewhere: Said = _NOT_HERE
    for_members: bool = False
    uninvited: bool = False
    menu: MenuLine | None = None
    help: HelpLine | None = None
    actions: tuple[Action, ...] = ()

    def who_may(self, words: str) -> Who:
        """Who may say it with these words."""
        return Who.ANYBODY if self.shows(words) else self.who

    def is_listed(self, where: Where, *, members: bool) -> bool:
        """Whether it is named there, or to members who may change nothing."""
        return where in self.where and (self.for_members or not members)

    def only_reads(self, words: str) -> bool:
        """Whether it changes nothing with these words, so that it may be done again."""
        return not self.changes and self.who_may(words) is Who.ANYBODY


class Surface(Struct, frozen=True):
    """All commands and buttons by name; `owners` are the commands that buttons belong to."""

    commands: dict[str, Command] = msgspec.field(default_factory=dict)
    actions: dict[str, Action] = msgspec.field(default_factory=dict)
    owners: dict[str, Command] = msgspec.field(default_factory=dict)

    def menu(self, where: Where, *, members: bool = False) -> list[tuple[str, Said]]:
        """Names and descriptions for the menu of such chats; for `members`, without those of who
        may change the chat.
        """
        lines = [
            (command.menu.place, command.name, command.menu.text)
            for command in self.commands.values()
            if command.menu and command.is_listed(where, members=members)
        ]
        return [(name, text) for _, name, text in sorted(lines, key=lambda line: line[0])]

    def help(self, where: Where, *, members: bool = False) -> list[tuple[str, HelpLine]]:
        """Names and lines for /help, in the order of their purposes; `members` as for menus."""
        order = list(Purpose)
        lines = [
            (command.name, command.help)
            for command in self.commands.values()
            if command.help and command.is_listed(where, members=members)
        ]
        return sorted(lines, key=lambda line: (order.index(line[1].purpose), line[1].place))


def read_surface(modules: Iterable[ModuleType]) -> Surface:
    """What these modules declare. Raises ValueError where two claim one name."""
    surface = Surface()
    for module in modules:
        declared: tuple[Command, ...] = getattr(module, "COMMANDS", ())
        loose: tuple[Action, ...] = getattr(module, "ACTIONS", ())
        for command in declared:
            _claim(surface.commands, command.name, command)
            for action in command.actions:
                _claim(surface.actions, action.name, action)
                surface.owners[action.name] = command
        for action in loose:
            _claim(surface.actions, action.name, action)
    return surface


def _claim(names: dict[str, T], name: str, what: T) -> None:
    if name in names:
        raise ValueError(f"two commands or two buttons are called {name!r}")
    names[name] = what


@lru_cache(maxsize=1)
def known() -> Surface:
    """What the modules of `handlers.commands` declare. They are imported here and not above, since
    they import this module.
    """
    return read_surface(
        import_module(f"{commands.__name__}.{each.name}")
        for each in iter_modules(commands.__path__)
    )


def where_of(kind: str) -> Where:
    """The place that a chat of this kind is (Bot API, Chat.type)."""
    return {"private": Where.PRIVATE, "channel": Where.CHANNEL}.get(kind, Where.GROUP)


def again(handler: CommandHandler) -> PressHandler:
    """A button that answers as the command does, in place of the message it is under."""

    @wraps(handler)
    async def pressed(call: Call, _: Press) -> None:
        await handler(call)

    return pressed
