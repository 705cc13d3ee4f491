"""Stories are found by their keys, the nearest first, however far away they lie."""

import pytest
from msgspec.structs import replace

from storage.storage import Storage
from tests.storage.samples import placed, report, store

_COUNT = 1_300
_EVERY = 300


@pytest.fixture
async def shelf(storage: Storage) -> Storage:
    """A thousand stories and more: all have one key, few another, each one of its own."""
    await store(storage, *[report(n) for n in range(1, _COUNT + 1)], now=9_000.0)
    placements = [
        replace(placed(n), keys=f"all{' few' if n % _EVERY == 0 else ''} k{n}")
        for n in range(1, _COUNT + 1)
    ]
    await storage.stories.place(placements, 9_000.0)
    return storage


async def test_the_newest_with_a_key_are_found_also_where_they_are_far_apart(
    shelf: Storage,
) -> None:
    async def found(key: str, before: int | None, limit: int, since: float = 0.0) -> list[int]:
        rows = await shelf.stories.with_keys({key}, before, limit, since)
        return [row.story.id for row in rows]

    few = [n for n in range(_COUNT, 0, -1) if n % _EVERY == 0]
    (middle,) = await shelf.stories.with_keys({"k600"}, None, 1, 0.0)
    assert await found("all", None, 3) == [_COUNT, _COUNT - 1, _COUNT - 2]
    assert await found("few", None, 9) == few
    assert await found("few", None, 2) == few[:2]
    assert await found("few", middle.sort_key, 9) == [300]
    assert await found("few", None, 9, middle.story.at) == [n for n in few if n >= 600]
    assert await found("k7", None, 1) == [7]
    assert await found("none", None, 9) == []


async def test_the_oldest_above_a_place_are_found_as_well(shelf: Storage) -> None:
    async def found(key: str, after: int, limit: int) -> list[int]:
        return [row.story.id for row in await shelf.stories.newer_than(after, limit, {key})]

    (first,) = await shelf.stories.with_keys({"k1"}, None, 1, 0.0)
    assert await found("all", first.sort_key, 3) == [2, 3, 4]
    assert await found("few", first.sort_key, 9) == [300, 600, 900, 1200]
    assert await found("k1290", first.sort_key, 2) == [1290]
