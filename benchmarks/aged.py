"""A database as after years of use, made by set-based SQL: one for `benchmarks.year`.

1,000 chats, of which a tenth is told nine tenths of all: so a chat has up to some ten thousand
alerts behind it. A story is told by the report that opened it and, one in four, by a second one.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.news.polling.entry_keys import KEY_BYTES, Trace
from storage.polling import packing
from storage.sqlite import schema
from storage.stories import links

NOW = 2_000_000_000.0
CHATS = 1_000
FEEDS = 5_000
_KEYS = 60
"""Keys by which a feed is remembered."""
_BUSY = 100
"""Chats that are told nine tenths of all."""
_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Age:
    """How long a bot has run, and what it has stored."""

    name: str
    days: float
    stories: int
    deliveries: int


AGES = (
    Age("one month", 30, 21_000, 42_000),
    Age("one year", 365, 250_000, 500_000),
    Age("two years", 730, 500_000, 1_000_000),
    Age("five years", 1_825, 1_250_000, 2_500_000),
)


Worded = Callable[[sqlite3.Connection, Age], None]
"""Gives stories, which are there, the words by which they are found."""


def in_few_words(file: sqlite3.Connection, age: Age) -> None:
    """Stories have three words each."""
    file.execute(
        "INSERT INTO story_keys (rowid, keys) SELECT id, 'w' || (id % :words) || ' x' ||"
        " ((id * 7) % :words) || ' common' FROM stories",
        {"words": _WORDS},
    )


def make(path: Path, age: Age, worded: Worded = in_few_words, now: float = NOW) -> None:
    """Makes the file, as it is at `now`."""
    schema.migrate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -200000"):
            file.execute(f"PRAGMA {pragma}")
        file.execute("PRAGMA foreign_keys = OFF")
        file.create_function("key_of", 1, _key_of, deterministic=True)
        file.create_function("link_mark", 1, links.mark, deterministic=True)
        file.execute("BEGIN")
        with _without_indexes(file):
            for statement in _STATEMENTS:
                file.execute(statement, _values(statement, age, now))
            file.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", _memories(now))
            worded(file, age)
        file.execute("COMMIT")
        file.execute("PRAGMA journal_mode = WAL")


def _values(statement: str, age: Age, now: float) -> dict[str, float]:
    known = {
        "now": now, "chats": CHATS, "busy": _BUSY, "feeds": FEEDS, "stories": age.stories,
        "deliveries": age.deliveries, "step": age.days * 86_400 / age.stories,
        "reports": age.stories + age.stories // 4,
    }  # fmt: skip
    return {name: value for name, value in known.items() if f":{name}" in statement}


def _key_of(n: int) -> bytes:
    """A key as entries have it."""
    return hashlib.blake2b(n.to_bytes(8, "big"), digest_size=KEY_BYTES).digest()


def _memories(now: float) -> Iterator[tuple[int, int, bytes, int, int, int]]:
    """What feeds are remembered by: so many keys each, noted today."""
    day, date = packing.day_of(now), float(int(now))
    for feed in range(FEEDS):
        packed = b"".join(
            packing.record_of(_key_of(n), Trace(b"abc", b"def", date - n % 86_400), day)
            for n in range(feed, FEEDS * _KEYS, FEEDS)
        )
        for begins, part in packing.parted(packing.FIRST, packed):
            yield feed + 1, begins, part, *packing.span(part)


@contextmanager
def _without_indexes(file: sqlite3.Connection) -> Iterator[None]:
    """Indexes and triggers are made anew afterwards: rows come in much faster so. The statistics
    that the schema brings go with their indexes, and come back.
    """
    known = file.execute("SELECT tbl, idx, stat FROM sqlite_stat1").fetchall()
    made = file.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')"
        " AND sql IS NOT NULL"
    ).fetchall()
    for kind, name, _ in made:
        file.execute(f"DROP {kind} {name}")
    yield
    for _, _, sql in made:
        file.execute(sql)
    file.execute("DELETE FROM sqlite_stat1")
    file.executemany("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", known)


def _series(upto: str) -> str:
    return (
        "WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series"
        f" WHERE n < :{upto}) "
    )


# Story n opened with report n; when it came out, from now backwards. Feeds say so in whole seconds.
_AT = "(:now - (:stories - {n}) * :step - 60)"
_OF_STORY = "iif(n <= :stories, n, (n - :stories) * 4)"
# What the n-th delivery tells: every story some chats, the last ones the last.
_TOLD = "(1 + (n - 1) * :stories / :deliveries)"
# Nine tenths go to the busy chats; a multiplier without common factor spreads them.
_CHAT = (
    "(CASE WHEN n % 10 < 9 THEN 1 + (n * 7) % :busy ELSE 1 + :busy + (n * 13) % (:chats - :busy)"
    " END)"
)
_STATEMENTS = (
    _series("feeds")
    + "INSERT INTO feeds (url, title, poll_at, host, added_at, settled, answered_at,"
    " failures, folder) SELECT 'https://outlet' || n || '.example/feed', 'Outlet ' || n,"
    " :now + n % 3600, 'outlet' || n || '.example', :now - 1e7, 1, :now - 60, (n % 50 = 0) * 2,"
    " 'Group ' || n % 20 FROM series",
    _series("chats") + "INSERT INTO chats (id, kind, title, state, language, timezone, since,"
    " changed_at, habits) SELECT n, 'private', 'Chat ' || n, 'active', 'en', 'UTC', :now - 1e8,"
    " :now - 1e7, iif(n % 4 = 0, '{\"digest\": [480]}', '{}') FROM series",
    _series("chats") + "INSERT INTO topics (chat_id, name, name_key, query, since)"
    " SELECT n, 'Word ' || n, 'word' || n, 'w' || n, :now - 1e7 FROM series",
    _series("chats") + "INSERT INTO subscriptions (chat_id, feed_id, since)"
    " SELECT n, 1 + n * 3 % :feeds, :now - 1e7 FROM series",
    _series("reports")
    + "INSERT INTO reports (id, feed_id, source, link, canonical, link_mark, title, summary,"
    " language, published_at, seen_at, quiet, story_id, key, reason)"
    f" SELECT n, 1 + n % :feeds, 'Outlet ' || (1 + n % :feeds), 'https://x.example/' || n,"
    " '', link_mark('https://x.example/' || n), 'Headline number ' || n,"
    " 'Some words that say a little more of it, number ' || n, 'en',"
    f" floor({_AT.format(n=_OF_STORY)}), {_AT.format(n=_OF_STORY)} + iif(n <= :stories, 30, 60), 0,"
    f" {_OF_STORY}, key_of(n), 'new'"
    " FROM series",
    _series("stories") + "INSERT INTO stories (id, sort_key, at, reports, outlets)"
    f" SELECT n, cast({_AT.format(n='n')} AS INTEGER) * 1048576 + n % 1048576,"
    f" floor({_AT.format(n='n')}), 1 + (n % 4 = 0), 1 + (n % 4 = 0) FROM series",
    _series("deliveries")
    + "INSERT INTO deliveries (chat_id, thread_id, story_id, report_id, state,"
    " created_at, due_at, attempts, message_id, settled_at)"
    # One chat is told of a story once: others get another thread.
    f" SELECT {_CHAT}, n % 2, {_TOLD}, {_TOLD}, iif(n % 50 = 0, 'dead', 'sent'),"
    f" {_AT.format(n=_TOLD)}, 0, 1, iif(n % 50 = 0, NULL, n), {_AT.format(n=_TOLD)} + 5"
    " FROM series",
    "INSERT INTO matches (story_id, chat_id, thread_id, topic_id, report_id, terms, at)"
    " SELECT story_id, chat_id, thread_id, chat_id, report_id, 'word', created_at FROM deliveries"
    " WHERE id > :deliveries / 2",
    "INSERT INTO audience_changes (version, chat_id) SELECT n, 1 + n % :chats FROM"
    " (WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 10000)"
    "  SELECT n FROM s)",
)
