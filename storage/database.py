"""What the classes of storage ask of a database engine.

The SQL is common to all engines, with numbered or plain question marks for values. What differs
from one to another (the schema, its lock, the full-text index) is in the engine's own package.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol


class Row(Protocol):
    """One row, whose values are found by the names of their columns."""

    def __getitem__(self, column: str, /) -> Any:
        """The value of a column."""

    def keys(self) -> list[str]:
        """The names of the columns."""


class Transaction(Protocol):
    """Statements within a transaction. All raise StorageError."""

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        """Runs a statement and returns its rows."""

    async def run(self, sql: str, *values: Any) -> int:
        """Runs a statement and returns how many rows it changed."""

    async def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Runs a statement for each of many rows."""


class Database(Protocol):
    """A database whose schema is current."""

    def write(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction: committed at the end of the block, rolled back on any error."""

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """A consistent view for the statements of the block."""

    async def rows(self, sql: str, *values: Any) -> list[Row]:
        """The rows of one reading statement."""

    async def row(self, sql: str, *values: Any) -> Row | None:
        """The first row of one reading statement."""

    async def tables(self) -> list[str]:
        """The names of our tables, without what serves an index."""

    async def sizes(self) -> dict[str, int]:
        """The bytes of each of its files."""

    async def checkpoint(self) -> None:
        """Gives back the room of the journal, as far as nobody is in the way."""

    async def close(self) -> None:
        """Closes all connections; waits for a transaction under way."""


class Hold(Protocol):
    """What keeps a second bot away from a database, where this process asked for that."""

    async def is_worked_on(self, now: float) -> bool:
        """Whether a bot works on the database, in this process or another."""

    async def renew(self, now: float) -> None:
        """Says that this process still works on it. Raises AlreadyRunning if another one says so
        meanwhile.
        """

    async def release(self) -> None:
        """Says that this process works on it no more."""

    def close(self) -> None:
        """Lets the next process in."""
