"""Alerts as the people who have them change them."""

from bot.news.outbox import Alert
from bot.news.telling.split import TakenOut, is_split
from storage.database import Database, Row, Transaction
from storage.delivery.delivery_rows import topics_of
from storage.delivery.edits import edit_alerts
from storage.delivery.told_once import untold
from storage.stories import outlets
from storage.stories.other_reports import newest_others

_MOST_ATTACHED = 20
_ALERT = (
    "SELECT d.id, d.chat_id, d.thread_id, d.story_id, d.report_id, r.feed_id,"
    " coalesce(r.source, '') AS source, coalesce(r.title_now, r.title, '') AS title, r.link,"
    " r.original, EXISTS (SELECT 1 FROM muted_stories m"
    "  WHERE m.story_id = d.story_id AND m.chat_id = d.chat_id) AS muted"
    " FROM deliveries d LEFT JOIN reports r ON r.id = d.report_id"
    " WHERE d.id = ? AND d.kind = 'alert'"
)


class Alerts:
    """Alerts that were sent, as the people who have them may change them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, delivery_id: int) -> Alert | None:
        """The alert, if its delivery is still on record."""
        async with self._database.read() as view:
            rows = await view.rows(_ALERT, delivery_id)
            also = await newest_others(view, delivery_id, _MOST_ATTACHED)
            topics = await topics_of(view, [delivery_id])
        if not rows:
            return None
        (row,) = rows
        return Alert(
            delivery_id=row["id"],
            chat_id=row["chat_id"],
            thread_id=row["thread_id"],
            story_id=row["story_id"],
            report_id=row["report_id"],
            also=also,
            muted=bool(row["muted"]),
            source=row["source"],
            feed_id=row["feed_id"] or 0,
            topic_ids=tuple(topic["id"] for topic in topics.get(row["id"], ())),
            topics=tuple(topic["name"] for topic in topics.get(row["id"], ())),
            title=row["title"],
            link=row["link"],
            original=row["original"],
        )

    async def close_options(self, delivery_id: int, at: float, now: float) -> None:
        """Has an alert drawn anew at that time, with its options closed, or before that where its
        story changes first.
        """
        async with self._database.write() as transaction:
            await transaction.run(
                # What is due by now may be under way already: then it is drawn once more.
                "UPDATE deliveries SET edit_due_at = CASE WHEN edit_due_at > ?3"
                " THEN min(edit_due_at, ?2) ELSE ?2 END, was_due_at = NULL"
                " WHERE id = ?1 AND state = 'sent' AND kind = 'alert' AND message_id IS NOT NULL",
                delivery_id,
                at,
                now,
            )

    async def mute_story(self, chat_id: int, story_id: int, muted: bool, now: float) -> None:
        """Keeps what follows of a story from ringing in a chat, or lets it ring again."""
        async with self._database.write() as transaction:
            if muted:
                await transaction.run(
                    "INSERT INTO muted_stories (story_id, chat_id, at) VALUES (?, ?, ?)"
                    " ON CONFLICT DO NOTHING",
                    story_id,
                    chat_id,
                    now,
                )
            else:
                await transaction.run(
                    "DELETE FROM muted_stories WHERE story_id = ? AND chat_id = ?",
                    story_id,
                    chat_id,
                )

    async def take_out(self, alert: Alert, report_id: int, now: float, user_id: int = 0) -> bool:
        """Takes a report out of the story of an alert; it comes as an alert of its own, silently.

        True once enough people who keep chats did so (`user_id`, 0 for nobody known) and the report
        is to be placed apart for all.
        """
        # A story has the id of the report that opened it and keeps it; if that one is taken out,
        # the report that rang here is the one that leaves.
        leaving = report_id if report_id != alert.story_id else alert.report_id
        async with self._database.write() as transaction:
            if leaving != report_id:
                await transaction.run(
                    "UPDATE deliveries SET story_id = ?1 WHERE id = ?2"
                    f" AND {untold(story_id='?1')}",
                    leaving,
                    alert.delivery_id,
                )
            await transaction.run(
                "INSERT INTO taken_out (report_id, chat_id, at, user_id)"
                " SELECT id, ?, ?, ? FROM reports WHERE id = ? AND story_id = ?"
                " ON CONFLICT DO NOTHING",
                alert.chat_id,
                now,
                user_id,
                leaving,
                alert.story_id,
            )
            await transaction.run(
                "INSERT INTO deliveries"
                " (chat_id, thread_id, story_id, report_id, state, created_at, silent)"
                " SELECT id, ?1, ?2, ?2, 'pending', ?3, 1 FROM chats WHERE id = ?4"
                " AND state = 'active'"
                " ON CONFLICT (chat_id, thread_id, story_id) WHERE kind = 'alert' DO NOTHING",
                alert.thread_id,
                report_id,
                now,
                alert.chat_id,
            )
            await transaction.run(
                "UPDATE deliveries SET edit_due_at = ? WHERE id = ? AND state = 'sent'",
                now,
                alert.delivery_id,
            )
            return await _split_for_all(transaction, leaving, alert.story_id, now)


async def _split_for_all(transaction: Transaction, leaving: int, story: int, now: float) -> bool:
    """Sends a report that people took out of a story back to the desk, to open its own, if it is
    split for all. What guests told is for few anyhow, and the report that opened a story is it.
    """
    rows = await transaction.rows(_TAKEN_OUT, leaving, story)
    if not is_split(map(_taken_out, rows), now):
        return False
    split = await transaction.run(
        "UPDATE reports SET story_id = NULL, apart = ?2"
        " WHERE id = ?1 AND story_id = ?2 AND id <> ?2 AND guest = 0",
        leaving,
        story,
    )
    if split:
        await transaction.run("UPDATE stories SET reports = reports - 1 WHERE id = ?", story)
        await transaction.run(
            "DELETE FROM matches WHERE report_id = ? AND story_id = ?", leaving, story
        )
        await transaction.run(
            "UPDATE deliveries SET story_id = ?1 WHERE story_id = ?2 AND report_id = ?1"
            f" AND {untold(story_id='?1')}",
            leaving,
            story,
        )
        await outlets.count(transaction, [story])
        await edit_alerts(transaction, [(story, leaving)], now)
    return bool(split)


# Those who took report ?1 out of story ?2, and what says whether they have a say for others.
_TAKEN_OUT = (
    "SELECT t.chat_id, t.user_id, t.at, c.since,"
    " c.kind = 'private' AND t.user_id = c.id OR EXISTS (SELECT 1 FROM keepers k"
    "  WHERE k.chat_id = c.id AND k.user_id = t.user_id) AS keeps,"
    " EXISTS (SELECT 1 FROM added_feeds a WHERE a.chat_id = c.id) AS brought,"
    " (SELECT min(d.settled_at) FROM deliveries d WHERE d.story_id IN (?1, ?2)"
    "  AND d.chat_id = c.id AND d.state = 'sent') AS told_at"
    " FROM taken_out t JOIN chats c ON c.id = t.chat_id WHERE t.report_id = ?1"
)


def _taken_out(row: Row) -> TakenOut:
    return TakenOut(
        row["chat_id"], row["user_id"], row["at"], row["since"], row["told_at"],
        keeps=bool(row["keeps"]), brought=bool(row["brought"]),
    )  # fmt: skip
