"""Days and months are those of the CLDR, whatever was asked for before."""

import subprocess
import sys

import pytest
from babel import Locale, localedata

from bot.data.shipped import calendars_text
from bot.news.stories.splitting.calendar_words import calendar_terms, weekday_of
from bot.news.text.words import split_words, stems

LINES = [line.split("\t") for line in calendars_text().splitlines() if not line.startswith("#")]
LANGUAGES = {language for language, _ in LINES}


def _of_babel(language: str) -> str:
    """What Babel says of a language that it was asked for first."""
    # It keeps what it resolved for one language in the data that all inherit.
    localedata._cache.clear()
    locale = Locale.parse(language)
    names = [
        (width == "wide" and calendar is locale.days, name)
        for calendar in (locale.days, locale.months)
        for widths in calendar.values()
        for width, found in widths.items()
        if width in ("wide", "abbreviated")
        for name in found.values()
    ]
    days = dict.fromkeys(name for is_day, name in names if is_day)
    others = dict.fromkeys(name for _, name in names if name not in days)
    return f"{'|'.join(days)};{'|'.join(others)}"


@pytest.mark.slow
@pytest.mark.parametrize(("language", "names"), LINES)
def test_the_table_has_what_the_cldr_says(language: str, names: str) -> None:
    assert names == _of_babel(language)


def test_the_table_has_every_language_whose_words_have_stems_or_a_script_of_their_own() -> None:
    stemmed = "ca da de el en es eu fi fr ga hu hy id it lt nb ne nl nn no pt ro ru sr sv ta tr"
    other = "ar be bg fa he hi ja ka ko mk ps th uk ur zh"
    assert set(f"{stemmed} {other}".split()) <= LANGUAGES


def test_a_language_has_its_own_words_and_the_english_ones() -> None:
    german = calendar_terms("de")
    assert {"tuesday", "march", "dienstag", "oktober"} <= german
    assert calendar_terms("xx") == calendar_terms("en")


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "Monday", "Sunday"), ("de", "Dienstag", "Mittwoch"), ("fr", "lundi", "mardi"),
        ("fi", "maanantaina", "tiistaina"), ("hi", "सोमवार", "मंगलवार"),
    ],
)  # fmt: skip
def test_a_day_of_the_week_is_known_by_its_name(language: str, one: str, other: str) -> None:
    days = weekday_of(language)
    first, second = (days[stems(word, language)[-1]] for word in split_words(f"{one} {other}"))
    assert {first, second} <= set(range(7))
    assert first != second


def test_what_names_something_else_too_is_no_day() -> None:
    assert {"sun", "sat", "may", "march", "january"}.isdisjoint(weekday_of("en"))
    assert not any(map(weekday_of, ("es", "pt", "ru", "ar", "he", "tr", "zh", "xx")))


def test_what_was_asked_for_before_says_nothing_of_a_language_and_no_locale_is_read() -> None:
    said = "from bot.news.stories.splitting.calendar_words import calendar_terms as of; import sys;"
    asked = "{}print(len(of('no')), 'babel.dates' in sys.modules)"
    found = [
        subprocess.run(
            [sys.executable, "-c", said + asked.format(before)], capture_output=True, check=True
        ).stdout
        for before in ("", "of('he');")
    ]
    assert found == [b"71 False\n"] * 2
