"""The full-text index: by which keys stories are found, newest first.

Each engine has a way of its own to say this; it stands here and nowhere else. What finds stories is
said as SQLite reads it. On PostgreSQL the rows are numbered by the `sort_key` of stories, so that
those found are in order without a look at them. On SQLite they have the number of the story: those
lie close together, and a place takes one or two bytes. The keys themselves are kept nowhere there:
what takes a story out works them out again from its first report. Where a version made others, as
many as `words` says at least, those stay behind and find nothing: no number is given twice.
"""

from collections.abc import Collection, Iterable, Sequence

from bot.news.query.match import StoryText
from storage.database import Row, Transaction
from storage.sql import as_list, either, listed

_OF_GUESTS = "§g"
"""The key of all stories that guests opened, among the keys of their words."""

TEXTS = (
    "SELECT s.sort_key AS place, s.id, s.opened_by, r.title, r.summary, r.source, r.language,"
    " r.link FROM stories s JOIN reports r ON r.id = s.id"
)
"""What all rows of the index are made of, as SQL; see `row_of`."""


def keys_of(
    title: str, summary: str, source: str, language: str | None, link: str | None
) -> list[str]:
    """The keys of the story that such a report opens."""
    return sorted(StoryText(title, summary, source, language, link).keys())


def keys_again(
    title: str, summary: str, source: str, language: str | None, link: str | None, count: int
) -> str:
    """The keys by which a story was put into the index, by this version or by one that took the
    words beside their stems; none where they were not as many, by yet another. SQLite, whose index
    counts what is put in and taken out, knows it as a function.
    """
    text = StoryText(title, summary, source, language, link)
    keys = text.keys()
    ways = (keys, keys | text.words.of.keys())
    return " ".join(next((way for way in ways if len(way) == count), ()))


def row_of(text: Row) -> tuple[int, int, str]:
    """What the index keeps of a row of `TEXTS`: its place, its story and its keys."""
    keys = keys_of(text["title"], text["summary"], text["source"], text["language"], text["link"])
    return text["place"], text["id"], " ".join(keys) + _marks_of(text["opened_by"])


def _marks_of(feed_id: int) -> str:
    """What stands behind the keys of a story, by the guest that opened it."""
    return f" {_OF_GUESTS} {_key_of(abs(feed_id))}" if feed_id else ""


