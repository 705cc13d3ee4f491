"""What the classes of storage ask of a database engine.

The SQL is common to all engines, with numbered or plain question marks for values. What differs
from one to another (the schema, its lock, the full-text index) is in the engine's own package.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from bot.news.members import Held, Member, MemberWish, Share


class Row(Protocol):
    """One row, whose values are found by the names of their columns, and come in their order."""

    def __getitem__(self, column: str, /) -> Any:
        """The value of a column."""

    def __iter__(self) -> Iterator[Any]:
        """The values, in the order of the columns."""

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

    async def run(self, sql: str, *values: Any) -> None:
        """Runs a statement that is a transaction of its own, at less cost than `write`: a power cut
        may undo it, so it stores only what is found out again.
        """

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

    async def free_bytes(self) -> int | None:
        """The room that is left beside it; None where that is another machine's to know."""

    async def try_writing(self) -> None:
        """Writes something, and takes it back. Raises StorageError where nothing can be written."""

    async def checkpoint(self) -> None:
        """Gives back the room of the journal, as far as nobody is in the way."""

    async def close(self) -> None:
        """Closes all connections; waits for a transaction under way."""


class Hold(Protocol):
    """A process's place at a database, where it asked for one. `alone`: no second bot may work
    there, and this one has all there is to do, so that nothing is shared.
    """

    alone: bool
    number: int
    """This process's among those that share; 0 where none do."""

    async def is_worked_on(self, now: float) -> bool:
        """Whether a bot works on the database, in this process or another."""

    async def renew(self, now: float) -> None:
        """Says that this process still works on it. Raises AlreadyRunning if another one says so
        meanwhile, and TakenOver if others have what it had.
        """

    async def share(self, wish: MemberWish) -> Held:
        """Takes and leaves what is to be had and left, beside others. Raises TakenOver."""

    async def members(self) -> list[tuple[Member, list[Share]]]:
        """Who works on the database, and what each has."""

    async def ring(self, names: Sequence[str]) -> None:
        """Rings bells of these names in the other processes."""

    async def hear(self, ring: Callable[[str], None]) -> None:
        """Has `ring` called with the name of each bell that another process rings."""

    async def release(self) -> None:
        """Says that this process works on it no more."""

    def close(self) -> None:
        """Lets the next process in."""
