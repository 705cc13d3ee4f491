"""How commands read settings, print, and end: data on stdout, everything else on stderr."""

import json
import sys
from collections.abc import Awaitable, Callable
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console

from bot.errors import (
    AlreadyRunning,
    BadInput,
    QueryError,
    SettingsError,
    StorageUnusable,
    TocsinError,
)
from bot.loops import run_until_interrupted, wall_clock
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from storage.storage import Storage

BAD, WRONG_USE, _INTERRUPTED = 1, 2, 130
_WRONG_USE = (SettingsError, StorageUnusable, AlreadyRunning, QueryError, BadInput)

Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
Result = TypeVar("Result")

errors = Console(stderr=True, highlight=False, soft_wrap=True)
output = Console(highlight=False, soft_wrap=True)


def run(work: Callable[[], Awaitable[Result]]) -> Result:
    """Runs a command's work. An error of ours becomes one line and its exit code: 2 for wrong use
    and bad settings, 1 for a thing that is bad or failed.
    """
    try:
        return run_until_interrupted(work)
    except (TocsinError, KeyboardInterrupt) as error:
        raise typer.Exit(exit_code(error)) from None


def exit_code(error: TocsinError | KeyboardInterrupt) -> int:
    """Says what a command ended by, but for a Ctrl-C, and gives the code of its process."""
    if isinstance(error, KeyboardInterrupt):
        return _INTERRUPTED
    errors.print(" ".join(str(error).split()), markup=False, style="red")
    return WRONG_USE if isinstance(error, _WRONG_USE) else BAD


def settings() -> Settings:
    """The settings of the environment and `.env`."""
    return load_settings()


async def with_storage(
    use: Callable[[Settings, "Storage"], Awaitable[Result]],
    *,
    makes: bool = True,
    writes: bool = True,
) -> Result:
    """Opens the database beside a bot that may be running, and closes it after use. Where there is
    none yet and the command is not one that `makes` it, says so and lets it use an empty one. One
    that can only be read will do for a command that `writes` nothing.
    """
    from storage.open import missing

    known = load_settings()
    place = await missing(known.database_url)
    if place is None or makes:
        done = await _with_database(known.database_url, known, use, writes=writes)
        if place:  # who stands in another folder than the service's reads it here
            errors.print(f"There was no database; {place} was made.", markup=False)
        return done
    errors.print(no_database(place), markup=False, style="yellow")
    with TemporaryDirectory(prefix="tocsin-") as folder:
        return await _with_database(f"sqlite:///{folder}/empty.db", known, use)


async def _with_database(
    url: str,
    known: Settings,
    use: Callable[[Settings, "Storage"], Awaitable[Result]],
    *,
    writes: bool = True,
) -> Result:
    from storage.open import open_storage

    storage = await open_storage(url, alone=False, now=wall_clock(), writes=writes)
    try:
        return await use(known, storage)
    finally:
        await storage.close()


def no_database(place: str) -> str:
    """What to say where there is no database yet."""
    return f"There is no database at {place} yet: the bot makes it when it starts."


def print_json(value: Any) -> None:
    """One JSON document, or one line of JSON lines, on stdout; letters that it cannot take, as half
    a surrogate, are written as numbers.
    """
    try:
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    except UnicodeEncodeError:
        sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()
