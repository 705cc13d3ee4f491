"""Reading one document of thirty entries, beside feedparser and bare lxml:
python -m benchmarks.speed.parsing

The documents are those of `benchmarks.cold_feeds`: RSS with and without whole articles, and Atom.
"""

import time
from collections.abc import Callable, Iterator
from io import BytesIO
from statistics import median

import feedparser
from lxml import etree

from benchmarks.cold_feeds import ENTRIES, document
from benchmarks.speed.figures import Figure, Found, Goal, Scale, alone
from bot.feeds.reading.parse import parse_document

_DOCUMENTS = 60
_BEGAN = 1_800_000_000.0
_URL = "http://outlet.example/feed"


def _bodies(documents: int) -> list[bytes]:
    return [document(n, ENTRIES, _BEGAN) for n in range(documents)]


def read_all(times: int) -> None:
    """Reads the documents so many times, to be profiled."""
    _read(_bodies(_DOCUMENTS * 3) * times)


def _read(bodies: list[bytes]) -> None:
    for body in bodies:
        _tocsin(body)


def _tocsin(body: bytes) -> object:
    return parse_document(body, content_type="application/xml", url=_URL)


def _feedparser(body: bytes) -> object:
    return feedparser.parse(BytesIO(body))


def _lxml(body: bytes) -> object:
    return [list(item.itertext()) for item in etree.fromstring(body)]


def _milliseconds(read: Callable[[bytes], object], bodies: list[bytes]) -> float:
    """The median of CPU; the first documents load what is loaded once."""
    for body in bodies[:3]:
        read(body)
    times = []
    for body in bodies:
        began = time.process_time()
        read(body)
        times.append((time.process_time() - began) * 1000)
    return median(times)


def figures(scale: Scale) -> Iterator[Found]:
    """The row of one document."""
    bodies = _bodies(_DOCUMENTS * (3 if scale.long else 1))
    yield Figure(
        "parse one document, median", "ms of CPU", _milliseconds(_tocsin, bodies), (Goal(1.0),),
        {"feedparser": _milliseconds(_feedparser, bodies)}, {"lxml": _milliseconds(_lxml, bodies)},
        how=f"{ENTRIES} entries, nothing known of them, within one process",
    )  # fmt: skip


if __name__ == "__main__":
    alone(figures)
