"""Entries as most feeds write them, from their elements to what is taken of them in one go.

`bot.feeds.reading.quick` says what feedparser would find, from which `bot.feeds.reading.items`
takes the best of many ways to say a thing. An entry that says each thing once, the usual way, needs
neither: half of the time. What comes out is the same (`tests/feeds/test_usual.py`), or nothing.
Pure.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.feeds.reading import quick_names as names
from bot.feeds.reading.dates import usual_date
from bot.feeds.reading.elements import text_of, without_slashes
from bot.feeds.reading.entries import RawEntry, Wording
from bot.feeds.reading.former import is_plain
from bot.feeds.reading.items import Texts, has_active

Leaves = Callable[[Any], bool]
"""Whether an element of an entry leaves nothing that is looked at."""

_IN_RSS = {
    "title": "title", "link": "link", "guid": "id", "pubDate": "published",
    "description": "summary", "{http://purl.org/rss/1.0/modules/content/}encoded": "content",
    "category": "", "comments": "", "author": "", "{http://purl.org/dc/elements/1.1/}creator": "",
}  # fmt: skip
_IN_ATOM = {
    f"{{{names.ATOM}}}{name}": kind
    for name, kind in {
        "title": "title", "link": "link", "id": "id", "published": "published",
        "updated": "updated", "summary": "summary", "content": "content",
        "category": "", "author": "author", "rights": "",
    }.items()
}  # fmt: skip
_OF_AUTHOR = frozenset(f"{{{names.ATOM}}}{name}" for name in ("name", "email"))
_Parts = Mapping[str, Any]


def usual_entry(item: Any, *, is_atom: bool, leaves: Leaves) -> RawEntry | None:
    """What is taken of an entry; None where it is not of the usual kind."""
    known = _IN_ATOM if is_atom else _IN_RSS
    parts: dict[str, Any] = {}
    for child in item[:]:  # half the time of `for child in item`
        kind = known.get(child.tag)
        if kind:
            if kind in parts:
                return None
            parts[kind] = child
        elif kind is None and not leaves(child):
            return None
        if len(child) and not (kind == "author" and _is_named(child)):
            return None
    if item.keys() or "link" not in parts or "title" not in parts:
        return None
    return _of_atom(parts) if is_atom else _of_rss(parts)


def _is_named(author: Any) -> bool:
    parts = author[:]
    return _OF_AUTHOR.issuperset([part.tag for part in parts]) and not any(map(len, parts))


def _of_rss(parts: _Parts) -> RawEntry | None:
    guid = parts.get("id")
    for part in parts.values():
        if part.keys() and not (part is guid and guid.keys() == ["isPermaLink"]):
            return None
    link = without_slashes(text_of(parts["link"]))
    texts: list[tuple[str, bool]] = []
    for kind in ("summary", "content"):
        if kind in parts and (text := text_of(parts[kind])) and (text, True) not in texts:
            texts.append((text, True))
    return _entry(parts, "" if "&" in link else link, Wording.EITHER, texts, "published")


def _of_atom(parts: _Parts) -> RawEntry | None:
    said = dict(parts["link"].items())
    link = said.pop("href", "")
    if (
        said.pop("rel", "alternate") != "alternate"
        or said.pop("type", "text/html") != "text/html"
        or said
        or not link.isprintable()
    ):
        return None
    texts: list[tuple[str, bool]] = []
    for kind in ("summary", "content"):
        if (part := parts.get(kind)) is not None:
            if (html := _is_html(part)) is None:
                return None
            text = text_of(part)
            if kind == "summary":
                html = html or has_active(text)
            elif "summary" not in parts:  # of which feedparser then makes the summary
                texts.append((text, True))
            texts.append((text, html))
    is_html = _is_html(parts["title"])
    if is_html is None or ("id" in parts and parts["id"].keys()):
        return None
    wording = Wording.HTML if is_html else Wording.PLAIN
    texts = [each for n, each in enumerate(texts) if each[0] and each not in texts[:n]]
    date = "published" if "published" in parts else "updated"
    return _entry(parts, without_slashes(link), wording, texts, date)


def _is_html(part: Any) -> bool | None:
    """Whether Atom says that a text is HTML; None where it says something else, or more."""
    if not (said := part.items()):
        return False
    name, value = said[0]
    kind = names.TEXT_TYPES.get(value.lower()) if len(said) == 1 and name == "type" else None
    return None if kind is None else kind == "text/html"


def _entry(
    parts: _Parts, link: str, wording: Wording, texts: Texts, date_from: str
) -> RawEntry | None:
    title, date, guid = text_of(parts["title"]), parts.get(date_from), parts.get("id")
    published = usual_date(text_of(date)) if date is not None else None
    if not link or not title or not is_plain(title) or (date is not None and published is None):
        return None
    name = text_of(guid) if guid is not None else ""
    if guid is not None and guid.get("isPermaLink", "true") == "true":
        name = without_slashes(name)
    return RawEntry(name, [link], title, wording, texts, published=published)
