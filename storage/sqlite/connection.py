"""Connections to an SQLite file: one writer behind a lock, and readers beside it, in turns.

The lock is held from BEGIN to COMMIT: tasks that interleave statements on one connection would
commit or roll back each other's rows. Of the readers one is kept for the pipeline and one for
chats, of which each has one at a time.
"""

import asyncio
import errno
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from bot.turns import Turns
from storage.database import Row
from storage.errors import RowRefusedError, Trouble, troubled
from storage.stories.search_index import keys_again
from storage.to_the_end import to_the_end

BUSY_SECONDS = 5.0
_READERS = 3
_WRITER_CACHE_KIB, _READER_CACHE_KIB = 2_048, 512
"""The system keeps the file's pages too. Each connection fills its cache, in a thread whose memory
no other uses: 4 MiB and three times 2 were a tenth of what the bot took. Reading 100,000 stories
takes as long with 512 KiB as with four.
"""
# A "sent" that is lost in a power cut would be sent again.
_ON_DISK = "PRAGMA synchronous = FULL"
_SOON_ON_DISK = "PRAGMA synchronous = NORMAL"
JOURNAL_BYTES = 64 * 1024 * 1024
_PAGES_TRIED, _BYTES_TRIED = 8, 1024 * 1024
_TRIAL = f"INSERT INTO facts VALUES ('trial', hex(zeroblob({_BYTES_TRIED // 2})))"


class SqliteDatabase:
    """The connections of one process to one file."""

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, readers: Sequence[aiosqlite.Connection]
    ) -> None:
        self._path = path
        self._writer = writer
        self._writing = asyncio.Lock()
        self._waits_for_disk = True  # what the writer commits, before it is said to be stored
        self._idle = list(readers)
        self._turns = Turns(len(readers), chats=len(readers) - 1, ours=len(readers) - 1)
        self._all = [writer, *readers]

    @asynccontextmanager
    async def write(self) -> AsyncIterator["SqliteTransaction"]:
        """A transaction: committed at the end of the block, rolled back on any error."""
        async with self._writing:
            try:
                with translated():
                    if not self._waits_for_disk:
                        await to_the_end(self._writer.execute(_ON_DISK))
                        self._waits_for_disk = True
                    await to_the_end(self._writer.execute("BEGIN IMMEDIATE"))
                yield SqliteTransaction(self._writer)
            except BaseException:
                await to_the_end(self._writer.rollback())
                raise
            with translated():
                await to_the_end(self._commit())

    async def _commit(self) -> None:
        try:
            await self._writer.commit()
        except sqlite3.Error:
            await self._writer.rollback()
            raise

    async def run(self, sql: str, *values: Any) -> None:
        """Runs a statement that is a transaction of its own, in one hop to the writer's thread, and
        does not wait for the disk: what `write` stores later is on it after this.
        """
        async with self._writing:
            with translated():
                if self._waits_for_disk:
                    self._waits_for_disk = False  # wherever this ends
                    await self._writer.execute(_SOON_ON_DISK)
                # Nothing is left half-way where the caller is cancelled: it commits by itself, and
                # whatever follows waits for it in the thread.
                await self._writer.execute_fetchall(sql, values)

    @asynccontextmanager
    async def read(self) -> AsyncIterator["SqliteTransaction"]:
        """A consistent view for the statements of the block."""
        async with self._reader() as reader:
            try:
                with translated():
                    await to_the_end(reader.execute("BEGIN"))
                yield SqliteTransaction(reader)
            finally:
                await to_the_end(reader.rollback())

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        """The rows of one reading statement."""
        async with self._reader() as reader:
            return await SqliteTransaction(reader).rows(sql, *values)

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[aiosqlite.Connection]:
        async with self._turns.turn():
            reader = self._idle.pop()
            try:
                yield reader
            finally:
                self._idle.append(reader)

    async def row(self, sql: str, *values: Any) -> Row | None:
        """The first row of one reading statement."""
        found = await self.rows(sql, *values)
        return found[0] if found else None

    async def tables(self) -> list[str]:
        """The names of our tables, without those of the search index."""
        found = await self.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE 'story_keys%' ORDER BY name"
        )
        return [row["name"] for row in found]

    async def sizes(self) -> dict[str, int]:
        """The bytes of the database and of its journal."""
        journal = self._path.with_name(self._path.name + "-wal")
        return {
            "database": self._path.stat().st_size,
            "journal": journal.stat().st_size if journal.exists() else 0,
        }

    async def free_bytes(self) -> int:
        """The room that this process may take on the disk of the file."""
        return shutil.disk_usage(self._path.absolute().parent).free

    async def try_writing(self) -> None:
        """Writes more than the writer keeps in memory, so that it reaches the journal, and takes it
        back: until a transaction ends, a little is not written at all.
        """
        async with self._writing:
            with translated():
                await to_the_end(self._write_and_take_back())

    async def _write_and_take_back(self) -> None:
        await self._writer.execute(f"PRAGMA cache_size = {_PAGES_TRIED}")
        try:
            await self._writer.execute("BEGIN IMMEDIATE")
            await self._writer.execute(_TRIAL)
        finally:
            await self._writer.rollback()
            await self._writer.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")

    async def checkpoint(self) -> None:
        """Moves the journal into the database and empties it, as far as no reader is in the way:
        nobody is waited for.
        """
        async with self._writing:
            with translated():
                await to_the_end(self._empty_journal())

    async def _empty_journal(self) -> None:
        await self._writer.execute("PRAGMA busy_timeout = 0")
        try:
            await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            await self._writer.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")

    async def close(self) -> None:
        """Closes all connections; waits for a transaction under way."""
        async with self._writing:
            for connection in self._all:
                await connection.close()


