"""What people say and press, and what the bot answers, through the running bot."""

import base64
from functools import partial
from typing import Any

import pytest

from bot.playground.faults import Kind
from bot.playground.world import ADA_ID, BEN_ID, Message
from tests.journey.town import Town, until

GROUP = -1002000000001
CHANNEL = -1002000000003


def labels(message: Message) -> list[str]:
    """What is written on a message's buttons."""
    keyboard = (message.reply_markup or {}).get("inline_keyboard", [])
    return [button["text"] for row in keyboard for button in row]


async def publish_and_store(t: Town, *titles: str) -> None:
    """Publishes headlines and waits until they are stored."""
    for title in titles:
        t.playground.newsroom.publish("harbour-post", title)
    await t.stored(*titles)


async def test_start_is_one_short_screen_and_its_button_subscribes(bot: Town) -> None:
    hello = await bot.ask("/start")
    assert "rings" not in hello.text
    assert len(hello.text.splitlines()) <= 5
    assert labels(hello) == [
        "Choose topics",
        "Follow everything",
        "Newest stories",
        "My topics",
        "Help",
    ]
    await bot.press(hello, "Follow everything")
    await bot.alert("This chat follows every story")
    again = await bot.ask("/start")
    assert labels(again) == labels(hello)


async def test_start_with_a_payload_follows_the_topic_it_carries(bot: Town) -> None:
    payload = base64.urlsafe_b64encode(b"quake, flood").decode().rstrip("=")
    assert "Following quake, flood" in (await bot.ask(f"/start t-{payload}")).text
    assert "no topic that I can read" in (await bot.ask("/start t-%%%")).text
    assert "one alert" in (await bot.ask("/start somebody-elses")).text


async def test_latest_turns_pages_in_place_and_back(bot: Town) -> None:
    await publish_and_store(bot, *[f"Bulletin {n} from the harbour office" for n in range(1, 13)])
    first = await bot.ask("/latest")
    shown = first.text
    assert shown.startswith("Latest stories")
    assert shown.count("Harbour Post") == 5
    assert labels(first) == ["Older →"]
    await bot.press(first, "Older →")
    second = bot.playground.world.chats[ADA_ID].messages[first.id]
    assert second.text != shown
    assert labels(second) == ["← Newer", "Older →"]
    await bot.press(second, "Older →")
    third = bot.playground.world.chats[ADA_ID].messages[first.id]
    assert third.text.count("Harbour Post") == 2
    assert labels(third) == ["← Newer"]
    await bot.press(third, "← Newer")
    await bot.press(bot.playground.world.chats[ADA_ID].messages[first.id], "← Newer")
    assert bot.playground.world.chats[ADA_ID].messages[first.id].text == shown
    numbers = {n for n in range(1, 13) for text in (shown,) if f"Bulletin {n} " in text}
    assert len(numbers) == 5
    assert len(bot.messages()) == 1


async def test_latest_with_words_finds_what_matches_and_offers_it_as_a_topic(
    bot: Town,
) -> None:
    titles = ["Strike at the port ends", "Rail strikes begin", "Bowling club strikes gold"]
    await publish_and_store(bot, *titles, "Museum opens late on Thursdays")
    found = await bot.ask("/latest strike -bowling")
    assert "Strike at the port" in found.text
    assert "Rail strikes" in found.text
    assert "Bowling" not in found.text
    assert "Museum" not in found.text
    await bot.press(found, "Follow this as a topic")
    assert (
        "2 stories so far; I began to watch" in (await bot.alert("Following strike -bowling")).text
    )
    assert "Rail strikes" in (await bot.ask("/latest strike -bowling")).text
    empty = await bot.ask("/latest volcano")
    assert "Nothing stored matches" in empty.text


