"""What feedparser found in one entry, by the names it goes by here: links, texts, date, pictures.

Pure. Where a feed says a thing several times, the likeliest stands first;
`bot.feeds.reading.entries` takes what is fit.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from bot.feeds.reading.dates import Zone, read_date
from bot.feeds.reading.mending import CAPTION
from bot.feeds.reading.zones import zone_minutes

_IMAGE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)(?:$|[?#!/:])", re.IGNORECASE)
_RECORDING_NAME = re.compile(
    r"\.(?:mp3|m4[abv]|mp4|ogg|oga|ogv|opus|aac|flac|wav|mov|webm|mkv|mpe?g)(?:$|[?#])",
    re.IGNORECASE,
)
Texts = Sequence[tuple[str, bool]]
"""Texts, each with whether it is HTML."""
_ADDRESS = re.compile(r"https?://|/|www\.", re.IGNORECASE)
_READABLE = ("text/html", "application/xhtml+xml")


def links_of(entry: Mapping[str, Any], language: str) -> list[str]:
    """Addresses at which a person can read the article: FeedBurner hides the original behind its
    own counting link; an `alternate` is the article, as a page before other forms, in the feed's
    language before others; then where Atom keeps its content; an id that is an address; last an
    audio or video recording, which may be all that there is.

    An id counts where the feed does not deny that it is a link (isPermaLink), and as it stands: a
    word or a number is not made into an address. A path from the root is one. A picture is no
    article, so an entry that has nothing else has no link.
    """
    beside = rows(entry, "links")
    alternates = [link for link in beside if said(link, "rel") == "alternate"]
    if len(alternates) > 1:
        alternates.sort(key=lambda link: (_form(link), _foreign(link, language)))
    named, link = said(entry, "id"), said(entry, "link")
    links = [said(entry, "feedburner_origlink"), *(said(link, "href") for link in alternates)]
    if link != named:
        links.append(link)
    links += [elsewhere(content) for content in rows(entry, "content")]
    # A link without an address hides that the id is one.
    if entry.get("link") in (named, "") and _ADDRESS.match(named):
        links.append(named)
    if len(beside) > len(alternates) or "media_content" in entry:
        links += _recordings(entry)
    return list(filter(None, links))


def only_link(entry: Mapping[str, Any]) -> str:
    """The address that an entry of the usual kind has once, whichever way it is asked; else ""."""
    beside, link = rows(entry, "links"), said(entry, "link")
    if len(beside) != 1 or not _ELSEWHERE.isdisjoint(entry):
        return ""
    is_it = said(beside[0], "href") == link and said(beside[0], "rel") == "alternate"
    return link if is_it and not any("src" in each for each in rows(entry, "content")) else ""


_ELSEWHERE = frozenset(("feedburner_origlink", "media_content"))


def _form(link: Mapping[str, Any]) -> bool:
    """Whether it is another form of the article than a page."""
    return said(link, "type").partition(";")[0].strip().lower() not in _READABLE


def _foreign(link: Mapping[str, Any], language: str) -> bool:
    other = said(link, "hreflang").lower().partition("-")[0]
    return bool(other) and other != language.lower().partition("-")[0]


def elsewhere(content: Mapping[str, Any]) -> str:
    """Where Atom's content is that is not in the entry, absolute if that can be known."""
    source = said(content, "src")
    try:
        return urljoin(said(content, "base"), source) if source else ""
    except ValueError:
        return ""


def _recordings(entry: Mapping[str, Any]) -> Iterator[str]:
    for link in rows(entry, "links"):
        if said(link, "rel") == "enclosure" and is_recording(
            said(link, "type"), said(link, "href")
        ):
            yield said(link, "href")
    for media in rows(entry, "media_content"):
        kind = said(media, "type") or said(media, "medium")
        if is_recording(kind, said(media, "url")):
            yield said(media, "url")


def is_recording(kind: str, address: str) -> bool:
    """Whether an attachment is sound or film: by what it says, else by its name."""
    kind = kind.strip().lower()
    if kind in ("", "application/octet-stream"):
        return _RECORDING_NAME.search(address) is not None
    return kind.startswith(("audio", "video")) or kind == "application/ogg"


