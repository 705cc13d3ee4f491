"""What a query would have brought: a rate needs days that were seen."""

import pytest

from bot.actions import search
from bot.actions.refining import suggestions
from bot.actions.search import Budget
from bot.news.query.aliases import Aliases
from bot.news.query.parse import parse_query
from tests.loop_watch import calls_here
from tests.pipeline.conftest import Line
from tests.storage.samples import report, store

pytestmark = pytest.mark.slow

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


async def test_a_rate_is_of_whole_days_and_of_those_that_were_looked_at(line: Line) -> None:
    now = line.clock.now
    for number, ago in enumerate((2.7, 2.5, 1.5, 1.2, 0.5), 1):
        line.clock.now = at = now - ago * DAY
        told = report(number, title=f"Ferry {number}", published_at=at, language="en-GB")
        await store(line.storage, told, now=at)
        await line.place()
    query = parse_query("ferry")
    found = await search.preview(line.storage.stories, query, now)
    assert (found.days, found.stories, found.a_day) == (2.0, 3, 1.5)
    assert (found.languages, found.today) == (1, 1)
    part = await search.preview(line.storage.stories, query, now, budget=Budget(rows=2))
    assert (part.whole, round(part.over, 2), part.stories) == (False, 1.2, 2)
    assert round(part.a_day or 0, 2) == 1.67
    one = await search.preview(line.storage.stories, query, now, budget=Budget(rows=1))
    assert (round(one.over, 2), one.a_day) == (0.5, 1.0)


async def test_what_feeds_had_shown_before_makes_no_rate_on_the_first_day(line: Line) -> None:
    now = line.clock.now
    old = [report(n, title=f"Ferry {n}", published_at=now - n * DAY, quiet=True) for n in (1, 3, 5)]
    await store(line.storage, *old, now=now)
    await line.place()
    found = await search.preview(line.storage.stories, parse_query("ferry"), now + 60)
    assert (found.a_day, found.stories) == (None, 3)


async def _ferries(line: Line, count: int) -> float:
    now = line.clock.now
    told = [
        report(n, title=f"Ferry {n} to the {'isle' if n % 2 else 'coast'}", published_at=now - n)
        for n in range(1, count + 1)
    ]
    await store(line.storage, *told, now=now)
    await line.place()
    return now


async def test_a_command_looks_at_no_more_than_its_budget_and_says_so(line: Line) -> None:
    now = await _ferries(line, 200)
    found = await search.preview(
        line.storage.stories, parse_query("ferry isle"), now, budget=Budget(rows=60)
    )
    assert (found.stories, found.looked, found.whole) == (30, 60, False)
    page = await search.page_before(
        line.storage.stories, parse_query("ferry nowhere OR isle"), None, Budget(rows=8)
    )
    assert (len(page.rows), page.looked) == (4, 8)


async def test_a_budget_of_seconds_ends_a_search_too(line: Line) -> None:
    now = await _ferries(line, 200)
    ticks = iter(range(1_000))
    slow = Budget(seconds=2.5, clock=lambda: float(next(ticks)))
    found = await search.preview(line.storage.stories, parse_query("ferry"), now, budget=slow)
    assert (found.looked, found.whole) == (150, False)


async def test_all_suggestions_together_have_one_budget(line: Line) -> None:
    now = await _ferries(line, 200)
    query = parse_query("ferry isle coast bridge tunnel tram")
    nothing = await search.preview(line.storage.stories, query, now)
    budget = Budget(rows=120)
    offered = await suggestions(line.storage.stories, query, nothing, Aliases(), now, budget=budget)
    assert budget.looked <= 120
    assert offered
    assert not all(each.brings.whole for each in offered)


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("crane any what news", ["crane"]),
        ("what is harbour crane", ["crane", "harbour", "harbour crane"]),
        ("el harbour", ["harbour"]),
        ("harbour crane ferry", ["crane", "ferry", "harbour crane"]),
        ("crane nowhere", ["crane", "crane OR nowhere"]),
        ("crane lang:zz", ["crane"]),
        ("crane nowhere -race", ["crane -race", "(crane OR nowhere) -race"]),
        ("war nowhere", []),
        ("harbour is a what of any on the by crane nowhere", ["crane", "harbour", "harbour crane"]),
    ],
)
async def test_of_several_words_the_rarest_that_say_something_are_offered(
    line: Line, asked: str, offered: list[str]
) -> None:
    titles = [
        "Crane falls in the harbour",
        "Harbour closed by war",
        "El bridge",
        "What is new in the harbour",
    ]
    titles += [f"Ferry {n} is late, any news" for n in range(2)]
    now = line.clock.now
    told = [report(n, title=title, published_at=now) for n, title in enumerate(titles, 1)]
    await store(line.storage, *told, now=now)
    await line.place()
    stories, query = line.storage.stories, parse_query(asked)
    nothing = await search.preview(stories, query, now)
    found = await suggestions(stories, query, nothing, Aliases(), now)
    assert [str(each.query) for each in found] == offered


async def test_stories_are_matched_beside_the_loop(line: Line) -> None:
    now = await _ferries(line, 60)
    with calls_here("bot.news.query.match", "match", "cover") as calls:
        await search.preview(line.storage.stories, parse_query("ferry isle"), now)
        await search.page_before(line.storage.stories, parse_query("ferry isle"), None)
    assert calls == []
