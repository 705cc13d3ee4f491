"""What a poll does to a feed, over real HTTP with a clock that is set by hand."""

import asyncio
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace

from bot.feeds.fetching.fetch import Failed, Fetched, FetchOutcome, NotModified, TryLater
from bot.news.feed import Feed, NewFeed, PollRecord, StoredPolls
from bot.news.polling.entry_keys import entry_keys_of
from bot.news.polling.identity import KnownBy, Policy
from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.politeness import Politeness, host_key
from bot.news.polling.slots import AT_ONCE
from bot.news.story import ParsedEntry
from bot.news.telling.health import LONG_FAILURES, is_long_in_trouble
from bot.news.why import Code, because, quoted
from bot.pipeline.polling.poll import Poller
from bot.pipeline.polling.reports import new_reports
from bot.playground.news.newsroom import PublishedItem
from storage.errors import StorageError
from storage.polling.feeds import Feeds
from tests.databases import locked, refuse
from tests.pipeline.conftest import Line
from tests.storage.samples import chat

ADA, BEN = 1, 2


async def test_the_first_poll_is_quiet_and_what_comes_after_is_not(line: Line) -> None:
    line.playground.newsroom.publish("harbour-post", "Old bridge to be painted green")
    await line.poll()
    line.playground.newsroom.publish("harbour-post", "New bridge to be painted red")
    line.clock.now += 3600
    await line.poll()
    reports = await line.storage.stories.unplaced(10)
    assert [(r.title, r.quiet) for r in reports] == [
        ("New bridge to be painted red", False),
        ("Old bridge to be painted green", True),
    ]
    assert reports[0].source == "Harbour Post"


async def test_an_empty_first_poll_counts_as_the_first(line: Line) -> None:
    await line.poll()
    line.playground.newsroom.publish("harbour-post", "First item of a young feed")
    line.clock.now += 3600
    await line.poll()
    assert [r.quiet for r in await line.storage.stories.unplaced(10)] == [False]


async def test_an_unchanged_feed_is_asked_conditionally_and_polled_less_and_less(
    line: Line,
) -> None:
    intervals = []
    for _ in range(6):
        await line.poll()
        feed = await line.feed()
        intervals.append(feed.poll_at - line.clock.now)
        line.clock.now += 10 * 86_400
    assert line.visits() == {200: 1, 304: 5}
    assert intervals == sorted(intervals)
    assert intervals[-1] > 2 * intervals[0]


async def test_an_answer_without_news_changes_no_more_than_the_times_of_its_feed(
    line: Line,
) -> None:
    line.playground.newsroom.publish("harbour-post", "Old bridge to be painted green")
    await line.poll()
    line.clock.now += 3600
    polled = await line.feed()
    unasked: asyncio.Future[FetchOutcome] = asyncio.get_running_loop().create_future()
    ask, line.poller.fetch = line.poller.fetch, lambda *_, **__: unasked
    line.ring()
    await line.poller.step()
    # Somebody calls the feed by another name while its host is asked.
    named = replace(polled, title="The Harbour", named=True)
    await line.storage.feeds.record([PollRecord(named)], line.clock.now)
    unasked.set_result(await ask(polled.url, etag=polled.etag, last_modified=polled.last_modified))
    await line.poll()
    found = await line.feed()
    assert line.visits() == {200: 1, 304: 1}
    assert found.poll_at > line.clock.now == found.answered_at
    assert found.title == "The Harbour"
    answered, interval, poll_at = found.answered_at, found.interval, found.poll_at
    assert found == replace(
        polled, title=found.title, answered_at=answered, interval=interval, poll_at=poll_at
    )


