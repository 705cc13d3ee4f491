"""Where the time goes: py-spy over each path, the twenty dearest functions into
docs/performance/profiles.md: python -m benchmarks.profiles [PATH…], all of them (five minutes) if
none is named. A path that cannot be profiled keeps its section.

Samples are taken a hundred times a second, in every process of the path, of threads that run: none
is halted for it (halted threads run for a moment when they are let go, and would count although
they wait). What was done about the dearest is written by hand, in profiles.toml beside this.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_PAGE = _ROOT / "docs" / "performance" / "profiles.md"
_NOTES = Path(__file__).with_name("profiles.toml")
_SHOWN = 20
_MOST_SECONDS = 600
_NOTED = "**What was done:**\n"
# What a thread is in that was woken a moment ago and waits for a core.
_WAITING = ("EpollSelector.select (", "_worker (", "ThreadedChildWatcher._do_waitpid (")
_BOT = re.compile(r'^process (\d+):"[^"]*-m bot run')


@dataclass(frozen=True)
class ProfiledPath:
    """What Python is told to run, and what of it is looked at: the bots that it starts, which have
    these names in turn, or, under a title, the stacks with a function in them.
    """

    told: tuple[str, ...]
    bots: tuple[str, ...] = ()
    title: str = ""
    within: str = ""


def _calls(module: str, call: str) -> tuple[str, ...]:
    return "-c", f"from benchmarks.speed import {module}; {module}.{call}"


PATHS = {
    "polling": ProfiledPath(
        ("-m", "benchmarks.cold_poll", "--ways", "tocsin"),
        bots=("A first poll of 1,000 feeds", "A poll, all 304", "A poll, 300 with a new entry"),
    ),
    "parsing": ProfiledPath(
        _calls("parsing", "read_all(25)"), title="Reading a document", within="_read"
    ),
    "placing": ProfiledPath(
        _calls("placing", "place(20_000)"), title="Placing a report", within="_place"
    ),
    "topics": ProfiledPath(
        _calls("topics", "match_all(20_000)"), title="Matching topics", within="_ask"
    ),
    "sending": ProfiledPath(
        ("-m", "benchmarks.throughput", "--chats", "10000", "--idle", "0", "--each", "0"),
        bots=("One story to 10,000 chats",),
    ),
    "starting": ProfiledPath(
        _calls("starting", "start(100_000)"),
        bots=(
            "A start with 100,000 stories after a crash",
            "A start with 100,000 stories after a stop",
        ),
    ),
}
Stack = tuple[tuple[str, ...], int]


def stacks(text: str) -> list[Stack]:
    """What py-spy wrote: frames from the outermost in, and how many samples were there."""
    lines = (line.rpartition(" ") for line in text.splitlines())
    return [(tuple(frames.split(";")), int(count)) for frames, _, count in lines if frames]


def chosen(path: ProfiledPath, found: Iterable[Stack]) -> dict[str, list[Stack]]:
    """What is looked at, by title: each bot with the processes below it, or within a function."""
    if path.within:
        inside = f"{path.within} ("
        kept = [each for each in found if any(frame.startswith(inside) for frame in each[0])]
        return {path.title: kept}
    by_process: dict[int, list[Stack]] = {}
    for frames, count in found:
        if (bot := next(filter(None, map(_BOT.match, frames)), None)) is not None:
            by_process.setdefault(int(bot[1]), []).append((frames, count))
    return dict(zip(path.bots, (by_process[pid] for pid in sorted(by_process)), strict=False))


def table(found: Iterable[Stack]) -> str:
    """The dearest functions by their own time, with the time of all that they call."""
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for frames, count in found:
        named = [frame for frame in frames if not frame.startswith(("process ", "thread "))]
        if named and not named[-1].startswith(_WAITING):
            own[named[-1]] += count
            whole.update(dict.fromkeys(named, count))
    total = own.total() or 1
    lines = ["| function | own | with what it calls |", "|---|--:|--:|"]
    for name, count in own.most_common(_SHOWN):
        lines.append(f"| `{name}` | {count / total:.1%} | {whole[name] / total:.1%} |")
    return f"{total:,} samples.\n\n" + "\n".join(lines) + "\n"


def recorded(told: tuple[str, ...]) -> str:
    """What py-spy says of a run of Python."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "stacks"
        spy = [str(Path(sys.executable).with_name("py-spy")), "record", "--subprocesses"]
        spy += ["--nonblocking", "--function", "--format", "raw", "--output", str(file), "--"]
        subprocess.run([*spy, sys.executable, *told], cwd=_ROOT, check=True, timeout=_MOST_SECONDS)
        return file.read_text()


def sections(text: str) -> dict[str, str]:
    """The page's sections, by title."""
    parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


_HEAD = """\
# Profiles

Written by `python -m benchmarks.profiles`: the twenty dearest functions of each path by their own
time, sampled by py-spy in every process of the bot while a thread runs. A function of C counts as
the one that called it: `_connection_worker_thread`, `_execute` and `_execute_fetchall` of aiosqlite
are SQLite's work. What a thread waits in (`select`, `_worker`, `_do_waitpid`) is left out. What was
done about the dearest stands below each.

"""


def page(found: dict[str, str]) -> str:
    """The whole page."""
    return _HEAD + "\n".join(f"## {title}\n\n{text.strip()}\n" for title, text in found.items())


def notes() -> dict[str, str]:
    """What was done about the dearest, by title."""
    return tomllib.loads(_NOTES.read_text())


def titles() -> list[str]:
    """The sections of the page, in their order."""
    return [title for path in PATHS.values() for title in (path.bots or (path.title,))]


def _profiled(path: ProfiledPath) -> dict[str, str]:
    """The tables by title."""
    found = chosen(path, stacks(recorded(path.told)))
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    return {title: f"{day}: {table(some)}" for title, some in found.items() if some}


def _with_notes(known: dict[str, str]) -> dict[str, str]:
    """The sections as they stand, each with what is written of it now."""
    written = notes()
    tables = {
        title: known[title].partition(_NOTED.strip())[0].strip()
        for title in titles()
        if title in known
    }
    return {
        title: f"{found}\n\n{_NOTED}{written[title].strip()}" for title, found in tables.items()
    }


def main(arguments: list[str] | None = None) -> int:
    """Profiles what is asked for; the other sections of the page stay. 1 where a path failed."""
    reader = argparse.ArgumentParser()
    reader.add_argument("paths", nargs="*", choices=[[], *PATHS])
    given = reader.parse_args(arguments)
    known = sections(_PAGE.read_text()) if _PAGE.exists() else {}
    failed = 0
    for name in given.paths or PATHS:
        began = time.monotonic()
        try:
            known |= _profiled(PATHS[name])
        except (OSError, subprocess.SubprocessError) as error:
            print(f"{name} could not be profiled: {error}", file=sys.stderr)
            failed = 1
        print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
        _PAGE.parent.mkdir(parents=True, exist_ok=True)
        _PAGE.write_text(page(_with_notes(known)))
    return failed


if __name__ == "__main__":
    sys.exit(main())
