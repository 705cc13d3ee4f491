"""Rows as all engines keep them, and a sum over the rows of a table that knows no order: two tables
with the same rows have the same one, whatever engine holds them. Asks no database.
"""

from collections.abc import Iterable
from hashlib import blake2b

Row = tuple[object, ...]

_BYTES = 16
_ROOM = 1 << (8 * _BYTES)


def without_nul(row: Row) -> Row:
    """A row that PostgreSQL takes: NUL, which its texts cannot hold, becomes U+FFFD. One that is
    fit is returned itself.
    """
    for value in row:
        if type(value) is str and "\0" in value:
            return tuple([v.replace("\0", "\ufffd") if type(v) is str else v for v in row])
    return row


def without_nan(row: Row) -> Row:
    """A row that SQLite takes: what is no number is NULL there. One that is fit is returned
    itself.
    """
    for value in row:
        if value != value:  # so is no other value
            return tuple([v if v == v else None for v in row])
    return row


def sum_of(rows: Iterable[Row]) -> int:
    """The sum of these rows; that of a table is the sum of its parts' (`added`)."""
    return sum(_number_of(row) for row in rows) % _ROOM


def added(one: int, other: int) -> int:
    """The sum of two parts of a table."""
    return (one + other) % _ROOM


def _number_of(row: Row) -> int:
    # To add 0.0 makes -0.0, which SQLite does not keep, 0.0. What is written is exact: a number is
    # read again as the same.
    alike = [value + 0.0 if type(value) is float else value for value in row]
    said = repr(alike).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(said, digest_size=_BYTES).digest(), "big")
