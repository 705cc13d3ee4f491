"""Notices of one form, from feed bytes to alerts: each of them rings."""

from collections import Counter
from pathlib import Path

from bot.playground.news.newsroom import quiet_newsroom
from tests.journey.town import town, until
from tests.news.stories.look_alikes import ONE_FEED, TWO_FEEDS

FEEDS = {1: "harbour-post", 2: "hill-radio"}


async def test_both_of_twelve_pairs_that_look_alike_ring(tmp_path: Path) -> None:
    newsroom = quiet_newsroom(*FEEDS.values())
    pairs = [*ONE_FEED.values(), *TWO_FEEDS.values()]
    assert len(pairs) == 12
    expected = Counter(told.title for pair in pairs for told in pair)
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        await t.ask("/subscribe")
        for pair in pairs:
            for told in pair:
                newsroom.publish(FEEDS[told.feed], told.title, told.summary)

        def rung() -> Counter[str]:
            headlines = [text.splitlines()[0] for text in t.texts()]
            return Counter(headline for headline in headlines if headline in expected)

        await until(lambda: rung().total() >= expected.total(), "an alert for each")
        assert rung() == expected
