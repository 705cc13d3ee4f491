"""What a feed's last document showed: of each entry a hash of its bytes and as much as is needed to
judge the next document when only its other entries were read. Pure.

That is possible where entries share nothing: neither ids nor links nor headlines. Then what is kept
of an entry cannot be changed by others that come, and one that was seen as it is now needs neither
its texts nor its traces: a stand-in that is known takes its place, with its date.
"""

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.news.polling.entry_keys import READING, EntryKeys, Trace, entry_reads
from bot.news.story import ParsedEntry
from bot.news.text import urls

_VERSION = bytes((1, READING))
_ENTRY = struct.Struct(">8s8s4s4s4sdB")
_CONTEXT = 16
_NONE = bytes(4)
_MARK = blake2b(digest_size=len(_NONE))
_HAS_ID, _HAS_LINK = 1, 2


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry that was shown: hashes of its bytes and of how it reads, its date, whether it has an
    id and a link of its own, and `marks` of its id, its link and its headline. Equal marks may be
    of different things, different ones never of the same.
    """

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
    return ShownEntry(
        digest,
        reads or entry_reads(entry),
        (_mark(entry.id or ""), _mark(link or ""), _mark(keys.headline or " ")),
        entry.published,
        bool(entry.id),
        keys.link is not None,
    )


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
    rows = (
        _ENTRY.pack(
            entry.digest,
            entry.reads,
            *entry.marks,
            math.nan if entry.published is None else entry.published,
            _HAS_ID * entry.has_id | _HAS_LINK * entry.has_link,
        )
        for entry in entries
    )
    return b"".join((_VERSION, context, *rows))


def read(kept: bytes, context: bytes) -> Shown:
    """What was shown, if entries would still be read alike; nothing of another version's."""
    start = len(_VERSION) + _CONTEXT
    if kept[:start] != _VERSION + context or (len(kept) - start) % _ENTRY.size:
        return {}
    return {row[0]: _entry(row) for row in _ENTRY.iter_unpack(kept[start:])}


def _entry(row: tuple[bytes, bytes, bytes, bytes, bytes, float, int]) -> ShownEntry:
    digest, reads, of_id, of_link, of_title, published, flags = row
    return ShownEntry(
        digest,
        reads,
        (of_id, of_link, of_title),
        None if math.isnan(published) else published,
        bool(flags & _HAS_ID),
        bool(flags & _HAS_LINK),
    )


def stand_in(place: int, entry: ShownEntry) -> EntryKeys:
    """Keys that stand for those of an entry in the document, at a place of its own."""
    mark = b"shown%d" % place
    return EntryKeys(
        ParsedEntry("shown" if entry.has_id else None, None, "", "", entry.published),
        id=mark + b" id" if entry.has_id else None,
        link=mark + b" link" if entry.has_link else None,
        moment=None,
        title=mark,
        former=mark,
        title_shared=False,
        reads=b"",
        says=b"",
    )


def remembered(stand_ins: Iterable[EntryKeys]) -> dict[bytes, Trace]:
    """What is remembered of stand-ins: that they are known and read as before."""
    found = {}
    for keys in stand_ins:
        found.update(dict.fromkeys(keys.keys, Trace(keys.reads, keys.says, keys.entry.published)))
    return found


def _mark(text: str) -> bytes:
    if not text:
        return _NONE
    digest = _MARK.copy()
    digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.digest()
