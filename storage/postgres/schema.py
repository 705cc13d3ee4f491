"""What a database is, whether it can be used, and bringing its schema up to date."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from importlib import resources

import asyncpg

from bot.errors import StorageUnusable
from storage.copying import COPYING, refuse_half_a_copy
from storage.postgres.connection import LOCKS, MIGRATING

_OLDEST_SERVER = 160_000


@lru_cache(maxsize=1)
def migrations() -> list[tuple[int, str, str]]:
    """Number, name and text of each migration, in order. The numbers are those of SQLite's."""
    folder = resources.files("storage.postgres") / "migrations"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".sql"))
    return [(int(name[:4]), name, (folder / name).read_text("utf-8")) for name in names]


async def inspect(connection: asyncpg.Connection, *, unfinished: bool = False) -> int:
    """The schema version of a database (0: empty), without changing it: the number of the last
    migration before which none is lacking.

    Raises StorageUnusable where the server is too old, the database somebody else's or newer, or
    half a copy, unless one that is `unfinished` will do.
    """
    (name,) = await connection.fetchrow("SELECT current_database()")
    await _check_server(connection)
    if not await connection.fetchval("SELECT to_regclass('tocsin_schema') IS NOT NULL"):
        strange = await connection.fetchval(
            "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
        )
        if strange:
            raise StorageUnusable(
                f"The database {name} is another program's; name another one in DATABASE_URL."
            )
        return 0
    applied = await _applied(connection)
    version = max(applied, default=0)
    newest = migrations()[-1][0]
    if version > newest:
        raise StorageUnusable(
            f"The database {name} was written by a newer version of Tocsin (schema {version}; this "
            f"one knows {newest}); install that version."
        )
    if not unfinished:
        copying = await connection.fetchval(f"SELECT value FROM facts WHERE name = '{COPYING}'")
        refuse_half_a_copy(f"The database {name}", copying)
    # One is passed over whose number is below another's that came before it.
    lacking = [number for number, *_ in migrations() if number <= version and number not in applied]
    return min(lacking) - 1 if lacking else version


async def _applied(connection: asyncpg.Connection) -> set[int]:
    """The numbers of the migrations that a database has had."""
    return {row["number"] for row in await connection.fetch("SELECT number FROM tocsin_schema")}


async def _check_server(connection: asyncpg.Connection) -> None:
    number = int(await connection.fetchval("SHOW server_version_num"))
    if number < _OLDEST_SERVER:
        raise StorageUnusable(
            f"The PostgreSQL server is of version {number // 10_000}; Tocsin needs 16 or newer."
        )
    encoding = await connection.fetchval("SHOW server_encoding")
    if encoding != "UTF8":
        raise StorageUnusable(
            f"The database's encoding is {encoding}; make one with the encoding UTF8."
        )


@asynccontextmanager
async def alone(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Nobody else migrates or begins to work on the database meanwhile; who does is waited for."""
    # A migration may take its time.
    await connection.execute("SET lock_timeout = 0; SET statement_timeout = 0")
    await connection.execute(f"SELECT pg_advisory_lock({LOCKS}, {MIGRATING})")
    try:
        yield
    finally:
        if not connection.is_closed():
            await connection.execute(f"SELECT pg_advisory_unlock({LOCKS}, {MIGRATING})")


async def migrate(connection: asyncpg.Connection) -> list[str]:
    """Brings the schema up to date, each migration in its own transaction; the caller is `alone`.

    Returns the names of those applied. A crash leaves the old or the new schema, never half.
    """
    had = await _applied(connection) if await inspect(connection) else set()
    applied = []
    for number, name, text in migrations():
        if number not in had:
            async with connection.transaction():
                await connection.execute(_NUMBERS)
                await connection.execute(text)
                await connection.execute(_NOTE, number, name)
            applied.append(name)
    return applied


_NUMBERS = (
    "CREATE TABLE IF NOT EXISTS tocsin_schema (number BIGINT PRIMARY KEY, name TEXT NOT NULL)"
)
_NOTE = "INSERT INTO tocsin_schema VALUES ($1, $2)"
