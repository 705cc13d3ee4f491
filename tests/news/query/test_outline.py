"""What a query asks for, in numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.query.match import Or, Term
from bot.news.query.outline import Outline, outline
from bot.news.query.parse import parse_query


@pytest.mark.parametrize(
    ("query", "words", "left_out"),
    [
        ("ferry", 1, 0),
        ('ferry OR "old pier" OR ferry', 2, 0),
        ("ferry (tram OR bus) -race -(cup OR regatta)", 3, 3),
        ("near(ferry storm, 4) lang:ru -title:cup", 3, 1),
        ("(ferry -cup) OR (tram -cup)", 2, 2),
    ],
)
def test_words_count_once_and_exclusions_apart(query: str, words: int, left_out: int) -> None:
    assert outline(parse_query(query)) == Outline(words, left_out)


@given(st.sets(st.from_regex("[a-z]{3,8}", fullmatch=True), min_size=1, max_size=30))
def test_alternatives_are_counted_one_by_one(names: set[str]) -> None:
    assert outline(Or(tuple(Term((name,)) for name in names))).words == len(names)
