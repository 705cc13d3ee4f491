"""A database of the version before, polled by this one: its alerts stay as they are."""

import dataclasses

import pytest
from msgspec.structs import replace

from bot.feeds.reading.parse import parse_document
from bot.news.feed import PollRecord
from bot.news.polling.entry_keys import former_entry_keys_of
from bot.news.polling.identity import judge
from bot.pipeline.polling.reports import new_reports
from bot.playground.news.documents import document
from tests.databases import look
from tests.pipeline.conftest import Line

pytestmark = pytest.mark.slow


async def _stored_before(line: Line) -> None:
    """Stores the feed's document as the version before read it, told and alerted."""
    outlet = line.playground.newsroom.outlets["harbour-post"]
    parsed = parse_document(document(outlet).encode())
    parsed = dataclasses.replace(
        parsed, entries=tuple(entry.formerly or entry for entry in parsed.entries)
    )
    judged = judge((await line.feed()).policy, former_entry_keys_of(parsed.entries), {})
    traces = {key: replace(trace, reading=0) for key, trace in judged.traces.items()}
    reports = new_reports(parsed, judged.new, frozenset(e for _, e in judged.new))
    feed = replace(await line.feed(), settled=True, title=parsed.title)
    await line.storage.feeds.record([PollRecord(feed, traces, reports)], line.clock())
    await line.place()


def _shown(line: Line) -> list[tuple[str, str | None]]:
    return look(line.url, "SELECT title, title_now FROM reports ORDER BY id")


async def test_what_is_read_better_after_an_upgrade_changes_nothing_that_was_told(
    line: Line,
) -> None:
    newsroom = line.playground.newsroom
    newsroom.publish("harbour-post", "Tide<br>tables", "Tide tables", link="https://q.example/1")
    item = newsroom.publish("harbour-post", "Ferry <wbr>aground, 3 hurt", "Near Lund.")
    await _stored_before(line)
    assert [title for title, _ in _shown(line)] == ["Tide<br>tables", "Ferry <wbr>aground, 3 hurt"]
    newsroom.publish("harbour-post", "Something <wbr>new")
    line.clock.now += 3600
    await line.poll()
    assert _shown(line) == [
        ("Tide<br>tables", None),
        ("Ferry <wbr>aground, 3 hurt", None),
        ("Something new", None),
    ]
    newsroom.publish(
        "harbour-post", "Ferry <wbr>aground, 5 hurt", "Near Lund.", id=item.id, link=item.link
    )
    line.clock.now += 3600
    await line.poll()
    assert _shown(line)[1] == ("Ferry <wbr>aground, 3 hurt", "Ferry aground, 5 hurt")


async def test_a_counter_that_goes_up_changes_nothing_that_was_told(line: Line) -> None:
    newsroom = line.playground.newsroom
    item = newsroom.publish("harbour-post", "Ferry aground (3 comments)")
    await _stored_before(line)
    for count in (4, 40):
        newsroom.publish(
            "harbour-post", f"Ferry aground ({count} comments)", id=item.id, link=item.link
        )
        line.clock.now += 3600
        await line.poll()
    assert _shown(line) == [("Ferry aground (3 comments)", None)]


async def test_an_untitled_post_is_stored_with_its_first_words_as_headline(line: Line) -> None:
    await line.poll()
    line.playground.newsroom.publish("harbour-post", "", "Low tide at noon. Mind the steps.")
    line.clock.now += 3600
    await line.poll()
    (report,) = await line.storage.stories.unplaced(5)
    assert (report.title, report.summary) == ("Low tide at noon.", "Mind the steps.")
