"""Opening a PostgreSQL database: bringing it up to date, and joining those that work on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from bot.errors import AlreadyRunning, StorageAway, StorageUnusable
from storage.errors import RowRefusedError, StorageError
from storage.postgres import schema
from storage.postgres.connection import (
    COPYING,
    LASTING,
    LOCKS,
    LOST,
    MIGRATING,
    PostgresDatabase,
    connect,
    end,
    translated,
)
from storage.postgres.members import LIVING, PostgresHold


async def open_postgres(url: str, *, alone: bool) -> tuple[PostgresDatabase, PostgresHold]:
    """Opens the database, bringing its schema up to date; `alone` has this process work on it,
    beside others that do.

    Raises StorageUnusable or AlreadyRunning.
    """
    database = PostgresDatabase(url)
    hold = PostgresHold(database, url)
    try:
        connection = await reached(url)
        try:
            await bring_up(connection)
            if alone:
                async with _nobody_migrates(connection):
                    await _refuse_while_copied(connection)
                    await hold.join()
        finally:
            await end(connection)
    except BaseException as error:
        await hold.release()
        await database.close()
        if isinstance(error, (*LOST, StorageError)):
            found = error.__cause__ or error  # as the server said it
            stays = isinstance(found, LASTING) or isinstance(error, RowRefusedError)
            kind = StorageUnusable if stays else StorageAway
            raise kind(f"The database cannot be used: {_said(found)}.") from error
        raise
    return database, hold


async def bring_up(connection: asyncpg.Connection) -> list[str]:
    """Applies the migrations that are lacking. Raises AlreadyRunning where a bot works on the
    database, which would go on with what it knew.
    """
    if await schema.inspect(connection) == schema.migrations()[-1][0]:
        return []
    async with schema.alone(connection):
        version = await schema.inspect(connection)
        if version == schema.migrations()[-1][0]:
            return []  # another process has done it meanwhile
        if version and (name := await _who_works(connection)):
            raise AlreadyRunning(
                f"{name} works on this database, whose tables are to be renewed; stop it first."
            )
        applied = await schema.migrate(connection)
        # One that comes back knows the former tables.
        await connection.execute("DELETE FROM members")
        return applied


async def _who_works(connection: asyncpg.Connection) -> str | None:
    """The name of a process that works on the database."""
    if not await connection.fetchval("SELECT to_regclass('members') IS NOT NULL"):
        return None
    name: str | None = await connection.fetchval(LIVING)
    return name


@asynccontextmanager
async def _nobody_migrates(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """The tables stay as they are meanwhile. Raises StorageUnusable where they are newer by now."""
    with translated():
        await connection.execute(f"SELECT pg_advisory_lock_shared({LOCKS}, {MIGRATING})")
    await schema.inspect(connection)
    yield
    with translated():
        await connection.execute(f"SELECT pg_advisory_unlock_shared({LOCKS}, {MIGRATING})")


async def _refuse_while_copied(connection: asyncpg.Connection) -> None:
    """Raises AlreadyRunning while the database is moved; none begins to be, as long as this
    connection lasts.
    """
    with translated():
        free = await connection.fetchval(f"SELECT pg_try_advisory_lock_shared({LOCKS}, {COPYING})")
    if not free:
        raise AlreadyRunning("`tocsin db copy` works on this database; let it end first.")


async def keep_bots_away(connection: asyncpg.Connection) -> None:
    """Nobody begins to work on the database as long as this connection lasts. Raises AlreadyRunning
    where somebody does.
    """
    if not await connection.fetchval(f"SELECT pg_try_advisory_lock({LOCKS}, {COPYING})"):
        raise AlreadyRunning("Another process begins to work on this database; stop it first.")
    if name := await _who_works(connection):
        raise AlreadyRunning(f"{name} works on this database; stop it first.")


async def version_of(url: str) -> int:
    """The schema version of the database at an address; 0 where it is empty. Makes nothing.

    Raises StorageUnusable where it cannot be used.
    """
    connection = await reached(url)
    try:
        return await schema.inspect(connection)
    finally:
        await end(connection)


async def bring_up_to_date(url: str) -> list[str]:
    """Applies the migrations that a database lacks, and returns their names. Raises AlreadyRunning
    where a bot works on it, and StorageUnusable.
    """
    connection = await reached(url)
    try:
        return await bring_up(connection)
    finally:
        await end(connection)


async def reached(url: str, *, patient: bool = False) -> asyncpg.Connection:
    """A connection, as `connect` gives it. Raises StorageUnusable with one sentence, without the
    password.
    """
    try:
        return await connect(url, patient=patient)
    except asyncpg.ClientConfigurationError as error:
        raise StorageUnusable(f"DATABASE_URL cannot be used: {_said(error)}.") from error
    except ValueError:
        # What it says may hold a part of the address, and so of the password.
        raise StorageUnusable(
            "DATABASE_URL is no address of PostgreSQL: postgresql://user:password@host/name, with"
            " %40 and the like for what is no letter or digit in a password."
        ) from None
    except LASTING as error:
        raise StorageUnusable(f"DATABASE_URL cannot be used: {_said(error)}.") from error
    except LOST as error:
        said = _said(error)
        raise StorageAway(f"The PostgreSQL server cannot be reached: {said}.") from error


def _said(error: BaseException) -> str:
    """What an error says, in one line; that of a wait says nothing."""
    return str(error).strip().rstrip(".").replace("\n", " ") or "the server does not answer"
