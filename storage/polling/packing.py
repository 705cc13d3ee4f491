"""What is remembered of a feed's entries, as rows hold it: a record of 21 bytes for each key. In a
row are those of some keys that follow one another, in no order. Pure.

A row says where it begins: its keys, taken as numbers, go from there to where the next row of the
feed begins. One that has become too large is parted, so that it costs the same to look for a key,
and to write one, however many a feed has; `storage.polling.memory` says when. A row for each key
took half as much room again.
"""

import struct
from collections.abc import Mapping
from typing import NamedTuple

from bot.news.polling.entry_keys import KEY_BYTES, TEXT_BYTES, Trace, dated

# The key; hashes of title and summary; the date, in seconds; flags; the day it was shown.
_RECORD = struct.Struct(f">{KEY_BYTES}s{TEXT_BYTES}s{TEXT_BYTES}sIBH")
RECORD_BYTES = _RECORD.size
BUT_THE_DAY = RECORD_BYTES - 2
"""The last two bytes of a record are the day."""
_FLAGS_AT = BUT_THE_DAY - 1

_SPARE, _DATED, _PAGE, _READ, _READING = 1, 2, 4, 8, 4
_MOST_READINGS = 15
_NOTHING = bytes(TEXT_BYTES)


class Span(NamedTuple):
    """The newest day of a row, and days before which none of its keys, and none of its spare ones,
    was shown; `NEVER` where it has none of them.
    """

    newest: int
    oldest: int
    oldest_spare: int


class Days(NamedTuple):
    """The days on which keys were shown last: those by which entries are known, and spare ones."""

    own: list[int]
    spare: list[int]


FIRST = -(1 << 63)
"""Where the first row of a feed begins."""
_MOST_KEYS = 24
ROW_BYTES = _MOST_KEYS * RECORD_BYTES
"""A row that is larger is parted. Rows of some hundred bytes fill the pages of a file; with larger
ones much of them stays empty.
"""
DAY_SECONDS = 86_400.0
NEVER = (1 << 16) - 1
_RENEWED_AFTER = 2
SHOWN_DAYS = _RENEWED_AFTER + 1
"""What was shown so many days before the newest is shown no more: while it is, the day is renewed
every other day, and all of a document is noted twice a day.
"""


def day_of(now: float) -> int:
    """The day of a time, counted from the epoch."""
    return int(min(max(now, 0.0) // DAY_SECONDS, NEVER - 1))


def place_of(key: bytes) -> int:
    """The key as a number, in the order of its bytes."""
    return int.from_bytes(key, "big") + FIRST


def renewed_before(day: int) -> bytes:
    """The end of a record is less than this where the day is to be renewed, which is done every
    other day to write less.
    """
    return max(day - _RENEWED_AFTER + 1, 0).to_bytes(2, "big")


def record_of(key: bytes, trace: Trace, day: int) -> bytes:
    """The record of a trace that was shown on a day."""
    title, summary, published = trace.title, trace.summary, trace.published
    flags = min(trace.reading, _MOST_READINGS) << _READING
    flags |= _SPARE * trace.spare | _DATED * (published is not None)
    if title is not None:
        flags |= _READ if title else _PAGE
    at = 0 if published is None else int(dated(published))
    return _RECORD.pack(key, title or _NOTHING, summary or _NOTHING, at, flags, day)


def record_of_row(
    key: bytes,
    seen_at: float,
    title: bytes | None,
    summary: bytes | None,
    published_at: float | None,
    spare: int,
    reading: int,
) -> bytes:
    """The record of what was a row of its own, before keys were packed."""
    trace = Trace(title, summary, published_at, bool(spare), reading)
    return record_of(key, trace, day_of(seen_at))


def known(packed: bytes, key: bytes) -> Trace | None:
    """What is remembered under a key, in the row in which it would be."""
    at = _place_in(packed, key)
    if at < 0:
        return None
    _, title, summary, published, flags, _ = _RECORD.unpack_from(packed, at)
    if not flags & _READ:
        title = summary = b"" if flags & _PAGE else None
    date = float(published) if flags & _DATED else None
    return Trace(title, summary, date, bool(flags & _SPARE), flags >> _READING)


def noted(packed: bytes, shown: Mapping[bytes, Trace], day: int) -> bytes:
    """A row after these were shown on a day; the same object where that is nothing new."""
    more = []
    renewed = renewed_before(day)
    for key, trace in shown.items():
        record = record_of(key, trace, day)
        at = _place_in(packed, key)
        if at < 0:
            more.append(record)
            continue
        end = at + RECORD_BYTES
        known = packed[at:end]
        if known[:BUT_THE_DAY] != record[:BUT_THE_DAY] or known[BUT_THE_DAY:] < renewed:
            packed = packed[:at] + record + packed[end:]
    return packed + b"".join(more) if more else packed


def kept(packed: bytes, since: int, spare_since: int) -> bytes:
    """A row without what was shown before a day last, and without spare keys before another."""
    return b"".join(
        packed[at : at + RECORD_BYTES]
        for at, day, flags in zip(
            range(0, len(packed), RECORD_BYTES), days(packed), packed[_FLAGS_AT::RECORD_BYTES],
            strict=True,
        )
        if day >= (spare_since if flags & _SPARE else since)
    )  # fmt: skip


def days(packed: bytes) -> list[int]:
    """The day of each key of a row."""
    high, low = (packed[at::RECORD_BYTES] for at in (BUT_THE_DAY, BUT_THE_DAY + 1))
    return [before << 8 | after for before, after in zip(high, low, strict=True)]


def days_of_each(packed: bytes) -> Days:
    """The same, spare keys apart."""
    each = list(zip(days(packed), packed[_FLAGS_AT::RECORD_BYTES], strict=True))
    return Days(
        [day for day, flags in each if not flags & _SPARE],
        [day for day, flags in each if flags & _SPARE],
    )


def span(packed: bytes) -> Span:
    """That of a row, which holds something."""
    own, spare = days_of_each(packed)
    return Span(max(own + spare), min(own, default=NEVER), min(spare, default=NEVER))


def parted(begins: int, packed: bytes) -> list[tuple[int, bytes]]:
    """A row as the rows that it is to be, each with where it begins."""
    if len(packed) <= ROW_BYTES:
        return [(begins, packed)]
    records = sorted(packed[at : at + RECORD_BYTES] for at in range(0, len(packed), RECORD_BYTES))
    rows = -(-len(records) // _MOST_KEYS)
    each = -(-len(records) // rows)
    parts = [records[at : at + each] for at in range(0, len(records), each)]
    return [
        (place_of(part[0][:KEY_BYTES]) if n else begins, b"".join(part))
        for n, part in enumerate(parts)
    ]


def _place_in(packed: bytes, key: bytes) -> int:
    """Where the record of a key is; -1 where there is none."""
    at = packed.find(key)
    while at > 0 and at % RECORD_BYTES:
        at = packed.find(key, at + 1)
    return at
