"""A story of the operator's takes in those that guests opened before and that tell the same: chats
that were told by a guest have their alerts edited and are not rung again.
"""

from collections.abc import Sequence

from storage.database import Transaction
from storage.edits import edit_alerts


async def take_in(transaction: Transaction, stories: Sequence[int], into: int, now: float) -> None:
    """Makes stories that guests opened part of another, within the transaction that opens it."""
    for story in stories:
        for statement in _MOVED:
            await transaction.run(statement, story, into)
        for statement in _GONE:
            await transaction.run(statement, story)
    # By the report that opened the story: it is the operator's, and all see it.
    await edit_alerts(transaction, [(into, into)], now)


_MOVED = (
    "UPDATE reports SET story_id = ?2 WHERE story_id = ?1",
    "UPDATE matches SET story_id = ?2 WHERE story_id = ?1",
    # Who was told by two guests keeps one of the alerts as it is.
    "UPDATE OR IGNORE deliveries SET story_id = ?2 WHERE story_id = ?1",
    "UPDATE OR IGNORE muted_stories SET story_id = ?2 WHERE story_id = ?1",
)
_GONE = (
    "DELETE FROM story_keys WHERE rowid = (SELECT sort_key FROM stories WHERE id = ?1)",
    "DELETE FROM stories WHERE id = ?1 AND opened_by <> 0",
)
