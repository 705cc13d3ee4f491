"""docs/performance.md and docs/performance/long.md with their pictures, from what was found:
python -m benchmarks.speed.page

Writes them anew from what is kept of the last short and the last long run, without measuring.
"""

import json
import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.speed.figures import LINEAR, Figure, Found, Goal, Growth, heard, shown, told

DOCS = Path(__file__).parents[2] / "docs"
_READING = """\
Nothing here is typed by hand. Ratios are what to look at: absolute figures are those of one
machine, peers ran in the same run on the same input, over loopback. CPU is user and system time of
the whole process tree, memory its proportional set size.
"""


@dataclass(frozen=True)
class Form:
    """A form of the run, short or long, and its files below docs/: neither touches the other's."""

    page: str
    kept: str
    pictures: tuple[str, str]
    head: str
    foot: str

    def link(self, file: str) -> str:
        """A file as the page links it."""
        return posixpath.relpath(file, posixpath.dirname(self.page))


SHORT = Form(
    "performance.md", "performance/figures.json",
    ("performance/ratios.svg", "performance/growth.svg"),
    head=f"""\
# Performance

Written by `make bench` from one run. Growth goes to 10,000 feeds and chats and 100,000 stories
here; to 100,000 and a million it stands in [the long run](performance/long.md), of its own date.

{_READING}""",
    foot="""\
Each family runs alone: `python -m benchmarks.speed.NAME`, where NAME is `polling`, `growing`,
`parsing`, `placing`, `topics`, `sending`, `latency` or `starting`, with `--long` and `--peers
PYTHON`. The peers and their versions are locked in `benchmarks/peers.txt`; `make bench` installs
them into `.venv-peers`. What takes the time stands in [profiles](performance/profiles.md).
""",
)  # fmt: skip
LONG = Form(
    "performance/long.md", "performance/long.json",
    ("performance/long-ratios.svg", "performance/long-growth.svg"),
    head=f"""\
# Performance, the long run

Written by `make bench-long` from one run with 100,000 feeds, 100,000 chats and a million stories;
[performance](../performance.md) is the short form, which is measured more often.

{_READING}""",
    foot="""\
`python -m benchmarks.speed --long --only NAME` measures one family anew.
""",
)  # fmt: skip
FORMS = (SHORT, LONG)


@dataclass(frozen=True)
class Run:
    """What one run found by family, when, where and with which versions."""

    about: dict[str, str]
    missing: dict[str, str]
    """Families that could not be measured, and why."""
    found: dict[str, list[Found]]

    def figures(self) -> list[Figure]:
        """The rows."""
        return [each for some in self.found.values() for each in some if isinstance(each, Figure)]

    def growths(self) -> list[Growth]:
        """What grows."""
        return [each for some in self.found.values() for each in some if isinstance(each, Growth)]


def keep(run: Run, form: Form, docs: Path = DOCS) -> None:
    """Keeps a run as JSON."""
    found = {
        family: [json.loads(told(each)) for each in some] for family, some in run.found.items()
    }
    known = {"about": run.about, "missing": run.missing, "found": found}
    path = docs / form.kept
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n")


def kept(form: Form, docs: Path = DOCS) -> Run:
    """The run of that form that was kept, or one that found nothing."""
    path = docs / form.kept
    if not path.exists():
        return Run({}, {}, {})
    known: dict[str, Any] = json.loads(path.read_text())
    found = {
        family: [heard(json.dumps(each)) for each in some]
        for family, some in known["found"].items()
    }
    return Run(known["about"], known["missing"], found)


def page(run: Run, form: Form) -> str:
    """The whole page."""
    ratios, growth = map(form.link, form.pictures)
    parts = [form.head, _about(run), *_verdict(run)]
    parts += ["## Beside others and the goals\n", _table(run.figures())]
    if any(figure.peers for figure in run.figures()):
        parts.append(f"![How many times better than each peer]({ratios})\n")
    if run.growths():
        parts += ["## Growth\n", _growth(run.growths())]
        parts.append(f"![What grows, and what linear would be]({growth})\n")
    parts += ["## How each row was measured\n", _hows(run.figures()), form.foot]
    return "\n".join(parts)


