"""What it takes to move a house of a million stories: python -m benchmarks.copying
[--stories 1000000]

A database as `benchmarks.aged` makes it goes from SQLite to PostgreSQL and back by `tocsin db
copy`, each a process of its own, on a server that writes to disk as in use (fsync is on). Fails
where the rows of the file that comes back are not those of the first.
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import aged
from tests import postgres

_DAYS = 365


def _copy(source: str, new: str) -> tuple[dict[str, Any], float, float, int]:
    """What a copy said, and its seconds, seconds of CPU, and most memory in MB."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "db", "copy", source, new, "--json"], stdout=subprocess.PIPE
    )
    assert process.stdout
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.stdout.close()
    if status:
        raise SystemExit("The copy failed.")
    seconds = time.monotonic() - began
    return json.loads(said), seconds, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def _line(name: str, what: tuple[dict[str, Any], float, float, int]) -> str:
    said, seconds, cpu, memory = what
    rows = sum(table["rows"] for table in said["tables"])
    equal = all(table["equal"] for table in said["tables"])
    return (
        f"| {name} | {rows:,} | {seconds:.0f} s | {rows / seconds:,.0f} | {cpu:.0f} s |"
        f" {memory} MB | {'yes' if equal else 'NO'} |"
    )


def main(arguments: list[str] | None = None) -> None:
    """Makes the database, copies it there and back, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=1_000_000)
    stories = parser.parse_args(arguments).stories
    folder = postgres.server()
    postgres.end(folder)
    postgres.begin(folder, "-c max_wal_size=1GB")
    postgres.look(postgres.address(folder, "postgres"), "CREATE DATABASE moved TEMPLATE empty")
    with TemporaryDirectory(prefix="tocsin-copying-") as home:
        first, back = Path(home) / "first.db", Path(home) / "back.db"
        # In a process of its own: what it takes would count as that of its parent's children.
        maker = multiprocessing.get_context("spawn").Process(
            target=aged.make,
            args=(first, aged.Age("of this size", _DAYS, stories, 2 * stories)),
        )
        maker.start()
        maker.join()
        other = postgres.address(folder, "moved")
        print(f"{stories:,} stories, a file of {first.stat().st_size / 1e6:,.0f} MB")
        print(
            "| copy | rows | time | rows/s | CPU | memory | equal |\n|---|---|---|---|---|---|---|"
        )
        there = _copy(f"sqlite:///{first}", other)
        print(_line("SQLite to PostgreSQL", there), flush=True)
        again = _copy(other, f"sqlite:///{back}")
        print(_line("PostgreSQL to SQLite", again), flush=True)
    sums = [{t["name"]: t["checksum"] for t in what[0]["tables"]} for what in (there, again)]
    print(f"what comes back is what went: {'yes' if sums[0] == sums[1] else 'NO'}")
    if sums[0] != sums[1]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
