"""A document that is read in part leaves what it would leave if it were read as a whole."""

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from bot.feeds.fetching.fetch import Fetched
from bot.feeds.reading.parse import parse_document
from bot.news.feed import NewFeed, PollRecord
from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.schedule import Bounds
from bot.news.polling.slots import Slots
from bot.pipeline.polling.documents import Documents
from bot.pipeline.polling.offers import DocumentReader
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import look
from tests.loop_watch import calls_here

pytestmark = pytest.mark.slow

_NOW = 1_800_000_000.0
_URL = "https://quay.example/feed"


@dataclass
class Shelf:
    """Two feeds of the same documents: the first is read in part where it can be, the second never.
    `read` is how many entries each document had that was parsed.
    """

    storage: Storage
    url: str
    now: float = _NOW
    read: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.documents = Documents(
            feeds=self.storage.feeds,
            reader=DocumentReader(self._parse, Slots(), lambda: self.now),
            bounds=Bounds(60, 3600),
            now=lambda: self.now,
            chance=lambda: 0.5,
            is_ours=lambda host: False,
        )

    async def _parse(self, body: bytes, *, content_type: str | None, url: str | None) -> ParsedFeed:
        parsed = parse_document(body, content_type=content_type, url=url)
        self.read.append(len(parsed.entries))
        return parsed

    async def poll(self, body: bytes, feed_id: int = 1) -> PollRecord:
        """What a document leaves, which is stored."""
        feed = await self.storage.feeds.get(feed_id)
        assert feed
        fetched = Fetched(_URL, body, None, '"1"', None, None, None)
        record = await self.documents.read(feed, fetched)
        await self.storage.feeds.record([record], self.now)
        return record

    async def poll_both(self, body: bytes) -> tuple[PollRecord, PollRecord]:
        """The same of both feeds, as if they were one. Of the first, traces are left out that are
        remembered as they are: what comes back unchanged is noted where it alone is read.
        """
        await self.storage.feeds.record([replace(await self.of_second(), shown=b"")], self.now)
        first, second = await self.poll(body), await self.poll(body, 2)
        assert first.feed.url != second.feed.url
        one = first.feed
        alike = replace(second.feed, id=one.id, url=one.url, topic=one.topic)
        assert second.traces.items() <= first.traces.items()
        assert await self.storage.feeds.recall(2, first.traces) == first.traces
        first = replace(first, traces=second.traces)
        return replace(first, shown=None), replace(second, feed=alike, shown=None)

    async def of_second(self) -> PollRecord:
        feed = await self.storage.feeds.get(2)
        assert feed
        return PollRecord(feed)

    def kept(self) -> int:
        """How many bytes are kept of what the first feed showed."""
        found = look(self.url, "SELECT length(shown) FROM shown_entries WHERE feed_id = ?", 1)
        return int(found[0][0]) if found else 0


@pytest.fixture
async def shelf(url: str) -> AsyncIterator[Shelf]:
    storage = await open_storage(url, alone=True, now=_NOW)
    await storage.feeds.add([NewFeed(_URL, "", _NOW), NewFeed(_URL + "2", "", _NOW)], _NOW)
    yield Shelf(storage, url)
    await storage.close()


def item(n: int, title: str = "", text: str = "", link: str = "") -> str:
    return (
        f"<item><title>{title or f'Tide number {n}'}</title><guid isPermaLink='false'>t{n}</guid>"
        f"<link>{link or f'https://quay.example/{n}'}</link><pubDate>"
        f"Fri, 15 Jan 2027 {n // 60 % 24:02}:{n % 60:02}:00 GMT</pubDate>"
        f"<description>{text or f'Low at {n}.'}</description></item>"
    )


def rss(*items: str, head: str = "<title>Quay</title>") -> bytes:
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def tides(*numbers: int) -> list[str]:
    return [item(n) for n in numbers]


async def test_only_what_is_new_is_read_and_rings(shelf: Shelf) -> None:
    await shelf.poll(rss(*tides(3, 2, 1)))
    record = await shelf.poll(rss(*tides(5, 4, 3, 2)))
    assert [report.title for report in record.reports] == ["Tide number 4", "Tide number 5"]
    assert not any(report.quiet for report in record.reports)
    await shelf.poll(rss(*tides(6, 5, 4, 3)))
    assert shelf.read == [3, 2, 1]


async def test_what_comes_back_for_an_hour_is_remembered_from_then_on(shelf: Shelf) -> None:
    """Also within the half day in which what is still shown is not noted anew."""
    days, newest = 86_400.0, 3
    for day in range(0, 460, 20):
        for hours in (0, 3):
            shelf.now = _NOW + day * days + hours * 3600
            newest += 1
            back = [1] if day in (200, 440) and hours else []
            record = await shelf.poll(rss(*tides(newest, newest - 1, newest - 2, *back)))
            assert not back or "Tide number 1" not in [r.title for r in record.reports]
            if not day and not hours:
                await shelf.poll(rss(*tides(newest, newest - 1, newest - 2, 1)))
        await shelf.storage.prune(shelf.now - 30 * days, shelf.now - 400 * days)


