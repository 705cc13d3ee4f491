"""What waits to be told: for more sources, or for the hour of a digest."""

from collections.abc import Collection, Sequence

from bot import crash_points
from bot.news.chat import Topic
from bot.news.outbox import DeliveryState, Gathered, Headline, HeldByTopic, Ripe, Telling
from bot.news.telling.timing import BY_TOPICS
from bot.news.why import Code, Why, because, read_why
from storage import aside
from storage.aside import Queue
from storage.chats import pauses
from storage.database import Database, Transaction
from storage.delivery.delivery_rows import topics_of
from storage.delivery.gathered import (
    LEFT_BY_TOPICS,
    MOST_GATHERED,
    SOURCES,
    TOLD_ALONE,
    gathered_in,
)
from storage.errors import RowRefusedError
from storage.sql import as_list, by, listed

_CAME_LATE = because(Code.CAME_LATE).stored()
# ?1 now, ?2 how many seconds are late, ?3 how many deliveries of a chat are many.
_LATE = f"state = 'pending' AND kind = 'alert' AND created_at < ?1 - ?2 {TOLD_ALONE}"
_LATE_CHATS = (
    f"SELECT chat_id FROM deliveries {by('deliveries_pending')} WHERE {_LATE}"
    " GROUP BY chat_id HAVING count(*) >= ?3"
)
_AT_ONCE = 200
_AGAIN_SECONDS = 3600.0
_DUE = (
    "SELECT DISTINCT d.chat_id, d.thread_id FROM deliveries d"
    " JOIN chats c ON c.id = d.chat_id WHERE d.state = 'held' AND d.due_at <= ?"
    " AND d.digest_id IS NULL AND c.state = 'active' LIMIT ?"
)
_LATER = (
    "UPDATE deliveries SET due_at = ?4 WHERE chat_id = ?1 AND thread_id = ?2 AND state = 'held'"
    " AND digest_id IS NULL AND due_at <= ?3"
)

# Digest ?1 waits for its next try, and the hour of stories of its chat ?2 and thread ?3 has come by
# ?4: it is tried with them, out of turn. What was lost twice says nothing for trying sooner.
_BRINGS_FORWARD = (
    "UPDATE deliveries SET was_due_at = coalesce(was_due_at, due_at), due_at = 0"
    " WHERE id = ?1 AND due_at > ?4 AND EXISTS (SELECT 1 FROM deliveries h"
    f" {by('deliveries_held_of_chat')} WHERE h.chat_id = ?2 AND h.thread_id = ?3"
    " AND h.state = 'held' AND h.digest_id IS NULL AND h.due_at <= ?4 AND h.resends < 2)"
)
# Another topic, or a subscription, wants it since it was held.
_NEW_WISH = (
    "EXISTS (SELECT 1 FROM matches n WHERE n.story_id = d.story_id AND n.chat_id = d.chat_id"
    " AND n.thread_id = d.thread_id AND n.kept_by IS NULL AND NOT EXISTS (SELECT 1 FROM matches o"
    "  WHERE o.story_id = n.story_id AND o.chat_id = n.chat_id AND o.thread_id = n.thread_id"
    "  AND o.report_id = d.report_id AND o.topic_id IS NOT DISTINCT FROM n.topic_id))"
)
# Held by the topics that brought it: ?1 a chat, ?2 its topic, which wants ?3 sources, ?4 why.
_BY_TOPIC = (
    f"d.chat_id = ?1 AND d.state = 'held' AND d.digest_id IS NULL AND d.error IN {listed('?4')}"
    " AND EXISTS (SELECT 1 FROM matches m WHERE m.story_id = d.story_id AND m.chat_id = d.chat_id"
    "  AND m.thread_id = d.thread_id AND m.topic_id = ?2 AND m.kept_by IS NULL)"
    f" AND {SOURCES} >= ?3"
)


