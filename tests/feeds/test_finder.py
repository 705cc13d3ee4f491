"""Finding feeds over real HTTP, on a site whose pages are set by the test."""

from collections.abc import AsyncIterator

import pytest

from bot.errors import AddressRefused
from bot.feeds.fetch import Fetcher
from bot.feeds.finder import MOST_TRIES, NO_FEED, TOO_SLOW, Finder, FoundFeed, read_address
from bot.feeds.guard import Guard
from bot.feeds.worker import ParserPool
from tests.feeds.names import Answers, NoNames
from tests.feeds.site import Page, Site, feed, page, site


@pytest.fixture
async def here() -> AsyncIterator[Site]:
    async with site() as made:
        yield made


@pytest.fixture
async def finder() -> AsyncIterator[Finder]:
    guard = Guard(["127.0.0.1"])
    async with (
        Fetcher(guard, resolver=NoNames(), deadline=3) as fetcher,
        ParserPool(size=1) as parser,
    ):
        yield Finder(fetcher, parser, guard.check_url)


async def found(finder: Finder, url: str) -> list[str]:
    return [feed.url for feed in (await finder.find(url)).feeds]


async def test_a_feed_is_found_at_its_own_address_with_its_newest_headline(
    here: Site, finder: Finder
) -> None:
    here.pages["/all"] = feed("Pier Post", "Ferry to run hourly", "Crane repaired")
    search = await finder.find(f"{here.url}/all")
    assert search.feeds == (FoundFeed(f"{here.url}/all", "Pier Post", "Ferry to run hourly"),)
    assert here.visits == {"/all": 1}


async def test_the_feed_that_a_page_declares_is_found(here: Site, finder: Finder) -> None:
    here.pages["/"] = page(("rss+xml", "/hidden/news.xml"))
    here.pages["/hidden/news.xml"] = feed("Pier Post", "Ferry to run hourly")
    assert await found(finder, here.url + "/") == [f"{here.url}/hidden/news.xml"]


async def test_all_that_a_page_declares_is_found_but_copies_comments_and_what_is_no_feed(
    here: Site, finder: Finder
) -> None:
    here.pages["/"] = page(
        ("rss+xml", "/comments/feed"), ("rss+xml", "/world"), ("atom+xml", "/world.atom"),
        ("rss+xml", "/sport"), ("rss+xml", "/gone"), ("rss+xml", "/"),
        ("rss+xml", "http://169.254.169.254/feed"), ("rss+xml", "http://127.0.0.1:9/feed"),
    )  # fmt: skip
    here.pages["/comments/feed"] = feed("Comments", "Ada: first!")
    here.pages["/world"] = here.pages["/world.atom"] = feed("World", "Treaty signed")
    here.pages["/sport"] = feed("Sport", "Rowers win")
    assert await found(finder, here.url + "/") == [f"{here.url}/world", f"{here.url}/sport"]


@pytest.mark.parametrize("place", ["/feed", "/rss.xml", "/index.xml", "/blog/feed"])
async def test_the_usual_places_are_tried(here: Site, finder: Finder, place: str) -> None:
    here.pages["/blog"] = page(body="<a href='/about'>About</a>")
    here.pages[place] = feed("Pier Post", "Ferry to run hourly")
    assert await found(finder, f"{here.url}/blog") == [here.url + place]


async def test_a_link_to_a_feed_in_the_text_is_followed(here: Site, finder: Finder) -> None:
    here.pages["/"] = page(body="<a href='/service/rss/all'>Our RSS</a>")
    here.pages["/service/rss/all"] = feed("Pier Post", "Ferry to run hourly")
    assert await found(finder, here.url + "/") == [f"{here.url}/service/rss/all"]


async def test_a_front_page_that_answers_with_an_error_does_not_hide_the_feed(
    here: Site, finder: Finder
) -> None:
    here.pages["/"] = Page("Are you human?", status=403)
    here.pages["/feed"] = feed("Pier Post", "Ferry to run hourly")
    assert await found(finder, here.url + "/") == [f"{here.url}/feed"]


