"""The desk: which story, and who is told."""

import asyncio

import pytest

from bot.news.chat import Subscription, Topic
from tests.databases import look
from tests.pipeline.conftest import Line
from tests.storage.samples import chat, report, store

_QUIET = {"quiet": True, "published_at": None}
"""What a first poll brings without saying when it came out."""


async def test_a_second_outlet_with_the_same_headline_joins_the_story(line: Line) -> None:
    await line.storage.chats.meet(chat(1))
    await line.storage.chats.subscribe(Subscription(1, 0, None), 1.0)
    title = "Ferry to Lund Island resumes after storm"
    now = line.clock.now
    await store(line.storage, report(1, title=title), now=now)
    await line.place()
    await store(line.storage, report(2, title=f"BREAKING: {title}!"), now=now + 60)
    await store(line.storage, report(3, title="Short title here"), now=now + 60)
    await store(line.storage, report(4, title="Short title here"), now=now + 60)
    await line.place()
    rows = await line.storage.stories.newest(None, 10)
    assert sorted((row.story.id, row.story.reports) for row in rows) == [(1, 2), (3, 1), (4, 1)]
    assert (await line.storage.stats()).deliveries == {"pending": 3}


async def test_a_quiet_story_rings_when_a_report_that_is_not_quiet_joins_it(line: Line) -> None:
    await line.storage.chats.meet(chat(1))
    await line.storage.chats.subscribe(Subscription(1, 0, None), 1.0)
    title = "Ferry to Lund Island resumes after storm"
    await store(line.storage, report(1, title=title, **_QUIET), now=line.clock.now)
    await line.place()
    assert (await line.storage.stats()).deliveries == {}
    await store(line.storage, report(2, title=title), now=line.clock.now)
    await line.place()
    assert (await line.storage.stats()).deliveries == {"pending": 1}


async def test_news_do_not_wait_for_what_a_first_poll_left(line: Line) -> None:
    await line.storage.chats.meet(chat(1))
    await line.storage.chats.subscribe(Subscription(1, 0, None), 1.0)
    title = "Ferry to Lund Island resumes after storm"
    old = [report(n, title=f"Old news {n} of the harbour", **_QUIET) for n in range(1, 121)]
    await store(line.storage, *old, report(121, title=title, **_QUIET), now=line.clock.now)
    await store(line.storage, report(122, title=title), now=line.clock.now + 1)
    await line.desk.step()
    assert (await line.storage.stats()).deliveries == {"pending": 1}
    left = await line.storage.stories.unplaced(200)
    assert [each.id for each in left] == sorted(each.id for each in left)
    await line.place()
    assert (await line.storage.stats()).deliveries == {"pending": 1}
    (story,) = [
        row.story
        for row in await line.storage.stories.newest(None, 200)
        if row.story.title == title
    ]
    assert story.reports == 2


@pytest.mark.slow
async def test_what_is_quiet_is_placed_in_large_batches_until_something_comes(
    line: Line, url: str
) -> None:
    quiet = [
        report(n, title=f"Old news {n}", summary=" ".join(f"w{n}x{k}" for k in range(90)), **_QUIET)
        for n in range(1, 601)
    ]
    await store(line.storage, *quiet, now=line.clock.now)
    line.desk.wakeup.ring()
    await line.desk.step()
    assert len(await line.storage.stories.unplaced(700)) == 350
    assert line.desk._placer is not None
    step = asyncio.create_task(line.desk.step())
    while line.desk._placer.last == 250:
        await asyncio.sleep(0)
    # At once, as another process would: the desk may be through before a store has had its turns.
    look(
        url,
        "INSERT INTO reports (id, source, title, summary, seen_at, quiet)"
        " VALUES (601, 'Harbour Post', 'New ferry', '', ?1, 0)",
        line.clock.now,
    )
    line.desk.wakeup.ring()
    await step
    ringing, *left = [each.id for each in await line.storage.stories.unplaced(700)]
    assert ringing == 601
    # After some fifty it is seen that something came; a whole batch would leave a hundred.
    assert left == list(range(600 - len(left) + 1, 601))
    assert len(left) in (150, 200, 250, 300)


async def test_more_that_is_quiet_does_not_end_a_large_batch(line: Line) -> None:
    quiet = [report(n, title=f"Old news {n} of the harbour", **_QUIET) for n in range(1, 301)]
    await store(line.storage, *quiet, now=line.clock.now)
    step = asyncio.create_task(line.desk.step())
    while not step.done():
        line.desk.wakeup.ring()
        await asyncio.sleep(0)
    left = await line.storage.stories.unplaced(500)
    assert [each.id for each in left] == list(range(251, 301))


async def test_what_rings_comes_before_what_is_quiet_in_the_midst_of_large_batches(
    line: Line,
) -> None:
    quiet = [report(n, title=f"Old news {n} of the harbour", **_QUIET) for n in range(1, 601)]
    await store(line.storage, *quiet, now=line.clock.now)
    line.desk.wakeup.ring()
    await line.desk.step()
    await store(line.storage, report(601, title="New ferry"), now=line.clock.now)
    await line.desk.step()
    left = [each.id for each in await line.storage.stories.unplaced(700)]
    # What nobody waits for is placed behind it, and in a small batch.
    assert 601 not in left
    assert left == list(range(600 - len(left) + 1, 601))
    assert len(left) == 301


async def test_the_same_link_is_the_same_story_within_the_window_and_another_after_it(
    line: Line,
) -> None:
    link = "https://news.example/one"
    for number, hours in ((1, 0), (2, 71), (3, 30 * 24)):
        line.clock.now += hours * 3600
        told = report(number, canonical=link, title="Entry")
        await store(line.storage, told, now=line.clock.now)
        await line.place()
    rows = await line.storage.stories.newest(None, 10)
    assert sorted((row.story.id, row.story.reports) for row in rows) == [(1, 2), (3, 1)]


async def test_a_muted_topic_is_silent_until_its_time_and_changes_are_taken_in_at_once(
    line: Line,
) -> None:
    chats = line.storage.chats
    await chats.meet(chat(1))
    topic = await chats.put_topic(Topic(0, 1, 0, "Sea", "ferry", 0.0), "sea", 1.0)
    await chats.mute_topic(topic.id, line.clock.now + 100)
    await store(line.storage, report(1, title="Ferry one"), now=line.clock.now)
    await line.place()
    line.clock.now += 101
    await store(line.storage, report(2, title="Ferry two"), now=line.clock.now)
    await line.place()
    assert (await line.storage.stats()).deliveries == {"pending": 1}
    await chats.put_topic(Topic(0, 1, 0, "Sea", "tram", 0.0), "sea", 1.0)
    await store(line.storage, report(3, title="Ferry three"), now=line.clock.now)
    await store(line.storage, report(4, title="Tram four"), now=line.clock.now)
    await line.place()
    claimed = await line.storage.outbox.claim([1, 2, 3], line.clock.now, 60.0)
    assert [(d.title, d.topics) for d in claimed] == [
        ("Ferry two", ("Sea",)),
        ("Tram four", ("Sea",)),
    ]
