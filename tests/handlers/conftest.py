"""A stage for commands; `@pytest.mark.rights(…)` says who may what there, as `stage` takes it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.handlers.stage import Stage, stage


@pytest.fixture
async def here(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    mark = request.node.get_closest_marker("rights")
    async with stage(tmp_path, **(mark.kwargs if mark else {})) as made:
        yield made
