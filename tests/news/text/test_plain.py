"""Texts: from markup to plain, from plain to readable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.text import plain
from bot.news.text.plain import (
    bare,
    cut,
    first_sentences,
    fold_title,
    plain_text,
    plain_title,
    tidy,
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("<p>One</p><p>Two<br>Three</p>", "One\nTwo\nThree"),
        ("<ul><li>a</li><li>b</li></ul>after", "a\nb\nafter"),
        ("a<b>b</b>c", "abc"),
        ("line\nbroken  in source", "line broken in source"),
        ("<script>x()</script><style>p{}</style><img alt='no'>yes<!-- no -->", "yes"),
        ("&amp;lt;b&amp;gt; &eacute; &#233; &nbsp;x", "&lt;b&gt; é é x"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<td>a</td><td>b</td>", "ab"),
        ("a\u2029b\u2028c", "a b c"),
        ("\u202eabc\u202c\u2066d\u2069 \x00\x07e\ud83df", "abcd ef"),
        ("", ""),
        ("<p> \u200b </p>", ""),
    ],
)
@pytest.mark.hostile(70, 75, 77)
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.hostile(77)
def test_joiners_stay_where_they_spell_and_go_where_they_hide() -> None:
    assert tidy("می\u200cخواهم") == "می\u200cخواهم"
    assert tidy("👩\u200d🚀") == "👩\u200d🚀"
    assert tidy("hid\u200dden \u200c") == "hidden"


@pytest.mark.hostile(77)
def test_piled_marks_are_capped() -> None:
    assert tidy("e" + "\u0301" * 1000 + "x") == "e" + "\u0301" * 4 + "x"
    assert tidy("Việt") == "Việt"


_tags = st.sampled_from(["p", "b", "div", "a", "li", "h1", "span", "em", "td"])
_words = st.text(alphabet="abcé日 ", min_size=1, max_size=10)
_html = st.recursive(
    _words,
    lambda inner: st.tuples(_tags, st.lists(inner, max_size=3)).map(
        lambda t: f'<{t[0]} class="x">{"".join(t[1])}</{t[0]}>'
    ),
    max_leaves=10,
)


@given(_html)
def test_no_tag_of_well_formed_markup_is_left(html: str) -> None:
    text = plain_text(html)
    assert "<" not in text
    assert ">" not in text


@given(st.text(max_size=200))
def test_plain_text_takes_anything_and_leaves_nothing_invisible(text: str) -> None:
    for found in (plain_text(text), plain_title(text), tidy(text)):
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in found.replace("\n", ""))
        assert "  " not in found
        found.encode()
    assert "\n" not in plain_title(text)


_any = st.text(
    alphabet=st.sampled_from("ab. \n!?。🇺🇸🇩🇪👩🚀👍🏽e\u0301\u200d\ufe0f한글") | st.characters()
)


@given(_any, st.integers(0, 60))
def test_cut_keeps_the_limit_and_the_start(text: str, limit: int) -> None:
    found = cut(text, limit)
    assert len(found) <= limit
    assert found == text or text.startswith(found.removesuffix("…"))


@given(_any, st.integers(1, 4), st.integers(1, 60))
def test_first_sentences_keeps_the_limit(text: str, count: int, limit: int) -> None:
    assert len(first_sentences(text, count, limit)) <= limit
    assert "\n" not in first_sentences(text, count, limit)


@pytest.mark.parametrize(
    ("text", "limit", "found"),
    [
        ("short", 5, "short"),
        ("one two three", 9, "one two…"),
        ("unbreakable", 5, "unbr…"),
        ("ab👩\u200d🚀cd", 5, "ab…"),
        ("ab🇺🇸🇩🇪c", 6, "ab🇺🇸…"),
        ("ab👍🏽cd", 4, "ab…"),
        ("caf" + "e\u0301" + "xyz", 5, "caf…"),
        ("日本語の文章です", 5, "日本語の…"),
        ("abc", 0, ""),
        ("abc", 1, "…"),
    ],
)
@pytest.mark.hostile(82)
def test_cut_never_breaks_a_grapheme(text: str, limit: int, found: str) -> None:
    assert cut(text, limit) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two. Three.", "One. Two."),
        ("Mr. Ray met Donald J. Fox. He left. Then more.", "Mr. Ray met Donald J. Fox. He left."),
        ("The U.S. Senate voted. It passed. Good.", "The U.S. Senate voted. It passed."),
        ("He lives in the U.S. The rest do not. No.", "He lives in the U.S. The rest do not."),
        ("It fell 3.5 points at 4 p.m. Fog rose. No.", "It fell 3.5 points at 4 p.m. Fog rose."),
        ("“Stop!” he said. “Why?” she asked. No.", "“Stop!” he said. “Why?” she asked."),
        ("Am 3. Oktober war es so. Ja. Nein.", "Am 3. Oktober war es so. Ja."),
        ("Это было в 1990 г. в Киеве. Да. Нет.", "Это было в 1990 г. в Киеве. Да."),
        ("今天下雨。明天晴。后天阴。", "今天下雨。明天晴。"),
        ("هل وصل؟ نعم. لا.", "هل وصل؟ نعم."),
        ("वह आया। वह गया। बस।", "वह आया। वह गया।"),
        ("A headline\nA second line\nA third", "A headline A second line"),
        ("No end here", "No end here"),
    ],
)  # fmt: skip
def test_first_sentences(text: str, found: str) -> None:
    assert first_sentences(text) == found


def test_a_sentence_that_does_not_fit_is_cut() -> None:
    assert first_sentences("One. Word " + "word " * 100 + ".", 2, 50) == "One."
    assert first_sentences("word " * 100, 2, 20) == "word word word word…"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Storm hits coast", "STORM  hits coast!"),
        ("Breaking: Storm hits coast", "Storm hits coast"),
        ("UPDATE 2-Storm hits coast", "Storm hits coast"),
        ("LIVE: WATCH: Storm hits coast", "Storm hits coast"),
        ("Storm hits coast - Post", "Storm hits coast"),
        ("Storm hits coast | POST", "Storm hits coast"),
        ("Don’t panic: “All well”", "Dont panic, All Well"),
        ("U.S. and U.K. agree", "US and UK agree"),
        ("Ørsted, Łódź and Córdoba", "Orsted Lodz and Cordoba"),
        ("Ｓｔｏｒｍ", "storm"),
        ("Ёлка", "елка"),
        ("【速報】地震", "地震"),
    ],
)
def test_one_headline_in_two_forms_folds_to_one(one: str, other: str) -> None:
    assert fold_title(one, "Post") == fold_title(other, "Post")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Storm hits coast - Gazette", "Storm hits coast"),
        ("Live music returns", "Music returns"),
        ("Storm kills 2", "Storm kills 3"),
        ("😀", "😢"),
        ("हिंदी", "हदं"),
    ],
)
def test_different_headlines_stay_different(one: str, other: str) -> None:
    assert fold_title(one, "Post") != fold_title(other, "Post")


@given(st.text(max_size=80))
def test_folding_never_fails_and_is_stable(title: str) -> None:
    once = fold_title(title)
    assert once == once.strip()
    assert fold_title(title.upper().lower()) is not None


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "text", ["x. " * 1300, "a" * 3000 + " ." * 500, "( " * 2000, "A.B." * 1000, "live: " * 700]
)
def test_no_text_keeps_the_folding_busy(text: str) -> None:
    first_sentences(text)
    fold_title(text, "B")


@given(st.text(st.characters(max_codepoint=127)) | st.text("aB.'` -_3\t\x1c", max_size=12))
def test_a_text_in_ascii_is_bared_like_any_other(text: str) -> None:
    assert bare(f"{text} \u0101") == f"{bare(text)} a".strip()


def test_what_is_invisible_and_yet_printable_is_known() -> None:
    every = "".join(map(chr, range(0x110000)))
    invisible = "".join(plain._INVISIBLE.findall(every)) + "\u200c\u200d"
    assert {char for char in invisible if char.isprintable()} == set(plain._PRINTED_INVISIBLE)
    assert {char for char in every if char.isspace() and char.isprintable()} == {" "}


@given(
    st.lists(
        st.sampled_from(
            [" ", "  ", "a", "é", "\t", "\x0b", "\u00a0", "\u200b", "\u115f", "e" + "\u0301" * 7,
             "\u3000", "!", "\u200d", "क", "x\x00y"]
        ),
        max_size=8,
    ).map("".join)
)  # fmt: skip
def test_a_line_is_tidied_alike_however_little_is_looked_for(text: str) -> None:
    seen = plain._INVISIBLE.sub("", text)
    seen = plain._LOOSE_JOINER().sub("", plain._JOINERS().sub(lambda run: run.group()[0], seen))
    assert tidy(text) == " ".join(plain._NON_WORDS.sub(plain._fewer_marks, seen).split())


@given(st.lists(st.text("ab ", max_size=9)), st.integers(0, 30))
def test_of_a_long_text_no_more_is_tidied_than_is_kept(lines: list[str], limit: int) -> None:
    whole = "\n".join(filter(None, lines))
    assert cut(plain._beginning(lines, limit), limit) == cut(whole, limit)


def test_a_headline_grows_by_little_where_one_character_stands_for_eighteen() -> None:
    assert fold_title("ﷺ") == fold_title("صلى الله عليه وسلم")
    assert len(fold_title("ﷺ" * 500)) <= 1_000
