"""Alerts name an earlier story that is the same in another language."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from bot.across.neighbours import Neighbours
from bot.news.chat import Habits, Subscription
from bot.news.feed import PollRecord
from bot.news.outbox import Also, Delivery, DeliveryState, Settlement
from bot.news.story import NewReport
from bot.news.telling.elsewhere import Opening, opening_of
from tests.pipeline.conftest import Line
from tests.storage.samples import brought, chat, report, store

ENGLISH = report(1, title="Ferry to Lund resumes", language="en")
GERMAN = report(2, title="Ferry: Fähre nach Lund fährt wieder", language="de")


@pytest.fixture
async def across(line: Line) -> AsyncIterator[Neighbours]:
    """What compares, begun and without a loop: a test lets it work."""

    async def known() -> list[Opening]:
        newest = await line.storage.stories.sample(0, line.clock.now + 1, 100)
        return [opening_of(story) for story, _ in newest.stories]

    made = Neighbours(
        known=known,
        now=line.clock,
        wakeup=line.stop.wakeup(),
        metrics=line.desk.metrics,
        window=72 * 3600.0,
        program="tests.across.stand_in",
    )
    await line.storage.chats.meet(chat(1))
    await line.storage.chats.subscribe(Subscription(1, 0, None), 1.0)
    line.desk.across = made
    yield made
    await made.end()


async def _keep_working(across: Neighbours) -> None:
    while True:
        await across.step()


@pytest.fixture
async def working(across: Neighbours) -> AsyncIterator[Neighbours]:
    await across.step()
    task = asyncio.create_task(_keep_working(across))
    yield across
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _place(line: Line, *reports: NewReport) -> None:
    await store(line.storage, *reports, now=line.clock.now)
    await line.place()


async def _claimed(line: Line, delivery: int) -> Delivery:
    (found,) = await line.storage.outbox.claim([delivery], line.clock.now, 60.0)
    return found


async def _settled(line: Line, delivery: int) -> None:
    sent = Settlement(delivery, 1, DeliveryState.SENT, line.clock.now, message_id=delivery)
    await line.storage.outbox.settle([sent], True)


async def test_a_story_is_told_with_the_earlier_one_in_another_language(
    line: Line, working: Neighbours
) -> None:
    # No deadline here: a busy machine may need longer than alerts may wait.
    await _place(line, ENGLISH)
    await _place(line, GERMAN)
    await _answered(working)
    await line.desk._tell_late()
    assert (await _claimed(line, 1)).elsewhere is None
    await _settled(line, 1)
    other = Also("", ENGLISH.title, ENGLISH.link)
    assert (await _claimed(line, 2)).elsewhere == other


async def test_an_answer_that_is_late_comes_by_an_edit(line: Line, across: Neighbours) -> None:
    await across.step()
    await _place(line, ENGLISH, GERMAN)
    for delivery in (1, 2):
        assert (await _claimed(line, delivery)).elsewhere is None
        await _settled(line, delivery)
    assert await line.storage.outbox.due_edits(line.clock.now + 61, [], 10) == []
    for _ in range(2):
        await across.step()
    line.ring()
    await line.desk.step()
    (edit,) = await line.storage.outbox.due_edits(line.clock.now + 61, [], 10)
    assert (edit.id, edit.elsewhere and edit.elsewhere.title) == (2, ENGLISH.title)


async def test_a_process_that_hangs_or_is_gone_delays_no_alert(
    line: Line, working: Neighbours
) -> None:
    began = time.monotonic()
    await _place(line, replace(ENGLISH, title="Ferry hangs"))
    assert time.monotonic() - began < 3
    assert (await _claimed(line, 1)).elsewhere is None
    await working.end()
    await _place(line, GERMAN)
    await _settled(line, 1)
    assert (await _claimed(line, 2)).elsewhere is None


async def test_languages_that_the_chat_does_not_hear_are_not_named(
    line: Line, across: Neighbours
) -> None:
    await across.step()
    french = replace(GERMAN, title="Ferry : le bac de Lund repart", language="fr")
    await _place(line, GERMAN, replace(french, key=b"f" * 8, link=None, canonical=None))
    for _ in range(2):
        await across.step()
    await line.desk._tell_late()
    await line.storage.chats.set_habits(1, Habits(languages=("en", "fr")))
    await _settled_first(line)
    assert (await _claimed(line, 2)).elsewhere is None


async def test_what_guests_tell_is_neither_compared_nor_named(
    line: Line, across: Neighbours
) -> None:
    await across.step()
    guest = await brought(line.storage, "https://guest.example/feed", 1, now=line.clock.now)
    record = PollRecord(replace(guest, settled=True), {}, (ENGLISH,))
    await line.storage.feeds.record([record], line.clock.now)
    await line.place()
    assert not across._asked
    assert not across._to_learn
    await _place(line, GERMAN)
    await across.step()
    assert await across.found(0) == {}


async def test_a_new_process_learns_what_is_stored(line: Line, across: Neighbours) -> None:
    await _place(line, ENGLISH)
    for _ in range(2):
        await across.step()
    await _place(line, GERMAN)
    await across.step()
    assert await across.found(0) == {2: 1}


async def _settled_first(line: Line) -> None:
    await _claimed(line, 1)
    await _settled(line, 1)


async def _answered(across: Neighbours) -> None:
    async with asyncio.timeout(60):
        while across._asked:
            await asyncio.sleep(0.01)
