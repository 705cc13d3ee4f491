"""Moving house: all that one database holds, copied into another, of whichever engine.

Both are held meanwhile. Rows go over by batches, each stored together with how far the copy has
come; so one that was killed goes on behind its last batch. Indexes, triggers and foreign keys of
the new database are away until every row is there. Then the rows of both are summed: a table that
differs, because the old database was used between two runs, say, is copied anew. Until the end the
new database says of itself that it is not whole, and nothing opens it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from bot import crash_points
from bot.errors import StorageUnusable
from bot.loops import together
from storage.errors import RowRefusedError
from storage.rows_alike import Row, added, sum_of
from storage.stories.search_index import row_of

COPYING, AFTERWARDS = "copying", "copying_after"
"""The facts of a database that is not whole yet: how far the copy is, and what is to be done at its
end.
"""
APPLIED = "migrations"
"""The fact of an SQLite file that says which migrations it has had, by their numbers."""
OWN_FACTS = (COPYING, AFTERWARDS, APPLIED, "lease", "server", "room")
"""Facts of one database, or of the process that works on it; they are not copied."""
OWN_TABLES = {"members", "shares"}
"""Tables of the processes that work on a database; they are not copied either."""
MARKER = "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"

_FIRST, _MOST, _BYTES = 200, 5_000, 2_000_000

Position = tuple[int | str | bytes, ...]
"""The key of the last row of a batch, or its place."""


class Table(Struct, frozen=True):
    """A table that both databases have; one without a key is gone through by place."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


INDEXED = Table("story_keys", ("place", "story", "keys"), ("story",))
"""The search index. An engine need not keep what it was made of: it is made from the texts of the
old database, and not compared.
"""


class Batch(NamedTuple):
    """Some rows of a table, and the position behind which the next stand; None at the end."""

    rows: list[Row]
    position: Position | None


def words_of(texts: Sequence[Any], most: int) -> Batch:
    """Rows of the search index, of texts of stories (`search_index.TEXTS`)."""
    rows = [row_of(text) for text in texts]
    return Batch(list(rows), (rows[-1][1],) if len(rows) == most else None)


@dataclass(slots=True)
class Progress:
    """How far a copy has come: of which database, and by table the last position; None for a table
    that is whole.
    """

    source: str
    of: str
    tables: dict[str, Position | None] = field(default_factory=dict)

    def text(self) -> str:
        """It as text, for the facts of the new database."""
        return json.dumps(asdict(self), default=lambda value: {"bytes": value.hex()})


def progress_of(text: str) -> Progress:
    """What `Progress.text` says."""
    read = json.loads(text, object_hook=_bytes_or_as_is)
    return Progress(
        read["source"],
        read["of"],
        {name: None if at is None else tuple(at) for name, at in read["tables"].items()},
    )


def _bytes_or_as_is(read: dict[str, Any]) -> Any:
    # A table may have that name: its place is none, or several.
    return bytes.fromhex(read["bytes"]) if isinstance(read.get("bytes"), str) else read


def refuse_half_a_copy(name: str, copying: str | None) -> None:
    """Raises StorageUnusable where a database says that it is not whole yet."""
    if copying is not None:
        raise StorageUnusable(
            f"{name} is a copy of {progress_of(copying).source} that was not finished; run `tocsin "
            "db copy` again with the same two addresses, or begin with a new database."
        )


class Side(Protocol):
    """A database that is copied, or made. All raise StorageError."""

    name: str
    """What to call it, without its password."""

    async def identity(self) -> str:
        """What no other database has, as long as it is not copied."""

    async def tables(self) -> dict[str, Table]:
        """Its tables by name, the search index among them."""

    async def count(self, table: Table) -> int:
        """How many rows a table has, without OWN_FACTS."""

    async def batch(self, table: Table, position: Position | None, most: int) -> Batch:
        """The rows behind a position, or the first ones."""

    async def numbers(self) -> dict[str, int]:
        """The last number that each table which numbers its rows has given."""

    async def close(self) -> None:
        """Lets go of the database."""


class NewSide(Side, Protocol):
    """A database that is made."""

    def fit(self, row: Row) -> Row:
        """A row as this engine takes it: itself, or with other values."""

    async def progress(self) -> Progress | None:
        """How far an earlier copy came; None where none was begun."""

    async def strip(self, progress: Progress) -> None:
        """Takes away indexes, triggers and foreign keys, and notes them for `restore`."""

    async def put(self, table: Table, rows: Sequence[Row], progress: Progress) -> None:
        """Stores rows and how far the copy is, or neither."""

    async def clear(self, table: Table, progress: Progress) -> None:
        """Deletes the rows of a table, and stores how far the copy is."""

    async def set_numbers(self, numbers: dict[str, int]) -> None:
        """Has the tables go on with their numbers behind these."""

    async def missing(self) -> int:
        """How many things `restore` has to make."""

    def restore(self) -> AsyncIterator[None]:
        """Makes one after the other what `strip` took away."""

    async def finish(self) -> None:
        """Stores that the database is whole, on disk."""


class Watch(Protocol):
    """Who is told how far it is."""

    def stage(self, name: str, total: int, done: int = 0) -> None:
        """Something begins that has so many steps, of which some are done."""

    def advance(self, steps: int) -> None:
        """So many more are done."""


class CopiedTable(Struct, frozen=True):
    """A table after it was copied: its rows on both sides, and their sums."""

    name: str
    rows: int
    copied: int
    checksum: str
    copied_checksum: str

    @property
    def equal(self) -> bool:
        """Whether both sides have the same rows."""
        return (self.rows, self.checksum) == (self.copied, self.copied_checksum)