class SqliteTransaction:
    """Statements within a transaction."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        """Runs a statement and returns its rows."""
        with translated():
            return list(await self._connection.execute_fetchall(sql, values))

    async def run(self, sql: str, *values: Any) -> int:
        """Runs a statement and returns how many rows it changed."""
        with translated():
            cursor = await self._connection.execute(sql, values)
            changed = cursor.rowcount
            await cursor.close()
            return changed

    async def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Runs a statement for each of many rows, in one hop to the connection's thread; in none
        where there are no rows.
        """
        rows = list(values)
        if not rows:
            return
        with translated():
            cursor = await self._connection.executemany(sql, rows)
            await cursor.close()


class translated:  # noqa: N801  (reads as a phrase where it is used)
    """Turns an error of SQLite into a StorageError with one sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.Error | OverflowError | UnicodeError) and _is_of_a_row(error):
            raise RowRefusedError(f"The database refused a row: {error}.") from error
        if isinstance(error, sqlite3.Error):
            raise troubled(trouble_of(error), error) from error


_TROUBLES = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_PERM: Trouble.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: Trouble.DAMAGED,
    sqlite3.SQLITE_IOERR: Trouble.DISK,
    # The index of the journal, which is made anew when a file is opened, found no room.
    sqlite3.SQLITE_IOERR_SHMSIZE: Trouble.FULL,
}
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_OF_A_STATEMENT = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE)


def trouble_of(error: Exception) -> Trouble | None:
    """What is wrong with the database; None where it is what was asked, or something else."""
    if isinstance(error, OSError):
        return Trouble.FULL if error.errno in _NO_ROOM else None
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code & 0xFF in _OF_A_STATEMENT:
        return None
    return _TROUBLES.get(code) or _TROUBLES.get(code & 0xFF, Trouble.OTHER)


_OF_A_ROW = (sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH)


def _is_of_a_row(error: Exception) -> bool:
    """Whether the database refused what it was given, and not everything: a number that is too
    large, a text that is no Unicode or no JSON, a kind of value that it does not know.
    """
    if not isinstance(error, sqlite3.Error):
        return True
    if isinstance(error, sqlite3.IntegrityError | sqlite3.DataError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return str(error).startswith("Error binding parameter")
    if code & 0xFF == sqlite3.SQLITE_ERROR:
        return "JSON" in str(error) or "overflow" in str(error)
    return code & 0xFF in _OF_A_ROW


async def connect(path: Path) -> SqliteDatabase:
    """Opens the writer and the readers of a database whose schema is current."""
    writer = await _open(path, write=True)
    readers = [await _open(path, write=False) for _ in range(_READERS)]
    return SqliteDatabase(path, writer, readers)


async def connect_to_read(address: str, path: Path) -> SqliteDatabase:
    """The same for a database at an address of SQLite's that can only be read: who writes to it is
    refused.
    """
    connections = [await _open(address, write=False) for _ in range(1 + _READERS)]
    return SqliteDatabase(path, connections[0], connections[1:])


async def _open(path: Path | str, write: bool) -> aiosqlite.Connection:
    """`path`: or an address, which begins with `file:`."""
    connection = await aiosqlite.connect(
        path, isolation_level=None, timeout=BUSY_SECONDS, uri=isinstance(path, str)
    )
    connection.row_factory = sqlite3.Row
    pragmas = [
        f"busy_timeout = {int(BUSY_SECONDS * 1000)}",
        "foreign_keys = ON",
        f"cache_size = -{_WRITER_CACHE_KIB if write else _READER_CACHE_KIB}",
        "temp_store = MEMORY",
    ]
    if write:
        pragmas += ["journal_mode = WAL"]
        # One large transaction must not keep its room on disk for ever.
        pragmas += [f"journal_size_limit = {JOURNAL_BYTES}"]
    else:
        pragmas += ["query_only = ON"]
    # At once: to ask the thread of the connection takes longer than what is asked.
    await connection.executescript("".join(f"PRAGMA {pragma};" for pragma in pragmas))
    if write:
        await connection.execute(_ON_DISK)
        await connection.create_function("keys_again", 6, keys_again, deterministic=True)
    return connection
