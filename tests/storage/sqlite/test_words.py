"""SQLite's index of words: it keeps no copy of what it was made of, and nothing stays behind of
stories that go.
"""

import pytest
from msgspec.structs import replace

from bot.news.feed import PollRecord
from bot.news.outbox import Placement
from bot.news.query.match import text_of
from storage.storage import Storage
from storage.stories import search_index
from storage.stories.story_merge import take_in
from tests.storage.samples import add_feed, brought, chat, placed, report, sql

_NOW = 9_000.0
_CHAT = 7


@pytest.fixture
async def shelf(storage: Storage) -> Storage:
    """Three stories of the operator's, and two that a guest opened."""
    await storage.chats.meet(chat(_CHAT))
    guest = await brought(storage, "https://guest.example/feed", _CHAT)
    for feed, numbers in ((await add_feed(storage), (1, 2, 3)), (guest, (4, 5))):
        reports = tuple(report(n, summary=f"Ebb and flood, the {n}th") for n in numbers)
        await storage.feeds.record([PollRecord(replace(feed, settled=True), {}, reports)], _NOW)
    await storage.stories.place([_placed(each) for each in await _unplaced(storage)], _NOW)
    await sql(storage, "CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, story_keys, row)")
    return storage


async def _unplaced(storage: Storage) -> list[tuple[int, str]]:
    found = await storage.stories.unplaced(9)
    return [(each.id, " ".join(sorted(text_of(each).keys()))) for each in found]


def _placed(story: tuple[int, str]) -> Placement:
    return replace(placed(story[0]), keys=story[1])


async def _stories_with(storage: Storage, key: str) -> int:
    found = await sql(storage, "SELECT doc FROM temp.words WHERE term = ?", key)
    return int(str(found[0][0])) if found else 0


async def test_the_words_of_stories_are_kept_once(shelf: Storage) -> None:
    names = await sql(shelf, "SELECT name FROM sqlite_master WHERE name LIKE 'story_keys_%'")
    assert {name for (name,) in names} == {"story_keys_data", "story_keys_idx", "story_keys_config"}
    assert await _stories_with(shelf, "flood") == 5


async def test_the_words_of_what_is_placed_together_are_written_together(shelf: Storage) -> None:
    assert await sql(shelf, "SELECT count(DISTINCT segid) FROM story_keys_idx") == [(1,)]


async def test_nothing_stays_of_the_words_of_stories_that_go(shelf: Storage) -> None:
    await shelf.prune(_NOW + 9, 0.0)
    assert await sql(shelf, "SELECT count(*) FROM stories") == [(0,)]
    assert await sql(shelf, "SELECT term FROM temp.words") == []


async def test_nothing_stays_of_what_another_story_took_in_or_all_see_now(shelf: Storage) -> None:
    stories = await sql(shelf, "SELECT id, opened_by FROM stories ORDER BY opened_by, id")
    (first, _), *_, (guests, feed), (other, _) = stories
    assert isinstance(first, int)
    assert isinstance(guests, int)
    assert await _stories_with(shelf, f"§{feed}") == 2
    async with shelf._database.write() as transaction:
        await take_in(transaction, [guests], first, _NOW)
    assert await _stories_with(shelf, "flood") == 4
    assert await _stories_with(shelf, f"§{feed}") == 1
    async with shelf._database.write() as transaction:
        await search_index.open_to_all(transaction, [int(str(feed))])
        await transaction.run("UPDATE stories SET opened_by = 0")
    marks = await sql(shelf, "SELECT term FROM temp.words WHERE term GLOB '§*'")
    assert marks == []
    assert other in [row.story.id for row in await shelf.stories.with_keys({"flood"}, None, 9, 0)]
    await shelf.prune(_NOW + 9, 0.0)
    assert await sql(shelf, "SELECT term FROM temp.words") == []


async def test_a_story_that_all_see_is_not_taken_in_and_its_words_are_taken_out_once(
    shelf: Storage,
) -> None:
    stories = await sql(shelf, "SELECT id FROM stories ORDER BY opened_by, id")
    first, *_, guests, _ = [int(str(story)) for (story,) in stories]
    await shelf.feeds.adopt({"https://guest.example/feed": ""})
    async with shelf._database.write() as transaction:
        await take_in(transaction, [guests], first, _NOW, doubted=[guests])
    told = await sql(shelf, f"SELECT story_id, doubtful FROM reports WHERE id = {guests}")
    assert told == [(guests, 0)]
    assert await _stories_with(shelf, "flood") == 5
    await shelf.prune(_NOW + 9, 0.0)
    await sql(shelf, "INSERT INTO story_keys (story_keys) VALUES ('integrity-check')")
    assert await sql(shelf, "SELECT term FROM temp.words") == []


async def test_words_that_another_version_left_behind_find_nothing(shelf: Storage) -> None:
    await sql(shelf, "INSERT INTO story_keys (rowid, keys) SELECT id, 'older' FROM stories")
    assert len(await shelf.stories.with_keys({"older"}, None, 9, 0.0)) == 3
    assert await shelf.stories.count_with_keys({"older"}, 0.0) == 3
    await shelf.prune(_NOW + 9, 0.0)
    assert await sql(shelf, "SELECT term FROM temp.words") == [("older",)]
    assert await shelf.stories.with_keys({"older"}, None, 9, 0.0) == []
    assert await shelf.stories.count_with_keys({"older"}, 0.0) == 0
