"""What is PostgreSQL's alone is tested on PostgreSQL alone."""

from pathlib import Path

import pytest

from tests.databases import empty_database


@pytest.fixture
def url(tmp_path: Path) -> str:
    return empty_database(tmp_path, "postgres")
