"""Where a web page says that its feeds are. Pure: bytes of HTML in, absolute addresses out.

Runs in a parser process (`bot.feeds.reading.worker`), since a page can keep an HTML reader busy as
a feed can. What is found here is a guess: it is offered to nobody before it was fetched and parsed.
"""

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from msgspec import Struct

from bot.news.text.urls import clean_link

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_BYTES = 256 * 1024  # a head with its styles is shorter; see `bot.news.text.plain` for the cost
MOST_DECLARED = 10
MOST_HINTED = 5
_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_LIKE_A_FEED = re.compile(
    r"(?:^|[/._-])(?:rss|atom|feeds?)(?:[/._-]|\d*\.(?:xml|json)|$)", re.IGNORECASE
)
_COMMENTS = re.compile(r"/comments?(?:/|$)|[?&]withcomments=", re.IGNORECASE)
_AT_THE_FRONT = (
    "feed", "rss", "feed.xml", "atom.xml", "index.xml", "rss.xml", "feed.json",
    "feeds/posts/default",
)  # fmt: skip
_BENEATH = ("feed", "rss", "index.xml")


class PageLinks(Struct, frozen=True):
    """Addresses that may be feeds: `declared` in the page's head, `hinted` at by links in it."""

    declared: tuple[str, ...] = ()
    hinted: tuple[str, ...] = ()


def page_links(body: bytes, *, content_type: str | None = None, url: str) -> PageLinks:
    """The addresses a page names; `url` is where it was, for relative ones. Never raises.

    Each is http or https, absolute, once, in the order of the page; feeds of comments come last.
    """
    from selectolax.lexbor import LexborHTMLParser  # only the parser's processes need it

    tree = LexborHTMLParser(decoded(body[:MOST_BYTES], content_type))
    base = _base(tree, url)
    declared = _unique((_href(node) for node in tree.css("link") if _declares(node)), base)
    hinted = _unique((href for node in tree.css("a") if _hints(href := _href(node))), base)
    declared.sort(key=lambda address: bool(_COMMENTS.search(address)))
    return PageLinks(
        tuple(declared[:MOST_DECLARED]),
        tuple(address for address in hinted if address not in declared)[:MOST_HINTED],
    )


def common_places(url: str) -> list[str]:
    """Where sites keep their feeds without saying so: beneath the page, then at the front."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    names = [f"{path}/{name}" for name in _BENEATH] if path else []
    names += [f"/{name}" for name in _AT_THE_FRONT]
    found = (clean_link(urlunsplit((parts.scheme, parts.netloc, name, "", ""))) for name in names)
    return list(dict.fromkeys(address for address in found if address))


def is_of_comments(address: str) -> bool:
    """Whether the address looks like a feed of readers' comments rather than of news."""
    return _COMMENTS.search(address) is not None


def _declares(node: "LexborNode") -> bool:
    rel = (node.attributes.get("rel") or "").lower().split()
    kind = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
    return ("alternate" in rel or "feed" in rel) and kind in _TYPES


def _href(node: "LexborNode") -> str:
    return (node.attributes.get("href") or "").strip()


def _hints(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return bool(_LIKE_A_FEED.search(parts.path)) or parts.query.lower() in (
        "feed=rss2",
        "feed=atom",
    )


def _base(tree: "LexborHTMLParser", url: str) -> str:
    node = tree.css_first("base[href]")
    return _absolute(_href(node), url) or url if node is not None else url


def _unique(hrefs: Iterator[str], base: str) -> list[str]:
    found = (_absolute(href, base) for href in hrefs if href)
    return list(dict.fromkeys(address for address in found if address))


def _absolute(href: str, base: str) -> str | None:
    """None for what is no web address, such as `javascript:`; the guard judges the rest."""
    try:
        link = clean_link(urljoin(base, href))
    except ValueError:
        return None
    return link.partition("#")[0] if link else None


def decoded(body: bytes, content_type: str | None) -> str:
    """A page as text, by its mark, its header or its first words; never raises."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    named = _CHARSET.search(content_type or "") or _CHARSET.search(body[:1024].decode("latin-1"))
    try:
        return body.decode(named.group(1) if named else "utf-8", "replace")
    except (LookupError, ValueError):  # an encoding that is none, or none of text
        return body.decode("utf-8", "replace")
