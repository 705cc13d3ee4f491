"""Where this instance itself answers: no feed is read from there.

A feed at our own address would let a stranger make us call ourselves: our web hook, the paths that
hubs call, our figures, or whatever else listens beside us and trusts this machine.
"""

import ipaddress
import socket
from collections.abc import Iterable
from posixpath import normpath
from typing import Self
from urllib.parse import unquote

from msgspec import Struct
from yarl import URL

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NOBODYS = {socket.AF_INET: "192.0.2.77", socket.AF_INET6: "2001:db8::77"}  # documentation


class Ourselves(Struct, frozen=True):
    """Our public addresses, and the address and port that our own server binds, if it does."""

    public: tuple[URL, ...] = ()
    listen: tuple[str, int] | None = None

    @classmethod
    def at(cls, public: Iterable[str | None], listen: str | None = None) -> Self:
        """From web addresses and `host:port`, as the settings have them; None is left out."""
        host, _, port = (listen or "").rpartition(":")
        return cls(
            tuple(URL(url) for url in public if url),
            (host.strip("[]").lower(), int(port)) if listen else None,
        )

    def is_named(self, host: str) -> bool:
        """Whether the host is that of one of our public addresses."""
        return any((url.raw_host or "").rstrip(".").lower() == host for url in self.public)

    def answers(self, url: URL) -> bool:
        """Whether the address, whose host is one of ours, leads to what answers for us there."""
        return any(
            url.port == own.port and _is_under(_meant(url.raw_path), _meant(own.raw_path))
            for own in self.public
            if (own.raw_host or "").rstrip(".").lower() == (url.raw_host or "").rstrip(".").lower()
        )

    def is_bound(self, address: _Address, port: int) -> bool:
        """Whether our own server listens there."""
        if self.listen is None or port != self.listen[1]:
            return False
        host = self.listen[0]
        try:
            bound = ipaddress.ip_address(host)
        except ValueError:
            return address.is_loopback or is_here(address)
        if bound.is_unspecified:
            return address.is_loopback or address.is_unspecified or is_here(address)
        return address in (bound, ipaddress.ip_address("0.0.0.0"))  # noqa: S104  (nothing is bound)


def is_here(address: _Address) -> bool:
    """Whether the address is one of this machine's own. Sends nothing."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    if not _can_bind(family, str(address)):
        return False
    if not _can_bind(family, _NOBODYS[family]):
        return True
    # Some routers may bind any address (ip_nonlocal_bind): what would we send from, then?
    with socket.socket(family, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect((str(address), 9))
        except OSError:
            return False
        return str(asked.getsockname()[0]) == str(address)


def _can_bind(family: socket.AddressFamily, address: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as tried:
            tried.bind((address, 0))
    except OSError:
        return False
    return True


def _meant(path: str) -> str:
    """A path as some server might understand it, however it is escaped and wherever its dots lead:
    addresses go out as they are written.
    """
    for _ in range(3):
        path = unquote(path)
    return normpath("/" + path.replace("\\", "/").lstrip("/"))


def _is_under(path: str, own: str) -> bool:
    own = own.rstrip("/")
    return path == own or path.startswith(own + "/")
