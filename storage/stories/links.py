"""How the canonical links of reports are kept: not as text, which nearly always follows from the
link, but by a mark of eight bytes by which a report is found.

The first half of a mark is that of the host, so that the reports of one lie together. Two links of
one host have the same mark once in four thousand million pairs: who looks for one compares.
"""

from hashlib import sha256

from bot.news.text import urls

_HALF = 4
_BEFORE_HOST = len("https://")


def mark_of(canonical: str) -> bytes:
    """The mark of a canonical link; PostgreSQL's migration makes the same of old ones."""
    return _hashed(canonical[_BEFORE_HOST:].partition("/")[0]) + _hashed(canonical)


def marks_of_site(origin: str) -> tuple[bytes, bytes]:
    """The first and the last mark that a link of this origin, a canonical `https://host/`, has."""
    host = _hashed(origin[_BEFORE_HOST:].rstrip("/"))
    return host + bytes(_HALF), host + b"\xff" * _HALF


def mark(canonical: str | None) -> bytes | None:
    """The mark that is stored of a report's canonical link; none where it has none."""
    return None if canonical is None else mark_of(canonical)


def short(link: str | None, canonical: str | None) -> str | None:
    """A canonical link as it is stored: empty where it follows from the link."""
    if canonical is None or link is None:
        return canonical
    # A canonical link is its own: nothing is left to fold.
    return "" if link == canonical or urls.canonical(link) == canonical else canonical


def canonical_of(link: str | None, stored: str | None) -> str | None:
    """The canonical link of a report, of its link and of what is stored of it."""
    return urls.canonical(link) if link and stored == "" else stored


def _hashed(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:_HALF]