async def test_topics_are_listed_tested_muted_and_removed(bot: Town) -> None:
    await publish_and_store(bot, "Quake shakes the northern coast", "Quake drill at schools")
    tried = await bot.ask("/topic test quake -drill")
    assert "1 story so far" in tried.text
    assert "no topic yet" in (await bot.ask("/topic")).text
    followed = await bot.ask("/topic Quakes: quake -drill")
    assert "Following Quakes (quake -drill)" in followed.text
    assert "Quake shakes the northern coast" in followed.text
    assert "is silent until" in (await bot.ask("/topic mute quakes 8h")).text
    bot.playground.newsroom.publish("harbour-post", "Second quake shakes the coast at night")
    listed = await bot.ask("/topic")
    assert "silent until" in listed.text
    assert labels(listed) == ["Quakes", "Ready-made topics"]
    wrong = await bot.ask("/topic mute quakes soon")
    assert "'soon' is no time I know" in wrong.text
    page = await bot.turned(listed, "Quakes", "Remove topic")
    assert await bot.press(page, "Remove topic") == "Quakes removed."
    assert "No one topic is called" in (await bot.ask("/topic remove quakes")).text
    assert not any("Second quake" in text for text in bot.texts())


@pytest.mark.hostile(85)
async def test_a_query_that_cannot_be_read_is_refused_with_its_place(bot: Town) -> None:
    answer = await bot.ask('/topic "unclosed')
    assert "The quote that opens at character 1 is not closed." in answer.text
    assert "only says what to leave out" in (await bot.ask("/topic -war")).text
    for words in ('%_ " OR *', "'; DROP TABLE chats; --", "x" * 4000, "\x00 OR"):
        assert (await bot.ask(f"/topic {words}")).text
    assert (await bot.ask("/status")).text.startswith("How this chat is served")


@pytest.mark.hostile(89, 91)
async def test_in_a_group_only_administrators_change_anything(bot: Town) -> None:
    only = "Only an administrator of this group can change that."
    for command in ("/subscribe", "/topic flood", "/stop", "/forget", "/unsubscribe"):
        assert (await bot.ask(command, GROUP, user=BEN_ID)).text == only
    assert "follows every story" in (await bot.ask("/subscribe", GROUP, user=ADA_ID)).text
    assert "Following flood" in (await bot.ask("/topic flood", GROUP, user="anonymous")).text
    listed = await bot.ask("/topic", GROUP, user=BEN_ID)
    page = await bot.turned(listed, "flood", "Remove topic", user=BEN_ID)
    for label in ("Remove topic", "Sound: on", "A day: all"):
        assert await bot.press(page, label, user=BEN_ID) == only
    # Rights that were taken between the menu and the press do not count any more.
    bot.playground.people.set_role(GROUP, ADA_ID, "member")
    assert await bot.press(page, "Remove topic", user=ADA_ID) == only
    async with bot.storage() as storage:
        assert [topic.name for topic in await storage.chats.topics(GROUP)] == ["flood"]


async def test_a_command_for_another_bot_or_an_unknown_one_in_a_group_is_left(
    bot: Town,
) -> None:
    name = bot.playground.world.bot.username
    for text in ("/latest@another_bot", "/pingpong", "good morning /latest"):
        bot.playground.people.say(GROUP, text)
    assert (await bot.ask(f"/help@{name}", GROUP)).text.startswith("What I can do here")
    assert len(bot.messages(GROUP)) == 1
    assert "I do not know /\u2060pingpong" in (await bot.ask("/pingpong")).text


async def test_stop_pauses_and_start_resumes(bot: Town) -> None:
    await bot.ask("/start")
    await bot.ask("/subscribe")
    assert (await bot.ask("/stop")).text.startswith("Paused")
    await publish_and_store(bot, "Told to nobody while paused")
    assert "Welcome back" in (await bot.ask("/start")).text
    bot.playground.newsroom.publish("harbour-post", "Told again after the pause")
    await bot.alert("Told again")
    assert not any("Told to nobody" in text for text in bot.texts())


