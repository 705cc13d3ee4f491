"""What the storage promises, on a real database of each engine."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from bot.news.chat import ChatState, FirstStep, Habits, Subscription, Topic
from bot.news.feed import NewFeed, PollRecord
from bot.news.outbox import DeliveryState, EditRecord, Placement, Ring, Settlement, Telling, Unsure
from bot.news.polling.entry_keys import Trace
from bot.news.polling.identity import KnownBy, Policy
from bot.news.why import Code, because, quoted
from storage.errors import StorageError
from storage.storage import Storage
from tests.storage.samples import add_feed, chat, key, placed, report, ring, sql, store, traces_of

# --- transactions ------------------------------------------------------------------------------


async def test_transactions_of_many_tasks_do_not_mix(storage: Storage) -> None:
    await storage.chats.meet(chat(1))

    async def follow(n: int) -> None:
        await storage.chats.put_topic(Topic(0, 1, 0, f"t{n}", f"word{n}", 0.0), f"t{n}", 1.0)

    async def fail(n: int) -> None:
        with pytest.raises(StorageError):
            await storage.chats.subscribe(Subscription(999, 0, None), 1.0)

    await asyncio.gather(*(step(n) for n in range(40) for step in (follow, fail)))
    assert len(await storage.chats.topics(1)) == 40


async def test_a_cancelled_task_leaves_no_open_transaction(storage: Storage) -> None:
    for n in range(20):
        task = asyncio.create_task(storage.chats.meet(chat(n + 1)))
        for _ in range(n % 7):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await storage.chats.meet(chat(500))
    assert await storage.chats.get(500)


# --- feeds -------------------------------------------------------------------------------------


async def test_a_feed_is_added_once_and_due_when_its_time_has_come(storage: Storage) -> None:
    feed = await add_feed(storage)
    assert await storage.feeds.add([NewFeed(feed.url, "Other", 5.0)], 1_000.0) == []
    assert await storage.feeds.due(999.0, 10) == []
    assert await storage.feeds.due(1_000.0, 10) == [feed]
    assert await storage.feeds.next_poll_at() == 1_000.0
    await storage.feeds.remove(feed.id)
    assert await storage.feeds.all() == []
    assert await storage.feeds.next_poll_at() is None


async def test_overdue_feeds_are_spread_and_others_keep_their_time(storage: Storage) -> None:
    await storage.feeds.add([NewFeed(f"https://x.example/{n}", "", 50.0) for n in range(50)], 1.0)
    await storage.feeds.add([NewFeed("https://x.example/later", "", 1_060.0)], 1.0)
    await storage.feeds.begin(1_000.0, 59.0)
    times = sorted(feed.poll_at for feed in await storage.feeds.all())
    assert times[-1] == 1_060.0
    assert 1_000.0 <= times[0] < times[-2] <= 1_059.0
    assert len(set(times)) > 30


@pytest.mark.parametrize(
    ("state", "longest", "again"),
    [
        ({"interval": 600.0}, 660, 600 * 0.617),
        ({"interval": 5.0}, 60, 5 * 0.617),
        ({"interval": 0.0}, 60, 60 * 0.617),
        ({"failures": 3, "error": quoted("no answer")}, 6 * 3600, 6 * 3600),
        ({"error": because(Code.ODD_STATUS, 429)}, 26.4 * 3600, 26.4 * 3600),
    ],
)
@pytest.mark.parametrize("when", ["start", "later"])
async def test_what_a_clock_that_was_ahead_put_off_is_brought_forward(
    storage: Storage, state: dict[str, Any], longest: float, again: float, when: str
) -> None:
    feed = await add_feed(storage)
    for ahead, found in ((longest - 1, longest - 1), (9e7, again)):
        put_off = replace(feed, poll_at=1_000.0 + ahead, **state)
        await storage.feeds.record([PollRecord(put_off)], 1_000.0)
        if when == "start":
            await storage.feeds.begin(1_000.0, 0.0)
        else:
            await storage.feeds.bring_forward(1_000.0)
        assert await storage.feeds.next_poll_at() == pytest.approx(1_000.0 + found)


async def test_hosts_are_counted_at_the_start_as_this_version_counts_them(
    storage: Storage,
) -> None:
    await storage.feeds.add([NewFeed("https://old.reddit.com/.rss", "", 50.0)], 1.0)
    await sql(storage, "UPDATE feeds SET host = '' RETURNING id")
    assert len(await storage.feeds.due(60.0, 5, ["reddit.com"])) == 1
    await storage.feeds.begin(1_000.0, 0.0)
    assert await storage.feeds.due(2_000.0, 5, ["reddit.com"]) == []


async def test_what_one_address_answered_is_not_kept_for_another(storage: Storage) -> None:
    feed = await add_feed(storage)
    await storage.feeds.move(feed.id, "https://elsewhere.example/feed", 1_000.0)
    await storage.feeds.record([PollRecord(replace(feed, etag='"old"', settled=True))], 1_000.0)
    (moved,) = await storage.feeds.all()
    assert (moved.etag, moved.settled) == (None, False)


async def test_a_pause_of_a_platform_outlives_the_process(storage: Storage) -> None:
    names = [f"https://reddit.com/r/{n}/.rss" for n in range(3)] + ["https://x.example/feed"]
    feeds = await storage.feeds.add([NewFeed(name, "", 1.0) for name in names], 1.0)
    await storage.feeds.record([PollRecord(feeds[0], host_rests_until=5_000.0)], 1_000.0)
    assert [feed.url for feed in await storage.feeds.due(4_999.0, 9)] == ["https://x.example/feed"]
    assert len(await storage.feeds.due(5_000.0, 9)) == 4


async def test_a_poll_is_stored_whole_and_what_was_seen_stays_seen(storage: Storage) -> None:
    feed = await store(storage, report(1), report(2))
    keys = [report(n).key for n in (1, 2, 3)]
    assert (await storage.feeds.recall(feed.id, keys)).keys() == set(keys[:2])
    (stored,) = await storage.feeds.all()
    assert stored.settled
    assert [r.title for r in await storage.stories.unplaced(10)] == [
        "Headline number 1",
        "Headline number 2",
    ]


async def test_what_is_remembered_of_entries_and_of_their_feed_comes_back_as_it_was(
    storage: Storage,
) -> None:
    feed = await add_feed(storage)
    changed = replace(
        feed,
        policy=Policy(KnownBy.LINK, (because(Code.IDS_CHANGE),)),
        failing_since=5.0,
        newest_at=6.0,
        usual=1.5,
        hushed=7,
        hushed_at=8.0,
    )
    traces = {
        key("a"): Trace(b"ttl", b"sum", 1.0),
        key("b"): Trace(b"ttl", b"sum", None, spare=True),
        key("page"): Trace(b"", b"", None),
        key("of before"[:8]): Trace(None, None, None, reading=0),
    }
    await storage.feeds.record([PollRecord(changed, traces)], 10.0)
    assert await storage.feeds.all() == [changed]
    assert await storage.feeds.recall(feed.id, [*traces, key("c")]) == traces
    read_anew = {key("a"): Trace(b"new", b"sum", 2.0, spare=True)}
    await storage.feeds.record([PollRecord(changed, read_anew)], 11.0)
    assert await storage.feeds.recall(feed.id, traces) == traces | read_anew
    await storage.feeds.remove(feed.id)
    assert await storage.feeds.recall(feed.id, traces) == {}


async def test_an_entry_is_remembered_by_its_key_longer_than_by_spare_ones(
    storage: Storage,
) -> None:
    feed = await add_feed(storage)
    own, spare = Trace(b"ttl", b"sum", None), Trace(b"ttl", b"sum", None, spare=True)
    old = {key("key"): own, key("spare"): spare}
    await storage.feeds.record([PollRecord(feed, old)], 1_000.0)
    await storage.feeds.record([PollRecord(feed, {key("shown"): spare})], 900_000.0)
    await storage.prune(stories_before=1e6, records_before=500.0)
    known = await storage.feeds.recall(feed.id, [*old, key("shown")])
    assert known.keys() == {key("key"), key("shown")}


async def test_others_write_while_what_is_old_is_deleted(storage: Storage) -> None:
    many = 3_000
    shown = {key("shown"): Trace(b"ttl", b"sum", None)}
    feed = await add_feed(storage)
    old = {key(f"{n:08}"): Trace(b"ttl", b"sum", None) for n in range(many)}
    await storage.feeds.record([PollRecord(feed, old)], 1_000.0)
    await storage.feeds.record([PollRecord(feed, shown)], 900_000.0)
    pruning = asyncio.create_task(storage.prune(stories_before=1e6, records_before=1e6))
    turns = 0
    while not pruning.done():
        await storage.renew_lease(900_000.0)
        turns += 1
    await pruning
    assert turns > many / 500
    kept = await storage.feeds.recall(feed.id, [*list(old)[:500], *shown])
    assert kept == shown


async def test_a_feed_removed_while_it_is_polled_brings_nothing(storage: Storage) -> None:
    feed = await add_feed(storage)
    await storage.feeds.remove(feed.id)
    record = PollRecord(feed, traces_of([report(1)]), (report(1),))
    assert (await storage.feeds.record([record], 2.0)).reports == 0
    assert await storage.stories.unplaced(10) == []


# --- stories -----------------------------------------------------------------------------------


async def test_stories_run_newest_first_by_when_the_news_came_out(storage: Storage) -> None:
    await store(
        storage,
        report(1, published_at=2_500.0),
        report(2, published_at=1_500.0),
        report(3, published_at=None),
        report(4, published_at=99_999.0),
        report(5, published_at=-5.0),
    )
    await storage.stories.place([placed(n) for n in range(1, 6)], 3_000.0)
    rows = await storage.stories.newest(None, 10)
    assert [row.story.id for row in rows] == [4, 3, 1, 2, 5]
    assert rows[0].story.at == 3_000.0
    page = await storage.stories.newest(rows[1].sort_key, 2)
    assert [row.story.id for row in page] == [1, 2]
    newer = await storage.stories.newer_than(rows[3].sort_key, 2, None)
    assert [row.story.id for row in newer] == [1, 3]


async def test_stories_are_found_by_any_of_their_keys(storage: Storage) -> None:
    await store(storage, report(1), report(2), report(3))
    keys = {1: "ferri storm", 2: "выбор storm", 3: "地 震"}
    await storage.stories.place([Placement(n, n, keys[n], ()) for n in keys], 3_000.0)
    found = storage.stories.with_keys
    assert [r.story.id for r in await found({"storm"}, None, 10, 0.0)] == [2, 1]
    assert [r.story.id for r in await found({"выбор", "地"}, None, 10, 0.0)] == [3, 2]
    assert [r.story.id for r in await found({"storm"}, None, 10, 2_002.0)] == [2]
    assert await found({"absent"}, None, 10, 0.0) == []
    newer = await storage.stories.newer_than(0, 10, {"storm"})
    assert [r.story.id for r in newer] == [1, 2]


async def test_a_report_that_joins_a_story_is_counted_and_the_window_is_rebuilt_in_order(
    storage: Storage,
) -> None:
    await store(storage, report(1), report(2))
    await storage.stories.place([placed(1), placed(2, 1)], 3_000.0)
    (row,) = await storage.stories.newest(None, 10)
    assert row.story.reports == 2
    window = await storage.window.held(0.0, None, 9)
    assert [(held.number, held.story) for held in window] == [(2, 1), (1, 1)]
    assert await storage.window.held(0.0, None, 1) == window[:1]
    assert await storage.window.held(0.0, window[0], 9) == window[1:]
    assert await storage.window.held(0.0, None, 9, only_guests=True) == []
    assert await storage.window.held(window[0].at + 1, None, 9) == []
    assert await storage.window.last_placing() == 2
    assert [
        (p.sighting.canonical, p.story, p.number) for p in await storage.window.placed([2, 1])
    ] == [
        ("https://news.example/1", 1, 1),
        ("https://news.example/2", 1, 2),
    ]


async def test_a_chat_is_told_of_a_story_once_a_thread(storage: Storage) -> None:
    await storage.chats.meet(chat(1))
    await store(storage, report(1), report(2))
    assert await storage.stories.place([placed(1, None, ring(1), ring(1, 7))], 3_000.0) == 2
    assert await storage.stories.place([placed(2, 1, ring(1), ring(2))], 3_000.0) == 0
    assert (await storage.stats()).deliveries == {"pending": 2}


async def test_what_a_chat_searched_for_is_kept_for_it_alone_under_one_number(
    storage: Storage,
) -> None:
    stories = storage.stories
    for chat_id in (1, 2):
        await storage.chats.meet(chat(chat_id))
    first = await stories.keep_search(1, "flood", 1.0)
    assert await stories.keep_search(1, "flood", 2.0) == first
    assert await stories.search_words(1, first) == "flood"
    assert await stories.search_words(1, first + 1) is None
    assert await stories.search_words(2, first) is None
    other = await stories.keep_search(2, "flood", 3.0)
    assert other != first
    await storage.chats.forget(1)
    assert await stories.search_words(1, first) is None
    assert await stories.search_words(2, other) == "flood"


@pytest.mark.slow
async def test_a_chat_keeps_only_its_newest_searches_and_makes_no_other_lose_one(
    storage: Storage,
) -> None:
    for chat_id in (1, 2):
        await storage.chats.meet(chat(chat_id))
    theirs = await storage.stories.keep_search(2, "flood", 1.0)
    kept = [await storage.stories.keep_search(1, f"flood {n}", 2.0) for n in range(510)]
    words = [await storage.stories.search_words(1, number) for number in kept]
    assert words == [None] * 10 + [f"flood {n}" for n in range(10, 510)]
    assert await storage.stories.search_words(2, theirs) == "flood"


@pytest.mark.slow
async def test_what_a_chat_searches_for_again_is_among_its_newest_searches(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(1))
    stories = storage.stories
    kept = [await stories.keep_search(1, f"flood {n}", float(n)) for n in range(499)]
    assert await stories.keep_search(1, "flood 0", 600.0) == kept[0]
    for n in range(3):
        await stories.keep_search(1, f"storm {n}", 601.0)
    assert await stories.search_words(1, kept[0]) == "flood 0"
    assert await stories.search_words(1, kept[1]) is None


async def test_pruning_keeps_what_is_still_to_be_sent_and_what_feeds_still_show(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(1))
    feed = await store(storage, report(1), report(2), now=3_000.0)
    await storage.stories.place([placed(1), placed(2, None, ring(1))], 3_000.0)
    assert await storage.prune(1e9, 1e9) == 1
    assert [row.story.id for row in await storage.stories.newest(None, 5)] == [2]
    assert await storage.stories.with_keys({"absent"}, None, 5, 0) == []
    assert await storage.feeds.recall(feed.id, [report(1).key])


# --- chats -------------------------------------------------------------------------------------


async def test_the_audience_changes_its_version_with_every_wish(storage: Storage) -> None:
    await storage.chats.meet(chat(1))
    versions = [await storage.chats.audience_version()]

    async def note() -> None:
        versions.append(await storage.chats.audience_version())

    assert await storage.chats.subscribe(Subscription(1, 0, None), 1.0)
    await note()
    assert not await storage.chats.subscribe(Subscription(1, 0, None), 1.0)
    topic = await storage.chats.put_topic(Topic(0, 1, 0, "Sea", "ferry", 0.0), "sea", 1.0)
    await note()
    await storage.chats.mute_topic(topic.id, 99.0)
    await note()
    audience = await storage.chats.audience()
    assert [t.muted_until for t in audience.topics] == [99.0]
    await storage.chats.set_state(1, ChatState.STOPPED, None, 2.0)
    await note()
    assert (await storage.chats.audience()).topics == ()
    await storage.chats.forget(1)
    await note()
    assert len(set(versions)) == len(versions)


async def test_a_topic_of_the_same_name_is_replaced(storage: Storage) -> None:
    await storage.chats.meet(chat(1))
    await storage.chats.put_topic(Topic(0, 1, 0, "Sea", "ferry", 0.0), "sea", 1.0)
    await storage.chats.put_topic(Topic(0, 1, 4, "SEA", "boat", 0.0), "sea", 2.0)
    (topic,) = await storage.chats.topics(1)
    assert (topic.name, topic.query, topic.thread_id) == ("SEA", "boat", 4)


@pytest.mark.parametrize("new_is_known", [False, True])
async def test_a_migrated_group_keeps_its_wishes_and_its_queue(
    storage: Storage, new_is_known: bool
) -> None:
    await storage.chats.meet(chat(-5, "group"))
    await storage.chats.subscribe(Subscription(-5, 0, None), 1.0)
    await storage.chats.put_topic(Topic(0, -5, 0, "Sea", "ferry", 0.0), "sea", 1.0)
    await store(storage, report(1))
    await storage.stories.place([placed(1, None, ring(-5))], 3_000.0)
    if new_is_known:
        await storage.chats.meet(chat(-1005, "supergroup"))
        await storage.chats.subscribe(Subscription(-1005, 0, None), 1.0)
    await storage.chats.migrate(-5, -1005, 4_000.0)
    await storage.chats.migrate(-5, -1005, 4_000.0)
    assert await storage.chats.get(-5) is None
    assert len(await storage.chats.subscriptions(-1005)) == 1
    assert [t.name for t in await storage.chats.topics(-1005)] == ["Sea"]
    assert [d.chat_id for d in await storage.outbox.due(5_000.0, [], 10)] == [-1005]


async def test_forgetting_a_chat_leaves_no_row_of_it(storage: Storage) -> None:
    await storage.chats.meet(chat(42))
    await storage.chats.subscribe(Subscription(42, 0, None), 1.0)
    topic = await storage.chats.put_topic(Topic(0, 42, 0, "Sea", "ferry", 0.0), "sea", 1.0)
    await store(storage, report(1))
    wanted = Ring(42, 0, ((topic.id, ("ferry",)),))
    await storage.stories.place([placed(1, None, wanted)], 3_000.0)
    await storage.chats.forget(42)
    for table in ("chats", "subscriptions", "topics", "matches", "deliveries"):
        assert await sql(storage, f"SELECT count(*) AS n FROM {table}") == [(0,)], table


# --- outbox ------------------------------------------------------------------------------------


async def _queue(storage: Storage, *chats: int, stories: int = 1) -> None:
    for chat_id in chats:
        await storage.chats.meet(chat(chat_id))
    await store(storage, *[report(n) for n in range(1, stories + 1)])
    rings = [ring(chat_id) for chat_id in chats]
    await storage.stories.place([placed(n, None, *rings) for n in range(1, stories + 1)], 3_000.0)


def _settled(delivery_id: int, state: DeliveryState, **more: object) -> Settlement:
    made = Settlement(delivery_id, 1, state, 3_100.0)
    return replace(made, **more)


async def test_each_chat_gives_its_oldest_delivery_and_none_while_one_is_under_way(
    storage: Storage,
) -> None:
    await _queue(storage, 1, 2, stories=3)
    due = await storage.outbox.due(3_000.0, [], 10)
    assert [(d.delivery_id, d.chat_id) for d in due] == [(1, 1), (2, 2)]
    assert await storage.outbox.due(3_000.0, [1, 2], 10) == []
    (claimed,) = await storage.outbox.claim([1], 3_000.0, 60.0)
    assert claimed.title == "Headline number 1"
    assert claimed.attempts == 1
    assert [d.chat_id for d in await storage.outbox.due(3_000.0, [], 10)] == [2]
    assert await storage.outbox.claim([1], 3_000.0, 60.0) == []
    await storage.outbox.settle([_settled(1, DeliveryState.SENT, message_id=9)], True)
    assert {d.delivery_id for d in await storage.outbox.due(3_000.0, [], 10)} == {2, 3}


async def test_who_asks_on_what_is_due_comes_round_to_all_chats(storage: Storage) -> None:
    chats = [5, -7, 9, 2**52, -1_001_234_567_890]
    await _queue(storage, *chats, stories=2)
    await storage.chats.meet(chat(3))
    await store(storage, report(9))
    await storage.stories.place([placed(3, None, ring(3))], 3_000.0)
    seen, last, most = list[int](), 0, 4
    for _ in range(3):
        due = await storage.outbox.due(3_000.0, [9], most, after=last)
        assert len(due) == most
        assert len({each.chat_id for each in due}) == most
        seen += [each.chat_id for each in due]
        last = due[-1].chat_id
    assert seen == 2 * [3, 5, 2**52, -1_001_234_567_890, -7] + [3, 5]
    everybody = await storage.outbox.due(3_000.0, [], 99, after=last)
    assert {each.chat_id for each in everybody} == {3, *chats}
    # Two stories wait for each: the first is told, also where it does not come first of all.
    assert {each.delivery_id for each in everybody} == {*range(1, 6), 11}


async def test_what_is_to_wait_waits_and_holds_only_its_own_chat(storage: Storage) -> None:
    await _queue(storage, 1, 2)
    await storage.outbox.claim([1], 3_000.0, 60.0)
    held = _settled(1, DeliveryState.PENDING, hold_until=3_200.0)
    await storage.outbox.settle([held], True)
    assert [d.chat_id for d in await storage.outbox.due(3_199.0, [], 10)] == [2]
    assert await storage.outbox.next_due_at(3_100.0) == 3_200.0
    assert [d.chat_id for d in await storage.outbox.due(3_200.0, [], 10)] == [1, 2]


@pytest.mark.parametrize(("resend", "states"), [(True, ["pending", "held"]), (False, ["unknown"])])
async def test_an_unknown_outcome_goes_back_once_at_most(
    storage: Storage, resend: bool, states: list[str]
) -> None:
    await _queue(storage, 1)
    for state in states:
        await storage.outbox.claim([1], 3_000.0, 60.0)
        await storage.outbox.settle(
            [_settled(1, DeliveryState.UNKNOWN, error=quoted("lost"))], resend
        )
        assert (await storage.stats()).deliveries == {state: 1}


async def test_what_a_dead_process_left_is_recovered_as_unknown(storage: Storage) -> None:
    await _queue(storage, 1, 2)
    await storage.outbox.claim([1, 2], 3_000.0, 60.0)
    assert (await storage.outbox.recover(True, 3_500.0)).resent == 2
    await storage.outbox.claim([1], 3_600.0, 60.0)
    recovered = await storage.outbox.recover(True, 3_700.0)
    assert recovered == Unsure(gathered=1)
    await storage.outbox.claim([2], 3_600.0, 60.0)
    assert await storage.outbox.recover(False, 3_800.0) == Unsure(given_up=1)


async def test_a_claim_that_ran_out_is_given_back_and_others_are_left(storage: Storage) -> None:
    await _queue(storage, 1, 2)
    await storage.outbox.claim([1], 3_000.0, 60.0)
    await storage.outbox.claim([2], 3_000.0, 600.0)
    assert (await storage.outbox.reclaim(True, 3_050.0, [])).resent == 0
    assert (await storage.outbox.reclaim(True, 3_100.0, [1])).resent == 0
    assert (await storage.outbox.reclaim(True, 3_100.0, [])).resent == 1
    assert [d.delivery_id for d in await storage.outbox.due(3_100.0, [], 10)] == [1]


async def test_a_blocked_chat_loses_its_queue_and_a_stopped_one_gets_nothing_new(
    storage: Storage,
) -> None:
    await _queue(storage, 1, stories=3)
    await storage.outbox.claim([1], 3_000.0, 60.0)
    blocked = _settled(
        1, DeliveryState.DEAD, error=quoted("blocked"), block_reason=quoted("blocked by the user")
    )
    await storage.outbox.settle([blocked], True)
    assert (await storage.stats()).deliveries == {"dead": 3}
    stored = await storage.chats.get(1)
    assert stored is not None
    assert (stored.state, stored.reason) == (ChatState.BLOCKED, quoted("blocked by the user"))
    await store(storage, report(9))
    assert await storage.stories.place([placed(4, None, ring(1))], 4_000.0) == 0


async def test_a_delivery_of_a_gone_thread_moves_to_the_main_one_or_ends(storage: Storage) -> None:
    await storage.chats.meet(chat(1))
    await store(storage, report(1), report(2))
    await storage.stories.place(
        [placed(1, None, ring(1, 7)), placed(2, None, ring(1, 7), ring(1))], 3_000.0
    )
    for delivery_id in (1, 2):
        await storage.outbox.claim([delivery_id], 3_000.0, 60.0)
        gone = _settled(delivery_id, DeliveryState.PENDING, to_main_thread=True)
        await storage.outbox.settle([gone], True)
    assert (await storage.stats()).deliveries == {"pending": 2, "dead": 1}
    claimed = await storage.outbox.claim([1, 3], 3_000.0, 60.0)
    assert [(d.title[-1], d.thread_id) for d in claimed] == [("1", 0), ("2", 0)]


@pytest.mark.parametrize("stands", ["waiting", "dead", "failed"])
async def test_a_story_of_a_gone_thread_is_told_in_the_main_one_that_was_not_told_of_it(
    storage: Storage, stands: str
) -> None:
    await storage.chats.meet(chat(1))
    await store(storage, report(1))
    waits = Telling(DeliveryState.WAITING, sources=3)
    in_main = Ring(1, 0, (), subscribed=True, telling=waits)
    await storage.stories.place([placed(1, None, ring(1, 7), in_main)], 3_000.0)
    if stands != "waiting":
        await sql(
            storage,
            f"UPDATE deliveries SET state = '{stands}', settled_at = 3000 WHERE thread_id = 0",
        )
    await storage.outbox.claim([1], 3_000.0, 60.0)
    gone = _settled(1, DeliveryState.PENDING, to_main_thread=True, for_good=True)
    await storage.outbox.settle([gone], True)
    assert (await storage.stats()).deliveries == {"pending": 1, "dead": 1}
    (due,) = await storage.outbox.due(3_000.0, [], 9)
    (told,) = await storage.outbox.claim([due.delivery_id], 3_000.0, 60.0)
    assert (told.id, told.thread_id, told.title[-1]) == (2, 0, "1")
    # More sources change nothing any more, nor does the end of waiting for them.
    await storage.digests.give_up_waiting(9_000.0, 9_000.0)
    assert await storage.digests.ripe(None, 9_000.0) == []
    assert (await storage.stats()).deliveries == {"sending": 1, "dead": 1}


async def test_a_gone_thread_of_a_chat_that_stopped_meanwhile_tells_the_main_one_nothing(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(1))
    await store(storage, report(1))
    await storage.stories.place([placed(1, None, ring(1, 7), ring(1))], 3_000.0)
    await storage.outbox.claim([1], 3_000.0, 60.0)
    await storage.chats.set_state(1, ChatState.STOPPED, None, 3_000.0)
    gone = _settled(1, DeliveryState.PENDING, to_main_thread=True, for_good=True)
    await storage.outbox.settle([gone], True)
    assert (await storage.stats()).deliveries == {"dead": 2}


async def test_what_follows_into_a_deleted_thread_goes_to_the_main_one_from_then_on(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(1))
    await storage.chats.subscribe(Subscription(1, 7, None), 1_000.0)
    await storage.chats.subscribe(Subscription(1, 8, None), 1_000.0)
    await store(storage, report(1))
    await storage.stories.place([placed(1, None, ring(1, 7))], 3_000.0)
    await storage.outbox.claim([1], 3_000.0, 60.0)
    gone = _settled(1, DeliveryState.PENDING, to_main_thread=True, for_good=True)
    await storage.outbox.settle([gone], True)
    threads = {each.thread_id for each in await storage.chats.subscriptions(1)}
    assert threads == {0, 8}


async def test_chats_that_blocked_long_ago_are_forgotten_and_no_others(storage: Storage) -> None:
    for chat_id in (1, 2, 3):
        await storage.chats.meet(chat(chat_id))
    await storage.chats.set_state(1, ChatState.BLOCKED, quoted("blocked"), 5_000.0)
    await storage.chats.set_state(2, ChatState.BLOCKED, quoted("blocked"), 9_000.0)
    await storage.chats.set_state(3, ChatState.STOPPED, None, 5_000.0)
    assert await storage.chats.forget_blocked(6_000.0) == 1
    assert [bool(await storage.chats.get(n)) for n in (1, 2, 3)] == [False, True, True]


async def test_an_alert_whose_story_is_no_longer_stored_is_left_as_it_is(storage: Storage) -> None:
    await _queue(storage, 1)
    await storage.outbox.claim([1], 3_000.0, 60.0)
    await storage.outbox.settle([_settled(1, DeliveryState.SENT, message_id=70)], True)
    await store(storage, report(2))
    await storage.stories.place([placed(2, 1)], 3_200.0)
    assert [each.id for each in await storage.outbox.due_edits(4_000.0, [], 9)] == [1]
    await sql(storage, "DELETE FROM stories WHERE id = 1")
    assert await storage.outbox.due_edits(4_000.0, [], 9) == []


async def _edits_fail(storage: Storage, now: float, times: int) -> float | None:
    """When an alert is to be edited next, after so many tries that failed."""
    at: float | None = now
    for _ in range(times):
        if at is None or not (edits := await storage.outbox.due_edits(at, [], 9)):
            return None
        (edit,) = edits
        await storage.outbox.record_edits(
            [EditRecord(edit.id, 1, at, edit.edit_due_at, retry_at=at + 600.0)]
        )
        at = await storage.outbox.next_due_at(at)
    return at


async def test_an_edit_that_always_fails_ends_once_the_alert_is_a_day_old(
    storage: Storage,
) -> None:
    await _queue(storage, 1)
    await storage.outbox.claim([1], 3_000.0, 60.0)
    await storage.outbox.settle([_settled(1, DeliveryState.SENT, message_id=70)], True)
    ((sent_at,),) = await sql(storage, "SELECT settled_at FROM deliveries WHERE id = 1")
    assert isinstance(sent_at, float)
    old = sent_at + 86_400.0
    await store(storage, report(2))
    await storage.stories.place([placed(2, 1)], old - 3_600.0)
    assert await _edits_fail(storage, old - 3_600.0, 5) == old - 600.0
    assert await _edits_fail(storage, old - 600.0, 9) is None


@pytest.mark.slow
async def test_what_closes_the_options_of_an_old_alert_is_tried_for_a_day(
    storage: Storage,
) -> None:
    await _queue(storage, 1)
    await storage.outbox.claim([1], 3_000.0, 60.0)
    await storage.outbox.settle([_settled(1, DeliveryState.SENT, message_id=70)], True)
    for opened in (200_000.0, 280_000.0, 700_000.0):
        await storage.alerts.close_options(1, opened + 60.0, opened)
        assert await _edits_fail(storage, opened + 60.0, 2) == opened + 1_260.0
        assert await _edits_fail(storage, opened + 1_260.0, 140) == opened + 85_260.0
        if opened == 200_000.0:
            continue  # they are opened again before that ends
        assert await _edits_fail(storage, opened + 85_260.0, 9) is None
    # What succeeds at last counts for nothing later.
    await storage.alerts.close_options(1, 900_060.0, 900_000.0)
    assert await _edits_fail(storage, 900_060.0, 100) == 960_060.0
    (edit,) = await storage.outbox.due_edits(960_060.0, [], 9)
    await storage.outbox.record_edits([EditRecord(1, 1, 960_060.0, edit.edit_due_at)])
    assert await sql(storage, "SELECT was_due_at FROM deliveries WHERE id = 1") == [(None,)]


async def test_a_chat_begins_with_habits_and_a_first_step_and_keeps_its_own(
    storage: Storage,
) -> None:
    begun = replace(chat(1), habits=Habits(languages=("de", "en")), first_step=FirstStep.LANGUAGES)
    assert await storage.chats.meet(begun) == begun
    await storage.chats.set_first_step(1, FirstStep.CLOCK)
    again = await storage.chats.meet(replace(begun, title="Renamed", habits=Habits()))
    assert again == replace(begun, title="Renamed", first_step=FirstStep.CLOCK)
    assert (await storage.chats.audience()).habits == {1: begun.habits}
    assert (await storage.chats.meet(chat(2))).first_step is FirstStep.THROUGH


async def test_a_sample_has_the_newest_of_some_hours_and_says_how_many_there_are(
    storage: Storage,
) -> None:
    await store(storage, *[report(n, published_at=1_000.0 + n) for n in range(1, 8)])
    await storage.stories.place([placed(n) for n in range(1, 8)], 3_000.0)
    some = await storage.stories.sample(1_002.0, 1_007.0, 3)
    assert [story.id for story, _ in some.stories] == [6, 5, 4]
    assert some.count == 5
    (feed,) = await storage.feeds.all()
    assert {number for _, number in some.stories} == {feed.id}
    assert (await storage.stories.sample(1_002.0, 1_007.0, 9)).count == 5
    assert (await storage.stories.sample(9_000.0, 9_001.0, 9)).stories == []
