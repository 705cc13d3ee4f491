"""Telegram says wait, and the bot waits: for all chats, or for those alone that are meant."""

import pytest

from bot.playground.bot_api.ledger import LedgerEntry
from bot.playground.bot_api.limits import BotApiLimits
from bot.playground.chats.world import ADA_ID
from tests.journey.town import Town, until

FERRY = "Ferry to Lund Island resumes after storm"
CHOIR = "Choir festival opens in the hills on Friday"
_BUSY = 10**9
# Nothing is too fast here but what is sent into a penalty; the first to meet it learns of it.
STRICT = BotApiLimits(_BUSY, _BUSY, _BUSY, _BUSY, edits_count_in_private=True, grace=0.0)
_PEOPLE = (7001, 7002, 7003)


async def _following(t: Town) -> None:
    await t.start_bot()
    for chat in _PEOPLE:
        t.playground.people.create_person(chat, f"Person {chat}")
        await t.ask("/subscribe", chat, user=chat)


def _told(t: Town, title: str) -> list[LedgerEntry]:
    return t.playground.ledger.delivered(containing=title)


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.town(limits=STRICT)
async def test_a_penalty_that_grows_with_each_try_is_waited_for(
    idle: Town, restarted: bool
) -> None:
    await _following(idle)
    ledger = idle.playground.ledger
    idle.playground.rates.lay_in_wait(_PEOPLE[0], 2)
    idle.playground.rates.lay_in_wait(None, 4, grows=1)
    idle.playground.newsroom.publish("harbour-post", FERRY)
    idle.playground.newsroom.publish("harbour-post", CHOIR)
    await until(lambda: len(ledger.find(applied=False)) >= 2, "refusals")
    # All three may have been in the air, and nobody is left to probe: so nothing more is sent.
    if restarted:
        await idle.stop_bot()
        await idle.start_bot()
    for chat in _PEOPLE:
        await idle.alert(FERRY, chat)
        await idle.alert(CHOIR, chat)
    assert len(ledger.violations()) <= len(_PEOPLE)
    first = min(entry.time for entry in ledger.delivered() if entry in _told(idle, FERRY))
    assert first - idle.playground.rates.ends_at(None) < 3
    assert (len(_told(idle, FERRY)), len(_told(idle, CHOIR))) == (
        len(_PEOPLE),
        len(_PEOPLE),
    )


@pytest.mark.town(limits=STRICT, send_per_second=2)
async def test_a_chat_that_was_not_refused_shows_that_the_others_alone_are_meant(
    idle: Town,
) -> None:
    # Two a second: the third waits for its turn while the first two are refused.
    await _following(idle)
    for chat in _PEOPLE[:2]:
        idle.playground.rates.lay_in_wait(chat, 10)
    idle.playground.newsroom.publish("harbour-post", FERRY)
    await idle.alert(FERRY, _PEOPLE[2])
    refused = idle.playground.ledger.find(applied=False)
    assert [entry.chat_id for entry in refused] == list(_PEOPLE[:2])
    assert _told(idle, FERRY)[0].time < refused[0].time + 8
    for chat in _PEOPLE[:2]:
        await idle.alert(FERRY, chat)
    assert idle.playground.ledger.violations() == []


@pytest.mark.town(limits=STRICT)
async def test_a_press_is_answered_during_a_penalty_and_its_message_changes_afterwards(
    idle: Town,
) -> None:
    await _following(idle)
    menu = await idle.turned(await idle.ask("/start"), "Skip →", "Health")
    idle.playground.rates.lay_in_wait(ADA_ID, 4)
    idle.playground.newsroom.publish("harbour-post", FERRY)
    idle.playground.people.say(ADA_ID, "/help")
    await until(lambda: idle.playground.ledger.find(applied=False), "a refusal")
    await idle.turned(menu, "Health", "✓ Health")
    changed = idle.playground.ledger.find(method="editMessageText", applied=True)[-1]
    assert changed.time >= idle.playground.rates.ends_at(ADA_ID)
    assert idle.playground.ledger.violations() == []
