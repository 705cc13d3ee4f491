"""The guard: what may be fetched. Nothing here connects anywhere."""

import asyncio
import ipaddress
import random
import socket

import aiohttp
import pytest

from bot.errors import AddressRefused
from bot.feeds.guard import NOT_ALLOWED, Guard, GuardedResolver
from tests.feeds.names import Answers

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
def test_an_address_refused_by_its_text(url: str) -> None:
    """hostile 1-6, 26-35"""
    with pytest.raises(AddressRefused) as refusal:
        Guard().check_url(url)
    assert "\n" not in str(refusal.value)
    assert "pass" not in str(refusal.value).replace("password", "")


@pytest.mark.parametrize("host", REFUSED_HOSTS.values(), ids=REFUSED_HOSTS)
def test_a_literal_that_is_not_public_is_refused_with_one_message(host: str) -> None:
    """hostile 7-25"""
    with pytest.raises(AddressRefused, match=f"^{NOT_ALLOWED}$"):
        Guard().check_url(f"http://{host}/")


def test_what_stands_after_the_hash_is_no_host() -> None:
    """hostile 27"""
    with pytest.raises(AddressRefused, match=NOT_ALLOWED):
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


def test_a_name_in_other_letters_is_fetched_as_punycode() -> None:
    """hostile 36"""
    assert Guard().check_url("http://аррӏе.com/").raw_host == "xn--80ak6aa92e.com"


def info(host: str, port: int = 80) -> aiohttp.AddrInfoType:
    if ":" in host:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (host, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))


@pytest.mark.parametrize("host", [h.strip("[]") for h in REFUSED_HOSTS.values() if h.isascii()])
def test_no_socket_is_made_for_an_address_that_is_not_public(host: str) -> None:
    """hostile 7-25, 38: whatever name led there, and whatever it answered before"""
    with pytest.raises(AddressRefused, match=f"^{NOT_ALLOWED}$"):
        Guard().socket_factory(info(host.replace("%25", "%")))


def test_no_socket_is_made_for_a_port_off_the_list() -> None:
    """hostile 44"""
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


async def test_half_a_private_answer_is_refused() -> None:
    """hostile 37"""
    names = Answers(mixed_example=[["93.184.215.14", "10.0.0.1"]])
    with pytest.raises(AddressRefused, match=f"^{NOT_ALLOWED}$"):
        await GuardedResolver(Guard(), names).resolve("mixed.example", 80)


async def test_a_rebinding_name_is_refused_at_the_second_connect() -> None:
    """hostile 38"""
    resolver = GuardedResolver(
        Guard(), Answers(rebind_example=[["93.184.215.14"], ["169.254.169.254"]])
    )
    assert await resolver.resolve("rebind.example", 80)
    with pytest.raises(AddressRefused):
        await resolver.resolve("rebind.example", 80)


async def test_odd_spellings_are_judged_by_what_they_resolve_to() -> None:
    """hostile 8-13"""
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
def test_metadata_stays_refused_whatever_is_allowed(host: str) -> None:
    """hostile 22, 23"""
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
