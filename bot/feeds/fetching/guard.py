"""Which addresses feeds may be fetched from.

An address is judged twice. `check_url` refuses early what can be seen in the text. The addresses
a connection really uses are judged by `GuardedResolver`, which looks at the whole DNS answer, and
by `socket_factory`, which looks at the one address of the socket about to be made: a name that
changes its answer, a redirect and an odd spelling all meet the same check there. Every refusal of
an address reads the same, so that nobody learns from us what answers inside.

Ranges: the IANA special-purpose address registries (RFC 6890 and successors) and cloud metadata.
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from contextvars import ContextVar, Token
from functools import lru_cache, partial
from types import TracebackType
from typing import NamedTuple

from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.feeds.fetching.ourselves import Ourselves, is_here
from bot.news.text.urls import LONGEST_URL, target
from bot.news.why import AddressRefused, Code, because

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

NOT_ALLOWED = because(Code.NOT_ALLOWED)
PORTS = frozenset({80, 443, 8080, 8443})

LONGEST_PLACE = 64 * 1024  # of a redirect: what is signed at length, in as long a header line
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]|^(?:[^/]*//)?[^/?#]* | \Z")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?")
# What any parser of addresses leaves as it is, unless it resolves dots or puts names into letters.
_PLAIN = re.compile(
    r"https?://(?!xn--|[^/]*\.xn--)[a-z0-9.-]+(?::[1-9][0-9]*)?"
    r"/[A-Za-z0-9/_.~-]*(?:\?[A-Za-z0-9/_.~=&-]+)?"
)

# Answers with the machine's own credentials; no setting opens these.
_METADATA = frozenset(
    map(
        ipaddress.ip_address,
        (
            "169.254.169.254",  # AWS, Google, Azure, DigitalOcean, Oracle
            "169.254.170.2",  # AWS containers
            "169.254.170.23",
            "168.63.129.16",  # Azure's wire server, a public address that means the host
            "100.100.100.200",  # Alibaba
            "192.0.0.192",  # Oracle, older
            "fd00:ec2::254",
            "fd00:ec2::23",
            "fd20:ce::254",  # Google
        ),
    )
)
_REFUSED_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network; reaches loopback on Linux
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",  # IETF protocol assignments
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarking
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
# Of IPv6 only global unicast is open at all, less what is carved out of it.
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # IETF protocol assignments: Teredo, benchmarking, ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, which hides an IPv4 address
            "3ffe::/16",  # the former 6bone
            "3fff::/20",  # documentation
        ),
    )
)
# The well-known NAT64 prefix is how an IPv6-only network reaches IPv4: judged by what is inside.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

_MOST_KNOWN = 2048  # literal addresses; each is judged some five times in a poll
_LONGEST_LITERAL = 128  # with a zone; what is longer is not worth knowing

_connecting_to: ContextVar[str] = ContextVar("connecting_to", default="")


class _Standing(NamedTuple):
    """What is known of an address by its text and the settings alone."""

    address: _Address
    """What stands for it on the wire."""
    is_metadata: bool
    is_open: bool
    is_public: bool


class Guard:
    """Judges addresses; `allowed` are host names, addresses or CIDR blocks open although private.

    A name opens whatever address it has, for itself only: a connection to another name with the
    same address stays refused. `ourselves` is where this instance answers: its hosts, and all
    addresses of this machine, count as private; what answers for us there is never fetched.
    Has no state beyond these two, and asks nobody but this machine.
    """

    def __init__(self, allowed: Sequence[str] = (), ourselves: Ourselves | None = None) -> None:
        self._ourselves = ourselves or Ourselves()
        names: set[str] = set()
        networks: list[_Network] = []
        for item in (item.strip() for item in allowed):
            try:
                networks.append(ipaddress.ip_network(item.strip("[]"), strict=False))
            except ValueError:
                names.add(_folded_name(item))
        self._names = frozenset(names - {""})
        self._networks = tuple(networks)
        self._known = lru_cache(_MOST_KNOWN)(partial(_standing, self._networks))

    def check_url(self, url: str, *, redirected: bool = False) -> URL:
        """The address as it will be fetched: path and query as they are written, no fragment.

        What is returned is what must be fetched: a second parser might see another host. Raises
        AddressRefused, in whose words the address itself does not appear. One that a
        server `redirected` to may be longer, and no more is said of it than that it is not allowed.
        """
        longest = LONGEST_PLACE if redirected else LONGEST_URL
        if len(url) > longest:
            raise AddressRefused(because(Code.ADDRESS_LONG, longest))
        is_plain = _PLAIN.fullmatch(url) is not None
        found = _parsed(url, redirected=redirected) if is_plain else _read(url, redirected)
        host = found.raw_host or ""
        literal = self._literal(host)
        # No name ends in a number (WHATWG URL, section 3.5): this is an address in disguise.
        if literal is None and _NUMBER.fullmatch(host):
            raise AddressRefused(NOT_ALLOWED)
        if literal is None and not _HOST.fullmatch(host):
            raise AddressRefused(because(Code.HOST_UNFIT))
        self._check_host(host, literal, found.port, redirected=redirected)
        sent = found if is_plain and str(found) == url else _as_written(found, url)
        if self._leads_to_us(sent):
            raise AddressRefused(NOT_ALLOWED)
        return sent

    def _check_host(
        self, host: str, literal: _Standing | None, port: int | None, *, redirected: bool
    ) -> None:
        # The port of a name that resolves into an allowed block is judged at connect time.
        named = _folded(host) in self._names
        open_port = port in PORTS or named or (literal is None and self._networks)
        if literal is not None:
            if not self._may_reach(literal):
                raise AddressRefused(NOT_ALLOWED)
            open_port = open_port or literal.is_open
        if not port or not open_port:
            ports = ", ".join(map(str, sorted(PORTS)))
            raise AddressRefused(NOT_ALLOWED if redirected else because(Code.PORT, ports))

    def _leads_to_us(self, url: URL) -> bool:
        if not self._ourselves.public:
            return False
        host = _folded(url.raw_host or "")
        if not self._ourselves.is_named(host):
            return False
        return self._ourselves.answers(url) or not self.is_ours(host)

    def connecting(self, url: URL) -> "_Connecting":
        """Marks the request of this task, so that a name in `allowed` opens only itself.

        A context variable rather than a note by address: two requests at one time, one to an
        allowed name and one to a stranger's name with the same address, must not help each other.
        """
        return _Connecting(_folded(url.raw_host or ""))

    def socket_factory(self, addr_info: AddrInfoType) -> socket.socket:
        """A socket that may be connected to this address, or AddressRefused."""
        family, kind, proto, _, address = addr_info
        found = self._literal(str(address[0]))
        named = _connecting_to.get() in self._names
        if found is None or not self._may_reach(found, named=named):
            raise AddressRefused(NOT_ALLOWED)
        if self._ourselves.is_bound(found.address, address[1]):
            raise AddressRefused(NOT_ALLOWED)
        if address[1] not in PORTS and not named and not found.is_open:
            raise AddressRefused(NOT_ALLOWED)
        return socket.socket(family=family, type=kind, proto=proto)

    def check_answer(self, host: str, addresses: Sequence[str]) -> None:
        """Refuses a DNS answer if one address of it is: half a private answer is an attack."""
        named = self._is_named(host)
        for found in map(self._literal, addresses):
            if found is None or not self._may_reach(found, named=named):
                raise AddressRefused(NOT_ALLOWED)

    def is_ours(self, host: str) -> bool:
        """True if the host, a name or a literal address, is open by `allowed` itself."""
        literal = self._literal(host.strip("[]"))
        return self._is_named(host) or (literal is not None and literal.is_open)

    def _is_named(self, host: str) -> bool:
        return _folded_name(host) in self._names

    def _literal(self, host: str) -> _Standing | None:
        return self._known(host) if len(host) <= _LONGEST_LITERAL else None

    def _may_reach(self, found: _Standing, *, named: bool = False) -> bool:
        if found.is_metadata:
            return False
        # What this machine's addresses are may change, so it is asked each time.
        return named or found.is_open or (found.is_public and not is_here(found.address))


class _Connecting:
    """What a request leads to, while its block lasts; see `Guard.connecting`."""

    __slots__ = ("_host", "_token")

    def __init__(self, host: str) -> None:
        self._host = host

    def __enter__(self) -> None:
        token: Token[str] = _connecting_to.set(self._host)
        self._token = token

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _connecting_to.reset(self._token)


class GuardedResolver(AbstractResolver):
    """A resolver whose answers were judged as a whole by `guard`."""

    def __init__(self, guard: Guard, resolver: AbstractResolver) -> None:
        self._guard = guard
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """As aiohttp's; raises AddressRefused, or OSError where the name is unknown."""
        answer = await self._resolver.resolve(host, port, family)
        self._guard.check_answer(host, [entry["host"] for entry in answer])
        return answer

    async def close(self) -> None:
        """Closes the resolver beneath."""
        await self._resolver.close()


