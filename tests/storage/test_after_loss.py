"""What is of unknown outcome is sent once more, then told in a digest, which is tried for a day."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.news.chat import ChatState, Topic
from bot.news.outbox import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Ring,
    Settlement,
    Telling,
    Unsure,
)
from bot.news.penalty import Penalty, PenaltyStage
from bot.news.telling.after_loss import AGAIN_AFTER_SECONDS
from bot.news.why import Code, because, quoted
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import former_database
from tests.storage.samples import chat, placed, report, ring, store

pytestmark = pytest.mark.slow

_DAY = 86_400.0
_LATER = DeliveryState.PENDING
_PENALTY = Penalty(PenaltyStage.ALL, (2, 7), 3_600.0, 3_700.0, 3_650.0, 3_500.0, 7, 3_610.0)


async def _queue(storage: Storage, stories: int = 1) -> None:
    await storage.chats.meet(chat(1))
    await store(storage, *[report(n) for n in range(1, stories + 1)])
    await storage.stories.place([placed(n, None, ring(1)) for n in range(1, stories + 1)], 2_900.0)


async def _begun(storage: Storage, kind: str = "supergroup", thread_id: int = 0) -> Delivery:
    """A digest of two stories for chat -1 whose first part is message 70; its edit is claimed."""
    await storage.chats.meet(chat(-1, kind))
    await store(storage, report(1), report(2))
    held = Telling(DeliveryState.HELD, 3_000.0)
    rings = [Ring(-1, thread_id, (), subscribed=True, telling=held)]
    await storage.stories.place([placed(n, None, *rings) for n in (1, 2)], 2_900.0)
    assert await storage.digests.enqueue_due(3_000.0) == 1
    await _ends(storage, 3_001.0, _LATER, message_id=70, begun=True)
    (digest,) = await _claim(storage, 3_002.0)
    assert (digest.message_id, len(digest.gathered)) == (70, 2)
    return digest


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


@pytest.mark.parametrize("gathers", ["fold", "pause"])
async def test_what_was_lost_once_says_so_in_a_digest_that_comes_before_its_second_message(
    storage: Storage, gathers: str
) -> None:
    await _queue(storage, stories=3)
    (first,) = await storage.outbox.claim([1], 2_950.0, 60.0)
    lost = Settlement(first.id, 1, DeliveryState.UNKNOWN, 2_960.0, error=quoted("lost"))
    assert await storage.outbox.settle([lost], True) == Unsure(resent=1)
    if gathers == "fold":
        assert await storage.digests.fold(9_000.0, 600.0, 3) == 3
    else:
        await storage.pauses.hold_back(1, 9_000.0, 2_970.0)
    assert await storage.digests.enqueue_due(9_000.0) == 1
    (digest,) = await _claim(storage, 9_000.0)
    assert [each.unsure for each in digest.gathered] == [True, False, False]


async def test_a_digest_that_never_goes_through_is_tried_for_three_days_and_given_up(
    storage: Storage,
) -> None:
    await _queue(storage)
    await _lost_twice(storage)
    now, gaps = 3_000.0, []
    while (await storage.stats()).deliveries.get("held"):
        _, unsure = await _ends(storage, now, DeliveryState.UNKNOWN, error=quoted("lost"))
        if unsure.resent:
            at = await storage.outbox.next_due_at(now)
            assert at is not None
            assert await storage.outbox.due(at - 0.5, [], 9) == []
            gaps.append(at - now)
            now = at
    assert tuple(gaps) == AGAIN_AFTER_SECONDS
    assert sum(gaps) == pytest.approx(3 * _DAY, rel=0.01)
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
    lost = Settlement(first.id, 1, DeliveryState.UNKNOWN, 3_000.0, error=quoted("lost"))
    await storage.outbox.settle([lost], True)
    await storage.outbox.claim([first.id], 3_000.0, 60.0)
    later = Settlement(second.id, 1, DeliveryState.PENDING, 3_000.0, retry_at=3_100.0)
    await storage.outbox.settle([lost, later], True)
    await storage.digests.enqueue_due(3_000.0)
    (digest,) = await storage.outbox.claim([3], 3_000.0, 60.0)
    lost = Settlement(digest.id, 1, DeliveryState.UNKNOWN, 3_099.5, error=quoted("lost"))
    await storage.outbox.settle([lost], True)
    (due,) = await storage.outbox.due(3_100.0, [], 9)
    assert due.delivery_id == second.id
    await _ends(storage, 3_100.0, DeliveryState.SENT, message_id=71)
    (due,) = await storage.outbox.due(3_100.0, [], 9)
    assert due.delivery_id == digest.id


async def _held(storage: Storage, n: int, due_at: float) -> None:
    await store(storage, report(n))
    held = Telling(DeliveryState.HELD, due_at)
    await storage.stories.place([placed(n, None, Ring(1, 0, (), True, telling=held))], due_at - 9.0)
    await storage.digests.enqueue_due(due_at)


async def test_a_digest_that_waits_for_its_next_try_is_tried_as_stories_join_it_at_their_hour(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(1))
    await _held(storage, 1, 3_600.0)
    now, lost = 3_600.0, quoted("lost")
    for _ in range(8):
        await _ends(storage, now, DeliveryState.UNKNOWN, error=lost)
        now = await storage.outbox.next_due_at(now) or now
    assert now > 9_000.0
    for stories, hour in ((2, 6_000.0), (3, 9_000.0)):
        await _held(storage, stories, hour)
        digest, _ = await _ends(storage, hour, DeliveryState.UNKNOWN, error=lost)
        assert len(digest.gathered) == stories
        # It is no step of its tries.
        assert await storage.outbox.next_due_at(hour) == now


async def test_what_is_lost_twice_brings_no_digest_forward(storage: Storage) -> None:
    await _queue(storage, stories=2)
    await _lost_twice(storage)
    for delivery_id in (2, 2, 3):  # the other alert, and the digest
        await storage.outbox.claim([delivery_id], 3_000.0, 60.0)
        lost = Settlement(delivery_id, 1, DeliveryState.UNKNOWN, 3_000.0, error=quoted("lost"))
        await storage.outbox.settle([lost], True)
    assert await storage.digests.enqueue_due(3_000.0) == 1
    assert await storage.outbox.due(3_000.0, [], 9) == []
    (digest,) = await _claim(storage, 3_001.0)
    assert (digest.id, len(digest.gathered)) == (3, 2)


@pytest.mark.parametrize("tries", [0, 1, 9])
async def test_no_digest_comes_in_a_pause_because_an_alert_that_was_under_way_arrives(
    storage: Storage, tries: int
) -> None:
    await _queue(storage)
    await _lost_twice(storage)
    now = 3_000.0
    for _ in range(tries):
        await _ends(storage, now, DeliveryState.UNKNOWN, error=quoted("lost"))
        now = await storage.outbox.next_due_at(now) or now
    await store(storage, report(2))
    await storage.stories.place([placed(2, None, ring(1))], now - 0.5)
    (due,) = await storage.outbox.due(now - 0.5, [], 9)
    (alert,) = await storage.outbox.claim([due.delivery_id], now - 0.5, 60.0)
    until = now + 3_600.0
    await storage.pauses.hold_back(1, until, now)
    arrived = Settlement(alert.id, 1, DeliveryState.SENT, now, message_id=70)
    await storage.outbox.settle([arrived], True)
    assert await storage.outbox.due(until - 0.5, [], 9) == []
    (digest,) = await _claim(storage, until)
    assert digest.kind is DeliveryKind.DIGEST


async def test_alerts_that_arrive_use_up_no_tries_of_a_digest(storage: Storage) -> None:
    await _queue(storage)
    await _lost_twice(storage)
    now, tries = 3_000.0, 0
    for n in range(2, 42):
        for each in await _claim(storage, now):
            assert each.kind is DeliveryKind.DIGEST
            lost = Settlement(each.id, 1, DeliveryState.UNKNOWN, now, error=quoted("lost"))
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
    await _ends(storage, 3_001.0, DeliveryState.FAILED, error=quoted("refused"))
    alone, unsure = await _ends(storage, 3_002.0, DeliveryState.UNKNOWN, error=quoted("lost"))
    assert alone.kind is DeliveryKind.ALERT
    assert unsure == Unsure(given_up=1)


async def test_what_was_lost_twice_goes_with_its_chat(storage: Storage) -> None:
    await _queue(storage)
    await _ends(storage, 3_000.0, DeliveryState.UNKNOWN)
    (claimed,) = await _claim(storage, 3_001.0)
    await storage.chats.set_state(1, ChatState.STOPPED, None, 3_001.0)
    lost = Settlement(claimed.id, 1, DeliveryState.UNKNOWN, 3_002.0, error=because(Code.LOST_TWICE))
    await storage.outbox.settle([lost], True)
    assert (await storage.stats()).deliveries == {"dead": 1}


async def test_the_schedule_outlives_a_process(storage: Storage) -> None:
    await _queue(storage)
    await storage.chats.meet(chat(2))
    await storage.schedules.keep({2: 3_900.0}, _PENALTY, 19, 3_600.0)
    await _ends(storage, 3_590.0, DeliveryState.UNKNOWN)
    known = await storage.schedules.load(3_600.0)
    assert (known.penalty, known.lowered) == (_PENALTY, 19)
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
    await storage.schedules.keep({1: 3_900.0}, Penalty(), None, 3_000.0)
    for state in (ChatState.STOPPED, ChatState.ACTIVE):
        await storage.chats.set_state(1, state, None, 3_000.0)
    assert (await storage.schedules.load(3_600.0)).holds == ((1, 3_900.0),)


async def test_what_was_told_in_a_digest_is_not_edited(storage: Storage) -> None:
    await _queue(storage)
    await storage.outbox.claim([1], 3_000.0, 60.0)
    # Its story changes while it is under way; then it is lost twice, and a digest tells it.
    await store(storage, report(2), now=3_000.0)
    await storage.stories.place([placed(2, 1)], 3_000.0)
    lost = Settlement(1, 1, DeliveryState.UNKNOWN, 3_000.0, error=quoted("lost"))
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
    await storage.schedules.keep({2: ahead + 900}, _PENALTY.set_back(-9e7), 19, ahead)
    if when == "while it runs":
        await storage.schedules.set_back(9e7, 3_000.0)
    known = await storage.schedules.load(3_000.0)
    assert (known.penalty, known.lowered) == (_PENALTY, 19)
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


async def test_what_a_group_was_told_as_it_moved_is_known_by_no_number_of_its_old_one(
    storage: Storage,
) -> None:
    digest = await _begun(storage, "group")
    await storage.chats.migrate(-1, -1001, 3_002.5)
    done = Settlement(digest.id, -1, DeliveryState.PENDING, 3_003.0, message_id=70)
    await storage.outbox.settle([done], True)
    (again,) = await _claim(storage, 3_004.0)
    assert (again.id, again.chat_id, again.message_id) == (digest.id, -1001, None)


async def test_a_digest_that_is_deleted_each_time_it_begins_gives_its_stories_back(
    storage: Storage,
) -> None:
    digest = await _begun(storage)
    refused = Settlement(digest.id, -1, _LATER, 3_002.0, message_id=70)
    await storage.outbox.settle([refused], True)
    now, firsts = 3_010.0, 1
    gone: dict[str, object] = {"error": quoted("message to edit not found"), "begin_anew": True}
    while True:
        await _ends(storage, now, DeliveryState.UNKNOWN, **gone)
        again = await storage.outbox.next_due_at(now)
        if again is None:
            break
        now = again
        first, _ = await _ends(storage, now, _LATER, message_id=70 + firsts, begun=True)
        assert first.message_id is None
        firsts += 1
    assert firsts == 3
    assert (await storage.stats()).deliveries == {"failed": 1, "pending": 2}
    (alone,) = await _claim(storage, now)
    assert alone.kind is DeliveryKind.ALERT


async def _unanswered(storage: Storage, kind: str, thread_id: int = 0) -> Delivery:
    """A digest of which nobody knows whether message 70 was edited into the whole."""
    digest = await _begun(storage, kind, thread_id)
    lost = Settlement(
        digest.id, -1, DeliveryState.UNKNOWN, 3_002.0, message_id=70, error=quoted("lost")
    )
    assert await storage.outbox.settle([lost], True) == Unsure(repeated=1)
    return digest


async def test_a_digest_that_may_have_been_told_says_so_once_its_group_has_moved(
    storage: Storage,
) -> None:
    digest = await _unanswered(storage, "group")
    await storage.chats.migrate(-1, -1001, 3_002.5)
    first, _ = await _ends(storage, 3_004.0, _LATER, message_id=1, begun=True)
    (whole,) = await _claim(storage, 3_005.0)
    for again in (first, whole):
        assert (again.id, [each.unsure for each in again.gathered]) == (digest.id, [True, True])


async def test_an_answer_lost_while_the_group_moved_is_not_forgotten(storage: Storage) -> None:
    digest = await _begun(storage, "group")
    await storage.chats.migrate(-1, -1001, 3_002.5)
    lost = Settlement(
        digest.id, -1, DeliveryState.UNKNOWN, 3_003.0, message_id=70, error=quoted("lost")
    )
    await storage.outbox.settle([lost], True)
    (again,) = await _claim(storage, 3_005.0)
    assert [each.unsure for each in again.gathered] == [True, True]


async def test_a_digest_that_is_edited_again_says_what_it_said(storage: Storage) -> None:
    await _unanswered(storage, "supergroup")
    (again,) = await _claim(storage, 3_005.0)
    assert (again.message_id, again.perhaps_told) == (70, True)
    assert [each.unsure for each in again.gathered] == [False, False]


async def test_a_digest_that_may_have_been_told_and_is_refused_is_never_told_one_by_one(
    storage: Storage,
) -> None:
    await _unanswered(storage, "supergroup")
    now, given_up = 3_005.0, 0
    while not given_up:
        refused, unsure = await _ends(
            storage, now, DeliveryState.UNKNOWN, begin_anew=True, error=quoted("odd")
        )
        assert refused.kind is DeliveryKind.DIGEST
        given_up, now = unsure.given_up, now + 100.0
    assert now == 3_305.0
    assert (await storage.stats()).deliveries == {"unknown": 3}


async def test_what_comes_later_is_not_told_among_what_may_have_been_told(
    storage: Storage,
) -> None:
    digest = await _unanswered(storage, "group")
    await storage.chats.migrate(-1, -1001, 3_002.5)
    await store(storage, report(3))
    held = Telling(DeliveryState.HELD, 3_000.0)
    await storage.stories.place([placed(3, None, Ring(-1001, 0, (), True, telling=held))], 3_003.0)
    await storage.digests.enqueue_due(3_003.0)
    (again,) = await _claim(storage, 3_004.0)
    assert (again.id, len(again.gathered)) == (digest.id, 2)


async def test_drop_begins_no_digest_anew_that_may_have_been_told(storage: Storage) -> None:
    await _unanswered(storage, "supergroup")
    (again,) = await _claim(storage, 3_005.0)
    gone = Settlement(again.id, -1, DeliveryState.UNKNOWN, 3_006.0, begin_anew=True)
    assert await storage.outbox.settle([gone], False) == Unsure(given_up=1)
    assert (await storage.stats()).deliveries == {"unknown": 3}


async def test_a_digest_that_leaves_its_thread_tells_no_story_that_the_main_one_was_told(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(-1, "supergroup"))
    await store(storage, report(1), report(2))
    in_thread = Ring(-1, 9, (), True, telling=Telling(DeliveryState.HELD, 3_000.0))
    await storage.stories.place([placed(1, None, in_thread, ring(-1))], 2_900.0)
    topic = await storage.chats.put_topic(Topic(0, -1, 9, "Hills", "hills", 0.0), "hills", 1.0)
    by_topic = Ring(-1, 9, ((topic.id, ("hills",)),), telling=in_thread.telling)
    await storage.stories.place([placed(2, None, by_topic)], 2_900.0)
    await _ends(storage, 2_950.0, DeliveryState.SENT, message_id=40)
    await storage.digests.enqueue_due(3_000.0)
    await _ends(storage, 3_001.0, _LATER, to_main_thread=True, for_good=True)
    (again,) = await _claim(storage, 3_002.0)
    told = [(each.title, each.topic) for each in again.gathered]
    assert (again.thread_id, told) == (0, [("Headline number 2", "Hills")])
    # It counts as told in the main thread, which gets it no second time.
    await store(storage, report(3))
    await storage.stories.place([placed(3, 2, ring(-1))], 3_003.0)
    assert (await storage.stats()).deliveries == {"sent": 1, "dead": 1, "sending": 1, "held": 1}


@pytest.mark.parametrize("begun", [None, 70])
async def test_a_digest_of_which_the_main_thread_was_told_all_ends_with_its_thread(
    storage: Storage, begun: int | None
) -> None:
    await storage.chats.meet(chat(-1, "supergroup"))
    await store(storage, report(1))
    in_thread = Ring(-1, 9, (), True, telling=Telling(DeliveryState.HELD, 3_000.0))
    await storage.stories.place([placed(1, None, in_thread, ring(-1))], 2_900.0)
    await _ends(storage, 2_950.0, DeliveryState.SENT, message_id=40)
    await storage.digests.enqueue_due(3_000.0)
    gone: dict[str, object] = {"to_main_thread": True, "error": quoted("topic_closed")}
    if begun:
        await _ends(storage, 3_000.5, _LATER, message_id=begun, begun=True)
        await _ends(storage, 3_001.0, DeliveryState.UNKNOWN, begin_anew=True, **gone)
    else:
        await _ends(storage, 3_001.0, _LATER, **gone)
    assert (await storage.stats()).deliveries == {"sent": 1, "dead": 2}


async def test_a_digest_that_leaves_its_thread_tells_what_the_main_one_could_not_be_told(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(-1, "supergroup"))
    await store(storage, report(1))
    in_thread = Ring(-1, 9, (), True, telling=Telling(DeliveryState.HELD, 3_000.0))
    await storage.stories.place([placed(1, None, in_thread, ring(-1))], 2_900.0)
    await _ends(storage, 2_950.0, DeliveryState.FAILED, error=quoted("odd"))
    await storage.digests.enqueue_due(3_000.0)
    await _ends(storage, 3_001.0, _LATER, to_main_thread=True)
    (again,) = await _claim(storage, 3_002.0)
    assert (again.thread_id, len(again.gathered)) == (0, 1)


async def test_a_penalty_of_an_earlier_version_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "earlier.db"
    former_database(path, 24)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("INSERT INTO facts VALUES ('pace', '[3700.0, 19, 3600.0]')")
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=3_610.0)
    known = await storage.schedules.load(3_610.0)
    await storage.close()
    assert (known.penalty.stage, known.lowered) == (PenaltyStage.ALL, 19)
    assert known.penalty.all_at == known.penalty.private_at == 3_700.0


async def test_what_may_be_probed_is_listed_with_private_chats_first(storage: Storage) -> None:
    for chat_id, kind in ((-1, "supergroup"), (5, "private")):
        await storage.chats.meet(chat(chat_id, kind))
    await store(storage, report(1))
    await storage.stories.place([placed(1, None, ring(-1), ring(5))], 2_900.0)
    usual = await storage.outbox.due(3_000.0, [], 1)
    probed = await storage.outbox.due(3_000.0, [], 1, after=0)
    assert ([d.chat_id for d in usual], [d.chat_id for d in probed]) == ([-1], [5])
