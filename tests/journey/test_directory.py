"""The starter catalogue in the chat. Nothing is polled here, and nothing fetched."""

import dataclasses

import pytest

from bot.playground.chats.world import ADA_ID, BEN_ID
from tests.journey.town import Town, until

GROUP = -1002000000001


@pytest.mark.town(admin_ids=str(ADA_ID), roles="chat,send")
async def test_an_operator_begins_with_a_region(idle: Town) -> None:
    assert idle.settings.feeds_file
    idle.settings.feeds_file.write_text("")
    idle.start_quietly()
    await until(lambda: idle.playground.stage.profile.commands, "the bot's commands")
    await idle.ask("/start")
    assert "Whoever runs this bot" in (await idle.ask("/sources", BEN_ID, user=BEN_ID)).text
    empty = await idle.ask("/sources")
    await idle.turned(empty, "Well-known sources", "Nordic countries")
    page = await idle.turned(empty, "Nordic countries", "← Regions")
    assert page.text.startswith("Nordic countries: 10 sources. Press one to follow it here.")
    before = len(idle.texts())
    await idle.press(page, "Add 10 for everybody")
    await until(lambda: len(idle.texts()) > before, "the sources to be added")
    assert idle.texts()[-1].startswith("Added 10 sources for everybody")
    groups = await idle.ask("/sources")
    assert "Nordic countries: 10" in groups.text
    assert "← Regions" in idle.labels(page)
    await idle.turned(page, "← Regions", "Add 199 for everybody")
    data = "v1:starter_all:all"
    other = await idle.ask("/sources", BEN_ID, user=BEN_ID)
    query = idle.playground.people.press(BEN_ID, other.id, user=BEN_ID, data=data)
    assert await idle.noted(query) == "Only the operators of this bot can do that."
    async with idle.storage() as storage:
        assert len(await storage.feeds.all()) == 10


@pytest.mark.town(allow_user_feeds=False)
async def test_a_chat_chooses_one_under_the_rules_of_addfeed(bot: Town) -> None:
    await bot.ask("/start")
    assert "Only operators of this bot" in (await bot.ask("/addfeed")).text
    await bot.stop_bot()
    bot.settings = dataclasses.replace(bot.settings, allow_user_feeds=True)
    await bot.start_bot()
    offered = await bot.ask("/addfeed")
    assert offered.text.startswith("Send the address of a site:")
    assert not [label for label in bot.labels(offered) if "for everybody" in label]
    page = await bot.turned(offered, "Japan and Korea", "NHK")
    assert "These addresses were not checked lately" in page.text
    assert "Only administrators" in (await bot.ask("/addfeed", GROUP, user=BEN_ID)).text
    query = bot.playground.people.press(ADA_ID, page.id, data="v1:starter_feed:00000000")
    assert await bot.noted(query) == "This list is old. Send /addfeed again."
