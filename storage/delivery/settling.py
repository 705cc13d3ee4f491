"""What became of messages and edits, stored within a transaction: of each delivery, of what is
gathered in it, and of its chat.
"""

from collections.abc import Sequence

from bot.news.chat import ChatState
from bot.news.outbox import DeliveryState, EditRecord, Settlement, Unsure
from bot.news.telling.updates import EDIT_GAP_SECONDS, EDIT_WITHIN_SECONDS
from storage.chats.chat_moves import (
    NOT_SERVED,
    TOLD_IN_MAIN,
    change_state,
    leave_thread,
    move,
    take_gathered_along,
    take_topics_along,
)
from storage.database import Transaction
from storage.delivery.after_loss import added_up, hurry_digests, settle_unknown
from storage.delivery.gathered import settle_gathered
from storage.delivery.told_once import untold

# The main thread may only wait for more sources of the story of alert ?1, or have been told nothing
# of it: it is told then in the place of the thread that is gone.
_TOLD_BY_MAIN = (
    "UPDATE deliveries SET state = 'pending', settled_at = NULL, error = NULL, digest_id = NULL,"
    " sources = NULL, report_id = d.report_id, created_at = d.created_at, due_at = d.due_at,"
    " silent = d.silent, attempts = d.attempts, resends = d.resends FROM deliveries d"
    " WHERE d.id = ?1 AND d.kind = 'alert' AND d.thread_id <> 0"
    " AND deliveries.kind = 'alert' AND deliveries.chat_id = d.chat_id"
    " AND deliveries.thread_id = 0 AND deliveries.story_id = d.story_id"
    " AND deliveries.state IN ('waiting', 'dead', 'failed')"
    # A chat may have stopped meanwhile; then nothing of it is told.
    " AND EXISTS (SELECT 1 FROM chats c WHERE c.id = d.chat_id AND c.state = 'active')"
)
# After when the edit that was due at ?2 is not tried again. What was due later than by any change
# closes options that a person opened.
_EDIT_ENDS = (
    "CASE WHEN coalesce(was_due_at, ?2)"
    f" < settled_at + {EDIT_WITHIN_SECONDS + 5 * EDIT_GAP_SECONDS} THEN settled_at"
    f" ELSE coalesce(was_due_at, ?2) END + {EDIT_WITHIN_SECONDS}"
)


async def settle(transaction: Transaction, batch: Sequence[Settlement], resend: bool) -> Unsure:
    """Stores what became of claimed deliveries; `resend` as in `Outbox.settle`."""
    found = []
    await transaction.run_many(
        # A group that moved meanwhile numbers its messages anew.
        "UPDATE deliveries SET state = ?, message_id = CASE WHEN chat_id = ?"
        " THEN CAST(? AS INTEGER) END,"
        " error = ?, due_at = ?, settled_at = ?, as_picture = ?, lease_until = NULL"
        " WHERE id = ? AND state = 'sending'",
        [
            (
                s.state,
                s.chat_id,
                s.message_id,
                s.error.stored() if s.error else None,
                s.retry_at,
                None if s.state is DeliveryState.PENDING else s.at,
                s.as_picture,
                s.delivery_id,
            )
            for s in batch
            if s.state is not DeliveryState.UNKNOWN
        ],
    )
    await transaction.run_many(
        # The story may have changed while its alert was under way.
        "UPDATE deliveries SET edit_due_at = max(edit_due_at, ?1 + ?2)"
        " WHERE id = ?3 AND state = 'sent'",
        [(s.at, EDIT_GAP_SECONDS, s.delivery_id) for s in batch if s.state is DeliveryState.SENT],
    )
    await hurry_digests(transaction, [s for s in batch if s.state is DeliveryState.SENT])
    await transaction.run_many(
        # What becomes of the whole is counted anew.
        "UPDATE deliveries SET edited_at = ?, resends = 0, was_due_at = NULL WHERE id = ?",
        [(s.at, s.delivery_id) for s in batch if s.begun],
    )
    for settlement in batch:
        if settlement.state is DeliveryState.UNKNOWN:
            found.append(await settle_unknown(transaction, settlement, resend))
        await _settle_rest(transaction, settlement)
    await _end_unserved(transaction, batch)
    await settle_gathered(transaction, [s.delivery_id for s in batch])
    return added_up(found)


