"""What SQLite keeps of feeds that chats added, that moved, and that are in trouble."""

import pytest
from msgspec.structs import replace

from bot.news.feed import NewFeed, PollRecord
from storage.errors import StorageError
from storage.storage import Storage
from tests.storage.samples import add_feed, brought, chat, report, store


async def test_who_added_a_feed_and_who_follows_it_is_kept_and_moves_with_the_chat(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(-8))
    feed = await brought(storage, "https://pier.example/feed", -8)
    await storage.feeds.tell(-8, [feed.id, 999], 2.0)
    await storage.chats.meet(chat(-100))
    await storage.chats.migrate(-8, -100, 3.0)
    assert await storage.feeds.added_by(-100) == {feed.id}
    assert [s.feed_id for s in await storage.chats.subscriptions(-100)] == [feed.id]
    assert await storage.feeds.adders([feed.id]) == {feed.id: frozenset({-100})}
    assert [(t.chat_id, t.feed.id, t.at) for t in await storage.feeds.told_troubles()] == [
        (-100, feed.id, 2.0)
    ]
    await storage.chats.forget(-100)
    assert await storage.feeds.adders([feed.id]) == {}
    assert await storage.feeds.told_troubles() == []


async def test_what_an_operator_put_there_stays_the_operators_when_feeds_become_one(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(7))
    first = await brought(storage, "https://x.example/1", 7)
    second = await brought(storage, "https://x.example/2", 7)
    third = await add_feed(storage)
    await storage.feeds.move(first.id, second.url, 2.0)
    assert await storage.feeds.added_by(7) == {second.id}
    await storage.feeds.move(second.id, third.url, 2.0)
    assert await storage.feeds.added_by(7) == frozenset()
    for address in (first.url, second.url, third.url):
        found = await storage.feeds.at(address)
        assert found is not None
        assert found.id == third.id


async def test_reports_and_memory_go_along_when_feeds_become_one(storage: Storage) -> None:
    made = report(1)
    left = await store(storage, made)
    (kept,) = await storage.feeds.add([NewFeed("https://x.example/new", "", 1.0)], 1.0)
    await storage.feeds.move(left.id, kept.url, 4_000.0)
    (moved,) = await storage.feeds.all()
    assert (moved.id, moved.settled) == (kept.id, True)
    assert made.key in await storage.feeds.recall(kept.id, [made.key])
    assert [r.feed_id for r in await storage.stories.unplaced(10)] == [kept.id]


async def test_a_feed_that_is_not_there_cannot_be_moved(storage: Storage) -> None:
    assert await storage.feeds.move(99, "https://x.example/", 1.0) is None


async def test_a_feed_of_a_chats_people_is_brought_whole_or_not_at_all(storage: Storage) -> None:
    await storage.chats.meet(chat(7))
    new = NewFeed("https://pier.example/feed", "Pier", 1.0, named=False)
    with pytest.raises(StorageError):
        await storage.feeds.bring(8, 0, new, 1.0)
    assert await storage.feeds.all() == []
    guest = await brought(storage, new.url, 7)
    assert guest.guest
    assert await storage.feeds.bring(7, 0, new, 1.0) is None
    assert await storage.feeds.adders([guest.id]) == {guest.id: {7}}
    assert [s.feed_id for s in await storage.chats.subscriptions(7)] == [guest.id]


async def test_a_suspended_feed_of_the_operator_stays_the_operators_when_a_chat_tries_it_again(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(7))
    feed = await add_feed(storage)
    await storage.feeds.record([PollRecord(replace(feed, suspended=True))], 1.0)
    woken = await storage.feeds.bring(7, 0, NewFeed(feed.url, "", 1.0), 1.0)
    assert woken
    assert not woken.guest
    assert await storage.feeds.added_by(7) == frozenset()


async def test_a_report_stays_a_guests_when_its_feed_is_taken_out(storage: Storage) -> None:
    await storage.chats.meet(chat(7))
    guest = await brought(storage, "https://pier.example/feed", 7)
    await storage.feeds.record([PollRecord(guest, reports=(report(1),))], 1.0)
    await storage.feeds.remove(guest.id)
    assert [r.guest for r in await storage.stories.unplaced(9)] == [True]
