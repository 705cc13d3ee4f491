"""Documents that are not as they should be, and what a person would read in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.reading.parse import parse_document
from bot.news.story import ParsedEntry
from bot.news.why import NotAFeed

HEAD = '<?xml version="1.0" encoding="utf-8"?>'
NAMES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:atom="http://www.w3.org/2005/Atom"'
)
NOON = 1_761_749_900.0


def rss(inner: str, *, names: str = NAMES, head: str = HEAD) -> str:
    channel = f"<channel><title>Quay Gazette</title>{inner}</channel>"
    return f'{head}<rss version="2.0" {names}>{channel}</rss>'


def item(inner: str, *, names: str = NAMES, url: str = "https://quay.example/feed") -> ParsedEntry:
    (entry,) = parse_document(rss(f"<item>{inner}</item>", names=names).encode(), url=url).entries
    return entry


GOOD = rss("<item><title>Tide &amp; time</title><guid>a1</guid></item>")
MENDED = {
    "warning of PHP": "Warning: odd in /x.php on line 3<br />\n" + GOOD,
    "blank lines": "\n\n \t" + GOOD,
    "comment": "<!-- served from a cache -->" + GOOD,
    "a comment on elements": GOOD.replace(HEAD, HEAD + "<!-- <rss><channel> was <feed> -->"),
    "the same first": "<!-- of <rss> & <channel> -->" + GOOD,
    "two marks": "\ufeff\ufeff" + GOOD,
    "mark in the middle": GOOD.replace("Tide", "Ti\ufeffde"),
    "nul in the middle": GOOD.replace("Tide", "Ti\x00de"),
    "control characters": GOOD.replace("Tide", "\x1bTide\x08"),
    "references to them": GOOD.replace("Tide", "&#8;Tide&#x1F;"),
    "bare ampersand": GOOD.replace("&amp;", "&"),
    "another ampersand": GOOD.replace("</channel>", "<copyright>Q&A</copyright></channel>"),
    "no end": GOOD.removesuffix("</item></channel></rss>") + "</item><item><title>Half of",
    "cut in CDATA": GOOD.replace("</channel></rss>", "<item><title><![CDATA[Half"),
    "things after the end": GOOD + "<!-- 12 ms --><script>count()</script>",
    "capitals": GOOD.replace("rss", "RSS").replace("title>", "TITLE>").replace("item>", "ITEM>"),
    "no declaration": GOOD.removeprefix(HEAD),
    "version 1.1": GOOD.replace('"1.0"', '"1.1"'),
    "single quotes": GOOD.replace(HEAD, "<?xml version='1.0' encoding='utf-8'?>"),
    "style sheet": GOOD.replace(HEAD, HEAD + '<?xml-stylesheet href="a.xsl"?>'),
    "unquoted version": GOOD.replace('version="2.0"', "version=2.0"),
    "items beside the channel": GOOD.replace("</channel>", "").replace(
        "<item>", "</channel><item>"
    ),
    "a foreign default namespace": GOOD.replace('version="2.0"', 'xmlns="http://rss.example/"'),
    "a document type": GOOD.replace(HEAD, HEAD + "<!DOCTYPE rss SYSTEM 'http://127.0.0.1/x.dtd'>"),
}


@pytest.mark.parametrize("document", MENDED.values(), ids=MENDED)
@pytest.mark.hostile(65, 70)
def test_a_document_that_a_person_can_read_is_read(document: str) -> None:
    feed = parse_document(document.encode())
    assert (feed.kind, feed.title) == ("rss", "Quay Gazette")
    assert (feed.entries[0].id, feed.entries[0].title) == ("a1", "Tide & time")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Caf&eacute; &hellip; &mdash; R&D AT&T", "Café … — R&D AT&T"),
        ("&nosuchname; &Nosuch", "&nosuchname; &Nosuch"),
        ("it&#146;s 5&#x80;", "it’s 5€"),
        ("a &LT; b &AMP; c", "a < b & c"),
        ("<![CDATA[Fish & chips &amp; peas]]>", "Fish & chips & peas"),
        ("<![CDATA[a ]]]]><![CDATA[> b]]>", "a ]]> b"),
        ("one <b>two</b> three", "one two three"),
        ("&amp;#8217;s &amp;quot;q&amp;quot;", '’s "q"'),
        ("&#99999999999; &#xD800; &#x110000;", "� � �"),
    ],
)
@pytest.mark.hostile(72, 75)
def test_a_title_says_what_was_meant(written: str, read: str) -> None:
    assert item(f"<title>{written}</title>").title == read


@pytest.mark.parametrize(
    "inner",
    [
        '<media:content url="https://h.example/p" width="140"/>',
        '<media:content url="https://h.example/p.jpg?w=9"/>',
        '<media:group><media:content url="https://h.example/v.mp4" type="video/mp4"/>'
        '<media:content url="https://h.example/p.jpg" type="image/jpeg"/></media:group>',
        '<media:content url="https://h.example/v.mp4" type="video/mp4">'
        '<media:thumbnail url="https://h.example/p.jpg"/></media:content>',
        "<media:thumbnail>https://h.example/p.jpg</media:thumbnail>",
        '<enclosure url="https://h.example/p.webp" length="0"/>',
        '<enclosure url="https://h.example/p.PNG" type="application/octet-stream"/>',
        '<itunes:image href="https://h.example/p.jpg"/>',
        "<image> https://h.example/p.jpg </image>",
        "<image><url>https://h.example/p.jpg</url></image>",
        "<thumbnail>https://h.example/p.jpg</thumbnail>",
        '<atom:link rel="image_src" href="https://h.example/p.jpg"/>',
    ],
)
def test_a_picture_is_found_wherever_it_is_put(inner: str) -> None:
    image = item(f"<title>T</title>{inner}").image
    assert image is not None
    assert image.startswith("https://h.example/p")


@pytest.mark.parametrize(
    "inner",
    [
        '<enclosure url="https://h.example/a.mp3" type="audio/mpeg"/>',
        '<media:content url="https://h.example/v" type="video/mp4" width="640"/>',
        '<media:content url="https://h.example/v" medium="video" width="640"/>',
        '<description>&lt;img src="https://h.example/count.gif"&gt;x</description>',
        '<media:content medium="image"/>',
    ],
)
def test_what_is_no_picture_of_the_entry_is_not_taken(inner: str) -> None:
    assert item(f"<title>T</title>{inner}").image is None


def test_a_picture_of_the_channel_is_none_of_its_entries() -> None:
    document = rss(
        '<image><url>https://h.example/logo.png</url></image><itunes:image href="https://h.example/l.png"/>'
        "<item><title>T</title></item>"
    )
    assert parse_document(document.encode()).entries[0].image is None


@pytest.mark.parametrize(
    ("inner", "link"),
    [
        ("<link>\n <![CDATA[ https://h.example/a ]]>\n</link>", "https://h.example/a"),
        ('<link href="https://h.example/a"/>', "https://h.example/a"),
        ('<atom:link href="https://h.example/a"/>', "https://h.example/a"),
        ("<link>https://h.example/?a=1&b=2</link>", "https://h.example/?a=1&b=2"),
        ("<link>//h.example/a</link>", "https://h.example/a"),
        ("<link>/a b</link>", "https://quay.example/a%20b"),
        ("<link>?id=7</link>", "https://quay.example/feed?id=7"),
        ("<link>www.h.example/a</link>", "https://www.h.example/a"),
        ("<guid>https://h.example/a</guid>", "https://h.example/a"),
        ("<guid isPermaLink='false'>https://h.example/a</guid>", None),
        ("<link/><guid>https://h.example/a</guid>", "https://h.example/a"),
    ],
)
def test_a_link_is_found_however_it_is_written(inner: str, link: str | None) -> None:
    assert item(f"<title>T</title>{inner}").link == link


@pytest.mark.parametrize(
    ("inner", "seconds"),
    [
        ("<pubDate/><dc:date>2025-10-29T14:58:20Z</dc:date>", NOON),
        ("<pubDate>soon</pubDate><dc:date>2025-10-29T14:58:20Z</dc:date>", NOON),
        ("<published>2025-10-29T14:58:20Z</published>", NOON),
        ("<PUBDATE>Wed, 29 Oct 2025 14:58:20 GMT</PUBDATE>", NOON),
        ("<pubDate>mer., 29 oct. 2025 15:58:20 +0100</pubDate>", NOON),
        ("<pubDate>1761749900</pubDate>", NOON),
    ],
)
def test_a_date_is_found_however_it_is_written(inner: str, seconds: float) -> None:
    assert item(f"<title>T</title>{inner}").published == seconds


def test_names_without_their_namespace_are_understood() -> None:
    entry = item(
        "<title>T</title><content:encoded><![CDATA[<p>Low water.</p>]]></content:encoded>"
        "<dc:date>2025-10-29T14:58:20Z</dc:date>"
        '<media:content url="https://h.example/p.jpg" medium="image"/>',
        names="",
    )
    assert (entry.summary, entry.published) == ("Low water.", NOON)
    assert entry.image == "https://h.example/p.jpg"


ATOM = (
    '<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="https://h.example/x/" xml:lang="fr">'
    "<a:title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Quai <b>Gazette</b></div>"
    "</a:title><a:entry xml:base='y/'><a:id>tag:q,1</a:id><a:title type='text'>1 &lt; 2 &lt;b&gt;"
    "</a:title><a:link rel='self' href='z.atom'/><a:link href='z'/>"
    "<a:updated>2025-11-01T00:00:00Z</a:updated><a:published>2025-10-29T14:58:20Z</a:published>"
    "<a:content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One</p><p>Two</p></div>"
    "</a:content></a:entry></a:feed>"
)


def test_atom_with_prefixes_bases_and_xhtml() -> None:
    feed = parse_document(ATOM.encode(), url="https://elsewhere.example/")
    assert (feed.kind, feed.title, feed.language) == ("atom", "Quai Gazette", "fr")
    (entry,) = feed.entries
    assert (entry.id, entry.link) == ("tag:q,1", "https://h.example/x/y/z")
    assert (entry.title, entry.summary) == ("1 < 2 <b>", "One\nTwo")
    assert entry.published == NOON


def test_atom_whose_content_is_elsewhere_links_there() -> None:
    body = ATOM.replace("<a:link href='z'/>", "").replace("<a:link rel='self' href='z.atom'/>", "")
    start, end = body.index("<a:content"), body.index("</a:entry>")
    body = body[:start] + "<a:content type='text/html' src='c.html'/>" + body[end:]
    assert parse_document(body.encode()).entries[0].link == "https://h.example/x/y/c.html"


@pytest.mark.parametrize(
    ("json", "title", "published", "image"),
    [
        ('"title": "A &amp; B", "date_published": 1761749900', "A & B", NOON, None),
        ('"title": "1 < 2 > 0", "date_published": "x", "date_modified": "2025-10-29T14:58:20Z"',
         "1 < 2 > 0", NOON, None),
        ('"title": "A\\tB\nC", "attachments": [7, {"url": "/p.jpg", "mime_type": "image/jpeg"}]',
         "A B C", None, "https://quay.example/p.jpg"),
        ('"title": "<em>A</em>", "date_published": true', "A", None, None),
    ],
)  # fmt: skip
def test_json_feeds_as_they_are(
    json: str, title: str, published: float | None, image: str | None
) -> None:
    body = '\ufeff \n{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", %s}]}'
    for codec in ("utf-8", "utf-16"):
        feed = parse_document((body % json).encode(codec), url="https://quay.example/f.json")
        (entry,) = feed.entries
        assert (entry.title, entry.published, entry.image) == (title, published, image)


@pytest.mark.hostile(66)
def test_a_flood_of_attributes_is_seen_in_any_encoding() -> None:
    flood = "<rss><a " + " ".join(f"b{n}='1'" for n in range(9000)) + ">"
    for codec in ("utf-8", "utf-16", "utf-32-be"):
        with pytest.raises(NotAFeed, match="hundreds of attributes"):
            parse_document(flood.encode(codec))


WHOLE, LAST = (
    f"<item><title>{title}</title><link>https://quay.example/{n}</link><guid>{n}</guid></item>"
    for n, title in enumerate(("Tide turns", "Mayor <![CDATA[<i>not</i>]]> to go"))
)


@given(st.integers(1, len(LAST) - 1), st.sampled_from(["rss", "rdf", "atom"]))
def test_of_a_document_that_breaks_off_the_whole_entries_are_left(cut: int, kind: str) -> None:
    if kind == "rss":
        before = rss(WHOLE).removesuffix("</channel></rss>")
    elif kind == "rdf":
        names = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        before = f"{HEAD}<rdf:RDF {names}><channel><title>Quay</title></channel>{WHOLE}"
    else:
        before = f'{HEAD}<feed xmlns="http://www.w3.org/2005/Atom"><title>Quay</title>{WHOLE}'
        before = before.replace("item>", "entry>")
    after = LAST.replace("item>", "entry>") if kind == "atom" else LAST
    feed = parse_document((before + after[:cut]).encode())
    assert [entry.title for entry in feed.entries] == ["Tide turns"]
    assert feed.breaks_off


@pytest.mark.parametrize(
    ("document", "entries"),
    [
        (rss(WHOLE + LAST).removesuffix("</channel></rss>"), 2),
        (rss(WHOLE), 1),
        (rss("").removesuffix("</channel></rss>"), 0),
        (f'{HEAD}<feed xmlns="http://www.w3.org/2005/Atom"><title>Quay</title>', 0),
        (
            f'{HEAD}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
            ' xmlns="http://purl.org/rss/1.0/"><channel><title>Quay</title></channel>',
            0,
        ),
    ],
)
def test_a_document_without_its_end_breaks_off_also_between_entries(
    document: str, entries: int
) -> None:
    feed = parse_document(document.encode())
    assert len(feed.entries) == entries
    assert feed.breaks_off == ("</rss>" not in document)


@pytest.mark.parametrize(
    "document",
    [
        rss(WHOLE + LAST),
        rss(WHOLE + LAST).removesuffix("</rss>"),
        rss(WHOLE + LAST.removesuffix("</item>")),
        rss(WHOLE + LAST.removesuffix("</item>")).removesuffix("</rss>"),
        rss(WHOLE + LAST) + "<!-- 4 ms -->" + " " * 500,
        rss(WHOLE + LAST).replace("not", "</item></rss>"),
        rss(WHOLE + LAST).replace("not", "<item>") + "<!-- <item> -->",
    ],
)
def test_a_document_that_lacks_an_inner_end_is_whole(document: str) -> None:
    feed = parse_document(document.encode())
    assert len(feed.entries) == 2
    assert not feed.breaks_off
