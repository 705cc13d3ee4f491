"""A chat's standing, changed within the transaction of its cause: served or not, under which id, in
which thread.
"""

from bot.news.chat import ChatState
from bot.news.why import Code, Why, because
from storage.database import Transaction
from storage.delivery.told_once import untold
from storage.polling.guests import wake_for

NOT_SERVED = because(Code.NOT_SERVED)
"""Why a delivery ends to a chat that is not served for no other reason."""


async def change_state(
    transaction: Transaction, chat_id: int, state: ChatState, reason: Why | None, now: float
) -> None:
    """Serves a chat or not, within a transaction; ends what was pending for one not served. One
    that waits to be let in is not blocked: that would end when it takes the bot back.
    """
    await wake_for(transaction, chat_id, state, now)
    await transaction.run(
        "UPDATE chats SET state = ?1, reason = ?2, changed_at = ?3 WHERE id = ?4"
        " AND NOT (state = 'waiting' AND ?1 = 'blocked')",
        state,
        reason.stored() if reason else None,
        now,
        chat_id,
    )
    if state is not ChatState.ACTIVE:
        # Each by an index of what has not ended: a chat may have years of alerts behind it.
        for waits in (
            "state IN ('pending', 'sending') AND state = 'pending'",
            "state IN ('held', 'waiting')",
        ):
            await transaction.run(
                "UPDATE deliveries SET state = 'dead', settled_at = ?, error = ?"
                f" WHERE chat_id = ? AND {waits}",
                now,
                (reason or NOT_SERVED).stored(),
                chat_id,
            )


async def move(transaction: Transaction, old: int, new: int, now: float) -> None:
    """Gives a chat another id, within a transaction, with everything that belongs to it.

    If the new id is known already (Telegram announces a move twice), the two are joined.
    """
    known = await transaction.rows("SELECT id, state FROM chats WHERE id IN (?, ?)", old, new)
    ids = {row["id"]: ChatState(row["state"]) for row in known}
    if old not in ids or old == new:
        return
    # A supergroup numbers its messages anew: what an old number names now is another message.
    await transaction.run(
        "UPDATE deliveries SET message_id = NULL, edit_due_at = NULL WHERE chat_id = ?"
        " AND message_id IS NOT NULL",
        old,
    )
    if new not in ids:
        # Everything else follows by ON UPDATE CASCADE.
        await transaction.run(
            "UPDATE chats SET id = ?, kind = 'supergroup', changed_at = ? WHERE id = ?",
            new,
            now,
            old,
        )
        await _remember(transaction, old, new)
        return
    await wake_for(transaction, new, ids[old], now)
    for table, key in _OF_CHATS.items():
        # What the new chat has already stays as it is there; the rest goes with the old chat.
        alike = "".join(f" AND o.{name} IS NOT DISTINCT FROM {table}.{name}" for name in key)
        await transaction.run(
            f"UPDATE {table} SET chat_id = ?1 WHERE chat_id = ?2"
            f" AND NOT EXISTS (SELECT 1 FROM {table} o WHERE o.chat_id = ?1{alike})",
            new,
            old,
        )
    await transaction.run(
        f"UPDATE deliveries SET chat_id = ?1 WHERE chat_id = ?2 AND {untold(chat_id='?1')}",
        new,
        old,
    )
    for table in ("matches", "speakers"):
        await transaction.run(f"UPDATE {table} SET chat_id = ? WHERE chat_id = ?", new, old)
    # The new chat was met a moment ago with nothing but defaults; the old one's standing counts.
    await transaction.run(
        "UPDATE chats SET (state, reason, language, timezone, hold_until, since, habits) = (SELECT"
        " state, reason, language, timezone, hold_until, since, habits FROM chats WHERE id = ?1),"
        " changed_at = ?3 WHERE id = ?2",
        old,
        new,
        now,
    )
    await transaction.run("DELETE FROM chats WHERE id = ?", old)
    await _remember(transaction, old, new)


# What a chat has of its own once, each with what tells it from others of the chat.
_OF_CHATS = {
    "subscriptions": ("thread_id", "feed_id", "folder"),
    "topics": ("name_key",),
    "taken_out": ("report_id",),
    "muted_stories": ("story_id",),
    "mutes": ("query",),
    "added_feeds": ("feed_id",),
    "told_troubles": ("feed_id",),
    "chat_intake": (),
    "over_quota": ("feed_id",),
    "keepers": ("user_id",),
    "thread_names": ("thread_id",),
    "candidates": ("feed_id",),
    "searches": ("words", "shown"),
}


