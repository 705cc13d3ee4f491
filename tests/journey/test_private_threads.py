"""Private chats with topics: alerts and answers stay in the thread in which they were asked for."""

from pathlib import Path

from bot.playground.world import ADA_ID
from tests.journey.test_faults import HEADLINE
from tests.journey.town import town


async def test_what_is_followed_in_a_thread_of_a_private_chat_is_told_there(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        ferries = t.playground.people.open_topic(ADA_ID, "Ferries").id
        answer = await t.ask("/topic ferry", thread_id=ferries)
        assert answer.thread_id == ferries
        assert (await t.ask("/topic choir")).thread_id is None
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        t.playground.newsroom.publish("harbour-post", "Choir festival opens on Friday")
        assert (await t.alert(HEADLINE)).thread_id == ferries
        assert (await t.alert("Choir festival")).thread_id is None
        screen = await t.ask("/settings", thread_id=ferries)
        assert screen.thread_id == ferries
        await t.turned(screen, "Sound: on", "Sound: off")


async def test_a_deleted_thread_of_a_private_chat_leaves_its_alerts_to_the_main_one(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        ferries = t.playground.people.open_topic(ADA_ID, "Ferries").id
        await t.ask("/subscribe", thread_id=ferries)
        t.playground.people.set_topic(ADA_ID, ferries, "deleted")
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        assert (await t.alert(HEADLINE)).thread_id is None
        t.playground.newsroom.publish("harbour-post", "Choir festival opens on Friday")
        assert (await t.alert("Choir festival")).thread_id is None
        assert sum("The topic I wrote to is gone" in text for text in t.texts()) == 1
        assert len(t.playground.ledger.find(method="sendMessage", applied=False)) == 1


async def test_a_channel_is_spoken_for_from_the_thread_of_the_command(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        channel = -1002000000003
        await t.start_bot()
        await t.ask("/start")
        post = t.playground.people.say(channel, "The bulletin begins", user=ADA_ID)
        t.playground.people.forward(channel, post.id)
        await t.alert("For the channel")
        ferries = t.playground.people.open_topic(ADA_ID, "Ferries").id
        assert (await t.ask("/subscribe", thread_id=ferries)).thread_id == ferries
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        assert (await t.alert(HEADLINE, channel)).thread_id is None
