"""Articles of feeds that give headlines only, from a real web site to the alert."""

from html import escape
from pathlib import Path

import pytest

from bot.playground.chats.world import ADA_ID, BEN_ID
from tests.feeds.site import Page, Site, site
from tests.feeds.test_article import LEAD, SECOND, article
from tests.journey.town import Town, town, until


def _publish(harbour: Site, *headlines: str) -> None:
    """Shows headlines without summaries, the newest first; their articles are at the site."""
    items = "".join(
        f"<item><title>{escape(text)}</title><link>{harbour.url}/{text.split()[0]}</link></item>"
        for text in headlines
    )
    harbour.pages["/feed"] = Page(
        f"<rss version='2.0'><channel><title>Pier Post</title>{items}</channel></rss>",
        "application/rss+xml",
    )


def _page(title: str) -> Page:
    return Page(article(LEAD, SECOND, title=title))


async def _follow(t: Town, harbour: Site, *, read: bool = True) -> None:
    _publish(harbour, "Old crane is painted")
    await t.start_bot()
    await t.ask("/start")
    await t.ask(f"/addfeed {harbour.url}/feed")
    await t.settle()
    async with t.storage() as storage:
        feed = await storage.feeds.at(f"{harbour.url}/feed")
        assert feed
        await storage.feeds.read_articles(feed.id, read)


async def test_the_lead_of_the_article_is_told_with_a_bare_headline(
    harbour: Site, idle: Town
) -> None:
    await _follow(idle, harbour)
    harbour.pages["/Ferry"] = _page("Ferry resumes on Monday")
    harbour.pages["/Gone"] = Page("Gone.", status=404)
    _publish(harbour, "Ferry resumes on Monday", "Gone is the old lamp", "Old crane is painted")
    alert = await idle.alert("Ferry resumes on Monday")
    assert LEAD[:60] in alert.text
    assert "Gone is the old lamp" in (await idle.alert("Gone is the old lamp")).text
    assert harbour.visits["/robots.txt"] == 1
    assert harbour.visits["/Ferry"] == 1
    assert harbour.visits["/Old"] == 0
    assert "its article is read" in (await idle.ask("/sources pier post")).text


@pytest.mark.town(admin_ids=str(BEN_ID))
async def test_nothing_is_read_unless_an_operator_wants_it(harbour: Site, idle: Town) -> None:
    await _follow(idle, harbour, read=False)
    harbour.pages["/Ferry"] = _page("Ferry resumes on Monday")
    harbour.pages["/Tram"] = _page("Tram runs again")
    _publish(harbour, "Ferry resumes on Monday", "Old crane is painted")
    assert LEAD[:60] not in (await idle.alert("Ferry resumes on Monday")).text
    assert harbour.visits["/robots.txt"] + harbour.visits["/Ferry"] == 0
    mine = await idle.ask("/sources pier post")
    assert not any("articles" in label for label in idle.labels(mine))
    data = "v1:fulltext:3:1"
    query = idle.playground.people.press(ADA_ID, (await idle.ask("/settings")).id, data=data)
    assert "operators" in await idle.noted(query)
    operators = await idle.ask("/sources pier post", BEN_ID, user=BEN_ID)
    await idle.turned(operators, "Read its articles", "Read headlines only", BEN_ID)
    _publish(harbour, "Tram runs again", "Ferry resumes on Monday", "Old crane is painted")
    assert LEAD[:60] in (await idle.alert("Tram runs again")).text


async def test_what_robots_may_not_read_is_told_with_its_headline(tmp_path: Path) -> None:
    async with site() as harbour, town(tmp_path) as t:
        harbour.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /Fer", "text/plain")
        harbour.pages["/Ferry"] = _page("Ferry resumes on Monday")
        harbour.pages["/Tram"] = _page("Tram runs again")
        harbour.moves("/Bus", "/Ferry")
        await _follow(t, harbour)
        _publish(harbour, "Ferry resumes on Monday", "Tram runs again", "Bus stops", "Old crane")
        assert LEAD[:60] in (await t.alert("Tram runs again")).text
        assert LEAD[:60] not in (await t.alert("Ferry resumes on Monday")).text
        assert LEAD[:60] not in (await t.alert("Bus stops")).text
        assert harbour.visits["/Tram"] == 1


async def test_a_bot_that_ends_while_it_reads_an_article_loses_nothing(
    harbour: Site, idle: Town
) -> None:
    await _follow(idle, harbour)
    harbour.pages["/Ferry"] = Page("", seconds=3.0)
    _publish(harbour, "Ferry resumes on Monday", "Old crane is painted")
    await until(lambda: harbour.visits["/Ferry"], "the article to be asked for")
    await idle.stop_bot()
    assert "Ferry resumes" not in "".join(idle.texts())
    harbour.pages["/Ferry"] = _page("Ferry resumes on Monday")
    await idle.start_bot()
    assert LEAD[:60] in (await idle.alert("Ferry resumes on Monday")).text
    assert sum("Ferry resumes" in text for text in idle.texts()) == 1
