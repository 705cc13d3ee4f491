"""Each case of `cases` as something to try on the real parts, with what must come of it.

An address, or what a server answers; the error that a person then reads, or what a feed shows.
"""

import gzip
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.feeds.check import FeedCheck
from bot.feeds.fetching.guard import NOT_ALLOWED
from bot.news.polling.parsed import ParsedFeed

TOWN = "http://town.example:{port}/{path}"  # is our server, and stands for any public one
REFUSED = str(NOT_ALLOWED)
BROKEN = ("not proper HTTP", "closed the connection", "too early")
ANY = ("",)
Shows = Callable[[ParsedFeed], bool]


@dataclass(frozen=True)
class Try:
    """One variant of a case. `pieces` gives the bytes a server sends, HTTP head and all; `says`
    are errors of which one must be told; None where a feed must be read, as `shows` has it.
    `drips` is a pause in seconds between pieces; `heavy` keeps the parser busy to its deadline.
    """

    case: int
    name: str
    says: tuple[str, ...] | None = None
    address: str = TOWN
    pieces: Callable[[], Iterator[bytes]] | None = None
    shows: Shows = lambda feed: True
    drips: float = 0.0
    heavy: bool = False

    @property
    def id(self) -> str:
        """How tests and tables call it."""
        return f"{self.case} {self.name}".strip()

    def is_safe(self, found: FeedCheck) -> bool:
        """Whether this is the answer that must come of it."""
        if self.says is None:
            return found.feed is not None and self.shows(found.feed)
        if found.error is None:
            return self.says == ANY
        return any(part in found.error for part in self.says) and "\n" not in found.error


def _refused(case: int, *addresses: str, says: str = REFUSED) -> list[Try]:
    return [Try(case, url[:40], (says,), url) for url in addresses]


def _answer(body: bytes = b"", head: str = "", status: str = "200 OK") -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{head}\r\n"
    ).encode() + body


def _served(
    case: int, name: str, body: bytes | Callable[[], bytes],
    says: tuple[str, ...] | str | None = None,
    *, head: str = "", status: str = "200 OK", shows: Shows = lambda feed: True,
    heavy: bool = False,
) -> Try:  # fmt: skip
    def pieces() -> Iterator[bytes]:
        yield _answer(body if isinstance(body, bytes) else body(), head, status)

    wanted = (says,) if isinstance(says, str) else says
    return Try(case, name, wanted, TOWN, pieces, shows, heavy=heavy)


def _raw(case: int, name: str, says: tuple[str, ...], *pieces: bytes, drips: float = 0.0) -> Try:
    return Try(case, name, says, TOWN, lambda: iter(pieces), drips=drips)


def rss(inner: str, *, top: str = "") -> bytes:
    """An RSS document."""
    text = f'<?xml version="1.0" encoding="utf-8"?>{top}<rss version="2.0"><channel>'
    text += f"<title>Pier Post</title>{inner}</channel></rss>"
    return text.encode("utf-8", "surrogatepass")


def item(inner: str) -> bytes:
    """An RSS document of one item with this inside."""
    return rss(f"<item>{inner}</item>")


def _titled(title: str) -> Shows:
    return lambda feed: [entry.title for entry in feed.entries] == [title]


def _without(*parts: str) -> Shows:
    def shows(feed: ParsedFeed) -> bool:
        text = "".join(f"{e.title}{e.summary}{e.link}" for e in feed.entries)
        return len(text) < 10_000 and not any(part in text for part in parts)

    return shows


