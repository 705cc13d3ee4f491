"""How many independent outlets carry a story: what counts as one, the number kept with each story,
and what is more for chats that see guests.

An outlet is a feed, and one that was taken out since by its name. A report that says whose work it
copies tells nothing that its original did not: it counts for none. What a chat took out of a story
for itself counts, as it does for all others.
"""

from collections.abc import Collection

from storage.database import Transaction
from storage.sql import as_list, listed
from storage.stories.visibility import seen


def _outlets(which: str) -> str:
    """How many outlets tell the reports `r` of which this is true, as SQL."""
    return (
        "(SELECT count(DISTINCT coalesce(CAST(r.feed_id AS TEXT), 'once ' || r.source))"
        f" FROM reports r WHERE {which} AND r.original IS NULL)"
    )


def carried_by(story: str, chat: str) -> str:
    """How many outlets that a chat sees carry a story, as SQL: those kept with it, and guests of
    which the chat wrote the address; one at least.
    """
    return (
        f"max(1, coalesce((SELECT k.outlets FROM stories k WHERE k.id = {story}), 0) + "
        + _outlets(f"r.story_id = {story} AND r.guest = 1 AND {seen('r', chat)}")
        + ")"
    )


async def count(transaction: Transaction, stories: Collection[int | None]) -> None:
    """Counts anew, for stories of which the reports have changed, the outlets that all see."""
    await transaction.run(f"{_COUNT} WHERE id IN {listed()}", as_list(stories))


async def count_of(transaction: Transaction, feed_ids: Collection[int]) -> None:
    """The same for all stories that these feeds tell."""
    await transaction.run(
        f"{_COUNT} WHERE id IN (SELECT story_id FROM reports WHERE feed_id IN {listed()})",
        as_list(feed_ids),
    )


_COUNT = f"UPDATE stories SET outlets = {_outlets('r.story_id = stories.id AND r.guest = 0')}"
