"""Databases that have something in every table, to be moved from one engine to the other."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from storage.copying import OWN_TABLES
from tests.databases import look

Values = Callable[[str, str, str, int], Any]
"""The value of a table's column, which is of that kind, in its n-th row."""

_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    " AND name NOT LIKE 'story_keys%' ORDER BY name"
)
_COLUMNS = 'SELECT name, type, "notnull", pk FROM pragma_table_info(?)'


def invented(table: str, column: str, kind: str, n: int) -> Any:
    """Something, different for each row."""
    match kind:
        case "INTEGER":
            return n
        case "REAL":
            return n + 0.25
        case "BLOB":
            return b"\0\xff" + n.to_bytes(8, "big")
    return f"{table} {column} {n} 'é' \"\n"


def fill(path: Path, rows: int, values: Values = invented) -> None:
    """Puts so many rows into each table of an SQLite file, past triggers. The n-th row of each
    refers to the n-th of the others; of three values that may be missing, one is.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("BEGIN")
        with _without_triggers(file):
            for table in tables(file):
                _fill(file, table, range(1, rows + 1), values)
        file.execute("COMMIT")
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []


def tables(file: sqlite3.Connection) -> list[str]:
    """The names of all tables but the search index."""
    return [name for (name,) in file.execute(_TABLES)]


class _without_triggers:
    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file
        found = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        self._made = found.fetchall()

    def __enter__(self) -> None:
        for name, _ in self._made:
            self._file.execute(f"DROP TRIGGER {name}")

    def __exit__(self, *error: object) -> None:
        for _, sql in self._made:
            self._file.execute(sql)


def _fill(file: sqlite3.Connection, table: str, numbers: Iterable[int], values: Values) -> None:
    referring = {row[3] for row in file.execute(f"PRAGMA foreign_key_list({table})")}
    columns = file.execute(_COLUMNS, (table,)).fetchall()

    def value(place: int, n: int) -> Any:
        name, kind, required, key = columns[place]
        if name in referring or (key and kind == "INTEGER") or name in _UNIQUE:
            return n if kind == "INTEGER" else f"{name} {n}"
        if key or (table, name) in _UNIQUE_TEXTS:
            made = values(table, name, kind, n)
            return made + n.to_bytes(2, "big") if kind == "BLOB" else f"{made}{n}"
        if not required and (n + place) % 3 == 0:
            return None
        return values(table, name, kind, n)

    names = ", ".join(f'"{name}"' for name, *_ in columns)
    marks = ", ".join("?" * len(columns))
    file.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({marks})",
        [[value(place, n) for place in range(len(columns))] for n in numbers],
    )


_UNIQUE = {"chat_id", "sort_key", "token"}
_UNIQUE_TEXTS = {("feeds", "url"), ("searches", "words"), ("members", "mark")}


def contents(url: str) -> dict[str, list[str]]:
    """The rows of every table that is copied as texts, sorted; told of both engines in one way."""
    copied = {name: sql for name, sql in _selects(url).items() if name not in OWN_TABLES}
    return {name: sorted(map(_said, look(url, sql))) for name, sql in copied.items()}


def _said(row: tuple[Any, ...]) -> str:
    # SQLite keeps no -0.0.
    return repr([value + 0.0 if isinstance(value, float) else value for value in row])


def _selects(url: str) -> dict[str, str]:
    sqlite = url.startswith("sqlite")
    found = look(url, _ALL_COLUMNS_SQLITE if sqlite else _ALL_COLUMNS_POSTGRES)
    columns: dict[str, list[str]] = {}
    for table, column in found:
        columns.setdefault(table, []).append(f'"{column}"')
    return {
        table: f"SELECT {', '.join(sorted(names))} FROM {table}"
        + (" WHERE name NOT IN ('bot', 'migrations')" if table == "facts" else "")
        for table, names in columns.items()
    }


_ALL_COLUMNS_SQLITE = (
    "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
    " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'story_keys%'"
)
_ALL_COLUMNS_POSTGRES = (
    "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = 'public' AND table_name NOT IN ('story_keys', 'tocsin_schema')"
)


def made_of(url: str) -> set[tuple[Any, ...]]:
    """Indexes, keys and triggers of a database, with what the planner of SQLite knows of them."""
    if url.startswith("sqlite"):
        found = look(url, "SELECT type, name, sql FROM sqlite_master")
        return {*found, *look(url, "SELECT tbl, idx, stat FROM sqlite_stat1")}
    return {
        *look(url, "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"),
        *look(
            url,
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
        ),
        *look(url, "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger"
              " WHERE NOT tgisinternal"),
    }  # fmt: skip
