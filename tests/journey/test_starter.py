"""The starter catalogue in the chat. Nothing is polled here, and nothing fetched."""

from pathlib import Path

from bot.playground.world import ADA_ID, BEN_ID
from tests.journey.town import town, until

GROUP = -1002000000001


async def test_an_operator_begins_with_a_region(tmp_path: Path) -> None:
    async with town(tmp_path, admin_ids=str(ADA_ID), roles="chat,send") as t:
        assert t.settings.feeds_file
        t.settings.feeds_file.write_text("")
        t.start_quietly()
        await until(lambda: t.playground.stage.profile.commands, "the bot's commands")
        await t.ask("/start")
        assert "whoever runs this bot" in (await t.ask("/sources", BEN_ID, user=BEN_ID)).text
        empty = await t.ask("/sources")
        await t.turned(empty, "Well-known sources", "Nordic countries")
        page = await t.turned(empty, "Nordic countries", "← Regions")
        assert page.text.startswith("Nordic countries: 10 sources. A button adds one")
        before = len(t.texts())
        await t.press(page, "Add all 10 for everybody")
        await until(lambda: len(t.texts()) > before, "the sources to be added")
        assert t.texts()[-1].startswith("10 sources added to the catalogue")
        groups = await t.ask("/sources")
        assert "Nordic countries: 10" in groups.text
        assert "← Regions" in t.labels(page)
        await t.turned(page, "← Regions", "Add all 199 for everybody")
        data = "v1:starter_all:all"
        other = await t.ask("/sources", BEN_ID, user=BEN_ID)
        query = t.playground.people.press(BEN_ID, other.id, user=BEN_ID, data=data)
        assert await t.noted(query) == "This is for the operators of this bot only."
        async with t.storage() as storage:
            assert len(await storage.feeds.all()) == 10


async def test_a_chat_chooses_one_under_the_rules_of_addfeed(tmp_path: Path) -> None:
    async with town(tmp_path, allow_user_feeds=False) as t:
        await t.start_bot()
        await t.ask("/start")
        assert "only the operators" in (await t.ask("/addfeed")).text
        await t.stop_bot()
        t.settings = t.settings.model_copy(update={"allow_user_feeds": True})
        await t.start_bot()
        offered = await t.ask("/addfeed")
        assert offered.text.startswith("Name one address, of a site or of its feed:")
        assert not [label for label in t.labels(offered) if "for everybody" in label]
        page = await t.turned(offered, "Japan and Korea", "NHK")
        assert "Nobody has checked these addresses" in page.text
        assert "Only an administrator" in (await t.ask("/addfeed", GROUP, user=BEN_ID)).text
        query = t.playground.people.press(ADA_ID, page.id, data="v1:starter_feed:00000000")
        assert await t.noted(query) == "This list is old; send /addfeed again."
