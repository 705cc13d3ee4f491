"""Addresses: what counts as the same article, what may be shown, what may be logged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.text.urls import (
    LONGEST_URL,
    canonical,
    clean_link,
    feed_form,
    host_of,
    in_ascii,
    joined,
    may_hold_a_key,
    mixed_host,
    without_credentials,
)

SAME = "https://example.com/news/storm?id=7"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/news/storm?id=7",
        "https://www.example.com/news/storm/?id=7",
        "HTTPS://WWW.EXAMPLE.COM:443/news/storm?id=7#comments",
        "http://m.example.com:80/news/storm?id=7",
        "https://amp.example.com/news/storm?id=7",
        "https://example.com/news/storm/amp/?id=7",
        "https://example.com/news/storm.amp?id=7",
        "https://example.com/news/storm?amp=1&id=7",
        "https://example.com/news/storm?outputType=amp&id=7",
        "https://www.google.com/amp/s/www.example.com/news/storm?id=7",
        "https://example-com.cdn.ampproject.org/c/s/example.com/news/storm?id=7",
        "https://example.com/news/storm?utm_source=rss&id=7&utm_medium=feed",
        "https://example.com/news/storm?id=7&fbclid=abc&gclid=x&ocid=y&cmpid=z",
        "https://example.com/news/storm?at_medium=RSS&at_campaign=KARANGA&id=7",
        "https://example.com/news/storm?id=7&ref=rss",
        "https://example.com/news/storm?id=7&mod=rss_markets",
        "https://example.com/news/st%6Frm?id=7",
        "https://example.com/news/storm;jsessionid=0A1B2C3D?id=7",
        "https://example.com/(S(lit3py55t21z5v55vlm25s55))/news/storm?id=7",
        "https://example.com/news/storm?PHPSESSID=2f5d8c1a&id=7",
        "https://example.com/news/storm?id=7&sid=9f86d081884c7d659a2feaa0c55ad015",
        "https://example.com/news/storm?id=7&_=1763843000",
        " https://example.com/news/storm?id=7\n",
        "https://example.com./news/storm?&id=7&",
    ],
)
def test_forms_of_one_address_are_one(url: str) -> None:
    assert canonical(url) == SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a", "https://example.com/b"),
        ("https://example.com/?p=1", "https://example.com/?p=2"),
        ("https://example.com/a?ref=main", "https://example.com/a"),
        ("https://example.com/a#!/one", "https://example.com/a#!/two"),
        ("https://example.com/A", "https://example.com/a"),
        ("https://example.com:8080/a", "https://example.com/a"),
        ("https://news.example.com/a", "https://example.com/a"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/article?sid=123", "https://example.com/article?sid=124"),
        ("https://e.com/a?session=5f2b6c1d8e9a4b0012345678", "https://e.com/a"),
        ("https://example.com/?s=long-words-of-a-search", "https://example.com/"),
        ("https://example.com/a;page=2", "https://example.com/a"),
    ],
)
def test_different_articles_stay_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_the_order_of_parameters_does_not_matter() -> None:
    assert canonical("https://e.com/?b=2&a=1") == canonical("https://e.com/?a=1&b=2")


def test_a_host_keeps_two_labels() -> None:
    assert canonical("https://m.com/x") == "https://m.com/x"
    assert canonical("https://en.m.wikipedia.org/wiki/X") == "https://en.wikipedia.org/wiki/X"


def test_names_in_other_scripts_become_ascii() -> None:
    assert canonical("http://пример.рф/новость") == (
        "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C"
    )


# As browsers have them; the older rules make another's name of some.
NAMES = {
    "faß.de": "xn--fa-hia.de",
    "Straße.example": "xn--strae-oqa.example",
    "βόλος.gr": "xn--nxasmm1c.gr",
    "نامه\u200cای.com": "xn--mgba3gch31f060k.com",
    "münchen.de": "xn--mnchen-3ya.de",
    "ＭÜNCHEN。de": "xn--mnchen-3ya.de",
    "i❤.ws": "xn--i-7iq.ws",
    "☃.net": "xn--n3h.net",
    "über_uns.example": "xn--ber_uns-m2a.example",
}


@pytest.mark.parametrize(("written", "registered"), NAMES.items())
def test_a_name_leads_to_whom_it_is_registered_for(written: str, registered: str) -> None:
    assert host_of(f"https://{written}/feed") == registered
    assert canonical(f"https://{written}/feed") == f"https://{registered}/feed"
    assert feed_form(f"https://{written}/feed") == f"https://{registered}/feed"
    assert in_ascii(f"https://{written}/feed") == f"https://{registered}/feed"
    shown = clean_link(f"https://{written}/feed")
    assert shown == f"https://{registered}/feed"
    assert clean_link(shown) == shown


NOT_WEB = [
    "",
    "ftp://example.com/a",
    "javascript:alert(1)",
    "tg://user?id=1",
    "mailto:a@example.com",
    "/relative",
    "//example.com/a",
    "http://",
    "http:///x",
    "http://[",
    "http://example.com:99999/",
    "http://exa mple.com/",
    "http://example.com\\@127.0.0.1/",
    "http://" + "a" * 300 + ".com/",
    "http://example.com/" + "a" * LONGEST_URL,
]


@pytest.mark.parametrize("url", NOT_WEB)
def test_what_is_no_web_address_has_no_form(url: str) -> None:
    assert canonical(url) is None
    assert clean_link(url) is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://example.com", "http://example.com/"),
        ("https://Example.com/a b", "https://example.com/a%20b"),
        ("https://example.com/?q=\"<x>'", "https://example.com/?q=%22%3Cx%3E'"),
        ("https://example.com/a?b=1&c=%20#d", "https://example.com/a?b=1&c=%20#d"),
        ("https://аррӏе.com/", "https://xn--80ak6aa92e.com/"),
        ("https://example.com/‮gpj", "https://example.com/%E2%80%AEgpj"),
        ("http://user:word@example.com/a", None),
        ("http://example.com@127.0.0.1/", None),
        ("https://example.com/a\nb", None),
        ("https://example.com/\x00", None),
        ("https://example.com/\ud83d", None),
    ],
)
@pytest.mark.hostile(36, 79)
def test_only_clean_links_are_shown(url: str, shown: str | None) -> None:
    assert clean_link(url) == shown


@pytest.mark.parametrize(
    "url",
    [
        "http://joe:hunter2@example.com/feed",
        "http://hunter2@example.com/feed",
        "joe:hunter2@example.com/feed",
        "http://joe:hun@hunter2@example.com/feed",
        "http://joe:hunter2@exam\nple.com/feed",
    ],
)
@pytest.mark.hostile(35)
def test_credentials_are_not_logged(url: str) -> None:
    shown = without_credentials(url)
    assert "hunter2" not in shown
    assert shown.endswith("example.com/feed")


@given(
    st.sampled_from(["http://", "https://", "HTTP://", ""]),
    st.text(alphabet="aB1.-_w@[]:", max_size=10),
    st.sampled_from(["", "/x", ":80/x", ":0x", "?y", "#z", "\\\\y", " "]),
)
def test_the_host_of_a_plain_address_is_that_of_any_other(scheme: str, host: str, end: str) -> None:
    # A blank before it is read over, and no plain address begins with one.
    assert host_of(f"{scheme}{host}{end}") == host_of(f" {scheme}{host}{end}")


def test_host_of() -> None:
    assert host_of("https://www.Example.com:8443/x") == "example.com"
    assert host_of("http://[::1]/") == "[::1]"
    assert host_of("nonsense") == ""


@pytest.mark.hostile(36)
def test_a_host_of_two_scripts_is_shown_for_what_it_is() -> None:
    assert mixed_host("https://аррӏе.com/feed") == "xn--80ak6aa92e.com"
    assert mixed_host("https://xn--80ak6aa92e.com/feed") == "xn--80ak6aa92e.com"
    for honest in ("apple.com", "новости.рф", "bücher.example", "faß.de", "xn--fa-hia.de", "x"):
        assert mixed_host(f"https://{honest}/") == ""


@pytest.mark.hostile(36)
def test_an_address_is_kept_with_its_host_in_ascii() -> None:
    assert in_ascii("http://аррӏе.com:8080/лента?a=б#в") == (
        "http://xn--80ak6aa92e.com:8080/лента?a=б#в"
    )
    for kept in ("https://h.example/лента", "file:///ü", "http://ü@h/", "http://[", "", "ü"):
        assert in_ascii(kept) == kept


_pieces = st.sampled_from(
    ["http://", "https://", "www.", "m.", "amp.", "example.com", "/amp", "/", "?", "&", "utm_a=1",
     "a=1", "#", "#!", "%", "%41", "%2f", "index.html", ".amp", ":80", ":8080", "@", "é", "[", "]",
     ";jsessionid=a1", "/(S(a1))", "sid=0123456789abcdef0123456789",
     "www.google.com/amp/s/", "x-com.cdn.ampproject.org/c/s/", "\ud83d", "..", " ", "\\"]
)  # fmt: skip
_urls = st.one_of(
    st.text(max_size=80),
    st.lists(_pieces, max_size=12).map("".join),
    st.lists(_pieces, max_size=12).map(lambda p: "https://example.com/" + "".join(p)),
)


_token = st.text("0123456789abcdef", min_size=32, max_size=40).filter(
    lambda text: not text.isdigit() and not text.isalpha()
)
_visits = st.sampled_from(
    [";jsessionid={}", "?sid={}", "?PHPSESSID={}", "?a=1&token={}", "?s={}&a=1", "?_={}&a=1"]
)


@given(_visits, _token, _token)
def test_two_visits_to_one_page_are_one_address(form: str, one: str, other: str) -> None:
    first = canonical("https://example.com/news/storm" + form.format(one))
    assert first == canonical("https://example.com/news/storm" + form.format(other))
    assert first is not None
    assert one not in first


@given(_urls)
def test_folding_twice_changes_nothing(url: str) -> None:
    once = canonical(url)
    assert once is None or canonical(once) == once


@given(_urls)
def test_a_shown_link_is_short_printable_and_stays_as_it_is(url: str) -> None:
    link = clean_link(url)
    if link is not None:
        assert link.isascii()
        assert link.isprintable()
        assert len(link) <= LONGEST_URL
        assert not set(link) & set(' "<>\\')
        assert clean_link(link) == link


@given(_urls)
def test_logging_an_address_never_fails(url: str) -> None:
    assert len(without_credentials(url)) <= 300
    host_of(url)


@pytest.mark.parametrize(
    "other",
    [
        "http://harbour.example/feed?auth=Ab3", "https://www.harbour.example/feed/?auth=Ab3",
        "https://HARBOUR.example:443/feed?auth=Ab3#top", "https://harbour.example/%66eed?auth=Ab3",
    ],
)  # fmt: skip
def test_a_feed_is_the_same_under_another_spelling_of_its_address(other: str) -> None:
    assert feed_form(other) == feed_form("https://harbour.example/feed?auth=Ab3")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rss?auth=Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4f", "rss?auth=Zz3dEf6hIj9lMn2pQr5tUv8xYz1bCdAA"),
        ("rss?token=Ab3dEf6hIj9lMn2pQr5tUv8xYz1b", "rss"),
        ("rss?source=twitter", "rss?source=facebook"),
        ("rss?utm_source=a", "rss"),
        ("rss?a=1&b=2", "rss?b=2&a=1"),
        ("RSS", "rss"),
        ("index.html", ""),
        ("rss;jsessionid=4", "rss"),
    ],
)
def test_whatever_may_be_a_key_makes_another_feed(one: str, other: str) -> None:
    forms = {feed_form(f"https://harbour.example/{path}") for path in (one, other)}
    assert len(forms) == 2


@given(st.text())
def test_what_is_no_web_address_has_no_form_as_a_feed(text: str) -> None:
    form = feed_form(text)
    assert form is None or feed_form(form) == form
    assert feed_form(f"file:///{text}") is None


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://news.example/world/rss.xml", False),
        ("https://news.example/feeds/world-news-2026/atom.xml", False),
        ("https://news.example/internationalisation/", False),
        ("https://news.example/rss?token=abc", True),
        ("https://news.example/private/8f14e45fceea167a/rss", True),
        ("https://news.example/9b2d7c1e-1a2b-4c3d-8e4f-0123456789ab.xml", True),
        ("https://news.example/feed/12345678901234", True),
        ("https://news.example/feed#abc", True),
        ("https://ada:secret@news.example/feed", True),
        ("no address", True),
    ],
)
def test_addresses_that_may_be_somebodys_own(url: str, may: bool) -> None:
    assert may_hold_a_key(url) is may


def test_the_host_of_an_address_is_known_however_long_the_rest_is() -> None:
    assert host_of("https://Nas.example:8080/" + "a" * 60_000) == "nas.example"
    assert host_of("https://www.h.example?" + "b" * 60_000) == "h.example"
    assert host_of("https://" + "a" * 60_000) == ""
    assert host_of("http:/h.example") == ""


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("../x", "https://h.example/a/x"),
        ("../../../x/..", "https://h.example/"),
        (".", "https://h.example/a/b%2F/"),
        ("", "https://h.example/a/b%2F/c?d=%7e"),
        ("#e", "https://h.example/a/b%2F/c?d=%7e"),
        ("//other.example/x", "https://other.example/x"),
        ("feed:https://x", "feed:https://x"),
        ("/x//y/../z", "https://h.example/x//y/../z"),
    ],
)
def test_references_lead_where_they_say(place: str, found: str) -> None:
    assert joined("https://h.example/a/b%2F/c?d=%7e#f", place) == found


HOSTS = st.sampled_from(
    ["quay.example", "www.quay.example", "m.quay.example", "amp.quay.example", "a-b.example",
     "x_y.z", "en.m.wikipedia.org",
     "a--b.example", "-a.example", "a-.example", "a..b", "127.0.0.1", "quay",
     "www.m", "x.cdn.ampproject.org", "google.com"]
)  # fmt: skip
PATHS = st.lists(
    st.sampled_from(
        ["", "a", "news", "Ä", "x y", "%7e", "%zz", "amp", "a.amp", "index.html", "index.htm",
         "t;sid=3", "(S(a))", "c", "s", "~a", "b@c", "d:e", "2025", "'q'", "[x]", "x.amp.html"]
    ),
    max_size=4,
).map("/".join)  # fmt: skip
BEHIND = st.sampled_from(
    ["", "/", "?", "#", "?a=1&b=[2]", "?utm_source=x", "#top", "#!/route", "?a#b"]
)


@given(HOSTS, PATHS, BEHIND)
def test_an_address_of_the_usual_kind_is_read_as_any_other(
    host: str, path: str, behind: str
) -> None:
    address = f"://{host}/{path}{behind}"
    assert clean_link("http" + address) == clean_link("HTTP" + address)
    assert canonical("http" + address) == canonical("HTTP" + address)


@given(HOSTS)
def test_a_host_alone_is_read_as_any_other(host: str) -> None:
    assert clean_link(f"http://{host}") == clean_link(f"HTTP://{host}")
    assert canonical(f"http://{host}") == canonical(f"HTTP://{host}")


@pytest.mark.parametrize("tail", ["/amp", ".amp", "/index.html", "/AMP/", "/amp/index.html//"])
def test_what_stands_behind_an_address_may_stand_there_often(tail: str) -> None:
    often = (LONGEST_URL - 30) // len(tail)
    assert canonical(f"https://example.com/news{tail * often}") == "https://example.com/news"


def test_an_address_within_many_others_is_no_articles() -> None:
    cache = "example-com.cdn.ampproject.org/c/s/"
    assert canonical(f"https://{cache * 5}example.com/news") == "https://example.com/news"
    assert canonical(f"https://{cache * 50}example.com/news") is None
