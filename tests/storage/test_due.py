"""What is due is found, however many feeds wait for hosts that are busy."""

import pytest

from bot.news.feed import NewFeed
from storage.polling import due
from storage.storage import Storage

BUSY, MANY = "crowded.example", due._MOST


async def _crowd(storage: Storage, others: int) -> list[str]:
    """As many feeds of one host as a look goes through, and behind them those of `others`."""
    urls = [f"https://h{n:04}.example/" for n in range(others)]
    crowd = [NewFeed(f"https://{BUSY}/{n}", "", float(n)) for n in range(MANY)]
    await storage.feeds.add(crowd, 1.0)
    await storage.feeds.add([NewFeed(url, "", 2.0 * MANY + n) for n, url in enumerate(urls)], 1.0)
    return urls


async def test_what_waits_for_a_busy_host_hides_nothing_behind_it(storage: Storage) -> None:
    urls = await _crowd(storage, 3)
    found = await storage.feeds.due(9e9, 32, [BUSY])
    assert [feed.url for feed in found] == urls
    assert len(await storage.feeds.due(9e9, 32)) == 32
    assert await storage.feeds.due(9e9, 32, [BUSY, "h0000.example"], [found[1].id]) == [found[2]]
    assert await storage.feeds.due(1.5 * MANY, 32, [BUSY]) == []


@pytest.mark.slow
async def test_all_hosts_behind_those_that_wait_have_their_turn(storage: Storage) -> None:
    urls = await _crowd(storage, MANY + 50)
    polled: list[str] = []
    for _ in range(80):
        found = await storage.feeds.due(9e9, 32, [BUSY])
        polled += [feed.url for feed in found]
        async with storage.feeds._database.write() as transaction:
            await transaction.run_many(
                "UPDATE feeds SET poll_at = ? WHERE id = ?", [(1e10, feed.id) for feed in found]
            )
    assert sorted(polled) == urls


async def test_a_host_with_much_due_is_named_once_a_look_and_what_is_found_in_order(
    storage: Storage,
) -> None:
    await _crowd(storage, 2)
    more = [NewFeed(f"https://h0001.example/{n}", "", 1.5 * MANY - n) for n in range(5)]
    await storage.feeds.add(more, 1.0)
    found = await storage.feeds.due(9e9, 32, [BUSY])
    assert [feed.url for feed in found] == ["https://h0001.example/4", "https://h0000.example/"]
