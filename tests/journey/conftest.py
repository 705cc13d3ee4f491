"""Journeys start whole bots: `make quick` leaves them out.

A test takes `bot`, which runs and has read its quiet feeds; or `idle`, which the test starts after
it has prepared something. `@pytest.mark.town(…)` gives settings to either, as `town` takes them.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.feeds.site import Site, site
from tests.journey.town import Town, town

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test of this folder as slow."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture
async def harbour() -> AsyncIterator[Site]:
    async with site() as opened:
        yield opened


@pytest.fixture
async def idle(tmp_path: Path, engine: str, request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    mark = request.node.get_closest_marker("town")
    async with town(tmp_path, engine=engine, **(mark.kwargs if mark else {})) as made:
        yield made


@pytest.fixture
async def bot(idle: Town) -> Town:
    await idle.start_bot()
    return idle
