"""Files: opened, brought up to date, locked and backed up."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import AlreadyRunning, StorageUnusable
from bot.news.chat import Habits
from bot.news.polling.entry_keys import Trace
from bot.news.polling.identity import Policy
from storage.copying import APPLIED
from storage.errors import StorageError
from storage.open import open_storage
from storage.sqlite import lock, schema
from storage.sqlite.connection import SqliteDatabase, connect
from storage.sqlite.opening import bring_up_to_date
from storage.storage import Storage
from tests.databases import former_database
from tests.storage.samples import chat, report, store


async def test_a_new_file_gets_the_newest_schema_and_opening_it_again_changes_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "new.db"
    assert schema.migrate(path) == [name for _, name, _ in schema.migrations()]
    before = path.read_bytes()
    assert schema.migrate(path) == []
    assert path.read_bytes() == before


def test_a_file_that_another_process_makes_meanwhile_is_nobody_elses(tmp_path: Path) -> None:
    path, seen = tmp_path / "new.db", []

    def meanwhile(statement: str) -> None:
        if "sqlite_master" in statement:
            seen.append(schema.migrate(path))

    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        file.set_trace_callback(meanwhile)
        assert schema._version(file, path) == 0
    assert seen == [[name for _, name, _ in schema.migrations()]]


async def test_a_migration_that_fails_leaves_the_old_schema(tmp_path: Path) -> None:
    path = tmp_path / "half.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        with pytest.raises(sqlite3.OperationalError):
            schema._apply(file, 1, "CREATE TABLE one (a);\nCREATE TABLE two (b;\nSELECT 1;\n")
        assert file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        assert file.execute("PRAGMA user_version").fetchone()[0] == 0


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"this is a shopping list, not a database" * 50, "damaged or no SQLite database"),
        (b"SQLite format 3\x00" + b"\xff" * 4080, "damaged"),
    ],
)
async def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(
    tmp_path: Path, content: bytes, complaint: str
) -> None:
    path = tmp_path / "odd.db"
    path.write_bytes(content)
    with pytest.raises(StorageUnusable, match=complaint):
        await open_storage(f"sqlite:///{path}", alone=True, now=1.0)
    assert path.read_bytes() == content


async def test_a_newer_schema_and_somebody_elses_database_are_refused(tmp_path: Path) -> None:
    newer, other = tmp_path / "newer.db", tmp_path / "other.db"
    schema.migrate(newer)
    with closing(sqlite3.connect(newer)) as file:
        file.execute("PRAGMA user_version = 999")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with closing(sqlite3.connect(other)) as file:
        file.execute("CREATE TABLE recipes (name)")
        file.commit()
    for path, complaint in ((newer, "newer version"), (other, "another program")):
        before = path.read_bytes()
        with pytest.raises(StorageUnusable, match=complaint):
            await open_storage(f"sqlite:///{path}", alone=False, now=1.0)
        assert path.read_bytes() == before


async def test_a_damaged_page_is_found_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=1.0)
    await store(storage, *[report(n, summary="x" * 2_000) for n in range(200)])
    await storage.close()
    content = bytearray(path.read_bytes())
    for page in range(20, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = b"\xa5" * 200
    path.write_bytes(content)
    with pytest.raises(StorageUnusable, match="damaged"):
        await open_storage(f"sqlite:///{path}", alone=True, now=1.0)


async def test_a_start_looks_through_the_file_once_and_reads_no_migration(tmp_path: Path) -> None:
    path = tmp_path / "known.db"
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=1.0)
    await store(storage, *[report(n, summary="x" * 2_000) for n in range(200)])
    await storage.close()
    schema.migrations.cache_clear()
    await (await open_storage(f"sqlite:///{path}", alone=True, now=2.0)).close()
    assert schema.migrations.cache_info().misses == 0
    content = bytearray(path.read_bytes())
    content[-20 * 4096 :] = b"\xa5" * (20 * 4096)
    path.write_bytes(content)
    with pytest.raises(StorageUnusable, match="damaged"):
        schema.inspect(path)
    # What brings the schema up to date comes after that look, and does not look again.
    assert schema.inspect(path, whole=False) == schema.newest()
    assert schema.migrate(path) == []


async def test_a_second_process_is_refused_and_told_who_holds_the_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/one.db"
    first = await open_storage(url, alone=True, now=1_000.0)
    with pytest.raises(AlreadyRunning, match=r"process \d+ on"):
        await open_storage(url, alone=True, now=1_000.0)
    beside = await open_storage(url, alone=False, now=1_000.0)
    await beside.close()
    await first.close()
    again = await open_storage(url, alone=True, now=1_000.0)
    await again.close()


async def test_a_lease_of_another_machine_is_respected_until_it_ends(tmp_path: Path) -> None:
    url, path = f"sqlite:///{tmp_path}/far.db", tmp_path / "far.db"
    schema.migrate(path)
    lease = json.dumps({"pid": 7, "host": "another-machine", "until": 1_020.0})
    with closing(sqlite3.connect(path)) as file:
        file.execute("INSERT INTO facts VALUES ('lease', ?)", (lease,))
        file.commit()
    with pytest.raises(AlreadyRunning, match="Process 7 on another-machine"):
        await open_storage(url, alone=True, now=1_000.0)
    later = await open_storage(url, alone=True, now=1_021.0)
    await later.close()


async def test_two_processes_of_one_number_and_one_hosts_name_do_not_both_work(
    tmp_path: Path,
) -> None:
    """As in two containers, where the lock on the file does not reach."""
    path = tmp_path / "far.db"
    schema.migrate(path)
    database = await connect(path)
    with (tmp_path / "one").open("w") as one, (tmp_path / "two").open("w") as two:
        first, second = lock.ProcessLock(one), lock.ProcessLock(two)
        await first.take_lease(database, 1_000.0)
        await second.take_lease(database, 1_001.0)
        with pytest.raises(AlreadyRunning, match="has taken over"):
            await first.renew(database, 1_010.0)
        await first.release(database)
        await second.renew(database, 1_010.0)
        assert await database.row("SELECT 1 FROM facts WHERE name = 'lease'")
        await second.release(database)
        assert await database.row("SELECT 1 FROM facts WHERE name = 'lease'") is None
    await database.close()


async def test_a_backup_made_beside_the_bot_is_whole_and_never_overwrites(
    storage: Storage, tmp_path: Path
) -> None:
    await store(storage, report(1))
    copy = tmp_path / "copy.db"
    assert schema.back_up(tmp_path / "test.db", copy) == copy.stat().st_size
    with closing(sqlite3.connect(copy)) as file:
        assert file.execute("SELECT title FROM reports").fetchall() == [("Headline number 1",)]
    with pytest.raises(StorageUnusable, match="exists already"):
        schema.back_up(tmp_path / "test.db", copy)


async def test_a_backup_that_is_not_wanted_any_more_leaves_nothing(
    storage: Storage, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    assert schema.back_up(tmp_path / "test.db", copy, unwanted=lambda: True) is None
    assert not list(tmp_path.glob("copy.db*"))


@pytest.mark.slow
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
async def test_nobody_but_its_owner_reads_a_database_or_its_copy(
    tmp_path: Path, umask: int
) -> None:
    path, before = tmp_path / "own.db", os.umask(umask)
    try:
        if umask == 0o022:  # as an older version made it
            schema.migrate(path)
            path.chmod(0o644)
        opened = await open_storage(f"sqlite:///{path}", alone=True, now=1_000.0)
        await opened.chats.meet(chat(1))
        schema.back_up(path, tmp_path / "copy.db")
        modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}
        await opened.close()
    finally:
        os.umask(before)
    assert modes.keys() >= {"own.db", "own.db-wal", "own.db-shm", "own.db.lock", "copy.db"}
    assert set(modes.values()) == {0o600}


async def test_the_schema_is_not_changed_under_a_bot_that_works(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    held = lock.acquire(path)
    with pytest.raises(AlreadyRunning, match="in use by process"):
        bring_up_to_date(path)
    held.close()
    assert bring_up_to_date(path)
    again = lock.acquire(path)
    assert bring_up_to_date(path) == []
    again.close()


@pytest.mark.slow
async def test_a_database_is_one_by_whatever_link_it_is_named(tmp_path: Path) -> None:
    path, link = tmp_path / "own.db", tmp_path / "other.db"
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=1.0)
    link.symlink_to(path.name)
    with pytest.raises(AlreadyRunning, match="is in use by process"):
        await open_storage(f"sqlite:///{link}", alone=True, now=1.0)
    assert lock.is_held(link)
    await storage.close()
    assert not list(tmp_path.glob("other.db?*"))


@pytest.mark.slow
async def test_a_database_locked_by_another_raises_and_works_again_afterwards(
    storage: Storage, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="locked"):
            await storage.chats.meet(chat(1))
        other.execute("ROLLBACK")
    await storage.chats.meet(chat(1))
    assert await storage.chats.get(1)


async def test_a_database_of_the_second_version_keeps_what_it_saw(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    former_database(path, 3)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(
            "INSERT INTO feeds (url, poll_at, added_at, settled, etag, last_modified, body_hash)"
            " VALUES ('https://x.example/', 0, 0, 1, 'e', 'l', x'00')"
        )
        file.execute("INSERT INTO entries VALUES (1, x'0a0b0c0d0e0f1011121314151617', 5)")
    storage = await open_storage(f"sqlite:///{path}", alone=False, now=1.0)
    (feed,) = await storage.feeds.all()
    assert feed.settled
    assert feed.policy == Policy()
    assert (feed.etag, feed.last_modified, feed.body_hash) == (None, None, None)
    key = bytes(range(10, 18))
    assert await storage.feeds.recall(1, [key]) == {key: Trace(None, None, None, reading=0)}
    await storage.close()


async def test_whether_a_bot_works_on_a_database_is_seen_without_disturbing_it(
    tmp_path: Path,
) -> None:
    url, path = f"sqlite:///{tmp_path}/test.db", tmp_path / "test.db"
    looking = await open_storage(url, alone=False, now=1_000.0)
    path.with_name("test.db.lock").unlink()  # as beside a backup that was brought back
    assert not await looking.is_worked_on(1_000.0)
    assert not path.with_name("test.db.lock").exists()
    working = await open_storage(url, alone=True, now=1_000.0)
    held = path.with_name("test.db.lock").read_text("utf-8")
    assert await looking.is_worked_on(1_000.0)
    await working.renew_lease(1_010.0)
    assert path.with_name("test.db.lock").read_text("utf-8") == held
    await working.close()
    assert not await looking.is_worked_on(1_011.0)
    lease = json.dumps({"pid": 1, "host": "elsewhere", "until": 1_050.0})
    with closing(sqlite3.connect(path)) as file:
        file.execute("INSERT INTO facts VALUES ('lease', ?)", [lease])
        file.commit()
    assert await looking.is_worked_on(1_040.0)
    assert not await looking.is_worked_on(1_051.0)
    await looking.close()


async def test_a_lease_that_another_process_took_is_not_renewed_and_not_given_up(
    tmp_path: Path,
) -> None:
    url, path = f"sqlite:///{tmp_path}/test.db", tmp_path / "test.db"
    storage = await open_storage(url, alone=True, now=1_000.0)
    await storage.renew_lease(1_010.0)
    lease = json.dumps({"pid": 1, "host": "elsewhere", "until": 1_050.0})
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE facts SET value = ? WHERE name = 'lease'", [lease])
        file.commit()
    with pytest.raises(AlreadyRunning, match="Process 1 on elsewhere has taken over"):
        await storage.renew_lease(1_020.0)
    await storage.close()
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT value FROM facts WHERE name = 'lease'").fetchone() == (lease,)


@pytest.mark.slow
async def test_the_journal_gives_its_room_back(storage: Storage, tmp_path: Path) -> None:
    await storage.chats.meet(chat(1))
    for n in range(3_000):
        await storage.stories.keep_search(1, f"{n} " + "x" * 900, 1e9)
        if n % 500 == 0:
            await storage.chats.set_habits(1, Habits(cap=n))
    journal = tmp_path / "test.db-wal"
    assert journal.stat().st_size > 0
    await storage.tidy(1e9)
    assert journal.stat().st_size == 0


async def test_a_large_transaction_does_not_keep_its_room_for_ever(
    storage: Storage,
) -> None:
    assert isinstance(storage._database, SqliteDatabase)
    rows = await storage._database._writer.execute_fetchall("PRAGMA journal_size_limit")
    assert [row[0] for row in rows] == [64 * 1024 * 1024]


def _passed_over(path: Path, number: int, version: int) -> None:
    """A file of a version in which this migration, which came later, was not there yet."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        for each, _, text in schema.migrations():
            if each <= version and each != number:
                schema._apply(file, each, text)
        file.execute("DELETE FROM facts WHERE name = ?", (APPLIED,))
        file.execute(f"PRAGMA user_version = {version}")


