"""The outbox: claims with leases, settled in batches."""

import json
from collections.abc import Collection, Iterable, Sequence

from bot.news.chat import ChatState
from bot.news.outbox import (
    Also,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Due,
    EditRecord,
    Gathered,
    Settlement,
    Unsure,
)
from bot.news.telling.timing import BREAKING
from bot.news.telling.updates import EDIT_GAP_SECONDS, EDIT_WITHIN_SECONDS
from storage import aside
from storage.after_loss import added_up, hurry_digests, settle_abandoned, settle_unknown
from storage.aside import Queue
from storage.chat_moves import (
    TOLD_IN_MAIN,
    change_state,
    leave_thread,
    move,
    take_gathered_along,
)
from storage.database import Database, Row, Transaction
from storage.digests import gathered_in, settle_gathered
from storage.errors import RowRefusedError, is_down
from storage.seeing import seen

_MOST_ALSO = 100

# All that an alert shows: the report that rang, the topics that wanted it, the other reports of
# its story that the chat did not take out, and the message that it may follow: of the story
# before it, or of its own for an update.
_DELIVERY = (
    "SELECT d.*, c.kind AS chat_kind, c.timezone,"
    " c.not_found, coalesce(json_extract(c.habits, '$.buttons'), 1) AS buttons,"
    " json_extract(c.habits, '$.quiet') AS quiet,"
    " json_extract(c.habits, '$.silent') AS hushed,"
    " json_extract(c.habits, '$.pictures') AS pictures,"
    " json_extract(c.habits, '$.previews') AS previews, r.image,"
    " coalesce(r.title_now, r.title, '') AS title,"
    " coalesce(r.summary_now, r.summary, '') AS summary, r.link, coalesce(r.source, '') AS source,"
    " r.original, r.id IS NULL AND d.kind <> 'digest' AS lost, coalesce(min("
    "  coalesce(r.published_at, r.seen_at), r.seen_at), 0) AS at,"
    " coalesce(r.seen_at, 0) AS seen_at,"
    " (SELECT json_group_array(DISTINCT t.name) FROM matches m"
    "  JOIN topics t ON t.id = m.topic_id WHERE m.story_id = d.story_id"
    "  AND m.chat_id = d.chat_id AND m.thread_id = d.thread_id AND m.kept_by IS NULL) AS topics,"
    " (SELECT json_group_array(json_array(o.source, coalesce(o.title_now, o.title), o.link,"
    "  o.original)) FROM (SELECT * FROM reports o"
    "   WHERE o.story_id = d.story_id AND o.id <> d.report_id AND NOT EXISTS"
    "   (SELECT 1 FROM taken_out t WHERE t.report_id = o.id AND t.chat_id = d.chat_id)"
    f"  AND {seen('o', 'd.chat_id')}"
    f"  ORDER BY o.id LIMIT {_MOST_ALSO}) o) AS also,"
    " (SELECT p.message_id FROM deliveries p WHERE p.story_id = CASE d.kind"
    "   WHEN 'update' THEN d.story_id"
    # The story that it follows may have been taken in by another since.
    "   ELSE (SELECT e.story_id FROM stories s JOIN reports e ON e.id = s.related_to"
    "    WHERE s.id = d.story_id) END"
    "  AND p.chat_id = d.chat_id AND p.thread_id = d.thread_id AND p.kind = 'alert'"
    "  AND p.state = 'sent') AS reply_to"
    " FROM deliveries d JOIN chats c ON c.id = d.chat_id LEFT JOIN reports r ON r.id = d.report_id"
)


# A digest that has begun is finished before anything else is told; others come after alerts.
_FIRST = "(d.kind <> 'digest' OR d.message_id IS NOT NULL)"
_THEN = "d.kind = 'digest' AND d.message_id IS NULL"


# ?1 which, ?2 now, ?3 why.
_FAILS = (
    "UPDATE deliveries SET state = 'failed', settled_at = ?2, error = ?3, lease_until = NULL"
    " WHERE id = ?1 AND state IN ('pending', 'sending')"
)
_ENDS_EDIT = "UPDATE deliveries SET edit_due_at = NULL, edited_at = ?2 WHERE id = ?1 AND ?3 <> ''"
# What was told within a digest has no message of its own.
_EDIT_DUE = (
    f"e.edit_due_at <= ?1 AND e.state = 'sent' AND e.settled_at > ?1 - {EDIT_WITHIN_SECONDS}"
    " AND e.message_id IS NOT NULL"
)


