"""A start fills the window with what was placed before."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.news.stories.cards import Card
from bot.news.stories.clustering import STORY_THRESHOLD, WINDOW_SECONDS
from bot.news.stories.placing import Placer
from bot.news.stories.window import MANY
from bot.pipeline.placing.reopening import left, reopened
from tests.news.stories.test_window import seen_in
from tests.pipeline.conftest import Line
from tests.storage.samples import report, sql, store

pytestmark = pytest.mark.slow

_TITLES = (
    "Ostwick ferry runs aground with 212 aboard",
    "Varnholm council votes on the harbour bridge",
    "Ostwick ferry runs aground with 212 aboard",
    "Quake of 5.6 shakes the hills above Lund",
    "東京で大火、消防が調査",
)


async def _placed(line: Line) -> None:
    for n in range(1, 26):
        title, link = _TITLES[n % 5], f"https://news.example/again/{n % 5}"
        if n % 3:
            title, link = f"{title} in ward {n % 7}", f"https://news.example/{n}"
        told = f"Kari Lund of ward {n} said so on Monday."
        told_so = report(n, title=title, summary=told, canonical=link)
        await store(line.storage, told_so, now=line.clock() + n // 4)
    await line.place()


async def _again(line: Line) -> Placer:
    placer, _ = await _reopened(line)
    return placer


async def _reopened(line: Line) -> tuple[Placer, object]:
    return await reopened(line.storage.window, STORY_THRESHOLD, line.clock(), lambda _: frozenset())


def _held(placer: Placer) -> object:
    return placer.last, seen_in(placer.clusterer.window)


async def test_the_window_is_what_it_was(line: Line) -> None:
    await _placed(line)
    assert line.desk._placer is not None
    assert len(line.desk._placer.clusterer.window.stories) < 25
    assert _held(await _again(line)) == _held(line.desk._placer)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM report_terms WHERE report_id > 9",
        "UPDATE report_terms SET terms = '1' || terms",
    ],
)
async def test_what_was_kept_by_another_version_is_split_again(line: Line, change: str) -> None:
    await _placed(line)
    await sql(line.storage, change)
    assert line.desk._placer is not None
    assert _held(await _again(line)) == _held(line.desk._placer)


async def _stopped(line: Line) -> Placer:
    """All are placed, and the desk has ended."""
    await _placed(line)
    await line.desk.end()
    assert line.desk._placer is not None
    return line.desk._placer


async def test_what_a_stop_left_is_used_once(line: Line) -> None:
    was = _held(await _stopped(line))
    placer, kept = await _reopened(line)
    assert kept is not None
    assert _held(placer) == was
    again, kept = await _reopened(line)
    assert kept is None
    assert _held(again) == was


async def test_what_did_not_change_is_left_again(line: Line) -> None:
    was = _held(await _stopped(line))
    placer, kept = await _reopened(line)
    await sql(line.storage, "INSERT INTO window_parts VALUES (-1, 'mark', ?)", b"-")
    await left(line.storage.window, placer, kept)
    assert await sql(line.storage, "SELECT 1 FROM window_parts WHERE name = 'mark'") == [(1,)]
    placer, kept = await _reopened(line)
    assert kept is not None
    assert _held(placer) == was


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reports SET story_id = 3 WHERE id = 9",
        "UPDATE reports SET seen_at = seen_at - 1 WHERE id = 9",
        "UPDATE reports SET feed_id = NULL WHERE id = 9",
        "DELETE FROM reports WHERE id = 25",
        "UPDATE reports SET placing = 26 WHERE id = 9",
        "UPDATE reports SET guest = 1 WHERE id = 9",
        "UPDATE window_parts SET piece = substr(piece, 3) WHERE name = 'reports.at'",
        "UPDATE window_parts SET piece = substr(piece, 9) WHERE name = 'reports.at'",
        "DELETE FROM window_parts WHERE name = 'rest'",
        "UPDATE facts SET value = 'another' WHERE name = 'window'",
    ],
)
async def test_what_a_stop_left_must_be_what_is_stored(line: Line, change: str) -> None:
    await _stopped(line)
    await sql(line.storage, change)
    _, kept = await _reopened(line)
    assert kept is None


async def test_a_full_window_begins_among_reports_that_came_at_once(line: Line) -> None:
    """What it let go of is stored, and of those that came with it some are held."""
    placer = await _stopped(line)
    window = placer.clusterer.window
    came = [window.reports.came(row) for row in range(25)]
    window.most_reports = 20
    window.leave(0.0)
    assert came[4] == came[5] == window.first[0]
    await left(line.storage.window, placer, None)
    was = _held(placer)
    placer, kept = await _reopened(line)
    assert kept is not None
    assert _held(placer) == was


async def test_what_was_placed_since_counts(line: Line) -> None:
    await _stopped(line)
    told = report(26, title="Lund mayor resigns over the bridge", canonical="https://n.example/26")
    await store(line.storage, told, now=line.clock() + 9)
    await line.place()
    assert line.desk._placer is not None
    placer, kept = await _reopened(line)
    assert kept is None
    assert _held(placer) == _held(line.desk._placer)


async def test_what_grew_too_old_meanwhile_is_gone(line: Line) -> None:
    await _stopped(line)
    line.clock.now += WINDOW_SECONDS + 3
    placer, kept = await _reopened(line)
    assert kept is not None
    assert 0 < len(placer.clusterer.window.reports) < 25
    again, kept = await _reopened(line)
    assert kept is None
    assert _held(again) == _held(placer)


async def test_a_desk_that_failed_leaves_nothing(line: Line) -> None:
    await _placed(line)
    line.desk._recovered = False
    await line.desk.end()
    assert await sql(line.storage, "SELECT * FROM window_parts") == []


@asynccontextmanager
async def _counted_turns() -> AsyncIterator[list[int]]:
    turns = [0]

    async def count() -> None:
        while True:
            turns[0] += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    yield turns
    counting.cancel()


async def test_garbage_is_collected_again_afterwards(line: Line) -> None:
    assert gc.isenabled()
    await _again(line)
    assert gc.isenabled()


async def test_others_work_meanwhile(line: Line) -> None:
    await _placed(line)
    async with _counted_turns() as turns:
        await _again(line)
    assert turns[0] > 4


@pytest.mark.parametrize(("count", "stays"), [(MANY, False), (MANY // 2, True)])
async def test_a_window_that_many_would_leave_at_once_is_made_anew(
    line: Line, count: int, stays: bool
) -> None:
    """To let go of them would keep all others waiting."""
    await _placed(line)
    before = line.desk._placer
    assert before is not None
    for number in range(count):
        card, at = Card([f"w{number % 97}"], 1), line.clock()
        before.clusterer.window.add(card, "Gull", at, 100 + number, 100 + number)
    before.wait(line.clock() + WINDOW_SECONDS - 9)
    line.clock.now += WINDOW_SECONDS + 3
    told = report(26, title="Lund mayor resigns over the bridge", canonical="https://n.example/26")
    await store(line.storage, told, now=line.clock())
    await line.place()
    assert (line.desk._placer is before) == stays
    assert line.desk._placer is not None
    held = line.desk._placer.clusterer.window.reports
    # Those of the last three seconds are there still.
    assert sorted(map(held.number, held)) == list(range(12, 27))
