"""Addresses of news: one form to compare, one form to show, one form to log.

Nothing here decides whether an address may be fetched; that is `bot.feeds.fetching.guard`.
"""

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

from bot.news.text.hosts import LONGEST_HOST, host_in, in_letters, plain_host

LONGEST_URL = 2000  # browsers and servers agree on little above this

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST_ENDS = re.compile(r"[/?#]|\Z")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_QUERY_SAFE = _PATH_SAFE + "?[]"

# As most links are written, as which they stay.
_NAME = r"(?:[a-z0-9_]+(?:\.|-+))*[a-z0-9_]+"
_IN_PATH, _IN_QUERY = (
    rf"[\w.~{re.escape(safe)}-]*(?:%[0-9A-Fa-f]{{2}}[\w.~{re.escape(safe)}-]*)*"
    for safe in (_PATH_SAFE.replace("%", ""), _QUERY_SAFE.replace("%", ""))
)
_CLEAN = re.compile(
    rf"https?://{_NAME}/{_IN_PATH}(?:\?(?!#|\Z){_IN_QUERY})?(?:#(?!\Z){_IN_QUERY})?",
    re.ASCII,
)

_PLAIN = re.compile(rf"https?://({_NAME})(/[\w.~!$&'*+,=:@/-]*|)", re.ASCII)
_PLAIN_HOST = re.compile(rf"https?://({_NAME})(?::[0-9]*)?(?:[/?#]|\Z)")
_FOLDED_SPECIALLY = ("/amp", ".amp", "index.htm", ".m.wiki")

