"""Invented outlets: what they publish, and how their feeds answer."""

import io
from collections import Counter

import aiohttp
import feedparser
import pytest

from bot.errors import BadInput
from bot.playground.news.documents import document
from bot.playground.news.newsroom import OPENS_IN, Newsroom, Outlet, quiet_newsroom, sample_newsroom
from bot.playground.server import Playground
from tests.playground.conftest import Clock


def test_the_sample_newsroom_has_a_backlog_and_goes_on_for_ever(clock: Clock) -> None:
    newsroom = sample_newsroom(clock=clock)
    newsroom.open()
    assert len(newsroom.outlets) == 7
    assert all(len(outlet.items) == 6 for outlet in newsroom.outlets.values())
    assert all(item.published < clock.now for item in newsroom.newest(100))
    for _ in range(120):
        clock.now += 8
        assert newsroom.publish_next()
    ids = [item.id for outlet in newsroom.outlets.values() for item in outlet.items]
    assert len(set(ids)) == len(ids) == 42 + 120


def test_the_sample_tells_of_a_ceasefire_early_in_several_languages(clock: Clock) -> None:
    newsroom = sample_newsroom(clock=clock)
    titles = [(newsroom.publish_next() or pytest.fail("nothing")).title for _ in range(11)]
    assert "Ceasefire talks open in Port Selim" in titles
    assert "انطلاق محادثات وقف إطلاق النار في بورت سليم" in titles
    assert max(Counter(titles).values()) == 2  # a credited copy has the agency's own title


def test_what_a_visitor_sees_first_is_in_one_language(clock: Clock) -> None:
    newsroom = sample_newsroom(clock=clock)
    newsroom.open()

    def languages(count: int) -> set[str]:
        return {newsroom.outlets[item.feed].language for item in newsroom.newest(count)}

    assert languages(18) == {OPENS_IN}
    assert languages(100) == {"en", "de", "es", "ru", "ar"}
    for _ in range(8):
        clock.now += 8
        newsroom.publish_next()
    assert languages(8) == {OPENS_IN}


@pytest.mark.parametrize("form", ["rss", "atom", "rdf"])
def test_documents_are_read_by_an_unforgiving_reader(form: str, clock: Clock) -> None:
    newsroom = Newsroom([Outlet("alpha", "A & B", form)], clock=clock)
    newsroom.publish("alpha", "Truce <signed> & sealed", "<p>Text &amp; more</p>", author="Ines")
    parsed = feedparser.parse(io.BytesIO(document(newsroom.outlets["alpha"]).encode()))
    assert not parsed.bozo
    assert parsed.feed.title == "A & B"
    (entry,) = parsed.entries
    assert entry.title == "Truce <signed> & sealed"
    assert entry.summary == "<p>Text &amp; more</p>"
    assert entry.link.startswith("https://alpha.example/")


async def test_a_feed_is_conditional(
    playground: Playground, http: aiohttp.ClientSession, clock: Clock
) -> None:
    playground.newsroom.publish("alpha", "One")
    url = playground.feeds["alpha"]
    async with http.get(url) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "One" in await answer.text()
        etag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
    known = [{"If-None-Match": etag}, {"If-None-Match": f'"x", W/{etag}'}]
    for headers in [*known, {"If-Modified-Since": modified}]:
        async with http.get(url, headers=headers) as answer:
            assert answer.status == 304
            assert await answer.read() == b""
    clock.now += 5
    playground.newsroom.publish("alpha", "Two")
    for headers in ({"If-None-Match": etag}, {"If-Modified-Since": modified}):
        async with http.get(url, headers=headers) as answer:
            assert answer.status == 200
            assert "Two" in await answer.text()
    assert playground.kiosk.visits["alpha", 304] == 3


async def test_a_feed_can_be_out_of_order(
    playground: Playground, http: aiohttp.ClientSession
) -> None:
    playground.newsroom.outlets["alpha"].trouble = 503
    async with http.get(playground.feeds["alpha"]) as answer:
        assert answer.status == 503


async def test_an_article_can_be_read_and_its_markup_does_nothing(
    playground: Playground, http: aiohttp.ClientSession
) -> None:
    item = playground.newsroom.publish("alpha", "<i>x</i>", "<script>alert(1)</script>")
    async with http.get(f"{playground.url}/article", params={"url": item.link}) as answer:
        page = await answer.text()
    assert "&lt;i&gt;x&lt;/i&gt;" in page
    assert "<script>" not in page


def test_a_corrected_headline_replaces_the_item(clock: Clock) -> None:
    newsroom = quiet_newsroom("alpha", clock=clock)
    newsroom.publish("alpha", "Trcue signed", id="1")
    newsroom.publish("alpha", "Truce signed", id="1")
    assert [item.title for item in newsroom.newest()] == ["Truce signed"]
    with pytest.raises(BadInput, match="There is no feed"):
        newsroom.publish("omega", "x")
