"""The full-text index: by which keys stories are found, newest first. Its rows are numbered by the
`sort_key` of stories, so that those found are in order without a look at the stories.

Each engine has a way of its own to say this; it stands here and nowhere else.
"""

from collections.abc import Collection, Iterable, Sequence

from storage.database import Transaction
from storage.sql import as_list, listed

_OF_GUESTS = "§g"
"""The key of all stories that guests opened, among the keys of their words."""

BELOW = (
    "(SELECT rowid FROM story_keys WHERE story_keys MATCH ? AND rowid < ? AND rowid >= ?"
    " ORDER BY rowid DESC LIMIT ?)"
)
"""The places of stories that an expression finds, newest first, as SQL."""
ABOVE = (
    "(SELECT rowid FROM story_keys WHERE story_keys MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?)"
)
"""Those above a place, oldest first."""
COUNT = "SELECT count(*) AS n FROM story_keys WHERE story_keys MATCH ? AND rowid >= ?"
"""How many an expression finds."""


def _key_of(feed_id: int | str) -> str:
    """The key of the stories that a guest opened."""
    return f"§{feed_id}"


def expression(keys: Collection[str], guests: Collection[int]) -> str:
    """What finds the stories with one of these keys that the operator's feeds opened, or these
    guests. Keys are made of letters and digits, so quoting them is enough.
    """
    if not keys:
        return ""
    wanted = f"({_any_of(keys)})"
    own = f'({wanted} NOT "{_OF_GUESTS}")'
    return f"{own} OR ({wanted} AND ({_any_of(map(_key_of, guests))}))" if guests else own


def _any_of(keys: Iterable[str]) -> str:
    return " OR ".join(f'"{key}"' for key in sorted(keys))


async def put(transaction: Transaction, keys: Sequence[tuple[int, str]]) -> None:
    """Lets stories, which are stored, be found by their keys; by their ids."""
    # Words whose story went without them may stand at a place that is given again.
    await drop(transaction, [story for story, _ in keys])
    await transaction.run_many(_PUT, [(words, story) for story, words in keys])


async def drop(transaction: Transaction, stories: Collection[int]) -> None:
    """Lets stories be found no more; before they are deleted."""
    await transaction.run(
        f"{_DROP} (SELECT sort_key FROM stories WHERE id IN {listed()})", as_list(stories)
    )


async def open_to_all(transaction: Transaction, feed_ids: Collection[int]) -> None:
    """Lets what these guests opened be found as what the operator's feeds did."""
    await transaction.run(_OPENED, as_list(feed_ids))


_DROP = "DELETE FROM story_keys WHERE rowid IN"
_PUT = (
    "INSERT INTO story_keys (rowid, keys) SELECT sort_key, ? || CASE WHEN opened_by = 0 THEN ''"
    f" ELSE ' {_OF_GUESTS} {_key_of('')}' || abs(opened_by) END FROM stories WHERE id = ?"
)
_OPENED = (
    f"UPDATE story_keys SET keys = replace(keys, ' {_OF_GUESTS} ', ' ') WHERE rowid IN"
    f" (SELECT sort_key FROM stories WHERE opened_by <> 0 AND opened_by IN {listed()})"
)
