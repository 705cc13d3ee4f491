"""What is told again of a story that was told, within the transaction of its cause; what that is
`bot.news.telling.updates` decides.
"""

from collections.abc import Iterable, Sequence

from bot.news.chat import MUTED_FEED
from bot.news.polling import quota
from bot.news.polling.identity import Rewrite
from bot.news.polling.quota import Spent
from bot.news.stories.changes import is_substantial
from bot.news.telling.updates import (
    CHANGES_AN_HOUR,
    EDIT_WITHIN_SECONDS,
    Hearer,
    StandingAlert,
    changes_told,
    edit_due_at,
    is_told_of_change,
)
from bot.news.text.headlines import without_counter
from storage.chats.audience import habits_of
from storage.database import Row, Transaction
from storage.sql import as_list, tabled
from storage.stories.visibility import seen

# The alerts of stories, since ?2, in chats that see the reports by which these have changed.
_STANDING = (
    "SELECT d.id, d.state, d.settled_at, d.edited_at, d.message_id, d.story_id"
    f" FROM {tabled('?1', 'story', 'report')} w CROSS JOIN deliveries d ON d.story_id = w.story"
    " JOIN reports r ON r.id = w.report"
    " WHERE d.kind = 'alert' AND (d.state = 'sending' OR d.state = 'sent' AND d.settled_at > ?2)"
    f" AND {seen('r', 'd.chat_id')}"
)
_EDIT_DUE = (
    f"UPDATE deliveries SET edit_due_at = w.due_at FROM {tabled('?', 'due_at real', 'id')} w"
    " WHERE deliveries.id = w.id"
)
# ?1 the story, ?2 the report, ?3 since when: who heard the story from the outlet of the report,
# with all that bears on whether they are told of it.
_HEARERS = (
    "SELECT d.id, d.state, d.settled_at, d.edited_at, d.message_id, d.chat_id, d.thread_id,"
    f" c.state = 'active' AS served, c.habits, c.timezone, {seen('r', 'd.chat_id')} AS sees,"
    " EXISTS (SELECT 1 FROM subscriptions s WHERE s.chat_id = d.chat_id"
    "  AND (s.feed_id = r.feed_id OR s.feed_id IS NULL AND s.folder IN"
    "   ('', (SELECT f.folder FROM feeds f WHERE f.id = r.feed_id)))) AS follows,"
    " (SELECT min(t.muted_until) FROM matches m"
    "  JOIN topics t ON t.id = m.topic_id AND t.removed_at IS NULL"
    "  WHERE m.story_id = d.story_id AND m.chat_id = d.chat_id) AS topics_muted_until,"
    " (SELECT max(m.until) FROM mutes m WHERE m.chat_id = d.chat_id"
    f"  AND m.query = '{MUTED_FEED}' || r.feed_id) AS outlet_muted_until,"
    " EXISTS (SELECT 1 FROM muted_stories m WHERE m.story_id = d.story_id"
    "  AND m.chat_id = d.chat_id) AS story_muted,"
    " (SELECT max(u.created_at) FROM deliveries u WHERE u.kind = 'update'"
    "  AND u.story_id = d.story_id AND u.chat_id = d.chat_id AND u.thread_id = d.thread_id"
    "  AND u.state <> 'pending') AS updated_at"
    " FROM deliveries d JOIN reports told ON told.id = d.report_id JOIN chats c ON c.id = d.chat_id"
    " JOIN reports r ON r.id = ?2"
    " WHERE d.story_id = ?1 AND d.kind = 'alert' AND d.state = 'sent' AND d.settled_at > ?3"
    " AND told.feed_id = r.feed_id"
)
_UPDATE = (
    "INSERT INTO deliveries"
    " (chat_id, thread_id, story_id, report_id, state, created_at, kind, silent)"
    " VALUES (?, ?, ?, ?, 'pending', ?, 'update', 1)"
    " ON CONFLICT (chat_id, thread_id, story_id) WHERE kind = 'update' AND state = 'pending'"
    " DO UPDATE SET report_id = excluded.report_id"
)


async def edit_alerts(
    transaction: Transaction, changes: Iterable[tuple[int, int]], now: float
) -> set[int]:
    """The alerts of stories are due to be edited, of chats that see the report by which each has
    changed. `changes` are ids of stories with those of reports. Returns the stories that have such.
    """
    changed = as_list(dict.fromkeys(changes))
    rows = await transaction.rows(_STANDING, changed, now - EDIT_WITHIN_SECONDS)
    # A story may have changed by several reports.
    alerts = {row["id"]: _standing(row) for row in rows}.values()
    due = [(edit_due_at(alert, now), alert.id) for alert in alerts]
    await transaction.run(_EDIT_DUE, as_list(each for each in due if each[0] is not None))
    return {row["story_id"] for row in rows}


