"""The schedule of sending: penalties, and what was sent a moment ago."""

import json
from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.news.outbox import Schedule
from bot.news.penalty import Penalty, merged, penalty_of
from storage.database import Database, Row
from storage.sql import by as by_index
from storage.sql import in_slots

# The longest of Telegram's limits counts messages a minute.
_LATELY_SECONDS = 60.0
_MOST = 20_000
_CLOCK_BACK_SECONDS = 5.0


class Schedules:
    """What of the pace of sending outlives a process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(
        self,
        holds: Mapping[int, float],
        penalty: Penalty,
        lowered: int | None,
        now: float,
        by: int = 0,
    ) -> Penalty:
        """Stores until when chats must be left alone, the bot's penalty, and its lowered rate, as
        this process knows them, which has the number `by` among others. Returns the penalty with
        what others know.
        """
        async with self._database.write() as transaction:
            await transaction.run_many(
                "UPDATE chats SET hold_until = max(hold_until, ?) WHERE id = ?",
                [(until, chat_id) for chat_id, until in holds.items()],
            )
            known = _read(await transaction.rows(_KEPT))
            if known.by != by:
                penalty = merged(penalty, known.penalty)
            await transaction.run(_KEEP, _as_kept(_Kept(penalty, lowered, now, by)))
        return penalty

    async def known(self) -> tuple[Penalty, int | None, int]:
        """The bot's penalty, its lowered rate, and the number of the process that stored them."""
        kept = await self._kept()
        return kept.penalty, kept.lowered, kept.by

    async def load(self, now: float, slots: Collection[int] | None = None) -> Schedule:
        """What a process that begins now must wait for, and has to count as sent, with all chats or
        those of some slots. Where the clock has been put back since `keep`, what waits waits as
        long as it was to.
        """
        kept = await self._kept()
        if kept.noted_at > now + _CLOCK_BACK_SECONDS:
            await self.set_back(kept.noted_at - now, now)
            kept = await self._kept()
        of_chat, given = in_slots("id", "?3", slots)
        of_sent, _ = in_slots("d.chat_id", "?3", slots)
        async with self._database.read() as transaction:
            held = await transaction.rows(
                f"SELECT id, hold_until FROM chats WHERE hold_until > ?1{of_chat} LIMIT ?2",
                *(now, _MOST, *given),
            )
            sent = await transaction.rows(
                _SENT.replace("{of_slots}", of_sent), now - _LATELY_SECONDS, _MOST, *given
            )
        return Schedule(
            kept.penalty,
            kept.lowered,
            tuple((row["id"], row["hold_until"]) for row in held),
            tuple(_sent(row) for row in sent),
        )

    async def set_back(self, seconds: float, now: float) -> None:
        """The clock went back by so many seconds: what waits, waits as long as it was to."""
        kept = await self._kept()
        async with self._database.write() as transaction:
            await transaction.run(
                "UPDATE chats SET hold_until = hold_until - ?1 WHERE hold_until > ?2", seconds, now
            )
            # Of what is pending this is when it is tried again; of what is held, an hour of day.
            await transaction.run(
                f"UPDATE deliveries {by_index('deliveries_pending')} SET due_at = due_at - ?1"
                " WHERE state = 'pending' AND due_at > ?2",
                seconds,
                now,
            )
            await transaction.run(
                f"UPDATE deliveries {by_index('deliveries_open')} SET was_due_at = was_due_at - ?1"
                " WHERE state IN ('pending', 'sending') AND was_due_at > ?2",
                seconds,
                now,
            )
            set_back = replace(kept, penalty=kept.penalty.set_back(seconds), noted_at=now)
            await transaction.run(_KEEP, _as_kept(set_back))

    async def _kept(self) -> "_Kept":
        return _read(await self._database.rows(_KEPT))


class _Kept(Struct, frozen=True):
    """The bot's penalty, its lowered rate, when that was stored, and by whom."""

    penalty: Penalty
    lowered: int | None
    noted_at: float
    by: int


def _read(rows: Sequence[Row]) -> _Kept:
    if not rows:
        return _Kept(Penalty(), None, 0.0, 0)
    penalty, lowered, noted_at, *by = json.loads(rows[0]["value"])
    return _Kept(penalty_of(json.dumps(penalty)), lowered, noted_at, *(by or [0]))


def _as_kept(kept: _Kept) -> str:
    return json.dumps([json.loads(kept.penalty.as_json()), kept.lowered, kept.noted_at, kept.by])


_KEPT = "SELECT value FROM facts WHERE name = 'pace'"

_KEEP = (
    "INSERT INTO facts VALUES ('pace', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
# What ended, and what was edited, begun, or of unknown outcome. What was told within a digest had
# no message of its own.
_SENT = (
    "SELECT d.chat_id, c.kind, d.at FROM ("
    " SELECT chat_id, settled_at AS at FROM deliveries"
    "  WHERE settled_at > ?1 AND state IN ('sent', 'unknown')"
    "  AND digest_id IS NULL"
    " UNION ALL"
    f" SELECT chat_id, edited_at FROM deliveries {by_index('deliveries_edited')}"
    "  WHERE edited_at > ?1"
    ") d JOIN chats c ON c.id = d.chat_id WHERE TRUE{of_slots} ORDER BY d.at DESC LIMIT ?2"
)


def _sent(row: Row) -> tuple[int, str, float]:
    return row["chat_id"], row["kind"], row["at"]