def _some(below: str, limit: str) -> str:
    """So many places that an expression finds, the first of those in a direction: looked for among
    the stories that come next, which is enough for a common word, and then among all; a rare word
    has few. `below` bounds the places where that is not above one.
    """
    order = "DESC" if below else "ASC"
    bound = below or "{place} > ?2"
    least = "min" if below else "max"
    beyond = "<" if below else ">"
    hits = "story_keys k CROSS JOIN stories s WHERE s.id = k.rowid AND k.story_keys MATCH ?1"
    near = f"{bound.format(place='sort_key')} ORDER BY sort_key {order} LIMIT 1000 + 10 * {limit}"
    return either(
        f"(WITH near AS MATERIALIZED (SELECT id, sort_key FROM stories WHERE {near}),"
        " reach AS MATERIALIZED (SELECT min(id) AS first, max(id) AS last,"
        f"  {least}(sort_key) AS place FROM near),"
        f" found AS MATERIALIZED (SELECT s.sort_key AS place FROM {hits}"
        "   AND k.rowid >= (SELECT first FROM reach) AND k.rowid <= (SELECT last FROM reach)"
        f"  AND {bound.format(place='s.sort_key')}"
        f"  AND NOT s.sort_key {beyond} (SELECT place FROM reach)"
        f"  ORDER BY s.sort_key {order} LIMIT {limit})"
        # As a table before the others, or all that is found would be gone through first.
        f", too_few AS MATERIALIZED (SELECT 1 WHERE (SELECT count(*) FROM found) < {limit})"
        " SELECT place FROM (SELECT place FROM found UNION ALL SELECT * FROM"
        f"  (SELECT s.sort_key AS place FROM too_few CROSS JOIN {hits}"
        f"  AND {bound.format(place='s.sort_key')}"
        f"  AND s.sort_key {beyond} (SELECT place FROM reach)"
        f"  ORDER BY s.sort_key {order} LIMIT {limit})) ORDER BY place {order} LIMIT {limit})",
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
COUNT = "SELECT count(*) AS n FROM " + either(
    "story_keys k CROSS JOIN stories s WHERE s.id = k.rowid AND k.story_keys MATCH ?1"
    " AND s.sort_key >= ?2",
    "story_keys WHERE keys @@ as_tsquery(?1) AND place >= ?2",
)
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
    """Lets stories, which are stored with how many `words` they have here, be found by their keys;
    by their ids.
    """
    known = dict(keys)
    rows = await transaction.rows(_OPENED_BY, as_list(known)) if known else []
    put = [(r["id"], r["sort_key"], known[r["id"]] + _marks_of(r["opened_by"])) for r in rows]
    await transaction.run_many(_PUT, put)


async def drop(transaction: Transaction, stories: Collection[int]) -> None:
    """Lets stories be found no more; before they are deleted."""
    await transaction.run(_DROP, as_list(stories))


async def move(transaction: Transaction, places: Iterable[tuple[int, int]]) -> None:
    """Lets stories be found at other places: those that they had with those that they have."""
    for had, has in places:
        await transaction.run(_LEAVE, has)
        await transaction.run(_MOVE, had, has)


async def open_to_all(transaction: Transaction, feed_ids: Collection[int]) -> None:
    """Lets what these guests opened be found as what the operator's feeds did; before it is that
    of all.
    """
    for statement in _OPENED:
        await transaction.run(statement, as_list(feed_ids))


_MARKS = (
    f"CASE WHEN s.opened_by = 0 THEN '' ELSE ' {_OF_GUESTS} {_key_of('')}' || abs(s.opened_by) END"
)
_OPENED_BY = f"SELECT id, sort_key, opened_by FROM stories WHERE id IN {listed()} ORDER BY id"
# Of an INSERT from a SELECT SQLite would write each row to the index by itself: twice the time.
_PUT = either(
    "INSERT INTO story_keys (rowid, keys) VALUES (?1, ?3)",
    # Words whose story went without them may stand at a place that is given again.
    "INSERT INTO story_keys (place, keys) VALUES (?2, as_keys(?3))"
    " ON CONFLICT (place) DO UPDATE SET keys = excluded.keys",
)
# To take keys out of an index that does not keep them is to name them.
_TAKE = "INSERT INTO story_keys (story_keys, rowid, keys) SELECT 'delete', s.id,"
_KEYS = "keys_again(r.title, r.summary, r.source, r.language, r.link, s.words)"
_DROP = either(
    f"{_TAKE} {_KEYS} || {_MARKS} FROM stories s JOIN reports r ON r.id = s.id"
    f" WHERE s.words IS NOT NULL AND s.id IN {listed()}",
    f"DELETE FROM story_keys WHERE place IN (SELECT sort_key FROM stories WHERE id IN {listed()})",
)
# Words whose story went without them may stand at a place that is given again.
_LEAVE = either("SELECT ?1", "DELETE FROM story_keys WHERE place = ?1")
_MOVE = either("SELECT ?1, ?2", "UPDATE story_keys SET place = ?2 WHERE place = ?1")
_GUESTS = f"stories s WHERE s.opened_by <> 0 AND s.opened_by IN {listed()}"
_OPENED = (
    either(
        f"{_TAKE} {_MARKS} FROM {_GUESTS} AND s.words IS NOT NULL",
        f"UPDATE story_keys SET keys = ts_delete(keys, '{_OF_GUESTS}')"
        f" WHERE place IN (SELECT s.sort_key FROM {_GUESTS})",
    ),
    # The story is still one of those that are there.
    either(
        "INSERT INTO story_keys (rowid, keys)"
        f" SELECT s.id, '' FROM {_GUESTS} AND s.words IS NOT NULL",
        "SELECT 1",
    ),
)