async def test_a_document_of_which_only_the_wrapping_changed_stores_nothing_of_its_entries(
    line: Line,
) -> None:
    outlet = line.playground.newsroom.outlets["harbour-post"]
    line.playground.newsroom.publish("harbour-post", "Old bridge to be painted green")
    await line.poll()
    (marks,) = entry_keys_of([_parsed(item) for item in outlet.items])
    seen = await line.shown_on(marks.keys[0])
    for _ in range(2):
        line.clock.now += 7200
        outlet.about += " and more"
        await line.poll()
    assert line.visits() == {200: 3}
    assert await line.shown_on(marks.keys[0]) == seen
    line.clock.now += 2 * 86_400
    outlet.about += " and more"
    await line.poll()
    assert await line.shown_on(marks.keys[0]) == seen + 2


class Counted(Feeds):
    """The catalogue, which counts how often polls are stored, how much of entries is noted, and how
    often it is asked what is due.
    """

    times = noted = looks = 0

    async def due(self, *given: Any) -> list[Feed]:
        self.looks += 1
        return await super().due(*given)

    async def record(self, found: Sequence[PollRecord], now: float) -> StoredPolls:
        self.times += 1
        self.noted += sum(len(poll.traces) for poll in found)
        return await super().record(found, now)


async def test_of_a_changed_document_only_what_changed_is_noted_until_half_a_day_is_over(
    line: Line,
) -> None:
    for number in range(5):
        line.playground.newsroom.publish("harbour-post", f"Bridge {number} to be painted green")
    await line.poll()
    counted = Counted(line.storage.feeds._database)
    line.poller = dataclasses.replace(line.poller, feeds=counted)
    line.clock.now += 3600
    line.playground.newsroom.publish("harbour-post", "A sixth bridge to be painted red")
    await line.poll()
    keys_of_one = counted.noted
    assert 1 <= keys_of_one <= 5
    line.clock.now += 50_000
    line.playground.newsroom.publish("harbour-post", "A seventh bridge to be painted blue")
    await line.poll()
    assert counted.noted >= 5 * keys_of_one


@dataclass
class Polls:
    """Three polls under way, each of which ends when it is answered."""

    poller: Poller
    counted: Counted
    urls: list[str]
    answers: dict[str, asyncio.Future[FetchOutcome]]

    async def answered(self, number: int, *, news: bool) -> None:
        """One of them ends, and so does whatever follows from that at once."""
        url, at_work = self.urls[number], self.poller.at_work
        entry = b"<item><guid>a</guid><title>Old bridge to be painted green</title></item>"
        body = b'<rss version="2.0"><channel><title>Bridges</title>' + entry + b"</channel></rss>"
        quiet = NotModified(url, None, None, None, None)
        found = Fetched(url, body, None, None, None, None, None) if news else quiet
        self.answers[url].set_result(found)
        while self.poller.at_work == at_work:
            await asyncio.sleep(0)
        for _ in range(20):
            await asyncio.sleep(0)


async def _three_polls(line: Line, *, news_breath: float = 0.0) -> Polls:
    await line.storage.feeds.remove((await line.feed()).id)
    urls = [f"https://{name}.example/" for name in ("quiet", "newsy", "last")]
    await line.storage.feeds.add([NewFeed(url, "", line.clock()) for url in urls], line.clock())
    loop = asyncio.get_running_loop()
    answers: dict[str, asyncio.Future[FetchOutcome]] = {url: loop.create_future() for url in urls}

    async def fetch(url: str, **_: str | None) -> FetchOutcome:
        return await answers[url]

    counted = Counted(line.storage.feeds._database)
    poller = dataclasses.replace(line.poller, feeds=counted, fetch=fetch, breath=3600.0)
    poller.news_breath = news_breath
    return Polls(poller, counted, urls, answers)


async def test_a_poll_without_news_waits_for_others_that_end_and_news_hardly(line: Line) -> None:
    polls = await _three_polls(line)
    step = asyncio.create_task(polls.poller.step())
    while polls.poller.at_work < 3:
        await asyncio.sleep(0)
    await polls.answered(0, news=False)
    assert not step.done()
    await polls.answered(1, news=True)
    await step
    step = asyncio.create_task(polls.poller.step())
    while polls.poller.under_way > 1:
        await asyncio.sleep(0)
    polls.poller.breath = 0.0
    await polls.answered(2, news=False)
    await step
    await polls.poller.step()
    assert polls.counted.times == 2
    assert len(await line.storage.stories.unplaced(9)) == 1


