"""Opening the database that an address names, and what is done with the whole of it."""

import asyncio
import re
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.errors import BadInput, StorageUnusable
from storage import copying
from storage.sqlite import copying as sqlite_copying
from storage.sqlite import opening as sqlite
from storage.sqlite import restoring, schema
from storage.sqlite.restoring import Restored
from storage.storage import Storage
from storage.to_the_end import unless_unwanted

_SQLITE = "sqlite:///"
_ADDRESS = r"sqlite:///(?!:memory:\Z).|postgres(ql)?://."


async def missing(url: str) -> str | None:
    """Where there should be a database and is none yet; None where there is one. Makes nothing.

    Raises StorageUnusable as `open_storage` does.
    """
    if url.startswith(_SQLITE):
        return None if sqlite.holds_data(url) else str(sqlite.path_of(url))
    return None if await _postgres().version_of(url) else "the address in DATABASE_URL"


async def migrate(url: str) -> list[str]:
    """Brings the schema of the database at `url` up to date while no bot works on it, and returns
    the names of the migrations that it lacked. Raises StorageUnusable or AlreadyRunning.
    """
    if url.startswith(_SQLITE):
        return await asyncio.to_thread(sqlite.bring_up_to_date, sqlite.path_of(url))
    applied: list[str] = await _postgres().bring_up_to_date(url)
    return applied


async def back_up(url: str, file: Path) -> int:
    """Copies the database at `url` to a new file, also while the bot runs; returns its bytes. That
    of PostgreSQL is what pg_dump writes. Raises StorageUnusable, and CancelledError only where no
    file was made.
    """
    schema.check_folder(file)
    if url.startswith(_SQLITE):
        path = sqlite.path_of(url)
        return await unless_unwanted(lambda unwanted: schema.back_up(path, file, unwanted))
    size: int = await _postgres("dump").back_up(url, file)
    return size


async def restore(url: str, file: Path, now: float) -> Restored:
    """Puts a backup in the place of the SQLite database at `url`, which is kept beside it. Raises
    BadInput for one of PostgreSQL, StorageUnusable and AlreadyRunning. Where it is cancelled, it
    raises CancelledError if nothing was changed, else it goes on to the end.
    """
    if not url.startswith(_SQLITE):
        raise BadInput(
            "A backup of PostgreSQL is brought back into an empty database, by pg_restore"
            " --dbname=postgresql://user@host/name FILE."
        )
    path = sqlite.path_of(url)
    return await unless_unwanted(lambda unwanted: restoring.restore(path, file, now, unwanted))


async def copy(source: str, new: str, now: float, watch: copying.Watch) -> copying.Copied:
    """Copies the database at one address into another one, as `storage.copying.copy` does, while no
    bot works on either. Raises BadInput, StorageUnusable, AlreadyRunning or StorageError.
    """
    if _place("FROM", source) == _place("TO", new):
        raise BadInput("FROM and TO are the same database; name two.")
    async with AsyncExitStack() as stack:
        one: copying.Side = await _side("FROM", source, now)
        stack.push_async_callback(one.close)
        other: copying.NewSide = await _side("TO", new, now)
        stack.push_async_callback(other.close)
        return await copying.copy(one, other, watch)


def _place(word: str, url: str) -> str:
    if not re.match(_ADDRESS, url):
        raise BadInput(
            f"{word} is no address of a database: sqlite:///news.db, or postgresql://user@host/name."
        )
    return str(sqlite.path_of(url).resolve()) if url.startswith(_SQLITE) else url


async def _side(word: str, url: str, now: float) -> Any:
    """A side of a copy. What is wrong with its address is said of the word for it."""
    source = word == "FROM"
    try:
        if url.startswith(_SQLITE):
            path = sqlite.path_of(url)
            opened = sqlite_copying.open_source if source else sqlite_copying.open_new
            return await opened(path, now)
        postgres = _postgres("copying")
        return await (postgres.open_source(url) if source else postgres.open_new(url))
    except StorageUnusable as error:
        raise StorageUnusable(str(error).replace("DATABASE_URL", word)) from error


async def open_storage(url: str, *, alone: bool, now: float, writes: bool = True) -> Storage:
    """Opens the database at `url`. `alone` has this process work on it: with an SQLite file as the
    only one, on PostgreSQL as one of its members. Who `writes` nothing may look at an SQLite file
    that can only be read.

    Raises StorageUnusable with one sentence where it cannot be used as it is, and AlreadyRunning
    where another process holds it.
    """
    if url.startswith(_SQLITE):
        return Storage(*await sqlite.open_sqlite(url, alone=alone, now=now, writes=writes))
    return Storage(*await _postgres().open_postgres(url, alone=alone))


def _postgres(part: str = "opening") -> ModuleType:
    """A module of the other engine, which is installed where it is asked for."""
    try:
        return import_module(f"storage.postgres.{part}")
    except ImportError as error:
        raise StorageUnusable(
            f"DATABASE_URL names PostgreSQL, and {error.name} is not installed: "
            "run .venv/bin/pip install --editable '.[postgres]'."
        ) from None
