"""What is to be done is asked for by slots: of all, of some, or of none."""

from collections.abc import Awaitable, Callable, Collection, Sequence

import pytest

from bot.news.feed import NewFeed
from bot.news.members import SLOTS, slot_of_chat, slot_of_host
from bot.news.outbox import DeliveryState, Settlement, Unsure
from storage.storage import Storage
from tests.storage.samples import brought, chat, placed, report, ring, store

CHATS = [1, 2, 65, -1, -1_001_234_567_890, 2**52]
HOSTS = [f"harbour{n}.example" for n in range(8)]
Asked = Callable[[Collection[int] | None], Awaitable[Sequence[object]]]


async def _queue(storage: Storage) -> None:
    """One delivery for each chat, numbered as they are."""
    for chat_id in CHATS:
        await storage.chats.meet(chat(chat_id, "private" if chat_id > 0 else "supergroup"))
    await store(storage, report(1))
    await storage.stories.place([placed(1, None, *map(ring, CHATS))], 2_900.0)


async def _claimed(storage: Storage) -> list[tuple[int, int]]:
    """Deliveries that are `sending` now, with their chats."""
    due = await storage.outbox.due(3_000.0, [], 99)
    ids = [each.delivery_id for each in due]
    claimed = await storage.outbox.claim(ids, 3_000.0, 60.0)
    return [(each.id, each.chat_id) for each in claimed]


async def _settle(
    storage: Storage, state: DeliveryState, at: Callable[[int], float] | None = None
) -> None:
    """What became of them all, held back until the time that `at` gives for a chat."""
    settled = [
        Settlement(
            number, chat_id, state, 3_000.0,
            message_id=70 if state is DeliveryState.SENT else None,
            hold_until=at(chat_id) if at else 0.0,
        )
        for number, chat_id in await _claimed(storage)
    ]  # fmt: skip
    await storage.outbox.settle(settled, True)


async def _holds_of_chats(asked: Asked) -> None:
    """What is asked for gives each chat to its slot, all to None, and nothing where there are no
    slots.
    """
    assert sorted(map(str, await asked(None))) == sorted(map(str, CHATS))
    assert list(await asked(())) == []
    slots = sorted({slot_of_chat(chat_id) for chat_id in CHATS})
    for slot in slots:
        mine = [chat_id for chat_id in CHATS if slot_of_chat(chat_id) == slot]
        assert sorted(map(str, await asked([slot]))) == sorted(map(str, mine))
    assert len(await asked(slots[1:])) < len(await asked(slots)) == len(CHATS)
    assert list(await asked(set(range(SLOTS)) - set(slots))) == []


@pytest.mark.parametrize("after", [-(2**63), 0, 2])
async def test_alerts_that_are_due_are_those_of_chats_of_these_slots(
    storage: Storage, after: int
) -> None:
    await _queue(storage)

    async def due(slots: Collection[int] | None) -> list[int]:
        found = await storage.outbox.due(3_000.0, [], 99, slots, after)
        return [each.chat_id for each in found]

    await _holds_of_chats(due)


async def test_edits_that_are_due_are_those_of_chats_of_these_slots(storage: Storage) -> None:
    await _queue(storage)
    await _settle(storage, DeliveryState.SENT)
    await store(storage, report(2))
    await storage.stories.place([placed(2, 1)], 3_200.0)

    async def due(slots: Collection[int] | None) -> list[int]:
        return [each.chat_id for each in await storage.outbox.due_edits(4_000.0, [], 99, slots)]

    await _holds_of_chats(due)


async def test_the_next_time_is_that_of_the_slots_whatever_is_waited_for(storage: Storage) -> None:
    await _queue(storage)
    await _settle(storage, DeliveryState.PENDING, lambda chat_id: 3_500.0 + CHATS.index(chat_id))
    asked = storage.outbox.next_due_at
    for chat_id in CHATS:
        same = [each for each in CHATS if slot_of_chat(each) == slot_of_chat(chat_id)]
        assert await asked(3_000.0, [slot_of_chat(chat_id)]) == 3_500.0 + CHATS.index(same[0])
    assert await asked(3_000.0) == 3_500.0
    assert await asked(3_000.0, ()) is None
    await _settle_all_sent(storage)
    await store(storage, report(2))
    await storage.stories.place([placed(2, 1)], 4_200.0)
    edit_at = await asked(4_000.0)
    assert edit_at
    assert await asked(4_000.0, [slot_of_chat(CHATS[1])]) == edit_at
    assert await asked(4_000.0, [5]) is None
    assert await asked(4_000.0, ()) is None


