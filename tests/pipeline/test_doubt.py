"""What the desk notes of a report that joins a story in doubt."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.feed import NewFeed, PollRecord
from bot.pipeline.desk import Desk
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import empty_database
from tests.news.stories.doubted import AGROUND, ASHORE, chance, threshold_of_doubt
from tests.storage.samples import report, sql, traces_of

NOW = 1_800_000_000.0
# The story that the second report joins has no room for it.
REFUSED = (
    "CREATE TRIGGER refused BEFORE UPDATE OF story_id ON reports WHEN NEW.story_id <> NEW.id"
    " BEGIN SELECT RAISE(ABORT, 'refused'); END"
)


async def _placed(storage: Storage, threshold: float) -> list[tuple[object, ...]]:
    """What is noted of two reports of one event, by two feeds, once the desk placed them."""
    stop = Stop()
    desk = Desk(
        stories=storage.stories, chats=storage.chats, digests=storage.digests, now=lambda: NOW,
        stop=stop, wakeup=stop.wakeup(), outbox=stop.wakeup(), metrics=Metrics(),
        threshold=threshold,
    )  # fmt: skip
    wanted = [NewFeed(f"https://{name}.example/", name, 1.0) for name in ("Coast", "Hill")]
    feeds = await storage.feeds.add(wanted, 1.0)
    for number, (feed, told) in enumerate(zip(feeds, (AGROUND, ASHORE), strict=True), 1):
        made = report(number, title=told.title, summary=told.summary)
        await storage.feeds.record([PollRecord(feed, traces_of([made]), (made,))], NOW)
    while await storage.stories.unplaced(1):
        await desk.step()
    return await sql(storage, "SELECT story_id, round(chance, 3), doubtful FROM reports")


async def test_the_desk_notes_by_what_chance_a_report_joined_and_that_this_leaves_doubt(
    storage: Storage,
) -> None:
    placed = await _placed(storage, threshold_of_doubt())
    assert placed == [(1, 0.0, 0), (1, pytest.approx(chance(), abs=0.02), 1)]


async def test_what_has_a_story_of_its_own_after_all_is_not_in_doubt(tmp_path: Path) -> None:
    path = tmp_path / "refusing.db"
    storage = await open_storage(empty_database(path), alone=True, now=NOW)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            file.execute(REFUSED)
        placed = await _placed(storage, threshold_of_doubt())
        assert [(story, in_doubt) for story, _, in_doubt in placed] == [(1, 0), (2, 0)]
    finally:
        await storage.close()
