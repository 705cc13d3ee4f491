"""Documents are cut only where each part says what it says in the whole."""

import dataclasses
from pathlib import Path

import pytest

from bot.feeds.reading.parse import parse_document
from bot.feeds.reading.pieces import Pieces, pieces_of
from bot.news.polling.parsed import ParsedFeed
from bot.news.why import NotAFeed

FIXTURES = Path(__file__).with_name("fixtures")
WILD = Path(__file__).parents[3] / "shared" / "data"
URL = "https://quay.example/feed"
HEAD = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Quay</title>'
DATED = HEAD + "<lastBuildDate>Wed, 29 Oct 2025 10:00:00 GMT</lastBuildDate><!-- 0.1 s -->"
TAIL = "</channel></rss>"


def item(n: int, more: str = "") -> str:
    return (
        f"<item><title>Tide {n}</title><guid isPermaLink='false'>t{n}</guid>"
        f"<link>/tide/{n}</link><description><![CDATA[<p>Low at {n}. ö</p>]]></description>"
        f"{more}</item>"
    )


def rss(*items: str, head: str = HEAD, tail: str = TAIL) -> bytes:
    return (head + "\n".join(items) + tail).encode()


def cut(body: bytes, content_type: str | None = None) -> Pieces | None:
    return pieces_of(body, content_type, URL)


def read(body: bytes) -> ParsedFeed | None:
    try:
        return parse_document(body, url=URL)
    except NotAFeed:
        return None


def holds(body: bytes) -> bool:
    """Whether a document may be read in part; then each part must say what it says in the whole."""
    pieces, whole = cut(body), read(body)
    if pieces is None or whole is None or not whole.apart:
        return False
    if len(pieces.entries) != len(whole.entries):
        return False
    count = len(pieces.entries)
    for places in ([], [0], [count - 1], range(0, count, 2), range(1, count, 3)):
        part = read(pieces.only(places))
        assert part is not None
        assert part == dataclasses.replace(whole, entries=tuple(whole.entries[n] for n in places))
    return True


def test_the_parts_of_a_document_say_what_they_say_in_the_whole() -> None:
    assert holds(rss(*map(item, range(5))))
    assert holds(rss(*map(item, range(5)), tail=TAIL + "<!-- served in 0.2 s -->\n"))
    assert any(holds(path.read_bytes()) for path in sorted(FIXTURES.rglob("*.*")))


def test_so_do_the_parts_of_a_document_by_wordpress() -> None:
    number = '<post-id xmlns="com-wordpress:feed-additions:1">{}</post-id>'
    head = HEAD + '<site xmlns="com-wordpress:feed-additions:1">7</site>'
    body = rss(*(item(n, number.format(n)) for n in range(5)), head=head)
    assert holds(body)
    assert cut(body.replace(b"<guid", b"<guid xmlns='x'")) is None


@pytest.mark.slow
def test_so_do_the_parts_of_documents_from_the_wild() -> None:
    if not WILD.is_dir():
        pytest.skip("the documents from the wild are not here")
    paths = [*(WILD / "feeds" / "dev" / "docs").iterdir(), *(WILD / "field").glob("*.xml")]
    assert sum(holds(path.read_bytes()) for path in paths) > 50


@pytest.mark.parametrize(
    "body",
    [
        rss(),
        rss(item(1), item(2)).replace("ö".encode(), b"\xf6"),
        rss(item(1), head=HEAD.replace("UTF-8", "gb2312")),
        rss(item(1), "<title>Between</title>", item(2)),
        rss(item(1), tail="<title>After</title>" + TAIL),
        rss(item(1), tail="</channel>"),
        rss(item(1), item(2, "<x:y xmlns:x='https://x.example/'/>")),
        rss(item(1, "<comments><![CDATA[</item><item>]]></comments>"), item(2)),
        rss("<item><link>a</link><!-- </item> --></item>", item(2)),
        rss("<item><link>a</link><!--></item><item>--></item>", item(2)),
        rss(item(1), item(2), head=HEAD + "<!-- "),
        rss(*map(item, range(1001))),
    ],
    ids=str,
)
def test_what_could_say_something_else_is_not_cut(body: bytes) -> None:
    assert cut(body) is None
    of_before = cut(rss(item(1), item(2)))
    assert of_before
    assert pieces_of(body, None, URL, of_before.digests) is None


@pytest.mark.parametrize("known", [[], [0], [4], [1, 3], range(5)], ids=str)
def test_a_document_is_cut_alike_whatever_is_known_of_its_entries(known: list[int]) -> None:
    body = rss(*map(item, range(5)))
    whole = cut(body)
    assert whole
    assert pieces_of(body, None, URL, {whole.digests[n] for n in known}) == whole


def test_a_label_of_the_header_counts_as_one_of_the_document() -> None:
    body = rss(item(1))
    assert cut(body, "text/xml; charset=UTF-8")
    assert cut(body, "text/xml; charset=big5") is None


def test_the_context_is_all_that_bears_on_entries_and_not_the_date_of_the_build() -> None:
    def context(head: str, url: str = URL) -> bytes:
        pieces = pieces_of(rss(item(1), head=head), None, url)
        assert pieces
        return pieces.context

    assert context(DATED) == context(DATED.replace("10:00", "11:00").replace("0.1 s", "2 s"))
    others = (DATED.replace("Quay", "Pier"), DATED + "<language>de</language>")
    assert len({context(DATED), *map(context, others), context(DATED, URL + "2")}) == 4
