"""The button under an alert: mute what follows of a story, take a report out of it."""

import asyncio
from pathlib import Path

import pytest

from bot.playground.newsroom import Newsroom
from bot.playground.world import ADA_ID, BEN_ID, Message
from tests.journey.town import Town, town, until

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


async def _open(t: Town, message: Message, user: int = ADA_ID) -> Message:
    await t.press(message, "Options", user)
    await until(lambda: "Close" in t.labels(message), "the options")
    return t.shown(message)


async def _joined_story(t: Town, newsroom: Newsroom, chat_id: int = ADA_ID) -> Message:
    """Two outlets under one headline: one alert that names both."""
    newsroom.publish("harbour-post", HEADLINE, "The first boat left at noon.")
    alert = await t.alert(HEADLINE, chat_id)
    newsroom.publish("hill-radio", HEADLINE, "Something else altogether.")
    await t.reports(2)
    t.ahead += 61
    await t.turned_until(lambda: "Also:" in t.shown(alert).text, "the edit")
    return alert


async def test_what_follows_of_a_muted_story_is_silent_until_unmuted(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe")
        t.playground.newsroom.publish("harbour-post", *WALKOUT)
        first = await t.alert("Dockers walk out")
        assert t.labels(first) == ["Options"]
        menu = await _open(t, first)
        assert t.labels(menu) == [
            "More like this",
            "Less like this",
            "Mute this story",
            "Mute Harbour Post for 2 days",
            "Close",
        ]
        assert "stays silent" in await t.press(menu, "Mute this story")
        t.playground.newsroom.publish("harbour-post", *DEAL)
        t.playground.newsroom.publish("harbour-post", CHOIR)
        await t.alert("Choir festival")
        assert not any("end walkout" in text for text in t.texts())
        menu = await _open(t, first)
        assert "Unmute this story" in t.labels(menu)
        await t.press(menu, "Unmute this story")
        assert "Mute this story" in t.labels(await _open(t, first))


async def test_a_report_taken_out_comes_alone_and_silently(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe")
        alert = await _joined_story(t, t.playground.newsroom)
        menu = await _open(t, alert)
        (label,) = [each for each in t.labels(menu) if each.startswith("Not the same: Hill Radio")]
        await t.press(menu, label)
        await t.turned_until(
            lambda: sum(HEADLINE in text for text in t.texts()) == 2, "the other report"
        )
        own = t.messages()[-1]
        assert "Hill Radio" in own.text
        assert "Also:" not in own.text
        assert own.silent
        await t.turned_until(
            lambda: "Also:" not in t.shown(alert).text, "the edit that leaves it out"
        )
        assert t.labels(alert) == ["Options"]
        # Others are told as before, and the chat is not told of either again.
        t.playground.newsroom.publish("harbour-post", CHOIR)
        await t.alert("Choir festival")
        assert sum(HEADLINE in text for text in t.texts()) == 2


async def test_two_chats_split_a_story_for_all_also_after_a_restart(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        chats = [ADA_ID, BEN_ID, t.playground.people.create_group("Watch").id]
        for chat in chats:
            user = BEN_ID if chat == BEN_ID else ADA_ID
            await t.ask("/subscribe", chat, user=user)
        t.ahead += 8 * 86_400  # who came this week has no say for others
        alert = await _joined_story(t, t.playground.newsroom)
        for chat, user in ((ADA_ID, ADA_ID), (BEN_ID, BEN_ID)):
            told = next(m for m in t.messages(chat) if HEADLINE in m.text)
            menu = await _open(t, told, user)
            (label,) = [each for each in t.labels(menu) if each.startswith("Not the same")]
            await t.press(menu, label, user)
        group = chats[2]
        await until(
            lambda: sum(HEADLINE in text for text in t.texts(group)) == 2, "the split for a third"
        )
        t.ahead += 121
        first = next(m for m in t.messages(group) if HEADLINE in m.text)
        await t.turned_until(lambda: "Also:" not in t.shown(first).text, "the third chat's edit")
        await t.stop_bot()
        await t.start_bot()
        t.playground.newsroom.publish("harbour-post", CHOIR)
        for chat in chats:
            await t.alert("Choir festival", chat)
            assert sum(HEADLINE in text for text in t.texts(chat)) == 2
        assert "Also:" not in t.shown(alert).text
        async with t.storage() as storage:
            rows = await storage.stories.newest(None, 10)
        assert [row.story.reports for row in rows if row.story.title == HEADLINE] == [1, 1]


async def test_the_report_that_opened_a_story_can_be_taken_out_too(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        t.playground.newsroom.publish("harbour-post", HEADLINE, "The first boat left at noon.")
        await t.stored(HEADLINE)
        await t.ask("/subscribe Hill Radio")
        t.playground.newsroom.publish("hill-radio", HEADLINE, "Something else altogether.")
        alert = await t.alert("Something else")
        assert "Also:" in alert.text
        menu = await _open(t, alert)
        (label,) = [
            each for each in t.labels(menu) if each.startswith("Not the same: Harbour Post")
        ]
        await t.press(menu, label)
        await t.alert("The first boat left")
        await t.turned_until(
            lambda: "Also:" not in t.shown(alert).text, "the edit that leaves it out"
        )
        assert "Also:" not in t.messages()[-1].text


@pytest.mark.hostile(83, 89)
async def test_only_administrators_change_an_alert_and_forged_presses_change_nothing(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        group = t.playground.people.create_group("Watch").id
        await t.ask("/subscribe", group, user=ADA_ID)
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        alert = await t.alert(HEADLINE, group)
        menu = await _open(t, alert, BEN_ID)
        assert "administrator" in await t.press(menu, "Mute this story", BEN_ID)
        await t.ask("/start", BEN_ID, user=BEN_ID)
        # Ben forges a press in his own chat upon the group's alert.
        own = t.messages(BEN_ID)[-1]
        for data in ("v1:mute_story:1", "v1:take_out:1:2", "v1:alert:1", "v1:take_out:x"):
            note = await _forged(t, own, data)
            assert "too old" in note
        async with t.storage() as storage:
            stored = await storage.alerts.get(1)
        assert stored is not None
        assert not stored.muted


async def _forged(t: Town, message: Message, data: str) -> str:
    query = t.playground.people.press(message.chat_id, message.id, user=BEN_ID, data=data)
    async with asyncio.timeout(15):
        seen = 0
        while True:
            for number, event in await t.playground.stage.events.after(seen):
                seen = number
                if event["type"] == "answer" and event["query_id"] == query:
                    return str(event["text"])
