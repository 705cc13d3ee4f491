"""The guard: what may be fetched. Nothing here connects anywhere."""

import asyncio
import ipaddress
import random
import shutil
import socket
import subprocess
import sys

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.feeds.fetching.guard import NOT_ALLOWED, Guard, GuardedResolver
from bot.feeds.fetching.ourselves import Ourselves
from bot.news.text.urls import host_of, target
from bot.news.why import AddressRefused
from tests.feeds.names import Answers

UNSHARE, IP = shutil.which("unshare") or "", shutil.which("ip") or ""

REFUSED_TEXTS = {
    "1": "file:///etc/passwd",
    "2": "gopher://127.0.0.1:6379/_x",
    "3": "ftp://h.example/",
    "4": "data:text/xml,<rss/>",
    "5": "jar:http://x!/",
    "6": "javascript:alert(1)",
    "26": "http://example.com@127.0.0.1/",
    "28": "http://127.0.0.1\\@example.com/",
    "29": "http://example.com:80@127.0.0.1:22/",
    "30 redis": "http://h.example:6379/",
    "30 ssh": "http://h.example:22/",
    "30 smtp": "http://h.example:25/",
    "30 zero": "http://h.example:0/",
    "31": "http://a.b:99999/",
    "32 a": "http:///x",
    "32 b": "http:/127.0.0.1/",
    "32 c": "//h/",
    "33 newline": "http://ex\nample.com/",
    "33 nul": "http://ex%00ample.com/",
    "33 header": "http://h%0d%0aHost:x/",
    "33 blank": "http://exa mple.com/",
    "34": "http://example.com/" + "a" * 100_000,
    "35": "http://user:pass@h.example/feed",
    "empty": "",
    "bracket": "http://[",
    "surrogate": "http://h.example/\ud83d",
}
REFUSED_HOSTS = {
    "7": "127.0.0.1",
    "14": "127。0。0。1",
    "15": "①②⑦.⓪.⓪.①",
    "16": "[::1]",
    "17": "[::ffff:127.0.0.1]",
    "18": "[::127.0.0.1]",
    "19": "[64:ff9b::7f00:1]",
    "20": "[2002:7f00:1::]",
    "21 site-local": "[fec0::1]",
    "21 link-local": "[fe80::1%25lo]",
    "22": "169.254.169.254",
    "23": "[fd00:ec2::254]",
    "24": "100.64.0.1",
    "25 a": "198.18.0.1",
    "25 b": "240.0.0.1",
    "25 c": "255.255.255.255",
    "25 d": "224.0.0.1",
    "teredo": "[2001:0:7f00:1::1]",
    "nat64 local": "[64:ff9b:1::7f00:1]",
    "nat64 metadata": "[64:ff9b::a9fe:a9fe]",
    "siit": "[::ffff:0:7f00:1]",
    "documentation": "[2001:db8::1]",
    "azure": "168.63.129.16",
    "zero": "0.0.0.0",
    "unspecified": "[::]",
    "multicast": "[ff02::1]",
    "unique local": "[fc00::1]",
}


@pytest.mark.parametrize("url", REFUSED_TEXTS.values(), ids=REFUSED_TEXTS)
@pytest.mark.hostile(1, 2, 3, 4, 5, 6, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35)
def test_an_address_refused_by_its_text(url: str) -> None:
    with pytest.raises(AddressRefused) as refusal:
        Guard().check_url(url)
    assert "\n" not in str(refusal.value)
    assert "pass" not in str(refusal.value).replace("password", "")


@pytest.mark.parametrize("host", REFUSED_HOSTS.values(), ids=REFUSED_HOSTS)
@pytest.mark.hostile(7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25)
def test_a_literal_that_is_not_public_is_refused_with_one_message(host: str) -> None:
    with pytest.raises(AddressRefused, match=f"^{NOT_ALLOWED}$"):
        Guard().check_url(f"http://{host}/")


def test_what_one_guard_opens_another_does_not() -> None:
    open_guard, closed = Guard(["10.0.0.0/8", "fd00::/8"]), Guard()
    for host in ("10.0.0.1", "[fd00::1]", "[::ffff:a00:1]"):
        for _ in range(2):  # what is known of an address is kept by the guard that judged it
            assert str(open_guard.check_url(f"http://{host}/")) == f"http://{host}/"
            with pytest.raises(AddressRefused, match=f"^{NOT_ALLOWED}$"):
                closed.check_url(f"http://{host}/")


