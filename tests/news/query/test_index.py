"""The index of topics: faster than asking each of them, and never different."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.news.query.index import TopicIndex
from bot.news.query.keys import plain_terms, ways
from bot.news.query.match import Query, StoryText, has_cover, match
from bot.news.query.parse import parse_query
from tests.news.query.test_match import any_query, any_text

QUERIES = [
    "apple", "apples", "=apple", "app*", '"red apple"', "apple -pear", "apple OR pear", "москва",
    "near(red apple, 3)", "title:pear", "source:wire", "lang:ru", "link:storm", "北京", "ישראל",
    "(apple OR plum) -title:red", "حكومة", "حكومة OR source:wire", "plum source:wi*",
]  # fmt: skip
WORDS = ["apple", "Apples", "red", "pear", "plum", "Москве", "北京", "בישראל", "الحكومة", "fig"]
_titles = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
_texts = st.builds(
    StoryText,
    _titles,
    _titles,
    st.sampled_from(["", "Harbour Wire"]),
    st.sampled_from([None, "en", "ru", "ar"]),
    st.sampled_from([None, "https://example.com/storm"]),
)
_topics = st.integers(0, 12)


class IndexBesideDictionary(RuleBasedStateMachine):
    """Whatever is added and removed, the index finds what asking every topic finds."""

    def __init__(self) -> None:
        super().__init__()
        self.index: TopicIndex[int] = TopicIndex()
        self.plain: dict[int, Query] = {}

    @rule(topic=_topics, query=st.sampled_from(QUERIES))
    def add(self, topic: int, query: str) -> None:
        self.index.add(topic, parse_query(query))
        self.plain[topic] = parse_query(query)

    @rule(topic=_topics)
    def discard(self, topic: int) -> None:
        self.index.discard(topic)
        self.plain.pop(topic, None)

    @rule(text=_texts)
    def ask(self, text: StoryText) -> None:
        expected = {
            (topic, terms)
            for topic, query in self.plain.items()
            if (terms := match(query, text)) is not None
        }
        found = [(topic, each.terms) for each in self.index.match(text) for topic in each.topics]
        assert len(found) == len(expected)
        assert set(found) == expected

    @invariant()
    def counts_what_is_there(self) -> None:
        assert len(self.index) == len(self.plain)
        assert all(topic in self.index for topic in self.plain)


TestIndexBesideDictionary = IndexBesideDictionary.TestCase


def _found(index: TopicIndex[int], text: StoryText) -> dict[int, frozenset[str]]:
    return {topic: each.terms for each in index.match(text) for topic in each.topics}


@given(
    st.lists(any_query.filter(has_cover), max_size=12),
    st.lists(any_text.map(lambda parts: StoryText(*parts)), min_size=1, max_size=3),
    st.sets(st.integers(0, 11)),
)
def test_the_index_finds_what_asking_every_query_finds(
    queries: list[Query], texts: list[StoryText], dropped: set[int]
) -> None:
    index: TopicIndex[int] = TopicIndex()
    followed = dict(enumerate(queries))
    for topic, query in followed.items():
        index.add(topic, query)
    for text in texts:
        expected = {t: terms for t, q in followed.items() if (terms := match(q, text)) is not None}
        assert _found(index, text) == expected
        for topic in dropped:
            index.discard(topic)
            followed.pop(topic, None)


@given(st.lists(any_query.filter(has_cover), max_size=8), any_text, any_text, st.randoms())
def test_in_whatever_order_topics_come_and_go_the_index_is_the_same(
    queries: list[Query],
    one: tuple[str, str, str, str | None, str | None],
    other: tuple[str, str, str, str | None, str | None],
    chance: random.Random,
) -> None:
    straight: TopicIndex[int] = TopicIndex()
    for topic, query in enumerate(queries):
        straight.add(topic, query)
    roundabout: TopicIndex[int] = TopicIndex()
    for _ in range(2):
        for topic in chance.sample(range(len(queries)), len(queries)):
            roundabout.discard(topic)
            roundabout.add(topic, queries[-topic])
        roundabout.match(StoryText(*one))
    for topic in chance.sample(range(len(queries)), len(queries)):
        roundabout.add(topic, queries[topic])
    for parts in (one, other):
        assert _found(roundabout, StoryText(*parts)) == _found(straight, StoryText(*parts))


@given(any_query)
def test_a_query_that_has_a_cover_has_ways_and_no_other(query: Query) -> None:
    assert bool(ways(query)) == has_cover(query)


def test_beginnings_that_differ_from_common_words_late_are_not_read_in_vain() -> None:
    index: TopicIndex[int] = TopicIndex()
    for number, beginning in enumerate(("presix*", "presidenx*", "internationax*", "title:partx*")):
        index.add(number, parse_query(f"{beginning} OR zz{number}"))
    index.add(9, parse_query("presiden* OR zz9"))
    text = StoryText("Party of the president", "International parties met the president")
    assert [found and list(found.topics) for found in index.candidates(text)] == [[9]]


def test_equal_queries_of_many_chats_are_kept_and_matched_once() -> None:
    index: TopicIndex[int] = TopicIndex()
    for topic in range(100):
        index.add(topic, parse_query("red  (apple)" if topic % 2 else "Red AND apple"))
    assert len(index) == 100
    (found,) = index.match(StoryText("Red apples"))
    assert sorted(found.topics) == list(range(100))
    for topic in range(0, 100, 2):
        index.discard(topic)
    (found,) = index.match(StoryText("Red apples"))
    assert sorted(found.topics) == list(range(1, 100, 2))


@given(st.lists(st.tuples(_topics, st.sampled_from(QUERIES))), st.lists(_texts, max_size=2))
def test_discarding_leaves_nothing_behind(
    added: list[tuple[int, str]], texts: list[StoryText]
) -> None:
    index: TopicIndex[int] = TopicIndex()
    for topic, query in added:
        index.add(topic, parse_query(query))
    for text in texts:
        index.match(text)
    for topic, _ in added:
        index.discard(topic)
    assert len(index) == 0
    assert not index._followed
    assert index._keys._by_kind == {"": {}}
    assert not any(index._keys._by_stem.values())


def test_following_something_else_replaces_what_a_topic_followed() -> None:
    index: TopicIndex[str] = TopicIndex()
    index.add("mine", parse_query("apple"))
    index.add("mine", parse_query("pear"))
    assert index.match(StoryText("Apple")) == []
    assert [found.topics for found in index.match(StoryText("Pear"))] == [("mine",)]


@pytest.mark.slow
def test_queries_share_a_word_however_many_words_came_between() -> None:
    index: TopicIndex[int] = TopicIndex()
    others = [f"pier{number}" for number in range(12_000)]
    for topic, text in enumerate(["ferry harbour", *others, "ferry gull"]):
        index.add(topic, parse_query(text))
    terms = [term for query in index._followed for term in plain_terms(query)]
    assert len({id(term) for term in terms if term.plain == "ferry"}) == 1
