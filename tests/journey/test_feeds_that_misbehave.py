"""A feed that misbehaves does not ring twice, and what is new in it rings once.

Alerts are counted exactly, and so are stored reports: the desk would hide a repeat that polling
let through, but not for ever.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.playground.chats.world import ADA_ID
from bot.playground.news.newsroom import PublishedItem, quiet_newsroom
from tests.feeds.site import Page, site
from tests.journey.town import Town, town, until

FEED, OTHER = "harbour-post", "hill-radio"
BACKLOG = ("Crane number four is painted", "Herring prices rise again", "Choir sings on the pier")
NEWS = ("Ferry to Lund Island resumes", "Lighthouse lamp is replaced", "Two seals block a slipway")
DAY = 86_400.0

Twist = Callable[[list[PublishedItem], int], list[PublishedItem]]


class Harbour:
    """A chat that follows a feed which twists what it publishes anew at every poll."""

    def __init__(self, t: Town, twist: Twist) -> None:
        self.t = t
        self.polls = 0
        self._numbers = count()
        self._sentinels = count(1)
        outlet = t.playground.newsroom.outlets[FEED]
        outlet.twist = lambda items: self._twisted(twist, items)

    def _twisted(self, twist: Twist, items: list[PublishedItem]) -> list[PublishedItem]:
        self.polls += 1
        return twist(items, next(self._numbers))

    async def polled(self, times: int = 1) -> None:
        """Waits for polls, and until all that came of them was told."""
        enough = self.polls + times + 1  # the last may not be stored yet; those before it are
        await until(lambda: self.polls >= enough, "polls")
        await self.t.settle()
        sentinel = f"Sentinel bell {next(self._sentinels)} rings on the hill"
        self.t.playground.newsroom.publish(OTHER, sentinel)
        await self.t.alert(sentinel)

    def alerts(self) -> list[str]:
        """The headlines that rang, without the sentinels."""
        lines = [text.splitlines()[0] for text in self.t.texts()]
        return [line for line in lines if line in (*BACKLOG, *NEWS) or line.startswith("Old ")]

    async def stored(self) -> int:
        """How many reports of the feed are stored."""
        async with self.t.storage() as storage:
            return (await storage.stats()).reports - next(self._sentinels) + 1


@asynccontextmanager
async def harbour(folder: Path, twist: Twist) -> AsyncIterator[Harbour]:
    async with town(folder, quiet_newsroom(FEED, OTHER)) as t:
        made = Harbour(t, twist)
        for age, title in enumerate(reversed(BACKLOG)):
            published = t.now() - 3600 * (3 - age)
            t.playground.newsroom.publish(FEED, title, f"Text: {title}.", published=published)
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe")
        yield made


def _sources_line(known_by: str, reason: str) -> str:
    return f"{reason}, so stories are recognised by {known_by}."


def _renamed(item: PublishedItem, poll: int) -> PublishedItem:
    return replace(item, id=f"{poll}-{item.id}")


def _visited(item: PublishedItem, poll: int) -> PublishedItem:
    return replace(item, id="", link=f"{item.link}?sid={poll:08d}c0ffee0123456789abcdef")


def _moved(item: PublishedItem, poll: int) -> PublishedItem:
    return replace(item, id="", link=f"https://harbour-post.example/visit-{poll}{item.link[-12:]}")


@pytest.mark.parametrize(
    ("habit", "said"),
    [
        (_renamed, _sources_line("link", "Ids change")),
        (lambda item, _: replace(item, id="x"), _sources_line("link", "Ids repeat")),
        (lambda item, _: replace(item, id=""), _sources_line("link", "Ids are missing")),
        (_visited, _sources_line("link", "Ids are missing")),
        (_moved, _sources_line("title and date", "Ids are missing, links change")),
    ],
    ids=["flips", "repeats", "empty", "session", "new links"],
)
async def test_whatever_becomes_of_its_ids_and_links_each_article_rings_once(
    tmp_path: Path, habit: Callable[[PublishedItem, int], PublishedItem], said: str
) -> None:
    async with harbour(tmp_path, lambda items, poll: [habit(i, poll) for i in items]) as h:
        await h.polled()
        assert h.alerts() == []
        for title in NEWS[:2]:
            h.t.playground.newsroom.publish(FEED, title)
        await h.polled()
        assert sorted(h.alerts()) == sorted(NEWS[:2])
        assert said in (await h.t.ask("/sources harbour")).text
        assert await h.stored() == len(BACKLOG) + 2


async def test_one_id_for_new_articles_silences_none_of_them(tmp_path: Path) -> None:
    async with harbour(tmp_path, lambda items, _: [replace(items[0], id="x")]) as h:
        for title in NEWS:
            h.t.playground.newsroom.publish(FEED, title)
            await h.t.alert(title)
        await h.polled()
        assert h.alerts() == list(NEWS)
        page = await h.t.ask("/sources harbour")
        assert _sources_line("link", "Ids are used again") in page.text
        assert await h.stored() == 1 + len(NEWS)


async def test_what_an_answer_breaks_off_in_rings_once_it_is_whole(tmp_path: Path) -> None:
    async with harbour(tmp_path, lambda items, _: items) as h:
        outlet = h.t.playground.newsroom.outlets[FEED]
        outlet.breaks_off_at = f"<title>{NEWS[0][:9]}"
        h.t.playground.newsroom.publish(FEED, NEWS[0])
        await h.polled(2)
        assert h.alerts() == []
        outlet.breaks_off_at = ""
        await h.t.alert(NEWS[0])
        await h.polled()
        assert h.alerts() == [NEWS[0]]
        assert "recognised by" not in (await h.t.ask("/sources harbour")).text
        assert await h.stored() == len(BACKLOG) + 1


async def test_what_vanishes_and_comes_back_is_not_told_again(tmp_path: Path) -> None:
    short = asyncio.Event()
    async with harbour(tmp_path, lambda items, _: items[:1] if short.is_set() else items) as h:
        h.t.playground.newsroom.publish(FEED, NEWS[0])
        await h.t.alert(NEWS[0])
        short.set()
        await h.polled()
        short.clear()
        h.t.ahead = 10 * DAY  # the desk has forgotten what it was told; polling has not
        await h.polled()
        h.t.playground.newsroom.publish(FEED, NEWS[1])
        await h.t.alert(NEWS[1])
        await h.polled()
        assert h.alerts() == list(NEWS[:2])
        assert await h.stored() == len(BACKLOG) + 2


async def test_the_whole_archive_at_once_rings_for_what_is_fresh_and_is_found(
    tmp_path: Path,
) -> None:
    async with harbour(tmp_path, lambda items, _: items) as h:
        newsroom = h.t.playground.newsroom
        for n in range(60):
            title = f"Old log of the harbour master, page {n}"
            newsroom.publish(FEED, title, published=h.t.now() - (n + 10) * DAY)
        newsroom.publish(FEED, NEWS[0])
        await h.t.alert(NEWS[0])
        await h.polled()
        assert h.alerts() == [NEWS[0]]
        assert await h.stored() == len(BACKLOG) + 61
        assert "page 59" in (await h.t.ask('/latest "page 59"')).text
        said = (await h.t.ask("/sources harbour")).text
        assert "Sent old news at once: 60 stories kept without alerts." in said


async def test_hundreds_at_once_without_believable_dates_ring_ten_times(tmp_path: Path) -> None:
    async with harbour(tmp_path, lambda items, _: items) as h:
        for n in range(250):
            h.t.playground.newsroom.publish(FEED, f"Old notice {n} about berth {n * 7 + 1000}")
        await until(lambda: len(h.alerts()) >= 10, "ten alerts")
        await h.polled()
        assert len(h.alerts()) == 10
        assert await h.stored() == len(BACKLOG) + 250


async def test_a_headline_rewritten_in_place_does_not_ring(tmp_path: Path) -> None:
    async with harbour(tmp_path, lambda items, _: items) as h:
        item = h.t.playground.newsroom.publish(FEED, NEWS[0])
        await h.t.alert(NEWS[0])
        h.t.playground.newsroom.publish(FEED, NEWS[1], id=item.id, link=item.link)
        await h.polled()
        assert len(h.t.playground.ledger.find(method="sendMessage", containing=NEWS[1])) == 0
        assert await h.stored() == len(BACKLOG) + 1
        assert len(h.t.messages(ADA_ID)) >= 3


@pytest.mark.parametrize("turned", [1, -1], ids=["newest first", "oldest first"])
async def test_what_came_between_two_polls_rings_older_before_newer(
    tmp_path: Path, turned: int
) -> None:
    held_back = True

    def twist(items: list[PublishedItem], _: int) -> list[PublishedItem]:
        shown = items[len(items) - len(BACKLOG) :] if held_back else items
        return shown[::turned]

    async with harbour(tmp_path, twist) as h:
        await h.polled()
        for age, title in enumerate(NEWS):
            h.t.playground.newsroom.publish(FEED, title, published=h.t.now() - 300 + 60 * age)
        held_back = False
        await h.t.alert(NEWS[-1])
        await h.polled()
        assert h.alerts() == list(NEWS)


async def test_an_old_entry_that_slides_in_where_one_was_deleted_does_not_ring(
    tmp_path: Path,
) -> None:
    deleted = False

    def twist(items: list[PublishedItem], _: int) -> list[PublishedItem]:
        return items[1:] if deleted else items[:-1]

    async with harbour(tmp_path, twist) as h:
        await h.polled()
        deleted = True
        await h.polled(2)
        assert h.alerts() == []
        assert await h.stored() == len(BACKLOG)


def _status(number: int, title: str) -> Page:
    return Page(
        f"<rss version='2.0'><channel><title>Bank status</title><item><guid>notice-{number}</guid>"
        f"<title>{title}</title><link>https://status.example/now</link>"
        "<description>We keep you informed.</description></item></channel></rss>",
        "application/rss+xml",
    )


async def test_a_page_that_shows_its_newest_entry_only_rings_for_each(tmp_path: Path) -> None:
    """Always under the same link; also after a restart, which rebuilds what the desk knows."""
    titles = ("Login is slow", "Login works again", "Customer data stolen", "Police were called")
    async with site() as bank, town(tmp_path) as t:
        bank.pages["/status"] = _status(0, "All is well")
        await t.start_bot()
        await t.ask("/start")
        await t.ask(f"/addfeed {bank.url}/status")
        await t.settle()
        for number, title in enumerate(titles, 1):
            bank.pages["/status"] = _status(number, title)
            await t.alert(title)
            if number == 2:
                await t.deliveries("sent", number)
                await t.stop_bot()
                await t.start_bot()
        told = [text for text in t.texts() if any(title in text for title in titles)]
        assert len(told) == len(titles)
