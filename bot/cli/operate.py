"""`tocsin run`, `demo`, `start`, `stats` and `db`: running the bot and its database."""

import asyncio
import os
import threading
import webbrowser
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec.structs import asdict
from rich.table import Table

from bot import crash_points
from bot.cli.console import Json, errors, output, print_json, run, settings, with_storage
from bot.logs import set_up_logging
from bot.loops import wall_clock
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.playground.server import Playground
    from storage.storage import Stats, Storage

database = typer.Typer(help="The database.", no_args_is_help=True)


def run_() -> None:
    """Run the bot until Ctrl-C, SIGTERM or SIGHUP."""
    from bot.cli import running

    run(running.work)


Port = Annotated[int, typer.Option(min=0, max=65_535, help="Port of the chat page; 0 for any.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Only print the address.")]


def demo(port: Port = 8765, no_browser: NoBrowser = False) -> None:
    """Try Tocsin without Telegram: a chat page, invented news, and the real bot between them."""

    from bot.cli.demo import NOT_HERE, run_demo  # brings the whole playground

    def settings_for(overrides: dict[str, Any]) -> Settings:
        return load_settings(None, overrides)

    def ready(playground: "Playground") -> None:
        errors.print(f"\nThe playground is open at [bold]{playground.url}/[/bold]", highlight=False)
        errors.print("Stop it with Ctrl-C.\n")
        if not no_browser:
            # In a thread: a browser of the terminal would keep the bot waiting.
            threading.Thread(
                target=webbrowser.open, args=[f"{playground.url}/"], daemon=True
            ).start()

    async def work() -> None:
        known = load_settings(None, NOT_HERE)
        level = "warning" if known.log_level == "info" else known.log_level
        set_up_logging(level, known.log_format)
        await run_demo(settings_for, port, ready)

    run(work)


def start(port: Port = 8765, no_browser: NoBrowser = False) -> None:
    """Run the bot if TELEGRAM_TOKEN is set, else the playground."""

    async def work() -> bool:
        return settings().token is not None

    if run(work):
        run_()
    else:
        errors.print("TELEGRAM_TOKEN is not set, so this is the playground: nothing is real here.")
        demo(port, no_browser)


def stats(json: Json = False) -> None:
    """Show counts of feeds, stories, chats, topics, deliveries, and how long alerts took."""

    async def work(known: Settings, storage: "Storage") -> None:
        found = await storage.stats()
        answer = {**asdict(found), "delays": _quantiles(found)}
        if json:
            print_json(answer)
            return
        table = Table(show_header=False)
        for name, value in answer.items():
            text = (
                ", ".join(f"{k}: {v}" for k, v in value.items())
                if isinstance(value, dict)
                else value
            )
            table.add_row(name.replace("_", " "), str(text or 0))
        output.print(table)

    run(lambda: with_storage(work, makes=False, writes=False))


def _quantiles(found: "Stats") -> dict[str, float]:
    """Seconds from first sight in a feed to Telegram's answer, of the newest alerts."""
    if len(found.delays) < 2:
        return {"p50": round(found.delays[0], 3)} if found.delays else {}
    cuts = quantiles(found.delays, n=100, method="inclusive")
    return {f"p{n}": round(cuts[n - 1], 3) for n in (50, 95, 99)}


@database.command()
def migrate(json: Json = False) -> None:
    """Bring the database's schema up to date, while no bot works on it."""
    from storage.open import migrate as bring_up_to_date

    async def work() -> None:
        applied = await bring_up_to_date(settings().database_url)
        if json:
            print_json({"applied": applied})
        else:
            output.print("\n".join(applied) or "The schema is up to date.")

    run(work)


@database.command()
def backup(file: Path, json: Json = False) -> None:
    """Copy the database to a new file, also while the bot runs."""
    from storage.open import back_up

    async def work() -> None:
        try:
            size = await back_up(settings().database_url, file)
        except asyncio.CancelledError:
            errors.print("Stopped. There is no backup.")
            raise
        if json:
            print_json({"file": str(file), "bytes": size})
        else:
            output.print(f"{size:,} bytes written to {file}.", markup=False)

    run(work)


@database.command()
def restore(file: Path, json: Json = False) -> None:
    """Put a backup in the place of the database, which is kept, while no bot works on it."""
    from storage.open import restore as bring_back

    async def work() -> None:
        try:
            restored = await bring_back(settings().database_url, file, wall_clock())
        except asyncio.CancelledError:
            errors.print("Stopped. The database is as it was.")
            raise
        kept = restored.kept and str(restored.kept)
        if json:
            print_json({"file": str(file), "bytes": restored.bytes, "kept": kept})
            return
        output.print(f"{restored.bytes:,} bytes restored from {file}.", markup=False)
        if kept:
            output.print(f"The database of before is kept as {kept}.", markup=False)

    crash_points.arm(os.environ.get("CRASH_AT"))
    run(work)


From = Annotated[str, typer.Argument(metavar="FROM", help="Its address, as in DATABASE_URL.")]
To = Annotated[str, typer.Argument(metavar="TO", help="The address of a new database.")]


@database.command()
def copy(source: From, new: To, json: Json = False) -> None:
    """Copy a database into a new one, of SQLite or PostgreSQL, while no bot works on either.

    Begun again, it goes on where it ended. Passwords are better left out of addresses: they are
    taken from PGPASSWORD and ~/.pgpass, too.
    """
    from bot.cli.moving import copy_database

    crash_points.arm(os.environ.get("CRASH_AT"))
    run(lambda: copy_database(source, new, json))


@database.command()
def prune(json: Json = False) -> None:
    """Delete stories older than RETENTION_DAYS, and records of what was sent long ago."""
    from bot.pipeline.polling.housekeeping import prune as prune_old

    async def work(known: Settings, storage: "Storage") -> None:
        gone = await prune_old(storage, known.retention_days, wall_clock())
        if json:
            print_json({"stories": gone})
        else:
            output.print(f"{gone} stories deleted.")

    run(lambda: with_storage(work, makes=False))
