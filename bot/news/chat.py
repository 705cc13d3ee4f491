"""A chat and what it asked for."""

from dataclasses import dataclass
from enum import StrEnum


class ChatState(StrEnum):
    """Whether a chat is served, and if not, why not."""

    ACTIVE = "active"
    STOPPED = "stopped"
    """It said /stop."""
    BLOCKED = "blocked"
    """Telegram refuses: the bot was blocked, removed, or may not write."""
    WAITING = "waiting"
    """ACCESS is `invite` and no operator has let it in."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A Telegram chat. `kind` is `private`, `group`, `supergroup` or `channel`."""

    id: int
    kind: str
    title: str
    state: ChatState
    reason: str | None
    language: str
    timezone: str
    hold_until: float
    since: float


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat's wish for every story of one feed, or of the whole catalogue (`feed_id` None).

    `thread_id` is the forum thread it goes to, 0 for none.
    """

    chat_id: int
    thread_id: int
    feed_id: int | None


@dataclass(frozen=True, slots=True)
class Topic:
    """A named query that a chat follows, in the forum thread where it was followed (0: none)."""

    id: int
    chat_id: int
    thread_id: int
    name: str
    query: str
    muted_until: float


@dataclass(frozen=True, slots=True)
class Audience:
    """What all served chats asked for, as of `version`."""

    version: int
    subscriptions: tuple[Subscription, ...]
    topics: tuple[Topic, ...]