class Outbox:
    """What is to be sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recover(self, resend: bool, now: float) -> Unsure:
        """Settles what an ended process left in `sending`, as `settle` does with what is of
        unknown outcome. Only for a process that knows itself to be alone.
        """
        return await self._give_back("the process ended while sending", resend, now, 1e12, ())

    async def reclaim(self, resend: bool, now: float, busy: Collection[int]) -> Unsure:
        """As `recover`, of claims whose lease has run out, but for chats in `busy`: whoever had
        them is not coming back.
        """
        return await self._give_back("the claim ran out", resend, now, now, busy)

    async def _give_back(
        self, why: str, resend: bool, now: float, lease_before: float, busy: Collection[int]
    ) -> Unsure:
        async with self._database.write() as transaction:
            found, settled = await settle_abandoned(
                transaction, why, resend, now, lease_before, json.dumps(list(busy))
            )
            await settle_gathered(transaction, settled)
        return found

    async def due(
        self, now: float, busy: Collection[int], limit: int, *, private_first: bool = False
    ) -> list[Due]:
        """The oldest delivery of each chat that may be told now, oldest first; digests only where
        there is no alert.

        A chat with a delivery under way, or in `busy`, is left out: its order is kept.
        """
        order = "c.kind <> 'private', d.id" if private_first else "d.id"
        first = await self._due(now, busy, limit, _FIRST, order)
        return first or await self._due(now, busy, limit, _THEN, order)

    async def _readable(self, rows: Sequence[Row], now: float) -> list[Row]:
        """Those of what is due whose kind is known; the others end, on record."""
        kinds = set(DeliveryKind)
        for row in rows:
            if row["kind"] not in kinds:
                error = ValueError(f"kind {row['kind']!r} is not known")
                await self._set_aside(Queue.OUTBOX, row["id"], _FAILS, error, now)
        return [row for row in rows if row["kind"] in kinds]

    async def _due(
        self, now: float, busy: Collection[int], limit: int, which: str, order: str
    ) -> list[Due]:
        rows = await self._database.rows(
            # No open delivery of the chat before it: so each chat gives its oldest only, and
            # none while one is under way. A digest that waits keeps no alert back.
            "SELECT d.id, d.chat_id, d.kind, c.kind AS chat_kind,"
            " d.kind = 'digest' AND d.message_id IS NOT NULL AS begun FROM deliveries d"
            " JOIN chats c ON c.id = d.chat_id"
            f" WHERE d.state = 'pending' AND {which}"
            " AND d.due_at <= ?1 AND c.hold_until <= ?1"
            " AND c.state = 'active' AND d.chat_id NOT IN (SELECT value FROM json_each(?2))"
            # Of c, so that only chats that may be told now are looked at further.
            " AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.chat_id = c.id"
            "  AND e.state IN ('pending', 'sending') AND e.id < d.id AND (e.state = 'sending'"
            "   OR e.kind <> 'digest' OR e.due_at <= ?1"
            "    AND (e.message_id IS NOT NULL OR d.kind = 'digest')))"
            f" ORDER BY {order} LIMIT ?3",
            now,
            json.dumps(list(busy)),
            limit,
        )
        return [
            Due(
                row["id"],
                row["chat_id"],
                row["chat_kind"],
                DeliveryKind(row["kind"]),
                bool(row["begun"]),
            )
            for row in await self._readable(rows, now)
        ]

    async def next_due_at(self, now: float) -> float | None:
        """When something that is kept back becomes due; None if nothing is."""
        row = await self._database.row(
            # What is due later, and of what is due already the first chat to be let go again.
            "SELECT min(at) AS at FROM (SELECT min(max(d.due_at, c.hold_until)) AS at"
            " FROM deliveries d INDEXED BY deliveries_later JOIN chats c ON c.id = d.chat_id"
            " WHERE d.state = 'pending' AND d.due_at > 0 AND d.due_at > ?1 AND c.state = 'active'"
            " UNION ALL SELECT * FROM (SELECT hold_until FROM chats c INDEXED BY chats_held"
            "  WHERE hold_until > 0 AND hold_until > ?1 AND c.state = 'active'"
            "  AND EXISTS (SELECT 1 FROM deliveries d INDEXED BY deliveries_open"
            "   WHERE d.chat_id = c.id AND d.state IN ('pending', 'sending')"
            "   AND d.state = 'pending' AND d.due_at <= ?1)"
            "  ORDER BY hold_until LIMIT 1)"
            " UNION ALL SELECT min(edit_due_at) FROM deliveries WHERE edit_due_at > ?1)",
            now,
        )
        return row["at"] if row else None

    async def claim(self, delivery_ids: Sequence[int], now: float, lease: float) -> list[Delivery]:
        """Takes these for sending, for at most `lease` seconds, as far as they are pending."""
        try:
            return await self._claim(delivery_ids, now, lease)
        except Exception as error:
            if is_down(error):
                raise
        claimed = []
        for each in delivery_ids:
            try:
                claimed += await self._claim([each], now, lease)
            except Exception as error:
                if is_down(error):
                    raise
                await self._set_aside(Queue.OUTBOX, each, _FAILS, error, now)
        return claimed

    async def _set_aside(
        self, queue: Queue, delivery_id: int, statement: str, error: Exception, now: float
    ) -> None:
        """Ends what cannot be read or settled, on record: it must not keep others."""
        why = f"{type(error).__name__}: {error}"
        async with self._database.write() as transaction:
            await transaction.run(statement, delivery_id, now, why)
            await aside.put(transaction, queue, delivery_id, why, now)
            await settle_gathered(transaction, [delivery_id])

    async def _claim(self, delivery_ids: Sequence[int], now: float, lease: float) -> list[Delivery]:
        ids = json.dumps(list(delivery_ids))
        async with self._database.write() as transaction:
            taken = await transaction.rows(
                # What changed of the story until now is drawn; later changes are edited in.
                "UPDATE deliveries SET state = 'sending', lease_until = ?2,"
                " attempts = attempts + 1, edit_due_at = NULL"
                " WHERE id IN (SELECT value FROM json_each(?1)) AND state = 'pending'"
                " RETURNING id",
                ids,
                now + lease,
            )
            rows = await transaction.rows(
                f"{_DELIVERY} WHERE d.id IN (SELECT value FROM json_each(?)) ORDER BY d.id",
                json.dumps([row["id"] for row in taken]),
            )
            found = [(row, await _stories_of(transaction, row)) for row in rows]
            lost = {row["id"] for row, stories in found if _is_lost(row, stories)}
            await _end_orphans(transaction, lost, now)
            await settle_gathered(transaction, lost)
            return [_delivery(row, stories) for row, stories in found if row["id"] not in lost]

    async def due_edits(self, now: float, busy: Collection[int], limit: int) -> list[Delivery]:
        """Sent alerts whose story has changed, that may be edited now; one a chat."""
        try:
            return await self._due_edits(now, busy, limit)
        except Exception as error:
            if is_down(error):
                raise
        rows = await self._database.rows(
            f"SELECT min(id) AS id FROM deliveries e WHERE {_EDIT_DUE} GROUP BY +chat_id LIMIT ?2",
            now,
            limit,
        )
        for row in rows:
            try:
                _ = [_delivery(each) for each in await self._drawn(row["id"])]
            except Exception as error:
                if is_down(error):
                    raise
                await self._set_aside(Queue.EDITS, row["id"], _ENDS_EDIT, error, now)
        return await self._due_edits(now, busy, limit)

    async def _drawn(self, delivery_id: int) -> list[Row]:
        return await self._database.rows(f"{_DELIVERY} WHERE d.id = ?", delivery_id)

    async def _due_edits(self, now: float, busy: Collection[int], limit: int) -> list[Delivery]:
        rows = await self._database.rows(
            f"{_DELIVERY} WHERE d.id IN (SELECT min(e.id) FROM deliveries e"
            f" JOIN chats h ON h.id = e.chat_id WHERE {_EDIT_DUE} AND h.hold_until <= ?1"
            " AND h.state = 'active' AND e.chat_id NOT IN (SELECT value FROM json_each(?2))"
            # With a sign, so that the few that are due are found by their own index.
            " GROUP BY +e.chat_id LIMIT ?3)",
            now,
            json.dumps(list(busy)),
            limit,
        )
        return [_delivery(row) for row in rows]

    async def record_edits(self, edits: Sequence[EditRecord]) -> None:
        """Stores what became of edits. An alert whose story has changed again is due anew."""
        try:
            await self._record_edits(edits)
        except RowRefusedError:
            for edit in edits:
                try:
                    await self._record_edits([edit])
                except RowRefusedError as error:
                    await self._set_aside(Queue.EDITS, edit.delivery_id, _ENDS_EDIT, error, edit.at)

    async def _record_edits(self, edits: Sequence[EditRecord]) -> None:
        async with self._database.write() as transaction:
            await transaction.run_many(
                # A change while the edit was under way has put another time there.
                "UPDATE deliveries SET edited_at = ?1, edit_due_at = CASE"
                " WHEN edit_due_at <> ?2 THEN max(edit_due_at, ?1 + ?3) ELSE ?4 END"
                " WHERE id = ?5 AND edit_due_at IS NOT NULL",
                [(e.at, e.due_at, EDIT_GAP_SECONDS, e.retry_at, e.delivery_id) for e in edits],
            )
            await transaction.run_many(
                "UPDATE chats SET hold_until = max(hold_until, ?) WHERE id = ?",
                [(e.hold_until, e.chat_id) for e in edits if e.hold_until],
            )

    async def settle(self, settlements: Iterable[Settlement], resend: bool) -> Unsure:
        """Stores what became of claimed deliveries.

        If `resend`, an alert of unknown outcome goes back to pending once and is held for a digest
        then; a digest is tried again for a day, ever more rarely. If not, both end as unknown. A
        digest that has begun is always tried again: to edit it twice is to edit it once.
        """
        batch = list(settlements)
        try:
            return await self._settle(batch, resend)
        except RowRefusedError:
            return added_up([await self._settle_alone(each, resend) for each in batch])

    async def _settle_alone(self, settlement: Settlement, resend: bool) -> Unsure:
        """One that cannot be settled ends: while it stood there nothing more would be sent."""
        try:
            return await self._settle([settlement], resend)
        except RowRefusedError as error:
            known = (Queue.OUTBOX, settlement.delivery_id, _FAILS, error, settlement.at)
            await self._set_aside(*known)
            return Unsure()

    async def _settle(self, batch: Sequence[Settlement], resend: bool) -> Unsure:
        found = []
        async with self._database.write() as transaction:
            await transaction.run_many(
                # A group that moved meanwhile numbers its messages anew.
                "UPDATE deliveries SET state = ?, message_id = iif(chat_id = ?, ?, NULL),"
                " error = ?, due_at = ?, settled_at = ?, as_picture = ?, lease_until = NULL"
                " WHERE id = ? AND state = 'sending'",
                [
                    (
                        s.state,
                        s.chat_id,
                        s.message_id,
                        s.error,
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
                [
                    (s.at, EDIT_GAP_SECONDS, s.delivery_id)
                    for s in batch
                    if s.state is DeliveryState.SENT
                ],
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
        "UPDATE deliveries SET state = 'dead', settled_at = ?, error = 'the chat is not served'"
        " WHERE id = ? AND state IN ('pending', 'held') AND chat_id IN"
        " (SELECT id FROM chats WHERE state <> 'active')",
        [(s.at, s.delivery_id) for s in again],
    )


async def _to_main_thread(transaction: Transaction, settlement: Settlement) -> None:
    if settlement.for_good:
        await leave_thread(transaction, settlement.delivery_id)
    moved = await transaction.run(
        "UPDATE OR IGNORE deliveries SET thread_id = 0 WHERE id = ?", settlement.delivery_id
    )
    if not moved:
        await transaction.run(
            "UPDATE deliveries SET state = 'dead', settled_at = ?, error = ? WHERE id = ?",
            settlement.at,
            TOLD_IN_MAIN,
            settlement.delivery_id,
        )
    await take_gathered_along(transaction, settlement.delivery_id, settlement.at)


async def _end_orphans(transaction: Transaction, ids: set[int], now: float) -> None:
    """A delivery so old that its report was pruned cannot be rendered; say so and go on."""
    if ids:
        await transaction.run(
            "UPDATE deliveries SET state = 'dead', settled_at = ?, error = ?, lease_until = NULL"
            " WHERE id IN (SELECT value FROM json_each(?))",
            now,
            "the story is no longer stored",
            json.dumps(sorted(ids)),
        )


def _is_lost(row: Row, stories: tuple[Gathered, ...]) -> bool:
    """Whether there is nothing left to tell; a digest of nothing is none."""
    return bool(row["lost"]) or (row["kind"] == "digest" and not stories)


async def _stories_of(transaction: Transaction, row: Row) -> tuple[Gathered, ...]:
    return await gathered_in(transaction, row["id"]) if row["kind"] == "digest" else ()


def _delivery(row: Row, gathered: tuple[Gathered, ...] = ()) -> Delivery:
    return Delivery(
        id=row["id"],
        chat_id=row["chat_id"],
        chat_kind=row["chat_kind"],
        thread_id=row["thread_id"],
        topics=tuple(json.loads(row["topics"])),
        title=row["title"],
        summary=row["summary"],
        link=row["link"],
        source=row["source"],
        timezone=row["timezone"],
        at=row["at"],
        seen_at=row["seen_at"],
        attempts=row["attempts"],
        original=row["original"],
        also=tuple(Also(*each) for each in json.loads(row["also"])),
        reply_to=row["reply_to"],
        message_id=row["message_id"],
        edit_due_at=row["edit_due_at"],
        kind=DeliveryKind(row["kind"]),
        silent=bool(row["silent"] or row["hushed"]),
        gathered=gathered,
        buttons=bool(row["buttons"]),
        quiet=tuple(json.loads(row["quiet"])) if row["quiet"] else None,
        breaking=row["error"] == BREAKING,
        not_found=row["not_found"],
        image=row["image"],
        pictures=bool(row["pictures"]),
        previews=bool(row["previews"]),
        as_picture=bool(row["as_picture"]),
        resent=bool(row["resends"]),
        perhaps_told=row["whole_in"] is not None,
    )
