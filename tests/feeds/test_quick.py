"""The fast reader agrees with feedparser on all that is looked at, or lets it read."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.feeds.reading import former, items, parse, quick_names
from bot.feeds.reading.charset import decoded
from bot.feeds.reading.mending import is_in_order, mended, whole_entries
from bot.feeds.reading.quick import read_quickly
from bot.feeds.reading.usual import usual_entry
from bot.news.text.headlines import plain_headline
from bot.news.text.plain import plain_title, tidy
from bot.news.why import NotAFeed

FIXTURES = Path(__file__).with_name("fixtures")
WILD = Path(__file__).parents[3] / "shared" / "data"
NAMES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:t="http://tide.example/ns" '
    'xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)
ATOM = f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMES}'


def looked_at(found: Any, text: str, *, breaks_off: bool = False) -> object:
    """What the rest of the parser takes of what a reader found."""
    try:
        feed = parse._raw_feed(found, text, is_page=False, breaks_off=breaks_off)
    except NotAFeed as error:
        return str(error)
    return asdict(feed) | {"entries": [asdict(entry) for entry in feed.entries]}


def agrees(document: str) -> bool:
    """Whether the fast reader reads a document; it must read what feedparser reads."""
    text = mended(document)
    whole, breaks_off = whole_entries(text)
    found = read_quickly(whole, parse._looks_like_html)
    if found is None:
        return False
    read = looked_at(found, text, breaks_off=breaks_off)
    assert read == looked_at(parse._by_feedparser(whole, None), text, breaks_off=breaks_off)
    if is_in_order(document) and (as_it_stands := read_quickly(document, parse._looks_like_html)):
        assert read == looked_at(as_it_stands, document)
    usually = read_quickly(whole, parse._looks_like_html, usual_entry)
    assert usually is not None
    assert read == looked_at(usually, text, breaks_off=breaks_off)
    for entry in found["entries"]:
        former_reading_is_right(entry)
    return True


def former_reading_is_right(entry: dict[str, Any]) -> None:
    """Where nothing is said of how the former reader read an entry, it took the same of it."""
    only, date = items.only_link(entry), items.dated(entry, "")
    if former.formerly(entry, "", date, only) is None:
        title, texts = items.said(entry, "title"), items.texts_of(entry)
        assert set(former._links(entry)) == set(items.links_of(entry, "")) == {only}
        assert former._summary(entry)[0] == (texts[0][0] if texts else "")
        assert not texts or former._summary(entry) == texts[0]
        assert items.published_of(entry, "", former._zone) == date[0]
        assert plain_title(title) == tidy(title) == plain_headline(title)


def rss(*items: str, of_feed: str = "", names: str = NAMES) -> str:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<rss version="2.0" {names}><channel><title>Quay</title>{of_feed}{inner}</channel></rss>'
    )


def atom(*entries: str, of_feed: str = "") -> str:
    inner = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f"{ATOM}><title>Quay</title>{of_feed}{inner}</feed>"


USUAL = (
    "<title>Tide &amp; time</title><link>https://quay.example/1</link>"
    "<guid isPermaLink='false'>q-1</guid><pubDate>Wed, 29 Oct 2025 10:00:00 GMT</pubDate>"
    "<dc:creator><![CDATA[Ada]]></dc:creator><category>Sea</category>"
    "<description><![CDATA[<p>Low at <b>noon</b>.</p>]]></description>"
    "<content:encoded><![CDATA[<p>Low at noon, high at six.</p>]]></content:encoded>"
    "<enclosure url='https://quay.example/1.mp3' type='audio/mpeg' length='1'/>"
    "<media:content url='https://quay.example/1.jpg' medium='image'><media:title>Pier</media:title>"
    "<media:description>The pier.</media:description></media:content>"
)
PODCAST = (
    "<itunes:owner><itunes:name>Ada</itunes:name></itunes:owner><itunes:image href='https://q/x'/>"
    "<itunes:category text='News'><itunes:category text='Sea'/></itunes:category>"
    "<itunes:summary>All of it</itunes:summary><description>Of the quay</description>"
)
OF_ATOM = (
    "<title type='html'>Tide &amp;amp; time</title><id>tag:quay.example,2025:1</id>"
    "<link href='https://quay.example/1'/><link rel='enclosure' href='https://quay.example/1.mp3'/>"
    "<published>2025-10-29T10:00:00Z</published><updated>2025-10-29T11:00:00Z</updated>"
    "<author><name>Ada</name><uri>https://quay.example/ada.png</uri></author>"
    "<summary>Low at noon.</summary><content type='html'>&lt;p>Low at noon.&lt;/p></content>"
)


@pytest.mark.parametrize(
    "document",
    [
        rss(USUAL, USUAL),
        rss(USUAL, of_feed=PODCAST),
        rss(USUAL, of_feed="<image><url>https://q/i.png</url><title>Q</title></image>"),
        rss(USUAL, of_feed="<atom:link rel='hub' href='https://hub.example/'/><ttl>5</ttl>"),
        rss(USUAL + "<itunes:summary>More</itunes:summary><itunes:subtitle>s</itunes:subtitle>"),
        rss(USUAL + "<media:thumbnail url='https://q/t.png'/><t:mood kind='fair'/>"),
        rss(USUAL + "<t:scale><t:low>1</t:low><t:high t:x='y'><t:a/></t:high></t:scale>"),
        rss(USUAL + "<post-id xmlns='com-wordpress:feed-additions:1'>7</post-id>",
            of_feed="<site xmlns='com-wordpress:feed-additions:1'>5</site>"),
        rss("<title>T</title>").replace("<item>", "<item xml:lang='de'>"),
        rss("<author><name>Ada</name><t:image t:src='x' width='1'/></author>"),
        rss("<title>H&lt;sub&gt;2&lt;/sub&gt;O</title>", "<title>caf\u00c3\u00a9 \x93</title>"),
        atom(OF_ATOM, of_feed="<id>https://quay.example/</id><link rel='self' href='https://q/f'/>"),
    ],
)  # fmt: skip
def test_usual_documents_are_read_quickly(document: str) -> None:
    assert agrees(document)


@pytest.mark.parametrize(
    "document",
    [
        "<!DOCTYPE rss>" + rss(USUAL),
        f"<!--{' ' * 20_000}--><!DOCTYPE rss>" + rss(USUAL),
        rss("<title>Tide</title><link BASE = 'https://q/'>1</link>"),
        rss(USUAL).removesuffix("</rss>"),
        rss(USUAL, names=NAMES.replace("search.yahoo.com", "quay.example")),
        rss(USUAL + "<content xmlns='http://www.w3.org/2005/Atom' src='https://q/'/>"),
        rss("<title>Tide</title><description><p>Low</p> at noon</description>"),
        rss("<title>Tide</title><link xml:base='https://q/'>1</link>"),
        rss(USUAL + "<source><title>Other</title></source>"),
        rss(USUAL + "<date>2025</date>"),
        "<rdf:RDF xmlns='http://purl.org/rss/1.0/'><item/></rdf:RDF>",
        atom("<title type='xhtml'><div>Tide</div></title>"),
        atom("<content type='image/png'>aGk=</content>"),
    ],
)
def test_what_is_not_known_to_agree_is_left_to_feedparser(document: str) -> None:
    assert not agrees(document)


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.*")), ids=lambda path: path.name)
def test_documents_of_the_tests_are_read_alike(path: Path) -> None:
    agrees(decoded(path.read_bytes()))


@pytest.mark.slow
def test_documents_from_the_wild_are_read_alike() -> None:
    if not WILD.is_dir():
        pytest.skip("the documents from the wild are not here")
    paths = [*(WILD / "feeds" / "dev" / "docs").iterdir(), *(WILD / "field").glob("*.xml")]
    assert sum(agrees(decoded(path.read_bytes())) for path in paths) > 100


def test_all_names_that_mean_something_to_feedparser_are_known() -> None:
    parser = feedparser.api.StrictFeedParser
    handled = [
        name.split("_", 2)[2] for name in dir(parser) if name.startswith(("_start_", "_end_"))
    ]
    with_prefix = {name.partition("_")[0].lower() for name in handled if "_" in name}
    assert with_prefix <= quick_names.MEANT
    for address, prefix in feedparser.mixin._FeedParserMixin.namespaces.items():
        if prefix.lower() in quick_names.MEANT | {"sy"}:
            known = quick_names.PREFIXES.get(address.lower(), prefix.lower())
            assert known == prefix.lower()
            assert address.lower() in quick_names.PREFIXES or prefix == "creativeCommons"
    assert feedparser.mixin._cp1252 == quick_names.WINDOWS


TEXTS = st.sampled_from(
    ["", " ", "Tide", "a.jpg", "https://q.example/1", "http:////q.example/x?a=1&amp;b;=2",
     "ä", "Ã¤",
     "&lt;b>Low&lt;/b>", "<![CDATA[<p>Low</p>]]>", "x<!-- y -->z", "\x85 &#133;", "2025-10-29",
     "tag:q,1", "\n Tide\n ", "a&#10;b&#x1F605;&#038;", "&#13;"]
)  # fmt: skip
# Each with what usually stands in it; odd attributes and elements make the fast reader give up.
USUAL_TAGS = {
    "title": ["", "", "type='text'", "xml:lang='de'"],
    "description": [""], "content:encoded": [""], "itunes:summary": [""], "itunes:subtitle": [""],
    "link": ["", "href='https://q.example/2'", "rel='enclosure' href='x.mp3' type='Audio/MPEG'",
             "rel='self' href='s'", "hreflang='de' href='https://q.example/de'"],
    "atom:link": ["rel='hub' href='h'", "rel='alternate' type='HTML' href='a'", ""],
    "guid": ["", "isPermaLink='false'"], "id": [""], "atom:id": [""],
    "pubDate": [""], "updated": [""], "dc:date": [""], "published": [""], "dc:language": [""],
    "summary": ["", "type='html'"], "content": ["", "type='html'", "type='TEXT'"],
    "enclosure": ["url='https://q.example/3.jpg' type='image/jpeg'", "href='e.mp3' uri=''"],
    "source": ["", "url='https://q.example/'"], "author": [""], "category": ["", "term='Sea'"],
    "media:content": ["", "url='u.jpg' medium='image' width='9'"], "language": [""],
    "media:thumbnail": ["", "url='t.jpg'"], "media:title": ["", "type='plain'"],
    "media:description": [""], "media:credit": ["", "role='x'"], "itunes:image": ["href='i.png'"],
    "t:mood": ["", "kind='fair'"], "t:title": [""], "feedburner:origLink": ["", "x='y'"],
    "ttl": [""], "sy:updatePeriod": [""], "contributor": [""],
    "site": ["xmlns='com-wordpress:feed-additions:1'"],
    "post-id": ["xmlns='com-wordpress:feed-additions:1'"],
}  # fmt: skip
ODD_NAMES = """
    dc:title comments image url href date thumbnail subtitle lastBuildDate body info modified
    created textInput xhtml atom:content atom:summary media:group uri name pubdate
