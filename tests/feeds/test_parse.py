"""Reading feed documents: every kind, and what strangers make of them."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.reading.entries import MOST_ENTRIES
from bot.feeds.reading.parse import parse_document
from bot.news.polling.parsed import ParsedFeed
from bot.news.story import ParsedEntry
from bot.news.why import NotAFeed
from tests.effort import examples

FIXTURES = Path(__file__).parent / "fixtures"
SEED = Path(__file__).parents[3] / "shared" / "data" / "seed"
FIRST = 1_761_749_900.0  # 2025-10-29T14:58:20Z


def rss(inner: str, head: str = "", top: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{top}<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>Harbour Post</title>{head}{inner}</channel></rss>"
    ).encode("utf-8", "surrogatepass")


def only(body: bytes, url: str | None = None) -> ParsedEntry:
    (entry,) = parse_document(body, url=url).entries
    return entry


def item(inner: str, url: str | None = None) -> ParsedEntry:
    return only(rss(f"<item>{inner}</item>"), url)


KINDS = [
    ("rss20.xml", "rss"),
    ("rss091.xml", "rss"),
    ("rss10.rdf", "rdf"),
    ("atom10.xml", "atom"),
    ("atom03.xml", "atom"),
    ("feed10.json", "json"),
    ("feed11.json", "json"),
]


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_every_kind_of_feed_is_read(name: str, kind: str) -> None:
    feed = parse_document((FIXTURES / name).read_bytes(), url="https://harbour.example/feeds/all")
    assert (feed.kind, feed.title) == (kind, "Harbour Post")
    first, second = feed.entries
    assert first.title == "Ferry & bridge reopen"
    assert first.link == "https://harbour.example/ferry"
    assert first.summary == "Both links to the island are open again."
    assert second.title == "Second <item>"
    if name != "rss091.xml":
        assert first.published == FIRST
        assert feed.language == "en-GB"


@pytest.mark.hostile(80)
def test_an_id_is_kept_as_it_is() -> None:
    assert item("<guid isPermaLink='false'> Ab-1 </guid>").id == "Ab-1"
    assert item("<guid isPermaLink='false'>ab-1</guid>").id == "ab-1"
    assert item("<title>x</title>").id is None
    assert item("<guid isPermaLink='false'></guid><title>x</title>").id is None
    one, other = (item(f"<guid>{'a' * 100_000}{end}</guid>").id for end in "bc")
    assert one
    assert other
    assert one != other
    assert len(one) < 100


def test_an_id_does_not_depend_on_where_the_feed_was_found() -> None:
    body = (FIXTURES / "atom10.xml").read_bytes()
    here, there = (parse_document(body, url=u) for u in (None, "https://b.example/x"))
    assert [e.id for e in here.entries] == [e.id for e in there.entries]


def test_links_are_absolute() -> None:
    url = "https://harbour.example/feeds/all.xml"
    assert item("<link>../ferry</link>", url).link == "https://harbour.example/ferry"
    assert item("<guid>https://harbour.example/f</guid>").link == "https://harbour.example/f"
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/x/">
        <entry><link href="y"/></entry></feed>"""
    assert only(body, url).link == "https://base.example/x/y"


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "tg://user?id=1", "http://me:secret@h.example/", "http://[",
     "mailto:a@b",
     "https://h.example/" + "a" * 5000],
)  # fmt: skip
@pytest.mark.hostile(79)
def test_a_link_that_is_unfit_is_dropped_and_the_title_stays(link: str) -> None:
    entry = item(f"<title>Kept</title><link>{link}</link>")
    assert (entry.title, entry.link) == ("Kept", None)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("Rain &amp;amp; wind", "Rain & wind"),
        ("Rain &amp;amp;amp; wind", "Rain &amp; wind"),
        ("<![CDATA[a &lt;tag&gt; b]]>", "a <tag> b"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Safe", "Safe"),
        ("2 &lt; 3", "2 < 3"),
        ("  two \n lines ", "two lines"),
        ("\u202eevil\u2066 \u200btext", "evil text"),
        ("&#x200b; &#xfeff;", ""),
        ("&#xD83D;&#xDE00; grin", "😀 grin"),
        ("lone &#xD83D; one &#56832;", "lone � one �"),
        ("e" + "\u0301" * 1000, "e" + "\u0301" * 4),
    ],
)
@pytest.mark.hostile(72, 75, 76, 77)
def test_a_title_is_plain_and_decoded_once(written: str, read: str) -> None:
    title = item(f"<title>{written}</title>").title
    assert unicodedata.normalize("NFC", title) == unicodedata.normalize("NFC", read)