class Digests:
    """What waits to be told: for more sources, or for the hour of a digest."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ripe(self, story_ids: Collection[int] | None, now: float) -> list[Ripe]:
        """Deliveries of these stories, or of all, that are to be decided anew."""
        wanted = f" AND d.story_id IN {listed('?2')}" if story_ids else ""
        async with self._database.read() as view:
            rows = await view.rows(
                f"SELECT d.id, d.chat_id, {SOURCES} AS now_sources, r.feed_id, r.title, r.summary,"
                " r.source, r.language, r.link,"
                " EXISTS (SELECT 1 FROM matches m WHERE m.story_id = d.story_id"
                "  AND m.chat_id = d.chat_id AND m.thread_id = d.thread_id AND m.subscribed = 1"
                "  AND m.kept_by IS NULL)"
                "  AS subscribed"
                " FROM deliveries d JOIN reports r ON r.id = d.report_id"
                f" WHERE d.state IN ('held', 'waiting') AND d.digest_id IS NULL{wanted}"
                f" AND (d.state = 'waiting' OR d.sources <= {SOURCES}"
                f"  OR d.due_at > ?1 AND {_NEW_WISH})"
                " AND NOT EXISTS (SELECT 1 FROM muted_stories s"
                "  WHERE s.story_id = d.story_id AND s.chat_id = d.chat_id)",
                now,
                *([as_list(story_ids)] if story_ids else []),
            )
            topics = await topics_of(view, [row["id"] for row in rows])
        return [
            Ripe(
                row["id"],
                row["chat_id"],
                tuple(topic["id"] for topic in topics.get(row["id"], ())),
                bool(row["subscribed"]),
                row["now_sources"],
                row["feed_id"] or 0,
                Headline(row["title"], row["summary"], row["source"], row["language"], row["link"]),
            )
            for row in rows
        ]

    async def replan(self, plans: Sequence[tuple[int, Telling]], now: float) -> None:
        """Tells deliveries that waited or were held in another way than was decided before. What
        waited counts from now on as what is decided now: nothing could be told before.
        """
        async with self._database.write() as transaction:
            await transaction.run_many(
                "UPDATE deliveries SET state = ?1, due_at = ?2, silent = ?3, sources = ?4,"
                " error = ?5, settled_at = ?6, created_at = CASE WHEN ?1 = 'pending'"
                "  OR ?1 = 'held' AND state = 'waiting' THEN ?7 ELSE created_at END"
                " WHERE id = ?8 AND state IN ('held', 'waiting') AND digest_id IS NULL",
                [
                    (
                        t.state,
                        t.due_at,
                        t.silent,
                        t.sources,
                        t.reason.stored() if t.reason else None,
                        now if t.state is DeliveryState.DEAD else None,
                        now,
                        each,
                    )
                    for each, t in plans
                ],
            )

    async def hold_until(
        self, chat_id: int, due_at: float, reasons: Collection[Why], why: Why | None = None
    ) -> None:
        """Gives what is held for a chat for these reasons another hour, and another reason where
        that is no longer why it waits: its habits changed.
        """
        async with self._database.write() as transaction:
            await transaction.run(
                "UPDATE deliveries SET due_at = ?, error = coalesce(?, error)"
                " WHERE chat_id = ? AND state = 'held'"
                f" AND digest_id IS NULL AND error IN {listed()}",
                due_at,
                why.stored() if why else None,
                chat_id,
                as_list([each.stored() for each in reasons]),
            )

    async def reasons(self, chat_id: int) -> list[Why]:
        """Why deliveries are held for a chat, each reason once."""
        rows = await self._database.rows(
            f"SELECT DISTINCT error FROM deliveries {by('deliveries_held_of_chat')}"
            " WHERE chat_id = ? AND state = 'held' AND digest_id IS NULL AND error IS NOT NULL",
            chat_id,
        )
        return [why for row in rows if (why := read_why(row["error"]))]

    async def held(self, chat_id: int, reasons: Collection[Why]) -> tuple[int, float | None]:
        """How many deliveries are held for a chat for these reasons, and when the first comes;
        without those whose topics were removed.
        """
        row = await self._database.row(
            "SELECT count(*) AS n, min(d.due_at) AS at FROM deliveries d"
            f" {by('deliveries_held_of_chat')} WHERE d.chat_id = ?1 AND d.state = 'held'"
            f" AND d.digest_id IS NULL AND d.error IN {listed('?2')} AND NOT {LEFT_BY_TOPICS}",
            chat_id,
            as_list([each.stored() for each in reasons]),
        )
        return (row["n"], row["at"]) if row else (0, None)

    async def held_by_topic(self, topic: Topic) -> HeldByTopic | None:
        """What is held for a digest because the topics that brought it say so, this one among them;
        None where nothing is.
        """
        row = await self._database.row(
            "SELECT count(*) AS n, min(d.due_at) AS at, max(d.created_at) AS last"
            f" FROM deliveries d {by('deliveries_held_of_chat')} WHERE {_BY_TOPIC}",
            *_by_topic(topic),
        )
        return HeldByTopic(row["n"], row["at"], row["last"]) if row and row["n"] else None

    async def release_by_topic(self, topic: Topic, due_at: float) -> None:
        """Gives that another hour."""
        async with self._database.write() as transaction:
            await transaction.run(
                "UPDATE deliveries SET due_at = ?5 WHERE id IN (SELECT d.id FROM deliveries d"
                f" {by('deliveries_held_of_chat')} WHERE {_BY_TOPIC})",
                *_by_topic(topic),
                due_at,
            )

    async def enqueue_due(self, now: float) -> int:
        """Puts a digest into the outbox for each chat and thread whose hour has come; returns how
        many. What is held goes into one digest at most.
        """
        try:
            return await self._gather_due(now)
        except RowRefusedError:
            return await self._gather_apart(now)

    async def _gather_due(self, now: float, place: tuple[int, int] | None = None) -> int:
        """The digests of all chats and threads whose hour has come, or of one of them."""
        async with self._database.write() as transaction:
            rows = await transaction.rows(_DUE, now, _AT_ONCE)
            due = [(row["chat_id"], row["thread_id"]) for row in rows]
            chosen = due if place is None else [each for each in due if each == place]
            for chat_id, thread_id in chosen:
                await _gather(transaction, chat_id, thread_id, now)
        return len(chosen)

    async def _gather_apart(self, now: float) -> int:
        """Each digest in a transaction of its own. One that cannot be gathered waits an hour, on
        record: it must not keep those of others.
        """
        gathered = 0
        for row in await self._database.rows(_DUE, now, _AT_ONCE):
            place = row["chat_id"], row["thread_id"]
            try:
                gathered += await self._gather_due(now, place)
            except RowRefusedError as error:
                async with self._database.write() as transaction:
                    await transaction.run(_LATER, *place, now, now + _AGAIN_SECONDS)
                    item = f"chat {place[0]}, thread {place[1]}"
                    await aside.put(transaction, Queue.DIGESTS, item, str(error), now)
        return gathered

    async def fold(self, now: float, older_than: float, at_least: int) -> int:
        """Holds for a digest now what chats were to be told one by one and could not be for so
        many seconds, where that is so much at least; returns how many deliveries.
        """
        # It is rare, and looking reads all that is pending: that needs no lock.
        if await self._database.row(f"{_LATE_CHATS} LIMIT 1", now, older_than, at_least) is None:
            return 0
        async with self._database.write() as transaction:
            return await transaction.run(
                f"UPDATE deliveries {by('deliveries_pending')}"
                f" SET state = 'held', due_at = ?1, error = '{_CAME_LATE}'"
                f" WHERE {_LATE} AND chat_id IN ({_LATE_CHATS})",
                now,
                older_than,
                at_least,
            )

    async def give_up_waiting(self, created_before: float, now: float) -> None:
        """Ends what waited for more sources for so long that none will come."""
        async with self._database.write() as transaction:
            await transaction.run(
                f"UPDATE deliveries {by('deliveries_ripening')} SET state = 'dead',"
                " settled_at = ? WHERE state IN ('held', 'waiting') AND state = 'waiting'"
                " AND created_at < ?",
                now,
                created_before,
            )

    async def next_at(self) -> float | None:
        """When the next digest is due."""
        row = await self._database.row(
            "SELECT min(due_at) AS at FROM deliveries WHERE state = 'held' AND digest_id IS NULL"
        )
        return row["at"] if row else None

    async def gathered(self, chat_id: int, digest_id: int) -> tuple[Gathered, ...]:
        """The stories of a digest of this chat."""
        async with self._database.read() as view:
            return await gathered_in(view, digest_id, chat_id)


def _by_topic(topic: Topic) -> tuple[int, int, int, str]:
    reasons = as_list([each.stored() for each in BY_TOPICS])
    return topic.chat_id, topic.id, topic.options.sources, reasons


async def _gather(transaction: Transaction, chat_id: int, thread_id: int, now: float) -> None:
    digest = await _waiting_digest(transaction, chat_id, thread_id)
    if digest is None:
        digest = await _new_digest(transaction, chat_id, thread_id, now)
    else:
        await transaction.run(_BRINGS_FORWARD, digest, chat_id, thread_id, now)
    crash_points.point("gathering")
    await pauses.leave_what_is_too_much(transaction, chat_id, thread_id, now)
    await transaction.run(
        # What is more than a digest holds is gathered by the next one, at once.
        "UPDATE deliveries SET digest_id = ?1 WHERE id IN (SELECT id FROM deliveries"
        f" {by('deliveries_held_of_chat')} WHERE chat_id = ?2 AND thread_id = ?3"
        " AND state = 'held' AND due_at <= ?4 AND digest_id IS NULL ORDER BY id"
        " LIMIT ?5 - (SELECT count(*) FROM deliveries WHERE digest_id = ?1))",
        digest,
        chat_id,
        thread_id,
        now,
        MOST_GATHERED,
    )
    await transaction.run(
        "UPDATE deliveries SET silent = (SELECT min(silent) FROM deliveries WHERE digest_id = ?1)"
        " WHERE id = ?1",
        digest,
    )


async def _waiting_digest(transaction: Transaction, chat_id: int, thread_id: int) -> int | None:
    """A digest of the chat that has not gone out and has room: a backlog is one, not many."""
    rows = await transaction.rows(
        f"SELECT d.id FROM deliveries d {by('deliveries_digests_of_chat')}"
        " WHERE d.chat_id = ? AND d.thread_id = ?"
        " AND d.state = 'pending' AND d.kind = 'digest' AND d.message_id IS NULL"
        # What is new is not told among what may have been told.
        " AND d.whole_in IS NULL"
        " AND (SELECT count(*) FROM deliveries g WHERE g.digest_id = d.id) < ?",
        chat_id,
        thread_id,
        MOST_GATHERED,
    )
    return rows[0]["id"] if rows else None


async def _new_digest(transaction: Transaction, chat_id: int, thread_id: int, now: float) -> int:
    rows = await transaction.rows(
        "INSERT INTO deliveries (chat_id, thread_id, story_id, report_id, state, created_at, kind)"
        " VALUES (?, ?, 0, 0, 'pending', ?, 'digest') RETURNING id",
        chat_id,
        thread_id,
        now,
    )
    return int(rows[0]["id"])
