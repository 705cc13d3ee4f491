from pathlib import Path

import pytest

from benchmarks.speed.figures import Figure, Goal, Growth
from benchmarks.speed.page import DOCS, FORMS, LONG, SHORT, Form, Run, keep, kept, page

_FIGURES = [
    Figure("a cold poll", "s of CPU", 2.5, (Goal(2.0), Goal(3, "reader")), {"reader": 10.0},
           {"bare": 0.5}, how="the whole tree"),
    Figure("a message", "a second", 2_000, (Goal(1_500),), {"default": None}, more_is_better=True),
    Figure("memory", "MB", 60, (Goal(3, "loop"),), {"loop": None}),
]  # fmt: skip
_GROWTH = Growth("a poll", "feeds", "s", ((10.0, 1.0), (100.0, 20.0), (1_000.0, 400.0)))
_RUN = Run(
    {"Machine": "two cores"}, {"topics": "TimeoutExpired"}, {"polling": [*_FIGURES, _GROWTH]}
)


def _row(path: str) -> list[str]:
    line = next(line for line in page(_RUN, SHORT).splitlines() if line.startswith(f"| {path} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_row_begins_with_the_ratio_and_says_what_was_missed() -> None:
    row = _row("a cold poll")
    assert row[1:4] == ["reader **4**", "bare **0.2**", "2.50 s of CPU"]
    assert row[-2:] == ["≤ 2; 3 times reader", "**missed**; reached"]


def test_a_peer_that_is_not_installed_is_named() -> None:
    row = _row("a message")
    assert row[1] == row[4] == "default not installed"
    assert row[-2:] == ["≥ 1,500", "reached"]
    assert _row("memory")[-1] == "not judged"


def test_what_could_not_be_measured_and_what_grows_too_fast_is_said() -> None:
    text = page(_RUN, SHORT)
    assert "**Not measured: topics** (TimeoutExpired)." in text
    assert "| a poll | feeds | 1.30 | 1.30 | **more than linear** |" in text
    assert "2 of 4 goals reached, 1 missed, 1 not judged" in text


def test_a_run_is_kept_and_written_anew_alike(tmp_path: Path) -> None:
    keep(_RUN, SHORT, tmp_path)
    assert kept(SHORT, tmp_path) == _RUN
    assert page(kept(SHORT, tmp_path), SHORT) == page(_RUN, SHORT)


def test_a_short_run_leaves_what_the_long_one_found(tmp_path: Path) -> None:
    long = Run({"Date": "2026-01-01"}, {}, {"growing": [_GROWTH]})
    keep(long, LONG, tmp_path)
    keep(_RUN, SHORT, tmp_path)
    assert kept(LONG, tmp_path) == long
    files = [{form.page, form.kept, *form.pictures} for form in FORMS]
    assert not files[0] & files[1]


def test_the_long_page_links_what_stands_beside_it() -> None:
    text = page(_RUN, LONG)
    assert "(long-growth.svg)" in text
    assert "](../performance.md)" in text


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.page)
def test_the_page_says_what_the_kept_run_found(form: Form) -> None:
    assert (DOCS / form.page).read_text() == page(kept(form), form)
