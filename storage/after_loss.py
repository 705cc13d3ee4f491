"""What becomes of deliveries whose outcome is unknown, within the transaction of its cause.

An alert is sent once more; if that is of unknown outcome too, it is held for the chat's next
digest. A digest tells its stories by an edit, which may be repeated: so nothing of it comes twice,
and it is tried until it is known to be there, ever more rarely, for a day.
"""

import json
from collections.abc import Sequence

from bot.news.outbox import LOST_TWICE, DeliveryState, Settlement, Unsure
from storage.database import Row, Transaction

AGAIN_AFTER_SECONDS = (
    1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14400, 14400, 14400, 14400, 14400,
)  # fmt: skip
"""Seconds from one try of a digest to the next; a day in all."""

_ANEW_AFTER_SECONDS = (1, 60)
"""Seconds until a digest begins anew; each time rings, and somebody may delete what bots write."""

# ?1 whether to send again, ?2 now, ?3 why. Resends count 1 for the second message, 2 for the
# digest; what a refused digest gives back is sent once more and ends.
_ALONE = (
    "UPDATE deliveries SET"
    " state = CASE WHEN NOT ?1 THEN 'unknown' WHEN resends = 0 THEN 'pending'"
    "  WHEN resends = 1 THEN 'held' ELSE 'unknown' END,"
    " settled_at = CASE WHEN ?1 AND resends < 2 THEN NULL ELSE ?2 END,"
    " due_at = CASE WHEN resends = 1 THEN ?2 ELSE due_at END,"
    f" error = CASE WHEN ?1 AND resends = 1 THEN '{LOST_TWICE.replace(chr(39), chr(39) * 2)}'"
    "  ELSE ?3 END,"
    # Nothing but a digest decides of it any more.
    " sources = NULL,"
    " resends = resends + (?1 AND resends < 2), edited_at = ?2, lease_until = NULL"
    " WHERE kind <> 'digest'"
)
# ?4 is the gaps as a JSON array. A try that was brought forward is no step of them.
_FORWARD = "(coalesce(was_due_at, 0) > ?2)"
_AGAIN = f"(?1 OR message_id IS NOT NULL) AND (resends < json_array_length(?4) OR {_FORWARD})"
_DIGEST = (
    "UPDATE deliveries SET"
    f" state = CASE WHEN {_AGAIN} THEN 'pending' ELSE 'unknown' END,"
    f" settled_at = CASE WHEN {_AGAIN} THEN NULL ELSE ?2 END,"
    f" due_at = CASE WHEN {_FORWARD} THEN was_due_at"
    "  ELSE ?2 + coalesce(json_extract(?4, '$[' || resends || ']'), 0) END,"
    f" error = ?3, resends = resends + (NOT {_FORWARD}),"
    f" was_due_at = CASE WHEN {_FORWARD} THEN was_due_at END,"
    " edited_at = ?2, lease_until = NULL, whole_in = coalesce(whole_in, message_id)"
    " WHERE kind = 'digest'"
)
_GAPS = json.dumps(AGAIN_AFTER_SECONDS)


async def settle_abandoned(
    transaction: Transaction, why: str, resend: bool, now: float, lease_before: float, busy: str
) -> tuple[Unsure, list[int]]:
    """Settles claims that ran out before `lease_before`, but for chats in `busy`, a JSON array; the
    ids of what was settled, too.
    """
    which = (
        " AND state = 'sending' AND lease_until < ?5"
        " AND chat_id NOT IN (SELECT value FROM json_each(?6))"
    )
    return await _settle(transaction, which, (resend, now, why), (lease_before, busy))


async def settle_unknown(transaction: Transaction, settlement: Settlement, resend: bool) -> Unsure:
    """Settles one claim; a digest of which the first part is gone will begin anew."""
    if settlement.begin_anew:
        return await _begin_anew(transaction, settlement, resend)
    await transaction.run(
        # The group may have moved meanwhile: then the row has no message any more.
        "UPDATE deliveries SET whole_in = coalesce(whole_in, ?) WHERE id = ? AND kind = 'digest'",
        settlement.message_id,
        settlement.delivery_id,
    )
    known = (resend, settlement.at, settlement.error)
    found, _ = await _settle(
        transaction, " AND state = 'sending' AND id = ?5", known, (settlement.delivery_id,)
    )
    return found


async def _begin_anew(transaction: Transaction, settlement: Settlement, resend: bool) -> Unsure:
    """A digest that fails gives its stories back, to be told one by one; one that may have told
    them does not.
    """
    rows = await transaction.rows(
        "SELECT renewals, whole_in FROM deliveries WHERE id = ? AND state = 'sending'",
        settlement.delivery_id,
    )
    given_up = 0
    for row in rows:
        perhaps_told = row["whole_in"] is not None
        again = row["renewals"] < len(_ANEW_AFTER_SECONDS) and (resend or not perhaps_told)
        end = DeliveryState.UNKNOWN if perhaps_told else DeliveryState.FAILED
        given_up += perhaps_told and not again
        await transaction.run(
            "UPDATE deliveries SET state = ?, settled_at = ?, due_at = ?, error = ?,"
            " renewals = renewals + 1, message_id = NULL, edited_at = ?, lease_until = NULL,"
            " was_due_at = NULL"
            " WHERE id = ?",
            DeliveryState.PENDING if again else end,
            None if again else settlement.at,
            settlement.at + _ANEW_AFTER_SECONDS[row["renewals"]] if again else 0,
            settlement.error,
            settlement.at,
            settlement.delivery_id,
        )
    return Unsure(given_up=given_up)


async def _settle(
    transaction: Transaction, which: str, known: Sequence[object], more: Sequence[object]
) -> tuple[Unsure, list[int]]:
    rows: list[Row] = []
    for statement in (_ALONE, _DIGEST):
        rows += await transaction.rows(
            f"{statement}{which} RETURNING id, state, message_id", *known, _GAPS, *more
        )
    pending = [row["message_id"] for row in rows if row["state"] == "pending"]
    unsure = Unsure(
        resent=pending.count(None),
        gathered=sum(row["state"] == "held" for row in rows),
        repeated=len(pending) - pending.count(None),
        given_up=sum(row["state"] == "unknown" for row in rows),
    )
    return unsure, [row["id"] for row in rows]


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
