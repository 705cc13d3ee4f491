"""What a page says of its feeds: real forms of it, and anything at all."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.discover import (
    MOST_BYTES,
    MOST_DECLARED,
    MOST_HINTED,
    PageLinks,
    common_places,
    page_links,
)

AT = "https://harbour.example/news/today"


def links(html: str, at: str = AT) -> PageLinks:
    return page_links(html.encode(), content_type="text/html; charset=utf-8", url=at)


def declared(html: str, at: str = AT) -> list[str]:
    return list(links(html, at).declared)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<link rel=alternate type=application/rss+xml href=/a.xml>', "https://harbour.example/a.xml"),
        ('<LINK REL="Alternate" TYPE="application/atom+xml; charset=x" HREF="b">',
         "https://harbour.example/news/b"),
        ('<link rel="home alternate" type="application/feed+json" href="//x.example/j">',
         "https://x.example/j"),
        ('<base href="https://cdn.example/x/"><link rel=feed type=application/rss+xml href=y>',
         "https://cdn.example/x/y"),
        ('<link rel=alternate type=application/rss+xml href="?feed=rss2&amp;x=1#top">',
         "https://harbour.example/news/today?feed=rss2&x=1"),
        ('<body><p>late<link rel=alternate type=application/rdf+xml href=" /c "></body>',
         "https://harbour.example/c"),
    ],
)  # fmt: skip
def test_a_declared_feed_is_found(html: str, found: str) -> None:
    assert declared(html) == [found]


@pytest.mark.parametrize(
    "html",
    [
        "<link rel=alternate type=application/rss+xml href='javascript:alert(1)'>",
        "<link rel=alternate type=application/rss+xml href='data:text/xml,<rss/>'>",
        "<link rel=alternate type=application/rss+xml href='file:///etc/passwd'>",
        "<link rel=alternate type=application/rss+xml href='http://ada:secret@x.example/'>",
        "<link rel=alternate type=application/rss+xml href='http://[oops/'>",
        "<link rel=alternate type=application/rss+xml>",
        "<link rel=alternate type=application/json+oembed href=/o>",
        "<link rel=alternate hreflang=de href=/de>",
        "<link rel=stylesheet type=application/rss+xml href=/s>",
        "<!-- <link rel=alternate type=application/rss+xml href=/old.xml> -->",
        "<script>'<link rel=alternate type=application/rss+xml href=/no.xml>'</script>",
        "plain text, no page",
        "",
    ],
)
def test_what_declares_no_feed_that_can_be_fetched_gives_none(html: str) -> None:
    assert links(html) == PageLinks()


def test_feeds_come_once_in_order_with_those_of_comments_last_and_not_without_end() -> None:
    one = "<link rel=alternate type=application/rss+xml href=/{}>"
    html = "".join(map(one.format, ["comments/feed/", "a", "b", "a"]))
    front = "https://harbour.example"
    assert declared(html) == [f"{front}/a", f"{front}/b", f"{front}/comments/feed/"]
    assert len(declared("".join(one.format(n) for n in range(500)))) == MOST_DECLARED


@pytest.mark.parametrize(
    ("href", "hints"),
    [
        ("/rss.xml", True), ("/feeds/all", True), ("/world/feed/", True), ("atom.xml", True),
        ("/?feed=rss2", True), ("/rss2.xml", True), ("/feedback", False), ("/gross", False),
        ("/brass-band", False), ("/about", False), ("javascript:rss", False),
    ],
)  # fmt: skip
def test_links_hint_at_feeds(href: str, hints: bool) -> None:
    assert bool(links(f"<a href='{href}'>News</a>").hinted) is hints


def test_hints_are_few_and_not_what_is_declared() -> None:
    html = "<link rel=alternate type=application/rss+xml href=/rss/1>"
    html += "".join(f"<a href=/rss/{n}>x</a>" for n in range(1, 50))
    assert len(links(html).hinted) == MOST_HINTED
    assert "https://harbour.example/rss/1" not in links(html).hinted


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1251", "utf-8"])
def test_pages_are_read_in_their_encoding(encoding: str) -> None:
    html = "<title>Заря</title><link rel=alternate type=application/rss+xml href=/заря>"
    found = page_links(html.encode(encoding), content_type=f"text/html; charset={encoding}", url=AT)
    assert found.declared == ("https://harbour.example/%D0%B7%D0%B0%D1%80%D1%8F",)


def test_an_encoding_that_is_none_is_read_as_utf_8() -> None:
    body = b"<link rel=alternate type=application/rss+xml href=/a>"
    for named in ("x-none", "base64", "hex", "\0"):
        assert page_links(body, content_type=f"text/html; charset={named}", url=AT).declared


def test_what_stands_far_down_a_long_page_is_not_read() -> None:
    late = " " * MOST_BYTES + "<link rel=alternate type=application/rss+xml href=/a>"
    assert declared(late) == []


def test_sites_keep_feeds_beneath_a_page_and_at_their_front() -> None:
    places = common_places("https://harbour.example/blog/?page=2")
    assert places[0] == "https://harbour.example/blog/feed"
    assert "https://harbour.example/feed" in places
    assert "https://harbour.example/rss.xml" in places
    assert len(places) <= 12
    assert all("page=2" not in place for place in places)


_PIECES = """
    < > / = ' " & ; : # ? % @ [ ] . a é link rel= alternate href= base type= application/rss+xml
    http:// javascript: // <link <base <a
"""
_MARKUP = st.lists(
    st.sampled_from([*_PIECES.split(), " ", "\n", "\\", "\0", "\ud800"]), max_size=60
).map("".join)


@given(
    st.binary(max_size=400) | _MARKUP.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.none() | st.text(max_size=30),
    st.sampled_from([AT, "http://127.0.0.1:8080/", "https://x.example"]) | st.text(max_size=40),
)
def test_any_bytes_are_read_and_what_comes_out_is_an_address(
    body: bytes, content_type: str | None, url: str
) -> None:
    found = page_links(body, content_type=content_type, url=url)
    for address in (*found.declared, *found.hinted):
        parts = urlsplit(address)
        assert parts.scheme in ("http", "https")
        assert parts.hostname
        assert "@" not in parts.netloc
        assert not parts.fragment
        assert address.isascii()
