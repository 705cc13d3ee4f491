"""Putting a backup in the place of a database.

By hand that is three files: a journal (`-wal`) of the former one that stays beside a copied backup
is applied to it when it is opened, and damages it or brings rows of then among those of now.
"""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from bot import crash_points
from bot.errors import AlreadyRunning, StorageUnusable
from storage.sqlite import lock, schema

_BEGINNINGS = (b"", b"SQLite format 3\0", bytes(16))
"""How a database begins, also one that is empty, or that a power cut left as zeros."""

_UNFINISHED = ".unfinished"


class Restored(Struct, frozen=True):
    """The size of what was restored, and where the former database is kept, if there was one."""

    bytes: int
    kept: Path | None


def restore(
    path: Path, backup: Path, now: float, unwanted: Callable[[], bool] = lambda: False
) -> Restored | None:
    """Puts a backup, which stays as it is, in the place of the database at `path`, which is kept
    beside it. However it ends, one of both is at `path`, with all of its rows.

    `unwanted` is asked once, before anything at `path` is changed; None where it said so. Raises
    AlreadyRunning where a bot or another program works on the database, and StorageUnusable where
    it is none of ours, or the backup is damaged, of a newer version or no backup at all; nothing is
    changed then.
    """
    path = path.resolve()  # where a link leads, as SQLite has it
    if not backup.is_file():
        raise StorageUnusable(f"{backup} is not a file; name a backup.")
    try:
        _refuse_what_is_not_ours(path)
        if path.exists() and backup.samefile(path):
            raise StorageUnusable(f"{backup} is the database itself; name a backup.")
        with closing(lock.acquire(path)):
            _refuse_while_leased(path, now)
            with _copied(backup, _name_beside(path, backup)) as new:
                _give(new, path)
                _replacing()
                if unwanted():
                    return None
                size = new.stat().st_size
                return Restored(size, _replace(path, new, now))
    except OSError as error:
        raise StorageUnusable(f"{path} cannot be restored: {error.strerror}.") from None


def _replacing() -> None:
    crash_points.point("replacing")


def _refuse_what_is_not_ours(path: Path) -> None:
    """A damaged database, or one of a newer version, may be replaced: that is what backups are for.
    What is a folder, a text or another program's may not.
    """
    if not path.exists():
        schema.check_folder(path)
        return
    if not path.is_file():
        raise StorageUnusable(f"{path} is not a file; DATABASE_URL must name one.")
    with path.open("rb") as opened:
        if opened.read(16) not in _BEGINNINGS:
            raise StorageUnusable(
                f"{path} is no SQLite database; name another file, or move it away first."
            )
    with suppress(sqlite3.Error), closing(_opened(path)) as file:
        schema.refuse_anothers(file, path)


def _name_beside(path: Path, backup: Path) -> Path:
    """Where the backup is copied to, which a restore that was ended may have left. The backup may
    be just that: it is never overwritten.
    """
    new, number = path.with_name(f"{path.name}.restoring"), 1
    while new.exists() and new.samefile(backup):
        number += 1
        new = path.with_name(f"{path.name}.restoring-{number}")
    return new


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
        try:
            with closing(_opened(backup)) as file:
                _check(file, backup)
                _copy(file, new)
        except sqlite3.Error as error:
            raise StorageUnusable(f"{backup} is damaged or no backup: {error}.") from None
        yield new
    finally:
        _remove(new)


def _remove(file: Path) -> None:
    for end in ("", *schema.JOURNALS):
        file.with_name(file.name + end).unlink(missing_ok=True)


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
    _remove(new)
    schema.make_private(new)
    _replacing()
    try:
        with closing(sqlite3.connect(new)) as target:
            file.backup(target)
    except sqlite3.Error as error:
        raise StorageUnusable(f"{new} cannot be written: {error}.") from None
    _sync(new)


def _sync(place: Path) -> None:
    """Waits until a file, or the names in a folder, are on the disk."""
    number = os.open(place, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _sync_folder(path: Path) -> None:
    with suppress(OSError):  # Windows, and some shares, cannot: there the names have to do
        _sync(path.parent)


def _give(new: Path, path: Path) -> None:
    """Lets the new file belong to whom the former one belongs, or the folder, where this is done by
    root: the bot could not open it.
    """
    owner = (path if path.exists() else path.parent).stat()
    with suppress(PermissionError, AttributeError):  # another's to decide, or Windows
        os.chown(new, owner.st_uid, owner.st_gid)


def _replace(path: Path, new: Path, now: float) -> Path | None:
    """Puts a new file in the place of a database, which is never without one, and gives the former
    one another name, under which it can be opened with all that it holds.
    """
    remove_second_names(path)
    ended = _end_journal(path)
    _replacing()
    kept = _free_name(path, now)
    try:
        if path.exists():
            _keep(path, kept)
            _replacing()
        for end in schema.JOURNALS:
            journal = path.with_name(path.name + end)
            if journal.exists():
                journal.rename(kept.with_name(kept.name + end))
                _replacing()
        _sync_folder(path)
        new.replace(path)
    except OSError:
        if ended:
            remove_second_names(path)
        raise
    _replacing()
    _sync_folder(path)
    return kept if kept.exists() else None


def _end_journal(path: Path) -> bool:
    """Moves what only the journal of a database holds into the database, after which it has none;
    False where it is too damaged for that. Raises AlreadyRunning where another program uses it.
    """
    if not path.exists():
        return False
    try:
        # To read it changes nothing: who writes to what is damaged takes its journal away, too.
        with closing(_opened(path)) as file:
            file.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as file:
            used = file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error as error:
        code = error.sqlite_errorcode & 0xFF
        if code == sqlite3.SQLITE_FULL:
            raise StorageUnusable(f"{path} cannot be restored: its disk is full.") from None
        if code != sqlite3.SQLITE_BUSY:
            return False
        used = True
    # The last one that uses a database takes its journal away.
    if used or any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal")):
        raise AlreadyRunning(f"Another program works on {path}; end it first.")
    return True


def _keep(path: Path, kept: Path) -> None:
    """Gives a file a second name, or makes a copy where a file can have but one."""
    try:
        os.link(path, kept)
    except OSError:
        _copy_whole(path, kept)


def _copy_whole(path: Path, kept: Path) -> None:
    """A copy that has its name when all of it is on the disk."""
    unfinished = kept.with_name(f"{kept.name}{_UNFINISHED}")
    try:
        schema.make_private(unfinished)
        shutil.copyfile(path, unfinished)
        _give(unfinished, path)
        _sync(unfinished)
        unfinished.rename(kept)
    finally:
        unfinished.unlink(missing_ok=True)


def remove_second_names(path: Path) -> None:
    """Takes away the names that a restore gave a database and ended before it was replaced: by two
    names it would have two journals. Beside one that has the journal it is left: that is the former
    database. Only for who holds the lock.
    """
    if not path.exists() or path.stat().st_nlink == 1:
        return
    for name in path.parent.iterdir():
        second = name.name.startswith(f"{path.name}.before-") and name.samefile(path)
        if second and not any(name.with_name(name.name + end).exists() for end in schema.JOURNALS):
            name.unlink()


def _free_name(path: Path, now: float) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))
    name, number = f"{path.name}.before-{stamp}", 1
    while any(
        os.path.lexists(path.with_name(name + end)) for end in ("", _UNFINISHED, *schema.JOURNALS)
    ):
        number += 1
        name = f"{path.name}.before-{stamp}-{number}"
    return path.with_name(name)
