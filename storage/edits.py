"""What is told again of a story that was told: its alerts are edited, and a change that is news by
itself is enqueued as a quiet update. All of it within the transaction of its cause.
"""

from collections.abc import Iterable, Sequence

from bot.news.chat import MUTED_FEED
from bot.news.polling.identity import Rewrite
from bot.news.stories.changes import is_substantial
from bot.news.text.headlines import without_counter
from storage.database import Transaction
from storage.seeing import seen

EDIT_GAP_SECONDS = 60.0
EDIT_WITHIN_SECONDS = 86_400.0
_UPDATE_GAP_SECONDS = 3600.0

# Who was told may have changed what it asks for since.
_STILL_ASKED_FOR = (
    "(EXISTS (SELECT 1 FROM subscriptions s WHERE s.chat_id = d.chat_id"
    "  AND (s.feed_id = told.feed_id OR s.feed_id IS NULL AND s.folder IN"
    "   ('', (SELECT f.folder FROM feeds f WHERE f.id = told.feed_id))))"
    " OR EXISTS (SELECT 1 FROM matches m JOIN topics t ON t.id = m.topic_id"
    "  WHERE m.story_id = d.story_id AND m.chat_id = d.chat_id AND t.muted_until <= ?3))"
    " AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.chat_id = d.chat_id AND m.until > ?3"
    f" AND m.query = '{MUTED_FEED}' || told.feed_id)"
)


async def edit_alerts(
    transaction: Transaction, changes: Iterable[tuple[int, int]], now: float
) -> None:
    """The alerts of stories are due to be edited, of chats that see the report by which each has
    changed: gathered, a minute after they were sent or edited last at the earliest, and never once
    they are a day old. `changes` are ids of stories with those of reports.
    """
    await transaction.run_many(
        # One that is being sent may have been drawn before this; it is edited when it arrived.
        "UPDATE deliveries SET edit_due_at = max(?1,"
        "  max(coalesce(edited_at, 0), coalesce(settled_at, 0)) + ?2)"
        " WHERE story_id = ?3 AND kind = 'alert'"
        # What was told within a digest has no message of its own.
        " AND (state = 'sending' OR state = 'sent' AND message_id IS NOT NULL"
        "  AND settled_at > ?1 - ?4)"
        " AND EXISTS (SELECT 1 FROM reports r WHERE r.id = ?5"
        f"  AND {seen('r', 'deliveries.chat_id')})",
        [
            (now, EDIT_GAP_SECONDS, story, EDIT_WITHIN_SECONDS, report)
            for story, report in dict.fromkeys(changes)
        ],
    )


async def enqueue_updates(
    transaction: Transaction, reports: Iterable[tuple[int, int]], now: float
) -> None:
    """Chats that heard a story from the outlet of the report are told quietly of the report: at
    most once an hour, not where the story or the outlet is muted or nothing asks for it any more,
    and never once the alert is a day old.

    `reports` are ids of reports with the stories they tell.
    """
    await transaction.run_many(
        "INSERT INTO deliveries"
        " (chat_id, thread_id, story_id, report_id, state, created_at, kind, silent)"
        " SELECT d.chat_id, d.thread_id, d.story_id, ?1, 'pending', ?3, 'update', 1"
        " FROM deliveries d JOIN reports told ON told.id = d.report_id"
        " JOIN chats c ON c.id = d.chat_id"
        " WHERE d.story_id = ?2 AND d.kind = 'alert' AND d.state = 'sent' AND c.state = 'active'"
        " AND d.settled_at > ?3 - ?4 AND d.message_id IS NOT NULL"
        " AND told.feed_id = (SELECT feed_id FROM reports WHERE id = ?1)"
        f" AND EXISTS (SELECT 1 FROM reports r WHERE r.id = ?1 AND {seen('r', 'd.chat_id')})"
        " AND coalesce(json_extract(c.habits, '$.updates'), 1)"
        f" AND {_STILL_ASKED_FOR}"
        " AND NOT EXISTS (SELECT 1 FROM muted_stories m"
        "  WHERE m.story_id = d.story_id AND m.chat_id = d.chat_id)"
        " AND NOT EXISTS (SELECT 1 FROM deliveries u WHERE u.kind = 'update'"
        "  AND u.story_id = d.story_id AND u.chat_id = d.chat_id"
        "  AND u.thread_id = d.thread_id AND u.state <> 'pending' AND u.created_at > ?3 - ?5)"
        " ON CONFLICT (chat_id, thread_id, story_id) WHERE kind = 'update' AND state = 'pending'"
        " DO UPDATE SET report_id = excluded.report_id",
        [
            (report, story, now, EDIT_WITHIN_SECONDS, _UPDATE_GAP_SECONDS)
            for report, story in reports
        ],
    )


async def rewrite(
    transaction: Transaction, feed_id: int, rewrites: Sequence[Rewrite], now: float
) -> None:
    """Shows headlines as their outlet rewrote them. What was first written stays beside it: the
    story was placed by it.
    """
    if not rewrites:
        return
    edited, told = list[tuple[int, int]](), list[tuple[int, int]]()
    for each in rewrites:
        rows = await transaction.rows(
            "SELECT id, story_id, coalesce(title_now, title) AS title FROM reports"
            " WHERE feed_id = ? AND key = ? ORDER BY id DESC LIMIT 1",
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
    await edit_alerts(transaction, edited, now)
    await enqueue_updates(transaction, told, now)
