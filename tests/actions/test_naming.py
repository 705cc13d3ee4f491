"""By which names an operator's command takes a feed, without anybody who looks at what it found."""

import pytest

from bot.actions.feeds import move_feed, read_articles, remove_feed
from bot.errors import BadInput
from bot.feeds.fetching.guard import Guard
from bot.news.feed import NewFeed
from storage.storage import Storage

NOW = 1_800_000_000.0
BIG, PIER, OTHER = "http://hill.example/big", "http://pier.example/feed?a=b", "http://o.example/x"
TITLES = {BIG: "Digging in the Hills", PIER: "Pier Post", OTHER: "Pier Post, evening"}


async def filled(storage: Storage) -> None:
    """A catalogue with the feeds of `TITLES`, #1 to #3."""
    for url, title in TITLES.items():
        await storage.feeds.add([NewFeed(url, title, NOW)], NOW)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (BIG, BIG),
        ("HTTP://Hill.example/BIG", BIG),
        ("https://www.hill.example/big/", BIG),
        ("hill.example", BIG),
        ("pier post", PIER),
        (" PIER POST ", PIER),
        ("#3", OTHER),
    ],
)
async def test_a_feed_is_removed_by_its_whole_name(
    storage: Storage, name: str, wanted: str
) -> None:
    await filled(storage)
    assert (await remove_feed(storage.feeds, name)).url == wanted


@pytest.mark.parametrize(
    ("name", "numbers"), [("ig", {1}), ("pier", {2, 3}), ("evening", {3}), ("Hills", {1})]
)
async def test_by_a_part_of_a_name_nothing_is_done_and_those_that_have_it_are_listed(
    storage: Storage, name: str, numbers: set[int]
) -> None:
    await filled(storage)
    check = Guard().check_url
    for refused in (
        remove_feed(storage.feeds, name),
        read_articles(storage.feeds, name, True),
        move_feed(storage.feeds, name, "http://new.example/", check, NOW),
    ):
        with pytest.raises(BadInput, match="No feed is called") as raised:
            await refused
        said = str(raised.value)
        assert {n for n in (1, 2, 3) if f"#{n} {list(TITLES.values())[n - 1]}" in said} == numbers
    assert {feed.url for feed in await storage.feeds.all()} == set(TITLES)


async def test_of_several_feeds_with_one_title_none_is_taken(storage: Storage) -> None:
    await filled(storage)
    await storage.feeds.add([NewFeed("http://pier.example/second", "Pier Post", NOW)], NOW)
    for name in ("Pier Post", "pier.example"):
        with pytest.raises(BadInput) as raised:
            await remove_feed(storage.feeds, name)
        assert str(raised.value) == (
            f"2 feeds are called '{name}'; name one by its number, as '#2':"
            f" #2 Pier Post ({PIER}), #4 Pier Post (http://pier.example/second)."
        )


async def test_the_exact_address_goes_before_another_spelling(storage: Storage) -> None:
    both = ["http://hill.example/feed", "https://hill.example/feed"]
    for url in both:
        await storage.feeds.add([NewFeed(url, "", NOW)], NOW)
    assert (await remove_feed(storage.feeds, both[1])).url == both[1]


async def test_a_long_list_is_cut(storage: Storage) -> None:
    for n in range(12):
        await storage.feeds.add([NewFeed(f"http://hill.example/{n}", "", NOW)], NOW)
    with pytest.raises(BadInput, match=r"#10 \(http://hill\.example/9\), and 2 more\.$"):
        await remove_feed(storage.feeds, "hill.exam")
