"""Where the time goes: py-spy over each path, the twenty dearest functions into
docs/performance/profiles.md: python -m benchmarks.profiles [PATH…], all of them if none is named.

Samples are taken a hundred times a second while a thread runs, in every process of the path. What
was done about the dearest is written by hand, in profiles.toml beside this.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_PAGE = _ROOT / "docs" / "performance" / "profiles.md"
_NOTES = Path(__file__).with_name("profiles.toml")
_SHOWN = 20
_BOT = re.compile(r'^process (\d+):"[^"]*-m bot run')


@dataclass(frozen=True)
class ProfiledPath:
    """What is run, and what of it is looked at: the bots that it starts, which have these names in
    turn, or the stacks with a function in them.
    """

    command: tuple[str, ...]
    bots: tuple[str, ...] = ()
    within: str = ""


PATHS = {
    "polling": ProfiledPath(
        ("benchmarks.cold_poll", "--ways", "tocsin"),
        bots=("A first poll of 1,000 feeds", "A poll, all 304", "A poll, 300 with a new entry"),
    ),
    "parsing": ProfiledPath(("benchmarks.speed.parsing", "--long"), within="_tocsin"),
    "placing": ProfiledPath(("benchmarks.speed.placing",), within="_tocsin"),
    "topics": ProfiledPath(("benchmarks.speed.topics",), within="_matched"),
    "sending": ProfiledPath(
        ("benchmarks.throughput", "--chats", "5000"), bots=("One story to 5,000 chats",)
    ),
    "starting": ProfiledPath(
        ("benchmarks.speed.starting",),
        bots=tuple(f"A start with {n:,} stories" for n in (100, 1_000, 10_000, 100_000)),
    ),
}
_TITLES = {
    "parsing": "Reading a document", "placing": "Placing a report", "topics": "Matching topics",
}  # fmt: skip
Stack = tuple[tuple[str, ...], int]


def stacks(text: str) -> list[Stack]:
    """What py-spy wrote: frames from the outermost in, and how many samples were there."""
    lines = (line.rpartition(" ") for line in text.splitlines())
    return [(tuple(frames.split(";")), int(count)) for frames, _, count in lines if frames]


def chosen(path: ProfiledPath, name: str, found: Iterable[Stack]) -> dict[str, list[Stack]]:
    """What is looked at, by title: each bot with the processes below it, or within a function."""
    if path.within:
        inside = f"{path.within} ("
        kept = [each for each in found if any(frame.startswith(inside) for frame in each[0])]
        return {_TITLES[name]: kept}
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
        if named:
            own[named[-1]] += count
            whole.update(dict.fromkeys(named, count))
    total = own.total() or 1
    lines = ["| function | own | with what it calls |", "|---|--:|--:|"]
    for name, count in own.most_common(_SHOWN):
        lines.append(f"| `{name}` | {count / total:.1%} | {whole[name] / total:.1%} |")
    return f"{total:,} samples.\n\n" + "\n".join(lines) + "\n"


def recorded(command: tuple[str, ...]) -> str:
    """What py-spy says of a module's run."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "stacks"
        spy = [str(Path(sys.executable).with_name("py-spy")), "record", "--subprocesses"]
        spy += ["--function", "--format", "raw", "--output", str(file), "--"]
        subprocess.run([*spy, sys.executable, "-m", *command], cwd=_ROOT, check=True)
        return file.read_text()


def sections(text: str) -> dict[str, str]:
    """The page's sections, by title."""
    parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


_HEAD = """\
# Profiles

Written by `python -m benchmarks.profiles`: the twenty dearest functions of each path by their own
time, sampled by py-spy in every process of the bot. What was done about them stands below each.

"""


def page(found: dict[str, str]) -> str:
    """The whole page."""
    return _HEAD + "\n".join(f"## {title}\n\n{text.strip()}\n" for title, text in found.items())


def _profiled(name: str, notes: dict[str, str]) -> Iterator[tuple[str, str]]:
    path = PATHS[name]
    for title, some in chosen(path, name, stacks(recorded(path.command))).items():
        yield title, table(some) + "\n" + notes.get(title, "")


def main(arguments: list[str] | None = None) -> None:
    """Profiles what is asked for; the other sections of the page stay."""
    reader = argparse.ArgumentParser()
    reader.add_argument("paths", nargs="*", choices=[[], *PATHS])
    given = reader.parse_args(arguments)
    notes: dict[str, str] = tomllib.loads(_NOTES.read_text())
    known = sections(_PAGE.read_text()) if _PAGE.exists() else {}
    for name in given.paths or PATHS:
        known |= dict(_profiled(name, notes))
        _PAGE.parent.mkdir(parents=True, exist_ok=True)
        _PAGE.write_text(page(known))


if __name__ == "__main__":
    main()
