"""What readers met in the field: summaries without words, links that are none, titles with markup.

Our own inputs first; then those of the shared folder, where it is, with the answers beside them.
"""

import json
import re
from pathlib import Path

import pytest

from bot.feeds.reading.parse import parse_document
from bot.news.story import ParsedEntry

FIELD = Path(__file__).parents[3] / "shared" / "data" / "field"
MEDIA = "http://search.yahoo.com/mrss/"


def item(inner: str, channel: str = "") -> ParsedEntry:
    body = (
        f'<rss version="2.0" xmlns:media="{MEDIA}" xmlns:m="{MEDIA}"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">'
        f"<channel><title>Quay Gazette</title>{channel}<item>{inner}</item></channel></rss>"
    )
    (entry,) = parse_document(body.encode(), url="https://quay.example/feed").entries
    return entry


def atom(inner: str, top: str = "") -> ParsedEntry:
    body = f'<feed xmlns="http://www.w3.org/2005/Atom" {top}><entry>{inner}</entry></feed>'
    (entry,) = parse_document(body.encode(), url="https://quay.example/feed").entries
    return entry


def of_json(**fields: object) -> ParsedEntry:
    document = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", **fields}]}
    (entry,) = parse_document(json.dumps(document).encode()).entries
    return entry


SAID = "The dredger starts on Monday."
LONG = f"<content:encoded><![CDATA[<p>{SAID}</p>]]></content:encoded>"
NO_WORDS = [
    "&lt;img src='https://i.example/a.jpg' alt='A dredger'&gt;",
    "&lt;p&gt;&amp;nbsp;&lt;/p&gt;",
    "[…]",
    "&lt;a href='https://quay.example/1'&gt;Read more&lt;/a&gt;",
    "Dredger comes to the quay",
    "Dredger comes to the…",
    "Dredger comes to the quay&lt;br/&gt;Quay Gazette",
    "https://quay.example/1",
    "&lt;a href='https://quay.example/1#c'&gt;Comments&lt;/a&gt;",
    ". . .",
    "null",
    "Quay Gazette",
]


@pytest.mark.parametrize("nothing", NO_WORDS)
def test_a_description_without_words_gives_way_to_the_content(nothing: str) -> None:
    title = "<title>Dredger comes to the quay</title>"
    description = f"<description>{nothing}</description>"
    assert item(f"{title}{description}{LONG}").summary == SAID
    assert item(f"{title}{LONG}{description}").summary == SAID
    assert item(f"{title}{description}").summary == ""


@pytest.mark.parametrize(
    "caption",
    [
        "<media:description>The quay in 1911.</media:description>",
        "<media:description type='html'>The quay in 1911.</media:description>",
        "<m:description>The quay in 1911.</m:description>",
        "<media:content url='https://i.example/a.jpg' medium='image'>"
        "<media:description>The quay in 1911.</media:description></media:content>",
    ],
)
def test_a_caption_is_the_summary_only_where_nothing_else_is_said(caption: str) -> None:
    title, description = "<title>Dredger</title>", f"<description>{SAID}</description>"
    for inner in (f"{caption}{description}", f"{description}{caption}", f"{caption}{LONG}"):
        assert item(title + inner).summary == SAID
    empty = "<media:description/>"
    assert item(f"{title}{empty}{description}").summary == SAID
    assert item(title + caption).summary == "The quay in 1911."


def test_a_caption_inside_the_text_is_left_out() -> None:
    figure = "<figure><img src=a><figcaption>The quay in 1911.</figcaption></figure>"
    old = "<p class='wp-caption-text'>The quay in 1911.</p>"
    for caption in (figure, old):
        assert of_json(title="Dredger", content_html=f"{caption}<p>{SAID}</p>").summary == SAID
    assert of_json(title="Dredger", content_html=figure).summary == "The quay in 1911."


def test_the_same_holds_for_atom_and_json() -> None:
    content = f"<content type='html'>&lt;p&gt;{SAID}&lt;/p&gt;</content>"
    blank = "<summary type='html'>&lt;p/&gt;</summary>"
    assert atom(f"<title>Dredger</title>{blank}{content}").summary == SAID
    found = of_json(title="Dredger", summary="Dredger", content_text=" ", content_html=SAID)
    assert found.summary == SAID


def test_an_aggregator_repeats_neither_headline_nor_outlet() -> None:
    title = "<title>Dredger comes - Quay Gazette</title><source url='x'>Quay Gazette</source>"
    told = (
        "&lt;a href='x'&gt;Dredger comes&lt;/a&gt;&amp;nbsp;&lt;font&gt;Quay Gazette&lt;/font&gt;"
    )
    assert item(f"{title}<description>{told}</description>").summary == ""
    more = f"&lt;li&gt;{told}&lt;/li&gt;&lt;li&gt;Mayor is glad&lt;/li&gt;"
    assert item(f"{title}<description>{more}</description>").summary == "Mayor is glad"


