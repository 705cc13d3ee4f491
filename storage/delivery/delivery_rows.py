"""What a message shows, read for many deliveries at once."""

from collections.abc import Collection, Sequence

from bot.news.chat import Habits
from bot.news.outbox import Also, Delivery, DeliveryKind, Gathered
from bot.news.telling.languages import is_heard, spoken_in
from bot.news.telling.timing import BREAKING
from bot.news.why import read_why
from storage.chats.audience import habits_of
from storage.database import Row, Transaction
from storage.delivery.gathered import gathered_in
from storage.sql import as_list, listed
from storage.stories.other_reports import by_delivery, other_reports
from storage.stories.visibility import seen

# What a delivery tells: the report that rang, and the message that it may follow, of the story
# before it or of its own for an update.
_DELIVERY = (
    "SELECT d.*, c.kind AS chat_kind, c.timezone, c.language, c.not_found, c.habits, r.image,"
    " coalesce(r.title_now, r.title, '') AS title,"
    " coalesce(r.summary_now, r.summary, '') AS summary, r.link, coalesce(r.source, '') AS source,"
    " r.original, r.id IS NULL AND d.kind <> 'digest' AS lost, coalesce(min("
    "  coalesce(r.published_at, r.seen_at), r.seen_at), 0) AS at,"
    " coalesce(r.seen_at, 0) AS seen_at,"
    " (SELECT p.message_id FROM deliveries p WHERE p.story_id = CASE d.kind"
    "   WHEN 'update' THEN d.story_id"
    # The story that it follows may have been taken in by another since.
    "   ELSE (SELECT e.story_id FROM stories s JOIN reports e ON e.id = s.related_to"
    "    WHERE s.id = d.story_id) END"
    "  AND p.chat_id = d.chat_id AND p.thread_id = d.thread_id AND p.kind = 'alert'"
    "  AND p.state = 'sent') AS reply_to"
    " FROM deliveries d JOIN chats c ON c.id = d.chat_id LEFT JOIN reports r ON r.id = d.report_id"
    f" WHERE d.id IN {listed()} ORDER BY d.id"
)
# The report that tells its story in another language.
_ELSEWHERE = (
    "SELECT d.id AS delivery_id, o.source, o.link, o.original, o.language,"
    " coalesce(o.title_now, o.title) AS title, coalesce(o.summary_now, o.summary) AS summary"
    " FROM deliveries d JOIN stories s ON s.id = d.story_id JOIN reports o ON o.id = s.elsewhere"
    f" WHERE d.id IN {listed()} AND {seen('o', 'd.chat_id')}"
)
# The topics that wanted it.
_TOPICS = (
    "SELECT DISTINCT d.id AS delivery_id, t.id, t.name,"
    " (SELECT count(*) FROM topics o WHERE o.chat_id = d.chat_id"
    " AND o.removed_at IS NULL) AS of_chat"
    " FROM deliveries d JOIN matches m"
    " ON m.story_id = d.story_id AND m.chat_id = d.chat_id AND m.thread_id = d.thread_id"
    " JOIN topics t ON t.id = m.topic_id AND t.removed_at IS NULL"
    f" WHERE d.id IN {listed()} AND m.kept_by IS NULL ORDER BY t.id"
)


async def deliveries(view: Transaction, ids: Collection[int]) -> tuple[list[Delivery], list[int]]:
    """These deliveries with all that is needed to render them, in their order; and the ids of those
    that have nothing left to tell: their report was pruned, or they are a digest of nothing.
    """
    rows = await view.rows(_DELIVERY, as_list(ids))
    also = await other_reports(view, ids)
    elsewhere = {row["delivery_id"]: row for row in await view.rows(_ELSEWHERE, as_list(ids))}
    topics = await topics_of(view, ids)
    drawn, lost = [], []
    for row in rows:
        gathered = await gathered_in(view, row["id"]) if row["kind"] == "digest" else ()
        if row["lost"] or (row["kind"] == "digest" and not gathered):
            lost.append(row["id"])
        else:
            brought, other = topics.get(row["id"], ()), elsewhere.get(row["id"])
            drawn.append(_delivery(row, also.get(row["id"], ()), brought, gathered, other))
    return drawn, lost


async def topics_of(view: Transaction, ids: Collection[int]) -> dict[int, list[Row]]:
    """The topics that brought these deliveries, by delivery; without those that none brought."""
    return by_delivery(await view.rows(_TOPICS, as_list(ids)))


def _heard(other: Row | None, habits: Habits) -> Also | None:
    """A report in another language, where the chat hears that language."""
    if other is None or not other["title"]:
        return None
    spoken = spoken_in(f"{other['title']} {other['summary']}", other["language"])
    if not is_heard(habits.languages, spoken):
        return None
    return Also(other["source"], other["title"], other["link"], other["original"])


def _delivery(
    row: Row,
    also: tuple[Also, ...],
    topics: Sequence[Row],
    gathered: tuple[Gathered, ...],
    elsewhere: Row | None,
) -> Delivery:
    habits = habits_of(row)
    return Delivery(
        id=row["id"],
        chat_id=row["chat_id"],
        chat_kind=row["chat_kind"],
        thread_id=row["thread_id"],
        topics=tuple(each["name"] for each in topics),
        topics_of_chat=topics[0]["of_chat"] if topics else 0,
        title=row["title"],
        summary=row["summary"],
        link=row["link"],
        source=row["source"],
        timezone=row["timezone"],
        language=row["language"],
        at=row["at"],
        seen_at=row["seen_at"],
        attempts=row["attempts"],
        original=row["original"],
        also=also,
        reply_to=row["reply_to"],
        message_id=row["message_id"],
        edit_due_at=row["edit_due_at"],
        kind=DeliveryKind(row["kind"]),
        silent=bool(row["silent"]) or habits.silent,
        gathered=gathered,
        buttons=habits.buttons,
        quiet=habits.quiet,
        digest=habits.digest,
        breaking=read_why(row["error"]) == BREAKING,
        not_found=row["not_found"],
        image=row["image"],
        pictures=habits.pictures,
        previews=habits.previews,
        as_picture=bool(row["as_picture"]),
        resent=bool(row["resends"]),
        perhaps_told=row["whole_in"] is not None,
        elsewhere=_heard(elsewhere, habits),
    )
