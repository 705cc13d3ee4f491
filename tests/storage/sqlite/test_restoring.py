"""A backup takes the place of a database as it is: nothing of the former one gets into it, and the
former one can still be opened. What cannot be restored changes nothing.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.errors import AlreadyRunning, BadInput, StorageUnusable
from storage.open import open_storage, restore
from storage.sqlite import lock, schema
from storage.sqlite.restoring import _put_aside
from tests.storage.samples import report, store

_NOW = 1_795_000_000.0
_KEPT = "news.db.before-20261118-110640"


def _url(path: Path) -> str:
    return f"sqlite:///{path}"


def _titles(path: Path) -> int:
    """How many reports there are in a file that is whole."""
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(file.execute("SELECT count(*) FROM reports").fetchone()[0])


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A database of 300 reports, as a crash left it: 200 of them stand in its journal only. Beside
    it is a backup that was made of the first hundred.
    """
    working, path = tmp_path / "working.db", tmp_path / "news.db"
    storage = await open_storage(_url(working), alone=True, now=1.0)
    await store(storage, *[report(n, summary="x" * 500) for n in range(1, 101)])
    schema.back_up(working, tmp_path / "backup.db")
    await storage._database.checkpoint()
    await store(storage, *[report(n, summary="y" * 5_000) for n in range(101, 301)])
    for end in ("", "-wal"):
        shutil.copy(f"{working}{end}", f"{path}{end}")
    await storage.close()
    for each in tmp_path.glob("working.db*"):
        each.unlink()
    return path


async def test_a_backup_takes_the_place_of_a_database_that_crashed(path: Path) -> None:
    backup = path.with_name("backup.db")
    before = backup.read_bytes()
    restored = await restore(_url(path), backup, _NOW)
    assert restored.kept == path.with_name(_KEPT)
    assert restored.bytes == path.stat().st_size
    assert not Path(f"{path}-wal").exists()
    assert _titles(path) == 100
    assert _titles(restored.kept) == 300
    assert path.stat().st_mode & 0o777 == 0o600
    assert backup.read_bytes() == before
    storage = await open_storage(_url(path), alone=True, now=_NOW)
    assert (await storage.stats()).reports == 100
    await storage.close()
    left = {each.name for each in path.parent.iterdir()}
    assert left == {"news.db", "news.db.lock", "backup.db", _KEPT}


async def test_a_journal_that_stays_is_what_makes_it_dangerous(path: Path) -> None:
    """What the document warns of holds; and by hand it goes as it says."""
    backup = path.with_name("backup.db")
    for end in ("-wal", ""):
        shutil.copy(f"{path}{end}", path.with_name(f"careless.db{end}"))
    shutil.copy(backup, careless := path.with_name("careless.db"))
    with pytest.raises((AssertionError, sqlite3.DatabaseError)):
        assert _titles(careless) == 100
    former = path.with_name("before")
    former.mkdir()
    for each in path.parent.glob("news.db*"):
        each.rename(former / each.name)
    shutil.copy(backup, path)
    assert _titles(path) == 100
    assert _titles(former / path.name) == 300


