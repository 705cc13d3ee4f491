"""From the bytes of a feed document to a `ParsedFeed`: RSS 0.9x to 2.0, RDF, Atom, JSON Feed.

Pure, and the only home of feedparser. It bounds what is cheap to bound, but a document can still
keep feedparser busy for minutes: strangers' documents go through `bot.feeds.worker`.

feedparser's own cleaning and link resolving inside HTML are off: we keep plain text only, and they
are half of its time and most of its hangs. It always reads from BytesIO, because bytes that happen
to be a path would be opened as a file.
"""

import calendar
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

import feedparser

from bot.errors import NotAFeed
from bot.feeds.entries import MOST_ENTRIES, RawEntry, RawFeed, shape
from bot.feeds.jsonfeed import read_json_feed
from bot.news.story import ParsedFeed
from bot.news.wishes import Wishes, read_wishes

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_LONG_TAG = re.compile(rb"<[^<>!?][^<>]{8000,}")
_ATTRIBUTE = re.compile(rb"\s[\w:.-]+\s*=")
_MOST_ATTRIBUTES = 300  # 8,000 take feedparser a second, 100,000 take minutes
_SURROGATE = re.compile(
    rb"&#(?:[xX]0*[dD]([89abAB])([0-9a-fA-F]{2});&#[xX]0*[dD]([c-fC-F])([0-9a-fA-F]{2});"
    rb"|[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2};|0*(5529[6-9]|55[3-9]\d\d|56\d\d\d|57[0-2]\d\d|573[0-3]\d"
    rb"|5734[0-3]);)"
)
# Bytes that say they are UTF-16 in ASCII are not.
_WIDE_LABEL = re.compile(rb"""(<\?xml[^>]{0,100}encoding=["'])(?:utf-?(?:16|32)|ucs)[^"']*""", re.I)
# feedparser keeps the last of these only.
_SKIPS = re.compile(rb"<skip(Hours|Days)>(.{0,2000}?)</skip", re.I | re.S)
_SKIPPED = re.compile(rb"<(?:hour|day)>\s*(\w{1,9})\s*</", re.I)
_LONG_YEAR = re.compile(r"\s*\d{5,}-")
# What feedparser does not count as a sign of HTML, and must not reach a reader as text.
_ACTIVE = re.compile(r"</?(?:script|style|iframe|object|embed|svg|form)\b", re.IGNORECASE)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)


def parse_document(
    body: bytes, *, content_type: str | None = None, url: str | None = None
) -> ParsedFeed:
    """The feed in `body`; raises NotAFeed, and nothing else, with one sentence.

    `content_type` is the HTTP header, for its charset; `url` is where the document was in the end,
    for relative links. Entries come as the document has them, at most `MOST_ENTRIES`.
    """
    start = _start(body)
    if not start:
        raise NotAFeed("empty: there is no document")
    if start.startswith((b"{", b"[")):
        return shape(read_json_feed(body), url)
    if any(_count_exceeded(tag.group()) for tag in _LONG_TAG.finditer(body)):
        raise NotAFeed("the document is damaged: a tag has hundreds of attributes")
    return shape(_read_xml(_SURROGATE.sub(_repaired, body), content_type, start), url)


def _start(body: bytes) -> bytes:
    """The first bytes that mean something, in an encoding that is close to ASCII."""
    start = body[:4096]
    for bom in _BOMS:
        start = start.removeprefix(bom)
    return start.replace(b"\x00", b"").lstrip()


def _count_exceeded(tag: bytes) -> bool:
    return len(_ATTRIBUTE.findall(tag)) > _MOST_ATTRIBUTES


def _repaired(found: re.Match[bytes]) -> bytes:
    """A pair of surrogate references is one character; a lone one makes feedparser raise."""
    high, high2, low, low2 = found.group(1, 2, 3, 4)
    if high is None:
        return b"&#xFFFD;"
    first, second = int(b"d" + high + high2, 16), int(b"d" + low + low2, 16)
    return b"&#x%X;" % (0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))


