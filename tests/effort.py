"""How hard property tests try: `make quick` looks at fewer examples than `make test`."""

import pytest
from hypothesis import settings


def examples(count: int) -> settings:
    """So many, and in `make quick` no more than its profile says."""
    if settings.get_current_profile_name() == "quick":
        count = min(count, settings().max_examples)
    return settings(max_examples=count, deadline=None)


def seeds(count: int) -> list[object]:
    """So many, of which `make quick` takes the first."""
    return [0, *(pytest.param(each, marks=pytest.mark.slow) for each in range(1, count))]