@pytest.mark.parametrize("last_has_news", [False, True])
async def test_news_are_stored_with_others_that_end_and_wait_for_none_where_no_poll_is_under_way(
    line: Line, last_has_news: bool
) -> None:
    polls = await _three_polls(line, news_breath=3600.0)
    step = asyncio.create_task(polls.poller.step())
    while polls.poller.at_work < 3:
        await asyncio.sleep(0)
    for number in (0, 1):
        await polls.answered(number, news=True)
        assert not step.done()
    await polls.answered(2, news=last_has_news)
    await step
    polls.poller.breath = 0.0
    step = asyncio.create_task(polls.poller.step())
    while not polls.counted.times:
        await asyncio.sleep(0)
    line.ring()
    await step
    assert polls.counted.times == 1
    assert len(await line.storage.stories.unplaced(9)) == 2 + last_has_news


async def test_a_costly_feed_of_two_chats_does_not_wait_for_the_one_whose_costly_feeds_are_read(
    line: Line,
) -> None:
    """hostile: Ada's feeds are costly and slow, and she typed Ben's too."""
    await line.storage.feeds.remove((await line.feed()).id)
    asked: list[str] = []
    never: asyncio.Future[FetchOutcome] = asyncio.get_running_loop().create_future()

    async def fetch(url: str, **_: str | None) -> FetchOutcome:
        asked.append(host_key(url))
        return await asyncio.shield(never)

    poller = dataclasses.replace(line.poller, fetch=fetch)
    now = line.clock()
    for chat_id, name, due in (
        *((ADA, "dear", 0.0), (ADA, "dearer", 0.0), (BEN, "cheap", 5.0)),
        *((ADA, "both", 10.0), (BEN, "both", 10.0)),
    ):
        await line.storage.chats.meet(chat(chat_id))
        new = NewFeed(f"https://{name}.example/", "", now + due)
        feed = await line.storage.feeds.bring(chat_id, 0, new, now)
        assert feed
        if name != "cheap":
            poller._slots.cost(feed.id, 9.0, now)
    for _ in range(3):
        line.ring()
        await poller.step()
        await asyncio.sleep(0)
        line.clock.now += 5.0
    await poller.end()
    assert sorted(asked[:2]) == ["dear.example", "dearer.example"]
    assert asked[2:] == ["cheap.example", "both.example"]


async def test_where_polls_end_within_a_tick_it_is_not_asked_again_what_is_due(line: Line) -> None:
    polls = await _three_polls(line)
    poller, counted = polls.poller, polls.counted
    poller.desk = stored = line.stop.wakeup()
    step = asyncio.create_task(poller.step())
    while poller.at_work < 3:
        await asyncio.sleep(0)
    await polls.answered(0, news=True)
    await step
    looks = counted.looks
    step = asyncio.create_task(poller.step())
    while not stored.rung:
        await asyncio.sleep(0)
    poller.look_again()
    await step
    assert (counted.times, counted.looks) == (1, looks)
    step = asyncio.create_task(poller.step())
    while counted.looks == looks:
        await asyncio.sleep(0)
    poller.look_again()
    await step
    await poller.end()