def texts_of(entry: Mapping[str, Any]) -> Texts:
    """What may be the summary, the best first, each with whether it is HTML: the entry's own
    description, its content, its subtitle; last what describes a picture or a film beside it.
    """
    found = [(said(entry, "summary"), is_html(entry, "summary"))]
    found += [
        (said(content, "value"), said(content, "type") != "text/plain")
        for content in rows(entry, "content")
    ]
    found += [(said(entry, name), True) for name in ("subtitle", CAPTION) if name in entry]
    return [one for one in (dict.fromkeys(found) if len(found) > 1 else found) if one[0]]


def published_of(
    entry: Mapping[str, Any], language: str, zone: Zone = zone_minutes
) -> float | None:
    """Publication time, else update time. feedparser's own reading is left: it takes what has a
    clock only for today.
    """
    return dated(entry, language, zone)[0]


def dated(
    entry: Mapping[str, Any], language: str, zone: Zone = zone_minutes
) -> tuple[float | None, str]:
    """Publication time, else update time, and how it is written."""
    for name in ("published", "updated", "created"):
        if (date := said(entry, name)) and (found := read_date(date, language, zone)) is not None:
            return found, date
    return None, ""


def images_of(entry: Mapping[str, Any]) -> list[str]:
    """Addresses of the entry's picture, the likeliest first. Pictures inside its text are left:
    the first of them may be anybody's face, a button, or there to count readers.
    """
    beside = [link for link in rows(entry, "links") if said(link, "rel") != "alternate"]
    if not beside and _PICTURED.isdisjoint(entry):
        return []
    pictures = [said(media, "url") for media in rows(entry, "media_content") if _is_image(media)]
    pictures += [said(media, "url") for media in rows(entry, "media_thumbnail")]
    pictures += [
        said(link, "href")
        for link in beside
        if said(link, "rel") == "enclosure" and _is_image(link)
    ]
    pictures.append(said(part(entry, "image"), "href"))  # of iTunes
    pictures += [said(entry, "href")] if _IMAGE_NAME.search(said(entry, "href")) else []
    pictures += [said(link, "href") for link in beside if _is_preview(link)]
    pictures += [said(part(entry, "thumbnail"), "url"), said(entry, "thumbnail")]
    return list(filter(None, pictures))


_PICTURED = frozenset(("media_content", "media_thumbnail", "image", "href", "thumbnail"))


def _is_image(media: Mapping[str, Any]) -> bool:
    """Whether it says so; what says nothing, or only that it has a size, by the rest of it."""
    medium, kind = said(media, "medium"), said(media, "type").lower()
    if medium or kind not in ("", "application/octet-stream", "image"):
        return medium == "image" or kind.startswith("image/")
    address = said(media, "url") or said(media, "href")
    named = _IMAGE_NAME.search(address) is not None
    return named or (bool(said(media, "width")) and not said(media, "duration"))


def _is_preview(link: Mapping[str, Any]) -> bool:
    return said(link, "rel") in ("image_src", "preview")


def is_html(data: Mapping[str, Any], name: str) -> bool:
    """Whether feedparser counts a text as HTML, or it has what must not reach a reader as text."""
    declared = said(part(data, f"{name}_detail"), "type")
    return declared != "text/plain" or has_active(said(data, name))


def has_active(text: str) -> bool:
    """Whether a text that is called plain has elements that must not reach a reader as text."""
    return _ACTIVE.search(text) is not None


# What feedparser does not count as a sign of HTML.
_ACTIVE = re.compile(r"</?(?:script|style|iframe|object|embed|svg|form)\b", re.IGNORECASE)


def plainly(found: Any) -> Any:
    """What feedparser found, in plain dictionaries: its own answer `updated` with `published` and
    warn of it.
    """
    if isinstance(found, dict):
        return {name: plainly(value) for name, value in dict.items(found)}
    return [plainly(each) for each in found] if isinstance(found, list) else found


def said(data: Mapping[str, Any], name: str) -> str:
    """A value that is text, else ""."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A value that has values of its own, else none."""
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def rows(data: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    """A value that is a list, else an empty one."""
    value = data.get(name)
    return value if isinstance(value, list) else ()
