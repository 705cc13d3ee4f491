"""What polls find and when feeds are polled next, stored within a transaction."""

from collections.abc import Sequence

from bot.news.feed import PollRecord, StoredPolls
from bot.news.polling import schedule
from bot.news.polling.politeness import host_key, is_platform
from storage.database import Transaction
from storage.delivery.edits import rewrite
from storage.polling import memory
from storage.polling.feed_moves import give_address, must_wait
from storage.polling.feed_rows import UPDATE_FEED, state_of
from storage.polling.intake import within_quotas
from storage.sql import as_list, listed, tabled
from storage.stories import links

_PUSHED_LAST_SECONDS = 600.0


async def store(transaction: Transaction, found: Sequence[PollRecord], now: float) -> StoredPolls:
    """Stores what polls found, new reports and the feeds' states. What became due meanwhile, since
    something was pushed to another process, stays so.
    """
    due = await _became_due(transaction, found, now)
    stored = await _store(transaction, found, now)
    await transaction.run_many("UPDATE feeds SET poll_at = ? WHERE id = ? AND error IS NULL", due)
    return stored


async def _became_due(
    transaction: Transaction, found: Sequence[PollRecord], now: float
) -> list[tuple[float, int]]:
    began = {poll.feed.id: poll.began_at for poll in found if poll.began_at is not None}
    if not began:
        return []
    rows = await transaction.rows(
        f"SELECT id, poll_at FROM feeds WHERE id IN {listed('?1')} AND poll_at <= ?2",
        as_list(began),
        now,
    )
    return [(r["poll_at"], r["id"]) for r in rows if r["poll_at"] > began[r["id"]]]


def all_as_before(found: Sequence[PollRecord]) -> bool:
    """Whether nothing but the times of these feeds is to be stored, which no other process asks
    for meanwhile: then `ANSWERED` is all.
    """
    return all(poll.times is not None and poll.began_at is None for poll in found)


async def _store(transaction: Transaction, found: Sequence[PollRecord], now: float) -> StoredPolls:
    if any(poll.times is not None for poll in found):
        await transaction.run(ANSWERED, answered(found))
    found = [poll for poll in found if poll.times is None]
    if not found:
        return StoredPolls()
    there = await _there(transaction, [poll.feed.id for poll in found])
    # What one address answered is nothing that another feed, or another address, said.
    kept = [poll for poll in found if there.get(poll.feed.id) == poll.feed.url]
    await transaction.run_many(UPDATE_FEED, [state_of(poll.feed) for poll in kept])
    kept, too_loud = await within_quotas(transaction, kept, now)
    await memory.remember(transaction, kept, now)
    await _show(transaction, kept)
    reports = [
        (
            poll.feed.id, poll.feed.title, r.link, links.short(r.link, r.canonical),
            links.mark(r.canonical), r.title, r.summary, r.language, r.image, r.published_at,
            now, int(r.quiet), r.original, r.key, poll.feed.id,
        )
        for poll in kept
        for r in poll.reports
    ]  # fmt: skip
    if reports:
        await transaction.run_many(_INSERT_REPORT, reports)
    rests = [(p.host_rests_until, host_key(p.feed.url)) for p in kept if p.host_rests_until]
    if rests:
        await transaction.run_many(
            "UPDATE feeds SET poll_at = max(poll_at, ?) WHERE host = ?", rests
        )
    for poll in kept:
        await rewrite(transaction, poll.feed.id, poll.rewritten, now)
    for poll in kept:
        to = poll.moved_to
        if to and not await must_wait(transaction, poll.feed.id, to):
            await give_address(transaction, poll.feed.id, to, now)
    return StoredPolls(len(reports), tuple(too_loud))


async def count_for_hosts(transaction: Transaction) -> None:
    """Counts feeds for the hosts of this version."""
    rows = await transaction.rows("SELECT id, url, host FROM feeds")
    await transaction.run_many(
        "UPDATE feeds SET host = ? WHERE id = ?",
        [(host_key(row["url"]), row["id"]) for row in rows if row["host"] != host_key(row["url"])],
    )