@pytest.mark.parametrize(
    ("inner", "link"),
    [
        ("<guid>4711</guid>", None),
        ("<guid>quay-4711</guid><link></link>", None),
        ("<guid>at://did:plc:x/post/1</guid>", None),
        ("<guid>urn:uuid:1-2</guid><link> </link>", None),
        ("<guid>/2026/dredger</guid>", "https://quay.example/2026/dredger"),
        ("<guid>x</guid><enclosure url='https://c.example/1.mp3' type='audio/mpeg'/>",
         "https://c.example/1.mp3"),
        ("<enclosure url='https://c.example/1.m4a'/>", "https://c.example/1.m4a"),
        ("<media:content url='https://c.example/1.mp4' medium='video'/>",
         "https://c.example/1.mp4"),
        ("<enclosure url='https://c.example/1.png' type='image/png'/>", None),
        ("<guid>https://quay.example/1</guid>"
         "<enclosure url='https://c.example/1.mp3' type='audio/mpeg'/>", "https://quay.example/1"),
    ],
)  # fmt: skip
def test_a_link_can_be_opened_or_is_none(inner: str, link: str | None) -> None:
    assert item(f"<title>Dredger</title>{inner}").link == link


@pytest.mark.parametrize(
    ("links", "chosen"),
    [
        ("<link type='application/json' href='/1.json'/><link href='/1'/>", "/1"),
        ("<link type='application/pdf' href='/1.pdf'/>", "/1.pdf"),
        ("<link hreflang='en' href='/en/1'/><link hreflang='sv' href='/sv/1'/>", "/sv/1"),
        ("<link hreflang='en' href='/en/1'/><link hreflang='fr' href='/fr/1'/>", "/en/1"),
        ("<link rel='enclosure' type='audio/mpeg' href='/1.mp3'/><link href='/1'/>", "/1"),
    ],
)
def test_a_page_in_the_language_of_the_feed_goes_before_other_forms(
    links: str, chosen: str
) -> None:
    found = atom(f"<id>1</id><title>Dredger</title>{links}", "xml:lang='sv-SE'").link
    assert found == f"https://quay.example{chosen}"


def test_json_feeds_have_recordings_and_addresses_as_ids_too() -> None:
    sound = [{"url": "https://c.example/1.mp3", "mime_type": "audio/mpeg"}]
    assert of_json(attachments=sound).link == "https://c.example/1.mp3"
    assert of_json(attachments=sound, id="https://q.example/1").link == "https://q.example/1"


def test_an_alert_of_a_search_engine_leads_to_the_article() -> None:
    for wrapped in (
        "https://www.google.co.uk/url?rct=j&amp;url=https://quay.example/1%3Fa%3D2&amp;ct=ga",
        "https://www.bing.com/news/apiclick.aspx?ref=x&amp;url=https%3a%2f%2fquay.example%2f1%3Fa%3D2",
    ):
        assert item(f"<link>{wrapped}</link>").link == "https://quay.example/1?a=2"
    odd = "https://www.google.com/url?url=javascript:x"
    assert item(f"<link>{odd}</link>").link == odd


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("The &lt;dialog&gt; element", "The <dialog> element"),
        ("Use &lt;b&gt; less", "Use <b> less"),
    ],
)
def test_a_title_that_is_said_to_be_plain_is_not_read_as_html(title: str, read: str) -> None:
    assert atom(f"<title type='text'>{title}</title>").title == read
    assert of_json(title=read).title == read


def test_what_is_read_otherwise_says_how_it_was_read_before() -> None:
    before = item("<title>Dredger&lt;br&gt;comes</title><guid>4711</guid>").formerly
    assert before is not None
    assert (before.title, before.link) == ("Dredger<br>comes", "https://quay.example/4711")
    assert item(f"<title>Dredger</title><description>{SAID}</description>").formerly is None


# --- the shared folder -------------------------------------------------------------------------

TEMPLATE = re.compile(r"</?(?:br|wbr|mark|p|img|b|i|span|font|center|time|sub)\b", re.IGNORECASE)


def field(name: str) -> list[ParsedEntry]:
    path = FIELD / name
    if not path.is_file():
        pytest.skip(f"{path.name} is not there: the shared data is absent")
    return list(parse_document(path.read_bytes()).entries)


@pytest.mark.parametrize(
    "name", ["06-rss-title-angle-brackets.xml", "74-title-variants.xml", "75-google-alerts.xml"]
)
def test_no_headline_of_the_field_shows_a_tag(name: str) -> None:
    assert not [entry.title for entry in field(name) if TEMPLATE.search(entry.title)]


@pytest.mark.parametrize(
    "name",
    [
        "01-media-description.xml",
        "02-description-without-words.xml",
        "71-atom-summary-variants.xml",
        "72-json-summary-variants.json",
    ],
)
def test_every_summary_of_the_field_is_one_of_its_answers(name: str) -> None:
    said = (FIELD / name).with_suffix("").with_suffix(".expect.txt")
    for entry in field(name):
        assert f'"{entry.summary}"' in said.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "links"),
    [
        ("15-guid-is-no-address.xml", [3, 4, 6, 7, 9]),
        ("73-enclosure-variants.xml", [0, 1, 3, 4, 5]),
        ("03-enclosure-only.xml", [0]),
    ],
)
def test_the_entries_of_the_field_that_can_be_opened_have_links(
    name: str, links: list[int]
) -> None:
    assert [at for at, entry in enumerate(field(name)) if entry.link] == links