@pytest.mark.parametrize("many", [AT_ONCE - 1, AT_ONCE])
async def test_polls_without_news_wait_for_others_as_long_as_a_slot_is_free(
    line: Line, many: int
) -> None:
    await line.storage.feeds.remove((await line.feed()).id)
    new = [NewFeed(f"https://quiet{n}.example/", "", line.clock()) for n in range(many)]
    await line.storage.feeds.add(new, line.clock())
    answer: asyncio.Future[FetchOutcome] = asyncio.get_running_loop().create_future()
    poller = dataclasses.replace(line.poller, fetch=lambda *_, **__: answer, breath=3600.0)
    step = asyncio.create_task(poller.step())
    while poller.at_work < many:
        await asyncio.sleep(0)
    answer.set_result(NotModified(new[0].url, None, None, None, None))
    while poller.at_work:
        await asyncio.sleep(0)
    for _ in range(20):
        await asyncio.sleep(0)
    assert step.done() == (many == AT_ONCE)
    line.ring()
    await step
    await poller.end()


async def test_feeds_of_a_busy_host_keep_nobody_else_waiting(line: Line) -> None:
    now = line.clock()
    crowd = [NewFeed(f"https://r{n}.reddit.com/.rss", "", now - 100) for n in range(100)]
    await line.storage.feeds.add(crowd, now)
    asked: list[str] = []

    async def fetch(url: str, **conditions: str | None) -> FetchOutcome:
        asked.append(url)
        return Failed(quoted("nobody is there"))

    line.poller.fetch = fetch
    await line.poll()
    feeds = {host_key(url) for url in asked}
    assert len(asked) == 2
    assert feeds == {"reddit.com", "127.0.0.1"}
    line.clock.now += 60
    await line.poll()
    assert len([url for url in asked if "reddit" in url]) == 2


@pytest.mark.slow
async def test_a_poll_under_way_when_a_platform_asks_for_a_pause_ends_none_for_the_next_process(
    line: Line,
) -> None:
    now, gate = line.clock(), asyncio.Event()
    told, slow = (f"https://{name}.substack.com/feed" for name in ("told", "slow"))
    for url, at in ((slow, now), (told, now + 3)):
        await line.storage.feeds.add([NewFeed(url, "", at)], now)
        await line.storage.feeds.poll_at((await _at(line, url)).id, at)
    asked = []

    async def fetch(url: str, **conditions: str | None) -> FetchOutcome:
        asked.append(url)
        if url == told and not gate.is_set():
            return TryLater(3600.0, quoted("429 Too Many Requests"))
        await gate.wait()
        return NotModified(url, None, None, None, None)

    line.poller.fetch = fetch
    await line.poller.step()
    line.clock.now += 3
    line.ring()
    await line.poller.step()
    while (await _at(line, told)).error is None:
        line.ring()
        await line.poller.step()
    gate.set()
    await line.poll()
    paused_at = line.clock.now
    assert (await _at(line, slow)).answered_at == paused_at
    line.poller = dataclasses.replace(line.poller, politeness=Politeness())  # the next process
    await line.storage.feeds.begin(line.clock.now, 60.0)
    asked.clear()
    for seconds in range(0, 3600, 300):
        line.clock.now = paused_at + seconds
        await line.poll()
    assert [url for url in asked if "substack" in url] == []
    line.clock.now = paused_at + 4000
    await line.poll()
    assert "substack" in asked[-1]


async def _at(line: Line, url: str) -> Feed:
    found = await line.storage.feeds.at(url)
    assert found
    return found


async def test_a_feed_whose_words_cannot_be_stored_stops_no_other(line: Line) -> None:
    line.playground.newsroom.publish("harbour-post", "Old bridge to be painted green")
    url = line.playground.feeds["harbour-post"]
    await line.storage.feeds.add([NewFeed(f"{url}?again", "", line.clock())], line.clock())
    refuse(line.url, "INSERT", "reports", "NEW.feed_id = 1")
    await line.poll()
    refused, other = await line.storage.feeds.all()
    assert refused.error == because(Code.UNSTORABLE)
    assert refused.poll_at > line.clock()
    assert other.settled
    assert len(await line.storage.stories.unplaced(9)) == 1


