"""What is remembered of entries, on a real database of each engine."""

import random
from bisect import bisect_right

import pytest

from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.polling.entry_keys import KEY_BYTES, Trace
from storage.polling import memory, packing
from storage.storage import Storage
from tests.storage.samples import add_feed, key, sql

DAY = 86_400.0
NOW = 20_000 * DAY


async def _rows(storage: Storage) -> dict[tuple[object, object], bytes]:
    found = await sql(storage, "SELECT feed_id, begins, packed FROM entries ORDER BY 1, 2")
    return {(feed_id, begins): bytes(packed) for feed_id, begins, packed in found}  # type: ignore[call-overload]


def _keys(packed: bytes) -> list[bytes]:
    return [packed[at : at + KEY_BYTES] for at in range(0, len(packed), packing.RECORD_BYTES)]


async def _all_in_their_rows(storage: Storage, feed: Feed, keys: set[bytes]) -> None:
    """Each key once, in the row that is asked for it."""
    rows = {begins: row for (feed_id, begins), row in (await _rows(storage)).items()
            if feed_id == feed.id}  # fmt: skip
    begins = sorted(rows)  # type: ignore[type-var]
    found = [(each, at) for at, row in rows.items() for each in _keys(row)]
    assert sorted(each for each, _ in found) == sorted(keys)
    for each, at in found:
        assert begins[bisect_right(begins, packing.place_of(each)) - 1] == at  # type: ignore[type-var]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
async def test_whatever_polls_note_is_recalled(storage: Storage, seed: int) -> None:
    chance = random.Random(seed)
    feeds = await storage.feeds.add(
        [NewFeed(f"https://tide{n}.example/feed", "", 1.0) for n in range(3)], 1.0
    )
    known: dict[int, dict[bytes, Trace]] = {feed.id: {} for feed in feeds}
    for round_ in range(25):
        polls = []
        for feed in feeds:
            again = chance.sample(sorted(known[feed.id]), len(known[feed.id]) // 3)
            new = [chance.randbytes(KEY_BYTES) for _ in range(chance.choice((0, 1, 4, 40, 130)))]
            some = chance.sample(again, min(len(again), 9)) + new
            shown = {
                each: Trace(chance.randbytes(3), b"sum", chance.choice((None, 7.0)), round_ % 2 > 0)
                for each in some
            }
            polls.append(PollRecord(feed, shown))
            known[feed.id] |= shown
        await storage.feeds.record(polls, NOW + round_ * DAY)
        if round_ % 8 == 7:
            await storage.prune(NOW - DAY, NOW - DAY)
            await storage.tidy(NOW)
    for feed in feeds:
        traces = known[feed.id]
        strange = [chance.randbytes(KEY_BYTES) for _ in range(9)]
        assert await storage.feeds.recall(feed.id, [*traces, *strange]) == traces
        await _all_in_their_rows(storage, feed, set(traces))
    assert await memory.count(storage._database) == sum(map(len, known.values()))


async def test_one_new_entry_writes_the_rows_of_its_keys_only(storage: Storage) -> None:
    feed = await add_feed(storage)
    many = {random.Random(n).randbytes(KEY_BYTES): Trace(b"ttl", b"sum", 1.0) for n in range(900)}
    await storage.feeds.record([PollRecord(feed, many)], NOW)
    before = await _rows(storage)
    new = {random.Random(-n).randbytes(KEY_BYTES): Trace(b"ttl", b"sum", 2.0) for n in range(1, 5)}
    await storage.feeds.record([PollRecord(feed, new)], NOW)
    after = await _rows(storage)
    assert before.keys() == after.keys()
    changed = {at for at in before if before[at] != after[at]}
    assert len(changed) <= len(new)
    assert all(len(after[at]) <= len(before[at]) + 4 * packing.RECORD_BYTES for at in changed)


@pytest.mark.parametrize("keys", [3, 60])
async def test_what_is_shown_again_is_noted_every_other_day(storage: Storage, keys: int) -> None:
    feed = await add_feed(storage)
    shown = {key(str(n)): Trace(b"ttl", b"sum", 1.0) for n in range(keys)}
    for days, noted_on in ((0, 0), (1, 0), (2, 2), (3, 2), (-5, 2), (7, 7)):
        await storage.feeds.record([PollRecord(feed, shown)], NOW + days * DAY)
        rows = await _rows(storage)
        assert {day for row in rows.values() for day in packing.days(row)} == {20_000 + noted_on}
    assert await storage.feeds.recall(feed.id, shown) == shown


async def test_rows_that_grew_by_single_entries_are_parted(storage: Storage) -> None:
    feed = await add_feed(storage)
    shown = {random.Random(n).randbytes(KEY_BYTES): Trace(b"ttl", b"sum", 1.0) for n in range(150)}
    for each, trace in shown.items():
        await storage.feeds.record([PollRecord(feed, {each: trace})], NOW)
    assert len(await _rows(storage)) == 1
    await storage.tidy(NOW)
    rows = await _rows(storage)
    assert all(len(row) <= packing.ROW_BYTES for row in rows.values())
    assert await storage.feeds.recall(feed.id, shown) == shown
    await _all_in_their_rows(storage, feed, set(shown))


async def test_a_row_that_grows_without_end_is_parted_before_housekeeping(storage: Storage) -> None:
    feed = await add_feed(storage)
    shown = {random.Random(n).randbytes(KEY_BYTES): Trace(b"ttl", b"sum", 1.0) for n in range(1200)}
    keys = list(shown)
    for at in range(0, len(keys), 12):
        some = {each: shown[each] for each in keys[at : at + 12]}
        await storage.feeds.record([PollRecord(feed, some)], NOW)
    rows = await _rows(storage)
    assert max(map(len, rows.values())) < 9 * packing.ROW_BYTES
    assert await storage.feeds.recall(feed.id, shown) == shown
    await _all_in_their_rows(storage, feed, set(shown))


async def test_a_feed_that_forgets_all_but_its_newest_document_goes_on(storage: Storage) -> None:
    feed = await add_feed(storage)
    old = {random.Random(n).randbytes(KEY_BYTES): Trace(b"ttl", b"sum", 1.0) for n in range(300)}
    await storage.feeds.record([PollRecord(feed, old)], NOW)
    shown = {b"\xff" * KEY_BYTES: Trace(b"ttl", b"sum", 1.0)}
    await storage.feeds.record([PollRecord(feed, shown)], NOW + 9 * DAY)
    await storage.prune(NOW + 9 * DAY, NOW + 9 * DAY)
    assert await memory.count(storage._database) == 1
    # The row in which these would have been is gone.
    await storage.feeds.record([PollRecord(feed, old)], NOW + 10 * DAY)
    few = dict(list(old.items())[:3])
    await storage.feeds.record([PollRecord(feed, few)], NOW + 10 * DAY)
    assert await storage.feeds.recall(feed.id, [*old, *shown]) == old | shown
    await _all_in_their_rows(storage, feed, {*old, *shown})


async def test_a_new_feed_that_takes_a_feeds_place_knows_what_it_knew(storage: Storage) -> None:
    feed = await add_feed(storage)
    shown = {random.Random(n).randbytes(KEY_BYTES): Trace(b"ttl", b"sum", 1.0) for n in range(60)}
    await storage.feeds.record([PollRecord(feed, shown)], NOW)
    await storage.feeds.add([NewFeed("https://other.example/", "", 1.0)], 1.0)
    kept = await storage.feeds.move(feed.id, "https://other.example/", 2.0)
    assert kept
    assert kept.id != feed.id
    assert await storage.feeds.recall(kept.id, shown) == shown
