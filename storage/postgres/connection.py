"""Connections to a PostgreSQL database: one that writes, and some that read beside it, in turns.

Whoever writes is alone, over all processes: a transaction waits for the lock of the database before
its first statement, and what it reads is what the last one left. So what looks before it acts, and
what is numbered without a gap, holds as it does on SQLite. Readers wait for nobody.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import asyncpg

from bot.turns import Turns
from storage.database import Row
from storage.errors import (
    ConnectionLostError,
    RowRefusedError,
    StorageError,
    Trouble,
    troubled,
)
from storage.postgres.dialect import bound, bound_many
from storage.to_the_end import to_the_end

# Two numbers for each lock, so that other programs in the database are not in the way.
LOCKS = 0x70C513
WRITING, MIGRATING, COPYING = 1, 2, 3

_READERS = 4
_CONNECT_SECONDS, _STATEMENT_SECONDS, _BUSY_SECONDS, _IDLE_SECONDS = 10, 60, 5, 4
_WAITS = (0.0, 0.1, 0.4, 1.5)
_TEXTS_KEPT = 1_000

T = TypeVar("T")


class LastingConnection:
    """One connection, which is opened anew where it was lost: tried once after each of the `waits`,
    in seconds.
    """

    def __init__(self, url: str, waits: Sequence[float] = _WAITS) -> None:
        self._url = url
        self._waits = waits
        self._connection: asyncpg.Connection | None = None

    async def ready(self) -> asyncpg.Connection:
        """The connection. Raises StorageError where no server is reached."""
        if self._connection is None or self._connection.is_closed():
            self._connection = await _connect_again(self._url, self._waits)
        return self._connection

    async def first(self, ask: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        """What is answered to the first thing that is asked of the connection, which changes
        nothing yet: once more on a new one where this one turns out to be lost. A server that ends
        says so a moment before it hangs up, and may say so at any moment.
        """
        try:
            return await ask(await self.ready())
        except ConnectionLostError:
            self.drop()
        return await ask(await self.ready())

    def drop(self) -> None:
        """Ends the connection without a word: it is of no use any more."""
        if self._connection is not None:
            self._connection.terminate()

    async def close(self) -> None:
        """Ends the connection."""
        if self._connection is not None:
            await end(self._connection)


class PostgresDatabase:
    """The connections of one process to one database."""

    def __init__(self, url: str) -> None:
        self._writer = LastingConnection(url)
        self._writing = asyncio.Lock()
        self._idle = [LastingConnection(url) for _ in range(_READERS)]
        self._turns = Turns(_READERS, chats=_READERS - 1, ours=_READERS - 1)
        self._all = [self._writer, *self._idle]
        self._begin = _BEGIN

    def write_as(self, mark: str) -> None:
        """From now on nothing is written unless `mark` is that of a process that works here: one
        that stood still, or lost its connection, stores nothing by what another one has now. The
        mark is made of letters and digits.
        """
        self._begin = f"{_BEGIN}; SELECT still_ours('{mark}')"

    @asynccontextmanager
    async def write(self) -> AsyncIterator["PostgresTransaction"]:
        """A transaction: committed at the end of the block, rolled back on any error."""
        async with self._writing:
            writer = await self._writer.first(_beginning(self._begin))
            try:
                yield PostgresTransaction(writer)
                with translated():
                    done = await to_the_end(writer.execute("COMMIT"))
            except BaseException:
                await _roll_back(writer)
                raise
            if done != "COMMIT":
                # A statement was refused, and whoever had it refused went on.
                raise StorageError("The database undid a transaction in which something failed.")

    async def run(self, sql: str, *values: Any) -> None:
        """Runs a statement that is a transaction of its own."""
        async with self.write() as transaction:
            await transaction.run(sql, *values)

    @asynccontextmanager
    async def read(self) -> AsyncIterator["PostgresTransaction"]:
        """A consistent view for the statements of the block."""
        async with self._reader() as line:
            reader = await line.first(_beginning(_BEGIN_READING))
            try:
                yield PostgresTransaction(reader)
            finally:
                await _roll_back(reader)

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        """The rows of one reading statement."""
        async with self._reader() as line:
            return await line.first(lambda reader: PostgresTransaction(reader).rows(sql, *values))

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[LastingConnection]:
        async with self._turns.turn():
            line = self._idle.pop()
            try:
                yield line
            finally:
                self._idle.append(line)

    async def row(self, sql: str, *values: Any) -> Row | None:
        """The first row of one reading statement."""
        found = await self.rows(sql, *values)
        return found[0] if found else None

    async def tables(self) -> list[str]:
        """The names of our tables, without the search index."""
        found = await self.rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            " AND tablename NOT IN ('story_keys', 'tocsin_schema') ORDER BY tablename"
        )
        return [row["tablename"] for row in found]

    async def sizes(self) -> dict[str, int]:
        """The bytes of the database."""
        (row,) = await self.rows("SELECT pg_database_size(current_database()) AS bytes")
        return {"database": row["bytes"]}

    async def free_bytes(self) -> None:
        """Unknown: the disk is the server's."""

    async def try_writing(self) -> None:
        """Writes a row and takes it back: that fails where this user may not, on a server that only
        reads, and where a table cannot grow.
        """
        with suppress(_TakenBackError):
            async with self.write() as transaction:
                await transaction.run("INSERT INTO facts VALUES ('trial', '')")
                raise _TakenBackError

    async def checkpoint(self) -> None:
        """Nothing: the server looks after its journal."""

    async def close(self) -> None:
        """Closes all connections; waits for a transaction under way."""
        async with self._writing:
            for line in self._all:
                await line.close()


class _TakenBackError(Exception):
    """What was written was a trial."""


