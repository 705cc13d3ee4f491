"""Folders of a list of feeds become groups that a chat sees, follows and leaves."""

from pathlib import Path

from bot.feeds.opml import OpmlFeed, write_opml
from bot.playground.chats.world import ADA_ID, BEN_ID
from bot.playground.news.newsroom import Newsroom, Outlet, quiet_newsroom
from tests.journey.town import Town, town, until
from tests.storage.samples import brought

GROUP = -1002000000001


def _sort(t: Town, **groups: str) -> None:
    """Writes the file of feeds as OPML, with the named feeds in folders."""
    path = t.settings.feeds_file
    assert path is not None
    feeds = [
        OpmlFeed(url, "", groups.get(name.replace("-", "_"), ""))
        for name, url in t.playground.feeds.items()
    ]
    path.write_bytes(write_opml(feeds))


async def test_a_group_is_followed_with_what_is_in_it_now_and_later(tmp_path: Path) -> None:
    newsroom = quiet_newsroom("harbour-post", "hill-radio", "cliff-mail")
    async with town(tmp_path, newsroom) as t:
        _sort(t, harbour_post="Coast", hill_radio="Inland")
        await t.start_bot()
        await t.ask("/start")
        answer = await t.ask("/subscribe coast")
        assert answer.text == (
            "This chat follows the group Coast from now on."
            " It has 1 source. New ones are followed too."
        )
        newsroom.publish("cliff-mail", "Lamp on the north cliff is lit again")
        newsroom.publish("hill-radio", "Choir sings in the valley hall")
        newsroom.publish("harbour-post", "Ferry to Lund Island resumes")
        alert = await t.alert("Ferry to Lund")
        await t.told(alert)
        assert "follows the group Coast" in (await t.ask("/why", reply_to=alert.id)).text

        await t.stored("Lamp on the north cliff is lit again", "Choir sings in the valley hall")
        await t.stop_bot()
        _sort(t, harbour_post="Coast", hill_radio="Inland", cliff_mail="Coast")
        await t.start_bot()
        newsroom.publish("cliff-mail", "Goats block the cliff path for an hour")
        await t.alert("Goats block")
        assert "Lamp on" not in "".join(t.texts())

        assert "1 group" in (await t.ask("/status")).text
        answer = await t.ask("/unsubscribe coast")
        assert answer.text == "This chat no longer follows the group Coast."
        newsroom.publish("harbour-post", "Crane number four is painted green")
        await t.stored("Crane number four is painted green")
        assert "Crane number" not in "".join(t.texts())


async def test_groups_are_pages_of_sources_with_buttons(tmp_path: Path) -> None:
    newsroom = quiet_newsroom(*(f"station-{n:02}" for n in range(15)))
    async with town(tmp_path, newsroom) as t:
        folders = {f"station_{n:02}": f"Region {n:02}" for n in range(14)}
        folders["station_13"] = "Region 00"
        _sort(t, **folders)
        await t.start_bot()
        first = await t.ask("/sources", GROUP, user=BEN_ID)
        assert first.text.startswith("Sources: 15 in 13 groups, none in trouble, page 1 of 2\n")
        assert "Region 00: 2\nRegion 01: 1" in first.text
        await t.turned(first, "More →", "Others", BEN_ID)
        assert t.shown(first).text.endswith("Region 12: 1\nOthers: 1")
        await t.turned(first, "← Back", "Region 00", BEN_ID)
        page = await t.turned(first, "Region 00", "Follow this group", BEN_ID)
        assert page.text.startswith("Region 00: 2, none in trouble\n\nStation 00\nAnswering")
        assert "administrator" in await t.press(page, "Follow this group", BEN_ID)
        before = len(t.texts(GROUP))
        await t.press(page, "Follow this group", ADA_ID)
        await until(lambda: len(t.texts(GROUP)) > before, "the group to be followed")
        assert "follows the group Region 00 from now on. It has 2 sources." in t.texts(GROUP)[-1]
        named = await t.ask("/sources region 00", GROUP, user=BEN_ID)
        assert "Unfollow this group" in t.labels(named)
        await t.turned(named, "← Groups", "All sources", BEN_ID)
        await t.turned(named, "All sources", "More →", BEN_ID)
        assert t.shown(named).text.startswith("Sources: 15, none in trouble, page 1 of 2")


async def test_a_name_that_a_group_and_a_source_share_is_asked_about(tmp_path: Path) -> None:
    newsroom = Newsroom([Outlet("a", "Coast"), Outlet("b", "Hill Radio")])
    async with town(tmp_path, newsroom) as t:
        _sort(t, b="Coast")
        await t.start_bot()
        await t.ask("/start")
        asked = await t.ask("/subscribe Coast")
        assert asked.text == "2 sources or groups fit 'Coast'. Which one?"
        assert t.labels(asked) == ["Coast (group of 1)", "Coast"]
        before = len(t.texts())
        await t.press(asked, "Coast (group of 1)")
        await until(lambda: len(t.texts()) > before, "the group to be followed")
        assert "the group Coast" in t.texts()[-1]
        listed = await t.ask("/sources coast")
        assert "Coast" in listed.text
        await t.turned(listed, "Group Coast", "Unfollow this group")
        left = await t.ask("/unsubscribe")
        assert t.labels(left) == ["Coast (group of 1)"]


async def test_what_a_chat_added_becomes_the_operators_where_a_list_names_it(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, quiet_newsroom("harbour-post", "hill-radio")) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.stop_bot()
        async with t.storage() as storage:
            guest = await brought(storage, "https://cliff.example/feed", ADA_ID, now=t.now() + 1e6)
            assert await storage.feeds.adopt({guest.url: ""}) == 0
            assert await storage.feeds.adopt({guest.url: "Coast", "https://x.example/": "A"}) == 1
            assert await storage.feeds.adopt({guest.url: "Coast"}) == 0
            assert not await storage.feeds.added_by(ADA_ID)
            moved = await storage.feeds.move(guest.id, "https://cliff.example/new", t.now())
            assert moved
            assert await storage.feeds.adopt({guest.url: "Hills"}) == 1
            found = await storage.feeds.get(guest.id)
            assert found
            assert found.group == "Hills"
