"""What a chat brings back: nothing that a file makes up multiplies what the chat is told."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import actions, carrying
from bot.carrying import Bringer, Brought, Plan
from bot.catalogue import Adding
from bot.errors import BadInput
from bot.feeds.guard import Guard
from bot.feeds.opml import OpmlFeed
from bot.news.chat import MOST_FOLLOWED, Chat, Subscription
from bot.news.feed import NewFeed
from bot.news.saved import read_saved
from bot.news.schedule import Bounds
from storage.interface import Storage
from storage.open import open_storage
from tests.storage.samples import chat

ADA, BEN = 1, 2
NOW = 10_000.0


def bringer(*, operator: bool = False) -> Bringer:
    adding = Adding(Guard().check_url, Bounds(60, 3600), lambda: 0.5)
    return Bringer(adding, may_add=True, operator=operator)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(f"sqlite:///{tmp_path}/test.db", alone=True, now=1_000.0)
    for chat_id in (ADA, BEN):
        await opened.chats.meet(chat(chat_id))
    yield opened
    await opened.close()


async def ada(storage: Storage) -> Chat:
    found = await storage.chats.get(ADA)
    assert found
    return found


async def planned(storage: Storage, thread_id: int = 0, **document: Any) -> Plan:
    there = await ada(storage)
    saved = read_saved(json.dumps({"tocsin_chat": 1, "chat": ADA} | document).encode())
    return await carrying.plan(storage, there, thread_id, saved, NOW)


async def brings_back(storage: Storage, thread_id: int = 0, **document: Any) -> Brought:
    plan = await planned(storage, thread_id, **document)
    there = await ada(storage)
    return await carrying.restore(storage, there, thread_id, plan, bringer(), NOW)


async def test_threads_that_a_file_makes_up_are_the_one_in_which_it_is_brought_back(
    storage: Storage,
) -> None:
    await actions.follow(storage.chats, ADA, 7, actions.read_topic("Boats: ferry"), NOW)
    follows = [{"thread_id": n} for n in range(1, 1_001)]
    topics = [{"name": "Crane", "query": "crane", "thread_id": 99}]
    await brings_back(storage, 5, follows=follows, topics=topics)
    assert {s.thread_id for s in await storage.chats.subscriptions(ADA)} == {5, 7}
    assert {t.thread_id for t in await storage.chats.topics(ADA)} == {5, 7}


async def test_groups_that_a_file_makes_up_are_left_out_and_named_as_such(
    storage: Storage,
) -> None:
    await storage.feeds.add([NewFeed("https://a.example/feed", "A", NOW, "Coast")], NOW)
    await storage.chats.subscribe(Subscription(ADA, 0, None, "Emptied"), NOW)
    groups = ["Coast", "Emptied", *(f"made up {n}" for n in range(900))]
    plan = await planned(storage, follows=[{"group": name} for name in groups])
    assert plan.follows == (Subscription(ADA, 0, None, "Coast"),)
    assert plan.left_out == ("900 groups of sources that this bot has not.",)


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
    assert not await actions.subscribe(storage.chats, ADA, 0, None, NOW)
    with pytest.raises(BadInput, match="at most 1000 sources and groups"):
        await actions.subscribe(storage.chats, ADA, 5_000, None, NOW)


async def test_a_list_and_a_file_say_what_a_full_chat_cannot_follow(storage: Storage) -> None:
    known = [f"https://known{n}.example/feed" for n in range(3)]
    await storage.feeds.add([NewFeed(url, "", NOW) for url in known], NOW)
    await _fill(storage, 2)
    plan = await planned(storage, follows=[{"url": url} for url in known])
    assert len(plan.follows) == 2
    assert plan.left_out == ("1 followed whole: a chat follows 1000 at most.",)
    listed = [OpmlFeed(url) for url in (*known, "https://new.example/feed")]
    brought = await carrying.bring(storage, ADA, 0, listed, bringer(), NOW)
    assert brought == Brought(followed=2, full=1, beyond=1)
    assert len(await storage.feeds.added_by(ADA)) == 0