async def _settle_all_sent(storage: Storage) -> None:
    due = await storage.outbox.due(4_000.0, [], 99)
    claimed = await storage.outbox.claim([each.delivery_id for each in due], 4_000.0, 60.0)
    sent = [
        Settlement(each.id, each.chat_id, DeliveryState.SENT, 4_000.0, message_id=70)
        for each in claimed
    ]
    await storage.outbox.settle(sent, True)


async def test_what_a_dead_process_left_is_given_back_by_slots(storage: Storage) -> None:
    await _queue(storage)
    await _claimed(storage)
    recover = storage.outbox.recover
    assert await recover(True, 3_001.0, ()) == Unsure()
    assert await recover(True, 3_001.0, [5]) == Unsure()
    # Two of the chats have one slot.
    assert await recover(True, 3_001.0, [slot_of_chat(1)]) == Unsure(resent=2)
    assert await recover(True, 3_001.0, [slot_of_chat(1)]) == Unsure()
    reclaim = storage.outbox.reclaim
    assert await reclaim(True, 3_100.0, [], ()) == Unsure()
    assert await reclaim(True, 3_100.0, [], [slot_of_chat(2)]) == Unsure(resent=1)
    assert await recover(True, 3_101.0) == Unsure(resent=len(CHATS) - 3)


@pytest.mark.parametrize("state", [DeliveryState.PENDING, DeliveryState.SENT])
async def test_what_a_chat_is_left_alone_for_comes_with_its_slot(
    storage: Storage, state: DeliveryState
) -> None:
    await _queue(storage)
    held = state is DeliveryState.PENDING
    await _settle(storage, state, (lambda _: 3_500.0) if held else None)

    async def left_alone(slots: Collection[int] | None) -> list[int]:
        loaded = await storage.schedules.load(3_010.0, slots)
        assert not (loaded.sent if held else loaded.holds)
        return [each[0] for each in (loaded.holds if held else loaded.sent)]

    await _holds_of_chats(left_alone)


async def _holds_of_hosts(asked: Asked) -> None:
    assert sorted(map(str, await asked(None))) == HOSTS
    assert list(await asked(())) == []
    slots = sorted({slot_of_host(host) for host in HOSTS})
    assert len(slots) > 1
    for slot in slots:
        assert sorted(map(str, await asked([slot]))) == [
            host for host in HOSTS if slot_of_host(host) == slot
        ]
    assert sorted(map(str, await asked(slots))) == HOSTS
    assert list(await asked(set(range(SLOTS)) - set(slots))) == []


@pytest.mark.parametrize("whose", ["ours", "guests"])
async def test_feeds_that_are_due_are_those_of_hosts_of_these_slots(
    storage: Storage, engine: str, whose: str
) -> None:
    if engine == "sqlite":
        pytest.skip("hosts have slots only where processes share")
    if whose == "ours":
        await storage.feeds.add([NewFeed(f"https://{h}/feed", h, 1.0) for h in HOSTS], 1.0)
    else:
        await storage.chats.meet(chat(1))
        for host in HOSTS:
            await brought(storage, f"https://{host}/feed", 1)
    ask = storage.feeds.due if whose == "ours" else storage.feeds.due_guests

    async def due(slots: Collection[int] | None) -> list[str]:
        found = await ask(10.0, 99, slots=slots)
        return [each.url.split("/")[2] for each in found]

    await _holds_of_hosts(due)


async def test_the_next_poll_is_that_of_the_slots(storage: Storage, engine: str) -> None:
    if engine == "sqlite":
        pytest.skip("hosts have slots only where processes share")
    new = [NewFeed(f"https://{host}/feed", host, 10.0 + n) for n, host in enumerate(HOSTS)]
    await storage.feeds.add(new, 1.0)
    for host in HOSTS:
        slot = slot_of_host(host)
        first = next(n for n, each in enumerate(HOSTS) if slot_of_host(each) == slot)
        assert await storage.feeds.next_poll_at(1.0, [slot]) == 10.0 + first
    assert await storage.feeds.next_poll_at(1.0) == 10.0
    assert await storage.feeds.next_poll_at(1.0, ()) is None
