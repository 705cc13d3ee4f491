"""How a text missed a query: what is named as missing is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.query.match import And, Near, Not, Or, Query, StoryText, Term, match
from bot.news.query.near_miss import Miss, nearest_miss
from bot.news.query.parse import parse_query

FERRY = StoryText(
    "Ferry to Lund Island resumes after storm",
    "The first boat left at noon.",
    "Harbour Post",
    "en",
    "https://harbour-post.example/1",
)


@pytest.mark.parametrize(
    ("query", "missed"),
    [
        ("ferry storm", None),
        ("ferry", None),
        ("choir", Miss((), ("choir",))),
        ("ferry strike", Miss(("ferry",), ("strike",))),
        ("ferry storm strike wages", Miss(("ferry", "storm"), ("strike", "wages"))),
        ("ferry -storm", Miss(("ferry",), (), ("-storm",))),
        ("choir -storm", Miss((), ("choir",), ("-storm",))),
        ("ferry (strike OR walkout)", Miss(("ferry",), ("strike OR walkout",))),
        ("ferry (boat OR strike) wages", Miss(("ferry", "boat OR strike"), ("wages",))),
        ("choir, concert", Miss((), ("choir OR concert",))),
        ("choir concert OR ferry strike", Miss(("ferry",), ("strike",))),
        ("ferry strike wages OR storm strike", Miss(("storm",), ("strike",))),
        ("ferry (-storm)", Miss(("ferry",), (), ("-storm",))),
        ("near(ferry noon, 3)", Miss((), ("near(ferry noon, 3)",))),
        ("source:radio ferry", Miss(("ferry",), ("source:radio",))),
        ("title:boat ferry", Miss(("ferry",), ("title:boat",))),
    ],
)
def test_what_a_query_misses(query: str, missed: Miss | None) -> None:
    assert nearest_miss(parse_query(query), FERRY) == missed


_WORDS = st.sampled_from(["ferry", "storm", "choir", "strike", "boat", "noon", "island"])
_TERMS = st.builds(lambda word, exact: Term((word,), exact=exact), _WORDS, st.booleans())
_LEAVES = _TERMS | st.builds(Near, _TERMS, _TERMS, st.integers(1, 9))


def _joined(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, parts)


_QUERIES: st.SearchStrategy[Query] = st.recursive(_LEAVES, _joined, max_leaves=8)
_TEXTS = st.lists(_WORDS, max_size=8).map(lambda words: StoryText(" ".join(words), language="en"))


def _parts(query: Query) -> dict[str, Query]:
    """Every part of a query by how it is printed."""
    inner: tuple[Query, ...] = ()
    match query:
        case And(parts=parts) | Or(parts=parts):
            inner = parts
        case Not(part=part):
            inner = (part,)
    found = {str(query): query}
    for part in inner:
        found |= _parts(part)
    return found


@given(_QUERIES, _TEXTS)
def test_what_is_named_is_so(query: Query, text: StoryText) -> None:
    miss = nearest_miss(query, text)
    assert (miss is None) == (match(query, text) is not None)
    if miss is None:
        return
    parts = _parts(query)
    assert miss.misses or miss.left_out
    assert all(match(parts[name], text) is None for name in (*miss.misses, *miss.left_out))
    assert all(match(parts[name], text) is not None for name in miss.has)
    assert all(isinstance(parts[name], Not) for name in miss.left_out)


@given(_QUERIES, _QUERIES, _TEXTS)
def test_no_alternative_is_nearer_than_the_one_named(
    one: Query, other: Query, text: StoryText
) -> None:
    misses = [nearest_miss(each, text) for each in (one, other)]
    miss = nearest_miss(Or((one, other)), text)
    if miss is not None and miss.has:
        assert miss.distance == min(each.distance for each in misses if each)
