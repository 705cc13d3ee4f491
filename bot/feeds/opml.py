"""Lists of feeds: OPML (opml.org/spec2) in and out, and text with one address a line.

Pure. Addresses are taken as they are written, less what is plainly none; whether a feed may be
fetched is asked of `bot.feeds.fetching.guard` when it is added.
"""

import re
from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser
from msgspec import Struct

from bot.errors import BadInput
from bot.feeds.reading.charset import decoded
from bot.feeds.reading.mending import mended
from bot.news.text.plain import cut, tidy
from bot.news.text.urls import LONGEST_URL, canonical, clean_link
from bot.texts.said import say, say_many

MOST_BYTES = 10 * 1024 * 1024
MOST_FEEDS = 10_000
MOST_GROUP = 80  # characters of a group's name
_MOST_ELEMENTS = 50_000
_DEEPEST = 50
_LONGEST_TITLE = 1_000
_WITHIN = " / "
_OPML = re.compile(rb"<opml\b", re.IGNORECASE)
_LONGEST_JUNK = 8192  # before the document, as in `mending`
_UNFIT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class OpmlFeed(Struct, frozen=True):
    """A feed of a list; `title` and `group` are plain text, "" where there is none."""

    url: str
    title: str = ""
    group: str = ""


def read_feed_list(data: bytes) -> list[OpmlFeed]:
    """The feeds of an OPML document, or of text with an address a line and # comments.

    Raises BadInput with one sentence; for text it names the line that is no address.
    """
    _check_size(data)
    start = data[:_LONGEST_JUNK].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    is_opml = start.startswith(b"<") or _OPML.search(start)
    return read_opml(data) if is_opml else _read_text(data)


def read_opml(data: bytes) -> list[OpmlFeed]:
    """The feeds of an OPML document in order, each address once; raises BadInput.

    `group` names the folders around a feed, the outer before the inner. Characters are read and
    small faults mended as in feeds; where that does not help the sentence names the line. Document
    types and entities are refused: a list of feeds needs none, and attacks do. Read as a stream,
    so that what is refused for its size is refused before it fills the memory.
    """
    _check_size(data)
    text = decoded(data)
    whole = mended(text)
    reader = _Outlines()
    parser = XMLParser(target=reader, forbid_dtd=True)
    try:
        parser.feed(whole.encode("utf-8", "replace"))
        parser.close()
    except DefusedXmlException as error:
        raise BadInput(
            say("I can't read that OPML: it has a document type or entities. Remove them.")
        ) from error
    except ParseError as error:
        # Lines are lost or won where a document begins, so they are counted from its end.
        line = _lines(text) - _lines(whole) + error.position[0]
        raise BadInput(
            say("That OPML is damaged in line {line}. Mend it there.", line=max(line, 1))
        ) from error
    except (ValueError, LookupError, RecursionError) as error:
        raise BadInput(say("That OPML is damaged. Export it once more.")) from error
    return list(reader.found.values())


def _lines(text: str) -> int:
    return text.count("\n") or text.count("\r")


class _Outlines:
    """Takes in a document element by element; `found` are its feeds by their addresses."""

    def __init__(self) -> None:
        self.found: dict[str, OpmlFeed] = {}
        self._groups: list[str] = []
        self._elements = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._check(tag)
        around = self._groups[-1] if self._groups else ""
        values = {name.lower(): value for name, value in attributes.items()}
        # One that is too long stays so, and is refused where it would be added.
        url = values.get("xmlurl", "").strip()[: LONGEST_URL + 1]
        title = tidy((values.get("title") or values.get("text") or "")[:_LONGEST_TITLE])
        if url:
            feed = OpmlFeed(url, "" if title == url else title, around)
            self.found.setdefault(url, feed)
            if len(self.found) > MOST_FEEDS:
                raise BadInput(
                    say_many("That list has more than {n} sources. Split it.", MOST_FEEDS)
                )
        is_folder = tag.lower() == "outline" and not url and title
        self._groups.append(_within(around, title) if is_folder else around)

    def end(self, _: str) -> None:
        """An element ends."""
        self._groups.pop()

    def data(self, _: str) -> None:
        """Text between elements says nothing."""

    def close(self) -> None:
        """The document ends."""

    def _check(self, tag: str) -> None:
        if not self._elements and tag.lower() != "opml":
            raise BadInput(say("That is XML, but not OPML. Send an OPML file."))
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise BadInput(
                say_many("That list has more than {n} entries. Split it.", _MOST_ELEMENTS)
            )
        if len(self._groups) >= _DEEPEST:
            raise BadInput(
                say_many("That list has folders more than {n} deep. Flatten it.", _DEEPEST)
            )


def _within(around: str, name: str) -> str:
    return group_name(f"{around}{_WITHIN}{name}" if around else name)


def group_name(text: str) -> str:
    """A group's name as it is stored."""
    return cut(tidy(text), MOST_GROUP)


def write_opml(feeds: Iterable[OpmlFeed]) -> bytes:
    """An OPML 2.0 document that `read_opml` reads back, groups as outlines around their feeds."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = "Tocsin feeds"
    body = SubElement(root, "body")
    groups: dict[str, Element] = {"": body}
    for feed in feeds:
        group, title = group_name(_for_xml(feed.group)), _for_xml(feed.title) or _for_xml(feed.url)
        if group not in groups:
            groups[group] = SubElement(body, "outline", text=group, title=group)
        place = groups[group]
        SubElement(place, "outline", type="rss", text=title, title=title, xmlUrl=_for_xml(feed.url))
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _check_size(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise BadInput(
            say("That list is larger than {most} MB. Split it.", most=MOST_BYTES // 1024 // 1024)
        )


def _read_text(data: bytes) -> list[OpmlFeed]:
    found: dict[str, OpmlFeed] = {}
    for number, line in enumerate(_decoded(data).splitlines(), start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if not _is_address(words[0]):
            raise BadInput(
                say("Line {number} is no http or https address. Remove it.", number=number)
            )
        if len(words) > 1 and not words[1].startswith("#"):
            raise BadInput(
                say("Line {number} has words behind the address. Remove them.", number=number)
            )
        found.setdefault(words[0], OpmlFeed(words[0]))
        if len(found) > MOST_FEEDS:
            raise BadInput(say_many("That list has more than {n} sources. Split it.", MOST_FEEDS))
    return list(found.values())


def _is_address(word: str) -> bool:
    # Most are as they would be shown, which is soon seen.
    return clean_link(word) is not None or canonical(word) is not None


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def _for_xml(text: str) -> str:
    return _UNFIT_IN_XML.sub("", text)
