"""Opening an SQLite file: where it is, bringing it up to date, and keeping others from it."""

import asyncio
import sqlite3
from pathlib import Path

from storage.sqlite import lock, restoring, schema
from storage.sqlite.connection import SqliteDatabase, connect, connect_to_read


def path_of(url: str) -> Path:
    """The file that a `sqlite:///…` address names."""
    return Path(url.removeprefix("sqlite:///"))


def holds_data(url: str) -> bool:
    """Whether there is a database at an address; makes none. Raises StorageUnusable where what is
    there cannot be used, without looking through all of it.
    """
    return schema.inspect(path_of(url), whole=False, writes=False) > 0


def bring_up_to_date(path: Path) -> list[str]:
    """Applies the migrations that a database lacks, and returns their names. Raises AlreadyRunning
    where a bot works on it, which would go on with what it knew, and StorageUnusable.
    """
    if schema.inspect(path) == schema.newest():
        return []
    held = None
    try:
        held = lock.acquire(path)
        return schema.migrate(path)
    except (OSError, sqlite3.Error) as error:
        raise schema.cannot_be_opened(path, error) from error
    finally:
        if held:
            held.close()


async def open_sqlite(
    url: str, *, alone: bool, now: float, writes: bool = True
) -> tuple[SqliteDatabase, lock.SqliteHold]:
    """Opens the database, bringing its schema up to date.

    `alone` takes the lock and the lease that keep a second bot away. Raises StorageUnusable or
    AlreadyRunning, and leaves the file as it was then. Who `writes` nothing may also look at one of
    this version that can only be read.
    """
    path = path_of(url)
    version = await asyncio.to_thread(schema.inspect, path, writes=writes)
    held = None
    try:
        if not writes and version == schema.newest() and not schema.can_write(path):
            database = await connect_to_read(schema.address_to_read(path), path)
            return database, lock.SqliteHold(database, path, None)
        if alone or version < schema.newest():
            held = lock.acquire(path)
            restoring.remove_second_names(path.resolve())
        await asyncio.to_thread(schema.migrate, path, alone=alone)
        database = await connect(path)
    except (OSError, sqlite3.Error) as error:
        raise schema.cannot_be_opened(path, error) from error
    finally:
        if held and not alone:
            held.close()
            held = None
    if held:
        try:
            await held.take_lease(database, now)
        except BaseException:
            await database.close()
            held.close()
            raise
    return database, lock.SqliteHold(database, path, held)
