"""Reading JSON lines: files of reports and stories."""

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.news.text.plain import cut

FIELDS = ("set", "id", "ts", "lang", "title", "summary", "url", "link", "source")
"""What a line may say of a report or a story; docs/operating.md says what each is."""
_LONGEST_LINE = 1_000_000
_MOST_NAMED = 10


def read_lines(path: Path, warn: Callable[[str], None]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file of JSON lines, with the number of their line; at the end it is warned
    of what may be a slip. Raises BadInput naming the line that is none.
    """
    unknown: dict[str, None] = {}
    nameless = number = 0
    try:
        with path.open("rb") as file:
            while line := file.readline(_LONGEST_LINE + 1):
                number += 1
                if line.strip():
                    found = _object(line, path, number)
                    nameless += not text_in(found, "id")
                    if len(unknown) < _MOST_NAMED:
                        unknown |= dict.fromkeys(name for name in found if name not in FIELDS)
                    yield number, found
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    if nameless:
        warn(f"{path}: {nameless} {'line has' if nameless == 1 else 'lines have'} no id.")
    if unknown:
        named = ", ".join(cut(name, 40) for name in [*unknown][:_MOST_NAMED])
        warn(f"{path}: not known, and left out: {named}. Known are {', '.join(FIELDS)}.")


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
