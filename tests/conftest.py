"""What holds for every test, and a real SQLite file for each that asks for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from storage.open import open_storage
from storage.storage import Storage
from tests.databases import empty_database

# How long an example takes depends on what else the machine does; `benchmarks` measures time.
settings.register_profile("tocsin", deadline=None)
# For `make quick`: enough to see a slip of the pen. `make test` looks closer.
settings.register_profile(
    "quick",
    deadline=None,
    max_examples=15,
    # Among so few there may be many that do not fit.
    suppress_health_check=[HealthCheck.filter_too_much],
)
settings.load_profile("tocsin")

# What is logged of an error, without colours: to paint one takes longer than most tests.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(),
    ]
)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(empty_database(tmp_path / "test.db"), alone=True, now=1_000.0)
    yield opened
    await opened.close()
