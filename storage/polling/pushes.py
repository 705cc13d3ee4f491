"""Subscriptions at WebSub hubs."""

from bot.news.polling.push import Push, PushState, Wanted
from storage.aside import IS_ASIDE, Aside, Queue
from storage.database import Database, Row
from storage.polling.guest_loads import brought_by
from storage.polling.guests import is_polled

_REMEMBER_SECONDS = 30 * 86_400.0
_POLL_AFTER_SECONDS = 300.0


class Pushes:
    """Subscriptions at WebSub hubs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, base: str | None) -> None:
        """Forgets subscriptions that lead elsewhere than to `base`; all of them without one."""
        async with self._database.write() as transaction:
            await transaction.run("DELETE FROM pushes WHERE base IS DISTINCT FROM ?", base)
            await transaction.run(
                "UPDATE feeds SET pushed_until = NULL WHERE pushed_until IS NOT NULL"
                " AND id NOT IN (SELECT feed_id FROM pushes WHERE state = 'live')"
            )

    async def wanted(self, limit: int) -> list[Wanted]:
        """Feeds that name a hub and have no subscription there; those that changed it leave the
        former one.
        """
        async with self._database.write() as transaction:
            await transaction.run(
                "UPDATE pushes SET state = 'leaving', next_at = 0, attempts = 0"
                " WHERE state <> 'leaving' AND NOT EXISTS (SELECT 1 FROM feeds f"
                "  WHERE f.id = pushes.feed_id AND f.hub = pushes.hub AND f.topic = pushes.topic"
                f"  AND f.suspended = 0 AND {is_polled('f')})"
            )
            rows = await transaction.rows(
                "SELECT id, hub, topic FROM (SELECT id, hub, topic, chat,"
                "  row_number() OVER (PARTITION BY chat ORDER BY id) AS nth"
                f"  FROM (SELECT f.id, f.hub, f.topic, {brought_by('f')} AS chat FROM feeds f"
                "   WHERE f.hub IS NOT NULL AND f.suspended = 0 AND NOT EXISTS"
                "   (SELECT 1 FROM pushes p WHERE p.feed_id = f.id AND p.state <> 'leaving')"
                f"   AND {is_polled('f')}"
                f"   AND 'feed ' || f.id NOT IN {IS_ASIDE.format(queue=Queue.PUSHES)}))"
                " ORDER BY chat IS NOT NULL, nth, id LIMIT ?",
                limit,
            )
        return [Wanted(row["id"], row["hub"], row["topic"]) for row in rows]

    async def due(self, now: float, limit: int) -> list[Push]:
        """Subscriptions whose hub is to be asked now: the operator's before those of chats, which
        come in turn; of either what pushes already before what is new or ends.
        """
        rows = await self._database.rows(_DUE, now, limit)
        return [_push(row) for row in rows]

    async def get(self, token: str) -> Push | None:
        """The subscription that a hub means."""
        row = await self._database.row(
            f"SELECT p.*, {brought_by('f')} AS brought_by FROM pushes p"
            " LEFT JOIN feeds f ON f.id = p.feed_id WHERE p.token = ?",
            token,
        )
        return _push(row) if row else None

    async def put(self, push: Push) -> None:
        """Stores a subscription as it stands now. One that is leaving does not come back."""
        live_until = push.lease_until if push.state is PushState.LIVE else None
        async with self._database.write() as transaction:
            await transaction.run(
                "INSERT INTO pushes (token, feed_id, base, hub, topic, secret, state, next_at,"
                " lease_until, attempts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (token) DO UPDATE SET state = excluded.state,"
                " next_at = excluded.next_at, lease_until = excluded.lease_until,"
                " attempts = excluded.attempts"
                " WHERE pushes.state <> 'leaving' OR excluded.state = 'leaving'",
                *(push.token, push.feed_id, push.base, push.hub, push.topic, push.secret),
                *(push.state.value, push.next_at, push.lease_until, push.attempts),
            )
            if push.state is not PushState.LEAVING:
                await transaction.run(
                    "UPDATE feeds SET pushed_until = ? WHERE id = ?", live_until, push.feed_id
                )

    async def postpone(self, token: str, until: float) -> None:
        """Leaves the hub of a subscription alone until then."""
        async with self._database.write() as transaction:
            await transaction.run("UPDATE pushes SET next_at = ? WHERE token = ?", until, token)

    async def set_aside(self, item: str, reason: str, now: float) -> None:
        """Notes that a hub could not be asked."""
        await Aside(self._database).put(Queue.PUSHES, item, reason, now)

    async def drop(self, token: str) -> None:
        """Forgets a subscription."""
        async with self._database.write() as transaction:
            await transaction.run("DELETE FROM pushes WHERE token = ?", token)

    async def received(self, push: Push, digest: bytes, now: float) -> bool:
        """Notes that something was pushed; False if the same was before. Should it be lost on its
        way from here, the feed is polled some minutes later.
        """
        async with self._database.write() as transaction:
            new = await transaction.run(
                "INSERT INTO pushed (token, hash, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                *(push.token, digest, now),
            )
            await transaction.run("DELETE FROM pushed WHERE at < ?", now - _REMEMBER_SECONDS)
            if new:
                await transaction.run(
                    "UPDATE feeds SET poll_at = min(poll_at, ?) WHERE id = ? AND error IS NULL",
                    *(now + _POLL_AFTER_SECONDS, push.feed_id),
                )
        return bool(new)

    async def forget(self, push: Push, digest: bytes) -> None:
        """Unsays `received`: the same may be pushed again."""
        async with self._database.write() as transaction:
            await transaction.run(
                "DELETE FROM pushed WHERE token = ? AND hash = ?", push.token, digest
            )


_DUE = (
    "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY brought_by"
    "  ORDER BY state <> 'live', state = 'leaving', next_at) AS nth"
    f"  FROM (SELECT p.*, {brought_by('f')} AS brought_by FROM pushes p"
    "   LEFT JOIN feeds f ON f.id = p.feed_id WHERE p.next_at <= ?))"
    " ORDER BY brought_by IS NOT NULL, nth, state <> 'live', next_at LIMIT ?"
)


def _push(row: Row) -> Push:
    return Push(
        token=row["token"],
        feed_id=row["feed_id"],
        base=row["base"],
        hub=row["hub"],
        topic=row["topic"],
        secret=row["secret"],
        state=PushState(row["state"]),
        next_at=row["next_at"],
        lease_until=row["lease_until"],
        attempts=row["attempts"],
        brought_by=row["brought_by"],
    )
