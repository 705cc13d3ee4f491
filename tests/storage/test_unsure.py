"""What is of unknown outcome is sent once more, then told in a digest, which is tried for a day."""

import pytest

from bot.news.chat import ChatState
from bot.news.outbox import (
    LOST_TWICE,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Settlement,
    Unsure,
)
from storage.interface import Storage
from storage.sqlite.unsure import AGAIN_AFTER_SECONDS
from tests.storage.samples import chat, placed, report, ring, store

_DAY = 86_400.0


async def _queue(storage: Storage, stories: int = 1) -> None:
    await storage.chats.meet(chat(1))
    await store(storage, *[report(n) for n in range(1, stories + 1)])
    await storage.stories.place([placed(n, None, ring(1)) for n in range(1, stories + 1)], 2_900.0)


async def _claim(storage: Storage, now: float) -> list[Delivery]:
    due = await storage.outbox.due(now, [], 9)
    return await storage.outbox.claim([each.delivery_id for each in due], now, 60.0)


async def _ends(
    storage: Storage, now: float, state: DeliveryState, **how: object
) -> tuple[Delivery, Unsure]:
    """Claims what is due, which is one delivery, and settles it so."""
    (claimed,) = await _claim(storage, now)
    made = Settlement(claimed.id, claimed.chat_id, state, now, **how)  # type: ignore[arg-type]
    return claimed, await storage.outbox.settle([made], True)


async def _lost_twice(storage: Storage) -> None:
    for unsure in (Unsure(resent=1), Unsure(gathered=1)):
        assert (await _ends(storage, 3_000.0, DeliveryState.UNKNOWN))[1] == unsure
    assert await storage.digests.enqueue_due(3_000.0) == 1


async def test_what_was_lost_twice_is_told_in_a_digest_that_says_so(storage: Storage) -> None:
    await _queue(storage)
    await _lost_twice(storage)
    first, _ = await _ends(storage, 3_001.0, DeliveryState.PENDING, message_id=70, begun=True)
    assert first.kind is DeliveryKind.DIGEST
    assert first.message_id is None
    assert [each.unsure for each in first.gathered] == [True]
    (due,) = await storage.outbox.due(3_002.0, [], 9)
    assert due.begun
    whole, _ = await _ends(storage, 3_002.0, DeliveryState.SENT, message_id=70)
    assert whole.message_id == 70
    assert (await storage.stats()).deliveries == {"sent": 2}


async def test_a_digest_that_never_goes_through_is_tried_for_a_day_and_given_up(
    storage: Storage,
) -> None:
    await _queue(storage)
    await _lost_twice(storage)
    now, gaps = 3_000.0, []
    while (await storage.stats()).deliveries.get("held"):
        _, unsure = await _ends(storage, now, DeliveryState.UNKNOWN, error="lost")
        if unsure.resent:
            at = await storage.outbox.next_due_at(now)
            assert at is not None
            assert await storage.outbox.due(at - 0.5, [], 9) == []
            gaps.append(at - now)
            now = at
    assert tuple(gaps) == AGAIN_AFTER_SECONDS
    assert sum(gaps) == pytest.approx(_DAY, rel=0.01)
    assert unsure == Unsure(given_up=1)
    assert (await storage.stats()).deliveries == {"unknown": 2}


async def test_a_digest_that_has_begun_is_edited_again_whatever_the_policy(
    storage: Storage,
) -> None:
    await _queue(storage)
    await _lost_twice(storage)
    await _ends(storage, 3_001.0, DeliveryState.PENDING, message_id=70, begun=True)
    await _claim(storage, 3_002.0)
    assert await storage.outbox.recover(False, 3_003.0) == Unsure(repeated=1)
    (again,) = await _claim(storage, 3_004.0)
    assert again.message_id == 70


