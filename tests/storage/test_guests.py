"""Feeds that chats brought, and who sees them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.actions.adding import MOST_ADDED, Adding, FeedStanding, add_for_chat, remove_for_chat
from bot.errors import BadInput
from bot.feeds.finder import FoundFeed
from bot.news.chat import Subscription
from bot.news.feed import NewFeed, PollRecord
from bot.news.polling.schedule import Bounds
from storage.open import open_storage
from storage.storage import Storage
from storage.stories.stories import Stories
from tests.databases import former_database
from tests.storage.samples import add_feed, chat, placed, report, traces_of

ADA, BEN = 1, 2
NOW = 10_000.0


def address(n: int) -> str:
    return f"https://town{n}.example/feed"


async def adds(storage: Storage, chat_id: int, n: int) -> None:
    adding = Adding(lambda url: None, Bounds(60, 3600), lambda: 0.5)
    await add_for_chat(storage, chat_id, 0, FoundFeed(address(n), "Town", ""), adding, NOW)


async def addresses(storage: Storage) -> set[str]:
    return {feed.url for feed in await storage.feeds.all()}


@pytest.fixture
async def town(storage: Storage) -> Storage:
    for chat_id in (ADA, BEN):
        await storage.chats.meet(chat(chat_id))
    return storage


@pytest.mark.slow
async def test_two_chats_cannot_fill_the_catalogue_in_turn(town: Storage) -> None:
    for n in range(MOST_ADDED):
        await adds(town, ADA, n)
        await adds(town, BEN, n)
        await remove_for_chat(town, ADA, address(n), operator=False)
    await adds(town, ADA, MOST_ADDED)
    with pytest.raises(BadInput, match="50 sources at most"):
        await adds(town, BEN, MOST_ADDED)
    await adds(town, BEN, 0)  # for what it keeps already there is room


async def test_what_belongs_to_the_operator_is_followed_however_many_a_chat_added(
    town: Storage,
) -> None:
    for n in range(MOST_ADDED):
        await adds(town, ADA, n)
    await add_feed(town, address(99))
    await adds(town, ADA, 99)
    assert len(await town.feeds.added_by(ADA)) == MOST_ADDED


async def test_feeds_end_with_the_last_chat_that_keeps_them(town: Storage) -> None:
    await add_feed(town, address(9))
    for chat_id, n in ((ADA, 1), (ADA, 2), (BEN, 2)):
        await adds(town, chat_id, n)
    await town.chats.forget(ADA)
    assert await addresses(town) == {address(2), address(9)}
    await town.chats.forget(BEN)
    assert await addresses(town) == {address(9)}
    assert await town.feeds.tend_guests(NOW) == 0


async def test_the_address_that_several_wrote_is_kept_by_each_and_inherited_by_nobody(
    town: Storage,
) -> None:
    for chat_id in (ADA, BEN):
        await adds(town, chat_id, 1)
    (feed,) = await town.feeds.all()
    await remove_for_chat(town, ADA, address(1), operator=False)
    assert await town.chats.subscriptions(ADA) == []
    assert await town.feeds.seen_by(ADA) == []
    assert [each.id for each in await town.feeds.seen_by(BEN)] == [feed.id]
    with pytest.raises(BadInput, match="No source is called"):
        await remove_for_chat(town, ADA, address(1), operator=False)
    await remove_for_chat(town, BEN, address(1), operator=False)
    assert await addresses(town) == set()


async def test_what_others_brought_is_new_to_who_writes_its_address(town: Storage) -> None:
    adding = Adding(lambda url: None, Bounds(60, 3600), lambda: 0.5)
    found = FoundFeed(address(1), "Town", "")
    for chat_id in (ADA, BEN):
        added = await add_for_chat(town, chat_id, 0, found, adding, NOW)
        assert (added.standing, added.followed) == (FeedStanding.NEW, True)
    again = await add_for_chat(town, BEN, 0, found, adding, NOW)
    assert (again.standing, again.followed) == (FeedStanding.KNOWN, False)


async def test_a_guest_is_followed_by_number_by_nobody_who_did_not_write_its_address(
    town: Storage,
) -> None:
    await adds(town, ADA, 1)
    (feed,) = await town.feeds.all()
    for thread in (0, 7):
        assert not await town.chats.subscribe(Subscription(BEN, thread, feed.id), NOW)
    assert await town.candidates.follow([Subscription(BEN, 0, feed.id)], NOW) == 0
    assert await town.chats.subscribe(Subscription(ADA, 7, feed.id), NOW)
    assert await town.feeds.seen(feed.id, BEN) is None


async def test_the_number_of_a_feed_is_given_once(town: Storage) -> None:
    given: list[int] = []
    for n in range(4):
        await adds(town, ADA, n)
        more = await town.feeds.add([NewFeed(f"{address(n)}/{i}", "", NOW) for i in range(3)], NOW)
        given += [feed.id for feed in await town.feeds.all()]
        for feed in await town.feeds.all():
            await town.feeds.remove(feed.id)
        assert len(more) == 3
    assert len(set(given)) == len(given) == 16


async def test_a_poll_under_way_lands_in_no_feed_that_came_after(town: Storage) -> None:
    """Its feed was taken out, and another was put there; or it moved to another address."""
    polled = await add_feed(town, address(1))
    record = PollRecord(replace(polled, settled=True), traces_of([report(1)]), (report(1),))
    await town.feeds.remove(polled.id)
    await add_feed(town, address(2))
    assert (await town.feeds.record([record], NOW)).reports == 0
    (other,) = await town.feeds.all()
    moved = PollRecord(replace(other, settled=True), traces_of([report(2)]), (report(2),))
    await town.feeds.move(other.id, address(3), NOW)
    assert (await town.feeds.record([moved], NOW)).reports == 0
    (now,) = await town.feeds.all()
    assert (now.id, now.settled) == (other.id, False)
    assert await town.feeds.recall(now.id, [report(1).key, report(2).key]) == {}
    assert await town.stories.unplaced(9) == []


async def test_stories_of_a_guest_are_read_by_who_wrote_its_address(town: Storage) -> None:
    await adds(town, ADA, 1)
    (guest,) = await town.feeds.all()
    ours = await add_feed(town, address(9))
    for feed, n in ((guest, 1), (ours, 2), (guest, 3)):
        record = PollRecord(replace(feed, settled=True), reports=(report(n),))
        await town.feeds.record([record], NOW)
    unplaced = await town.stories.unplaced(9)
    await town.stories.place([replace(placed(r.id), keys="tide") for r in unplaced], NOW)

    async def read(stories: Stories) -> list[list[str]]:
        ways = (
            await stories.newest(None, 9),
            await stories.with_keys({"tide"}, None, 9, 0.0),
            reversed(await stories.newer_than(0, 9, None)),
            reversed(await stories.newer_than(0, 9, {"tide"})),
        )
        alone = [
            story
            for r in sorted(unplaced, key=lambda each: -each.id)
            if (story := await stories.story(r.id))
        ]
        return [*([row.story.title for row in rows] for rows in ways), [s.title for s in alone]]

    everything = [f"Headline number {n}" for n in (3, 2, 1)]
    assert await read(town.stories) == [everything[1:2]] * 5
    assert await read(town.stories.seen_by(ADA)) == [everything] * 5
    assert await read(town.stories.seen_by(BEN)) == [everything[1:2]] * 5
    assert len(await town.stories.seen_by(BEN).with_keys({"tide"}, None, 1, 0.0)) == 1
    link = "https://news.example/1"
    for reader, sightings in ((ADA, 1), (BEN, 0)):
        inquiry = await town.history.of_link(reader, link, link)
        assert inquiry
        assert sum(len(case.sightings) for case in inquiry.cases) == sightings
        hosts = await town.history.feeds_of_host(reader, "https://news.example/")
        assert len(hosts) == 1 + sightings
    await town.feeds.adopt({guest.url: ""})
    assert await read(town.stories.seen_by(BEN)) == [everything] * 5


@pytest.mark.slow
async def test_what_was_followed_by_number_or_inherited_ends_with_an_older_version(
    tmp_path: Path,
) -> None:
    path = tmp_path / "old.db"
    former_database(path, 33)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.executescript(_OLDER)
    opened = await open_storage(f"sqlite:///{path}", alone=True, now=NOW)
    kept, left = await opened.feeds.get(1), await opened.feeds.get(2)
    assert kept
    assert left
    assert [s.feed_id for s in await opened.chats.subscriptions(ADA)] == [1]
    assert await opened.chats.subscriptions(BEN) == []
    assert await opened.feeds.seen_by(BEN) == []
    assert await opened.feeds.tend_guests(NOW) == 1
    assert await addresses(opened) == {address(1)}
    assert await opened.stories.seen_by(BEN).newest(None, 9) == []
    (new,) = await opened.feeds.add([NewFeed(address(3), "", NOW)], NOW)
    assert new.id == 8  # a mute remembers the seventh
    await opened.close()


_OLDER = f"""
INSERT INTO chats (id, kind, state, language, timezone, since, changed_at)
    VALUES ({ADA}, 'private', 'active', 'en', 'UTC', 1, 1),
        ({BEN}, 'private', 'active', 'en', 'UTC', 1, 1);
INSERT INTO feeds (id, url, poll_at, added_at, guest)
    VALUES (1, '{address(1)}', 1, 1, 1), (2, '{address(2)}', 1, 1, 1);
INSERT INTO added_feeds (feed_id, chat_id, at, inherited) VALUES (1, {ADA}, 1, 0), (2, {BEN}, 1, 1);
INSERT INTO subscriptions (chat_id, feed_id, since)
    VALUES ({ADA}, 1, 1), ({BEN}, 1, 1), ({BEN}, 2, 1);
INSERT INTO mutes (chat_id, shown, query, until) VALUES ({ADA}, 'Gone', 'feed:7', 9e9);
INSERT INTO reports (id, feed_id, source, title, summary, seen_at, quiet)
    VALUES (1, 1, 'Town', 'Tide', '', 1, 0);
INSERT INTO stories (id, sort_key, at, opened_by) VALUES (1, 1, 1, 1);
UPDATE reports SET story_id = 1;
"""
