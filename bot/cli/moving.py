"""`tocsin db copy`: what is seen of a copy while it is made, and at its end."""

import asyncio

import typer
from msgspec.structs import asdict
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from bot.cli.console import BAD, errors, output, print_json
from bot.loops import wall_clock
from storage import open as open_database
from storage.copying import Copied, CopiedTable

_SHOWN = 16
"""Digits of a checksum that are shown; `--json` has them all."""


async def copy_database(source: str, new: str, json: bool) -> None:
    """Copies, and says what became of it. Ends with exit code 1 where a table is not equal."""
    bars = _Bars()
    try:
        copied = await open_database.copy(source, new, wall_clock(), bars)
    except asyncio.CancelledError:
        errors.print("Stopped. Run the same command again to go on from here.")
        raise
    finally:
        bars.stop()
    if json:
        print_json({"tables": [_said(each) for each in copied.tables], "replaced": copied.replaced})
    else:
        _show(copied)
    differing = [table.name for table in copied.tables if not table.equal]
    if differing:
        errors.print(
            f"The copy is not whole: {', '.join(differing)} differ. Run the same command again.",
            style="red",
        )
        raise typer.Exit(BAD)


def _said(table: CopiedTable) -> dict[str, object]:
    return {**asdict(table), "equal": table.equal}


def _show(copied: Copied) -> None:
    table = Table("table", "rows", "copied", "checksum", "equal")
    for each in copied.tables:
        sums = each.checksum[:_SHOWN], each.copied_checksum[:_SHOWN]
        table.add_row(
            *(each.name, f"{each.rows:,}", f"{each.copied:,}", " ".join(dict.fromkeys(sums))),
            "yes" if each.equal else "NO",
        )
    output.print(table)
    for column, count in copied.replaced.items():
        output.print(f"{column}: {count:,} values that TO cannot keep were replaced.")


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """As it is shown."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")


class _Bars:
    """A line for what is being done, above it those for what was done before."""

    def __init__(self) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate()
        remaining = TimeRemainingColumn(elapsed_when_finished=True)
        self._progress = Progress(*columns, remaining, console=errors)
        self._tasks: list[TaskID] = []

    def stage(self, name: str, total: int, done: int = 0) -> None:
        """See `storage.copying.Watch`."""
        self._progress.start()
        self._tasks.append(self._progress.add_task(name, total=total, completed=done))

    def advance(self, steps: int) -> None:
        """See `storage.copying.Watch`."""
        self._progress.advance(self._tasks[-1], steps)

    def stop(self) -> None:
        """Leaves what is shown as it is."""
        if self._tasks:
            self._progress.stop()
