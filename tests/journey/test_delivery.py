"""Answers that are lost, answers that must not wait, and chats that change."""

import asyncio
import json
import time
from pathlib import Path

import pytest

from bot.app import run_bot
from bot.errors import AlreadyRunning
from bot.news.chat import ChatState
from bot.playground.bot_api.faults import FaultKind
from bot.playground.chats.world import ADA_ID, GENERAL_THREAD, Thread
from storage.storage import Storage
from tests.databases import look
from tests.journey.test_faults import HEADLINE, _following, _times, _until_states
from tests.journey.town import PATIENCE, Town, settled, town

GROUP = -1002000000001
FORUM = -1002000000002


@pytest.mark.parametrize(
    "kind", [FaultKind.APPLY_THEN_DROP, FaultKind.TRUNCATED, FaultKind.APPLY_THEN_ERROR]
)
async def test_a_supergroup_gets_a_message_once_although_its_answer_was_lost(
    idle: Town, kind: FaultKind
) -> None:
    await _following(idle, GROUP)
    answers = idle.messages(GROUP)
    idle.playground.people.say(GROUP, "A word between people", user=ADA_ID)
    idle.playground.faults.add(kind, chat_id=GROUP)
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    await _until_states(idle, {"sent": 1})
    assert _times(idle, HEADLINE, GROUP) == 1
    assert [idle.shown(answer).text for answer in answers] == [a.text for a in answers]
    assert idle.messages(GROUP)[-1].edit_date is None
    async with idle.storage() as storage:
        alert = await storage.alerts.get(1)
        assert alert is not None


async def test_a_lost_request_that_never_arrived_in_a_supergroup_is_sent_again(
    idle: Town,
) -> None:
    await _following(idle, GROUP)
    answers = idle.texts(GROUP)
    idle.playground.faults.add(FaultKind.DROP, chat_id=GROUP)
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    await _until_states(idle, {"sent": 1})
    assert _times(idle, HEADLINE, GROUP) == 1
    assert idle.texts(GROUP)[:-1] == answers
    probes = idle.playground.ledger.find(method="editMessageText", chat_id=GROUP)
    assert 0 < len(probes) <= 3
    assert not any(probe.applied for probe in probes)


async def test_a_private_chat_is_not_searched(idle: Town) -> None:
    await _following(idle, ADA_ID)
    idle.playground.faults.add(FaultKind.APPLY_THEN_DROP, chat_id=ADA_ID)
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    await _until_states(idle, {"sent": 1})
    assert _times(idle, HEADLINE) == 2
    assert not idle.playground.ledger.find(method="editMessageText")


@pytest.mark.town(send_per_second=5)
async def test_an_answer_does_not_wait_behind_a_burst_of_alerts(idle: Town) -> None:
    await _following(idle, ADA_ID, GROUP)
    for n in range(12):
        idle.playground.newsroom.publish("harbour-post", f"Bulletin {n} from the harbour office")
    await idle.alert("Bulletin 1 from")
    idle.playground.people.say(ADA_ID, "/help")
    await idle.alert("What I can do here")
    sent = idle.playground.ledger.find(method="sendMessage", containing="Bulletin")
    assert len(sent) < 24


async def test_what_went_to_a_deleted_topic_goes_to_the_main_one_with_one_note(
    bot: Town,
) -> None:
    forum = bot.playground.world.chats[FORUM]
    thread = next(i for i, thread in forum.threads.items() if thread.name == "Science")
    await bot.ask("/subscribe", FORUM, thread_id=thread)
    bot.playground.people.set_topic(FORUM, thread, "deleted")
    bot.playground.newsroom.publish("hill-radio", "Probe finds ice on the moon Ithra")
    assert (await bot.alert("Probe finds ice", FORUM)).thread_id is None
    bot.playground.newsroom.publish("hill-radio", "Choir festival opens on Friday")
    assert (await bot.alert("Choir festival", FORUM)).thread_id is None
    assert sum("The thread Science is gone" in text for text in bot.texts(FORUM)) == 1
    refused = bot.playground.ledger.find(method="sendMessage", chat_id=FORUM, applied=False)
    assert len(refused) == 1


async def test_what_was_queued_for_a_deleted_topic_comes_with_one_note_in_all(bot: Town) -> None:
    forum = bot.playground.world.chats[FORUM]
    thread = next(i for i, thread in forum.threads.items() if thread.name == "Science")
    await bot.ask("/subscribe", FORUM, thread_id=thread)
    bot.playground.people.set_topic(FORUM, thread, "deleted")
    titles = ("Probe finds ice on the moon Ithra", "Choir festival opens on Friday", HEADLINE)
    for title in titles:
        bot.playground.newsroom.publish("hill-radio", title)
    for title in titles:
        assert (await bot.alert(title, FORUM)).thread_id is None
    said = [text for text in bot.texts(FORUM) if "The thread Science is gone" in text]
    assert len(said) == 1


