"""What a measurement found, as records that travel as JSON, and the little that follows from them.

A family is a module with `figures(scale)`, which yields what it finds. `alone(figures)` is its
command line: it prints, and with `--json FILE` writes a line for each.
"""

import argparse
import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import linear_regression
from typing import Any

LINEAR = 1.1
"""The steepest slope that counts as linear: runs differ by as much."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: what fits into ten minutes, or all of it."""

    long: bool
    peers: str | None
    """A Python that has the libraries we compare with."""


@dataclass(frozen=True, slots=True)
class Goal:
    """`bound` of the figure, or, with `against`, how many times better than that peer."""

    bound: float
    against: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of Tocsin's with the same of others; of peers that are not installed it is None.

    `limits` are others' bare parts, without anything that a bot must know.
    """

    path: str
    unit: str
    value: float
    goals: tuple[Goal, ...] = ()
    peers: dict[str, float | None] = field(default_factory=dict)
    limits: dict[str, float | None] = field(default_factory=dict)
    more_is_better: bool = False
    how: str = ""

    def times_better(self, other: float) -> float:
        """How many times better this is than another's figure."""
        return self.value / other if self.more_is_better else other / self.value

    def reaches(self, goal: Goal) -> bool | None:
        """Whether a goal is reached; None where the peer is not there."""
        if goal.against:
            other = self.peers.get(goal.against)
            return None if other is None else self.times_better(other) >= goal.bound
        return self.value >= goal.bound if self.more_is_better else self.value <= goal.bound


@dataclass(frozen=True, slots=True)
class Growth:
    """What a figure comes to as something grows: (how many, figure), ascending."""

    what: str
    over: str
    unit: str
    points: tuple[tuple[float, float], ...]

    def slope(self) -> float:
        """The exponent over all of it: 1 is linear."""
        return _slope(self.points)

    def slope_at_the_end(self) -> float:
        """The exponent over the last two decades, where what is fixed no longer hides the rest."""
        most = self.points[-1][0]
        return _slope([point for point in self.points if point[0] >= most / 100])

    def is_linear(self) -> bool:
        """Whether it grows no faster than what it grows with."""
        return self.slope_at_the_end() <= LINEAR


Found = Figure | Growth


def _slope(points: Iterable[tuple[float, float]]) -> float:
    logs = [(math.log(n), math.log(value)) for n, value in points]
    return linear_regression(*zip(*logs, strict=True)).slope


def told(found: Found) -> str:
    """A line of JSON."""
    return json.dumps({"kind": type(found).__name__, **asdict(found)}, ensure_ascii=False)


def heard(line: str) -> Found:
    """What `told` made."""
    known: dict[str, Any] = json.loads(line)
    if known.pop("kind") == "Growth":
        known["points"] = tuple((n, value) for n, value in known["points"])
        return Growth(**known)
    known["goals"] = tuple(Goal(**goal) for goal in known["goals"])
    return Figure(**known)


def shown(value: float | None) -> str:
    """A value to three digits or so."""
    if value is None:
        return "not installed"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _line(found: Found) -> str:
    if isinstance(found, Growth):
        points = ", ".join(f"{n:,.0f}: {shown(value)}" for n, value in found.points)
        return (
            f"{found.what} over {found.over} ({found.unit}): {points};"
            f" exponent {found.slope():.2f}, at the end {found.slope_at_the_end():.2f}"
        )
    others = ", ".join(f"{n} {shown(v)}" for n, v in (found.peers | found.limits).items())
    return f"{found.path}: {shown(found.value)} {found.unit}{' beside ' if others else ''}{others}"


def alone(figures: Callable[[Scale], Iterator[Found]]) -> None:
    """A family's command line."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--long", action="store_true", help="all of it")
    reader.add_argument("--peers", help="a Python that has the libraries to compare with")
    reader.add_argument("--json", type=Path, help="where to write what is found")
    given = reader.parse_args()
    lines = []
    for found in figures(Scale(given.long, given.peers)):
        print(_line(found), flush=True)
        lines.append(told(found) + "\n")
    if given.json:
        given.json.write_text("".join(lines))
