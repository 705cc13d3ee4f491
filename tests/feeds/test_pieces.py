"""Documents cut into their entries: what is read of a part is what is read of the whole."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.parse import parse_document
from bot.feeds.pieces import pieces_of

_URL = "https://paper.example/feed"
_XML = "application/xml"
_FIXTURES = Path(__file__).parent / "fixtures"


def _rss(*items: str, head: str = "", tail: str = "") -> bytes:
    rows = "\n".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>{head}'
        f"{rows}{tail}</channel></rss>"
    ).encode()


def _item(number: int) -> str:
    return (
        f"<guid>urn:paper:{number}</guid><title>Ferry {number} &amp; pier</title>"
        f"<link>/story/{number}</link><description><![CDATA[<p>Of <b>{number}</b>]]></description>"
    )


def test_each_entry_of_a_fixture_reads_alone_as_among_the_others() -> None:
    cut = 0
    for path in sorted(_FIXTURES.iterdir()):
        body = path.read_bytes()
        pieces = pieces_of(body, _XML, _URL)
        whole = parse_document(body, content_type=_XML, url=_URL)
        if pieces is None or not whole.apart:
            continue
        cut += 1
        assert len(pieces.entries) == len(whole.entries)
        for place, entry in enumerate(whole.entries):
            part = parse_document(pieces.only([place]), content_type=_XML, url=_URL)
            assert part.entries == (entry,)
            assert part.apart
    assert cut


@given(st.sets(st.integers(0, 9)))
def test_a_part_has_its_entries_and_no_others(places: set[int]) -> None:
    pieces = pieces_of(_rss(*map(_item, range(10))), _XML, _URL)
    assert pieces
    part = parse_document(pieces.only(sorted(places)), content_type=_XML, url=_URL)
    assert [entry.id for entry in part.entries] == [f"urn:paper:{n}" for n in sorted(places)]


@given(st.binary(max_size=400), st.sampled_from((None, "text/xml; charset=koi8-r", _XML)))
def test_anything_is_cut_or_left_whole(body: bytes, content_type: str | None) -> None:
    for each in (body, b"<rss><channel><item>" + body + b"</item></channel></rss>"):
        pieces = pieces_of(each, content_type, _URL)
        if pieces:
            assert pieces.only(range(len(pieces.entries))).split() == each.split()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(_rss(_item(1), "<x xmlns='urn:other'/>"), id="a name is declared within"),
        pytest.param(_rss(_item(1), "<title><![CDATA[</item><item>]]></title>"), id="hidden ends"),
        pytest.param(_rss(_item(1), "<!-- </item> -->"), id="an end in a comment"),
        pytest.param(_rss(_item(1), tail="<title>Later</title>"), id="more behind the entries"),
        pytest.param(_rss(_item(1)).replace(b"Ferry", b"F\xe9rry"), id="no UTF-8"),
        pytest.param(
            _rss(_item(1)).replace(b'"1.0"', b'"1.0" encoding="latin1"'), id="another charset"
        ),
        pytest.param(_rss(_item(1))[:-30], id="broken off"),
        pytest.param(b"{}", id="no XML"),
    ],
)
def test_what_may_read_otherwise_in_parts_is_not_cut(body: bytes) -> None:
    assert pieces_of(body, _XML, _URL) is None


def test_what_passes_at_every_answer_is_no_other_context() -> None:
    def context(head: str, content_type: str = _XML, url: str = _URL) -> bytes:
        pieces = pieces_of(_rss(_item(1), head=head), content_type, url)
        assert pieces
        return pieces.context

    usual = context("<lastBuildDate>Monday</lastBuildDate><!-- 3 ms -->")
    assert context("<lastBuildDate>Tuesday</lastBuildDate><!-- 4 ms -->") == usual
    assert context("<link>https://other.example/</link>") != usual
    assert context("", url="https://moved.example/feed") != usual
    assert context("", content_type="text/xml; charset=utf-8") != usual