@pytest.mark.slow
async def test_while_nothing_can_be_stored_no_host_is_asked_again_and_nothing_is_forgotten(
    line: Line,
) -> None:
    line.playground.newsroom.publish("harbour-post", "Old bridge to be painted green")
    await line.poller.step()
    with locked(line.url):
        with pytest.raises(StorageError):
            await line.poll()
        line.clock.now += 600
    await line.poller.step()
    assert line.visits() == {200: 1}
    assert [r.title for r in await line.storage.stories.unplaced(9)] == [
        "Old bridge to be painted green"
    ]


@pytest.mark.slow
async def test_while_this_machine_reaches_nobody_no_feed_fails_and_all_are_asked_within_minutes(
    line: Line,
) -> None:
    now = line.clock()
    crowd = [NewFeed(f"https://n{n}.example/feed", "", now - 100) for n in range(20)]
    await line.storage.feeds.add(crowd, now)
    online = line.poller.fetch

    async def fetch(url: str, **conditions: str | None) -> FetchOutcome:
        return Failed(because(Code.UNRESOLVED), unreached=True)

    line.poller.fetch = fetch
    for _ in range(120):
        await line.poll()
        line.clock.now += 300
    feeds = await line.storage.feeds.all()
    assert max(feed.failures for feed in feeds) <= 1
    assert max(feed.poll_at for feed in feeds) <= line.clock.now + 300
    assert await line.storage.feeds.failing(LONG_FAILURES, now - 86_400) == []
    line.poller.fetch = online
    await line.poll()
    assert line.visits()[200] == 1


async def test_one_host_that_cannot_be_reached_fails_as_it_ever_did(line: Line) -> None:
    await line.storage.feeds.add(
        [NewFeed(f"https://n.example/{n}", "", line.clock()) for n in range(5)], line.clock()
    )
    online = line.poller.fetch

    async def fetch(url: str, **conditions: str | None) -> FetchOutcome:
        if "n.example" not in url:
            return await online(url, **conditions)
        return Failed(because(Code.UNRESOLVED), unreached=True)

    line.poller.fetch = fetch
    for _ in range(30):
        await line.poll()
        line.clock.now += 3600
    assert sorted(feed.failures > 5 for feed in await line.storage.feeds.all()) == [
        False,
        *[True] * 5,
    ]


async def test_a_host_that_asks_for_patience_for_days_is_in_trouble(line: Line) -> None:
    await line.poll()
    line.playground.newsroom.outlets["harbour-post"].trouble = 429
    for _ in range(24):
        line.clock.now += 3600
        await line.poll()
    assert not is_long_in_trouble(await line.feed(), line.clock.now)
    line.clock.now += 3600
    feed = await line.feed()
    assert feed.failures == 0
    assert is_long_in_trouble(feed, line.clock.now)
    assert await line.storage.feeds.failing(LONG_FAILURES, line.clock.now - 86_400) == [feed]
    line.playground.newsroom.outlets["harbour-post"].trouble = None
    line.clock.now += 86_400
    await line.poll()
    assert not is_long_in_trouble(await line.feed(), line.clock.now)


async def test_a_clock_that_goes_back_stalls_no_feed(line: Line) -> None:
    line.clock.now += 10 * 365 * 86_400
    await line.poll()
    line.clock.now -= 10 * 365 * 86_400
    line.ring()  # nothing is due
    await line.poll()
    assert (await line.feed()).poll_at <= line.clock.now + 3960
    line.clock.now += 3960
    await line.poll()
    assert sum(line.visits().values()) == 2


async def test_failures_are_named_wait_longer_each_time_and_are_forgotten_on_success(
    line: Line,
) -> None:
    await line.poll()
    outlet = line.playground.newsroom.outlets["harbour-post"]
    before = await line.feed()
    outlet.trouble = 500
    waits = []
    for n in range(1, 5):
        line.clock.now = (await line.feed()).poll_at
        await line.poll()
        feed = await line.feed()
        waits.append(feed.poll_at - line.clock.now)
        assert feed.failures == n
        assert feed.error
        assert (feed.etag, feed.body_hash) == (before.etag, before.body_hash)
    assert all(later > 1.9 * sooner for sooner, later in pairwise(waits))
    outlet.trouble = None
    line.clock.now = (await line.feed()).poll_at
    await line.poll()
    feed = await line.feed()
    assert (feed.failures, feed.error) == (0, None)


