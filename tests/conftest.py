"""What holds for every test, and a real, new database of each engine for each that asks."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from bot.garbage import look_seldom
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import ENGINE, ENGINES, empty_database
from tests.postgres import drop_databases

# How long an example takes depends on what else the machine does; `benchmarks` measures time.
settings.register_profile("tocsin", deadline=None)
# For `make quick`: enough to see a slip of the pen. `make test` looks closer.
settings.register_profile(
    "quick",
    deadline=None,
    max_examples=5,
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


_MEMORY = Path("/dev/shm")
_ENOUGH_BYTES = 2 * 1024**3


def pytest_configure() -> None:
    """Has all files of tests in memory, where the system has a folder there: to make a database of
    PostgreSQL and drop it takes a twentieth of the time. TMPDIR names another folder.
    """
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ENOUGH_BYTES:
        os.environ.setdefault("TMPDIR", str(_MEMORY))
        tempfile.tempdir = None  # pytest has asked for it already
    look_seldom()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Has half of the processes of tests begin with a part of what waits longest, while the others
    compute: whatever takes half a minute and is begun last is waited for by all.
    """
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    longest = [each for each in items if each.path in _LONGEST]
    others = iter([each for each in items if each.path not in _LONGEST])
    # Each process is given so many in a row to begin with.
    size = -(-len(items) // count)
    waiting = max(1, count // 2)
    ordered: list[pytest.Item] = []
    for number in range(count):
        part = longest[number::waiting] if number < waiting else []
        ordered += [*part, *islice(others, max(0, size - len(part)))]
    items[:] = ordered + list(others)


_LONGEST = {
    Path(__file__).parent / f"{name}.py"
    for name in (
        "journey/test_members", "journey/test_proof", "journey/test_processes",
        "journey/test_webhook", "journey/test_browser", "storage/test_copying",
    )
}  # fmt: skip


def pytest_collection_finish() -> None:
    """Thousands of tests stay for ever: to look through them for garbage takes a third of the time
    that it takes to collect them, again and again.
    """
    look_seldom()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of storage and pipeline, and those that are marked so, are run on both engines; `make
    quick` leaves the second one out, whose every database costs as much as a test.
    """
    if "engine" not in metafunc.fixturenames:
        return
    both = metafunc.definition.get_closest_marker("both_engines") or any(
        folder in metafunc.definition.path.parents for folder in _ON_BOTH
    )
    engines: list[object] = [ENGINE]
    if both and "TEST_ENGINE" not in os.environ:
        others = (each for each in ENGINES if each != ENGINE)
        engines += [pytest.param(each, marks=pytest.mark.slow) for each in others]
    metafunc.parametrize("engine", engines, indirect=True)


_ON_BOTH = (Path(__file__).parent / "storage", Path(__file__).parent / "pipeline")


@pytest.fixture(autouse=True)
def _no_database_outlives_its_test() -> Iterator[None]:
    yield
    drop_databases()


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the engine under a test."""
    name: str = request.param
    return name


@pytest.fixture
def url(engine: str, tmp_path: Path) -> str:
    """The address of a new database."""
    return empty_database(tmp_path / "test.db", engine)


@pytest.fixture
async def storage(url: str) -> AsyncIterator[Storage]:
    opened = await open_storage(url, alone=True, now=1_000.0)
    yield opened
    await opened.close()
