"""A chat and what it asked for."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from bot.news.why import Code, Why, because


class ChatState(StrEnum):
    """Whether a chat is served, and if not, why not."""

    ACTIVE = "active"
    STOPPED = "stopped"
    """It said /stop."""
    BLOCKED = "blocked"
    """Telegram refuses: the bot was blocked, removed, or may not write."""
    WAITING = "waiting"
    """No operator has let it in where ACCESS is `invite`, or one has shut it out."""


class FirstStep(StrEnum):
    """What a person is asked in the first minute of their private chat; those who answered or left
    it all, and groups and channels, are through.
    """

    LANGUAGES = "languages"
    TOPICS = "topics"
    CLOCK = "clock"
    NIGHT = "night"
    THROUGH = ""


SHUT_OUT = because(Code.SHUT_OUT)
"""Why a chat waits that an operator refused: it does so until one lets it in."""


class Habits(Struct, frozen=True):
    """When and how a chat wants to be told. `digest` are its hours as minutes of its local day,
    none: one by one; `quiet` the hours in which nothing rings, as first minute and end; `breaking`
    lets through what many sources carry at once; `cap` is how many alerts a day, 0 for all;
    `buttons` and `updates` are wanted under alerts and in reply to them; `pictures` with them,
    where the feed has one, and `previews` of their links below; `silent`: all without a sound.
    `languages` are those in which news alerts here, none: all (see `bot.news.telling.languages`).
    `days` are those of the week on which its digests come, Monday being 0, none: all. Until
    `paused_until` nothing is told; what comes meanwhile is kept for a digest then.
    """

    timezone: str = "UTC"
    digest: tuple[int, ...] = ()
    quiet: tuple[int, int] | None = None
    breaking: bool = True
    cap: int = 0
    buttons: bool = True
    updates: bool = True
    pictures: bool = False
    previews: bool = False
    silent: bool = False
    languages: tuple[str, ...] = ()
    days: tuple[int, ...] = ()
    paused_until: float = 0.0


MOST_FOLLOWED = 1_000  # subscriptions of one chat, over all its threads
MOST_THREADS = 50  # of one chat, in which something is followed: each is told every story anew

MUTED_FEED = "feed:"


def mute_of_feed(feed_id: int) -> str:
    """The `query` of a mute that silences one source."""
    return f"{MUTED_FEED}{feed_id}"


class Mute(Struct, frozen=True):
    """A word or a source that a chat does not want to hear of until then. `query` is what is
    matched, or `feed:` and the number of the source; `shown` is what the person wrote.
    """

    id: int
    chat_id: int
    shown: str
    query: str
    until: float

    @property
    def feed_id(self) -> int | None:
        """The source that is muted, if it is one."""
        number = self.query.removeprefix(MUTED_FEED)
        return int(number) if number != self.query and number.isdigit() else None


class Chat(Struct, frozen=True):
    """A Telegram chat. `kind` is `private`, `group`, `supergroup` or `channel`; its first minute
    goes on at `first_step`.
    """

    id: int
    kind: str
    title: str
    state: ChatState
    reason: Why | None
    language: str
    timezone: str
    hold_until: float
    since: float
    habits: Habits = field(default_factory=Habits)
    first_step: FirstStep = FirstStep.THROUGH


class Speaking(Struct, frozen=True):
    """The channel that a person speaks for in their private chat, until then."""

    chat: Chat
    until: float


class Subscription(Struct, frozen=True):
    """A chat's wish for every story of one feed, of a group of feeds, or of the whole catalogue
    (neither).

    `thread_id` is the forum thread it goes to, 0 for none.
    """

    chat_id: int
    thread_id: int
    feed_id: int | None
    group: str = ""

    @property
    def is_all(self) -> bool:
        """Whether it is for the whole catalogue."""
        return self.feed_id is None and not self.group


class TopicOptions(Struct, frozen=True):
    """How a topic tells: with a sound or without, at once or gathered into digests, only from so
    many independent `sources` on, and at most `cap` alerts a day (0: all).
    """

    silent: bool = False
    digest: bool = False
    sources: int = 1
    cap: int = 0


class Topic(Struct, frozen=True):
    """A named query that a chat follows, in the forum thread where it was followed (0: none)."""

    id: int
    chat_id: int
    thread_id: int
    name: str
    query: str
    muted_until: float
    options: TopicOptions = field(default_factory=TopicOptions)
    since: float = 0.0


class Audience(Struct, frozen=True):
    """What all served chats asked for, as of `version`, or those among `chats` only: one of them
    of which nothing is said asked for nothing. `habits` has those whose habits are not the usual.
    """

    version: int
    subscriptions: tuple[Subscription, ...]
    topics: tuple[Topic, ...]
    habits: Mapping[int, Habits] = field(default_factory=dict)
    mutes: tuple[Mute, ...] = ()
    chats: frozenset[int] | None = None
