"""The commands of `tocsin`, put together; what a command needs is loaded when it is called."""

import gc
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from bot.version import version_here

_COMMANDS = {
    "run": ("operate:run_", "Run the bot until Ctrl-C, SIGTERM or SIGHUP."),
    "demo": (
        "operate:demo",
        "Try Tocsin without Telegram: a chat page, invented news, and the real bot between them.",
    ),
    "start": ("operate:start", "Run the bot if TELEGRAM_TOKEN is set, else the playground."),
    "doctor": ("doctor:doctor", "Check settings, database, clock, Telegram and every feed."),
    "stats": (
        "operate:stats",
        "Show counts of feeds, stories, chats, topics, deliveries, and how long alerts took.",
    ),
    "feeds": ("feeds:commands", "The catalogue of feeds."),
    "topics": ("news:topics", "Topic queries."),
    "stories": ("news:stories", "Stories."),
    "messages": ("news:messages", "Messages."),
    "db": ("operate:database", "The database."),
}


class Commands(TyperGroup):
    """The commands by name. Listed, each is its one sentence: importing all of the bot would take
    ten times as long as saying what there is.
    """

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, (_, says) in _COMMANDS.items():
            self.add_command(TyperCommand(name, help=says))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called, which is loaded now, and its arguments."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and load(str(name)), rest


def load(name: str) -> Any:
    """A command of `tocsin` as it is declared in its module."""
    place, _ = _COMMANDS[name]
    module, _, attribute = place.partition(":")
    # What is imported stays for ever: to look through it for garbage is a sixth of the time.
    gc.disable()
    try:
        declared = getattr(import_module(f"bot.cli.{module}"), attribute)
    finally:
        gc.freeze()
        gc.enable()
    group = typer.Typer(add_completion=False)
    group.callback()(lambda: None)
    if isinstance(declared, typer.Typer):
        group.add_typer(declared, name=name)
    else:
        group.command(name)(declared)
    return typer.main.get_group(group).commands[name]


app = typer.Typer(
    cls=Commands,
    name="tocsin",
    help="A self-hosted Telegram bot that sends one alert for each story.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"Tocsin {version_here()}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """What stands before a command."""
