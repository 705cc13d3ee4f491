"""Opening a PostgreSQL database: bringing it up to date, and keeping others from it."""

import asyncpg

from bot.errors import StorageUnusable
from storage.postgres import schema
from storage.postgres.connection import LOST, PostgresDatabase, connect, end
from storage.postgres.lock import PostgresHold


async def open_postgres(url: str, *, alone: bool) -> tuple[PostgresDatabase, PostgresHold]:
    """Opens the database, bringing its schema up to date; `alone` keeps a second bot away.

    Raises StorageUnusable or AlreadyRunning.
    """
    database = PostgresDatabase(url)
    hold = PostgresHold(database, url)
    try:
        connection = await reached(url)
        try:
            version = await schema.inspect(connection)
            if alone:
                await hold.take_lock()
            if version < schema.migrations()[-1][0]:
                await _bring_up_to_date(connection, hold, held=alone)
            if alone:
                await hold.begin()
        finally:
            await end(connection)
    except BaseException as error:
        await hold.release()
        await database.close()
        if isinstance(error, LOST):
            raise StorageUnusable(f"The database cannot be used: {error}.") from error
        raise
    return database, hold


async def _bring_up_to_date(
    connection: asyncpg.Connection, hold: PostgresHold, *, held: bool
) -> list[str]:
    """Applies migrations. Raises AlreadyRunning where a bot works on the database, which would go
    on with what it knew.
    """
    if not held:
        await hold.take_lock()
    try:
        return await schema.migrate(connection)
    finally:
        if not held:
            await hold.release()


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
    database = PostgresDatabase(url)
    try:
        if await schema.inspect(connection) == schema.migrations()[-1][0]:
            return []
        return await _bring_up_to_date(connection, PostgresHold(database, url), held=False)
    finally:
        await database.close()
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
    except LOST as error:
        said = _said(error)
        raise StorageUnusable(f"The PostgreSQL server cannot be reached: {said}.") from error


def _said(error: BaseException) -> str:
    """What an error says, in one line; that of a wait says nothing."""
    return str(error).strip().rstrip(".").replace("\n", " ") or "the server does not answer"