async def test_a_closed_topic_leaves_its_alerts_to_the_main_one_until_it_is_opened_again(
    bot: Town,
) -> None:
    forum = bot.playground.world.chats[FORUM]
    thread = next(i for i, thread in forum.threads.items() if thread.name == "Science")
    await bot.ask("/subscribe", FORUM, thread_id=thread)
    bot.playground.people.set_topic(FORUM, thread, "closed")
    bot.playground.newsroom.publish("hill-radio", "Probe finds ice on the moon Ithra")
    assert (await bot.alert("Probe finds ice", FORUM)).thread_id is None
    bot.playground.people.set_topic(FORUM, thread, "open")
    bot.playground.newsroom.publish("hill-radio", "Choir festival opens on Friday")
    assert (await bot.alert("Choir festival", FORUM)).thread_id == thread


async def test_a_group_in_slow_mode_is_waited_for_and_told_once(idle: Town) -> None:
    await _following(idle, ADA_ID, GROUP)
    idle.playground.faults.add(FaultKind.TOO_MANY, chat_id=GROUP, retry_after=2)
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    await idle.alert(HEADLINE)
    await idle.alert(HEADLINE, GROUP)
    assert _times(idle, HEADLINE, GROUP) == 1
    assert idle.playground.ledger.violations() == []


async def test_a_group_that_takes_the_bot_back_goes_on_with_what_it_followed(
    idle: Town,
) -> None:
    await _following(idle, GROUP)
    idle.playground.people.move_bot(GROUP, "kicked")
    async with idle.storage() as storage:
        await _until_state(storage, GROUP, ChatState.BLOCKED)
    idle.playground.people.move_bot(GROUP, "member")
    async with idle.storage() as storage:
        await _until_state(storage, GROUP, ChatState.ACTIVE)
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    await idle.alert(HEADLINE, GROUP)


async def test_a_group_that_takes_the_right_to_write_is_paused_until_it_gives_it_back(
    idle: Town,
) -> None:
    await _following(idle, ADA_ID, GROUP)
    idle.playground.people.move_bot(GROUP, "restricted")
    async with idle.storage() as storage:
        await _until_state(storage, GROUP, ChatState.BLOCKED)
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    await idle.alert(HEADLINE)
    assert not idle.playground.ledger.find(chat_id=GROUP, containing=HEADLINE)
    idle.playground.people.move_bot(GROUP, "member")
    async with idle.storage() as storage:
        await _until_state(storage, GROUP, ChatState.ACTIVE)
    idle.playground.newsroom.publish("harbour-post", "The next headline arrives as ever")
    await idle.alert("The next headline", GROUP)


async def test_a_group_that_becomes_a_forum_goes_on_in_general(idle: Town) -> None:
    await _following(idle, GROUP)
    group = idle.playground.world.chats[GROUP]
    group.is_forum = True
    group.threads[GENERAL_THREAD] = Thread(GENERAL_THREAD, "General")
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    assert (await idle.alert(HEADLINE, GROUP)).thread_id is None


async def test_a_process_whose_database_was_taken_over_ends_and_says_so(tmp_path: Path) -> None:
    async with town(tmp_path, engine="sqlite") as t:
        bot = asyncio.create_task(run_bot(t.settings, now=t.now))
        async with asyncio.timeout(PATIENCE), t.storage() as storage:
            while not await settled(storage):
                await asyncio.sleep(0.02)
        # Beside the loop: the bot may be in a transaction, which must go on meanwhile.
        await asyncio.to_thread(
            look,
            t.settings.database_url,
            "UPDATE facts SET value = ? WHERE name = 'lease'",
            json.dumps({"pid": 1, "host": "elsewhere", "until": time.time() + 30}),
        )
        with pytest.raises(AlreadyRunning, match="Process 1 on elsewhere has taken over"):
            await asyncio.wait_for(bot, 20)


async def _until_state(storage: Storage, chat_id: int, state: ChatState) -> None:
    async with asyncio.timeout(PATIENCE):
        while (chat := await storage.chats.get(chat_id)) is None or chat.state is not state:
            await asyncio.sleep(0.02)


async def test_a_command_in_a_closed_thread_is_answered_in_the_main_one(bot: Town) -> None:
    thread = bot.playground.people.open_topic(FORUM, "Quiet corner").id
    bot.playground.people.set_topic(FORUM, thread, "closed")
    bot.playground.people.say(FORUM, "/status", user=ADA_ID, thread_id=thread)
    answer = await bot.alert("Following: nothing yet", FORUM)
    assert answer.thread_id is None
    assert answer.text.endswith("I can't write in that thread: it is closed. My answer is here.")
