"""Opening the database that an address names."""

import asyncio
from pathlib import Path
from types import ModuleType

from bot.errors import BadInput, StorageUnusable
from storage.sqlite import opening as sqlite
from storage.sqlite import schema
from storage.storage import Storage

_SQLITE = "sqlite:///"


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


def back_up(url: str, file: Path) -> int:
    """Copies the database at `url` to a new file, also while the bot runs; returns its bytes.

    Raises BadInput where that is not ours to do, and what `schema.back_up` raises.
    """
    if not url.startswith(_SQLITE):
        raise BadInput("DATABASE_URL: use PostgreSQL's own pg_dump to back it up.")
    return schema.back_up(sqlite.path_of(url), file)


async def open_storage(url: str, *, alone: bool, now: float) -> Storage:
    """Opens the database at `url`. `alone` has this process work on it: with an SQLite file as the
    only one, on PostgreSQL as one of its members.

    Raises StorageUnusable with one sentence where it cannot be used as it is, and AlreadyRunning
    where another process holds it.
    """
    if url.startswith(_SQLITE):
        return Storage(*await sqlite.open_sqlite(url, alone=alone, now=now))
    return Storage(*await _postgres().open_postgres(url, alone=alone))


def _postgres() -> ModuleType:
    """The other engine, which is installed where it is asked for."""
    try:
        from storage.postgres import opening
    except ImportError as error:
        raise StorageUnusable(
            f"DATABASE_URL names PostgreSQL, and {error.name} is not installed: "
            "run .venv/bin/pip install --editable '.[postgres]'."
        ) from None
    return opening
