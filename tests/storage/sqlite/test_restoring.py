"""A backup takes the place of a database as it is: nothing of the former one gets into it, and the
former one can still be opened. What cannot be restored changes nothing.
"""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path

import pytest

from bot.errors import AlreadyRunning, BadInput, StorageUnusable
from storage.open import open_storage, restore
from storage.sqlite import lock, restoring, schema
from storage.sqlite.restoring import _copy_whole
from storage.to_the_end import unless_unwanted
from tests.databases import empty_database
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
    storage = await open_storage(empty_database(working, "sqlite"), alone=True, now=1.0)
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
    former = path.stat().st_ino
    with pytest.raises(StorageUnusable, match="`tocsin db restore FILE`"):
        await open_storage(_url(path), alone=True, now=_NOW)
    restored = await restore(_url(path), path.with_name("backup.db"), _NOW)
    assert restored.kept
    assert restored.kept.stat().st_ino == former
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
    place = path.with_name("news.db.lock")
    for each in (path, place):
        assert (each.stat().st_uid, each.stat().st_gid) == (4_711, 4_712)
    os.chown(path.parent, 4_713, 4_714)
    await restore(_url(new := path.with_name("new.db")), backup, _NOW)
    for each in (new, path.with_name("new.db.lock")):
        assert (each.stat().st_uid, each.stat().st_mode & 0o777) == (4_713, 0o600)


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


async def test_what_is_left_of_a_database_is_kept_too(path: Path) -> None:
    new = path.with_name("new.db")
    Path(f"{new}-wal").write_bytes(b"left")
    assert (await restore(_url(new), path.with_name("backup.db"), _NOW)).kept is None
    assert path.with_name(f"{_KEPT.replace('news', 'new')}-wal").read_bytes() == b"left"
    assert _titles(new) == 100


async def test_a_folder_a_text_and_another_programs_database_stay_where_they_are(
    path: Path,
) -> None:
    folder, text, others = (path.with_name(name) for name in ("folder", "list.txt", "recipes.db"))
    folder.mkdir()
    text.write_text("milk, bread, nothing of a database\n" * 9)
    with closing(sqlite3.connect(others)) as file:
        file.execute("CREATE TABLE recipes (name)")
        file.commit()
    before = {each.name: each.stat().st_ino for each in path.parent.iterdir()}
    for odd, complaint in (
        (folder, "is not a file; DATABASE_URL must name one"),
        (text, "is no SQLite database"),
        (others, "database of another program"),
    ):
        with pytest.raises(StorageUnusable, match=complaint):
            await restore(_url(odd), path.with_name("backup.db"), _NOW)
    assert {each.name: each.stat().st_ino for each in path.parent.iterdir()} == before


async def test_a_folder_that_is_missing_is_named(path: Path) -> None:
    with pytest.raises(StorageUnusable, match=r"The folder .*/gone does not exist; create it"):
        await restore(_url(path.parent / "gone" / "news.db"), path.with_name("backup.db"), _NOW)


