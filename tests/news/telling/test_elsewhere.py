"""Whether two openings tell the same in two languages: likeness, names and figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.news.story import Story
from bot.news.telling.elsewhere import (
    MOST_CHARACTERS,
    UNVOUCHED,
    VOUCHED,
    Opening,
    is_elsewhere,
    opening_of,
)

ENGLISH = Opening(1, 0.0, "Quake of 6.3 off Tesmar. Power is cut in 1,200 houses.", ("en",))


def told(text: str, *languages: str) -> Opening:
    return Opening(2, 0.0, text, languages)


@pytest.mark.parametrize(
    ("text", "language", "bound"),
    [
        ("Beben der Stärke 6,3 vor Tesmar", "de", VOUCHED),
        ("In Tesmar ohne Strom", "de", VOUCHED),
        ("Séisme à Tesmar : 1 200 maisons sans courant", "fr", VOUCHED),
        ("Beben vor Koraldi", "de", None),  # another place
        ("Beben der Stärke 5,9 vor Tesmar", "de", None),  # another quake of that place
        ("Beben der Stärke 6,3 vor Koraldi", "de", None),
        ("Землетрясение у берегов Тесмара", "ru", UNVOUCHED),
        ("Землетрясение магнитудой 6,3", "ru", VOUCHED),
        ("Землетрясение магнитудой 5,9", "ru", None),
        ("زلزال بقوة ٦٫٣ درجة", "ar", VOUCHED),
        ("انقطاع الكهرباء عن ١٬٢٠٠ منزل", "ar", VOUCHED),
        ("زلزال بقوة ٥٫٩ درجة", "ar", None),
        ("海岸附近发生6.3级地震", "zh", VOUCHED),
    ],
)
def test_how_near_they_must_be_follows_names_and_figures(
    text: str, language: str, bound: float | None
) -> None:
    other = told(text, language)
    at = bound if bound is not None else 1.0
    assert is_elsewhere(ENGLISH, other, at) is (bound is not None)
    assert not is_elsewhere(ENGLISH, other, at - 0.001)


def test_what_may_be_in_one_language_is_not_elsewhere_nor_what_nobody_knows() -> None:
    same = replace(ENGLISH, id=2)
    assert not is_elsewhere(ENGLISH, same, 1.0)
    assert not is_elsewhere(ENGLISH, replace(same, languages=("de", "en")), 1.0)
    assert not is_elsewhere(ENGLISH, replace(same, languages=()), 1.0)
    assert not is_elsewhere(replace(ENGLISH, languages=()), replace(same, languages=("de",)), 1.0)
    assert is_elsewhere(ENGLISH, replace(same, languages=("de",)), 1.0)


def test_an_opening_is_headline_and_text_in_so_many_characters() -> None:
    story = Story(7, "Ferry to Lund", "It resumes.", None, "Harbour Post", "en-GB", None, 5.0, 1)
    assert opening_of(story) == Opening(7, 5.0, "Ferry to Lund. It resumes.", ("en",))
    assert opening_of(replace(story, summary="")).text == "Ferry to Lund"
    assert len(opening_of(replace(story, summary="word " * 200)).text) <= MOST_CHARACTERS


_TEXTS = st.text(st.sampled_from("Tesmar Lund 6,.3 0٣ Ферма海岸\u202f'é"), max_size=40)


@given(_TEXTS, _TEXTS, st.floats(0, 1))
def test_the_order_of_two_does_not_matter(one: str, other: str, likeness: float) -> None:
    first, second = Opening(1, 0.0, one, ("en",)), Opening(2, 0.0, other, ("de",))
    assert is_elsewhere(first, second, likeness) is is_elsewhere(second, first, likeness)


@given(_TEXTS, st.floats(VOUCHED, 1))
def test_a_text_is_never_against_itself_where_it_has_a_name_or_is_not_latin(
    text: str, likeness: float
) -> None:
    named = f"Tesmar {text}"
    assert is_elsewhere(Opening(1, 0.0, named, ("en",)), Opening(2, 0.0, named, ("de",)), likeness)
