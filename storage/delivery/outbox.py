"""The outbox: claims with leases, settled in batches."""

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from bot.news.outbox import (
    Delivery,
    DeliveryKind,
    Due,
    EditRecord,
    Settlement,
    Unsure,
)
from bot.news.telling.updates import EDIT_WITHIN_SECONDS
from bot.news.why import Code, Why, because, quoted
from storage import aside
from storage.aside import Queue
from storage.database import Database, Row, Transaction
from storage.delivery.after_loss import added_up, settle_abandoned
from storage.delivery.delivery_rows import deliveries
from storage.delivery.gathered import leave_removed, settle_gathered
from storage.delivery.settling import record_edits, settle
from storage.errors import RowRefusedError, is_down
from storage.sql import as_list, by, either, in_slots, listed


class _Turn(Struct, frozen=True):
    """What is told in its turn: `what` chats are looked for that have some of it due, of `o`; and
    what `keeps_back` a chat's later deliveries, of `e`: the first of these is told, if it may be.
    """

    what: str
    keeps_back: str


# A digest that has begun is finished before anything else is told; others, and what changed of what
# was told, come after alerts, and such that wait keep no alert back.
_FIRST = _Turn(
    "o.kind NOT IN ('digest', 'update') OR o.kind = 'digest' AND o.message_id IS NOT NULL",
    "e.state = 'sending' OR e.kind NOT IN ('digest', 'update')"
    " OR e.kind = 'digest' AND e.due_at <= ?1 AND e.message_id IS NOT NULL",
)
_THEN = _Turn("TRUE", "e.state = 'sending' OR e.kind <> 'digest' OR e.due_at <= ?1")

# ?1 which, ?2 now, ?3 why.
_FAILS = (
    "UPDATE deliveries SET state = 'failed', settled_at = ?2, error = ?3, lease_until = NULL"
    " WHERE id = ?1 AND state IN ('pending', 'sending')"
)
_ENDS_EDIT = "UPDATE deliveries SET edit_due_at = NULL, edited_at = ?2 WHERE id = ?1 AND ?3 <> ''"
# What was told within a digest has no message of its own. An old alert is due where its options
# were opened, and is left where that could not be for a day.
_EDIT_DUE = (
    f"e.edit_due_at <= ?1 AND e.state = 'sent' AND e.edit_due_at > ?1 - {EDIT_WITHIN_SECONDS}"
    " AND e.message_id IS NOT NULL AND EXISTS (SELECT 1 FROM reports r WHERE r.id = e.report_id)"
)
BEFORE_ALL, _AFTER_ALL = -(2**63), 2**63 - 1