"""
ODD_ATTRIBUTES = [
    "type='image/png' url='x'", "lang='fr'", "xml:base='https://b.example/'", "base='/b'",
    "t:href='y'", "mode='escaped'", "xmlns='http://tide.example/ns'",
    "xmlns:media='http://tide.example/ns'", "type='html'", "rel='self'",
]  # fmt: skip


def _element(tag: str, attributes: str, inside: str) -> str:
    return f"<{tag} {attributes}>{inside}</{tag}>"


LEAVES = st.sampled_from(list(USUAL_TAGS)).flatmap(
    lambda tag: st.builds(_element, st.just(tag), st.sampled_from(USUAL_TAGS[tag]), TEXTS)
)
ODD = st.builds(_element, st.sampled_from(ODD_NAMES.split()), st.just(""), TEXTS) | st.builds(
    _element, st.sampled_from(list(USUAL_TAGS)), st.sampled_from(ODD_ATTRIBUTES), TEXTS
)
INSIDE = {
    "media:content": "media:title media:description media:thumbnail media:content media:credit",
    "media:group": "media:title media:content media:thumbnail t:mood",
    "author": "name uri email title t:image media:title",
    "t:mood": "t:title t:link t:mood media:title title",
    "image": "url title link width foo",
}


def _nested(tag: str) -> st.SearchStrategy[str]:
    inside = st.builds(_element, st.sampled_from(INSIDE[tag].split()), st.just(""), TEXTS)
    return st.lists(inside, max_size=3).map(lambda inside: _element(tag, "", "".join(inside)))


ELEMENTS = st.one_of(LEAVES, LEAVES, st.sampled_from(list(INSIDE)).flatmap(_nested))
ITEMS = st.lists(ELEMENTS, max_size=6).map("".join)
ODD_ITEMS = st.lists(LEAVES | ODD, max_size=4).map("".join)


@example([], "<itunes:summary>a</itunes:summary><description>b</description>", False)
@example(["<description>a</description><media:description>b</media:description>"], "", False)
@example(["<itunes:image t:href='y'/>"], "", False)
@given(
    st.lists(ITEMS, max_size=2) | st.lists(ODD_ITEMS, max_size=2), ITEMS | ODD_ITEMS, st.booleans()
)
def test_whatever_a_document_has_it_is_read_alike(
    items: list[str], of_feed: str, is_atom: bool
) -> None:
    agrees(atom(*items, of_feed=of_feed) if is_atom else rss(*items, of_feed=of_feed))


@pytest.mark.parametrize(
    "document",
    [
        rss(USUAL.replace("Ada", "A\ufeffda")),
        rss(USUAL.replace("noon", "noon&#133;")),
        rss("<title>T&#xFEFF;ide</title>"),
        "<!-- of a cache --><?xml version='1.0'?>" + rss(USUAL),
        rss("<title><![CDATA[<?xml version='1.0'?> of old]]></title>"),
        rss("<title>Tide&#x7f; &#x85;</title>"),
    ],
)
def test_a_document_that_needs_mending_is_not_taken_as_it_stands(document: str) -> None:
    assert not is_in_order(document)
    agrees(document)


def test_a_document_that_breaks_off_is_not_in_order() -> None:
    assert is_in_order(rss("<title>Tide</title>"))
    assert not is_in_order(rss("<title>Tide</title>").removesuffix("</rss>"))


@given(st.integers(0, 20_000), st.integers(7_990, 8_010), st.integers(0, 9_000))
def test_a_long_tag_is_looked_for_wherever_it_stands(before: int, length: int, behind: int) -> None:
    text = "<a>" * (before // 3) + "<b" + " c" * (length // 2) + ">" + "d" * behind
    assert parse._may_have_a_long_tag(text) or not parse._LONG_TAG.search(text)
