"""A real, new database of each engine for each test."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from storage.open import open_storage
from storage.storage import Storage

ENGINES: dict[str, Callable[[Path], str]] = {
    "sqlite": lambda folder: f"sqlite:///{folder}/test.db",
}
"""The address of a new database, by engine. Another engine is another line."""


@pytest.fixture(params=sorted(ENGINES))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return ENGINES[request.param](tmp_path)


@pytest.fixture
async def storage(url: str) -> AsyncIterator[Storage]:
    opened = await open_storage(url, alone=True, now=1_000.0)
    yield opened
    await opened.close()
