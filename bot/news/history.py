"""What is on record of a story and one chat: what was told and why, what was not, and what for."""

from msgspec import Struct

from bot.news.chat import ChatState
from bot.news.outbox import DeliveryKind, DeliveryState
from bot.news.why import Why


class Heard(Struct, frozen=True):
    """A report as people are told of it. `title` is the headline as it reads now; `joined` is how
    it came into its story (`link`, `title`, `copy`, `alike`), or None where it opened it;
    `original` whose work it is a copy of; it may be `doubtful` that it tells that story.
    """

    id: int
    source: str
    title: str
    link: str | None
    seen_at: float
    joined: str | None = None
    original: str | None = None
    doubtful: bool = False


class Wish(Struct, frozen=True):
    """Why a chat was to be told of a story: a topic with the words that it found, or without a
    topic what the chat follows whole. `whole` says of the latter whether that is everything
    (True), this one source or its `group` (False), or was ended since (None). A topic that is gone
    has no name. `kept_by` is what kept the story away nevertheless.
    """

    topic: str | None
    query: str | None
    words: str
    subscribed: bool
    at: float
    whole: bool | None = None
    group: str = ""
    kept_by: Why | None = None


class ToldStory(Struct, frozen=True):
    """A story as a message told it: the report that rang, the others that are attached, the wishes
    that brought it, and the earlier story that it follows. `sources` is how many independent ones
    tell it, `at` when the news came out. The report may be older than what is kept.
    """

    rang: Heard | None
    attached: tuple[Heard, ...]
    wishes: tuple[Wish, ...]
    follows: Heard | None
    sources: int
    at: float

    @property
    def topic(self) -> str | None:
        """The first of its topics, as a digest sorts by it."""
        return next((wish.topic for wish in self.wishes if wish.topic), None)


class SentMessage(Struct, frozen=True):
    """A message of ours that tells stories: an alert and an update tell one."""

    kind: DeliveryKind
    sent_at: float
    stories: tuple[ToldStory, ...]


class LinkReport(Struct, frozen=True):
    """A report with the link that was asked about, with the text by which it was matched. `quiet`
    ones rang nobody. `earlier`: its feed had shown something before. `hushed_at` is when its feed
    last showed an archive at once.
    """

    heard: Heard
    text_title: str
    summary: str
    language: str | None
    feed_id: int | None
    story_id: int | None
    quiet: bool
    earlier: bool
    hushed_at: float | None
    group: str = ""


class Posted(Struct, frozen=True):
    """A delivery of a story to the chat: see `bot.news.outbox`. `rang` is the report that it
    tells, `ahead` how many deliveries of the chat stand before it, `within_state` and
    `within_error` what became of the digest that it is part of.
    """

    state: DeliveryState
    thread_id: int
    created_at: float
    due_at: float
    settled_at: float | None
    attempts: int
    error: Why | None
    sources: int | None
    message_id: int | None
    rang: Heard | None
    report_id: int
    ahead: int = 0
    within_state: DeliveryState | None = None
    within_error: Why | None = None


class Case(Struct, frozen=True):
    """A story that has the link, or a report without a story yet, as the chat was to be told."""

    sightings: tuple[LinkReport, ...]
    posted: tuple[Posted, ...] = ()
    wishes: tuple[Wish, ...] = ()
    muted_at: float | None = None
    sources: int = 1


class Follow(Struct, frozen=True):
    """What a chat follows now: a topic with its query, a source, a group of sources, or everything
    (none of them).
    """

    name: str
    since: float
    query: str | None = None
    feed_id: int | None = None
    group: str = ""


class Inquiry(Struct, frozen=True):
    """All that is on record of a link for a chat. `changed_at` is when the chat was paused or
    resumed last, `hold_until` until when Telegram asked to send it nothing.
    """

    state: ChatState
    reason: Why | None
    since: float
    changed_at: float
    hold_until: float
    follows: tuple[Follow, ...]
    cases: tuple[Case, ...]