async def test_a_digest_of_which_the_first_part_is_gone_begins_anew(storage: Storage) -> None:
    await _queue(storage)
    await _lost_twice(storage)
    await _ends(storage, 3_001.0, DeliveryState.PENDING, message_id=70, begun=True)
    await _ends(storage, 3_002.0, DeliveryState.UNKNOWN, begin_anew=True)
    (again,) = await _claim(storage, 3_004.0)
    assert (again.message_id, len(again.gathered)) == (None, 1)


async def test_a_digest_that_waits_keeps_no_alert_back_and_hurries_when_one_arrives(
    storage: Storage,
) -> None:
    await _queue(storage, stories=2)
    first, second = await storage.outbox.claim([1, 2], 3_000.0, 60.0)
    lost = Settlement(first.id, 1, DeliveryState.UNKNOWN, 3_000.0, error="lost")
    await storage.outbox.settle([lost], True)
    await storage.outbox.claim([first.id], 3_000.0, 60.0)
    later = Settlement(second.id, 1, DeliveryState.PENDING, 3_000.0, retry_at=3_100.0)
    await storage.outbox.settle([lost, later], True)
    await storage.digests.enqueue_due(3_000.0)
    (digest,) = await storage.outbox.claim([3], 3_000.0, 60.0)
    lost = Settlement(digest.id, 1, DeliveryState.UNKNOWN, 3_099.5, error="lost")
    await storage.outbox.settle([lost], True)
    (due,) = await storage.outbox.due(3_100.0, [], 9)
    assert due.delivery_id == second.id
    await _ends(storage, 3_100.0, DeliveryState.SENT, message_id=71)
    (due,) = await storage.outbox.due(3_100.0, [], 9)
    assert due.delivery_id == digest.id


async def test_alerts_that_arrive_use_up_no_tries_of_a_digest(storage: Storage) -> None:
    await _queue(storage)
    await _lost_twice(storage)
    now, tries = 3_000.0, 0
    for n in range(2, 42):
        for each in await _claim(storage, now):
            assert each.kind is DeliveryKind.DIGEST
            lost = Settlement(each.id, 1, DeliveryState.UNKNOWN, now, error="lost")
            await storage.outbox.settle([lost], True)
            tries += 1
        now += 4.0
        await store(storage, report(n))
        await storage.stories.place([placed(n, None, ring(1))], now)
        await _ends(storage, now, DeliveryState.SENT, message_id=70 + n)
    # After 1, 5, 15 and 60 s, and once more before each of those that come later than an alert.
    assert tries <= 10
    assert (await storage.stats()).deliveries == {"held": 1, "pending": 1, "sent": 40}


async def test_what_a_refused_digest_gives_back_is_sent_once_more_and_ends(
    storage: Storage,
) -> None:
    await _queue(storage)
    await _lost_twice(storage)
    await _ends(storage, 3_001.0, DeliveryState.FAILED, error="refused")
    alone, unsure = await _ends(storage, 3_002.0, DeliveryState.UNKNOWN, error="lost")
    assert alone.kind is DeliveryKind.ALERT
    assert unsure == Unsure(given_up=1)


async def test_what_was_lost_twice_goes_with_its_chat(storage: Storage) -> None:
    await _queue(storage)
    await _ends(storage, 3_000.0, DeliveryState.UNKNOWN)
    (claimed,) = await _claim(storage, 3_001.0)
    await storage.chats.set_state(1, ChatState.STOPPED, None, 3_001.0)
    lost = Settlement(claimed.id, 1, DeliveryState.UNKNOWN, 3_002.0, error=LOST_TWICE)
    await storage.outbox.settle([lost], True)
    assert (await storage.stats()).deliveries == {"dead": 1}


