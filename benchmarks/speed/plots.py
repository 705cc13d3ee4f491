"""Pictures of figures as SVG; the same figures give the same bytes."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure as Sheet

from benchmarks.speed.figures import Figure, Growth

_OURS, _THEIRS = "#2266aa", "#bb5533"
_SETTINGS = {
    "svg.hashsalt": "tocsin", "svg.fonttype": "none", "font.size": 8, "font.family": "sans-serif",
}  # fmt: skip


def _save(sheet: Sheet, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.savefig(path, format="svg", metadata={"Date": None}, bbox_inches="tight")
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line.rstrip() for line in lines) + "\n")


def ratios(figures: Sequence[Figure], path: Path) -> None:
    """How many times better Tocsin is than each peer: a bar each, left of 1 where it is worse."""
    bars = [
        (f"{figure.path}: {name}", figure.times_better(value))
        for figure in figures
        for name, value in figure.peers.items()
        if value is not None
    ]
    with mpl.rc_context(_SETTINGS):
        sheet = Sheet(figsize=(7, 0.6 + 0.2 * len(bars)))
        axes = sheet.add_subplot()
        axes.barh(
            range(len(bars)), [times - 1 for _, times in bars], left=1,
            color=[_OURS if times >= 1 else _THEIRS for _, times in bars],
        )  # fmt: skip
        for place, (_, times) in enumerate(bars):
            axes.annotate(f" {times:.2g} ", (times, place), va="center",
                          ha="left" if times >= 1 else "right")  # fmt: skip
        axes.set_yticks(range(len(bars)), [name for name, _ in bars])
        axes.set_xscale("log")
        axes.margins(x=0.2)
        axes.axvline(1, color="black", linewidth=0.8)
        axes.invert_yaxis()
        axes.set_xlabel("times better than (left of 1: worse)")
        _save(sheet, path)


def growth(found: Sequence[Growth], path: Path) -> None:
    """A small picture each, both axes logarithmic, with what is linear from the last point."""
    columns = 3
    rows = -(-len(found) // columns)
    with mpl.rc_context(_SETTINGS):
        sheet = Sheet(figsize=(3 * columns, 2.3 * rows), layout="constrained")
        for place, each in enumerate(found):
            axes = sheet.add_subplot(rows, columns, place + 1)
            counts, values = zip(*each.points, strict=True)
            axes.loglog(counts, values, marker="o", color=_OURS)
            linear = [values[-1] * count / counts[-1] for count in counts]
            axes.loglog(counts, linear, linestyle=":", color="gray", label="linear")
            axes.set_ylim(bottom=min(values) / 3, top=max(values) * 3)
            axes.set_title(each.what)
            axes.set_xlabel(each.over)
            axes.set_ylabel(each.unit)
            axes.legend()
        _save(sheet, path)
