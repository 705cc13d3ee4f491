"""Feeds that only chats brought: each is for the chats that wrote its address.

A guest lives while one of them keeps it. That it ends with the last of them, and that who leaves it
follows it no longer, the database sees to by itself (migration 0033): chats go in many ways, and
their rows of other tables with them.
"""

from collections.abc import Iterable, Sequence

from bot.news.chat import ChatState, Subscription
from bot.news.telling.following import new_follows
from storage.chats.audience import subscription_of
from storage.database import Row, Transaction
from storage.sql import as_list, listed
from storage.stories.visibility import kept_by

_HEARD = (ChatState.ACTIVE, ChatState.STOPPED)
"""A guest is polled while a chat that wrote its address is in one of these states."""
HEARD_STATES = tuple(map(str, _HEARD))
_REST_SECONDS = 86_400.0
_SPOKEN_OF_SECONDS = 7 * 86_400.0
"""After a week within its quota a guest may be spoken of anew."""


async def kept_by_others(
    transaction: Transaction, chat_id: int, addresses: Sequence[str]
) -> list[Row]:
    """The guests at these addresses that a chat does not keep."""
    return await transaction.rows(
        "SELECT * FROM feeds WHERE guest = 1"
        f" AND (url IN {listed('?1')} OR id IN (SELECT feed_id"
        f"  FROM former_addresses WHERE url IN {listed('?1')}))"
        f" AND id NOT IN {kept_by('?2')}",
        as_list(addresses),
        chat_id,
    )


async def keep(transaction: Transaction, chat_id: int, feed_ids: Sequence[int], now: float) -> None:
    """Notes that a chat wrote the addresses of these guests."""
    await transaction.run_many(
        "INSERT INTO added_feeds (feed_id, chat_id, at, person)"
        " SELECT id, ?1, ?2, coalesce((SELECT k.user_id FROM keepers k WHERE k.chat_id = ?1"
        "  ORDER BY k.at DESC, k.user_id LIMIT 1), CASE WHEN ?1 > 0 THEN ?1 END) FROM feeds"
        " WHERE id = ?3 AND guest = 1 ON CONFLICT DO NOTHING",
        [(chat_id, now, feed_id) for feed_id in feed_ids],
    )


async def follow(
    transaction: Transaction, subscriptions: Sequence[Subscription], now: float
) -> int:
    """Follows many at once, as many as a chat may, and of guests those that it keeps; returns how
    many of them newly.
    """
    followed = await transaction.rows(
        f"SELECT * FROM subscriptions WHERE chat_id IN {listed()}",
        as_list({each.chat_id for each in subscriptions}),
    )
    kept: dict[int, set[int]] = {}
    for row in await transaction.rows(
        "SELECT f.id, a.chat_id FROM feeds f LEFT JOIN added_feeds a ON a.feed_id = f.id"
        f" WHERE f.guest = 1 AND f.id IN {listed()}",
        as_list({each.feed_id for each in subscriptions}),
    ):
        kept.setdefault(row["id"], set()).add(row["chat_id"])
    new = new_follows(subscriptions, [subscription_of(row) for row in followed], kept)
    await transaction.run_many(
        "INSERT INTO subscriptions (chat_id, thread_id, feed_id, folder, since)"
        " VALUES (?, ?, ?, ?, ?)",
        [(each.chat_id, each.thread_id, each.feed_id, each.group, now) for each in new],
    )
    return len(new)


async def wake(transaction: Transaction, feed_ids: Iterable[int], now: float) -> None:
    """Lets those of these guests be polled at once that rest, since nobody is left to hear them:
    somebody will be, by what is stored next.
    """
    await transaction.run(
        f"UPDATE feeds SET poll_at = min(poll_at, ?1) WHERE id IN {listed('?2')} AND guest = 1"
        f" AND NOT {is_polled('feeds')}",
        now,
        as_list(feed_ids),
    )


async def wake_for(transaction: Transaction, chat_id: int, state: ChatState, now: float) -> None:
    """`wake` for the guests of a chat that is about to be in this state."""
    if state in _HEARD:
        rows = await transaction.rows("SELECT feed_id FROM added_feeds WHERE chat_id = ?", chat_id)
        await wake(transaction, [row["feed_id"] for row in rows], now)


async def tend(transaction: Transaction, now: float) -> int:
    """Lets guests rest that nobody is left to hear, forgets which were over their quotas long ago,
    and deletes those that no chat keeps, which older versions left; returns how many.
    """
    await transaction.run(_REST, now, now + _REST_SECONDS)
    await transaction.run("DELETE FROM over_quota WHERE at < ?", now - _SPOKEN_OF_SECONDS)
    return await transaction.run(
        "DELETE FROM feeds WHERE guest = 1 AND id NOT IN (SELECT feed_id FROM added_feeds)"
    )


def is_polled(feeds: str) -> str:
    """Whether a feed is to be polled, as SQL: it is the operator's, or of a chat that is served or
    said /stop. Whom nobody who brought it is left to hear is not asked for news.
    """
    return (
        f"({feeds}.guest = 0 OR EXISTS (SELECT 1 FROM added_feeds a JOIN chats c"
        f" ON c.id = a.chat_id WHERE a.feed_id = {feeds}.id AND c.state IN {HEARD_STATES}))"
    )


# So that those that are not polled do not stand before all that are, for as long as they are there.
_REST = (
    f"UPDATE feeds SET poll_at = ?2 WHERE poll_at <= ?1 AND guest = 1 AND NOT {is_polled('feeds')}"
)