async def test_a_document_of_which_only_the_date_is_new_is_not_read(shelf: Shelf) -> None:
    dated = "<title>Quay</title><lastBuildDate>Friday</lastBuildDate>"
    await shelf.poll(rss(*tides(2, 1), head=dated))
    record = await shelf.poll(rss(*tides(2, 1), head=dated.replace("Friday", "Saturday")))
    assert (record.reports, record.traces, record.shown) == ((), {}, None)
    assert shelf.read == [2]


async def test_a_correction_is_read_and_shown(shelf: Shelf) -> None:
    await shelf.poll(rss(*tides(3, 2, 1)))
    record = await shelf.poll(rss(item(3), item(2, "Tide number two, at last"), item(1)))
    assert [rewrite.title for rewrite in record.rewritten] == ["Tide number two, at last"]
    assert record.reports == ()
    assert shelf.read == [3, 1]


async def test_all_is_read_twice_a_day_and_where_the_feed_says_something_else_of_itself(
    shelf: Shelf,
) -> None:
    await shelf.poll(rss(*tides(2, 1)))
    shelf.now += 43_300
    await shelf.poll(rss(*tides(3, 2, 1)))
    await shelf.poll(rss(*tides(4, 3, 2), head="<title>Pier</title>"))
    assert shelf.read == [2, 3, 3]
    feed = await shelf.storage.feeds.get(1)
    assert feed
    assert feed.title == "Pier"


async def test_what_shares_a_link_or_headline_with_what_is_known_is_read_with_it(
    shelf: Shelf,
) -> None:
    await shelf.poll(rss(*tides(3, 2, 1)))
    record = await shelf.poll(rss(item(4, link="https://quay.example/3"), *tides(3, 2, 1)))
    assert shelf.read == [3, 1, 4]
    assert record.reports[0].canonical is None
    assert shelf.kept() == 0
    await shelf.poll(rss(*tides(5, 3, 2)))
    assert shelf.read == [3, 1, 4, 3]


async def test_what_is_kept_goes_with_its_feed(shelf: Shelf) -> None:
    await shelf.poll(rss(*tides(2, 1)))
    assert 0 < shelf.kept() <= 2 * 40 + 20
    await shelf.storage.feeds.remove(1)
    assert shelf.kept() == 0


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_comes_the_whole_document_would_have_left_the_same(
    shelf: Shelf, seed: int
) -> None:
    chance, top = random.Random(seed), 10
    for _ in range(8):
        top += chance.choice((0, 0, 1, 2))
        shown = [n for n in range(top, max(top - 10, 0), -1) if chance.random() < 0.95]
        if chance.random() < 0.1:
            chance.shuffle(shown)
        items = [_made(n, chance) for n in shown]
        partly, whole = await shelf.poll_both(rss(*items))
        assert partly == whole
        shelf.now += chance.choice((60, 600, 50_000))
    assert min(shelf.read) < 5


def _made(n: int, chance: random.Random) -> str:
    """An entry, as it is or, now and then, corrected or with what another one has."""
    match chance.randrange(90):
        case 0:
            return item(n, f"Tide number {n}, corrected {chance.randrange(3)}")
        case 1:
            return item(n, text=f"High at {n}.")
        case 2:
            return item(n, link="https://quay.example/live")
        case 3:
            return item(n, f"Tide number {n - 1}")
        case 4:
            return item(n).replace(f"t{n}</guid>", f"t{n - 1}</guid>")
    return item(n)


@pytest.mark.parametrize("left", [0, 1, 2])
async def test_an_answer_that_ends_between_two_entries_is_asked_for_again(
    shelf: Shelf, left: int
) -> None:
    """Also before the first; its marks are those of the whole, which would never come."""
    await shelf.poll(rss(*tides(2, 1)))
    whole = rss(*tides(4, 3, 2, 1)).decode()
    cut = "</item>".join([*whole.split("</item>", left)[:left], ""]) if left else whole[:52]
    record = await shelf.poll(cut.encode())
    assert record.feed.etag is None
    assert len(record.reports) == left
    told = [*record.reports, *(await shelf.poll(whole.encode())).reports]
    assert sorted(report.title for report in told) == ["Tide number 3", "Tide number 4"]
    assert not any(report.quiet for report in told)


async def test_a_first_answer_without_a_whole_entry_is_no_first_poll(shelf: Shelf) -> None:
    whole = rss(*tides(3, 2, 1)).decode()
    for cut in (whole[:52], whole[:80]):
        record = await shelf.poll(cut.encode())
        assert not record.feed.settled
    record = await shelf.poll(whole.encode())
    assert record.feed.settled
    assert [report.quiet for report in record.reports] == [True, True, True]


async def test_many_entries_get_their_keys_beside_the_loop(shelf: Shelf) -> None:
    with calls_here("bot.news.polling.entry_keys", "entry_keys_of", "former_entry_keys_of") as seen:
        await shelf.poll(rss(*tides(*range(150))))
        await shelf.poll(rss(*tides(*range(300))))
    assert seen == []
