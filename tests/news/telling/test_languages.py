"""In which languages a chat hears news: what is unsure is heard."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.query.parse import parse_query
from bot.news.telling.languages import (
    chosen_languages,
    is_heard,
    read_language,
    says_language,
    spoken_in,
    with_language,
)

_tags = st.sampled_from(["de", "en", "fr", "no", "ru", "uk", "zh", "ja", "ar", "pt", "sr", "el"])
_sets = st.lists(_tags, max_size=5).map(chosen_languages)
_texts = st.text(max_size=80)
GERMAN = "Der Hafen ist nach dem Sturm wieder offen, und die Boote fahren für alle von Kiel aus"
ENGLISH = "The harbour opens after the storm, and boats leave for the islands from the old pier"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("de", "de"), ("de-AT", "de"), ("EN_gb", "en"), (" pt-BR ", "pt"), ("zh-Hant-TW", "zh"),
        ("iw", "he"), ("in", "id"), ("nb-NO", "no"), ("nn", "no"), ("sh", "sr"), ("cmn", "zh"),
        ("", None), ("mul", None), ("und", None), ("english", None), ("zz", None), ("d", None),
        ("de" * 5_000, None), ("ÄÖ", None),
    ],
)  # fmt: skip
def test_a_language_is_its_primary_subtag_as_it_is_called_today(
    tag: str, language: str | None
) -> None:
    assert read_language(tag) == language


@given(st.text(max_size=20))
def test_whatever_stands_for_a_language_is_read_once(tag: str) -> None:
    found = read_language(tag)
    assert found is None or read_language(found) == found


@pytest.mark.parametrize(
    ("text", "declared", "spoken"),
    [
        (ENGLISH, "en-GB", ("en",)),
        (ENGLISH, None, ()),
        (ENGLISH, "ru", ()),
        (ENGLISH, "de", ("en",)),
        (GERMAN, "en-US", ("de",)),
        (GERMAN, "ca", ("de", "ca")),
        (f"{GERMAN} at noon", "en", ("de", "en")),
        ("Harbour opens", "de", ("de",)),
        ("Порт открыт", "ru-RU", ("ru",)),
        ("Порт відкрито", "uk", ("uk",)),
        ("Лука је отворена", "sr", ("sr",)),
        ("Luka je otvorena", "sr-Latn", ("sr",)),
        ("港は開いた", "en", ("ja",)),
        ("港口開放", "zh-TW", ("zh",)),
        ("Kestrel Lumo X 新手机", "zh", ("zh",)),
        ("항구가 열렸다", None, ("ko",)),
        ("2026", "en", ("en",)),
        ("2026", None, ()),
        ("", "fr", ("fr",)),
    ],
)
def test_what_a_feed_says_is_believed_where_text_does_not_deny_it(
    text: str, declared: str | None, spoken: tuple[str, ...]
) -> None:
    assert spoken_in(text, declared) == spoken


def test_letters_of_others_are_not_english_whatever_the_feed_says() -> None:
    spoken = spoken_in("Порт открыт после шторма", "en")
    assert spoken[0] == "ru"
    assert not is_heard(("en",), spoken)
    # Which language it is nobody knows: who reads any that is written so hears it.
    assert is_heard(("uk",), spoken)
    assert is_heard(("bg", "en"), spoken)


@given(_sets, _texts, st.none() | _tags | st.text(max_size=5))
def test_a_chat_without_a_choice_and_a_text_of_unknown_language_are_heard(
    chosen: tuple[str, ...], text: str, declared: str | None
) -> None:
    spoken = spoken_in(text, declared)
    assert is_heard((), spoken)
    assert is_heard(chosen, ())
    assert is_heard(chosen, spoken) == (
        not chosen or not spoken or not set(chosen).isdisjoint(spoken)
    )


@given(_tags, st.text(alphabet=string.ascii_uppercase, min_size=2, max_size=2), _texts)
def test_a_region_changes_nothing(language: str, region: str, text: str) -> None:
    assert spoken_in(text, f"{language}-{region}") == spoken_in(text, language)
    assert spoken_in(text, f"{language}_{region}") == spoken_in(text, language)


@given(_sets, _sets, _texts, _tags)
def test_more_languages_keep_no_more_away(
    some: tuple[str, ...], more: tuple[str, ...], text: str, declared: str
) -> None:
    spoken = spoken_in(text, declared)
    if some and is_heard(some, spoken):
        assert is_heard(chosen_languages((*some, *more)), spoken)


@given(_sets, _tags)
def test_a_choice_is_made_and_taken_back(chosen: tuple[str, ...], language: str) -> None:
    added = with_language(chosen, language, wanted=True)
    assert set(added) == {*chosen, language}
    assert with_language(added, language, wanted=True) == added
    left = with_language(added, language, wanted=False)
    assert set(left) == set(chosen) - {language}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("ferry lang:de", True),
        ("ferry OR (storm lang:fr)", True),
        ("ferry -lang:de", False),
        ("ferry", False),
        ('"lang de"', False),
    ],
)
def test_a_query_says_for_itself_which_language_it_wants(query: str, says: bool) -> None:
    assert says_language(parse_query(query)) is says
