"""A document of which only what is new is read leaves what it would if all of it were read."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.fetch import Fetched
from bot.feeds.parse import parse_document
from bot.news.feed import NewFeed, ParsedFeed
from bot.news.polling.schedule import Bounds
from bot.news.polling.slots import Slots
from bot.news.why import NotAFeed
from bot.pipeline.documents import Documents
from bot.pipeline.offers import DocumentReader
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import empty_database, look

_URL = "https://paper.example/feed"


@dataclass(frozen=True)
class Item:
    """An entry as its feed writes it."""

    number: int
    id: int
    link: int
    edition: int
    dated: bool


# Most are of their own; some share an id, a link or a headline with another, or are edited.
_ITEMS = st.builds(
    Item,
    st.integers(0, 9),
    st.integers(0, 14),
    st.integers(0, 14),
    st.integers(0, 1),
    st.booleans(),
)
_OWN = st.integers(0, 25).map(lambda n: Item(100 + n, 100 + n, 100 + n, 0, n % 3 > 0))
_DOCUMENTS = st.lists(
    st.tuples(
        st.lists(_OWN | _OWN | _ITEMS, max_size=8),
        st.sampled_from((60, 3600, 20_000, 90_000)),
        st.sampled_from(("", "<ttl>5</ttl>", "<lastBuildDate>now</lastBuildDate>")),
    ),
    min_size=2,
    max_size=6,
)


def _written(item: Item) -> str:
    day = 1 + item.number % 27
    dated = f"<pubDate>{day:02d} Jan 2026 10:00:00 GMT</pubDate>" if item.dated else ""
    named = f"<guid isPermaLink='false'>urn:{item.id}</guid>" if item.id % 5 else ""
    return (
        f"<item>{named}<title>Ferry {item.number} leaves, edition {item.edition}</title>"
        f"<link>https://paper.example/{item.link}</link>{dated}"
        f"<description>Of pier {item.number}.{item.edition}</description></item>"
    )


def _document(items: Sequence[Item], head: str) -> bytes:
    rows = "".join(map(_written, items))
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>'
        f"{head}{rows}</channel></rss>"
    ).encode()


@dataclass
class Desk:
    """One database into which documents are read."""

    storage: Storage
    url: str
    forgets: bool
    now: float = 1_790_000_000.0
    read: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.documents = Documents(
            feeds=self.storage.feeds,
            reader=DocumentReader(self._parse, Slots(), lambda: self.now),
            bounds=Bounds(60, 3600),
            now=lambda: self.now,
            chance=lambda: 0.5,
            is_ours=lambda _: False,
        )

    async def _parse(self, body: bytes, *, content_type: str | None, url: str | None) -> ParsedFeed:
        self.read.append(body.count(b"<item>"))
        return parse_document(body, content_type=content_type, url=url)

    async def take(self, body: bytes, seconds: float) -> None:
        """Reads and stores a document so many seconds later."""
        self.now += seconds
        if self.forgets:
            await _forget(self.storage)
        (feed,) = await self.storage.feeds.all()
        fetched = Fetched(_URL, body, "application/rss+xml", None, None, None, None)
        try:
            record = await self.documents.read(feed, fetched)
        except NotAFeed:
            return
        await self.storage.feeds.record([record], self.now)

    def left(self) -> list[object]:
        """Everything that is stored of feed, entries and reports."""
        feeds = "SELECT * FROM feeds"
        entries = (
            "SELECT key, seen_at, title, summary, published_at, spare FROM entries ORDER BY key"
        )
        reports = (
            "SELECT link, title, summary, published_at, seen_at, quiet, original, key"
            " FROM reports ORDER BY id"
        )
        return [look(self.url, statement) for statement in (feeds, entries, reports)]


async def _forget(storage: Storage) -> None:
    async with storage._database.write() as transaction:
        await transaction.run("DELETE FROM shown_entries")


async def _opened(path: Path, *, forgets: bool) -> Desk:
    url = empty_database(path, "sqlite")
    storage = await open_storage(url, alone=False, now=1.0)
    await storage.feeds.add([NewFeed(_URL, "Paper", 1.0)], 1.0)
    return Desk(storage, url, forgets)


async def _compare(documents: Sequence[tuple[list[Item], int, str]]) -> None:
    with TemporaryDirectory() as folder:
        parts = await _opened(Path(folder) / "parts.db", forgets=False)
        wholes = await _opened(Path(folder) / "wholes.db", forgets=True)
        try:
            for items, seconds, head in documents:
                for desk in (parts, wholes):
                    await desk.take(_document(items, head), seconds)
                assert parts.left() == wholes.left()
        finally:
            for desk in (parts, wholes):
                await desk.storage.close()


@settings(max_examples=60)
@given(_DOCUMENTS)
def test_parts_leave_what_wholes_leave(documents: list[tuple[list[Item], int, str]]) -> None:
    asyncio.run(_compare(documents))


async def test_of_a_document_only_what_is_new_or_changed_is_read(tmp_path: Path) -> None:
    desk = await _opened(tmp_path / "one.db", forgets=False)
    items = [Item(n, n, n, 0, True) for n in range(1, 5)]
    await desk.take(_document(items, ""), 1)
    more = [Item(6, 6, 6, 0, True), *items]
    await desk.take(_document(more, ""), 600)
    await desk.take(_document(more, "<lastBuildDate>later</lastBuildDate>"), 600)
    edited = [replace(more[0], edition=1), *more[1:]]
    await desk.take(_document(edited, ""), 600)
    # What stands beside the entries may change how they are read.
    await desk.take(_document(edited, "<link>https://other.example/</link>"), 600)
    # Once in half a day all that is shown is noted anew.
    passing = "<lastBuildDate>today</lastBuildDate><link>https://other.example/</link>"
    await desk.take(_document(edited, passing), 50_000)
    await desk.storage.close()
    assert desk.read == [4, 1, 1, 5, 5]
    assert look(desk.url, "SELECT count(*) FROM reports") == [(5,)]
