"""A feed in trouble is told of once, to who added it and to operators; once more when it ends."""

import asyncio
from pathlib import Path

from msgspec.structs import replace

from bot.news.feed import Feed, PollRecord
from bot.playground.chats.world import ADA_ID, BEN_ID
from tests.feeds.site import Page, Site, feed, site
from tests.journey.town import PATIENCE, Town, town

HOUR = 3600.0
NEWS = "Ferry to Lund Island resumes"


async def _stored(t: Town, url: str) -> Feed:
    async with t.storage() as storage:
        found = await storage.feeds.at(url)
    assert found is not None
    return found


async def _fails_for_hours(t: Town, url: str) -> None:
    """Waits for a failure, and makes it one of a long row: the next comes at once."""
    async with asyncio.timeout(PATIENCE):
        while not (failing := await _stored(t, url)).failures:
            await t.turn()
    long = replace(failing, failures=5, failing_since=t.now() - 7 * HOUR, poll_at=t.now())
    async with t.storage() as storage:
        await storage.feeds.record([PollRecord(long)], t.now())


def _notes(t: Town, chat_id: int) -> list[str]:
    return [text for text in t.texts(chat_id) if text.startswith("A source ")]


async def _note(t: Town, chat_id: int, number: int) -> str:
    """The note of that number, once it came."""
    await t.turned_until(lambda: len(_notes(t, chat_id)) >= number, f"note {number}")
    return _notes(t, chat_id)[number - 1]


async def test_a_feed_that_fails_for_long_is_told_of_once_and_so_is_its_recovery(
    tmp_path: Path,
) -> None:
    async with site() as harbour, town(tmp_path, admin_ids=str(BEN_ID)) as t:
        url = f"{harbour.url}/feed"
        harbour.pages["/feed"] = feed("Pier Post", NEWS)
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/start", BEN_ID, user=BEN_ID)
        await t.ask(f"/addfeed {url}")
        await t.settle()
        harbour.pages["/feed"] = Page("Moved house.", status=404)
        await _fails_for_hours(t, url)
        for chat_id in (ADA_ID, BEN_ID):
            assert await _note(t, chat_id, 1) == (
                "A source does not work\nPier Post: the site answered 404 Not Found. Look on its"
                " site for the new address of its feed. Add that."
            )
        assert "Look on its site" in (await t.ask("/sources pier")).text

        await t.stop_bot()
        await t.start_bot()
        await t.turn()
        assert [len(_notes(t, chat_id)) for chat_id in (ADA_ID, BEN_ID)] == [1, 1]

        harbour.pages["/feed"] = feed("Pier Post", NEWS)
        t.ahead += 7 * HOUR
        for chat_id in (ADA_ID, BEN_ID):
            assert await _note(t, chat_id, 2) == "A source works again\nPier Post"
        await t.turn()
        assert [len(_notes(t, chat_id)) for chat_id in (ADA_ID, BEN_ID)] == [2, 2]


async def test_a_chat_in_its_quiet_hours_or_without_the_feed_is_not_told(
    harbour: Site, idle: Town
) -> None:
    url = f"{harbour.url}/feed"
    harbour.pages["/feed"] = feed("Pier Post", NEWS)
    await idle.start_bot()
    await idle.ask("/start")
    await idle.ask("/start", BEN_ID, user=BEN_ID)
    await idle.ask("/subscribe", BEN_ID, user=BEN_ID)
    await idle.ask(f"/addfeed {url}")
    await idle.ask("/quiet 00:00-23:59")
    await idle.settle()
    harbour.pages["/feed"] = Page("Oops.", status=500)
    await _fails_for_hours(idle, url)
    async with asyncio.timeout(PATIENCE):
        while (await _stored(idle, url)).failures < 6:
            await idle.turn()
    await idle.turn()
    assert _notes(idle, ADA_ID) == _notes(idle, BEN_ID) == []
    await idle.ask("/quiet off")
    assert (await _note(idle, ADA_ID, 1)).startswith("A source does not work")
    assert _notes(idle, BEN_ID) == []


async def test_the_rhythm_of_a_feed_is_shown(idle: Town) -> None:
    for n in range(10):
        published = idle.now() - 240 * n
        idle.playground.newsroom.publish("hill-radio", f"Choir {n} sings", published=published)
    await idle.start_bot()
    assert "Usually news every 4 minutes." in (await idle.ask("/sources hill")).text
    idle.ahead += 3 * HOUR
    said = (await idle.ask("/sources hill")).text
    assert "Usually news every 4 minutes, but none for 3 hours." in said


async def test_trouble_of_a_channels_feed_is_told_to_who_speaks_for_it_and_not_to_its_readers(
    harbour: Site,
    idle: Town,
) -> None:
    channel = -1002000000003
    url = f"{harbour.url}/feed"
    harbour.pages["/feed"] = feed("Pier Post", NEWS)
    await idle.start_bot()
    await idle.ask("/start")
    post = idle.playground.people.say(channel, "The bulletin begins")
    idle.playground.people.forward(channel, post.id)
    await idle.alert("Channel Evening bulletin")
    assert "Channel " in (await idle.ask(f"/addfeed {url}")).text
    await idle.settle()
    harbour.pages["/feed"] = Page("Moved house.", status=404)
    await _fails_for_hours(idle, url)
    assert (await _note(idle, ADA_ID, 1)).startswith("A source does not work")
    assert idle.texts(channel) == []
