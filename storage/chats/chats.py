"""Chats and their wishes."""

from msgspec import Struct
from msgspec.structs import replace

from bot.news.chat import (
    SHUT_OUT,
    Audience,
    Chat,
    ChatState,
    FirstStep,
    Habits,
    Mute,
    Subscription,
    Topic,
    TopicOptions,
)
from bot.news.why import Why, read_why
from storage.chats import audience
from storage.chats.audience import differing, habits_of, mute_of, subscription_of, topic_of
from storage.chats.chat_moves import change_state, move
from storage.chats.refusals import is_refused, pardon, refuse
from storage.database import Database, Row
from storage.polling.guests import follow
from storage.sql import by
from storage.updates import forget_failed

_LAST_ALERTS = 50
BROUGHT_BACK_SECONDS = 60.0
"""For so long a topic that was removed can be brought back."""


class ChatStatus(Struct, frozen=True):
    """How a chat is served. `held` waits for a digest, the next at `held_until`, or for more
    sources. `sent` came one by one, beside so many `digests`, whatever is in these. `delays` are
    seconds of the last alerts that came by themselves, from sight of the report on which they were
    decided to sent: what a chat has wait is no delay.
    """

    pending: int
    held: int
    held_until: float | None
    sent: int
    digests: int
    delays: tuple[float, ...]


class WordsAsked(Struct, frozen=True):
    """How many words the topics of a chat have, and those of all chats of who kept it last."""

    here: int
    kept: int


