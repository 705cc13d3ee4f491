"""Terms of a report: what is left of its words when their form does not matter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.news.stories.splitting.terms import numbers_of, terms_of


def test_small_words_are_no_terms_and_forms_are_one() -> None:
    found = terms_of("The dams are failing", "A dam failed, the mayor said.", "en")
    assert found.title == ("dam", "fail")
    assert found.summary == ("mayor",)


def test_figures_are_kept_as_written() -> None:
    assert numbers_of("1,000 hurt by a 5.6 quake on day 12") == ["1000", "5.6", "12"]
    assert terms_of("Quake of 5.6", "", "en").numbers == {"5.6"}


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("3.000 Euro, 3,000 euros, 3 000 € et 3 000 €", ["3000"] * 4),
        ("1.234,56 und 1,234.56, 1 234,56", ["1234.56"] * 3),
        ("5,2 и 5.2, 6.0 oder 6,0", ["5.2", "5.2", "6", "6"]),
        ("In 2025 300 people, room 101, Covid-19 500", ["2025", "300", "101", "19", "500"]),
        ("火山喷发致12人死亡，第1370天，5.2级", ["12", "1370", "5.2"]),
        ("大谷50号、死者3000人超", ["50", "3000"]),
        ("제1370일 36명", ["1370", "36"]),
        ("ב12 בנובמבר و5 أشخاص", ["12", "5"]),
        ("A320, G20 and v7 at 10:30", ["10:30"]),
    ],
)
def test_a_figure_has_one_form_however_it_is_written(text: str, figures: list[str]) -> None:
    assert numbers_of(text) == figures


@pytest.mark.parametrize(
    ("language", "words", "figures"),
    [
        ("en", "Three killed, twelve hurt", {"3", "12"}),
        ("de", "Zwei Tote in fünf Tagen", {"2", "5"}),
        ("ru", "Трое погибли, четырёх ранило", {"3", "4"}),
        ("tr", "Dört ölü", {"4"}),
        ("ar", "مقتل ثلاثة أشخاص", {"3"}),
        ("fr", "Du neuf : six blessés", {"6"}),
        ("en", "Zwei trois", set()),
    ],
)
def test_small_numbers_in_words_are_figures(language: str, words: str, figures: set[str]) -> None:
    found = terms_of(words, "", language)
    assert found.numbers == figures
    assert figures <= set(found.title)


def test_scripts_without_spaces_give_pairs_of_characters() -> None:
    assert terms_of("東京大火", "", "ja").title == ("東京", "京大", "大火")


def test_polish_has_its_own_numbers_and_no_english_endings() -> None:
    found = terms_of("Trzy nowe lotnis", "", "pl")
    assert found.numbers == {"3"}
    assert "lotnis" in found.title


def test_arabic_loses_its_article() -> None:
    assert terms_of("الزلزال", "", "ar").title == terms_of("زلزال", "", "ar").title


@settings(deadline=None)  # the first example builds the stemmers
@given(st.text(), st.text(), st.sampled_from([None, "en", "zh", "xx", "ar", "he-IL", "th"]))
def test_no_text_in_any_script_is_too_odd(title: str, summary: str, language: str | None) -> None:
    found = terms_of(title, summary, language)
    assert len(set(found.title) | set(found.summary)) == len(found.title) + len(found.summary)
