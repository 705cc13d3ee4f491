"""What must not be left half-way."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def to_the_end(work: Coroutine[Any, Any, Any]) -> Any:
    """Awaits `work` although the caller is cancelled meanwhile, and only then lets it be; returns
    what it returns.

    The lock must not be given up while a BEGIN, COMMIT or ROLLBACK is on its way to the database:
    the next task's statements would end up inside that transaction.
    """
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = True
        except Exception:
            break  # the work itself failed; `result` below raises that again
    result = task.result()
    if cancelled:
        raise asyncio.CancelledError
    return result
