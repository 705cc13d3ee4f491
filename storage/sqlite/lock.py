"""One process at a time: a lock on a file beside the database, and a lease inside it.

The lock is exact where the file is on this machine, and ends with the process however it ends.
The lease covers files shared over a network, where such locks may not reach.
"""

import json
import os
import secrets
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import IO

from bot.errors import AlreadyRunning, StorageUnusable
from bot.news.members import Held, Member, MemberWish, Share
from storage.database import Database, Transaction

LEASE_SECONDS = 30.0

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows: the lease alone has to do
    fcntl = None


class ProcessLock:
    """Held by the process that works on the database."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.lost = False
        # Containers have the same pid, and may have one name: the nonce says who it is, the rest
        # is for people.
        self.holder = {
            "pid": os.getpid(), "host": socket.gethostname(), "nonce": secrets.token_hex(16),
        }  # fmt: skip

    async def take_lease(self, database: Database, now: float) -> None:
        """Writes this process into the database; raises AlreadyRunning if another machine's
        process has renewed its lease lately.
        """
        async with database.write() as transaction:
            rows = await transaction.rows("SELECT value FROM facts WHERE name = 'lease'")
            if rows:
                lease = json.loads(rows[0]["value"])
                left = lease["until"] - now
                if lease["host"] != self.holder["host"] and 0 < left <= LEASE_SECONDS:
                    raise AlreadyRunning(
                        f"Process {lease['pid']} on {lease['host']} works on this database; "
                        f"stop it, or wait {left:.0f} s if it has ended."
                    )
            await self._write(transaction, now)

    async def renew(self, database: Database, now: float) -> None:
        """Renews the lease. Raises AlreadyRunning if another process has taken it, as may happen
        to one that stood still for longer than it lasts.
        """
        async with database.write() as transaction:
            rows = await transaction.rows("SELECT value FROM facts WHERE name = 'lease'")
            lease = json.loads(rows[0]["value"]) if rows else self.holder
            if lease.get("nonce") != self.holder["nonce"]:
                self.lost = True
                raise AlreadyRunning(
                    f"Process {lease['pid']} on {lease['host']} has taken over this database "
                    "while this one stood still; this one ends."
                )
            await self._write(transaction, now)

    async def _write(self, transaction: Transaction, now: float) -> None:
        lease = json.dumps({**self.holder, "until": now + LEASE_SECONDS})
        await transaction.run(
            "INSERT INTO facts VALUES ('lease', ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            lease,
        )

    async def release(self, database: Database) -> None:
        """Gives up the lease, if it is ours; the lock goes with `close`."""
        if self.lost:
            return
        async with database.write() as transaction:
            await transaction.run(
                "DELETE FROM facts WHERE name = 'lease' AND value ->> 'nonce' = ?",
                self.holder["nonce"],
            )

    def close(self) -> None:
        """Gives up the lock. The file stays: removing it would race with the next process."""
        self._file.close()


class SqliteHold:
    """A process's hold on a database; `lock` is None where it did not ask for it alone."""

    alone = True
    number = 0

    def __init__(self, database: Database, path: Path, lock: ProcessLock | None) -> None:
        self._database = database
        self._path = path
        self._lock = lock

    async def is_worked_on(self, now: float) -> bool:
        """Whether a bot works on the database, in this process or another."""
        return is_held(self._path) or await is_leased(self._database, now)

    async def renew(self, now: float) -> None:
        """Renews the lease. Raises AlreadyRunning as `ProcessLock.renew` does."""
        if self._lock:
            await self._lock.renew(self._database, now)

    async def share(self, wish: MemberWish) -> Held:
        """Everything: there is nobody to share with."""
        whole = {role: frozenset(range(slots)) for role, slots in wish.roles.items()}
        return Held(whole, {}, wish.most, 1)

    async def members(self) -> list[tuple[Member, list[Share]]]:
        """Nobody: the lease names the one there may be."""
        return []

    async def ring(self, names: Sequence[str]) -> None:
        """Nothing: nobody else could hear it."""

    async def hear(self, ring: Callable[[str], None]) -> None:
        """Nothing: nobody else rings."""

    async def release(self) -> None:
        """Gives up the lease."""
        if self._lock:
            await self._lock.release(self._database)

    def close(self) -> None:
        """Gives up the lock."""
        if self._lock:
            self._lock.close()


def is_held(path: Path) -> bool:
    """Whether a process of this machine holds the lock beside a database. Makes no file."""
    place = _place(path)
    if fcntl is None or not place.exists():
        return False
    with _opened(place, "r") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _place(path: Path) -> Path:
    """The file that is locked: one, by whatever link a database is named."""
    return Path(f"{path.resolve()}.lock")


async def is_leased(database: Database, now: float) -> bool:
    """Whether a process that such a lock does not show has renewed its lease lately."""
    row = await database.row("SELECT value FROM facts WHERE name = 'lease'")
    return row is not None and lasts_elsewhere(row["value"], now)


def lasts_elsewhere(said: str, now: float) -> bool:
    """Whether this lease is that of a process which the lock does not show, and lasts still."""
    lease = json.loads(said)
    elsewhere = fcntl is None or lease["host"] != socket.gethostname()
    return elsewhere and 0 < float(lease["until"]) - now <= LEASE_SECONDS


def _opened(place: Path, mode: str) -> IO[str]:
    """The file that is locked. Raises StorageUnusable where another user made it for himself."""
    try:
        return open(place, mode, encoding="utf-8", opener=_privately)
    except PermissionError:
        raise StorageUnusable(
            f"{place} cannot be opened by this user; give it to the user of the database (chown),"
            " or delete it while no bot runs."
        ) from None


def _privately(path: str, flags: int) -> int:
    """Opens a file that, where it is made now, its owner alone may read, whatever the umask."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _give(file: IO[str], path: Path) -> None:
    """Lets the lock belong to whom the database belongs, or the folder, where root takes it: the
    bot could not open it.
    """
    if hasattr(os, "getuid") and os.getuid() == 0:
        owner = (path if path.exists() else path.resolve().parent).stat()
        with suppress(PermissionError):  # a share where root is nobody
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)


def acquire(path: Path) -> ProcessLock:
    """Takes the lock beside the database, or raises AlreadyRunning naming who holds it."""
    file = _opened(_place(path), "a+")
    _give(file, path)
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip() or "another process"
        file.close()
        raise AlreadyRunning(f"{path} is in use by {holder}; stop it first.") from None
    file.truncate(0)
    began = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    file.write(f"process {os.getpid()} on {socket.gethostname()}, started {began} UTC")
    file.flush()
    return ProcessLock(file)
