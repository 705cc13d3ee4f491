"""From the bytes of a feed document to a `ParsedFeed`: RSS 0.9x to 2.0, RDF, Atom, JSON Feed.

Pure, and the only home of feedparser. It bounds what is cheap to bound, but a document can still
keep feedparser busy for minutes: strangers' documents go through `bot.feeds.worker`.

feedparser's own cleaning and link resolving inside HTML are off: we keep plain text only, and they
are half of its time and most of its hangs. It always reads from BytesIO, because bytes that happen
to be a path would be opened as a file.
"""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

import feedparser

from bot.errors import NotAFeed
from bot.feeds.charset import decoded
from bot.feeds.dates import read_date
from bot.feeds.entries import RawEntry, RawFeed, newest_part, shape
from bot.feeds.jsonfeed import read_json_feed
from bot.feeds.mending import mended, whole_entries
from bot.news.story import ParsedFeed
from bot.news.wishes import Wishes, read_wishes

_LONG_TAG = re.compile(r"<[^<>!?][^<>]{8000,}")
_ATTRIBUTE = re.compile(r"\s[\w:.-]+\s*=")
_MOST_ATTRIBUTES = 300  # 8,000 take feedparser a second, 100,000 take minutes
# feedparser keeps the last of these only.
_SKIPS = re.compile(r"<skip(Hours|Days)>(.{0,2000}?)</skip", re.I | re.S)
_SKIPPED = re.compile(r"<(?:hour|day)>\s*(\w{1,9})\s*</", re.I)
_IMAGE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)(?:$|[?#!/:])", re.IGNORECASE)
# What feedparser does not count as a sign of HTML, and must not reach a reader as text.
_ACTIVE = re.compile(r"</?(?:script|style|iframe|object|embed|svg|form)\b", re.IGNORECASE)
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S)


def parse_document(
    body: bytes, *, content_type: str | None = None, url: str | None = None
) -> ParsedFeed:
    """The feed in `body`; raises NotAFeed, and nothing else, with one sentence.

    `content_type` is the HTTP header, for its charset; `url` is where the document was in the end,
    for relative links. Entries come as the document has them, the newest `MOST_ENTRIES` at most.
    """
    text = decoded(body, content_type)
    start = text[:4096].replace("\x00", "").lstrip("\ufeff \t\r\n")
    if not start:
        raise NotAFeed("empty: there is no document")
    if start.startswith(("{", "[")):
        return shape(read_json_feed(text), url)
    if any(_count_exceeded(tag.group()) for tag in _LONG_TAG.finditer(text)):
        raise NotAFeed("the document is damaged: a tag has hundreds of attributes")
    return shape(_read_xml(text, is_page=_HTML.match(start) is not None), url)


def _count_exceeded(tag: str) -> bool:
    return len(_ATTRIBUTE.findall(tag)) > _MOST_ATTRIBUTES


def _read_xml(text: str, *, is_page: bool) -> RawFeed:
    text = text if is_page else mended(text)
    whole = text if is_page else whole_entries(text)
    try:
        found = feedparser.parse(
            io.BytesIO(whole.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # feedparser lets many kinds through, from LookupError to recursion
        raise NotAFeed("the document is damaged and cannot be read") from error
    feed = found["feed"]
    language = _get(feed, "language")
    entries = newest_part(found["entries"], lambda entry: _published(entry, language))
    kind = _kind(str(found.get("version") or ""), text[:4096])
    if is_page and not entries:
        raise NotAFeed("this is a web page, not a feed")
    if not kind or (found["bozo"] and not entries and not _get(feed, "title")):
        raise NotAFeed("this is not a feed")
    return RawFeed(
        kind=kind,
        title=_get(feed, "title"),
        title_is_html=_is_html(feed, "title"),
        language=language,
        base=_get(feed, "link"),
        moved_to=_get(feed, "itunes_new-feed-url"),
        entries=[_entry(entry, language) for entry in entries],
        wishes=_wishes(feed, text),
        hubs=_related(feed, "hub"),
        own_urls=_related(feed, "self"),
        breaks_off=len(whole) < len(text),
    )


def _kind(version: str, start: str) -> str:
    if version in ("rss10", "rss090") or (not version and "<rdf:RDF" in start):
        return "rdf"
    if version.startswith(("rss", "cdf")) or re.search(r"<(?:\w+:)?(?:rss|channel)\b", start):
        return "rss"
    if version.startswith("atom") or re.search(r"<(?:\w+:)?feed\b", start):
        return "atom"
    return ""


def _wishes(feed: Mapping[str, Any], text: str) -> Wishes:
    hours: list[str] = []
    days: list[str] = []
    for which, listed in _SKIPS.findall(text[:20_000]):
        (hours if which.lower() == "hours" else days).extend(_SKIPPED.findall(listed))
    return read_wishes(
        _get(feed, "ttl"),
        _get(feed, "sy_updateperiod"),
        _get(feed, "sy_updatefrequency"),
        hours,
        days,
    )


def _related(feed: Mapping[str, Any], relation: str) -> list[str]:
    return [_get(link, "href") for link in _list(feed, "links") if _get(link, "rel") == relation]


def _entry(entry: Mapping[str, Any], language: str) -> RawEntry:
    summary, is_html = _summary(entry)
    return RawEntry(
        id=_get(entry, "id"),
        links=_links(entry),
        title=_get(entry, "title"),
        title_is_html=_is_html(entry, "title"),
        summary=summary,
        summary_is_html=is_html,
        published=_published(entry, language),
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
    counting link; an `alternate` is the article; then whatever feedparser takes for the link;
    last where Atom keeps its content.
    """
    alternates = [
        _get(link, "href") for link in _list(entry, "links") if _get(link, "rel") == "alternate"
    ]
    links = [_get(entry, "feedburner_origlink"), *alternates[:1], _get(entry, "link"), *alternates]
    if _raw(entry, "link") == "":  # a link without an address hides that the id is one
        links.append(_get(entry, "id"))
    return [*links, *(_elsewhere(content) for content in _list(entry, "content"))]


def _elsewhere(content: Mapping[str, Any]) -> str:
    source = _get(content, "src")
    try:
        return urljoin(_get(content, "base"), source) if source else ""
    except ValueError:
        return ""


def _images(entry: Mapping[str, Any]) -> list[str]:
    """Addresses of the entry's picture, the likeliest first. Pictures inside its text are left:
    the first of them may be anybody's face, a button, or there to count readers.
    """
    pictures = [_get(media, "url") for media in _list(entry, "media_content") if _is_image(media)]
    pictures += [_get(media, "url") for media in _list(entry, "media_thumbnail")]
    pictures += [
        _get(link, "href")
        for link in _list(entry, "links")
        if _get(link, "rel") == "enclosure" and _is_image(link)
    ]
    image = _raw(entry, "image")  # of iTunes
    pictures.append(_get(image, "href"))
    pictures += [_get(entry, "href")] if _IMAGE_NAME.search(_get(entry, "href")) else []
    pictures += [_get(link, "href") for link in _list(entry, "links") if _is_preview(link)]
    thumbnail = _raw(entry, "thumbnail")
    return [*pictures, _get(thumbnail, "url"), _get(entry, "thumbnail")]


def _is_image(media: Mapping[str, Any]) -> bool:
    """Whether it says so; what says nothing, or only that it has a size, by the rest of it."""
    medium, kind = _get(media, "medium"), _get(media, "type").lower()
    if medium or kind not in ("", "application/octet-stream", "image"):
        return medium == "image" or kind.startswith("image/")
    address = _get(media, "url") or _get(media, "href")
    named = _IMAGE_NAME.search(address) is not None
    return named or (bool(_get(media, "width")) and not _get(media, "duration"))


def _is_preview(link: Mapping[str, Any]) -> bool:
    return _get(link, "rel") in ("image_src", "preview")


def _published(entry: Mapping[str, Any], language: str) -> float | None:
    """Publication time, else update time. feedparser's own reading is left: it takes what has a
    clock only for today.
    """
    for name in ("published", "updated", "created"):
        found = read_date(_get(entry, name), language)
        if found is not None:
            return found
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
