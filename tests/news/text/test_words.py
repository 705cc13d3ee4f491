"""Words: what is compared when a topic meets a text."""

import re
from pathlib import Path

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from bot.news.query.match import StoryText, match
from bot.news.query.parse import parse_query
from bot.news.text import words
from bot.news.text.words import (
    MAX_TEXT,
    fold,
    language_of,
    split_words,
    stem_each,
    stems,
    stems_in_any_language,
    stems_of_all,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rain in the hills", ["rain", "in", "the", "hills"]),
        ("state-owned", ["state", "owned"]),
        ("Ada's and Ada’s and Adaʼs", ["ada", "and", "ada", "and", "ada"]),
        ("O'Neill", ["o", "neill"]),
        ("U.S. and U.K.", ["us", "and", "uk"]),
        ("F-35, 5G, 3.5", ["f", "35", "5g", "3", "5"]),
        ("AT&T #storm @mayor", ["at", "t", "storm", "mayor"]),
        ("ＡＩ ﬁre", ["ai", "fire"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("Über U\u0308BER ueber Uber Überfall", ["ueber", "ueber", "ueber", "uber", "uberfall"]),
        ("São Łódź Ørsted ŒUVRE", ["sao", "lodz", "orsted", "oeuvre"]),
        ("İzmir ILIK ılık", ["izmir", "ilik", "ilik"]),
        ("Ёлка и йод", ["елка", "и", "йод"]),
        ("и\u0306од", ["йод"]),
        ("أخبار إيران", ["اخبار", "ايران"]),
        ("كِتَاب كـــتاب", ["كتاب", "كتاب"]),
        ("کشور ایران", ["كشور", "ايران"]),
        ("ہزار ھ", ["هزار", "ه"]),
        ("٢٥ ۲۵ २५ ২৫ ๒๕ ۱٬۲۰۰", ["25", "25", "25", "25", "25", "1", "200"]),
        ("שָׁלוֹם", ["שלום"]),
        ("תל־אביב תל-אביב", ["תל", "אביב", "תל", "אביב"]),
        ("北京雪", ["北", "京", "雪"]),
        ("雪in北", ["雪", "in", "北"]),
        ("がス", ["が", "ス"]),
        ("ﾊﾝ", ["ハ", "ン"]),
        ("ฝน", ["ฝ", "น"]),
        ("हिंदी में", ["हिंदी", "में"]),
        ("비가 온다", ["비가", "온다"]),
        ("snake_case", ["snake", "case"]),
        ("", []),
        ("\ud83d … —", []),
    ],
)
def test_split_words(text: str, found: list[str]) -> None:
    assert split_words(text) == found


def test_the_two_signs_of_hebrew_abbreviations_are_one() -> None:
    """A source is called `גלי צה"ל` by itself, and `גלי צה״ל` by who asks for it."""
    assert fold("גלי צה״ל") == fold('גלי צה"ל')


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("election", "elections", "en"),
        ("strike", "striking", "en"),
        ("wahl", "wahlen", "de"),
        ("москва", "москве", "ru"),
        ("حكومه", "والحكومه", "ar"),
        ("حكومه", "بحكومه", "ar"),
        ("ישראל", "ובישראל", "he"),
        ("ciutat", "ciutats", "ca"),
    ],
)
def test_inflections_share_a_stem(one: str, other: str, language: str) -> None:
    assert set(stems(fold(one), language)) & set(stems(fold(other), language))


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("art", "party", "en"),
        ("банк", "банкрот", "ru"),
        ("مصر", "مصرف", "ar"),
        ("דין", "מדינה", "he"),
    ],
)
def test_words_that_only_look_alike_share_no_stem(one: str, other: str, language: str) -> None:
    assert not set(stems(one, language)) & set(stems(other, language))


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("Rain in the hills", None, "en"),
        ("Regen am Abend", "de-AT", "de"),
        ("Regen am Abend", "ru", "en"),
        ("Дождь вечером", "en", "ru"),
        ("Дощ увечері", "uk", "uk"),
        ("مطر في المساء", None, "ar"),
        ("باران عصر", "fa", "fa"),
        ("גשם בערב", "iw", "he"),
        ("Βροχή το βράδυ", None, "el"),
        ("夜の雨", "ja", "ja"),
        ("123", None, "en"),
        ("", "pt_BR", "pt"),
    ],
)
def test_the_script_decides_where_the_declared_language_cannot_be(
    text: str, declared: str | None, language: str
) -> None:
    assert language_of(text, declared) == language


_ALPHABETS = [
    "abceglnrstuy",
    "авеинорстых",
    "ابتكلمنهوي",
    "אבהוכלמנשת",
    "αεινορστ",
    "աեինրտ",
    "कगतनर",
]
_word = st.one_of([st.text(alphabet=a, min_size=1, max_size=10) for a in _ALPHABETS])
_mixed = st.text(alphabet="".join(_ALPHABETS) + "0123", min_size=1, max_size=8)
_language = st.sampled_from(
    ["ar", "bg", "ca", "da", "de", "el", "en", "es", "eu", "fi", "fr", "ga", "he", "hu", "hy", "id",
     "it", "ja", "lt", "nb", "ne", "nl", "nn", "no", "pt", "ro", "ru", "sr", "sv", "ta", "tr"]
)  # fmt: skip