async def _remember(transaction: Transaction, old: int, new: int) -> None:
    await transaction.run(
        "INSERT INTO moved_chats VALUES (?, ?)"
        " ON CONFLICT (old_id) DO UPDATE SET new_id = excluded.new_id",
        old,
        new,
    )


async def leave_thread(transaction: Transaction, delivery_id: int) -> None:
    """What follows into the thread of this delivery goes to the chat's main one from now on."""
    rows = await transaction.rows(
        "SELECT chat_id, thread_id FROM deliveries WHERE id = ? AND thread_id <> 0", delivery_id
    )
    for row in rows:
        # What the main thread has already stays there once.
        for statement in (
            "DELETE FROM subscriptions WHERE chat_id = ?1 AND thread_id = ?2 AND EXISTS"
            " (SELECT 1 FROM subscriptions o WHERE o.chat_id = ?1 AND o.thread_id = 0"
            "  AND o.feed_id IS NOT DISTINCT FROM subscriptions.feed_id"
            "  AND o.folder = subscriptions.folder)",
            "UPDATE subscriptions SET thread_id = 0 WHERE chat_id = ?1 AND thread_id = ?2",
            # Two of one name may meet there: neither is lost.
            "UPDATE topics SET thread_id = 0, name_key = name_key || char(10) || 'left ' || id"
            " WHERE chat_id = ?1 AND thread_id = ?2",
            "DELETE FROM thread_names WHERE chat_id = ?1 AND thread_id = ?2",
        ):
            await transaction.run(statement, row["chat_id"], row["thread_id"])


TOLD_IN_MAIN = because(Code.TOLD_IN_MAIN).stored()
"""Why a delivery ends whose story the chat's main thread has."""


# What goes to the main thread keeps the topics that brought it.
_TAKE_TOPICS = (
    "UPDATE matches SET thread_id = 0 FROM deliveries d WHERE d.{} = ? AND d.kind = 'alert'"
    " AND matches.story_id = d.story_id AND matches.chat_id = d.chat_id"
    " AND matches.thread_id = d.thread_id AND NOT EXISTS (SELECT 1 FROM deliveries m"
    "  WHERE m.chat_id = d.chat_id AND m.thread_id = 0 AND m.story_id = d.story_id"
    "  AND m.kind = 'alert')"
)


async def take_topics_along(transaction: Transaction, delivery_id: int) -> None:
    """Lets an alert that is to go to the main thread, where its story was not told, keep what
    brought it.
    """
    await transaction.run(_TAKE_TOPICS.format("id"), delivery_id)


async def take_gathered_along(transaction: Transaction, digest_id: int, now: float) -> None:
    """The stories of a digest that has left its thread go to the main one with it, but for those
    that were told there or are about to be. A digest that keeps none ends.
    """
    await transaction.run(
        "UPDATE deliveries SET state = 'dead', settled_at = ?2, error = ?3, digest_id = NULL"
        " WHERE digest_id = ?1 AND state = 'held' AND thread_id <> 0"
        " AND EXISTS (SELECT 1 FROM deliveries m WHERE m.chat_id = deliveries.chat_id"
        "  AND m.thread_id = 0 AND m.story_id = deliveries.story_id AND m.kind = 'alert'"
        "  AND m.state IN ('held', 'pending', 'sending', 'sent'))",
        digest_id,
        now,
        TOLD_IN_MAIN,
    )
    await transaction.run(_TAKE_TOPICS.format("digest_id"), digest_id)
    await transaction.run(
        f"UPDATE deliveries SET thread_id = 0 WHERE digest_id = ? AND {untold(thread_id='0')}",
        digest_id,
    )
    await transaction.run(
        "UPDATE deliveries SET state = 'dead', settled_at = ?2, error = ?3 WHERE id = ?1"
        " AND kind = 'digest' AND state = 'pending'"
        " AND NOT EXISTS (SELECT 1 FROM deliveries g WHERE g.digest_id = ?1)",
        digest_id,
        now,
        TOLD_IN_MAIN,
    )
