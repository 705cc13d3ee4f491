"""What runs on the loop's own thread, counted by calls: no clock is asked."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def calls_here(module: str, *names: str) -> Iterator[list[str]]:
    """Which of these functions of a module this thread calls within the block."""
    seen: list[str] = []

    def watch(frame: FrameType, event: str, arg: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_name in names and frame.f_globals["__name__"] == module:
            seen.append(code.co_name)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield seen
    finally:
        sys.setprofile(before)


async def most_between_turns(seen: list[str], work: "asyncio.Task[None]") -> int:
    """How many of the calls `seen` come at most while nobody else has the loop."""
    most = before = 0
    while not work.done():
        await asyncio.sleep(0)
        most, before = max(most, len(seen) - before), len(seen)
    await work
    return most