class Copied(Struct, frozen=True):
    """What became of a copy: its tables, and by column how many values the new engine could not
    keep as they were.
    """

    tables: tuple[CopiedTable, ...]
    replaced: dict[str, int]


async def copy(source: Side, new: NewSide, watch: Watch) -> Copied:
    """Copies all of one database into another one that is empty, or holds a part of such a copy.

    Raises StorageUnusable where the other one has something else, and StorageError. A table whose
    rows are not equal in the end is said in the result; the new database is not whole then.
    """
    tables = await _common(source, new)
    progress = await _begin(source, new, tables)
    await _copy_rows(source, new, tables, progress, watch)
    replaced: dict[str, int] = {}
    kept = [table for table in tables if table is not INDEXED]
    compared = await _compare(source, new, kept, replaced, watch)
    if differing := [t for t in kept if not compared[t.name].equal]:
        for table in (*differing, INDEXED):
            progress.tables.pop(table.name, None)
            await new.clear(table, progress)
        await _copy_rows(source, new, [*differing, INDEXED], progress, watch)
        compared |= await _compare(source, new, differing, {}, watch)
    if all(each.equal for each in compared.values()):
        await _make_whole(source, new, watch)
    return Copied(tuple(compared.values()), replaced)


async def _common(source: Side, new: Side) -> list[Table]:
    """What both have: an engine may have a table that is of use to it alone."""
    theirs, ours = await source.tables(), await new.tables()
    return [theirs[name] for name in sorted((theirs.keys() & ours) - OWN_TABLES)]


async def _begin(source: Side, new: NewSide, tables: Sequence[Table]) -> Progress:
    identity = await source.identity()
    progress = await new.progress()
    if progress is None:
        await _check_empty(new, tables)
        progress = Progress(source.name, identity)
    elif progress.of != identity:
        raise StorageUnusable(
            f"{new.name} holds a part of {progress.source}, of a copy that was not finished; name "
            "that one to go on, or an empty database."
        )
    await new.strip(progress)
    return progress


async def _check_empty(new: Side, tables: Sequence[Table]) -> None:
    for table in tables:
        if table.name != "facts" and (rows := await new.count(table)):
            raise StorageUnusable(
                f"{new.name} is not empty (rows of {table.name}: {rows:,}); name a new database."
            )


async def _copy_rows(
    source: Side, new: NewSide, tables: Sequence[Table], progress: Progress, watch: Watch
) -> None:
    total = sum([await source.count(table) for table in tables])
    done = sum([await new.count(table) for table in tables])
    watch.stage("Copying", max(total, done), done)
    for table in tables:
        if progress.tables.get(table.name, ()) is not None:
            await _copy_table(source, new, table, progress, watch)


async def _copy_table(
    source: Side, new: NewSide, table: Table, progress: Progress, watch: Watch
) -> None:
    """Reads a batch while the one before it is written."""
    most = _FIRST
    batch = await source.batch(table, progress.tables.get(table.name), most)
    while True:
        rows = [new.fit(row) for row in batch.rows]
        progress.tables[table.name] = batch.position
        put = _put(new, table, rows, progress)
        if batch.position is None:
            await put
        else:
            most = _next_size(rows, most)
            read = asyncio.create_task(source.batch(table, batch.position, most))
            await together(put, read)
            batch = read.result()
        crash_points.point("copied")
        watch.advance(len(rows))
        if progress.tables[table.name] is None:
            return


async def _put(new: NewSide, table: Table, rows: Sequence[Row], progress: Progress) -> None:
    try:
        await new.put(table, rows, progress)
    except RowRefusedError as error:
        raise RowRefusedError(f"{new.name} cannot keep a row of {table.name}: {error}") from error


def _next_size(rows: Sequence[Row], most: int) -> int:
    """How many rows to ask for next: as many as make a batch of some megabytes."""
    room = sum(len(v) for row in rows for v in row if isinstance(v, str | bytes)) + len(rows)
    return max(1, min(2 * most, _MOST, _BYTES * len(rows) // room if rows else _FIRST))


async def _compare(
    source: Side, new: NewSide, tables: Sequence[Table], replaced: dict[str, int], watch: Watch
) -> dict[str, CopiedTable]:
    """Sums the rows of both, all that is stored; counts the values that were replaced."""
    watch.stage("Comparing", sum([await source.count(table) for table in tables]))
    compared = {}
    for table in tables:

        def fitted(row: Row, table: Table = table) -> Row:
            fit = new.fit(row)
            if fit is not row:
                for column, before, after in zip(table.columns, row, fit, strict=True):
                    if before is not after:
                        name = f"{table.name}.{column}"
                        replaced[name] = replaced.get(name, 0) + 1
            return fit

        (rows, total), (copied, copied_total) = await together(
            _summed(source, table, fitted, watch.advance),
            _summed(new, table, lambda row: row, lambda steps: None),
        )
        compared[table.name] = CopiedTable(
            table.name, rows, copied, f"{total:032x}", f"{copied_total:032x}"
        )
    return compared


async def _summed(
    side: Side, table: Table, fit: Callable[[Row], Row], advance: Callable[[int], None]
) -> tuple[int, int]:
    """How many rows a table has, and their sum."""
    count, total, most, position = 0, 0, _FIRST, None
    while True:
        batch = await side.batch(table, position, most)
        count += len(batch.rows)
        total = added(total, sum_of(map(fit, batch.rows)))
        advance(len(batch.rows))
        if batch.position is None:
            return count, total
        position, most = batch.position, _next_size(batch.rows, most)


async def _make_whole(source: Side, new: NewSide, watch: Watch) -> None:
    await new.set_numbers(await source.numbers())
    watch.stage("Making indexes", await new.missing())
    async for _ in new.restore():
        crash_points.point("restored")
        watch.advance(1)
    await new.finish()
