"""What is due, by whose it is: the operator's first, then chats in turn."""

import pytest
from msgspec.structs import replace

from bot.news.chat import ChatState
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.polling.push import Push, PushState
from storage.storage import Storage
from tests.databases import look
from tests.storage.samples import brought, chat

ADA, BEN = 1, 2


async def bring(storage: Storage, chat_id: int, *names: str, at: float = 0.0) -> list[Feed]:
    """Feeds that a chat brought, due at that time."""
    await storage.chats.meet(chat(chat_id))
    found = []
    for name in names:
        new = NewFeed(f"https://{name}.example/feed", name, at)
        feed = await storage.feeds.bring(chat_id, 0, new, at)
        assert feed
        found.append(feed)
    return found


async def test_what_chats_brought_is_no_operators_and_says_whose_it_is(storage: Storage) -> None:
    await storage.feeds.add([NewFeed("https://own.example/feed", "own", 5.0)], 0.0)
    await bring(storage, ADA, "ada1", "ada2")
    await bring(storage, BEN, "ben1", at=9.0)
    assert [feed.title for feed in await storage.feeds.due(10.0, 9)] == ["own"]
    due = await storage.feeds.due_guests(10.0, 9)
    assert [(feed.title, feed.brought_by) for feed in due] == [
        ("ada1", ADA), ("ben1", BEN), ("ada2", ADA)
    ]  # fmt: skip


async def test_a_chat_with_many_feeds_that_wait_longer_keeps_no_other_out(
    storage: Storage,
) -> None:
    await bring(storage, ADA, *(f"a{n}" for n in range(40)))
    await bring(storage, BEN, "ben1", at=9.0)
    served = {ADA: 1}
    assert [f.title for f in await storage.feeds.due_guests(10.0, 1, served=served)] == ["ben1"]
    (next_one,) = await storage.feeds.due_guests(10.0, 1, served={ADA: 1, BEN: 2})
    assert next_one.brought_by == ADA


async def test_what_many_groups_of_a_person_brought_is_due_as_that_persons(
    storage: Storage,
) -> None:
    for group in range(-9, 0):
        await storage.chats.meet(chat(group, "group"))
        await storage.keepers.keep(group, ADA, 1.0)
        await bring(storage, group, f"g{-group}")
    await bring(storage, BEN, "ben1", at=9.0)
    due = await storage.feeds.due_guests(10.0, 9)
    assert {feed.brought_by for feed in due} == {ADA, BEN}
    assert "ben1" in [feed.title for feed in due[:2]]
    assert [f.title for f in await storage.feeds.due_guests(10.0, 9, without=[ADA])] == ["ben1"]


async def test_chats_without_room_hosts_that_are_busy_and_feeds_under_way_are_left_out(
    storage: Storage,
) -> None:
    first, second = await bring(storage, ADA, "a1", "a2")
    await bring(storage, BEN, "ben1")
    due = await storage.feeds.due_guests(10.0, 9, {"ben1.example"}, [first.id])
    assert [feed.id for feed in due] == [second.id]
    due = await storage.feeds.due_guests(10.0, 9, without=[ADA])
    assert [feed.title for feed in due] == ["ben1"]


async def _both(storage: Storage) -> Feed:
    """A feed that Ada brought, and then Ben."""
    (feed,) = await bring(storage, ADA, "both")
    await storage.chats.meet(chat(BEN))
    await brought(storage, feed.url, BEN, now=5.0)
    return feed


async def test_a_feed_that_two_chats_typed_is_asked_for_the_one_that_was_served_longest_ago(
    storage: Storage,
) -> None:
    feed = await _both(storage)
    turns: list[tuple[dict[int, int], int]] = [
        ({}, ADA),
        ({ADA: 1}, BEN),
        ({ADA: 2, BEN: 1}, BEN),
        ({BEN: 4}, ADA),
    ]
    for served, whose in turns:
        (due,) = await storage.feeds.due_guests(10.0, 9, served=served)
        assert due.brought_by == whose
    await storage.feeds.uncredit(feed.id, BEN)
    (due,) = await storage.feeds.due_guests(10.0, 9, served={ADA: 7})
    assert due.brought_by == ADA


async def test_a_feed_that_two_chats_typed_waits_for_neither_alone(storage: Storage) -> None:
    """hostile: who typed it first fills its own share with slow feeds."""
    feed = await _both(storage)
    await bring(storage, ADA, *(f"slow{n}" for n in range(9)))
    due = await storage.feeds.due_guests(10.0, 9, without=[ADA])
    assert [(each.id, each.brought_by) for each in due] == [(feed.id, BEN)]
    assert await storage.feeds.due_guests(10.0, 9, without=[ADA, BEN]) == []
    await storage.chats.set_state(ADA, ChatState.BLOCKED, None, 6.0)
    due = await storage.feeds.due_guests(10.0, 9, served={BEN: 1})
    assert [(each.id, each.brought_by) for each in due] == [(feed.id, BEN)]


