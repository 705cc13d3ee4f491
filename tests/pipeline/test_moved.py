"""Feeds that move, over real HTTP with a clock that is set by hand."""

import dataclasses
from collections.abc import AsyncIterator
from email.utils import formatdate

import pytest
from msgspec.structs import replace

from bot.news.chat import Subscription
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.why import Code, because
from tests.feeds.site import Page, Site, feed, site
from tests.pipeline.conftest import Line
from tests.storage.samples import brought, chat

pytestmark = pytest.mark.slow

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
    found = await line.storage.stories.unplaced(100)
    return [report.title for report in sorted(found, key=lambda report: report.id)]


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
    assert (await line.feed()).error == because(Code.CIRCLE)


def _hinting(plain: Page, url: str) -> Page:
    """The same feed, saying that it is found at `url` now."""
    hint = f"<itunes:new-feed-url>{url}</itunes:new-feed-url><item>"
    body = plain.body.replace("<item>", hint, 1).replace(
        "<rss ", "<rss xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' "
    )
    return dataclasses.replace(plain, body=body)


async def test_where_the_document_says_it_is_read_is_followed_if_a_feed_is_there(
    line: Line, harbour: Site
) -> None:
    harbour.pages["/old"] = _hinting(feed("Pier Post", OLD), f"{harbour.url}/new")
    del harbour.pages["/new"]
    await _polls(line, 4, 1)
    assert (await line.feed()).url == harbour.url + "/old"
    harbour.pages["/new"] = harbour.pages["/old"]
    await _polls(line, 4, 1)
    assert (await line.feed()).url == harbour.url + "/new"
    assert await _titles(line) == [OLD]


async def test_what_the_new_place_shows_is_read_though_the_old_one_was_written_later(
    line: Line, harbour: Site
) -> None:
    def written_now(page: Page) -> Page:
        at = formatdate(line.clock.now, usegmt=True)
        return dataclasses.replace(page, headers={"Last-Modified": at})

    harbour.pages["/old"] = _hinting(feed("Pier Post", MORE, OLD), f"{harbour.url}/new")
    harbour.pages["/new"] = written_now(feed("Pier Post", NEWS, MORE, OLD))
    for _ in range(5):  # a page that is made whenever it is asked for
        line.clock.now += DAY
        harbour.pages["/old"] = written_now(harbour.pages["/old"])
        await line.poll()
    assert (await line.feed()).url == harbour.url + "/new"
    assert await _titles(line) == [OLD, MORE, NEWS]


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


async def test_a_hint_that_was_copied_from_another_feed_moves_nothing(
    line: Line, harbour: Site
) -> None:
    harbour.pages["/new"] = feed("Hill Radio", MORE, NEWS)
    harbour.pages["/old"] = _hinting(feed("Pier Post", OLD), f"{harbour.url}/new")
    await _polls(line, 5, 1)
    assert (await line.feed()).url == f"{harbour.url}/old"
    await _add(line, f"{harbour.url}/new")
    await _polls(line, 5, 1)
    assert len(await line.storage.feeds.all()) == 2


async def _guest(line: Line, url: str) -> Feed:
    """A feed that people of chat 7 brought along and follow."""
    await line.storage.chats.meet(chat(7))
    return await brought(line.storage, url, 7, now=line.clock())


