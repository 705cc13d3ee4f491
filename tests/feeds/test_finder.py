"""Finding feeds over real HTTP, on a site whose pages are set by the test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.feeds.fetching.fetch import Failed, Fetched, Fetcher, FetchOutcome, TryLater
from bot.feeds.fetching.gate import Gate
from bot.feeds.fetching.guard import Guard
from bot.feeds.fetching.headers import why_status
from bot.feeds.fetching.visitor import Visitor
from bot.feeds.finder import (
    MOST_TRIES,
    NO_FEED,
    TOO_MANY,
    TOO_SLOW,
    Finder,
    FoundFeed,
    Search,
    read_address,
)
from bot.news.polling.politeness import Politeness
from bot.news.why import AddressRefused, Code, because
from bot.turns import on_behalf_of
from tests.feeds.names import Answers, NoNames
from tests.feeds.site import Page, Site, feed, page, site
from tests.parsers import shared_parser


@pytest.fixture
async def here() -> AsyncIterator[Site]:
    async with site() as made:
        yield made


@pytest.fixture
async def finder() -> AsyncIterator[Finder]:
    guard = Guard(["127.0.0.1"])
    async with Fetcher(guard, resolver=NoNames(), deadline=60) as fetcher:
        yield Finder(fetcher, shared_parser(), guard.check_url)


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
    async with Fetcher(guard, max_bytes=4000) as fetcher:
        finder = Finder(fetcher, shared_parser(), guard.check_url)
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
    assert not search.busy
    assert sum(here.visits.values()) <= MOST_TRIES + 1


async def test_why_nothing_was_found_is_said(here: Site, finder: Finder) -> None:
    search = await finder.find(f"{here.url}/nothing")
    assert (search.reason, search.unreached) == (why_status(404).said, False)
    search = await finder.find("https://nowhere.example/")
    assert (search.reason, search.unreached) == (because(Code.UNRESOLVED).said, True)


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "javascript:alert(1)", "http://169.254.169.254/", "http://[::1]/",
     "http://ada:secret@127.0.0.1/", "nonsense", "", "http://inside.example/"],
)  # fmt: skip
@pytest.mark.hostile(1, 6, 16, 22, 35, 37)
async def test_an_address_that_must_not_be_fetched_is_refused(address: str) -> None:
    guard = Guard(["127.0.0.1"])
    names = Answers(inside_example=[["10.0.0.1"]])
    async with Fetcher(guard, resolver=names) as fetcher:
        with pytest.raises(AddressRefused):
            await Finder(fetcher, shared_parser(), guard.check_url).find(address)


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
    async with Fetcher(guard) as fetcher:
        hasty = Finder(fetcher, shared_parser(), guard.check_url, seconds=0.0)
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


class Watch:
    """A clock that goes on only while somebody sleeps."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@asynccontextmanager
async def stranger(here: Site) -> AsyncIterator[tuple[Finder, str, Gate, Fetcher, Watch]]:
    """A finder that knows the site by the name of a stranger's host."""
    guard, watch = Guard(["127.0.0.1"]), Watch()
    names = Answers(small_example=[["127.0.0.1"]], other_example=[["127.0.0.1"]])
    gate = Gate(Politeness(guard.is_ours), watch, watch.sleep)
    async with Fetcher(guard, resolver=names, gate=gate, now=watch) as fetcher:
        finder = Finder(Visitor(fetcher), shared_parser(), guard.check_url)
        yield finder, here.url.replace("127.0.0.1", "small.example"), gate, fetcher, watch


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_asks_for_fewer_requests_gets_no_more(here: Site, status: int) -> None:
    here.pages["/blog"] = Page(status=status, headers={"Retry-After": "900"})
    here.pages["/feed"] = feed("Pier Post", "Ferry to run hourly")
    async with stranger(here) as (finder, url, _, _, watch):
        search = await finder.find(f"{url}/blog")
        assert str(search.reason).endswith(". Try again in 15 min")
        assert search.busy
        assert sum(here.visits.values()) == 1
        watch.now += 800
        search = await finder.find(f"{url}/feed")
        assert str(search.reason) == "the site asks to be left alone for now. Try again in 2 min"
        assert sum(here.visits.values()) == 1
        watch.now += 101
        assert await found(finder, f"{url}/feed") == [f"{url}/feed"]


async def test_a_limit_met_on_the_way_ends_the_search(here: Site) -> None:
    here.pages["/"] = page(("rss+xml", "/0"), *(("rss+xml", f"/{n}") for n in range(1, 9)))
    here.pages["/0"] = Page(status=429)
    async with stranger(here) as (finder, url, _, _, _):
        search = await finder.find(f"{url}/")
        assert "429 Too Many Requests. Try again in 15 min" in str(search.reason)
    # The two that had their turn with the first one, and nothing after.
    assert sum(here.visits.values()) <= 4


