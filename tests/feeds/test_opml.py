"""Lists of feeds, in and out."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.feeds.opml import (
    MOST_BYTES,
    MOST_FEEDS,
    OpmlFeed,
    group_name,
    read_feed_list,
    read_opml,
    write_opml,
)
from bot.news.text import tidy

LIST = b"""<?xml version="1.0"?><opml version="1.1"><head><title>x</title></head><body>
<outline text="World"><outline type="rss" text="Post &amp; Mail" xmlUrl="https://a.example/f"/>
  <outline text="Deep"><outline xmlUrl=" https://b.example/f " title="B"/></outline></outline>
<outline text="C" xmlurl="https://c.example/f"/><outline text="C2" xmlUrl="https://c.example/f"/>
<outline text="no address"/></body></opml>"""


def test_opml_is_read_with_groups_and_each_address_once() -> None:
    assert read_opml(LIST) == [
        OpmlFeed("https://a.example/f", "Post & Mail", "World"),
        OpmlFeed("https://b.example/f", "B", "World / Deep"),
        OpmlFeed("https://c.example/f", "C", ""),
    ]
    assert read_feed_list(b"\xef\xbb\xbf  " + LIST.split(b"?>", 1)[1]) == read_opml(LIST)


def test_text_is_read_with_comments() -> None:
    text = (
        "\ufeff# mine\nhttps://a.example/f\n\n  http://b.example/ # good\r\nhttps://a.example/f\n"
    )
    assert [feed.url for feed in read_feed_list(text.encode())] == [
        "https://a.example/f",
        "http://b.example/",
    ]
    assert read_feed_list(b"") == []


LAUGHS = b'<!DOCTYPE o [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><opml><body>&b;</body></opml>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (LAUGHS, "entities"),
        (b'<!DOCTYPE o SYSTEM "http://169.254.169.254/"><opml/>', "document type"),
        (b"<opml><body>", "damaged"),
        (b"<rss/>", "not OPML"),
        (b"<opml>" + b" " * MOST_BYTES, "larger than"),
        (b"https://a.example/\nfile:///etc/passwd\n", "line 2"),
        (b"https://a.example/ https://b.example/", "line 1"),
        (b"\n".join(b"https://a.example/%d" % n for n in range(MOST_FEEDS + 1)), "more than"),
        (
            b"<opml><body>"
            + b"".join(b'<outline xmlUrl="https://a.example/%d"/>' % n for n in range(100_000))
            + b"</body></opml>",
            "more than",
        ),
    ],
    ids=["92 laughs", "dtd", "damaged", "rss", "92 size", "file", "two", "many", "92 outlines"],
)
def test_a_bad_list_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    """hostile 92"""
    with pytest.raises(BadInput, match=said) as refusal:
        read_feed_list(data)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<opml><body>" + b'<outline text="a">' * 500_000, "deep"),
        (b"<opml><body>" + b"<o/>" * 2_500_000, "more than 50000 outlines"),
        (b"<opml " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/>", ""),
        (b'<opml><outline text="' + b"a" * (MOST_BYTES - 1000) + b'"/></opml>', ""),
        (b"<opml><outline " + b'a="&amp;' * 200_000 + b'"/></opml>', "damaged"),
    ],
    ids=["deep", "outlines", "attributes", "one long name", "broken"],
)
def test_a_hostile_list_is_read_or_refused_in_time(data: bytes, said: str) -> None:
    """hostile 92"""
    began = time.perf_counter()
    if said:
        with pytest.raises(BadInput, match=said):
            read_opml(data)
    else:
        assert read_opml(data) == []
    assert time.perf_counter() - began < 5


_words = st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=0x2FFF), max_size=20)


@given(st.lists(st.tuples(st.integers(0, 99), _words, _words), unique_by=lambda t: t[0]))
def test_what_was_written_reads_back(rows: list[tuple[int, str, str]]) -> None:
    feeds = [OpmlFeed(f"https://h.example/{n}?a=1&b=<", title, group) for n, title, group in rows]
    found = read_opml(write_opml(feeds))
    assert {f.url: (f.title, f.group) for f in found} == {
        f.url: (tidy(f.title) or "", group_name(f.group)) for f in feeds
    }
    assert read_opml(write_opml(found)) == found


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_bad_input(data: bytes) -> None:
    for text in (data, b"<opml>" + data):
        try:
            read_feed_list(text)
        except BadInput:
            continue
