"""What `benchmarks.cold_poll` compares with, each as a program of its own.

    python cold_peers.py WAY DATABASE FILE

WAY is `reader` (the library of that name), `loop` (feedparser for one address after the other, ids
and validators in SQLite), `threads` (aiohttp asks, feedparser reads in a thread: the way of
RSS-to-Telegram-Bot), or `limit` (aiohttp, lxml and `executemany`, and nothing of what a bot must
know). FILE has an address a line. Nothing of Tocsin is imported: any Python will do that has
the libraries.
"""

import asyncio
import sqlite3
import sys
from io import BytesIO
from pathlib import Path


def with_reader(database: str, urls: list[str]) -> None:
    """The library `reader`: `update_feeds`, as its guide shows it."""
    from reader import make_reader

    reader = make_reader(database)
    for url in urls:
        reader.add_feed(url, exist_ok=True)
    reader.update_feeds(scheduled=False)
    reader.close()


def _tables(database: str) -> sqlite3.Connection:
    known = sqlite3.connect(database)
    known.executescript(
        "PRAGMA journal_mode = WAL;"
        "CREATE TABLE IF NOT EXISTS feeds (url TEXT PRIMARY KEY, etag TEXT);"
        "CREATE TABLE IF NOT EXISTS entries (feed TEXT, id TEXT, title TEXT, link TEXT,"
        " summary TEXT, PRIMARY KEY (feed, id)) WITHOUT ROWID;"
    )
    return known


_KEEP = "INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?, ?)"
_MARK = "INSERT OR REPLACE INTO feeds VALUES (?, ?)"


def in_a_loop(database: str, urls: list[str]) -> None:
    """feedparser asks for each address in turn; what is new is kept."""
    import feedparser

    known = _tables(database)
    etags = dict(known.execute("SELECT url, etag FROM feeds"))
    for url in urls:
        found = feedparser.parse(url, etag=etags.get(url))
        if found.get("status") != 304:
            rows = [
                (url, e.get("id") or e.get("link"), e.get("title"), e.get("link"), e.get("summary"))
                for e in found.entries
            ]
            known.executemany(_KEEP, rows)
            known.execute(_MARK, (url, found.get("etag")))
            known.commit()
    known.close()


def in_threads(database: str, urls: list[str]) -> None:
    """Sixty feeds at a time, a session for each request, feedparser in a pool of threads."""
    import aiohttp
    import feedparser

    known = _tables(database)
    etags = dict(known.execute("SELECT url, etag FROM feeds"))

    def keep(url: str, etag: str | None, entries: list[dict[str, str]]) -> None:
        rows = [
            (url, e.get("id") or e.get("link"), e.get("title"), e.get("link"), e.get("summary"))
            for e in entries
        ]
        known.executemany(_KEEP, rows)
        known.execute(_MARK, (url, etag))
        known.commit()

    async def ask(turns: asyncio.Semaphore, url: str) -> None:
        headers = {"If-None-Match": etags[url]} if url in etags else {}
        async with turns, aiohttp.ClientSession() as session:
            async with session.get(url, headers=headers) as answer:
                if answer.status != 200:
                    return
                body, etag = await answer.read(), answer.headers.get("ETag")
            found = await asyncio.to_thread(feedparser.parse, BytesIO(body))
            keep(url, etag, found.entries)

    async def ask_all() -> None:
        turns = asyncio.Semaphore(60)
        await asyncio.gather(*(ask(turns, url) for url in urls))

    asyncio.run(ask_all())
    known.close()


def at_the_limit(database: str, urls: list[str]) -> None:
    """As little as can be: fifty requests at a time, the texts of lxml, one transaction."""
    import aiohttp
    from lxml import etree

    known = _tables(database)
    etags = dict(known.execute("SELECT url, etag FROM feeds"))
    atom = "{http://www.w3.org/2005/Atom}"

    def rows(url: str, body: bytes) -> list[tuple[str | None, ...]]:
        tree = etree.fromstring(body)
        if tree.tag == "rss":
            of_rss = ("guid", "title", "link", "description")
            return [(url, *map(item.findtext, of_rss)) for item in tree.iter("item")]
        names = [atom + name for name in ("id", "title", "link", "summary")]
        return [(url, *map(entry.findtext, names)) for entry in tree.iter(atom + "entry")]

    async def ask(session: aiohttp.ClientSession, turns: asyncio.Semaphore, url: str) -> None:
        headers = {"If-None-Match": etags[url]} if url in etags else {}
        async with turns, session.get(url, headers=headers) as answer:
            if answer.status == 200:
                known.executemany(_KEEP, rows(url, await answer.read()))
                known.execute(_MARK, (url, answer.headers.get("ETag")))

    async def ask_all() -> None:
        turns = asyncio.Semaphore(50)
        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(ask(session, turns, url) for url in urls))

    asyncio.run(ask_all())
    known.commit()
    known.close()


if __name__ == "__main__":
    ways = {"reader": with_reader, "loop": in_a_loop, "threads": in_threads, "limit": at_the_limit}
    way = ways[sys.argv[1]]
    way(sys.argv[2], Path(sys.argv[3]).read_text().split())
