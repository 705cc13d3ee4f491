"""A PostgreSQL database is backed up by the server's own pg_dump."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from bot.errors import StorageUnusable
from storage.open import back_up, copy
from storage.postgres.dump import without_password
from tests import postgres
from tests.databases import empty_database, look
from tests.storage.everything import contents, fill, made_of
from tests.storage.test_copying import Silent

# A server of PostgreSQL begins first.
pytestmark = pytest.mark.slow


@pytest.fixture
def programs(url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """PostgreSQL's own programs, which are found first."""
    found = postgres.programs()
    assert found
    if not (found / "pg_dump").exists():
        pytest.skip("this package of PostgreSQL brings no pg_dump")
    monkeypatch.setenv("PATH", f"{found}{os.pathsep}{os.environ['PATH']}")
    return found


async def test_a_backup_brings_back_all(url: str, programs: Path, tmp_path: Path) -> None:
    path, file = tmp_path / "filled.db", tmp_path / "news.dump"
    source = empty_database(path, "sqlite")
    fill(path, 20)
    await copy(source, url, 1.0, Silent())
    assert await back_up(url, file) == file.stat().st_size > 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir() if "dump" in p.name) == ["news.dump"]
    other = postgres.empty_database()
    look(other, "DROP SCHEMA public CASCADE")
    look(other, "CREATE SCHEMA public")
    subprocess.run([programs / "pg_restore", f"--dbname={other}", file], check=False)
    assert contents(other) == contents(url)
    assert made_of(other) == made_of(url)


async def test_a_backup_overwrites_nothing(url: str, programs: Path, tmp_path: Path) -> None:
    file = tmp_path / "news.dump"
    file.write_text("of yesterday")
    with pytest.raises(StorageUnusable, match="exists already; name a new file"):
        await back_up(url, file)
    assert file.read_text() == "of yesterday"
    with pytest.raises(StorageUnusable, match=r"The folder .* does not exist; create it"):
        await back_up(url, tmp_path / "none" / "news.dump")


def _program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a program of that name be found first."""
    folder.mkdir()
    program = folder / "pg_dump"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


async def test_the_password_stands_in_no_list_of_processes(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    script = (
        'if [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) 99.1"; exit; fi\n'
        f'echo "$@" > {said}; echo "$PGPASSWORD" >> {said}; echo "no\nway" >&2; exit 1'
    )
    _program(tmp_path / "bin", script, monkeypatch)
    with pytest.raises(StorageUnusable, match=r"^pg_dump failed: no way$"):
        await back_up(url.replace("tocsin@", "tocsin:hun%2Fter2@"), tmp_path / "news.dump")
    words, password = said.read_text().splitlines()
    assert password == "hun/ter2"
    assert "ter2" not in words
    assert "--format=custom" in words
    assert not (tmp_path / "news.dump").exists()
    assert not (tmp_path / "news.dump.unfinished").exists()


async def test_a_program_that_is_missing_or_too_old_is_said(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tmp_path / "bin", 'echo "pg_dump (PostgreSQL) 12.4 (Harbour 12)"', monkeypatch)
    with pytest.raises(StorageUnusable, match=r"is of version 12 and the server of \d\d; install"):
        await back_up(url, tmp_path / "news.dump")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StorageUnusable, match=r"^pg_dump is not installed; install PostgreSQL's"):
        await back_up(url, tmp_path / "news.dump")


async def test_what_holds_nothing_is_not_backed_up(url: str, tmp_path: Path) -> None:
    look(url, "DROP SCHEMA public CASCADE")
    look(url, "CREATE SCHEMA public")
    with pytest.raises(StorageUnusable, match="holds no data yet"):
        await back_up(url, tmp_path / "news.dump")


_ADDRESSES = (
    ("postgresql://ada@h/news", "postgresql://ada@h/news", ""),
    ("postgresql://ada:a%40b@h:5/news", "postgresql://ada@h:5/news", "a@b"),
    ("postgresql:///a?host=/run/p&password=a+b", "postgresql:///a?host=%2Frun%2Fp", "a b"),
    ("postgresql://ada:old@[::1]/news?password=", "postgresql://ada@[::1]/news", ""),
    ("postgresql://ada@a,b:6/n?sslmode=require", "postgresql://ada@a,b:6/n?sslmode=require", ""),
)


@pytest.mark.parametrize(("url", "shown", "password"), _ADDRESSES)
def test_an_address_as_others_may_see_it(url: str, shown: str, password: str) -> None:
    assert without_password(url) == (shown, password)
