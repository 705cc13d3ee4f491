"""What chats asked for: all of it at once, as the desk knows it, and each wish from its row."""

import json
from functools import lru_cache

from msgspec.structs import asdict

from bot.news.chat import Audience, Habits, Mute, Subscription, Topic, TopicOptions
from storage.database import Database, Row, Transaction
from storage.sql import as_list, listed

_VERSION = "SELECT coalesce(max(version), 0) AS version FROM audience_changes"
_CHATS = f"(SELECT id FROM chats WHERE state = 'active' AND (?1 IS NULL OR id IN {listed('?1')}))"


async def version(database: Database) -> int:
    """A number that changes whenever what chats asked for changes."""
    row = await database.row(_VERSION)
    return int(row["version"]) if row else 0


async def read(database: Database, since: int | None) -> Audience:
    """What all chats in service asked for; of those only that changed after a version, where so
    much is remembered.
    """
    async with database.read() as view:
        (row,) = await view.rows(_VERSION)
        newest = int(row["version"])
        changed = None if since is None else await _changed(view, since, newest)
        ids = None if changed is None else as_list(sorted(changed))
        subscriptions = await view.rows(
            f"SELECT * FROM subscriptions WHERE chat_id IN {_CHATS}", ids
        )
        topics = await view.rows(
            f"SELECT * FROM topics WHERE chat_id IN {_CHATS} AND removed_at IS NULL", ids
        )
        habits = await view.rows(
            f"SELECT id, habits, timezone FROM chats WHERE id IN {_CHATS} AND habits <> '{{}}'", ids
        )
        mutes = await view.rows(f"SELECT * FROM mutes WHERE chat_id IN {_CHATS}", ids)
    return Audience(
        newest,
        tuple([subscription_of(row) for row in subscriptions]),
        tuple([topic_of(row) for row in topics]),
        {row["id"]: habits_of(row) for row in habits},
        tuple([mute_of(row) for row in mutes]),
        changed,
    )


async def _changed(view: Transaction, since: int, version: int) -> frozenset[int] | None:
    """Chats whose wishes changed after a version, or None where that is no longer known."""
    rows = await view.rows("SELECT chat_id FROM audience_changes WHERE version > ?", since)
    # Versions follow one another without a gap, so none is missing if as many are there.
    whole = len(rows) == version - since
    return frozenset(row["chat_id"] for row in rows) if whole else None


def differing(record: Habits | TopicOptions) -> str:
    """What differs from the usual, as JSON: what is usual may change for those who left it."""
    usual = asdict(type(record)())
    return json.dumps({k: v for k, v in asdict(record).items() if v != usual[k]})


def habits_of(row: Row) -> Habits:
    """A chat's habits from its row."""
    return _habits(row["habits"], row["timezone"])


@lru_cache(maxsize=1_000)
def _habits(stored: str, timezone: str) -> Habits:
    try:
        known = json.loads(stored)
        quiet = known.get("quiet")
        return Habits(
            **known
            | {
                "timezone": timezone,
                "digest": tuple(known.get("digest", ())),
                "quiet": tuple(quiet) if quiet else None,
                "languages": tuple(known.get("languages") or ()),
                "days": tuple(known.get("days") or ()),
            }
        )
    except (ValueError, TypeError, AttributeError):
        # What one row holds must not keep the wishes of all chats from being read.
        return Habits(timezone=timezone)


def mute_of(row: Row) -> Mute:
    """A mute from its row."""
    return Mute(row["id"], row["chat_id"], row["shown"], row["query"], row["until"])


def subscription_of(row: Row) -> Subscription:
    """A subscription from its row."""
    return Subscription(row["chat_id"], row["thread_id"], row["feed_id"], row["folder"])


@lru_cache(maxsize=1_000)
def _options(stored: str) -> TopicOptions:
    try:
        return TopicOptions(**json.loads(stored))
    except (ValueError, TypeError):
        return TopicOptions()


def topic_of(row: Row) -> Topic:
    """A topic from its row."""
    return Topic(
        id=row["id"],
        chat_id=row["chat_id"],
        thread_id=row["thread_id"],
        name=row["name"],
        query=row["query"],
        muted_until=row["muted_until"],
        options=_options(row["options"]),
        since=row["since"],
    )
