"""By what an entry is known again: its feed and its id, else its link, else title and date.

The key is a hash of those, 16 bytes, with the version of this rule in it: 2^64 entries stand
before a collision becomes likely. Two entries with one id in a document are told apart by link
and title, so that a feed that gives every entry the same id loses none of them.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence

from bot.news.story import ParsedEntry

_VERSION = b"1"


def entry_keys(entries: Sequence[ParsedEntry]) -> list[bytes]:
    """The key of each entry of one document, in order; equal entries have equal keys."""
    ids = Counter(entry.id for entry in entries if entry.id)
    links = Counter(entry.link for entry in entries if entry.link)
    return [_key(entry, ids, links) for entry in entries]


def _key(entry: ParsedEntry, ids: Counter[str], links: Counter[str]) -> bytes:
    if entry.id and ids[entry.id] == 1:
        return _digest("id", entry.id)
    if entry.id:
        return _digest("id and more", entry.id, entry.link or "", entry.title)
    if entry.link and links[entry.link] == 1:
        return _digest("link", entry.link)
    return _digest("title and date", entry.link or "", entry.title, str(entry.published))


def _digest(*parts: str) -> bytes:
    digest = hashlib.blake2b(digest_size=16, person=_VERSION)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.digest()


def body_hash(body: bytes) -> bytes:
    """A hash of a feed's body, by which an unchanged one is known without parsing it."""
    return hashlib.blake2b(body, digest_size=16, person=_VERSION).digest()
