"""Databases to begin with: making one takes a quarter of a second, copying one far less. And a way
to them behind the back of storage, for tests that poison or lock one.
"""

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from storage.sqlite import schema
from tests import postgres

ENGINES = ("postgres", "sqlite")
ENGINE = os.environ.get("TEST_ENGINE", "sqlite")
"""The engine of tests that are for one only; `make test-postgres` names the other."""

_SQLITE = "sqlite:///"


def empty_database(path: Path, engine: str = ENGINE) -> str:
    """Makes a database in which nothing is yet, an SQLite one at `path`; returns its address."""
    if engine == "postgres":
        return postgres.empty_database()
    return former_database(path, schema.newest() + 1)


def former_database(path: Path, migration: int, engine: str = "sqlite") -> str:
    """Makes a database in which nothing is yet, as it was before this migration, an SQLite one at
    `path`; returns its address.
    """
    if engine == "postgres":
        return postgres.former_database(migration)
    shutil.copy(former_file(migration), path)
    return f"{_SQLITE}{path}"


@cache
def former_file(migration: int) -> Path:
    """An SQLite file as before this migration, to be copied."""
    folder = tempfile.mkdtemp(prefix="tocsin-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / "empty.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        for number, _, text in schema.migrations():
            if number < migration:
                schema._apply(file, number, text)
    return path


def look(url: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Runs a statement as another program would, and returns its rows."""
    if not url.startswith(_SQLITE):
        return postgres.look(url, sql, *values)
    with closing(_opened(url)) as file:
        return file.execute(sql, values).fetchall()


def refuse(url: str, what: str, table: str, where: str) -> None:
    """Has the database refuse such rows: `what` is INSERT or UPDATE, `where` is true of NEW."""
    if not url.startswith(_SQLITE):
        postgres.refuse(url, what, table, where)
        return
    look(
        url,
        f"CREATE TRIGGER refused BEFORE {what} ON {table} WHEN {where}"
        " BEGIN SELECT RAISE(ABORT, 'refused'); END",
    )


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Nobody can write meanwhile."""
    if not url.startswith(_SQLITE):
        with postgres.locked(url):
            yield
        return
    with closing(_opened(url)) as file:
        file.execute("BEGIN IMMEDIATE")
        yield
        file.execute("ROLLBACK")


def _opened(url: str) -> sqlite3.Connection:
    return sqlite3.connect(url.removeprefix(_SQLITE), isolation_level=None, timeout=10)