@pytest.mark.hostile(76)
def test_texts_are_bounded() -> None:
    entry = item(
        f"<title>{'word ' * 200_000}</title><description>{'text ' * 200_000}</description>"
    )
    assert len(entry.title) <= 500
    assert entry.title.endswith("…")
    assert len(entry.summary) <= 2000


def test_a_summary_is_plain_and_clean() -> None:
    entry = item(
        "<title>Storm</title><description>&lt;p&gt;OSLO (AP) — Wind &amp;amp; rain.&lt;/p&gt;"
        "&lt;p&gt;More.&lt;/p&gt;&lt;p&gt;The post &lt;a href='x'&gt;Storm&lt;/a&gt; "
        "appeared first on Harbour Post.&lt;/p&gt;</description>"
    )
    assert entry.summary == "Wind & rain.\nMore."
    assert item("<content:encoded>&lt;p&gt;Only this&lt;/p&gt;</content:encoded>").summary == (
        "Only this"
    )


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Wed, 29 Oct 2025 14:58:20 GMT", FIRST),
        ("Wed, 29 Oct 2025 15:58:20 +0100", FIRST),
        ("2025-10-29T14:58:20", FIRST),
        ("", None),
        ("yesterday", None),
        ("Wed, 31 Feb 2025 10:00:00 GMT", None),
        ("10000-01-01T00:00:00Z", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("2100-01-01T00:00:00Z", 4_102_444_800.0),
    ],
)
@pytest.mark.hostile(81)
def test_dates_are_utc_or_none(date: str, seconds: float | None) -> None:
    assert item(f"<title>x</title><pubDate>{date}</pubDate>").published == seconds


@pytest.mark.hostile(81)
def test_a_mad_time_zone_is_no_reason_to_fail() -> None:
    item("<title>x</title><pubDate>Wed, 29 Oct 2025 14:58:20 +9900</pubDate>")


@pytest.mark.parametrize(
    "inner",
    [
        '<media:content url="https://h.example/p.jpg" medium="image"/>',
        '<media:thumbnail url="https://h.example/p.jpg"/>',
        '<enclosure url="https://h.example/p.jpg" type="image/jpeg" length="1"/>',
        '<enclosure url="https://h.example/a.mp3" type="audio/mpeg"/>'
        '<media:content url="/p.jpg" type="image/png"/>',
    ],
)
def test_a_picture_is_found(inner: str) -> None:
    assert item(f"<title>x</title>{inner}", "https://h.example/f").image == (
        "https://h.example/p.jpg"
    )


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse_document(rss("")) == ParsedFeed("rss", "Harbour Post", None, (), apart=True)


def test_only_so_many_entries_are_read() -> None:
    feed = parse_document(rss("<item><title>x</title></item>" * (MOST_ENTRIES + 5)))
    assert len(feed.entries) == MOST_ENTRIES


def test_the_charset_of_the_http_header_counts() -> None:
    body = "<rss version='2.0'><channel><title>Гавань</title></channel></rss>".encode("cp1251")
    found = parse_document(body, content_type="application/rss+xml; charset=windows-1251")
    assert found.title == "Гавань"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.hostile(71)
def test_other_encodings(encoding: str) -> None:
    body = rss("<item><title>Naïve</title></item>").decode().replace("utf-8", encoding[:6])
    assert only(body.encode(encoding)).title == "Naïve"


@pytest.mark.hostile(71)
def test_a_wrong_encoding_label_is_survived() -> None:
    for label in ("utf-7", "nonsense", "utf-16", "ascii"):
        body = rss("<item><title>Plain</title></item>").replace(b"utf-8", label.encode())
        assert only(body).title == "Plain"


