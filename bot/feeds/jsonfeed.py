"""Reading JSON Feed, versions 1.0 and 1.1 (jsonfeed.org), from text to what `bot.feeds.parse`
makes of any feed. Tolerates wrong types: what is not what it should be counts as missing.
"""

import json
import re
from collections.abc import Mapping

from bot.errors import NotAFeed
from bot.feeds.dates import read_date
from bot.feeds.entries import RawEntry, RawFeed, newest_part

_HTML = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});|</[A-Za-z]")


def read_json_feed(text: str) -> RawFeed:
    """The feed in `text`; raises NotAFeed with one sentence where it is none."""
    try:
        data = json.loads(text.lstrip("\ufeff\x00 \t\r\n"), strict=False, parse_int=_bounded_int)
    except (ValueError, RecursionError) as error:
        raise NotAFeed("this JSON document is damaged") from error
    if not isinstance(data, dict) or not _is_feed(data):
        raise NotAFeed("this is a JSON document, but not a JSON Feed")
    items = data.get("items")
    return RawFeed(
        kind="json",
        title=_text(data, "title"),
        title_is_html=_is_html(_text(data, "title")),
        language=_text(data, "language"),
        base=_text(data, "home_page_url") or _text(data, "feed_url"),
        hubs=_hubs(data.get("hubs")),
        own_urls=[_text(data, "feed_url")],
        entries=newest_part(_entries(items), lambda entry: entry.published),
    )


def _entries(items: object) -> list[RawEntry]:
    found = items if isinstance(items, list) else []
    return [_entry(item) for item in found if isinstance(item, dict)]


def _is_feed(data: Mapping[str, object]) -> bool:
    version = _text(data, "version").lower()
    return "jsonfeed.org/version" in version or isinstance(data.get("items"), list)


def _hubs(value: object) -> list[str]:
    hubs = [hub for hub in value if isinstance(hub, dict)] if isinstance(value, list) else []
    return [_text(hub, "url") for hub in hubs if _text(hub, "type").lower() == "websub"]


def _entry(item: Mapping[str, object]) -> RawEntry:
    html = _text(item, "content_html")
    summary = _text(item, "summary") or _text(item, "content_text")
    return RawEntry(
        id=_id(item.get("id")),
        links=[_text(item, "url"), _text(item, "external_url")],
        title=_text(item, "title"),
        title_is_html=_is_html(_text(item, "title")),
        summary=summary or html,
        summary_is_html=not summary,
        published=_date(item, "date_published", "date_modified"),
        images=[_text(item, "image"), _text(item, "banner_image"), *_pictures(item)],
    )


def _text(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _id(value: object) -> str:
    """The id as text: version 1.0 let numbers through."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _date(item: Mapping[str, object], *names: str) -> float | None:
    """The first of these that is a date: RFC 3339 by the standard, anything in the wild."""
    for name in names:
        value = item.get(name)
        text = str(value) if isinstance(value, int | float | str) else ""
        if (found := read_date(text)) is not None:
            return found
    return None


def _is_html(title: str) -> bool:
    """Titles are plain text, by the standard; many a site puts in what its pages show."""
    return _HTML.search(title) is not None


def _pictures(item: Mapping[str, object]) -> list[str]:
    found = item.get("attachments")
    attached = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return [_text(one, "url") for one in attached if _text(one, "mime_type").startswith("image/")]


def _bounded_int(digits: str) -> int | str:
    # Python refuses over 4,300 digits with a ValueError; a number that long can only be a name.
    return int(digits) if len(digits) < 20 else digits