async def test_the_schedule_outlives_a_process(storage: Storage) -> None:
    await _queue(storage)
    await storage.chats.meet(chat(2))
    await storage.schedules.keep({2: 3_900.0}, 3_700.0, 19, 3_600.0)
    await _ends(storage, 3_590.0, DeliveryState.UNKNOWN)
    known = await storage.schedules.load(3_600.0)
    assert (known.held_until, known.lowered) == (3_700.0, 19)
    assert known.holds == ((2, 3_900.0),)
    assert known.sent == ((1, "private", 3_590.0),)
    await _ends(storage, 3_600.0, DeliveryState.SENT, message_id=7)
    assert len((await storage.schedules.load(3_610.0)).sent) == 2
    assert (await storage.schedules.load(3_661.0)).sent == ()


async def test_a_digest_counts_as_one_message_after_a_restart(storage: Storage) -> None:
    await _queue(storage, stories=5)
    await storage.digests.fold(5_000.0, 600.0, 5)
    await storage.digests.enqueue_due(5_000.0)
    await _ends(storage, 5_000.0, DeliveryState.SENT, message_id=70)
    assert (await storage.stats()).deliveries == {"sent": 6}
    assert len((await storage.schedules.load(5_001.0)).sent) == 1


async def test_stopping_and_starting_ends_no_penalty(storage: Storage) -> None:
    await _queue(storage)
    await storage.schedules.keep({1: 3_900.0}, 0.0, None, 3_000.0)
    for state in (ChatState.STOPPED, ChatState.ACTIVE):
        await storage.chats.set_state(1, state, None, 3_000.0)
    assert (await storage.schedules.load(3_600.0)).holds == ((1, 3_900.0),)


async def test_what_was_told_in_a_digest_is_not_edited(storage: Storage) -> None:
    await _queue(storage)
    await storage.outbox.claim([1], 3_000.0, 60.0)
    # Its story changes while it is under way; then it is lost twice, and a digest tells it.
    await store(storage, report(2), now=3_000.0)
    await storage.stories.place([placed(2, 1)], 3_000.0)
    lost = Settlement(1, 1, DeliveryState.UNKNOWN, 3_000.0, error="lost")
    await storage.outbox.settle([lost], True)
    await storage.outbox.claim([1], 3_001.0, 60.0)
    await store(storage, report(3), now=3_001.0)
    await storage.stories.place([placed(3, 1)], 3_001.0)
    await storage.outbox.settle([lost], True)
    await storage.digests.enqueue_due(3_002.0)
    await _ends(storage, 3_002.0, DeliveryState.SENT, message_id=70)
    assert (await storage.stats()).deliveries == {"sent": 2}
    assert await storage.outbox.due_edits(3_500.0, [], 9) == []


@pytest.mark.parametrize("when", ["while it runs", "before a start"])
async def test_what_waits_does_not_wait_for_a_clock_that_went_back(
    storage: Storage, when: str
) -> None:
    ahead = 3_000.0 + 9e7
    await _queue(storage)
    await storage.chats.meet(chat(2))
    (claimed,) = await _claim(storage, ahead)
    again = Settlement(claimed.id, 1, DeliveryState.PENDING, ahead, retry_at=ahead + 30)
    await storage.outbox.settle([again], True)
    await storage.schedules.keep({2: ahead + 900}, ahead + 700, 19, ahead)
    if when == "while it runs":
        await storage.schedules.set_back(9e7, 3_000.0)
    known = await storage.schedules.load(3_000.0)
    assert (known.held_until, known.lowered) == (3_700.0, 19)
    assert known.holds == ((2, 3_900.0),)
    assert await storage.outbox.next_due_at(3_000.0) == 3_030.0
    assert await storage.schedules.load(3_001.0) == known


async def test_a_group_that_moved_while_its_story_was_decided_on_is_told_of_it(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(-1, "group"))
    await store(storage, report(1))
    await storage.chats.migrate(-1, -1001, 2_800.0)
    await storage.stories.place([placed(1, None, ring(-1))], 2_900.0)
    (due,) = await storage.outbox.due(3_000.0, [], 9)
    assert due.chat_id == -1001
