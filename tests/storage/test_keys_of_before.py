"""A database whose keys had sixteen bytes, and which kept canonical links as text, is brought up to
date on either engine.
"""

import asyncio
from collections.abc import AsyncIterator
from hashlib import blake2b, sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.news.feed import PollRecord
from bot.news.polling.entry_keys import KEY_BYTES, READING, TEXT_BYTES, dated, entry_keys_of
from bot.news.polling.identity import Rewrite
from bot.news.story import ParsedEntry
from bot.news.text import urls
from storage.open import open_storage
from storage.polling import packing
from storage.storage import Storage
from tests.databases import ENGINES, former_database, look
from tests.storage.samples import chat, report, sql, store

pytestmark = pytest.mark.slow

_BEFORE = 72
FEED, OTHER, ODD, CHAT = 1, 2, 3, 5
ENTRY = ParsedEntry("n-1", "https://www.news.example/a/", "Ferry aground", "On Lund.", 900.0)
# When they were seen, hashes of title and summary, date, whether spare, and by which reading.
ROWS = (
    (20_000 * 86_400.0 + 5, b"abcdefgh", b"ijklmnop", 1_700_000_000.0, 0, 1),
    (20_000 * 86_400.0 - 5, b"abcdefgh", b"\0\0\0\0\0\0\0\1", None, 1, 1),
    (1.5, b"", b"", None, 0, 1),
    (9e9, None, None, None, 0, 0),
    (-7.0, b"ABCDEFGH", b"IJKLMNOP", -86_400.5, 1, 0),
    (20_000 * 86_400.0, b"ABCDEFGH", b"IJKLMNOP", 9e9, 0, 1),
    (20_000 * 86_400.0, b"ABCDEFGH", b"IJKLMNOP", 1_234_567.89, 0, 1),
)
_REMEMBERED = (
    "INSERT INTO entries (feed_id, key, seen_at, title, summary, published_at, spare, reading)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
)
LINKS = {
    1: ("https://www.news.example/a/", "https://news.example/a"),
    2: ("https://news.example/b", "https://elsewhere.example/b"),  # follows from nothing
    3: ("https://news.example/shared", None),
    4: ("https://news.example:8443/c?b=1&a=2", "https://news.example:8443/c?a=2&b=1"),
}


def _long(*parts: str) -> bytes:
    """A key as the version before had it."""
    digest = blake2b(digest_size=16, person=b"1")
    for part in parts:
        digest.update(len(part.encode()).to_bytes(4, "big") + part.encode())
    return digest.digest()


