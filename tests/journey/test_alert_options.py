"""The button under an alert: mute what follows of a story, take a report out of it."""

import pytest

from bot.playground.chats.world import ADA_ID, BEN_ID, PlaygroundMessage
from bot.playground.news.newsroom import Newsroom
from tests.journey.town import Town, until

HEADLINE = "Ferry to Lund Island resumes after storm"
WALKOUT = (
    "Dockers walk out at Grand Anse, 31 ships waiting",
    "Dockers at Grand Anse walked out on Monday over wages. 31 ships wait off the port.",
)
DEAL = (
    "Dockers at Grand Anse end walkout after wage deal",
    "Dockers at Grand Anse ended their walkout over wages on Tuesday. The port opens again "
    "and the 31 ships that wait off it may enter.",
)
CHOIR = "Choir festival opens in the hills on Friday"


async def _open(t: Town, message: PlaygroundMessage, user: int = ADA_ID) -> PlaygroundMessage:
    await t.press(message, "Options", user)
    await until(lambda: "Close" in t.labels(message), "the options")
    return t.shown(message)


async def _joined_story(t: Town, newsroom: Newsroom, chat_id: int = ADA_ID) -> PlaygroundMessage:
    """Two outlets under one headline: one alert that names both."""
    newsroom.publish("harbour-post", HEADLINE, "The first boat left at noon.")
    alert = await t.alert(HEADLINE, chat_id)
    newsroom.publish("hill-radio", HEADLINE, "Something else altogether.")
    await t.reports(2)
    t.ahead += 61
    await t.turned_until(lambda: "Also:" in t.shown(alert).text, "the edit")
    return alert


async def test_what_follows_of_a_muted_story_is_silent_until_unmuted(bot: Town) -> None:
    await bot.ask("/start")
    await bot.ask("/subscribe")
    bot.playground.newsroom.publish("harbour-post", *WALKOUT)
    first = await bot.alert("Dockers walk out")
    assert bot.labels(first) == ["Options"]
    menu = await _open(bot, first)
    assert bot.labels(menu) == [
        "Why?",
        "Copy link",
        "More like this",
        "Less like this",
        "Mute this story",
        "Mute Harbour Post",
        "Close",
    ]
    assert "No more alerts" in await bot.press(menu, "Mute this story")
    bot.playground.newsroom.publish("harbour-post", *DEAL)
    bot.playground.newsroom.publish("harbour-post", CHOIR)
    await bot.alert("Choir festival")
    assert not any("end walkout" in text for text in bot.texts())
    menu = await _open(bot, first)
    assert "Unmute this story" in bot.labels(menu)
    await bot.press(menu, "Unmute this story")
    assert "Mute this story" in bot.labels(await _open(bot, first))


async def test_a_report_taken_out_comes_alone_and_silently(bot: Town) -> None:
    await bot.ask("/start")
    await bot.ask("/subscribe")
    alert = await _joined_story(bot, bot.playground.newsroom)
    menu = await _open(bot, alert)
    (label,) = [each for each in bot.labels(menu) if each.startswith("Not the same: Hill Radio")]
    await bot.press(menu, label)
    await bot.turned_until(
        lambda: sum(HEADLINE in text for text in bot.texts()) == 2, "the other report"
    )
    own = bot.messages()[-1]
    assert "Hill Radio" in own.text
    assert "Also:" not in own.text
    assert own.silent
    await bot.turned_until(
        lambda: "Also:" not in bot.shown(alert).text, "the edit that leaves it out"
    )
    assert bot.labels(alert) == ["Options"]
    # Others are told as before, and the chat is not told of either again.
    bot.playground.newsroom.publish("harbour-post", CHOIR)
    await bot.alert("Choir festival")
    assert sum(HEADLINE in text for text in bot.texts()) == 2


