"""Turns at what tasks share, and calculations beside the loop."""

import asyncio
import threading

from bot.aside import aside
from bot.turns import Turns, on_behalf_of


async def test_a_chat_that_asks_again_at_once_lets_others_go_first() -> None:
    turns = Turns(1, chats=1)
    served: list[str] = []

    async def use(name: str, times: int) -> None:
        for _ in range(times):
            async with turns.turn():
                served.append(name)
                await asyncio.sleep(0)

    tasks = []
    for who, name, times in ((1, "a", 4), (2, "b", 2), (None, "ours", 1)):
        with on_behalf_of(who):
            tasks.append(asyncio.create_task(use(name, times)))
    await asyncio.gather(*tasks)
    assert served == ["a", "ours", "b", "a", "b", "a", "a"]


async def test_who_is_cancelled_keeps_no_turn() -> None:
    turns = Turns(1, chats=1)
    await turns.take()
    waiting, granted = (asyncio.create_task(turns.take()) for _ in range(2))
    await asyncio.sleep(0)
    waiting.cancel()
    turns.give(None)  # `waiting` has not run since it was cancelled
    granted.cancel()
    await asyncio.gather(waiting, granted, return_exceptions=True)
    async with asyncio.timeout(60), turns.turn():
        assert turns.waiting == 0


async def test_calculations_run_beside_the_loop_one_at_a_time_in_turn_by_chat() -> None:
    served: list[tuple[int, bool]] = []
    under_way = threading.Lock()

    def calculate(who: int) -> None:
        assert under_way.acquire(blocking=False)
        served.append((who, threading.current_thread() is threading.main_thread()))
        under_way.release()

    tasks = []
    for who in (1, 1, 1, 2):
        with on_behalf_of(who):
            tasks.append(asyncio.create_task(aside(calculate, who)))
    await asyncio.gather(*tasks)
    assert served == [(1, False), (1, False), (2, False), (1, False)]
