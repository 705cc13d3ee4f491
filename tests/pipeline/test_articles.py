"""How long an article may take, and how closely its host is asked; over real HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.feeds.fetching.fetch import Fetcher, FetchOutcome, TryLater
from bot.feeds.fetching.guard import Guard
from bot.feeds.fetching.robots import Fetch
from bot.metrics import Metrics
from bot.news.feed import Feed
from bot.news.polling.politeness import Politeness
from bot.news.story import NewReport
from bot.news.why import quoted
from bot.pipeline.polling.articles import Articles
from storage.open import open_storage
from tests.databases import empty_database
from tests.feeds.site import Page, Site, site
from tests.feeds.test_article import LEAD, SECOND, article
from tests.parsers import shared_parser
from tests.storage.samples import add_feed, report


@pytest.fixture
async def feed(tmp_path: Path) -> AsyncIterator[Feed]:
    opened = await open_storage(empty_database(tmp_path / "test.db"), alone=True, now=1_000.0)
    yield await add_feed(opened, "http://127.0.0.1/feed")
    await opened.close()


@asynccontextmanager
async def reading(
    seconds: float, politeness: Politeness | None = None, fetch: Fetch | None = None
) -> AsyncIterator[Articles]:
    guard, parser = Guard(["127.0.0.1"]), shared_parser()
    async with Fetcher(guard) as fetcher:
        # The worker loads what it needs before anything is measured.
        page = article(LEAD, SECOND).encode()
        await parser.lead(page, content_type=None, title="", source="")
        await parser.judge(b"", url="http://127.0.0.1/")
        yield Articles(
            fetch=fetch or fetcher.fetch,
            lead=parser.lead,
            judge=parser.judge,
            politeness=politeness or Politeness(guard.is_ours),
            now=time.time,
            sleep=asyncio.sleep,
            metrics=Metrics(),
            seconds=seconds,
        )


def _bare(harbour: Site, n: int) -> NewReport:
    return replace(report(n), link=f"{harbour.url}/{n}", summary="")


@pytest.mark.slow
async def test_what_is_not_read_in_time_keeps_its_headline_and_delays_once(feed: Feed) -> None:
    async with site() as harbour, reading(1.0) as articles:
        harbour.pages["/1"] = Page(article(LEAD, SECOND))
        harbour.pages["/2"] = Page(article(LEAD, SECOND), seconds=20)
        reports = tuple(_bare(harbour, n) for n in (3, 2, 1))
        began = time.perf_counter()
        found = await articles.with_leads(feed, reports)
        assert time.perf_counter() - began < 4
        assert [bool(each.summary) for each in found] == [False, False, True]
        assert [each.key for each in found] == [each.key for each in reports]
        harbour.visits.clear()
        began = time.perf_counter()
        assert await articles.with_leads(feed, reports[:2]) == reports[:2]
        assert time.perf_counter() - began < 0.5
        assert not harbour.visits


@pytest.mark.slow
async def test_a_host_is_asked_at_its_pace_and_rules_count_as_requests(feed: Feed) -> None:
    async with site() as harbour, reading(3.5, Politeness()) as articles:
        for n in range(9):
            harbour.pages[f"/{n}"] = Page(article(LEAD, SECOND))
        found = await articles.with_leads(feed, tuple(_bare(harbour, n) for n in range(9)))
        # One a second: the rules, then three pages at most.
        assert 1 <= sum(bool(each.summary) for each in found) <= 3
        assert sum(harbour.visits.values()) <= 4


@pytest.mark.slow
async def test_two_polls_of_one_host_do_not_wait_for_each_others_turns(feed: Feed) -> None:
    politeness = Politeness(lambda host: True)
    async with site() as harbour, reading(2.0, politeness) as articles:
        harbour.pages["/1"] = Page(article(LEAD, SECOND))
        for _ in range(2):
            politeness.begin("127.0.0.1", time.time())
        assert not politeness.may_ask("127.0.0.1", time.time())
        (found,) = await articles.with_leads(feed, (_bare(harbour, 1),), "127.0.0.1")
        assert found.summary
        began = time.perf_counter()
        (other,) = await articles.with_leads(feed, (_bare(harbour, 1),))
        assert not other.summary
        assert 1.9 < time.perf_counter() - began < 4


async def test_the_delay_that_a_host_asks_for_is_kept(feed: Feed) -> None:
    async with site() as harbour, reading(2.0) as articles:
        harbour.pages["/robots.txt"] = Page("User-agent: *\nCrawl-delay: 60", "text/plain")
        for n in (1, 2):
            harbour.pages[f"/{n}"] = Page(article(LEAD, SECOND))
        found = await articles.with_leads(feed, (_bare(harbour, 1), _bare(harbour, 2)))
        assert [bool(each.summary) for each in found] == [False, True]
        assert harbour.visits["/1"] == 0


async def test_what_says_enough_or_does_not_ring_is_not_read(feed: Feed) -> None:
    async with site() as harbour, reading(2.0) as articles:
        harbour.pages["/1"] = Page("%PDF", "application/pdf")
        reports = (
            replace(_bare(harbour, 1), summary=LEAD),
            replace(_bare(harbour, 1), quiet=True),
            replace(_bare(harbour, 1), link=None),
        )
        assert await articles.with_leads(feed, reports) == reports
        assert not harbour.visits
        assert await articles.with_leads(feed, (_bare(harbour, 1),)) == (_bare(harbour, 1),)


@pytest.mark.parametrize("of_a_page", [True, False])
async def test_a_host_that_says_too_many_is_left_alone_for_as_long_as_it_asks(
    feed: Feed, of_a_page: bool
) -> None:
    async with site() as harbour, reading(2.0) as articles:
        asked = "/3" if of_a_page else "/robots.txt"
        for n in (1, 2, 3):
            harbour.pages[f"/{n}"] = Page(article(LEAD, SECOND))
        harbour.pages[asked] = Page("Slowly.", status=429, headers={"Retry-After": "3600"})
        reports = tuple(_bare(harbour, n) for n in (1, 2, 3))
        for _ in range(2):
            assert await articles.with_leads(feed, reports) == reports
        assert harbour.visits[asked] == 1
        assert sum(harbour.visits.values()) == (2 if of_a_page else 1)


async def test_a_platform_that_asks_for_a_pause_at_an_article_is_not_polled_either(
    feed: Feed,
) -> None:
    async def fetch(url: str) -> FetchOutcome:
        return TryLater(600.0, quoted("429 Too Many Requests"))

    politeness = Politeness()
    post = replace(report(1), link="https://old.reddit.com/r/harbour/1", summary="")
    async with reading(2.0, politeness, fetch) as articles:
        assert await articles.with_leads(feed, (post,)) == (post,)
    assert not politeness.may_ask("reddit.com", time.time() + 500)
    assert politeness.may_ask("reddit.com", time.time() + 700)


@pytest.mark.parametrize("redirected", [False, True])
@pytest.mark.slow
async def test_a_public_feed_does_not_have_pages_of_the_operators_hosts_told(
    feed: Feed, redirected: bool
) -> None:
    public = replace(feed, url="https://news.example/feed")
    async with site() as harbour, reading(2.0) as articles:
        harbour.pages["/1"] = Page(article(LEAD, SECOND))
        # By this name the same machine is not one of those that the operator named.
        elsewhere = harbour.url.replace("127.0.0.1", "localhost")
        harbour.moves("/2", f"{harbour.url}/1")
        link = f"{elsewhere}/2" if redirected else f"{harbour.url}/1"
        told = replace(_bare(harbour, 1), link=link)
        assert await articles.with_leads(public, (told,)) == (told,)
        assert _count(articles, "forbidden") == 1
        assert redirected or not harbour.visits
        (own,) = await articles.with_leads(feed, (told,))
        assert own.summary


def _count(articles: Articles, outcome: str) -> float:
    (metric,) = articles.metrics.articles.labels(outcome).collect()
    return sum(sample.value for sample in metric.samples if sample.name.endswith("_total"))
