"""From what a reader found in a document to what the rest of Tocsin takes: plain, bounded texts.

Each reader (feedparser, JSON Feed) fills `RawFeed`; everything that must hold for all feeds alike
is done here once. Nothing here raises.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import TypeVar
from urllib.parse import urljoin

from bot.news.copies import credited
from bot.news.listing import Order, order_of
from bot.news.story import ParsedEntry, ParsedFeed
from bot.news.summary import clean_summary
from bot.news.text import cut, plain_text, plain_title, tidy
from bot.news.urls import clean_link
from bot.news.wishes import NO_WISHES, Wishes

MOST_ENTRIES = 1000
LONGEST_SUMMARY = 2000
Item = TypeVar("Item")
_LONGEST_ID = 1000
_LONGEST_LANGUAGE = 35  # RFC 5646, section 4.4.1
_FIRST_TIME, _LAST_TIME = -2_208_988_800.0, 253_402_300_799.0  # years 1900 to 9999


@dataclass(slots=True)
class RawEntry:
    """An entry as found; "" and empty lists stand for what is missing."""

    id: str = ""
    links: Sequence[str] = field(default_factory=list)  # the best first
    title: str = ""
    title_is_html: bool = True
    summary: str = ""
    summary_is_html: bool = True
    published: float | None = None
    images: Sequence[str] = field(default_factory=list)


@dataclass(slots=True)
class RawFeed:
    """A document as found. `base` is where its relative links start if its own address is not
    known.
    """

    kind: str
    title: str = ""
    title_is_html: bool = True
    language: str = ""
    base: str = ""
    moved_to: str = ""
    entries: Iterable[RawEntry] = ()
    wishes: Wishes = NO_WISHES
    hubs: Sequence[str] = ()
    own_urls: Sequence[str] = ()
    breaks_off: bool = False


def newest_part(items: Sequence[Item], date: Callable[[Item], float | None]) -> Sequence[Item]:
    """As many entries as are read, in their order, from the end at which their dates are newest."""
    if len(items) <= MOST_ENTRIES:
        return items
    if order_of(map(date, items)) is Order.OLDEST_FIRST:
        return items[-MOST_ENTRIES:]
    return items[:MOST_ENTRIES]


def shape(raw: RawFeed, url: str | None) -> ParsedFeed:
    """The feed as plain, bounded data; `url` is where the document was, for relative links."""
    title = _title(raw.title, is_html=raw.title_is_html)
    base = url or raw.base
    return ParsedFeed(
        kind=raw.kind,
        title=title,
        language=_language(raw.language),
        entries=tuple(_shaped(entry, title, base) for entry in islice(raw.entries, MOST_ENTRIES)),
        moved_to=_first_link([raw.moved_to], base),
        wishes=raw.wishes,
        hub=_first_link(raw.hubs, base),
        own_url=_first_link(raw.own_urls, base),
        breaks_off=raw.breaks_off,
    )


def _shaped(raw: RawEntry, source: str, base: str) -> ParsedEntry:
    title = _title(raw.title, is_html=raw.title_is_html)
    summary = plain_text(raw.summary) if raw.summary_is_html else _plain_lines(raw.summary)
    return ParsedEntry(
        id=_bounded_id(raw.id),
        link=_first_link(raw.links, base),
        title=title,
        summary=cut(clean_summary(summary, title=title, source=source), LONGEST_SUMMARY),
        published=_believable(raw.published),
        image=_first_link(raw.images, base),
        original=credited(summary, source),
    )


def _title(text: str, *, is_html: bool) -> str:
    return plain_title(text) if is_html else tidy(text)


def _plain_lines(text: str) -> str:
    lines = (tidy(line, 4000) for line in text[:20_000].splitlines())
    return cut("\n".join(line for line in lines if line), 4000)


def _first_link(links: Sequence[str], base: str) -> str | None:
    for link in links:
        if link.strip() and (found := clean_link(_absolute(link.strip(), base))):
            return found
    return None


def _absolute(link: str, base: str) -> str:
    if link.lower().startswith("www."):
        return "https://" + link
    if not base or link.lower().startswith(("http://", "https://")):
        return link
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def _bounded_id(value: str) -> str | None:
    """The id as the feed gave it, case and all; an over-long one by its hash, so that two that
    begin alike stay different.
    """
    found = value.strip().encode("utf-8", "replace").decode()
    if len(found) > _LONGEST_ID:
        return "sha256:" + sha256(found.encode()).hexdigest()
    return found.replace("\x00", "") or None


def _language(value: str) -> str | None:
    value = value.strip().replace("_", "-")
    fits = 2 <= len(value) <= _LONGEST_LANGUAGE and value.isascii()
    return value if fits and value.replace("-", "").isalnum() and value[:2].isalpha() else None


def _believable(seconds: float | None) -> float | None:
    return seconds if seconds is not None and _FIRST_TIME <= seconds <= _LAST_TIME else None
