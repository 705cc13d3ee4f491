"""Calculations that take long, beside the loop: one at a time, in turn by who asks.

One thread, since more of them would only take from each other and from the loop what Python lets
one have at a time.
"""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from bot.turns import Turns

Given = ParamSpec("Given")
Result = TypeVar("Result")

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, Turns] = WeakKeyDictionary()


async def aside(
    calculation: Callable[Given, Result], *args: Given.args, **named: Given.kwargs
) -> Result:
    """What a calculation gives, which touches nothing that others change meanwhile."""
    loop = asyncio.get_running_loop()
    turns = _turns.setdefault(loop, Turns(1, chats=1))
    who = await turns.take()
    work = asyncio.ensure_future(asyncio.to_thread(calculation, *args, **named))
    # A thread cannot be given up: who is cancelled leaves it its turn until it has ended.
    work.add_done_callback(lambda _: turns.give(who))
    return await asyncio.shield(work)
