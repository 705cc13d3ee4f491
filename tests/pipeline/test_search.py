"""What a query would have brought: a rate needs days that were seen."""

import pytest

from bot import search
from bot.news.query_reader import parse_query
from tests.pipeline.conftest import Line
from tests.storage.samples import report, store

DAY = 86_400.0


@pytest.mark.parametrize(
    ("days_ago", "a_day", "stories"),
    [
        ((0.01,), None, 1),
        ((2.0, 1.0, 0.5, 0.2), 2.0, 4),
        ((30.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.5), 1.0, 7),
    ],
)
async def test_stories_a_day_are_counted_over_the_days_that_were_seen(
    line: Line, days_ago: tuple[float, ...], a_day: float | None, stories: int
) -> None:
    now = line.clock.now
    for number, ago in enumerate(days_ago, 1):
        line.clock.now = at = now - ago * DAY
        told = report(number, title=f"Ferry {number}", published_at=at)
        await store(line.storage, told, now=at)
        await line.place()
    found = await search.preview(line.storage.stories, parse_query("ferry"), now)
    assert (found.a_day, found.stories) == (a_day, stories)


async def test_what_feeds_had_shown_before_makes_no_rate_on_the_first_day(line: Line) -> None:
    now = line.clock.now
    old = [report(n, title=f"Ferry {n}", published_at=now - n * DAY, quiet=True) for n in (1, 3, 5)]
    await store(line.storage, *old, now=now)
    await line.place()
    found = await search.preview(line.storage.stories, parse_query("ferry"), now + 60)
    assert (found.a_day, found.stories) == (None, 3)
