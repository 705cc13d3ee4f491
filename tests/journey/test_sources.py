"""/sources: the catalogue with its health, in the chat and on the command line."""

import asyncio
from pathlib import Path

from bot.playground.news.newsroom import Newsroom, Outlet
from tests.journey.town import town

GROUP = -1002000000001


async def test_sources_are_listed_with_their_state_and_their_last_news(tmp_path: Path) -> None:
    newsroom = Newsroom([Outlet("odd", "Odd < Even & Co @admin"), Outlet("hill", "Hill Radio")])
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe")
        newsroom.publish("hill", "Choir festival opens in the hills on Friday")
        await t.alert("Choir festival")
        answer = await t.ask("/sources")
        assert answer.text.startswith("Sources: 2, none in trouble\n\nHill Radio\nAnswering · last")
        assert "Odd < Even & Co @\u2060admin\nAnswering" in answer.text
        assert [e["type"] for e in answer.entities].count("bold") == 3

        newsroom.outlets["odd"].trouble = 500
        async with t.storage() as storage, asyncio.timeout(15):
            while not any(feed.failures for feed in await storage.feeds.all()):
                await asyncio.sleep(0.05)
        answer = await t.ask("/sources odd")
        assert answer.text.startswith("Odd <")
        assert "Failing since" in answer.text
        assert "500" in answer.text
        assert "Hill" not in answer.text

        newsroom.outlets["hill"].trouble = 410
        async with t.storage() as storage, asyncio.timeout(15):
            while not any(feed.gone_at for feed in await storage.feeds.all()):
                await asyncio.sleep(0.05)
        assert "asked once more" in (await t.ask("/sources hill")).text
        t.ahead += 4000
        async with t.storage() as storage, asyncio.timeout(15):
            while not any(feed.suspended for feed in await storage.feeds.all()):
                await asyncio.sleep(0.05)
        assert "Suspended: the site says" in (await t.ask("/sources hill")).text
