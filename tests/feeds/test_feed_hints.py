"""What a document or its headers say of themselves: how often to read it, and where its hub is."""

import pytest

from bot.feeds.fetching.fetch import user_agent
from bot.feeds.fetching.headers import linked
from bot.feeds.reading.parse import parse_document
from bot.news.polling.poll_hints import NO_HINTS, PollHints
from tests.parsers import shared_parser

RSS = b"""<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>Harbour Post</title>
<link>https://harbour.example/</link><ttl>15</ttl>
<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>48</sy:updateFrequency>
<skipHours><hour>3</hour><hour>4</hour></skipHours><skipDays><day>Sunday</day></skipDays>
<atom:link rel="hub" href="https://hub.example/"/>
<atom:link rel="self" href="https://harbour.example/feed"/>
<item><title>Tide tables</title><link>https://harbour.example/1</link></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Hill Radio</title>
<link rel="hub" href="javascript:alert(1)"/><link rel="hub" href="/hub"/>
<link rel="self" href="feed.atom"/><entry><title>Fog</title><link rel="hub" href="http://no/"/>
</entry></feed>"""
JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "Quay",
"feed_url": "https://quay.example/feed.json", "hubs": [3, {"type": "rssCloud", "url": "http://no/"},
{"type": "WebSub", "url": "https://hub.example/"}], "items": []}"""


async def test_wishes_and_hub_of_a_document_come_through_the_worker() -> None:
    found = await shared_parser().parse(RSS, url="https://harbour.example/feed?x")
    assert found.hints == PollHints(1800.0, (3, 4), (6,))
    assert found.hub == "https://hub.example/"
    assert found.own_url == "https://harbour.example/feed"


def test_a_text_that_speaks_of_hints_is_none() -> None:
    named = RSS.replace(b"<skipHours><hour>3</hour><hour>4</hour></skipHours>", b"")
    named = named.replace(b"<skipDays><day>Sunday</day></skipDays>", b"")
    text = b"<![CDATA[Write <skipHours><hour>3</hour></skipHours> into your feed.]]>"
    found = parse_document(named.replace(b"Tide tables", text))
    assert found.hints == PollHints(1800.0, (), ())


def test_only_links_of_the_feed_itself_that_lead_somewhere_count() -> None:
    found = parse_document(ATOM, url="https://hill.example/news/feed.atom?page=1")
    assert (found.hub, found.own_url) == (
        "https://hill.example/hub",
        "https://hill.example/news/feed.atom",
    )
    assert found.hints == NO_HINTS


def test_a_json_feed_names_its_hub_too() -> None:
    found = parse_document(JSON)
    assert (found.hub, found.own_url) == ("https://hub.example/", "https://quay.example/feed.json")


@pytest.mark.parametrize(
    ("values", "hub"),
    [
        (
            ['<https://h.example/>; rel="hub", <https://s.example/>; rel="self"'],
            "https://h.example/",
        ),
        (["<https://s.example/>; rel=self", "<https://h.example/>; rel=hub"], "https://h.example/"),
        (['<https://h.example/a,b;c>; title="x, y"; REL="next HUB"'], "https://h.example/a,b;c"),
        (['<https://h.example/>; rel="hubcap"', "rel=hub", "<x", ""], None),
        (["<" * 100_000], None),
    ],
)
def test_links_in_headers_are_read_by_their_relation(values: list[str], hub: str | None) -> None:
    assert linked(values, "hub") == hub


def test_an_instance_says_whom_to_ask() -> None:
    assert user_agent() == "Tocsin/0.1 (self-hosted feed reader)"
    assert user_agent("https://example.org/bot").endswith("; +https://example.org/bot)")
