"""From what a person writes, without any command, to what the bot then does for them."""

from typing import Any

from bot.playground.bot_api import wire
from bot.playground.chats.world import ADA_ID, BOT_ID, PlaygroundMessage
from tests.feeds.site import Page, Site, feed, page
from tests.journey.test_channels import speak_for_channel
from tests.journey.town import Town, until

GROUP, CHANNEL = -1002000000001, -1002000000003
OLD, NEWS = "Ferry to Lund Island resumes", "Ferry to Lund Island stops again for repairs"


def _edits(t: Town, said: PlaygroundMessage, text: str) -> None:
    """Somebody edits what they wrote."""
    message: dict[str, Any] = wire.message(t.playground.world, said) | {"text": text}
    message["edit_date"] = message["date"] + 1
    message.pop("entities", None)
    t.playground.stage.updates.offer("edited_message", message)


async def test_a_word_that_is_typed_becomes_a_topic_whose_alert_comes(bot: Town) -> None:
    bot.playground.newsroom.publish("harbour-post", OLD)
    await bot.stored(OLD)
    found = await bot.ask("“ferry”")
    assert OLD in found.text
    assert await bot.press(found, "Follow") == "Followed."
    await bot.alert("Following")
    bot.playground.newsroom.publish("hill-radio", NEWS)
    assert "Hill Radio" in (await bot.alert(NEWS)).text


async def test_what_was_written_is_edited_and_its_answer_with_it(bot: Town) -> None:
    bot.playground.newsroom.publish("harbour-post", OLD)
    await bot.stored(OLD)
    said = bot.playground.people.say(ADA_ID, "/latest bridge")
    answer = await bot.alert("Nothing found on")
    _edits(bot, said, "/latest ferry")
    await until(lambda: OLD in bot.shown(answer).text, "the answer to be replaced")
    _edits(bot, said, "/topic ferry")
    await until(lambda: "Send it again" in bot.shown(answer).text, "what an edit does not do")
    assert len(bot.texts()) == 1
    await bot.press(answer, "/topic ferry")
    await bot.alert("Following ferry.")


async def test_a_link_alone_is_added_by_one_button(harbour: Site, idle: Town) -> None:
    harbour.pages["/"] = page(("rss+xml", "/news.xml"))
    harbour.pages["/news.xml"] = feed("Pier Post", OLD)
    await idle.start_bot()
    offered = await idle.ask(harbour.url)
    assert offered.text == f"I can follow Pier Post for you.\nNewest story: {OLD}"
    async with idle.storage() as storage:
        assert all(harbour.url not in each.url for each in await storage.feeds.all())
    await idle.press(offered, "Add this source")
    await idle.alert("Added Pier Post.")
    await idle.settle()
    harbour.pages["/news.xml"] = feed("Pier Post", NEWS, OLD)
    assert "Pier Post" in (await idle.alert(NEWS)).text


async def test_of_several_feeds_of_a_link_one_is_chosen_and_where_there_is_none_it_is_said(
    harbour: Site, idle: Town
) -> None:
    harbour.pages["/"] = page(("rss+xml", "/world"), ("atom+xml", "/sport"))
    harbour.pages["/world"] = feed("World", OLD)
    harbour.pages["/sport"] = feed("Sport", "Rowers win")
    harbour.pages["/none"] = Page("<p>No feed here")
    await idle.start_bot()
    offered = await idle.ask(f"{harbour.url}/")
    assert idle.labels(offered) == ["1. World", "2. Sport"]
    none = await idle.ask(f"{harbour.url}/none")
    assert none.text.startswith("I could not add that: I found no source there.")


async def test_who_speaks_for_a_channel_searches_and_follows_for_it(bot: Town) -> None:
    bot.playground.newsroom.publish("harbour-post", OLD)
    await bot.stored(OLD)
    await bot.ask("/start")
    await speak_for_channel(bot)
    found = await bot.ask("ferry")
    assert found.text.startswith("Channel Evening bulletin")
    await bot.press(found, "Follow")
    await bot.alert("Following ferry.")
    slip = await bot.ask("/tpic Lund Island")
    await bot.press(slip, "/topic Lund Island")
    await bot.alert("Following Lund Island")
    async with bot.storage() as storage:
        topics = [topic.name for topic in await storage.chats.topics(CHANNEL)]
        assert sorted(topics) == ["Lund Island", "ferry"]
        assert await storage.chats.topics(ADA_ID) == []


async def test_a_reply_to_an_alert_in_a_group_is_a_search_where_it_names_the_bot(
    bot: Town,
) -> None:
    await bot.ask("/topic ferry", GROUP)
    bot.playground.newsroom.publish("harbour-post", OLD)
    alert = await bot.alert(OLD, GROUP)
    assert bot.playground.world.chats[GROUP].messages[alert.id].sender_id == BOT_ID
    for text in ("wow ok", "Lund Island"):
        bot.playground.people.say(GROUP, text, reply_to=alert.id)
    name = bot.playground.world.users[BOT_ID].username
    found = await bot.ask(f"@{name} Lund Island", GROUP, reply_to=alert.id)
    assert "Latest on Lund Island" in found.text
    assert len(bot.texts(GROUP)) == 3


async def test_what_is_asked_for_in_words_is_done_by_a_button(bot: Town) -> None:
    bot.playground.newsroom.publish("harbour-post", OLD)
    await bot.stored(OLD)
    found = await bot.ask("any news about the ferry?")
    assert found.text.startswith("Latest on ferry\n")
    await bot.press(found, "Follow")
    await bot.alert("Following ferry.")
    bot.playground.newsroom.publish("hill-radio", NEWS)
    alert = await bot.alert(NEWS)
    await bot.told(alert)
    why = await bot.ask("why this?", reply_to=alert.id)
    assert why.text.startswith("Why this alert\nTopic ferry")
    less = await bot.ask("not interested", reply_to=alert.id)
    assert less.text == NEWS
    assert "Unfollow ferry" in bot.labels(less)
    fewer = await bot.ask("zu viele Nachrichten")
    assert bot.labels(fewer)[:2] == ["When: At once", "Daily limit: none"]
    asked = await bot.ask("please remove the ferry")
    assert asked.text == "Did you mean this?"
    await bot.press(asked, "Unfollow ferry")
    await until(lambda: "ferry removed." in bot.shown(asked).text, "the topic to go")
    assert (await bot.ask("no, undo")).text.startswith("ferry\n")
    async with bot.storage() as storage:
        assert [topic.name for topic in await storage.chats.topics(ADA_ID)] == ["ferry"]
