"""Notices of one form, from feed bytes to alerts: each of them rings."""

from collections import Counter
from pathlib import Path

from bot.playground.news.newsroom import quiet_newsroom
from tests.journey.town import town, until
from tests.news.stories.look_alikes import GOES_ON, ONE_FEED, TWO_FEEDS

FEEDS = {1: "harbour-post", 2: "hill-radio"}


async def test_both_of_pairs_that_look_alike_and_what_goes_on_ring(tmp_path: Path) -> None:
    newsroom = quiet_newsroom(*FEEDS.values())
    alike = [told for pair in [*ONE_FEED.values(), *TWO_FEEDS.values()] for told in pair]
    begins, goes_on = zip(*GOES_ON.values(), strict=True)
    expected = Counter[str]()
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        await t.ask("/subscribe")

        def rung() -> Counter[str]:
            headlines = [text.splitlines()[0] for text in t.texts()]
            return Counter(headline for headline in headlines if headline in expected)

        for published in ([*alike, *begins], goes_on):
            for told in published:
                newsroom.publish(FEEDS[told.feed], told.title, told.summary)
                expected[told.title] += 1
            await until(lambda: rung().total() >= expected.total(), "an alert for each")
        assert rung() == expected
