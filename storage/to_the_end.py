"""What must not be left half-way."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


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


async def unless_unwanted(work: Callable[[Callable[[], bool]], Result | None]) -> Result:
    """Does `work` in a thread, and awaits its end although the caller is cancelled meanwhile. The
    work is given what tells whether that was so, and returns None where it changed nothing for that
    reason: only then CancelledError is raised, so that nobody takes for undone what is done.
    """
    unwanted = threading.Event()
    task = asyncio.ensure_future(asyncio.to_thread(work, unwanted.is_set))
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            unwanted.set()
    result = task.result()
    if result is None:
        raise asyncio.CancelledError
    return result