def _schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


@pytest.mark.parametrize(("number", "version"), [(74, 78), (60, 62)])
async def test_a_migration_that_came_later_with_a_lower_number_is_made_up_for(
    tmp_path: Path, number: int, version: int
) -> None:
    path, fresh = tmp_path / "passed.db", tmp_path / "fresh.db"
    _passed_over(path, number, version)
    before = max(each for each, *_ in schema.migrations() if each < number)
    assert before <= schema.inspect(path) < number
    await (await open_storage(f"sqlite:///{path}", alone=True, now=1.0)).close()
    schema.migrate(fresh)
    assert _schema(path) == _schema(fresh)
    assert schema.inspect(path) == schema.newest()
    assert schema.migrate(path) == []


async def test_so_is_one_that_comes_when_it_was_noted_which_were_there(tmp_path: Path) -> None:
    path = tmp_path / "noted.db"
    schema.migrate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("DROP TABLE thread_names")
        (noted,) = file.execute("SELECT value FROM facts WHERE name = ?", (APPLIED,)).fetchone()
        kept = " ".join(each for each in noted.split() if each != "90")
        file.execute("UPDATE facts SET value = ? WHERE name = ?", (kept, APPLIED))
    assert schema.inspect(path) == 89
    await (await open_storage(f"sqlite:///{path}", alone=True, now=1.0)).close()
    assert schema.inspect(path) == schema.newest()
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM thread_names").fetchone() == (0,)


def test_one_that_cannot_be_made_up_for_is_said_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "odd.db"
    schema.migrate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("UPDATE facts SET value = '1 2' WHERE name = ?", (APPLIED,))
    with pytest.raises(StorageUnusable, match=r"lacks migration 3, .*tocsin db restore FILE"):
        schema.migrate(path)