class Chats:
    """Chats, their subscriptions and topics."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, chat_id: int) -> Chat | None:
        """The chat, if it is known."""
        row = await self._database.row("SELECT * FROM chats WHERE id = ?", chat_id)
        return chat_of(row) if row else None

    async def meet(self, chat: Chat) -> Chat:
        """Stores a chat if it is new, renews its kind and title if not; returns it as stored. A new
        one that was refused waits, shut out as before. The habits and the first step of one that is
        known stay.
        """
        known = await self.get(chat.id)
        if known and (known.kind, known.title) == (chat.kind, chat.title):
            return known
        if known is None and await self._is_refused(chat.id):
            chat = replace(chat, state=ChatState.WAITING, reason=SHUT_OUT)
        async with self._database.write() as transaction:
            rows = await transaction.rows(
                "INSERT INTO chats (id, kind, title, state, reason, language, timezone, since,"
                " changed_at, habits, first_step)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10)"
                " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, title = excluded.title"
                " RETURNING *",
                chat.id,
                chat.kind,
                chat.title,
                chat.state,
                chat.reason.stored() if chat.reason else None,
                chat.language,
                chat.timezone,
                chat.since,
                _kept(chat.habits),
                chat.first_step,
            )
        return chat_of(rows[0])

    async def set_state(
        self, chat_id: int, state: ChatState, reason: Why | None, now: float
    ) -> None:
        """Serves the chat or not; what is pending for a chat not served is dead."""
        async with self._database.write() as transaction:
            await change_state(transaction, chat_id, state, reason, now)

    async def subscriptions(self, chat_id: int) -> list[Subscription]:
        """What the chat follows whole."""
        rows = await self._database.rows(
            "SELECT * FROM subscriptions WHERE chat_id = ? ORDER BY since", chat_id
        )
        return [subscription_of(row) for row in rows]

    async def subscribe(self, subscription: Subscription, now: float) -> bool:
        """Follows a feed, a group or all; False if the chat did already, follows as many as it
        may, or does not see the feed.
        """
        async with self._database.write() as transaction:
            return await follow(transaction, [subscription], now) == 1

    async def unsubscribe(self, subscription: Subscription) -> bool:
        """Ends a subscription; False if there was none."""
        async with self._database.write() as transaction:
            removed = await transaction.run(
                "DELETE FROM subscriptions WHERE chat_id = ? AND thread_id = ?"
                " AND feed_id IS NOT DISTINCT FROM ? AND folder = ?",
                subscription.chat_id,
                subscription.thread_id,
                subscription.feed_id,
                subscription.group,
            )
        return removed == 1

    async def threads(self, chat_id: int) -> frozenset[int]:
        """The threads to which something was ever told, or for which something is followed."""
        rows = await self._database.rows(_THREADS, chat_id)
        return frozenset(row["thread_id"] for row in rows)

    async def topics(self, chat_id: int) -> list[Topic]:
        """The chat's topics in the order they were followed."""
        rows = await self._database.rows(
            "SELECT * FROM topics WHERE chat_id = ? AND removed_at IS NULL ORDER BY id", chat_id
        )
        return [topic_of(row) for row in rows]

    async def words_asked(self, chat_id: int) -> WordsAsked:
        """How much a chat asks for, and all that somebody keeps who keeps it."""
        row = await self._database.row(_WORDS_ASKED, chat_id)
        return WordsAsked(row["here"], row["kept"]) if row else WordsAsked(0, 0)

    async def put_topic(self, topic: Topic, name_key: str, now: float) -> Topic:
        """Follows a topic; one of the same name in the chat is replaced."""
        async with self._database.write() as transaction:
            rows = await transaction.rows(
                "INSERT INTO topics (chat_id, thread_id, name, name_key, query, since, muted_until)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat_id, name_key) DO UPDATE SET"
                " name = excluded.name, query = excluded.query, thread_id = excluded.thread_id,"
                " muted_until = excluded.muted_until RETURNING *",
                topic.chat_id,
                topic.thread_id,
                topic.name,
                name_key,
                topic.query,
                now,
                topic.muted_until,
            )
        return topic_of(rows[0])

    async def change_topic(self, topic: Topic, name_key: str | None) -> bool:
        """Gives a topic the name, the query and the thread that it has here; False where the chat
        has another one of that key. Without a key it keeps its own.
        """
        async with self._database.write() as transaction:
            changed = await transaction.run(
                "UPDATE topics SET name = ?1, name_key = coalesce(?2, name_key), query = ?3,"
                " thread_id = ?4"
                " WHERE id = ?5 AND NOT EXISTS (SELECT 1 FROM topics o"
                "  WHERE o.chat_id = topics.chat_id AND o.name_key = ?2 AND o.id <> ?5)",
                topic.name,
                name_key,
                topic.query,
                topic.thread_id,
                topic.id,
            )
        return changed == 1

    async def set_topic_aside(self, topic_id: int, now: float) -> None:
        """Ends a topic so that it can be brought back for a while; those whose while is over go."""
        async with self._database.write() as transaction:
            await transaction.run(
                "DELETE FROM topics WHERE removed_at <= ?", now - BROUGHT_BACK_SECONDS
            )
            # Its name is free for another.
            await transaction.run(
                "UPDATE topics SET removed_at = ?1,"
                " name_key = name_key || char(10) || 'gone ' || id"
                " WHERE id = ?2 AND removed_at IS NULL",
                now,
                topic_id,
            )

    async def topic_aside(self, chat_id: int, topic_id: int, now: float) -> Topic | None:
        """A topic of the chat that was set aside and can be brought back."""
        row = await self._database.row(
            "SELECT * FROM topics WHERE chat_id = ? AND id = ? AND removed_at > ?",
            chat_id,
            topic_id,
            now - BROUGHT_BACK_SECONDS,
        )
        return topic_of(row) if row else None

    async def bring_topic_back(self, topic: Topic, name_key: str) -> None:
        """Follows a topic again that was set aside, with all that it had."""
        async with self._database.write() as transaction:
            await transaction.run(
                "UPDATE topics SET removed_at = NULL, name_key = ? WHERE id = ?",
                name_key,
                topic.id,
            )

    async def set_options(self, topic_id: int, options: TopicOptions) -> None:
        """Changes how a topic tells."""
        async with self._database.write() as transaction:
            await transaction.run(
                "UPDATE topics SET options = ? WHERE id = ?", differing(options), topic_id
            )

    async def set_habits(self, chat_id: int, habits: Habits) -> None:
        """Changes when and how a chat is told, its time zone included."""
        async with self._database.write() as transaction:
            await transaction.run(
                "UPDATE chats SET habits = ?, timezone = ? WHERE id = ?",
                _kept(habits),
                habits.timezone,
                chat_id,
            )

    async def set_language(self, chat_id: int, language: str) -> None:
        """Changes the language (BCP 47) in which a chat is spoken to."""
        async with self._database.write() as transaction:
            await transaction.run("UPDATE chats SET language = ? WHERE id = ?", language, chat_id)

    async def set_first_step(self, chat_id: int, step: FirstStep) -> None:
        """Notes where the first minute of a chat goes on."""
        async with self._database.write() as transaction:
            await transaction.run("UPDATE chats SET first_step = ? WHERE id = ?", step, chat_id)

    async def mute(self, mute: Mute, now: float) -> None:
        """Mutes a word or a source in a chat; one muted already gets another end."""
        async with self._database.write() as transaction:
            await transaction.run("DELETE FROM mutes WHERE until <= ?", now)
            await transaction.run(
                "INSERT INTO mutes (chat_id, shown, query, until) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (chat_id, query) DO UPDATE SET until = excluded.until",
                mute.chat_id,
                mute.shown,
                mute.query,
                mute.until,
            )

    async def unmute(self, mute_id: int) -> None:
        """Lets a word or a source ring again."""
        async with self._database.write() as transaction:
            await transaction.run("DELETE FROM mutes WHERE id = ?", mute_id)

    async def mutes(self, chat_id: int, now: float) -> list[Mute]:
        """What a chat has muted now."""
        rows = await self._database.rows(
            "SELECT * FROM mutes WHERE chat_id = ? AND until > ? ORDER BY id", chat_id, now
        )
        return [mute_of(row) for row in rows]

    async def told_since(self, chat_id: int, since: float) -> dict[int | None, int]:
        """How many alerts a chat was or will be told one by one since then: under None, and of
        each topic by its id.
        """
        told = (
            "FROM deliveries d WHERE d.chat_id = ?1 AND d.created_at >= ?2 AND d.kind = 'alert'"
            " AND d.state IN ('pending', 'sending', 'sent', 'unknown') AND d.digest_id IS NULL"
        )
        # Few deliveries tell of one story; a chat may have thousands a day.
        of_story = told.replace("deliveries d", f"deliveries d {by('deliveries_of_story')}")
        rows = await self._database.rows(
            f"SELECT NULL AS topic, count(*) AS n {told} UNION ALL"
            " SELECT m.topic_id, count(DISTINCT m.story_id) FROM matches m"
            f" WHERE m.chat_id = ?1 AND m.at >= ?2 AND m.topic_id IS NOT NULL AND EXISTS"
            f" (SELECT 1 {of_story} AND d.story_id = m.story_id) GROUP BY m.topic_id",
            chat_id,
            since,
        )
        return {row["topic"]: row["n"] for row in rows}

    async def mute_topic(self, topic_id: int, until: float) -> None:
        """Keeps a topic silent until then."""
        async with self._database.write() as transaction:
            await transaction.run("UPDATE topics SET muted_until = ? WHERE id = ?", until, topic_id)

    async def forget(self, chat_id: int) -> bool:
        """Deletes the chat and everything that belongs to it; of one that was shut out a mark
        stays, and True is returned.
        """
        async with self._database.write() as transaction:
            shut_out = await transaction.rows(
                "SELECT 1 FROM chats WHERE id = ? AND state = 'waiting' AND reason = ?",
                chat_id,
                SHUT_OUT.stored(),
            )
            if shut_out:
                await refuse(transaction, chat_id)
            await transaction.run("DELETE FROM chats WHERE id = ?", chat_id)
            await forget_failed(transaction, chat_id)
        return bool(shut_out)

    async def refuse(self, chat_id: int) -> None:
        """Remembers that a chat that is not known is refused."""
        async with self._database.write() as transaction:
            await refuse(transaction, chat_id)

    async def pardon(self, chat_id: int) -> bool:
        """Forgets that; False if it was not so."""
        async with self._database.write() as transaction:
            return await pardon(transaction, chat_id)

    async def _is_refused(self, chat_id: int) -> bool:
        async with self._database.read() as view:
            return await is_refused(view, chat_id)

    async def forget_blocked(self, before: float) -> int:
        """Deletes chats that have been blocked since before then, and all that belongs to them;
        returns how many.
        """
        async with self._database.write() as transaction:
            return await transaction.run(
                "DELETE FROM chats WHERE state = 'blocked' AND changed_at < ?", before
            )

    async def migrate(self, old: int, new: int, now: float) -> None:
        """Moves everything of a group to the id it has as a supergroup."""
        async with self._database.write() as transaction:
            await move(transaction, old, new, now)
            if await is_refused(transaction, old):
                await refuse(transaction, new)
                await change_state(transaction, new, ChatState.WAITING, SHUT_OUT, now)

    async def audience_version(self) -> int:
        """A number that changes whenever what chats asked for changes."""
        return await audience.version(self._database)

    async def audience(self, since: int | None = None) -> Audience:
        """What all chats in service asked for; of those only that changed after version `since`,
        where so much is remembered.
        """
        return await audience.read(self._database, since)

    async def status(self, chat_id: int) -> ChatStatus:
        """How the chat is served."""
        async with self._database.read() as view:
            counts = await view.rows(_COUNTS, chat_id)
            delays = await view.rows(
                "SELECT settled_at - seen_at AS delay FROM (SELECT d.settled_at,"
                "  (SELECT max(r.seen_at) FROM reports r WHERE r.story_id = d.story_id"
                "   AND r.seen_at <= d.created_at) AS seen_at"
                f" FROM deliveries d {by('deliveries_sent_of_chat')}"
                " WHERE d.chat_id = ? AND d.state = 'sent' AND d.kind = 'alert'"
                "  AND d.digest_id IS NULL ORDER BY d.settled_at DESC LIMIT ?) AS alerts"
                " WHERE seen_at IS NOT NULL ORDER BY settled_at DESC",
                chat_id,
                _LAST_ALERTS,
            )
        (row,) = counts
        return ChatStatus(
            row["pending"],
            row["held"],
            row["held_until"],
            row["sent"],
            row["digests"],
            tuple(d["delay"] for d in delays),
        )


