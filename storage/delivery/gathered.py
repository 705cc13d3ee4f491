"""What a digest gathers: its stories, which share its end."""

from collections.abc import Collection

from bot.news.outbox import Also, Gathered
from bot.news.why import Code, because
from storage.database import Row, Transaction
from storage.sql import as_list, by, listed
from storage.stories.other_reports import doubtful_reports
from storage.stories.outlets import carried_by

MOST_GATHERED = 300
REFUSED = because(Code.DIGEST_REFUSED).stored()
TOLD_ALONE = f"AND error IS DISTINCT FROM '{REFUSED}'"
"""What came out of a digest that Telegram refused is told alone, and not gathered once more."""

SOURCES = carried_by("d.story_id", "d.chat_id")
"""How many independent outlets carry the story of a delivery `d`, for its chat."""

_BROUGHT = (
    "SELECT 1 FROM matches m LEFT JOIN topics t ON t.id = m.topic_id AND t.removed_at IS NULL"
    " WHERE m.story_id = d.story_id AND m.chat_id = d.chat_id AND m.thread_id = d.thread_id"
    " AND m.kept_by IS NULL"
)
LEFT_BY_TOPICS = (
    f"(EXISTS ({_BROUGHT}) AND NOT EXISTS ({_BROUGHT} AND (m.subscribed = 1 OR t.id IS NOT NULL)))"
)
"""Whether topics alone brought a delivery `d`, and all of them were removed since."""
TOPICS_REMOVED = because(Code.TOPICS_REMOVED).stored()

_GATHERED = (
    "SELECT d.id, coalesce(r.title_now, r.title) AS title, r.link, r.source, d.resends,"
    " d.created_at, d.chat_id, (SELECT c.since FROM chats c WHERE c.id = d.chat_id) AS chat_since,"
    " coalesce(r.summary_now, r.summary, '') AS summary,"
    # Another message may tell them, which could not be found out any more.
    " (SELECT p.whole_in IS NOT NULL AND p.whole_in IS DISTINCT FROM p.message_id"
    "  FROM deliveries p WHERE p.id = d.digest_id) AS told_before,"
    " min(coalesce(r.published_at, r.seen_at), r.seen_at) AS at,"
    f" {SOURCES} AS sources,"
    " (SELECT t.name FROM matches m"
    "  JOIN topics t ON t.id = m.topic_id AND t.removed_at IS NULL"
    "  WHERE m.story_id = d.story_id AND m.chat_id = d.chat_id AND m.thread_id = d.thread_id"
    "  AND m.kept_by IS NULL ORDER BY t.id LIMIT 1) AS topic"
    " FROM deliveries d JOIN reports r ON r.id = d.report_id"
)


# When chat ?1 was last told a story by itself, within two days before ?2.
_TOLD_ALONE = (
    f"SELECT max(settled_at) AS at FROM deliveries {by('deliveries_sent_of_chat')}"
    " WHERE chat_id = ?1 AND state = 'sent' AND settled_at > ?2 - 172800 AND settled_at < ?2"
    " AND kind = 'alert' AND digest_id IS NULL"
)


async def gathered_in(
    view: Transaction, digest_id: int, chat_id: int | None = None
) -> tuple[Gathered, ...]:
    """The stories of a digest; of this chat, where one is named."""
    rows = await view.rows(
        f"{_GATHERED} WHERE d.digest_id = ?1 AND (?2 IS NULL OR d.chat_id = ?2)"
        " ORDER BY d.id LIMIT ?3",
        digest_id,
        chat_id,
        MOST_GATHERED,
    )
    first = min((row["created_at"] for row in rows), default=0.0)
    told = await view.rows(_TOLD_ALONE, rows[0]["chat_id"], first) if rows else []
    told_at = told[0]["at"] if told and told[0]["at"] else 0.0
    # A chat that was not there heard nothing either.
    told_at = max(told_at, *(row["chat_since"] or 0.0 for row in rows[:1]), 0.0)
    doubts = await doubtful_reports(view, [row["id"] for row in rows])
    return tuple(_gathered(row, told_at, doubts.get(row["id"], ())) for row in rows)


async def leave_removed(transaction: Transaction, digests: Collection[int], now: float) -> None:
    """Ends what these digests, of which nothing was told yet, gathered for topics that were removed
    since.
    """
    await transaction.run(
        "UPDATE deliveries SET state = 'dead', settled_at = ?2, digest_id = NULL,"
        f" error = '{TOPICS_REMOVED}' WHERE id IN (SELECT d.id FROM deliveries d"
        f" {by('deliveries_of_digest')} WHERE d.digest_id IN {listed('?1')} AND d.state = 'held'"
        f" AND {LEFT_BY_TOPICS})",
        as_list(digests),
        now,
    )


async def settle_gathered(transaction: Transaction, settled: Collection[int]) -> None:
    """The stories of a digest share its end. One that Telegram refuses for what it is gives them
    back, to be told one by one. `settled` are deliveries that may be digests which ended just now.
    """
    ids = as_list(settled)
    await transaction.run(
        f"UPDATE deliveries {by('deliveries_of_digest')}"
        " SET (state, settled_at) = (SELECT p.state, p.settled_at"
        "  FROM deliveries p WHERE p.id = deliveries.digest_id)"
        f" WHERE {_OF_DIGESTS} IN ('sent', 'unknown', 'dead')",
        ids,
    )
    await transaction.run(
        f"UPDATE deliveries {by('deliveries_of_digest')}"
        f" SET state = 'pending', due_at = 0, digest_id = NULL, error = '{REFUSED}'"
        f" WHERE {_OF_DIGESTS} = 'failed'",
        ids,
    )


# What is gathered in one of the digests ?1, whose state is.
_OF_DIGESTS = (
    f"digest_id IN {listed('?1')} AND state = 'held'"
    " AND (SELECT p.state FROM deliveries p WHERE p.id = deliveries.digest_id)"
)


def _gathered(row: Row, told_at: float, doubts: tuple[Also, ...]) -> Gathered:
    return Gathered(
        row["title"],
        row["link"],
        row["source"],
        row["at"],
        row["sources"],
        row["topic"],
        bool(row["told_before"] or row["resends"]),
        row["summary"],
        row["created_at"],
        told_at,
        doubts,
    )
