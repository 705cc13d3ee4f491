"""`make bench`: every family, each a process of its own, then docs/performance.md.

python -m benchmarks.speed [--long] [--only FAMILY,…]. The peers are installed into `.venv-peers`
first; where that fails their columns say so. `--long` (`make bench-long`) is a run of its own, with
a page of its own, docs/performance/long.md. `--only` measures some families anew and keeps the
figures of the others of its form.
"""

import argparse
import importlib.metadata
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
import venv
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path
from statistics import median

from benchmarks.speed.figures import Found, heard
from benchmarks.speed.page import DOCS, LONG, SHORT, Run, keep, kept, write

FAMILIES = (
    "polling", "growing", "parsing", "placing", "topics", "sending", "latency", "starting",
)  # fmt: skip
_ROOT = Path(__file__).parents[2]
_PEERS = _ROOT / ".venv-peers"
_LOCKED = _ROOT / "benchmarks" / "peers.txt"
_LIBRARIES = ("aiohttp", "feedparser", "lxml", "python-telegram-bot")
_TELL_VERSIONS = (
    "import sys, importlib.metadata as m;"
    "print(*(f'{n} {m.version(n)}' for n in sys.argv[1:]), sep=', ')"
)
_ANEW = "Measured again since"
_PEER_LIBRARIES = (*_LIBRARIES, "reader", "httpx", "aiolimiter")


def peers() -> str | None:
    """The Python of the peers, installed as locked; None where that fails."""
    python, done = _PEERS / "bin" / "python", _PEERS / "installed"
    if done.exists() and done.read_text() == _LOCKED.read_text():
        return str(python)
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    try:
        venv.create(_PEERS, with_pip=True, clear=True)
        subprocess.run([*command, "--require-hashes", "-r", str(_LOCKED)], check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    done.write_text(_LOCKED.read_text())
    return str(python)


def _measured(family: str, long: bool, python: str | None) -> list[Found]:
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "found.jsonl"
        command = [sys.executable, "-m", f"benchmarks.speed.{family}", "--json", str(file)]
        command += ["--long"] * long + (["--peers", python] if python else [])
        subprocess.run(command, check=True, cwd=_ROOT, timeout=None if long else 600)
        return [heard(line) for line in file.read_text().splitlines()]


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    named = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _versions(python: str, names: tuple[str, ...]) -> str:
    return subprocess.check_output([python, "-c", _TELL_VERSIONS, *names], text=True).strip()


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"


def _pace() -> float:
    """Milliseconds of CPU for a loop over a million numbers, the median of nine: what machines, and
    one machine from hour to hour, differ by.
    """
    times = []
    for _ in range(9):
        began, total = time.process_time(), 0
        for number in range(1_000_000):
            total += number
        times.append((time.process_time() - began) * 1000)
    return median(times)


def _about(long: bool, minutes: float, paces: list[float]) -> dict[str, str]:
    return {
        "Machine": f"{cpu_count()} cores, {_processor()}, {platform.system()}",
        "Date": _today(),
        "Pace": f"a loop over a million numbers takes {min(paces):.0f} to {max(paces):.0f} ms",
        "Run": f"{'long' if long else 'short'}, {minutes:.0f} minutes",
    }


def _anew(about: dict[str, str], family: str) -> dict[str, str]:
    """What is said of a run, one family of which was measured again today."""
    known = (each.split(" ") for each in about.get(_ANEW, "").split(", ") if each)
    days = dict(known) | {family: _today()}
    return about | {_ANEW: ", ".join(f"{each} {day}" for each, day in days.items())}


def _versions_of_all(python: str | None) -> dict[str, str]:
    ours = _versions(sys.executable, (*_LIBRARIES, "aiosqlite"))
    return {
        "Versions": f"Tocsin {importlib.metadata.version('tocsin')}, Python"
        f" {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {ours}",
        "Versions of the peers": _versions(python, _PEER_LIBRARIES) if python else "not installed",
    }


def main(arguments: list[str] | None = None) -> int:
    """Measures, keeps and writes; 1 where a family could not be measured."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--long", action="store_true")
    reader.add_argument("--only", help="families to measure anew, with commas between")
    given = reader.parse_args(arguments)
    form, python, began = LONG if given.long else SHORT, peers(), time.monotonic()
    versions = _versions_of_all(python)
    wanted = given.only.split(",") if given.only else FAMILIES
    run = kept(form) if given.only else Run({}, {}, {})
    found, missing, about = dict(run.found), dict(run.missing), run.about
    some, paces = bool(given.only and about), []
    for family in wanted:
        print(f"\n== {family}", flush=True)
        since = time.monotonic()
        paces.append(_pace())
        try:
            found[family] = _measured(family, given.long, python)
            missing.pop(family, None)
        except (subprocess.SubprocessError, OSError) as error:
            found.pop(family, None)
            missing[family] = type(error).__name__
        print(f"took {time.monotonic() - since:.0f} s", flush=True)
        ordered = {family: found[family] for family in FAMILIES if family in found}
        if some:
            about = _anew(about, family)
        else:
            about = _about(given.long, (time.monotonic() - began) / 60, paces) | versions
        run = Run(about, missing, ordered)
        keep(run, form)  # what follows may fail, or be ended
    write(run, form)
    print(f"\nwritten: {DOCS / form.page}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