async def spread(transaction: Transaction, now: float, seconds: float) -> None:
    """Spreads feeds that are overdue over the next `seconds`."""
    await transaction.run(
        # By their numbers, so that neighbours lie apart.
        "UPDATE feeds SET poll_at = ?1 + ?2 * (id * 617 % 1000 / 1000.0)"
        " WHERE poll_at < ?1 AND suspended = 0",
        now,
        seconds,
    )


async def bring_forward(transaction: Transaction, now: float) -> None:
    """Brings forward what was put off for longer than anything is: the clock was ahead. What
    answered is asked within its interval, spread over it. All feeds of a platform wait as long as
    one of them was told to.
    """
    rows = await transaction.rows(
        "SELECT id, host, poll_at, interval, failures, error FROM feeds WHERE poll_at > ?", now
    )
    latest, rests = [], dict[str, float]()
    for row in rows:
        told_to_wait = row["error"] is not None and not row["failures"]
        at = schedule.latest(now, row["interval"], row["failures"], told_to_wait=told_to_wait)
        fails = row["failures"] or told_to_wait
        chance = row["id"] * 617 % 1000 / 1000  # neighbours lie apart
        again = at if fails else schedule.brought_forward(now, row["interval"], chance)
        latest.append((again, row["host"], row["id"], at))
        if told_to_wait and is_platform(row["host"]):
            rests[row["host"]] = max(rests.get(row["host"], now), min(at, row["poll_at"]))
    await transaction.run_many(
        "UPDATE feeds SET poll_at = ?1 WHERE id = ?2 AND poll_at > ?3",
        [
            (max(again, rests.get(host, again)), feed_id, max(at, rests.get(host, at)))
            for again, host, feed_id, at in latest
        ],
    )


async def look_after_pushes(transaction: Transaction, now: float) -> None:
    """Has feeds polled of which something was pushed in the last minutes in which anything was: the
    process may have ended before it was read, and what it had read of a feed just before has put
    off the poll that would find it.
    """
    await transaction.run(
        "UPDATE feeds SET poll_at = min(poll_at, ?) WHERE error IS NULL AND id IN"
        " (SELECT p.feed_id FROM pushed d JOIN pushes p ON p.token = d.token"
        "  WHERE d.at > (SELECT max(at) FROM pushed) - ?)",
        now,
        _PUSHED_LAST_SECONDS,
    )


# Of an answer without news no more than that is written: most of what is polled has none.
_TIMES = tabled("?1", "id", "url text", "answered_at real", "pause real", "poll_at real")
ANSWERED = (
    "UPDATE feeds SET answered_at = t.answered_at, interval = t.pause, poll_at = t.poll_at"
    f" FROM {_TIMES} t WHERE feeds.id = t.id AND feeds.url = t.url"
)
_INSERT_REPORT = (
    "INSERT INTO reports (feed_id, source, link, canonical, link_mark, title, summary, language,"
    " image, published_at, seen_at, quiet, original, key, guest)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT guest FROM feeds WHERE id = ?))"
)

_SHOW = (
    "INSERT INTO shown_entries (feed_id, shown) VALUES (?, ?)"
    " ON CONFLICT (feed_id) DO UPDATE SET shown = excluded.shown"
)


def answered(polls: Sequence[PollRecord]) -> str:
    """The value of `ANSWERED`."""
    return as_list(
        (poll.feed.id, poll.feed.url, t.answered_at, t.interval, t.poll_at)
        for poll in polls
        if (t := poll.times)
    )


async def _there(transaction: Transaction, feed_ids: list[int]) -> dict[int, str]:
    """Where these feeds are by now; without those that were removed while they were polled."""
    rows = await transaction.rows(
        f"SELECT id, url FROM feeds WHERE id IN {listed()}", as_list(feed_ids)
    )
    return {row["id"]: row["url"] for row in rows}


async def _show(transaction: Transaction, polls: Sequence[PollRecord]) -> None:
    """Keeps what the documents showed, of those that may be read in part the next time."""
    kept = [(poll.feed.id, poll.shown) for poll in polls if poll.shown]
    if kept:
        await transaction.run_many(_SHOW, kept)
    gone = [(poll.feed.id,) for poll in polls if poll.shown == b""]
    if gone:
        await transaction.run_many("DELETE FROM shown_entries WHERE feed_id = ?", gone)
