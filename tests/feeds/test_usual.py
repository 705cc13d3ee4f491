"""Entries of the usual kind are read in one go as they are read in two."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.feeds.reading.entries import RawEntry
from bot.feeds.reading.parse import _looks_like_html
from bot.feeds.reading.quick import read_quickly
from bot.feeds.reading.usual import usual_entry
from tests.feeds.test_quick import agrees, atom, rss

OF_RSS = {
    "title": ["Tide", "Tide", "Tide &amp; time",
              "<![CDATA[caf\u00c3\u00a9]]>", "a<b/>c", "", "T\tt"],
    "link": ["https://q.example/1", "http:////q.example/x", "/1", "", "https://q.example/?a=1&amp;b"],
    "guid isPermaLink='false'": ["q-1", "https://q.example/1"],
    "guid": ["https:////q.example/1", "", "7"],
    "guid ispermalink='false'": ["8"],
    "pubDate": ["Wed, 29 Oct 2025 10:00:00 GMT", "29 Oct 2025 10:00:00 +0200", "soon", ""],
    "dc:date": ["2025-10-29T10:00:00Z"],
    "description": ["<![CDATA[<p>Low</p>]]>", "Low &lt;b&gt;tide", "", "é", "Low<t:x/>"],
    "description type='text'": ["Low"],
    "content:encoded": ["<![CDATA[<p>High</p>]]>", "é", ""],
    "dc:creator": ["Ada"], "category domain='x'": ["Sea"], "author": ["Ada", "<name>Ada</name>"],
    "t:mood kind='fair'": [""], "comments": ["https://q.example/c", "<t:a/>"], "atom:link": [""],
    "enclosure url='x.jpg' type='image/jpeg'": [""], "media:thumbnail url='t.png'": [""],
    "post-id xmlns='com-wordpress:feed-additions:1'": ["7"], "source": ["Other"],
}  # fmt: skip
OF_ATOM = {
    "title": ["Tide", "&lt;b>Low&lt;/b>", "", "Ã¤"], "title type='html'": ["Tide", "T &amp;amp; t"],
    "title type='text'": ["Tide"], "title type='xhtml'": ["<div>T</div>"],
    "link href='https://q.example/1'": [""],
    "link rel='alternate' type='text/html' href='//q/1'": [""],
    "link rel='self' href='s'": [""], "link href='https:///q.example/2' hreflang='de'": [""],
    "link href='a&#9;b'": [""],
    "id": ["tag:q,1", "https:////q.example/1", ""], "id isPermaLink='false'": ["https:////q/1"],
    "published": ["2025-10-29T10:00:00Z", "soon", ""],
    "updated": ["2025-10-29T11:00:00.5+02:00", ""],
    "summary": ["Low", "Low &lt;script>x&lt;/script>", "", "é"],
    "summary type='html'": ["&lt;p>Low"],
    "content": ["High", "Low"], "content type='html'": ["&lt;p>High&lt;/p>", "Low"],
    "content type='image/png'": ["x"], "category term='sea'": [""], "rights": ["Q"],
    "author": ["<name>Ada</name>", "<name>Ada</name><email>a@q</email>", "<uri>u</uri>",
               "<name><b/></name>", ""],
    "contributor": ["<name>Bo</name>"], "t:mood": ["", "<t:a/>"],
}  # fmt: skip


def _part(tag: str, of: dict[str, list[str]]) -> st.SearchStrategy[str]:
    return st.sampled_from(of[tag]).map(lambda text: f"<{tag}>{text}</{tag.split()[0]}>")


def _entry(of: dict[str, list[str]], needed: tuple[str, str]) -> st.SearchStrategy[str]:
    some = st.lists(st.sampled_from(list(of)), max_size=5)
    both = st.just(list(needed)) | st.lists(st.sampled_from(needed), max_size=2)
    tags = st.tuples(both, some).map(lambda found: found[0] + found[1]).flatmap(st.permutations)
    return tags.flatmap(lambda tags: st.tuples(*(_part(tag, of) for tag in tags)).map("".join))


@given(st.lists(_entry(OF_RSS, ("title", "link")), max_size=3), st.sampled_from(["", "<title/>"]))
def test_entries_of_rss_are_read_alike(items: list[str], behind: str) -> None:
    agrees(rss(*items).replace("</channel>", f"{behind}</channel>"))


@example(
    ["<title>T</title><link href='https://q.example/1'/><summary>a</summary>"], "<title>Q</title>"
)
@given(
    st.lists(_entry(OF_ATOM, ("title", "link href='https://q.example/1'")), max_size=3),
    st.sampled_from(["", "<title>Behind</title>"]),
)
def test_entries_of_atom_are_read_alike(entries: list[str], behind: str) -> None:
    agrees(atom(*entries).replace("</feed>", f"{behind}</feed>"))


@pytest.mark.parametrize(
    "document",
    [
        rss(
            "<title>Tide</title><link>https://q.example/1</link><guid>q-1</guid><category>s</category>"
            "<pubDate>Wed, 29 Oct 2025 10:00:00 GMT</pubDate><dc:creator>Ada</dc:creator>"
            "<description>Low</description><content:encoded>High</content:encoded><t:mood/>"
        ),
        atom(
            "<title>Tide</title><link href='https://q.example/1'/><id>tag:q,1</id>"
            "<published>2025-10-29T10:00:00Z</published><updated>2025-10-29T10:00:00Z</updated>"
            "<author><name>Ada</name></author><summary type='html'>Low</summary>"
            "<content>High</content>"
        ),
    ],
)
def test_what_most_feeds_write_is_usual(document: str) -> None:
    found = read_quickly(document, _looks_like_html, usual_entry)
    assert found
    assert isinstance(found["entries"][0], RawEntry)
    assert agrees(document)
