"""Feeds that chats brought, and who answers for them."""

import pytest

from bot.catalogue import MOST_ADDED, Adding, add_for_chat, remove_for_chat
from bot.errors import BadInput
from bot.feeds.finder import FoundFeed
from bot.news.schedule import Bounds
from storage.interface import Storage
from tests.storage.samples import add_feed, chat

ADA, BEN = 1, 2
NOW, LATER = 10_000.0, 20_000.0


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


async def test_two_chats_cannot_fill_the_catalogue_in_turn(town: Storage) -> None:
    for n in range(MOST_ADDED):
        await adds(town, ADA, n)
        await adds(town, BEN, n)
        await remove_for_chat(town, ADA, address(n), operator=False)
    await adds(town, ADA, MOST_ADDED)
    with pytest.raises(BadInput, match="at most 50 feeds"):
        await adds(town, BEN, MOST_ADDED)
    await adds(town, BEN, 0)  # for what it answers already there is room


async def test_what_belongs_to_the_operator_is_followed_however_many_a_chat_added(
    town: Storage,
) -> None:
    for n in range(MOST_ADDED):
        await adds(town, ADA, n)
    await add_feed(town, address(99))
    await adds(town, ADA, 99)
    assert len(await town.feeds.added_by(ADA)) == MOST_ADDED


async def test_feeds_end_with_the_last_chat_that_answers_for_them(town: Storage) -> None:
    await add_feed(town, address(9))
    for chat_id, n in ((ADA, 1), (ADA, 2), (BEN, 2)):
        await adds(town, chat_id, n)
    await town.chats.forget(ADA)
    assert await town.feeds.tend_guests(100, NOW - 1, LATER) == 0
    assert await town.feeds.tend_guests(100, NOW + 1, LATER) == 1
    assert await addresses(town) == {address(2), address(9)}
    await town.chats.forget(BEN)
    assert await town.feeds.tend_guests(100, NOW + 1, LATER) == 1
    assert await addresses(town) == {address(9)}


async def test_who_follows_what_another_left_answers_for_it_while_there_is_room(
    town: Storage,
) -> None:
    for n in (1, 2):
        await adds(town, ADA, n)
        await adds(town, BEN, n)
        (feed,) = [feed for feed in await town.feeds.all() if feed.url == address(n)]
        await town.feeds.uncredit(feed.id, BEN)
        await remove_for_chat(town, ADA, address(n), operator=False)
    assert await town.feeds.tend_guests(1, NOW + 1, LATER) == 1
    assert await addresses(town) == {address(1)}
    assert len(await town.feeds.added_by(BEN)) == 1
    assert await town.feeds.named_by(BEN) == frozenset()  # only ADA's people wrote the address
    (feed,) = await town.feeds.all()
    await town.feeds.credit(feed.id, BEN, LATER)
    assert await town.feeds.named_by(BEN) == {feed.id}
