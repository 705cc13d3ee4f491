"""Filled databases of earlier versions are brought up to date."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.news.chat import ChatState
from bot.news.query.match import StoryText
from storage.open import open_storage
from tests.databases import former_database
from tests.storage.samples import brought, chat, sql

pytestmark = pytest.mark.slow

_BEFORE = 30
OPERATORS, GUESTS = 1, 2


def _made(path: Path) -> None:
    """A file of the version before, with a story of each kind: the operator's, which a guest's
    report joined; a guest's, which the operator's joined; a guest's own; and one whose guest went.
    """
    former_database(path, _BEFORE)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for feed, guest in ((OPERATORS, 0), (GUESTS, 1)):
            file.execute(
                "INSERT INTO feeds (id, url, poll_at, added_at, guest) VALUES (?, ?, 0, 0, ?)",
                (feed, f"https://{feed}.example/", guest),
            )
        for story in (1, 3, 5, 6):
            file.execute(
                "INSERT INTO stories (id, sort_key, at) VALUES (?1, 1000 + ?1, 1)", (story,)
            )
            file.execute(
                "INSERT INTO story_keys (rowid, keys) VALUES (?1, 'storm')", (1000 + story,)
            )
        told: list[tuple[int, int | None, int, int | None]] = [
            (1, OPERATORS, 0, 1),
            (2, GUESTS, 0, 1),
            (3, GUESTS, 1, 3),
            (4, OPERATORS, 0, 3),
        ]
        told += [(5, GUESTS, 1, 5), (6, None, 1, 6), (7, OPERATORS, 0, None)]
        for report, feed_id, guest, of_story in told:
            file.execute(
                "INSERT INTO reports (id, feed_id, source, title, summary, seen_at, quiet, guest,"
                " story_id) VALUES (?1, ?2, '', 'Report ' || ?1, '', 9, 0, ?3, ?4)",
                (report, feed_id, guest, of_story),
            )


async def test_what_guests_told_before_is_for_their_followers_from_now_on(tmp_path: Path) -> None:
    path = tmp_path / "before.db"
    _made(path)
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=10.0)
    for chat_id in (1, 2):
        await storage.chats.meet(chat(chat_id))
    assert (await brought(storage, f"https://{GUESTS}.example/", 1)).id == GUESTS
    found = {}
    for chat_id in (1, 2):
        stories = storage.stories.seen_by(chat_id)
        newest = [row.story.id for row in await stories.newest(None, 9)]
        assert newest == [row.story.id for row in await stories.with_keys({"storm"}, None, 9, 0)]
        found[chat_id] = newest
    assert found == {1: [5, 3, 1], 2: [3, 1]}
    placed = await storage.window.placed(range(9))
    assert [(each.number, each.story, each.guest, each.opened) for each in placed] == [
        (1, 1, False, False),
        (2, 1, True, False),
        (3, 3, True, False),
        (4, 3, False, False),
        (5, 5, True, True),
        (6, 6, True, True),
    ]
    held = await storage.window.held(0.0, None, 9)
    assert [each.number for each in held] == [6, 5, 4, 3, 2, 1]
    held = await storage.window.held(0.0, None, 9, only_guests=True)
    assert [each.number for each in held] == [6, 5, 3, 2]
    assert await storage.window.last_placing() == 7
    await storage.close()


def _without_outlets(path: Path) -> None:
    """A database of the version before, with a story of four reports: of two feeds, of one that
    was taken out, and a copy; and a chat that a guest's feed rests for.
    """
    former_database(path, 42)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for feed in (1, 2, 3):
            file.execute(
                "INSERT INTO feeds (id, url, poll_at, added_at, guest) VALUES (?1, ?1, 9e9, 0, ?2)",
                (feed, int(feed == 3)),
            )
        file.execute("INSERT INTO stories (id, sort_key, at) VALUES (1, 1, 1), (5, 5, 5)")
        told: list[tuple[int, int | None, str | None, int]] = [
            (1, 1, None, 1), (2, 2, None, 1), (3, None, None, 1), (4, 2, "Gull Wire", 1),
            (5, 1, None, 5),
        ]  # fmt: skip
        for each in told:
            file.execute(
                "INSERT INTO reports (id, feed_id, source, title, summary, seen_at, quiet,"
                " original, story_id) VALUES (?1, ?2, 'Name', 'T' || ?1, '', 9, 0, ?3, ?4)",
                each,
            )
        file.execute(
            "INSERT INTO chats (id, kind, state, language, timezone, since, changed_at)"
            " VALUES (1, 'private', 'blocked', 'en', 'UTC', 0, 0)"
        )
        file.execute("INSERT INTO added_feeds (feed_id, chat_id, at) VALUES (3, 1, 0)")


async def test_a_without_outlets_database_of_the_version_before_knows_its_outlets(
    tmp_path: Path,
) -> None:
    path = tmp_path / "before.db"
    _without_outlets(path)
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=1e7)
    try:
        found = await storage.stories.most_carried(0.0, 9)
        assert [(each.story.id, each.outlets) for each in found] == [(1, 3)]
        # What a trigger did until then.
        await storage.chats.set_state(1, ChatState.ACTIVE, None, 1e7)
        assert [feed.id for feed in await storage.feeds.due_guests(1e7, 9)] == [3]
    finally:
        await storage.close()


async def test_what_was_placed_by_an_earlier_version_is_not_in_doubt(tmp_path: Path) -> None:
    path = tmp_path / "before.db"
    former_database(path, 48)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("INSERT INTO stories (id, sort_key, at) VALUES (1, 1000, 1)")
        file.execute(
            "INSERT INTO reports (source, title, summary, seen_at, quiet, story_id, reason)"
            " VALUES ('', 'Report', '', 9, 0, 1, 'alike')"
        )
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=10.0)
    try:
        assert await sql(storage, "SELECT doubtful FROM reports") == [(0,)]
    finally:
        await storage.close()


def _with_words(path: Path, stories: int) -> None:
    """A database of the version before, whose index of words keeps a copy of them, and has them
    beside their stems. Of the stories the later ones came out earlier; the last is of a guest, and
    one has no words.
    """
    former_database(path, 67)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("BEGIN")
        file.execute(
            "INSERT INTO feeds (id, url, poll_at, added_at, guest) VALUES (7, 'x', 9e9, 0, 1)"
        )
        for n in range(1, stories + 1):
            place, opened_by = 1_000_000 - n, 7 if n == stories else 0
            file.execute(
                "INSERT INTO stories (id, sort_key, at, opened_by) VALUES (?, ?, 1, ?)",
                (n, place, opened_by),
            )
            title = f"Storm {n} at sea {'and ashore ' * 40}"
            report = n, opened_by or None, title
            file.execute(
                "INSERT INTO reports (id, feed_id, source, title, summary, language, seen_at,"
                " quiet, story_id) VALUES (?1, ?2, 'Name', ?3, '', 'en', 9, 0, ?1)",
                report,
            )
            told = StoryText(title, "", "Name", "en", None)
            keys = " ".join({*told.keys(), *told.words.of}) + opened_by // 7 * " §g §7"
            if n > 1:
                file.execute("INSERT INTO story_keys (rowid, keys) VALUES (?, ?)", (place, keys))
        file.execute("CREATE TABLE heap (room TEXT)")
        file.execute("INSERT INTO heap VALUES (?)", ("x" * 3_000_000,))
        file.execute("DROP TABLE heap")
        file.execute("COMMIT")


async def test_words_are_found_in_an_index_that_keeps_no_copy_of_them(tmp_path: Path) -> None:
    path = tmp_path / "before.db"
    _with_words(path, 9)
    before = path.stat().st_size
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=10.0)
    try:
        assert path.stat().st_size < before / 2
        stories = storage.stories
        rows = await stories.with_keys({"storm"}, None, 9, 0.0)
        assert [row.story.id for row in rows] == [2, 3, 4, 5, 6, 7, 8]
        assert await stories.count_with_keys({"ashor"}, 0.0) == 7
        assert await stories.count_with_keys({"4"}, 0.0) == 1
        await storage.chats.meet(chat(1))
        await sql(storage, "INSERT INTO added_feeds (feed_id, chat_id, at) VALUES (7, 1, 0)")
        (last,) = await stories.seen_by(1).with_keys({"9"}, None, 9, 0.0)
        assert last.story.id == 9
        await storage.prune(1e9, 0.0)
        await sql(
            storage, "CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, story_keys, row)"
        )
        assert await sql(storage, "SELECT term FROM temp.words") == []
    finally:
        await storage.close()
