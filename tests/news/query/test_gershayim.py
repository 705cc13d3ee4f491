"""A quote within a Hebrew word is the sign of an abbreviation, elsewhere a quote."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.query.gershayim import with_gershayim
from bot.news.query.match import StoryText, match
from bot.news.query.parse import parse_query

_letters = st.text("אבהולמשצקתץ", min_size=1, max_size=5)
_abbreviation = st.builds('{}"{}'.format, _letters, st.text("אבגץת", min_size=1, max_size=3))
_part = st.sampled_from(['"', '"', " ", "א", "ב", "ה", "״", "a", "(", ",", "-"])


@given(st.text() | st.lists(_part, max_size=30).map("".join))
def test_quotes_alone_are_replaced_and_only_once(text: str) -> None:
    meant = with_gershayim(text)
    assert len(meant) == len(text)
    assert meant.replace("״", '"') == text.replace("״", '"')
    assert with_gershayim(meant) == meant


@given(st.lists(_abbreviation, min_size=1, max_size=5))
def test_abbreviations_are_read_as_with_the_sign_of_their_own(some: list[str]) -> None:
    own = [each.replace('"', "״") for each in some]
    for between in (" ", ", ", " -", " OR "):
        typed = between.join(some)
        assert with_gershayim(typed) == between.join(own)
        assert parse_query(typed) == parse_query(between.join(own))
    assert with_gershayim(f'"{" ".join(some)}"') == f'"{" ".join(own)}"'
    for headline in (some[0], own[0]):
        assert match(parse_query(some[0]), StoryText(f"היום {headline}: גשם", language="he"))


@given(st.lists(st.lists(_letters, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=4))
def test_the_quotes_around_hebrew_phrases_stay(phrases: list[str]) -> None:
    quoted = [f'"{phrase}"' for phrase in phrases]
    for text in (" ".join(quoted), f"({' OR '.join(quoted)})", f"ב{quoted[0]}"):
        assert with_gershayim(text) == text


@pytest.mark.parametrize("text", ['א"' * 4_000, '"א' * 4_000, ' "א"א' * 2_000, ' ב"ב' * 2_000])
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    with_gershayim(text)
    assert time.process_time() - began < 0.2