def _about(run: Run) -> str:
    return "\n".join(f"- {name}: {text}" for name, text in run.about.items()) + "\n"


def _verdict(run: Run) -> Iterator[str]:
    marks = [figure.reaches(goal) for figure in run.figures() for goal in figure.goals]
    unjudged = marks.count(None)
    rest = f", {unjudged} not judged since a peer is not installed" if unjudged else ""
    yield f"{marks.count(True)} of {len(marks)} goals reached, {marks.count(False)} missed{rest}.\n"
    for family, why in run.missing.items():
        yield f"**Not measured: {family}** ({why}).\n"


def _table(figures: Sequence[Figure]) -> str:
    lines = [
        "| path | times better than | of the limit | Tocsin | peers | limit | goal | |",
        "|---|---|---|--:|---|---|---|---|",
    ]
    lines += [f"| {' | '.join(_cells(figure))} |" for figure in figures]
    return "\n".join(lines) + "\n"


def _cells(figure: Figure) -> list[str]:
    marks = [figure.reaches(goal) for goal in figure.goals]
    verdict = {True: "reached", False: "**missed**", None: "not judged"}
    return [
        figure.path,
        _each({name: _times(figure, value) for name, value in figure.peers.items()}),
        _each({name: _times(figure, value) for name, value in figure.limits.items()}),
        f"{shown(figure.value)} {figure.unit}",
        _each({name: shown(value) for name, value in figure.peers.items()}),
        _each({name: shown(value) for name, value in figure.limits.items()}),
        "; ".join(_goal(figure, goal) for goal in figure.goals),
        "; ".join(verdict[mark] for mark in marks),
    ]


def _each(named: dict[str, str]) -> str:
    return "<br>".join(f"{name} {text}" for name, text in named.items())


def _times(figure: Figure, value: float | None) -> str:
    return "not installed" if value is None else f"**{figure.times_better(value):.2g}**"


def _goal(figure: Figure, goal: Goal) -> str:
    if goal.against:
        return f"{goal.bound:g} times {goal.against}"
    return f"{'≥' if figure.more_is_better else '≤'} {goal.bound:,g}"


def _growth(growths: Sequence[Growth]) -> str:
    lines = [
        "The exponent of a fitted power: 1 is linear, less is better. At the end: over the last",
        f"two decades, where fixed costs hide the least; to {LINEAR:g} it counts as linear.\n",
        "| what | over | exponent | at the end | | figures |",
        "|---|---|--:|--:|---|---|",
    ]
    for each in growths:
        points = ", ".join(f"{n:,.0f}: {shown(value)}" for n, value in each.points)
        verdict = "linear or better" if each.is_linear() else "**more than linear**"
        lines.append(
            f"| {each.what} | {each.over} | {each.slope():.2f} | {each.slope_at_the_end():.2f}"
            f" | {verdict} | {points} {each.unit} |"
        )
    return "\n".join(lines) + "\n"


def _hows(figures: Sequence[Figure]) -> str:
    return "\n".join(f"- {each.path}: {each.how}." for each in figures if each.how) + "\n"


def write(run: Run, form: Form, docs: Path = DOCS) -> None:
    """The page and its pictures; what is kept stays as it is."""
    from benchmarks.speed import plots  # an extra of its own: the tests of the page do without

    ratios = [figure for figure in run.figures() if any(figure.peers.values())]
    if ratios:
        plots.ratios(ratios, docs / form.pictures[0])
    if run.growths():
        plots.growth(run.growths(), docs / form.pictures[1])
    (docs / form.page).write_text(page(run, form))


if __name__ == "__main__":
    for each in FORMS:
        if (DOCS / each.kept).exists():
            write(kept(each), each)
