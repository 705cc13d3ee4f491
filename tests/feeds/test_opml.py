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
from bot.news.text.plain import tidy

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
        (b"https://a.example/\nfile:///etc/passwd\n", "Line 2 is no http"),
        (b"https://a.example/ https://b.example/", "Line 1 has words behind the address"),
        (b"http://a.example/f Harbour News", "Line 1 has words behind the address"),
        (b"\n".join(b"https://a.example/%d" % n for n in range(MOST_FEEDS + 1)), "more than"),
        (
            b"<opml><body>"
            + b"".join(b'<outline xmlUrl="https://a.example/%d"/>' % n for n in range(100_000))
            + b"</body></opml>",
            "more than",
        ),
    ],
    ids=[
        "92 laughs",
        "dtd",
        "damaged",
        "rss",
        "92 size",
        "file",
        "two",
        "words",
        "many",
        "92 outlines",
    ],
)
@pytest.mark.hostile(92)
def test_a_bad_list_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refusal:
        read_feed_list(data)
    assert "\n" not in str(refusal.value)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<opml><body>" + b'<outline text="a">' * 500_000, "deep"),
        (b"<opml><body>" + b"<o/>" * 2_500_000, "more than 50,000 entries"),
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


def test_groups_that_read_alike_are_one() -> None:
    rows = [("1", "Q"), ("2", ""), ("3", "Q\x7f")]
    found = read_opml(write_opml([OpmlFeed(f"https://h.example/{n}", "", g) for n, g in rows]))
    assert [(feed.url[-1], feed.group) for feed in found] == [("1", "Q"), ("3", "Q"), ("2", "")]


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_bad_input(data: bytes) -> None:
    for text in (data, b"<opml>" + data):
        try:
            read_feed_list(text)
        except BadInput:
            continue


HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0"><body>\n'
TAIL = '\n<outline text="Last" xmlUrl="https://z.example/f"/>\n</body></opml>'
LAST = OpmlFeed("https://z.example/f", "Last", "")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            '<outline text="Salt & Tide" xmlUrl="https://a.example/f?kind=1&page=2"/>',
            OpmlFeed("https://a.example/f?kind=1&page=2", "Salt & Tide"),
        ),
        (
            '<outline text="Quay" htmlUrl="https://a.example?x=1&copy=2&y"'
            ' xmlUrl="https://a.example/f"/>',
            OpmlFeed("https://a.example/f", "Quay"),
        ),
        (
            '<outline text="M&ouml;we&nbsp;&ndash; heute" xmlUrl="https://a.example/f"/>',
            OpmlFeed("https://a.example/f", "Möwe \N{EN DASH} heute"),
        ),
        (
            '<outline text="Bell\x01 \x0bBuoy&#3;&#x1b;" xmlUrl="https://a.example/f"/>',
            OpmlFeed("https://a.example/f", "Bell Buoy"),
        ),
    ],
    ids=["ampersands", "in an address nobody reads", "names of HTML", "control characters"],
)
def test_a_list_is_mended_as_feeds_are(written: str, read: OpmlFeed) -> None:
    """What has one meaning is read; one mark must not lose a list of hundreds."""
    assert read_feed_list((HEAD + written + TAIL).encode()) == [read, LAST]


@pytest.mark.parametrize("before", ["\n\n  ", "<!-- by a reader & co -->\n", "\x00\ufeff \n"])
def test_what_stands_before_the_declaration_is_passed_over(before: str) -> None:
    one = HEAD + '<outline text="A" xmlUrl="https://a.example/f"/>' + TAIL
    assert read_feed_list((before + one).encode()) == [OpmlFeed("https://a.example/f", "A"), LAST]
    warned = f"Warning: mkdir() failed in list.php\n{before}{one}"
    assert read_feed_list(warned.encode()) == read_feed_list(one.encode())


@pytest.mark.parametrize(
    ("label", "encoding"),
    [("UTF-8", "latin-1"), ("ISO-8859-1", "utf-8"), ("windows-1251", "cp1251"), ("", "latin-1")],
)
def test_characters_of_a_list_are_read_as_those_of_feeds(label: str, encoding: str) -> None:
    name = "Вести" if encoding == "cp1251" else "Fröjd"
    body = f'<outline text="{name} News" xmlUrl="https://a.example/f"/>{TAIL}'
    declared = f' encoding="{label}"' if label else ""
    document = f'<?xml version="1.0"{declared}?><opml><body>{body}'
    assert read_feed_list(document.encode(encoding)) == [
        OpmlFeed("https://a.example/f", f"{name} News"),
        LAST,
    ]


@pytest.mark.parametrize(
    ("before", "broken", "line"),
    [
        ("", '<outline text="the "big" one" xmlUrl="https://a.example/f"/>', 3),
        ("\n<!-- x -->\n\n", '<outline text="5 < 6" xmlUrl="https://a.example/f"/>', 6),
        ("", '<outline text="A & B"/>\n\n<outline text="a" text="b"/>', 5),
        ("", "<outline>", 5),
    ],
)
def test_what_cannot_be_mended_is_named_by_its_line(before: str, broken: str, line: int) -> None:
    for ends in ("\n", "\r\n", "\r"):
        document = (before + HEAD + broken + TAIL).replace("\n", ends)
        with pytest.raises(BadInput, match=f"^That OPML is damaged in line {line}\\. "):
            read_feed_list(document.encode())
