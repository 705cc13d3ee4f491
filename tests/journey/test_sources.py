"""/sources: the catalogue with its health, in the chat and on the command line."""

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
        await t.some_feed(lambda feed: feed.failures, "a failure")
        answer = await t.ask("/sources odd")
        assert answer.text.startswith("Odd <")
        assert "Failing since" in answer.text
        assert "500" in answer.text
        assert "Hill" not in answer.text

        newsroom.outlets["hill"].trouble = 410
        await t.some_feed(lambda feed: feed.gone_at, "a feed that is gone")
        assert "asked once more" in (await t.ask("/sources hill")).text
        t.ahead += 4000
        await t.some_feed(lambda feed: feed.suspended, "a feed that is suspended")
        assert "Suspended: the site says" in (await t.ask("/sources hill")).text