def _text(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()


@pytest.fixture(
    params=[
        pytest.param(each, marks=pytest.mark.slow) if each == "postgres" else each
        for each in ENGINES
    ]
)
def before(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of the version before."""
    return former_database(tmp_path / "before.db", _BEFORE, request.param)


@pytest.fixture
async def storage(before: str) -> AsyncIterator[Storage]:
    """It, filled and brought up to date."""
    await asyncio.to_thread(_fill, before)
    opened = await open_storage(before, alone=True, now=10_000.0)
    yield opened
    await opened.close()


def _fill(url: str) -> None:
    def run(statement: str, *values: object) -> None:
        look(url, statement, *values)

    for feed in (FEED, OTHER, ODD):
        address = f"https://{feed}.example/"
        run("INSERT INTO feeds (id, url, poll_at, added_at) VALUES (?1, ?2, 9e9, 0)", feed, address)
    run("INSERT INTO stories (id, sort_key, at) VALUES (1, 1, 1)")
    for n, (link, canonical) in LINKS.items():
        run(
            "INSERT INTO reports (feed_id, source, link, canonical, title, summary, seen_at,"
            " quiet, story_id, key, reason, chance) VALUES"
            " (?1, 'Name', ?2, ?3, 'Ferry aground', '', 9.5, 0, 1, ?4, 'new', 0.5)",
            *(FEED, link, canonical, _long("id", f"n-{n}")),
        )
    for n, (seen_at, *row) in enumerate(ROWS * 12):
        run(_REMEMBERED, ODD, blake2b(b"%d" % n, digest_size=16).digest(), seen_at, *row)
    run("INSERT INTO reports (source, title, summary, seen_at, quiet) VALUES ('', '', '', 9, 0)")
    run("DELETE FROM reports WHERE id = 5")
    for feed in (FEED, OTHER):
        for key in (_long("id", "n-1"), _long("link", "https://news.example/a")):
            texts = _text("ferry aground"), _text("On Lund.")
            run(_REMEMBERED, feed, key, 9.75, *texts, 900.0, 0, READING)


async def test_entries_are_known_by_the_beginnings_of_their_keys(storage: Storage) -> None:
    (keys,) = entry_keys_of([ENTRY])
    assert keys.id is not None
    assert keys.link is not None
    for feed in (FEED, OTHER):
        known = await storage.feeds.recall(feed, keys.keys)
        assert known.keys() == {keys.id, keys.link}
        assert {(t.title, t.summary, t.published) for t in known.values()} == {
            (keys.reads, keys.says, ENTRY.published)
        }
        assert {len(key) for key in known} == {KEY_BYTES}
        assert {len(trace.title or b"") for trace in known.values()} == {TEXT_BYTES}
    rows = await sql(storage, "SELECT feed_id FROM entries WHERE feed_id < 3 ORDER BY 1")
    assert rows == [(FEED,), (OTHER,)]


async def test_entries_are_remembered_as_they_were(storage: Storage) -> None:
    keys = [blake2b(b"%d" % n, digest_size=16).digest()[:KEY_BYTES] for n in range(len(ROWS) * 12)]
    known = await storage.feeds.recall(ODD, keys)
    for key, (_, title, summary, published, spare, reading) in zip(keys, ROWS * 12, strict=True):
        date = None if published is None else dated(published)
        found = known[key]
        assert (found.published, found.spare, found.reading) == (date, bool(spare), reading)
        # Of a page it is asked only whether it is there; SQLite's `substr` makes NULL of nothing.
        texts = [(text and text[:TEXT_BYTES]) or None for text in (title, summary)]
        assert [found.title or None, found.summary or None] == texts
    rows = await sql(
        storage,
        "SELECT begins, packed, newest, oldest, oldest_spare FROM entries WHERE feed_id = ?"
        " ORDER BY begins",
        ODD,
    )
    assert len(rows) > 3
    days = []
    for begins, packed, *span in rows:
        assert isinstance(packed, bytes)
        assert tuple(span) == packing.span(packed)
        if begins == packing.FIRST:
            continue
        assert begins == min(
            packing.place_of(packed[at : at + KEY_BYTES])
            for at in range(0, len(packed), packing.RECORD_BYTES)
        )
        days += packing.days(packed)
    assert set(days) == {19_999, 20_000, 0, packing.NEVER - 1}


async def test_a_headline_of_before_is_rewritten_by_its_key(storage: Storage) -> None:
    (keys,) = entry_keys_of([ENTRY])
    assert keys.id is not None
    (feed, *_) = sorted(await storage.feeds.all(), key=lambda feed: feed.id)
    rewritten = (Rewrite(keys.id, "Ferry afloat again", ""),)
    await storage.feeds.record([PollRecord(feed, {}, rewritten=rewritten)], 11.0)
    assert await sql(storage, "SELECT id FROM reports WHERE title_now IS NOT NULL") == [(1,)]


@pytest.mark.parametrize("n", LINKS)
async def test_reports_of_before_are_found_by_their_links(storage: Storage, n: int) -> None:
    await storage.chats.meet(chat(CHAT))
    link, canonical = LINKS[n]
    asked = await storage.history.of_link(CHAT, canonical or urls.canonical(link) or "", link)
    assert asked is not None
    assert [each.heard.id for case in asked.cases for each in case.sightings] == [n]


async def test_a_report_of_before_has_the_canonical_link_that_it_had(storage: Storage) -> None:
    await sql(storage, "UPDATE reports SET placing = id")
    found = await storage.window.placed(list(LINKS))
    assert {each.number: each.sighting.canonical for each in found} == {
        n: canonical for n, (_, canonical) in LINKS.items()
    }


async def test_the_feeds_of_a_host_are_found_by_the_marks_of_its_links(storage: Storage) -> None:
    await storage.chats.meet(chat(CHAT))
    for origin, feeds in {
        "https://news.example/": [FEED],
        "https://elsewhere.example/": [FEED],
        "https://news.example:8443/": [FEED],
        "https://news.exampl/": [],
    }.items():
        found = await storage.history.feeds_of_host(CHAT, origin)
        assert [feed.id for feed in found] == feeds, origin


async def test_numbers_of_reports_are_given_once(storage: Storage) -> None:
    await store(storage, report(9))
    assert await sql(storage, "SELECT max(id) FROM reports") == [(6,)]


async def test_two_links_of_one_mark_are_told_apart(storage: Storage) -> None:
    """One that nobody has seen is not taken for another."""
    await storage.chats.meet(chat(CHAT))
    await sql(
        storage,
        "UPDATE reports SET link_mark = ? WHERE id = 1",
        sha256(b"news.example").digest()[:4] + sha256(b"https://news.example/other").digest()[:4],
    )
    other = "https://news.example/other"
    asked = await storage.history.of_link(CHAT, other, other)
    assert asked is not None
    assert asked.cases == ()


async def test_a_link_is_kept_once_where_its_canonical_form_follows_from_it(
    storage: Storage,
) -> None:
    odd = replace(report(10), canonical="https://elsewhere.example/10")
    await store(storage, report(9), odd, replace(report(11), canonical=None))
    kept = await sql(storage, "SELECT canonical FROM reports WHERE id > 4 ORDER BY id")
    assert [text for (text,) in kept] == ["", "https://elsewhere.example/10", None]
    unplaced = await storage.stories.unplaced(9)
    assert [each.canonical for each in unplaced] == [
        "https://news.example/9", "https://elsewhere.example/10", None,
    ]  # fmt: skip