async def test_two_chats_split_a_story_for_all_also_after_a_restart(bot: Town) -> None:
    chats = [ADA_ID, BEN_ID, bot.playground.people.create_group("Watch").id]
    for chat in chats:
        user = BEN_ID if chat == BEN_ID else ADA_ID
        await bot.ask("/subscribe", chat, user=user)
    bot.ahead += 8 * 86_400  # who came this week has no say for others
    alert = await _joined_story(bot, bot.playground.newsroom)
    for chat, user in ((ADA_ID, ADA_ID), (BEN_ID, BEN_ID)):
        told = next(m for m in bot.messages(chat) if HEADLINE in m.text)
        menu = await _open(bot, told, user)
        (label,) = [each for each in bot.labels(menu) if each.startswith("Not the same")]
        await bot.press(menu, label, user)
    group = chats[2]
    await until(
        lambda: sum(HEADLINE in text for text in bot.texts(group)) == 2, "the split for a third"
    )
    bot.ahead += 121
    first = next(m for m in bot.messages(group) if HEADLINE in m.text)
    await bot.turned_until(lambda: "Also:" not in bot.shown(first).text, "the third chat's edit")
    await bot.stop_bot()
    await bot.start_bot()
    bot.playground.newsroom.publish("harbour-post", CHOIR)
    for chat in chats:
        await bot.alert("Choir festival", chat)
        assert sum(HEADLINE in text for text in bot.texts(chat)) == 2
    assert "Also:" not in bot.shown(alert).text
    async with bot.storage() as storage:
        rows = await storage.stories.newest(None, 10)
    assert [row.story.reports for row in rows if row.story.title == HEADLINE] == [1, 1]


async def test_the_report_that_opened_a_story_can_be_taken_out_too(bot: Town) -> None:
    await bot.ask("/start")
    bot.playground.newsroom.publish("harbour-post", HEADLINE, "The first boat left at noon.")
    await bot.stored(HEADLINE)
    await bot.ask("/subscribe Hill Radio")
    bot.playground.newsroom.publish("hill-radio", HEADLINE, "Something else altogether.")
    alert = await bot.alert("Something else")
    assert "Also:" in alert.text
    menu = await _open(bot, alert)
    (label,) = [each for each in bot.labels(menu) if each.startswith("Not the same: Harbour Post")]
    await bot.press(menu, label)
    await bot.alert("The first boat left")
    await bot.turned_until(
        lambda: "Also:" not in bot.shown(alert).text, "the edit that leaves it out"
    )
    assert "Also:" not in bot.messages()[-1].text


@pytest.mark.hostile(83, 89)
async def test_only_administrators_change_an_alert_and_forged_presses_change_nothing(
    bot: Town,
) -> None:
    group = bot.playground.people.create_group("Watch").id
    await bot.ask("/subscribe", group, user=ADA_ID)
    bot.playground.newsroom.publish("harbour-post", HEADLINE)
    alert = await bot.alert(HEADLINE, group)
    assert "administrator" in await bot.press(alert, "Options", BEN_ID)
    menu = await _open(bot, alert, ADA_ID)
    assert "administrator" in await bot.press(menu, "Mute this story", BEN_ID)
    await bot.ask("/start", BEN_ID, user=BEN_ID)
    # Ben forges a press in his own chat upon the group's alert.
    own = bot.messages(BEN_ID)[-1]
    for data in ("v1:mute_story:1", "v1:take_out:1:2", "v1:alert:1", "v1:take_out:x"):
        note = await _forged(bot, own, data)
        assert "too old" in note
    async with bot.storage() as storage:
        stored = await storage.alerts.get(1)
    assert stored is not None
    assert not stored.muted
    # A minute later the options close by themselves, also after a restart.
    await bot.stop_bot()
    bot.ahead += 61
    await bot.start_bot()
    await until(lambda: bot.labels(alert) == ["Options"], "the options to close")


async def _forged(t: Town, message: PlaygroundMessage, data: str) -> str:
    query = t.playground.people.press(message.chat_id, message.id, user=BEN_ID, data=data)
    return await t.noted(query)
