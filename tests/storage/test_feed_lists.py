"""A large catalogue is read beside the loop, so that nobody else waits for it."""

from collections.abc import Awaitable, Callable, Sequence

import pytest

from bot.news.feed import NewFeed
from storage.storage import Storage
from tests.loop_watch import calls_here
from tests.storage.samples import sql

_MANY = 1_000


@pytest.fixture
async def full(storage: Storage) -> Storage:
    """A catalogue of many feeds, all of which fail."""
    feeds = [NewFeed(f"https://outlet{n}.example/feed", f"Outlet {n}", 1.0) for n in range(_MANY)]
    await storage.feeds.add(feeds, 1.0)
    await sql(storage, "UPDATE feeds SET failures = 9, title = 'Outlet', folder = 'Coast'")
    return storage


async def test_no_feed_of_many_is_made_on_the_loop(full: Storage) -> None:
    asked: dict[str, Callable[[], Awaitable[Sequence[object]]]] = {
        "all": full.feeds.all,
        "seen": lambda: full.feeds.seen_by(1),
        "some": lambda: full.feeds.some(1, [], ["Coast"]),
        "failing": lambda: full.feeds.failing(5, 0.0),
    }
    for name, ask in asked.items():
        with calls_here("storage.polling.feed_rows", "feed_of") as here:
            found = await ask()
        assert (name, len(found), here) == (name, _MANY, [])


async def test_a_few_feeds_are_made_at_once(full: Storage) -> None:
    with calls_here("storage.polling.feed_rows", "feed_of") as here:
        found = await full.feeds.due(1e9, 32)
    assert len(found) == len(here) == 32
