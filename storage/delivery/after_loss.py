"""Deliveries whose outcome is unknown, settled within the transaction of its cause. What becomes of
them is decided in `bot.news.telling.after_loss`.
"""

from collections.abc import Collection, Sequence

from bot.news.outbox import Settlement, Unsure
from bot.news.telling.after_loss import Lost, after_loss, begun_anew, counted
from bot.news.why import Why
from storage.database import Row, Transaction
from storage.sql import as_list, in_slots, listed

_CLAIMED = (
    "SELECT id, kind = 'digest' AS is_digest, message_id, resends, renewals, due_at, was_due_at,"
    " whole_in, sources FROM deliveries WHERE state = 'sending'"
)


async def settle_abandoned(
    transaction: Transaction,
    why: Why,
    resend: bool,
    now: float,
    lease_before: float,
    busy: Collection[int],
    slots: Collection[int] | None,
) -> tuple[Unsure, list[int]]:
    """Settles claims that ran out before `lease_before`, of all chats or those of some slots, but
    for chats in `busy`; the ids of what was settled, too.
    """
    of_slots, given = in_slots("chat_id", "?3", slots)
    rows = await transaction.rows(
        f"{_CLAIMED} AND lease_until < ?1 AND chat_id NOT IN {listed('?2')}{of_slots}",
        lease_before,
        as_list(busy),
        *given,
    )
    ends = [after_loss(_lost(row), why, resend, now) for row in rows]
    await _write(transaction, ends, now)
    return counted(ends), [each.id for each in ends]


async def settle_unknown(transaction: Transaction, settlement: Settlement, resend: bool) -> Unsure:
    """Settles one claim; a digest of which the first part is gone will begin anew."""
    if not settlement.begin_anew:
        await transaction.run(
            # The group may have moved meanwhile: then the row has no message any more.
            "UPDATE deliveries SET whole_in = coalesce(whole_in, ?)"
            " WHERE id = ? AND kind = 'digest'",
            settlement.message_id,
            settlement.delivery_id,
        )
    rows = await transaction.rows(f"{_CLAIMED} AND id = ?", settlement.delivery_id)
    rule = begun_anew if settlement.begin_anew else after_loss
    ends = [rule(_lost(row), settlement.error, resend, settlement.at) for row in rows]
    await _write(transaction, ends, settlement.at)
    found = counted(ends)
    return Unsure(given_up=found.given_up) if settlement.begin_anew else found


def _lost(row: Row) -> Lost:
    return Lost(**dict(row) | {"is_digest": bool(row["is_digest"])})


async def _write(transaction: Transaction, ends: Sequence[Lost], now: float) -> None:
    await transaction.run_many(
        "UPDATE deliveries SET state = ?, settled_at = ?, due_at = ?, error = ?, message_id = ?,"
        " resends = ?, renewals = ?, was_due_at = ?, whole_in = ?, sources = ?, edited_at = ?,"
        " lease_until = NULL WHERE id = ?",
        [
            (
                *(each.state, each.settled_at, each.due_at, each.error and each.error.stored()),
                *(each.message_id, each.resends, each.renewals, each.was_due_at, each.whole_in),
                *(each.sources, now, each.id),
            )
            for each in ends
        ],
    )


def added_up(found: Sequence[Unsure]) -> Unsure:
    """All of it together."""
    return Unsure(
        sum(each.resent for each in found),
        sum(each.gathered for each in found),
        sum(each.repeated for each in found),
        sum(each.given_up for each in found),
    )


async def hurry_digests(transaction: Transaction, sent: Sequence[Settlement]) -> None:
    """A chat that a message reached can be reached: its digest need not wait longer. Once between
    two tries, since many alerts may arrive in a minute.
    """
    await transaction.run_many(
        "UPDATE deliveries INDEXED BY deliveries_digests_of_chat"
        " SET was_due_at = due_at, due_at = 0"
        " WHERE chat_id = ? AND kind = 'digest' AND state = 'pending' AND due_at > 0"
        " AND was_due_at IS NULL",
        [(each.chat_id,) for each in sent],
    )
