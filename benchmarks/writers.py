"""How many small transactions one lock of all writers lets through: python -m benchmarks.writers
[--seconds 5]

1, 2 and 3 processes write to one PostgreSQL database as fast as they can, each by the connection
and the lock that the bot has; a transaction changes one row, as settling a message does. Once on a
server that waits for its disk at each commit (`synchronous_commit`, what the bot needs), and once
on one that does not, which shows what the lock and the way to the server alone cost.
"""

import argparse
import asyncio
import multiprocessing
import time

from storage.postgres.connection import PostgresDatabase
from tests import postgres

_PROCESSES = (1, 2, 3)
_SERVERS = {"waits for its disk": "-c max_wal_size=1GB", "does not wait": "-F -c fsync=off"}


def _write(url: str, name: str, until: float, done: "multiprocessing.Queue[int]") -> None:
    done.put(asyncio.run(_transactions(url, name, until)))


async def _transactions(url: str, name: str, until: float) -> int:
    """How many transactions this process made until then."""
    database, count = PostgresDatabase(url), 0
    try:
        while time.monotonic() < until:
            async with database.write() as transaction:
                await transaction.run(
                    "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name)"
                    " DO UPDATE SET value = excluded.value",
                    name,
                    str(count),
                )
            count += 1
    finally:
        await database.close()
    return count


def _measure(url: str, processes: int, seconds: float) -> float:
    """Transactions a second, of all processes together."""
    starting = multiprocessing.get_context("spawn")
    done: multiprocessing.Queue[int] = starting.Queue()
    # All have started by then.
    until = time.monotonic() + 3 + seconds
    several = [
        starting.Process(target=_write, args=(url, f"writer {n}", until, done))
        for n in range(processes)
    ]
    for each in several:
        each.start()
    time.sleep(3)
    (before,) = postgres.look(url, _COUNT)
    began = time.monotonic()
    time.sleep(max(0.0, until - time.monotonic() - 0.5))
    (after,) = postgres.look(url, _COUNT)
    took = time.monotonic() - began
    for _ in several:
        done.get()
    for each in several:
        each.join()
    return float(after[0] - before[0]) / took


_COUNT = "SELECT coalesce(sum(value::bigint), 0)::bigint FROM facts WHERE name LIKE 'writer %'"


def main(arguments: list[str] | None = None) -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    seconds = parser.parse_args(arguments).seconds
    folder = postgres.server()
    print(f"| a server that | {' | '.join(f'{n} writing' for n in _PROCESSES)} |")
    print("|---|" + "---|" * len(_PROCESSES))
    for name, how in _SERVERS.items():
        postgres.end(folder)
        postgres.begin(folder, how)
        found = []
        for processes in _PROCESSES:
            url = postgres.empty_database()
            found.append(f"{_measure(url, processes, seconds):,.0f}/s")
            postgres.drop_databases()
        print(f"| {name} | {' | '.join(found)} |", flush=True)


if __name__ == "__main__":
    main()
