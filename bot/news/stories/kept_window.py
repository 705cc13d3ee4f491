"""The window as bytes, which a stop leaves behind: a start that finds them need not read the card
of each report.
"""

import json
import sys
from array import array
from collections.abc import Iterable, Iterator

from bot.news.stories import cards
from bot.news.stories.report_table import Column
from bot.news.stories.window import Window

VERSION = f"1.{cards.VERSION}.{sys.byteorder}"
"""Rises where the window consists of something else than before."""
_TEXTS, _REST, _BETWEEN = "texts", "rest", "\x1e"
_POSTS, _COUNTS = "posts", "counts"
_PIECE = 64 * 1024
"""Bytes at once: whole columns would leave holes of megabytes in the memory of the process."""


def parts_of(window: Window) -> Iterator[tuple[str, bytes]]:
    """Its parts by their names, in pieces of some ten thousand bytes, in the order in which they
    are to be put in again.
    """
    columns = window.columns()
    posts = window.vocabulary.posts
    columns[_COUNTS] = array("I", map(len, posts))
    lengths = {name: len(column) for name, column in columns.items()}
    texts = _BETWEEN.join(window.vocabulary.texts).encode()
    rest = {"lengths": lengths, "texts": len(texts), "window": window.rest()}
    yield _REST, json.dumps(rest).encode()
    yield _TEXTS, texts
    for name, column in columns.items():
        for piece in _pieces(column):
            yield name, piece
    for piece in _joined(posts):
        yield _POSTS, piece


def _pieces(column: Column) -> Iterator[bytes]:
    with memoryview(column) as whole, whole.cast("B") as view:
        for start in range(0, len(view), _PIECE):
            yield bytes(view[start : start + _PIECE])


def _joined(posts: Iterable["array[int]"]) -> Iterator[bytes]:
    """Pieces that end where the posts of a term do."""
    joined = array("I")
    for serials in posts:
        joined.extend(serials)
        if len(joined) * joined.itemsize >= _PIECE:
            yield bytes(joined)
            joined = array("I")
    yield bytes(joined)


class Filling:
    """Puts the parts of a window into one that is new and empty."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._counts = array("I")
        self._columns = {**window.columns(), _COUNTS: self._counts}
        for column in self._columns.values():
            del column[:]
        self._posts: list[array[int]] = []
        self._others: dict[str, bytes] = {}

    def put(self, name: str, piece: bytes) -> None:
        """Puts in a piece of a part. Raises ValueError if its column cannot be of such bytes."""
        if name == _POSTS:
            self._post(piece)
        elif name in self._columns:
            column = self._columns[name]
            column.extend(piece) if isinstance(column, bytearray) else column.frombytes(piece)
        else:
            self._others[name] = piece

    def _post(self, piece: bytes) -> None:
        joined, start = array("I", piece), 0
        while start < len(joined):
            end = start + self._counts[len(self._posts)]
            self._posts.append(joined[start:end])
            start = end

    def ending(self) -> Iterator[None]:
        """Makes the window whole once all parts are there, a few milliseconds at a time. Raises
        ValueError, KeyError, TypeError or IndexError where they do not make one.
        """
        rest = json.loads(self._others[_REST])
        lengths = {name: len(column) for name, column in self._columns.items()}
        if (rest["lengths"], rest["texts"]) != (lengths, len(self._others[_TEXTS])):
            raise ValueError("Columns are not as long as they were.")
        # Those that no report has come last.
        self._posts += [array("I") for _ in range(len(self._counts) - len(self._posts))]
        texts = self._others[_TEXTS].decode().split(_BETWEEN) if self._counts else []
        if list(map(len, self._posts)) != list(self._counts) or len(texts) != len(self._posts):
            raise ValueError("Terms are not those that they were.")
        yield
        yield from self._window.filling(rest["window"], texts, self._posts)
