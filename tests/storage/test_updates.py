"""What Telegram posted waits in the database, once, until it was handled."""

from bot.news.members import slot_of_chat
from storage import ends, updates
from storage.aside import Queue
from storage.storage import Storage
from storage.updates import PostedUpdate, UpdateTries
from tests.storage.samples import chat, sql

_HOUR = 3_600.0


def _posted(id_: int, chat_id: int = 5) -> PostedUpdate:
    return PostedUpdate(id_, chat_id, f'{{"update_id": {id_}, "text": "\\u0000 ’"}}')


async def _waiting(storage: Storage, *known: int) -> list[int]:
    return [update.id for update in await storage.updates.waiting(known, None, 100)]


async def test_an_update_is_kept_once_also_when_it_was_handled_meanwhile(storage: Storage) -> None:
    kept = storage.updates.keep
    assert await kept([_posted(7), _posted(3), _posted(7)], 1.0) == {3, 7}
    assert await kept([_posted(3), _posted(9)], 2.0) == {9}
    assert await storage.updates.waiting([], None, 100) == [_posted(3), _posted(7), _posted(9)]
    await storage.updates.mark([], [3, 7], 3.0)
    assert await kept([_posted(3), _posted(7)], 4.0) == set()
    assert await _waiting(storage) == [9]


async def test_what_is_known_is_not_given_again_and_the_oldest_come_first(storage: Storage) -> None:
    await storage.updates.keep([_posted(n) for n in (4, 2, 8, 6)], 1.0)
    assert await _waiting(storage, 4) == [2, 6, 8]
    assert [u.id for u in await storage.updates.waiting([2], None, 2)] == [4, 6]


async def test_a_chat_may_be_left_out_and_what_it_has_too_many_of_is_found(
    storage: Storage,
) -> None:
    await storage.updates.keep([_posted(n, 5 + n % 2) for n in range(1, 10)], 1.0)
    await storage.updates.mark([], [1], 2.0)
    assert [u.id for u in await storage.updates.waiting([2], None, 9, [6])] == [4, 6, 8]
    assert [u.id for u in await storage.updates.waiting([2], [6, 7], 9, [5])] == [3, 5, 7, 9]

    async def too_many(known: list[int], chats: list[int], limit: int) -> list[int]:
        return [u.id for u in await storage.updates.too_many(known, chats, 2, limit)]

    assert await too_many([3, 5], [5, 6], 9) == [6, 7, 8, 9]
    assert await too_many([3, 5], [5, 6], 3) == [6, 7, 8]
    assert await too_many([7], [6], 9) == [9]


async def test_each_chat_is_of_one_slot_and_a_process_gets_its_slots_only(storage: Storage) -> None:
    chats = [0, 1, 63, 64, 5001, -1, -64, -1_001_234_567_890, 2**52, -(2**52) - 1]
    await storage.updates.keep([_posted(n, id_) for n, id_ in enumerate(chats, 1)], 1.0)
    seen = []
    for slot in range(updates.SLOTS):
        for update in await storage.updates.waiting([], [slot], 100):
            assert slot_of_chat(update.chat_id) == slot
            seen.append(update.chat_id)
    assert sorted(seen) == sorted(chats)
    assert await storage.updates.waiting([], [], 100) == []


async def test_only_one_of_two_begins_an_update(storage: Storage) -> None:
    await storage.updates.keep([_posted(1), _posted(2)], 1.0)
    begin = [UpdateTries(1, 0, 1), UpdateTries(2, 0, 1)]
    assert await storage.updates.mark(begin, [], 2.0) == {1, 2}
    assert await storage.updates.mark(begin, [], 2.0) == set()
    # The first ended in the middle and gives one back.
    assert await storage.updates.mark([UpdateTries(1, 1, 0)], [2], 3.0) == {1}
    assert await storage.updates.waiting([], None, 9) == [_posted(1)]
    assert await storage.updates.mark([UpdateTries(2, 1, 2)], [], 4.0) == set()


async def test_what_was_handled_leaves_its_number_and_nothing_else(storage: Storage) -> None:
    await storage.updates.keep([_posted(1)], 1.0)
    await storage.updates.mark([], [1], 2.0)
    rows = await sql(storage, "SELECT id, chat_id, body, handled_at FROM updates")
    assert rows == [(1, 0, None, 2.0)]


async def test_as_many_wait_as_there_is_room_for(storage: Storage) -> None:
    most = updates.MOST_WAITING
    await sql(
        storage,
        "INSERT INTO updates (id, chat_id, body, received_at) WITH RECURSIVE s (n) AS"
        f" (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {most - 1}) SELECT n, n, '', 1 FROM s",
    )
    assert await storage.updates.keep([_posted(most)], 1.0) == {most}
    assert await storage.updates.keep([_posted(most + 1)], 1.0) is None
    await storage.updates.mark([], [1], 2.0)
    assert await storage.updates.keep([_posted(most + 1)], 2.0) == {most + 1}


async def test_what_is_set_aside_is_kept_until_its_chat_is_forgotten(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(5))
    await storage.updates.keep([_posted(1), _posted(2, 6)], 1.0)
    await storage.updates.set_aside(1, "kept", "It failed.", 2.0)
    await storage.updates.set_aside(2, "kept", "It failed.", 3.0)
    assert await _waiting(storage) == []
    assert await storage.updates.keep([_posted(1)], 4.0) == set()
    assert await storage.aside.counts() == {Queue.UPDATES: 2}
    await storage.chats.forget(5)
    rows = await sql(storage, "SELECT id, chat_id, body FROM updates ORDER BY id")
    assert rows == [(1, 0, None), (2, 6, "kept")]


async def test_numbers_are_remembered_for_longer_than_telegram_repeats(storage: Storage) -> None:
    await storage.updates.keep([_posted(n) for n in (1, 2, 3, 4)], 1.0)
    await storage.updates.mark([], [1], 0.0)
    await storage.updates.mark([], [2], 7 * _HOUR)
    await storage.updates.set_aside(3, "kept", "It failed.", 0.0)

    async def left(now: float) -> list[object]:
        await ends.end_what_is_over(storage._database, now)
        return [row[0] for row in await sql(storage, "SELECT id FROM updates ORDER BY id")]

    assert await left(25 * _HOUR) == [1, 2, 3, 4]
    assert await left(31 * _HOUR) == [2, 3, 4]
    assert await left(29 * 24 * _HOUR) == [3, 4]
    # What waits has no end.
    assert await left(90 * 24 * _HOUR) == [4]


async def test_of_a_flood_the_newest_numbers_are_remembered(storage: Storage) -> None:
    await storage.updates.keep([_posted(n) for n in range(1, 9)], 1.0)
    for n in range(1, 7):
        await storage.updates.mark([], [n], float(n))
    await storage.updates.set_aside(7, "kept", "It failed.", 0.5)
    await ends.end_many_updates(storage._database, 3)
    rows = await sql(storage, "SELECT id FROM updates ORDER BY id")
    assert [row[0] for row in rows] == [4, 5, 6, 7, 8]