def _read_xml(body: bytes, content_type: str | None, start: bytes) -> RawFeed:
    headers = {"content-type": content_type} if content_type else {}
    if b"\x00" not in body[:64]:
        body = _WIDE_LABEL.sub(rb"\1utf-8", body, count=1)
    try:
        found = feedparser.parse(
            io.BytesIO(body),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # feedparser lets many kinds through, from LookupError to recursion
        raise NotAFeed("the document is damaged and cannot be read") from error
    feed, entries = found["feed"], found["entries"][:MOST_ENTRIES]
    kind = _kind(str(found.get("version") or ""), start)
    if _HTML.match(start) and not entries:
        raise NotAFeed("this is a web page, not a feed")
    if not kind or (found["bozo"] and not entries and not _get(feed, "title")):
        raise NotAFeed("this is not a feed")
    return RawFeed(
        kind=kind,
        title=_get(feed, "title"),
        title_is_html=_is_html(feed, "title"),
        language=_get(feed, "language"),
        base=_get(feed, "link"),
        moved_to=_get(feed, "itunes_new-feed-url"),
        entries=[_entry(entry) for entry in entries],
        wishes=_wishes(feed, body),
        hubs=_related(feed, "hub"),
        own_urls=_related(feed, "self"),
    )


def _kind(version: str, start: bytes) -> str:
    if version in ("rss10", "rss090") or (not version and b"<rdf:RDF" in start):
        return "rdf"
    if version.startswith(("rss", "cdf")) or re.search(rb"<(?:\w+:)?(?:rss|channel)\b", start):
        return "rss"
    if version.startswith("atom") or re.search(rb"<(?:\w+:)?feed\b", start):
        return "atom"
    return ""


def _wishes(feed: Mapping[str, Any], body: bytes) -> Wishes:
    hours: list[str] = []
    days: list[str] = []
    for which, listed in _SKIPS.findall(body[:20_000]):
        found = [value.decode("ascii", "replace") for value in _SKIPPED.findall(listed)]
        (hours if which.lower() == b"hours" else days).extend(found)
    return read_wishes(
        _get(feed, "ttl"),
        _get(feed, "sy_updateperiod"),
        _get(feed, "sy_updatefrequency"),
        hours,
        days,
    )


def _related(feed: Mapping[str, Any], relation: str) -> list[str]:
    return [_get(link, "href") for link in _list(feed, "links") if _get(link, "rel") == relation]


def _entry(entry: Mapping[str, Any]) -> RawEntry:
    summary, is_html = _summary(entry)
    return RawEntry(
        id=_get(entry, "id"),
        links=_links(entry),
        title=_get(entry, "title"),
        title_is_html=_is_html(entry, "title"),
        summary=summary,
        summary_is_html=is_html,
        published=_published(entry),
        images=_images(entry),
    )


def _summary(entry: Mapping[str, Any]) -> tuple[str, bool]:
    if summary := _get(entry, "summary"):
        return summary, _is_html(entry, "summary")
    for content in _list(entry, "content"):
        if value := _get(content, "value"):
            return value, _get(content, "type") != "text/plain"
    return "", True


def _links(entry: Mapping[str, Any]) -> list[str]:
    """Addresses of the article, the likeliest first: FeedBurner hides the original behind its own
    counting link; an `alternate` is the article; then whatever feedparser takes for the link.
    """
    alternates = [
        _get(link, "href") for link in _list(entry, "links") if _get(link, "rel") == "alternate"
    ]
    return [_get(entry, "feedburner_origlink"), *alternates[:1], _get(entry, "link"), *alternates]


def _images(entry: Mapping[str, Any]) -> list[str]:
    pictures = [
        _get(media, "url")
        for media in _list(entry, "media_content")
        if _get(media, "medium") == "image" or _get(media, "type").startswith("image/")
    ]
    pictures += [_get(media, "url") for media in _list(entry, "media_thumbnail")]
    pictures += [
        _get(link, "href")
        for link in _list(entry, "links")
        if _get(link, "rel") == "enclosure" and _get(link, "type").startswith("image/")
    ]
    image = _raw(entry, "image")
    return [*pictures, _get(image, "href")] if isinstance(image, Mapping) else pictures


def _published(entry: Mapping[str, Any]) -> float | None:
    """Publication time, else update time; feedparser gives UTC, and None for what is no date."""
    for name in ("published", "updated", "created"):
        parsed = _raw(entry, f"{name}_parsed")
        # Of the year 10000 feedparser reads the first four digits and more.
        if parsed is None or _LONG_YEAR.match(_get(entry, name)):
            continue
        try:
            return float(calendar.timegm(cast(Any, parsed)))
        except (ValueError, OverflowError, TypeError):
            continue
    return None


def _is_html(data: Mapping[str, Any], name: str) -> bool:
    declared = _get(_raw(data, f"{name}_detail"), "type")
    return declared != "text/plain" or _ACTIVE.search(_get(data, name)) is not None


def _raw(data: object, name: str) -> Any:
    # Around feedparser's own look-up, which answers `updated` with `published` and warns of it.
    return dict.get(data, name) if isinstance(data, dict) else None


def _get(data: object, name: str) -> str:
    value = _raw(data, name)
    return value if isinstance(value, str) else ""


def _list(data: object, name: str) -> Sequence[Mapping[str, Any]]:
    value = _raw(data, name)
    return value if isinstance(value, list) else []
