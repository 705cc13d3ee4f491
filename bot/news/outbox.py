"""What is to be sent, and what became of it.

pending ──claim──> sending ──> sent      Telegram gave a message id
   ^                  ├──────> unknown   the answer was lost; resent at most once, by policy
   │                  ├──────> failed    refused for what the message is; never tried again
   └──not sent, later─┘
pending ──────────────────────> dead     the chat stopped, blocked us or is gone
"""

from dataclasses import dataclass
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Ring:
    """The wish that a chat be told of a story in a thread, and the topics that brought it."""

    chat_id: int
    thread_id: int
    topic_ids: tuple[int, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the desk put a report: the story it tells (its own id: it opens that story), the
    normalised title and index keys it is found by, and who is to be told.
    """

    report_id: int
    story_id: int
    title_key: str
    keys: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """The next delivery of a chat: what may be claimed when its pace allows."""

    delivery_id: int
    chat_id: int
    chat_kind: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed delivery with all that is needed to render it."""

    id: int
    chat_id: int
    chat_kind: str
    thread_id: int
    story_id: int
    topics: tuple[str, ...]
    title: str
    summary: str
    link: str | None
    source: str
    language: str | None
    timezone: str
    at: float
    seen_at: float
    attempts: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claimed delivery, and of its chat with it.

    `retry_at` with state pending is when it may be claimed again. `hold_until` keeps all of the
    chat's deliveries back until then. `block_reason` takes the chat out of service and its queue
    with it. `migrate_to` moves everything of the chat to another id.
    """

    delivery_id: int
    chat_id: int
    state: DeliveryState
    at: float
    message_id: int | None = None
    error: str | None = None
    retry_at: float = 0.0
    hold_until: float = 0.0
    block_reason: str | None = None
    migrate_to: int | None = None
    to_main_thread: bool = False