@pytest.mark.parametrize("host", ["1" * 50_000, f"[fe80::1%25{'a' * 50_000}]", "0." * 20_000 + "1"])
def test_a_host_as_long_as_a_redirect_may_be_is_refused_and_not_remembered(host: str) -> None:
    guard = Guard(["0.0.0.0/0", "::/0"])
    with pytest.raises(AddressRefused):
        guard.check_url(f"http://{host}/", redirected=True)
    assert guard._known.cache_info().currsize == 0


@pytest.mark.hostile(36)
def test_a_host_that_claims_to_be_punycode_and_is_none_is_refused() -> None:
    with pytest.raises(AddressRefused):
        Guard().check_url("https://xn--a.example/")


@pytest.mark.hostile(27)
def test_what_stands_after_the_hash_is_no_host() -> None:
    with pytest.raises(AddressRefused, match=str(NOT_ALLOWED)):
        Guard().check_url("http://127.0.0.1#@example.com/")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/feed",
        "HTTPS://Example.com:8443/feed?a=b#c",
        "http://93.184.215.14/",
        "http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
        "http://[64:ff9b::5db8:d70e]/",
        "https://my_feed.example.com./",
        "https://новости.example/лента",
    ],
)
def test_public_addresses_pass(url: str) -> None:
    assert "#" not in str(Guard().check_url(url))


@pytest.mark.hostile(36)
def test_a_name_in_other_letters_is_fetched_as_punycode() -> None:
    assert Guard().check_url("http://аррӏе.com/").raw_host == "xn--80ak6aa92e.com"


@pytest.mark.parametrize("host", ["faß.de", "βόλος.gr", "münchen.de", "i❤.ws", "ü_b.example"])
def test_a_name_is_fetched_as_the_one_that_links_name(host: str) -> None:
    assert Guard().check_url(f"http://{host}/").raw_host == host_of(f"http://{host}/")


def info(host: str, port: int = 80) -> aiohttp.AddrInfoType:
    if ":" in host:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (host, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))


@pytest.mark.parametrize("host", [h.strip("[]") for h in REFUSED_HOSTS.values() if h.isascii()])
@pytest.mark.hostile(7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 38)
def test_no_socket_is_made_for_an_address_that_is_not_public(host: str) -> None:
    """Whatever name led there, and whatever it answered before"""
    with pytest.raises(AddressRefused, match=f"^{NOT_ALLOWED}$"):
        Guard().socket_factory(info(host.replace("%25", "%")))


@pytest.mark.hostile(44)
def test_no_socket_is_made_for_a_port_off_the_list() -> None:
    with pytest.raises(AddressRefused, match=f"^{NOT_ALLOWED}$"):
        Guard().socket_factory(info("93.184.215.14", 22))
    Guard().socket_factory(info("93.184.215.14")).close()
    Guard().socket_factory(info("2606:2800:21f::1", 8443)).close()


def test_our_table_refuses_whatever_the_standard_library_calls_private() -> None:
    """Two thousand sampled addresses; ours may refuse more, never less."""
    chance = random.Random(20)
    guard = Guard()
    for _ in range(1000):
        for found in (
            ipaddress.IPv4Address(chance.getrandbits(32)),
            ipaddress.IPv6Address(chance.getrandbits(128)),
        ):
            if not found.is_global or found.is_multicast or found.is_reserved:
                with pytest.raises(AddressRefused):
                    guard.socket_factory(info(str(found)))


@pytest.mark.hostile(37)
async def test_half_a_private_answer_is_refused() -> None:
    names = Answers(mixed_example=[["93.184.215.14", "10.0.0.1"]])
    with pytest.raises(AddressRefused, match=f"^{NOT_ALLOWED}$"):
        await GuardedResolver(Guard(), names).resolve("mixed.example", 80)


@pytest.mark.hostile(38)
async def test_a_rebinding_name_is_refused_at_the_second_connect() -> None:
    resolver = GuardedResolver(
        Guard(), Answers(rebind_example=[["93.184.215.14"], ["169.254.169.254"]])
    )
    assert await resolver.resolve("rebind.example", 80)
    with pytest.raises(AddressRefused):
        await resolver.resolve("rebind.example", 80)


@pytest.mark.hostile(8, 9, 10, 11, 12, 13)
async def test_odd_spellings_are_judged_by_what_they_resolve_to() -> None:
    resolver = GuardedResolver(Guard(), aiohttp.ThreadedResolver())
    for host in ("localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0"):
        with pytest.raises((AddressRefused, OSError)):
            await resolver.resolve(host, 80)


