"""What the desk decided of reports, stored: stories, who is told of them, and why."""

from collections.abc import Sequence
from dataclasses import replace

from bot.news.outbox import Placement, Ring
from storage.sqlite.connection import Transaction
from storage.sqlite.retelling import edit_alerts, enqueue_updates
from storage.sqlite.seeing import OF_GUESTS, key_of
from storage.sqlite.taking_in import take_in

SEQUENCE = 1 << 20

_Rings = Sequence[tuple[Placement, Ring]]


async def place(transaction: Transaction, placements: Sequence[Placement], now: float) -> int:
    """Stores stories, matches and outbox rows; returns how many alerts were enqueued."""
    moved = await _moved(transaction)
    rings = [
        (p, replace(ring, chat_id=moved.get(ring.chat_id, ring.chat_id)))
        for p in placements
        for ring in p.rings
    ]
    await _open(transaction, [p for p in placements if p.story_id == p.report_id], now)
    await _join(transaction, [p for p in placements if p.story_id != p.report_id], now)
    await transaction.run_many(
        "UPDATE reports SET story_id = ?, title_key = ?, reason = ?, placing = ? WHERE id = ?",
        [(p.story_id, p.title_key, p.reason, p.placing, p.report_id) for p in placements],
    )
    await transaction.run(
        "INSERT INTO facts VALUES ('placing', ?1) ON CONFLICT (name)"
        " DO UPDATE SET value = max(CAST(value AS INTEGER), ?1)",
        max((p.placing for p in placements), default=0),
    )
    for each in placements:
        if each.takes_in:
            await take_in(transaction, each.takes_in, each.story_id, now)
    before = await _count(transaction)
    await _enqueue(transaction, [(p, ring) for p, ring in rings if not ring.kept_by], now)
    enqueued = await _count(transaction) - before
    await _note_matches(transaction, rings, now)
    return enqueued


async def _moved(transaction: Transaction) -> dict[int, int]:
    """Groups that have another id; one may have moved since its stories were decided on."""
    rows = await transaction.rows("SELECT old_id, new_id FROM moved_chats")
    return {row["old_id"]: row["new_id"] for row in rows}


async def _open(transaction: Transaction, opened: Sequence[Placement], now: float) -> None:
    await transaction.run_many(
        # Ordered by when the news came out; see the schema for sort_key.
        "INSERT INTO stories (id, sort_key, at, related_to, opened_by)"
        f" SELECT id, cast(at AS INTEGER) * {SEQUENCE} + id % {SEQUENCE}, at, ?, opened_by FROM"
        " (SELECT id, max(0, min(coalesce(published_at, seen_at), seen_at)) AS at,"
        "  iif(guest, coalesce(feed_id, -1), 0) AS opened_by FROM reports WHERE id = ?)",
        [(p.related_to, p.story_id) for p in opened],
    )
    await transaction.run_many(
        "INSERT INTO story_keys (rowid, keys) SELECT sort_key, ? || iif(opened_by = 0, '',"
        f" ' {OF_GUESTS} {key_of('')}' || abs(opened_by)) FROM stories WHERE id = ?",
        [(p.keys, p.story_id) for p in opened],
    )
    await transaction.run_many(
        # Who muted a story muted what follows of it.
        "INSERT INTO muted_stories (story_id, chat_id, at)"
        " SELECT ?1, chat_id, ?2 FROM muted_stories WHERE story_id = ?3"
        " ON CONFLICT DO NOTHING",
        [(p.story_id, now, p.related_to) for p in opened if p.related_to],
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


async def _enqueue(transaction: Transaction, rings: _Rings, now: float) -> None:
    await transaction.run_many(
        # The chat may have stopped or gone since it was matched: then nobody is rung.
        "INSERT INTO deliveries (chat_id, thread_id, story_id, report_id, created_at,"
        " state, due_at, silent, sources, error)"
        # Who was told of the story that it was taken out of knows of it: no sound.
        " SELECT id, ?1, ?2, ?3, ?4, ?6, ?7, max(?8, EXISTS (SELECT 1 FROM deliveries t"
        "  WHERE t.chat_id = c.id AND t.kind = 'alert' AND t.state = 'sent'"
        "  AND t.story_id = (SELECT apart FROM reports WHERE id = ?3))), ?9, ?10"
        " FROM chats c WHERE id = ?5"
        " AND state = 'active' AND NOT EXISTS"
        " (SELECT 1 FROM muted_stories m WHERE m.story_id = ?2 AND m.chat_id = c.id)"
        " ON CONFLICT (chat_id, thread_id, story_id) WHERE kind = 'alert' DO NOTHING",
        [
            (
                r.thread_id,
                p.story_id,
                p.report_id,
                now,
                r.chat_id,
                r.telling.state,
                r.telling.due_at,
                r.telling.silent,
                r.telling.sources,
                r.telling.reason,
            )
            for p, r in rings
        ],
    )


async def _note_matches(transaction: Transaction, rings: _Rings, now: float) -> None:
    await transaction.run_many(
        "INSERT INTO matches (story_id, chat_id, thread_id, topic_id, report_id, terms, at,"
        " subscribed, kept_by)"
        " SELECT ?, id, ?, (SELECT id FROM topics WHERE id = ?), ?, ?, ?, ?, ? FROM chats"
        " WHERE id = ?",
        [
            (
                p.story_id,
                r.thread_id,
                topic,
                p.report_id,
                ", ".join(terms),
                now,
                topic is None,
                r.kept_by,
                r.chat_id,
            )
            for p, r in rings
            for topic, terms in _wishes(r)
        ],
    )


def _wishes(ring: Ring) -> list[tuple[int | None, tuple[str, ...]]]:
    """Topics with the words that matched, and None for a subscription."""
    return [*ring.topic_terms, *([(None, ())] if ring.subscribed else [])]


async def _count(transaction: Transaction) -> int:
    rows = await transaction.rows("SELECT total_changes() AS n")
    return int(rows[0]["n"])
