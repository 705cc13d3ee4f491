"""Headlines: what is markup in them, what only counts, and what stands for one that is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.stories.changes import is_substantial
from bot.news.text.headlines import has_markup, plain_headline, with_headline, without_counter


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Harbour<br>shut", "Harbour shut"),
        ("Harbour <BR /> shut", "Harbour shut"),
        ("Harbour<br clear='all'>shut", "Harbour shut"),
        ("Wasser<wbr>stand", "Wasserstand"),
        ("<p>Tide turns", "Tide turns"),
        ("<h2>Tide</h2><h3>turns</h3>", "Tide turns"),
        ('<img src="https://i.example/a.png" alt="1 > 0">Tide', "Tide"),
        ("<img src=a.png hidden> Tide", "Tide"),
        ("<mark>Tide</mark> at <time datetime='2026'>noon</time>", "Tide at noon"),
        ("CO<sub>2</sub> falls", "CO2 falls"),
        ("<span class=x>Tide", "Tide"),
        ("Tide</b> turns", "Tide turns"),
        ("<script>alert(1)</script>Tide", "Tide"),
        ("Tide <!-- draft 3 --> turns", "Tide turns"),
        ("<![CDATA[Tide turns]]>", "Tide turns"),
        ('Tide turns <a href="https://q.example/ti', "Tide turns"),
        ("Rain &amp; wind &ndash; 5&nbsp;m", "Rain & wind – 5 m"),
    ],
)
def test_tags_of_html_never_show(written: str, read: str) -> None:
    assert plain_headline(written) == read


@pytest.mark.parametrize(
    "title",
    [
        "How Box<T> and Map<K, V> differ",
        "Box<U> replaces List<P>",
        "Goodbye, <blink>",
        "Retiring <a> as <area>",
        "The <dialog> element is here",
        "Growth <6% or >9%",
        "if depth <b and height> c",
        "Lund <-> Marsh by rail",
        "<- read this first",
        "#include <math.h>",
        "<<<Reminder>>>",
        "Write to <desk@quay.example>",
        "See <https://quay.example/a>",
        "Cut off at <word",
        "rock&reggae",
    ],
)
def test_what_is_no_tag_stays(title: str) -> None:
    assert plain_headline(title) == title


def test_references_are_decoded_once() -> None:
    assert plain_headline("a &amp;lt;br&amp;gt; b") == "a &lt;br&gt; b"
    assert plain_headline("a &lt;br&gt; b") == "a <br> b"


@given(st.text("<>/ab='\"&; !-[]br", max_size=400))
def test_no_headline_is_too_odd_and_nothing_is_added(text: str) -> None:
    assert len(plain_headline(text)) <= len(text)


@pytest.mark.parametrize(
    "unit", ["<b a='", '<b a="x" ', "<script>", "<![CDATA[", "<!--", "<a " * 3]
)
def test_no_headline_keeps_its_reading_busy(unit: str) -> None:
    plain_headline(unit * 50_000)
    without_counter((unit * 500)[:500])
    without_counter(f"Ferry ({unit * 80}")


@pytest.mark.parametrize("filler", ["1,", "(1 ", "no ", "1 comment, "])
def test_a_counter_stands_at_an_end_however_long_the_headline(filler: str) -> None:
    """Figures and commas that make a headline of five hundred characters are no counter."""
    long = (filler * 500)[:460].strip() + " said Lund"
    assert without_counter(long) == long
    assert without_counter(f"(12 comments) {long}") == long
    assert without_counter(f"{long} (12 comments)") == long


def test_a_text_that_names_a_tag_is_plain() -> None:
    assert not has_markup("The <dialog> element, 5 < 6")
    assert has_markup("Fish &amp; chips")
    assert has_markup("<em>Fish</em>")


COUNTERS = [
    "(12 comments)", "[3 updates]", "(1 comment)", "(no comments)", "· 12 Kommentare",
    "| 1,204 views", "– 3 replies", ", 12 comments", "(1.2k views, 40 comments)",
    "(15 points, 4 comments)", "(Kommentare: 4)", "(12 commentaires)", "[5 comentarios]",
    "(3 обновления)", "(5 комментариев)", "（12条评论）", "(댓글 3개)", "(12 nieuwe reacties)",
]  # fmt: skip


@pytest.mark.parametrize("counter", COUNTERS)
def test_a_counter_is_no_part_of_a_headline(counter: str) -> None:
    assert without_counter(f"Ferry aground {counter}") == "Ferry aground"
    assert not is_substantial("Ferry aground", f"Ferry aground {counter}")
    assert not is_substantial(f"Ferry aground {counter}", "Ferry aground")


@pytest.mark.parametrize(
    "title",
    ["Ministry receives 12 comments", "Ferry aground (3 dead)", "Lund wins (112 points)",
     "Bill passes (51 votes)", "No comments", "(12 comments)", "Update: 3 dead", "Ferry (2026)"],
)  # fmt: skip
def test_figures_of_the_news_stay(title: str) -> None:
    assert without_counter(title) == title


def test_new_figures_beside_a_counter_are_told() -> None:
    assert is_substantial(
        "Ferry aground, 3 hurt (4 comments)", "Ferry aground, 5 hurt (9 comments)"
    )


@pytest.mark.parametrize(
    ("title", "summary", "found"),
    [
        ("", "The tables are out. Mind the quay.", ("The tables are out.", "Mind the quay.")),
        ("", "Only this", ("Only this", "")),
        ("…", "One line\nAnother line", ("One line", "Another line")),
        ("", "", ("", "")),
        ("🔥", "The tables are out.", ("🔥", "The tables are out.")),
        ("Tables", "The tables are out.", ("Tables", "The tables are out.")),
    ],
)
def test_the_first_words_stand_for_a_missing_headline_once(
    title: str, summary: str, found: tuple[str, str]
) -> None:
    assert with_headline(title, summary) == found


@given(st.text(max_size=600))
def test_no_word_of_an_untitled_text_is_lost_or_told_twice(summary: str) -> None:
    title, rest = with_headline("", summary)
    told = [char for char in title + rest if char.isalnum()]
    assert told == [char for char in summary if char.isalnum()]
