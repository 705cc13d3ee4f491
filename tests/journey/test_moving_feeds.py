"""Feeds that move or end, through the real bot and a real, small web site."""

import asyncio

from bot.playground.chats.world import ADA_ID, BEN_ID
from tests.feeds.site import Page, Site, feed
from tests.journey.town import PATIENCE, Town, until

DAY = 86_400.0
OLD, NEWS = "Crane number four is painted", "Ferry to Lund Island resumes"


async def _addresses(t: Town) -> list[str]:
    async with t.storage() as storage:
        return [feed.url for feed in await storage.feeds.all()]


async def test_who_follows_a_feed_that_moved_hears_its_news_once(harbour: Site, idle: Town) -> None:
    old, new = f"{harbour.url}/old", f"{harbour.url}/new"
    harbour.pages["/old"] = feed("Pier Post", OLD)
    harbour.pages["/new"] = feed("Pier Post", "Tide table is out", OLD)
    await idle.start_bot()
    for someone, url in ((ADA_ID, old), (BEN_ID, new)):
        await idle.ask("/start", someone, user=someone)
        await idle.ask(f"/addfeed {url}", someone, user=someone)
    await idle.settle()
    harbour.moves("/old", "/new")
    # By when it is polled a second time, what came of the first is stored.
    enough = harbour.visits["/old"] + 2
    await until(lambda: harbour.visits["/old"] >= enough, "polls")
    idle.ahead += DAY
    async with asyncio.timeout(PATIENCE):
        while old in await _addresses(idle):
            await asyncio.sleep(0.1)
    assert new in await _addresses(idle)
    harbour.pages["/new"] = feed("Pier Post", NEWS, OLD)
    await idle.alert(NEWS)
    await idle.alert(NEWS, BEN_ID)
    assert sum(text.startswith(NEWS) for text in idle.texts()) == 1
    assert not [text for text in idle.texts() if text.startswith(OLD)]
    assert "follows Pier Post already" in (await idle.ask(f"/addfeed {old}")).text


async def test_a_feed_is_gone_once_its_host_says_so_twice(harbour: Site, idle: Town) -> None:
    harbour.pages["/feed"] = feed("Pier Post", OLD)
    await idle.start_bot()
    await idle.ask("/start")
    await idle.ask(f"/addfeed {harbour.url}/feed")
    await idle.settle()
    harbour.pages["/feed"] = Page("Gone.", status=410)
    feeds = await idle.some_feed(lambda feed: feed.gone_at, "a feed that is gone")
    assert not any(feed.suspended for feed in feeds)
    idle.ahead += 4000
    await idle.some_feed(lambda feed: feed.suspended, "a feed that is suspended")
    asked = harbour.visits["/feed"]
    idle.ahead += DAY
    # By when another feed has been polled, all that was due has been.
    idle.playground.newsroom.publish("harbour-post", "Market day moves to Thursday")
    await idle.stored("Market day moves to Thursday")
    assert harbour.visits["/feed"] == asked
    assert "Suspended" in (await idle.ask("/sources pier")).text
