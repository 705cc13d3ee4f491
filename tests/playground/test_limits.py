"""How fast one may send, and what happens to those who do not wait."""

from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import RetryAfter

from bot.playground.bot_api.limits import BotApiLimits, RateBook, RateDecision
from bot.playground.chats.world import ADA_ID
from bot.playground.server import Playground
from tests.playground.conftest import Clock

GROUP = -100_1


def _private(book: RateBook, now: float, chat_id: int = 1, *, edit: bool = False) -> RateDecision:
    return book.judge(now, chat_id, private=True, edit=edit)


def _group(book: RateBook, now: float) -> RateDecision:
    return book.judge(now, GROUP, private=False, edit=False)


def test_a_private_chat_takes_a_burst_and_then_one_a_second() -> None:
    book = RateBook(BotApiLimits())
    assert [_private(book, 0).retry_after for _ in range(5)] == [None] * 5
    assert _private(book, 0.1).retry_after == 1
    assert _private(book, 1.2) == RateDecision(None, False)


def test_edits_in_private_chats_are_free_but_count_for_the_bot() -> None:
    book = RateBook(BotApiLimits(per_second=10))
    assert [_private(book, 0, edit=True).retry_after for _ in range(11)] == [None] * 10 + [1]


def test_a_group_takes_twenty_a_minute() -> None:
    book = RateBook(BotApiLimits())
    assert all(_group(book, second).retry_after is None for second in range(20))
    assert _group(book, 20).retry_after == 40
    assert _group(book, 60) == RateDecision(None, False)


def test_the_bot_as_a_whole_sends_thirty_a_second() -> None:
    book = RateBook(BotApiLimits())
    assert all(_private(book, 0, chat).retry_after is None for chat in range(30))
    assert _private(book, 0, 31).retry_after == 1
    assert _private(book, 1.1, 32).retry_after is None


def test_sending_during_a_penalty_is_a_violation_and_lengthens_it() -> None:
    book = RateBook(BotApiLimits())
    book.punish(0, 1, 10)
    assert _private(book, 0.1) == RateDecision(10, False)
    assert _private(book, 5) == RateDecision(6, True)
    assert _private(book, 11).retry_after is None
    assert _private(book, 5, chat_id=2) == RateDecision(None, False)


def test_a_penalty_that_lies_in_wait_is_told_to_the_first_and_grows_with_each_after_it() -> None:
    book = RateBook(BotApiLimits())
    book.lay_in_wait(None, 2, grows=2)
    assert _private(book, 1) == RateDecision(2, False)
    assert _private(book, 1.2, chat_id=2) == RateDecision(2, False), "it was on its way already"
    assert _private(book, 2, chat_id=3) == RateDecision(3, True)
    assert book.ends_at(None) == 5
    assert _private(book, 5, chat_id=2) == RateDecision(None, False)


def test_a_penalty_may_name_no_time() -> None:
    book = RateBook(BotApiLimits())
    book.lay_in_wait(GROUP, 2, tells=False)
    assert _group(book, 1) == RateDecision(None, False, untold=True)
    assert _group(book, 2) == RateDecision(None, True, untold=True)
    assert _group(book, 4) == RateDecision(None, False)


def test_unenforced_limits_refuse_nothing_but_see_violations() -> None:
    book = RateBook(BotApiLimits(enforced=False))
    assert all(_private(book, 0).retry_after is None for _ in range(100))
    book.punish(0, 1, 10)
    assert _private(book, 5) == RateDecision(None, True)


async def test_the_bot_gets_retry_after_and_the_ledger_sees_who_did_not_wait(
    playground: Playground, bot: Bot, clock: Clock
) -> None:
    playground.people.say(ADA_ID, "/start")
    for number in range(5):
        await bot.send_message(ADA_ID, f"{number}")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(ADA_ID, "too fast")
    assert caught.value.retry_after == timedelta(seconds=1)
    clock.now += 0.5
    with pytest.raises(RetryAfter):
        await bot.send_message(ADA_ID, "still too fast")
    clock.now += 3
    await bot.send_message(ADA_ID, "patient")
    assert [entry.text for entry in playground.ledger.violations()] == ["still too fast"]
    assert len(playground.ledger.delivered(ADA_ID)) == 6
