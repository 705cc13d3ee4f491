"""Which entries of a document ring, and in which order, over real HTTP and in a real database."""

from email.utils import formatdate

import pytest

from bot.news.feed import NewFeed
from bot.news.polling.listing import Listing
from tests.feeds.site import Page, Site, feed, site
from tests.pipeline.conftest import Line

DAY = 86_400.0
Entry = tuple[str, float | None]


def document(now: float, *entries: Entry) -> Page:
    """An RSS feed of these headlines, each with its age in days."""
    items = "".join(
        f"<item><title>{title}</title><guid>{title}</guid>"
        + (f"<pubDate>{formatdate(now - age * DAY)}</pubDate>" if age is not None else "")
        + "</item>"
        for title, age in entries
    )
    return Page(f"<rss version='2.0'><channel><title>Pier</title>{items}</channel></rss>", "a/xml")


async def follow(line: Line, pier: Site, first: Page) -> None:
    """Polls a feed of this site, and no other, for the first time."""
    await line.storage.feeds.remove((await line.feed()).id)
    await line.storage.feeds.add([NewFeed(f"{pier.url}/f", "", line.clock())], line.clock())
    pier.pages["/f"] = first
    await line.poll()
    await line.place()


async def rings(line: Line, pier: Site, page: Page) -> tuple[list[str], list[str]]:
    """What rings of the next document, in order; and what is stored quietly."""
    line.clock.now += 4000
    pier.pages["/f"] = page
    await line.poll()
    found = await line.storage.stories.unplaced(2000)
    await line.place()
    return [r.title for r in found if not r.quiet], [r.title for r in found if r.quiet]


async def test_what_slides_in_where_the_newest_was_deleted_rings_nobody(line: Line) -> None:
    async with site() as pier:
        now = line.clock()
        entries: list[Entry] = [("Tide table", 1), ("Crane painted", 2), ("Herring fair", 9)]
        await follow(line, pier, document(now, *entries))
        old: Entry = ("October storm", 21)
        assert await rings(line, pier, document(now, *entries[1:], old)) == ([], ["October storm"])
        watched = await line.feed()
        assert (watched.hushed, watched.news_at) == (0, watched.newest_at)
        back: Entry = ("Found in a drawer", 300)
        assert await rings(line, pier, document(now, back, *entries[1:])) == ([back[0]], [])


async def test_the_last_news_of_a_first_poll_came_when_it_was_out(line: Line) -> None:
    async with site() as pier:
        now = line.clock()
        await follow(line, pier, document(now, ("Tide table", 3), ("Crane painted", 5)))
        first = await line.feed()
        assert first.news_at == first.newest_at
        assert first.news_at is not None
        assert first.news_at < now - 3600
        fresh: Entry = ("Ferry is back", 0)
        await rings(line, pier, document(line.clock() + 4000, fresh, ("Tide table", 3)))
        assert (await line.feed()).news_at == line.clock()


async def test_without_dates_it_rings_nobody_either(line: Line) -> None:
    async with site() as pier:
        await follow(line, pier, feed("Pier", "Tide table", "Crane painted", "Herring fair"))
        page = feed("Pier", "Crane painted", "Herring fair", "October storm")
        assert await rings(line, pier, page) == ([], ["October storm"])
        page = feed("Pier", "Seal seen", "Crane painted", "Herring fair")
        assert await rings(line, pier, page) == (["Seal seen"], [])


@pytest.mark.parametrize("turned", [1, -1], ids=["newest first", "oldest first"])
@pytest.mark.parametrize("dated", [True, False], ids=["dated", "undated"])
async def test_the_news_of_one_poll_ring_older_before_newer(
    line: Line, turned: int, dated: bool
) -> None:
    entries: list[Entry] = [
        (title, age if dated else None)
        for age, title in enumerate(["Fifth", "Fourth", "Third", "Second", "First"])
    ]
    async with site() as pier:
        await follow(line, pier, document(line.clock(), *entries[3:][::turned]))
        rang, _ = await rings(line, pier, document(line.clock(), *entries[::turned]))
        assert rang == ["Third", "Fourth", "Fifth"]


@pytest.mark.slow
async def test_of_a_long_list_that_begins_with_the_oldest_the_newest_ring(line: Line) -> None:
    async with site() as pier:
        now = line.clock()
        entries: list[Entry] = [(f"Issue {n}", 1_200.0 - n) for n in range(1_200)]
        await follow(line, pier, document(now, *entries))
        page = document(now, *entries, ("Extra", 0.0), ("Special", -0.01))
        assert await rings(line, pier, page) == (["Extra", "Special"], [])


async def test_what_was_shown_of_the_order_outlives_a_restart(line: Line) -> None:
    async with site() as pier:
        await follow(line, pier, feed("Pier", "First", "Second"))
        assert (await line.feed()).listing == Listing(0, 2)
        page = feed("Pier", "First", "Second", "Third")
        assert await rings(line, pier, page) == (["Third"], [])
        assert (await line.feed()).listing == Listing(-1, 3)
        page = feed("Pier", "Second", "Third", "Fourth")
        assert await rings(line, pier, page) == (["Fourth"], [])


async def test_what_slides_in_hushes_none_of_the_news_beside_it(line: Line) -> None:
    """Together they are as many as an archive; the news alone are not."""
    async with site() as pier:
        now = line.clock()
        known: list[Entry] = [(f"Known {n}", 3.0 + n) for n in range(5)]
        await follow(line, pier, document(now, *known))
        news: list[Entry] = [(f"News {n}", 2.0) for n in range(6)]
        old: list[Entry] = [(f"Old {n}", 20.0 + n) for n in range(18)]
        rang, quiet = await rings(line, pier, document(now, *news, *known, *old))
        assert sorted(rang) == [title for title, _ in news]
        assert len(quiet) == 18
        assert (await line.feed()).hushed == 18
