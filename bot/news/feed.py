"""A feed as we keep it, and what a poll changes of it."""

from dataclasses import dataclass

from bot.news.story import NewReport


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed about to be added to the catalogue; `poll_at` is when it is first polled."""

    url: str
    title: str
    poll_at: float
    group: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of the catalogue. `settled` is False until its first poll has been stored: what
    that poll finds is stored quietly. `suspended` feeds are not polled (the host says 410 Gone).
    `named` says that a person gave the title; else it follows the document's own.
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
    error: str | None
    answered_at: float | None
    news_at: float | None


@dataclass(frozen=True, slots=True)
class PollRecord:
    """What a poll leaves behind: the feed's new state, every key its document had, and the
    reports that are new. Stored in one transaction.
    """

    feed: Feed
    keys: tuple[bytes, ...]
    reports: tuple[NewReport, ...]
