"""Processes of one database: each is a row, and a lock of a session beside it, which the server
ends with its connection. One that renewed its row too long ago is dead, whatever its connection
says: a process that was stopped keeps that. Only who has a row may write.
"""

import asyncio
import json
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

import asyncpg

from bot.errors import TakenOver
from bot.news.members import (
    GRACE_SECONDS,
    LEASE_SECONDS,
    MARGIN_SECONDS,
    Held,
    Member,
    MemberPlan,
    MemberWish,
    Share,
    plan,
)
from storage.database import Row, Transaction
from storage.errors import ConnectionLostError, StorageError
from storage.postgres.connection import LOCKS, LastingConnection, PostgresDatabase, translated

T = TypeVar("T")

# The first of two numbers of a member's lock; the second is its id.
MEMBERS = LOCKS + 1

_ANSWER_SECONDS = 3.0
_CHANNEL = "tocsin"
_NOW = "extract(epoch FROM clock_timestamp())::double precision"
_LOCKED = (
    "SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted"
    f" AND l.classid = {MEMBERS}"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_BEGAN = "extract(epoch FROM pg_postmaster_start_time())::double precision"
_NOTED = "(SELECT f.value FROM facts f WHERE f.name = 'server')"
# No lease is longer, also where `_RESUME` has just made it so: whoever has one that ends later got
# it before the server's clock went back.
_LONGEST = 2 * LEASE_SECONDS
_AHEAD = f"m.until > {_NOW} + {_LONGEST}"
# The first that comes back to a server that has started says what time the others have: before,
# nobody could renew.
_LIVES = (
    f"(CASE WHEN EXISTS ({_LOCKED} AND l.objid = m.id::oid) THEN m.until > {_NOW}"
    f"  ELSE m.until - {LEASE_SECONDS - GRACE_SECONDS} > {_NOW} AND NOT {_AHEAD} END"
    f" OR coalesce({_NOTED} <> {_BEGAN}::text, false) AND abs({_NOW} - {_BEGAN}) < {LEASE_SECONDS})"
)
# A lease stands still while there is no server, whatever its clock does meanwhile: who was silent
# before is dead soon after. Nobody has a lock of the former server, so that the leases are as long
# as those of members without one.
_RESUME = (
    "WITH noted AS ("
    f" INSERT INTO facts (name, value) VALUES ('server', {_BEGAN}::text) ON CONFLICT (name)"
    " DO UPDATE SET value = excluded.value WHERE facts.value <> excluded.value RETURNING 1)"
    f" UPDATE members SET until = until + {LEASE_SECONDS - GRACE_SECONDS - MARGIN_SECONDS}"
    f"  + {_NOW} - (SELECT max(until) - {LEASE_SECONDS} FROM members)"
    " WHERE EXISTS (SELECT 1 FROM noted)"
)
_MEMBERS = (
    f"SELECT m.id, m.name, m.roles, m.rate, m.until, {_LIVES} AS lives, {_AHEAD} AS ahead,"
    f" EXISTS ({_LOCKED} AND l.objid = m.id::oid) AS locked FROM members m ORDER BY m.id"
)
# Who has a lock and lives renews soon; who stands still would be believed for as long as the clock
# went back.
_SHORTEN = f"UPDATE members AS m SET until = {_NOW} + {LEASE_SECONDS} WHERE {_AHEAD}"
_SHARES = "SELECT role, slot, member FROM shares ORDER BY role, slot"
_JOIN = (
    "INSERT INTO members (mark, name, roles, rate, until)"
    f" VALUES ($1, $2, '[]', 0, {_NOW} + {LEASE_SECONDS}) RETURNING id"
)
_RENEW = f"UPDATE members SET until = {_NOW} + {LEASE_SECONDS} WHERE mark = $1 RETURNING id"
_RING = "SELECT pg_notify($1, $2)"
LIVING = f"SELECT m.name FROM members m WHERE {_LIVES} ORDER BY m.id"
"""Who works on the database, where it has such a table."""


class _Lease(NamedTuple):
    """A lease as it was first seen, by the clock of this process."""

    until: float
    seen_at: float


class PostgresHold:
    """A process's place among those that work on a database. Its connection does nothing else than
    to renew that, and to ring for others and hear them.
    """

    alone = False

    def __init__(
        self,
        database: PostgresDatabase,
        url: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self.clock = clock
        # It tries again soon by itself.
        self._line = LastingConnection(url, waits=(0.0,))
        self._turn = asyncio.Lock()
        self._locked_by: asyncpg.Connection | None = None
        self._mark: str | None = None
        self.number = 0
        self._hears: Callable[[str], None] | None = None
        self._leases: dict[int, _Lease] = {}

    async def join(self) -> None:
        """Makes this process a member, which has nothing yet."""
        mark = secrets.token_hex(16)
        async with self._turn:
            connection = await self._line.ready()
            with translated():
                await connection.execute(_RESUME)
                async with connection.transaction():
                    self.number = await connection.fetchval(_JOIN, mark, _myself())
                    await connection.execute(f"SELECT pg_advisory_lock({MEMBERS}, {self.number})")
                await connection.execute(_settings())
            self._locked_by = connection
        self._mark = mark
        self._database.write_as(mark)

    async def is_worked_on(self, now: float) -> bool:
        """Whether a bot works on the database, in this process or another."""
        return bool(await self._database.rows(f"{_LOCKED} LIMIT 1"))

    async def renew(self, now: float) -> None:
        """Says that this process still works here. Raises TakenOver where others took it for dead,
        and StorageError where the server does not answer.
        """
        if self._mark is None:
            return
        async with self._turn:
            try:
                found = await self._answer(
                    lambda c: c.fetchval(_RENEW, self._mark, timeout=_ANSWER_SECONDS)
                )
            except StorageError:
                self._line.drop()
                raise
        if found is None:
            raise _taken_over()

    async def _answer(self, ask: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        """What our connection answers; where it is a new one, with our lock and what we hear, and,
        if it is the first to a server that has started, with time for all who were there when the
        former ended.
        """

        async def as_a_member(connection: asyncpg.Connection) -> T:
            with translated():
                if connection is not self._locked_by:
                    await self._settle_in(connection)
                return await ask(connection)

        return await self._line.first(as_a_member)

    async def _settle_in(self, connection: asyncpg.Connection) -> None:
        # What is left of the old connection may have the lock: it is ours as well.
        await connection.execute(f"SELECT pg_try_advisory_lock({MEMBERS}, {self.number})")
        await connection.execute(_settings())
        await connection.execute(_RESUME)
        await self._listen(connection)
        self._locked_by = connection

    async def share(self, wish: MemberWish) -> Held:
        """Takes and leaves what is to be had and left, and says what this process has now. Raises
        TakenOver where others took it for dead.
        """
        async with self._database.read() as view:
            made, _, changes = await self._planned(view, wish)
        if not changes:
            return made.held
        async with self._database.write() as transaction:
            made, dead, _ = await self._planned(transaction, wish)
            await self._write(transaction, wish, made, dead)
        return made.held

    async def _planned(
        self, view: Transaction, wish: MemberWish
    ) -> tuple[MemberPlan, list[int], bool]:
        """What is to be done, who is dead, and whether anything is to be written."""
        rows = await view.rows(_MEMBERS)
        self._leases = {row["id"]: self._lease(row) for row in rows}
        # Who asks lives: it can see its own row.
        dead = [row["id"] for row in rows if row["id"] != self.number and self._is_dead(row)]
        living = [_member(row) for row in rows if row["id"] not in dead]
        me = next((member for member in living if member.id == self.number), None)
        if me is None:
            raise _taken_over()
        made = plan(self.number, wish, living, await _shares(view))
        ahead = any(row["ahead"] for row in rows)
        return made, dead, bool(dead) or ahead or made.changes(me, wish)

    def _lease(self, row: Row) -> _Lease:
        known = self._leases.get(row["id"])
        if known is not None and known.until == row["until"]:
            return known
        return _Lease(row["until"], self.clock())

    def _is_dead(self, row: Row) -> bool:
        """Whether a lease is over. That of one that has its lock must be so by our own clock too:
        where the server's was set forward, all look over at once, until they are renewed.
        """
        if row["lives"]:
            return False
        seen_for = self.clock() - self._leases[row["id"]].seen_at
        return not row["locked"] or seen_for >= GRACE_SECONDS

    async def _write(
        self, transaction: Transaction, wish: MemberWish, made: MemberPlan, dead: Sequence[int]
    ) -> None:
        await transaction.run_many("DELETE FROM members WHERE id = ?", [(each,) for each in dead])
        await transaction.run(_SHORTEN)
        await transaction.run_many(
            "DELETE FROM shares WHERE role = ? AND slot = ? AND member = ?",
            [(*left, self.number) for left in made.leaves],
        )
        await transaction.run_many(
            "INSERT INTO shares (role, slot, member) VALUES (?, ?, ?)",
            [(*taken, self.number) for taken in made.takes],
        )
        await transaction.run(
            "UPDATE members SET roles = ?, rate = ? WHERE id = ?",
            *(json.dumps(sorted(wish.roles)), float(made.recorded), self.number),
        )

    async def members(self) -> list[tuple[Member, list[Share]]]:
        """Who works on the database, and what each has."""
        async with self._database.read() as view:
            rows = await view.rows(_MEMBERS)
            shares = await _shares(view)
        return [
            (_member(row), [share for share in shares if share.member == row["id"]])
            for row in rows
            if row["lives"]
        ]

    async def ring(self, names: Sequence[str]) -> None:
        """Rings bells of these names in the other processes."""
        bells = " ".join(names)
        async with self._turn:
            await self._answer(lambda c: c.execute(_RING, _CHANNEL, bells, timeout=_ANSWER_SECONDS))

    async def hear(self, ring: Callable[[str], None]) -> None:
        """Has `ring` called with the name of each bell that another process rings."""
        self._hears = ring
        async with self._turn:
            await self._answer(self._listen)

    async def _listen(self, connection: asyncpg.Connection) -> None:
        hears = self._hears
        if hears is None:
            return
        ours = connection.get_server_pid()

        def heard(_: object, pid: int, channel: str, payload: Any) -> None:
            for name in str(payload).split() if pid != ours else ():
                hears(name)

        await connection.add_listener(_CHANNEL, heard)

    async def release(self) -> None:
        """Leaves the others what this process had."""
        try:
            if self._mark and self._locked_by and not self._locked_by.is_closed():
                # Somebody may still be renewing or ringing on it. Where it was lost, our lock went
                # with it.
                with suppress(ConnectionLostError), translated():
                    async with asyncio.timeout(_ANSWER_SECONDS), self._turn:
                        await self._locked_by.execute(
                            "DELETE FROM members WHERE mark = $1", self._mark
                        )
        finally:
            await self._line.close()

    def close(self) -> None:
        """Nothing: the lock went with its connection."""


async def _shares(view: Transaction) -> list[Share]:
    rows = await view.rows(_SHARES)
    return [Share(row["role"], row["slot"], row["member"]) for row in rows]


def _member(row: Any) -> Member:
    return Member(row["id"], row["name"], tuple(json.loads(row["roles"])), row["rate"])


def _taken_over() -> TakenOver:
    return TakenOver("Others took this process for dead, and have what it had.")


def _myself() -> str:
    host = "".join(c for c in socket.gethostname() if c.isalnum() or c in ".-_")
    return f"tocsin, process {os.getpid()} on {host[:30]}"


def _settings() -> str:
    # A renewal that the server forgets in a crash was one of a member that it forgot.
    return f"SET application_name = '{_myself()}'; SET synchronous_commit = off"
