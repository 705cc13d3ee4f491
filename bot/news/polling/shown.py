"""What a feed's last document showed: of each entry a hash of its bytes and as much as is needed to
judge the next document when only its other entries were read. Pure.

That is possible where entries share nothing: neither ids nor links nor headlines. Then what is kept
of an entry cannot be changed by others that come, and of one that was seen as it is now neither its
texts nor its traces are needed: it is counted, and its date stands in its place.
"""

import math
import struct
from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

from bot.news.polling.entry_keys import READING, EntryKeys, entry_reads
from bot.news.polling.identity import Beside
from bot.news.text import urls

_VERSION = bytes((1, READING))
_ENTRY = struct.Struct(">8s8s4s4s4sdB")
_CONTEXT = 16
_NONE = bytes(4)
_MARK = blake2b(digest_size=len(_NONE))
_HAS_ID, _HAS_LINK = 1, 2


class ShownEntry(NamedTuple):
    """An entry that was shown: hashes of its bytes and of how it reads, its date, whether it has an
    id and a link of its own, and `marks` of its id, its link and its headline. Equal marks may be
    of different things, different ones never of the same. `row` is all of it as it is kept.
    """

    row: bytes
    digest: bytes
    reads: bytes
    marks: tuple[bytes, bytes, bytes]
    published: float | None
    has_id: bool
    has_link: bool


Shown = Mapping[bytes, ShownEntry]
"""Entries by the hashes of their bytes, in the order of the document."""


def shown_entry(digest: bytes, keys: EntryKeys, reads: bytes | None = None) -> ShownEntry:
    """What is kept of an entry whose bytes have this hash; `reads` is its `entry_reads`, if that is
    known.
    """
    entry = keys.entry
    link = entry.link and (urls.canonical(entry.link) or entry.link)
    row = _ENTRY.pack(
        digest,
        reads or entry_reads(entry),
        *(_mark(entry.id or ""), _mark(link or ""), _mark(keys.headline or " ")),
        math.nan if entry.published is None else entry.published,
        _HAS_ID * bool(entry.id) | _HAS_LINK * (keys.link is not None),
    )
    return _entry(row)


def are_apart(entries: Sequence[ShownEntry]) -> bool:
    """Whether no two of them share anything by which entries are known."""
    if len({entry.digest for entry in entries}) < len(entries):
        return False
    for of_one in zip(*(entry.marks for entry in entries), strict=True):
        given = [mark for mark in of_one if mark != _NONE]
        if len(set(given)) < len(given):
            return False
    return True


def stored(context: bytes, entries: Sequence[ShownEntry]) -> bytes:
    """What is kept of a document whose entries are apart, some forty bytes an entry. `context` is a
    hash of 16 bytes of what else bears on how they are read.
    """
    return b"".join((_VERSION, context, *(entry.row for entry in entries)))


def read(kept: bytes, context: bytes) -> Shown:
    """What was shown, if entries would still be read alike; nothing of another version's."""
    start = len(_VERSION) + _CONTEXT
    if kept[:start] != _VERSION + context or (len(kept) - start) % _ENTRY.size:
        return {}
    entries = [_entry(kept[at : at + _ENTRY.size]) for at in range(start, len(kept), _ENTRY.size)]
    return {entry.digest: entry for entry in entries}


def _entry(row: bytes) -> ShownEntry:
    digest, reads, of_id, of_link, of_title, published, flags = _ENTRY.unpack(row)
    return ShownEntry(
        row,
        digest,
        reads,
        (of_id, of_link, of_title),
        None if math.isnan(published) else published,
        bool(flags & _HAS_ID),
        bool(flags & _HAS_LINK),
    )


def beside(entries: Collection[ShownEntry]) -> Beside:
    """What these say of their feed where others of a document are judged."""
    ids, links = sum(each.has_id for each in entries), sum(each.has_link for each in entries)
    return Beside(len(entries), ids, links)


def _mark(text: str) -> bytes:
    if not text:
        return _NONE
    digest = _MARK.copy()
    digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.digest()
