"""The SQL of storage, which is SQLite's, in the words of PostgreSQL. Each text is translated once.

A value has the type of what is passed, as in SQLite: the same text with a number that is whole, and
with one that is not, are two statements.
"""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

_MOST_TEXTS = 2_000
_EITHER = re.compile(r"/\*sqlite\*/.*?/\*postgres (.*?)\*/", re.DOTALL)
_LIST = re.compile(r"(NOT )?IN \(SELECT value FROM json_each\((\?\d+)\)\)")
_IS_NULL = re.compile(r"\?(\d+) IS NULL")
_OUTSIDE_OF_TEXTS = re.compile(r"('(?:[^']|'')*')")
_TURNED = (
    (re.compile(r" ?INDEXED BY \w+"), ""),
    # There is no CROSS JOIN with a condition; no order of tables follows from it either.
    (re.compile(r"CROSS JOIN (\w+ \w+) ON"), r"JOIN \1 ON"),
    (re.compile(r"\bCAST\(([^()]+) AS INTEGER\)", re.IGNORECASE), r"as_integer(\1)"),
    (re.compile(r"\bchar\("), "chr("),
    (re.compile(r"\bLIMIT -1\b"), "LIMIT ALL"),
    # A sign that keeps SQLite from an index.
    (re.compile(r"(?<= )\+(?=\w*\.?chat_id)"), ""),
    # A word of the language here.
    (re.compile(r"(?<![.\"])\bplacing\b"), '"placing"'),
)
_TYPES = {int: "bigint", float: "double precision", bytes: "bytea", str: "text", bool: "bigint"}
_LISTED = "list"


class _Statement(Struct, frozen=True):
    """A statement, the places of its values among those that are passed, and which are lists."""

    sql: str
    places: tuple[int, ...]
    lists: frozenset[int]


def bound(sql: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """A statement and its values, as PostgreSQL takes them."""
    text = _typed(sql, tuple([_type_of(value) for value in values]))
    return text.sql, [_value(text, place, values) for place in text.places]


def bound_many(sql: str, rows: Sequence[Sequence[Any]]) -> tuple[str, list[list[Any]]]:
    """A statement for many rows and their values; there is at least one."""
    text = _typed(sql, tuple([_type_of_all(column) for column in zip(*rows, strict=True)]))
    return text.sql, [[_value(text, place, row) for place in text.places] for row in rows]


def _value(text: _Statement, place: int, values: Sequence[Any]) -> Any:
    return json.loads(values[place]) if place in text.lists else values[place]


def _type_of(value: Any) -> str | None:
    if value is None:
        return None
    return _TYPES.get(type(value)) or ("text" if isinstance(value, str) else "bigint")


def _type_of_all(column: Sequence[Any]) -> str | None:
    types = {_type_of(value) for value in column} - {None}
    return "double precision" if len(types) > 1 else next(iter(types), None)


@lru_cache(maxsize=_MOST_TEXTS)
def _typed(sql: str, types: tuple[str | None, ...]) -> _Statement:
    """The text for values of these types; what is NULL is written so, since it has none."""
    translated = _translated(_numbered(sql))
    # Whether a value is NULL is known, and its type could not be told from the question.
    translated = _IS_NULL.sub(lambda m: "FALSE" if types[int(m[1]) - 1] else "TRUE", translated)
    lists = {int(found[2][1:]) - 1 for found in _LIST.finditer(translated)}
    translated = _LIST.sub(lambda m: f"{'<> ALL' if m[1] else '= ANY'} ({m[2]})", translated)
    asked = {int(number) - 1 for number in re.findall(r"\?(\d+)", translated)}
    given = [place for place, kind in enumerate(types) if kind and place in asked]

    def value(found: re.Match[str]) -> str:
        place = int(found[1]) - 1
        if types[place] is None:
            return "NULL"
        number = given.index(place) + 1
        return f"${number}" if place in lists else f"${number}::{types[place]}"

    written = _outside(translated, lambda part: re.sub(r"\?(\d+)", value, part))
    return _Statement(written, tuple(given), frozenset(lists))


def _translated(sql: str) -> str:
    sql = _EITHER.sub(r"\1", sql)
    for pattern, words in _TURNED:
        sql = _outside(sql, lambda part, p=pattern, w=words: p.sub(w, part))
    return sql


def _numbered(sql: str) -> str:
    """The text with numbers for all its values: SQLite counts those that have none."""
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"?{count}"

    return _outside(_EITHER.sub(r"\1", sql), lambda part: re.sub(r"\?(?!\d)", number, part))


def _outside(sql: str, change: Any) -> str:
    """A text of which all is changed but the literals in it."""
    parts = _OUTSIDE_OF_TEXTS.split(sql)
    return "".join(part if n % 2 else change(part) for n, part in enumerate(parts))
