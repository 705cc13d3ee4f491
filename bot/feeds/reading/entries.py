"""From what a reader found in a document to what the rest of Tocsin takes: plain, bounded texts.

Each reader (feedparser, JSON Feed) fills `RawFeed`; everything that must hold for all feeds alike
is done here once. Nothing here raises.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from typing import TypeVar
from urllib.parse import urljoin

from msgspec.structs import replace

from bot.feeds.reading.former import Formerly
from bot.feeds.reading.items import Texts
from bot.news.polling.listing import Order, order_of
from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.poll_hints import NO_HINTS, PollHints
from bot.news.story import ParsedEntry
from bot.news.text.credits import credited
from bot.news.text.headlines import plain_headline
from bot.news.text.plain import cut, plain_text, plain_title, tidy, tidy_lines
from bot.news.text.summary import clean_summary, first_with_words
from bot.news.text.untouched import stands_as_it_is, telling_in
from bot.news.text.urls import clean_link, unwrapped

MOST_ENTRIES = 1000
LONGEST_SUMMARY = 2000
Item = TypeVar("Item")
_LONGEST_ID = 1000
_LONGEST_LANGUAGE = 35  # RFC 5646, section 4.4.1
_FIRST_TIME, _LAST_TIME = -2_208_988_800.0, 253_402_300_799.0  # years 1900 to 9999


# A caption is the picture's. Both forms are of WordPress; the second is older than the element.
_CAPTION = re.compile(
    r"<figcaption\b.{0,2000}?</figcaption\s*>"
    r"|<p\s[^<>]{0,80}wp-caption-text[^<>]{0,80}>.{0,2000}?</p\s*>",
    re.IGNORECASE | re.DOTALL,
)
_MOST_TEXT = 40_000
_Read = dict[tuple[str, bool], str]
"""Texts of an entry that were made plain, by what they were: as far as was needed."""


class Wording(Enum):
    """What kind of text a title is: HTML, plain, or either, where the form of feed does not say."""

    HTML = "html"
    PLAIN = "plain"
    EITHER = "either"


@dataclass(slots=True)
class RawEntry:
    """An entry as found; "" and empty lists stand for what is missing. `outlet` is whom it names as
    its source, `formerly` what the reader before this one took of it
    (`bot.feeds.reading.former.formerly`).
    """

    id: str = ""
    links: Sequence[str] = field(default_factory=list)  # the best first
    title: str = ""
    title_is: Wording = Wording.EITHER
    summaries: Texts = field(default_factory=list)  # the best first
    outlet: str = ""
    published: float | None = None
    images: Sequence[str] = field(default_factory=list)
    formerly: Formerly | None = None


@dataclass(slots=True)
class RawFeed:
    """A document as found. `base` is where its relative links start if its own address is not
    known. `apart` says that each entry was read by itself.
    """

    kind: str
    title: str = ""
    title_is: Wording = Wording.EITHER
    language: str = ""
    base: str = ""
    moved_to: str = ""
    entries: Iterable[RawEntry] = ()
    hints: PollHints = NO_HINTS
    hubs: Sequence[str] = ()
    own_urls: Sequence[str] = ()
    breaks_off: bool = False
    apart: bool = False


def newest_part(items: Sequence[Item], date: Callable[[Item], float | None]) -> Sequence[Item]:
    """As many entries as are read, in their order, from the end at which their dates are newest."""
    if len(items) <= MOST_ENTRIES:
        return items
    if order_of(map(date, items)) is Order.OLDEST_FIRST:
        return items[-MOST_ENTRIES:]
    return items[:MOST_ENTRIES]


def shape(raw: RawFeed, url: str | None) -> ParsedFeed:
    """The feed as plain, bounded data; `url` is where the document was, for relative links."""
    title = _title(raw.title, raw.title_is)
    base = url or raw.base
    entries = list(islice(raw.entries, MOST_ENTRIES))
    firsts = list(map(_first_text, entries))
    telling = telling_in(filter(None, firsts))
    return ParsedFeed(
        kind=raw.kind,
        title=title,
        language=_language(raw.language),
        entries=tuple(
            [
                _shaped(entry, first, telling, title, base)
                for entry, first in zip(entries, firsts, strict=True)
            ]
        ),
        moved_to=_first_link([raw.moved_to], base),
        hints=raw.hints,
        hub=_first_link(raw.hubs, base),
        own_url=_first_link(raw.own_urls, base),
        breaks_off=raw.breaks_off,
        apart=raw.apart,
    )


def _first_text(raw: RawEntry) -> str | None:
    """The first text of an entry, plain, if it may be told as it is."""
    if not raw.summaries or raw.outlet or _has_caption(*raw.summaries[0]):
        return None
    return _plain(*raw.summaries[0])


def _shaped(
    raw: RawEntry, first: str | None, telling: Sequence[str], source: str, base: str
) -> ParsedEntry:
    """An entry with its `_first_text`; `telling` is of the first texts of all entries."""
    title, link = _title(raw.title, raw.title_is), _first_link(raw.links, base)
    names = [name for name in (title, source) if name]
    stands = first is not None and stands_as_it_is(first, names, telling)
    usual = stands and raw.formerly is None
    read: _Read = {} if usual or first is None else {raw.summaries[0]: first}
    if stands:
        summary, original = first or "", None  # then it credits nobody
    else:
        summary, original = _by_all_rules(raw, title, source, read)
    entry = ParsedEntry(
        _bounded_id(raw.id),
        unwrapped(link) if link else None,
        title,
        cut(summary, LONGEST_SUMMARY),
        _believable(raw.published),
        _first_link(raw.images, base) if raw.images else None,
        original,
    )
    if usual and entry.link == link:
        return entry
    before = _as_formerly(raw, entry, link, read, source, base)
    return entry if before is None else replace(entry, formerly=before)


def _by_all_rules(raw: RawEntry, title: str, source: str, read: _Read) -> tuple[str, str | None]:
    """The summary, and whom those texts credit that were asked for one."""

    def plain() -> Iterator[str]:
        for text in _without_captions(raw.summaries):
            if text not in read:
                read[text] = _plain(*text)
            yield read[text]

    outlet = plain_headline(raw.outlet) if raw.outlet else ""
    summary = first_with_words(plain(), title=title, source=source, outlet=outlet)
    return summary, _credited(read.values(), source)


def _without_captions(texts: Texts) -> Iterator[tuple[str, bool]]:
    """The texts without captions of pictures; then as they are, should they say nothing else."""
    captioned = False
    for text, html in texts:
        bare = _CAPTION.sub(" ", text[:_MOST_TEXT]) if _has_caption(text, html) else text
        captioned = captioned or bare != text
        yield bare, html
    if captioned:
        yield from texts


def _has_caption(text: str, html: bool) -> bool:
    return html and "caption" in text


def _credited(texts: Iterable[str], source: str) -> str | None:
    return next((found for text in texts if text and (found := credited(text, source))), None)


def _as_formerly(
    raw: RawEntry,
    entry: ParsedEntry,
    link: str | None,
    read: _Read,
    source: str,
    base: str,
) -> ParsedEntry | None:
    """The entry as the former reader read it, if that is otherwise; `link` is its first address,
    `read` are its texts that were made plain.
    """
    before, title, published = raw.formerly, entry.title, entry.published
    if before is not None:
        title = plain_title(raw.title) if before.title_is_html else tidy(raw.title)
        link, published = _first_link(before.links, base), _believable(before.published)
        text = (before.summary, before.summary_is_html)
    else:
        text = raw.summaries[0] if raw.summaries else ("", False)
    plain = read[text] if text in read else _plain(*text)
    summary = cut(clean_summary(plain, title=title, source=source), LONGEST_SUMMARY)
    read_so = (title, summary, link, published)
    if read_so == (entry.title, entry.summary, entry.link, entry.published):
        return None
    return replace(entry, title=title, summary=summary, link=link, published=published)


def _title(text: str, wording: Wording) -> str:
    match wording:
        case Wording.HTML:
            return plain_title(text)
        case Wording.PLAIN:
            return tidy(text)
        case Wording.EITHER:
            return plain_headline(text)


def _plain(text: str, html: bool) -> str:
    return plain_text(text) if html else tidy_lines(text)


def _first_link(links: Sequence[str], base: str) -> str | None:
    for each in links:
        if (link := each.strip()) and (found := clean_link(_absolute(link, base))):
            return found
    return None


def _absolute(link: str, base: str) -> str:
    if link.startswith(("https://", "http://")):
        return link
    start = link[: len("https://")].lower()
    if start.startswith("www."):
        return "https://" + link
    if not base or start.startswith(("http://", "https://")):
        return link
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def _bounded_id(value: str) -> str | None:
    """The id as the feed gave it, case and all; an over-long one by its hash, so that two that
    begin alike stay different.
    """
    found = value.strip()
    if not found.isascii():
        found = found.encode("utf-8", "replace").decode()
    if len(found) > _LONGEST_ID:
        from hashlib import sha256  # which brings OpenSSL: few ids are as long

        return "sha256:" + sha256(found.encode()).hexdigest()
    return found.replace("\x00", "") or None


def _language(value: str) -> str | None:
    value = value.strip().replace("_", "-")
    fits = 2 <= len(value) <= _LONGEST_LANGUAGE and value.isascii()
    return value if fits and value.replace("-", "").isalnum() and value[:2].isalpha() else None


def _believable(seconds: float | None) -> float | None:
    return seconds if seconds is not None and _FIRST_TIME <= seconds <= _LAST_TIME else None
