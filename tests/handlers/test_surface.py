"""Each command is declared once, and everything that stands in the house is declared."""

import ast
from functools import cache
from inspect import iscoroutinefunction
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

import handlers
from bot.texts.said import say
from handlers.call import Call
from handlers.screens.callback_data import Press
from handlers.surface import (
    Action,
    Command,
    HelpLine,
    MenuLine,
    Purpose,
    Surface,
    Where,
    Who,
    again,
    known,
    read_surface,
)

HOUSE = Path(handlers.__file__).parent


async def _answer(call: Call) -> None: ...


async def _press(call: Call, press: Press) -> None: ...


def _module(*commands: Command, actions: tuple[Action, ...] = ()) -> ModuleType:
    return cast(ModuleType, SimpleNamespace(COMMANDS=commands, ACTIONS=actions))


def _command(name: str, **how: Any) -> Command:
    return Command(name=name, handler=_answer, **how)


def _declared() -> list[Command | Action]:
    return [*known().commands.values(), *known().actions.values()]


@cache
def _packed() -> set[str]:
    """The actions that buttons of ours carry, where they are written as such."""
    return {
        str(node.args[0].value)
        for path in HOUSE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "pack"
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_module_of_commands_is_declared() -> None:
    there = {f"handlers.commands.{path.stem}" for path in (HOUSE / "commands").glob("[!_]*.py")}
    assert len(there) > 20
    assert there - {each.handler.__module__ for each in _declared()} == set()


def test_every_button_that_is_made_does_something() -> None:
    assert len(_packed()) > 20
    assert _packed() - set(known().actions) == set()


def test_every_handler_can_be_awaited_and_every_button_can_be_packed() -> None:
    for each in _declared():
        assert iscoroutinefunction(each.handler), each.name
        assert each.name.isidentifier(), each.name


def test_a_command_that_works_somewhere_only_says_so_elsewhere() -> None:
    for command in known().commands.values():
        assert Where.HERE in command.where or command.elsewhere, command.name


def test_no_two_lines_of_a_menu_or_of_help_stand_in_one_place() -> None:
    commands = known().commands.values()
    menu = [command.menu.place for command in commands if command.menu]
    help_ = [(each.help.purpose, each.help.place) for each in commands if each.help]
    assert len(set(menu)) == len(menu) == 8
    assert len(set(help_)) == len(help_)


def test_help_names_every_command_but_itself_and_that_of_operators() -> None:
    helped = {name for name, _ in known().help(Where.PRIVATE)}
    assert set(known().commands) - helped == {"help", "admin"}


def test_every_line_of_help_has_a_button_that_does_something_and_fits_a_phone() -> None:
    for name, line in known().help(Where.PRIVATE):
        assert not line.opens or line.opens in known().actions, name
        assert len(line.label.msgid) <= 24, name


@pytest.mark.parametrize(
    "modules",
    [
        (_module(_command("pier")), _module(_command("pier"))),
        (_module(_command("pier"), _command("pier")),),
        (_module(actions=(Action("turn", _press),)), _module(actions=(Action("turn", _press),))),
        (
            _module(_command("pier", actions=(Action("turn", _press),))),
            _module(actions=(Action("turn", _press),)),
        ),
    ],
)
def test_two_that_claim_one_name_are_refused(modules: tuple[ModuleType, ...]) -> None:
    with pytest.raises(ValueError, match=r"called '(pier|turn)'"):
        read_surface(modules)


def test_a_module_that_declares_nothing_answers_nothing() -> None:
    assert read_surface([cast(ModuleType, SimpleNamespace())]) == Surface()


def test_a_button_that_is_a_command_counts_as_of_the_commands_module() -> None:
    assert again(_answer).__module__ == __name__


def test_menus_and_help_list_what_works_there_in_the_order_of_places() -> None:
    line = HelpLine(Purpose.FOLLOW, 1, say("E"), say("early"))
    first = HelpLine(Purpose.READ, 2, say("H"), say("home"))
    surface = read_surface(
        [
            _module(
                _command("late", menu=MenuLine(9, say("l")), for_members=True),
                _command("early", menu=MenuLine(1, say("e")), help=line),
                _command("home", menu=MenuLine(5, say("h")), help=first, where=Where.PRIVATE),
                _command("hidden"),
            )
        ]
    )
    assert surface.menu(Where.PRIVATE) == [
        ("early", say("e")),
        ("home", say("h")),
        ("late", say("l")),
    ]
    assert surface.menu(Where.GROUP) == [("early", say("e")), ("late", say("l"))]
    assert surface.menu(Where.GROUP, members=True) == [("late", say("l"))]
    assert surface.help(Where.CHANNEL) == [("early", line)]
    assert surface.help(Where.PRIVATE) == [("home", first), ("early", line)]
    assert surface.help(Where.GROUP, members=True) == []


def test_words_on_which_a_command_only_shows_something_are_anybodys() -> None:
    command = _command("pier", who=Who.CHANGERS, shows=lambda words: words == "look")
    assert command.who_may("look") is Who.ANYBODY
    assert command.who_may("build") is Who.CHANGERS


def test_who_may_is_not_anybody_unless_it_is_said() -> None:
    assert _command("pier").who_may("") is Who.CHANGERS
    assert Action("turn", _press).who is Who.CHANGERS