NOT_FEEDS = {
    "55": (b"", "empty"),
    "55 blank": (b" \n\t", "empty"),
    "56": (b"<!DOCTYPE html><html><title>Log in</title><body>x</body></html>", "web page"),
    "56 xhtml": (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "web page"),
    "61 passwd": (b"/etc/passwd", "not a feed"),
    "61 zero": (b"/dev/zero", "not a feed"),
    "61 address": (b"http://127.0.0.1:1/", "not a feed"),
    "70 nul": (b"\x00" * 1000, "empty"),
    "70 random": (bytes(range(256)) * 50, "feed"),
    "xml": (b"<?xml version='1.0'?><svg/>", "not a feed"),
    "text": (b"hello there", "not a feed"),
    "66": (b"<rss><a " + b" ".join(b"a%d='1'" % i for i in range(9000)) + b">", "damaged"),
    "73 deep": (b'{"items":' + b"[" * 1_000_000, "damaged"),
    "73 other": (b'{"a": 1}', "not a JSON Feed"),
    "73 list": (b"[1, 2]", "not a JSON Feed"),
    "73 open": (b'{"items": [', "damaged"),
}


@pytest.mark.parametrize(("body", "said"), NOT_FEEDS.values(), ids=NOT_FEEDS)
@pytest.mark.hostile(55, 56, 61, 66, 70, 73)
def test_what_is_no_feed_is_told_in_one_sentence(body: bytes, said: str) -> None:
    with pytest.raises(NotAFeed, match=said) as refusal:
        parse_document(body)
    assert "\n" not in str(refusal.value)


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
HOSTILE = {
    "62": rss("<item><title>&l9;</title></item>", top=f'<!DOCTYPE r [<!ENTITY l0 "lol">{LAUGHS}]>'),
    "63": rss(
        f"<item><title>{'&a;' * 1000}</title></item>",
        top=f'<!DOCTYPE r [<!ENTITY a "{"a" * 50_000}">]>',
    ),
    "64": rss(
        "<item><title>[&x;]</title></item>",
        top='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ),
    "65": rss(
        "<item><title>t</title></item>", top='<!DOCTYPE rss SYSTEM "http://169.254.169.254/x.dtd">'
    ),
    "67": rss(f"<item><title>t</title><description>{'&lt;b&gt;' * 50_000}x</description></item>"),
    "67 div": rss(
        f"<item><title>t</title><description>{'&lt;div&gt;' * 50_000}x</description></item>"
    ),
    "69": rss("<item><title><![CDATA[t</title></item>"),
    "70": rss("<item><title>t\x00\x01\x0b</title></item>"),
    "74": rss('<item><title>t</title></item><feed xmlns="http://www.w3.org/2005/Atom"/>'),
    "74 two roots": rss("<item><title>t</title></item>") * 2,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.timeout(5)
@pytest.mark.hostile(62, 63, 64, 65, 67, 69, 70, 74)
def test_a_hostile_document_is_read_or_refused_soon(body: bytes) -> None:
    try:
        feed = parse_document(body)
    except NotAFeed:
        return
    text = "".join(entry.title + entry.summary for entry in feed.entries)
    assert "root:" not in text
    assert len(text) <= 2500 * len(feed.entries)


@pytest.mark.hostile(73)
def test_a_json_feed_with_wrong_types_is_tolerated() -> None:
    feed = parse_document(
        b'{"version": "https://jsonfeed.org/version/1", "title": 7, "items": [null, 3, '
        b'{"id": 12, "title": ["x"], "url": NaN, "date_published": {}, "image": true},'
        b'{"id": "a", "id": "b", "title": "T", "n": ' + b"9" * 10_000 + b"}]}"
    )
    assert feed.title == ""
    assert [(entry.id, entry.title) for entry in feed.entries] == [("12", ""), ("b", "T")]


SAMPLES = [(FIXTURES / name).read_bytes() for name, _ in KINDS]


@examples(150)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 40), st.binary(max_size=12))),
)
def test_a_mutated_document_raises_nothing_but_not_a_feed(
    body: bytes, changes: list[tuple[int, int, bytes]]
) -> None:
    for at, gone, new in changes:
        body = body[:at] + new + body[at + gone :]
    try:
        feed = parse_document(body, url="https://h.example/f")
    except NotAFeed:
        return
    for entry in feed.entries:
        f"{entry}".encode()  # no lone surrogates anywhere


