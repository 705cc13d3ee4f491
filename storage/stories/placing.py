"""What the desk decided of reports, stored: stories, who is told of them, and why."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from msgspec.structs import replace

from bot.news.outbox import Placement, Ring
from bot.news.retention import EVERY, JUMP
from bot.news.stories.clustering import WINDOW_SECONDS
from bot.news.why import Code, Why, because
from storage.aside import Queue
from storage.database import Transaction
from storage.delivery.edits import edit_alerts, enqueue_updates
from storage.delivery.gathered import TOPICS_REMOVED
from storage.sql import as_list, by, either, in_order_of, listed, tabled
from storage.stories import outlets, search_index
from storage.stories.story_merge import take_in

SEQUENCE = 1 << 20
TOLD_BESIDE = because(Code.TOLD_BESIDE)
"""Why a chat is not alerted to what guests told it in another story."""

_ROWS_AT_ONCE = 500
_SEEN = (
    "SELECT max(seen_at) AS at, (SELECT value FROM facts WHERE name = 'tended') AS tended"
    f" FROM reports WHERE id IN {listed()}"
)
# It is a fiftieth of an SQLite file. PostgreSQL would write each row once more for it.
_NO_ORDER = either(f"UPDATE reports SET placing = NULL WHERE id IN {listed()}", "SELECT 1")
_IN_SECOND = (
    f"(SELECT max(sort_key) FROM stories WHERE sort_key >= {{0}} AND sort_key < {{0}} + {SEQUENCE})"
)
# Stories are ordered by the second in which the news came out, and within it by when they were
# placed: the next place after those that are taken. Where a second is full (a million stories of
# one midnight) the next one with room takes them: no two ever have the same place.
_OPEN = (
    "WITH RECURSIVE news (at, second, opened_by) AS ("
    f" SELECT at, cast(at AS INTEGER) * {SEQUENCE}, opened_by FROM"
    "  (SELECT max(0, min(coalesce(published_at, seen_at), seen_at)) AS at,"
    "   CASE WHEN guest = 1 THEN coalesce(feed_id, -1) ELSE 0 END AS opened_by"
    "   FROM reports WHERE id = ?1)),"
    " places (second, last) AS ("
    f" SELECT second, {_IN_SECOND.format('second')} FROM news"
    f" UNION ALL SELECT second + {SEQUENCE}, {_IN_SECOND.format(f'second + {SEQUENCE}')}"
    f"  FROM places WHERE last = second + {SEQUENCE - 1})"
    " INSERT INTO stories (id, sort_key, at, related_to, opened_by, words)"
    " SELECT ?1, coalesce(p.last + 1, p.second), news.at, ?2, news.opened_by, ?3"
    " FROM news, places p"
    " ORDER BY p.second DESC LIMIT 1"
)


async def place(transaction: Transaction, placements: Sequence[Placement], now: float) -> int:
    """Stores stories, matches and outbox rows; returns how many alerts were enqueued."""
    moved = await _moved(transaction)
    await _open(transaction, [p for p in placements if p.story_id == p.report_id], now)
    await _join(transaction, [p for p in placements if p.story_id != p.report_id], now)
    await transaction.run_many(
        "UPDATE reports SET story_id = ?, reason = ?, placing = ?, doubtful = ? WHERE id = ?",
        [
            (p.story_id, p.reason, p.placing or None, int(p.doubtful), p.report_id)
            for p in placements
        ],
    )
    await _keep_terms(transaction, placements, now)
    await transaction.run_many(
        f"DELETE FROM set_aside WHERE queue = '{Queue.REPORTS}' AND item = ?",
        [(str(p.report_id),) for p in placements],
    )
    await transaction.run(
        "INSERT INTO facts VALUES ('placing', ?1) ON CONFLICT (name)"
        " DO UPDATE SET value = max(CAST(facts.value AS INTEGER), ?1)",
        max((p.placing for p in placements), default=0),
    )
    for each in placements:
        if each.takes_in:
            await take_in(transaction, each.takes_in, each.story_id, now, doubted=each.doubted)
    await outlets.count(transaction, {p.story_id for p in placements})
    enqueued = await _ring(transaction, [p for p in placements if not p.beside], moved, now)
    for each in placements:
        if each.beside and each.rings:
            # One by one: those before it may have alerted a chat to what is told beside it.
            kept = await _without_told(transaction, each, moved)
            enqueued += await _ring(transaction, [kept], moved, now)
    return enqueued


async def _ring(
    transaction: Transaction, placements: Sequence[Placement], moved: Mapping[int, int], now: float
) -> int:
    await _note_matches(transaction, placements, moved, now)
    return await _enqueue(transaction, placements, moved, now)


async def _without_told(
    transaction: Transaction, placement: Placement, moved: Mapping[int, int]
) -> Placement:
    """The placement, of which what keeps it from a place is that it was told beside it there."""
    rows = await transaction.rows(_TOLD_BESIDE, as_list(placement.beside))
    told = {(row["chat_id"], row["thread_id"]) for row in rows}
    rings = (
        replace(ring, kept_by=TOLD_BESIDE)
        if not ring.kept_by and (moved.get(ring.chat_id, ring.chat_id), ring.thread_id) in told
        else ring
        for ring in placement.rings
    )
    return replace(placement, rings=tuple(rings))


async def _keep_terms(
    transaction: Transaction, placements: Sequence[Placement], now: float
) -> None:
    """Keeps how reports were split, and lets go of twice as many that left the window, and of the
    order in which these were placed. What left is told by when reports were seen, as in the window
    itself, and by no clock that retention doubts, or that is ahead of its last look: one that is
    ahead for a while would let go of all.
    """
    (row,) = await transaction.rows(_SEEN, as_list(p.report_id for p in placements))
    at, tended = min(now, row["at"] or 0.0), json.loads(row["tended"] or "{}")
    await transaction.run_many(
        "INSERT INTO report_terms VALUES (?1, ?2, ?3) ON CONFLICT (report_id)"
        " DO UPDATE SET at = excluded.at, terms = excluded.terms",
        [(p.report_id, at, p.terms) for p in placements if p.terms],
    )
    if tended.get("doubted_since") is not None:
        return
    looked = tended.get("seen", now)
    left = await transaction.rows(
        "DELETE FROM report_terms WHERE report_id IN"
        " (SELECT report_id FROM report_terms ORDER BY report_id LIMIT ?)"
        # Those of a clock that was ahead would stand before all others until it is as late.
        " AND (at < ? OR at > ?)"
        " RETURNING report_id",
        2 * len(placements),
        min(at, looked + EVERY) - WINDOW_SECONDS,
        max(now, looked) + JUMP,
    )
    if left:
        await transaction.run(_NO_ORDER, as_list(row["report_id"] for row in left))


async def _moved(transaction: Transaction) -> dict[int, int]:
    """Groups that have another id; one may have moved since its stories were decided on."""
    rows = await transaction.rows("SELECT old_id, new_id FROM moved_chats")
    return {row["old_id"]: row["new_id"] for row in rows}


async def _open(transaction: Transaction, opened: Sequence[Placement], now: float) -> None:
    await transaction.run_many(
        _OPEN, [(p.story_id, p.related_to, len(p.keys.split())) for p in opened]
    )
    await tell_elsewhere(transaction, {p.story_id: p.elsewhere for p in opened if p.elsewhere})
    await search_index.put(transaction, [(p.story_id, p.keys) for p in opened])
    await transaction.run_many(
        # Who muted a story muted what follows of it.
        "INSERT INTO muted_stories (story_id, chat_id, at)"
        " SELECT ?1, chat_id, ?2 FROM muted_stories WHERE story_id = ?3"
        " ON CONFLICT DO NOTHING",
        [(p.story_id, now, p.related_to) for p in opened if p.related_to],
    )


async def tell_elsewhere(transaction: Transaction, found: Mapping[int, int]) -> None:
    """Keeps which reports tell stories in another language, by the ids of the stories."""
    await transaction.run_many(
        "UPDATE stories SET elsewhere = ? WHERE id = ?",
        [(report, story) for story, report in found.items()],
    )


async def _join(transaction: Transaction, joined: Sequence[Placement], now: float) -> None:
    await transaction.run_many(
        # What guests add to a story of the operator's is not of what all see.
        "UPDATE stories SET reports = reports + 1 WHERE id = ?1 AND (opened_by <> 0"
        " OR (SELECT guest FROM reports WHERE id = ?2) = 0)",
        [(p.story_id, p.report_id) for p in joined],
    )
    await edit_alerts(transaction, [(p.story_id, p.report_id) for p in joined], now)
    await enqueue_updates(transaction, [(p.report_id, p.story_id) for p in joined if p.update], now)


async def _enqueue(
    transaction: Transaction, placements: Sequence[Placement], moved: Mapping[int, int], now: float
) -> int:
    joined = [p for p in placements if p.story_id != p.report_id]
    again = ((chat_id, r.thread_id, p.story_id) for p, r, chat_id in _wanted(joined, moved))
    for part in _parts(again):
        await transaction.run(_WANTED_AGAIN, part)
    rows = (
        (
            *(chat_id, r.thread_id, p.story_id, p.report_id, r.telling.state, r.telling.due_at),
            *(int(r.telling.silent), r.telling.sources, _stored(r.telling.reason)),
        )
        for p, r, chat_id in _wanted(placements, moved)
    )
    return sum([await transaction.run(_ENQUEUE, part, now) for part in _parts(rows)])


def _wanted(
    placements: Sequence[Placement], moved: Mapping[int, int]
) -> Iterator[tuple[Placement, Ring, int]]:
    """What is placed with each of its rings that nothing keeps away, and the chat of that."""
    return (
        (p, r, moved.get(r.chat_id, r.chat_id))
        for p in placements
        for r in p.rings
        if not r.kept_by
    )


async def _note_matches(
    transaction: Transaction, placements: Sequence[Placement], moved: Mapping[int, int], now: float
) -> None:
    rows = (
        (
            moved.get(r.chat_id, r.chat_id),
            *(p.story_id, r.thread_id, topic, p.report_id, ", ".join(terms), _stored(r.kept_by)),
        )
        for p in placements
        for r in p.rings
        for topic, terms in _wishes(r)
    )
    for part in _parts(rows):
        await transaction.run(_NOTE_MATCHES, part, now)


def _parts(rows: Iterator[tuple[object, ...]]) -> Iterator[str]:
    """Rows as lists, some hundreds at a time: the loop is not held while thousands are written."""
    while part := list(islice(rows, _ROWS_AT_ONCE)):
        yield as_list(part)


_RINGS = tabled(
    "?1", "chat_id", "thread_id", "story_id", "report_id", "state text", "due_at real", "silent",
    "sources", "error text",
)  # fmt: skip
_WISHED = tabled(
    "?1", "chat_id", "story_id", "thread_id", "topic_id", "report_id", "terms text", "kept_by text"
)
# Whether a report that joins a story is wanted in a thread by more than topics that had the story
# told in another before they were moved. Few are looked at: what was told here is not asked about.
_NOT_MOVED_HERE = (
    "(w.story_id = w.report_id OR EXISTS (SELECT 1 FROM deliveries h"
    "  WHERE h.chat_id = c.id AND h.thread_id = w.thread_id AND h.story_id = w.story_id"
    "  AND h.kind = 'alert')"
    " OR EXISTS (SELECT 1 FROM matches n WHERE n.story_id = w.story_id AND n.chat_id = c.id"
    "  AND n.thread_id = w.thread_id AND n.report_id = w.report_id AND n.kept_by IS NULL"
    "  AND NOT EXISTS (SELECT 1 FROM matches o JOIN deliveries a ON a.chat_id = o.chat_id"
    "   AND a.thread_id = o.thread_id AND a.story_id = o.story_id AND a.kind = 'alert'"
    "   WHERE o.story_id = n.story_id AND o.chat_id = n.chat_id AND o.topic_id = n.topic_id"
    "   AND o.thread_id <> n.thread_id AND o.kept_by IS NULL)))"
)
# What joins a story that was told beside another.
_NOT_TOLD_BESIDE = (
    "(w.story_id = w.report_id OR NOT EXISTS (SELECT 1 FROM matches k"
    "  WHERE k.story_id = w.story_id AND k.chat_id = c.id AND k.thread_id = w.thread_id"
    f"  AND k.kept_by = '{TOLD_BESIDE.stored()}'))"
)
_TOLD_BESIDE = (
    f"SELECT DISTINCT chat_id, thread_id FROM deliveries {by('deliveries_of_story')}"
    f" WHERE story_id IN {listed()} AND kind = 'alert'"
    # Not those that wait for more sources: they may wait in vain.
    " AND state IN ('held', 'pending', 'sending', 'sent', 'unknown')"
)
# The rows stand first in each join: deliveries are numbered in the order of deciding.
_ENQUEUE = (
    "INSERT INTO deliveries (chat_id, thread_id, story_id, report_id, created_at,"
    " state, due_at, silent, sources, error)"
    # Who was told of the story that it was taken out of knows of it: no sound.
    " WITH knows AS MATERIALIZED (SELECT DISTINCT r.id AS report_id, t.chat_id"
    f"  FROM reports r CROSS JOIN deliveries t {by('deliveries_of_story')}"
    "  WHERE t.story_id = r.apart AND t.kind = 'alert'"
    "  AND t.state = 'sent' AND r.apart IS NOT NULL"
    f"  AND r.id IN (SELECT w.report_id FROM {_RINGS} w))"
    " SELECT c.id, w.thread_id, w.story_id, w.report_id, ?2, w.state, w.due_at,"
    "  CASE WHEN (c.id, w.report_id) IN (SELECT chat_id, report_id FROM knows) THEN 1"
    "  ELSE w.silent END,"
    "  w.sources, w.error"
    # The chat may have stopped or gone since it was matched: then nobody is rung.
    f" FROM {_RINGS} w CROSS JOIN chats c WHERE c.id = w.chat_id AND c.state = 'active'"
    " AND NOT EXISTS (SELECT 1 FROM muted_stories m"
    "  WHERE m.story_id = w.story_id AND m.chat_id = c.id)"
    f" AND {_NOT_MOVED_HERE}"
    f" AND {_NOT_TOLD_BESIDE}"
    f"{in_order_of('w')} ON CONFLICT (chat_id, thread_id, story_id) WHERE kind = 'alert' DO NOTHING"
)
# What ended with the topics that wanted it is wanted by others now.
_WANTED_AGAIN = (
    "DELETE FROM deliveries WHERE id IN (SELECT d.id"
    f" FROM {tabled('?1', 'chat_id', 'thread_id', 'story_id')} w"
    f" CROSS JOIN deliveries d {by('deliveries_once')} WHERE d.chat_id = w.chat_id"
    " AND d.thread_id = w.thread_id AND d.story_id = w.story_id AND d.kind = 'alert'"
    f" AND d.state = 'dead' AND d.error = '{TOPICS_REMOVED}')"
)
_NOTE_MATCHES = (
    "INSERT INTO matches (story_id, chat_id, thread_id, topic_id, report_id, terms, at,"
    " subscribed, kept_by)"
    " SELECT w.story_id, c.id, w.thread_id, (SELECT id FROM topics WHERE id = w.topic_id),"
    "  w.report_id, w.terms, ?2, CASE WHEN w.topic_id IS NULL THEN 1 ELSE 0 END, w.kept_by"
    f" FROM {_WISHED} w CROSS JOIN chats c WHERE c.id = w.chat_id"
)


def _wishes(ring: Ring) -> list[tuple[int | None, tuple[str, ...]]]:
    """Topics with the words that matched, and None for a subscription."""
    return [*ring.topic_terms, *([(None, ())] if ring.subscribed else [])]


def _stored(why: Why | None) -> str | None:
    return why.stored() if why else None
