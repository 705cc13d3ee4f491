"""Platforms whose feeds can be told from an address, without asking a page for them. Pure.

Only addresses at which the platform itself offers a feed; no bridges. What is not here, such as a
channel by its handle, is found by what its page declares.
"""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

_YOUTUBE = "https://www.youtube.com/feeds/videos.xml"
_REDDIT = re.compile(r"/(?:r|user|u)/([\w-]{2,50})(?:/.*)?")
_GITHUB_NAME = r"[\w.-]{1,100}"
_GITHUB = re.compile(rf"/({_GITHUB_NAME})/({_GITHUB_NAME}?)(?:\.git)?(?:/(.*))?")
_NO_PEOPLE = """
    about apps collections contact enterprise explore features login marketplace notifications
    orgs pricing search security settings sponsors topics trending
"""
_GITHUB_PAGES = frozenset(_NO_PEOPLE.split())
_WITHOUT_FEEDS = """
    t.me telegram.me telegram.dog x.com twitter.com facebook.com fb.com instagram.com threads.net
    threads.com tiktok.com linkedin.com whatsapp.com wa.me snapchat.com
"""
_WITHOUT = frozenset(_WITHOUT_FEEDS.split())
_MASTODON = re.compile(r"/(?:@|users/)([A-Za-z0-9_]{1,100})/?")


def feeds_of(url: str) -> list[str]:
    """Addresses of feeds that the page at `url` stands for, the likeliest first; [] if unknown."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return []
    if parts.scheme not in ("http", "https") or not host or host in _WITHOUT:
        return []
    known = _BY_HOST.get(host)
    if known:
        return known(parts.path, parts.query)
    if found := _MASTODON.fullmatch(parts.path):
        mark = "users/" if parts.path.startswith("/users/") else "@"
        return [f"{parts.scheme}://{parts.netloc}/{mark}{found.group(1)}.rss"]
    return []


def without_feeds(url: str) -> str | None:
    """The host of an address on a platform that offers no feeds at all; None for others."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    return host if host in _WITHOUT else None


def _youtube(path: str, query: str) -> list[str]:
    if found := re.fullmatch(r"/channel/(UC[\w-]{10,40})(?:/.*)?", path):
        return [f"{_YOUTUBE}?channel_id={found.group(1)}"]
    if listed := parse_qs(query).get("list"):
        return [f"{_YOUTUBE}?playlist_id={quote(listed[0][:100])}"]
    return []


def _reddit(path: str, query: str) -> list[str]:
    found = _REDDIT.fullmatch(path)
    if not found:
        return []
    kind = "r" if path.startswith("/r/") else "user"
    return [f"https://www.reddit.com/{kind}/{found.group(1)}/.rss"]


def _github(path: str, query: str) -> list[str]:
    if found := re.fullmatch(rf"/({_GITHUB_NAME})/?", path):
        person = found.group(1)
        return [] if person in _GITHUB_PAGES else [f"https://github.com/{person}.atom"]
    found = _GITHUB.fullmatch(path)
    if not found or not found.group(2) or found.group(1) in _GITHUB_PAGES:
        return []
    project = f"https://github.com/{found.group(1)}/{found.group(2)}"
    page, _, rest = (found.group(3) or "").partition("/")
    match page:
        case "releases" | "tags":
            return [f"{project}/{page}.atom"]
        case "commits" | "tree" if rest:
            return [f"{project}/commits/{rest}.atom"]
        case "commits":
            return [f"{project}/commits.atom"]
        case "":
            return [f"{project}/releases.atom", f"{project}/commits.atom"]
    return []


_BY_HOST: dict[str, Callable[[str, str], list[str]]] = {
    "youtube.com": _youtube,
    "reddit.com": _reddit,
    "old.reddit.com": _reddit,
    "github.com": _github,
}
