"""What is promised waits for the disk, and what is found out again does not."""

import asyncio

import pytest

from storage.sqlite.connection import SqliteDatabase

_SOON, _AT_ONCE = 1, 2  # NORMAL and FULL, as SQLite numbers them


async def _in_a_transaction(database: SqliteDatabase) -> int:
    async with database.write() as transaction:
        ((found,),) = await transaction.rows("PRAGMA synchronous")
        return int(found)


async def _now(database: SqliteDatabase) -> int:
    ((found,),) = await database._writer.execute_fetchall("PRAGMA synchronous")
    return int(found)


async def test_a_transaction_waits_for_the_disk_whatever_was_stored_before(
    database: SqliteDatabase,
) -> None:
    assert await _in_a_transaction(database) == _AT_ONCE
    for times in (1, 3):
        for _ in range(times):
            await database.run("UPDATE feeds SET poll_at = 0")
        assert await _now(database) == _SOON
        for _ in range(times):
            assert await _in_a_transaction(database) == _AT_ONCE


@pytest.mark.slow
@pytest.mark.parametrize("turns", range(8))
async def test_one_that_is_given_up_at_any_moment_takes_nothing_from_the_next(
    database: SqliteDatabase, turns: int
) -> None:
    for work in (database.run("UPDATE feeds SET poll_at = 0"), _in_a_transaction(database)):
        await database.run("UPDATE feeds SET poll_at = 0")
        given_up = asyncio.ensure_future(work)
        for _ in range(turns):
            await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        assert await _in_a_transaction(database) == _AT_ONCE
