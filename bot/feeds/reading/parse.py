"""From the bytes of a feed document to a `ParsedFeed`: RSS 0.9x to 2.0, RDF, Atom, JSON Feed.

Pure, and the only home of feedparser. It bounds what is cheap to bound, but a document can still
keep feedparser busy for minutes: strangers' documents go through `bot.feeds.reading.worker`.

feedparser's own cleaning and link resolving inside HTML are off: we keep plain text only, and they
are half of its time and most of its hangs. It always reads from BytesIO, because bytes that happen
to be a path would be opened as a file.
"""

import io
import re
from collections.abc import Mapping
from typing import Any

from bot.feeds.reading.charset import decoded
from bot.feeds.reading.entries import RawEntry, RawFeed, Wording, newest_part, shape
from bot.feeds.reading.former import formerly
from bot.feeds.reading.items import (
    dated,
    images_of,
    links_of,
    only_link,
    part,
    plainly,
    published_of,
    rows,
    said,
    texts_of,
)
from bot.feeds.reading.jsonfeed import read_json_feed
from bot.feeds.reading.mending import is_in_order, mended, whole_entries
from bot.feeds.reading.quick import read_quickly
from bot.feeds.reading.usual import usual_entry
from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.poll_hints import PollHints, read_hints
from bot.news.why import Code, NotAFeed, because

_LONG = 8000
_LONG_TAG = re.compile(rf"<[^<>!?][^<>]{{{_LONG},}}")
_ATTRIBUTE = re.compile(r"\s[\w:.-]+\s*=")
_MOST_ATTRIBUTES = 300  # 8,000 take feedparser a second, 100,000 take minutes
# feedparser keeps the last of these only.
_SKIPS = re.compile(r"<skip(Hours|Days)>(.{0,2000}?)</skip", re.I | re.S)
_HEAD = 20_000
_SAYS_SKIP = re.compile("<[sS][kK][iI][pP]")
_SKIPPED = re.compile(r"<(?:hour|day)>\s*(\w{1,9})\s*</", re.I)
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S)


def parse_document(
    body: bytes, *, content_type: str | None = None, url: str | None = None
) -> ParsedFeed:
    """The feed in `body`; raises NotAFeed, and nothing else.

    `content_type` is the HTTP header, for its charset; `url` is where the document was in the end,
    for relative links. Entries come as the document has them, the newest `MOST_ENTRIES` at most.
    """
    text = decoded(body, content_type)
    start = text[:4096].replace("\x00", "").lstrip("\ufeff \t\r\n")
    if not start:
        raise NotAFeed(because(Code.NO_DOCUMENT))
    if start.startswith(("{", "[")):
        return shape(read_json_feed(text), url)
    if _may_have_a_long_tag(text) and any(
        _count_exceeded(tag.group()) for tag in _LONG_TAG.finditer(text)
    ):
        raise NotAFeed(because(Code.ATTRIBUTES))
    return shape(_read_xml(text, url, is_page=_HTML.match(start) is not None), url)


def _may_have_a_long_tag(text: str) -> bool:
    """Whether somewhere so many characters follow one another without a `<`; then some of these
    places is among them.
    """
    for place in range(_LONG, len(text), _LONG):
        begin, end = text.rfind("<", 0, place), text.find("<", place)
        if (len(text) if end < 0 else end) - begin > _LONG:
            return True
    return False


def _count_exceeded(tag: str) -> bool:
    return len(_ATTRIBUTE.findall(tag)) > _MOST_ATTRIBUTES


def _read_xml(text: str, url: str | None, *, is_page: bool) -> RawFeed:
    if (
        not is_page
        and is_in_order(text)
        and (found := read_quickly(text, _looks_like_html, usual_entry))
    ):
        return _raw_feed(found, text, is_page=False, apart=True)
    text = text if is_page else mended(text)
    whole, breaks_off = (text, False) if is_page else whole_entries(text)
    if not is_page and (found := read_quickly(whole, _looks_like_html, usual_entry)):
        return _raw_feed(found, text, is_page=False, breaks_off=breaks_off, apart=True)
    return _raw_feed(_by_feedparser(whole, url), text, is_page=is_page, breaks_off=breaks_off)


