"""Subscriptions, rhythms and wishes in the database."""

import json

from msgspec.structs import replace

from bot.news.feed import PollRecord
from bot.news.polling.poll_hints import PollHints
from bot.news.polling.push import Push, PushState, Wanted
from bot.news.polling.rhythm import Rhythm, first_heard
from storage.storage import Storage
from tests.storage.samples import add_feed

HUB, TOPIC = "https://hub.example/", "https://news.example/feed"
PUSH = Push("token", 1, "https://us.example", HUB, TOPIC, "secret", PushState.LIVE, 50.0, 900.0, 1)


async def test_rhythm_wishes_and_hub_of_a_feed_come_back_as_they_were(storage: Storage) -> None:
    feed = replace(
        await add_feed(storage),
        rhythm=first_heard([1_000.0, 90_000.0, None], 100_000.0),
        hints=PollHints(900.0, (3, 4), (6,)),
        reads=b"reads",
        remembered_at=5.0,
        hub=HUB,
        topic=TOPIC,
        missed=1,
    )
    await storage.feeds.record([PollRecord(feed)], 2_000.0)
    found = await storage.feeds.get(feed.id)
    assert found is not None
    assert [round(n, 3) for n in found.rhythm.hours] == [round(n, 3) for n in feed.rhythm.hours]
    assert replace(found, rhythm=feed.rhythm) == feed
    assert await storage.feeds.get(99) is None


async def test_a_rhythm_that_a_version_before_wrote_is_still_known(storage: Storage) -> None:
    feed = await add_feed(storage)
    written = [100_000.0, 99_000, 0.25, [0.5] * 24, [1.5] * 7]
    async with storage.feeds._database.write() as transaction:
        await transaction.run("UPDATE feeds SET rhythm = ?", json.dumps(written))
    found = await storage.feeds.get(feed.id)
    assert found is not None
    assert found.rhythm == Rhythm(100_000.0, 99_000, 0.25, (0.5,) * 24, (1.5,) * 7)


async def test_feeds_of_busy_hosts_are_left_out_of_what_is_due(storage: Storage) -> None:
    first = await add_feed(storage, "https://a.reddit.com/feed")
    second = await add_feed(storage, "https://www.news.example/feed")
    assert {f.id for f in await storage.feeds.due(9e9, 9)} == {first.id, second.id}
    assert [f.id for f in await storage.feeds.due(9e9, 9, {"reddit.com"})] == [second.id]
    assert await storage.feeds.due(9e9, 9, ["reddit.com", "news.example"]) == []


async def test_a_subscription_is_wanted_once_kept_as_it_is_and_left_with_another_hub(
    storage: Storage,
) -> None:
    feed = replace(await add_feed(storage), hub=HUB, topic=TOPIC)
    await storage.feeds.record([PollRecord(feed)], 0.0)
    assert await storage.pushes.wanted(5) == [Wanted(feed.id, HUB, TOPIC)]
    await storage.pushes.put(PUSH)
    assert await storage.pushes.wanted(5) == []
    assert await storage.pushes.get("token") == PUSH
    assert (await storage.feeds.all())[0].pushed_until == 900.0
    moved = replace(feed, hub="https://other.example/")
    await storage.feeds.record([PollRecord(moved)], 0.0)
    assert [wanted.hub for wanted in await storage.pushes.wanted(5)] == ["https://other.example/"]
    await storage.pushes.put(PUSH)
    left = await storage.pushes.get("token")
    assert left is not None
    assert left.state is PushState.LEAVING


async def test_what_polls_store_leaves_the_lease_alone(storage: Storage) -> None:
    feed = replace(await add_feed(storage), hub=HUB, topic=TOPIC)
    await storage.feeds.record([PollRecord(feed)], 0.0)
    await storage.pushes.put(PUSH)
    await storage.feeds.record([PollRecord(feed)], 0.0)
    assert (await storage.feeds.all())[0].pushed_until == 900.0


async def test_what_was_received_is_remembered_for_a_month(storage: Storage) -> None:
    await add_feed(storage)
    await storage.pushes.put(PUSH)
    assert await storage.pushes.received(PUSH, b"one", 0.0)
    assert not await storage.pushes.received(PUSH, b"one", 86_400.0)
    assert await storage.pushes.received(PUSH, b"two", 31 * 86_400.0)
    assert await storage.pushes.received(PUSH, b"one", 31 * 86_400.0)
