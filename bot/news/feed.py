"""A feed as we keep it, and what a poll changes of it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from bot.news.polling.entry_keys import Trace
from bot.news.polling.gaps import Gaps
from bot.news.polling.identity import Policy, Rewrite
from bot.news.polling.listing import Listing
from bot.news.polling.moves import Move
from bot.news.polling.poll_hints import NO_HINTS, PollHints
from bot.news.polling.rhythm import UNHEARD, Rhythm
from bot.news.story import NewReport
from bot.news.text.words import fold
from bot.news.why import Why


class NewFeed(Struct, frozen=True):
    """A feed about to be added to the catalogue; `poll_at` is when it is first polled. A title
    that is not `named` by a person is the document's own, and follows it.
    """

    url: str
    title: str
    poll_at: float
    group: str = ""
    named: bool = True


class Feed(Struct, frozen=True):
    """A feed of the catalogue. `settled` is False until its first poll has been stored: what
    that poll finds is stored quietly. `suspended` feeds are not polled (the host says 410 Gone).
    `named` says that a person gave the title; else it follows the document's own.

    `policy` says by what its entries are known. `hushed` entries came at once at `hushed_at` and
    were stored without ringing. `newest_at` is the newest date seen in it, `usual` how many new
    entries a poll that finds some usually finds, learned from hundreds last at `usual_at`. `move`
    is where it says that it is now; `gone_at` is when its host first said that it is gone, if that
    is what it says.

    `rhythm` and `hints` say how often it is worth a poll. `reads` is a hash of its entries, whose
    traces were all stored at `remembered_at`. `hub` is the WebSub hub it names and `topic` its name
    there; the hub pushes until `pushed_until`, and `missed` counts polls in a row that found what
    it should have pushed. `full_text`: the pages of its articles are read where it gives headlines
    only. A `guest` is one that only chats brought. `listing` says in which order it lists entries.
    `brought_by` is the chat whose share of what all feeds use a guest takes, where that was asked.
    """

    id: int
    url: str
    title: str
    named: bool
    group: str
    language: str | None
    suspended: bool
    settled: bool
    etag: str | None
    last_modified: str | None
    body_hash: bytes | None
    poll_at: float
    interval: float
    failures: int
    error: Why | None
    answered_at: float | None
    news_at: float | None
    failing_since: float | None
    policy: Policy
    newest_at: float | None
    usual: float
    hushed: int
    hushed_at: float | None
    usual_at: float | None = None
    move: Move | None = None
    gone_at: float | None = None
    gaps: Gaps = field(default_factory=Gaps)
    rhythm: Rhythm = UNHEARD
    hints: PollHints = NO_HINTS
    reads: bytes | None = None
    remembered_at: float | None = None
    hub: str | None = None
    topic: str | None = None
    pushed_until: float | None = None
    missed: int = 0
    full_text: bool = False
    guest: bool = False
    listing: Listing = field(default_factory=Listing)
    brought_by: int | None = None


class FeedGroup(Struct, frozen=True):
    """The feeds that an operator put into one folder of the catalogue, under its name."""

    name: str
    feeds: tuple[Feed, ...] = ()


def groups_of(feeds: Sequence[Feed]) -> list[FeedGroup]:
    """The groups of a catalogue by their names; feeds in none are in none of them."""
    found: dict[str, list[Feed]] = {}
    for feed in feeds:
        if feed.group:
            found.setdefault(feed.group, []).append(feed)
    return [FeedGroup(name, tuple(found[name])) for name in sorted(found, key=fold)]


class Times(Struct, frozen=True):
    """When a feed answered, and when it is polled next: `interval` seconds from then, or so."""

    answered_at: float
    interval: float
    poll_at: float


class PollRecord(Struct, frozen=True):
    """What a poll leaves behind: the feed's new state, the traces of its entries by key, the
    reports that are new, and the known entries whose headline changed. Stored in one transaction.
    `moved_to` is the address that is the feed's from now on, `host_rests_until` the pause that a
    platform asked for, for all of its feeds. `shown` is what its document showed, by which the next
    one need not be read as a whole: empty where it must, None where what was kept holds. Where
    `times` are given nothing else has changed, and the feed is as it was before. `began_at` is when
    the feed was asked, where other processes may want it polled meanwhile.
    """

    feed: Feed
    traces: Mapping[bytes, Trace] = field(default_factory=dict)
    reports: tuple[NewReport, ...] = ()
    rewritten: tuple[Rewrite, ...] = ()
    moved_to: str | None = None
    host_rests_until: float | None = None
    shown: bytes | None = None
    times: Times | None = None
    began_at: float | None = None


class OverQuota(Struct, frozen=True):
    """A feed that a chat brought and of which so many entries were left out in all, as it brings
    more than a guest may.
    """

    chat_id: int
    feed: Feed
    left_out: int


class TooLoud(Struct, frozen=True):
    """A feed of the operator's that rang more than it may, at `at` for the last time; so many of
    its entries were stored without ringing since that began.
    """

    feed: Feed
    hushed: int
    at: float


class StoredPolls(Struct, frozen=True):
    """What came of storing polls: how many reports are new, and which feeds of the operator's began
    to ring more than they may.
    """

    reports: int = 0
    too_loud: tuple[Feed, ...] = ()


class ToldTrouble(Struct, frozen=True):
    """A chat that was told, at `at`, that a feed is in trouble. `feed` is as it is now."""

    chat_id: int
    feed: Feed
    at: float