def _by_feedparser(text: str, url: str | None) -> Mapping[str, Any]:
    import feedparser  # with the first document that needs it: most need the quick reader only

    headers = {"content-type": "application/xml; charset=utf-8"}
    if url and "xml:base" in text:
        # Without it the base of one entry would be that of all that follow.
        headers["content-location"] = url
    try:
        found = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        plain: Mapping[str, Any] = plainly(found)
    except Exception as error:  # feedparser lets many kinds through, from LookupError to recursion
        raise NotAFeed(because(Code.DAMAGED)) from error
    return plain


def _looks_like_html(text: str) -> bool:
    import feedparser

    return bool(feedparser.mixin._FeedParserMixin.looks_like_html(text))


def _raw_feed(
    found: Mapping[str, Any],
    text: str,
    *,
    is_page: bool,
    breaks_off: bool = False,
    apart: bool = False,
) -> RawFeed:
    feed = found["feed"]
    language = said(feed, "language")
    entries = newest_part(found["entries"], lambda entry: _date(entry, language))
    kind = _kind(str(found.get("version") or ""), text[:4096])
    if is_page and not entries:
        raise NotAFeed(because(Code.WEB_PAGE))
    if not kind or (found.get("bozo") and not entries and not said(feed, "title")):
        raise NotAFeed(because(Code.NOT_A_FEED))
    return RawFeed(
        kind=kind,
        title=said(feed, "title"),
        title_is=_title_is(feed, kind),
        language=language,
        base=said(feed, "link"),
        moved_to=said(feed, "itunes_new-feed-url"),
        entries=[_entry(entry, kind, language) for entry in entries],
        # No element is called so in what was read quickly, whatever its texts speak of.
        hints=_hints(feed, "" if apart else text),
        hubs=_related(feed, "hub"),
        own_urls=_related(feed, "self"),
        breaks_off=breaks_off,
        apart=apart,
    )


def _kind(version: str, start: str) -> str:
    if version in ("rss10", "rss090") or (not version and "<rdf:RDF" in start):
        return "rdf"
    if version.startswith(("rss", "cdf")) or re.search(r"<(?:\w+:)?(?:rss|channel)\b", start):
        return "rss"
    if version.startswith("atom") or re.search(r"<(?:\w+:)?feed\b", start):
        return "atom"
    return ""


def _hints(feed: Mapping[str, Any], text: str) -> PollHints:
    hours: list[str] = []
    days: list[str] = []
    if _SAYS_SKIP.search(text, 0, _HEAD):
        for which, listed in _SKIPS.findall(text[:_HEAD]):
            (hours if which.lower() == "hours" else days).extend(_SKIPPED.findall(listed))
    return read_hints(
        said(feed, "ttl"),
        said(feed, "sy_updateperiod"),
        said(feed, "sy_updatefrequency"),
        hours,
        days,
    )


def _related(feed: Mapping[str, Any], relation: str) -> list[str]:
    return [said(link, "href") for link in rows(feed, "links") if said(link, "rel") == relation]


def _date(entry: Mapping[str, Any] | RawEntry, language: str) -> float | None:
    return entry.published if isinstance(entry, RawEntry) else published_of(entry, language)


def _entry(entry: Mapping[str, Any] | RawEntry, kind: str, language: str) -> RawEntry:
    if isinstance(entry, RawEntry):
        return entry
    date, only = dated(entry, language), only_link(entry)
    return RawEntry(
        id=said(entry, "id"),
        links=[only] if only else links_of(entry, language),
        title=said(entry, "title"),
        title_is=_title_is(entry, kind),
        summaries=texts_of(entry),
        outlet=said(part(entry, "source"), "title"),
        published=date[0],
        images=images_of(entry),
        formerly=formerly(entry, language, date, only),
    )


def _title_is(data: Mapping[str, Any], kind: str) -> Wording:
    """What kind of text a title is. Atom says so (RFC 4287, 3.1.1); RSS does not."""
    if kind != "atom":
        return Wording.EITHER
    declared = said(part(data, "title_detail"), "type")
    return Wording.PLAIN if declared == "text/plain" else Wording.HTML
