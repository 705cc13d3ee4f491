"""Proves what `docs/delivery.md` promises: the real bot against a server that fails it in every
way, counted in the server's books.

`python -m benchmarks.delivery [--seed 1] [--runs 1] [--only WORDS …]`. A run is every class of
faults once, kills at each named point, chats that fail beside others, ends by SIGTERM, and the
limits; `--runs 4` makes more than 200 kills at named points in some 20 minutes. Each row is printed
as it ends; `--only` makes those whose names have any of these words. The same seed spoils the same
requests; at which instant a process dies, the machine decides.
"""

import argparse
import asyncio
import functools
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.delivery_faults import CHANGES, CLASSES, FaultRow, measure_class
from benchmarks.delivery_kills import everything, killings
from benchmarks.delivery_limits import Stops, drain, drain_line, stopped
from benchmarks.delivery_neighbours import NOBODY, WAYS, lateness, lateness_line

KILLS_A_RUN = 5
_MIXTURES_A_RUN, _KILLS_A_MIXTURE = 5, 6
_STOPS_A_RUN, _STOPS_AT_ONCE = 25, 2
_DRAINS_A_RUN = 1
# Most of the time is spent waiting.
_AT_ONCE = 5


@dataclass
class DeliveryFindings:
    """What is printed, and which promises were broken."""

    seed: int
    runs: int
    only: Sequence[str] = ("",)
    broken: list[str] = field(default_factory=list)
    rows: list[FaultRow] = field(default_factory=list)

    def wanted(self, name: str) -> bool:
        """Whether a row of this name is to be made."""
        return any(words.lower() in name.lower() for words in self.only)

    def tell(self, row: FaultRow) -> None:
        """A row is there."""
        self.rows.append(row)
        self.broken += broken_promises([row])
        print(line(row), flush=True)

    def failed(self, name: str, error: Exception) -> None:
        """A row could not be made; the others go on."""
        self.broken.append(f"{name}: {type(error).__name__} {error}")
        print(f"| {name} | could not be measured: {error!r:.300} |", flush=True)


Part = Callable[[], Awaitable[FaultRow]]
Work = tuple[str, list[Part]]


def works(seed: int, runs: int) -> list[Work]:
    """All rows with their names; the parts of one row are made by themselves and added up."""

    def each(measure: Callable[[int], Awaitable[FaultRow]], times: int = runs) -> list[Part]:
        return [functools.partial(measure, seed + number) for number in range(times)]

    # The longest first.
    found: list[Work] = [
        (name, [functools.partial(kill, KILLS_A_RUN * runs, seed)]) for name, kill in killings()
    ]
    mixture = functools.partial(everything, _KILLS_A_MIXTURE)
    found.append(("everything at once, and kills", each(mixture, _MIXTURES_A_RUN * runs)))
    found += [(kind.name, each(functools.partial(measure_class, kind))) for kind in CLASSES]
    return found + [(name, each(change)) for name, change in CHANGES]


async def _rows(report: DeliveryFindings) -> None:
    free = asyncio.Semaphore(_AT_ONCE)

    async def part(work: Part) -> FaultRow:
        async with free:
            return await work()

    async def whole(name: str, parts: list[Part]) -> None:
        try:
            found = await asyncio.gather(*(part(work) for work in parts))
        except Exception as error:
            report.failed(name, error)
        else:
            report.tell(sum(found[1:], found[0]))

    wanted = [work for work in works(report.seed, report.runs) if report.wanted(work[0])]
    if wanted:
        print(HEADING)
        await asyncio.gather(*(whole(*work) for work in wanted))


async def _stops(report: DeliveryFindings) -> None:
    if not report.wanted("SIGTERM"):
        return
    count = _STOPS_A_RUN * report.runs // _STOPS_AT_ONCE
    try:
        found = await asyncio.gather(
            *(stopped(count, report.seed + n) for n in range(_STOPS_AT_ONCE))
        )
    except Exception as error:
        report.failed("SIGTERM", error)
        return
    total: Stops = sum(found[1:], found[0])
    print(
        f"\n{total.count} times SIGTERM: the slowest end after {total.slowest:.1f} s,"
        f" exit code not 0: {total.failed}, rows left in `sending`: {total.sending},"
        f" lost: {total.never}\n",
        flush=True,
    )
    if total.broken():
        report.broken.append(f"SIGTERM: {total}")


async def _neighbours(report: DeliveryFindings) -> None:
    ways = [way for way in WAYS if report.wanted(f"one chat fails: {way.name}")]
    if ways:
        print("\n| one chat fails | messages of others | median s | p95 s | last s |")
        print("|---|--:|--:|--:|--:|")
    for way in ways:
        try:
            # Side by side, so that both meet the same machine.
            usual, found = await asyncio.gather(lateness(NOBODY), lateness(way))
        except Exception as error:
            report.failed(way.name, error)
            continue
        print(lateness_line(found, usual), flush=True)
        if found.late(usual):
            report.broken.append(f"others waited for one chat: {found}, usually {usual}")


async def _drains(report: DeliveryFindings) -> None:
    allowed = [n for n in (30, 20) if report.wanted(f"drain {n}")]
    if allowed:
        print("\n| a queue at the limits | messages | at best s | s | refused | in a penalty |")
        print("|---|--:|--:|--:|--:|--:|")
    for most in allowed:
        for _ in range(_DRAINS_A_RUN * report.runs):
            found = await drain(most)
            print(drain_line(found), flush=True)
            if found.broken() or (found.refused and most >= 30):
                report.broken.append(f"{found}")


def broken_promises(rows: list[FaultRow]) -> list[str]:
    """What in these rows is not as promised; nothing, it is hoped."""
    found = []
    for each in rows:
        if each.never:
            found.append(f"{each.name}: {each.never} never came")
        if each.twice and not each.unsure:
            found.append(f"{each.name}: {each.twice} came twice though their outcome was known")
        if each.unexplained:
            found.append(f"{each.name}: {each.unexplained} came twice for no known reason")
        if each.violations:
            found.append(f"{each.name}: {each.violations} sent during a penalty")
    return found


HEADING = (
    "| what goes wrong | expected | once | twice | never | n | 95 % bound |\n"
    "|---|--:|--:|--:|--:|--:|--:|"
)


def line(each: FaultRow) -> str:
    """A row of the table. The bound is on the share of messages that met the fault and never came
    (rule of three: 3/n for none of n).
    """
    bound = f"{3 / each.met:.3f}" if each.met and not each.never else ""
    return (
        f"| {each.name} | {each.expected} | {each.once} | {each.twice} | {each.never} "
        f"| {each.met} | {bound} |"
    )


async def measure(report: DeliveryFindings) -> None:
    """Measures and prints everything that is wanted."""
    began = time.monotonic()
    await _rows(report)
    kills = sum(each.met for each in report.rows if each.name.startswith("kill"))
    penalty = sum(each.violations for each in report.rows)
    print(f"\n{kills} kills at named points; sent during a penalty: {penalty}")
    await _stops(report)
    await _neighbours(report)
    await _drains(report)
    print(f"\n{(time.monotonic() - began) / 60:.1f} minutes")


def main(arguments: list[str] | None = None) -> None:
    """Prints the tables; ends with an error if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument(
        "--only", nargs="+", default=[""], metavar="WORDS", help="rows whose names have these words"
    )
    given = parser.parse_args(arguments)
    report = DeliveryFindings(given.seed, given.runs, given.only)
    asyncio.run(measure(report))
    if report.broken:
        raise SystemExit("\n".join(["broken:", *report.broken]))


if __name__ == "__main__":
    main()