def _bomb(mebibytes: int) -> bytes:
    """So much of nothing in a thousandth of it."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(mebibytes):
        check = zlib.crc32(bytes(1 << 20), check)
    head, end = b"\x1f\x8b\x08\0\0\0\0\0\2\xff", b"\x03\x00"
    return head + block * mebibytes + end + struct.pack("<II", check, mebibytes << 20)


def _endless() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    while True:
        yield b"10000\r\n" + b"x" * 65_536 + b"\r\n"


ADDRESSES = [
    *_refused(1, "file:///etc/passwd", says="only http and https"),
    *_refused(2, "gopher://127.0.0.1:6379/_x", says="only http and https"),
    *_refused(3, "ftp://h/", says="only http and https"),
    *_refused(4, "data:text/xml,<rss/>", says="only http and https"),
    *_refused(5, "jar:http://x!/", says="only http and https"),
    *_refused(6, "javascript:alert(1)", says="only http and https"),
    *_refused(7, "http://127.0.0.1/"),
    *_refused(8, "http://localhost/", "http://localhost./"),
    *_refused(9, "http://2130706433/"),
    *_refused(10, "http://0x7f000001/"),
    *_refused(11, "http://0177.0.0.1/"),
    *_refused(12, "http://127.1/"),
    *_refused(13, "http://0/"),
    *_refused(14, "http://127。0。0。1/"),
    *_refused(15, "http://①②⑦.⓪.⓪.①/"),
    *_refused(16, "http://[::1]/"),
    *_refused(17, "http://[::ffff:127.0.0.1]/"),
    *_refused(18, "http://[::127.0.0.1]/"),
    *_refused(19, "http://[64:ff9b::7f00:1]/"),
    *_refused(20, "http://[2002:7f00:1::]/"),
    *_refused(21, "http://[fec0::1]/", "http://[fe80::1%25lo]/"),
    *_refused(22, "http://169.254.169.254/latest/meta-data/"),
    *_refused(23, "http://[fd00:ec2::254]/"),
    *_refused(24, "http://100.64.0.1/"),
    *_refused(25, *(f"http://{a}/" for a in ("198.18.0.1", "240.0.0.1", "255.255.255.255",
                                             "224.0.0.1"))),
    *_refused(26, "http://example.com@127.0.0.1/", says="user name or password"),
    *_refused(27, "http://127.0.0.1#@example.com/"),
    *_refused(28, "http://127.0.0.1\\@example.com/", says="backslashes"),
    *_refused(29, "http://example.com:80@127.0.0.1:22/", says="user name or password"),
    *_refused(30, "http://h.example:6379/", "http://h.example:22/", "http://h.example:25/",
              says="the port is not one of"),
    *_refused(31, "http://a.b:99999/", says="cannot be read"),
    *_refused(32, "http:///x", "http:/127.0.0.1/", says="the address names no site"),
    *_refused(33, "http://ex\nample.com/", says="control characters"),
    *_refused(33, "http://ex%00ample.com/", "http://h%0d%0aHost:x/", says="the address "),
    *_refused(34, "http://h.example/" + "a" * 100_000, says="longer than"),
    *_refused(35, "http://user:hunter2@h.example/feed", says="user name or password"),
    *_refused(36, "http://аррӏе.example/", says="could not be looked up"),
    *_refused(37, "http://mixed.example/"),
    *_refused(38, "http://rebinding.example/"),
    *_refused(39, "https://bell.example/websub/abc", "http://bell.example:8080/feed",
              "https://BELL.example./", "http://alias.example:8443/"),
    _served(40, "", b"", REFUSED, head="Location: http://127.0.0.1/\r\n", status="302 Found"),
    _served(40, "by name", b"", REFUSED, head="Location: http://inside.example/\r\n",
            status="301 Moved"),
    _served(41, "", b"", "only http and https", head="Location: file:///etc/passwd\r\n",
            status="302 Found"),
    _served(42, "in a circle", b"", "in a circle", head="Location: ?\r\n", status="302 Found"),
    _served(42, "thirty hops", b"", "redirects more than 5 times", head="Location: next\r\n",
            status="302 Found"),
    _served(44, "", b"", REFUSED, head="Location: http://public.example:22/\r\n",
            status="302 Found"),
]  # fmt: skip

_GZIP = "Content-Encoding: gzip\r\n"
GOOD = item("<title>Tide turns</title><guid>t1</guid><link>https://pier.example/t1</link>")
_LOGIN = b"<!doctype html><html><head><title>Log in</title></head><body><form></form></body></html>"
_LATER = "Retry-After: {}\r\n"

ANSWERS = [
    _served(45, "", lambda: _bomb(200), "larger than", head=_GZIP),
    _served(46, "", lambda: gzip.compress(_bomb(200)), "more than once",
            head="Content-Encoding: gzip, gzip\r\n"),
    _served(47, "brotli", b"\x0b\x02\x80abc\x03", "not asked for", head="Content-Encoding: br\r\n"),
    _served(47, "zstd", b"(\xb5/\xfd\0", "not asked for", head="Content-Encoding: zstd\r\n"),
    _served(48, "", gzip.compress(GOOD)[:-9], "too early", head=_GZIP),
    _served(48, "in its head", gzip.compress(GOOD)[:5], "too early", head=_GZIP),
    _served(49, "", GOOD, "compression is damaged", head=_GZIP),
    _served(49, "unsaid", gzip.compress(GOOD), ANY),
    Try(50, "", ("larger than",), pieces=_endless),
    _raw(51, "", ("no answer within",), b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n",
         *[b"x"] * 1000, drips=0.05),
    _raw(51, "in the head", ("no answer within",), b"HTTP/1.1 200 OK\r\nX: ", *[b"x"] * 1000,
         drips=0.05),
    _raw(52, "long", BROKEN, b"HTTP/1.1 200 OK\r\nX: ", *[b"a" * 65_536] * 160, b"\r\n\r\n"),
    _raw(52, "many", BROKEN, b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 10_000, b"\r\n"),
    _raw(53, "smaller", ANY, b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + GOOD),
    _raw(53, "larger", ("too early",), b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + GOOD),
    _raw(53, "two", BROKEN, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 8\r\n\r\n"),
    _raw(54, "junk", BROKEN, GOOD),
    _raw(54, "TLS alert", BROKEN, b"\x15\x03\x01\x00\x02\x02\x28"),
    _served(55, "", b"", "empty"),
    _served(55, "blanks", b" \r\n", "empty"),
    _served(56, "", _LOGIN, "it is a web page, not a feed"),
    _served(57, "", b"", "without being asked", status="304 Not Modified"),
    _served(58, "9999", b"", "come back in 86400 s", status="503 Unavailable",
            head=_LATER.format("Fri, 31 Dec 9999 23:59:59 GMT")),
    _served(58, "negative", b"", "come back in 60 s", status="429 Slow down",
            head=_LATER.format("-5")),
    _served(59, "", b"", "410 Gone", status="410 Gone"),
    _served(60, "", GOOD, head="Cache-Control: max-age=31536000\r\n", shows=_titled("Tide turns")),
]  # fmt: skip

_LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
_NUMBERED = b" ".join(b"a%d='1'" % n for n in range(100_000))
# Many tags, each with fewer attributes than are refused at sight, nested without end.
_UNDER_THE_LIMIT = (
    b"<rss><channel><item>"
    + (b"<a " + b" ".join(b"b%d='1'" % n for n in range(250)) + b">") * 1500
    + b"</item></channel></rss>"
)
_TWO_HALVES = "<title>a&#xD83D;b</title>"
_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>'

DOCUMENTS = [
    _served(61, "passwd", b"/etc/passwd", "it is not a feed"),
    _served(61, "zero", b"/dev/zero", "it is not a feed"),
    _served(62, "", rss("<item><title>&l9;</title></item>",
                        top=f'<!DOCTYPE r [<!ENTITY l0 "lol">{_LAUGHS}]>'),
            shows=_without("lollol")),
    _served(63, "", rss(f"<item><title>{'&a;' * 10_000}</title></item>",
                        top=f'<!DOCTYPE r [<!ENTITY a "{"a" * 50_000}">]>'), shows=_without()),
    _served(64, "file", rss("<item><title>[&x;]</title></item>",
                            top='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
            shows=_without("root:")),
    _served(64, "address", rss("<item><title>[&x;]</title></item>",
                               top='<!DOCTYPE r [<!ENTITY x SYSTEM "http://127.0.0.1/">]>'),
            shows=_without("html")),
    _served(65, "", rss("<item><title>Kept</title></item>",
                        top='<!DOCTYPE rss SYSTEM "http://169.254.169.254/x.dtd">'),
            shows=_titled("Kept")),
    _served(66, "", b"<rss><a " + _NUMBERED + b">", "hundreds of attributes"),
    _served(66, "UTF-16", (b"<rss><a " + _NUMBERED + b">").decode().encode("utf-16"),
            "hundreds of attributes"),
    _served(66, "under the limit", _UNDER_THE_LIMIT, ANY, heavy=True),
    _served(67, "", lambda: item(f"<title>Kept</title><description>{'&lt;b&gt;' * 200_000}x"
                                 "</description>"), shows=_titled("Kept")),
    _served(67, "blocks", lambda: item("<title>Kept</title><description>"
                                       f"{'&lt;div&gt;' * 200_000}x</description>"),
            shows=_titled("Kept")),
    _served(68, "", lambda: rss("<a>" * 100_000), ANY, heavy=True),
    _served(68, "closed", lambda: item("<a>" * 100_000 + "</a>" * 100_000), ANY,
            heavy=True),
    _served(69, "", rss("<item><title><![CDATA[half")),
    _served(70, "control", item("<title>T\x00\x01\x0bide</title>"), shows=_titled("T ide")),
    _served(70, "random", bytes(range(256)) * 400, ANY),
    _served(70, "NULs", bytes(100_000), "empty"),
    *[_served(71, label, item("<title>Plain</title>").replace(b"utf-8", label.encode()),
              shows=_titled("Plain")) for label in ("utf-16", "utf-7", "koi8-x", "idna")],
    _served(71, "UTF-16 without a mark", item("<title>Naïve</title>").decode().encode("utf-16-le"),
            shows=_titled("Naïve")),
    _served(72, "", item(_TWO_HALVES), shows=_titled("a�b")),
    _served(73, "deep", b'{"items":' + b"[" * 1_000_000, "its JSON is damaged"),
    _served(73, "number", b'{"version":"https://jsonfeed.org/version/1","items":[{"id":'
            + b"9" * 4_000_000 + b',"title":"Kept"}]}', shows=_titled("Kept")),
    _served(73, "NaN, double keys", b'{"version":"https://jsonfeed.org/version/1","items":'
            b'[{"id":NaN,"id":"b","title":"a","title":"Kept","date_published":NaN}]}',
            shows=_titled("Kept")),
    _served(74, "Atom inside", rss(f"<item><title>Kept</title></item>{_ATOM}"),
            shows=lambda feed: feed.entries[0].title == "Kept"),
    _served(74, "two roots", rss("<item><title>Kept</title></item>") + _ATOM.encode(),
            shows=lambda feed: feed.entries[0].title == "Kept"),
]  # fmt: skip


def _titles(*pairs: tuple[int, str, str]) -> list[Try]:
    return [
        _served(case, written[:20], item(f"<title>{written}</title>"), shows=_titled(read))
        for case, written, read in pairs
    ]


def _dated(case: int, date: str, seconds: float | None) -> Try:
    return _served(
        case,
        date[:20],
        item(f"<title>T</title><pubDate>{date}</pubDate>"),
        shows=lambda feed: feed.entries[0].published == seconds,
    )


def _ids(*inner: str) -> bytes:
    return rss("".join(f"<item><title>T</title>{one}</item>" for one in inner))


_DIRECTIONS = "\u202e\u2066\u2069\u200f"
_LONG_ID = "<guid isPermaLink='false'>" + "a" * 100_000
TEXTS = [
    *_titles(
        (75, "&lt;script&gt;alert(1)&lt;/script&gt;Safe", "Safe"),
        (75, "&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        (75, "&amp;lt; sign", "< sign"),
        (75, "<![CDATA[a]]]]><![CDATA[>b]]>", "a]]>b"),
        (75, "Rain &amp;amp;amp; wind", "Rain &amp; wind"),
        (76, "", ""), (76, "  \n ", ""), (76, "&#x200b;\u200d\ufeff", ""),
        (77, f"{_DIRECTIONS}left{_DIRECTIONS}", "left"),
        (77, "hid\u200dden", "hidden"),
        (77, "x" + "\u0316" * 1000, "x" + "\u0316" * 4),
        (78, "/stop @admin #x $AAPL 12:30 README.md", "/stop @admin #x $AAPL 12:30 README.md"),
        (82, "😀", "😀"),
    ),
    _served(76, "1 MB", lambda: item(f"<title>{'long ' * 200_000}</title>"),
            shows=lambda feed: len(feed.entries[0].title) <= 500
            and feed.entries[0].title.endswith("…")),
    *[_served(79, link[:20], item(f"<title>Kept</title><link>{link}</link>"),
              shows=lambda feed: (feed.entries[0].title, feed.entries[0].link) == ("Kept", None))
      for link in ("javascript:alert(1)", "tg://user?id=1", "https://h.example/" + "a" * 5000,
                   "http://me:hunter2@h.example/", "http://[", "https://h.example\\@x/")],
    _served(79, "quotes", item("<title>T</title><link>https://h.example/\"&lt;'a\nb</link>"),
            shows=lambda feed: all(c not in str(feed.entries[0].link) for c in "\"<\n")),
    _served(79, "relative", item("<title>T</title><link>/a</link>"),
            shows=lambda feed: str(feed.entries[0].link).startswith("http://town.example")),
    _served(80, "missing", _ids("", "<guid></guid>", "<guid> </guid>"),
            shows=lambda feed: [entry.id for entry in feed.entries] == [None] * 3),
    _served(80, "equal", _ids("<guid>a</guid>", "<guid>a</guid>"),
            shows=lambda feed: len(feed.entries) == 2),
    _served(80, "endless", _ids(f"{_LONG_ID}b</guid>", f"{_LONG_ID}c</guid>"),
            shows=lambda feed: len({entry.id for entry in feed.entries}) == 2
            and all(len(str(entry.id)) < 100 for entry in feed.entries)),
    _served(80, "case", _ids("<guid>Ab</guid>", "<guid>aB</guid>"),
            shows=lambda feed: len({entry.id for entry in feed.entries}) == 2),
    _dated(81, "", None), _dated(81, "Sun, 31 Feb 2027 10:00:00 GMT", None),
    _dated(81, "10000-01-01T00:00:00Z", None), _dated(81, "2100-01-01T00:00:00Z", 4_102_444_800.0),
    _dated(81, "Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
    _dated(81, "Wed, 29 Oct 2025 14:58:20 +9900", 1_761_749_900.0),
    _served(82, "fifty alike", rss("<item><title>Same again</title></item>" * 50),
            shows=lambda feed: len(feed.entries) == 50),
    _served(82, "at the limit", lambda: item(
        f"<title>{'👩‍🚀' * 2000}</title><description>{'🇳🇴&amp;amp;' * 2000}</description>"),
        shows=lambda feed: feed.entries[0].title.endswith("👩‍🚀…")),
]  # fmt: skip

TRIES = [*ADDRESSES, *ANSWERS, *DOCUMENTS, *TEXTS]