def test_an_allowed_block_opens_its_addresses_and_ports() -> None:
    guard = Guard(["10.0.0.0/8", "::1", "fd12::/16"])
    for url in ("http://10.1.2.3:9000/", "http://[::1]:81/", "http://[::ffff:10.0.0.1]/"):
        guard.check_url(url)
    guard.socket_factory(info("10.1.2.3", 9000)).close()
    assert guard.check_url("http://nas.example:9000/feed")
    with pytest.raises(AddressRefused):
        guard.socket_factory(info("93.184.215.14", 9000))
    with pytest.raises(AddressRefused):
        guard.check_url("http://192.168.0.1/")


@pytest.mark.parametrize("host", ["169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254"])
@pytest.mark.hostile(22, 23)
def test_metadata_stays_refused_whatever_is_allowed(host: str) -> None:
    guard = Guard(["0.0.0.0/0", "::/0", "169.254.169.254", "meta.example"])
    with pytest.raises(AddressRefused):
        guard.socket_factory(info(host))
    with pytest.raises(AddressRefused):
        guard.check_answer("meta.example", [host])


async def test_an_allowed_name_opens_only_itself_also_at_the_same_time() -> None:
    guard = Guard(["nas.example"])
    both_connecting = asyncio.Barrier(2)

    async def reach(url: str) -> bool:
        with guard.connecting(guard.check_url(url)):
            await both_connecting.wait()
            try:
                guard.socket_factory(info("10.0.0.5", 80)).close()
            except AddressRefused:
                return False
            return True

    named, stranger = await asyncio.gather(
        reach("http://NAS.example./feed"), reach("http://stranger.example/feed")
    )
    assert named
    assert not stranger
    guard.check_answer("nas.example", ["10.0.0.5"])
    with pytest.raises(AddressRefused):
        guard.check_answer("stranger.example", ["10.0.0.5"])


OURS = Ourselves.at(
    ["https://bell.example/tocsin/websub", "https://Bot.example./hook", None], "0.0.0.0:8443"
)


@pytest.mark.hostile(39)
@pytest.mark.parametrize(
    "url",
    [
        "https://bell.example/tocsin/websub/abc",
        "https://bell.example/feed",
        "http://BELL.example.:8080/",
        "https://bot.example/hook",
    ],
)
def test_our_own_hosts_are_refused_like_private_ones(url: str) -> None:
    with pytest.raises(AddressRefused, match=f"^{NOT_ALLOWED}$"):
        Guard(ourselves=OURS).check_url(url)
    assert Guard().check_url(url)


@pytest.mark.hostile(39)
def test_a_site_beside_us_can_be_allowed_but_never_what_answers_for_us() -> None:
    guard = Guard(["bell.example", "127.0.0.1"], OURS)
    guard.check_url("https://bell.example/feed")
    guard.check_url("https://bell.example/tocsin/websubs")
    for path in (
        "tocsin/websub",
        "tocsin/%77ebsub/x",
        "./tocsin//websub/x",
        "feed/..%2ftocsin/websub",
        "feed/%2e%2e/tocsin/websub/",
        "tocsin%2Fwebsub/x",
        "/tocsin/websub",
        "tocsin/%2577ebsub",
    ):
        with pytest.raises(AddressRefused):
            guard.check_url(f"https://bell.example/{path}")
    guard.socket_factory(info("127.0.0.1", 9000)).close()
    with pytest.raises(AddressRefused), guard.connecting(URL("https://bell.example/feed")):
        guard.socket_factory(info("127.0.0.1", 8443))


@pytest.mark.parametrize(
    ("listen", "address", "bound"),
    [
        ("0.0.0.0:8443", "127.0.0.1", True),
        ("0.0.0.0:8443", "93.184.215.14", False),
        ("[::]:8443", "::1", True),
        ("127.0.0.1:8443", "127.0.0.1", True),
        ("127.0.0.1:8443", "127.0.0.2", False),
        ("localhost:8443", "127.0.0.1", True),
        ("127.0.0.1:8080", "127.0.0.1", False),
    ],
)
def test_where_our_own_server_listens(listen: str, address: str, bound: bool) -> None:
    assert Ourselves.at((), listen).is_bound(ipaddress.ip_address(address), 8443) is bound


