"""Documents changed at random, from the server to the message; nothing may fail on the way.

    python -m benchmarks.fuzz [--runs N] [--seed N]

Each run serves a mutant of our own fixtures over HTTP, fetches, unpacks, decodes, parses, cleans
and renders it, and asks TDLib about each message. Prints what came of them and the slowest run;
an exception ends it with the smallest mutant that raises it.
"""

import argparse
import asyncio
import sys
import time

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.hostile.mutation import Mutant, Road, mutants, road


def main(arguments: list[str] | None = None) -> int:
    """Runs it; an exception is left to the reader."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=2000)
    options.add_argument("--seed", type=int, default=20)
    known = options.parse_args([] if arguments is None else arguments)
    began = time.perf_counter()
    with asyncio.Runner() as runner:
        opened = road()
        way = runner.run(opened.__aenter__())
        try:
            _drive(runner, way, known.runs, known.seed)
        finally:
            runner.run(opened.__aexit__(None, None, None))
            _report(way, time.perf_counter() - began)
    return 0


def _drive(runner: asyncio.Runner, way: Road, runs: int, begin: int) -> None:
    @seed(begin)
    @settings(
        max_examples=runs,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(mutants())
    def goes_its_way(mutant: Mutant) -> None:
        runner.run(way.take(mutant))
        if (done := sum(way.tally.outcomes.values())) % 5000 == 0:
            print(f"{done:,} runs so far", flush=True)

    goes_its_way()


def _report(way: Road, seconds: float) -> None:
    tally = way.tally
    runs = sum(tally.outcomes.values())
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in tally.outcomes.most_common())
    print(f"{runs:,} runs in {seconds:.0f} s: {kinds}")
    print(f"{tally.messages:,} messages, all readable by TDLib; slowest run {tally.slowest:.2f} s")
    if tally.slowest > 1:
        print(f"the slowest began with {tally.slowest_body[:200]!r}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
