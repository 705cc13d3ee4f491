"""How many independent outlets carry a story, for whoever reads."""

from msgspec.structs import replace

from bot.news.chat import ChatState
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.outbox import DeliveryState as State
from bot.news.outbox import Settlement
from storage.storage import Storage
from tests.storage.samples import brought, chat, placed, report, ring

ADA, BEN, CAT = 1, 2, 3
NOW = 10_000_000.0


async def _feeds(storage: Storage, count: int) -> list[Feed]:
    wanted = [NewFeed(f"https://{n}.example/feed", f"Outlet {n}", 1.0) for n in range(count)]
    return await storage.feeds.add(wanted, 1.0)


async def _tells(storage: Storage, feed: Feed, n: int, story: int, **other: object) -> None:
    """A feed tells report n, which is placed in a story."""
    told = report(n, published_at=None, **other)
    await storage.feeds.record([PollRecord(replace(feed, settled=True), reports=(told,))], NOW)
    await storage.stories.place([placed(n, story)], NOW)


async def _top(storage: Storage, chat_id: int = 0) -> dict[int, int]:
    found = await storage.stories.seen_by(chat_id).most_carried(NOW - 60, 9)
    return {each.story.id: each.outlets for each in found}


async def test_each_outlet_counts_once_and_copies_for_none(storage: Storage) -> None:
    feeds = await _feeds(storage, 4)
    await _tells(storage, feeds[0], 1, 1)
    assert await _top(storage) == {}
    await _tells(storage, feeds[0], 2, 1)
    await _tells(storage, feeds[1], 3, 1, original="Gull Wire")
    assert await _top(storage) == {}
    await _tells(storage, feeds[2], 4, 1)
    await _tells(storage, feeds[3], 5, 1)
    assert await _top(storage) == {1: 3}


async def test_most_and_newest_come_first_and_nothing_from_before(storage: Storage) -> None:
    feeds = await _feeds(storage, 3)
    number = 0
    for story, outlets in enumerate((2, 3, 2, 1), 1):
        first = number + 1
        for feed in feeds[:outlets]:
            number += 1
            await _tells(storage, feed, number, first)
        assert first >= story
    assert list(await _top(storage)) == [3, 6, 1]
    assert len(await storage.stories.most_carried(NOW - 60, 2)) == 2
    assert await storage.stories.most_carried(NOW + 60, 9) == []


async def test_guests_count_for_the_chats_that_wrote_their_address(storage: Storage) -> None:
    for chat_id in (ADA, BEN):
        await storage.chats.meet(chat(chat_id))
    (ours,) = await _feeds(storage, 1)
    guest = await brought(storage, "https://pier.example/feed", ADA)
    await _tells(storage, ours, 1, 1)
    await _tells(storage, guest, 2, 1)
    await _tells(storage, guest, 3, 3)
    other = await brought(storage, "https://hill.example/feed", ADA)
    await _tells(storage, other, 4, 3)
    assert await _top(storage, ADA) == {3: 2, 1: 2}
    assert await _top(storage, BEN) == await _top(storage) == {}
    for chat_id, n, outlets in ((ADA, 1, 2), (ADA, 3, 2), (BEN, 1, 1)):
        link = report(n).link or ""
        inquiry = await storage.history.of_link(chat_id, link, link)
        assert inquiry
        assert [case.sources for case in inquiry.cases] == [outlets]
    await storage.feeds.adopt({guest.url: ""})
    assert await _top(storage, BEN) == {1: 2}


async def test_an_outlet_that_was_taken_out_still_carried_the_story(storage: Storage) -> None:
    feeds = await _feeds(storage, 3)
    await _tells(storage, feeds[0], 1, 1)
    await _tells(storage, feeds[1], 2, 1)
    await storage.feeds.remove(feeds[1].id)
    assert await _top(storage) == {1: 2}
    await _tells(storage, feeds[2], 3, 1)
    assert await _top(storage) == {1: 3}


async def test_two_feeds_that_become_one_are_one_outlet(storage: Storage) -> None:
    feeds = await _feeds(storage, 3)
    for n, feed in enumerate(feeds, 1):
        await _tells(storage, feed, n, 1)
    await storage.feeds.move(feeds[1].id, feeds[2].url, NOW)
    assert await _top(storage) == {1: 2}


async def test_a_report_that_is_split_from_a_story_counts_for_it_no_more(storage: Storage) -> None:
    feeds = await _feeds(storage, 3)
    for chat_id in (ADA, BEN):
        await storage.chats.meet(replace(chat(chat_id), state=ChatState.ACTIVE))
    for n, feed in enumerate(feeds, 1):
        told = report(n, published_at=None)
        await storage.feeds.record([PollRecord(replace(feed, settled=True), reports=(told,))], NOW)
        await storage.stories.place([placed(n, 1, ring(ADA), ring(BEN))], NOW)
    await storage.outbox.claim([1, 2], NOW, 60.0)
    sent = [Settlement(n, n, State.SENT, NOW, message_id=70 + n) for n in (1, 2)]
    await storage.outbox.settle(sent, True)
    for user, again in ((ADA, False), (BEN, True)):
        alert = await storage.alerts.get(user)
        assert alert
        assert await storage.alerts.take_out(alert, 3, NOW + 9, user) is again
    assert await _top(storage) == {1: 2}
