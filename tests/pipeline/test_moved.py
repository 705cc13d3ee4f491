"""Feeds that move, over real HTTP with a clock that is set by hand."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.news.chat import Subscription
from bot.news.feed import Feed, NewFeed, PollRecord
from tests.feeds.site import Page, Site, feed, site
from tests.pipeline.conftest import Line
from tests.storage.samples import chat

DAY = 86_400.0
OLD, NEWS, MORE = "Crane is painted", "Ferry resumes", "Lamp replaced"


@pytest.fixture
async def harbour(line: Line) -> AsyncIterator[Site]:
    """A site whose /old is the only feed."""
    await line.storage.feeds.remove((await line.feed()).id)
    async with site() as made:
        made.pages["/old"] = made.pages["/new"] = feed("Pier Post", OLD)
        await _add(line, made.url + "/old")
        await line.poll()
        yield made


async def _add(line: Line, url: str) -> Feed:
    (added,) = await line.storage.feeds.add([NewFeed(url, "", line.clock())], line.clock())
    return added


async def _polls(line: Line, times: int, days: float) -> None:
    for _ in range(times):
        line.clock.now += days * DAY
        await line.poll()


async def _titles(line: Line) -> list[str]:
    return [report.title for report in await line.storage.stories.unplaced(100)]


async def test_a_redirect_for_good_is_followed_after_a_day_and_nothing_rings_anew(
    line: Line, harbour: Site
) -> None:
    harbour.moves("/old", "/new")
    await _polls(line, 2, 0.6)
    assert (await line.feed()).url == harbour.url + "/old"
    await _polls(line, 1, 0.6)
    assert (await line.feed()).url == harbour.url + "/new"
    harbour.pages["/new"] = feed("Pier Post", NEWS, OLD)
    del harbour.pages["/old"]
    await _polls(line, 1, 0.1)
    assert await _titles(line) == [OLD, NEWS]
    assert (await line.feed()).move is None


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_redirect_for_now_moves_nothing(line: Line, harbour: Site, status: int) -> None:
    harbour.moves("/old", "/new", status)
    await _polls(line, 5, 1)
    assert (await line.feed()).url == harbour.url + "/old"


async def test_a_redirect_to_what_is_no_feed_is_an_error_and_moves_nothing(
    line: Line, harbour: Site
) -> None:
    harbour.moves("/old", "/login")
    harbour.pages["/login"] = Page("<html><body>Log in")
    await _polls(line, 5, 1)
    stored = await line.feed()
    assert (stored.url, stored.failures) == (harbour.url + "/old", 5)
    harbour.moves("/old", "/old")
    await _polls(line, 1, 1)
    assert (await line.feed()).error == "the server redirects in a circle"


async def test_where_the_document_says_it_is_read_is_followed_if_a_feed_is_there(
    line: Line, harbour: Site
) -> None:
    def hinting(*titles: str) -> Page:
        plain = feed("Pier Post", *titles)
        hint = f"<itunes:new-feed-url>{harbour.url}/new</itunes:new-feed-url><item>"
        body = plain.body.replace("<item>", hint, 1).replace(
            "<rss ", "<rss xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' "
        )
        return replace(plain, body=body)

    harbour.pages["/old"] = hinting(OLD)
    del harbour.pages["/new"]
    await _polls(line, 4, 1)
    assert (await line.feed()).url == harbour.url + "/old"
    harbour.pages["/new"] = hinting(OLD)
    await _polls(line, 4, 1)
    assert (await line.feed()).url == harbour.url + "/new"
    assert await _titles(line) == [OLD]


async def test_a_feed_that_moves_to_one_of_the_catalogue_becomes_one_with_it(
    line: Line, harbour: Site
) -> None:
    old = await line.feed()
    harbour.pages["/new"] = feed("Pier Post", MORE)
    new = await _add(line, harbour.url + "/new")
    await line.poll()
    for chat_id, feeds in {7: [old], 8: [old, new]}.items():
        await line.storage.chats.meet(chat(chat_id))
        for each in feeds:
            await line.storage.chats.subscribe(Subscription(chat_id, 0, each.id), line.clock())
    version = await line.storage.chats.audience_version()
    harbour.pages["/new"] = feed("Pier Post", MORE, OLD)
    harbour.moves("/old", "/new")
    await _polls(line, 4, 1)
    kept = await line.feed()
    assert (kept.id, kept.url) == (new.id, harbour.url + "/new")
    for chat_id in (7, 8):
        followed = await line.storage.chats.subscriptions(chat_id)
        assert [s.feed_id for s in followed] == [new.id]
    assert await line.storage.chats.audience_version() > version
    before = await _titles(line)
    await _polls(line, 2, 1)
    assert await _titles(line) == before
    harbour.pages["/new"] = feed("Pier Post", NEWS, MORE, OLD)
    await _polls(line, 1, 1)
    assert await _titles(line) == [*before, NEWS]
    assert {r.feed_id for r in await line.storage.stories.unplaced(100)} == {new.id}


async def test_a_former_address_is_not_added_anew(line: Line, harbour: Site) -> None:
    stored = await line.feed()
    await line.storage.feeds.move(stored.id, harbour.url + "/new", line.clock())
    again = NewFeed(harbour.url + "/old", "", line.clock())
    assert await line.storage.feeds.add([again], line.clock()) == []
    found = await line.storage.feeds.at(harbour.url + "/old")
    assert found is not None
    assert found.url == harbour.url + "/new"
    await line.storage.feeds.move(stored.id, harbour.url + "/old", line.clock())
    assert (await line.feed()).url == harbour.url + "/old"
    await line.storage.feeds.remove(stored.id)
    assert len(await line.storage.feeds.add([again], line.clock())) == 1


async def test_a_feed_moved_by_hand_while_it_is_polled_stays_moved(
    line: Line, harbour: Site
) -> None:
    stored = await line.feed()
    polled = replace(stored, news_at=1.0)
    await line.storage.feeds.move(stored.id, harbour.url + "/new", line.clock())
    await line.storage.feeds.record([PollRecord(polled)], line.clock())
    assert (await line.feed()).url == harbour.url + "/new"
