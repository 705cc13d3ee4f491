"""A PostgreSQL database that is copied to another one, or made from one (`storage.copying`)."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

import asyncpg

from bot.errors import StorageUnusable
from storage.copying import (
    AFTERWARDS,
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
from storage.errors import RowRefusedError
from storage.postgres import schema
from storage.postgres.connection import (
    LOCKS,
    WRITING,
    end,
    translated,
)
from storage.postgres.dialect import bound
from storage.postgres.opening import bring_up, keep_bots_away, reached
from storage.rows_alike import Row, without_nul
from storage.stories.search_index import TEXTS

T = TypeVar("T")

_PAGES = 64
"""Of a table without a key so many pages are a batch: some thousand rows."""


async def open_source(url: str) -> "PostgresSide":
    """Holds a database that is to be copied: nobody writes to it meanwhile. Raises StorageUnusable,
    AlreadyRunning or StorageError.
    """
    return await _opened(url, writes=False)


async def open_new(url: str) -> "PostgresSide":
    """Holds the database that is to be made, and gives it its tables where it has none. Raises as
    `open_source` does.
    """
    return await _opened(url, writes=True)


async def _opened(url: str, *, writes: bool) -> "PostgresSide":
    side = PostgresSide(await reached(url, patient=True))
    try:
        with translated():
            await side.begin(writes=writes)
    except BaseException:
        await side.close()
        raise
    return side


class PostgresSide:
    """One connection, which has the locks of who writes and of who moves the database."""

    name = ""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    async def begin(self, *, writes: bool) -> None:
        """Keeps others away, and what is read as it is now."""
        connection = self._connection
        database = await connection.fetchval("SELECT current_database()")
        self.name = f"PostgreSQL database {database}"
        version = await schema.inspect(connection, unfinished=writes)
        newest = schema.migrations()[-1][0]
        if version == 0 and not writes:
            raise StorageUnusable(f"{self.name} holds no data yet.")
        if version not in (0, newest):
            raise StorageUnusable(
                f"{self.name} has the schema {version}, and this version of Tocsin {newest}; run "
                "`tocsin db migrate` on it first, or begin with a new one where it is half a copy."
            )
        await keep_bots_away(connection)
        if version == 0:
            await bring_up(connection)
        await connection.execute(f"SELECT pg_advisory_lock({LOCKS}, {WRITING})")
        await connection.execute(_NEW if writes else _SOURCE)

    async def _run(self, work: Callable[[], Awaitable[T]]) -> T:
        async with self._turn:
            with translated():
                return await work()

    async def _rows(self, sql: str, *values: Any) -> list[Any]:
        """The rows of a statement with question marks."""
        text, given = bound(sql, values)
        return await self._run(lambda: self._connection.fetch(text, *given))

    async def identity(self) -> str:
        """See `Side`."""
        found = await self._rows(_IDENTITY)
        return hashlib.sha256(str([tuple(row) for row in found]).encode()).hexdigest()

    async def tables(self) -> dict[str, Table]:
        """See `Side`."""
        found = await self._rows(_TABLES)
        tables = {row["name"]: Table(*row) for row in found}
        return {
            name: Table(name, tuple(sorted(table.columns)), tuple(table.key))
            for name, table in tables.items()
        } | {INDEXED.name: INDEXED}

    async def count(self, table: Table) -> int:
        """See `Side`."""
        name = "stories" if table is INDEXED else table.name
        (row,) = await self._rows(f"SELECT count(*) AS n FROM {name} WHERE {_of(table)}")
        return int(row["n"])

    async def batch(self, table: Table, position: Position | None, most: int) -> Batch:
        """See `Side`."""
        if table is INDEXED:
            texts = f"{TEXTS} WHERE s.id > ? ORDER BY s.id LIMIT ?"
            found = await self._rows(texts, *(position or (-1,)), most)
            return await asyncio.to_thread(words_of, found, most)
        if not table.key:
            return await self._pages(table, int((position or (0,))[0]))
        key = ", ".join(f'"{column}"' for column in table.key)
        places = ", ".join(f"${n + 1}" for n in range(len(table.key)))
        sql = (
            f"SELECT {_columns(table)}, {key} FROM {table.name} WHERE {_of(table)}"
            f" AND {f'({key}) > ({places})' if position else 'TRUE'} ORDER BY {key} LIMIT {most}"
        )
        found = await self._run(lambda: self._connection.fetch(sql, *(position or ())))
        width = len(table.columns)
        last = tuple(found[-1])[width:] if len(found) == most else None
        return Batch([tuple(row)[:width] for row in found], last)

    async def _pages(self, table: Table, first: int) -> Batch:
        """The rows of some pages of a table that has no key."""
        behind = first + _PAGES
        sql = f"SELECT {_columns(table)} FROM {table.name} WHERE ctid >= $1 AND ctid < $2"

        async def read() -> tuple[list[Any], int]:
            found = await self._connection.fetch(sql, (first, 0), (behind, 0))
            return found, await self._connection.fetchval(_PAGES_OF, table.name)

        found, pages = await self._run(read)
        return Batch([tuple(row) for row in found], (behind,) if behind < pages else None)

    async def numbers(self) -> dict[str, int]:
        """See `Side`."""
        numbers = {}
        for row in await self._rows(_COUNTED):
            (last,) = await self._rows(f"SELECT last_value, is_called FROM {row['sequence']}")
            numbers[row["name"]] = int(last["last_value"]) if last["is_called"] else 0
        return {name: n for name, n in numbers.items() if n}

    def fit(self, row: Row) -> Row:
        """See `NewSide`."""
        return without_nul(row)

    async def progress(self) -> Progress | None:
        """See `NewSide`."""
        found = await self._rows("SELECT value FROM facts WHERE name = ?", COPYING)
        return progress_of(found[0]["value"]) if found else None

    async def strip(self, progress: Progress) -> None:
        """See `NewSide`."""
        away = {tuple(each) for each in await self._afterwards()}
        found = await self._rows(_MADE)
        away |= {_STATISTICS, *((row["turn"], row["made"]) for row in found)}

        async def strip() -> None:
            async with self._connection.transaction():
                # What refers to a table goes before the key by which it does.
                for row in sorted(found, key=lambda row: -int(row["turn"])):
                    await self._connection.execute(row["taken"])
                if not await self._connection.fetchval(_BEGUN):
                    await self._connection.execute("DELETE FROM facts")
                await self._note(COPYING, progress.text())
                await self._note(AFTERWARDS, json.dumps(sorted(away)))

        await self._run(strip)

    async def put(self, table: Table, rows: Sequence[Row], progress: Progress) -> None:
        """See `NewSide`."""
        _check_addresses(table, rows)

        async def put() -> None:
            async with self._connection.transaction():
                if table is INDEXED:
                    places, keys = [row[0] for row in rows], [row[2] for row in rows]
                    await self._connection.execute(_KEYS, places, keys)
                else:
                    await self._connection.copy_records_to_table(
                        table.name, records=rows, columns=table.columns
                    )
                await self._note(COPYING, progress.text())

        await self._run(put)

    async def clear(self, table: Table, progress: Progress) -> None:
        """See `NewSide`."""

        async def clear() -> None:
            async with self._connection.transaction():
                await self._connection.execute(f"DELETE FROM {table.name} WHERE {_of(table)}")
                await self._note(COPYING, progress.text())

        await self._run(clear)

    async def set_numbers(self, numbers: dict[str, int]) -> None:
        """See `NewSide`."""
        for row in await self._rows(_COUNTED):
            last = numbers.get(row["name"], 0)
            await self._set_number(row["sequence"], last)

    async def _set_number(self, sequence: str, last: int) -> None:
        """Has a sequence go on behind its last number; one that gave none begins."""
        await self._run(
            lambda: self._connection.execute(_SET_NUMBER, sequence, max(last, 1), last > 0)
        )

    async def missing(self) -> int:
        """See `NewSide`."""
        return len(await self._afterwards())

    async def restore(self) -> AsyncIterator[None]:
        """See `NewSide`."""
        left = await self._afterwards()
        while left:
            (_, sql), *left = left
            await self._restore(sql, left)
            yield

    async def _restore(self, sql: str, left: list[Any]) -> None:
        async def restore() -> None:
            async with self._connection.transaction():
                await self._connection.execute(sql)
                await self._note(AFTERWARDS, json.dumps(left))

        await self._run(restore)

    async def finish(self) -> None:
        """See `NewSide`."""

        async def finish() -> None:
            # What is on disk with this commit is so with all before it.
            await self._connection.execute("RESET synchronous_commit")
            await self._connection.execute(_FINISH, [COPYING, AFTERWARDS])

        await self._run(finish)

    async def close(self) -> None:
        """See `Side`."""
        async with self._turn:
            await end(self._connection)

    async def _note(self, name: str, value: str) -> None:
        text, given = bound(MARKER, (name, value))
        await self._connection.execute(text, *given)

    async def _afterwards(self) -> list[Any]:
        found = await self._rows("SELECT value FROM facts WHERE name = ?", AFTERWARDS)
        return list(json.loads(found[0]["value"])) if found else []


def _columns(table: Table) -> str:
    return ", ".join(f'"{column}"' for column in table.columns)


def _check_addresses(table: Table, rows: Sequence[Row]) -> None:
    """Raises RowRefusedError, with what to do, for an address of a feed that no index can hold."""
    if table.name not in _OF_ADDRESSES:
        return
    place, feed = (table.columns.index(name) for name in ("url", _OF_ADDRESSES[table.name]))
    for row in rows:
        if (size := len(str(row[place]).encode("utf-8", "surrogatepass"))) > _LONGEST_ADDRESS:
            raise RowRefusedError(
                f"an address of feed {row[feed]} has {size:,} bytes, and PostgreSQL holds"
                f" {_LONGEST_ADDRESS:,}; take it out of the old database by"
                f" `tocsin feeds remove '#{row[feed]}'` and run the same command again."
            )


def _of(table: Table) -> str:
    """Which rows of a table are copied."""
    names = ", ".join(f"'{name}'" for name in OWN_FACTS)
    return f"name NOT IN ({names})" if table.name == "facts" else "TRUE"


_OF_ADDRESSES = {"feeds": "id", "former_addresses": "feed_id"}
_LONGEST_ADDRESS = 2_600
"""Bytes: an entry of an index takes some 2,700."""
_SOURCE = (
    "SET idle_in_transaction_session_timeout = 0; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
)
# A commit that a power cut takes back takes its progress with it.
_NEW = "SET synchronous_commit = off; SET maintenance_work_mem = '128MB'"
_IDENTITY = "SELECT value FROM facts WHERE name = 'refusal_key'"
_BEGUN = f"SELECT 1 FROM facts WHERE name = '{COPYING}'"
_FINISH = "DELETE FROM facts WHERE name = ANY ($1)"
_KEYS = (
    f"INSERT INTO {INDEXED.name} (place, keys) SELECT place, as_keys(words)"
    " FROM unnest($1::bigint[], $2::text[]) AS told (place, words)"
)
_PAGES_OF = "SELECT pg_relation_size($1::text::regclass) / current_setting('block_size')::bigint"
_SET_NUMBER = "SELECT setval($1::text::regclass, $2, $3)"
_OURS = (
    "FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace"
    f" AND c.relname NOT IN ('{INDEXED.name}', 'tocsin_schema')"
)
_TABLES = (
    "SELECT c.relname::text AS name,"
    " (SELECT array_agg(attname::text) FROM pg_attribute"
    "  WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns,"
    " (SELECT coalesce(array_agg(a.attname::text ORDER BY k.n), '{}') FROM pg_index i"
    "  CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, n)"
    "  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
    "  WHERE i.indrelid = c.oid AND i.indisprimary) AS key "
) + _OURS
_COUNTED = (
    "SELECT c.relname::text AS name, pg_get_serial_sequence(c.relname, a.attname) AS sequence"
    f" {_OURS.replace(' WHERE ', ' JOIN pg_attribute a ON a.attrelid = c.oid WHERE ', 1)}"
    " AND a.attidentity <> '' ORDER BY name"
)
_WITHOUT_KEYS = (
    "c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"
    " AND c.relname <> 'tocsin_schema'"
)
# What is made again first comes first: keys, indexes, what refers to keys, triggers.
_MADE = (
    "SELECT CASE t.contype WHEN 'u' THEN 0 ELSE 2 END AS turn,"
    " format('ALTER TABLE %I ADD CONSTRAINT %I %s', c.relname, t.conname,"
    "  pg_get_constraintdef(t.oid)) AS made,"
    " format('ALTER TABLE %I DROP CONSTRAINT %I', c.relname, t.conname) AS taken"
    f" FROM pg_constraint t JOIN pg_class c ON c.oid = t.conrelid WHERE {_WITHOUT_KEYS}"
    " AND t.contype IN ('u', 'f')"
    " UNION ALL SELECT 1, pg_get_indexdef(i.indexrelid),"
    " format('DROP INDEX %s', i.indexrelid::regclass)"
    f" FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE {_WITHOUT_KEYS}"
    " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)"
    " UNION ALL SELECT 3, format('ALTER TABLE %I ENABLE TRIGGER USER', c.relname),"
    " format('ALTER TABLE %I DISABLE TRIGGER USER', c.relname)"
    f" FROM pg_class c WHERE {_WITHOUT_KEYS}"
    " AND EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal)"
)
# The planner is to know the tables before their first use.
_STATISTICS = (4, "ANALYZE")