async def enqueue_updates(
    transaction: Transaction, reports: Iterable[tuple[int, int]], now: float
) -> None:
    """Chats that heard a story from the outlet of the report are told quietly of the report, as far
    as they ask for that. `reports` are ids of reports with the stories they tell.
    """
    for report, story in reports:
        await _enqueue_update(transaction, report, story, now)


async def _enqueue_update(transaction: Transaction, report: int, story: int, now: float) -> int:
    rows = await transaction.rows(_HEARERS, story, report, now - EDIT_WITHIN_SECONDS)
    told = [row for row in rows if is_told_of_change(_hearer(row, now), now)]
    await transaction.run_many(
        _UPDATE, [(row["chat_id"], row["thread_id"], story, report, now) for row in told]
    )
    return len(told)


def _standing(row: Row) -> StandingAlert:
    sent_at = row["settled_at"] if row["state"] == "sent" else None
    return StandingAlert(row["id"], sent_at, row["edited_at"], row["message_id"])


def _hearer(row: Row, now: float) -> Hearer:
    habits = habits_of(row)
    return Hearer(
        alert=_standing(row),
        served=bool(row["served"]),
        sees=bool(row["sees"]),
        wants_updates=habits.updates and now >= habits.paused_until,
        follows=bool(row["follows"]),
        topics_muted_until=row["topics_muted_until"],
        outlet_muted_until=row["outlet_muted_until"],
        story_muted=bool(row["story_muted"]),
        updated_at=row["updated_at"],
    )


async def rewrite(
    transaction: Transaction, feed_id: int, rewrites: Sequence[Rewrite], now: float
) -> None:
    """Shows headlines as their outlet rewrote them. What was first written stays beside it: the
    story was placed by it. Of a few changes an hour that are news by themselves chats are told.
    """
    if not rewrites:
        return
    edited, told = list[tuple[int, int]](), list[tuple[int, int]]()
    for each in rewrites:
        rows = await transaction.rows(
            "SELECT id, story_id, coalesce(title_now, title) AS title FROM reports"
            # The index has the beginnings of keys.
            " WHERE feed_id = ?1 AND substr(key, 1, 3) = substr(?2, 1, 3) AND key = ?2"
            " ORDER BY id DESC LIMIT 1",
            feed_id,
            each.key,
        )
        if not rows or without_counter(rows[0]["title"]) == without_counter(each.title):
            continue
        report = rows[0]
        await transaction.run(
            "UPDATE reports SET title_now = ?, summary_now = ? WHERE id = ?",
            each.title,
            each.summary,
            report["id"],
        )
        if report["story_id"]:
            edited.append((report["story_id"], report["id"]))
            if is_substantial(report["title"], each.title):
                told.append((report["id"], report["story_id"]))
    rewritten = await edit_alerts(transaction, edited, now)
    changed = [each for each in told if each[1] in rewritten]
    if changed:
        await _tell_changes(transaction, feed_id, changed, now)


async def _tell_changes(
    transaction: Transaction,
    feed_id: int,
    changed: Sequence[tuple[int, int]],
    now: float,
) -> None:
    """Tells of what a feed has changed, as far as it may: `changed` are reports whose headlines say
    what they did not, with their stories, which were told.
    """
    rows = await transaction.rows(_CHANGES, feed_id)
    spent = Spent(rows[0]["changes"], rows[0]["changes_at"]) if rows else Spent()
    room = changes_told(
        len({story for _, story in changed}), quota.left(spent, CHANGES_AN_HOUR, now)
    )
    told = 0
    for report, story in changed:
        if told < room:
            told += await _enqueue_update(transaction, report, story, now) > 0
    if told:
        spent = quota.after(spent, told, CHANGES_AN_HOUR, now)
        await transaction.run(_CHANGES_TOLD, feed_id, spent.entries, spent.at)


_CHANGES = "SELECT changes, changes_at FROM feed_intake WHERE feed_id = ?"
_CHANGES_TOLD = (
    "INSERT INTO feed_intake (feed_id, spent, at, changes, changes_at) VALUES (?1, 0, ?3, ?2, ?3)"
    " ON CONFLICT (feed_id) DO UPDATE SET changes = ?2, changes_at = ?3"
)
