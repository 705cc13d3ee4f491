"""A document cut into what stands around its entries and the bytes of each, without parsing it.

What was read before need not be read again: the parser gets the document with its other entries
only. That says the same where entries are read one by one and nothing beside them changes how, so
what is not plainly of that kind is not cut: UTF-8 in one row of elements, whose names are declared
before the first. Pure.
"""

import re
from collections.abc import Collection
from hashlib import blake2b

from msgspec import Struct

_MOST_BYTES = 2 * 1024 * 1024
_MOST_ENTRIES = 1000
_LONGEST_HEAD, _LONGEST_TAIL = 20_000, 4096
_BEGINS = re.compile(rb"<(item|entry)(?=[\s>])")
_ENDS = re.compile(rb"\s*(?:</channel\s*>\s*)?</(?:rss|feed)\s*>")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{1,40})", re.IGNORECASE)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
# What says nothing of how entries are read, and is another at every answer of many servers.
_PASSING = re.compile(
    rb"<(lastBuildDate|pubDate|updated)>[^<]{0,100}</\1>|<!--.{0,500}?-->", re.DOTALL
)
# Stands in each entry of its feeds, and holds for one element.
_OF_WORDPRESS = b'<post-id xmlns="com-wordpress:feed-additions:1">'
# What is open where an entry ends hides its end.
_HIDING = ((b"<![CDATA[", b"]]>"), (b"<!--", b"-->"))


class Pieces(Struct, frozen=True):
    """A document's entries as they are written, and what stands before and after them. `context` is
    a hash of all beside an entry that bears on how it is read, `digests` are those of the entries.
    """

    head: bytes
    entries: tuple[bytes, ...]
    tail: bytes
    context: bytes
    digests: tuple[bytes, ...]

    def only(self, places: Collection[int]) -> bytes:
        """The document with the entries at these places, which rise."""
        return b"".join((self.head, *(self.entries[place] for place in places), self.tail))


def pieces_of(
    body: bytes, content_type: str | None, url: str, known: Collection[bytes] = ()
) -> Pieces | None:
    """The pieces of a document that came from `url`; None where it cannot be cut safely. Entries
    whose digests are `known` were cut before, so their bytes are not looked at again.
    """
    first = _BEGINS.search(body, 0, _LONGEST_HEAD)
    if first is None or len(body) > _MOST_BYTES or not _is_called_utf8(body, content_type):
        return None
    begin, end = b"<" + first[1], b"</" + first[1] + b">"
    head, cut = body[: first.start()], body[first.start() :].split(end, _MOST_ENTRIES + 1)
    entries, tail = [part.lstrip() + end for part in cut[:-1]], cut[-1]
    if not 0 < len(entries) <= _MOST_ENTRIES or not _is_the_end(tail):
        return None
    digests = tuple([blake2b(entry, digest_size=8).digest() for entry in entries])
    unread, rest = entries, body
    if known:
        unread = [
            entry for entry, digest in zip(entries, digests, strict=True) if digest not in known
        ]
        rest = b"".join((head, *unread, tail))
    # Each begins and ends once, and declares nothing that would hold elsewhere.
    if rest.count(begin) != len(unread) or not all(entry.startswith(begin) for entry in unread):
        return None
    if _declares(rest, len(head)) or _hides(rest, head, unread) or not _is_utf8(rest):
        return None
    return Pieces(head, tuple(entries), tail, _context(head, content_type, url), digests)


def _hides(body: bytes, head: bytes, entries: list[bytes]) -> bool:
    """Whether an entry may begin or end where it is not seen."""
    for opens, closes in _HIDING:
        if opens in body and any(
            (at := piece.rfind(opens)) >= 0 and piece.rfind(closes) < at + len(opens)
            for piece in (head, *entries)
        ):
            return True
    return False


def _declares(body: bytes, begin: int) -> bool:
    """Whether a name is declared from there on, but for what WordPress says of itself."""
    return body.find(b"xmlns", begin) >= 0 and (
        body.count(b"xmlns", begin) != body.count(_OF_WORDPRESS, begin)
    )


def _is_called_utf8(body: bytes, content_type: str | None) -> bool:
    """Whether all of it, if it can be, is read as UTF-8; see `bot.feeds.reading.charset`."""
    said = [label.encode() for label in _IN_HEADER.findall((content_type or "")[:1000])]
    labels = said[:1] + _DECLARED.findall(body[:2000])[:1]
    return all(label.lower() in (b"utf-8", b"utf8") for label in labels)


def _is_utf8(body: bytes) -> bool:
    if b"\x1b" in body:
        return False
    try:
        return body.isascii() or bool(body.decode())
    except UnicodeDecodeError:
        return False


def _is_the_end(tail: bytes) -> bool:
    """Whether nothing follows the entries but the ends of what is open, and comments."""
    ends = _ENDS.match(tail)
    if ends is None or len(tail) > _LONGEST_TAIL:
        return False
    rest = tail[ends.end() :].lstrip()
    while rest.startswith(b"<!--") and (closed := rest.find(b"-->", 4)) > 0:
        rest = rest[closed + 3 :].lstrip()
    return not rest


def _context(head: bytes, content_type: str | None, url: str) -> bytes:
    parts = (_PASSING.sub(b"", head), (content_type or "").encode("utf-8", "replace"), url.encode())
    return blake2b(repr(parts).encode(), digest_size=16).digest()
