"""The starter catalogue: a well-formed file of plausible addresses. Nothing is fetched."""

from collections import Counter

from bot.data.shipped import starter_bytes
from bot.feeds.fetching.guard import Guard
from bot.feeds.opml import MOST_GROUP, read_opml, write_opml
from bot.news.text import urls
from bot.news.text.words import fold

FEEDS = read_opml(starter_bytes())


def test_it_has_feeds_enough_and_each_once() -> None:
    assert 100 <= len(FEEDS) <= 200
    assert starter_bytes().count(b"xmlUrl=") == len(FEEDS)
    assert len({urls.canonical(feed.url) for feed in FEEDS}) == len(FEEDS)
    assert read_opml(write_opml(FEEDS)) == FEEDS


def test_it_says_that_nobody_checked_it() -> None:
    assert b"UNVERIFIED" in starter_bytes()


def test_groups_are_regions_with_some_feeds_of_different_names() -> None:
    groups = Counter(feed.group for feed in FEEDS)
    assert len(groups) >= 20
    assert min(groups.values()) >= 3
    assert all(0 < len(name) < MOST_GROUP for name in groups)
    named = Counter((feed.group, fold(feed.title)) for feed in FEEDS)
    assert max(named.values()) == 1


def test_the_guard_takes_each_address_and_it_is_https() -> None:
    for feed in FEEDS:
        assert str(Guard().check_url(feed.url)).startswith("https://")
        assert feed.title
