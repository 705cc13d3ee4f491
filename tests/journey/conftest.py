"""Journeys start whole bots: `make quick` leaves them out."""

from pathlib import Path

import pytest

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test of this folder as slow."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)