MACHINE = """
import ipaddress, socket, sys
from bot.feeds.fetching.guard import Guard
guard = Guard()
for host in sys.argv[1:]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        guard.socket_factory((family, socket.SOCK_STREAM, 6, "", (host, 443))).close()
        print("open")
    except Exception as error:
        print(error)
"""


@pytest.mark.slow
@pytest.mark.hostile(39)
@pytest.mark.skipif(not (UNSHARE and IP), reason="needs unshare and ip")
def test_a_public_address_of_this_machine_is_refused_at_connect_time() -> None:
    """In a network of its own, where a public address is ours and nothing leads outside."""
    script = (
        f"{IP} link set lo up && {IP} addr add 93.184.215.14/32 dev lo && "
        f'exec {sys.executable} -c "$0" 93.184.215.14 93.184.215.15 127.0.0.1'
    )
    found = subprocess.run(
        [UNSHARE, "--net", "--map-root-user", "sh", "-c", script, MACHINE],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    if "unshare" in found.stderr:
        pytest.skip("no network of its own may be made here")
    assert found.stdout.split("\n")[:3] == [str(NOT_ALLOWED), "open", str(NOT_ALLOWED)], (
        found.stderr
    )


@pytest.mark.hostile(44)
def test_a_redirect_to_another_port_is_refused_without_a_reason() -> None:
    with pytest.raises(AddressRefused, match="the port is not one of"):
        Guard().check_url("http://h.example:22/")
    with pytest.raises(AddressRefused, match=f"^{NOT_ALLOWED}$"):
        Guard().check_url("http://h.example:22/", redirected=True)


@pytest.mark.hostile(33, 34)
def test_a_blank_is_escaped_behind_the_host_and_refused_before_it() -> None:
    assert str(Guard().check_url("https://h.example/a b?c d")) == "https://h.example/a%20b?c%20d"
    for url in ("https://h.example /a", "my feed", "https://h.example/a ", " https://h.example/"):
        with pytest.raises(AddressRefused, match="spaces"):
            Guard().check_url(url)


def test_a_redirect_may_lead_to_a_longer_address_than_a_person_may_write() -> None:
    signed = "https://h.example/" + "a" * 60_000
    assert str(Guard().check_url(signed, redirected=True)) == signed
    for url, redirected in ((signed, False), (signed + "a" * 6_000, True)):
        with pytest.raises(AddressRefused, match="longer than"):
            Guard().check_url(url, redirected=redirected)


@given(
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["tide.example", "Tide.example", "tide.example.", "tide.example:443"]),
    st.text(alphabet="ab./~%7eE2?&=+#;-_:@!", max_size=12),
)
def test_path_and_query_are_fetched_as_they_are_written(scheme: str, host: str, end: str) -> None:
    url = f"{scheme}://{host}/{end}"
    checked = Guard().check_url(url)
    path, _, query = target(url).partition("?")
    assert (checked.raw_path, checked.raw_query_string) == (path, query)
    assert (checked.raw_host, checked.raw_fragment) == (URL(url).raw_host, "")


@given(
    st.sampled_from(["http", "https"]),
    st.text(alphabet="ab1.-xn0", max_size=8),
    st.sampled_from(["", ":80", ":443", ":8080", ":0", ":080", ":99999", ":"]),
    st.text(alphabet="ab./~%?&=", max_size=6),
)
def test_a_plain_address_is_read_as_any_parser_reads_it(
    scheme: str, host: str, port: str, end: str
) -> None:
    url = f"{scheme}://{host}{port}/{end}"
    try:
        sent = Guard().check_url(url)
    except AddressRefused:
        return
    whole = URL(url)
    assert (sent.scheme, sent.raw_host, sent.port) == (whole.scheme, whole.raw_host, whole.port)
    assert sent.host_port_subcomponent == whole.host_port_subcomponent
    assert str(URL(str(sent))) == str(whole)


@given(st.text(alphabet="0123456789.:abcdefx%²", max_size=20))
def test_an_allowed_address_is_known_in_every_form_that_is_one(host: str) -> None:
    every = Guard(["0.0.0.0/0", "::/0"])
    try:
        ipaddress.ip_address(host)
    except ValueError:
        assert not every.is_ours(host)
    else:
        assert every.is_ours(host)


def test_what_is_no_name_opens_nothing() -> None:
    guard = Guard(["", " ", "///", "."])
    assert not guard.is_ours("")
    with pytest.raises(AddressRefused):
        guard.socket_factory((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80)))
