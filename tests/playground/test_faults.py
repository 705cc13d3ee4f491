"""Troubles on order: what the client sees, and what really happened."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.errors import BadInput
from bot.playground.bot_api.faults import FaultKind, FaultPlan
from bot.playground.chats.world import ADA_ID, BEN_ID
from bot.playground.server import Playground


@pytest.fixture(autouse=True)
def _started(playground: Playground) -> None:
    playground.people.say(ADA_ID, "/start")


@pytest.mark.parametrize(
    ("kind", "error", "applied"),
    [
        (FaultKind.TOO_MANY, RetryAfter, False),
        (FaultKind.TOO_MANY_BARE, NetworkError, False),
        (FaultKind.REFUSE, Forbidden, False),
        (FaultKind.SERVER_ERROR, NetworkError, False),
        (FaultKind.BAD_GATEWAY, NetworkError, False),
        (FaultKind.DROP, NetworkError, False),
        (FaultKind.APPLY_THEN_ERROR, NetworkError, True),
        (FaultKind.APPLY_THEN_DROP, NetworkError, True),
        (FaultKind.TRUNCATED, TelegramError, True),
    ],
)
async def test_a_fault_shows_one_thing_and_does_another(
    playground: Playground, bot: Bot, kind: FaultKind, error: type[Exception], applied: bool
) -> None:
    playground.faults.add(kind)
    with pytest.raises(error):
        await bot.send_message(ADA_ID, "alert")
    stored = [m.text for m in playground.world.chats[ADA_ID].messages.values()]
    assert ("alert" in stored) is applied
    (entry,) = playground.ledger.find(method="sendMessage")
    assert entry.applied is applied


@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.APPLY_THEN_DROP, FaultKind.TRUNCATED])
async def test_the_ledger_knows_that_the_answer_was_lost(
    playground: Playground, bot: Bot, kind: FaultKind
) -> None:
    playground.faults.add(kind)
    with pytest.raises(TelegramError):
        await bot.send_message(ADA_ID, "alert")
    (entry,) = playground.ledger
    assert entry.answered is False


async def test_a_hanging_answer_times_out_though_the_message_is_there(
    playground: Playground, bot: Bot
) -> None:
    playground.faults.add(FaultKind.APPLY_THEN_HANG, seconds=0.6)
    with pytest.raises(TimedOut):
        await bot.send_message(ADA_ID, "alert", read_timeout=0.2)
    assert len(playground.ledger.delivered(ADA_ID)) == 1


async def test_a_delay_only_delays(playground: Playground, bot: Bot) -> None:
    playground.faults.add(FaultKind.DELAY, seconds=0.2)
    loop = asyncio.get_running_loop()
    begin = loop.time()
    await bot.send_message(ADA_ID, "alert")
    assert loop.time() - begin >= 0.2


async def test_a_fault_waits_for_its_chat_method_and_turn(playground: Playground, bot: Bot) -> None:
    playground.people.say(BEN_ID, "/start", user=BEN_ID)
    words = "Bad Request: TOPIC_CLOSED"
    playground.faults.add(FaultKind.REFUSE, chat_id=ADA_ID, after=1, times=2, description=words)
    await bot.send_message(BEN_ID, "other chat")
    await bot.send_chat_action(ADA_ID, "typing")
    await bot.send_message(ADA_ID, "the first passes")
    for _ in range(2):
        with pytest.raises(BadRequest):
            await bot.send_message(ADA_ID, "refused")
    await bot.send_message(ADA_ID, "over")
    assert playground.faults.waiting == []


def test_a_fault_without_end_stays_until_removed() -> None:
    plan = FaultPlan()
    fault = plan.add("server_error", method="*", times=None)
    assert all(plan.take("getMe", None) is fault for _ in range(10))
    assert plan.remove(fault.id)
    assert plan.take("getMe", None) is None
    with pytest.raises(BadInput, match="Kinds are delay"):
        plan.add("plague")


async def test_a_429_on_order_opens_a_penalty(playground: Playground, bot: Bot) -> None:
    playground.faults.add(FaultKind.TOO_MANY, retry_after=7)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(ADA_ID, "first")
    assert caught.value.retry_after == timedelta(seconds=7)
    with pytest.raises(RetryAfter):
        await bot.send_message(ADA_ID, "second")
