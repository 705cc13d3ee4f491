"""A stage for commands; `@pytest.mark.rights(…)` says who may what there, as `stage` takes it."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.stage import Stage, stage


@pytest.fixture
async def here(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    mark = request.node.get_closest_marker("rights")
    async with stage(tmp_path, **(mark.kwargs if mark else {})) as made:
        yield made


_OF_A_TABLE = 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Has `make quick` try the first sentence of each table only: there are a thousand of them,
    and each takes a stage of its own.
    """
    tried: Counter[tuple[Path, str]] = Counter()
    for item in items:
        if (
            isinstance(item, pytest.Function)
            and item.originalname
            and Path(__file__).parent in item.path.parents
        ):
            tried[item.path, item.originalname] += 1
            if tried[item.path, item.originalname] > _OF_A_TABLE:
                item.add_marker(pytest.mark.slow)