# From one thread to the next, so that not all is read that was ever told there.
_THREADS = (
    "WITH RECURSIVE told (thread_id) AS ("
    " SELECT min(thread_id) FROM deliveries WHERE chat_id = ?1 AND kind = 'alert'"
    " UNION ALL SELECT (SELECT min(d.thread_id) FROM deliveries d WHERE d.chat_id = ?1"
    "  AND d.kind = 'alert' AND d.thread_id > told.thread_id)"
    " FROM told WHERE told.thread_id IS NOT NULL)"
    " SELECT thread_id FROM told WHERE thread_id IS NOT NULL"
    " UNION SELECT thread_id FROM subscriptions WHERE chat_id = ?1"
    " UNION SELECT thread_id FROM topics WHERE chat_id = ?1 AND removed_at IS NULL"
)
# Each by an index that holds nothing else, but that what was sent is told apart.
_COUNTS = (
    "SELECT (SELECT count(*) FROM deliveries WHERE chat_id = ?1"
    "  AND state IN ('pending', 'sending')) AS pending,"
    " (SELECT count(*) FROM deliveries WHERE chat_id = ?1"
    "  AND state IN ('held', 'waiting')) AS held,"
    " (SELECT min(due_at) FROM deliveries WHERE chat_id = ?1"
    "  AND state IN ('held', 'waiting') AND state = 'held') AS held_until,"
    f" (SELECT count(*) FROM deliveries {by('deliveries_sent_of_chat')} WHERE chat_id = ?1"
    "  AND state = 'sent' AND kind <> 'digest' AND digest_id IS NULL) AS sent,"
    f" (SELECT count(*) FROM deliveries {by('deliveries_sent_of_chat')} WHERE chat_id = ?1"
    "  AND state = 'sent' AND kind = 'digest') AS digests"
)


