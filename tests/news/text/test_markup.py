"""Simple HTML is read as a whole reader of HTML reads it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.news.text import plain
from bot.news.text.markup import without_simple_markup

TEXTS = st.sampled_from(
    ["Tide", " low", "at\nnoon ", "&amp;", "&lt;b&gt;", "&nbsp;", "&#8217;s", "5 & 6", "é",
     "\r\n", "", "<br>", "<BR />", "<img src='a.png' alt=''/>"]
)  # fmt: skip
TAGS = st.sampled_from(
    ["p", "p", "div", "b", "strong", "em", "i", "span", "A", "a", "u", "P", "code", "sup"]
)
ATTRIBUTES = st.sampled_from(["", "", ' class="x"', " href='https://q.example/?a=1&amp;b=2' rel"])
TREES = st.recursive(
    TEXTS,
    lambda inside: st.builds(
        lambda tag, attributes, parts: f"<{tag}{attributes}>{''.join(parts)}</{tag}>",
        TAGS,
        ATTRIBUTES,
        st.lists(inside, max_size=4),
    ),
    max_leaves=12,
)
PIECES = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<a href='x'>", "</a>", "<br/>", "</br>",
     "<p/>", "<li>", "<!-- x -->", "<", "5 < 6", "&", "&copy", "&amp", "&#1;", "\x00", "word", " ",
     "<b x=<>"]
)  # fmt: skip


def lines(text: str) -> list[str]:
    found = (plain._tidy_line(line) for line in text.split(plain._BREAK))
    return [line for line in found if line]


@example("<p>a<p>b</p>c</p>d")
@example("<p>a<div>b</div>c</p>d")
@example("<a>a<a>b</a>c</a>d")
@example("<b><p>a</b></p>b")
@given(st.lists(TREES, max_size=4).map("".join) | st.lists(PIECES, max_size=9).map("".join))
def test_what_is_read_as_simple_reads_alike(html: str) -> None:
    found = without_simple_markup(html, plain._BREAK)
    if found is not None:
        assert lines(found) == lines(plain._without_markup(html))


@pytest.mark.parametrize(
    "html",
    [
        "<p>Low at <b>noon</b>.</p>",
        "<p>Low &amp; <a href='https://q.example/' class=\"x\">high</a>.<br/></p>",
        "Low &#8217; &nbsp;<img src='a.png'/> <em>high</em>",
    ],
)
def test_usual_summaries_are_simple(html: str) -> None:
    assert without_simple_markup(html, plain._BREAK) is not None


@pytest.mark.parametrize(
    "html",
    ["<p>Low", "Low</p>", "<b><i>Low</b></i>", "<ul><li>Low</li></ul>", "<!-- x -->Low",
     "&copy; Low", "<script>low()</script>", "5 < 6 <b>Low</b>",
     "<p/>Low", "Low\x00", "&#x1f600;", "R&D"],
)  # fmt: skip
def test_what_is_not_simple_is_left_to_the_whole_reader(html: str) -> None:
    assert without_simple_markup(html, plain._BREAK) is None