async def record_edits(transaction: Transaction, edits: Sequence[EditRecord]) -> None:
    """Stores what became of edits. An alert whose story has changed again is due anew; one that is
    a day old is edited no more for its story, and no edit is tried for longer than a day.
    """
    await transaction.run_many(
        # A change while the edit was under way has put another time there. What is tried again
        # keeps in `was_due_at` when it was due at first.
        "UPDATE deliveries SET edited_at = ?1, edit_due_at = CASE"
        " WHEN edit_due_at <> ?2 THEN max(edit_due_at, ?1 + ?3)"
        f" WHEN ?4 > {_EDIT_ENDS} THEN NULL ELSE ?4 END,"
        " was_due_at = CASE WHEN edit_due_at = ?6 THEN coalesce(was_due_at, ?6) END"
        " WHERE id = ?5 AND edit_due_at IS NOT NULL",
        [
            (e.at, e.due_at, EDIT_GAP_SECONDS, e.retry_at, e.delivery_id, e.retry_at and e.due_at)
            for e in edits
        ],
    )
    await transaction.run_many(
        "UPDATE chats SET hold_until = max(hold_until, ?) WHERE id = ?",
        [(e.hold_until, e.chat_id) for e in edits if e.hold_until],
    )


async def _settle_rest(transaction: Transaction, settlement: Settlement) -> None:
    """The rarer consequences, one by one: what happens to the chat."""
    if settlement.to_main_thread:
        await _to_main_thread(transaction, settlement)
    if settlement.not_found is not None:
        await transaction.run(
            "UPDATE chats SET not_found = ? WHERE id = ?", settlement.not_found, settlement.chat_id
        )
    if settlement.hold_until:
        await transaction.run(
            "UPDATE chats SET hold_until = max(hold_until, ?) WHERE id = ?",
            settlement.hold_until,
            settlement.chat_id,
        )
    if settlement.block_reason:
        await change_state(
            transaction,
            settlement.chat_id,
            ChatState.BLOCKED,
            settlement.block_reason,
            settlement.at,
        )
    if settlement.migrate_to:
        await move(transaction, settlement.chat_id, settlement.migrate_to, settlement.at)


async def _end_unserved(transaction: Transaction, batch: Sequence[Settlement]) -> None:
    """A chat may have stopped while a message was under way; it must not ring weeks later."""
    again = [s for s in batch if s.state in (DeliveryState.PENDING, DeliveryState.UNKNOWN)]
    await transaction.run_many(
        "UPDATE deliveries SET state = 'dead', settled_at = ?, error = ?"
        " WHERE id = ? AND state IN ('pending', 'held') AND chat_id IN"
        " (SELECT id FROM chats WHERE state <> 'active')",
        [(s.at, NOT_SERVED.stored(), s.delivery_id) for s in again],
    )


async def _to_main_thread(transaction: Transaction, settlement: Settlement) -> None:
    if settlement.for_good:
        await leave_thread(transaction, settlement.delivery_id)
    await transaction.run(_TOLD_BY_MAIN, settlement.delivery_id)
    await take_topics_along(transaction, settlement.delivery_id)
    moved = await transaction.run(
        f"UPDATE deliveries SET thread_id = 0 WHERE id = ? AND {untold(thread_id='0')}",
        settlement.delivery_id,
    )
    if not moved:
        await transaction.run(
            "UPDATE deliveries SET state = 'dead', settled_at = ?, error = ? WHERE id = ?",
            settlement.at,
            TOLD_IN_MAIN,
            settlement.delivery_id,
        )
    await take_gathered_along(transaction, settlement.delivery_id, settlement.at)
