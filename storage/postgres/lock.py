"""One bot at a time: a lock of a session, which the server ends with its connection, and the mark
of the bot that had it last. Only who bears that mark may write.
"""

import os
import secrets
import socket

import asyncpg

from bot.errors import AlreadyRunning
from storage.errors import StorageError
from storage.postgres.connection import LOCKS, RUNNING, Line, PostgresDatabase, translated

_ANSWER_SECONDS = 5.0
_HOLDERS = (
    "SELECT a.application_name AS holder FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
    f" WHERE l.locktype = 'advisory' AND l.classid = {LOCKS} AND l.objid = {RUNNING} AND l.granted"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class PostgresHold:
    """A process's hold on a database. Its connection does nothing else: with it the lock is lost,
    and another process may have it.
    """

    def __init__(self, database: PostgresDatabase, url: str) -> None:
        self._database = database
        self._line = Line(url)
        self._locked_by: asyncpg.Connection | None = None
        self._mark: str | None = None

    async def take_lock(self) -> None:
        """Takes the lock. Raises AlreadyRunning, naming who has it."""
        connection = await self._line.ready()
        with translated():
            taken = await connection.fetchval(f"SELECT pg_try_advisory_lock({LOCKS}, {RUNNING})")
            if taken:
                await connection.execute(f"SET application_name = '{_myself()}'")
                self._locked_by = connection
                return
        holders = await self._database.rows(_HOLDERS)
        name = holders[0]["holder"] if holders else "another process"
        raise AlreadyRunning(f"{name} works on this database; stop it first.")

    async def begin(self) -> None:
        """Has this process, which has the lock, be the bot that works here."""
        mark = secrets.token_hex(16)
        async with self._database.write() as transaction:
            await transaction.run(
                "INSERT INTO facts VALUES ('bot', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                mark,
            )
        self._mark = mark
        self._database.write_as(mark)

    async def is_worked_on(self, now: float) -> bool:
        """Whether a bot works on the database, in this process or another."""
        return bool(await self._database.rows(_HOLDERS))

    async def renew(self, now: float) -> None:
        """Asks for an answer on the connection that has the lock, and takes it anew where that was
        lost. Raises AlreadyRunning if another bot has worked here since, and StorageError where the
        server does not answer.
        """
        if self._mark is None:
            return
        if self._locked_by is None or self._locked_by.is_closed():
            await self.take_lock()
            await self._look_who_was_here(self._mark)
            return
        try:
            with translated():
                await self._locked_by.execute("SELECT 1", timeout=_ANSWER_SECONDS)
        except StorageError:
            self._locked_by.terminate()
            raise

    async def _look_who_was_here(self, mark: str) -> None:
        row = await self._database.row("SELECT value FROM facts WHERE name = 'bot'")
        if row is None or row["value"] != mark:
            raise AlreadyRunning(
                "Another process has taken over this database while this one had lost it; this "
                "one ends."
            )

    async def release(self) -> None:
        """Gives up the lock."""
        await self._line.close()

    def close(self) -> None:
        """Nothing: the lock went with its connection."""


def _myself() -> str:
    host = "".join(c for c in socket.gethostname() if c.isalnum() or c in ".-_")
    return f"tocsin, process {os.getpid()} on {host[:30]}"
