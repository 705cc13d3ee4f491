"""What polling costs: CPU of the whole process tree, from its start to its end, beside others.

    python -m benchmarks.cold_poll [--feeds 1000] [--runs 1] [--peers PYTHON]

A process begins, asks every feed once over HTTP, and ends: first with nothing known, then with
nothing changed (all 304), then with one new entry in three feeds of ten. PYTHON is one that has
the libraries `reader`, feedparser, aiohttp and lxml; without it `reader` is left out. The server
is a process of its own and not counted.
"""

import argparse
import dataclasses
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import kills

_PEERS = Path(__file__).with_name("cold_peers.py")
_AT_MOST_SECONDS = 600.0
ROUNDS = ("first poll", "all 304", "three in ten have news")


@dataclass(frozen=True)
class Cost:
    """CPU and wall seconds of a process tree, its MiB of memory, and what it asked."""

    cpu: float
    wall: float
    memory: float
    asked: dict[str, int]


class FeedServer:
    """The server of feeds, seen from outside."""

    def __init__(self, said: dict[str, object]) -> None:
        self.url = str(said["url"])
        self.feeds = [str(url) for url in said["feeds"]]  # type: ignore[attr-defined]

    def post(self, what: str) -> None:
        """Tells the server something."""
        urllib.request.urlopen(f"{self.url}/{what}", data=b"", timeout=10).close()

    def counts(self) -> dict[str, int]:
        """How often each status was answered since it was told to forget."""
        with urllib.request.urlopen(f"{self.url}/counts", timeout=10) as answer:
            return dict(json.load(answer))


@contextmanager
def outlets(feeds: int) -> Iterator[FeedServer]:
    """Starts a server of so many feeds."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.cold_feeds", str(feeds)], stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        yield FeedServer(json.loads(process.stdout.readline()))
    finally:
        process.kill()
        process.communicate()


def measured(
    command: list[str],
    env: dict[str, str] | None,
    done: Callable[[], bool],
    most: float = _AT_MOST_SECONDS,
) -> Cost:
    """Runs a command until it ends, or until `done()`, when it is asked to; `most` seconds long."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=env, stdout=said, stderr=said)
        memory, asked_to_end = 0.0, False
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            memory = max(memory, _memory(process.pid))
            if not asked_to_end and done():
                wall, asked_to_end = time.monotonic() - began, True
                process.send_signal(signal.SIGTERM)
            if time.monotonic() - began > most:
                process.kill()
            time.sleep(0.1 if asked_to_end else 0.25)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{command} ended badly: {said.read().decode()[-2000:]}")
    if not asked_to_end:
        wall = time.monotonic() - began
    return Cost(used.ru_utime + used.ru_stime, wall, memory, {})


def _memory(root: int) -> float:
    """MiB of a process and its descendants, what is shared counted once."""
    return sum(_share(pid) for pid in _tree(root)) / 1024


def _tree(root: int) -> list[int]:
    try:
        children = Path(f"/proc/{root}/task/{root}/children").read_text().split()
    except OSError:
        return []
    return [root, *(pid for child in children for pid in _tree(int(child)))]


def _share(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


class Bot:
    """The real program on a database that it keeps from round to round."""

    def __init__(self, folder: Path, server: kills.Server, served: FeedServer, roles: str) -> None:
        self._folder = folder
        self._feeds = served.feeds
        self._database = folder / "bot.db"
        (folder / "feeds.txt").write_text("\n".join(served.feeds))
        self._env = kills.environment(
            server,
            folder,
            ALLOWED_PRIVATE_HOSTS="127.0.0.0/8",
            POLL_MIN_SECONDS="10",
            POLL_MAX_SECONDS="3600",
            ROLES=roles,
            LOG_LEVEL="warning",
        )
        self._places = "desk" in roles

    def __call__(self) -> Cost:
        if self._database.exists():
            with closing(sqlite3.connect(self._database)) as known:
                known.execute("UPDATE feeds SET poll_at = 0")
                known.commit()
        began = time.time()
        return measured(
            [sys.executable, "-m", "bot", "run"], self._env, lambda: self._is_done(began)
        )

    def age(self, seconds: float) -> None:
        """Puts what is stored so far back in time, out of the window in which reports join."""
        with closing(sqlite3.connect(self._database)) as known:
            known.execute("UPDATE reports SET seen_at = seen_at - ?", (seconds,))
            known.commit()

    def _is_done(self, began: float) -> bool:
        polled = f"SELECT count(*) FROM feeds WHERE answered_at >= {began}"
        found = kills.rows(self._folder, polled)
        if not found or found[0][0] < len(self._feeds):
            return False
        if not self._places:
            return True
        return not kills.rows(self._folder, "SELECT 1 FROM reports WHERE story_id IS NULL LIMIT 1")


class Peer:
    """Another way to poll, which ends by itself."""

    def __init__(self, folder: Path, served: FeedServer, python: str, way: str) -> None:
        self._urls = folder / "urls.txt"
        self._urls.write_text("\n".join(served.feeds))
        self._command = [python, str(_PEERS), way, str(folder / f"{way}.db"), str(self._urls)]

    def __call__(self) -> Cost:
        return measured(self._command, None, lambda: False)


WAYS = ("tocsin", "tocsin, empty window", "tocsin, polling only", "reader", "loop", "limit")
_OLD_SECONDS = 10 * 86_400.0


def measure(feeds: int, way: str, server: kills.Server, peers: str | None) -> list[Cost]:
    """What each round costs one way of polling."""
    with tempfile.TemporaryDirectory(prefix="tocsin-cold-") as name, outlets(feeds) as served:
        folder = Path(name)
        if not way.startswith("tocsin"):
            poll: Callable[[], Cost] = Peer(folder, served, peers or sys.executable, way)
        else:
            roles = "poll" if way.endswith("only") else "poll,desk,send,chat"
            poll = Bot(folder, server, served, roles)
        costs = []
        for number in range(len(ROUNDS)):
            if number == 1 and isinstance(poll, Bot) and way.endswith("window"):
                poll.age(_OLD_SECONDS)
            served.post("turn" if number == 2 else "forget")
            cost = poll()
            costs.append(dataclasses.replace(cost, asked=served.counts()))
    return costs


def main(arguments: list[str] | None = None) -> None:
    """Prints a table: each way of polling with what it costs, and as a multiple of Tocsin's."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--peers", help="a Python that has the library `reader`")
    parser.add_argument("--ways", default=";".join(WAYS), help="which of them, with ; between")
    given = parser.parse_args(arguments)
    ways = given.ways.split(";")
    if given.peers is None and "reader" in ways:
        print("`reader` is left out: --peers names no Python that has it")
        ways.remove("reader")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    costs: dict[str, list[list[Cost]]] = {way: [] for way in ways}
    with kills.server() as server:
        for _ in range(given.runs):
            for way in ways:
                costs[way].append(measure(given.feeds, way, server, given.peers))
    _print(costs)


def _print(costs: dict[str, list[list[Cost]]]) -> None:
    print("| way | round | CPU s | wall s | MiB | asked |\n|---|---|--:|--:|--:|---|")
    for way, runs in costs.items():
        for number, name in enumerate(ROUNDS):
            found = [run[number] for run in runs]
            asked = ", ".join(f"{n} × {status}" for status, n in sorted(found[0].asked.items()))
            cpu, wall = (median(getattr(cost, of) for cost in found) for of in ("cpu", "wall"))
            memory = median(cost.memory for cost in found)
            print(f"| {way} | {name} | {cpu:.2f} | {wall:.1f} | {memory:.0f} | {asked} |")


if __name__ == "__main__":
    main()
