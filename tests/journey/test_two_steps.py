"""A digest goes in two steps, and what Telegram asked for outlives the bot's process."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.news.penalty import Stage
from bot.playground.faults import Kind
from bot.playground.world import ADA_ID
from tests.journey.town import Town, town, until

CHOIR = "Choir festival opens in the hills on Friday"
FERRY = "Ferry to Lund Island resumes after storm"
# People of their own, each in a chat with the bot.
_CHATS = tuple(range(7001, 7007))


async def _gathering(t: Town) -> None:
    await t.start_bot()
    await t.ask("/subscribe")
    await t.ask(f"/digest {datetime.fromtimestamp(time.time() + 3 * 3600, UTC):%H:%M}")
    t.playground.newsroom.publish("harbour-post", CHOIR)
    async with t.storage() as storage, asyncio.timeout(15):
        while not (await storage.stats()).deliveries.get("held"):
            await asyncio.sleep(0.02)


async def test_a_digest_whose_edit_goes_wrong_is_edited_again_and_rings_once(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await _gathering(t)
        t.playground.faults.add(Kind.APPLY_THEN_DROP, method="editMessageText", chat_id=ADA_ID)
        t.ahead = 3 * 3600 + 60
        digest = await t.alert("Digest: 1 story")
        assert CHOIR in digest.text
        # Refused as not modified, the second edit says that the first arrived.
        ledger = t.playground.ledger
        await until(lambda: len(ledger.find(method="editMessageText")) == 2, "two edits")
        firsts = ledger.find(method="sendMessage", containing="Your digest: 1 story")
        assert len(firsts) == 1
        assert CHOIR not in firsts[0].text


async def test_a_digest_whose_first_part_was_deleted_comes_anew(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await _gathering(t)
        t.playground.faults.add(Kind.TOO_MANY, method="editMessageText", chat_id=ADA_ID)
        t.ahead = 3 * 3600 + 60
        first = await t.alert("Your digest: 1 story")
        del t.playground.world.chats[ADA_ID].messages[first.id]
        digest = await t.alert("Digest: 1 story", seconds=30)
        assert digest.id > first.id
        assert CHOIR in digest.text


async def test_a_digest_that_may_be_there_and_is_refused_comes_anew_and_says_so(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await _gathering(t)
        faults = t.playground.faults
        faults.add(Kind.APPLY_THEN_DROP, method="editMessageText", chat_id=ADA_ID)
        odd = "Bad Request: CHAT_ADMIN_REQUIRED"
        faults.add(Kind.REFUSE, method="editMessageText", chat_id=ADA_ID, description=odd)
        t.ahead = 3 * 3600 + 60
        again = await t.alert("This may not have reached you: 1 story")
        assert CHOIR in again.text
        told = [m for m in t.playground.world.chats[ADA_ID].messages.values() if CHOIR in m.text]
        assert [m.text.partition(":")[0] for m in told] == ["Digest", again.text.partition(":")[0]]


async def test_a_digest_that_telegram_cannot_read_is_edited_into_plain_text(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await _gathering(t)
        t.playground.faults.add(
            Kind.REFUSE,
            method="editMessageText",
            chat_id=ADA_ID,
            description="Bad Request: can't parse entities: Unsupported start tag",
        )
        t.ahead = 3 * 3600 + 60
        digest = await t.alert(CHOIR)
        assert digest.text.startswith("Digest: 1 story")
        assert digest.entities == [] or all(e["type"] == "url" for e in digest.entities)


async def test_a_penalty_of_the_whole_bot_outlives_its_process(tmp_path: Path) -> None:
    seconds = 6
    async with town(tmp_path) as t:
        await t.start_bot()
        for chat in _CHATS:
            t.playground.people.create_person(chat, f"Person {chat}")
            await t.ask("/subscribe", chat, user=chat)
        for chat in _CHATS:
            t.playground.faults.add(Kind.TOO_MANY, chat_id=chat, retry_after=seconds)
        t.playground.newsroom.publish("harbour-post", FERRY)
        ledger = t.playground.ledger
        await until(lambda: len(ledger.find(containing=FERRY)) == len(_CHATS), "refusals")
        refused_at = max(entry.time for entry in ledger.find(containing=FERRY))
        assert await _held_until(t) >= refused_at + seconds - 1
        await t.stop_bot()
        await t.start_bot()
        # An answer to somebody who was not told to wait waits too: it is the bot that was told.
        before = ledger.total
        t.playground.people.say(ADA_ID, "/help")
        await until(lambda: ledger.find(after=before), "the first send", seconds + 10)
        first = ledger.find(after=before)[0]
        assert first.time >= refused_at + seconds - 1
        for chat in _CHATS:
            await t.alert(FERRY, chat)
        assert not ledger.violations()


async def _held_until(t: Town) -> float:
    async with t.storage() as storage, asyncio.timeout(10):
        while (known := (await storage.schedules.load(time.time())).penalty).stage is not Stage.ALL:
            await asyncio.sleep(0.05)
    return known.all_at