async def test_a_feed_fails_since_its_first_failure_and_no_more_once_it_answers(
    line: Line,
) -> None:
    outlet = line.playground.newsroom.outlets["harbour-post"]
    outlet.trouble = 500
    began = line.clock.now
    for _ in range(3):
        await line.poll()
        assert (await line.feed()).failing_since == began
        line.clock.now = (await line.feed()).poll_at
    outlet.trouble = None
    await line.poll()
    assert (await line.feed()).failing_since is None


async def test_a_feed_that_failed_is_well_again_with_an_answer_without_news(line: Line) -> None:
    await line.poll()
    well = await line.feed()
    failed = replace(well, failures=2, failing_since=5.0, error=because(Code.UNREACHED), poll_at=0)
    await line.storage.feeds.record([PollRecord(failed)], line.clock.now)
    await line.poll()
    found = await line.feed()
    assert line.visits() == {200: 1, 304: 1}
    assert (found.failures, found.failing_since, found.error) == (0, None, None)


async def test_ids_that_change_are_noticed_once_and_for_good(line: Line) -> None:
    outlet = line.playground.newsroom.outlets["harbour-post"]
    polls = iter(range(100))

    def renamed(items: list[PublishedItem]) -> list[PublishedItem]:
        poll = next(polls)
        return [replace(item, id=f"{poll}-{item.id}") for item in items]

    outlet.twist = renamed
    for n in range(3):
        line.playground.newsroom.publish("harbour-post", f"Headline number {n}")
    for _ in range(3):
        await line.poll()
        line.clock.now += 3600
    outlet.twist = None
    line.playground.newsroom.publish("harbour-post", "News at last")
    await line.poll()
    reports = await line.storage.stories.unplaced(10)
    assert [r.title for r in reports if not r.quiet] == ["News at last"]
    assert len(reports) == 4
    assert (await line.feed()).policy == Policy(KnownBy.LINK, (because(Code.IDS_CHANGE),))


async def test_an_archive_is_stored_and_only_what_is_fresh_in_it_rings(line: Line) -> None:
    newsroom, now = line.playground.newsroom, line.clock()
    newsroom.publish("harbour-post", "The only item so far", published=now - 60)
    await line.poll()
    line.clock.now += 3600
    for n in range(25):
        newsroom.publish("harbour-post", f"Old headline {n}", published=now - (n + 5) * 86_400)
    newsroom.publish("harbour-post", "Something happened today", published=now + 1800)
    await line.poll()
    reports = await line.storage.stories.unplaced(50)
    assert len(reports) == 27
    assert [r.title for r in reports if not r.quiet] == ["Something happened today"]
    feed = await line.feed()
    assert (feed.hushed, feed.hushed_at) == (25, line.clock())


async def test_a_rewritten_headline_is_remembered_as_it_reads_now(line: Line) -> None:
    item = line.playground.newsroom.publish("harbour-post", "Ferry ruins aground")
    await line.poll()
    (marks,) = entry_keys_of([ParsedEntry(item.id, item.link, item.title, "", None)])
    key = marks.keys[0]
    line.playground.newsroom.publish(
        "harbour-post", "Ferry runs aground", id=item.id, link=item.link
    )
    before = await line.storage.feeds.recall(1, [key])
    line.clock.now += 3600
    await line.poll()
    after = await line.storage.feeds.recall(1, [key])
    assert before[key].title != after[key].title
    assert len(await line.storage.stories.unplaced(10)) == 1


