"""A process that is killed while it brings a large file up to date: nothing is lost, and the next
one goes on.
"""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.news.query.match import StoryText
from storage.open import open_storage
from storage.sqlite import schema
from tests.databases import former_database

_BEFORE = 67
_STORIES = 12_000
_MIGRATES = (
    "import sys; from pathlib import Path; from bot import crash_points;"
    " from storage.sqlite import schema; crash_points.arm(sys.argv[2]);"
    " schema.migrate(Path(sys.argv[1]))"
)


@pytest.fixture
def before(made: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    path = tmp_path / "before.db"
    path.write_bytes(made.read_bytes())
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of some 30 MB of an earlier version, half of which is what its index of words kept."""
    path = tmp_path_factory.mktemp("made") / "made.db"
    former_database(path, _BEFORE)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("BEGIN")
        file.execute("INSERT INTO feeds (id, url, poll_at, added_at) VALUES (1, 'x', 9e9, 0)")
        for n in range(1, _STORIES + 1):
            title, link = f"Storm {n} at sea", f"https://news.example/{n}"
            summary = f"Wind of force {n % 12}, and the {n}th boat ashore. " * 8
            keys = " ".join(StoryText(title, summary, "Name", "en", link).keys())
            file.execute("INSERT INTO stories (id, sort_key, at) VALUES (?1, ?1, 1)", (n,))
            file.execute(
                "INSERT INTO reports (id, feed_id, source, link, canonical, title, title_key,"
                " summary, language, seen_at, quiet, story_id, key, placing)"
                " VALUES (?1, 1, 'Name', ?2, ?2, ?3, ?3, ?4, 'en', 9, 0, ?1, ?5, ?1)",
                (n, link, title, summary, _key(n)),
            )
            file.execute("INSERT INTO story_keys (rowid, keys) VALUES (?, ?)", (n, keys * 3))
            file.execute("INSERT INTO entries (feed_id, key, seen_at) VALUES (1, ?, 9)", (_key(n),))
        file.execute("COMMIT")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def _key(n: int) -> bytes:
    return (n * 0x9E3779B97F4A7C15 % (1 << 64)).to_bytes(8, "big") + bytes(8)


def _starts(path: Path, crash_at: str = "") -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _MIGRATES, str(path), crash_at])


def _killed_while_it_writes(path: Path) -> bool:
    """Kills a process that migrates when it has begun to write; False: it was done before."""
    journal = path.with_name(path.name + "-wal")
    process = _starts(path)
    while process.poll() is None:
        if journal.exists() and journal.stat().st_size:
            process.kill()
    return process.wait() == -signal.SIGKILL


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(file.execute("PRAGMA user_version").fetchone()[0])


def _contents(path: Path) -> Iterator[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as file:
        for table, column in (("reports", "id"), ("entries", "begins"), ("stories", "id")):
            yield file.execute(f"SELECT * FROM {table} ORDER BY {column}").fetchall()
        yield file.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        yield file.execute("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1, 2").fetchall()


@pytest.mark.slow
async def test_what_was_killed_within_migrations_is_all_there_afterwards(
    before: Path, tmp_path: Path
) -> None:
    unharmed = tmp_path / "unharmed.db"
    unharmed.write_bytes(before.read_bytes())
    schema.migrate(unharmed)
    newest, version, kills = schema.migrations()[-1][0], _version(before), 0
    while version < newest:
        kills += _killed_while_it_writes(before)
        _starts(before, "migrated").wait()
        # What was under way is undone as a whole; what had ended stays.
        former, version = version, _version(before)
        assert former < version
    assert kills > 2
    schema.migrate(before)
    assert list(_contents(before)) == list(_contents(unharmed))
    storage = await open_storage(f"sqlite:///{before}", alone=True, now=10.0)
    try:
        assert await storage.stories.count_with_keys({"storm"}, 0.0) == _STORIES
        (found,) = await storage.stories.with_keys({"11998th"}, None, 9, 0.0)
        assert found.story.id == 11_998
    finally:
        await storage.close()


@pytest.mark.slow
async def test_room_is_given_back_although_the_process_was_killed_before(before: Path) -> None:
    last = len([number for number, _, _ in schema.migrations() if number >= _BEFORE])
    assert _starts(before, f"migrated:{last}").wait() == -signal.SIGKILL
    assert _version(before) == schema.migrations()[-1][0]
    large = os.stat(before).st_size
    beside = await open_storage(f"sqlite:///{before}", alone=False, now=10.0)
    await beside.close()
    assert os.stat(before).st_size == large  # others may work on it
    storage = await open_storage(f"sqlite:///{before}", alone=True, now=10.0)
    await storage.close()
    assert os.stat(before).st_size < large * 0.6
    with closing(sqlite3.connect(before)) as file:
        assert file.execute("SELECT count(*) FROM facts WHERE name = 'room'").fetchall() == [(0,)]
