"""What is SQLite's alone is tested on SQLite alone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.sqlite import schema
from storage.sqlite.connection import SqliteDatabase, connect
from tests.databases import empty_database


@pytest.fixture
def url(tmp_path: Path) -> str:
    return empty_database(tmp_path / "test.db", "sqlite")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    """The connections to a new file, without what stands above them."""
    path = tmp_path / "bare.db"
    await asyncio.to_thread(schema.migrate, path)
    opened = await connect(path)
    yield opened
    await opened.close()