class PostgresTransaction:
    """Statements within a transaction."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        """Runs a statement and returns its rows."""
        with translated():
            text, given = bound(sql, values)
            return list(await self._connection.fetch(text, *given))

    async def run(self, sql: str, *values: Any) -> int:
        """Runs a statement and returns how many rows it changed."""
        with translated():
            text, given = bound(sql, values)
            done = await self._connection.execute(text, *given)
        return int(done.rsplit(" ", 1)[-1]) if done[-1:].isdigit() else 0

    async def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Runs a statement for each of many rows, all on their way at once."""
        rows = list(values)
        if not rows:
            return
        with translated():
            text, given = bound_many(sql, rows)
            await self._connection.executemany(text, given)


_BEGIN = f"BEGIN; SELECT pg_advisory_xact_lock({LOCKS}, {WRITING})"
_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def _beginning(sql: str) -> Callable[[asyncpg.Connection], Awaitable[asyncpg.Connection]]:
    """Begins a transaction by this statement; what fails in between is undone."""

    async def begin(connection: asyncpg.Connection) -> asyncpg.Connection:
        try:
            with translated():
                await connection.execute(sql)
        except BaseException:
            await _roll_back(connection)
            raise
        return connection

    return begin


async def _roll_back(connection: asyncpg.Connection) -> None:
    """Ends a transaction, if one is under way. A connection that cannot do so is of no use."""
    if connection.is_closed():
        return
    try:
        await to_the_end(connection.execute("ROLLBACK"))
    except LOST:
        connection.terminate()


async def connect(url: str, *, patient: bool = False) -> asyncpg.Connection:
    """A connection; a `patient` one waits for a statement however long it takes. Raises what
    asyncpg does.
    """
    connection = await asyncpg.connect(
        url,
        timeout=_CONNECT_SECONDS,
        # For a server that does not answer at all; one that does stops a statement before.
        command_timeout=None if patient else 2 * _STATEMENT_SECONDS,
        statement_cache_size=_TEXTS_KEPT,
        server_settings={"application_name": "tocsin"},
    )
    try:
        await connection.execute(_SETTINGS)
        if patient:
            await connection.execute(
                "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"
            )
    except BaseException:
        connection.terminate()
        raise
    return connection


# Not told while connecting, which a pool between us may refuse. A process that is stopped in the
# middle of a transaction has the lock of all writers: the server ends that before others take the
# process for dead. Keepalives let the server see soon that a machine is gone, and with it the lock
# of its bot. Plans by jit would cost more than our statements.
_SETTINGS = (
    f"SET statement_timeout = '{_STATEMENT_SECONDS}s'; SET lock_timeout = '{_BUSY_SECONDS}s';"
    f" SET idle_in_transaction_session_timeout = '{_IDLE_SECONDS}s';"
    " SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;"
    " SET jit = off"
)


async def _connect_again(url: str, waits: Sequence[float]) -> asyncpg.Connection:
    """A connection, asked for some times, ever more rarely: a server may be starting."""
    failed: Exception | None = None
    for wait in waits:
        await asyncio.sleep(wait)
        try:
            return await connect(url)
        except LOST as error:
            failed = error
    raise StorageError(f"The database cannot be reached: {failed}.", Trouble.AWAY) from failed


async def end(connection: asyncpg.Connection) -> None:
    """Ends a connection, also one that does not answer."""
    try:
        await connection.close(timeout=2)
    except LOST:
        connection.terminate()


class translated:  # noqa: N801  (reads as a phrase where it is used)
    """Turns an error of PostgreSQL into a StorageError with one sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, _OF_A_ROW) or _is_unfit(error):
            raise RowRefusedError(f"The database refused a row: {error}.") from error
        if isinstance(error, _HUNG_UP):
            raise ConnectionLostError(
                "The database cannot be used now: its connection was lost.", Trouble.AWAY
            ) from error
        if isinstance(error, LOST):
            raise troubled(_trouble_of(error), error) from error


LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What is raised where a server does not do what it was asked."""
LASTING = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.SyntaxOrAccessError,
    asyncpg.FeatureNotSupportedError,
)
"""Those of them that waiting does not mend: who may do what, and what there is."""
_HUNG_UP = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.IdleSessionTimeoutError,
    # The server has said that it ends the connection, and has not hung up yet.
    asyncpg.InternalClientError,
    ConnectionError,
)
_OF_A_ROW = (
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.DataError,
    asyncpg.ProgramLimitExceededError,
    OverflowError,
    UnicodeError,
)

_TROUBLES: tuple[tuple[tuple[type[BaseException], ...], Trouble], ...] = (
    ((asyncpg.DiskFullError,), Trouble.FULL),
    ((asyncpg.LockNotAvailableError,), Trouble.LOCKED),
    ((asyncpg.ReadOnlySQLTransactionError, asyncpg.InsufficientPrivilegeError), Trouble.READ_ONLY),
    ((asyncpg.DataCorruptedError, asyncpg.IndexCorruptedError), Trouble.DAMAGED),
    ((asyncpg.PostgresIOError,), Trouble.DISK),
    ((asyncpg.InterfaceError, OSError), Trouble.AWAY),
)


def _trouble_of(error: BaseException) -> Trouble | None:
    """What is wrong with the database; None where it is what was asked."""
    for kinds, trouble in _TROUBLES:
        if isinstance(error, kinds):
            return trouble
    return None if isinstance(error, asyncpg.SyntaxOrAccessError) else Trouble.OTHER


def _is_unfit(error: BaseException | None) -> bool:
    """Whether a value was refused before it was sent: a number that is too large, say."""
    return isinstance(error, asyncpg.InterfaceError) and isinstance(error, ValueError)
