"""The short form of `python -m benchmarks.fuzz`."""

import asyncio

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.effort import examples
from tests.hostile.mutation import Mutant, mutants, road

RUNS = 200


@pytest.mark.timeout(60)
def test_no_change_of_a_document_makes_anything_fail_on_its_way_to_a_message() -> None:
    with asyncio.Runner() as runner:
        opened = road()
        way = runner.run(opened.__aenter__())
        tried = examples(RUNS)

        @settings(
            tried,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(mutants())
        def goes_its_way(mutant: Mutant) -> None:
            runner.run(way.take(mutant))

        try:
            goes_its_way()
        finally:
            runner.run(opened.__aexit__(None, None, None))
    assert way.tally.messages > tried.max_examples // 4
    assert way.tally.slowest < 20  # on a busy machine; alone it is a tenth of a second
