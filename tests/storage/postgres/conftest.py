"""What is PostgreSQL's alone is tested on PostgreSQL alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.open import open_storage
from storage.storage import Storage
from tests.databases import empty_database


@pytest.fixture
def url(tmp_path: Path) -> str:
    return empty_database(tmp_path, "postgres")


@pytest.fixture
async def other(url: str, storage: Storage) -> AsyncIterator[Storage]:
    """The same database, as another process has it."""
    opened = await open_storage(url, alone=False, now=1_000.0)
    yield opened
    await opened.close()
