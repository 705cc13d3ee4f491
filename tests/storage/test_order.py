"""The order of stories: newest first, and no two at one place."""

import sqlite3
from contextlib import closing
from pathlib import Path

from storage.placing import SEQUENCE
from storage.storage import Storage
from tests.storage.samples import placed, report, store

_MIDNIGHT = 86_400.0


def _number_on(path: Path, report_id: int) -> None:
    """The next report gets the number after this one."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'reports'", (report_id,))


async def test_stories_of_one_second_whose_numbers_are_a_million_apart_have_places_of_their_own(
    storage: Storage, tmp_path: Path
) -> None:
    await store(storage, report(1, published_at=_MIDNIGHT))
    await storage.stories.place([placed(1)], 3_000.0)
    _number_on(tmp_path / "test.db", SEQUENCE)
    for n in (2, 3):
        await store(storage, report(n, published_at=_MIDNIGHT), now=_MIDNIGHT + n)
    ids = [each.id for each in await storage.stories.unplaced(9)]
    assert ids == [SEQUENCE + 1, SEQUENCE + 2]
    await storage.stories.place([placed(each) for each in ids], 3_000.0)
    newest = await storage.stories.newest(None, 9)
    assert [row.story.id for row in newest[:2]] == [SEQUENCE + 2, SEQUENCE + 1]
    assert newest[0].sort_key == newest[1].sort_key + 1
    assert len(await storage.stories.newer_than(-1, 9, None)) == 3


async def test_a_second_that_is_full_lends_the_next_one_that_has_room(
    storage: Storage, tmp_path: Path
) -> None:
    for n in range(1, 4):
        await store(storage, report(n, published_at=100.0), now=200.0)
    await storage.stories.place([placed(1)], 300.0)
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as file:
        file.execute("UPDATE stories SET sort_key = ? WHERE id = 1", (101 * SEQUENCE - 1,))
        file.execute(
            "INSERT INTO stories (id, sort_key, at) VALUES (99, ?, 101)", (102 * SEQUENCE - 1,)
        )
    await storage.stories.place([placed(2), placed(3)], 300.0)
    keys = {row.story.id: row.sort_key for row in await storage.stories.newest(None, 9)}
    assert (keys[2], keys[3]) == (102 * SEQUENCE, 102 * SEQUENCE + 1)


async def test_a_place_whose_words_were_left_behind_can_be_taken(
    storage: Storage, tmp_path: Path
) -> None:
    await store(storage, report(1, published_at=100.0), now=200.0)
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as file:
        file.execute("INSERT INTO story_keys (rowid, keys) VALUES (?, 'old')", (100 * SEQUENCE,))
    await storage.stories.place([placed(1)], 300.0)
    assert [row.story.id for row in await storage.stories.newest(None, 9)] == [1]