@pytest.mark.parametrize("by_redirect", [False, True])
async def test_a_strangers_feed_that_moves_to_the_operators_neither_speaks_for_it_nor_silences_it(
    line: Line, harbour: Site, by_redirect: bool
) -> None:
    """hostile: its memory holds the ids that the other will use next."""
    ours = await line.feed()
    guest = await _guest(line, f"{harbour.url}/guest")
    seeded = feed("Pier Post", OLD, NEWS)
    lies = feed("Pier Post", "Ministers resign over coins", OLD, NEWS)
    spam = feed("Pier Post", "BREAKING: buy coins", OLD, NEWS)
    harbour.pages["/guest"] = seeded
    await line.poll()
    harbour.pages["/guest"] = _hinting(lies, ours.url)
    await _polls(line, 1, 0.1)
    await line.place()
    if by_redirect:
        harbour.moves("/guest", "/old")
    await _polls(line, 2, 0.6)
    if not by_redirect:
        harbour.pages["/guest"] = _hinting(spam, ours.url)
    await _polls(line, 1, 0.6)
    ringing = [r for r in await line.storage.stories.unplaced(9) if not r.quiet]
    assert [r.title for r in ringing if r.feed_id == ours.id] == []
    assert all(r.guest for r in ringing)
    await line.place()
    await _polls(line, 1, 0.6)
    assert [f.id for f in await line.storage.feeds.all()] == [ours.id]
    assert [s.feed_id for s in await line.storage.chats.subscriptions(7)] == [ours.id]
    assert guest.id != ours.id
    assert [row.story.title for row in await line.storage.stories.newest(None, 9)] == [OLD]
    harbour.pages["/old"] = feed("Pier Post", NEWS, OLD)
    await _polls(line, 1, 0.1)
    (told,) = await line.storage.stories.unplaced(9)
    assert (told.title, told.feed_id, told.quiet, told.guest) == (NEWS, ours.id, False, False)


async def test_a_guest_that_moves_to_another_guest_stays_one(line: Line, harbour: Site) -> None:
    await line.storage.feeds.remove((await line.feed()).id)
    left = await _guest(line, f"{harbour.url}/old")
    kept = await _guest(line, f"{harbour.url}/new")
    await line.poll()
    await line.storage.feeds.move(left.id, kept.url, line.clock())
    harbour.pages["/new"] = feed("Pier Post", NEWS, OLD)
    await _polls(line, 1, 0.1)
    of_guests = [r for r in await line.storage.stories.unplaced(9) if r.guest]
    assert (of_guests[0].title, of_guests[0].quiet) == (NEWS, False)
    assert await line.storage.feeds.added_by(7) == {kept.id}


@pytest.mark.parametrize("by_move", [False, True])
async def test_what_a_strangers_feed_told_and_learned_elsewhere_is_not_the_operators_later(
    line: Line, harbour: Site, by_move: bool
) -> None:
    """hostile: it tells and learns what it likes, and then redirects to an address that the
    operator will add, or to which the operator's feed will move.
    """
    ours = await line.feed()
    if not by_move:
        await line.storage.feeds.remove(ours.id)
    guest = await _guest(line, f"{harbour.url}/guest")
    harbour.pages["/guest"] = feed("Pier Post", NEWS, OLD)
    await line.poll()
    harbour.pages["/guest"] = feed("Pier Post", "Ministers resign over coins", NEWS, OLD)
    await _polls(line, 1, 0.1)
    await line.place()
    harbour.moves("/guest", "/new")
    await _polls(line, 3, 0.6)
    assert f"{harbour.url}/new" in [each.url for each in await line.storage.feeds.all()]
    await line.place()
    own = [row.story.title for row in await line.storage.stories.seen_by(7).newest(None, 9)]
    assert "Ministers resign over coins" in own
    if by_move:
        await line.storage.feeds.move(ours.id, f"{harbour.url}/new", line.clock())
    else:
        await line.storage.feeds.adopt({f"{harbour.url}/new": ""})
    await _polls(line, 1, 1)
    await line.place()
    told = [row.story.title for row in await line.storage.stories.newest(None, 9)]
    assert told == [OLD]
    harbour.pages["/new"] = feed("Pier Post", NEWS, OLD)
    await _polls(line, 1, 1)
    (news,) = await line.storage.stories.unplaced(9)
    assert (news.title, news.feed_id, news.quiet, news.guest) == (NEWS, guest.id, False, False)
    assert [f.id for f in await line.storage.feeds.all()] == [guest.id]
    assert [s.feed_id for s in await line.storage.chats.subscriptions(7)] == [guest.id]
    await line.place()
    again = [row.story.title for row in await line.storage.stories.seen_by(8).newest(None, 9)]
    assert again == [NEWS, OLD]
