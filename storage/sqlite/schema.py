"""Opening a file: what it is, whether it can be used, and bringing its schema up to date."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from functools import lru_cache
from importlib import resources
from pathlib import Path

from bot import crash_points
from bot.errors import StorageUnusable
from bot.news.text.words import fold
from storage.copying import APPLIED, COPYING, MARKER, refuse_half_a_copy
from storage.errors import what_is_wrong
from storage.polling import packing
from storage.sqlite.connection import trouble_of
from storage.stories import links

APPLICATION_ID = 0x70C5133  # marks the file as Tocsin's: PRAGMA application_id
_CHECK_BELOW_BYTES = 256 * 1024 * 1024
_KNOWN = (
    ("short_link", 2, links.short),
    ("link_mark", 1, links.mark),
    ("key_place", 1, packing.place_of),
    ("key_record", 7, packing.record_of_row),
    ("folded", 1, fold),
)
"""What migrations call: name, how many arguments, function."""
_ROOM = "room"
"""The fact of a file of which migrations left more than a third free: it is to be made smaller."""
_FREE_PART, _LEAST_PAGES = 3, 256
_CACHE_KIB = 32_768
_COLUMNS = (
    "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
    " WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%'"
)
_Part = tuple[str, str]
_NOTED = "SELECT value FROM facts WHERE name = ?"
_FOLDER = resources.files("storage.sqlite") / "migrations"
JOURNALS = ("-wal", "-shm", "-journal")
"""How the names of the files end that SQLite keeps beside a database."""
_RESTORE = "bring a backup back by `tocsin db restore FILE`"
_FREE = "SELECT freelist_count, page_count FROM pragma_freelist_count, pragma_page_count"


@lru_cache(maxsize=1)
def migrations() -> list[tuple[int, str, str]]:
    """Number, name and text of each migration, in order."""
    names = _names()
    return [(int(name[:4]), name, (_FOLDER / name).read_text("utf-8")) for name in names]


@lru_cache(maxsize=1)
def newest() -> int:
    """The number of the last migration, of which none is read for that."""
    return int(_names()[-1][:4])


def _names() -> list[str]:
    return sorted(item.name for item in _FOLDER.iterdir() if item.name.endswith(".sql"))


def inspect(
    path: Path, *, unfinished: bool = False, whole: bool = True, writes: bool = True
) -> int:
    """The schema version of a file (0: new or empty), without changing it: the number of the last
    migration before which none is lacking.

    Raises StorageUnusable where the file is damaged, somebody else's or newer, or read-only for who
    `writes`, or half a copy, unless one that is `unfinished` will do. To look through the `whole`
    of it takes a millisecond a megabyte.
    """
    if not path.exists():
        check_folder(path)
        _refuse_beside_a_former_one(path.resolve())
        return 0
    if not path.is_file():
        raise StorageUnusable(f"{path} is not a file; DATABASE_URL must name one.")
    if writes and not can_write(path):
        raise StorageUnusable(
            f"{path} cannot be written; make the file and its folder writable for this user."
        )
    try:
        with closing(_open_to_read(path)) as file:
            version = version_of(file, path, unfinished=unfinished)
            if whole:
                _look_through(file, path)
            return version
    except sqlite3.OperationalError as error:
        raise cannot_be_opened(path, error) from None
    except sqlite3.DatabaseError:
        raise StorageUnusable(
            f"{path} is damaged or no SQLite database; {_RESTORE}, or name another file."
        ) from None


def cannot_be_opened(path: Path, error: Exception) -> StorageUnusable:
    """The error for a file that the system or SQLite did not open, with what to do about it."""
    return StorageUnusable(f"{path} cannot be opened: {what_is_wrong(trouble_of(error), error)}")


def can_write(path: Path) -> bool:
    """Whether this user may write to a database and make a journal beside it."""
    return os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK)


def _open_to_read(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(address_to_read(path), uri=True)


def address_to_read(path: Path) -> str:
    """The address by which SQLite opens a file without making any. Where nothing can be written, no
    journal can be made beside it, and is not needed.
    """
    fixed = not can_write(path) and not path.with_name(f"{path.name}-wal").exists()
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if fixed else ''}"


def check_folder(path: Path) -> None:
    """Raises StorageUnusable where no file can be made at `path` for want of a folder."""
    if not path.parent.is_dir():
        raise StorageUnusable(f"The folder {path.parent} does not exist; create it first.")
    if not os.access(path.parent, os.W_OK):
        raise StorageUnusable(f"The folder {path.parent} cannot be written by this user.")


def _refuse_beside_a_former_one(path: Path) -> None:
    """Where a database is missing beside what a restore made of it, a new one would be taken for
    it, and SQLite would delete the journal that was left.
    """
    parts = (*JOURNALS, ".unfinished")
    names = sorted(each.name for each in path.parent.iterdir() if not each.name.endswith(parts))
    former = [name for name in names if name.startswith(f"{path.name}.before-")]
    if former:
        raise StorageUnusable(
            f"{path} is missing, and {former[-1]} is beside it: rename that to {path.name}, and"
            f" {former[-1]}-wal to {path.name}-wal where there is one, or run `tocsin db restore"
            " FILE`; to begin anew, move it to another folder."
        )
    if any(name.startswith(f"{path.name}.restoring") for name in names):
        raise StorageUnusable(
            f"{path} is missing, and {path.name}.restoring is beside it, of a restore that did not"
            " end: run `tocsin db restore FILE` again; to begin anew, delete it."
        )


def version_of(file: sqlite3.Connection, path: Path, *, unfinished: bool = False) -> int:
    """The schema version of what was opened at `path`; raises as `inspect` does."""
    version = _version(file, path)
    if version and not unfinished:
        found = file.execute(f"SELECT value FROM facts WHERE name = '{COPYING}'").fetchone()
        refuse_half_a_copy(str(path), found and found[0])
    return version


def _version(file: sqlite3.Connection, path: Path) -> int:
    # One look at all three: another process may be making the file just now.
    file.execute("BEGIN")
    version = int(file.execute("PRAGMA user_version").fetchone()[0])
    refuse_anothers(file, path)
    if version > newest():
        raise StorageUnusable(
            f"{path} was written by a newer version of Tocsin (schema {version}; this one knows "
            f"{newest()}); install that version."
        )
    lacking = set(_numbers(version)) - _applied(file, version)
    return min(lacking) - 1 if lacking else version


def _numbers(version: int) -> list[int]:
    """Those of the migrations up to a version."""
    numbers = (int(name[:4]) for name in _names())
    return [number for number in numbers if number <= version]


def _applied(file: sqlite3.Connection, version: int) -> set[int]:
    """The numbers of the migrations that a file of a version has had. Until that was noted, one was
    passed over whose number was below another's that came before it.
    """
    if not version:
        return set()
    if noted := file.execute(_NOTED, (APPLIED,)).fetchone():
        return set(map(int, noted[0].split()))
    found = _parts(file)
    return {
        number
        for number, made in _made_by_each(version).items()
        if not made or not made.isdisjoint(found)
    }


@lru_cache(maxsize=1)
def _made_by_each(version: int) -> dict[int, frozenset[_Part]]:
    """What each migration up to a version made, as far as that is still there then."""
    made: dict[int, set[_Part]] = {}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as file:
        _teach(file)
        for number, _, text in migrations():
            if number <= version:
                before = _parts(file)
                for statement in _statements(text):
                    file.execute(statement)
                made[number] = _parts(file) - before
        lasting = _parts(file)
    return {number: frozenset(some & lasting) for number, some in made.items()}


def _parts(file: sqlite3.Connection) -> set[_Part]:
    """What a schema consists of: tables, indexes and triggers, and the columns of tables."""
    named = file.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    return {*named.fetchall(), *file.execute(_COLUMNS).fetchall()}


def refuse_anothers(file: sqlite3.Connection, path: Path) -> None:
    """Raises StorageUnusable where what was opened at `path` is another program's."""
    application = int(file.execute("PRAGMA application_id").fetchone()[0])
    tables = int(file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if tables and application != APPLICATION_ID:
        raise StorageUnusable(f"{path} is a database of another program; name another file.")


def _look_through(file: sqlite3.Connection, path: Path) -> None:
    if path.stat().st_size < _CHECK_BELOW_BYTES:
        verdict = file.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise StorageUnusable(f"{path} is damaged ({verdict}); {_RESTORE}.")


def migrate(path: Path, *, alone: bool = True) -> list[str]:
    """Brings the schema of a file that was inspected up to date, each migration in its own
    transaction, and gives back the room that they left free, unless others may work on it.

    Returns the names of those applied. A crash leaves the old or the new schema, never half; the
    next time goes on from there.
    """
    version = inspect(path, whole=False)
    make_private(path)
    applied: list[str] = []
    with closing(sqlite3.connect(path, isolation_level=None, timeout=5)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        # What a table held that is written anew is not gone: nothing is to be overwritten with
        # zeros, which would be as much again.
        file.execute("PRAGMA secure_delete = FAST")
        file.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        for number, name, text in migrations() if version < newest() else ():
            if number > version and _is_applied_now(file, path, number, text):
                applied.append(name)
                crash_points.point("migrated")
        if applied or alone:
            _note_applied(file)
            _give_back(file)
    return applied


def _is_applied_now(file: sqlite3.Connection, path: Path, number: int, text: str) -> bool:
    """Applies a migration unless the file has had it. Raises StorageUnusable for one that was
    passed over and cannot be made up for.
    """
    is_late = number < file.execute("PRAGMA user_version").fetchone()[0]
    try:
        return _apply(file, number, text)
    except sqlite3.Error as error:
        if is_late:
            raise StorageUnusable(
                f"{path} lacks migration {number}, which cannot be made up for ({error});"
                f" {_RESTORE} of before, or name another file."
            ) from error
        raise


def _note_applied(file: sqlite3.Connection) -> None:
    """Notes which migrations a file has had that knew its version alone."""
    if not file.execute(_NOTED, (APPLIED,)).fetchone():
        version = file.execute("PRAGMA user_version").fetchone()[0]
        file.execute(MARKER, (APPLIED, _listed(_applied(file, version))))


def _listed(numbers: set[int]) -> str:
    return " ".join(map(str, sorted(numbers)))


def _note_room(file: sqlite3.Connection) -> None:
    """Notes within a migration that it leaves much of the file free."""
    ((free, pages),) = file.execute(_FREE).fetchall()
    if free >= _LEAST_PAGES and _FREE_PART * free > pages:
        file.execute(MARKER, (_ROOM, ""))


def _give_back(file: sqlite3.Connection) -> None:
    """Makes a file smaller of which migrations left much free. It takes a copy's time and room;
    where there is none, new rows will fill what is free. What was killed, or kept away by another
    program that uses the file, is done the next time.
    """
    if file.execute("SELECT 1 FROM facts WHERE name = ?", (_ROOM,)).fetchone():
        try:
            file.execute("VACUUM")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                return
        file.execute("DELETE FROM facts WHERE name = ?", (_ROOM,))


def make_private(path: Path) -> None:
    """Lets nobody but its owner read a database, whatever the umask: makes the file, or takes away
    what others may. SQLite gives what it writes beside it the same rights.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for name in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        with suppress(FileNotFoundError, PermissionError):  # another's: theirs to decide
            if name.stat().st_mode & 0o077:
                name.chmod(0o600)


def _apply(file: sqlite3.Connection, number: int, text: str) -> bool:
    """Applies a migration in a transaction; False where the file has had it by now: another process
    may have applied it while this one waited for the lock.
    """
    _teach(file)
    file.execute("BEGIN IMMEDIATE")
    try:
        version = file.execute("PRAGMA user_version").fetchone()[0]
        applied = _applied(file, version)
        if number in applied:
            file.execute("ROLLBACK")
            return False
        for statement in _statements(text):
            file.execute(statement)
        _note_room(file)
        file.execute(MARKER, (APPLIED, _listed({*applied, number})))
        file.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        file.execute(f"PRAGMA user_version = {max(version, number)}")
        file.execute("COMMIT")
    except BaseException:
        if file.in_transaction:
            file.execute("ROLLBACK")
        raise
    return True


def _teach(file: sqlite3.Connection) -> None:
    """Lets SQL call what migrations call."""
    for name, arguments, known in _KNOWN:
        file.create_function(name, arguments, known, deterministic=True)


def _statements(text: str) -> list[str]:
    """Splits a script as SQLite itself would: a trigger's inner semicolons do not end it."""
    statements, current = [], ""
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("--"):
            current += line + "\n"
            if sqlite3.complete_statement(current):
                statements.append(current)
                current = ""
    return statements


def back_up(path: Path, copy: Path, unwanted: Callable[[], bool] = lambda: False) -> int | None:
    """Copies a database to a new file, consistent although others may write; returns its bytes.
    None where that is `unwanted` when it is copied: there is no backup then.

    The copy is written under another name first: an interrupted backup never looks like one.
    """
    if inspect(path, writes=False) == 0:
        raise StorageUnusable(f"{path} holds no data yet.")
    if copy.exists():
        raise StorageUnusable(f"{copy} exists already; name a new file.")
    unfinished = copy.with_name(copy.name + ".unfinished")
    try:
        make_private(unfinished)
        _copy(path, unfinished)
        if unwanted():
            unfinished.unlink()
            return None
        unfinished.replace(copy)
    except (OSError, sqlite3.Error) as error:
        unfinished.unlink(missing_ok=True)
        raise StorageUnusable(f"{copy} cannot be written: {error}.") from None
    return copy.stat().st_size


def _copy(path: Path, copy: Path) -> None:
    read_only = not can_write(path)
    opened = _open_to_read(path) if read_only else sqlite3.connect(path)
    before = _as_stored(path)
    with closing(opened) as file, closing(sqlite3.connect(copy)) as target:
        file.backup(target)
    if read_only and _as_stored(path) != before:
        raise sqlite3.OperationalError(f"{path} was changed meanwhile, try again")


def _as_stored(path: Path) -> tuple[int, bool]:
    """When a database was changed, as far as another user can see."""
    return path.stat().st_mtime_ns, path.with_name(f"{path.name}-wal").exists()