@examples(150)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: rss(f"<item>{t}</item>")))
def test_random_bytes_raise_nothing_but_not_a_feed(body: bytes) -> None:
    try:
        parse_document(body)
    except NotAFeed:
        return


@pytest.mark.skipif(not SEED.is_dir(), reason="the seed data is not beside this checkout")
@pytest.mark.parametrize("name", ["worthy.xml", "reprint.xml"])
def test_the_seed_reads_as_a_person_would_write_it(name: str) -> None:
    for entry in parse_document((SEED / name).read_bytes()).entries:
        assert entry.summary[0].isupper()
        assert entry.summary[-1] in ".”"
        for unwanted in (
            "(Worthy News)",
            "MOSCOW",
            "Copyright",
            "appeared first",
            "Barry",
            "[",
            "&#",
        ):
            assert unwanted not in entry.summary


@pytest.mark.parametrize(
    ("written", "read"), [("12:30 05.06.2025", 1_749_126_600.0), ("12:30", None), ("5-6-25", None)]
)
def test_a_clock_alone_is_not_taken_for_today(written: str, read: float | None) -> None:
    item = f"<item><title>T</title><pubDate>{written}</pubDate></item>"
    document = f"<rss version='2.0'><channel><title>Q</title>{item}</channel></rss>"
    assert parse_document(document.encode()).entries[0].published == read


def test_the_language_of_a_feed_tells_what_its_months_mean() -> None:
    item = "<item><title>T</title><pubDate>5 listopada 2025</pubDate></item>"
    for language, read in (("pl-PL", 1_762_300_800.0), ("hr", None)):
        said = f"<title>Q</title><language>{language}</language>"
        document = f"<rss version='2.0'><channel>{said}{item}</channel></rss>"
        assert parse_document(document.encode()).entries[0].published == read


def test_long_numbers_as_ids_of_json_stay_apart() -> None:
    ids = ["12345678901234567890", "12345678901234567891", "1" * 5000, "7"]
    items = ", ".join(f'{{"id": {n}, "title": "T"}}' for n in ids)
    version = "https://jsonfeed.org/version/1.1"
    document = f'{{"version": "{version}", "title": "Q", "items": [{items}]}}'
    found = [entry.id for entry in parse_document(document.encode()).entries]
    assert len(set(found)) == 4
    assert (found[:2], found[3]) == (ids[:2], "7")


@pytest.mark.parametrize("form", ["rss", "json"])
@pytest.mark.parametrize("turned", [1, -1], ids=["newest first", "oldest first"])
def test_of_more_entries_than_are_read_the_newest_are_kept_in_their_order(
    form: str, turned: int
) -> None:
    days = [f"2025-{1 + n // 100:02}-01T{n % 24:02}:00:{n // 24:02}Z" for n in range(1_200)]
    days = sorted(days, reverse=True)[::turned]
    if form == "json":
        items = [{"id": day, "title": day, "date_published": day} for day in days]
        body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    else:
        body = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Long</title>"
        body += "".join(f"<entry><id>{d}</id><updated>{d}</updated></entry>" for d in days)
        body += "</feed>"
    found = [entry.id for entry in parse_document(body.encode()).entries]
    assert found == (days[:1000] if turned == 1 else days[200:])


def test_the_base_of_one_entry_is_not_that_of_the_next() -> None:
    entries = "".join(
        f"<entry><id>urn:{n}</id><title>Tide {n}</title>{more}<link href='/{n}'/></entry>"
        for n, more in enumerate(
            ("", "<content xml:base='https://quoted.example/a/' type='html'>Low.</content>", "")
        )
    )
    feed = parse_document(
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Quay</title>{entries}</feed>".encode(),
        url="https://quay.example/feed",
    )
    assert [entry.link for entry in feed.entries] == [f"https://quay.example/{n}" for n in range(3)]
