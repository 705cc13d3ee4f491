"""The records of news, named by where they stand on their way.

`ParsedFeed` and `ParsedEntry` are what a feed said; `Report` is an entry as we stored it; `Story`
is what happened, told by one or more reports. All times are seconds since the epoch, UTC.
"""

from msgspec import Struct


class ParsedEntry(Struct, frozen=True, eq=False):
    """One item of a feed. Texts are plain, without markup; nothing here is trusted.

    `original` is the outlet that the text says it comes from, if it is another. `formerly` is how
    an earlier version read it, where that is otherwise: what was stored then is known by it. It
    makes no difference between two.
    """

    id: str | None
    link: str | None
    title: str
    summary: str
    published: float | None
    image: str | None = None
    original: str | None = None
    formerly: "ParsedEntry | None" = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ParsedEntry) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())

    def _said(self) -> tuple[object, ...]:
        return (
            self.id, self.link, self.title, self.summary, self.published, self.image, self.original,
        )  # fmt: skip


class NewReport(Struct, frozen=True):
    """An entry about to be stored as a report; `key` names it within its feed.

    `quiet` marks what was there when the feed was first polled: it is stored and rings nobody.
    """

    key: bytes
    link: str | None
    canonical: str | None
    title: str
    summary: str
    language: str | None
    image: str | None
    published_at: float | None
    quiet: bool
    original: str | None = None


class Report(Struct, frozen=True):
    """A stored entry. `source` is the title of its feed; `at` is when the news came out:
    its publication time, but never later than `seen_at`, when we first saw it. One that people
    took out of its story stands `apart`. A `guest` is of a feed that a chat added: it is told to
    those who follow that feed, and to nobody else. `group` is the one that its feed is in.
    """

    id: int
    feed_id: int
    source: str
    link: str | None
    canonical: str | None
    title: str
    summary: str
    language: str | None
    image: str | None
    published_at: float | None
    seen_at: float
    quiet: bool
    original: str | None = None
    apart: bool = False
    guest: bool = False
    group: str = ""

    @property
    def at(self) -> float:
        """When the news came out, as far as can be known."""
        return min(self.published_at, self.seen_at) if self.published_at else self.seen_at


class Story(Struct, frozen=True):
    """What happened, as its first report tells it. `reports` counts all that tell it."""

    id: int
    title: str
    summary: str
    link: str | None
    source: str
    language: str | None
    image: str | None
    at: float
    reports: int
