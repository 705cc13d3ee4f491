"""Readers of the database go round: no chat keeps them from others, none from the pipeline."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from bot.turns import on_behalf_of
from storage.sqlite.connection import SqliteDatabase


def begun(who: int | None, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
    with on_behalf_of(who):
        return asyncio.ensure_future(work())


async def test_two_chats_that_read_without_end_hold_neither_others_nor_the_pipeline_up(
    database: SqliteDatabase,
) -> None:
    given: list[int | None] = []
    waited: list[int] = []

    async def read(who: int | None, times: int) -> None:
        for _ in range(times):
            asked = len(given)
            # Without a statement: how long one takes is the machine's, whose turn it is is ours.
            async with database._reader():
                given.append(who)
                if who not in (1, 2):
                    waited.append(len(given) - asked)
                await asyncio.sleep(0)

    greedy = [begun(who, lambda who=who: read(who, 300)) for who in (1, 2)]  # type: ignore[misc]
    while len(given) < 20:
        await asyncio.sleep(0)
    others = [begun(who, lambda who=who: read(who, 5)) for who in (3, None)]  # type: ignore[misc]
    await asyncio.gather(*others)
    assert not all(task.done() for task in greedy)
    # Each of ten readings waits for one of every other at most, and not for hundreds.
    assert len(waited) == 10
    assert max(waited) <= 4
    await asyncio.gather(*greedy)


async def test_one_reader_is_the_pipelines_whatever_chats_do(database: SqliteDatabase) -> None:
    async with AsyncExitStack() as held, asyncio.timeout(60):
        for chat_id in (1, 2):
            with on_behalf_of(chat_id):
                await held.enter_async_context(database.read())
        waiting = begun(3, lambda: _read(database))
        await _read(database)
        assert not waiting.done()
        await held.aclose()
        await waiting


async def test_one_reader_is_the_chats_whatever_the_pipeline_does(database: SqliteDatabase) -> None:
    @asynccontextmanager
    async def two() -> AsyncIterator[None]:
        async with database.read(), database.read():
            yield

    async with two(), asyncio.timeout(60):
        waiting = begun(None, lambda: _read(database))
        await begun(3, lambda: _read(database))
        assert not waiting.done()
    await waiting


async def _read(database: SqliteDatabase) -> None:
    await database.rows("SELECT 1")


async def test_the_caches_of_all_connections_together_are_small(database: SqliteDatabase) -> None:
    kept = 0
    for connection in database._all:
        ((kib,),) = await connection.execute_fetchall("PRAGMA cache_size")
        kept -= kib
    assert 3_000 <= kept <= 4_000  # KiB
