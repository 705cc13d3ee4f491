"""What a chat brings back: nothing that a file makes up multiplies what the chat is told."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.actions import export, restore
from bot.actions.adding import Adding, seen_by
from bot.actions.chats import subscribe
from bot.actions.export import Bringer, Brought
from bot.actions.feeds import find_named
from bot.actions.restore import RestorePlan
from bot.actions.topics import MOST_WORDS, follow, read_topic
from bot.errors import BadInput
from bot.feeds.fetching.guard import Guard
from bot.feeds.opml import OpmlFeed, read_opml, write_opml
from bot.news.chat import MOST_FOLLOWED, Chat, Mute, Subscription, mute_of_feed
from bot.news.feed import Feed, NewFeed
from bot.news.polling.schedule import Bounds
from bot.news.telling.saved import read_saved, write_saved
from bot.turns import on_behalf_of
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import empty_database
from tests.loop_watch import calls_here
from tests.storage.samples import chat

ADA, BEN = 1, 2
NOW = 10_000.0


def bringer(*, operator: bool = False) -> Bringer:
    adding = Adding(Guard().check_url, Bounds(60, 3600), lambda: 0.5)
    return Bringer(adding, may_add=True, operator=operator)


@pytest.fixture(autouse=True)
def somebody() -> Iterator[None]:
    """Who asks, and is no operator."""
    with on_behalf_of(1):
        yield


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(empty_database(tmp_path / "test.db"), alone=True, now=1_000.0)
    for chat_id in (ADA, BEN):
        await opened.chats.meet(chat(chat_id))
    yield opened
    await opened.close()


async def ada(storage: Storage) -> Chat:
    found = await storage.chats.get(ADA)
    assert found
    return found


async def planned(storage: Storage, thread_id: int = 0, **document: Any) -> RestorePlan:
    there = await ada(storage)
    saved = read_saved(json.dumps({"tocsin_chat": 1, "chat": ADA} | document).encode())
    return await restore.plan(storage, there, thread_id, saved, NOW)


async def brings_back(storage: Storage, thread_id: int = 0, **document: Any) -> Brought:
    plan = await planned(storage, thread_id, **document)
    there = await ada(storage)
    return await restore.restore(storage, there, thread_id, plan, bringer(), NOW)


@pytest.mark.slow
async def test_threads_that_a_file_makes_up_are_the_one_in_which_it_is_brought_back(
    storage: Storage,
) -> None:
    await follow(storage.chats, ADA, 7, read_topic("Boats: ferry", "en"), NOW)
    follows = [{"thread_id": n} for n in range(1, 1_001)]
    topics = [{"name": "Crane", "query": "crane", "thread_id": 99}]
    await brings_back(storage, 5, follows=follows, topics=topics)
    assert {s.thread_id for s in await storage.chats.subscriptions(ADA)} == {5, 7}
    assert {t.thread_id for t in await storage.chats.topics(ADA)} == {5, 7}


async def test_a_topic_that_is_there_stays_in_its_thread(storage: Storage) -> None:
    await follow(storage.chats, ADA, 7, read_topic("Boats: ferry", "en"), NOW)
    topics = [{"name": "boats", "query": "ferry OR raft"}]
    await brings_back(storage, 0, chat=99, topics=topics)
    (topic,) = await storage.chats.topics(ADA)
    assert (topic.thread_id, topic.query) == (7, "ferry OR raft")
    await brings_back(storage, 5, topics=[topics[0] | {"thread_id": 5}])
    assert (await storage.chats.topics(ADA))[0].thread_id == 7


async def test_one_name_in_two_threads_is_brought_back_in_both(storage: Storage) -> None:
    for thread, words in ((5, "ferry"), (7, "tram")):
        await follow(storage.chats, ADA, thread, read_topic(f"Boats: {words}", "en"), NOW)
    saved = [
        {"name": "Boats", "query": "ferry", "thread_id": 5},
        {"name": "Boats", "query": "tram OR bus", "thread_id": 7},
    ]
    assert [t.thread_id for t in (await planned(storage, topics=saved)).changed_topics] == [7]
    await brings_back(storage, topics=saved)
    there = [(t.thread_id, t.query) for t in await storage.chats.topics(ADA)]
    assert there == [(5, "ferry"), (7, "tram OR bus")]


async def test_a_topic_is_muted_for_a_year_at_most(storage: Storage) -> None:
    """A time at the end of the calendar has none in zones east of Greenwich."""
    plan = await planned(
        storage, topics=[{"name": "a", "query": "b", "muted_until": 253_402_300_799}]
    )
    assert plan.new_topics[0].muted_until == NOW + 366 * 86_400


@pytest.mark.slow
async def test_a_file_brings_back_no_more_words_than_a_chat_has_room_for(
    storage: Storage,
) -> None:
    long = [" OR ".join(f"ab{n}x{k}*" for k in range(250)) for n in range(41)]
    topics = [{"name": f"T{n}", "query": query} for n, query in enumerate(long)]
    plan = await planned(storage, topics=topics)
    assert len(plan.new_topics) == MOST_WORDS // 250 == 40
    assert [str(each) for each in plan.left_out] == ["topics that would be too many words"]
    await brings_back(storage, topics=topics)
    # The same again changes nothing, and a shorter one makes room.
    assert (await planned(storage, topics=topics[:40])).is_empty
    shorter = [topics[0] | {"query": "ferry"}, {"name": "Boats", "query": "boat"}]
    assert (await planned(storage, topics=shorter)).left_out == ()


async def test_groups_that_a_file_makes_up_are_left_out_and_named_as_such(
    storage: Storage,
) -> None:
    await storage.feeds.add([NewFeed("https://a.example/feed", "A", NOW, "Coast")], NOW)
    await storage.chats.subscribe(Subscription(ADA, 0, None, "Emptied"), NOW)
    groups = ["Coast", "Emptied", *(f"made up {n}" for n in range(900))]
    plan = await planned(storage, follows=[{"group": name} for name in groups])
    assert plan.follows == (Subscription(ADA, 0, None, "Coast"),)
    assert [*map(str, plan.left_out)] == ["900 groups of sources that I don't have."]


async def _fill(storage: Storage, left: int) -> None:
    """Lets the chat follow all that it may but so many."""
    many = [Subscription(ADA, n, None) for n in range(MOST_FOLLOWED - left)]
    assert await storage.candidates.follow(many, NOW) == len(many)


async def test_a_chat_follows_a_bounded_number_of_things(storage: Storage) -> None:
    await _fill(storage, 1)
    more = [Subscription(ADA, 0, None, f"group {n}") for n in range(3)]
    assert await storage.candidates.follow(more, NOW) == 1
    assert not await storage.chats.subscribe(Subscription(ADA, 0, None, "one more"), NOW)
    assert await storage.chats.subscribe(Subscription(BEN, 0, None), NOW)
    assert len(await storage.chats.subscriptions(ADA)) == MOST_FOLLOWED
    assert not await subscribe(storage.chats, ADA, 0, None, NOW)
    with pytest.raises(BadInput, match="follows 1,000 sources and groups at most"):
        await subscribe(storage.chats, ADA, 5_000, None, NOW)


async def test_a_list_and_a_file_say_what_a_full_chat_cannot_follow(storage: Storage) -> None:
    known = [f"https://known{n}.example/feed" for n in range(3)]
    await storage.feeds.add([NewFeed(url, "", NOW) for url in known], NOW)
    await _fill(storage, 2)
    plan = await planned(storage, follows=[{"url": url} for url in known])
    assert len(plan.follows) == 2
    assert [*map(str, plan.left_out)] == [
        "1 source or group, because a chat follows 1,000 at most."
    ]
    listed = [OpmlFeed(url) for url in (*known, "https://new.example/feed")]
    brought = await export.bring(storage, ADA, 0, listed, bringer(), NOW)
    assert brought == Brought(followed=2, full=1, beyond=1)
    assert len(await storage.feeds.added_by(ADA)) == 0


JIRA = "https://jira.example.com/rss?token=SECRET1"
PAID = "https://paid.example/feed?auth=OPERATORKEY"


async def _written(storage: Storage, chat_id: int, *, operator: bool = False) -> tuple[str, int]:
    """The text of both files of /export, and how many sources the list leaves out."""
    there = await storage.chats.get(chat_id)
    assert there
    to = await export.recipient(storage, chat_id, operator=operator)
    given, left = await export.sources_of(storage, to)
    saved = await export.collect(storage, there, to, NOW)
    return (write_opml([OpmlFeed(f.url) for f in given]) + write_saved(saved, NOW)).decode(), left


async def test_addresses_that_others_brought_are_not_given_away(storage: Storage) -> None:
    await export.bring(storage, BEN, 0, [OpmlFeed(JIRA, "My Jira")], bringer(), NOW)
    (jira,) = await storage.feeds.all()
    await storage.feeds.add([NewFeed(PAID, "Paid", NOW)], NOW)
    await storage.feeds.add([NewFeed("https://open.example/world.xml", "Open", NOW)], NOW)
    for what in (jira.id, None):
        await storage.chats.subscribe(Subscription(ADA, 0, what), NOW)
    await storage.chats.mute(Mute(0, ADA, "My Jira", mute_of_feed(jira.id), NOW + 9e4), NOW)
    text, left = await _written(storage, ADA)
    assert "SECRET1" not in text
    assert "OPERATORKEY" not in text
    assert left == 1  # of what others brought not even the number is told
    assert "https://open.example/world.xml" in text
    assert "SECRET1" in (await _written(storage, BEN))[0]
    text, left = await _written(storage, ADA, operator=True)
    assert ("SECRET1" in text, "OPERATORKEY" in text, left) == (True, True, 0)


async def test_what_is_known_without_its_address_is_brought_back_where_it_is_the_same(
    storage: Storage,
) -> None:
    paid, other = await storage.feeds.add(
        [NewFeed(PAID, "Paid", NOW), NewFeed(f"{PAID}2", "Other", NOW)], NOW
    )
    await storage.chats.subscribe(Subscription(ADA, 0, paid.id), NOW)
    await storage.chats.mute(Mute(0, ADA, "Other", mute_of_feed(other.id), NOW + 9e4), NOW)
    to = await export.recipient(storage, ADA, operator=False)
    saved = await export.collect(storage, await ada(storage), to, NOW)
    document = json.loads(write_saved(saved, NOW))
    await storage.chats.unsubscribe(Subscription(ADA, 0, paid.id))
    for mute in await storage.chats.mutes(ADA, NOW):
        await storage.chats.unmute(mute.id)
    plan = await planned(storage, **document)
    assert plan.follows == (Subscription(ADA, 0, paid.id),)
    assert [mute.feed_id for mute in plan.mutes] == [other.id]
    document["follows"][0]["source"]["title"] = "Another feed of that number elsewhere"
    plan = await planned(storage, **document)
    assert plan.follows == ()
    assert [*map(str, plan.left_out)] == ["1 source that I don't have."]


async def test_a_strangers_feed_is_not_found_by_a_part_of_its_name(storage: Storage) -> None:
    await export.bring(storage, BEN, 0, [OpmlFeed(JIRA, "My Jira")], bringer(), NOW)
    await storage.feeds.add([NewFeed(PAID, "Paid", NOW)], NOW)
    seen = await seen_by(storage, ADA)
    assert [feed.title for feed in seen] == ["Paid"]
    assert find_named(seen, "#1") == []
    assert len(await seen_by(storage, BEN)) == 2
    assert len(await seen_by(storage, ADA, operator=True)) == 2
    (jira,) = find_named(await seen_by(storage, BEN), "jira")
    document = {"number": 1, "title": "My Jira", "host": "jira.example.com"}
    plan = await planned(storage, follows=[{"source": document}])
    assert plan.follows == ()
    assert isinstance(jira, Feed)
    assert not await storage.chats.subscribe(Subscription(ADA, 0, jira.id), NOW)
    assert jira not in await seen_by(storage, ADA)


async def test_the_address_of_a_strangers_feed_brings_it_as_if_it_were_new(
    storage: Storage,
) -> None:
    """Neither a list nor a file tells who else has it, and each that brings it keeps it."""
    await export.bring(storage, BEN, 0, [OpmlFeed(JIRA, "My Jira")], bringer(), NOW)
    plan = await planned(storage, follows=[{"url": JIRA}], added=[{"url": JIRA}])
    assert (plan.follows, [feed.url for feed in plan.feeds]) == ((), [JIRA])
    brought = await export.bring(storage, ADA, 0, [OpmlFeed(JIRA)], bringer(), NOW)
    assert brought == Brought(new=1)
    (jira,) = await storage.feeds.all()
    assert await storage.feeds.added_by(ADA) == {jira.id}
    for bringing in (ADA, BEN):
        assert [feed.id for feed in await storage.candidates.of(bringing, 0)] == [jira.id]
    await storage.candidates.note_told(BEN, [jira.id], [jira.id])
    assert [s.feed_id for s in await storage.chats.subscriptions(ADA)] == [jira.id]
    assert await storage.chats.subscriptions(BEN) == []
    await storage.candidates.note_told(ADA, [jira.id], [jira.id])
    assert await storage.feeds.all() == []


async def test_a_list_stores_hosts_as_they_are_asked_and_knows_them_again(
    storage: Storage,
) -> None:
    written, asked = "https://bücher.example/feed", "https://xn--bcher-kva.example/feed"
    brought = await export.bring(storage, ADA, 0, [OpmlFeed(written)], bringer(), NOW)
    assert brought.new == 1
    assert [feed.url for feed in await storage.feeds.all()] == [asked]
    for url in (written, asked):
        again = await export.bring(storage, ADA, 0, [OpmlFeed(url)], bringer(), NOW)
        assert again == Brought(there=1)
    assert (await planned(storage, added=[{"url": written}])).is_empty
    listed = [OpmlFeed(written, "", "Books")]
    await export.bring(storage, ADA, 0, listed, bringer(operator=True), NOW)
    (feed,) = await storage.feeds.all()
    assert (feed.url, feed.group, feed.guest) == (asked, "Books", False)


async def test_the_queries_of_a_file_are_read_beside_the_loop(storage: Storage) -> None:
    topics = [{"name": f"Topic {n}", "query": f"ferry{n} OR boat{n}"} for n in range(100)]
    with calls_here("bot.news.query.parse", "parse_query") as calls:
        plan = await planned(storage, topics=topics)
    assert len(plan.new_topics) == 100
    assert calls == []


async def test_an_address_that_no_index_can_hold_is_refused_beside_the_others(
    storage: Storage,
) -> None:
    feeds = [OpmlFeed("https://a.example/" + "漢" * 700), OpmlFeed("https://a.example/feed")]
    brought = await export.bring(storage, ADA, 0, feeds, bringer(), NOW)
    assert (brought.new, brought.refused) == (1, 1)


async def test_an_address_of_a_list_that_is_too_long_is_counted_as_refused(
    storage: Storage,
) -> None:
    long = OpmlFeed("https://a.example/" + "x" * 5_000)
    listed = read_opml(write_opml([long, OpmlFeed("https://a.example/feed")]))
    brought = await export.bring(storage, ADA, 0, listed, bringer(), NOW)
    assert (brought.new, brought.refused) == (1, 1)
