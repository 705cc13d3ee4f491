"""Queries as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.news.query.parse import parse_query, read_query
from bot.news.query.spelled import as_typed, named_by
from bot.news.text.words import split_words


@pytest.mark.parametrize(
    ("typed", "language", "shown"),
    [
        ("Bahn, Fähre und Bus", "de", "Bahn OR Fähre OR Bus"),
        ("الفيضان في غزة", "ar", "الفيضان غزة"),
        ("کشتی یا قایق", "fa", "کشتی OR قایق"),
        ("नाव या जहाज", "hi", "नाव OR जहाज"),
        ('"Fähre nach Föhr" -Sylt*', "de", '"Fähre nach Föhr" -Sylt*'),
        ("l'Île de Ré", "fr", "Île Ré"),
        ("AT&T in Éire", "en", '"AT T" Éire'),
        ("strikes at Ada's", "en", "strikes Ada's"),
        ("Title title:Fähre", "de", "Title title:Fähre"),
        ("near(Fähre Boot, 5)", "de", "near(Fähre Boot, 5)"),
        ('prix OR "or"', "fr", "prix OR or"),
        ("ماذا يحدث في غزة؟", "ar", "غزة"),
        ("was gibt es Neues in Gaza?", "de", "Gaza"),
        ("что нового в Газе?", "ru", "Газе"),
        ("¿qué hay de nuevo en Gaza?", "es", "Gaza"),
        ("news from Gaza", "en", "Gaza"),
        ("latest on Gaza", "en", "Gaza"),
        ("what happened in Gaza", "en", "Gaza"),
        ("есть новости о Газе", "ru", "Газе"),
        ("U.S. #Fähre!", "en", "U.S. Fähre"),
        ("乌克兰", "zh-Hans", "乌克兰"),
    ],
)
def test_words_are_shown_as_they_were_typed(typed: str, language: str, shown: str) -> None:
    assert as_typed(read_query(typed, language), typed) == shown


def test_words_that_were_not_typed_are_shown_as_they_are_stored() -> None:
    assert as_typed(parse_query("fahre -boot"), "Schiffe") == "fahre -boot"


@given(st.text(max_size=60), st.sampled_from(["", "en", "de", "fr", "he"]))
def test_what_is_shown_has_the_words_that_are_looked_for(typed: str, language: str) -> None:
    try:
        query = read_query(typed, language)
    except QueryError:
        return
    assert split_words(as_typed(query, typed)) == split_words(str(query))


@pytest.mark.parametrize(
    ("typed", "language", "name"),
    [
        ("what's new in Ukraine?", "en", "Ukraine"),
        ("any news about the ferry?", "en", "ferry"),
        ("Neues aus der Ukraine", "de", "Ukraine"),
        ("乌克兰的新闻", "zh-Hans", "乌克兰"),
        ("seçim haberleri", "tr", "seçim"),
        ("ferry, bridge", "en", "ferry, bridge"),
        ("war in Ukraine", "en", "war in Ukraine"),
        ("Ferry?", "en", "Ferry"),
    ],
)
def test_a_question_is_named_by_what_it_asks_about(typed: str, language: str, name: str) -> None:
    assert named_by(typed, read_query(typed, language)) == name