async def test_a_damaged_database_is_replaced_and_kept(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(20, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = b"\xa5" * 200
    path.write_bytes(content)
    with pytest.raises(StorageUnusable, match="`tocsin db restore FILE`"):
        await open_storage(_url(path), alone=True, now=_NOW)
    restored = await restore(_url(path), path.with_name("backup.db"), _NOW)
    assert restored.kept
    assert restored.kept.read_bytes() == content
    assert _titles(path) == 100


async def test_there_may_be_no_database_yet_and_several_of_before(path: Path) -> None:
    backup, new = path.with_name("backup.db"), path.with_name("new.db")
    assert (await restore(_url(new), backup, _NOW)).kept is None
    assert _titles(new) == 100
    names = [(await restore(_url(path), backup, _NOW)).kept for _ in range(3)]
    assert [name and name.name for name in names] == [_KEPT, f"{_KEPT}-2", f"{_KEPT}-3"]


async def test_a_backup_where_nothing_can_be_written_is_read_all_the_same(path: Path) -> None:
    folder = path.with_name("archive")
    folder.mkdir()
    shutil.copy(path.with_name("backup.db"), folder / "backup.db")
    folder.chmod(0o500)
    try:
        await restore(_url(path), folder / "backup.db", _NOW)
    finally:
        folder.chmod(0o700)
    assert _titles(path) == 100
    assert [each.name for each in folder.iterdir()] == ["backup.db"]


async def test_a_database_is_restored_where_a_link_leads(path: Path) -> None:
    link = path.with_name("link.db")
    link.symlink_to(path)
    await restore(_url(link), path.with_name("backup.db"), _NOW)
    assert link.is_symlink()
    assert _titles(path) == 100


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
async def test_what_root_restores_belongs_to_whom_the_database_did(path: Path) -> None:
    backup = path.with_name("backup.db")
    os.chown(path, 4_711, 4_712)
    await restore(_url(path), backup, _NOW)
    assert (path.stat().st_uid, path.stat().st_gid) == (4_711, 4_712)
    os.chown(path.parent, 4_713, 4_714)
    await restore(_url(new := path.with_name("new.db")), backup, _NOW)
    assert (new.stat().st_uid, new.stat().st_mode & 0o777) == (4_713, 0o600)


@contextmanager
def _as_it_was(path: Path) -> Iterator[None]:
    """Nothing is changed meanwhile, and nothing left."""
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    yield
    after = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    for found in (before, after):
        found.pop("news.db.lock", None)
        found.pop("news.db-shm", None)
    assert after == before


async def test_nothing_is_restored_under_a_bot_that_works(path: Path) -> None:
    held = lock.acquire(path)
    with _as_it_was(path), pytest.raises(AlreadyRunning, match="in use by process"):
        await restore(_url(path), path.with_name("backup.db"), _NOW)
    held.close()


async def test_nothing_is_restored_under_a_bot_of_another_machine(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        said = f'{{"pid": 1, "host": "another", "nonce": "x", "until": {_NOW + 20}}}'
        file.execute("INSERT OR REPLACE INTO facts VALUES ('lease', ?)", [said])
        file.commit()
    with _as_it_was(path), pytest.raises(AlreadyRunning, match="another machine"):
        await restore(_url(path), path.with_name("backup.db"), _NOW)
    await restore(_url(path), path.with_name("backup.db"), _NOW + 60)


def _newer(backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as file:
        file.execute("PRAGMA user_version = 999")


def _damaged(backup: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[-20 * 4096 :] = b"\xa5" * (20 * 4096)
    backup.write_bytes(content)


def _of_another(backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as file:
        file.execute("PRAGMA application_id = 7")


def _empty(backup: Path) -> None:
    backup.write_bytes(b"")


def _no_database(backup: Path) -> None:
    backup.write_bytes(b"PGDMP" + os.urandom(5_000))


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (_newer, "newer version"),
        (_damaged, "backup.db is damaged"),
        (_of_another, "another program"),
        (_empty, "holds no data"),
        (_no_database, "damaged or no backup"),
        (Path.unlink, "is not a file"),
    ],
)
async def test_what_is_no_good_backup_changes_nothing(
    path: Path, spoil: Callable[[Path], object], complaint: str
) -> None:
    backup = path.with_name("backup.db")
    spoil(backup)
    with _as_it_was(path), pytest.raises(StorageUnusable, match=complaint):
        await restore(_url(path), backup, _NOW)


async def test_a_database_is_no_backup_of_itself(path: Path) -> None:
    link = path.with_name("link.db")
    link.symlink_to(path)
    for name in (path, link):
        with _as_it_was(path), pytest.raises(StorageUnusable, match="is the database itself"):
            await restore(_url(path), name, _NOW)


async def test_where_there_is_no_room_for_it_nothing_is_changed(path: Path) -> None:
    path.with_name("news.db.restoring").mkdir()  # as good as a full disk: nothing can be written
    with _as_it_was_but_folders(path), pytest.raises(StorageUnusable, match="cannot be restored"):
        await restore(_url(path), path.with_name("backup.db"), _NOW)


@contextmanager
def _as_it_was_but_folders(path: Path) -> Iterator[None]:
    before = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    yield
    assert (path.read_bytes(), Path(f"{path}-wal").read_bytes()) == before


async def test_one_of_postgresql_is_restored_by_its_own_program(path: Path) -> None:
    with pytest.raises(BadInput, match="pg_restore"):
        await restore("postgresql://localhost/news", path.with_name("backup.db"), _NOW)


def test_what_is_left_of_a_database_is_kept_too(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    Path(f"{path}-wal").write_bytes(b"left")
    assert _put_aside(path, _NOW) is None
    assert [each.name for each in tmp_path.iterdir()] == [f"{_KEPT}-wal"]
