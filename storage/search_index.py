"""The full-text index: by which keys stories are found, newest first. Its rows are numbered by the
`sort_key` of stories, so that those found are in order without a look at the stories.

Each engine has a way of its own to say this; it stands here and nowhere else. What finds stories is
said as SQLite reads it.
"""

from collections.abc import Collection, Iterable, Sequence

from storage.database import Transaction
from storage.sql import as_list, either, listed

_OF_GUESTS = "§g"
"""The key of all stories that guests opened, among the keys of their words."""

_PLACE = either("rowid", "place")
_HITS = either(
    "story_keys WHERE story_keys MATCH ?1 AND rowid",
    "story_keys WHERE keys @@ as_tsquery(?1) AND place",
)


def _some(below: str, limit: str) -> str:
    """So many places that an expression finds, the first of those in a direction.

    Only PostgreSQL has to be told how to look: first at what comes next, which is enough for a
    common word, and then by the keys, of which a rare word has few.
    """
    order = "DESC" if below else "ASC"
    bound = below or "{place} > ?2"
    least = "min" if below else "max"
    beyond = "<" if below else ">"
    return either(
        f"(SELECT rowid FROM story_keys WHERE story_keys MATCH ?1 AND {bound.format(place='rowid')}"
        f" ORDER BY rowid {order} LIMIT {limit})",
        "(WITH near AS MATERIALIZED (SELECT place, keys FROM story_keys WHERE"
        f"  {bound.format(place='place')} ORDER BY place {order} LIMIT 1000 + 10 * {limit}),"
        f" found AS MATERIALIZED (SELECT place FROM near WHERE keys @@ as_tsquery(?1)"
        f"  ORDER BY place {order} LIMIT {limit})"
        " SELECT place FROM (SELECT place FROM found UNION ALL (SELECT place FROM story_keys"
        f"  WHERE (SELECT count(*) FROM found) < {limit} AND keys @@ as_tsquery(?1)"
        # Not by their place, of which there are many: what is added keeps that index out.
        f"  AND {bound.format(place='place + 0')}"
        f"  AND place + 0 {beyond} (SELECT {least}(place) FROM near)"
        f"  ORDER BY place + 0 {order} LIMIT {limit})) every ORDER BY place {order} LIMIT {limit})",
    )


BELOW = _some("{place} < ?2 AND {place} >= ?3", "?4")
"""The places of stories that an expression finds, newest first, as SQL."""
ABOVE = _some("", "?3")
"""Those above a place, oldest first."""
COUNT = f"SELECT count(*) AS n FROM {_HITS} >= ?2"
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


_WORDS = (
    "?1 || CASE WHEN opened_by = 0 THEN ''"
    f" ELSE ' {_OF_GUESTS} {_key_of('')}' || abs(opened_by) END"
)
_LESS = either(f"replace(keys, ' {_OF_GUESTS} ', ' ')", f"ts_delete(keys, '{_OF_GUESTS}')")
_DROP = f"DELETE FROM story_keys WHERE {_PLACE} IN"
_PUT = (
    f"INSERT INTO story_keys ({_PLACE}, keys) SELECT sort_key, {either('', 'as_keys')}({_WORDS})"
    " FROM stories WHERE id = ?2"
)
_OPENED = (
    f"UPDATE story_keys SET keys = {_LESS} WHERE {_PLACE} IN"
    f" (SELECT sort_key FROM stories WHERE opened_by <> 0 AND opened_by IN {listed()})"
)
