"""Lists of feeds: OPML (opml.org/spec2) in and out, and text with one address a line.

Pure. Addresses are taken as they are written, less what is plainly none; whether a feed may be
fetched is asked of `bot.feeds.guard` when it is added.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.errors import BadInput
from bot.news.text import tidy
from bot.news.urls import LONGEST_URL, canonical

MOST_BYTES = 10 * 1024 * 1024
MOST_FEEDS = 10_000
_UNFIT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """A feed of a list; `title` and `group` are plain text, "" where there is none."""

    url: str
    title: str = ""
    group: str = ""


def read_feed_list(data: bytes) -> list[OpmlFeed]:
    """The feeds of an OPML document, or of text with an address a line and # comments.

    Raises BadInput with one sentence; for text it names the line that is no address.
    """
    _check_size(data)
    start = data[:1000].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return read_opml(data) if start.startswith(b"<") else _read_text(data)


def read_opml(data: bytes) -> list[OpmlFeed]:
    """The feeds of an OPML document in order, each address once; raises BadInput.

    `group` is the title of the outline around a feed. Document types and entities are refused:
    a list of feeds needs none, and attacks do.
    """
    _check_size(data)
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BadInput("the OPML has a document type or entities, which are not read") from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise BadInput("the OPML is damaged and cannot be read") from error
    if root.tag.lower() != "opml":
        raise BadInput("this is XML, but not OPML")
    found: dict[str, OpmlFeed] = {}
    for feed in _outlines(root):
        found.setdefault(feed.url, feed)
        if len(found) > MOST_FEEDS:
            raise BadInput(f"the list has more than {MOST_FEEDS} feeds")
    return list(found.values())


def write_opml(feeds: Iterable[OpmlFeed]) -> bytes:
    """An OPML 2.0 document that `read_opml` reads back, groups as outlines around their feeds."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = "Tocsin feeds"
    body = SubElement(root, "body")
    groups: dict[str, Element] = {"": body}
    for feed in feeds:
        group, title = _for_xml(feed.group), _for_xml(feed.title) or _for_xml(feed.url)
        if group not in groups:
            groups[group] = SubElement(body, "outline", text=group, title=group)
        place = groups[group]
        SubElement(place, "outline", type="rss", text=title, title=title, xmlUrl=_for_xml(feed.url))
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _check_size(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise BadInput(f"the list is larger than {MOST_BYTES // 1024 // 1024} MB")


def _outlines(root: Element) -> Iterator[OpmlFeed]:
    """All outlines with an address, in document order; nesting is walked without recursion."""
    stack = [(child, "") for child in reversed(root)]
    while stack:
        element, group = stack.pop()
        values = {name.lower(): value for name, value in element.attrib.items()}
        title = tidy(values.get("title") or values.get("text") or "")
        url = values.get("xmlurl", "").strip()
        if url and len(url) <= LONGEST_URL:
            yield OpmlFeed(url, "" if title == url else title, group)
        inner = title if element.tag.lower() == "outline" and not url else group
        stack.extend((child, inner or group) for child in reversed(element))


def _read_text(data: bytes) -> list[OpmlFeed]:
    found: dict[str, OpmlFeed] = {}
    for number, line in enumerate(_decoded(data).splitlines(), start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if canonical(words[0]) is None or (len(words) > 1 and not words[1].startswith("#")):
            raise BadInput(f"line {number} is not an http or https address")
        found.setdefault(words[0], OpmlFeed(words[0]))
        if len(found) > MOST_FEEDS:
            raise BadInput(f"the list has more than {MOST_FEEDS} feeds")
    return list(found.values())


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def _for_xml(text: str) -> str:
    return _UNFIT_IN_XML.sub("", text)
