"""A clock that was ahead for a while: nothing rings twice for it."""

import pytest

from bot.loops import Stop
from bot.news.retention import looked
from tests.desks import desk_on
from tests.pipeline.conftest import Line
from tests.storage.samples import report, store

pytestmark = pytest.mark.slow

DAY = 86_400.0
_FERRY, _MAYOR, _STORM = "Ferry runs aground", "Mayor opens the museum", "Storm closes the harbour"
_BRIDGE = "Council votes for a bridge"


async def _says(line: Line, number: int, title: str) -> None:
    """The same title comes under the same link."""
    link = f"https://news.example/{title[:5]}"
    await store(line.storage, report(number, title=title, canonical=link), now=line.clock())


async def _looks(line: Line) -> None:
    """As housekeeping does every hour, and when the clock has jumped."""
    now = line.clock()
    await line.storage.keep_tended(looked(await line.storage.tended(now), now))


async def _goes_on(line: Line, how: str) -> None:
    if how == "stop":
        await line.desk.end()
    if how != "live":
        line.desk = desk_on(line.storage, line.clock, Stop())


async def _stories(line: Line) -> dict[int, int]:
    """How many reports each has, by the report that opened it."""
    rows = await line.storage.stories.newest(None, 99)
    return {row.story.id: row.story.reports for row in rows}


@pytest.mark.parametrize("how", ["live", "stop", "crash"])
@pytest.mark.parametrize("days", [2.5, 10.0, 365.0])
async def test_what_was_seen_by_a_clock_that_was_ahead_makes_nothing_else_old(
    line: Line, days: float, how: str
) -> None:
    await _says(line, 1, _FERRY)
    await line.place()
    await _looks(line)
    line.clock.now += days * DAY
    for number, title in ((2, _MAYOR), (3, _BRIDGE)):
        await _says(line, number, title)
        await line.place()
        await _looks(line)
    line.clock.now -= days * DAY
    await _goes_on(line, how)
    for number, title in ((4, _FERRY), (5, _STORM), (6, _STORM)):
        line.clock.now += 60
        await _says(line, number, title)
        await line.place()
        await _goes_on(line, how)
    assert await _stories(line) == {1: 2, 2: 1, 3: 1, 5: 2}


@pytest.mark.parametrize("how", ["live", "stop", "crash"])
async def test_what_is_placed_by_a_clock_that_is_ahead_makes_nothing_else_old(
    line: Line, how: str
) -> None:
    await _says(line, 1, _FERRY)
    await line.place()
    line.clock.now += 3600
    await _says(line, 2, _MAYOR)
    line.clock.now += 30 * DAY
    await line.place()
    line.clock.now -= 30 * DAY
    await _goes_on(line, how)
    for number, title in ((3, _FERRY), (4, _MAYOR)):
        await _says(line, number, title)
        await line.place()
    assert await _stories(line) == {1: 2, 2: 2}


async def test_what_was_seen_by_a_clock_ahead_and_is_placed_later_makes_nothing_else_old(
    line: Line,
) -> None:
    await _says(line, 1, _FERRY)
    line.clock.now += 30 * DAY
    await _says(line, 2, _MAYOR)
    line.clock.now -= 30 * DAY
    await _says(line, 3, _FERRY)
    await _says(line, 4, _MAYOR)
    await line.place()
    assert await _stories(line) == {1: 2, 2: 2}


@pytest.mark.parametrize("how", ["live", "stop", "crash"])
async def test_a_start_before_the_clock_is_set_knows_all_once_it_is(line: Line, how: str) -> None:
    """As machines without a clock of their own begin."""
    await _says(line, 1, _FERRY)
    await line.place()
    await _looks(line)
    await _goes_on(line, how)
    line.clock.now -= 365 * DAY
    await _says(line, 2, _MAYOR)
    await line.place()
    await _looks(line)
    line.clock.now += 365 * DAY
    await _says(line, 3, _FERRY)
    await line.place()
    assert await _stories(line) == {1: 2, 2: 1}
