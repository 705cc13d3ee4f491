"""Updates that Telegram posted: each is kept once, waits until it was handled, and leaves its
number.

Telegram posts what it got no answer for again, for a day at most, so numbers are remembered longer.
"""

from collections.abc import Collection, Sequence

from msgspec import Struct

from storage import aside
from storage.aside import Queue
from storage.database import Database, Row, Transaction
from storage.sql import as_list, listed, tabled

SLOTS = 64
MOST_WAITING = 100_000
REMEMBERED_DAYS = 1.25
MOST_REMEMBERED = 1_000_000


class PostedUpdate(Struct, frozen=True):
    """An update as Telegram wrote it (JSON); `chat_id` is 0 where it is of none. `tries` counts how
    often its handling was begun.
    """

    id: int
    chat_id: int
    body: str
    tries: int = 0


class UpdateTries(Struct, frozen=True):
    """That the handling of an update is begun, or was not after all: how many tries it had, and
    has. Who is late finds another number than it `had`.
    """

    id: int
    had: int
    has: int


class Updates:
    """What was posted and is to be handled, and the numbers of what was."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, posted: Sequence[PostedUpdate], now: float) -> set[int] | None:
        """Keeps what was not posted before; returns the numbers of that. None, and nothing is kept,
        where as many wait as there is room for.
        """
        each = as_list([update.id, update.chat_id, update.body] for update in posted)
        async with self._database.write() as transaction:
            if await transaction.rows(_FULL, MOST_WAITING - 1):
                return None
            return {row["id"] for row in await transaction.rows(_KEEP, each, now)}

    async def waiting(
        self,
        known: Collection[int],
        slots: Collection[int] | None,
        limit: int,
        without: Collection[int] = (),
    ) -> list[PostedUpdate]:
        """The oldest that wait, by their numbers, but those that are `known` and those of the chats
        `without`; of the chats of these slots, where not of all.
        """
        mine = "" if slots is None else f" AND (chat_id & {SLOTS - 1}) IN {listed('?4')}"
        values = [] if slots is None else [as_list(slots)]
        rows = await self._database.rows(
            f"{_WAITING} AND chat_id NOT IN {listed('?3')}{mine} ORDER BY id LIMIT ?2",
            *(as_list(known), limit, as_list(without), *values),
        )
        return [_posted(row) for row in rows]

    async def too_many(
        self, known: Collection[int], chats: Collection[int], most: int, limit: int
    ) -> list[PostedUpdate]:
        """What waits of these chats behind the oldest `most` of each, but what is `known`."""
        rows = await self._database.rows(_TOO_MANY, as_list(known), limit, as_list(chats), most)
        return [_posted(row) for row in rows]

    async def mark(
        self, begun: Sequence[UpdateTries], handled: Sequence[int], now: float
    ) -> set[int]:
        """Notes which updates were handled, and of which it was begun; returns of which it is so:
        of the others somebody else has.
        """
        async with self._database.write() as transaction:
            if handled:
                await transaction.run(_HANDLED, as_list(handled), now)
            if not begun:
                return set()
            each = as_list([one.id, one.had, one.has] for one in begun)
            return {row["id"] for row in await transaction.rows(_BEGUN, each)}

    async def set_aside(self, id_: int, kept: str, reason: str, now: float) -> None:
        """Passes over an update that cannot be handled; keeps what is given of it, and why."""
        async with self._database.write() as transaction:
            await aside.put(transaction, Queue.UPDATES, id_, reason, now)
            await transaction.run(
                "UPDATE updates SET handled_at = ?2, body = ?3 WHERE id = ?1", id_, now, kept
            )


async def forget_failed(transaction: Transaction, chat_id: int) -> None:
    """Deletes what is kept of updates of a chat that could not be handled."""
    await transaction.run(
        "UPDATE updates SET body = NULL, chat_id = 0"
        " WHERE chat_id = ? AND handled_at IS NOT NULL AND body IS NOT NULL",
        chat_id,
    )


def _posted(row: Row) -> PostedUpdate:
    return PostedUpdate(row["id"], row["chat_id"], row["body"], row["tries"])


_FULL = "SELECT 1 FROM updates WHERE handled_at IS NULL LIMIT 1 OFFSET ?"
_KEEP = (
    "INSERT INTO updates (id, chat_id, body, received_at) SELECT w.id, w.chat_id, w.body, ?2"
    f" FROM {tabled('?1', 'id', 'chat_id', 'body text')} w WHERE true"
    " ON CONFLICT (id) DO NOTHING RETURNING id"
)
_WAITING = (
    "SELECT id, chat_id, body, tries FROM updates WHERE handled_at IS NULL"
    f" AND id NOT IN {listed('?1')}"
)
_TOO_MANY = (
    "SELECT id, chat_id, body, tries FROM updates WHERE id IN (SELECT w.id FROM"
    " (SELECT id, row_number() OVER (PARTITION BY chat_id ORDER BY id) AS nth FROM updates"
    f"  WHERE handled_at IS NULL AND chat_id IN {listed('?3')}) w"
    f" WHERE w.nth > ?4 AND w.id NOT IN {listed('?1')} ORDER BY w.id LIMIT ?2) ORDER BY id"
)
_HANDLED = (
    f"UPDATE updates SET handled_at = ?2, body = NULL, chat_id = 0 WHERE id IN {listed('?1')}"
)
_BEGUN = (
    f"UPDATE updates SET tries = w.has FROM {tabled('?1', 'id', 'had', 'has')} w"
    # Said so that each is found by its number, and not among all that wait.
    " WHERE updates.id = w.id AND updates.tries = w.had AND coalesce(updates.handled_at, 0) = 0"
    " RETURNING updates.id"
)
