"""Every hostile case through the real guard, fetcher, parser and renderer, with the worst cost.

    python -m benchmarks.hostile [--times N]

Each case runs in a process of its own, each variant of it N times. Of all of them the longest time
counts, and the most memory: of the process, and of its parser's, above what they had before the
case. Deadlines are those of the bot, but servers that drip are given up after 2 s instead of 30.
Prints the tables of `docs/security.md`.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.delivery.verdict import markup_is_readable
from bot.feeds.reading.worker import ParserPool
from tests.hostile.cases import GROUPS
from tests.hostile.stage import Stage, alerts, stage
from tests.hostile.tries import TRIES, Try

_PAGE = os.sysconf("SC_PAGE_SIZE")
_LOOK_SECONDS = 0.002
_LAST = 82


@dataclass
class WorstCost:
    """The worst of all runs of a case: seconds, and bytes here and in the parser; how many runs
    there were, how many of them had another answer than the safe one, and the answers.
    """

    seconds: float = 0.0
    here: int = 0
    parser: int = 0
    runs: int = 0
    unsafe: int = 0
    answers: list[str] = field(default_factory=list)


def main(arguments: list[str] | None = None) -> int:
    """Runs all cases, or one; 1 if any answer was not the safe one."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=3)
    options.add_argument("--case", type=int, help="one case; prints its cost as JSON")
    known = options.parse_args([] if arguments is None else arguments)
    if known.case:
        print(json.dumps(asdict(asyncio.run(_one_case(known.case, known.times)))))
        return 0
    began = time.perf_counter()
    costs: dict[int, WorstCost] = {}
    for group, cases in GROUPS.items():
        numbers = [number for number in cases if number <= _LAST]
        if not numbers:
            continue
        print(f"\n### {group}\n\n| | case | answer | ms | MiB | MiB of the parser |")
        print("|---|---|---|---|---|---|", flush=True)
        for number in numbers:
            cost = costs[number] = _apart(number, known.times)
            print(f"| {number} | {cases[number]} | {_row(cost)} |", flush=True)
    total = sum(cost.runs for cost in costs.values())
    unsafe = sum(cost.unsafe for cost in costs.values())
    print(f"\n{total} runs in {time.perf_counter() - began:.0f} s; not safe: {unsafe}")
    return 1 if unsafe else 0


def _apart(number: int, times: int) -> WorstCost:
    """A case in a process of its own: what one leaves behind must not hide the growth of others."""
    command = [sys.executable, "-m", "benchmarks.hostile", "--case", str(number)]
    done = subprocess.run(
        [*command, "--times", str(times)], capture_output=True, text=True, timeout=600, check=True
    )
    return WorstCost(**json.loads(done.stdout))


def _row(cost: WorstCost) -> str:
    if not cost.runs:
        return "followed; tried by a test with a certificate of its own | | |"
    answers = "; ".join(cost.answers[:2])
    sizes = f"{cost.here / 2**20:.0f} | {cost.parser / 2**20:.0f}"
    return f"{answers} | {cost.seconds * 1000:.0f} | {sizes}"


def _answer(error: str | None) -> str:
    return "read" if error is None else error.removeprefix("the ").split(";")[0].split(":")[0]


async def _one_case(number: int, times: int) -> WorstCost:
    cost = WorstCost()
    async with stage(answer=30.0, drip=2.0, reading=10.0, heavy=10.0) as parts:
        for one in (one for one in TRIES if one.case == number):
            for _ in range(times):
                await _run(parts, one, cost)
    return cost


async def _run(parts: Stage, one: Try, cost: WorstCost) -> None:
    await parts.good(heavy=one.heavy)  # there is a parser, and it has read something
    pool = parts.brief_parser if one.heavy else parts.parser
    with _watching(pool, cost):
        began = time.perf_counter()
        found = await parts.check(one)
        messages = alerts(found)
        cost.seconds = max(cost.seconds, time.perf_counter() - began)
    cost.runs += 1
    if (answer := _answer(found.error)) not in cost.answers:
        cost.answers.append(answer)
    readable = all(markup_is_readable(html) is not False for html in messages)
    cost.unsafe += not (one.is_safe(found) and readable)


@contextmanager
def _watching(pool: ParserPool, cost: WorstCost) -> Iterator[None]:
    """Looks at the memory of this process and of the parser's, in a thread of its own."""
    pids = [worker.pid for worker in pool._all]
    before = (_resident(os.getpid()), sum(map(_resident, pids)))
    stop = threading.Event()

    def look() -> None:
        cost.here = max(cost.here, _resident(os.getpid()) - before[0])
        cost.parser = max(cost.parser, sum(map(_resident, pids)) - before[1])

    def keep_looking() -> None:
        while not stop.wait(_LOOK_SECONDS):
            look()

    thread = threading.Thread(target=keep_looking, daemon=True)
    thread.start()
    try:
        yield
    finally:
        look()
        stop.set()
        thread.join()


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
