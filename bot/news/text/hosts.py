"""Hosts of addresses: as they are registered, as people read them, and without what names a form of
their site.
"""

import re
from urllib.parse import SplitResult

LONGEST_HOST = 253

_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")
_IPV6 = re.compile(r"\[[0-9a-f:.]+\]")


def host_in(parts: SplitResult) -> str | None:
    """The host in lower case and ASCII (IDN as punycode); None where it is none."""
    try:
        host = (parts.hostname or "").rstrip(".")
        if ":" in host:
            host = f"[{host}]"
        elif not host.isascii() and len(host) <= LONGEST_HOST:
            host = _in_punycode(host).lower()
    except (UnicodeError, ValueError):
        return None
    fits = _IPV6.fullmatch(host) or (len(host) <= LONGEST_HOST and _HOST.fullmatch(host))
    return host if fits else None


def _in_punycode(host: str) -> str:
    """A name as it is registered, by the rules that browsers and `URL` of yarl have (IDNA 2008 as
    UTS 46 prepares it): the older ones of Python make `fass` of `faß`, which is somebody else's.
    They know what is registered against the rules, such as signs. Raises UnicodeError.
    """
    import idna  # with the first such name: few have one

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        return host.encode("idna").decode("ascii")


def in_letters(host: str) -> str:
    """A name in punycode as people read it. Raises UnicodeError."""
    import idna

    try:
        return idna.decode(host)
    except UnicodeError:
        return host.encode().decode("idna")


def plain_host(host: str) -> str:
    """The host without the prefixes that name a form of the site, never below two labels."""
    while True:
        first, _, rest = host.partition(".")
        if first not in ("www", "m", "mobile", "amp") or "." not in rest:
            break
        host = rest
    # Wikipedia puts the mobile label in the middle.
    return host.replace(".m.wikipedia.org", ".wikipedia.org")
