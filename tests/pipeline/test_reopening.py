"""A start fills the window with what was placed before."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.news.stories.clustering import STORY_THRESHOLD
from bot.news.stories.placing import Placer
from bot.pipeline.placing.reopening import reopened
from tests.news.stories.test_window import seen_in
from tests.pipeline.conftest import Line
from tests.storage.samples import report, sql, store

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
    return await reopened(
        line.storage.stories, STORY_THRESHOLD, line.clock(), lambda _: frozenset()
    )


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
