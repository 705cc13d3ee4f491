"""A database in which a chat had a name once only is brought up to date."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.actions.topics import TopicWish, follow
from bot.news.query.parse import parse_query
from storage.open import open_storage
from tests.databases import former_database

pytestmark = pytest.mark.slow

_BEFORE = 46


async def test_topics_keep_their_threads_and_their_names_are_free_in_others(
    tmp_path: Path,
) -> None:
    path = tmp_path / "before.db"
    former_database(path, _BEFORE)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute(
            "INSERT INTO chats (id, kind, title, state, language, timezone, since, changed_at)"
            " VALUES (1, 'supergroup', '', 'active', 'en', 'UTC', 0, 0)"
        )
        file.executemany(
            "INSERT INTO topics (chat_id, thread_id, name, name_key, query, since)"
            " VALUES (1, ?, ?, ?, ?, 0)",
            [(0, "Boats", "boats", "ferry"), (7, "Hills", "hills", "hill")],
        )
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=10.0)
    try:
        wish = TopicWish("Hills", parse_query("mountain"))
        await follow(storage.chats, 1, 0, wish, 20.0)
        await follow(storage.chats, 1, 7, TopicWish("hills", parse_query("peak")), 20.0)
        there = [(t.name, t.thread_id, t.query) for t in await storage.chats.topics(1)]
    finally:
        await storage.close()
    assert there == [("Boats", 0, "ferry"), ("Hills", 7, "peak"), ("Hills", 0, "mountain")]
