"""Finding the feeds of a site that a person named: the address itself, or where it leads.

In this order, until something is a feed: what the platform's form of address says, the document
at the address, what its page declares, what its links hint at, and where sites usually keep their
feed. All goes through the same guard and fetcher, a bounded number of times and in bounded time,
and ends when the host asks for fewer requests; a feed is parsed before it is offered. Nothing is
stored here.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from msgspec import Struct

from bot.feeds.check import Fetching, Parsing
from bot.feeds.discover import PageLinks, common_places, is_of_comments
from bot.feeds.fetching.fetch import Failed, Fetched, FetchOutcome, Gone, NotModified, TryLater
from bot.feeds.fetching.guard import NOT_ALLOWED
from bot.feeds.platforms import feeds_of
from bot.loops import together
from bot.news.polling.parsed import ParsedFeed
from bot.news.story import ParsedEntry
from bot.news.text import urls
from bot.news.why import AddressRefused, NotAFeed
from bot.texts.said import Said, say
from bot.turns import Turns

MOST_TRIES = 16  # addresses fetched for one search
_AT_ONCE = 3
_SEARCHES_AT_ONCE, _OF_CHATS = 16, 14
_HASTE_SECONDS = 8.0
_TURN_SECONDS = 20.0
_SAME_ENTRIES = 10
_SCHEME = re.compile(r"[a-z][a-z0-9+-]*:(?!\d)", re.IGNORECASE)
NO_FEED = say("I found no source there")
TOO_SLOW = say("the site takes too long to answer")
TOO_MANY = say("too many people add sources now. Try again in a minute")


class PageParsing(Parsing, Protocol):
    """What parses documents and pages: `bot.feeds.reading.worker.ParserPool`."""

    async def links(self, body: bytes, *, content_type: str | None, url: str) -> PageLinks:
        """See `ParserPool.links`."""


class FoundFeed(Struct, frozen=True):
    """A feed that was fetched and parsed. `newest` is its newest headline, "" if it has none."""

    url: str
    title: str
    newest: str


class Search(Struct, frozen=True):
    """What was found; where that is nothing, `reason` is a sentence's end that says why.

    `unreached` says that the address gave no answer at all: it may be a feed when it does. `busy`
    says that it cannot be asked now, so that another of its addresses would not help either.
    """

    feeds: tuple[FoundFeed, ...] = ()
    reason: Said = NO_FEED
    unreached: bool = False
    busy: bool = False


@dataclass
class _Trail:
    """One search under way: what it tried, and the feeds it met, with what tells them apart."""

    tried: set[str] = field(default_factory=set)
    found: dict[frozenset[str], FoundFeed] = field(default_factory=dict)
    stopped: Said | None = None  # why no more may be asked

    def untried(self, addresses: Iterable[str]) -> list[str]:
        """Those to try now: each once, and no more than one search may."""
        new = [address for address in dict.fromkeys(addresses) if address not in self.tried]
        new = new[: MOST_TRIES - len(self.tried)]
        self.tried.update(new)
        return new

    def keep(self, url: str, feed: ParsedFeed) -> None:
        """Keeps a feed unless it has the entries of one that was met, as Atom beside RSS has."""
        entries = frozenset(
            urls.canonical(entry.link or "") or entry.title
            for entry in feed.entries[:_SAME_ENTRIES]
        )
        title = feed.title or urls.host_of(url)
        self.found.setdefault(entries or frozenset({url}), FoundFeed(url, title, _newest(feed)))

    def feeds(self) -> tuple[FoundFeed, ...]:
        """What was met, without feeds of comments where there is anything else."""
        all_ = tuple(self.found.values())
        return tuple(feed for feed in all_ if not is_of_comments(feed.url)) or all_


class Finder:
    """Finds feeds, in a few searches at a time, of one chat one. `check` raises AddressRefused;
    `seconds` bounds one whole search, and `haste` one on which somebody else waits.
    """

    def __init__(
        self,
        fetcher: Fetching,
        reader: PageParsing,
        check: Callable[[str], object],
        *,
        seconds: float = 35.0,
        haste: float = _HASTE_SECONDS,
    ) -> None:
        self._fetcher = fetcher
        self._reader = reader
        self._check = check
        self._seconds = seconds
        self._haste = haste
        self._turns = Turns(_SEARCHES_AT_ONCE, chats=_OF_CHATS)
        self._under_way: dict[asyncio.Timeout, float] = {}

    async def find(self, text: str) -> Search:
        """The feeds at or of the address that a person wrote, with or without https://.

        Raises AddressRefused for one that must not be fetched.
        """
        url = read_address(text)
        self._check(url)
        if not self._turns.has_room():
            self._hasten()
        try:
            async with asyncio.timeout(_TURN_SECONDS):
                who = await self._turns.take()
        except TimeoutError:
            return Search(reason=TOO_MANY, busy=True)
        try:
            return await self._search(url)
        finally:
            self._turns.give(who)

    def _hasten(self) -> None:
        """Somebody waits: who has searched for long enough ends, and others when they have."""
        now = asyncio.get_running_loop().time()
        for limit, began in self._under_way.items():
            end = limit.when()
            if end is not None and not limit.expired():
                limit.reschedule(min(end, max(began + self._haste, now)))

    async def _search(self, url: str) -> Search:
        trail = _Trail()
        try:
            async with asyncio.timeout(self._seconds) as limit:
                self._under_way[limit] = asyncio.get_running_loop().time()
                if self._turns.waiting:
                    self._hasten()
                reason, unreached = await self._look(url, trail)
        except TimeoutError:
            reason, unreached = TOO_SLOW, False
        finally:
            self._under_way.pop(limit, None)
        return Search(trail.feeds(), reason or NO_FEED, unreached, trail.stopped is not None)

    async def _look(self, url: str, trail: _Trail) -> tuple[Said | None, bool]:
        """Fills the trail; returns why nothing was found, should that be so."""
        await self._try(feeds_of(url), trail)
        if trail.found or trail.stopped:
            return trail.stopped, False
        trail.tried.add(url)
        outcome = await self._fetcher.fetch(url)
        if _is_limit(outcome):
            trail.stopped = _limit(outcome)
            return trail.stopped, False
        links, place = PageLinks(), url
        if isinstance(outcome, Fetched):
            place = outcome.url
            trail.tried.add(place)
            if await self._keep_if_feed(url, outcome, trail):
                return None, False
            links = await self._links(outcome)
        elif (said := _said(outcome)) is not None:
            return said, True
        await self._try(links.declared, trail)
        for addresses in (links.hinted, common_places(place)):
            if not trail.found:
                await self._try(addresses, trail, first_only=True)
        said = NO_FEED if isinstance(outcome, Fetched) else _reason(outcome)
        return trail.stopped or said, False

    async def _try(
        self, addresses: Sequence[str], trail: _Trail, *, first_only: bool = False
    ) -> None:
        """Fetches addresses a few at once; `first_only` stops at the first few that have one."""
        untried = trail.untried(addresses)
        for start in range(0, len(untried), _AT_ONCE):
            if trail.stopped:
                return
            part = untried[start : start + _AT_ONCE]
            outcomes = await together(*(self._fetcher.fetch(url) for url in part))
            for url, outcome in zip(part, outcomes, strict=True):
                if _is_limit(outcome):
                    trail.stopped = _limit(outcome)
                if isinstance(outcome, Fetched):
                    met = await self._keep_if_feed(url, outcome, trail)
                    if met and first_only:
                        return

    async def _keep_if_feed(self, url: str, fetched: Fetched, trail: _Trail) -> bool:
        try:
            feed = await self._reader.parse(
                fetched.body, content_type=fetched.content_type, url=fetched.url
            )
        except NotAFeed:
            return False
        trail.keep(fetched.permanent_url or url, feed)
        return True

    async def _links(self, fetched: Fetched) -> PageLinks:
        try:
            return await self._reader.links(
                fetched.body, content_type=fetched.content_type, url=fetched.url
            )
        except NotAFeed:  # a page that takes too long to read
            return PageLinks()


def read_address(text: str) -> str:
    """The address a person means: `harbour.example/news` is one too. Hosts become ASCII."""
    text = text.strip()
    host = text.partition("/")[0]
    return urls.in_ascii(f"https://{text}" if "." in host and not _SCHEME.match(text) else text)


def _said(outcome: FetchOutcome) -> Said | None:
    """Why there was no answer; None where there was one. Raises AddressRefused."""
    if not isinstance(outcome, Failed) or outcome.status is not None:
        return None
    if outcome.refused:
        raise AddressRefused(NOT_ALLOWED)
    return outcome.reason.said


def _is_limit(outcome: FetchOutcome) -> bool:
    """Whether the host asks for fewer requests: a search makes no more then."""
    return isinstance(outcome, TryLater) or (
        isinstance(outcome, Failed) and outcome.status in (429, 503)
    )


def _limit(outcome: FetchOutcome) -> Said:
    """The same as a reason, and when to try again."""
    reason = _reason(outcome)
    if isinstance(outcome, TryLater):
        time = _in_words(outcome.seconds)
        return say("{reason}. Try again in {time}", reason=reason, time=time)
    return say("{reason}. Try again later", reason=reason)


def _reason(outcome: FetchOutcome) -> Said:
    match outcome:
        case Failed(reason=reason) | TryLater(reason=reason):
            return reason.said
        case Gone():
            return say("the site says that what was there is gone")
        case Fetched() | NotModified():
            return NO_FEED


def _in_words(seconds: float) -> str:
    if seconds < 60:
        return f"{max(seconds, 1):.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"


def _newest(feed: ParsedFeed) -> str:
    """The newest headline: by date where there are dates, else the one that stands first."""

    def at(entry: ParsedEntry) -> float:
        return entry.published or 0.0

    titled = [entry for entry in feed.entries if entry.title]
    return max(titled, key=at).title if titled else ""