async def test_costly_feeds_are_asked_for_a_chat_that_has_room_for_such(storage: Storage) -> None:
    feed = await _both(storage)
    own, other = await bring(storage, ADA, "dear", "cheap")
    due = await storage.feeds.due_guests(
        10.0, 9, costly=[feed.id, own.id], without_costly=[ADA], served={BEN: 1}
    )
    assert {each.id: each.brought_by for each in due} == {feed.id: BEN, other.id: ADA}


async def test_who_comes_along_with_a_feed_that_moves_did_not_bring_the_other_first(
    storage: Storage,
) -> None:
    """hostile: an older feed of a stranger's redirects to what others brought."""
    (older,) = await bring(storage, BEN, "older", at=1.0)
    (popular,) = await bring(storage, ADA, "popular", at=5.0)
    await storage.feeds.move(older.id, popular.url, 6.0)
    (due,) = await storage.feeds.due_guests(10.0, 9)
    assert due.brought_by == ADA
    await storage.pushes.put(_push(popular, "token", PushState.LIVE, 9.0))
    push = await storage.pushes.get("token")
    assert push
    assert push.brought_by == ADA


async def _hub(storage: Storage, feed: Feed, hub: str) -> None:
    await storage.feeds.record([PollRecord(replace(feed, hub=hub, topic=feed.url))], 0.0)


def _push(feed: Feed, token: str, state: PushState, next_at: float) -> Push:
    return Push(token, feed.id, "https://us.example", f"https://{token}.example/", feed.url, "s",
                state, next_at, 900.0 if state is PushState.LIVE else None)  # fmt: skip


async def test_a_good_lease_is_renewed_before_hubs_that_are_new_or_left(storage: Storage) -> None:
    (own,) = await storage.feeds.add([NewFeed("https://own.example/feed", "own", 5.0)], 0.0)
    many = await bring(storage, ADA, *(f"a{n}" for n in range(30)))
    (bens,) = await bring(storage, BEN, "ben1")
    for number, feed in enumerate(many):
        state = PushState.LEAVING if number % 2 else PushState.ASKED
        await storage.pushes.put(_push(feed, f"ada{number}", state, 0.0))
    await storage.pushes.put(_push(many[0], "adaslive", PushState.LIVE, 8.0))
    await storage.pushes.put(_push(bens, "bens", PushState.LIVE, 9.0))
    await storage.pushes.put(_push(own, "ownnew", PushState.ASKED, 9.5))
    await storage.pushes.put(_push(own, "own", PushState.LIVE, 9.5))
    due = await storage.pushes.due(10.0, 5)
    assert [push.token for push in due[:4]] == ["own", "ownnew", "adaslive", "bens"]
    assert [push.brought_by for push in due] == [None, None, ADA, BEN, ADA]


async def test_new_hubs_of_one_chat_keep_no_others_from_being_asked(storage: Storage) -> None:
    for feed in await bring(storage, ADA, *(f"a{n}" for n in range(30))):
        await _hub(storage, feed, "https://many.example/")
    (bens,) = await bring(storage, BEN, "ben1")
    (own,) = await storage.feeds.add([NewFeed("https://own.example/feed", "own", 5.0)], 0.0)
    await _hub(storage, bens, "https://bens.example/")
    await _hub(storage, own, "https://owns.example/")
    hubs = [wanted.hub for wanted in await storage.pushes.wanted(3)]
    assert hubs == ["https://owns.example/", "https://many.example/", "https://bens.example/"]


@pytest.mark.parametrize("guest", [True, False])
async def test_a_hub_that_calls_is_known_by_whose_feed_it_is(storage: Storage, guest: bool) -> None:
    if guest:
        (feed,) = await bring(storage, ADA, "a1")
    else:
        (feed,) = await storage.feeds.add([NewFeed("https://own.example/feed", "o", 5.0)], 0.0)
    await storage.pushes.put(_push(feed, "token", PushState.LIVE, 9.0))
    push = await storage.pushes.get("token")
    assert push
    assert push.brought_by == (ADA if guest else None)


@pytest.mark.parametrize(
    ("to", "is_elsewhere"),
    [
        ("https://www.tern.example/feed/", False), ("http://tern.example/feed", False),
        ("https://gull.example/feed", True), ("https://tern.example/other", True),
    ],
)  # fmt: skip
async def test_who_goes_over_to_https_or_www_is_where_it_was(
    storage: Storage, url: str, to: str, is_elsewhere: bool
) -> None:
    (feed,) = await bring(storage, ADA, "tern")
    await storage.feeds.move(feed.id, to, 5.0)
    assert look(url, "SELECT moved_here FROM feeds") == [(is_elsewhere,)]