async def test_forget_asks_first_and_then_deletes_everything(bot: Town) -> None:
    await bot.ask("/subscribe")
    await bot.ask("/topic flood")
    assert "What this bot stores" in (await bot.ask("/privacy")).text
    asked = await bot.ask("/forget")
    await bot.press(asked, "Keep")
    asked = await bot.ask("/forget")
    await bot.press(asked, "Delete")
    await bot.alert("is deleted")
    async with bot.storage() as storage:
        assert await storage.chats.get(ADA_ID) is None
        assert (await storage.stats()).topics == 0


async def test_a_stale_or_forged_button_is_answered_and_changes_nothing(bot: Town) -> None:
    listed = await bot.ask("/start")
    forged = [
        "", "v1", "v1:", "v0:latest:0", "v1:nothing", "v1:unfollow:999", "v1:follow:77",
        "v1:latest:55:1:older", "v1:latest:x:y:z", "v1:subscribe:4711", "\x00" * 30,
    ]  # fmt: skip
    for data in forged:
        listed.reply_markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
        await bot.press(listed, "x")
    async with bot.storage() as storage:
        assert await storage.chats.subscriptions(ADA_ID) == []


@pytest.mark.hostile(84, 86)
async def test_a_strange_start_and_the_button_of_a_deleted_topic_change_nothing(
    bot: Town,
) -> None:
    for payload in ("t-%%%", "t-" + "A" * 60, "x" * 64, "v1:forget", "\u202e"):
        assert (await bot.ask(f"/start {payload}")).text
    await bot.ask("/topic flood")
    page = await bot.turned(await bot.ask("/topic"), "flood", "Remove topic")
    await bot.ask("/topic remove flood")
    for label in ("Remove topic", "Sound: on"):
        assert "flood" not in (await bot.press(page, label)).lower()
    async with bot.storage() as storage:
        assert await storage.chats.topics(ADA_ID) == []


@pytest.mark.hostile(88)
async def test_more_commands_than_a_person_means_are_left_unanswered(bot: Town) -> None:
    for _ in range(60):
        bot.playground.people.say(ADA_ID, "/privacy")
    assert "What I can do here" in (await bot.ask("/help", GROUP, user=BEN_ID)).text
    assert len(bot.messages()) <= 20


@pytest.mark.town(access="invite", admin_ids=(ADA_ID,))
async def test_by_invitation_a_chat_waits_until_an_operator_lets_it_in(bot: Town) -> None:
    answer = await bot.ask("/subscribe", BEN_ID, user=BEN_ID)
    assert f"let in chat {BEN_ID}" in answer.text
    assert "operators" in (await bot.ask("/admin letin 5002", BEN_ID, user=BEN_ID)).text
    assert "is let in" in (await bot.ask(f"/admin letin {BEN_ID}")).text
    assert "follows every story" in (await bot.ask("/subscribe", BEN_ID, user=BEN_ID)).text
    assert "Feeds: 2" in (await bot.ask("/admin")).text
    assert "never written" in (await bot.ask("/admin letin 777")).text


def _is_deleted(t: Town, asked: Message) -> bool:
    return "is deleted" in t.shown(asked).text


@pytest.mark.town(admin_ids=str(ADA_ID))
async def test_who_is_shut_out_stays_so_when_their_data_are_deleted(bot: Town) -> None:
    for someone in (ADA_ID, BEN_ID):
        await bot.ask("/start", someone, user=someone)
    assert "is shut out" in (await bot.ask(f"/admin shutout {BEN_ID}")).text
    for _ in range(2):
        asked = await bot.ask("/forget", BEN_ID, user=BEN_ID)
        await bot.press(asked, "Delete", user=BEN_ID)
        await until(partial(_is_deleted, bot, asked), "the end of the data")
        assert "an operator refused it" in bot.shown(asked).text
        for words in ("/start", "/subscribe", "/latest"):
            said = (await bot.ask(words, BEN_ID, user=BEN_ID)).text
            assert said.startswith("This bot serves invited chats only.")
    assert "is let in" in (await bot.ask(f"/admin letin {BEN_ID}")).text
    await bot.alert("This chat is let in.", BEN_ID)
    asked = await bot.ask("/forget", BEN_ID, user=BEN_ID)
    await bot.press(asked, "Delete", user=BEN_ID)
    await until(lambda: "begins anew" in bot.shown(asked).text, "the end of the data")
    assert "I watch" in (await bot.ask("/start", BEN_ID, user=BEN_ID)).text


