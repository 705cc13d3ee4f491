"""A story of the operator's takes in those that guests opened before and that tell the same: chats
that were told by a guest have their alerts edited and are not rung again.
"""

from collections.abc import Collection, Sequence

from storage.database import Transaction
from storage.delivery.edits import edit_alerts
from storage.delivery.told_once import untold
from storage.sql import as_list, listed
from storage.stories import search_index


async def take_in(
    transaction: Transaction,
    stories: Sequence[int],
    into: int,
    now: float,
    *,
    doubted: Collection[int] = (),
) -> None:
    """Makes stories that guests opened part of another, within the transaction that opens it. The
    reports of those that are `doubted` stand in it in doubt: the one that opens it is told in
    full beside them. What became the operator's since it was decided on stays as it is.
    """
    rows = await transaction.rows(_OF_GUESTS, as_list(stories))
    guests = [row["id"] for row in rows]
    await search_index.drop(transaction, guests)
    for story in guests:
        if story in doubted:
            await transaction.run("UPDATE reports SET doubtful = 1 WHERE story_id = ?", story)
        for statement in _MOVED:
            await transaction.run(statement, story, into)
        await transaction.run("DELETE FROM stories WHERE id = ?", story)
    # By the report that opened the story: it is the operator's, and all see it.
    await edit_alerts(transaction, [(into, into)], now)


_OF_GUESTS = f"SELECT id FROM stories WHERE opened_by <> 0 AND id IN {listed()} ORDER BY id"
_MOVED = (
    "UPDATE reports SET story_id = ?2 WHERE story_id = ?1",
    "UPDATE matches SET story_id = ?2 WHERE story_id = ?1",
    # Who was told by two guests keeps one of the alerts as it is.
    f"UPDATE deliveries SET story_id = ?2 WHERE story_id = ?1 AND {untold(story_id='?2')}",
    "UPDATE muted_stories SET story_id = ?2 WHERE story_id = ?1 AND NOT EXISTS"
    " (SELECT 1 FROM muted_stories o WHERE o.story_id = ?2 AND o.chat_id = muted_stories.chat_id)",
)
