"""What is to be sent, and what became of it.

pending ──claim──> sending ──> sent      Telegram gave a message id
   ^                  ├──────> failed    refused for what the message is; never tried again
   │                  ├──────> unknown   the answer was lost, and policy is to drop it
   ├──not sent, later─┤
   └──answer lost─────┘                  resent at most once, by policy
sending ──lost twice──> held             for a digest, of which nothing can come twice
pending ──────────────────────> dead     the chat stopped, blocked us or is gone
waiting ──more sources──> pending or held
held ──its hour──> sent                  within a digest, which is a delivery of its own
held ──many sources──> pending

A digest goes in two steps: a first part is sent and its message id stored, then that is edited into
the whole. In between it is pending with a message id.
"""

from enum import StrEnum

from msgspec import Struct, field

from bot.news.penalty import Penalty
from bot.news.why import Why


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    HELD = "held"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DEAD = "dead"


class DeliveryKind(StrEnum):
    """What a delivery tells: a story, what changed of one that was told, or many stories."""

    ALERT = "alert"
    UPDATE = "update"
    DIGEST = "digest"


class Telling(Struct, frozen=True):
    """How a chat is told of a story: now (`pending`), in a digest at `due_at` (`held`), or once
    more sources carry it (`waiting`).

    `sources` is from how many independent sources on this is decided anew; None for never.
    `reason` says why it is not told now, or why it is told in quiet hours.
    """

    state: DeliveryState = DeliveryState.PENDING
    due_at: float = 0.0
    silent: bool = False
    sources: int | None = None
    reason: Why | None = None


class Ring(Struct, frozen=True):
    """The wish that a chat be told of a story in a thread, and the topics that brought it, each
    with the words that matched. `subscribed`: it wants every story, or every one of this source.
    `kept_by` is what keeps it away nevertheless, such as a mute.
    """

    chat_id: int
    thread_id: int
    topic_terms: tuple[tuple[int, tuple[str, ...]], ...]
    subscribed: bool = False
    kept_by: Why | None = None
    telling: Telling = Telling()

    @property
    def topic_ids(self) -> tuple[int, ...]:
        """The topics that brought it."""
        return tuple(topic for topic, _ in self.topic_terms)


class Placement(Struct, frozen=True):
    """Where the desk put a report: the story it tells (its own id: it opens that story), the index
    keys it is found by, and who is to be told.

    `reason` is why it joined, `related_to` an earlier story that a new one may follow. With
    `update`, chats that heard the story from this outlet are told quietly of the report. `placing`
    is its number in the order of placing, 0 where the window does not hold it; a new story
    `takes_in` those of guests that tell it, of which some are `doubted`. How it joined may leave it
    `doubtful`. `elsewhere` is an earlier story that is the same in another language. `terms` are
    kept as long as the window of stories holds the report. Who was alerted to a story that stands
    `beside` that of a guest, and tells the same, is not alerted again.
    """

    report_id: int
    story_id: int
    keys: str
    rings: tuple[Ring, ...]
    reason: str = "new"
    related_to: int | None = None
    update: bool = False
    placing: int = 0
    takes_in: tuple[int, ...] = ()
    doubted: tuple[int, ...] = ()
    doubtful: bool = False
    elsewhere: int | None = None
    terms: str = ""
    beside: tuple[int, ...] = ()


class HeldByTopic(Struct, frozen=True):
    """How many stories a topic holds for a digest, when the first comes, and when the last of them
    was held.
    """

    count: int
    due_at: float
    last_at: float


class Due(Struct, frozen=True):
    """The next delivery of a chat: what may be claimed when its pace allows. A digest is `begun`
    when its first part is there.
    """

    delivery_id: int
    chat_id: int
    chat_kind: str
    kind: DeliveryKind = DeliveryKind.ALERT
    begun: bool = False


class Also(Struct, frozen=True):
    """Another report of a story, as an alert names it; `original` is whose work it copies. One that
    is `doubtful` may tell something else than the report that rang.
    """

    source: str
    title: str
    link: str | None
    original: str | None = None
    doubtful: bool = False


class Gathered(Struct, frozen=True):
    """A story within a digest; `sources` is how many independent ones tell it. One of which an
    answer was lost, alone or within this digest, may be known to the chat: it is told as
    `unsure`. It waits since `held_at`, and its chat was last told a story by itself, or began, at
    `told_at` before the digest's first was held. `doubts` are other reports of the story that may
    tell something else.
    """

    title: str
    link: str | None
    source: str
    at: float
    sources: int
    topic: str | None
    unsure: bool = False
    summary: str = ""
    held_at: float = 0.0
    told_at: float = 0.0
    doubts: tuple[Also, ...] = ()