async def test_a_busy_site_without_status_is_asked_no_more_either(here: Site) -> None:
    here.pages["/"] = Page(status=503)
    async with stranger(here) as (finder, url, _, _, _):
        assert "503 Service Unavailable" in str((await finder.find(f"{url}/")).reason)
    assert here.visits == {"/": 1}


async def test_searches_are_paced_and_still_quick(here: Site) -> None:
    here.pages["/"] = page()
    async with stranger(here) as (finder, url, _, _, watch):
        begun = watch.now
        for _ in range(2):
            assert (await finder.find(url)).reason == NO_FEED
        asked = sum(here.visits.values())
        assert asked == 18
        assert asked - 9 <= watch.now - begun <= asked


async def test_a_pause_that_a_poll_was_asked_for_holds_for_searches(here: Site) -> None:
    here.pages["/feed"] = Page(status=429, headers={"Retry-After": "3600"})
    here.pages["/other"] = feed("Pier Post", "Ferry to run hourly")
    async with stranger(here) as (finder, url, _, fetcher, _):
        await fetcher.fetch(f"{url}/feed")
        assert "left alone for now. Try again in 60 min" in str(
            (await finder.find(f"{url}/other")).reason
        )
    assert here.visits == {"/feed": 1}


async def test_feeds_of_many_names_that_lead_to_one_host_are_paced_there(here: Site) -> None:
    ways, waited = [f"way{n}.example" for n in range(40)], []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    guard, watch = Guard(["127.0.0.1"]), Watch()
    local = {name.replace(".", "_"): [["127.0.0.1"]] for name in (*ways, "victim.example")}
    gate = Gate(Politeness(guard.is_ours), watch, sleep)
    async with Fetcher(guard, resolver=Answers(**local), gate=gate, now=watch) as fetcher:
        here.moves("/way", here.url.replace("127.0.0.1", "victim.example") + "/feed", 302)
        here.pages["/feed"] = feed("Pier Post", "Ferry to run hourly")
        addresses = [here.url.replace("127.0.0.1", way) + "/way" for way in ways]
        outcomes = await asyncio.gather(*map(fetcher.fetch, addresses))
    late = [outcome for outcome in outcomes if isinstance(outcome, TryLater)]
    assert here.visits["/feed"] == sum(isinstance(outcome, Fetched) for outcome in outcomes)
    assert here.visits["/feed"] == 40 - len(late) == 19
    assert sorted(waited) == [n / 2 for n in range(1, 17)] + [9, 10]
    assert {(outcome.seconds, outcome.host) for outcome in late} == {(60.0, "victim.example")}
    assert "too many other sources share its server" in str(late[0].reason)


class Sites:
    """A fetcher for which sites are slow until they are let go."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go = asyncio.Event()

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> FetchOutcome:
        self.asked.append(url)
        if "slow" in url:
            await self.go.wait()
        return Failed(why_status(404), 404)


async def test_chats_with_slow_searches_keep_none_from_searching() -> None:
    sites = Sites()
    finder = Finder(sites, shared_parser(), Guard().check_url, haste=0.0)

    def searches(who: int | None, url: str) -> "asyncio.Task[Search]":
        with on_behalf_of(who):
            return asyncio.create_task(finder.find(url))

    slow = [searches(who, f"https://slow{who}.example/feed") for who in range(14)]
    while len(sites.asked) < 14:
        await asyncio.sleep(0)
    assert not any(search.done() for search in slow)
    # The operator finds room; for one more chat those end that searched for long enough.
    assert (await searches(None, "https://own.example/feed")).reason != TOO_MANY
    assert not any(search.done() for search in slow)
    assert (await searches(99, "https://quick.example/feed")).reason != TOO_MANY
    assert "https://quick.example/feed" in sites.asked
    assert {search.reason for search in await asyncio.gather(*slow)} == {TOO_SLOW}


async def test_searches_are_not_hastened_where_nobody_waits() -> None:
    sites = Sites()
    finder = Finder(sites, shared_parser(), Guard().check_url, haste=0.0)
    slow = asyncio.create_task(finder.find("https://slow.example/feed"))
    while not sites.asked:
        await asyncio.sleep(0)
    with on_behalf_of(5):
        await finder.find("https://quick.example/feed")
    sites.go.set()
    assert (await slow).reason != TOO_SLOW
