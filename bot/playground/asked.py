"""What the control API was asked: a JSON object, of which every part has its bounds."""

import json
import math
from collections.abc import Collection
from typing import Any

from bot.errors import BadInput

LARGEST_ID = 2**52
"""Ids of Telegram have at most 52 significant bits (Bot API, Chat)."""
_MOST_DIGITS = 20
_MOST_SHOWN = 60


class RequestBody:
    """Reads a body part by part. Each raises BadInput, with one sentence that names the part, for
    what is missing without a default, is of another kind, or is out of bounds.
    """

    def __init__(self, body: Any) -> None:
        if not isinstance(body, dict):
            raise BadInput("Send one JSON object.")
        self._body: dict[str, Any] = body

    def __bool__(self) -> bool:
        return bool(self._body)

    def has(self, name: str) -> bool:
        """Whether a part is there, and not null."""
        return self._body.get(name) is not None

    def is_null(self, name: str) -> bool:
        """Whether a part is there, and null."""
        return name in self._body and self._body[name] is None

    def says(self, name: str, word: str) -> bool:
        """Whether a part is this word."""
        return bool(self._body.get(name) == word)

    def only(self, *names: str) -> None:
        """Raises BadInput where there are parts with other names."""
        for name in sorted(set(self._body) - set(names)):
            raise BadInput(f"There is no {_shown(name)} to set; there are {', '.join(names)}.")

    def whole(
        self,
        name: str,
        least: int = -LARGEST_ID,
        most: int = LARGEST_ID,
        default: int | None = None,
    ) -> int:
        """A whole number, which may be written as a text, as the values of a form are."""
        value = self._value(name, default)
        if isinstance(value, str) and len(value) <= _MOST_DIGITS and value.isascii():
            value = int(value) if value.removeprefix("-").isdigit() else value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self._unfit(name, f"a whole number from {least} to {most}")
        return value

    def number(self, name: str, least: float, most: float, default: float | None = None) -> float:
        """A number that is finite."""
        value = self._value(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            value = math.nan
        if not least <= value <= most:
            raise self._unfit(name, f"a number from {least:.15g} to {most:.15g}")
        return float(value)

    def text(self, name: str, most: int, default: str | None = None) -> str:
        """A text of at most so many characters, none of them half of a surrogate pair."""
        value = self._value(name, default)
        if not _is_text(value, most):
            raise self._unfit(name, f"a text of at most {most} characters")
        return str(value)

    def texts(self, name: str, count: int, most: int) -> tuple[str, ...]:
        """A list of at most `count` such texts; an empty one where it is not there."""
        values = self._value(name, [])
        fits = isinstance(values, list) and len(values) <= count
        if not fits or not all(_is_text(value, most) for value in values):
            raise self._unfit(name, f"a list of at most {count} texts of at most {most} characters")
        return tuple(values)

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self._value(name, default)
        if not isinstance(value, bool):
            raise self._unfit(name, "true or false")
        return value

    def one_of(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        """One of some words."""
        value = self._value(name, default)
        if not isinstance(value, str) or value not in choices:
            raise self._unfit(name, f"one of {', '.join(choices)}")
        return value

    def _value(self, name: str, default: Any) -> Any:
        """What is null is as good as not there."""
        return self._body[name] if self.has(name) else default

    def _unfit(self, name: str, right: str) -> BadInput:
        found = f", not {_shown(self._body[name])}" if self.has(name) else ", and is missing"
        return BadInput(f"{name} must be {right}{found}.")


def _is_text(value: object, most: int) -> bool:
    if not isinstance(value, str) or len(value) > most:
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _shown(value: object) -> str:
    """The beginning of what was sent, as JSON."""
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"