class Outbox:
    """What is to be sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recover(
        self, resend: bool, now: float, slots: Collection[int] | None = None
    ) -> Unsure:
        """Settles what an ended process left in `sending`, as `settle` does with what is of
        unknown outcome. Only for a process that knows itself to be alone, with all chats or with
        those of its slots.
        """
        return await self._give_back(because(Code.PROCESS_ENDED), resend, now, 1e12, (), slots)

    async def reclaim(
        self,
        resend: bool,
        now: float,
        busy: Collection[int],
        slots: Collection[int] | None = None,
    ) -> Unsure:
        """As `recover`, of claims whose lease has run out, but for chats in `busy`: whoever had
        them is not coming back.
        """
        return await self._give_back(because(Code.CLAIM_RAN_OUT), resend, now, now, busy, slots)

    async def _give_back(
        self,
        why: Why,
        resend: bool,
        now: float,
        lease_before: float,
        busy: Collection[int],
        slots: Collection[int] | None,
    ) -> Unsure:
        async with self._database.write() as transaction:
            found, settled = await settle_abandoned(
                transaction, why, resend, now, lease_before, busy, slots
            )
            await settle_gathered(transaction, settled)
        return found

    async def due(
        self,
        now: float,
        busy: Collection[int],
        limit: int,
        slots: Collection[int] | None = None,
        after: int = BEFORE_ALL,
    ) -> list[Due]:
        """The oldest delivery of each chat that may be told now; digests and updates only where
        there is no alert. Of all chats, or of those of some slots: those whose ids come after this
        one, and then the first ones, so that who asks on from the last of `limit` comes round to
        all.

        A chat with a delivery under way, or in `busy`, is left out: its order is kept.
        """
        given = (now, busy, limit, slots, after)
        return await self._due(_FIRST, *given) or await self._due(_THEN, *given)

    async def _readable(self, rows: Sequence[Row], now: float) -> list[Row]:
        """Those of what is due whose kind is known; the others end, on record."""
        kinds = set(DeliveryKind)
        for row in rows:
            if row["kind"] not in kinds:
                error = ValueError(f"kind {row['kind']!r} is not known")
                await self._set_aside(Queue.OUTBOX, row["id"], _FAILS, error, now)
        return [row for row in rows if row["kind"] in kinds]

    async def _due(
        self,
        turn: _Turn,
        now: float,
        busy: Collection[int],
        limit: int,
        slots: Collection[int] | None,
        after: int,
    ) -> list[Due]:
        found = await self._due_beyond(after, _AFTER_ALL, turn, now, busy, limit, slots)
        if after > BEFORE_ALL and len(found) < limit:
            left = limit - len(found)
            found += await self._due_beyond(BEFORE_ALL, after, turn, now, busy, left, slots)
        return found

    async def _due_beyond(
        self,
        after: int,
        until: int,
        turn: _Turn,
        now: float,
        busy: Collection[int],
        limit: int,
        slots: Collection[int] | None,
    ) -> list[Due]:
        """What is due in chats whose ids are greater than one, and not than another."""
        of_slots, given = in_slots("t.chat_id", "?6", slots)
        rows = await self._database.rows(
            # From chat to chat, and of each its first: what waits behind that is not looked at.
            f"WITH RECURSIVE t (chat_id) AS (SELECT ({_next_chat(turn, '?4')}) UNION ALL"
            f" SELECT ({_next_chat(turn, 't.chat_id')}) FROM t WHERE t.chat_id < ?5)"
            " SELECT d.id, t.chat_id, d.kind, c.kind AS chat_kind,"
            " d.kind = 'digest' AND d.message_id IS NOT NULL AS begun FROM t "
            + _chat_and_first(turn)
            + f" WHERE t.chat_id <= ?5 AND t.chat_id NOT IN {listed('?2')}{of_slots}"
            " AND c.hold_until <= ?1 AND c.state = 'active'"
            " AND d.state = 'pending' AND d.due_at <= ?1 LIMIT ?3",
            now,
            as_list(busy),
            limit,
            after,
            until,
            *given,
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

    async def next_due_at(self, now: float, slots: Collection[int] | None = None) -> float | None:
        """When something that is kept back becomes due; None if nothing is."""
        of_delivery, given = in_slots("d.chat_id", "?2", slots)
        of_chat, _ = in_slots("c.id", "?2", slots)
        of_edit, _ = in_slots("chat_id", "?2", slots)
        row = await self._database.row(
            # What is due later, and of what is due already the first chat to be let go again.
            "SELECT min(at) AS at FROM (SELECT min(max(d.due_at, c.hold_until)) AS at"
            f" FROM deliveries d {by('deliveries_later')} JOIN chats c ON c.id = d.chat_id"
            " WHERE d.state = 'pending' AND d.due_at > 0 AND d.due_at > ?1 AND c.state = 'active'"
            f"{of_delivery}"
            f" UNION ALL SELECT * FROM (SELECT hold_until FROM chats c {by('chats_held')}"
            "  WHERE hold_until > 0 AND hold_until > ?1 AND c.state = 'active'"
            f"  {of_chat} AND EXISTS (SELECT 1 FROM deliveries d {by('deliveries_open')}"
            "   WHERE d.chat_id = c.id AND d.state IN ('pending', 'sending')"
            "   AND d.state = 'pending' AND d.due_at <= ?1)"
            "  ORDER BY hold_until LIMIT 1)"
            " UNION ALL SELECT min(edit_due_at) FROM deliveries"
            f"  WHERE edit_due_at > ?1{of_edit})",
            now,
            *given,
        )
        return row["at"] if row else None

    async def is_followed_in(self, chat_id: int, thread_id: int) -> bool:
        """Whether a chat follows anything in a thread."""
        row = await self._database.row(
            "SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM subscriptions"
            "  WHERE chat_id = ?1 AND thread_id = ?2) OR EXISTS (SELECT 1 FROM topics"
            "  WHERE chat_id = ?1 AND thread_id = ?2 AND removed_at IS NULL)",
            chat_id,
            thread_id,
        )
        return row is not None

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
            await transaction.run(statement, delivery_id, now, quoted(why).stored())
            await aside.put(transaction, queue, delivery_id, why, now)
            await settle_gathered(transaction, [delivery_id])

    async def _claim(self, delivery_ids: Sequence[int], now: float, lease: float) -> list[Delivery]:
        ids = as_list(delivery_ids)
        async with self._database.write() as transaction:
            taken = await transaction.rows(
                # What changed of the story until now is drawn; later changes are edited in.
                "UPDATE deliveries SET state = 'sending', lease_until = ?2,"
                " attempts = attempts + 1, edit_due_at = NULL"
                f" WHERE id IN {listed('?1')} AND state = 'pending'"
                " RETURNING id,"
                "  kind = 'digest' AND message_id IS NULL AND whole_in IS NULL AS untold",
                ids,
                now + lease,
            )
            if digests := [row["id"] for row in taken if row["untold"]]:
                await leave_removed(transaction, digests, now)
            drawn, lost = await deliveries(transaction, [row["id"] for row in taken])
            await _end_orphans(transaction, lost, now)
            await settle_gathered(transaction, lost)
        return drawn

    async def due_edits(
        self,
        now: float,
        busy: Collection[int],
        limit: int,
        slots: Collection[int] | None = None,
    ) -> list[Delivery]:
        """Sent alerts whose story has changed, that may be edited now; one a chat."""
        try:
            return await self._due_edits(now, busy, limit, slots)
        except Exception as error:
            if is_down(error):
                raise
        of_slots, given = in_slots("e.chat_id", "?3", slots)
        rows = await self._database.rows(
            f"SELECT min(id) AS id FROM deliveries e WHERE {_EDIT_DUE}{of_slots}"
            " GROUP BY +chat_id LIMIT ?2",
            now,
            limit,
            *given,
        )
        for row in rows:
            try:
                await self._drawn([row["id"]])
            except Exception as error:
                if is_down(error):
                    raise
                await self._set_aside(Queue.EDITS, row["id"], _ENDS_EDIT, error, now)
        return await self._due_edits(now, busy, limit, slots)

    async def _due_edits(
        self, now: float, busy: Collection[int], limit: int, slots: Collection[int] | None
    ) -> list[Delivery]:
        of_slots, given = in_slots("e.chat_id", "?4", slots)
        rows = await self._database.rows(
            f"SELECT min(e.id) AS id FROM deliveries e JOIN chats h ON h.id = e.chat_id"
            f" WHERE {_EDIT_DUE} AND h.hold_until <= ?1"
            f" AND h.state = 'active' AND e.chat_id NOT IN {listed('?2')}{of_slots}"
            # With a sign, so that the few that are due are found by their own index.
            " GROUP BY +e.chat_id LIMIT ?3",
            now,
            as_list(busy),
            limit,
            *given,
        )
        return await self._drawn([row["id"] for row in rows]) if rows else []

    async def _drawn(self, delivery_ids: Sequence[int]) -> list[Delivery]:
        async with self._database.read() as view:
            drawn, _ = await deliveries(view, delivery_ids)
        return drawn

    async def record_edits(self, edits: Sequence[EditRecord]) -> None:
        """Stores what became of edits. An alert whose story has changed again is due anew."""
        try:
            async with self._database.write() as transaction:
                await record_edits(transaction, edits)
        except RowRefusedError:
            for edit in edits:
                try:
                    async with self._database.write() as transaction:
                        await record_edits(transaction, [edit])
                except RowRefusedError as error:
                    await self._set_aside(Queue.EDITS, edit.delivery_id, _ENDS_EDIT, error, edit.at)

    async def settle(self, settlements: Iterable[Settlement], resend: bool) -> Unsure:
        """Stores what became of claimed deliveries.

        If `resend`, an alert of unknown outcome goes back to pending once and is held for a digest
        then; a digest is tried again for a day, ever more rarely. If not, both end as unknown. A
        digest that has begun is always tried again: to edit it twice is to edit it once.
        """
        batch = list(settlements)
        try:
            async with self._database.write() as transaction:
                return await settle(transaction, batch, resend)
        except RowRefusedError:
            return added_up([await self._settle_alone(each, resend) for each in batch])

    async def _settle_alone(self, settlement: Settlement, resend: bool) -> Unsure:
        """One that cannot be settled ends: while it stood there nothing more would be sent."""
        try:
            async with self._database.write() as transaction:
                return await settle(transaction, [settlement], resend)
        except RowRefusedError as error:
            known = (Queue.OUTBOX, settlement.delivery_id, _FAILS, error, settlement.at)
            await self._set_aside(*known)
            return Unsure()


def _next_chat(turn: _Turn, after: str) -> str:
    """The first chat behind another that has something due; in the order of an index, so that no
    engine looks for it by another.
    """
    return (
        f"SELECT o.chat_id FROM deliveries o {by('deliveries_open')} WHERE o.chat_id > {after}"
        f" AND o.state IN ('pending', 'sending') AND o.due_at <= ?1 AND ({turn.what})"
        " ORDER BY o.chat_id, o.id LIMIT 1"
    )


def _chat_and_first(turn: _Turn) -> str:
    """Joins a chat of `t` with itself and the first of its deliveries, one after the other: in an
    order that an engine may not choose, since it does not know how much is pending now.
    """
    first = (
        f"FROM deliveries e {by('deliveries_open')} WHERE e.chat_id BETWEEN t.chat_id AND t.chat_id"
        f" AND e.state IN ('pending', 'sending') AND ({turn.keeps_back})"
        " ORDER BY e.chat_id, e.id LIMIT 1"
    )
    return either(
        "CROSS JOIN chats c ON c.id = t.chat_id"
        f" CROSS JOIN deliveries d ON d.id = (SELECT e.id {first})",
        "CROSS JOIN LATERAL (SELECT * FROM chats h WHERE h.id = t.chat_id LIMIT 1) c"
        f" CROSS JOIN LATERAL (SELECT e.* {first}) d",
    )


async def _end_orphans(transaction: Transaction, ids: Collection[int], now: float) -> None:
    """A delivery so old that its report was pruned cannot be rendered; say so and go on."""
    if ids:
        await transaction.run(
            "UPDATE deliveries SET state = 'dead', settled_at = ?, error = ?, lease_until = NULL"
            f" WHERE id IN {listed()}",
            now,
            because(Code.STORY_GONE).stored(),
            as_list(ids),
        )
