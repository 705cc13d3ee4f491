"""Parts of a query that a person may take out one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.refining import removable, without
from bot.news.query.parse import parse_query

_queries = st.sampled_from(
    ["ferry", "ferry OR boat", "ferry -museum -toll", "(ferry OR boat) storm -museum",
     "a1 b2 (c3 OR d4) (e5 OR f6)", '"rare earth" OR near(border talks, 3) OR x9']
)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "part", "left"),
    [
        ("ferry OR boat OR raft", "boat", "ferry OR raft"),
        ("ferry OR boat", "boat", "ferry"),
        ("ferry -museum", "-museum", "ferry"),
        ("ferry -museum -toll", "-toll", "ferry -museum"),
        ("(ferry OR boat) storm", "boat", "ferry storm"),
    ],
)
def test_a_part_is_taken_out_and_the_rest_stays(query: str, part: str, left: str) -> None:
    known = parse_query(query)
    (chosen,) = [each for each in removable(known) if str(each) == part]
    assert str(parse_query(str(without(known, chosen)))) == left


def test_a_query_of_one_part_has_none_to_take_out() -> None:
    assert removable(parse_query("ferry")) == []
    assert removable(parse_query("ferry storm")) == []


@given(_queries)
def test_whatever_is_left_can_be_read_again(words: str) -> None:
    query = parse_query(words)
    for part in removable(query):
        rest = without(query, part)
        assert parse_query(str(rest)) == rest