class Delivery(Struct, frozen=True):
    """A claimed delivery with all that is needed to render it.

    `also` are the other reports of the story, `elsewhere` one that tells it in another language of
    the chat; `reply_to` is the message of the story that this
    one may follow; `message_id` is set where the alert was sent and is to be edited, which was
    due at `edit_due_at`, and where a digest's first part was sent and is to become the whole. A
    `silent` one makes no sound. A digest has the stories it `gathered`. The chat reads its
    `language`, wants `buttons` under it or not, and no sound in its `quiet` hours unless many
    sources carry it (`breaking`); Telegram said so often in a row that it was `not_found`.

    `image` is the address of the report's picture; the chat wants `pictures`, or `previews` of
    links. It was sent `as_picture`, or is `resent` after an outcome that was unknown. The stories
    of a digest are `perhaps_told` where the answer to its edit was lost. The chat has so many
    `topics_of_chat`, of which `topics` brought the story; `digest` are the hours of its digests.
    """

    id: int
    chat_id: int
    chat_kind: str
    thread_id: int
    topics: tuple[str, ...]
    title: str
    summary: str
    link: str | None
    source: str
    timezone: str
    at: float
    seen_at: float
    attempts: int
    original: str | None = None
    also: tuple[Also, ...] = ()
    reply_to: int | None = None
    message_id: int | None = None
    edit_due_at: float | None = None
    kind: DeliveryKind = DeliveryKind.ALERT
    silent: bool = False
    gathered: tuple[Gathered, ...] = ()
    buttons: bool = True
    quiet: tuple[int, int] | None = None
    breaking: bool = False
    not_found: int = 0
    image: str | None = None
    pictures: bool = False
    previews: bool = False
    as_picture: bool = False
    resent: bool = False
    perhaps_told: bool = False
    language: str = "en"
    topics_of_chat: int = 0
    digest: tuple[int, ...] = ()
    elsewhere: Also | None = None


class Headline(Struct, frozen=True):
    """What a report says, for asking whether it is muted by now."""

    title: str
    summary: str
    source: str
    language: str | None
    link: str | None


class Ripe(Struct, frozen=True):
    """A delivery that waits or is held and is to be decided anew: its story has more sources, or
    is wanted by more than when it was decided. `headline` and `feed_id` are of its report.
    """

    delivery_id: int
    chat_id: int
    topic_ids: tuple[int, ...]
    subscribed: bool
    sources: int
    feed_id: int
    headline: Headline


class Settlement(Struct, frozen=True):
    """What became of a claimed delivery, and of its chat with it.

    `retry_at` with state pending is when it may be claimed again. `hold_until` keeps all of the
    chat's deliveries back until then. `block_reason` takes the chat out of service and its queue
    with it. `migrate_to` moves everything of the chat to another id. `to_main_thread` leaves a
    thread that is gone, and all that follows goes there too if it is gone `for_good`. `not_found`
    is how often in a row the chat was not found, where that has changed. It went `as_picture`. A
    digest has `begun` when its first part was sent just now; it is to `begin_anew` when that part
    is gone, or is refused and may have been the whole already.
    """

    delivery_id: int
    chat_id: int
    state: DeliveryState
    at: float
    message_id: int | None = None
    error: Why | None = None
    retry_at: float = 0.0
    hold_until: float = 0.0
    block_reason: Why | None = None
    migrate_to: int | None = None
    to_main_thread: bool = False
    for_good: bool = False
    not_found: int | None = None
    as_picture: bool = False
    begun: bool = False
    begin_anew: bool = False


class Unsure(Struct, frozen=True):
    """What becomes of deliveries of unknown outcome: how many are sent again, are held for a
    digest, are edited once more, and are given up.
    """

    resent: int = 0
    gathered: int = 0
    repeated: int = 0
    given_up: int = 0


class Schedule(Struct, frozen=True):
    """What a process that begins must know of those before it: Telegram's penalties, of the whole
    bot and of single chats, and what was sent lately (chat, kind, second). `lowered` is how many
    messages a second the bot was last allowed, where that was fewer than it is set to.
    """

    penalty: Penalty = field(default_factory=Penalty)
    lowered: int | None = None
    holds: tuple[tuple[int, float], ...] = ()
    sent: tuple[tuple[int, str, float], ...] = ()


class EditRecord(Struct, frozen=True):
    """What became of the edit that was due at `due_at`: it ended, well or not, or it is tried
    again at `retry_at`.
    """

    delivery_id: int
    chat_id: int
    at: float
    due_at: float | None
    retry_at: float | None = None
    hold_until: float = 0.0


class Attached(Struct, frozen=True):
    """Another report of a story, as a person may take it out; `doubtful` as in `Also`."""

    report_id: int
    source: str
    title: str
    link: str | None = None
    original: str | None = None
    doubtful: bool = False


class Alert(Struct, frozen=True):
    """A delivery as the people who have it see it: the story, the report that rang, the others
    that it names, and whether what follows of the story is muted in this chat. `topics` are the
    names of those that brought it, in the order of `topic_ids`; `title`, `link` and `original` are
    of the report that rang.
    """

    delivery_id: int
    chat_id: int
    thread_id: int
    story_id: int
    report_id: int
    also: tuple[Attached, ...]
    muted: bool
    source: str = ""
    feed_id: int = 0
    topic_ids: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    title: str = ""
    link: str | None = None
    original: str | None = None