# Names that only say which way a reader came. Kept out on purpose: `id`, `p`, `cid`, `s`, `t`,
# `from`, `page`, `v`, with which some site chooses the article.
_TRACKING_NAMES = """
    fbclid gclid dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id igsh igshid
    mc_cid mc_eid mkt_tok _hsenc _hsmi hsctatracking vero_id oly_enc_id oly_anon_id wickedid
    rb_clickid s_cid ncid ocid cmpid cmp icid intcid ex_cid smid smtyp emc xtor wt_mc wt_zmc
    wt.mc_id ito ftag taid tpcc srnd sref soc_src soc_trk sr_share guccounter guce_referrer
    guce_referrer_sig traffic_source feedtype feedname _ga _gl spref share_id shareadraft
    __twitter_impression amp_js_v amp_gsa usqp
"""
_TRACKING = frozenset(_TRACKING_NAMES.split())
_TRACKING_PREFIXES = ("utm_", "at_", "ns_", "mtm_", "pk_", "piwik_", "hsa_", "guce_", "itm_")
# Names that mean something on some sites; they only track with these values.
_SOMETIMES = frozenset(
    {"ref", "referrer", "source", "src", "partner", "mod", "via", "from", "origin", "cid"}
)
_WAYS = re.compile(
    r"(?:rss|feeds?|atom|twitter|facebook|telegram|mastodon|newsletter|email|social|homepage|hp)"
    r"(?:[-_.].*)?",
    re.IGNORECASE,
)
# They name a visit, not a page. Those of the second list name pages on some sites: only what is
# as long as PHP's shortest session id (26) counts there; ids of pages have 24 characters at most.
_VISIT_NAMES = """
    jsessionid phpsessid sessionid session_id sessid osessionid oscsid zenid cfid cftoken
    cachebuster nocache _
"""
_VISITS = frozenset(_VISIT_NAMES.split())
_VISIT_PREFIXES = ("aspsessionid", "x-amz-")
_TOKEN_NAMES = frozenset({"sid", "s", "session", "token", "auth"})
_TOKEN = re.compile(r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{26,}")
# Twelve letters and digits mixed, a long number, more letters than words have, or a UUID.
_DRAWN = re.compile(
    r"(?<![A-Za-z0-9])(?:(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{12,}|[0-9]{13,}"
    r"|[A-Za-z]{21,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3})"
)
_VISIT_IN_PATH = re.compile(
    r";(?:jsessionid|phpsessid|sessionid|sid)=[^/;]*|/\((?:[A-Z]\([^()/]*\))+\)(?=/)",
    re.IGNORECASE,
)
_AMP_CACHE = re.compile(r"/(?:c|v|i)/(s/)?(.+)", re.DOTALL)
_GOOGLE_AMP = re.compile(r"/amp/(s/)?([^/]+\..+)", re.DOTALL)
_TAILS = ("/amp", ".amp", "/index.html", "/index.htm")
_MOST_FOLDS = 6
"""What is an address within another oftener than so is no article's."""
# By host and path, the parameter that holds the address.
_WRAPPERS = {("google", "/url"): "url", ("bing.com", "/news/apiclick.aspx"): "url"}
_WRAPPED = tuple(path for _, path in _WRAPPERS)


@lru_cache(maxsize=1024)  # a document's links are asked about some four times each
def canonical(url: str) -> str | None:
    """The form under which two addresses of one article are equal; None if not http or https.

    Folds what never chooses an article: scheme, `www.`, `m.` and AMP forms, default ports,
    fragments (but not `#!`, which is a route), what names a visit or a way, the order of
    parameters and a trailing slash. Shorteners stay as they are: only a fetch could tell. Never
    raises, and applied to its own result changes nothing. The result is for comparing, not for
    showing.
    """
    if (found := _folded_plainly(url)) is not None:
        return found
    found = _fold(url)
    # Each fold can uncover another (an AMP page in an AMP cache); every change shortens.
    for _ in range(_MOST_FOLDS):
        if found is None or (again := _fold(found)) == found:
            return found
        found = again
    return None


def feed_form(url: str) -> str | None:
    """The form under which two addresses of one feed are equal; None if not http or https.

    Folds scheme, `www.`, default ports, percent-encoding, the fragment and a trailing slash. No
    parameter is dropped or moved, unlike in `canonical`: what only names a visit in a link is the
    key to one person's feed here.
    """
    parts = _split(_UNSAFE.sub("", url.strip()))
    if parts is None:
        return None
    host, port = host_in(parts), _port_text(parts, default_ports=(80, 443))
    if host is None or port is None:
        return None
    path = _normal_percent(_quoted(parts.path, _PATH_SAFE)).rstrip("/")
    query = _normal_percent(_quoted(parts.query, _QUERY_SAFE))
    return f"https://{host.removeprefix('www.')}{port}{path}" + (f"?{query}" if query else "")


def clean_link(url: str) -> str | None:
    """The address to show and to open, as ASCII; None if it is not fit to be shown.

    Fit is: http or https, a host, no user name or password, no control characters, at most
    `LONGEST_URL` characters. Whether the host is private is not asked here.
    """
    text = url.strip()
    if len(text) <= LONGEST_HOST and _CLEAN.fullmatch(text):
        return text
    parts = _split(text)
    if parts is None or _UNSAFE.search(text) or "@" in parts.netloc:
        return None
    port = _port_text(parts, default_ports=())
    host = host_in(parts)
    if host is None or port is None:
        return None
    link = f"{parts.scheme}://{host}{port}{_quoted(parts.path, _PATH_SAFE) or '/'}"
    if parts.query:
        link += "?" + _quoted(parts.query, _QUERY_SAFE)
    if parts.fragment:
        link += "#" + _quoted(parts.fragment, _QUERY_SAFE)
    return link if len(link) <= LONGEST_URL else None


def target(url: str) -> str:
    """Path and query of an absolute address, byte for byte as they are written: `%2F`, `%7e` and
    `~` mean what their host takes them for, and what was signed is signed as it stands. Only what
    may not stand in an address (RFC 3986) is escaped, text beyond ASCII as UTF-8.
    """
    rest = url.partition("://")[2].partition("#")[0]
    path, mark, query = rest[_host_end(rest) :].partition("?")
    return (_quoted(path, _PATH_SAFE) or "/") + mark + _quoted(query, _QUERY_SAFE)


def joined(base: str, place: str) -> str:
    """Where a reference leads from an absolute address (RFC 3986, section 5.2.2), without its
    fragment, both as they are written.

    Dots are resolved only where a path is continued. urllib drops empty parts of paths, and yarl
    decodes and recases what it joins.
    """
    base, place = base.partition("#")[0], place.partition("#")[0]
    if _SCHEME.match(place):
        return place
    scheme, mark, rest = base.partition("://")
    if place.startswith("//"):
        return f"{scheme}:{place}"
    path = rest[_host_end(rest) :].partition("?")[0]
    front = scheme + mark + rest[: _host_end(rest)]
    if not place:
        return base
    if place.startswith("/"):
        return front + place
    if place.startswith("?"):
        return front + path + place
    continued, mark, query = place.partition("?")
    return front + _without_dots(f"{path.rpartition('/')[0]}/{continued}") + mark + query


def unwrapped(url: str) -> str:
    """The address that a search engine's alert only counts the way to, as it is inside; any other
    as it is.
    """
    if not any(map(url.__contains__, _WRAPPED)):
        return url
    parts = _split(url.strip())
    name = _WRAPPERS.get((_wrapper(parts), parts.path)) if parts else None
    inner = parse_qs(parts.query).get(name, [""])[0] if parts and name else ""
    return inner if _split(inner) else url


def _wrapper(parts: SplitResult) -> str:
    host = (host_in(parts) or "").removeprefix("www.")
    return "google" if re.fullmatch(r"google\.(?:com?\.)?[a-z]{2,3}", host) else host


def without_credentials(url: str) -> str:
    """The address for logs and messages: user name and password out, on one line, bounded.

    Takes anything, also what is no address at all, and never raises.
    """
    text = _UNSAFE.sub("", url.strip())
    scheme, mark, rest = text.partition("://")
    if not mark:
        scheme, mark, rest = "", "", text
    # Everything up to the last @ before the path could be a password, odd characters included.
    end = min((at for at in map(rest.find, "/?#\\") if at >= 0), default=len(rest))
    shown = scheme + mark + rest[:end].rpartition("@")[2] + rest[end:]
    return shown if len(shown) <= 300 else shown[:299] + "…"


def encrypted(url: str) -> str:
    """The same address by https, where it was http."""
    scheme, mark, rest = url.partition("://")
    return f"https://{rest}" if mark and scheme.lower() == "http" else url


def host_of(url: str) -> str:
    """The host in lower case and ASCII (IDN as punycode), without `www.`; "" if there is none.
    However long the rest of the address is: what is allowed of a host is asked by this name.
    """
    plain = _PLAIN_HOST.match(url)
    if plain is not None and len(plain[1]) <= LONGEST_HOST:
        return plain[1].removeprefix("www.")
    scheme, mark, rest = url.strip().partition("://")
    parts = _split(scheme + mark + rest[: _host_end(rest)])
    host = host_in(parts) if parts else None
    return host.removeprefix("www.") if host else ""


def in_ascii(url: str) -> str:
    """The address with its host as punycode, as it will be asked; others as they are."""
    text = url.strip()
    parts = None if text.isascii() else _split(text)
    host = host_in(parts) if parts and "@" not in parts.netloc else None
    if parts is None or host is None or parts.netloc.isascii():
        return url
    port = _port_text(parts, default_ports=())
    return url if port is None else parts._replace(netloc=host + port).geturl()


def may_hold_a_key(url: str) -> bool:
    """Whether an address may be somebody's own: it has parameters, or a part that looks drawn by
    lot. Rather too often than too rarely: nobody can take back what was given away.
    """
    parts = _split(url.strip())
    if parts is None or parts.query or parts.fragment or "@" in parts.netloc:
        return True
    return bool(_DRAWN.search(parts.path))


def mixed_host(url: str) -> str:
    """The host as punycode where it mixes Latin with another script, else "".

    So a name that only looks like a known one is seen to be another (UTS 39, section 5.1).
    """
    host = host_of(url)
    if "xn--" not in host:
        return ""
    try:
        letters = in_letters(host)
    except UnicodeError:
        return host
    return host if re.search("[a-z]", letters) and re.search("[^\x00-\u024f]", letters) else ""


def _host_end(rest: str) -> int:
    """Where the host ends in what stands after `://`."""
    found = _HOST_ENDS.search(rest)
    return found.start() if found else len(rest)


def _without_dots(path: str) -> str:
    parts = path.split("/")
    kept: list[str] = []
    for part in parts:
        if part == "..":
            kept = kept[:1] + kept[1:-1]
        elif part != ".":
            kept.append(part)
    if parts[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)


def _folded_plainly(url: str) -> str | None:
    """As `canonical`, of an address of the usual kind: a name and a path."""
    plain = _PLAIN.fullmatch(url) if len(url) <= LONGEST_HOST else None
    if plain is None or any(map(url.lower().__contains__, _FOLDED_SPECIALLY)):
        return None
    return f"https://{plain_host(plain[1])}{plain[2].rstrip('/') or '/'}"


def _fold(url: str) -> str | None:
    parts = _split(_UNSAFE.sub("", url.strip()))
    if parts is None:
        return None
    host, port = host_in(parts), _port_text(parts, default_ports=(80, 443))
    if host is None or port is None:
        return None
    path = _VISIT_IN_PATH.sub("", _normal_percent(_quoted(parts.path, _PATH_SAFE)))
    if inner := _behind_amp_cache(host, path):
        return inner + (f"?{parts.query}" if parts.query else "")
    path = _without_tails(path).replace(".amp.html", ".html")
    query = _folded_query(_normal_percent(_quoted(parts.query, _QUERY_SAFE)))
    route = _quoted(parts.fragment, _QUERY_SAFE) if parts.fragment.startswith("!") else ""
    found = f"https://{plain_host(host)}{port}{path or '/'}"
    found += (f"?{query}" if query else "") + (f"#{route}" if route else "")
    return found if len(found) <= LONGEST_URL else None


def _without_tails(path: str) -> str:
    """The path without what stands at its end for another form of the page, however often."""
    while True:
        path = path.rstrip("/")
        end = path[-len("/index.html") :].lower()
        tail = next(filter(end.endswith, _TAILS), None)
        if tail is None:
            return path
        path = path[: -len(tail)]


def _split(url: str) -> SplitResult | None:
    if len(url) > LONGEST_URL:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:  # an open bracket, or a host that NFKC turns into another
        return None
    # Browsers read a backslash as the end of the host, others do not: no address is both.
    if parts.scheme not in ("http", "https") or not parts.netloc or "\\" in parts.netloc:
        return None
    return parts


def _port_text(parts: SplitResult, *, default_ports: tuple[int, ...]) -> str | None:
    try:
        port = parts.port
    except ValueError:
        return None
    return "" if port is None or port in default_ports else f":{port}"


def _behind_amp_cache(host: str, path: str) -> str | None:
    if host.endswith(".cdn.ampproject.org"):
        found = _AMP_CACHE.fullmatch(path)
    elif host in ("www.google.com", "google.com"):
        found = _GOOGLE_AMP.fullmatch(path)
    else:
        found = None
    return f"https://{found.group(2)}" if found else None


def _folded_query(query: str) -> str:
    kept = [piece for piece in query.split("&") if piece and not _only_tracks(piece)]
    return "&".join(sorted(kept))


def _only_tracks(piece: str) -> bool:
    name, _, value = piece.partition("=")
    name = name.lower()
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    if name in _VISITS or name.startswith(_VISIT_PREFIXES):
        return True
    if name in _TOKEN_NAMES and _TOKEN.fullmatch(value):
        return True
    if name == "amp" or (name in ("output", "outputtype") and value.lower() == "amp"):
        return True
    return name in _SOMETIMES and _WAYS.fullmatch(value) is not None


def _quoted(text: str, safe: str) -> str:
    """Percent-encodes what may not stand in an address; a `%` that begins no byte as well."""
    return quote(_BARE_PERCENT.sub("%25", text), safe=safe, errors="replace")


def _normal_percent(text: str) -> str:
    def normal(found: re.Match[str]) -> str:
        char = chr(int(found.group(1), 16))
        return char if char in _UNRESERVED else found.group().upper()

    return _PERCENT.sub(normal, text)
