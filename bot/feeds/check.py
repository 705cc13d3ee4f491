"""Checking a feed for a person: fetch or read, parse, say what was found; nothing is stored."""

import asyncio
import stat
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import asdict

from bot.feeds.fetching.fetch import Failed, Fetched, FetchOutcome, Gone, NotModified, TryLater
from bot.news.polling.parsed import ParsedFeed
from bot.news.story import ParsedEntry
from bot.news.text.urls import without_credentials
from bot.news.why import NotAFeed

MAX_FILE_BYTES = 5 * 1024 * 1024


class Fetching(Protocol):
    """What fetches addresses: `bot.feeds.fetching.fetch.Fetcher`."""

    async def fetch(self, url: str) -> FetchOutcome:
        """See `Fetcher.fetch`."""


class Parsing(Protocol):
    """What parses documents: `bot.feeds.reading.worker.ParserPool`."""

    async def parse(
        self, body: bytes, *, content_type: str | None = None, url: str | None = None
    ) -> ParsedFeed:
        """See `ParserPool.parse`."""


class FeedCheck(Struct, frozen=True):
    """What came of a check: a feed, or one clear line why not. `url` has no credentials."""

    url: str
    error: str | None
    feed: ParsedFeed | None

    @property
    def ok(self) -> bool:
        """Whether a feed was read."""
        return self.feed is not None

    def as_json(self) -> dict[str, object]:
        """The object that `tocsin feeds check --json` prints; times as ISO 8601 in UTC."""
        feed = self.feed
        return {
            "url": self.url,
            "ok": self.ok,
            "error": self.error,
            "kind": feed.kind if feed else None,
            "title": feed.title if feed else None,
            "language": feed.language if feed else None,
            "entries": [_entry_json(entry) for entry in feed.entries] if feed else [],
        }


async def check(source: str, fetcher: Fetching, parser: Parsing) -> FeedCheck:
    """Checks an address, or the file at a plain path; never raises for what it finds there."""
    shown = without_credentials(source)
    try:
        if _is_address(source):
            outcome = await fetcher.fetch(source)
            if not isinstance(outcome, Fetched):
                return FeedCheck(shown, _reason(outcome), None)
            body, kind, url = outcome.body, outcome.content_type, outcome.url
            feed = await parser.parse(body, content_type=kind, url=url)
        else:
            feed = await parser.parse(await asyncio.to_thread(_read, source))
    except (NotAFeed, _Unreadable) as error:
        return FeedCheck(shown, str(error), None)
    return FeedCheck(shown, None, feed)


class _Unreadable(Exception):  # noqa: N818  (a state of the file)
    """A path that cannot be read, in one sentence without anything of its content."""


def _is_address(source: str) -> bool:
    """Whether this is meant as an address: `file:` too, for the guard to refuse."""
    scheme, colon, _ = source.strip().partition(":")
    # One letter before a colon is a drive of Windows.
    return bool(colon) and len(scheme) > 1 and scheme.isascii() and scheme.isalpha()


def _read(path: str) -> bytes:
    try:
        place = Path(path)
        # Before opening: a named pipe would wait for a writer that never comes.
        if not stat.S_ISREG(place.stat().st_mode):
            raise _Unreadable("this is not a regular file")
        with place.open("rb") as file:
            body = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise _Unreadable("there is no such file") from error
    except (OSError, ValueError) as error:
        raise _Unreadable("the file cannot be read") from error
    if len(body) > MAX_FILE_BYTES:
        raise _Unreadable(f"the file is larger than {MAX_FILE_BYTES} bytes")
    return body


def _reason(outcome: NotModified | Gone | TryLater | Failed) -> str:
    match outcome:
        case Failed(reason):
            return str(reason)
        case TryLater(seconds, reason):
            return f"{reason}; it asks to come back in {seconds:.0f} s"
        case Gone():
            return "the server answered 410 Gone: this feed has ended"
        case NotModified():
            return "the server answered 304 Not Modified without having been asked"


def _entry_json(entry: ParsedEntry) -> Mapping[str, object]:
    shown = asdict(entry) | {"published": _iso(entry.published)}
    for ours_alone in ("original", "formerly"):  # scripts rely on the fields as they are
        del shown[ours_alone]
    return shown


def _iso(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    # Not strftime, which writes years before 1000 with fewer digits on some systems.
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