async def test_a_feed_that_is_gone_is_not_asked_again(line: Line) -> None:
    outlet = line.playground.newsroom.outlets["harbour-post"]
    outlet.trouble = 410
    await line.poll()
    feed = await line.feed()
    assert not feed.suspended
    assert feed.error == because(Code.GONE_ONCE)
    assert feed.poll_at - line.clock.now >= 3600
    line.clock.now = feed.poll_at
    await line.poll()
    feed = await line.feed()
    assert feed.suspended
    assert feed.error == because(Code.GONE)
    line.clock.now += 1e6
    assert await line.storage.feeds.due(line.clock(), 10) == []


async def test_a_host_that_takes_back_that_a_feed_is_gone_is_asked_twice_again(line: Line) -> None:
    outlet = line.playground.newsroom.outlets["harbour-post"]
    for trouble in (410, 500, 410, None, 410):
        outlet.trouble = trouble
        line.clock.now = max(line.clock.now, (await line.feed()).poll_at)
        await line.poll()
    feed = await line.feed()
    assert not feed.suspended
    assert feed.gone_at == line.clock.now


async def test_what_a_clock_that_was_ahead_saw_first_is_counted_from_now(line: Line) -> None:
    line.playground.newsroom.outlets["harbour-post"].trouble = 410
    right = line.clock.now
    line.clock.now += 30 * 86_400
    await line.poll()
    line.clock.now = right
    await line.storage.feeds.bring_forward(right)
    since = []
    for _ in range(2):
        line.clock.now = max(line.clock.now, (await line.feed()).poll_at)
        await line.poll()
        since.append((await line.feed()).failing_since)
    assert (await line.feed()).suspended
    assert since[0] == since[1]
    assert since[0] is not None
    assert since[0] < line.clock.now


async def test_a_host_that_says_too_many_is_left_alone_for_a_while(line: Line) -> None:
    line.playground.newsroom.outlets["harbour-post"].trouble = 429
    await line.poll()
    feed = await line.feed()
    assert feed.poll_at - line.clock.now >= 900
    assert feed.failures == 0


def _parsed(item: PublishedItem) -> ParsedEntry:
    return ParsedEntry(item.id, item.link, item.title, "", None)


def _entry(title: str, entry_id: str | None = None) -> ParsedEntry:
    return ParsedEntry(entry_id, f"https://x.example/{title}", title, "", None)


def test_new_entries_come_oldest_first_and_ring_where_they_are_to() -> None:
    entries = [_entry(title) for title in ("c", "b", "a")]
    parsed = ParsedFeed("rss", "X", "en", tuple(entries))
    new = [(b"b", entries[1]), (b"a", entries[2])]
    reports = new_reports(parsed, new, {entries[1]})
    assert [(r.title, r.key, r.quiet) for r in reports] == [("a", b"a", True), ("b", b"b", False)]


def test_a_link_that_several_entries_share_stands_for_none_of_them() -> None:
    entries = tuple(
        ParsedEntry(str(n), f"https://x.example/status#{n}", f"Notice {n}", "", None)
        for n in range(3)
    )
    alone = ParsedEntry("9", "https://x.example/own", "Own page", "", None)
    parsed = ParsedFeed("rss", "X", None, (*entries, alone))
    reports = new_reports(parsed, [(b"", entry) for entry in parsed.entries], parsed.entries)
    assert [r.canonical for r in reports if r.title == "Own page"] == ["https://x.example/own"]
    assert [r.canonical for r in reports if r.title != "Own page"] == [None] * 3
    assert all(r.link for r in reports)


def test_a_link_that_cannot_be_shown_is_left_out_and_the_entry_stays() -> None:
    entry = ParsedEntry("1", "javascript:alert(1)", "Title", "", None)
    (report,) = new_reports(ParsedFeed("rss", "X", None, (entry,)), [(b"1", entry)], [entry])
    assert (report.link, report.canonical) == (None, None)
