"""What a chat's people brought is theirs: everything a stranger may press or write, tried."""

import asyncio
from pathlib import Path

from bot.news.feed import Feed
from bot.playground.world import ADA_ID, BEN_ID
from handlers.callback_data import pack
from handlers.surface import known
from tests.feeds.site import feed, site
from tests.journey.town import Town, town, until

OLD, SECRET = "Crane number four is painted", "Budget of the pier is cut by half"
KEY = "K3yOfAda9f8e7d6c5b4a"


async def _brought(t: Town, url: str) -> Feed:
    """Ada's own feed, polled once."""
    for someone in (ADA_ID, BEN_ID):
        await t.ask("/start", someone, user=someone)
    assert (await t.ask(f"/addfeed {url}")).text.startswith("Added Pier Post.")
    await t.settle()
    async with t.storage() as storage:
        found = await storage.feeds.at(url)
    assert found
    return found


async def test_a_forged_button_neither_follows_nor_names_what_another_chat_brought(
    tmp_path: Path,
) -> None:
    async with site() as harbour, town(tmp_path) as t:
        harbour.pages[f"/feed?key={KEY}"] = feed("Pier Post", OLD)
        await t.start_bot()
        theirs = await _brought(t, f"{harbour.url}/feed?key={KEY}")
        mine = await t.ask("/latest ferry", BEN_ID, user=BEN_ID)
        number = theirs.id
        for data, note in (
            (f"subscribe:{number}", "That source is gone."),
            (f"unsubscribe:{number}", "That source is gone."),
            (f"subscribe:{number + 1}", "That source is gone."),  # as where there is none
            (f"fulltext:{number}:1", "for the operators"),
            (f"mute_source:{number}", "too old"),
            (f"addfeed:{number}", "list is old"),
            (f"sources:{number}:0", "list is old"),
            (f"group:{number}:0", "list is old"),
            (f"subscribe_group:{number}", "That source is gone."),
        ):
            forged = t.playground.people.press(BEN_ID, mine.id, user=BEN_ID, data=pack(data))
            assert note in await t.noted(forged), data
        for action in known().actions:  # and whatever else there is to press
            t.ahead += 2  # a person presses no faster
            data = pack(action, number, number)
            t.playground.people.press(BEN_ID, mine.id, user=BEN_ID, data=data)
        await t.ask("/status", BEN_ID, user=BEN_ID)
        async with t.storage() as storage:
            followed = await storage.chats.subscriptions(BEN_ID)
            assert [each for each in followed if not each.is_all] == []
            assert await storage.chats.mutes(BEN_ID, t.now()) == []
        assert "Pier Post" not in "".join(t.texts(BEN_ID))


async def test_no_command_names_or_shows_what_another_chat_brought(tmp_path: Path) -> None:
    async with site() as harbour, town(tmp_path) as t:
        url = f"{harbour.url}/feed?key={KEY}"
        harbour.pages[f"/feed?key={KEY}"] = feed("Pier Post", OLD)
        await t.start_bot()
        theirs = await _brought(t, url)
        harbour.pages[f"/feed?key={KEY}"] = feed("Pier Post", SECRET, OLD)
        await t.alert(SECRET)
        host = harbour.url.removeprefix("http://")
        for words in (
            "/start", "/status", "/latest", "/latest budget", "/search pier", "/sources",
            "/sources pier", f"/sources #{theirs.id}", f"/sources {url}", "/subscribe pier post",
            f"/subscribe #{theirs.id}", "/unsubscribe pier post", "/removefeed pier post",
            f"/removefeed {url}", "/mute source:pier post 2d", f"/mute source:#{theirs.id} 2d",
            f"/whynot {harbour.url}/", f"/whynot {host}", "/topic test budget", "/topic budget",
            "/unmute",
        ):  # fmt: skip
            t.ahead += 2  # a person writes no faster
            answer = await t.ask(words, BEN_ID, user=BEN_ID)
            # What they wrote themselves is said back to them.
            said = answer.text.replace("\u2060", "").replace(words.partition(" ")[2][:60], "")
            for private in ("Pier Post", "Budget of the pier", KEY):
                assert private not in said, words
        assert "Budget of the pier" in (await t.ask("/latest")).text
        assert "Budget of the pier" in (await t.ask("/search budget")).text
        assert "Pier Post" in (await t.ask("/sources pier")).text
        async with t.storage() as storage:
            assert await storage.chats.subscriptions(BEN_ID) == []


async def test_what_its_owner_took_out_lives_on_for_nobody(tmp_path: Path) -> None:
    async with site() as harbour, town(tmp_path) as t:
        harbour.pages["/feed"] = feed("Pier Post", OLD)
        await t.start_bot()
        theirs = await _brought(t, f"{harbour.url}/feed")
        mine = await t.ask("/latest ferry", BEN_ID, user=BEN_ID)
        forged = t.playground.people.press(
            BEN_ID, mine.id, user=BEN_ID, data=pack("subscribe", theirs.id)
        )
        await t.noted(forged)
        assert "taken out" in (await t.ask("/removefeed pier post")).text
        async with t.storage() as storage, asyncio.timeout(15):
            while await storage.feeds.get(theirs.id):
                await asyncio.sleep(0.02)


async def test_a_feed_that_is_called_like_a_word_does_not_take_the_word_over(
    tmp_path: Path,
) -> None:
    async with site() as harbour, town(tmp_path) as t:
        harbour.pages["/feed"] = feed("lottery", OLD)
        await t.start_bot()
        for someone in (ADA_ID, BEN_ID):
            await t.ask("/start", someone, user=someone)
            await t.ask("/subscribe", someone, user=someone)
        await t.ask(f"/addfeed {harbour.url}/feed", BEN_ID, user=BEN_ID)
        await t.settle()
        for someone in (ADA_ID, BEN_ID):  # whoever sees it
            said = (await t.ask("/mute lottery 2d", someone, user=someone)).text
            assert "lottery is silent here" in said
            assert ("/mute source:lottery" in said) is (someone == BEN_ID)
        assert "No source is called" in (await t.ask("/mute source:lottery 2d")).text
        newsroom = t.playground.newsroom
        newsroom.publish("harbour-post", "Lottery winner found in Saint Orla")
        newsroom.publish("harbour-post", "Ferry to Lund Island resumes")
        harbour.pages["/feed"] = feed("lottery", SECRET, OLD)
        await t.alert("Ferry to Lund")
        await t.alert(SECRET, BEN_ID)
        await until(lambda: any("Ferry" in text for text in t.texts(BEN_ID)), "the other story")
        said = "".join(t.texts() + t.texts(BEN_ID))
        assert "Lottery winner" not in said
        answer = await t.ask("/mute source:lottery 2d", BEN_ID, user=BEN_ID)
        assert "lottery is silent here" in answer.text
