"""A PostgreSQL database is opened, brought up to date, and refused where it cannot be used."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StorageAway, StorageUnusable
from storage.open import migrate, missing, open_storage
from storage.sqlite import schema as sqlite
from tests import postgres
from tests.databases import empty_database, look

# A server of PostgreSQL begins first.
pytestmark = pytest.mark.slow


@pytest.fixture
def bare(url: str) -> str:
    """The address of a database in which there is no table."""
    look(url, "DROP SCHEMA public CASCADE")
    look(url, "CREATE SCHEMA public")
    return url


async def test_an_empty_database_is_missing_until_it_is_brought_up_to_date(bare: str) -> None:
    assert await missing(bare)
    assert await migrate(bare) == [name for _, name, _ in _migrations()]
    assert await missing(bare) is None
    assert await migrate(bare) == []


async def test_a_migration_that_came_later_with_a_lower_number_is_made_up_for(bare: str) -> None:
    await migrate(bare)
    look(bare, "DROP TABLE window_parts")
    look(bare, "DELETE FROM tocsin_schema WHERE number = 78")
    assert await missing(bare) is None
    assert await migrate(bare) == ["0078_kept_window.sql"]
    assert look(bare, "SELECT count(*) FROM window_parts") == [(0,)]
    assert await migrate(bare) == []


async def test_two_that_begin_at_once_make_one_schema(bare: str) -> None:
    opened = await asyncio.gather(*[open_storage(bare, alone=True, now=1.0) for _ in range(3)])
    for storage in opened:
        assert await storage.feeds.all() == []
        await storage.close()


async def test_a_database_of_another_program_is_refused(bare: str) -> None:
    look(bare, "CREATE TABLE shop (id bigint)")
    with pytest.raises(StorageUnusable, match=r"is another program's"):
        await open_storage(bare, alone=True, now=1.0)
    assert look(bare, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(1,)]


async def test_a_database_of_a_newer_version_is_refused(url: str) -> None:
    look(url, "INSERT INTO tocsin_schema VALUES (9999, 'later')")
    with pytest.raises(StorageUnusable, match="newer version of Tocsin"):
        await open_storage(url, alone=True, now=1.0)


async def test_a_database_in_another_encoding_is_refused(url: str) -> None:
    server = postgres.address(postgres.server(), "postgres")
    look(server, "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0")
    try:
        with pytest.raises(StorageUnusable, match="make one with the encoding UTF8"):
            await open_storage(postgres.address(postgres.server(), "ascii"), alone=True, now=1.0)
    finally:
        look(server, "DROP DATABASE ascii WITH (FORCE)")


@pytest.mark.parametrize(
    "address", ["postgresql://127.0.0.1:9/none", "postgresql://u:secret@127.0.0.1:9/none?x=y"]
)
async def test_a_server_that_is_not_there_is_said_without_the_password(address: str) -> None:
    with pytest.raises(
        StorageUnusable, match=r"^The PostgreSQL server cannot be reached: "
    ) as refused:
        await open_storage(address, alone=True, now=1.0)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


async def test_what_waiting_does_not_mend_is_not_waited_for(url: str) -> None:
    with pytest.raises(StorageUnusable, match='"nowhere" does not exist') as refused:
        await open_storage(postgres.address(postgres.server(), "nowhere"), alone=True, now=1.0)
    assert not isinstance(refused.value, StorageAway)
    look(url, "ALTER TABLE members RENAME TO others")
    with pytest.raises(StorageUnusable, match='"members" does not exist') as refused:
        await open_storage(url, alone=True, now=1.0)
    assert not isinstance(refused.value, StorageAway)


async def test_a_password_that_breaks_the_address_is_not_repeated() -> None:
    with pytest.raises(StorageUnusable, match="DATABASE_URL") as refused:
        await open_storage("postgresql://ada:hun/ter2@localhost/news", alone=True, now=1.0)
    assert "hun" not in str(refused.value)


def test_both_engines_have_the_same_tables_columns_and_kinds(url: str, tmp_path: Path) -> None:
    path = tmp_path / "sqlite.db"
    empty_database(path, "sqlite")
    with closing(sqlite3.connect(path)) as file:
        theirs = {
            (table, column, _KINDS[kind], bool(required or place), default)
            for (table,) in file.execute(_TABLES).fetchall()
            for _, column, kind, required, default, place in file.execute(
                f"PRAGMA table_info({table})"
            )
        }
    ours = {
        (table, column, kind, required == "NO", default and default.replace("::text", ""))
        for table, column, kind, required, default in look(url, _COLUMNS)
    }
    assert ours ^ theirs == set()


def test_the_newest_migrations_have_one_number() -> None:
    assert _migrations()[-1][0] == sqlite.migrations()[-1][0]


def _migrations() -> list[tuple[int, str, str]]:
    from storage.postgres import schema

    return schema.migrations()


_KINDS = {
    "INTEGER": "bigint", "REAL": "double precision", "TEXT": "text", "BLOB": "bytea",
}  # fmt: skip
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    " AND name NOT LIKE 'story_keys%'"
)
_COLUMNS = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default"
    " FROM information_schema.columns WHERE table_schema = 'public'"
    " AND table_name NOT IN ('story_keys', 'tocsin_schema')"
)
