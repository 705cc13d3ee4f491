"""The order of stories: newest first, and no two at one place."""

from storage.storage import Storage
from storage.stories.placing import SEQUENCE
from tests.storage.samples import placed, report, sql, store

_MIDNIGHT = 86_400.0


async def test_stories_of_one_second_whose_numbers_are_a_million_apart_have_places_of_their_own(
    storage: Storage,
) -> None:
    await store(storage, report(1, published_at=_MIDNIGHT))
    await storage.stories.place([placed(1)], 3_000.0)
    for n in (2, 3):
        await store(storage, report(n, published_at=_MIDNIGHT), now=_MIDNIGHT + n)
        await sql(storage, "UPDATE reports SET id = ? WHERE id = ?", SEQUENCE + n - 1, n)
    ids = [each.id for each in await storage.stories.unplaced(9)]
    assert ids == [SEQUENCE + 1, SEQUENCE + 2]
    await storage.stories.place([placed(each) for each in ids], 3_000.0)
    newest = await storage.stories.newest(None, 9)
    assert [row.story.id for row in newest[:2]] == [SEQUENCE + 2, SEQUENCE + 1]
    assert newest[0].sort_key == newest[1].sort_key + 1
    assert len(await storage.stories.newer_than(-1, 9, None)) == 3


async def test_a_second_that_is_full_lends_the_next_one_that_has_room(
    storage: Storage,
) -> None:
    for n in range(1, 4):
        await store(storage, report(n, published_at=100.0), now=200.0)
    await storage.stories.place([placed(1)], 300.0)
    await sql(storage, "UPDATE stories SET sort_key = ? WHERE id = 1", 101 * SEQUENCE - 1)
    full = 102 * SEQUENCE - 1
    await sql(storage, "INSERT INTO stories (id, sort_key, at) VALUES (99, ?, 101)", full)
    await storage.stories.place([placed(2), placed(3)], 300.0)
    keys = {row.story.id: row.sort_key for row in await storage.stories.newest(None, 9)}
    assert (keys[2], keys[3]) == (102 * SEQUENCE, 102 * SEQUENCE + 1)


async def test_a_place_whose_words_were_left_behind_can_be_taken(
    storage: Storage,
) -> None:
    await store(storage, report(1, published_at=100.0), now=200.0)
    await storage.stories.place([placed(1)], 300.0)
    await sql(storage, "DELETE FROM stories WHERE id = 1")
    await store(storage, report(2, published_at=100.0), now=200.0)
    await storage.stories.place([placed(2)], 300.0)
    assert [row.story.id for row in await storage.stories.newest(None, 9)] == [2]
