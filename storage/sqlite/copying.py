"""An SQLite file that is copied to another database, or made from one (`storage.copying`)."""

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import AlreadyRunning, StorageUnusable
from storage.copying import (
    AFTERWARDS,
    APPLIED,
    COPYING,
    INDEXED,
    MARKER,
    OWN_FACTS,
    Batch,
    Position,
    Progress,
    Table,
    progress_of,
    words_of,
)
from storage.rows_alike import Row, without_nan
from storage.sqlite import lock, schema
from storage.sqlite.connection import BUSY_SECONDS, translated
from storage.stories.search_index import TEXTS
from storage.to_the_end import to_the_end

T = TypeVar("T")

_CACHE_KIB = 65_536
_INDEX, _STATISTICS, _TRIGGER = 0, 1, 2


async def open_source(path: Path, now: float) -> "SqliteSide":
    """Holds a database that is to be copied: nobody writes to it meanwhile. Raises StorageUnusable,
    AlreadyRunning or StorageError.
    """
    version = await asyncio.to_thread(schema.inspect, path)
    if version == 0:
        raise StorageUnusable(f"{path} holds no data yet.")
    return await _held(path, version, now, writes=False)


async def open_new(path: Path, now: float) -> "SqliteSide":
    """Holds the database that is to be made, and gives it its tables where it has none. Raises as
    `open_source` does.
    """
    version = await asyncio.to_thread(schema.inspect, path, unfinished=True)
    return await _held(path, version, now, writes=True)


async def _held(path: Path, version: int, now: float, *, writes: bool) -> "SqliteSide":
    newest = schema.migrations()[-1][0]
    if version not in (0, newest):
        raise StorageUnusable(
            f"{path} has the schema {version}, and this version of Tocsin {newest}; run `tocsin db "
            "migrate` on it first, or begin with a new file where it is half a copy."
        )
    held = lock.acquire(path)
    side = None
    try:
        if version == 0:
            await asyncio.to_thread(schema.migrate, path)
        side = SqliteSide(path, held)
        await side.begin(now, writes=writes)
    except BaseException:
        await side.close() if side else held.close()
        raise
    return side


