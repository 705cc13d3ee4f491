"""What a feed rewrites of what was told: alerts are edited, and of a few changes chats are told,
after all that is news.
"""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from bot.news.chat import Subscription
from bot.news.feed import Feed, PollRecord
from bot.news.outbox import DeliveryKind, DeliveryState, Settlement
from bot.news.polling.identity import Rewrite
from bot.news.telling.updates import CHANGES_AN_HOUR, CHANGES_AT_ONCE, UPDATE_GAP_SECONDS
from storage.open import open_storage
from storage.storage import Storage
from tests.storage.samples import add_feed, chat, placed, report, ring, sql, store

NOW = 3_000.0
ADA = 1


@pytest.fixture
async def feed(storage: Storage) -> Feed:
    """A feed of which a chat was told thirty stories."""
    await storage.chats.meet(chat(ADA))
    await storage.chats.subscribe(Subscription(ADA, 0, None), NOW)
    feed = await add_feed(storage)
    await _tells(storage, *range(1, 31))
    await sends(storage, NOW, 99)
    return feed


async def _tells(storage: Storage, *numbers: int) -> None:
    await store(storage, *(report(n, title=f"Ferry {chr(64 + n)} is late") for n in numbers))
    for each in await storage.stories.unplaced(99):
        await storage.stories.place([placed(each.id, None, ring(ADA))], NOW)


async def sends(storage: Storage, now: float, most: int) -> list[DeliveryKind]:
    """Sends what is due, one after the other; returns what it was."""
    sent = list[DeliveryKind]()
    while len(sent) < most and (due := await storage.outbox.due(now, [], 9)):
        (claimed,) = await storage.outbox.claim([due[0].delivery_id], now, 100)
        settled = Settlement(
            claimed.id, ADA, DeliveryState.SENT, now, message_id=1_000 + claimed.id
        )
        await storage.outbox.settle([settled], True)
        sent.append(claimed.kind)
    return sent


async def rewrites(
    storage: Storage, feed: Feed, numbers: Sequence[int], now: float, hurt: int = 40
) -> int:
    """Rewrites headlines at one poll; returns of how many stories chats are told so."""
    changed = tuple(
        Rewrite(report(n).key, f"Ferry {chr(64 + n)} is late, {hurt} hurt", "") for n in numbers
    )
    before = await _updates(storage)
    await storage.feeds.record([PollRecord(replace(feed, settled=True), rewritten=changed)], now)
    return await _updates(storage) - before


async def _updates(storage: Storage) -> int:
    rows = await sql(storage, "SELECT count(*) AS n FROM deliveries WHERE kind = 'update'")
    return int(str(rows[0][0]))


async def _to_edit(storage: Storage) -> int:
    rows = await sql(storage, "SELECT count(*) AS n FROM deliveries WHERE edit_due_at IS NOT NULL")
    return int(str(rows[0][0]))


async def test_a_few_changes_are_told(storage: Storage, feed: Feed) -> None:
    few = range(1, CHANGES_AT_ONCE + 1)
    assert await rewrites(storage, feed, few, NOW + 60) == CHANGES_AT_ONCE
    assert await _to_edit(storage) == CHANGES_AT_ONCE


async def test_a_site_that_is_made_anew_is_edited_in_and_nothing_of_it_told(
    storage: Storage, feed: Feed
) -> None:
    many = range(1, CHANGES_AT_ONCE + 2)
    assert await rewrites(storage, feed, many, NOW + 60) == 0
    assert await _to_edit(storage) == len(many)


async def test_what_is_only_retouched_does_not_count(storage: Storage, feed: Feed) -> None:
    retouched = tuple(
        Rewrite(report(n).key, f"Ferry {chr(64 + n)} is late.", "") for n in range(2, 12)
    )
    news = Rewrite(report(1).key, "Ferry A is late, 40 hurt", "")
    poll = PollRecord(replace(feed, settled=True), rewritten=(*retouched, news))
    await storage.feeds.record([poll], NOW + 60)
    assert await _updates(storage) == 1
    assert await _to_edit(storage) == 11


async def test_what_nobody_was_told_does_not_count(storage: Storage, feed: Feed) -> None:
    """An archive that is rewritten keeps no correction away."""
    quiet = [report(n, title=f"Pump {n} is late", quiet=True) for n in range(100, 120)]
    await store(storage, *quiet)
    await storage.stories.place([placed(r.id) for r in await storage.stories.unplaced(99)], NOW)
    assert await rewrites(storage, feed, [1, *range(100, 120)], NOW + 60) == 1


async def test_in_an_hour_so_many_changes_of_a_feed_are_told_also_after_a_restart(
    storage: Storage, url: str, feed: Feed
) -> None:
    told = [await rewrites(storage, feed, [n], NOW + n) for n in range(1, 16)]
    assert told == [1] * CHANGES_AN_HOUR + [0] * (15 - CHANGES_AN_HOUR)
    again = await open_storage(url, alone=False, now=NOW)
    assert await rewrites(again, feed, [20], NOW + 30) == 0
    await again.close()
    assert await _to_edit(storage) == 16
    assert await rewrites(storage, feed, [21, 22], NOW + 1.1 * UPDATE_GAP_SECONDS) == 2


async def test_another_feed_has_changes_of_its_own(storage: Storage, feed: Feed) -> None:
    for n in range(1, 12):
        await rewrites(storage, feed, [n], NOW + n)
    other = await add_feed(storage, "https://calm.example/feed")
    poll = PollRecord(replace(other, settled=True), {}, (report(90, title="Bridge shuts"),))
    await storage.feeds.record([poll], NOW + 20)
    (unplaced,) = await storage.stories.unplaced(9)
    await storage.stories.place([placed(unplaced.id, None, ring(ADA))], NOW + 20)
    await sends(storage, NOW + 20, 99)
    changed = (Rewrite(report(90).key, "Bridge shuts, 3 hurt", ""),)
    before = await _updates(storage)
    poll = PollRecord(replace(other, settled=True), rewritten=changed)
    await storage.feeds.record([poll], NOW + 30)
    assert await _updates(storage) == before + 1


async def test_alerts_are_told_before_changes_that_came_before_them(
    storage: Storage, feed: Feed
) -> None:
    await rewrites(storage, feed, [1, 2, 3], NOW + 60)
    await _tells(storage, 31, 32)
    kinds = await sends(storage, NOW + 61, 99)
    assert kinds == [DeliveryKind.ALERT] * 2 + [DeliveryKind.UPDATE] * 3


async def test_an_alert_goes_before_the_changes_of_other_chats(
    storage: Storage, feed: Feed
) -> None:
    await rewrites(storage, feed, [1], NOW + 60)
    await storage.chats.meet(chat(2))
    await store(storage, report(40, title="Bridge shuts"))
    (unplaced,) = await storage.stories.unplaced(9)
    await storage.stories.place([placed(unplaced.id, None, ring(2))], NOW)
    assert [each.chat_id for each in await storage.outbox.due(NOW + 61, [], 9)] == [2]
    assert [each.chat_id for each in await storage.outbox.due(NOW + 61, [2], 9)] == [ADA]
