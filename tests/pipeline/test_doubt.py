"""What the desk notes of a report that joins a story in doubt."""

from bot.loops import Stop
from bot.news.feed import NewFeed, PollRecord
from storage.storage import Storage
from tests.databases import refuse
from tests.desks import desk_on
from tests.news.stories.doubted import AGROUND, ASHORE, threshold_of_doubt
from tests.storage.samples import report, sql, traces_of

NOW = 1_800_000_000.0


async def _placed(storage: Storage, threshold: float) -> list[tuple[object, ...]]:
    """What is noted of two reports of one event, by two feeds, once the desk placed them."""
    stop = Stop()
    desk = desk_on(storage, lambda: NOW, stop, threshold=threshold)
    wanted = [NewFeed(f"https://{name}.example/", name, 1.0) for name in ("Coast", "Hill")]
    feeds = await storage.feeds.add(wanted, 1.0)
    for number, (feed, told) in enumerate(zip(feeds, (AGROUND, ASHORE), strict=True), 1):
        made = report(number, title=told.title, summary=told.summary)
        await storage.feeds.record([PollRecord(feed, traces_of([made]), (made,))], NOW)
    while await storage.stories.unplaced(1):
        await desk.step()
    return await sql(storage, "SELECT story_id, doubtful FROM reports ORDER BY id")


async def test_the_desk_notes_that_how_a_report_joined_leaves_doubt(
    storage: Storage,
) -> None:
    assert await _placed(storage, threshold_of_doubt()) == [(1, 0), (1, 1)]


async def test_what_has_a_story_of_its_own_after_all_is_not_in_doubt(
    storage: Storage, url: str
) -> None:
    # The story that the second report joins has no room for it.
    refuse(url, "UPDATE OF story_id", "reports", "NEW.story_id <> NEW.id")
    assert await _placed(storage, threshold_of_doubt()) == [(1, 0), (2, 0)]
