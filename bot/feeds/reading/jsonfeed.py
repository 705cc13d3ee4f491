"""Reading JSON Feed, versions 1.0 and 1.1 (jsonfeed.org), from text to what
`bot.feeds.reading.parse` makes of any feed. Tolerates wrong types: what is not what it should be
counts as missing.
"""

import json
from collections.abc import Callable, Mapping

from bot.feeds.reading.dates import read_date
from bot.feeds.reading.entries import RawEntry, RawFeed, Wording, newest_part
from bot.feeds.reading.former import Formerly, former_date
from bot.feeds.reading.items import is_recording
from bot.news.text.headlines import has_markup
from bot.news.why import Code, NotAFeed, because


def read_json_feed(text: str) -> RawFeed:
    """The feed in `text`; raises NotAFeed where it is none."""
    try:
        data = json.loads(text.lstrip("\ufeff\x00 \t\r\n"), strict=False, parse_int=_bounded_int)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(because(Code.DAMAGED_JSON)) from error
    if not isinstance(data, dict) or not _is_feed(data):
        raise NotAFeed(because(Code.OTHER_JSON))
    items = data.get("items")
    return RawFeed(
        kind="json",
        title=_text(data, "title"),
        title_is=_title_is(_text(data, "title")),
        language=_text(data, "language"),
        base=_text(data, "home_page_url") or _text(data, "feed_url"),
        hubs=_hubs(data.get("hubs")),
        own_urls=[_text(data, "feed_url")],
        entries=newest_part(
            _entries(items, _text(data, "language")), lambda entry: entry.published
        ),
    )


def _entries(items: object, language: str) -> list[RawEntry]:
    found = items if isinstance(items, list) else []
    return [_entry(item, language) for item in found if isinstance(item, dict)]


def _is_feed(data: Mapping[str, object]) -> bool:
    version = _text(data, "version").lower()
    return "jsonfeed.org/version" in version or isinstance(data.get("items"), list)


def _hubs(value: object) -> list[str]:
    hubs = [hub for hub in value if isinstance(hub, dict)] if isinstance(value, list) else []
    return [_text(hub, "url") for hub in hubs if _text(hub, "type").lower() == "websub"]


def _entry(item: Mapping[str, object], language: str) -> RawEntry:
    html, title = _text(item, "content_html"), _text(item, "title")
    brief = _text(item, "summary") or _text(item, "content_text")
    links = [_text(item, "url"), _text(item, "external_url")]
    named = _id(item.get("id"))
    address = [named] if named.startswith(("http://", "https://")) else []
    texts = [(_text(item, "summary"), False), (_text(item, "content_text"), False), (html, True)]
    dates = ("date_published", "date_modified")
    return RawEntry(
        id=named,
        links=[*links, *address, *_recordings(item)],
        title=title,
        title_is=_title_is(title),
        summaries=[one for one in texts if one[0]],
        published=_date(item, lambda text: read_date(text, language), *dates),
        images=[_text(item, "image"), _text(item, "banner_image"), *_pictures(item)],
        formerly=Formerly(
            links, has_markup(title), brief or html, not brief, _date(item, former_date, *dates)
        ),
    )


def _text(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _id(value: object) -> str:
    """The id as text: version 1.0 let numbers through."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _date(
    item: Mapping[str, object], read: Callable[[str], float | None], *names: str
) -> float | None:
    """The first of these that is a date: RFC 3339 by the standard, anything in the wild."""
    for name in names:
        value = item.get(name)
        text = str(value) if isinstance(value, int | float | str) else ""
        if (found := read(text)) is not None:
            return found
    return None


def _title_is(title: str) -> Wording:
    """Titles are plain text, by the standard; many a site puts in what its pages show."""
    return Wording.EITHER if has_markup(title) else Wording.PLAIN


def _pictures(item: Mapping[str, object]) -> list[str]:
    return [url for url, kind in _attached(item) if kind.startswith("image/")]


def _recordings(item: Mapping[str, object]) -> list[str]:
    return [url for url, kind in _attached(item) if is_recording(kind, url)]


def _attached(item: Mapping[str, object]) -> list[tuple[str, str]]:
    found = item.get("attachments")
    attached = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return [(_text(one, "url"), _text(one, "mime_type")) for one in attached]


def _bounded_int(digits: str) -> int | str:
    # Python refuses over 4,300 digits with a ValueError; a number that long can only be a name.
    return int(digits) if len(digits) < 20 else digits