@given(_word | _mixed, _language, st.text(max_size=30))
def test_every_stem_a_word_can_have_is_among_those_in_any_language(
    word: str, declared: str, beside: str
) -> None:
    word = fold(word)
    language = language_of(f"{word} {beside}", declared)
    assert set(stems(word, language)) <= stems_in_any_language(word)


@given(st.lists(_word | _mixed, max_size=5), _language)
def test_many_words_are_stemmed_as_each_of_them(some: list[str], language: str) -> None:
    folded = [fold(word) for word in some]
    expected = [(word, stem) for word in folded for stem in stems(word, language)]
    assert stem_each(folded, language) == expected
    assert stems_of_all(folded, language) == {stem for _, stem in expected}


def test_no_more_stems_are_kept_than_so_many() -> None:
    kept = words.stems_in("en")
    found = {kept[f"ferries{n}"] for n in range(3_000)} | {kept["ferries"]}
    assert {"ferri", "ferries7"} <= found
    assert len(kept) <= 2_000


@given(st.text(alphabet="abcé_.'’“” Яя1", max_size=40) | st.text(max_size=40))
def test_a_text_is_split_the_same_beside_one_that_needs_more_care(text: str) -> None:
    assert split_words(f"{text} 北") == [*split_words(text), "北"]
    assert words.words_of(text) == tuple(split_words(text))


_PIECES = """
    北 京雪 ฝน เ が ス ﾊﾝ ・ 々 U.S. Ada's a.b.c. राज 비가
    2026 ٢٥ ， 。 - 's _ \u0e31 \u0301 \U00020001
"""
_RUNS = st.lists(st.sampled_from([" ", *_PIECES.split()]) | st.text(max_size=4), max_size=20).map(
    "".join
)


@given(_RUNS)
def test_runs_without_spaces_are_split_as_each_of_their_characters(text: str) -> None:
    run, each = f"[{words.UNSPACED}]+", f"[{words.UNSPACED}]"
    pattern = words._WORD().pattern
    assert pattern.startswith(run)
    one_by_one = re.compile(pattern.replace(run, each, 1))
    text = f"{text}北"
    for sign, plain in words._PLAIN_SIGNS:
        text = text.replace(sign, plain)
    found = one_by_one.findall(fold(text).replace("_", " "))
    assert split_words(text) == [words._without_signs(word) for word in found]


@given(st.characters() | st.sampled_from(words._UNSPACED_EDGES))
def test_a_character_is_of_a_script_without_spaces_as_its_pattern_says(sign: str) -> None:
    for each in (sign, chr(max(0, ord(sign) - 1))):
        assert words.is_unspaced(each) == bool(re.match(f"[{words.UNSPACED}]", each))


def test_characters_without_spaces_take_no_place_among_stems() -> None:
    kept = words.stems_in("en")
    kept.clear()
    han = [chr(code) for code in range(0x4E00, 0x4E00 + 3_000)]
    assert stem_each([*han, "ferries"], "en") == [*zip(han, han, strict=True), ("ferries", "ferri")]
    assert len(kept) == 1


@given(st.text(max_size=60))
def test_folding_and_splitting_settle_at_once(text: str) -> None:
    found = split_words(text)
    assert split_words(" ".join(found)) == found
    assert all(found)


@given(st.text(alphabet="abc אב北ข'.-́", max_size=40))
def test_capitals_do_not_matter(text: str) -> None:
    assert split_words(text.upper()) == split_words(text)


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "text", ["a." * 500_000, "e\u0301" * 500_000, "ﷺ" * 100_000, "'s" * 500_000]
)
def test_a_huge_text_is_cut_before_it_costs_much(text: str) -> None:
    assert len(split_words(text)) <= words.MAX_TEXT * 18


def test_a_text_grows_by_nothing_where_one_character_stands_for_eighteen() -> None:
    assert split_words("ﷺ") == split_words("صلى الله عليه وسلم")
    assert sum(map(len, split_words("ﷺ" * MAX_TEXT))) <= MAX_TEXT


def test_the_page_of_topics_names_each_language_that_has_stems() -> None:
    page = (Path(__file__).parents[3] / "docs" / "topics.md").read_text("utf-8")
    listed = page.partition("(Snowball's): ")[2].partition(".")[0]
    english = Locale("en").languages
    have = {code for code in words._SNOWBALL if code not in ("nb", "nn")}
    assert have == {code for code in words._SNOWBALL if words.stemming(code)} - {"nb", "nn"}
    assert " ".join(listed.split()).split(", ") == sorted(english[code] for code in have)


@pytest.mark.parametrize(
    ("typed", "written", "language", "found"),
    [
        ("strike", "strikes", "en", True),
        ("выборы", "выборах", "ru", True),
        ("вибори", "виборів", "uk", False),
        ("чунав", "чунави", "bg", False),
        ("चुनाव", "चुनावों", "hi", False),
        ("wybory", "wyborów", "pl", False),
        ("wybor", "wybors", "pl", False),
    ],
)
def test_a_word_finds_its_other_forms_where_its_language_has_stems(
    typed: str, written: str, language: str, found: bool
) -> None:
    text = StoryText(written, "", "", language)
    assert (match(parse_query(typed), text) is not None) is found
    if not found:
        assert match(parse_query(f"{typed[:4]}*"), text) is not None