async def test_a_source_is_named_by_part_of_its_title_or_chosen_by_a_button(
    bot: Town,
) -> None:
    assert "follows Hill Radio from now on" in (await bot.ask("/subscribe hill")).text
    which = await bot.ask("/subscribe r")
    assert "2 sources fit" in which.text
    await bot.press(which, "Harbour Post")
    await bot.alert("follows Harbour Post from now on")
    asked = await bot.ask("/unsubscribe")
    await bot.press(asked, "Hill Radio")
    assert "It still follows 1 source." in (await bot.alert("no longer follows")).text
    assert "No source is called" in (await bot.ask("/subscribe daily planet")).text


@pytest.mark.hostile(91)
async def test_a_channel_post_of_the_channel_itself_may_subscribe(bot: Town) -> None:
    assert "follows every story" in (await bot.ask("/subscribe", CHANNEL)).text
    bot.playground.newsroom.publish("hill-radio", "Tunnel through the ridge opens to cars")
    await bot.alert("Tunnel through", CHANNEL)


async def test_the_lists_of_commands_fit_their_scopes(bot: Town) -> None:
    group = bot.playground.world.chats[GROUP]
    shown = bot.playground.stage.profile.commands_shown
    of_ben = {command["command"] for command in shown(group, BEN_ID, "en")}
    of_ada = {command["command"] for command in shown(group, ADA_ID, "en")}
    assert "subscribe" not in of_ben
    assert {"latest", "topic", "privacy"} <= of_ben
    assert {"subscribe", "stop", "forget"} <= of_ada


async def test_of_a_flood_of_commands_what_was_not_done_is_said_once(bot: Town) -> None:
    await bot.ask("/start")
    for _ in range(25):
        bot.playground.people.say(ADA_ID, "/status")
    bot.playground.people.say(ADA_ID, "/digest off")
    said = await bot.alert("commands in 30 seconds")
    await until(lambda: "/digest off" in bot.shown(said).text, "the last one to be named")
    await until(lambda: "/status (6 times)" in bot.shown(said).text, "the others to be named")
    assert sum("commands in 30 seconds" in text for text in bot.texts()) == 1
    assert len(bot.texts()) <= 21
    bot.ahead = 31
    assert "In digests" not in (await bot.ask("/digest off")).text


async def test_more_updates_than_can_wait_are_named_too(idle: Town) -> None:
    for n in range(90):
        idle.playground.people.say(ADA_ID, f"/latest word{n}")
    await idle.start_bot()
    said = await idle.alert("commands in 30 seconds")
    await until(lambda: "and 60 more" in idle.shown(said).text, "all of them to be counted")
    assert sum("commands in 30 seconds" in text for text in idle.texts()) == 1


async def test_nobody_waits_for_a_chat_whose_answers_are_slow(bot: Town) -> None:
    await bot.ask("/start", BEN_ID, user=BEN_ID)
    await until(
        lambda: not len(bot.playground.stage.updates), "what was said so far to be confirmed"
    )
    bot.playground.faults.add(Kind.DELAY, chat_id=ADA_ID, seconds=20.0)
    bot.playground.people.say(ADA_ID, "/help")
    await until(lambda: not bot.playground.faults.waiting, "an answer that is late")
    await bot.ask("/help", BEN_ID, user=BEN_ID)
    # Answered while the other is not confirmed, as it would be after two seconds of waiting.
    assert len(bot.playground.stage.updates)
    assert not bot.texts(ADA_ID)


async def test_updates_that_are_none_keep_no_other_from_being_answered(bot: Town) -> None:
    none: list[Any] = [7, [], {"message_id": "x", "chat": 3}, {"chat": {"id": "none"}}]
    for nonsense in none:
        bot.playground.stage.updates.offer("message", nonsense)
    assert "What I can do here" in (await bot.ask("/help")).text
