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
_DIGEST, _READS, _MARKS = slice(0, 8), slice(8, 16), (slice(16, 20), slice(20, 24), slice(24, 28))
_DATE = struct.Struct(">28xdx")
_CONTEXT = 16
_NONE = bytes(4)
_MARK = blake2b(digest_size=len(_NONE))
_HAS_ID, _HAS_LINK = 1, 2

ShownEntry = bytes
"""An entry that was shown, as it is kept: hashes of its bytes and of how it reads, marks of its id,
its link and its headline, its date, and whether it has an id and a link of its own. Equal marks may
be of different things, different ones never of the same. Thirty are looked at where one is new, so
each stays the row that it is.
"""


class Shown(NamedTuple):
    """What a document showed: a hash of what else bore on how its entries were read, and these by
    the hashes of their bytes, in the order of the document.
    """

    context: bytes
    entries: Mapping[bytes, ShownEntry]


_NOTHING = Shown(b"", {})


def shown_entry(digest: bytes, keys: EntryKeys, reads: bytes | None = None) -> ShownEntry:
    """What is kept of an entry whose bytes have this hash; `reads` is its `entry_reads`, if that is
    known.
    """
    entry = keys.entry
    link = entry.link and (urls.canonical(entry.link) or entry.link)
    return _ENTRY.pack(
        digest,
        reads or entry_reads(entry),
        *(_mark(entry.id or ""), _mark(link or ""), _mark(keys.headline or " ")),
        math.nan if entry.published is None else entry.published,
        _HAS_ID * bool(entry.id) | _HAS_LINK * (keys.link is not None),
    )


def reads_of(entries: Sequence[ShownEntry]) -> list[bytes]:
    """The `entry_reads` of each."""
    return [entry[_READS] for entry in entries]


def dates_of(entries: Sequence[ShownEntry]) -> list[float | None]:
    """The date of each."""
    return [None if math.isnan(at) else at for entry in entries for at in _DATE.unpack(entry)]


def are_apart(entries: Sequence[ShownEntry]) -> bool:
    """Whether no two of them share anything by which entries are known."""
    if len({entry[_DIGEST] for entry in entries}) < len(entries):
        return False
    for mark in _MARKS:
        marks = [entry[mark] for entry in entries]
        if len({*marks, _NONE}) <= len(marks) - marks.count(_NONE):
            return False
    return True


def stored(context: bytes, entries: Sequence[ShownEntry]) -> bytes:
    """What is kept of a document whose entries are apart, some forty bytes an entry. `context` is a
    hash of 16 bytes of what else bears on how they are read.
    """
    return b"".join((_VERSION, context, *entries))


def read(kept: bytes) -> Shown:
    """What a document showed; nothing where it was kept by another version."""
    start = len(_VERSION) + _CONTEXT
    if kept[: len(_VERSION)] != _VERSION or (len(kept) - start) % _ENTRY.size:
        return _NOTHING
    rows = [kept[at : at + _ENTRY.size] for at in range(start, len(kept), _ENTRY.size)]
    return Shown(kept[len(_VERSION) : start], {row[_DIGEST]: row for row in rows})


def beside(entries: Collection[ShownEntry]) -> Beside:
    """What these say of their feed where others of a document are judged."""
    flags = [entry[-1] for entry in entries]
    ids = sum(1 for has in flags if has & _HAS_ID)
    return Beside(len(flags), ids, sum(1 for has in flags if has & _HAS_LINK))


def _mark(text: str) -> bytes:
    if not text:
        return _NONE
    digest = _MARK.copy()
    digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.digest()
