"""What a host lets robots read, by RFC 9309, asked once a day and remembered within bounds.

    2xx              the rules it says, of its first 500 KiB
    4xx, or empty    no rules: everything may be read
    429, 5xx, no answer, a redirect into nowhere
                     nothing may be read now; asked again in an hour
    no answer soon   nothing may be read now; asked again in five minutes

Rules are matched by Protego in a parser process: it knows the longest match, `*` and `$`, which
`urllib.robotparser` does not, and makes patterns of strangers' text, which may be slow to match.
Whom it takes rules to be for is not what RFC 9309 says: see `_for_our_token`.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Protocol
from weakref import WeakValueDictionary

from msgspec import Struct
from yarl import URL

from bot.feeds.fetching.fetch import Failed, Fetched, FetchOutcome, Gone, TryLater
from bot.news.why import Code, Why

AGENT = "Tocsin"
MOST_BYTES = 500 * 1024  # what RFC 9309, 2.5, asks a reader to take at least
_DAY, _HOUR, _SOON = 86_400.0, 3_600.0, 300.0
_AGENT_LINE = re.compile(
    rb"((?:\A(?:\xef\xbb\xbf)?|(?<=[\r\n]))[ \t]*user[- ]?agent(?:[ \t]*:|[ \t])[ \t*]*)"
    rb"([a-z0-9_-]+)[^\r\n#]*",
    re.IGNORECASE,
)
_MOST_HOSTS = 500
_MOST_KEPT_BYTES = 8 * 1024 * 1024


Fetch = Callable[[str], Awaitable[FetchOutcome]]


class Permission(Struct, frozen=True):
    """Whether an address may be read, and how many seconds the host wants between two."""

    allowed: bool
    delay: float = 0.0


class Judge(Protocol):
    """Reads rules; see `bot.feeds.reading.worker`."""

    def __call__(self, rules: bytes, *, url: str) -> Awaitable[Permission]: ...


class _Known(Struct, frozen=True):
    """What is known of a host until then: its rules, or that all or nothing may be read."""

    until: float
    rules: bytes | None = None
    allowed: bool = False


class Robots:
    """Remembers the rules of hosts."""

    def __init__(self, judge: Judge, now: Callable[[], float], *, seconds: float = 4.0) -> None:
        self._judge = judge
        self._now = now
        self._seconds = seconds
        self._hosts: OrderedDict[str, _Known] = OrderedDict()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def permission(self, url: str, fetch: Fetch) -> Permission:
        """Whether we may read an address; `fetch` is called where its host is not known, and keeps
        the host's pace. Raises NotAFeed for rules that take too long to read.
        """
        known = await self._known(str(URL(url).origin()), fetch)
        if known.rules is None:
            return Permission(known.allowed)
        return await self._judge(known.rules, url=url)

    async def _known(self, origin: str, fetch: Fetch) -> _Known:
        turn = self._turns.setdefault(origin, asyncio.Lock())
        async with turn:  # many articles of a host ask for its rules once
            known = self._hosts.get(origin)
            if known is None or known.until <= self._now():
                known = await self._ask(origin, fetch)
                self._keep(origin, known)
            self._hosts.move_to_end(origin)
            return known

    async def _ask(self, origin: str, fetch: Fetch) -> _Known:
        try:
            async with asyncio.timeout(self._seconds):
                return self._judged(await fetch(f"{origin}/robots.txt"))
        except TimeoutError:
            return _Known(self._now() + _SOON)

    def _judged(self, outcome: FetchOutcome) -> _Known:
        now = self._now()
        match outcome:
            case Fetched(body=body):
                return _Known(now + _DAY, _for_our_token(body[:MOST_BYTES]))
            case Gone():
                return _Known(now + _DAY, allowed=True)
            case Failed(reason=Why(code=Code.NO_BODY)):
                return _Known(now + _DAY, allowed=True)
            case Failed(status=int(status)) if 400 <= status < 500:
                return _Known(now + _DAY, allowed=True)
            case TryLater(seconds=seconds):
                return _Known(now + min(seconds, _DAY))
        return _Known(now + _HOUR)

    def _keep(self, origin: str, known: _Known) -> None:
        self._hosts[origin] = known
        self._hosts.move_to_end(origin)
        while len(self._hosts) > _MOST_HOSTS or self._bytes() > _MOST_KEPT_BYTES:
            self._hosts.popitem(last=False)

    def _bytes(self) -> int:
        return sum(len(known.rules or b"") for known in self._hosts.values())


def _for_our_token(rules: bytes) -> bytes:
    """The rules with ours under our product token, whatever version stands behind it (RFC 9309,
    2.2.1): Protego would not know them by `Tocsin/0.1`, but take those of `Toc` for ours.
    """
    ours = AGENT.lower().encode()

    def named(line: re.Match[bytes]) -> bytes:
        token = line[2].lower()
        if token == ours:
            return line[1] + ours
        return line[1] + b"-" if ours.startswith(token) else line[0]

    return _AGENT_LINE.sub(named, rules)
