"""Chats that an operator shut out stay so when their data are deleted.

What is left of such a chat is a hash of its number, keyed by a secret that each database draws for
itself (so that it survives another token), and slow: whoever has a copy of the database can ask
about one chat, but would need years of a processor to try all numbers there are.
"""

import asyncio
import hashlib

from storage.database import Transaction

_ROUNDS = 50_000  # some 15 ms: 10^10 numbers take five years


async def refuse(transaction: Transaction, chat_id: int) -> None:
    """Remembers that a chat is refused."""
    mark = await _mark(transaction, chat_id)
    await transaction.run("INSERT INTO refused VALUES (?) ON CONFLICT DO NOTHING", mark)


async def pardon(transaction: Transaction, chat_id: int) -> bool:
    """Forgets that; False if it was not so."""
    if not await _has_any(transaction):
        return False
    mark = await _mark(transaction, chat_id)
    return bool(await transaction.run("DELETE FROM refused WHERE mark = ?", mark))


async def is_refused(view: Transaction, chat_id: int) -> bool:
    """Whether a chat whose data are gone is refused."""
    if not await _has_any(view):
        return False
    mark = await _mark(view, chat_id)
    return bool(await view.rows("SELECT 1 FROM refused WHERE mark = ?", mark))


async def _has_any(view: Transaction) -> bool:
    return bool(await view.rows("SELECT 1 FROM refused LIMIT 1"))


async def _mark(view: Transaction, chat_id: int) -> bytes:
    (row,) = await view.rows("SELECT value FROM facts WHERE name = 'refusal_key'")
    key = bytes.fromhex(row["value"])
    return await asyncio.to_thread(
        hashlib.pbkdf2_hmac, "sha256", str(chat_id).encode(), key, _ROUNDS
    )
