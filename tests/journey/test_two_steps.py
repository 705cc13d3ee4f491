"""A digest goes in two steps, and what Telegram asked for outlives the bot's process."""

import asyncio
import time
from datetime import UTC, datetime

from bot.news.penalty import PenaltyStage
from bot.playground.bot_api.faults import FaultKind
from bot.playground.chats.world import ADA_ID
from tests.journey.town import PATIENCE, Town, until

CHOIR = "Choir festival opens in the hills on Friday"
FERRY = "Ferry to Lund Island resumes after storm"
# People of their own, each in a chat with the bot.
_CHATS = tuple(range(7001, 7007))


async def _gathering(t: Town) -> None:
    await t.start_bot()
    await t.ask("/subscribe")
    await t.ask(f"/digest {datetime.fromtimestamp(time.time() + 3 * 3600, UTC):%H:%M}")
    t.playground.newsroom.publish("harbour-post", CHOIR)
    await t.deliveries("held")


async def test_a_digest_whose_edit_goes_wrong_is_edited_again_and_rings_once(
    idle: Town,
) -> None:
    await _gathering(idle)
    idle.playground.faults.add(FaultKind.APPLY_THEN_DROP, method="editMessageText", chat_id=ADA_ID)
    idle.ahead = 3 * 3600 + 60
    digest = await idle.alert("Digest: 1 story")
    assert CHOIR in digest.text
    # Refused as not modified, the second edit says that the first arrived.
    ledger = idle.playground.ledger
    await until(lambda: len(ledger.find(method="editMessageText")) == 2, "two edits")
    firsts = ledger.find(method="sendMessage", containing="Your digest: 1 story")
    assert len(firsts) == 1
    assert CHOIR not in firsts[0].text


async def test_a_digest_whose_first_part_was_deleted_comes_anew(idle: Town) -> None:
    await _gathering(idle)
    idle.playground.faults.add(FaultKind.TOO_MANY, method="editMessageText", chat_id=ADA_ID)
    idle.ahead = 3 * 3600 + 60
    first = await idle.alert("Your digest: 1 story")
    del idle.playground.world.chats[ADA_ID].messages[first.id]
    digest = await idle.alert("Digest: 1 story")
    assert digest.id > first.id
    assert CHOIR in digest.text


async def test_a_digest_that_may_be_there_and_is_refused_comes_anew_and_says_so(
    idle: Town,
) -> None:
    await _gathering(idle)
    faults = idle.playground.faults
    faults.add(FaultKind.APPLY_THEN_DROP, method="editMessageText", chat_id=ADA_ID)
    odd = "Bad Request: CHAT_ADMIN_REQUIRED"
    faults.add(FaultKind.REFUSE, method="editMessageText", chat_id=ADA_ID, description=odd)
    idle.ahead = 3 * 3600 + 60
    again = await idle.alert("This may not have reached you: 1 story")
    assert CHOIR in again.text
    told = [m for m in idle.playground.world.chats[ADA_ID].messages.values() if CHOIR in m.text]
    assert [m.text.partition(":")[0] for m in told] == ["Digest", again.text.partition(":")[0]]


async def test_a_digest_that_telegram_cannot_read_is_edited_into_plain_text(
    idle: Town,
) -> None:
    await _gathering(idle)
    idle.playground.faults.add(
        FaultKind.REFUSE,
        method="editMessageText",
        chat_id=ADA_ID,
        description="Bad Request: can't parse entities: Unsupported start tag",
    )
    idle.ahead = 3 * 3600 + 60
    digest = await idle.alert(CHOIR)
    assert digest.text.startswith("Digest: 1 story")
    assert digest.entities == [] or all(e["type"] == "url" for e in digest.entities)


async def test_a_penalty_of_the_whole_bot_outlives_its_process(bot: Town) -> None:
    seconds = 6
    for chat in _CHATS:
        bot.playground.people.create_person(chat, f"Person {chat}")
        await bot.ask("/subscribe", chat, user=chat)
    for chat in _CHATS:
        bot.playground.faults.add(FaultKind.TOO_MANY, chat_id=chat, retry_after=seconds)
    bot.playground.newsroom.publish("harbour-post", FERRY)
    ledger = bot.playground.ledger
    await until(lambda: len(ledger.find(containing=FERRY)) == len(_CHATS), "refusals")
    refused_at = max(entry.time for entry in ledger.find(containing=FERRY))
    assert await _held_until(bot) >= refused_at + seconds - 1
    await bot.stop_bot()
    await bot.start_bot()
    # An answer to somebody who was not told to wait waits too: it is the bot that was told.
    before = ledger.total
    bot.playground.people.say(ADA_ID, "/help")
    await until(lambda: ledger.find(after=before), "the first send")
    first = ledger.find(after=before)[0]
    assert first.time >= refused_at + seconds - 1
    for chat in _CHATS:
        await bot.alert(FERRY, chat)
    assert not ledger.violations()


async def _held_until(t: Town) -> float:
    async with t.storage() as storage, asyncio.timeout(PATIENCE):
        while (
            known := (await storage.schedules.load(time.time())).penalty
        ).stage is not PenaltyStage.ALL:
            await asyncio.sleep(0.05)
    return known.all_at
