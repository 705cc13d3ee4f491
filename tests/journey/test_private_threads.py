"""Private chats with topics: alerts and answers stay in the thread in which they were asked for."""

from bot.playground.chats.world import ADA_ID
from tests.journey.test_faults import HEADLINE
from tests.journey.town import Town


async def test_what_is_followed_in_a_thread_of_a_private_chat_is_told_there(
    bot: Town,
) -> None:
    await bot.ask("/start")
    ferries = bot.playground.people.open_topic(ADA_ID, "Ferries").id
    answer = await bot.ask("/topic ferry", thread_id=ferries)
    assert answer.thread_id == ferries
    assert (await bot.ask("/topic choir")).thread_id is None
    bot.playground.newsroom.publish("harbour-post", HEADLINE)
    bot.playground.newsroom.publish("harbour-post", "Choir festival opens on Friday")
    assert (await bot.alert(HEADLINE)).thread_id == ferries
    assert (await bot.alert("Choir festival")).thread_id is None
    screen = await bot.ask("/settings", thread_id=ferries)
    assert screen.thread_id == ferries
    await bot.turned(screen, "Sound: on", "Off")
    await bot.turned(screen, "Off", "✓ Off")


async def test_a_deleted_thread_of_a_private_chat_leaves_its_alerts_to_the_main_one(
    bot: Town,
) -> None:
    await bot.ask("/start")
    ferries = bot.playground.people.open_topic(ADA_ID, "Ferries").id
    await bot.ask("/subscribe", thread_id=ferries)
    bot.playground.people.set_topic(ADA_ID, ferries, "deleted")
    bot.playground.newsroom.publish("harbour-post", HEADLINE)
    assert (await bot.alert(HEADLINE)).thread_id is None
    bot.playground.newsroom.publish("harbour-post", "Choir festival opens on Friday")
    assert (await bot.alert("Choir festival")).thread_id is None
    assert sum("The thread Ferries is gone" in text for text in bot.texts()) == 1
    assert len(bot.playground.ledger.find(method="sendMessage", applied=False)) == 1


async def test_a_channel_is_spoken_for_from_the_thread_of_the_command(idle: Town) -> None:
    channel = -1002000000003
    await idle.start_bot()
    await idle.ask("/start")
    post = idle.playground.people.say(channel, "The bulletin begins", user=ADA_ID)
    idle.playground.people.forward(channel, post.id)
    await idle.alert("Channel ")
    ferries = idle.playground.people.open_topic(ADA_ID, "Ferries").id
    assert (await idle.ask("/subscribe", thread_id=ferries)).thread_id == ferries
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    assert (await idle.alert(HEADLINE, channel)).thread_id is None
