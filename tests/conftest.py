"""What holds for every test, and a real, new database of each engine for each that asks."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from storage.open import open_storage
from storage.storage import Storage
from tests import postgres
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


ENGINES: dict[str, Callable[[Path], str]] = {
    "postgres": lambda folder: postgres.empty_database(),
    "sqlite": lambda folder: empty_database(folder / "test.db"),
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
