"""Reading JSON Feed, versions 1.0 and 1.1 (jsonfeed.org), from bytes to what `bot.feeds.parse`
makes of any feed. Tolerates wrong types: what is not what it should be counts as missing.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.errors import NotAFeed
from bot.feeds.entries import RawEntry, RawFeed


def read_json_feed(body: bytes) -> RawFeed:
    """The feed in `body`; raises NotAFeed with one sentence where it is none."""
    try:
        text = body.decode(json.detect_encoding(body), "replace")
        data = json.loads(text, parse_int=_bounded_int)
    except (ValueError, RecursionError) as error:
        raise NotAFeed("this JSON document is damaged") from error
    if not isinstance(data, dict) or not _is_feed(data):
        raise NotAFeed("this is a JSON document, but not a JSON Feed")
    items = data.get("items")
    return RawFeed(
        kind="json",
        title=_text(data, "title"),
        title_is_html=False,
        language=_text(data, "language"),
        base=_text(data, "home_page_url") or _text(data, "feed_url"),
        hubs=_hubs(data.get("hubs")),
        own_urls=[_text(data, "feed_url")],
        entries=[_entry(item) for item in items if isinstance(item, dict)]
        if isinstance(items, list)
        else [],
    )


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
        title_is_html=False,
        summary=summary or html,
        summary_is_html=not summary,
        published=_epoch(_text(item, "date_published")) or _epoch(_text(item, "date_modified")),
        images=[_text(item, "image"), _text(item, "banner_image")],
    )


def _text(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _id(value: object) -> str:
    """The id as text: version 1.0 let numbers through."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _epoch(value: str) -> float | None:
    """Seconds since the epoch of an RFC 3339 time; no zone means UTC."""
    try:
        at = datetime.fromisoformat(value.strip()[:40])
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _bounded_int(digits: str) -> int:
    # Python refuses over 4,300 digits with a ValueError; numbers that long mean nothing here.
    return int(digits) if len(digits) < 20 else 0
