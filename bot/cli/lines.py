"""Reading JSON lines: files of reports and stories."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.errors import BadInput

_LONGEST_LINE = 1_000_000


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines. Raises BadInput naming the line that is none."""
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(_LONGEST_LINE + 1):
                number += 1
                if line.strip():
                    yield _object(line, path, number)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None


def _object(line: bytes, path: Path, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line) if len(line) <= _LONGEST_LINE else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadInput(f"{path}, line {number}: not a JSON object of up to a megabyte.")
    return found


def text_in(line: dict[str, Any], name: str) -> str:
    """A text field; one that is missing or null is empty."""
    value = line.get(name)
    return value if isinstance(value, str) else "" if value is None else str(value)


def number_in(line: dict[str, Any], name: str) -> float:
    """A number field; one that is missing, endless or no number is 0."""
    value = line.get(name)
    try:
        number = float(value) if isinstance(value, int | float) else 0.0
    except OverflowError:
        return 0.0
    return number if math.isfinite(number) else 0.0
