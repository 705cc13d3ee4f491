"""What SQL says in SQLite's own words, where there is no way to say it that all engines read. It
stands here and nowhere else, so that another engine can say it otherwise.
"""

import json
from collections.abc import Iterable


def listed(values: str = "?") -> str:
    """The values of a list, as SQL in parentheses; the list is passed as `as_list` makes it."""
    return f"(SELECT value FROM json_each({values}))"


def tabled(values: str, *columns: str) -> str:
    """The rows of a list, as SQL in parentheses, with these names for their columns; the list is
    passed as `as_list` makes it.
    """
    named = ", ".join(f"value ->> {number} AS {name}" for number, name in enumerate(columns))
    return f"(SELECT {named} FROM json_each({values}))"


def as_list(values: Iterable[object]) -> str:
    """A list of values, or of rows, as `listed` and `tabled` read it: text and numbers only."""
    return json.dumps(list(values))


def by(index: str) -> str:
    """Names the index that finds the rows of the table before it. Where it may be left to SQLite,
    it is; an engine that chooses by what it knows of the tables needs none.
    """
    return f"INDEXED BY {index}"