def _read(url: str, redirected: bool) -> URL:
    """The parts of an address that has a host to be judged. Raises AddressRefused."""
    if _UNFIT.search(url):
        raise AddressRefused(because(Code.ADDRESS_UNFIT))
    found = _parsed(url, encoded=False, redirected=redirected)
    if found.scheme not in ("http", "https"):
        raise AddressRefused(because(Code.SCHEME))
    if not found.raw_host or not url.lower().startswith(("http://", "https://")):
        raise AddressRefused(because(Code.NO_HOST))
    if found.raw_user is not None or found.raw_password is not None or "@" in found.authority:
        raise AddressRefused(because(Code.CREDENTIALS))
    return found


def _parsed(url: str, *, encoded: bool = True, redirected: bool) -> URL:
    try:
        found = URL(url, encoded=encoded)
        # Read late: each may say that it cannot be.
        _ = found.raw_host, found.port, encoded or found.authority
    except ValueError as error:
        code = Code.REDIRECTS_NOWHERE if redirected else Code.ADDRESS_UNREADABLE
        raise AddressRefused(because(code)) from error
    return found


def _as_written(judged: URL, text: str) -> URL:
    """The address that was judged, with path and query as the text has them: yarl decodes and
    recases what it parses, and a signed address is another one then.
    """
    sent = URL(f"{judged.origin()}{target(text)}", encoded=True)
    if (sent.raw_host, sent.port) != (judged.raw_host, judged.port):
        raise AddressRefused(because(Code.ADDRESS_UNREADABLE))
    return sent


def _standing(networks: Sequence[_Network], host: str) -> _Standing | None:
    """What is known of a literal address; None for what is none."""
    if ":" not in host and not host[-1:].isdigit():
        return None  # no address ends so, and to be told so by an error takes longer
    try:
        address = _unwrapped(ipaddress.ip_address(host.replace("%25", "%")))
    except ValueError:
        return None
    is_open = any(address in network for network in networks)
    return _Standing(address, address in _METADATA, is_open, _is_public(address))


def _unwrapped(address: _Address) -> _Address:
    """The IPv4 address that an IPv6 one stands for on the wire, else the address without zone."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return ipaddress.IPv6Address(int(address))


def _is_public(address: _Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    return address in _OPEN_V6 and not any(address in network for network in _REFUSED_V6)


def _folded(host: str) -> str:
    """The host of an address that was read, as names in `allowed` are compared."""
    return host.rstrip(".").lower()


def _folded_name(name: str) -> str:
    """As `_folded`, of a name as somebody wrote it."""
    if _HOST.fullmatch(name):
        return _folded(name)
    try:
        return _folded(URL(f"http://{name.strip()}/").raw_host or "")
    except ValueError:
        return ""
