"""What is SQLite's alone is tested on SQLite alone."""

from pathlib import Path

import pytest

from tests.databases import empty_database


@pytest.fixture
def url(tmp_path: Path) -> str:
    return empty_database(tmp_path / "test.db", "sqlite")
