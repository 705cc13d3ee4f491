"""What there is room for of what guests bring is stored, within the transaction of their polls;
what is over their quotas is counted.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from bot.news.feed import PollRecord
from bot.news.polling import quota
from bot.news.polling.quota import ENTRIES_OF_A_CHAT, ENTRIES_OF_A_GUEST, Spent
from storage.database import Row, Transaction
from storage.sql import as_list, listed


async def within_quotas(
    transaction: Transaction, polls: Sequence[PollRecord], now: float
) -> list[PollRecord]:
    """The polls with what there is room for of the reports of guests. A guest that several chats
    brought counts for the one of them that has most room: what floods one is nothing to the others.
    """
    if not any(poll.reports for poll in polls):
        return list(polls)
    rows = await transaction.rows(
        "SELECT f.id, i.spent, i.at FROM feeds f LEFT JOIN feed_intake i ON i.feed_id = f.id"
        f" WHERE f.guest = 1 AND f.id IN {listed()}",
        as_list([poll.feed.id for poll in polls if poll.reports]),
    )
    guests = {row["id"]: _spent(row) for row in rows}
    return [
        await _within(transaction, poll, guests[poll.feed.id], now)
        if poll.feed.id in guests and poll.reports
        else poll
        for poll in polls
    ]


async def _within(
    transaction: Transaction, poll: PollRecord, spent: Spent, now: float
) -> PollRecord:
    rows = await transaction.rows(
        "SELECT a.chat_id, i.spent, i.at FROM added_feeds a"
        " LEFT JOIN chat_intake i ON i.chat_id = a.chat_id WHERE a.feed_id = ?",
        poll.feed.id,
    )
    chats = {row["chat_id"]: _spent(row) for row in rows}
    if not chats:
        return replace(poll, reports=())
    payer = max(chats, key=lambda chat: quota.left(chats[chat], ENTRIES_OF_A_CHAT, now))
    room = min(
        quota.left(spent, ENTRIES_OF_A_GUEST, now),
        quota.left(chats[payer], ENTRIES_OF_A_CHAT, now),
    )
    taken = quota.within(poll.reports, room)
    of_feed = quota.after(spent, len(taken), ENTRIES_OF_A_GUEST, now)
    of_chat = quota.after(chats[payer], len(taken), ENTRIES_OF_A_CHAT, now)
    over = len(poll.reports) - len(taken)
    await transaction.run(_FEED_SPENT, poll.feed.id, of_feed.entries, of_feed.at, over)
    await transaction.run(_CHAT_SPENT, payer, of_chat.entries, of_chat.at)
    if over:
        await _note(transaction, poll, now)
    return replace(poll, reports=taken)


async def _note(transaction: Transaction, poll: PollRecord, now: float) -> None:
    """Lets a guest that is over its quota wait, and notes its chats, to be told once. Of a poll
    that rings nobody, such as the first one, nothing is said.
    """
    await transaction.run(
        "UPDATE feeds SET poll_at = max(poll_at, ?) WHERE id = ?",
        now + quota.PATIENCE_SECONDS,
        poll.feed.id,
    )
    if not all(report.quiet for report in poll.reports):
        await transaction.run(_OVER, poll.feed.id, now)


def _spent(row: Row) -> Spent:
    return Spent(row["spent"] or 0.0, row["at"] or 0.0)


_FEED_SPENT = (
    "INSERT INTO feed_intake (feed_id, spent, at, left_out) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (feed_id) DO UPDATE SET spent = ?2, at = ?3, left_out = feed_intake.left_out + ?4"
)
_CHAT_SPENT = (
    "INSERT INTO chat_intake (chat_id, spent, at) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (chat_id) DO UPDATE SET spent = ?2, at = ?3"
)
_OVER = (
    "INSERT INTO over_quota (feed_id, chat_id, at) SELECT feed_id, chat_id, ?2 FROM added_feeds"
    " WHERE feed_id = ?1 ON CONFLICT (feed_id, chat_id) DO UPDATE SET at = excluded.at"
)
