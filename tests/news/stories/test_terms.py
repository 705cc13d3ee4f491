"""Terms of a report: what is left of its words when their form does not matter."""

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


def test_scripts_without_spaces_give_pairs_of_characters() -> None:
    assert terms_of("東京大火", "", "ja").title == ("東京", "京大", "大火")


def test_arabic_loses_its_article() -> None:
    assert terms_of("الزلزال", "", "ar").title == terms_of("زلزال", "", "ar").title


@settings(deadline=None)  # the first example builds the stemmers
@given(st.text(), st.text(), st.sampled_from([None, "en", "zh", "xx", "ar", "he-IL", "th"]))
def test_no_text_in_any_script_is_too_odd(title: str, summary: str, language: str | None) -> None:
    found = terms_of(title, summary, language)
    assert len(set(found.title) | set(found.summary)) == len(found.title) + len(found.summary)