async def test_what_a_restore_left_may_be_restored_and_stays_as_it_is(path: Path) -> None:
    left = path.with_name("news.db.restoring")
    path.with_name("backup.db").rename(left)
    before = left.read_bytes()
    await restore(_url(path), left, _NOW)
    assert left.read_bytes() == before
    assert _titles(path) == 100
    left.write_bytes(before[: len(before) // 2])
    with pytest.raises(StorageUnusable, match="damaged"):
        await restore(_url(path), left, _NOW)
    assert left.read_bytes() == before[: len(before) // 2]


def _beyond_opening(path: Path) -> tuple[bytes, bytes]:
    """Spoils the beginning of a database, which is not in its journal; returns what both hold."""
    journal = Path(f"{path}-wal")
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file.execute("UPDATE reports SET quiet = 1")
        file.commit()
        content, written = bytes(100) + path.read_bytes()[100:], journal.read_bytes()
    path.write_bytes(content)
    journal.write_bytes(written)
    with (
        pytest.raises(sqlite3.DatabaseError),
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file,
    ):
        file.execute("SELECT count(*) FROM reports")
    return content, written


async def test_what_cannot_be_opened_any_more_is_kept_with_its_journal(path: Path) -> None:
    content, journal = _beyond_opening(path)
    restored = await restore(_url(path), path.with_name("backup.db"), _NOW)
    assert restored.kept
    assert restored.kept.read_bytes() == content
    assert Path(f"{restored.kept}-wal").read_bytes() == journal
    assert _titles(path) == 100


def test_what_can_have_but_one_name_is_copied(path: Path) -> None:
    _copy_whole(path, kept := path.with_name(_KEPT))
    assert kept.read_bytes() == path.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert not list(path.parent.glob("*.unfinished"))


async def test_nothing_is_restored_under_a_program_that_has_it_open(path: Path) -> None:
    """What that one wrote afterwards would be in a journal beside the backup."""
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM reports").fetchone() == (300,)
        with pytest.raises(AlreadyRunning, match="Another program works on"):
            await restore(_url(path), path.with_name("backup.db"), _NOW)
    assert _titles(path) == 300
    assert not list(path.parent.glob("news.db.*-*"))
    assert (await restore(_url(path), path.with_name("backup.db"), _NOW)).kept


def test_what_is_not_wanted_any_more_leaves_all_as_it_was(path: Path) -> None:
    with _as_it_was(path):
        backup = path.with_name("backup.db")
        assert restoring.restore(path, backup, _NOW, unwanted=lambda: True) is None


async def test_who_is_cancelled_awaits_what_became_of_the_work() -> None:
    begun, cancelled = threading.Event(), threading.Event()

    def work(unwanted: Callable[[], bool]) -> str | None:
        begun.set()
        cancelled.wait(10)
        return None if unwanted() and gives_up else "done"

    for gives_up in (False, True):
        begun.clear()
        cancelled.clear()
        task = asyncio.create_task(unless_unwanted(work))
        while not begun.is_set():
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        cancelled.set()
        if gives_up:
            with pytest.raises(asyncio.CancelledError):
                await task
        else:
            assert await task == "done"


async def test_who_does_not_want_it_too_late_is_told_that_it_is_done(path: Path) -> None:
    work = asyncio.create_task(restore(_url(path), path.with_name("backup.db"), _NOW))
    while not path.with_name(_KEPT).exists():
        await asyncio.sleep(0)
    work.cancel()
    assert (await work).kept == path.with_name(_KEPT)
    assert _titles(path) == 100
    assert _titles(path.with_name(_KEPT)) == 300


_RESTORES = (
    "import sys; from pathlib import Path; from bot import crash_points;"
    " from storage.sqlite import restoring; crash_points.arm(sys.argv[3]);"
    f" restoring.restore(Path(sys.argv[1]), Path(sys.argv[2]), {_NOW} - 60)"
)


def _killed(path: Path, step: int) -> bool:
    """Restores in a process that is killed at a step; False: it had ended before."""
    words = [str(path), str(path.with_name("backup.db")), f"replacing:{step}"]
    code = subprocess.run([sys.executable, "-c", _RESTORES, *words], check=False).returncode
    assert code in (0, -signal.SIGKILL)
    return code != 0


def _killed_at_each_step(path: Path) -> Iterator[Path]:
    """A copy of the database that was restored until it was killed, one step later each time, and
    at last one where it was not.
    """
    here, step, killed = path.with_name("here"), 0, True
    while killed:
        step += 1
        shutil.rmtree(here, ignore_errors=True)
        here.mkdir()
        for each in path.parent.glob("*.db*"):
            shutil.copy(each, here)
        killed = _killed(here / path.name, step)
        yield here / path.name


def _with_all(path: Path) -> list[Path]:
    """The names under which all that the former database held can be read."""
    copies = path.with_name("copies")
    copies.mkdir(exist_ok=True)
    found = []
    for name in {each.name.removesuffix("-wal") for each in path.parent.glob("news.db*")}:
        for end in ("", "-wal"):
            (copies / f"{name}{end}").unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                shutil.copy(path.with_name(f"{name}{end}"), copies)
        with suppress(sqlite3.Error, AssertionError):
            if _titles(copies / name) == 300:
                found.append(path.with_name(name))
    shutil.rmtree(copies)
    return found


@pytest.mark.slow
async def test_a_restore_that_is_killed_leaves_the_one_or_the_other_and_all_rows(
    path: Path,
) -> None:
    outcomes = []
    for at in _killed_at_each_step(path):
        here = at.parent
        assert _with_all(at)
        storage = await open_storage(_url(at), alone=True, now=_NOW)
        outcomes.append((await storage.stats()).reports)
        await storage.close()
        assert at.stat().st_nlink == 1
        restored = await restore(_url(at), here / "backup.db", _NOW)
        assert _titles(at) == 100
        assert restored.kept
        assert len(_with_all(at)) == 1
        left = {each.name.partition(".before")[0] for each in here.iterdir()}
        assert left == {"news.db", "news.db.lock", "backup.db"}
    assert outcomes == [300] * 4 + [100] * 2


@pytest.mark.slow
async def test_one_that_cannot_be_opened_is_kept_with_its_journal_however_it_ends(
    path: Path,
) -> None:
    content, journal = _beyond_opening(path)
    steps = []
    for at in _killed_at_each_step(path):
        steps.append(at)
        here = at.parent
        assert at.read_bytes() == content or _titles(at) == 100
        await restore(_url(at), here / "backup.db", _NOW)
        assert _titles(at) == 100
        (kept,) = [each for each in here.glob("*-wal") if each.read_bytes() == journal]
        assert kept.with_name(kept.name.removesuffix("-wal")).read_bytes() == content
    assert len(steps) > 5


@pytest.mark.parametrize("left", [_KEPT, "news.db.restoring"])
async def test_none_is_made_where_a_restore_left_its_files(tmp_path: Path, left: str) -> None:
    path = tmp_path / "news.db"
    schema.migrate(path.with_name(left))
    with pytest.raises(StorageUnusable, match=rf"is missing, and {left} is beside it"):
        await open_storage(_url(path), alone=True, now=_NOW)
    assert [each.name for each in tmp_path.iterdir()] == [left]
    schema.back_up(tmp_path / left, tmp_path / "backup.db")
    await restore(_url(path), tmp_path / "backup.db", _NOW)
    await (await open_storage(_url(path), alone=True, now=_NOW)).close()


@pytest.mark.parametrize(
    "name", [_KEPT, f"{_KEPT}-wal", "news.db.restoring", "news.db.restoring-wal", "b.db.unfinished"]
)
def test_what_is_left_beside_a_database_is_not_shown_by_git(name: str) -> None:
    ignored = (Path(__file__).parents[3] / ".gitignore").read_text("utf-8").split()
    assert any(fnmatch(name, pattern) for pattern in ignored)