class SqliteSide:
    """One connection, used in threads, one at a time."""

    def __init__(self, path: Path, held: lock.ProcessLock) -> None:
        self.name = str(path)
        self._held = held
        self._turn = asyncio.Lock()
        self._file = sqlite3.connect(
            path, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False
        )

    async def begin(self, now: float, *, writes: bool) -> None:
        """Keeps others from writing, as long as this one reads; raises AlreadyRunning where a bot
        of another machine works on the file.
        """

        def begin() -> None:
            # A commit that a power cut takes back takes its progress with it.
            for pragma in ("synchronous = NORMAL", f"cache_size = -{_CACHE_KIB}"):
                self._file.execute(f"PRAGMA {pragma}")
            self._file.execute("PRAGMA foreign_keys = OFF")
            if not writes:
                self._file.execute("BEGIN IMMEDIATE")
            found = self._file.execute("SELECT value FROM facts WHERE name = 'lease'").fetchone()
            if found and lock.lasts_elsewhere(found[0], now):
                raise AlreadyRunning(f"A bot on another machine works on {self.name}; stop it.")

        await self._run(begin)

    async def _run(self, work: Callable[[], T]) -> T:
        async with self._turn:
            with translated():
                done: T = await to_the_end(asyncio.to_thread(work))
                return done

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        return self._file.execute(sql, values).fetchall()

    async def identity(self) -> str:
        """See `Side`."""
        found = await self._run(lambda: self._rows(_IDENTITY))
        return hashlib.sha256(str(found).encode()).hexdigest()

    async def tables(self) -> dict[str, Table]:
        """See `Side`."""

        def look() -> dict[str, Table]:
            found = {INDEXED.name: INDEXED}
            for (name,) in self._rows(_TABLES):
                columns = self._rows("SELECT name, pk FROM pragma_table_info(?)", name)
                key = sorted((place, column) for column, place in columns if place)
                names = tuple(sorted(column for column, _ in columns))
                found[name] = Table(name, names, tuple(column for _, column in key))
            return found

        return await self._run(look)

    async def count(self, table: Table) -> int:
        """See `Side`."""
        name = "stories" if table is INDEXED else table.name
        sql = f"SELECT count(*) FROM {name} WHERE {_of(table)}"
        ((n,),) = await self._run(lambda: self._rows(sql))
        return int(n)

    async def batch(self, table: Table, position: Position | None, most: int) -> Batch:
        """See `Side`. What has no key is gone through by the number of its row."""
        if table is INDEXED:
            return await self._run(lambda: self._words(position or (-1,), most))
        key = _key(table)
        places = ", ".join(key)
        behind = f"({places}) > ({', '.join('?' * len(key))})" if position else "TRUE"
        sql = (
            f"SELECT {', '.join(_columns(table))}, {places} FROM {table.name}"
            f" WHERE {_of(table)} AND {behind} ORDER BY {places} LIMIT ?"
        )
        found = await self._run(lambda: self._rows(sql, *(position or ()), most))
        width = len(table.columns)
        last = tuple(found[-1][width:]) if len(found) == most else None
        return Batch([row[:width] for row in found], last)

    def _words(self, position: Position, most: int) -> Batch:
        cursor = self._file.cursor()
        cursor.row_factory = sqlite3.Row
        cursor.execute(f"{TEXTS} WHERE s.id > ? ORDER BY s.id LIMIT ?", (*position, most))
        return words_of(cursor.fetchall(), most)

    async def numbers(self) -> dict[str, int]:
        """See `Side`."""
        # A table that was emptied before it gave a number has none yet.
        asked = "SELECT name, coalesce(seq, 0) FROM sqlite_sequence"
        return dict(await self._run(lambda: self._rows(asked)))

    def fit(self, row: Row) -> Row:
        """See `NewSide`."""
        return without_nan(row)

    async def progress(self) -> Progress | None:
        """See `NewSide`."""
        found = await self._run(
            lambda: self._rows("SELECT value FROM facts WHERE name = ?", COPYING)
        )
        return progress_of(found[0][0]) if found else None

    async def strip(self, progress: Progress) -> None:
        """See `NewSide`. With an index its statistics go."""

        def strip() -> None:
            with self._transaction():
                away = {tuple(each) for each in self._afterwards()}
                for stat in self._rows("SELECT tbl, idx, stat FROM sqlite_stat1"):
                    away.add((_STATISTICS, _STATISTIC.format(*map(_quoted, stat))))
                for kind, name, sql in self._rows(_MADE):
                    away.add((_TRIGGER if kind == "trigger" else _INDEX, sql))
                    self._file.execute(f"DROP {kind} {name}")
                if not self._rows("SELECT 1 FROM facts WHERE name = ?", COPYING):
                    self._file.execute("DELETE FROM facts WHERE name <> ?", (APPLIED,))
                self._note(progress)
                self._file.execute(MARKER, (AFTERWARDS, json.dumps(sorted(away))))

        await self._run(strip)

    async def put(self, table: Table, rows: Sequence[Row], progress: Progress) -> None:
        """See `NewSide`."""
        sql = (
            "INSERT INTO story_keys (rowid, keys) VALUES (?2, ?3)"
            if table is INDEXED
            else f"INSERT INTO {table.name} ({', '.join(_columns(table))})"
            f" VALUES ({', '.join('?' * len(table.columns))})"
        )

        def put() -> None:
            with self._transaction():
                self._file.executemany(sql, rows)
                self._note(progress)

        await self._run(put)

    async def clear(self, table: Table, progress: Progress) -> None:
        """See `NewSide`."""

        def clear() -> None:
            with self._transaction():
                self._file.execute(
                    "INSERT INTO story_keys (story_keys) VALUES ('delete-all')"
                    if table is INDEXED
                    else f"DELETE FROM {table.name} WHERE {_of(table)}"
                )
                self._note(progress)

        await self._run(clear)

    async def set_numbers(self, numbers: dict[str, int]) -> None:
        """See `NewSide`."""

        def store() -> None:
            with self._transaction():
                counted = {name for (name,) in self._rows(_COUNTED)}
                self._file.execute("DELETE FROM sqlite_sequence")
                self._file.executemany(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
                    [(name, n) for name, n in numbers.items() if name in counted],
                )

        await self._run(store)

    async def missing(self) -> int:
        """See `NewSide`."""
        return len(await self._run(self._afterwards))

    async def restore(self) -> AsyncIterator[None]:
        """See `NewSide`."""
        left = await self._run(self._afterwards)
        while left:
            (_, sql), *left = left
            await self._restore(sql, left)
            yield

    async def _restore(self, sql: str, left: list[Any]) -> None:
        def restore() -> None:
            with self._transaction():
                self._file.execute(sql)
                self._file.execute(MARKER, (AFTERWARDS, json.dumps(left)))

        await self._run(restore)

    async def finish(self) -> None:
        """See `NewSide`."""

        def finish() -> None:
            self._file.execute("PRAGMA synchronous = FULL")
            with self._transaction():
                self._file.execute("DELETE FROM facts WHERE name IN (?, ?)", (COPYING, AFTERWARDS))
            self._file.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        await self._run(finish)

    async def close(self) -> None:
        """See `Side`."""
        async with self._turn:
            self._file.close()
            self._held.close()

    @contextmanager
    def _transaction(self) -> Any:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._file.execute("COMMIT")
        except BaseException:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
            raise

    def _note(self, progress: Progress) -> None:
        self._file.execute(MARKER, (COPYING, progress.text()))

    def _afterwards(self) -> list[Any]:
        found = self._rows("SELECT value FROM facts WHERE name = ?", AFTERWARDS)
        return list(json.loads(found[0][0])) if found else []


def _columns(table: Table) -> list[str]:
    return [f'"{column}"' for column in table.columns]


def _key(table: Table) -> list[str]:
    if not table.key:
        return ["rowid"]
    return [f'"{column}"' for column in table.key]


def _of(table: Table) -> str:
    """Which rows of a table are copied."""
    names = ", ".join(map(_quoted, OWN_FACTS))
    return f"name NOT IN ({names})" if table.name == "facts" else "TRUE"


def _quoted(text: str | None) -> str:
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


_IDENTITY = "SELECT value FROM facts WHERE name = 'refusal_key'"
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    f" AND name NOT LIKE '{INDEXED.name}%'"
)
_MADE = (
    "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')"
    " AND sql IS NOT NULL"
)
_COUNTED = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
_STATISTIC = (
    "INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT {0}, {1}, {2} WHERE NOT EXISTS"
    " (SELECT 1 FROM sqlite_stat1 WHERE tbl = {0} AND idx IS {1})"
)
