"""What was out before the window began: found, but no part of what is told today."""

from msgspec.structs import replace

from bot.news.chat import Subscription
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.story import NewReport
from bot.news.text.urls import canonical
from tests.desks import desk_on
from tests.pipeline.conftest import Line
from tests.storage.samples import brought, chat, report, traces_of

DAY = 86_400.0
TITLE = "Ferry to Lund Island resumes after storm"
LINK = "https://news.example/ferry"


async def _feeds(line: Line, *names: str) -> list[Feed]:
    return await line.storage.feeds.add(
        [NewFeed(f"https://{name}.example/feed", name, 1.0) for name in names], 1.0
    )


async def _stores(line: Line, feed: Feed, *reports: NewReport) -> None:
    record = PollRecord(replace(feed, settled=True), traces_of(reports), reports)
    await line.storage.feeds.record([record], line.clock.now)


def _old(
    line: Line, n: int, title: str = TITLE, days: float = 4.0, link: str | None = None
) -> NewReport:
    link = link or f"https://news.example/{n}"
    at = line.clock.now - days * DAY
    return report(n, title=title, quiet=True, published_at=at, link=link, canonical=canonical(link))


async def _told(line: Line) -> dict[int, int]:
    rows = await line.storage.stories.newest(None, 20)
    return {row.story.id: row.story.reports for row in rows}


async def test_what_was_out_last_week_is_no_report_of_what_happens_today(line: Line) -> None:
    await line.storage.chats.meet(chat(1))
    await line.storage.chats.subscribe(Subscription(1, 0, None), 1.0)
    harbour, hill = await _feeds(line, "harbour", "hill")
    await _stores(line, harbour, _old(line, 1))
    await line.place()
    await _stores(line, hill, report(2, title=TITLE, published_at=line.clock.now))
    await line.place()
    assert await _told(line) == {1: 1, 2: 1}
    assert (await line.storage.stats()).deliveries == {"pending": 1}


async def test_what_was_out_yesterday_is_one(line: Line) -> None:
    harbour, hill = await _feeds(line, "harbour", "hill")
    await _stores(line, harbour, _old(line, 1, days=1.0))
    await line.place()
    await _stores(line, hill, report(2, title=TITLE, published_at=line.clock.now))
    await line.place()
    assert await _told(line) == {1: 2}


async def test_old_news_that_rings_is_placed_as_all_that_rings(line: Line) -> None:
    harbour, hill = await _feeds(line, "harbour", "hill")
    await _stores(line, harbour, replace(_old(line, 1), quiet=False))
    await line.place()
    await _stores(line, hill, report(2, title=TITLE, published_at=line.clock.now))
    await line.place()
    assert await _told(line) == {1: 2}


async def test_an_archive_takes_no_place_in_the_window_before_and_after_a_restart(
    line: Line,
) -> None:
    (harbour,) = await _feeds(line, "harbour")
    archive = [_old(line, n, f"Old news {n} of the harbour") for n in range(1, 301)]
    await _stores(line, harbour, report(301, title=TITLE, published_at=None), *archive)
    await line.place()
    assert line.desk._placer is not None
    assert len(line.desk._placer.clusterer.window.reports) == 1
    line.desk = desk_on(line.storage, line.clock, line.stop)
    await _stores(line, harbour, report(302, published_at=None))
    await line.place()
    assert line.desk._placer is not None
    assert len(line.desk._placer.clusterer.window.reports) == 2


async def test_an_archive_is_found_by_its_words(line: Line) -> None:
    (harbour,) = await _feeds(line, "harbour")
    await _stores(line, harbour, _old(line, 1))
    await line.place()
    found = await line.storage.stories.with_keys(["ferri"], None, 5, 0.0)
    assert [row.story.title for row in found] == [TITLE]


async def test_one_article_of_two_archives_is_one_story(line: Line) -> None:
    harbour, hill, valley = await _feeds(line, "harbour", "hill", "valley")
    await _stores(line, harbour, _old(line, 1, link=LINK))
    await _stores(line, hill, _old(line, 2, "The ferry is back", link=LINK))
    await line.place()
    assert await _told(line) == {1: 2}
    # Of a later batch too.
    await _stores(line, valley, _old(line, 3, "Island ferry", link=LINK))
    await line.place()
    assert await _told(line) == {1: 3}


async def test_two_old_entries_of_one_feed_are_two_stories_also_under_one_link(line: Line) -> None:
    (harbour,) = await _feeds(line, "harbour")
    await _stores(line, harbour, _old(line, 1, link=LINK), _old(line, 2, "Lights out", link=LINK))
    await line.place()
    await _stores(line, harbour, _old(line, 3, "Lights on", link=LINK))
    await line.place()
    assert await _told(line) == {1: 1, 2: 1, 3: 1}


async def test_the_archive_of_a_guest_joins_nothing_and_nothing_joins_it(line: Line) -> None:
    await line.storage.chats.meet(chat(1))
    (harbour,) = await _feeds(line, "harbour")
    guest = await brought(line.storage, "https://guest.example/feed", 1)
    await _stores(line, guest, _old(line, 1, link=LINK))
    await line.place()
    await _stores(line, harbour, _old(line, 2, link=LINK))
    await line.place()
    await _stores(line, guest, _old(line, 3, link=LINK))
    await line.place()
    rows = await line.storage.stories.seen_by(1).newest(None, 20)
    assert sorted((row.story.id, row.story.reports) for row in rows) == [(1, 1), (2, 1), (3, 1)]