async def test_a_front_page_that_is_too_large_does_not_hide_the_feed(here: Site) -> None:
    guard = Guard(["127.0.0.1"])
    here.pages["/"] = Page("<p>" + "x" * 5000)
    here.pages["/feed"] = feed("Pier Post", "Ferry to run hourly")
    async with Fetcher(guard, max_bytes=4000) as fetcher, ParserPool(size=1) as parser:
        finder = Finder(fetcher, parser, guard.check_url)
        assert await found(finder, here.url + "/") == [f"{here.url}/feed"]


async def test_a_profile_is_known_by_the_form_of_its_address(here: Site, finder: Finder) -> None:
    here.pages["/@ada.rss"] = feed("Ada", "Hello harbour")
    assert await found(finder, f"{here.url}/@ada") == [f"{here.url}/@ada.rss"]
    assert here.visits == {"/@ada.rss": 1}


async def test_an_address_that_moved_for_good_is_found_where_it_is_now(
    here: Site, finder: Finder
) -> None:
    here.moves("/old", "/new")
    here.moves("/today", "/new", 302)
    here.pages["/new"] = feed("Pier Post", "Ferry to run hourly")
    assert await found(finder, f"{here.url}/old") == [f"{here.url}/new"]
    assert await found(finder, f"{here.url}/today") == [f"{here.url}/today"]


async def test_nothing_is_found_in_a_bounded_number_of_tries(here: Site, finder: Finder) -> None:
    declared = [("rss+xml", f"/feed/{n}") for n in range(100)]
    here.pages["/"] = page(*declared, body="".join(f"<a href=/rss/{n}>" for n in range(100)))
    search = await finder.find(here.url + "/")
    assert (search.feeds, search.reason, search.unreached) == ((), NO_FEED, False)
    assert sum(here.visits.values()) <= MOST_TRIES + 1


async def test_why_nothing_was_found_is_said(here: Site, finder: Finder) -> None:
    search = await finder.find(f"{here.url}/nothing")
    assert (search.reason, search.unreached) == ("the server answered 404 Not Found", False)
    search = await finder.find("https://nowhere.example/")
    assert (search.reason, search.unreached) == ("the host name could not be resolved", True)


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "javascript:alert(1)", "http://169.254.169.254/", "http://[::1]/",
     "http://ada:secret@127.0.0.1/", "nonsense", "", "http://inside.example/"],
)  # fmt: skip
@pytest.mark.hostile(1, 6, 16, 22, 35, 37)
async def test_an_address_that_must_not_be_fetched_is_refused(address: str) -> None:
    guard = Guard(["127.0.0.1"])
    names = Answers(inside_example=[["10.0.0.1"]])
    async with Fetcher(guard, resolver=names) as fetcher, ParserPool(size=1) as parser:
        with pytest.raises(AddressRefused):
            await Finder(fetcher, parser, guard.check_url).find(address)


@pytest.mark.hostile(40)
async def test_a_redirect_to_what_must_not_be_fetched_is_refused(
    here: Site, finder: Finder
) -> None:
    here.moves("/", "http://169.254.169.254/latest")
    with pytest.raises(AddressRefused, match="address not allowed"):
        await finder.find(here.url + "/")


async def test_a_search_ends_in_time(here: Site) -> None:
    guard = Guard(["127.0.0.1"])
    here.pages["/"] = page()
    async with Fetcher(guard) as fetcher, ParserPool(size=1) as parser:
        hasty = Finder(fetcher, parser, guard.check_url, seconds=0.0)
        assert (await hasty.find(here.url + "/")).reason == TOO_SLOW


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("harbour.example", "https://harbour.example"),
        (" harbour.example:8080/news ", "https://harbour.example:8080/news"),
        ("http://harbour.example", "http://harbour.example"),
        ("javascript:alert(1.0)", "javascript:alert(1.0)"),
        ("feed.example/a:b", "https://feed.example/a:b"),
    ],
)
def test_an_address_may_be_written_without_its_scheme(text: str, address: str) -> None:
    assert read_address(text) == address
