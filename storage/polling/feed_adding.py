"""Feeds come into the catalogue, within a transaction."""

from collections.abc import Sequence

from bot.news.chat import Subscription
from bot.news.feed import Feed, NewFeed
from bot.news.polling.politeness import host_key
from storage.database import Transaction
from storage.polling.feed_rows import feed_of
from storage.polling.guests import follow, keep, kept_by_others, wake
from storage.sql import as_list, tabled


async def add_feeds(
    transaction: Transaction, feeds: Sequence[NewFeed], now: float, *, guests: bool = False
) -> list[Feed]:
    """Adds those that are not there yet, within a transaction, and returns these only, as well as
    those that are tried again. Feeds that are there do not become `guests`.
    """
    first: dict[str, NewFeed] = {}
    for feed in feeds:
        first.setdefault(feed.url, feed)
    rows = [
        (f.url, f.title, int(f.named and f.title != ""), f.group, f.poll_at, host_key(f.url))
        for f in first.values()
    ]
    # The address is the identity: adding one twice changes nothing, unless its host had said that
    # it is gone; then it is tried again.
    added = await transaction.rows(
        # A number above all that were ever given.
        "INSERT INTO feeds (id, url, title, named, folder, poll_at, host, added_at, guest)"
        " SELECT (SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'last_feed')"
        "   + row_number() OVER (), url, title, named, folder, poll_at, host, ?2, ?3"
        f" FROM {tabled('?1', *_COLUMNS)} n"
        " WHERE url NOT IN (SELECT url FROM former_addresses)"
        " ON CONFLICT (url) DO UPDATE SET suspended = 0, gone_at = NULL, failures = 0,"
        " failing_since = NULL, error = NULL, poll_at = excluded.poll_at"
        " WHERE feeds.suspended = 1 RETURNING *",
        as_list(rows),
        now,
        int(guests),
    )
    return [feed_of(row) for row in added]


_COLUMNS = ("url text", "title text", "named", "folder text", "poll_at real", "host text")


async def bring_feeds(
    transaction: Transaction,
    chat_id: int,
    thread_id: int,
    feeds: Sequence[NewFeed],
    now: float,
    *,
    guests: bool,
) -> list[Feed]:
    """Adds feeds that a chat follows from now on; `guests` are kept by it, also those that others
    brought before. All or nothing: a guest that nobody keeps would ring for nobody.
    """
    brought = await add_feeds(transaction, feeds, now, guests=guests)
    if guests:
        known = {feed.id for feed in brought}
        there = await kept_by_others(transaction, chat_id, [feed.url for feed in feeds])
        others = [feed_of(row) for row in there if row["id"] not in known]
        await wake(transaction, [feed.id for feed in others], now)
        brought += others
        await keep(transaction, chat_id, [feed.id for feed in brought], now)
    await follow(transaction, [Subscription(chat_id, thread_id, feed.id) for feed in brought], now)
    return brought
