"""Chats that an operator shut out."""

import pytest

from bot.actions.chats import let_in, shut_out
from bot.errors import BadInput
from bot.news.chat import SHUT_OUT, ChatState
from bot.news.why import Why, quoted
from storage.storage import Storage
from tests.storage.samples import chat, sql

BEN, GROUP, MOVED = 7, -8, -100


async def _state(storage: Storage, chat_id: int) -> tuple[ChatState, Why | None]:
    met = await storage.chats.meet(chat(chat_id))
    return met.state, met.reason


@pytest.mark.parametrize("forgets_first", [False, True])
async def test_who_was_shut_out_waits_until_they_are_let_in(
    storage: Storage, forgets_first: bool
) -> None:
    await storage.chats.meet(chat(BEN))
    if forgets_first:
        assert not await storage.chats.forget(BEN)
        await shut_out(storage, BEN, 2.0)
    else:
        await shut_out(storage, BEN, 2.0)
        assert await storage.chats.forget(BEN)
    assert await _state(storage, BEN) == (ChatState.WAITING, SHUT_OUT)
    assert await _state(storage, BEN + 1) == (ChatState.ACTIVE, None)
    await let_in(storage, BEN, 3.0)
    assert await _state(storage, BEN) == (ChatState.ACTIVE, None)
    await storage.chats.forget(BEN)
    assert await _state(storage, BEN) == (ChatState.ACTIVE, None)


async def test_who_is_gone_is_let_in_before_they_come_back(storage: Storage) -> None:
    await storage.chats.meet(chat(BEN))
    await shut_out(storage, BEN, 2.0)
    await storage.chats.forget(BEN)
    await let_in(storage, BEN, 3.0)
    with pytest.raises(BadInput, match="never written"):
        await let_in(storage, BEN, 3.0)
    assert await _state(storage, BEN) == (ChatState.ACTIVE, None)


async def test_a_group_that_was_shut_out_and_forgotten_stays_so_under_another_number(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(GROUP, "group"))
    await shut_out(storage, GROUP, 2.0)
    await storage.chats.forget(GROUP)
    await storage.chats.meet(chat(MOVED, "supergroup"))
    await storage.chats.migrate(GROUP, MOVED, 3.0)
    assert await _state(storage, MOVED) == (ChatState.WAITING, SHUT_OUT)


async def test_who_waits_does_not_become_blocked_and_so_comes_back(storage: Storage) -> None:
    await storage.chats.meet(chat(BEN))
    await shut_out(storage, BEN, 2.0)
    await storage.chats.set_state(BEN, ChatState.BLOCKED, quoted("blocked meanwhile"), 3.0)
    assert await _state(storage, BEN) == (ChatState.WAITING, SHUT_OUT)


async def test_the_number_of_who_was_refused_stands_nowhere(storage: Storage) -> None:
    number = 7_123_456_789
    await storage.chats.meet(chat(number))
    await shut_out(storage, number, 2.0)
    await storage.chats.forget(number)
    assert len(await sql(storage, "SELECT * FROM refused")) == 1
    # The desk is told once that the wishes of a chat changed.
    for table in {*await storage._database.tables()} - {"audience_changes"}:
        assert str(number) not in str(await sql(storage, f"SELECT * FROM {table}")), table
