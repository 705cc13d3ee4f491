"""Showing formatted text where no TDLib is installed.

A forgiving reader of the few tags Telegram knows: unknown tags vanish, nothing is refused. It
stands in for the look of a message only; whether Telegram would take it, it cannot say.
"""

import re
from html.parser import HTMLParser
from typing import Any

Json = dict[str, Any]
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-time": "date_time",
}
_LINKS = (
    ("url", re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?\b")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z0-9_]{4,32}\b")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
)


def utf16_length(text: str) -> int:
    """The length in UTF-16 units, which is how Telegram counts offsets."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def read(markup: str) -> tuple[str, list[Json]]:
    """The text without its tags, and what the known tags say as entities."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return "".join(reader.parts), sorted(reader.entities, key=lambda e: (e["offset"], -e["length"]))


def links_in(text: str) -> list[Json]:
    """Links, commands, mentions and tags in plain text, each place at most once."""
    found: list[Json] = []
    taken: list[tuple[int, int]] = []
    for kind, pattern in _LINKS:
        for match in pattern.finditer(text):
            begin, end = match.span()
            if any(begin < other_end and other < end for other, other_end in taken):
                continue
            taken.append((begin, end))
            offset = utf16_length(text[:begin])
            found.append({"type": kind, "offset": offset, "length": utf16_length(match[0])})
    return sorted(found, key=lambda entity: entity["offset"])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.entities: list[Json] = []
        self._length = 0
        self._open: list[tuple[str, int, Json]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        entity = _entity(tag, {name: value or "" for name, value in attrs})
        self._open.append((tag, self._length, entity))

    def handle_endtag(self, tag: str) -> None:
        while self._open and any(opened == tag for opened, _, _ in self._open):
            opened, begin, entity = self._open.pop()
            if entity and self._length > begin:
                self.entities.append(entity | {"offset": begin, "length": self._length - begin})
            if opened == tag:
                return

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
        self._length += utf16_length(data)


def _entity(tag: str, attributes: dict[str, str]) -> Json:
    kind = _TAGS.get(tag)
    if tag == "span" and attributes.get("class") == "tg-spoiler":
        return {"type": "spoiler"}
    if tag == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    if tag == "tg-time" and attributes.get("unix", "").isdigit():
        form = {"date_time_format": attributes["format"]} if attributes.get("format") else {}
        return {"type": "date_time", "unix_time": int(attributes["unix"])} | form
    if kind == "text_link":
        href = attributes.get("href", "")
        is_web = href.startswith(("http://", "https://"))
        return {"type": kind, "url": href} if is_web else {}
    return {"type": kind} if kind else {}
