"""Lists of feeds come into the catalogue: each feed once, and none that no index can hold."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.actions.adding import Adding, add_found
from bot.actions.feeds import FeedWish, Imported, import_feeds, move_feed, sort_out
from bot.feeds.fetching.guard import Guard
from bot.feeds.finder import FoundFeed
from bot.news.feed import NewFeed
from bot.news.polling.schedule import Bounds
from bot.news.why import AddressRefused
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import empty_database

NOW = 1_800_000_000.0
BOUNDS = Bounds(60, 3600)
LONG = "http://harbour.example/" + "漢" * 700


@pytest.fixture
async def storage(engine: str, tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(empty_database(tmp_path / "t.db", engine), alone=True, now=NOW)
    yield opened
    await opened.close()


async def take(storage: Storage, *wishes: FeedWish) -> Imported:
    return await import_feeds(storage.feeds, wishes, BOUNDS, NOW, lambda: 0.5)


async def addresses(storage: Storage) -> list[tuple[str, str]]:
    return sorted((feed.url, feed.group) for feed in await storage.feeds.all())


async def test_a_feed_that_a_list_spells_in_several_ways_is_one_feed(storage: Storage) -> None:
    spellings = [
        "http://harbour.example/feed",
        "https://harbour.example/feed/",
        "https://www.harbour.example:443/feed",
        "https://harbour.example/feed?key=7",
    ]
    assert len((await take(storage, *map(FeedWish, spellings))).added) == 2
    assert await addresses(storage) == [(spellings[0], ""), (spellings[3], "")]


async def test_a_feed_of_the_catalogue_is_known_by_another_spelling(storage: Storage) -> None:
    there = "https://xn--hfen-loa.example/feed"
    await take(storage, FeedWish(there))
    spelled = FeedWish("http://www.häfen.example/feed/", group="Ports")
    found = await take(storage, spelled, FeedWish(there, group="Later"))
    assert (found.added, found.grouped) == ((), 1)
    assert await addresses(storage) == [(there, "Ports")]


async def test_feeds_that_are_there_in_two_spellings_stay_two(storage: Storage) -> None:
    both = ["http://hill.example/feed", "https://hill.example/feed"]
    for url in both:
        await storage.feeds.add([NewFeed(url, "", NOW)], NOW)
    found = await take(storage, *(FeedWish(url, group="Hills") for url in both))
    assert (found.added, found.grouped) == ((), 2)


async def test_an_address_that_no_index_can_hold_is_refused_and_the_others_are_added(
    storage: Storage,
) -> None:
    check = Guard().check_url
    good, refused = sort_out([FeedWish(LONG), FeedWish("http://hill.example/feed")], check)
    (reason,) = refused.values()
    assert reason.startswith("the address is longer than")
    await take(storage, *good)
    adding = Adding(check, BOUNDS, lambda: 0.5)
    with pytest.raises(AddressRefused):
        await add_found(storage.feeds, FoundFeed(LONG, "", ""), adding, NOW)
    with pytest.raises(AddressRefused):
        await move_feed(storage.feeds, "hill.example", LONG, check, NOW)
    assert await addresses(storage) == [("http://hill.example/feed", "")]
