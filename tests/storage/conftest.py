"""A real SQLite file for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.open import open_storage
from storage.storage import Storage
from tests.databases import empty_database


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(empty_database(tmp_path / "test.db"), alone=True, now=1_000.0)
    yield opened
    await opened.close()
