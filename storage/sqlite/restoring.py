"""Putting a backup in the place of a database.

By hand that is three files: a journal (`-wal`) of the former one that stays beside a copied backup
is applied to it when it is opened, and damages it or brings rows of then among those of now.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from bot.errors import AlreadyRunning, StorageUnusable
from storage.sqlite import lock, schema

_JOURNALS = ("-wal", "-shm")


class Restored(Struct, frozen=True):
    """The size of what was restored, and where the former database is kept, if there was one."""

    bytes: int
    kept: Path | None


def restore(path: Path, backup: Path, now: float) -> Restored:
    """Puts a backup, which stays as it is, in the place of the database at `path`, which is kept
    beside it with its journal.

    Raises AlreadyRunning where a bot works on the database, and StorageUnusable where the backup is
    damaged, of a newer version or no backup at all; nothing is changed then.
    """
    path = path.resolve()  # where a link leads, as SQLite has it
    if not backup.is_file():
        raise StorageUnusable(f"{backup} is not a file; name a backup.")
    if backup.resolve() == path:
        raise StorageUnusable(f"{backup} is the database itself; name a backup.")
    try:
        with closing(lock.acquire(path)):
            _refuse_while_leased(path, now)
            with _copied(backup, path.with_name(f"{path.name}.restoring")) as new:
                _give(new, path)
                size = new.stat().st_size
                kept = _put_aside(path, now)
                new.replace(path)
                return Restored(size, kept)
    except OSError as error:
        raise StorageUnusable(f"{path} cannot be restored: {error.strerror}.") from None


def _refuse_while_leased(path: Path, now: float) -> None:
    """Refuses where a bot of another machine works on the database, as far as that can be read."""
    try:
        with closing(_opened(path)) as file:
            said = file.execute("SELECT value FROM facts WHERE name = 'lease'").fetchone()
            if said and lock.lasts_elsewhere(said[0], now):
                raise AlreadyRunning(f"A bot of another machine works on {path}; stop it first.")
    except (sqlite3.Error, ValueError):
        return  # it is what is to be replaced


@contextmanager
def _copied(backup: Path, new: Path) -> Iterator[Path]:
    """A copy of a backup that was found whole. It is gone in the end, unless it was moved."""
    try:
        with closing(_opened(backup)) as file:
            _check(file, backup)
            _copy(file, new)
        yield new
    except sqlite3.Error as error:
        raise StorageUnusable(f"{backup} is damaged or no backup: {error}.") from None
    finally:
        for end in ("", *_JOURNALS):
            new.with_name(new.name + end).unlink(missing_ok=True)


def _opened(path: Path) -> sqlite3.Connection:
    """A file, to be read. Beside one that has no journal none is made: it may be where nothing can
    be written.
    """
    has_journal = path.with_name(f"{path.name}-wal").exists()
    known = "" if has_journal else "&immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{known}", uri=True)


def _check(file: sqlite3.Connection, backup: Path) -> None:
    if schema.version_of(file, backup) == 0:
        raise StorageUnusable(f"{backup} holds no data; name another backup.")
    verdict = file.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        raise StorageUnusable(f"{backup} is damaged ({verdict}); name another backup.")


def _copy(file: sqlite3.Connection, new: Path) -> None:
    new.unlink(missing_ok=True)
    schema.make_private(new)
    try:
        with closing(sqlite3.connect(new)) as target:
            file.backup(target)
    except sqlite3.Error as error:
        raise StorageUnusable(f"{new} cannot be written: {error}.") from None


def _give(new: Path, path: Path) -> None:
    """Lets the new file belong to whom the former one belongs, or the folder, where this is done by
    root: the bot could not open it.
    """
    owner = (path if path.exists() else path.parent).stat()
    with suppress(PermissionError, AttributeError):  # another's to decide, or Windows
        os.chown(new, owner.st_uid, owner.st_gid)


def _put_aside(path: Path, now: float) -> Path | None:
    """Gives a database and its journal another name, under which they can still be opened."""
    kept = _free_name(path, now)
    for end in ("", *_JOURNALS):
        former = path.with_name(path.name + end)
        if former.exists():
            former.rename(kept.with_name(kept.name + end))
    return kept if kept.exists() else None


def _free_name(path: Path, now: float) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))
    name, number = f"{path.name}.before-{stamp}", 1
    while any(os.path.lexists(path.with_name(name + end)) for end in ("", *_JOURNALS)):
        number += 1
        name = f"{path.name}.before-{stamp}-{number}"
    return path.with_name(name)
