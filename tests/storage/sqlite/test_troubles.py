"""What is wrong with a file is said in the words of who can mend it, once and without a trace; what
is wrong with a statement is a fault of ours, and keeps its trace.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from storage.errors import RowRefusedError, StorageError, Trouble, database_outage
from storage.sqlite.connection import SqliteDatabase, translated


async def _fill(database: SqliteDatabase) -> None:
    """The file may take no page more than it has, as on a disk that is full."""
    await database._writer.execute("PRAGMA max_page_count = 1")


async def _store(database: SqliteDatabase) -> None:
    async with database.write() as transaction:
        for number in range(50):
            text = "x" * 10_000
            await transaction.run("INSERT INTO facts VALUES (?, ?)", f"odd {number}", text)


async def test_a_full_disk_is_named_once_with_what_to_do(database: SqliteDatabase) -> None:
    await _fill(database)
    outage = database_outage()
    with capture_logs() as lines:
        for _ in range(5):
            with pytest.raises(StorageError) as raised:
                await _store(database)
            assert raised.value.trouble is Trouble.FULL
            assert outage.failed(raised.value, loop="lease")
    (said,) = [line for line in lines if line["log_level"] != "debug"]
    assert said["log_level"] == "error"
    assert said["error"].endswith("its disk is full. Make room there.")
    assert "exc_info" not in said


def _raised(code: int) -> StorageError:
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code
    with pytest.raises(StorageError) as raised, translated():
        raise error
    return raised.value


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (sqlite3.SQLITE_FULL, Trouble.FULL),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Trouble.LOCKED),
        (sqlite3.SQLITE_READONLY_DBMOVED, Trouble.READ_ONLY),
        (sqlite3.SQLITE_CORRUPT_VTAB, Trouble.DAMAGED),
        (sqlite3.SQLITE_IOERR_WRITE, Trouble.DISK),
        (sqlite3.SQLITE_IOERR_SHMSIZE, Trouble.FULL),
        (sqlite3.SQLITE_CANTOPEN, Trouble.OTHER),
    ],
)
def test_each_trouble_is_told_by_its_code(code: int, trouble: Trouble) -> None:
    assert _raised(code).trouble is trouble
    assert database_outage().failed(_raised(code))


async def test_what_is_wrong_with_a_statement_or_a_row_is_no_outage(
    database: SqliteDatabase,
) -> None:
    outage = database_outage()
    with pytest.raises(StorageError, match="no such table") as raised:
        await database.rows("SELECT * FROM quays")
    assert not outage.failed(raised.value)
    with pytest.raises(RowRefusedError) as refused:
        await database.run("INSERT INTO facts VALUES ('odd', NULL)")
    assert not outage.failed(refused.value)


# --- a trial ----------------------------------------------------------------------------------


async def test_a_trial_reaches_the_disk_and_leaves_nothing(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    journal = tmp_path / "bare.db-wal"
    await _store(database)
    await database.checkpoint()
    assert journal.stat().st_size == 0
    before = await database.rows("SELECT * FROM facts ORDER BY name")
    await database.try_writing()
    assert journal.stat().st_size > 500_000
    assert [*map(tuple, await database.rows("SELECT * FROM facts ORDER BY name"))] == [
        *map(tuple, before)
    ]
    ((cache,),) = await database._writer.execute_fetchall("PRAGMA cache_size")
    assert cache == -2_048
    await database.run("INSERT INTO facts VALUES ('after', '')")


async def test_a_trial_says_that_the_disk_is_full(database: SqliteDatabase) -> None:
    await _fill(database)
    with pytest.raises(StorageError, match="its disk is full"):
        await database.try_writing()


async def test_a_trial_says_that_another_program_is_in_the_way(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    await database._writer.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(tmp_path / "bare.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="another program keeps it locked"):
            await database.try_writing()
    await database.try_writing()


async def test_what_is_free_is_what_is_free_to_this_user(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    disk = os.statvfs(tmp_path)
    assert abs(await database.free_bytes() - disk.f_bavail * disk.f_frsize) < 1_000_000_000
