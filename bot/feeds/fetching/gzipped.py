"""Decoding a body's content encoding as it comes in, never beyond a bound.

Only gzip is asked for (RFC 9110, section 8.4), so only gzip or nothing is taken: a second layer,
or an encoding nobody asked for, is how a few bytes become gigabytes. Servers write much else into
that header ("UTF-8", "none", "binary", S3's "aws-chunked"): what names no encoding is passed over,
and the document shows for itself whether it can be read.
"""

import zlib
from collections.abc import Sequence

from bot.news.why import Code, WithWhyError, because

_MAGIC = b"\x1f\x8b"
_GZIP = ("gzip", "x-gzip")
# The IANA HTTP content coding registry, and what servers are known to send beside it.
_ENCODINGS = frozenset(
    {
        *_GZIP, "aes128gcm", "br", "brotli", "bzip", "bzip2", "compress", "dcb", "dcz", "deflate",
        "deflate64", "exi", "lz4", "lzma", "lzma2", "pack200-gzip", "sdch", "snappy", "x-br",
        "x-bzip", "x-bzip2", "x-compress", "x-deflate", "x-lz4", "x-lzma", "x-snappy", "x-xz",
        "x-zip", "x-zlib", "x-zstd", "xpress", "xz", "zip", "zlib", "zstandard", "zstd",
    }
)  # fmt: skip
_MOST_MEMBERS = 100  # a gzip file may be several in a row (RFC 1952); thousands are an attack


class BadBody(WithWhyError):  # noqa: N818  (a state of what the server sent)
    """A body that cannot be used."""


class Inflater:
    """Collects a body; `encodings` are the values of its Content-Encoding headers."""

    def __init__(self, encodings: Sequence[str], max_bytes: int) -> None:
        names = [name for value in encodings for name in map(_name, value.split(","))]
        names = [name for name in names if name in _ENCODINGS]
        if len(names) > 1:
            raise BadBody(because(Code.ENCODED_TWICE))
        if names and names[0] not in _GZIP:
            raise BadBody(because(Code.ENCODING))
        self._max_bytes = max_bytes
        self._parts: list[bytes] = []
        self._size = 0
        self._members = 1
        self._stream = zlib.decompressobj(wbits=31) if names else None

    def add(self, chunk: bytes) -> None:
        """Takes the next piece; raises BadBody when it is damaged or too much."""
        if self._stream is None:
            self._keep(chunk)
            return
        while chunk:
            if self._stream.eof and not self._next_member(chunk):
                return
            try:
                found = self._stream.decompress(chunk, self._max_bytes - self._size + 1)
            except zlib.error as error:
                raise BadBody(because(Code.COMPRESSION)) from error
            self._keep(found)
            chunk = self._stream.unconsumed_tail or self._stream.unused_data

    def finish(self) -> bytes:
        """The whole body; raises BadBody if its compression did not come to an end."""
        if self._stream is not None and self._parts and not self._stream.eof:
            raise BadBody(because(Code.CUT_SHORT))
        return b"".join(self._parts)

    def _next_member(self, chunk: bytes) -> bool:
        """Begins another gzip member; what follows the last one and is none is padding."""
        if not chunk.startswith(_MAGIC):
            return False
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise BadBody(because(Code.COMPRESSION))
        self._stream = zlib.decompressobj(wbits=31)
        return True

    def _keep(self, found: bytes) -> None:
        self._size += len(found)
        if self._size > self._max_bytes:
            raise BadBody(because(Code.TOO_LARGE, self._max_bytes))
        self._parts.append(found)


def _name(value: str) -> str:
    """One encoding as it is named, without quotes and what follows a semicolon."""
    return value.partition(";")[0].strip(" \t\"'").lower()
