"""What people say and press, and what the bot answers, through the running bot."""

from typing import Any

import pytest

from bot.playground.bot_api.faults import FaultKind
from bot.playground.chats.world import ADA_ID, BEN_ID, PlaygroundMessage
from bot.texts.catalogues import offered
from tests.journey.town import Town, until

GROUP = -1002000000001
CHANNEL = -1002000000003


def labels(message: PlaygroundMessage) -> list[str]:
    """What is written on a message's buttons."""
    keyboard = (message.reply_markup or {}).get("inline_keyboard", [])
    return [button["text"] for row in keyboard for button in row]


async def publish_and_store(t: Town, *titles: str) -> None:
    """Publishes headlines and waits until they are stored."""
    for title in titles:
        t.playground.newsroom.publish("harbour-post", title)
    await t.stored(*titles)


async def test_stop_pauses_and_start_resumes(bot: Town) -> None:
    await bot.ask("/start")
    await bot.ask("/subscribe")
    assert (await bot.ask("/stop")).text.startswith("Paused")
    await publish_and_store(bot, "Told to nobody while paused")
    assert "Welcome back" in (await bot.ask("/start")).text
    bot.playground.newsroom.publish("harbour-post", "Told again after the pause")
    await bot.alert("Told again")
    assert not any("Told to nobody" in text for text in bot.texts())


@pytest.mark.hostile(88)
async def test_more_commands_than_a_person_means_are_left_unanswered(bot: Town) -> None:
    for _ in range(60):
        bot.playground.people.say(ADA_ID, "/privacy")
    assert "What I can do here" in (await bot.ask("/help", GROUP, user=BEN_ID)).text
    # What was left undone may be said by now, in one message more.
    assert sum(text.startswith("What I store") for text in bot.texts()) <= 20


def _is_deleted(t: Town, asked: PlaygroundMessage) -> bool:
    return "is deleted" in t.shown(asked).text


@pytest.mark.hostile(91)
async def test_a_channel_post_of_the_channel_itself_may_subscribe(bot: Town) -> None:
    assert "follows every story" in (await bot.ask("/subscribe", CHANNEL)).text
    bot.playground.newsroom.publish("hill-radio", "Tunnel through the ridge opens to cars")
    await bot.alert("Tunnel through", CHANNEL)


async def test_who_writes_first_after_a_week_is_answered(bot: Town) -> None:
    await bot.ask("/start")
    bot.playground.stage.updates.count_from(17)
    for _ in range(2):
        assert (await bot.ask("/privacy")).text.startswith("What I store")
    assert len(bot.messages()) == 3


async def test_the_lists_of_commands_fit_their_scopes(bot: Town) -> None:
    group = bot.playground.world.chats[GROUP]
    shown = bot.playground.stage.profile.commands_shown
    of_ben = {command["command"] for command in shown(group, BEN_ID, "en")}
    of_ada = {command["command"] for command in shown(group, ADA_ID, "en")}
    assert "digest" not in of_ben
    assert {"latest", "topic", "settings"} <= of_ben
    assert {"digest", "settings"} <= of_ada


@pytest.mark.town(introduced=False)
async def test_the_lists_of_commands_are_there_in_each_language(bot: Town) -> None:
    chat = bot.playground.world.chats[ADA_ID]
    shown = bot.playground.stage.profile.commands_shown
    codes = [language.partition("-")[0] for language in offered() if language != "en"]
    await until(
        lambda: all(shown(chat, ADA_ID, code) != shown(chat, ADA_ID, "en") for code in codes),
        "the lists of all languages",
    )


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
    bot.playground.faults.add(FaultKind.DELAY, chat_id=ADA_ID, seconds=20.0)
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