def _kept(habits: Habits) -> str:
    """Habits as their column has them; the time zone has one of its own."""
    return differing(replace(habits, timezone="UTC"))


def chat_of(row: Row) -> Chat:
    """A chat as its row has it."""
    return Chat(
        id=row["id"],
        kind=row["kind"],
        title=row["title"],
        state=ChatState(row["state"]),
        reason=read_why(row["reason"]),
        language=row["language"],
        timezone=row["timezone"],
        hold_until=row["hold_until"],
        since=row["since"],
        habits=habits_of(row),
        first_step=FirstStep(row["first_step"]),
    )


# The chats of the newest keeper of a chat, of which they are the newest too. A private chat has the
# id of its person, and no keeper; where nobody is known to keep a chat it stands for itself.
_WORDS_ASKED = (
    "WITH person AS (SELECT coalesce((SELECT user_id FROM keepers WHERE chat_id = ?1"
    "  ORDER BY at DESC, user_id LIMIT 1), ?1) AS id),"
    " asked AS (SELECT chat_id, length(query) - length(replace(query, ' ', '')) + 1"
    "  - (length(query) - length(replace(query, ' OR ', ''))) / 4 AS n FROM topics"
    "  WHERE removed_at IS NULL AND chat_id IN (SELECT id FROM person UNION"
    "   SELECT k.chat_id FROM keepers k WHERE k.user_id = (SELECT id FROM person) AND NOT EXISTS"
    "    (SELECT 1 FROM keepers n WHERE n.chat_id = k.chat_id"
    "     AND (n.at > k.at OR n.at = k.at AND n.user_id < k.user_id))))"
    " SELECT coalesce(sum(CASE WHEN chat_id = ?1 THEN n ELSE 0 END), 0) AS here,"
    " coalesce(sum(n), 0) AS kept FROM asked"
)
