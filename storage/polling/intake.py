"""What there is room for of what guests bring is stored, within the transaction of their polls;
what is over their quotas is counted. Of what the operator's feeds bring all is stored, and what is
over theirs does not ring.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from bot.news.feed import Feed, PollRecord
from bot.news.polling import quota
from bot.news.polling.quota import (
    ALERTS_AT_ONCE,
    ALERTS_OF_A_FEED,
    ENTRIES_OF_A_CHAT,
    ENTRIES_OF_A_GUEST,
    ENTRIES_OF_A_PERSON,
    RINGS_ANEW_SECONDS,
    Spent,
)
from storage.database import Row, Transaction
from storage.sql import as_list, listed


async def within_quotas(
    transaction: Transaction, polls: Sequence[PollRecord], now: float
) -> tuple[list[PollRecord], list[Feed]]:
    """The polls with what there is room for of the reports of guests, and with as many reports that
    ring of the operator's feeds; and which of these began to ring too much. A guest that several
    chats brought counts for the one of them that has most room: what floods one is nothing to the
    others.
    """
    bring = [poll.feed.id for poll in polls if poll.reports]
    rows = await transaction.rows(_INTAKE, as_list(bring)) if bring else []
    known = {row["id"]: row for row in rows}
    kept, too_loud = list[PollRecord](), list[Feed]()
    for poll in polls:
        row = known.get(poll.feed.id)
        if row is None:
            kept.append(poll)
        elif row["guest"]:
            kept.append(await _within(transaction, poll, _spent(row), now))
        else:
            kept.append(await _audible(transaction, poll, _spent(row), now))
            if kept[-1] is not poll and _begins(row["hushed_at"], now):
                too_loud.append(poll.feed)
    return kept, too_loud


async def _audible(
    transaction: Transaction, poll: PollRecord, spent: Spent, now: float
) -> PollRecord:
    """A poll of a feed of the operator's, with no more reports that ring than it may."""
    ringing = sum(not report.quiet for report in poll.reports)
    if not ringing:
        return poll
    rings = min(ringing, quota.left(spent, ALERTS_AT_ONCE, now, ALERTS_OF_A_FEED))
    of_feed = quota.after(spent, rings, ALERTS_OF_A_FEED, now)
    over = ringing - rings
    await transaction.run(_FEED_SPENT, poll.feed.id, of_feed.entries, of_feed.at, 0)
    if not over:
        return poll
    await transaction.run(_HUSHED, poll.feed.id, over, now, now - RINGS_ANEW_SECONDS)
    return replace(poll, reports=quota.hushed(poll.reports, rings))


def _begins(hushed_at: float | None, now: float) -> bool:
    """Whether a feed that rings too much now was within its quota for long before."""
    return hushed_at is None or not 0 <= now - hushed_at <= RINGS_ANEW_SECONDS


async def _within(
    transaction: Transaction, poll: PollRecord, spent: Spent, now: float
) -> PollRecord:
    rows = await transaction.rows(
        "SELECT a.chat_id, i.spent, i.at, a.person, p.spent AS person_spent, p.at AS person_at"
        " FROM added_feeds a LEFT JOIN chat_intake i ON i.chat_id = a.chat_id"
        " LEFT JOIN person_intake p ON p.person = a.person WHERE a.feed_id = ?",
        poll.feed.id,
    )
    if not rows:
        return replace(poll, reports=())
    payer = max(rows, key=lambda row: _room(row, now))
    room = min(quota.left(spent, ENTRIES_OF_A_GUEST, now), _room(payer, now))
    taken = quota.within(poll.reports, room)
    of_feed = quota.after(spent, len(taken), ENTRIES_OF_A_GUEST, now)
    of_chat = quota.after(_spent(payer), len(taken), ENTRIES_OF_A_CHAT, now)
    over = len(poll.reports) - len(taken)
    await transaction.run(_FEED_SPENT, poll.feed.id, of_feed.entries, of_feed.at, over)
    await transaction.run(_CHAT_SPENT, payer["chat_id"], of_chat.entries, of_chat.at)
    if payer["person"] is not None:
        by_person = quota.after(_person_spent(payer), len(taken), ENTRIES_OF_A_PERSON, now)
        await transaction.run(_PERSON_SPENT, payer["person"], by_person.entries, by_person.at)
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


def _room(row: Row, now: float) -> int:
    """How many entries of guests a chat has room for, and who keeps it."""
    in_chat = quota.left(_spent(row), ENTRIES_OF_A_CHAT, now)
    return min(in_chat, quota.left(_person_spent(row), ENTRIES_OF_A_PERSON, now))


def _spent(row: Row) -> Spent:
    return Spent(row["spent"] or 0.0, row["at"] or 0.0)


def _person_spent(row: Row) -> Spent:
    return Spent(row["person_spent"] or 0.0, row["person_at"] or 0.0)


_INTAKE = (
    "SELECT f.id, f.guest, i.spent, i.at, i.hushed_at FROM feeds f"
    f" LEFT JOIN feed_intake i ON i.feed_id = f.id WHERE f.id IN {listed()}"
)
# ?2 more that did not ring, now ?3; those of before count too where it has been so since ?4.
_HUSHED = (
    "UPDATE feed_intake SET hushed_at = ?3, left_out = ?2 +"
    " CASE WHEN hushed_at >= ?4 AND hushed_at <= ?3 THEN left_out ELSE 0 END WHERE feed_id = ?1"
)
_FEED_SPENT = (
    "INSERT INTO feed_intake (feed_id, spent, at, left_out) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (feed_id) DO UPDATE SET spent = ?2, at = ?3, left_out = feed_intake.left_out + ?4"
)
_CHAT_SPENT = (
    "INSERT INTO chat_intake (chat_id, spent, at) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (chat_id) DO UPDATE SET spent = ?2, at = ?3"
)
_PERSON_SPENT = (
    "INSERT INTO person_intake (person, spent, at) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (person) DO UPDATE SET spent = ?2, at = ?3"
)
_OVER = (
    "INSERT INTO over_quota (feed_id, chat_id, at) SELECT feed_id, chat_id, ?2 FROM added_feeds"
    " WHERE feed_id = ?1 ON CONFLICT (feed_id, chat_id) DO UPDATE SET at = excluded.at"
)
